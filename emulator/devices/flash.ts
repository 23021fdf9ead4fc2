// Flash with pages: erasing sets every bit and wears a page, writing only clears bits. An operation is a row of steps, and
// each step that changes a page is one timed event: a board whose power fails between two has done the first ones only.
import type { Clock } from "../base/clock.js";
import { UserError } from "../base/errors.js";
import type { Stateful } from "../base/stateful.js";
import type { OutputValue, Trace } from "../base/trace.js";
import type { Flash, FlashClient, FlashFailure, PageProgrammer } from "../hil/flash.js";
import type { Device } from "./device.js";

/** Where the bytes lie. */
export interface FlashStore {
  readBytes(address: number, length: number): Uint8Array;
  writeBytes(address: number, bytes: Uint8Array): void;
}

export interface FlashOptions {
  name: string;
  pageSize: number;
  /** Numbers of the first page and of the one behind the last: addresses by the size of a page. */
  firstPage: number;
  endPage: number;
  /** Microseconds that each takes for one page. */
  readMicroseconds: number;
  eraseMicroseconds: number;
  writeMicroseconds: number;
  /** A page that is blank already is not erased. */
  skipsBlankPages: boolean;
  /** The processor runs from this flash and stands still while a page changes: no instruction finds it between two steps. */
  runsCode: boolean;
  /** What a chip of its own holds at first, beside ones. */
  contents?: FlashContents;
}

export type FlashContents = readonly (readonly [address: number, bytes: Uint8Array])[];

/** A kind of flash chip: all but where it lies. */
export type FlashTimes = Omit<FlashOptions, "name" | "firstPage" | "endPage" | "contents">;

/** nRF52 (chips/nrf52/src/nvmc.rs; product specification: 85 ms a page, 41 µs a word). */
export const NRF52_NVMC: FlashTimes = {
  pageSize: 4096,
  readMicroseconds: 16,
  eraseMicroseconds: 85_000,
  writeMicroseconds: 1024 * 41,
  skipsBlankPages: true,
  runsCode: true,
};

/** SAM4L (chips/sam4l/src/flashcalw.rs; data sheet 42: erasing and writing take 4 ms a page each). */
export const SAM4L_FLASHCALW: FlashTimes = {
  pageSize: 512,
  readMicroseconds: 11,
  eraseMicroseconds: 4000,
  writeMicroseconds: 4000,
  skipsBlankPages: false,
  runsCode: true,
};

/**
 * Sectors 5 to 7 of an STM32F446, which hold no kernel (reference manual 3.4; data sheet table 45: a second to erase 128 KiB, 16 µs
 * a word). Those before are smaller; nothing writes there while the board runs.
 */
export const STM32F4_FLASH: FlashTimes = {
  pageSize: 128 * 1024,
  readMicroseconds: 1000,
  eraseMicroseconds: 1_000_000,
  writeMicroseconds: 32_768 * 16,
  skipsBlankPages: false,
  runsCode: true,
};

/** Sectors of the W25Q16JV from which an RP2040 runs (data sheet 9.6: 45 ms to erase 4 KiB, 400 µs to write 256 bytes). */
export const W25Q16JV: FlashTimes = {
  pageSize: 4096,
  readMicroseconds: 260,
  eraseMicroseconds: 45_000,
  writeMicroseconds: 16 * 400,
  skipsBlankPages: false,
  runsCode: true,
};

/** Sectors of an MX25R6435F behind SPI at 8 MHz (capsules/extra/src/mx25r6435f.rs: waits of 58 ms and 16 times 3.2 ms). */
export const MX25R6435F: FlashTimes = {
  pageSize: 4096,
  readMicroseconds: 4160,
  eraseMicroseconds: 58_000,
  writeMicroseconds: 16 * (3200 + 260),
  skipsBlankPages: false,
  runsCode: false,
};

type Step = "read" | "erase" | "write";
const steps: readonly Step[] = ["read", "erase", "write"];

export interface FlashOperation {
  kind: Step;
  page: number;
  /** What is written, else empty. */
  bytes: Uint8Array;
}

export interface FlashDeviceState {
  operation: FlashOperation | null;
  /** Erasures by page number, of pages that were ever erased. */
  wear: [page: number, erasures: number][];
  /** The step that was finished last. */
  last: { step: Step; page: number } | null;
  /** The bytes of a chip that is not in the address space. */
  blocks: StoredBlocks;
}

