// `tock-debug dap`: the debug adapter over stdio, or over a local port for several sessions.
import { servePort, serveStdio } from "../adapter/serve.node.js";
import { UserError } from "../emulator/index.js";
import type { Verb } from "./verb.js";

export const verb: Verb = {
  summary: "Speaks the Debug Adapter Protocol to an editor, over stdio or a local port.",
  usage: "[--port N]",
  options: { port: { value: "N", help: "listen on 127.0.0.1:N, 0 for any free port" } },
  run: args => dap(args.text("port") === undefined ? [] : ["--port", args.text("port") as string]),
};

/** Runs until the client is gone (stdio) or the program is ended (port). */
export async function dap(args: readonly string[]): Promise<number> {
  const port = readPort(args);
  if (port === undefined) {
    await serveStdio();
    return 0;
  }
  await new Promise((_, reject) => {
    const server = servePort(port, actual => console.error(`Listening on 127.0.0.1:${actual}`));
    server.on("error", (error: NodeJS.ErrnoException) =>
      reject(
        new UserError(`--port ${port}: cannot listen there (${error.code ?? error.message}).`),
      ),
    );
  });
  return 0;
}

function readPort(args: readonly string[]): number | undefined {
  const [name, value, ...rest] = args.flatMap(a =>
    a.startsWith("--port=") ? ["--port", a.slice(7)] : [a],
  );
  if (name === undefined) return undefined;
  if (name !== "--port" || rest.length > 0) {
    throw new UserError(
      `dap: "${name === "--port" ? rest[0] : name}" is not known; usage: tock-debug dap [--port N].`,
    );
  }
  if (value === undefined || !/^\d+$/.test(value) || Number(value) > 65535) {
    throw new UserError(`--port ${value ?? ""}: expected a number from 0 to 65535.`);
  }
  return Number(value);
}
