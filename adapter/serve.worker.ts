// A session over a message port, which also carries its questions for files: in a web worker, or wherever else the other
// side has them.
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Files } from "./files.js";
import type { FileAnswer, FileRequest } from "./protocol.js";
import { Session } from "./session.js";

/** What a worker's global scope, a `MessagePort` and a port of `worker_threads` have in common. */
export interface Port {
  postMessage(message: unknown): void;
  onmessage: ((event: { data: unknown }) => void) | null;
}

/** How long the other side may take to give a file, in milliseconds. */
const FILE_TIMEOUT = 30_000;

/** Files of the other side of the port: it answers the request `tock/file`. */
function portFiles(session: () => Session): Files {
  const ask = (args: FileRequest): Promise<FileAnswer | undefined> =>
    new Promise(resolve =>
      session().sendRequest("tock/file", args, FILE_TIMEOUT, ({ success, body }) =>
        resolve(success ? ((body ?? {}) as FileAnswer) : undefined),
      ),
    );
  return {
    read: async path => (await ask({ do: "read", path }))?.bytes,
    exists: async path => (await ask({ do: "exists", path }))?.exists === true,
    list: async path => (await ask({ do: "list", path }))?.entries ?? [],
    write: async (path, bytes) => (await ask({ do: "write", path, bytes })) !== undefined,
  };
}

/** Runs one session over `port`. */
export function servePort(port: Port): Session {
  const turn = new MessageChannel();
  const waiting: (() => void)[] = [];
  (turn.port1 as unknown as Port).onmessage = () => waiting.shift()?.();
  const session: Session = new Session({
    files: portFiles(() => session),
    now: () => performance.now(),
    wait: milliseconds =>
      new Promise(resolve => {
        if (milliseconds >= 1) setTimeout(resolve, milliseconds);
        else {
          waiting.push(resolve);
          turn.port2.postMessage(0);
        }
      }),
    log: line => console.error(line),
  });
  session.onEnd = () => turn.port1.close();
  session.onDidSendMessage(message => port.postMessage(message));
  port.onmessage = event => session.handleMessage(event.data as DebugProtocol.ProtocolMessage);
  return session;
}