export class FlashDevice implements Device<FlashDeviceState>, Flash, PageProgrammer {
  readonly name: string;
  readonly pageSize: number;
  readonly #clock: Clock;
  readonly #trace: Trace;
  readonly #own: BlankStore;
  readonly #store: FlashStore;
  readonly #options: FlashOptions;
  #client: FlashClient | undefined;
  #operation: FlashOperation | null = null;
  #wear = new Map<number, number>();
  #last: FlashDeviceState["last"] = null;

  /** Without `store` the chip keeps its bytes itself. */
  constructor(clock: Clock, trace: Trace, options: FlashOptions, store?: FlashStore) {
    this.#clock = clock;
    this.#trace = trace;
    this.#own = new BlankStore(options.pageSize);
    this.#store = store ?? this.#own;
    for (const [address, bytes] of options.contents ?? []) this.#own.writeBytes(address, bytes);
    this.#options = options;
    this.name = options.name;
    this.pageSize = options.pageSize;
  }

  setFlashClient(client: FlashClient): void {
    this.#client = client;
  }

  readPage(page: number): FlashFailure | undefined {
    return this.#start({ kind: "read", page, bytes: new Uint8Array() }, "read");
  }

  writePage(page: number, bytes: Uint8Array): FlashFailure | undefined {
    return this.#startWrite(page, bytes, this.#needsErasure(page) ? "erase" : "write");
  }

  programPage(page: number, bytes: Uint8Array): FlashFailure | undefined {
    return this.#startWrite(page, bytes, "write");
  }

  erasePage(page: number): FlashFailure | undefined {
    return this.#start({ kind: "erase", page, bytes: new Uint8Array() }, "erase");
  }

  get busy(): boolean {
    return this.#operation !== null;
  }

  program(address: number, bytes: Uint8Array): number {
    const page = Math.floor(address / this.pageSize);
    const there = this.#page(page);
    const wanted = there.slice();
    wanted.set(bytes, address % this.pageSize);
    if (wanted.every((byte, i) => byte === there[i])) return 0;
    const { eraseMicroseconds, writeMicroseconds } = this.#options;
    const sets = wanted.some((byte, i) => (byte & ~(there[i] as number)) !== 0);
    if (sets) this.#erase(page);
    this.#write({ page, bytes: wanted });
    if (sets) return eraseMicroseconds + writeMicroseconds;
    return Math.ceil((writeMicroseconds * bytes.length) / this.pageSize);
  }

