// The extension's end of the server that reads and runs scenarios; it is started when it is first needed.
import type * as vscode from "vscode";
import type { MessageConnection } from "vscode-languageclient";
import {
  CONSOLE,
  type ConsoleParams,
  READ_SCENARIOS,
  type ReadParams,
  type ReadResult,
  RUN_SCENARIO,
  type RunParams,
  type RunResult,
} from "../../adapter/testing/protocol.js";
import { serveFiles } from "../language.js";

/** A server that was started: a child process under Node, a worker in a browser. */
export interface Connected {
  connection: MessageConnection;
  end(): void;
}

/** Rejects with a sentence for the user. */
export type Connect = () => Promise<Connected>;

export class ScenarioServer implements vscode.Disposable {
  readonly #connect: Connect;
  #connected: Promise<Connected> | undefined;
  readonly #consoles = new Map<number, (text: string) => void>();
  #runs = 0;

  constructor(connect: Connect) {
    this.#connect = connect;
  }

  async read(params: ReadParams): Promise<ReadResult> {
    return (await this.#started()).sendRequest<ReadResult>(READ_SCENARIOS, params);
  }

  /** Runs a scenario; `console` is told what the board prints. */
  async run(
    params: Omit<RunParams, "run">,
    console: (text: string) => void,
    token: vscode.CancellationToken,
  ): Promise<RunResult> {
    const run = ++this.#runs;
    this.#consoles.set(run, console);
    try {
      const connection = await this.#started();
      return await connection.sendRequest<RunResult>(RUN_SCENARIO, { run, ...params }, token);
    } finally {
      this.#consoles.delete(run);
    }
  }

  async #started(): Promise<MessageConnection> {
    this.#connected ??= this.#start().catch(error => {
      this.#connected = undefined;
      throw error;
    });
    return (await this.#connected).connection;
  }

  async #start(): Promise<Connected> {
    const connected = await this.#connect();
    const { connection } = connected;
    serveFiles(connection);
    connection.onNotification(CONSOLE, ({ run, text }: ConsoleParams) =>
      this.#consoles.get(run)?.(text),
    );
    // One that has ended is started again by whoever needs it next.
    connection.onClose(() => {
      connection.dispose();
      this.#connected = undefined;
    });
    connection.listen();
    return connected;
  }

  dispose(): void {
    void this.#connected?.then(({ connection, end }) => {
      connection.dispose();
      end();
    });
  }
}
