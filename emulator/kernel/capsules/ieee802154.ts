// IEEE 802.15.4 frames that the kernel makes, driver 0x30001 (capsules/extra/src/ieee802154/driver.rs).
// Grant [2 upcalls, 1 read-only, 2 read-write allows].
//
//   command 0                existence check
//   command 1                OFF if the radio is off
//   command 2, 8  address    set, get the short address
//   command 3, 9             set, get the long address in read-write buffer 1 of 8 bytes, else SIZE
//   command 4, 10 pan        set, get the network
//   command 7                commit the configuration
//   command 13, 14           most neighbours, number of neighbours
//   command 15, 16 index     short address of a neighbour; long one into buffer 1. INVAL if there is none
//   command 17 address       add a neighbour whose long address stands in buffer 1; its index. INVAL beyond four
//   command 18 index         remove a neighbour
//   command 19, 20           most keys, number of keys
//   command 21 index         security level of a key
//   command 22, 23 index     key identifier (10 bytes), key (16) into buffer 1
//   command 24               add the key in buffer 1 (27 bytes); its index
//   command 25 index         remove a key
//   command 26 address       send read-only buffer 0 to a short address; upcall 1 (status, acknowledged, 0). Buffer 1 of 11
//                            bytes holds security level and key identifier. BUSY while the app's last frame waits
//   command 28, 29 low high  set, get the long address
//   command 30               switch the radio on
//
// Numbers are returned plus one, but not those of command 29. A frame received makes upcall 0 (link quality, 0, 0) in every
// app whose read-write buffer 0 is a ring of frames. Frames go out under the short address, for which upstream cannot secure
// them: FAIL. A frame too long for the kernel's buffer loses that: NOMEM from then on.
import type { Stateful } from "../../base/stateful.js";
import type { MacClient, MacDevice, MacHeader, RadioFailure } from "../../hil/radio.js";
import { type ProcessError, type ProcessId, type SyscallDriver, sameProcess } from "../driver.js";
import type { Grant, GrantShape, GrantView, WriteableBuffer } from "../grant.js";
import { ErrorCode, Return, type SyscallReturn } from "../syscalls.js";
import { longAddress } from "./ieee802154-frame.js";
import { MAC_BUFFER_LENGTH } from "./ieee802154-mac.js";
import { pushFrame } from "./ieee802154-ring.js";

const Upcall = { received: 0, transmitted: 1 } as const;
const WRITE = 0;
const ReadWrite = { ring: 0, configuration: 1 } as const;
const MAX_NEIGHBOURS = 4;
const MAX_KEYS = 4;
/** Bytes of a data frame between two short addresses in front of its data. */
const HEADER_LENGTH = 9;

/** `Option<(u16, Option<(SecurityLevel, KeyId)>)>`: a frame that waits; the rest of the 14 bytes holds no more here. */
const layout = {
  destinationLow: "u8",
  destinationHigh: "u8",
  pending: "bool",
  secured: "bool",
  keyId: ["u8", 10],
} as const;
type View = GrantView<typeof layout>;

export const IEEE802154_GRANT: GrantShape<typeof layout> = {
  driver: 0x30001,
  upcalls: 2,
  readOnlyAllows: 1,
  readWriteAllows: 2,
  data: layout,
};

interface Neighbour {
  short: number;
  long: Uint8Array;
}

interface Key {
  level: number;
  /** As upstream encodes it for apps: mode, then source and index. */
  keyId: Uint8Array;
  key: Uint8Array;
}

export interface Ieee802154State {
  neighbours: Neighbour[];
  keys: Key[];
  app: ProcessId | null;
  /** The kernel's buffer is here. */
  bufferHere: boolean;
}

const codeOf = (failure: RadioFailure): ErrorCode => ErrorCode[failure];
const statusOf = (failure: RadioFailure | undefined): number =>
  failure === undefined ? 0 : codeOf(failure);
const invalid = Return.failure(ErrorCode.INVAL);
const plusOne = (value: number): SyscallReturn => Return.successU32(value + 1);

export class Ieee802154Driver implements SyscallDriver, MacClient, Stateful<Ieee802154State> {
  readonly #mac: MacDevice;
  readonly #grant: Grant<typeof layout>;
  #state: Ieee802154State = { neighbours: [], keys: [], app: null, bufferHere: true };

