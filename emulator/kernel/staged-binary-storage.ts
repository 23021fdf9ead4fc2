// Installs binaries by way of a flash chip from which nothing runs: they are collected there, and copied into the flash of apps
// when all is written. The header is copied last, whenever the app wrote it, so that nobody runs half a binary should power fail.
// No board of upstream's has such a store; its interface is made for more than one (kernel/src/dynamic_binary_storage.rs).
import { alignDown } from "../base/bits.js";
import type { Stateful } from "../base/stateful.js";
import type { NonvolatileStorage } from "../hil/nonvolatile-storage.js";
import type { Region } from "./boundary.js";
import type {
  BinaryStorage,
  DynamicBinaryStoreClient,
  DynamicProcessLoadClient,
  DynamicProcessUnloadClient,
  StoreFailure,
} from "./dynamic-loading.js";
import { refuseWrite } from "./sequential-binary-storage.js";

/** Bytes that are copied at once: a page, so that a binary's pages are written once. */
const COPY_LENGTH = 4096;

type State = "Idle" | "Setup" | "AppWrite" | "Copy" | "Load" | "Abort" | "Fail";

/** Offsets in the binary. */
interface Range {
  start: number;
  end: number;
}

export interface StagedStorageState {
  state: State;
  length: number;
  /** The client's buffer while it is being written from. */
  lent: Uint8Array | null;
  /** What was written, in pieces that do not touch, in order. */
  written: Range[];
  /** What is still to be copied; the last one is next. */
  copies: Range[];
}

const idle = (): StagedStorageState => ({
  state: "Idle",
  length: 0,
  lent: null,
  written: [],
  copies: [],
});

export class StagedBinaryStorage implements BinaryStorage, Stateful<StagedStorageState> {
  readonly #staging: NonvolatileStorage;
  readonly #region: Region;
  readonly #target: BinaryStorage;
  #client: DynamicBinaryStoreClient | undefined;
  #s = idle();

  /** Collects binaries in `region` of `staging` and installs them in `target`. */
  constructor(staging: NonvolatileStorage, region: Region, target: BinaryStorage) {
    this.#staging = staging;
    this.#region = region;
    this.#target = target;
    staging.setNonvolatileStorageClient({
      readDone: bytes => this.#pieceRead(bytes),
      writeDone: length => this.#collected(length),
    });
    target.setStorageClient({
      setupDone: result => this.#setupDone(result),
      writeDone: result => this.#pieceCopied(result),
      finalizeDone: result => this.#finalizeDone(result),
      abortDone: result => this.#abortDone(result),
    });
  }

  setStorageClient(client: DynamicBinaryStoreClient): void {
    this.#client = client;
  }

  setLoadClient(client: DynamicProcessLoadClient): void {
    this.#target.setLoadClient(client);
  }

  setUnloadClient(client: DynamicProcessUnloadClient): void {
    this.#target.setUnloadClient(client);
  }

  setup(length: number): StoreFailure | undefined {
    if (this.#s.state !== "Idle") return "INVAL";
    if (length > this.#region.size) return "FAIL";
    const failure = this.#target.setup(length);
    if (failure === undefined) this.#s = { ...idle(), state: "Setup", length };
    return failure;
  }

  write(buffer: Uint8Array, length: number, offset: number): StoreFailure | undefined {
    const s = this.#s;
    if (s.state !== "AppWrite") return "INVAL";
    const bytes = buffer.subarray(0, length);
    const failure =
      refuseWrite(bytes, offset, s.length) ??
      this.#staging.write(this.#region.start + offset, bytes);
    if (failure !== undefined) s.state = "Fail";
    else {
      s.lent = buffer;
      s.written = merge([...s.written, { start: offset, end: offset + bytes.length }]);
    }
    return failure;
  }

  finalize(): StoreFailure | undefined {
    const s = this.#s;
    if (s.state !== "AppWrite") return "INVAL";
    s.state = "Copy";
    s.copies = s.written.flatMap(piecesOf);
    return this.#copyNext();
  }

  abort(): StoreFailure | undefined {
    const { state } = this.#s;
    if (state !== "Setup" && state !== "AppWrite") return "INVAL";
    this.#s.state = "Abort";
    // What is being collected is waited for.
    return this.#s.lent === null ? this.#target.abort() : undefined;
  }

  loadProcess(): StoreFailure | undefined {
    if (this.#s.state !== "Load") return "INVAL";
    this.#s = idle();
    return this.#target.loadProcess();
  }

  unload(shortId: number): StoreFailure | undefined {
    return this.#s.state === "Idle" ? this.#target.unload(shortId) : "BUSY";
  }

  save(): StagedStorageState {
    return structuredClone(this.#s);
  }

  load(state: StagedStorageState): void {
    this.#s = structuredClone(state);
  }

  #setupDone(result: StoreFailure | undefined): void {
    this.#s.state = result === undefined ? "AppWrite" : "Idle";
    this.#client?.setupDone(result);
  }

  #collected(length: number): void {
    const { state, lent } = this.#s;
    this.#s.lent = null;
    if (lent !== null) this.#client?.writeDone(undefined, lent, length);
    if (state !== "Abort") return;
    const failure = this.#target.abort();
    if (failure !== undefined) this.#abortDone(failure);
  }

  #copyNext(): StoreFailure | undefined {
    const next = this.#s.copies.at(-1);
    if (next === undefined) return this.#target.finalize();
    return this.#staging.read(this.#region.start + next.start, next.end - next.start);
  }

  #pieceRead(bytes: Uint8Array): void {
    const piece = this.#s.copies.pop();
    if (piece === undefined) return;
    this.#failOn(this.#target.write(bytes, bytes.length, piece.start));
  }

  #pieceCopied(result: StoreFailure | undefined): void {
    this.#failOn(result ?? this.#copyNext());
  }

  #failOn(failure: StoreFailure | undefined): void {
    if (failure === undefined) return;
    this.#s.state = "Fail";
    this.#client?.finalizeDone(failure);
  }

  #finalizeDone(result: StoreFailure | undefined): void {
    this.#s.state = "Load";
    this.#client?.finalizeDone(result);
  }

  #abortDone(result: StoreFailure | undefined): void {
    this.#s = idle();
    this.#client?.abortDone(result);
  }
}

/** Ranges in order, those that touch joined. */
function merge(ranges: readonly Range[]): Range[] {
  const joined: Range[] = [];
  for (const { start, end } of ranges.toSorted((a, b) => a.start - b.start)) {
    const last = joined.at(-1);
    if (last !== undefined && start <= last.end) last.end = Math.max(last.end, end);
    else joined.push({ start, end });
  }
  return joined;
}

/** A range, cut where pages of the binary begin. */
function piecesOf({ start, end }: Range): Range[] {
  const pieces: Range[] = [];
  for (let at = start; at < end; ) {
    const next = Math.min(end, alignDown(at, COPY_LENGTH) + COPY_LENGTH);
    pieces.push({ start: at, end: next });
    at = next;
  }
  return pieces;
}
