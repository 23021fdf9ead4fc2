// The adapter where VS Code cannot start it as a program, or where it has no way to the files: in a web worker of a browser, or
// beside the extension host with a virtual workspace. Messages pass through here, and its questions for files end here.
import * as vscode from "vscode";
import type { FileAnswer, FileRequest } from "../adapter/protocol.js";
import { fileExists, readFile, readFolder, writeFile } from "./files.js";
import { isVirtual, named, toUri } from "./paths.js";

/** The adapter as it was started: a child process under Node, a worker in a browser. */
export interface AdapterServer {
  send(message: object): void;
  onMessage(listener: (message: object) => void): void;
  /** It has ended by itself. */
  onEnd(listener: () => void): void;
  end(): void;
}

/** Rejects with a sentence for the user. */
export type StartAdapter = () => Promise<AdapterServer>;

/** Chooses between the program that package.json names, where there is Node, and an adapter that is given its files. */
export class AdapterFactory implements vscode.DebugAdapterDescriptorFactory {
  readonly #start: StartAdapter;

  constructor(start: StartAdapter) {
    this.#start = start;
  }

  async createDebugAdapterDescriptor(
    { configuration }: vscode.DebugSession,
    program: vscode.DebugAdapterExecutable | undefined,
  ): Promise<vscode.DebugAdapterDescriptor> {
    const roots = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri);
    const isLocal = roots.every(({ scheme }) => scheme === "file") && !namesVirtual(configuration);
    if (program !== undefined && isLocal) return program;
    return new vscode.DebugAdapterInlineImplementation(new Relay(await this.#start()));
  }
}

/** Some path in a configuration is none of this computer's. */
const namesVirtual = (value: unknown): boolean =>
  typeof value === "string"
    ? isVirtual(value)
    : typeof value === "object" && value !== null && Object.values(value).some(namesVirtual);

interface Message extends vscode.DebugProtocolMessage {
  type?: string;
  command?: string;
  seq?: number;
  arguments?: unknown;
  success?: boolean;
  event?: string;
  body?: object;
}

interface Refusal {
  message: string;
  body: { error: { format: string } };
}

/** What is said to the user names files as VS Code does; output of the board itself stays as it is. */
function forUser(message: Message): vscode.DebugProtocolMessage {
  const { type, success, event, body } = message;
  if (type === "response" && success === false) {
    const { message: text, body } = message as Message & Refusal;
    const error = { ...body.error, format: named(body.error.format) };
    return { ...message, message: named(text), body: { ...body, error } };
  }
  const { category, output } = (body ?? {}) as { category?: string; output?: string };
  if (event !== "output" || category === "stdout" || output === undefined) return message;
  return { ...message, body: { ...body, output: named(output) } };
}

class Relay implements vscode.DebugAdapter {
  readonly #server: AdapterServer;
  readonly #messages = new vscode.EventEmitter<vscode.DebugProtocolMessage>();
  readonly onDidSendMessage = this.#messages.event;
  #over = false;

  constructor(server: AdapterServer) {
    this.#server = server;
    server.onMessage((message: Message) => {
      if (message.type === "request" && message.command === "tock/file") void this.#serve(message);
      else this.#messages.fire(forUser(message));
    });
    server.onEnd(() => this.#ended());
  }

  handleMessage(message: vscode.DebugProtocolMessage): void {
    this.#server.send(message);
  }

  dispose(): void {
    this.#over = true;
    this.#server.end();
    this.#messages.dispose();
  }

  async #serve({ seq, command, arguments: asked }: Message): Promise<void> {
    const body = await answerOf(asked as FileRequest);
    if (this.#over) return;
    const success = body !== undefined;
    this.#server.send({ seq: 0, type: "response", request_seq: seq, command, success, body });
  }

  #ended(): void {
    if (this.#over) return;
    const event = (name: string, body: object) =>
      this.#messages.fire({ seq: 0, type: "event", event: name, body });
    const output = "The debugger has ended unexpectedly. Start the session again.\n";
    event("output", { category: "important", output });
    event("terminated", {});
  }
}

/** `undefined`: refused. */
async function answerOf(asked: FileRequest): Promise<FileAnswer | undefined> {
  const uri = toUri(asked.path);
  switch (asked.do) {
    case "read": {
      const bytes = await readFile(uri);
      return bytes && { bytes };
    }
    case "exists":
      return { exists: await fileExists(uri) };
    case "list":
      return { entries: await readFolder(uri) };
    case "write":
      return (await writeFile(uri, asked.bytes)) ? {} : undefined;
  }
}
