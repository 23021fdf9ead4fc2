// One UART shared by several clients (capsules/core/src/virtualizers/virtual_uart.rs).
import type { Clock } from "../../base/clock.js";
import type { Origin } from "../../base/trace.js";
import type { Device } from "../../devices/device.js";
import type {
  ReceiveClient,
  ReceiveError,
  TransmitClient,
  Uart,
  UartFailure,
} from "../../hil/uart.js";

/** Bytes that the multiplexer reads from the hardware at once. */
const RX_BUF_LEN = 64;

interface UartDeviceState {
  /** The transfer that waits for its turn. */
  operation: { bytes: Uint8Array; origin: Origin } | null;
  /** From `transmitBuffer` until the client is told. */
  transmitting: boolean;
  receive: "Idle" | "Receiving" | "Aborting";
  /** The outstanding read: bytes wanted and bytes so far. */
  read: { length: number; bytes: number[] } | null;
}

export interface UartMuxState {
  /** Index of the device whose transfer is under way, -1 for none. */
  inflight: number;
  /** A hardware read is outstanding. */
  reading: boolean;
  devices: UartDeviceState[];
}

/**
 * Transfers run to completion; then the most recently registered device that waits is served. A received byte goes to
 * every device with an outstanding read. Starting a transfer is a deferred call: a timed event without delay.
 */
export class UartMux implements Device<UartMuxState>, TransmitClient, ReceiveClient {
  readonly name: string;
  readonly #clock: Clock;
  readonly #uart: Uart;
  /** In the order of registration; served from the end. */
  readonly #devices: UartDevice[] = [];
  #inflight: UartDevice | undefined;
  #reading = false;
  /** Only true while `receivedBuffer` runs, so never saved. */
  #completingRead = false;

  constructor(clock: Clock, uart: Uart, name = "uart-mux") {
    this.name = name;
    this.#clock = clock;
    this.#uart = uart;
    uart.setTransmitClient(this);
    uart.setReceiveClient(this);
  }

  /** Called by `UartDevice`. */
  register(device: UartDevice): void {
    this.#devices.push(device);
  }

  /** Called by `UartDevice`: looks for work after the current interrupt or system call. */
  deferNextOperation(): void {
    this.#clock.cancel(this.name);
    this.#clock.schedule(this.name, 0, 0);
  }

  /** Called by `UartDevice`: makes sure that the hardware reads no more than `length` bytes. */
  startReceive(length: number): UartFailure | undefined {
    if (this.#reading) {
      // The read under way may ask for too many bytes: it is cut short and started anew.
      if (!this.#completingRead) this.#uart.receiveAbort();
      return undefined;
    }
    const failure = this.#uart.receiveBuffer(Math.min(length, RX_BUF_LEN));
    if (failure === undefined) this.#reading = true;
    return failure;
  }

  /** Called by `UartDevice`. */
  abortReceive(): void {
    this.#uart.receiveAbort();
  }

  onEvent(): void {
    this.#nextOperation();
  }

  transmittedBuffer(length: number, failure: UartFailure | undefined): void {
    const device = this.#inflight;
    this.#inflight = undefined;
    device?.transmittedBuffer(length, failure);
    this.#nextOperation();
  }

  receivedBuffer(bytes: Uint8Array, failure: UartFailure | undefined, error: ReceiveError): void {
    this.#completingRead = true;
    const devices = this.#devices.toReversed();
    for (const device of devices) device.append(bytes);
    let next = RX_BUF_LEN;
    let pending = false;
    for (const device of devices) {
      const wanted = device.completeRead(failure, error);
      if (wanted === undefined) continue;
      pending = true;
      next = Math.min(next, wanted);
    }
    this.#reading = false;
    this.#completingRead = false;
    if (!pending) return;
    const refused = this.startReceive(next);
    if (refused !== undefined) for (const device of devices) device.failRead(refused);
  }

  save(): UartMuxState {
    return {
      inflight: this.#inflight === undefined ? -1 : this.#devices.indexOf(this.#inflight),
      reading: this.#reading,
      devices: this.#devices.map(device => device.save()),
    };
  }

  load(state: UartMuxState): void {
    this.#inflight = this.#devices[state.inflight];
    this.#reading = state.reading;
    state.devices.forEach((saved, i) => {
      this.#devices[i]?.load(saved);
    });
  }

  #nextOperation(): void {
    if (this.#inflight) return;
    const device = this.#devices.findLast(d => d.waiting);
    const operation = device?.takeOperation();
    if (!device || !operation) return;
    const failure = this.#uart.transmitBuffer(operation.bytes, operation.origin);
    if (failure === undefined) this.#inflight = device;
    else device.transmittedBuffer(0, failure);
  }
}

const idle: UartDeviceState = {
  operation: null,
  transmitting: false,
  receive: "Idle",
  read: null,
};

/** One client's share of a multiplexed UART. Its state is part of the multiplexer's. */
export class UartDevice implements Uart {
  readonly #mux: UartMux;
  readonly #receiver: boolean;
  #state: UartDeviceState = { ...idle };
  #transmitClient: TransmitClient | undefined;
  #receiveClient: ReceiveClient | undefined;

