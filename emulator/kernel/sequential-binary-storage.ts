// Installs binaries in the flash from which apps run (kernel/src/dynamic_binary_storage.rs `SequentialDynamicBinaryStorage`).
//
// The list of apps in flash can be walked after every write, whenever power fails:
//
//   setup      padding from the end of the new binary up to the next app, then padding over the reserved room
//   write      anything in the reserved room; bytes 0 to 7 only together, and only with the reserved length
//   finalize   padding from the app before it up to the new binary, which joins it to the list
//   abort      padding over the reserved room again
//
// Unlike upstream's, the first bytes of the new binary are held back until `finalize`: until then the reserved room is padding,
// so that nobody runs half a binary when power fails.
//
// Upstream's buffers are lost on some ways of failing, and then so is what they are needed for: see `#hasBuffer`.
import type { Clock } from "../base/clock.js";
import type { Device } from "../devices/device.js";
import { parseTbfHeaderLengths } from "../formats/tbf.js";
import { writePaddingHeader } from "../formats/tbf-write.js";
import type { NonvolatileStorage, NonvolatileStorageClient } from "../hil/nonvolatile-storage.js";
import type {
  BinaryStorage,
  DynamicBinaryStoreClient,
  DynamicProcessLoadClient,
  DynamicProcessUnloadClient,
  StoreFailure,
} from "./dynamic-loading.js";
import type { Place } from "./flash-layout.js";
import type { RuntimeLoader } from "./runtime-loader.js";

const PADDING_HEADER_SIZE = 16;
/** Version and lengths, from which the next app is found. */
const HEADER_START = 8;

type State = "Idle" | "Setup" | "AppWrite" | "Load" | "Abort" | "Unload" | "Fail";

/** Deferred calls: the end of `finalize` or `unload`, and the loader's. */
const Tag = { done: 0, load: 1 } as const;

/** The binary being installed. */
interface Installed extends Place {
  length: number;
  /** The padding over the reserved room has been begun. */
  reserved: boolean;
  /** What is to lie where that padding's header lies, once it has been written. */
  head: Uint8Array | null;
}

export interface BinaryStorageState {
  state: State;
  binary: Installed | null;
  /** The buffer for padding headers is here. Failing writes lose it; a client's buffer can come in its place. */
  hasBuffer: boolean;
  /** The client's buffer while it is being written from. */
  lent: Uint8Array | null;
  /** Of the process that was unloaded; `null` when there was none, from which upstream's storage never recovers. */
  unloaded: number | null;
  /** What the loader is about to make a process of, and its first bytes if they are not in flash yet. */
  loading: { start: number; size: number; head: Uint8Array | null } | null;
  /** First bytes that were held back are being written. */
  joining: boolean;
}

const idle = (): BinaryStorageState => ({
  state: "Idle",
  binary: null,
  hasBuffer: true,
  lent: null,
  unloaded: null,
  loading: null,
  joining: false,
});