  onEvent(tag: number): void {
    const step = steps[tag];
    const operation = this.#operation;
    if (operation === null || step === undefined) return;
    if (step === "erase" && this.#needsErasure(operation.page)) this.#erase(operation.page);
    if (step === "write") this.#write(operation);
    if (step !== operation.kind) {
      const { runsCode, writeMicroseconds } = this.#options;
      this.#schedule(operation.kind, runsCode ? 0 : writeMicroseconds);
      return;
    }
    this.#operation = null;
    const { page } = operation;
    if (step === "read") this.#client?.readComplete(this.#page(page));
    else if (step === "write") this.#client?.writeComplete();
    else this.#client?.eraseComplete();
  }

  /** Step, page, and how often that page was erased, of the last change of a page. */
  shown(): OutputValue {
    if (this.#last === null) return "untouched";
    const { step, page } = this.#last;
    return { step, page, erasures: this.#wear.get(page) ?? 0 };
  }

  memoryImage(): Uint8Array | undefined {
    return this.#store === this.#own ? this.#own.image() : undefined;
  }

  loadMemory(image: Uint8Array): void {
    const size = this.#options.endPage * this.pageSize;
    if (image.length > size)
      throw new UserError(`${this.name}: ${image.length} bytes do not fit into ${size}.`);
    this.#own.load([]);
    this.#own.writeBytes(0, image);
  }

  /** What was under way is cut short; bytes and wear stay. */
  reset(): void {
    this.#operation = null;
  }

  save(): FlashDeviceState {
    const operation = this.#operation;
    return {
      operation: operation === null ? null : { ...operation },
      wear: [...this.#wear],
      last: this.#last === null ? null : { ...this.#last },
      blocks: this.#own.save(),
    };
  }

  load(state: FlashDeviceState): void {
    this.#operation = state.operation === null ? null : { ...state.operation };
    this.#wear = new Map(state.wear);
    this.#last = state.last === null ? null : { ...state.last };
    this.#own.load(state.blocks);
  }

  #startWrite(page: number, bytes: Uint8Array, first: Step): FlashFailure | undefined {
    if (bytes.length !== this.pageSize) throw new Error(`a page of ${bytes.length} bytes`);
    return this.#start({ kind: "write", page, bytes: bytes.slice() }, first);
  }

  #start(operation: FlashOperation, first: Step): FlashFailure | undefined {
    if (this.#operation !== null) return "BUSY";
    if (!this.#exists(operation.page)) return "INVAL";
    this.#operation = operation;
    this.#schedule(first, this.#firstMicroseconds(operation, first));
    return undefined;
  }

  #schedule(step: Step, microseconds: number): void {
    const cycles = (microseconds * this.#clock.frequency) / 1e6;
    this.#clock.schedule(this.name, steps.indexOf(step), cycles);
  }

  #firstMicroseconds({ kind, page }: FlashOperation, first: Step): number {
    const { readMicroseconds, eraseMicroseconds, writeMicroseconds, runsCode } = this.#options;
    if (first === "write") return writeMicroseconds;
    if (first === "read" || !this.#needsErasure(page)) return readMicroseconds;
    return eraseMicroseconds + (runsCode && kind === "write" ? writeMicroseconds : 0);
  }

  #exists(page: number): boolean {
    return page >= this.#options.firstPage && page < this.#options.endPage;
  }

  #page(page: number): Uint8Array {
    return this.#store.readBytes(page * this.pageSize, this.pageSize);
  }

  #needsErasure(page: number): boolean {
    return (
      this.#exists(page) &&
      !(this.#options.skipsBlankPages && this.#page(page).every(byte => byte === 0xff))
    );
  }

  #erase(page: number): void {
    this.#store.writeBytes(page * this.pageSize, new Uint8Array(this.pageSize).fill(0xff));
    this.#wear.set(page, (this.#wear.get(page) ?? 0) + 1);
    this.#changed("erase", page);
  }

  #write({ page, bytes }: Omit<FlashOperation, "kind">): void {
    const there = this.#page(page);
    this.#store.writeBytes(
      page * this.pageSize,
      there.map((byte, i) => byte & (bytes[i] as number)),
    );
    this.#changed("write", page);
  }

  #changed(step: Step, page: number): void {
    this.#last = { step, page };
    this.#trace.emit({ type: "output", device: this.name, value: this.shown() });
  }
}

export type StoredBlocks = [block: number, bytes: Uint8Array][];

/** Bytes by block; blocks that were never written are blank. */
export class BlankStore implements FlashStore, Stateful<StoredBlocks> {
  readonly #blockSize: number;
  #blocks = new Map<number, Uint8Array>();

  constructor(blockSize: number) {
    this.#blockSize = blockSize;
  }

  readBytes(address: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length).fill(0xff);
    this.#each(address, length, (block, start, at, count) => {
      const there = this.#blocks.get(block);
      if (there) bytes.set(there.subarray(start, start + count), at);
    });
    return bytes;
  }

  writeBytes(address: number, bytes: Uint8Array): void {
    this.#each(address, bytes.length, (block, start, at, count) => {
      const there = this.#blocks.get(block) ?? new Uint8Array(this.#blockSize).fill(0xff);
      there.set(bytes.subarray(at, at + count), start);
      this.#blocks.set(block, there);
    });
  }

  /** All bytes up to the end of the last block that is not blank. */
  image(): Uint8Array {
    const used = [...this.#blocks].filter(([, bytes]) => bytes.some(byte => byte !== 0xff));
    const last = Math.max(-1, ...used.map(([block]) => block));
    return this.readBytes(0, (last + 1) * this.#blockSize);
  }

  save(): StoredBlocks {
    return [...this.#blocks].map(([block, bytes]) => [block, bytes.slice()]);
  }

  load(state: StoredBlocks): void {
    this.#blocks = new Map(state.map(([block, bytes]) => [block, bytes.slice()]));
  }

  /** Cuts a range at the edges of blocks: `start` is in the block, `at` in the range. */
  #each(
    address: number,
    length: number,
    f: (block: number, start: number, at: number, count: number) => void,
  ): void {
    for (let at = 0; at < length; ) {
      const start = (address + at) % this.#blockSize;
      const count = Math.min(this.#blockSize - start, length - at);
      f((address + at - start) / this.#blockSize, start, at, count);
      at += count;
    }
  }
}