  /** `receiver`: whether incoming bytes are handed on. */
  constructor(mux: UartMux, receiver: boolean) {
    this.#mux = mux;
    this.#receiver = receiver;
    mux.register(this);
  }

  setTransmitClient(client: TransmitClient): void {
    this.#transmitClient = client;
  }

  setReceiveClient(client: ReceiveClient): void {
    this.#receiveClient = client;
  }

  transmitBuffer(bytes: Uint8Array, origin: Origin): UartFailure | undefined {
    if (bytes.length === 0) return "SIZE";
    if (this.#state.transmitting) return "BUSY";
    this.#state.operation = { bytes: bytes.slice(), origin };
    this.#state.transmitting = true;
    this.#mux.deferNextOperation();
    return undefined;
  }

  receiveBuffer(length: number): UartFailure | undefined {
    const state = this.#state;
    if (state.read) return "BUSY";
    state.read = { length, bytes: [] };
    state.receive = "Idle";
    const failure = this.#mux.startReceive(length);
    if (failure === undefined) state.receive = "Receiving";
    return failure;
  }

  receiveAbort(): UartFailure {
    this.#state.receive = "Aborting";
    this.#mux.abortReceive();
    return "BUSY";
  }

  /** Whether a transfer waits for its turn. */
  get waiting(): boolean {
    return this.#state.operation !== null;
  }

  /** Called by the multiplexer, as everything below. */
  takeOperation(): { bytes: Uint8Array; origin: Origin } | null {
    const { operation } = this.#state;
    this.#state.operation = null;
    return operation;
  }

  transmittedBuffer(length: number, failure: UartFailure | undefined): void {
    if (!this.#transmitClient) return;
    this.#state.transmitting = false;
    this.#transmitClient.transmittedBuffer(length, failure);
  }

  append(bytes: Uint8Array): void {
    const { read } = this.#state;
    if (!this.#receiver || !read) return;
    read.bytes.push(...bytes.subarray(0, read.length - read.bytes.length));
  }

  /** Ends a read that is full or being aborted. The result is how many bytes the device still wants, if any. */
  completeRead(failure: UartFailure | undefined, error: ReceiveError): number | undefined {
    const state = this.#state;
    const { read } = state;
    if (!this.#receiver || !read) return undefined;
    const remaining = read.length - read.bytes.length;
    if (remaining > 0 && state.receive !== "Aborting") return remaining;
    if (remaining === 0) this.#received(failure, error);
    else this.#received("CANCEL", "Aborted");
    // The client may have asked for more from within its callback.
    return state.receive === "Receiving" ? (state.read?.length ?? 0) : undefined;
  }

  failRead(failure: UartFailure): void {
    if (this.#receiver && this.#state.receive === "Receiving") this.#received(failure, "Aborted");
  }

  save(): UartDeviceState {
    return structuredClone(this.#state);
  }

  load(state: UartDeviceState): void {
    this.#state = structuredClone(state);
  }

  #received(failure: UartFailure | undefined, error: ReceiveError): void {
    const bytes = Uint8Array.from(this.#state.read?.bytes ?? []);
    this.#state.read = null;
    this.#state.receive = "Idle";
    this.#receiveClient?.receivedBuffer(bytes, failure, error);
  }
}
