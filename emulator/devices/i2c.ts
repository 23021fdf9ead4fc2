// A two-wire bus: the chip's controller on it, the peripherals that a board attaches, and other masters, which the user
// plays (chips/nrf52/src/i2c.rs; UM10204 for what is on the wires).
import type { Clock } from "../base/clock.js";
import { UserError } from "../base/errors.js";
import type { InputValue, OutputValue, Trace } from "../base/trace.js";
import type { I2CError, I2CMasterClient, I2CMasterSlave, I2CSlaveClient } from "../hil/i2c.js";
import { bytesText, parseBytes } from "./bytes-text.js";
import type { Device } from "./device.js";

/** Something that answers at an address. */
export interface I2CPeripheral {
  /** A master wrote these bytes, up to a stop or repeated start. False: it does not acknowledge the data. */
  i2cWrite(bytes: Uint8Array): boolean;
  /** A master reads `length` bytes. */
  i2cRead(length: number): Uint8Array;
}

export interface I2COptions {
  name: string;
  /** Bits per second. */
  speed: number;
  /**
   * The driver of the chip keeps the buffer of a transfer as master where it kept the one to receive into as slave, so
   * that a master's transfer loses the latter (chips/nrf52/src/i2c.rs, `buf`).
   */
  sharedBuffer: boolean;
}

/** chips/nrf52/src/i2c.rs at the speed that boards choose. */
export const nrf52I2c = (name: string): I2COptions => ({
  name,
  speed: 400_000,
  sharedBuffer: true,
});

interface Transfer {
  address: number;
  buffer: Uint8Array;
  /** Bytes to write and to read; `null` when there is no such phase. */
  write: number | null;
  read: number | null;
}

/** What another master wants of the chip. */
interface Request {
  address: number;
  /** Bytes to write, or how many to read. */
  write: Uint8Array | null;
  read: number;
  /** The chip has been told that a buffer is missing. */
  expected: boolean;
}

export interface I2CState {
  role: "off" | "master" | "slave";
  transfer: Transfer | null;
  slaveAddress: number | null;
  receive: { buffer: Uint8Array; length: number } | null;
  send: { buffer: Uint8Array; length: number } | null;
  requests: Request[];
  /** The first request is on the wires. */
  serving: boolean;
  /** The last transfer, as text. */
  shown: string;
}

const Tag = { transferred: 0, served: 1, expected: 2 } as const;

/** Bits of a byte with its acknowledgement. */
const BITS_PER_BYTE = 9;
/** What a slave sends when it has no more (register ORC). */
const OVER_READ = 0;

/** Every transfer is an output: `write 0x50: 00 01 (acknowledged)`. */
export class I2CBus implements Device<I2CState>, I2CMasterSlave {
  readonly name: string;
  readonly takes =
    'what another master does, bytes in hexadecimal: "write 0x41 48 65" or "read 0x41 4"';
  readonly #clock: Clock;
  readonly #trace: Trace;
  readonly #options: I2COptions;
  readonly #peripherals = new Map<number, I2CPeripheral>();
  #masterClient: I2CMasterClient | undefined;
  #slaveClient: I2CSlaveClient | undefined;
  #state: I2CState = initial();

  constructor(clock: Clock, trace: Trace, options: I2COptions) {
    this.name = options.name;
    this.#clock = clock;
    this.#trace = trace;
    this.#options = options;
  }

