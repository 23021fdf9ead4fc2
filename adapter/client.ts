// The client's way of counting and naming: its first line and column, and sources that are not on this computer.
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Fields } from "./arguments.js";
import { decode, pathOf, uriOf } from "./language/client-files.js";
import type { StackSource } from "./stack.js";
import { worldOf } from "./world.js";

export class Client {
  /** First line and column of the client: 1 or 0. */
  readonly #firstLine: number;
  readonly #firstColumn: number;
  /** It shows memory, and can be told that bytes of it have changed. */
  readonly supportsMemory: boolean;
  /** It can be told that what it shows has changed. */
  readonly supportsInvalidated: boolean;
  /** It shows how far a long task is. */
  readonly supportsProgress: boolean;
  /** Paths of sources that are not on this computer, by their number less one. */
  readonly #missing: string[] = [];

  /** From the arguments of `initialize`. */
  constructor(args: Fields) {
    this.#firstLine = args.optionalBoolean("linesStartAt1") === false ? 0 : 1;
    this.#firstColumn = args.optionalBoolean("columnsStartAt1") === false ? 0 : 1;
    this.supportsMemory = args.optionalBoolean("supportsMemoryEvent") === true;
    this.supportsProgress = args.optionalBoolean("supportsProgressReporting") === true;
    this.supportsInvalidated = args.optionalBoolean("supportsInvalidatedEvent") === true;
  }

  /** The client's number of a line that we count from 1. */
  line(line: number): number {
    return line - 1 + this.#firstLine;
  }

  /** The client's number of a column; 0, unknown, is the first. */
  column(column: number): number {
    return Math.max(column, 1) - 1 + this.#firstColumn;
  }

  /** Our number, from 1, of a line as the client counts. */
  readLine(line: number): number {
    return line - this.#firstLine + 1;
  }

  /** The client's name of a file: a path, or a URI for one of another world. */
  path(path: string): string {
    return worldOf(path) === "" ? path : uriOf(path, path);
  }

  /** Our path of a file that the client names by a path or a URI. */
  readPath(path: string): string {
    if (path.startsWith("file:")) return pathOf(path);
    return worldOf(path) === "" ? path : decode(path);
  }

  /** A source that is not here gets a number, by which the client asks for a text in its place. */
  source({ name, path, found }: StackSource): DebugProtocol.Source {
    if (found) return { name, path: this.path(path) };
    let index = this.#missing.indexOf(path);
    if (index < 0) index = this.#missing.push(path) - 1;
    return { name, path, sourceReference: index + 1, presentationHint: "deemphasize" };
  }

  /** Path of the source that is not here, by its number. */
  missing(reference: number): string | undefined {
    return this.#missing[reference - 1];
  }
}
