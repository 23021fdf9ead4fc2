// Flash whose pages survive a power failure while they are written. Upstream has no such layer: there, a page that was erased
// and not yet written is lost, with all that others keep in it.
//
//   1  the new bytes are written into the second of two spare pages
//   2  a record in the first says to which page they belong
//   3  the page is written
//   4  the record is erased
//
// A write that only clears bits needs none of this: the page is not erased. `recover`, at boot, does 3 and 4 again if it finds a
// record; a copy without one is not looked at.
import type { Stateful } from "../../base/stateful.js";
import type { Flash, FlashClient, FlashFailure, PageProgrammer } from "../../hil/flash.js";

export interface JournalOptions {
  /** For the record; the copy lies in the next one. Bytes of others there, which reach up from below, are left alone. */
  firstPage: number;
  /** Whether nothing would miss the bytes of a page: it is written without a copy. */
  isExpendable(page: number): boolean;
  /** Bytes of the chip, and the way to change them, while it boots. */
  read(address: number, length: number): Uint8Array;
  programmer: PageProgrammer;
}

/** "TockJrnl", the page and its complement, little-endian. */
const MAGIC = new TextEncoder().encode("TockJrnl");
const RECORD_SIZE = MAGIC.length + 8;

type Phase = "look" | "copy" | "record" | "write" | "clear";

export interface JournaledFlashState {
  /** What is being written; `plain` is an operation that is handed through. */
  operation: { phase: Phase; page: number; bytes: Uint8Array } | "plain" | null;
  /** The spare pages may be used. */
  enabled: boolean;
}

export class JournaledFlash implements Flash, FlashClient, Stateful<JournaledFlashState> {
  readonly #flash: Flash;
  readonly #options: JournalOptions;
  #client: FlashClient | undefined;
  #operation: JournaledFlashState["operation"] = null;
  #enabled = false;

  constructor(flash: Flash, options: JournalOptions) {
    this.#flash = flash;
    this.#options = options;
    flash.setFlashClient(this);
  }

  get pageSize(): number {
    return this.#flash.pageSize;
  }

  setFlashClient(client: FlashClient): void {
    this.#client = client;
  }

  readPage(page: number): FlashFailure | undefined {
    return this.#plain(() => this.#flash.readPage(page));
  }

  programPage(page: number, bytes: Uint8Array): FlashFailure | undefined {
    return this.#plain(() => this.#flash.programPage(page, bytes));
  }

  erasePage(page: number): FlashFailure | undefined {
    return this.#plain(() => this.#flash.erasePage(page));
  }

  writePage(page: number, bytes: Uint8Array): FlashFailure | undefined {
    if (!this.#enabled || this.#options.isExpendable(page))
      return this.#plain(() => this.#flash.writePage(page, bytes));
    if (this.#operation !== null) return "BUSY";
    this.#operation = { phase: "look", page, bytes: bytes.slice() };
    const failure = this.#flash.readPage(page);
    if (failure !== undefined) this.#operation = null;
    return failure;
  }

  readComplete(page: Uint8Array): void {
    const operation = this.#operation;
    if (operation === "plain" || operation === null) {
      this.#operation = null;
      this.#client?.readComplete(page);
    } else if (
      page.every((byte, i) => (byte & (operation.bytes[i] as number)) === operation.bytes[i])
    ) {
      this.#operation = "plain";
      this.#flash.programPage(operation.page, operation.bytes);
    } else {
      operation.phase = "copy";
      this.#flash.writePage(this.#copyPage, operation.bytes);
    }
  }

  writeComplete(): void {
    const operation = this.#operation;
    if (operation === "plain" || operation === null) {
      this.#operation = null;
      this.#client?.writeComplete();
    } else if (operation.phase === "copy") {
      operation.phase = "record";
      this.#flash.writePage(this.#options.firstPage, this.#recordOf(operation.page));
    } else if (operation.phase === "record") {
      operation.phase = "write";
      this.#flash.writePage(operation.page, operation.bytes);
    } else {
      operation.phase = "clear";
      this.#flash.erasePage(this.#options.firstPage);
    }
  }

  eraseComplete(): void {
    const plain = this.#operation === "plain";
    this.#operation = null;
    if (plain) this.#client?.eraseComplete();
    else this.#client?.writeComplete();
  }

  /** Finishes what power cut short, before anything reads the flash; the page that was written again, if one was. */
  recover(): number | undefined {
    const { read, programmer, firstPage } = this.#options;
    const { pageSize } = this;
    const record = read(firstPage * pageSize, pageSize);
    const page = recordedPage(record);
    this.#enabled = page !== undefined || record.every(byte => byte === 0xff);
    if (page === undefined) return undefined;
    programmer.program(page * pageSize, read(this.#copyPage * pageSize, pageSize));
    programmer.program(firstPage * pageSize, new Uint8Array(pageSize).fill(0xff));
    return page;
  }

  save(): JournaledFlashState {
    return structuredClone({ operation: this.#operation, enabled: this.#enabled });
  }

  load(state: JournaledFlashState): void {
    this.#operation = structuredClone(state.operation);
    this.#enabled = state.enabled;
  }

  get #copyPage(): number {
    return this.#options.firstPage + 1;
  }

  #plain(start: () => FlashFailure | undefined): FlashFailure | undefined {
    if (this.#operation !== null) return "BUSY";
    this.#operation = "plain";
    const failure = start();
    if (failure !== undefined) this.#operation = null;
    return failure;
  }

  #recordOf(page: number): Uint8Array {
    const bytes = new Uint8Array(this.pageSize).fill(0xff);
    const view = new DataView(bytes.buffer);
    bytes.set(MAGIC);
    view.setUint32(MAGIC.length, page, true);
    view.setUint32(MAGIC.length + 4, ~page, true);
    return bytes;
  }
}

/** The page that a record names; `undefined` if it is none. */
function recordedPage(record: Uint8Array): number | undefined {
  if (MAGIC.some((byte, i) => record[i] !== byte)) return undefined;
  const view = new DataView(record.buffer, record.byteOffset, RECORD_SIZE);
  const page = view.getUint32(MAGIC.length, true);
  return view.getUint32(MAGIC.length + 4, true) === ~page >>> 0 ? page : undefined;
}
