// Sessions under Node: one over stdio, one over a parent's channel, or one per connection of a local port.
import { createServer, type Server } from "node:net";
import { nodeHost } from "./host.node.js";
import { type Port, servePort as serveMessages } from "./serve.worker.js";
import { Session } from "./session.js";

/** One session over this program's stdin and stdout; resolves when it is over. */
export function serveStdio(): Promise<void> {
  const session = new Session(nodeHost);
  const ended = new Promise<void>(resolve => {
    session.onEnd = () => {
      process.stdin.destroy();
      resolve();
    };
  });
  session.start(process.stdin, process.stdout);
  return ended;
}

/** One session over the channel that this program's parent opened, which also gives the files. */
export function serveChannel(): void {
  const port: Port = { postMessage: message => process.send?.(message), onmessage: null };
  process.on("message", data => port.onmessage?.({ data }));
  process.on("disconnect", () => process.exit());
  serveMessages(port);
}

/** Sessions over 127.0.0.1 only, one per connection. Port 0 takes a free one; `listening` is told which. */
export function servePort(port: number, listening: (port: number) => void): Server {
  const server = createServer(socket => {
    const session = new Session(nodeHost);
    session.onEnd = () => socket.end();
    session.start(socket, socket);
  });
  return server.listen(port, "127.0.0.1", () => {
    const address = server.address();
    listening(address !== null && typeof address === "object" ? address.port : port);
  });
}
