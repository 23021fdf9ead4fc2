// The extension's entry in a browser, without a machine behind it: servers are web workers.
import * as vscode from "vscode";
import {
  BrowserMessageReader,
  BrowserMessageWriter,
  createMessageConnection,
  LanguageClient,
} from "vscode-languageclient/browser";
import { activateIn } from "./activate.js";

/** What is used of the global class here, where types of the DOM are not. */
declare class Worker {
  constructor(url: string);
  onmessage: ((event: { data: object }) => void) | null;
  onerror: ((event: { message?: string }) => void) | null;
  postMessage(message: unknown): void;
  terminate(): void;
}

export function activate(context: vscode.ExtensionContext): void {
  const start = (part: Part) => startWorker(context.extensionUri, part);
  activateIn(
    {
      startAdapter: async () => {
        const worker = await start("adapter");
        return {
          send: message => worker.postMessage(message),
          onMessage: listener => {
            worker.onmessage = ({ data }) => listener(data);
          },
          // A worker does not end by itself.
          onEnd: () => {},
          end: () => worker.terminate(),
        };
      },
      makeLanguageClient: async options => {
        const worker = await start("language");
        // Streams, because the client does not take the extension host's own `Worker` for one.
        const server = async () => streamsOf(worker);
        return new LanguageClient("tock-crash", "Tock Crash Dumps", server, options);
      },
      connectTesting: async () => {
        const worker = await start("testing");
        const { reader, writer } = streamsOf(worker);
        return {
          connection: createMessageConnection(reader, writer),
          end: () => worker.terminate(),
        };
      },
    },
    context,
  );
}

const streamsOf = (worker: Worker) => ({
  reader: new BrowserMessageReader(worker),
  writer: new BrowserMessageWriter(worker),
});

type Part = "adapter" | "language" | "testing";

/** @throws Error a sentence for the user */
async function startWorker(extension: vscode.Uri, part: Part): Promise<Worker> {
  const name = "dist/adapter.cjs";
  const failed = (why: string, detail: unknown) => {
    console.error(detail);
    return new Error(`${name} of Tock Debugger ${why}: install the extension again.`);
  };
  let script: Uint8Array;
  try {
    script = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(extension, name));
  } catch (error) {
    throw failed("cannot be read", error);
  }
  // By its text, because an extension that comes from a remote machine has no address that a worker could load.
  const text = new TextDecoder().decode(script);
  const parts = [`self.tockServer = "${part}";\n`, text, "\n;self.postMessage(0);"];
  const url = URL.createObjectURL(new Blob(parts, { type: "text/javascript" }));
  const worker = new Worker(url);
  try {
    await new Promise<void>((resolve, reject) => {
      worker.onmessage = () => resolve();
      worker.onerror = event => reject(failed("does not run", event.message));
    });
  } finally {
    URL.revokeObjectURL(url);
  }
  return worker;
}
