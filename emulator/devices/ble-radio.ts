// The radio of the nRF52 on the advertising channels of Bluetooth Low Energy (chips/nrf52/src/ble_radio.rs; Bluetooth
// specification 4.2, volume 6, part B, section 2).
import type { Clock } from "../base/clock.js";
import { UserError } from "../base/errors.js";
import type { InputValue, OutputValue, Trace } from "../base/trace.js";
import type { BleAdvertisementDriver, BleRxClient, BleTxClient, RadioChannel } from "../hil/ble.js";
import { bytesText, parseBytes } from "./bytes-text.js";
import type { Device } from "./device.js";

/** Powers that the chip has, in dBm as bytes (chips/nrf5x/src/constants.rs). */
const TX_POWERS = [0x04, 0x03, 0x00, 0xfc, 0xf8, 0xf4, 0xf0, 0xec, 0xd8];

const RAMP_UP_MICROSECONDS = 140;
/** A byte at 1 Mbit/s. */
const MICROSECONDS_PER_BYTE = 8;
/** Preamble, access address and checksum around a packet. */
const BYTES_AROUND = 8;

/** Header, length and the address of the advertiser. */
const LEAST = 8;
const MOST = 257;

const types: Readonly<Record<number, string>> = {
  0: "ADV_IND",
  1: "ADV_DIRECT_IND",
  2: "ADV_NONCONN_IND",
  3: "SCAN_REQ",
  4: "SCAN_RSP",
  5: "CONNECT_REQ",
  6: "ADV_SCAN_IND",
};

export interface BleRadioState {
  txPower: number;
  sending: { buffer: Uint8Array; length: number; channel: RadioChannel } | null;
  listening: RadioChannel | null;
  /** Packets that others send until somebody listens. */
  others: Uint8Array[];
  arriving: boolean;
  /** The last packet sent. */
  sent: { channel: number; type: string; address: string; data: string; power: number } | null;
}

const Tag = { sent: 0, arrived: 1 } as const;

/** Every packet that the board sends is an output. */
export class BleRadioDevice implements Device<BleRadioState>, BleAdvertisementDriver {
  readonly name = "ble";
  readonly takes =
    'a packet of another advertiser in hexadecimal, header, length, address and data: "42 09 01 02 03 04 05 c6 02 01 06"';
  readonly #clock: Clock;
  readonly #trace: Trace;
  #txClient: BleTxClient | undefined;
  #rxClient: BleRxClient | undefined;
  #state: BleRadioState = {
    txPower: 0,
    sending: null,
    listening: null,
    others: [],
    arriving: false,
    sent: null,
  };

  constructor(clock: Clock, trace: Trace) {
    this.#clock = clock;
    this.#trace = trace;
  }

  setTransmitClient(client: BleTxClient): void {
    this.#txClient = client;
  }

  setReceiveClient(client: BleRxClient): void {
    this.#rxClient = client;
  }

  transmitAdvertisement(buffer: Uint8Array, length: number, channel: RadioChannel): void {
    this.#state.sending = { buffer, length, channel };
    this.#schedule(Tag.sent, length);
  }

  receiveAdvertisement(channel: RadioChannel): void {
    this.#state.listening = channel;
    this.#expect();
  }

  setTxPower(power: number): "NOSUPPORT" | undefined {
    if (!TX_POWERS.includes(power)) return "NOSUPPORT";
    this.#state.txPower = power;
    return undefined;
  }

  /** The packet is sent again and again, as advertisers do, until the board listens: once, on any channel. */
  onInput(value: InputValue): void {
    const packet = value instanceof Uint8Array ? value : parseBytes(String(value));
    if (packet === undefined || packet.length < LEAST || packet.length > MOST)
      throw new UserError(`Input for ${this.name} must be ${this.takes}, not "${String(value)}".`);
    if (packet[1] !== packet.length - 2)
      throw new UserError(
        `Input for ${this.name}: the second byte must be the number of bytes behind it, ${packet.length - 2}, not ${packet[1]}.`,
      );
    this.#state.others.push(packet);
    this.#expect();
  }

  shown(): OutputValue {
    return this.#state.sent ?? "nothing sent";
  }

  onEvent(tag: number): void {
    if (tag === Tag.sent) this.#finishSending();
    else this.#deliver();
  }

  save(): BleRadioState {
    return structuredClone(this.#state);
  }

  load(state: BleRadioState): void {
    this.#state = structuredClone(state);
  }

  /** The user's packets are on the air still. */
  reset(): void {
    const { others, sent } = this.#state;
    this.#state = { txPower: 0, sending: null, listening: null, others, arriving: false, sent };
  }

  #finishSending(): void {
    const { sending, txPower } = this.#state;
    if (sending === null) return;
    this.#state.sending = null;
    const packet = sending.buffer.subarray(0, sending.length);
    const address = Array.from(packet.subarray(2, 8), byte => byte.toString(16).padStart(2, "0"));
    this.#state.sent = {
      channel: sending.channel,
      type: types[(packet[0] as number) & 15] ?? "reserved",
      // On the air the lowest byte comes first.
      address: address.toReversed().join(":"),
      data: bytesText(packet.subarray(8)),
      power: (txPower << 24) >> 24,
    };
    this.#trace.emit({ type: "output", device: this.name, value: this.shown() });
    this.#txClient?.transmitEvent(sending.buffer);
  }

  #expect(): void {
    const state = this.#state;
    const [packet] = state.others;
    if (state.listening === null || state.arriving || packet === undefined) return;
    state.arriving = true;
    this.#schedule(Tag.arrived, packet.length);
  }

  #deliver(): void {
    const state = this.#state;
    const packet = state.others.shift();
    state.arriving = false;
    state.listening = null;
    if (packet !== undefined) this.#rxClient?.receiveEvent(packet);
  }

  #schedule(tag: number, bytes: number): void {
    const microseconds = RAMP_UP_MICROSECONDS + (bytes + BYTES_AROUND) * MICROSECONDS_PER_BYTE;
    this.#clock.schedule(this.name, tag, (microseconds * this.#clock.frequency) / 1e6);
  }
}
