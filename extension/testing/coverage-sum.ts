// Adds up what several scenarios covered of the same sources.
import type { CoveredFile } from "../../adapter/testing/protocol.js";

export interface SummedFile {
  uri: string;
  /** By line, from 1. */
  lines: Map<number, number>;
  /** By line and name. */
  functions: Map<string, { name: string; line: number; count: number }>;
  /** What each scenario covered of it. */
  parts: Map<string, CoveredFile>;
}

export class CoverageSum {
  readonly #files = new Map<string, SummedFile>();

  /** `test`: by what the scenario is known. */
  add(test: string, files: readonly CoveredFile[]): void {
    for (const file of files) {
      const sum = this.#fileOf(file.uri);
      sum.parts.set(test, file);
      for (const [line, count] of file.lines)
        sum.lines.set(line, (sum.lines.get(line) ?? 0) + count);
      for (const { name, line, count } of file.functions) {
        const key = `${line} ${name}`;
        const known = sum.functions.get(key)?.count ?? 0;
        sum.functions.set(key, { name, line, count: known + count });
      }
    }
  }

  get files(): readonly SummedFile[] {
    return [...this.#files.values()];
  }

  #fileOf(uri: string): SummedFile {
    let file = this.#files.get(uri);
    if (file === undefined) {
      file = { uri, lines: new Map(), functions: new Map(), parts: new Map() };
      this.#files.set(uri, file);
    }
    return file;
  }
}
