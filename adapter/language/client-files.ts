// Files as the client sees them: on a disk, in a remote window or in a virtual workspace. One protocol for all: the server
// has no other way to a file, so that it runs in a web worker as it does in Node.
import { type Files, normalizePath } from "../files.js";
import { worldOf as worldOfPath } from "../world.js";
import {
  FILE_EXISTS,
  type FileBytes,
  type FileParams,
  type FolderEntry,
  READ_FILE,
  READ_FOLDER,
} from "./protocol.js";

/** The path of a URI as our file code takes it: with `/`, a drive of Windows first. */
export function pathOf(uri: string): string {
  const path = decode(/^[^:]+:(?:\/\/[^/?#]*)?([^?#]*)/.exec(uri)?.[1] ?? uri);
  return path.replace(/^\/([A-Za-z]):/, (_, drive: string) => `${drive.toLowerCase()}:`);
}

/** Text that is no valid encoding stays as it is. */
export const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
};

/** Scheme and authority of a URI; `undefined` for one whose path is in no tree of files, as an old version's (`git:/…?…`) is not. */
export function worldOf(uri: string): string | undefined {
  const [world, authority] = /^[A-Za-z][\w+.-]+:(?=\/)(\/\/[^/?#]*)?/.exec(uri) ?? [];
  if (world === undefined || world.startsWith("untitled:")) return undefined;
  if (authority === undefined && uri.includes("?")) return undefined;
  return world === "file:" ? "file://" : world;
}

/** The URI of a path: in the world of another URI, unless it names its own. */
export function uriOf(path: string, base: string): string {
  const own = worldOfPath(path);
  if (own !== "")
    return encodeWorld(own) + uriOf(path.slice(own.length), "").slice("file://".length);
  const absolute = path.startsWith("/") ? path : `/${path}`;
  const encoded = absolute.split("/").map(encodeURIComponent).join("/");
  // An untitled document lies in no folder: what it names are files.
  return (worldOf(base) ?? "file://") + encoded;
}

/** As VS Code writes it: of an authority no letter but those of words is left alone. */
const encodeWorld = (world: string): string =>
  world.replace(/\/\/(.*)/, (_, authority: string) => `//${encodeURIComponent(authority)}`);

/** What is asked of a connection to the client. */
export interface Asking {
  sendRequest<R>(method: string, params: unknown): Promise<R>;
}

/** Files of the world of `base`. */
export class ClientFiles implements Files {
  readonly #connection: Asking;
  readonly #base: string;
  readonly #folders = new Map<string, Promise<readonly FolderEntry[]>>();

  constructor(connection: Asking, base: string) {
    this.#connection = connection;
    this.#base = base;
  }

  async read(path: string): Promise<Uint8Array | undefined> {
    const found = await this.#connection.sendRequest<FileBytes>(READ_FILE, this.#params(path));
    return found === null ? undefined : bytesOf(found.base64);
  }

  exists(path: string): Promise<boolean> {
    return this.#connection.sendRequest<boolean>(FILE_EXISTS, this.#params(path));
  }

  /** Folders are asked for again and again while programs are looked for. */
  list(folder: string): Promise<readonly FolderEntry[]> {
    let entries = this.#folders.get(folder);
    if (entries === undefined) {
      entries = this.#connection.sendRequest<FolderEntry[]>(READ_FOLDER, this.#params(folder));
      this.#folders.set(folder, entries);
    }
    return entries;
  }

  #params(path: string): FileParams {
    return { base: this.#base, path: normalizePath(path) };
  }
}

const bytesOf = (base64: string): Uint8Array => {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
};
