// The extension's entry under Node, on the desktop and in a remote window: servers are child processes.
import { type ChildProcess, fork } from "node:child_process";
import type * as vscode from "vscode";
import {
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  LanguageClient,
  TransportKind,
} from "vscode-languageclient/node";
import { activateIn } from "./activate.js";
import { run } from "./commands/run.node.js";

export function activate(context: vscode.ExtensionContext): void {
  const program = context.asAbsolutePath("dist/adapter.cjs");
  const server = { module: program, args: ["--language"], transport: TransportKind.ipc };
  activateIn(
    {
      startAdapter: async () => {
        const child = start(program, "--channel");
        return {
          send: message => void child.send(message),
          onMessage: listener => void child.on("message", listener),
          onEnd: listener => void child.on("error", listener).on("exit", listener),
          end: () => void child.kill(),
        };
      },
      makeLanguageClient: async options =>
        new LanguageClient("tock-crash", "Tock Crash Dumps", server, options),
      connectTesting: async () => {
        const child = start(program, "--testing");
        const reader = new IPCMessageReader(child);
        return {
          connection: createMessageConnection(reader, new IPCMessageWriter(child)),
          end: () => void child.kill(),
        };
      },
      run,
    },
    context,
  );
}

function start(program: string, part: string): ChildProcess {
  // An extension host may be Electron, and then so is the child unless it is told.
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: "1" };
  return fork(program, [part], {
    env,
    execArgv: [],
    // Bytes go as they are.
    serialization: part === "--channel" ? "advanced" : "json",
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
}
