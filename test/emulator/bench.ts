// A small board for tests of capsules: a clock, a trace, and the devices' events run in order. No CPU, no kernel.
import { Clock } from "../../emulator/base/clock.js";
import { Trace, type TraceEvent } from "../../emulator/base/trace.js";
import type { Device } from "../../emulator/devices/device.js";

export class Bench {
  readonly clock = new Clock(64_000_000);
  readonly trace = new Trace(this.clock);
  readonly events: TraceEvent[] = [];
  readonly #devices = new Map<string, Device>();

  constructor() {
    this.trace.listen(event => this.events.push(event));
  }

  add<D extends Device>(device: D): D {
    this.#devices.set(device.name, device);
    return device;
  }

  /** Runs every event up to `cycle`; the clock then stands there. */
  runTo(cycle: number): void {
    while (this.clock.next <= cycle) {
      this.clock.now = Math.max(this.clock.now, this.clock.next);
      const event = this.clock.takeDue();
      if (event) this.#devices.get(event.device)?.onEvent?.(event.tag);
    }
    this.clock.now = cycle;
  }

  /** Runs until nothing is scheduled any more. */
  settle(): void {
    while (this.clock.next !== Number.POSITIVE_INFINITY)
      this.runTo(Math.max(this.clock.now, this.clock.next));
  }

  runMs(ms: number): void {
    this.runTo(this.clock.now + (ms * this.clock.frequency) / 1000);
  }

  /** Everything that the UART sent so far. */
  get text(): string {
    return new TextDecoder().decode(
      Uint8Array.from(this.events.flatMap(e => (e.type === "uart" ? [...e.bytes] : []))),
    );
  }
}

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
export const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