  constructor(mac: MacDevice, grant: Grant<typeof layout>) {
    this.#mac = mac;
    this.#grant = grant;
    mac.setClient(this);
  }

  command(commandNum: number, arg1: number, arg2: number, process: ProcessId): SyscallReturn {
    const { radio } = this.#mac;
    switch (commandNum) {
      case 0:
        return Return.success();
      case 1:
        return radio.isOn() ? Return.success() : Return.failure(ErrorCode.OFF);
      case 2:
        radio.setConfig({ address: arg1 & 0xffff });
        return Return.success();
      case 4:
        radio.setConfig({ pan: arg1 & 0xffff });
        return Return.success();
      case 7:
        radio.configCommit();
        return Return.success();
      case 8:
        return plusOne(radio.getConfig().address);
      case 10:
        return plusOne(radio.getConfig().pan);
      case 26:
        return this.#send(arg1 & 0xffff, process);
      case 28:
        radio.setConfig({ addressLong: longAddress(arg1, arg2) });
        return Return.success();
      case 29:
        return Return.successU64(
          new DataView(radio.getConfig().addressLong.buffer).getBigUint64(0),
        );
      case 30:
        radio.start();
        return Return.success();
      default:
        return this.#list(commandNum, arg1) ?? this.#configure(commandNum, arg1, process);
    }
  }

  allocateGrant(process: ProcessId): ProcessError | undefined {
    return this.#grant.allocate(process);
  }

