// Reads and writes of any address and length, done page by page (capsules/extra/src/nonvolatile_to_pages.rs). Pages that are
// written in part are read first.
import type { Stateful } from "../../base/stateful.js";
import type { Flash, FlashClient, FlashFailure } from "../../hil/flash.js";
import type {
  NonvolatileStorage,
  NonvolatileStorageClient,
} from "../../hil/nonvolatile-storage.js";

export interface NonvolatileToPagesState {
  kind: "idle" | "read" | "write";
  /** Of the next byte. */
  address: number;
  /** What is written, or what has been read so far and room for the rest. */
  buffer: Uint8Array;
  /** Bytes of `buffer` that are done. */
  done: number;
}

export class NonvolatileToPages
  implements NonvolatileStorage, FlashClient, Stateful<NonvolatileToPagesState>
{
  readonly #flash: Flash;
  #client: NonvolatileStorageClient | undefined;
  #state: NonvolatileToPagesState = idle();

  constructor(flash: Flash) {
    this.#flash = flash;
    flash.setFlashClient(this);
  }

  setNonvolatileStorageClient(client: NonvolatileStorageClient): void {
    this.#client = client;
  }

  read(address: number, length: number): FlashFailure | undefined {
    if (this.#state.kind !== "idle") return "BUSY";
    this.#state = { kind: "read", address, buffer: new Uint8Array(length), done: 0 };
    return this.#flash.readPage(this.#page);
  }

  write(address: number, bytes: Uint8Array): FlashFailure | undefined {
    if (this.#state.kind !== "idle") return "BUSY";
    this.#state = { kind: "write", address, buffer: bytes.slice(), done: 0 };
    const { pageSize } = this.#flash;
    return address % pageSize === 0 && bytes.length >= pageSize
      ? this.#writeWholePage()
      : this.#flash.readPage(this.#page);
  }

  readComplete(page: Uint8Array): void {
    const state = this.#state;
    if (state.kind === "idle") return;
    const start = state.address % page.length;
    const length = Math.min(page.length - start, state.buffer.length - state.done);
    if (state.kind === "read") {
      state.buffer.set(page.subarray(start, start + length), state.done);
      this.#advance(length);
      if (state.done < state.buffer.length) this.#flash.readPage(this.#page);
      else this.#finish(client => client.readDone(state.buffer));
      return;
    }
    const changed = page.slice();
    changed.set(state.buffer.subarray(state.done, state.done + length), start);
    const number = this.#page;
    this.#advance(length);
    this.#flash.writePage(number, changed);
  }

  writeComplete(): void {
    const { kind, buffer, done } = this.#state;
    if (kind !== "write") return;
    const remaining = buffer.length - done;
    if (remaining === 0) this.#finish(client => client.writeDone(buffer.length));
    else if (remaining >= this.#flash.pageSize) this.#writeWholePage();
    else this.#flash.readPage(this.#page);
  }

  eraseComplete(): void {}

  save(): NonvolatileToPagesState {
    return structuredClone(this.#state);
  }

  load(state: NonvolatileToPagesState): void {
    this.#state = structuredClone(state);
  }

  get #page(): number {
    return Math.floor(this.#state.address / this.#flash.pageSize);
  }

  #writeWholePage(): FlashFailure | undefined {
    const { pageSize } = this.#flash;
    const { buffer, done } = this.#state;
    const number = this.#page;
    this.#advance(pageSize);
    return this.#flash.writePage(number, buffer.slice(done, done + pageSize));
  }

  #advance(length: number): void {
    this.#state.address += length;
    this.#state.done += length;
  }

  #finish(tell: (client: NonvolatileStorageClient) => void): void {
    this.#state = idle();
    if (this.#client) tell(this.#client);
  }
}

const idle = (): NonvolatileToPagesState => ({
  kind: "idle",
  address: 0,
  buffer: new Uint8Array(),
  done: 0,
});
