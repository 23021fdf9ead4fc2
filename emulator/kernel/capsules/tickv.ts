// TicKV: values by hashed key in the pages of a flash (capsules/extra/src/tickv.rs, libraries/tickv/src/{tickv,async_ops}.rs).
// A key belongs to the region that its hash names, or to one near it when that is full: distances 0, 1, -1, 2, -2 and so on.
import type { Stateful } from "../../base/stateful.js";
import type { Flash, FlashClient } from "../../hil/flash.js";
import {
  appendObject,
  encodeObject,
  type Found,
  findKey,
  invalidate,
  isRubbish,
  isTooLarge,
  readValue,
  type TicKvError,
} from "./tickv-format.js";

/** Hash of "tickv-super-key", which marks a flash that is initialised, most significant byte first. */
const MAIN_KEY = Uint8Array.of(0x7b, 0xc9, 0xf7, 0xff, 0x4f, 0x76, 0xf2, 0x44);

const NOTHING = new Uint8Array();

export interface TicKvClient {
  /** The operation is over. `value` is what was read, else empty. Never called from within a request. */
  ticKvComplete(error: TicKvError | undefined, value: Uint8Array): void;
}

/** Where the regions lie: whole pages. */
export interface TicKvRegions {
  firstPage: number;
  count: number;
}

/** What stands where in a flash that is initialised and holds no key: its main key. */
export function initialisedTicKv(
  { firstPage, count }: TicKvRegions,
  pageSize: number,
): readonly [address: number, bytes: Uint8Array] {
  const page = firstPage + homeOf(MAIN_KEY, count);
  return [page * pageSize, encodeObject(MAIN_KEY, NOTHING)];
}

/** The region that a hash names: its lower 16 bits, by the number of regions. */
const homeOf = (hash: Uint8Array, count: number): number =>
  (((hash[6] as number) << 8) | (hash[7] as number)) % count;

interface Operation {
  kind: "initFind" | "initErase" | "initAppend" | "get" | "append" | "invalidate" | "collect";
  hash: Uint8Array;
  /** What is appended. */
  value: Uint8Array;
  /** Bytes of a value that can be taken. */
  room: number;
  /** The region under work. */
  region: number;
}

export interface TicKvState {
  operation: Operation | null;
  /** What waits for the end of the initialisation. */
  next: Operation | null;
}

export class TicKv implements FlashClient, Stateful<TicKvState> {
  readonly #flash: Flash;
  readonly #regions: TicKvRegions;
  #client: TicKvClient | undefined;
  #operation: Operation | null = null;
  #next: Operation | null = null;

  constructor(flash: Flash, regions: TicKvRegions) {
    this.#flash = flash;
    this.#regions = regions;
    flash.setFlashClient(this);
  }

  setTicKvClient(client: TicKvClient): void {
    this.#client = client;
  }

  /** Looks for the main key; a flash without it is erased, whatever else it holds. */
  initialise(): void {
    this.#begin({ kind: "initFind", hash: MAIN_KEY, value: NOTHING, room: 0, region: 0 });
  }

  /** The requests say whether they were taken; one more can wait while the flash is initialised. */
  get(hash: Uint8Array, room: number): "BUSY" | undefined {
    return this.#request({ kind: "get", hash, value: NOTHING, room, region: 0 });
  }

  append(hash: Uint8Array, value: Uint8Array): "BUSY" | "SIZE" | undefined {
    if (isTooLarge(value)) return "SIZE";
    return this.#request({ kind: "append", hash, value: value.slice(), room: 0, region: 0 });
  }

  invalidate(hash: Uint8Array): "BUSY" | undefined {
    return this.#request({ kind: "invalidate", hash, value: NOTHING, room: 0, region: 0 });
  }

  garbageCollect(): "BUSY" | undefined {
    return this.#request({ kind: "collect", hash: NOTHING, value: NOTHING, room: 0, region: 0 });
  }

  readComplete(region: Uint8Array): void {
    const operation = this.#operation;
    if (operation === null) return;
    switch (operation.kind) {
      case "initFind":
      case "get":
      case "invalidate":
        this.#look(operation, region, findKey(region, operation.hash));
        break;
      case "initAppend":
      case "append":
        this.#append(operation, region);
        break;
      case "collect":
        this.#collect(operation, region);
        break;
    }
  }

