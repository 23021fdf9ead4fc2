// The client of the language server for crash dumps and console logs. Starts the server when the first of them is opened.
import * as vscode from "vscode";
import type { BaseLanguageClient, LanguageClientOptions } from "vscode-languageclient";
import {
  CRASH,
  type CrashParams,
  type CrashResult,
  type DocumentPlace,
  FILE_EXISTS,
  type FileBytes,
  type FileParams,
  type FolderEntry,
  LANGUAGES,
  OPEN_PLACE_COMMAND,
  READ_FILE,
  READ_FOLDER,
  SETTINGS,
} from "../adapter/language/protocol.js";
import { said } from "./commands/said.js";
import { fileExists, readFile, readFolder } from "./files.js";

/** Makes the client: a child process under Node, a worker in a browser. Rejects with a sentence for the user. */
export type MakeClient = (options: LanguageClientOptions) => Promise<BaseLanguageClient>;

/** The server, started when it is first needed. */
export class CrashLanguage implements vscode.Disposable {
  readonly #make: MakeClient;
  readonly #subscriptions: vscode.Disposable[] = [];
  #client: Promise<BaseLanguageClient> | undefined;

  constructor(make: MakeClient) {
    this.#make = make;
    const startFor = (document: vscode.TextDocument) => {
      if ((LANGUAGES as readonly string[]).includes(document.languageId)) void said(this.#start());
    };
    this.#subscriptions.push(
      vscode.workspace.onDidOpenTextDocument(startFor),
      vscode.commands.registerCommand(OPEN_PLACE_COMMAND, openPlace),
    );
    vscode.workspace.textDocuments.forEach(startFor);
  }

  /** What the server makes of a dump. */
  async crash(params: CrashParams): Promise<CrashResult> {
    return (await this.#start()).sendRequest<CrashResult>(CRASH, params);
  }

  #start(): Promise<BaseLanguageClient> {
    this.#client ??= this.#connect().catch(error => {
      // Whoever needs it next tries again.
      this.#client = undefined;
      throw error;
    });
    return this.#client;
  }

  async #connect(): Promise<BaseLanguageClient> {
    const client = await this.#make({
      documentSelector: LANGUAGES.map(language => ({ language })),
      // A program that was built again has other addresses.
      synchronize: {
        fileEvents: vscode.workspace.createFileSystemWatcher("**/*.elf"),
        configurationSection: SETTINGS,
      },
    });
    serveFiles(client);
    await client.start();
    return client;
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    void this.#client?.then(client => client.stop());
  }
}

/** What can be asked by a server; it sends `FileParams`. */
interface Asked {
  onRequest(
    method: string,
    handler: (params: FileParams) => Promise<FileBytes | boolean | FolderEntry[]>,
  ): unknown;
}

/** Answers a server's questions for files, which it has no other way to. */
export function serveFiles(server: Asked): void {
  server.onRequest(READ_FILE, async params => {
    const bytes = await readFile(uriOf(params));
    return bytes === undefined ? null : { base64: toBase64(bytes) };
  });
  server.onRequest(FILE_EXISTS, params => fileExists(uriOf(params)));
  server.onRequest(READ_FOLDER, params => readFolder(uriOf(params)));
}

const uriOf = ({ base, path }: FileParams): vscode.Uri =>
  vscode.Uri.parse(base).with({
    path: path.startsWith("/") ? path : `/${path}`,
    query: "",
    fragment: "",
  });

/** In parts, because a function takes only so many arguments. */
function toBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += 32_768) {
    parts.push(String.fromCharCode(...bytes.subarray(at, at + 32_768)));
  }
  return btoa(parts.join(""));
}

async function openPlace({ uri, line, character }: DocumentPlace): Promise<void> {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(uri));
  const at = new vscode.Position(line, character);
  await vscode.window.showTextDocument(document, { selection: new vscode.Range(at, at) });
}
