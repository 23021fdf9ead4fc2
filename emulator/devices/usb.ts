// The USB controller as far as an app can reach it: it can be attached to the bus.
import type { Trace } from "../base/trace.js";
import type { UsbController } from "../hil/usb.js";
import type { Device } from "./device.js";

export interface UsbState {
  enabled: boolean;
  attached: boolean;
}

export class UsbDevice implements Device<UsbState>, UsbController {
  readonly name = "usb";
  readonly #trace: Trace;
  #state: UsbState = { enabled: false, attached: false };

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  enable(): void {
    this.#state.enabled = true;
  }

  attach(): void {
    if (!this.#state.enabled || this.#state.attached) return;
    this.#state.attached = true;
    this.#trace.emit({ type: "output", device: this.name, value: this.shown() });
  }

  /** Whether a computer sees the board. */
  shown(): boolean {
    return this.#state.attached;
  }

  save(): UsbState {
    return { ...this.#state };
  }

  load(state: UsbState): void {
    this.#state = { ...state };
  }
}
