// Nonvolatile storage with a region for each app, driver 0x50004
// (capsules/extra/src/isolated_nonvolatile_storage_driver.rs). Grant [3 upcalls, 1 read-only, 1 read-write].
//
//   command 0                existence check
//   command 1                upcall 0 (status, bytes of the app's region, 0)
//   command 2  offset        read into read-write buffer 0; upcall 1 (status, bytes, 0)
//   command 3  offset        write read-only buffer 0; upcall 2 (status, bytes, 0)
//                            NOSUPPORT without a ShortId and permission, BUSY while the own one is under way
//
// Regions lie one behind the other, each behind a header: a word {version in the upper byte, length}, the ShortId of its
// app, and the exclusive-or of both. They are looked for at the first command; an app without one gets the next free one.
// One operation moves at most 512 bytes. An app for which there is no room waits for ever.
import type { Stateful } from "../../base/stateful.js";
import type {
  NonvolatileStorage,
  NonvolatileStorageClient,
} from "../../hil/nonvolatile-storage.js";
import type { ProcessError, ProcessId, ProcessLookup, SyscallDriver } from "../driver.js";
import type { Grant, GrantShape, GrantView } from "../grant.js";
import { checkModifyPermission, checkReadPermission, writeIdOf } from "../storage-permissions.js";
import { ErrorCode, Return, type SyscallReturn } from "../syscalls.js";
import type { StorageRegion } from "./nonvolatile-storage.js";

const BUF_LEN = 512;
const BUFFER = 0;
const HEADER_LENGTH = 12;
const HEADER_VERSION = 1;
const MAX_REGION_LENGTH = 2 << 23;
/** Numbers of commands, as they stand in the grant; 0: none. */
const Command = { GetSize: 1, Read: 2, Write: 3 } as const;
/** The upcall of a command. */
const upcallOf = (command: number): number => command - 1;

/** `regionVersion` is 0 while the app's region is not known. */
const layout = {
  regionVersion: "u32",
  regionAddress: "u32",
  regionLength: "u32",
  pendingOperation: "u32",
  offset: "u32",
} as const;
type View = GrantView<typeof layout>;

export const ISOLATED_NONVOLATILE_STORAGE_GRANT: GrantShape<typeof layout> = {
  driver: 0x50004,
  upcalls: 3,
  readOnlyAllows: 1,
  readWriteAllows: 1,
  data: layout,
};

export interface IsolatedStorageOptions extends StorageRegion {
  /** Bytes that an app gets. */
  appRegionSize: number;
}

/** Who has the storage. */
type User =
  | { kind: "app"; process: ProcessId }
  | { kind: "discoverRegions"; header: number }
  | { kind: "writeHeader"; process: ProcessId; address: number; length: number }
  | { kind: "eraseRegion"; next: number; remaining: number };

export interface IsolatedNonvolatileStorageState {
  currentUser: User | null;
  /** Where the next region's header goes; `null` before regions were looked for. */
  nextHeader: number | null;
  /** The kernel's buffer is away; it can be for good. */
  bufferTaken: boolean;
}

interface RegionHeader {
  version: number;
  length: number;
  shortId: number;
}

function writeHeader({ version, length, shortId }: RegionHeader): Uint8Array {
  const bytes = new Uint8Array(HEADER_LENGTH);
  const view = new DataView(bytes.buffer);
  const versionAndLength = ((version << 24) | length) >>> 0;
  view.setUint32(0, versionAndLength, true);
  view.setUint32(4, shortId, true);
  view.setUint32(8, versionAndLength ^ shortId, true);
  return bytes;
}

/** `undefined` for bytes that are no header. */
function readHeader(bytes: Uint8Array): RegionHeader | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const versionAndLength = view.getUint32(0, true);
  const shortId = view.getUint32(4, true);
  const version = versionAndLength >>> 24;
  if (version !== HEADER_VERSION || view.getUint32(8, true) !== (versionAndLength ^ shortId) >>> 0)
    return undefined;
  return { version, length: versionAndLength & 0xffffff, shortId };
}