export class SequentialBinaryStorage
  implements BinaryStorage, NonvolatileStorageClient, Device<BinaryStorageState>
{
  readonly name = "binaryStorage";
  readonly #clock: Clock;
  readonly #storage: NonvolatileStorage;
  readonly #loader: RuntimeLoader;
  #storageClient: DynamicBinaryStoreClient | undefined;
  #loadClient: DynamicProcessLoadClient | undefined;
  #unloadClient: DynamicProcessUnloadClient | undefined;
  #s = idle();

  constructor(clock: Clock, storage: NonvolatileStorage, loader: RuntimeLoader) {
    this.#clock = clock;
    this.#storage = storage;
    this.#loader = loader;
    storage.setNonvolatileStorageClient(this);
  }

  /** Room is reserved, or padding is being written. */
  get busy(): boolean {
    const { state, hasBuffer } = this.#s;
    return state === "Load" ? !hasBuffer : state !== "Idle" && state !== "Unload";
  }

  /** Whether these bytes belong to the binary that is being written, and nothing is found by them. */
  isExpendable(start: number, length: number): boolean {
    const { binary } = this.#s;
    if (binary === null || !binary.reserved) return false;
    return start > binary.start && start + length <= binary.start + binary.length;
  }

  setStorageClient(client: DynamicBinaryStoreClient): void {
    this.#storageClient = client;
  }

  setLoadClient(client: DynamicProcessLoadClient): void {
    this.#loadClient = client;
  }

  setUnloadClient(client: DynamicProcessUnloadClient): void {
    this.#unloadClient = client;
  }

  setup(length: number): StoreFailure | undefined {
    const s = this.#s;
    if (s.state !== "Idle") {
      // Upstream forgets here what it is installing, and goes on at address 0.
      s.binary = { start: 0, length: 0, before: null, after: null, reserved: false, head: null };
      return "INVAL";
    }
    const place = this.#loader.findPlace(length);
    if (place === undefined) return "FAIL";
    s.state = "Setup";
    s.binary = { ...place, length, reserved: false, head: null };
    if (place.after === null) this.#reserve(s.binary);
    else if (this.#pad(place.after.start, place.after.length) !== undefined) this.#forget();
    return undefined;
  }

  write(buffer: Uint8Array, length: number, offset: number): StoreFailure | undefined {
    const s = this.#s;
    if (s.state !== "AppWrite" || s.binary === null) return "INVAL";
    const bytes = buffer.subarray(0, length);
    const failure =
      refuseWrite(bytes, offset, s.binary.length) ??
      this.#storage.write(s.binary.start + offset, withholdHead(s.binary, bytes, offset));
    if (failure === undefined) s.lent = buffer;
    else s.state = "Fail";
    return failure;
  }

  finalize(): StoreFailure | undefined {
    const s = this.#s;
    if (s.state !== "AppWrite" || s.binary === null) return "INVAL";
    const { before } = s.binary;
    s.state = "Load";
    if (before === null) {
      this.#loader.debug("No PrePad app to write.");
      // A piece that is still being written comes before the head, and then `writeDone` goes on here.
      if (s.lent === null && !this.#writeHead(s.binary)) this.#defer(Tag.done);
    } else if (this.#pad(before.start, before.length) === undefined) {
      this.#loader.debug("Successfully writing prepadding app");
    } else {
      this.#forget();
      return "FAIL";
    }
    return undefined;
  }

  abort(): StoreFailure | undefined {
    const s = this.#s;
    if (s.state !== "Setup" && s.state !== "AppWrite") return "INVAL";
    s.state = "Abort";
    if (s.binary === null) return "FAIL";
    return this.#pad(s.binary.start, s.binary.length) === undefined ? undefined : "BUSY";
  }

  loadProcess(): StoreFailure | undefined {
    const { state, binary } = this.#s;
    if (state !== "Load") return "INVAL";
    this.#forget();
    if (binary === null || !this.#loader.isBinary(binary.start)) return "FAIL";
    const { start, length: size, head } = binary;
    this.#s.loading = { start, size, head };
    // Nobody needs to wait until `finalize` is done; then the first bytes are still to come.
    if (head === null && !this.#s.joining) this.#defer(Tag.load);
    return undefined;
  }

  unload(shortId: number): StoreFailure | undefined {
    const s = this.#s;
    if (s.state !== "Idle") return "BUSY";
    s.state = "Unload";
    s.unloaded = this.#loader.remove(shortId) ?? null;
    if (s.unloaded === null) return "INVAL";
    this.#defer(Tag.done);
    return undefined;
  }

  readDone(): void {}

  writeDone(length: number): void {
    const s = this.#s;
    const { state, lent, binary } = s;
    s.lent = null;
    s.joining = false;
    if (s.loading !== null && !this.#writeHead(s.loading)) this.#defer(Tag.load);
    if (state === "AppWrite" && lent !== null) {
      this.#storageClient?.writeDone(undefined, lent, length);
      return;
    }
    s.hasBuffer = true;
    if (state === "Fail") {
      // Padding is written in every state but this one: upstream's attempt only loses the buffer.
      s.hasBuffer = false;
      this.#forget();
    } else if (state === "Setup" && binary !== null) {
      if (!binary.reserved) this.#reserve(binary);
      else {
        s.state = "AppWrite";
        this.#storageClient?.setupDone(undefined);
      }
    } else if (state === "Load") {
      if (binary === null || !this.#writeHead(binary)) this.#storageClient?.finalizeDone(undefined);
    } else if (state === "Abort") {
      this.#forget();
      this.#storageClient?.abortDone(undefined);
    }
  }

  onEvent(tag: number): void {
    if (tag === Tag.load) this.#load();
    else if (this.#s.state === "Load") this.#storageClient?.finalizeDone(undefined);
    else if (this.#s.state === "Unload") {
      const handle = this.#s.unloaded ?? 0;
      this.#forget();
      this.#unloadClient?.unloadDone(undefined, handle);
    }
  }

  save(): BinaryStorageState {
    return structuredClone(this.#s);
  }

  load(state: BinaryStorageState): void {
    this.#s = structuredClone(state);
  }

  #load(): void {
    const { loading } = this.#s;
    if (loading === null) return;
    this.#s.loading = null;
    const { start, size } = loading;
    this.#loader.load({ start, size }, error => this.#loadClient?.loadDone(error));
    this.#loadClient?.loadDone(undefined);
  }

  /** Padding over the room of the new binary: until it is written, the list of apps goes on behind it. */
  #reserve(binary: Installed): void {
    binary.reserved = true;
    this.#pad(binary.start, binary.length);
  }

  /** The binary takes the place of the padding; whether there is anything to write. */
  #writeHead(binary: { start: number; head: Uint8Array | null }): boolean {
    const { start, head } = binary;
    binary.head = null;
    this.#s.joining = head !== null && this.#storage.write(start, head) === undefined;
    return this.#s.joining;
  }

  #pad(address: number, length: number): StoreFailure | undefined {
    const s = this.#s;
    if (!s.hasBuffer) return "BUSY";
    s.hasBuffer = false;
    if (!this.#loader.withinFlash(address, PADDING_HEADER_SIZE)) return "NOMEM";
    // After a second setup: upstream takes what is written at 0 for a binary's header, and padding of no bytes is none.
    if (address === 0) return "INVAL";
    if (!this.#loader.mayPad(address)) return "NOMEM";
    return this.#storage.write(address, writePaddingHeader(length));
  }

  #forget(): void {
    this.#s.state = "Idle";
    this.#s.binary = null;
  }

  #defer(tag: number): void {
    this.#clock.cancel(this.name, tag);
    this.#clock.schedule(this.name, tag, 0);
  }
}

/** What of `bytes` goes into flash now; what belongs where the padding's header is goes into `binary.head`. */
function withholdHead(binary: Installed, bytes: Uint8Array, offset: number): Uint8Array {
  const padding = writePaddingHeader(binary.length).subarray(offset);
  if (padding.length === 0) return bytes;
  binary.head ??= writePaddingHeader(binary.length);
  binary.head.set(bytes.subarray(0, padding.length), offset);
  const shown = bytes.slice();
  shown.set(padding.subarray(0, bytes.length));
  return shown;
}

/** Rules for what an app may write of its binary. */
export function refuseWrite(
  bytes: Uint8Array,
  offset: number,
  binaryLength: number,
): StoreFailure | undefined {
  if (offset + bytes.length > binaryLength) return "INVAL";
  if (offset === 0 ? bytes.length < HEADER_START : offset < HEADER_START) return "INVAL";
  if (offset !== 0) return undefined;
  const lengths = parseTbfHeaderLengths(bytes);
  return lengths.error || lengths.value.totalSize !== binaryLength ? "INVAL" : undefined;
}
