// The language server beside the extension host, as a child process of its own.
import type * as vscode from "vscode";
import { LanguageClient, TransportKind } from "vscode-languageclient/node";
import { CrashLanguage } from "./language.js";

export function startLanguage(context: vscode.ExtensionContext): CrashLanguage {
  const server = {
    module: context.asAbsolutePath("dist/adapter.cjs"),
    args: ["--language"],
    transport: TransportKind.ipc,
  };
  return new CrashLanguage(
    options => new LanguageClient("tock-crash", "Tock Crash Dumps", server, options),
  );
}
