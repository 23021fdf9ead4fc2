// Runs of scenarios from the Testing view: one after the other, each on a fresh board, with coverage or profiles if asked for.
import * as vscode from "vscode";
import { SourceCoverage, showCoverage } from "./coverage.js";
import { CoverageSum } from "./coverage-sum.js";
import { debugScenario } from "./debugging.js";
import { type Leaf, type ScenarioItems, textOf } from "./items.js";
import { Profiles } from "./profiles.js";
import { tellMistakes, tellOutcome } from "./results.js";
import type { ScenarioServer } from "./server.js";
import { forTerminal } from "./texts.js";

type Way = "run" | "debug" | "coverage" | "profile";

export class ScenarioRuns {
  readonly #controller: vscode.TestController;
  readonly #items: ScenarioItems;
  readonly #server: ScenarioServer;
  readonly #storage: vscode.Uri;

  constructor(
    controller: vscode.TestController,
    items: ScenarioItems,
    server: ScenarioServer,
    storage: vscode.Uri,
  ) {
    this.#controller = controller;
    this.#items = items;
    this.#server = server;
    this.#storage = storage;
  }

  /** Offers the ways to run scenarios. */
  offer(): void {
    const { Run, Debug, Coverage } = vscode.TestRunProfileKind;
    const add = (label: string, kind: vscode.TestRunProfileKind, way: Way) =>
      this.#controller.createRunProfile(
        label,
        kind,
        (request, token) => this.#run(request, token, way),
        way !== "profile",
      );
    add("Run", Run, "run");
    add("Run with Profile", Run, "profile");
    add("Debug", Debug, "debug");
    const coverage = add("Run with Coverage", Coverage, "coverage");
    coverage.loadDetailedCoverage = async (_, file) =>
      file instanceof SourceCoverage ? file.details() : [];
    coverage.loadDetailedCoverageForTest = async (_, file, { id }) =>
      file instanceof SourceCoverage ? file.details(id) : [];
  }

  async #run(
    request: vscode.TestRunRequest,
    token: vscode.CancellationToken,
    way: Way,
  ): Promise<void> {
    const run = this.#controller.createTestRun(request);
    const wanted = request.include ?? [...this.#controller.items].map(([, item]) => item);
    const excluded = new Set(request.exclude);
    const leaves = wanted
      .flatMap(item => (excluded.has(item) ? [] : this.#items.leaves(item)))
      .filter(({ item }) => !excluded.has(item));
    for (const { item } of leaves) run.enqueued(item);
    for (const item of wanted) {
      const mistakes = this.#items.mistakes(item);
      if (item.uri && mistakes.length > 0) tellMistakes(run, item, item.uri, mistakes);
    }
    const sum = new CoverageSum();
    const profiles = new Profiles(this.#storage);
    try {
      for (const leaf of leaves) {
        if (token.isCancellationRequested) run.skipped(leaf.item);
        else if (way === "debug") await debugScenario(run, leaf, token);
        else await this.#perform({ run, leaf, token, way, sum, profiles });
      }
      showCoverage(
        run,
        sum,
        leaves.map(({ item }) => item),
      );
      if (way === "coverage" && sum.files.length === 0 && leaves.length > 0)
        run.appendOutput(forTerminal("No source of these apps was found on this computer.\n"));
    } finally {
      run.end();
    }
    await profiles.open();
  }

  async #perform({ run, leaf, token, way, sum, profiles }: Performing): Promise<void> {
    const { item, uri, number } = leaf;
    const text = await textOf(uri);
    if (text === undefined) return run.skipped(item);
    run.started(item);
    run.appendOutput(forTerminal(`${item.label}\n`), undefined, item);
    const params = {
      uri: String(uri),
      text,
      number,
      coverage: way === "coverage",
      profile: way === "profile",
    };
    let last = "\n";
    const say = (more: string) => {
      last = more;
      run.appendOutput(forTerminal(more), undefined, item);
    };
    const result = await this.#server.run(params, say, token);
    if (!last.endsWith("\n")) say("\n");
    if (result.kind === "cancelled") return run.skipped(item);
    if (result.kind === "wrong") return tellMistakes(run, item, uri, [result.mistake]);
    tellOutcome(run, leaf, result.kind, result);
    sum.add(item.id, result.coverage);
    if (result.profiles.length === 0) return;
    for (const path of await profiles.write(result.profiles)) say(`Written: ${path}\n`);
  }
}

interface Performing {
  run: vscode.TestRun;
  leaf: Leaf;
  token: vscode.CancellationToken;
  way: Way;
  sum: CoverageSum;
  profiles: Profiles;
}