export class IsolatedNonvolatileStorage
  implements SyscallDriver, NonvolatileStorageClient, Stateful<IsolatedNonvolatileStorageState>
{
  readonly #storage: NonvolatileStorage;
  readonly #grant: Grant<typeof layout>;
  readonly #processes: ProcessLookup;
  readonly #options: IsolatedStorageOptions;
  #state: IsolatedNonvolatileStorageState = {
    currentUser: null,
    nextHeader: null,
    bufferTaken: false,
  };

  constructor(
    storage: NonvolatileStorage,
    grant: Grant<typeof layout>,
    processes: ProcessLookup,
    options: IsolatedStorageOptions,
  ) {
    this.#storage = storage;
    this.#grant = grant;
    this.#processes = processes;
    this.#options = options;
    storage.setNonvolatileStorageClient(this);
  }

  command(commandNum: number, offset: number, _high: number, process: ProcessId): SyscallReturn {
    if (commandNum === 0) return Return.success();
    if (commandNum > Command.Write) return Return.failure(ErrorCode.NOSUPPORT);
    if (!this.#permitted(process, commandNum)) return Return.failure(ErrorCode.NOSUPPORT);
    const queued = this.#grant.command(process, ({ data }) => {
      if (data.pendingOperation !== 0) return Return.failure(ErrorCode.BUSY);
      data.pendingOperation = commandNum;
      data.offset = commandNum === Command.GetSize ? 0 : offset;
      return Return.success();
    });
    if (queued.length === 1) this.#checkQueue();
    return queued;
  }

  allocateGrant(process: ProcessId): ProcessError | undefined {
    return this.#grant.allocate(process);
  }

  readDone(bytes: Uint8Array): void {
    const user = this.#state.currentUser;
    this.#state.currentUser = null;
    if (user?.kind === "discoverRegions") {
      this.#state.bufferTaken = false;
      this.#headerRead(user.header, bytes);
    } else if (user?.kind === "app") {
      // Upstream's buffer is gone for good when the app is.
      this.#grant.enter(user.process, view => {
        const buffer = view.readWrite(BUFFER);
        const length = Math.min(buffer.length, bytes.length);
        buffer.write(0, bytes.subarray(0, length));
        this.#state.bufferTaken = false;
        view.data.pendingOperation = 0;
        view.scheduleUpcall(upcallOf(Command.Read), 0, length, 0);
      });
      this.#checkQueue();
    }
  }

  writeDone(length: number): void {
    this.#state.bufferTaken = false;
    const user = this.#state.currentUser;
    this.#state.currentUser = null;
    if (user?.kind === "app") {
      this.#grant.enter(user.process, view => {
        view.data.pendingOperation = 0;
        view.scheduleUpcall(upcallOf(Command.Write), 0, length, 0);
      });
    } else if (user?.kind === "writeHeader") {
      this.#grant.enter(user.process, ({ data }) => {
        data.regionVersion = HEADER_VERSION;
        data.regionAddress = user.address;
        data.regionLength = user.length;
      });
      this.#state.nextHeader = user.address + user.length;
      if (this.#erase(user.address, user.length)) return;
    } else if (user?.kind === "eraseRegion" && user.remaining > 0) {
      if (this.#erase(user.next, user.remaining)) return;
    }
    if (user !== null) this.#checkQueue();
  }

  save(): IsolatedNonvolatileStorageState {
    return structuredClone(this.#state);
  }

  load(state: IsolatedNonvolatileStorageState): void {
    this.#state = structuredClone(state);
  }

  #permitted(process: ProcessId, command: number): boolean {
    const permissions = this.#processes.storagePermissions(process);
    if (permissions === undefined) return false;
    const id = writeIdOf(permissions);
    if (id === undefined) return false;
    if (command === Command.GetSize) return true;
    return command === Command.Read
      ? checkReadPermission(permissions, id)
      : checkModifyPermission(permissions, id);
  }

  #checkQueue(): void {
    if (this.#state.currentUser !== null) return;
    if (this.#state.nextHeader === null) {
      this.#discover(this.#options.start);
      return;
    }
    let started = false;
    this.#grant.each((view, process) => {
      const { pendingOperation, regionVersion } = view.data;
      if (started || pendingOperation === 0) return;
      started = regionVersion === 0 ? this.#allocate(process) : this.#serve(view, process);
    });
  }

  /** Reads the header at `header`; false where none can lie. */
  #discover(header: number): boolean {
    if (!this.#headerAllowed(header, this.#options.appRegionSize) || this.#state.bufferTaken)
      return false;
    this.#state.bufferTaken = true;
    if (this.#storage.read(header, HEADER_LENGTH) !== undefined) return false;
    this.#state.currentUser = { kind: "discoverRegions", header };
    return true;
  }

  #headerRead(address: number, bytes: Uint8Array): void {
    const header = readHeader(bytes);
    if (header === undefined) {
      this.#state.nextHeader = address;
      this.#checkQueue();
      return;
    }
    let found = false;
    this.#grant.each(({ data }, process) => {
      const permissions = this.#processes.storagePermissions(process);
      if (found || permissions === undefined || writeIdOf(permissions) !== header.shortId) return;
      found = true;
      if (data.regionVersion !== 0) return;
      data.regionVersion = header.version;
      data.regionAddress = address + HEADER_LENGTH;
      data.regionLength = header.length;
    });
    // With regions up to the very end upstream starts over and over again.
    if (!this.#discover(address + HEADER_LENGTH + header.length)) this.#checkQueue();
  }

  /** Writes the header of a new region; false when there is no room. */
  #allocate(process: ProcessId): boolean {
    const { start, length: total, appRegionSize: length } = this.#options;
    const permissions = this.#processes.storagePermissions(process);
    const shortId = permissions === undefined ? undefined : writeIdOf(permissions);
    const header = this.#state.nextHeader;
    if (header === null || shortId === undefined || length > MAX_REGION_LENGTH) return false;
    const address = header + HEADER_LENGTH;
    if (address + length > start + total) return false;
    if (!this.#headerAllowed(address, length) || this.#state.bufferTaken) return false;
    this.#state.bufferTaken = true;
    const bytes = writeHeader({ version: HEADER_VERSION, length, shortId });
    if (this.#storage.write(header, bytes) !== undefined) return false;
    this.#state.currentUser = { kind: "writeHeader", process, address, length };
    return true;
  }

  /** Fills the next part of a new region with ones; false when it cannot be. */
  #erase(address: number, length: number): boolean {
    if (!this.#headerAllowed(address, length) || this.#state.bufferTaken) return false;
    const active = Math.min(length, BUF_LEN);
    this.#state.bufferTaken = true;
    const ones = new Uint8Array(active).fill(0xff);
    if (this.#storage.write(address, ones) !== undefined) return false;
    const remaining = Math.max(0, length - BUF_LEN);
    this.#state.currentUser = { kind: "eraseRegion", next: address + active, remaining };
    return true;
  }

  #headerAllowed(address: number, length: number): boolean {
    const { start, length: total } = this.#options;
    return address >= start && length <= total && address + length < start + total;
  }

  /** True when the storage is busy with the app's operation. */
  #serve(view: View, process: ProcessId): boolean {
    const { data } = view;
    const command = data.pendingOperation;
    if (command === Command.GetSize) {
      data.pendingOperation = 0;
      view.scheduleUpcall(upcallOf(command), 0, data.regionLength, 0);
      return false;
    }
    const error = this.#start(view, command);
    if (error === undefined) {
      this.#state.currentUser = { kind: "app", process };
      return true;
    }
    data.pendingOperation = 0;
    view.scheduleUpcall(upcallOf(command), error, 0, 0);
    return false;
  }

  #start(view: View, command: number): ErrorCode | undefined {
    const { offset, regionAddress, regionLength } = view.data;
    const buffer = command === Command.Read ? view.readWrite(BUFFER) : view.readOnly(BUFFER);
    const { length } = buffer;
    if (length === 0) return ErrorCode.RESERVE;
    if (offset >= regionLength || offset + length > regionLength) return ErrorCode.INVAL;
    if (this.#state.bufferTaken) return ErrorCode.RESERVE;
    this.#state.bufferTaken = true;
    const active = Math.min(length, BUF_LEN);
    const address = regionAddress + offset;
    const failure =
      command === Command.Read
        ? this.#storage.read(address, active)
        : this.#storage.write(address, buffer.read(0, active));
    return failure === undefined ? undefined : ErrorCode.FAIL;
  }
}
