// The server for scenarios beside the extension host, as a child process of its own.
import { fork } from "node:child_process";
import type * as vscode from "vscode";
import {
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
} from "vscode-languageclient/node";
import type { Connect } from "./testing/server.js";

export function testingServer(context: vscode.ExtensionContext): Connect {
  return async () => {
    // An extension host may be Electron, and then so is the child unless it is told.
    const env = { ...process.env, ELECTRON_RUN_AS_NODE: "1" };
    const child = fork(context.asAbsolutePath("dist/adapter.cjs"), ["--testing"], {
      env,
      execArgv: [],
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    const reader = new IPCMessageReader(child);
    return {
      connection: createMessageConnection(reader, new IPCMessageWriter(child)),
      end: () => void child.kill(),
    };
  };
}