  sendDone(acked: boolean, failure: RadioFailure | undefined): void {
    const { app } = this.#state;
    this.#state.bufferHere = true;
    this.#state.app = null;
    if (app !== null)
      this.#grant.enter(app, view => {
        view.scheduleUpcall(Upcall.transmitted, statusOf(failure), acked ? 1 : 0, 0);
      });
    this.#nextAsync();
  }

  receiveFrame(frame: Uint8Array, header: MacHeader, lqi: number): void {
    this.#grant.each(view => {
      if (pushFrame(view.readWrite(ReadWrite.ring), frame, header.length))
        view.scheduleUpcall(Upcall.received, lqi, 0, 0);
    });
  }

  save(): Ieee802154State {
    return structuredClone(this.#state);
  }

  load(state: Ieee802154State): void {
    this.#state = structuredClone(state);
  }

  /** Commands on the lists of neighbours and keys that need no buffer. */
  #list(commandNum: number, index: number): SyscallReturn | undefined {
    const { neighbours, keys } = this.#state;
    switch (commandNum) {
      case 13:
        return plusOne(MAX_NEIGHBOURS);
      case 14:
        return plusOne(neighbours.length);
      case 15: {
        const neighbour = neighbours[index];
        return neighbour === undefined ? invalid : plusOne(neighbour.short);
      }
      case 18:
        return neighbours.splice(index, 1).length === 0 ? invalid : Return.success();
      case 19:
        return plusOne(MAX_KEYS);
      case 20:
        return plusOne(keys.length);
      case 21: {
        const key = keys[index];
        return key === undefined ? invalid : plusOne(key.level);
      }
      case 25:
        return keys.splice(index, 1).length === 0 ? invalid : Return.success();
      default:
        return undefined;
    }
  }

  /** Commands that move bytes through the configuration buffer, whose length must be right. */
  #configure(commandNum: number, arg1: number, process: ProcessId): SyscallReturn {
    const { radio } = this.#mac;
    const { neighbours, keys } = this.#state;
    const withBuffer = (length: number, f: (buffer: WriteableBuffer) => SyscallReturn) =>
      this.#grant.command(process, ({ readWrite }) => {
        const buffer = readWrite(ReadWrite.configuration);
        return buffer.length === length ? f(buffer) : Return.failure(ErrorCode.SIZE);
      });
    const give = (length: number, bytes: Uint8Array | undefined) =>
      withBuffer(length, buffer => {
        if (bytes === undefined) return invalid;
        buffer.write(0, bytes);
        return Return.success();
      });
    switch (commandNum) {
      case 3:
        return withBuffer(8, buffer => {
          radio.setConfig({ addressLong: buffer.read(0, 8) });
          return Return.success();
        });
      case 9:
        return give(8, radio.getConfig().addressLong);
      case 16:
        return give(8, neighbours[arg1]?.long);
      case 17:
        return withBuffer(8, buffer =>
          add(neighbours, { short: arg1 & 0xffff, long: buffer.read(0, 8) }, MAX_NEIGHBOURS),
        );
      case 22:
        // Upstream clears the buffer even when there is no such key.
        return withBuffer(10, buffer => {
          buffer.write(0, keys[arg1]?.keyId ?? new Uint8Array(10));
          return keys[arg1] === undefined ? invalid : Return.success();
        });
      case 23:
        return give(16, keys[arg1]?.key);
      case 24:
        return withBuffer(27, buffer => {
          const key = decodeKey(buffer.read(0, 27));
          return key === undefined ? invalid : add(keys, key, MAX_KEYS);
        });
      default:
        return Return.failure(ErrorCode.NOSUPPORT);
    }
  }

  #send(destination: number, process: ProcessId): SyscallReturn {
    const result = this.#grant.command(process, ({ data, readWrite }) => {
      if (data.pending) return Return.failure(ErrorCode.BUSY);
      const configuration = readWrite(ReadWrite.configuration);
      if (configuration.length !== 11) return invalid;
      const level = configuration.read8(0) & 7;
      if (level === 4 || (level !== 0 && configuration.read8(1) > 3)) return invalid;
      data.destinationLow = destination & 0xff;
      data.destinationHigh = destination >> 8;
      data.pending = true;
      data.secured = level !== 0;
      return Return.success();
    });
    if (result[0] === 0) return result;
    const next = this.#waiting();
    if (next === undefined) return Return.success();
    const error = this.#perform(next);
    if (error === undefined) return Return.success();
    if (sameProcess(next, process)) return Return.failure(error);
    this.#tell(next, error);
    return Return.success();
  }

  /** The first process whose frame waits, when none is sent. */
  #waiting(): ProcessId | undefined {
    if (this.#state.app !== null) return undefined;
    let next: ProcessId | undefined;
    this.#grant.each(({ data }, process) => {
      if (data.pending) next ??= process;
    });
    return next;
  }

  #nextAsync(): void {
    const next = this.#waiting();
    const error = next === undefined ? undefined : this.#perform(next);
    if (next !== undefined && error !== undefined) this.#tell(next, error);
  }

  #tell(process: ProcessId, error: ErrorCode): void {
    this.#grant.enter(process, view => {
      view.scheduleUpcall(Upcall.transmitted, error, 0, 0);
    });
  }

  #perform(process: ProcessId): ErrorCode | undefined {
    const entered = this.#grant.enter(process, view => this.#transmit(view));
    const error = entered.ok ? entered.value : ErrorCode.INVAL;
    if (error === undefined) this.#state.app = process;
    return error;
  }

  #transmit({ data, readOnly }: View): ErrorCode | undefined {
    data.pending = false;
    if (!this.#state.bufferHere) return ErrorCode.NOMEM;
    if (data.secured) return ErrorCode.FAIL;
    const payload = readOnly(WRITE);
    if (payload.length > MAC_BUFFER_LENGTH - HEADER_LENGTH) {
      this.#state.bufferHere = false;
      return ErrorCode.NOMEM;
    }
    const failure = this.#mac.transmit(
      { kind: "short", address: this.#mac.radio.getConfig().address },
      { kind: "short", address: data.destinationLow | (data.destinationHigh << 8) },
      payload.read(0, payload.length),
    );
    if (failure !== undefined) return codeOf(failure);
    this.#state.bufferHere = false;
    return undefined;
  }
}

/** Index of the entry, plus one; an entry that is there already is not added again. */
function add<T>(list: T[], entry: T, most: number): SyscallReturn {
  const text = JSON.stringify(entry);
  const index = list.findIndex(other => JSON.stringify(other) === text);
  if (index >= 0) return plusOne(index);
  if (list.length === most) return invalid;
  return plusOne(list.push(entry) - 1);
}

/** Level, key identifier in 10 bytes, key; source and index of an identifier are as long as its mode says. */
function decodeKey(bytes: Uint8Array): Key | undefined {
  const level = (bytes[0] as number) & 7;
  const mode = bytes[1] as number;
  const length = [0, 1, 5, 9][mode];
  if (level === 4 || length === undefined) return undefined;
  const keyId = new Uint8Array(10);
  keyId.set(bytes.subarray(1, 2 + length));
  return { level, keyId, key: bytes.slice(11, 27) };
}
