// Diagnostics of changing documents: a while after the last edit, dump by dump, so that requests come between.
import { CodeLensRefreshRequest, type Connection, type Diagnostic } from "vscode-languageserver";
import type { Analyzer } from "./analysis.js";
import { diagnosticsOf } from "./diagnostics.js";
import type { CrashDocument } from "./document.js";

/** From the last edit to the first look, in milliseconds. */
const QUIET = 100;
/** Work of this long lets requests in, in milliseconds. */
const SLICE = 20;

export class DiagnosticsLoop {
  readonly #connection: Connection;
  readonly #analyzer: Analyzer;
  readonly #waiting = new Map<string, ReturnType<typeof setTimeout>>();
  /** The client takes requests to ask for code lenses again. */
  refreshes = false;

  constructor(connection: Connection, analyzer: Analyzer) {
    this.#connection = connection;
    this.#analyzer = analyzer;
  }

  changed(document: CrashDocument): void {
    clearTimeout(this.#waiting.get(document.uri));
    const timer = setTimeout(() => {
      this.#publish(document, timer).catch(error =>
        this.#connection.console.error(
          error instanceof Error ? (error.stack ?? "") : String(error),
        ),
      );
    }, QUIET);
    this.#waiting.set(document.uri, timer);
  }

  closed({ uri }: CrashDocument): void {
    clearTimeout(this.#waiting.get(uri));
    this.#waiting.delete(uri);
    void this.#connection.sendDiagnostics({ uri, diagnostics: [] });
  }

  async #publish(document: CrashDocument, timer: ReturnType<typeof setTimeout>): Promise<void> {
    const { uri, version } = document;
    const isCurrent = () => document.version === version && this.#waiting.get(uri) === timer;
    const diagnostics: Diagnostic[] = [];
    let isNew = false;
    let began = performance.now();
    for (const placed of document.dumps()) {
      isNew ||= this.#analyzer.known(placed.dump) === undefined;
      const analysis = await this.#analyzer.analyze(uri, placed.dump);
      if (!isCurrent()) return;
      diagnostics.push(...(await diagnosticsOf(document, placed, analysis)));
      if (performance.now() - began > SLICE) {
        await new Promise(resolve => setTimeout(resolve));
        began = performance.now();
      }
      if (!isCurrent()) return;
    }
    void this.#connection.sendDiagnostics({ uri, version, diagnostics });
    if (isNew && this.refreshes) void this.#connection.sendRequest(CodeLensRefreshRequest.type);
  }
}
