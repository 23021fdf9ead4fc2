// Coverage as VS Code shows it: counts beside the lines of the sources that the apps were built from.
import * as vscode from "vscode";
import type { CoveredFile } from "../../adapter/testing/protocol.js";
import type { CoverageSum, SummedFile } from "./coverage-sum.js";

interface Counts {
  lines: Iterable<readonly [line: number, count: number]>;
  functions: Iterable<{ name: string; line: number; count: number }>;
}

/** What was covered of one source, with details for when they are shown. */
export class SourceCoverage extends vscode.FileCoverage {
  readonly #file: SummedFile;

  constructor(file: SummedFile, tests: readonly vscode.TestItem[]) {
    super(
      vscode.Uri.parse(file.uri),
      countOf([...file.lines.values()]),
      undefined,
      countOf([...file.functions.values()].map(({ count }) => count)),
      tests.filter(({ id }) => file.parts.has(id)),
    );
    this.#file = file;
  }

  /** Of one test, or of all. */
  details(test?: string): vscode.FileCoverageDetail[] {
    const { lines, functions, parts } = this.#file;
    if (test === undefined) return detailsOf({ lines, functions: functions.values() });
    const part: CoveredFile | undefined = parts.get(test);
    return part === undefined ? [] : detailsOf(part);
  }
}

/** Adds what was covered to a run. */
export function showCoverage(
  run: vscode.TestRun,
  sum: CoverageSum,
  tests: readonly vscode.TestItem[],
): void {
  for (const file of sum.files) run.addCoverage(new SourceCoverage(file, tests));
}

const countOf = (counts: readonly number[]): vscode.TestCoverageCount =>
  new vscode.TestCoverageCount(counts.filter(count => count > 0).length, counts.length);

/** Debug information tells lines; a position stands for all that follows on its line. */
const startOf = (line: number): vscode.Position => new vscode.Position(line - 1, 0);

function detailsOf({ lines, functions }: Counts): vscode.FileCoverageDetail[] {
  return [
    ...[...lines].map(([line, count]) => new vscode.StatementCoverage(count, startOf(line))),
    ...[...functions].map(
      ({ name, line, count }) => new vscode.DeclarationCoverage(name, count, startOf(line)),
    ),
  ];
}
