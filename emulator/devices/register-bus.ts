// The wire to a chip whose registers nobody looks at: all that is seen of a write is that it takes its time.
import type { Clock } from "../base/clock.js";
import type { RegisterBus, RegisterBusClient } from "../hil/sensors.js";
import type { Device } from "./device.js";

/** Address, register and value on I2C of 400 kHz. */
const WRITE_MICROSECONDS = 75;

export class RegisterBusDevice implements Device<null>, RegisterBus {
  readonly name: string;
  readonly #clock: Clock;
  #client: RegisterBusClient | undefined;

  /** Named after the chip. */
  constructor(clock: Clock, name: string) {
    this.name = name;
    this.#clock = clock;
  }

  setRegisterBusClient(client: RegisterBusClient): void {
    this.#client = client;
  }

  write(): void {
    this.#clock.schedule(this.name, 0, (WRITE_MICROSECONDS * this.#clock.frequency) / 1e6);
  }

  onEvent(): void {
    this.#client?.written();
  }

  save(): null {
    return null;
  }

  load(): void {}
}
