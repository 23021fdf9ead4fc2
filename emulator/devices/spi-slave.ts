// The chip as a peripheral on a four-wire bus whose master the user plays (chips/sam4l/src/spi.rs).
import type { Clock } from "../base/clock.js";
import { UserError } from "../base/errors.js";
import type { InputValue, Trace } from "../base/trace.js";
import type { ClockPhase, ClockPolarity, SpiSlaveClient, SpiSlaveDevice } from "../hil/spi.js";
import { bytesText, parseBytes } from "./bytes-text.js";
import type { Device } from "./device.js";

/** Bits per second of the user's master. */
const RATE = 1_000_000;
/** Between the select line and the first bit, so that an app can be told. */
const SELECT_MICROSECONDS = 100;
/** What the chip sends when it has nothing to send. */
const IDLE = 0xff;

export interface SpiSlaveState {
  polarity: ClockPolarity;
  phase: ClockPhase;
  transfer: { write: Uint8Array; read: Uint8Array; length: number } | null;
  /** What the master sends; the first one has the chip selected. */
  masters: Uint8Array[];
  shown: string;
}

const Tag = { selected: 0, done: 1 } as const;

/** Every transfer is an output: `received 01 02, sent 33 34`. */
export class SpiSlave implements Device<SpiSlaveState>, SpiSlaveDevice {
  readonly name = "spiPeripheral";
  readonly takes = 'bytes that a master sends, in hexadecimal: "01 02 ff"';
  readonly #clock: Clock;
  readonly #trace: Trace;
  #client: SpiSlaveClient | undefined;
  #state: SpiSlaveState = {
    polarity: "IdleLow",
    phase: "SampleLeading",
    transfer: null,
    masters: [],
    shown: "idle",
  };

  constructor(clock: Clock, trace: Trace) {
    this.#clock = clock;
    this.#trace = trace;
  }

  setClient(client: SpiSlaveClient): void {
    this.#client = client;
  }

  readWriteBytes(write: Uint8Array, read: Uint8Array, length: number): "BUSY" | undefined {
    if (this.#state.transfer !== null) return "BUSY";
    this.#state.transfer = { write, read, length };
    return undefined;
  }

  setPolarity(polarity: ClockPolarity): void {
    this.#state.polarity = polarity;
  }

  setPhase(phase: ClockPhase): void {
    this.#state.phase = phase;
  }

  getPolarity(): ClockPolarity {
    return this.#state.polarity;
  }

  getPhase(): ClockPhase {
    return this.#state.phase;
  }

  onInput(value: InputValue): void {
    const bytes = value instanceof Uint8Array ? value : parseBytes(String(value));
    if (bytes === undefined || bytes.length === 0)
      throw new UserError(`Input for ${this.name} must be ${this.takes}, not "${String(value)}".`);
    this.#state.masters.push(bytes);
    if (this.#state.masters.length === 1) this.#schedule(Tag.selected, 0);
  }

  shown(): string {
    return this.#state.shown;
  }

  onEvent(tag: number): void {
    const [bytes] = this.#state.masters;
    if (bytes === undefined) return;
    if (tag === Tag.selected) {
      this.#client?.chipSelected();
      this.#schedule(Tag.done, SELECT_MICROSECONDS + (8 * bytes.length * 1e6) / RATE);
      return;
    }
    this.#state.masters.shift();
    if (this.#state.masters.length > 0) this.#schedule(Tag.selected, 0);
    this.#exchange(bytes);
  }

  save(): SpiSlaveState {
    return structuredClone(this.#state);
  }

  load(state: SpiSlaveState): void {
    this.#state = structuredClone(state);
  }

  #exchange(received: Uint8Array): void {
    const { transfer } = this.#state;
    this.#state.transfer = null;
    const sent = new Uint8Array(received.length).fill(IDLE);
    const length = Math.min(received.length, transfer?.length ?? 0);
    if (transfer !== null) {
      sent.set(transfer.write.subarray(0, length));
      transfer.read.set(received.subarray(0, length));
    }
    const value = `received ${bytesText(received)}, sent ${bytesText(sent)}`;
    this.#state.shown = value;
    this.#trace.emit({ type: "output", device: this.name, value });
    if (transfer !== null) this.#client?.readWriteDone(transfer.write, transfer.read, length);
  }

  #schedule(tag: number, microseconds: number): void {
    this.#clock.schedule(this.name, tag, (microseconds * this.#clock.frequency) / 1e6);
  }
}
