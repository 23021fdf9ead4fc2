// Analyses of the dumps of all documents, each made once: finds the programs, then explains.
import type { Connection } from "vscode-languageserver";
import type { Analysis, Analyzer } from "./analysis.js";
import type { CrashDocument } from "./document.js";
import type { Dump } from "./dump.js";
import type { CrashParams, CrashResult } from "./protocol.js";

export class Analyses implements Analyzer {
  folders: readonly string[] = [];
  #made = new WeakMap<Dump, { promise: Promise<Analysis>; result?: Analysis }>();
  constructor(_connection: Connection) {}
  analyze(_uri: string, dump: Dump): Promise<Analysis> {
    const made = { promise: Promise.resolve(nothing), result: nothing };
    this.#made.set(dump, made);
    return made.promise;
  }
  known(dump: Dump): Analysis | undefined {
    return this.#made.get(dump)?.result;
  }
  forget(): void {
    this.#made = new WeakMap();
  }
  async crash(
    _params: CrashParams,
    _of: (uri: string) => CrashDocument | undefined,
  ): Promise<CrashResult> {
    return null;
  }
}
const nothing: Analysis = {
  body: null,
  scenes: [],
  explained: undefined,
  sourceOf: async () => undefined,
  kernelSource: async () => undefined,
  listingOf: () => undefined,
};