  writeComplete(): void {
    const operation = this.#operation;
    if (operation === null) return;
    if (operation.kind === "initAppend") this.#initialised();
    else this.#finish(undefined);
  }

  eraseComplete(): void {
    const operation = this.#operation;
    if (operation === null) return;
    operation.region++;
    const done = operation.region >= this.#regions.count;
    if (operation.kind === "collect") {
      if (done) this.#finish(undefined);
      else this.#read();
    } else if (!done) {
      this.#flash.erasePage(this.#page);
    } else {
      this.#begin({ ...operation, kind: "initAppend" });
    }
  }

  save(): TicKvState {
    return structuredClone({ operation: this.#operation, next: this.#next });
  }

  load(state: TicKvState): void {
    const { operation, next } = structuredClone(state);
    this.#operation = operation;
    this.#next = next;
  }

  get #page(): number {
    return this.#regions.firstPage + (this.#operation?.region ?? 0);
  }

  #home(hash: Uint8Array): number {
    return homeOf(hash, this.#regions.count);
  }

  #request(operation: Operation): "BUSY" | undefined {
    if (this.#operation === null) this.#begin(operation);
    else if (this.#operation.kind.startsWith("init")) this.#next = operation;
    else return "BUSY";
    return undefined;
  }

  #begin(operation: Operation): void {
    const region = operation.kind === "collect" ? 0 : this.#home(operation.hash);
    this.#operation = { ...operation, region };
    this.#read();
  }

  #read(): void {
    this.#flash.readPage(this.#page);
  }

  #look(operation: Operation, region: Uint8Array, found: Found): void {
    if (found.error !== undefined) {
      if (found.elsewhere && this.#toNextRegion(operation)) this.#read();
      else this.#notFound(operation, found.error);
    } else if (operation.kind === "invalidate") {
      this.#flash.writePage(this.#page, invalidate(region, found.at));
    } else {
      const { value, error } = readValue(region, found, operation.room);
      if (operation.kind === "get") this.#finish(error, value);
      else if (error === undefined) this.#initialised();
      else this.#notFound(operation, error);
    }
  }

  /** Without a main key that can be read the whole flash is erased. */
  #notFound(operation: Operation, error: TicKvError): void {
    if (operation.kind !== "initFind") {
      this.#finish(error);
      return;
    }
    operation.kind = "initErase";
    operation.region = 0;
    this.#flash.erasePage(this.#page);
  }

  #append(operation: Operation, region: Uint8Array): void {
    const { hash, value } = operation;
    if (findKey(region, hash).error === undefined) {
      this.#finish("KeyAlreadyExists");
      return;
    }
    const appended = appendObject(region, encodeObject(hash, value));
    if (appended === null) {
      if (this.#toNextRegion(operation)) this.#read();
      else this.#finish("FlashFull");
    } else if (typeof appended === "string") this.#finish(appended);
    else this.#flash.writePage(this.#page, appended);
  }

  #collect(operation: Operation, region: Uint8Array): void {
    const rubbish = isRubbish(region);
    // Upstream forgets to tell anybody, and is busy for ever.
    if (typeof rubbish === "string") return;
    if (rubbish) {
      this.#flash.erasePage(this.#page);
      return;
    }
    operation.region++;
    if (operation.region < this.#regions.count) this.#read();
    else this.#finish(undefined);
  }

  /** False when no region is left. */
  #toNextRegion(operation: Operation): boolean {
    const home = this.#home(operation.hash);
    let distance = operation.region - home;
    for (let tries = 0; tries < 2 * this.#regions.count; tries++) {
      distance = distance > 0 ? -distance : 1 - distance;
      const region = home + distance;
      if (region < 0 || region >= this.#regions.count) continue;
      operation.region = region;
      return true;
    }
    return false;
  }

  #initialised(): void {
    const next = this.#next;
    this.#operation = null;
    this.#next = null;
    if (next !== null) this.#begin(next);
  }

  #finish(error: TicKvError | undefined, value: Uint8Array = NOTHING): void {
    this.#operation = null;
    this.#client?.ticKvComplete(error, value);
  }
}
