// The serial line of Hail and imix to their nRF51822, which nobody plays but the user: what the board sends is an output,
// and what the user puts in is what the chip answers (boards/components/src/nrf51822.rs).
import type { Clock } from "../base/clock.js";
import { UserError } from "../base/errors.js";
import type { InputValue, Trace } from "../base/trace.js";
import type { SerialLink, SerialLinkClient } from "../hil/serial-link.js";
import { bytesText, parseBytes } from "./bytes-text.js";
import type { Device } from "./device.js";

const BAUD = 250_000;
/** Start, eight bits, parity, stop. */
const BITS_PER_BYTE = 11;
/** Bits of silence that end what is received. */
const SILENCE = 250;

export interface Nrf51822State {
  sending: Uint8Array | null;
  /** Bytes that a read takes at most; `null` when nobody reads. */
  wanted: number | null;
  /** Bytes of the chip that nobody has read. */
  arriving: number[];
  expecting: boolean;
  shown: string;
}

const Tag = { sent: 0, received: 1 } as const;

export class Nrf51822Device implements Device<Nrf51822State>, SerialLink {
  readonly name = "nrf51822";
  readonly takes = 'bytes of the chip in hexadecimal: "01 02 ff"';
  readonly #clock: Clock;
  readonly #trace: Trace;
  #client: SerialLinkClient | undefined;
  #state: Nrf51822State = {
    sending: null,
    wanted: null,
    arriving: [],
    expecting: false,
    shown: "nothing sent",
  };

  constructor(clock: Clock, trace: Trace) {
    this.#clock = clock;
    this.#trace = trace;
  }

  setClient(client: SerialLinkClient): void {
    this.#client = client;
  }

  transmit(bytes: Uint8Array): void {
    this.#state.sending = bytes;
    this.#schedule(Tag.sent, bytes.length * BITS_PER_BYTE);
  }

  receiveAutomatic(length: number): void {
    this.#state.wanted = length;
    this.#expect();
  }

  resetChip(): void {
    this.#show("reset");
  }

  onInput(value: InputValue): void {
    const bytes = value instanceof Uint8Array ? value : parseBytes(String(value));
    if (bytes === undefined || bytes.length === 0)
      throw new UserError(`Input for ${this.name} must be ${this.takes}, not "${String(value)}".`);
    this.#state.arriving.push(...bytes);
    this.#expect();
  }

  /** What the board did last to the chip. */
  shown(): string {
    return this.#state.shown;
  }

  onEvent(tag: number): void {
    const state = this.#state;
    if (tag === Tag.sent) {
      if (state.sending !== null) this.#show(bytesText(state.sending));
      state.sending = null;
      this.#client?.transmitted();
      return;
    }
    state.expecting = false;
    if (state.wanted === null) return;
    const bytes = Uint8Array.from(state.arriving.splice(0, state.wanted));
    state.wanted = null;
    this.#client?.received(bytes);
  }

  save(): Nrf51822State {
    return structuredClone(this.#state);
  }

  load(state: Nrf51822State): void {
    this.#state = structuredClone(state);
  }

  #expect(): void {
    const { wanted, arriving, expecting } = this.#state;
    if (wanted === null || wanted === 0 || arriving.length === 0 || expecting) return;
    this.#state.expecting = true;
    this.#schedule(Tag.received, Math.min(wanted, arriving.length) * BITS_PER_BYTE + SILENCE);
  }

  #schedule(tag: number, bits: number): void {
    this.#clock.schedule(this.name, tag, (bits * this.#clock.frequency) / BAUD);
  }

  #show(value: string): void {
    this.#state.shown = value;
    this.#trace.emit({ type: "output", device: this.name, value });
  }
}
