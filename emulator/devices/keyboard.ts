// The USB keyboard that the board is, as the computer at the other end of the cable sees it: key reports become text
// (HID Usage Tables, section 10; capsules/extra/src/usb/keyboard_hid.rs). The layout is the American one.
import type { Clock } from "../base/clock.js";
import type { Trace } from "../base/trace.js";
import type { UsbHid, UsbHidClient } from "../hil/usb.js";
import type { Device } from "./device.js";
import type { Face } from "./face.js";

/** How often the host asks. */
const MILLISECONDS_PER_POLL = 10;
const REPORT_LENGTH = 8;
/** Left and right shift in a report's first byte. */
const SHIFT = 0x22;

/** Characters of the keys from usage 4 on, without shift and with it. */
const PLAIN = "abcdefghijklmnopqrstuvwxyz1234567890\n\u001b\b\t -=[]\\#;'`,./";
const SHIFTED = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ!@#$%^&*()\n\u001b\b\t _+{}|~:"~<>?';
const FIRST_USAGE = 4;

export interface KeyboardState {
  sending: Uint8Array | null;
  /** The last report. */
  report: Uint8Array;
  text: string;
}

/** The text typed so far is an output whenever it grows; a backspace removes its last character. */
export class KeyboardDevice implements Device<KeyboardState>, UsbHid {
  readonly name = "keyboard";
  readonly #clock: Clock;
  readonly #trace: Trace;
  #client: UsbHidClient | undefined;
  #state: KeyboardState = { sending: null, report: new Uint8Array(REPORT_LENGTH), text: "" };

  constructor(clock: Clock, trace: Trace) {
    this.#clock = clock;
    this.#trace = trace;
  }

  setClient(client: UsbHidClient): void {
    this.#client = client;
  }

  sendBuffer(packet: Uint8Array): void {
    this.#state.sending = packet;
    const cycles = (MILLISECONDS_PER_POLL * this.#clock.frequency) / 1000;
    this.#clock.schedule(this.name, 0, cycles);
  }

  /** A keyboard receives nothing; upstream takes the buffer and never gives it back. */
  receiveBuffer(): undefined {}

  receiveCancel(): "BUSY" {
    return "BUSY";
  }

  shown(): string {
    return this.#state.text;
  }

  face(): Face {
    return { kind: "text", text: this.#state.text };
  }

  /** The computer keeps its text. */
  reset(): void {
    this.#state = { ...this.#state, sending: null, report: new Uint8Array(REPORT_LENGTH) };
  }

  onEvent(): void {
    const packet = this.#state.sending;
    if (packet === null) return;
    this.#state.sending = null;
    this.#type(packet.slice(0, REPORT_LENGTH));
    this.#client?.packetTransmitted(packet);
  }

  save(): KeyboardState {
    return structuredClone(this.#state);
  }

  load(state: KeyboardState): void {
    this.#state = structuredClone(state);
  }

  /** Keys that the last report did not have are pressed now. */
  #type(report: Uint8Array): void {
    const before = this.#state.report.subarray(2);
    const pressed = report.subarray(2).filter(usage => usage !== 0 && !before.includes(usage));
    const keys = ((report[0] as number) & SHIFT) === 0 ? PLAIN : SHIFTED;
    this.#state.report = report;
    if (pressed.length === 0) return;
    for (const usage of pressed) {
      const character = keys[usage - FIRST_USAGE] ?? `<key 0x${usage.toString(16)}>`;
      const { text } = this.#state;
      this.#state.text = character === "\b" ? text.slice(0, -1) : text + character;
    }
    this.#trace.emit({ type: "output", device: this.name, value: this.#state.text });
  }
}
