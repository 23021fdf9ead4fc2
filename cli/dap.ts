// `tock-debug dap`: the debug adapter over stdio, or over a local port for several sessions.
import { servePort, serveStdio } from "../adapter/serve.node.js";
import { UserError } from "../emulator/index.js";
import type { Arguments, Verb } from "./verb.js";

export const verb: Verb = {
  summary: "Serves the Debug Adapter Protocol, for editors.",
  usage: "[--port N]",
  options: {
    port: {
      value: "N",
      help: "listen on 127.0.0.1, one session per connection (0: any free port); default: stdio",
    },
  },
  examples: ["tock-debug dap", "tock-debug dap --port 4711"],
  run,
};

/** Runs until the client is gone (stdio) or the program is ended (port). */
async function run(args: Arguments): Promise<number> {
  if (args.positionals.length > 0)
    throw new UserError(
      `dap: "${args.positionals[0]}" is too much; apps are named in the launch request. See tock-debug dap --help.`,
    );
  const port = args.number("port", 65535);
  if (port === undefined) await serveStdio();
  else await listen(port);
  return 0;
}

const listen = (port: number): Promise<never> =>
  new Promise((_, reject) => {
    const server = servePort(port, actual => console.error(`Listening on 127.0.0.1:${actual}`));
    server.on("error", (error: NodeJS.ErrnoException) =>
      reject(
        new UserError(`--port ${port}: cannot listen there (${error.code ?? error.message}).`),
      ),
    );
  });