  /** Puts a peripheral on the bus. Made once, before anything runs. */
  attach(address: number, peripheral: I2CPeripheral): void {
    if (this.#peripherals.has(address)) throw new Error(`two peripherals at ${address}`);
    this.#peripherals.set(address, peripheral);
  }

  setMasterClient(client: I2CMasterClient): void {
    this.#masterClient = client;
  }

  setSlaveClient(client: I2CSlaveClient): void {
    this.#slaveClient = client;
  }

  enableMaster(): void {
    this.#state.role = "master";
  }

  /** A transfer under way never completes. */
  disableMaster(): void {
    this.#turnOff();
  }

  enableSlave(): void {
    this.#state.role = "slave";
  }

  disableSlave(): void {
    this.#turnOff();
  }

  write(address: number, buffer: Uint8Array, length: number): I2CError | undefined {
    return this.#start({ address, buffer, write: length, read: null });
  }

  read(address: number, buffer: Uint8Array, length: number): I2CError | undefined {
    return this.#start({ address, buffer, write: null, read: length });
  }

  writeRead(
    address: number,
    buffer: Uint8Array,
    writeLength: number,
    readLength: number,
  ): I2CError | undefined {
    return this.#start({ address, buffer, write: writeLength, read: readLength });
  }

  setAddress(address: number): void {
    this.#state.slaveAddress = address;
  }

  writeReceive(buffer: Uint8Array, length: number): void {
    this.#state.receive = { buffer, length };
    this.#serve();
  }

  readSend(buffer: Uint8Array, length: number): void {
    this.#state.send = { buffer, length };
    this.#serve();
  }

  listen(): void {
    this.#serve();
  }

  onInput(value: InputValue): void {
    const [, action, address, rest] =
      /^(write|read)\s+0x([0-9a-f]{1,2})(?:\s+(.*))?$/i.exec(String(value).trim()) ?? [];
    const bytes = action === "write" ? parseBytes(rest ?? "") : undefined;
    const read = action === "read" && /^\d+$/.test(rest ?? "") ? Number(rest) : Number.NaN;
    const target = Number.parseInt(address ?? "", 16);
    if (!(target <= 0x7f) || (bytes === undefined && !(read > 0)))
      throw new UserError(`Input for ${this.name} must be ${this.takes}, not "${String(value)}".`);
    this.#state.requests.push({
      address: target,
      write: bytes ?? null,
      read: bytes === undefined ? read : 0,
      expected: false,
    });
    this.#serve();
  }

  shown(): OutputValue {
    return this.#state.shown;
  }

  onEvent(tag: number): void {
    if (tag === Tag.transferred) this.#finishTransfer();
    else if (tag === Tag.served) this.#finishRequest();
    else if (this.#state.requests[0]?.write) this.#slaveClient?.writeExpected();
    else this.#slaveClient?.readExpected();
    this.#serve();
  }

  save(): I2CState {
    return structuredClone(this.#state);
  }

  load(state: I2CState): void {
    this.#state = structuredClone(state);
  }

  #turnOff(): void {
    const state = this.#state;
    state.role = "off";
    state.transfer = null;
    this.#clock.cancel(this.name, Tag.transferred);
  }

  #start(transfer: Transfer): undefined {
    const state = this.#state;
    state.transfer = transfer;
    if (this.#options.sharedBuffer) state.receive = null;
    const answers = this.#peripherals.has(transfer.address);
    const bytes = answers ? (transfer.write ?? 0) + (transfer.read ?? 0) : 0;
    const addresses = answers && transfer.write !== null && transfer.read !== null ? 2 : 1;
    this.#schedule(Tag.transferred, bytes + addresses);
  }

  #finishTransfer(): void {
    const { transfer } = this.#state;
    if (transfer === null) return;
    this.#state.transfer = null;
    const error = this.#exchange(transfer);
    this.#masterClient?.commandComplete(transfer.buffer, error);
  }

  #exchange({ address, buffer, write, read }: Transfer): I2CError | undefined {
    const peripheral = this.#peripherals.get(address);
    if (peripheral === undefined) {
      const what = [write === null ? [] : ["write"], read === null ? [] : ["read"]].flat();
      this.#show(what.join("-"), address, undefined, "nobody answers");
      return "AddressNak";
    }
    if (write !== null) {
      const bytes = buffer.slice(0, write);
      const acknowledged = peripheral.i2cWrite(bytes);
      this.#show("write", address, bytes, acknowledged ? undefined : "not acknowledged");
      if (!acknowledged) return "DataNak";
    }
    if (read !== null) {
      const bytes = peripheral.i2cRead(read);
      buffer.set(bytes.subarray(0, buffer.length));
      this.#show("read", address, bytes);
    }
    return undefined;
  }

  /** Puts the first request on the wires, if the chip can serve it. */
  #serve(): void {
    const state = this.#state;
    const request = state.requests[0];
    if (request === undefined || state.serving || state.transfer !== null) return;
    if (state.role !== "slave" || request.address !== state.slaveAddress) {
      state.requests.shift();
      this.#show(request.write ? "written" : "asked", request.address, undefined, "nobody answers");
      this.#serve();
      return;
    }
    if ((request.write ? state.receive : state.send) !== null) {
      state.serving = true;
      this.#schedule(Tag.served, 1 + (request.write?.length ?? request.read));
    } else if (!request.expected) {
      request.expected = true;
      this.#schedule(Tag.expected, 1);
    }
  }

  #finishRequest(): void {
    const state = this.#state;
    state.serving = false;
    const request = state.requests.shift();
    const slot = request?.write ? state.receive : state.send;
    // The buffer may have gone away meanwhile.
    if (request === undefined || slot === null) return;
    const length = Math.min(request.write?.length ?? request.read, slot.length, slot.buffer.length);
    if (request.write) {
      state.receive = null;
      slot.buffer.set(request.write.subarray(0, length));
      this.#show("written", request.address, request.write);
    } else {
      state.send = null;
      const sent = new Uint8Array(request.read).fill(OVER_READ);
      sent.set(slot.buffer.subarray(0, length));
      this.#show("asked", request.address, sent);
    }
    this.#slaveClient?.slaveCommandComplete(slot.buffer, length, request.write ? "Write" : "Read");
  }

  #schedule(tag: number, bytes: number): void {
    const bits = bytes * BITS_PER_BYTE + 2;
    this.#clock.schedule(this.name, tag, (bits * this.#clock.frequency) / this.#options.speed);
  }

  #show(what: string, address: number, bytes?: Uint8Array, trouble?: string): void {
    const target = `${what} 0x${address.toString(16).padStart(2, "0")}`;
    const value = trouble
      ? `${target}: ${trouble}`
      : `${target}: ${bytesText(bytes as Uint8Array)}`;
    this.#state.shown = value;
    this.#trace.emit({ type: "output", device: this.name, value });
  }
}

function initial(): I2CState {
  return {
    role: "off",
    transfer: null,
    slaveAddress: null,
    receive: null,
    send: null,
    requests: [],
    serving: false,
    shown: "idle",
  };
}
