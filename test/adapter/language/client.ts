// A language client for tests: the server as an editor runs it, in a process or a worker of its own, over the wire.
import assert from "node:assert/strict";
import { fork, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import {
  AbstractMessageReader,
  AbstractMessageWriter,
  CodeLensRefreshRequest,
  createProtocolConnection,
  type DataCallback,
  type Diagnostic,
  type Disposable,
  InitializeRequest,
  type InitializeResult,
  IPCMessageReader,
  IPCMessageWriter,
  type Message,
  type ProtocolConnection,
  PublishDiagnosticsNotification,
  type Range,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver/node";
import {
  FILE_EXISTS,
  type FileParams,
  type FolderEntry,
  READ_FILE,
  READ_FOLDER,
} from "../../../adapter/language/protocol.js";

/** A message port of `worker_threads` in the words of jsonrpc. */
class PortReader extends AbstractMessageReader {
  readonly #worker: Worker;
  constructor(worker: Worker) {
    super();
    this.#worker = worker;
  }
  listen(callback: DataCallback): Disposable {
    this.#worker.on("message", callback);
    return { dispose: () => this.#worker.off("message", callback) };
  }
}

class PortWriter extends AbstractMessageWriter {
  readonly #worker: Worker;
  constructor(worker: Worker) {
    super();
    this.#worker = worker;
  }
  async write(message: Message): Promise<void> {
    this.#worker.postMessage(message);
  }
  end(): void {}
}

/** `stdio`: the compiled server in a process. `ipc`, `worker`: the bundles, as the extension and a browser start them. */
export type Transport = "stdio" | "ipc" | "worker";

type Wire = [connection: ProtocolConnection, stop: () => Promise<unknown>];

export class TestClient {
  readonly connection: ProtocolConnection;
  readonly capabilities: InitializeResult["capabilities"];
  /** Paths that the server has asked for. */
  readonly asked: readonly string[];
  refreshes = 0;
  readonly #stop: () => Promise<unknown>;
  readonly #diagnostics = new Map<string, { version: number; diagnostics: Diagnostic[] }>();
  readonly #waiting = new Set<() => void>();

  private constructor(
    connection: ProtocolConnection,
    capabilities: InitializeResult["capabilities"],
    stop: () => Promise<unknown>,
    asked: readonly string[],
  ) {
    this.asked = asked;
    this.connection = connection;
    this.capabilities = capabilities;
    this.#stop = stop;
  }

  /** Starts a server; `folders` are the workspace's. */
  static async start(transport: Transport = "stdio", folders: string[] = []): Promise<TestClient> {
    const [connection, stop] = wires[transport]();
    const asked: string[] = [];
    connection.onRequest(READ_FILE, ({ path }: FileParams) => {
      asked.push(path);
      return isFile(path) ? { base64: readFileSync(path).toString("base64") } : null;
    });
    connection.onRequest(FILE_EXISTS, ({ path }: FileParams) => {
      asked.push(path);
      return isFile(path);
    });
    connection.onRequest(READ_FOLDER, ({ path }: FileParams): FolderEntry[] => {
      asked.push(path);
      if (!existsSync(path)) return [];
      return readdirSync(path, { withFileTypes: true }).map(entry => ({
        name: entry.name,
        isFolder: entry.isDirectory(),
      }));
    });
    connection.listen();
    const { capabilities } = await connection.sendRequest(InitializeRequest.type, {
      processId: null,
      rootUri: null,
      capabilities: { workspace: { codeLens: { refreshSupport: true } } },
      workspaceFolders: folders.map(path => ({ uri: `file://${path}`, name: path })),
    });
    const client = new TestClient(connection, capabilities, stop, asked);
    connection.onNotification(
      PublishDiagnosticsNotification.type,
      ({ uri, version, diagnostics }) => {
        client.#diagnostics.set(uri, { version: version ?? 0, diagnostics });
        for (const wake of client.#waiting) wake();
      },
    );
    connection.onRequest(CodeLensRefreshRequest.type, () => {
      client.refreshes++;
    });
    await connection.sendNotification("initialized", {});
    return client;
  }

  async open(uri: string, text: string, language = "tock-crash"): Promise<void> {
    const textDocument = { uri, languageId: language, version: 1, text };
    await this.connection.sendNotification("textDocument/didOpen", { textDocument });
  }

  async change(
    uri: string,
    version: number,
    contentChanges: { range?: Range; text: string }[],
  ): Promise<void> {
    const textDocument = { uri, version };
    await this.connection.sendNotification("textDocument/didChange", {
      textDocument,
      contentChanges,
    });
  }

  async close(uri: string): Promise<void> {
    await this.connection.sendNotification("textDocument/didClose", { textDocument: { uri } });
  }

  /** An LSP request about a document. */
  ask<T>(method: string, uri: string, more: object = {}): Promise<T> {
    return this.connection.sendRequest(`textDocument/${method}`, {
      textDocument: { uri },
      ...more,
    });
  }

  /** The diagnostics of a version of a document, once they are there. */
  async diagnostics(uri: string, version = 1): Promise<Diagnostic[]> {
    for (;;) {
      const found = this.#diagnostics.get(uri);
      if (found?.version === version) return found.diagnostics;
      await new Promise<void>(resolve => {
        const wake = () => {
          this.#waiting.delete(wake);
          resolve();
        };
        this.#waiting.add(wake);
      });
    }
  }

  async stop(): Promise<void> {
    await this.connection.sendRequest("shutdown");
    await this.connection.sendNotification("exit");
    await this.#stop();
    this.connection.dispose();
  }
}

const isFile = (path: string): boolean => existsSync(path) && statSync(path).isFile();

const main = fileURLToPath(new URL("../../../adapter/language/main.node.js", import.meta.url));

function overStdio(): Wire {
  const server = spawn(process.execPath, [main, "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise(resolve => server.on("exit", resolve));
  const reader = new StreamMessageReader(server.stdout);
  return [createProtocolConnection(reader, new StreamMessageWriter(server.stdin)), () => ended];
}

/** As the extension starts it. */
function overIpc(): Wire {
  const server = fork("dist/adapter.cjs", ["--language", "--node-ipc"]);
  const ended = new Promise(resolve => server.on("exit", resolve));
  const reader = new IPCMessageReader(server);
  return [createProtocolConnection(reader, new IPCMessageWriter(server)), () => ended];
}

/** The port stands for the global scope of a web worker. */
const scope = `
const { parentPort } = require("node:worker_threads");
require = undefined;
globalThis.importScripts = () => {};
globalThis.tockServer = "language";
globalThis.self = {
  postMessage: message => parentPort.postMessage(message),
  addEventListener: (_, listener) => parentPort.on("message", data => listener({ data })),
  set onmessage(listener) { parentPort.on("message", data => listener({ data })); },
};
`;

function overWorker(): Wire {
  const worker = new Worker(scope + readFileSync("dist/adapter.cjs", "utf8"), {
    eval: true,
  });
  return [
    createProtocolConnection(new PortReader(worker), new PortWriter(worker)),
    () => worker.terminate(),
  ];
}

const wires: Record<Transport, () => Wire> = { stdio: overStdio, ipc: overIpc, worker: overWorker };

/** Line and character of the first letter of `text` in `whole`, the `n`th time that it is there. */
export function positionOf(
  whole: string,
  text: string | RegExp,
  n = 0,
): { line: number; character: number } {
  const pattern =
    typeof text === "string"
      ? new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"), "g")
      : new RegExp(text, "g");
  const found = [...whole.matchAll(pattern)][n];
  assert.ok(found, `${text} is not there`);
  const before = whole.slice(0, found.index).split(/\r\n|\r|\n/);
  return { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
}
