// One two-wire bus for several drivers (capsules/core/src/virtualizers/virtual_i2c.rs): a driver's request waits until
// those before it are over; the driver created last is served first.
import type { Stateful } from "../../base/stateful.js";
import type { I2CDevice, I2CError, I2CMaster, I2CMasterClient } from "../../hil/i2c.js";

interface Operation {
  buffer: Uint8Array;
  write: number | null;
  read: number | null;
}

export interface MuxI2CState {
  /** Per device, in the order in which they were created. */
  devices: { enabled: boolean; operation: Operation | null }[];
  /** Number of the device whose request is on the bus. */
  inflight: number | null;
}

export class MuxI2C implements I2CMasterClient, Stateful<MuxI2CState> {
  readonly #i2c: I2CMaster;
  readonly #devices: { address: number; client: I2CMasterClient | undefined }[] = [];
  #state: MuxI2CState = { devices: [], inflight: null };

  constructor(i2c: I2CMaster) {
    this.#i2c = i2c;
    i2c.setMasterClient(this);
  }

  /** A driver's share; made once, before anything runs. */
  device(address: number): I2CDevice {
    const index = this.#devices.push({ address, client: undefined }) - 1;
    this.#state.devices.push({ enabled: false, operation: null });
    const request = (operation: Operation) => this.#request(index, operation);
    return {
      setClient: client => {
        (this.#devices[index] as { client: I2CMasterClient }).client = client;
      },
      enable: () => this.#enable(index, true),
      disable: () => this.#enable(index, false),
      write: (buffer, length) => request({ buffer, write: length, read: null }),
      read: (buffer, length) => request({ buffer, write: null, read: length }),
      writeRead: (buffer, write, read) => request({ buffer, write, read }),
    };
  }

  commandComplete(buffer: Uint8Array, error: I2CError | undefined): void {
    const { inflight } = this.#state;
    this.#state.inflight = null;
    if (inflight !== null) this.#devices[inflight]?.client?.commandComplete(buffer, error);
    this.#next();
  }

  save(): MuxI2CState {
    return structuredClone(this.#state);
  }

  load(state: MuxI2CState): void {
    this.#state = structuredClone(state);
  }

  #enable(index: number, enabled: boolean): void {
    const { devices } = this.#state;
    const before = devices.some(device => device.enabled);
    (devices[index] as { enabled: boolean }).enabled = enabled;
    const after = devices.some(device => device.enabled);
    if (after && !before) this.#i2c.enableMaster();
    if (before && !after) this.#i2c.disableMaster();
  }

  #request(index: number, operation: Operation): I2CError | undefined {
    const device = this.#state.devices[index] as MuxI2CState["devices"][number];
    if (device.operation !== null) return "ArbitrationLost";
    device.operation = operation;
    this.#next();
    return undefined;
  }

  #next(): void {
    const { devices, inflight } = this.#state;
    const index = devices.findLastIndex(device => device.operation !== null);
    if (inflight !== null || index < 0) return;
    const device = devices[index] as { operation: Operation | null };
    const { buffer, write, read } = device.operation as Operation;
    const address = this.#devices[index]?.address as number;
    device.operation = null;
    this.#state.inflight = index;
    if (write === null) this.#i2c.read(address, buffer, read ?? 0);
    else if (read === null) this.#i2c.write(address, buffer, write);
    else this.#i2c.writeRead(address, buffer, write, read);
  }
}
