// What differs between the programs that an extension host can be: Node, or a web worker of a browser.
import type { StartAdapter } from "./adapter.js";
import type { Run } from "./commands/real-board.js";
import type { MakeClient } from "./language.js";
import type { Connect } from "./testing/server.js";

export interface Host {
  startAdapter: StartAdapter;
  makeLanguageClient: MakeClient;
  connectTesting: Connect;
  /** Starts a program of this computer: tockloader. Where it is absent, tasks cannot be run either. */
  run?: Run;
}
