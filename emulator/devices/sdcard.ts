// A slot and the SD card in it. The user takes the card out and puts one in: the same, or one with other contents.
import type { Clock } from "../base/clock.js";
import { UserError } from "../base/errors.js";
import type { InputValue, OutputValue } from "../base/trace.js";
import {
  SD_BLOCK_SIZE,
  type SdCard,
  type SdCardClient,
  type SdCardError,
  type SdCardFailure,
} from "../hil/sdcard.js";
import type { Device } from "./device.js";
import { BlankStore, type StoredBlocks } from "./flash.js";

export interface SdCardOptions {
  /** Bytes of the card that is in the slot at power-on. */
  size: number;
}

interface Operation {
  kind: "init" | "read" | "write";
  block: number;
  /** What is written. */
  bytes: Uint8Array;
}

const NOTHING = new Uint8Array();

export interface SdCardState {
  inserted: boolean;
  /** Bytes of the card. */
  size: number;
  blocks: StoredBlocks;
  initialized: boolean;
  operation: Operation | null;
  /** The card came or went, and the client will be told. */
  detecting: boolean;
}

const Tag = { Operation: 0, Change: 1, Detection: 2 } as const;
/** Until a changed card is believed (capsules/extra/src/sdcard.rs). */
const DETECTION_MS = 500;
/** Initialization polls every 10 ms, a read every millisecond; a block takes a millisecond of SPI at 4 MHz. */
const milliseconds = { init: 25, read: 2, write: 4 } as const;
/** The unit of the size that a card tells. */
const SIZE_UNIT = 512 * 1024;

export class SdCardDevice implements Device<SdCardState>, SdCard {
  readonly name = "sdcard";
  readonly takes = "insert, remove, or the bytes of a card to insert";
  readonly #clock: Clock;
  readonly #card = new BlankStore(SD_BLOCK_SIZE);
  #client: SdCardClient | undefined;
  #inserted = true;
  #size: number;
  #initialized = false;
  #operation: Operation | null = null;
  #detecting = false;

  constructor(clock: Clock, { size }: SdCardOptions) {
    this.#clock = clock;
    this.#size = size;
  }

  setSdCardClient(client: SdCardClient): void {
    this.#client = client;
  }

  isInstalled(): boolean {
    return this.#inserted;
  }

  initialize(): SdCardFailure | undefined {
    this.#initialized = false;
    if (!this.#inserted) return "UNINSTALLED";
    return this.#begin({ kind: "init", block: 0, bytes: NOTHING });
  }

  readBlock(block: number): SdCardFailure | undefined {
    return this.#refusal() ?? this.#begin({ kind: "read", block, bytes: NOTHING });
  }

  writeBlock(block: number, bytes: Uint8Array): SdCardFailure | undefined {
    return this.#refusal() ?? this.#begin({ kind: "write", block, bytes: bytes.slice() });
  }

  onInput(value: InputValue): void {
    if (value instanceof Uint8Array) this.#insert(value);
    else if (value === "insert") this.#change(true);
    else if (value === "remove") this.#change(false);
    else
      throw new UserError(`Input for ${this.name} must be ${this.takes}, not "${String(value)}".`);
  }

  shown(): OutputValue {
    return { inserted: this.#inserted, kilobytes: this.#inserted ? this.#size / 1024 : 0 };
  }

  /** The card stays in its slot. */
  reset(): void {
    this.#initialized = this.#detecting = false;
    this.#operation = null;
  }

  onEvent(tag: number): void {
    if (tag === Tag.Change) {
      this.#changed();
      return;
    }
    if (tag === Tag.Detection) {
      this.#detecting = false;
      this.#client?.cardDetectionChanged(this.#inserted);
      return;
    }
    const operation = this.#operation;
    this.#operation = null;
    if (operation?.kind === "init") {
      this.#initialized = true;
      this.#client?.initDone(SD_BLOCK_SIZE, this.#size);
    } else if (operation !== null) this.#transfer(operation);
  }

  save(): SdCardState {
    return structuredClone({
      inserted: this.#inserted,
      size: this.#size,
      blocks: this.#card.save(),
      initialized: this.#initialized,
      operation: this.#operation,
      detecting: this.#detecting,
    });
  }

  load(state: SdCardState): void {
    const { inserted, size, blocks, initialized, operation, detecting } = structuredClone(state);
    this.#inserted = inserted;
    this.#size = size;
    this.#card.load(blocks);
    this.#initialized = initialized;
    this.#operation = operation;
    this.#detecting = detecting;
  }

  #refusal(): SdCardFailure | undefined {
    if (!this.#inserted) return "UNINSTALLED";
    return this.#initialized ? undefined : "RESERVE";
  }

  #begin(operation: Operation): SdCardFailure | undefined {
    if (this.#operation !== null) return "NOMEM";
    this.#operation = operation;
    this.#schedule(Tag.Operation, milliseconds[operation.kind]);
    return undefined;
  }

  #schedule(tag: number, ms: number): void {
    this.#clock.schedule(this.name, tag, (ms * this.#clock.frequency) / 1000);
  }

  #transfer({ kind, block, bytes }: Operation): void {
    const address = block * SD_BLOCK_SIZE;
    const fails: SdCardError = kind === "read" ? "ReadFailure" : "WriteFailure";
    if (address + SD_BLOCK_SIZE > this.#size) this.#client?.sdCardError(fails);
    else if (kind === "read") this.#client?.readDone(this.#card.readBytes(address, SD_BLOCK_SIZE));
    else {
      this.#card.writeBytes(address, bytes);
      this.#client?.writeDone();
    }
  }

  #insert(contents: Uint8Array): void {
    if (contents.length === 0)
      throw new UserError("A card for the SD card slot must have at least one byte.");
    this.#card.load([]);
    this.#card.writeBytes(0, contents);
    this.#size = Math.ceil(contents.length / SIZE_UNIT) * SIZE_UNIT;
    this.#inserted = false;
    this.#change(true);
  }

  /** While a change is not believed yet, another one is not noticed. */
  #change(inserted: boolean): void {
    if (inserted === this.#inserted) return;
    this.#inserted = inserted;
    if (this.#detecting) return;
    this.#detecting = true;
    this.#schedule(Tag.Change, 0);
  }

  #changed(): void {
    const interrupted = this.#operation !== null;
    this.#operation = null;
    this.#clock.cancel(this.name, Tag.Operation);
    this.#initialized = false;
    this.#schedule(Tag.Detection, DETECTION_MS);
    if (interrupted) this.#client?.sdCardError("CardStateChanged");
  }
}
