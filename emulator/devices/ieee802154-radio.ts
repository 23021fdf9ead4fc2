// The IEEE 802.15.4 radio of the nRF52840 as Tock drives it (chips/nrf52/src/ieee802154_radio.rs): 250 kbit/s, answers
// every frame that wants it with an acknowledgement, and does not wait for one itself.
import type { Clock } from "../base/clock.js";
import { UserError } from "../base/errors.js";
import type { InputValue, OutputValue, Trace } from "../base/trace.js";
import type {
  Radio,
  RadioConfig,
  RadioFailure,
  RadioRxClient,
  RadioTxClient,
} from "../hil/radio.js";
import { bytesText, parseBytes } from "./bytes-text.js";
import type { Device } from "./device.js";

/** Powers that the chip has, in dBm (chips/nrf5x/src/constants.rs). */
const TX_POWERS = [4, 3, 0, -4, -8, -12, -16, -20, -40];

const MAX_FRAME = 125;
/** What Tock's buffer takes with the checksum: its driver refuses longer frames. */
const MAX_SENT = 126;
/** Frame control, sequence number. */
const LEAST = 3;
const ACK_REQUESTED = 0x20;

const MICROSECONDS_PER_BYTE = 32;
/** Preamble, start and length in front of a frame, checksum behind it. */
const BYTES_AROUND = 8;
/** Finding the channel clear and turning the radio round. */
const TURNAROUND_MICROSECONDS = 320;
/** Quality of a link on a desk. */
const LQI = 255;

export interface Ieee802154RadioState {
  /** The chip's power switch, which is on after a reset; the radio can send only once it was started. */
  powered: boolean;
  started: boolean;
  config: RadioConfig;
  channel: number;
  txPower: number;
  sending: Uint8Array | null;
  /** Frames on their way to the board; the first one is on the air. */
  arriving: Uint8Array[];
  sent: { channel: number; power: number; frame: string } | null;
}

const Tag = { sent: 0, arrived: 1 } as const;

/** Every frame that the board sends, acknowledgements too, is an output. */
export class Ieee802154RadioDevice implements Device<Ieee802154RadioState>, Radio {
  readonly name = "radio";
  readonly takes =
    'a frame of another node in hexadecimal, without its checksum: "41 88 01 cd ab ff ff 02 08 68 69"';
  readonly #clock: Clock;
  readonly #trace: Trace;
  #txClient: RadioTxClient | undefined;
  #rxClient: RadioRxClient | undefined;
  #state: Ieee802154RadioState = {
    powered: true,
    started: false,
    config: { address: 0, addressLong: new Uint8Array(8), pan: 0 },
    channel: 26,
    txPower: 0,
    sending: null,
    arriving: [],
    sent: null,
  };

  constructor(clock: Clock, trace: Trace) {
    this.#clock = clock;
    this.#trace = trace;
  }

  setTransmitClient(client: RadioTxClient): void {
    this.#txClient = client;
  }

  setReceiveClient(client: RadioRxClient): void {
    this.#rxClient = client;
  }

  start(): void {
    this.#state.powered = true;
    this.#state.started = true;
  }

  /** Upstream leaves the driver's state as it is: a frame sent now never ends. */
  stop(): void {
    this.#state.powered = false;
    this.#clock.cancel(this.name, Tag.sent);
  }

  isOn(): boolean {
    return this.#state.powered;
  }

  getConfig(): RadioConfig {
    return this.#state.config;
  }

  setConfig(change: Partial<RadioConfig>): void {
    Object.assign(this.#state.config, change);
  }

  configCommit(): void {}

  getChannel(): number {
    return this.#state.channel;
  }

  setChannel(channel: number): void {
    this.#state.channel = channel;
  }

  getTxPower(): number {
    return this.#state.txPower;
  }

  setTxPower(power: number): RadioFailure | undefined {
    if (!TX_POWERS.includes(power)) return "NOSUPPORT";
    this.#state.txPower = power;
    return undefined;
  }

  transmit(frame: Uint8Array): RadioFailure | undefined {
    const state = this.#state;
    if (!state.started) return "OFF";
    if (state.sending !== null) return "BUSY";
    if (frame.length > MAX_SENT) return "SIZE";
    state.sending = frame;
    if (state.powered) this.#schedule(Tag.sent, frame.length);
    return undefined;
  }

  /** A board that does not listen does not hear it. */
  onInput(value: InputValue): void {
    const frame = value instanceof Uint8Array ? value : parseBytes(String(value));
    if (frame === undefined || frame.length < LEAST || frame.length > MAX_FRAME)
      throw new UserError(
        `Input for ${this.name} must be ${this.takes}, ${LEAST} to ${MAX_FRAME} bytes, not "${String(value)}".`,
      );
    this.#state.arriving.push(frame);
    if (this.#state.arriving.length === 1) this.#schedule(Tag.arrived, frame.length);
  }

  shown(): OutputValue {
    return this.#state.sent ?? "nothing sent";
  }

  onEvent(tag: number): void {
    if (tag === Tag.arrived) {
      this.#receive();
      return;
    }
    const frame = this.#state.sending;
    this.#state.sending = null;
    if (frame === null) return;
    this.#show(frame);
    this.#txClient?.sendDone(false, undefined);
  }

  save(): Ieee802154RadioState {
    return structuredClone(this.#state);
  }

  load(state: Ieee802154RadioState): void {
    this.#state = structuredClone(state);
  }

  #receive(): void {
    const { powered, started, arriving } = this.#state;
    const frame = arriving.shift();
    const [next] = arriving;
    if (next !== undefined) this.#schedule(Tag.arrived, next.length);
    if (!powered || !started || frame === undefined) return;
    if (((frame[0] as number) & ACK_REQUESTED) !== 0)
      this.#show(Uint8Array.of(2, 0, frame[2] as number));
    this.#rxClient?.receive(frame, LQI);
  }

  #show(frame: Uint8Array): void {
    const { channel, txPower } = this.#state;
    this.#state.sent = { channel, power: txPower, frame: bytesText(frame) };
    this.#trace.emit({ type: "output", device: this.name, value: this.shown() });
  }

  #schedule(tag: number, bytes: number): void {
    const microseconds = TURNAROUND_MICROSECONDS + (bytes + BYTES_AROUND) * MICROSECONDS_PER_BYTE;
    this.#clock.schedule(this.name, tag, (microseconds * this.#clock.frequency) / 1e6);
  }
}
