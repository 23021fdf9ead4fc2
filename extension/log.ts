// With `trace` every message between VS Code and the adapter goes to the output channel "Tock Debugger".
import * as vscode from "vscode";

export class LogTrackerFactory implements vscode.DebugAdapterTrackerFactory {
  #channel: vscode.OutputChannel | undefined;

  createDebugAdapterTracker(session: vscode.DebugSession): vscode.DebugAdapterTracker | undefined {
    if (session.configuration["trace"] !== true) return undefined;
    this.#channel ??= vscode.window.createOutputChannel("Tock Debugger");
    const channel = this.#channel;
    const write = (arrow: string) => (message: unknown) =>
      channel.appendLine(`${arrow} ${JSON.stringify(message)}`);
    return {
      onWillReceiveMessage: write("-->"),
      onDidSendMessage: write("<--"),
      onError: error => channel.appendLine(`! ${error.message}`),
      onExit: code => channel.appendLine(`The adapter ended with ${code}.`),
    };
  }

  dispose(): void {
    this.#channel?.dispose();
  }
}
