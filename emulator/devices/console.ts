// The UART as a user sees it: a terminal. Bytes take the time of 8N1 frames, ten bits each, in both directions.
import type { Clock } from "../base/clock.js";
import { UserError } from "../base/errors.js";
import type { InputValue, Origin, Trace } from "../base/trace.js";
import type { PanicWriter, ReceiveClient, TransmitClient, Uart, UartFailure } from "../hil/uart.js";
import type { Device } from "./device.js";
import type { Face } from "./face.js";

export interface ConsoleOptions {
  name: string;
  /** Bits per second. */
  baud: number;
  /**
   * How many bytes a user types per second at most; 100 unless told. Faster than a person, and slow enough for an app
   * that prints a line for every byte it reads. `Infinity` pastes at line speed, which loses bytes as on a real board.
   */
  typedPerSecond?: number;
}

const TYPED_PER_SECOND = 100;

export interface ConsoleState {
  /** The transfer under way. */
  transmitting: { bytes: Uint8Array; origin: Origin } | null;
  /** The outstanding read: bytes wanted and bytes so far. */
  receiving: { length: number; bytes: number[]; aborted: boolean } | null;
  /** Typed bytes that nobody has read yet. */
  queue: number[];
  /** Cycle before which the next typed byte does not arrive. */
  typingAt: number;
}

const Tag = { transmitted: 0, arrived: 1, receiveEnded: 2 } as const;

/**
 * Typed bytes wait until a read is outstanding, so that none is lost while nobody listens, and then arrive one by one.
 * A transfer becomes a `uart` TraceEvent at the moment its last bit is on the line.
 */
export class ConsoleDevice implements Device<ConsoleState>, Uart, PanicWriter {
  readonly name: string;
  readonly takes = "text or bytes";
  readonly #clock: Clock;
  readonly #trace: Trace;
  readonly #cyclesPerByte: number;
  readonly #typingCycles: number;
  #transmitClient: TransmitClient | undefined;
  #receiveClient: ReceiveClient | undefined;
  #state: ConsoleState = { transmitting: null, receiving: null, queue: [], typingAt: 0 };

  constructor(clock: Clock, trace: Trace, options: ConsoleOptions) {
    this.name = options.name;
    this.#clock = clock;
    this.#trace = trace;
    this.#cyclesPerByte = (10 * clock.frequency) / options.baud;
    this.#typingCycles = Math.ceil(clock.frequency / (options.typedPerSecond ?? TYPED_PER_SECOND));
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
    this.#state.transmitting = { bytes: bytes.slice(), origin };
    this.#clock.schedule(this.name, Tag.transmitted, bytes.length * this.#cyclesPerByte);
    return undefined;
  }

  receiveBuffer(length: number): UartFailure | undefined {
    if (this.#state.receiving) return "BUSY";
    this.#state.receiving = { length, bytes: [], aborted: false };
    if (length === 0) this.#clock.schedule(this.name, Tag.receiveEnded, 0);
    else this.#expectByte();
    return undefined;
  }

  receiveAbort(): UartFailure | undefined {
    const { receiving } = this.#state;
    if (!receiving) return undefined;
    receiving.aborted = true;
    this.#clock.cancel(this.name, Tag.arrived);
    this.#clock.cancel(this.name, Tag.receiveEnded);
    this.#clock.schedule(this.name, Tag.receiveEnded, 0);
    return "BUSY";
  }

  /** The transfer under way is finished first: upstream's panic waits long enough for it. */
  writePanic(bytes: Uint8Array): void {
    if (this.#state.transmitting) {
      this.#clock.cancel(this.name, Tag.transmitted);
      this.#finishTransfer();
    }
    this.#trace.emit({ type: "uart", bytes: bytes.slice(), origin: { from: "kernel" } });
  }

  face(): Face {
    return { kind: "terminal" };
  }

  /** Types text (as UTF-8) or bytes. */
  onInput(value: InputValue): void {
    if (typeof value !== "string" && !(value instanceof Uint8Array)) {
      throw new UserError(`Input for ${this.name} must be ${this.takes}, not ${String(value)}.`);
    }
    const bytes = typeof value === "string" ? new TextEncoder().encode(value) : value;
    const idle = this.#state.queue.length === 0;
    for (const byte of bytes) this.#state.queue.push(byte);
    if (idle) this.#expectByte();
  }

  /** The transfer and the read under way are lost; what has been typed still waits for somebody to read it. */
  reset(): void {
    this.#state = { ...this.#state, transmitting: null, receiving: null };
  }

  onEvent(tag: number): void {
    if (tag === Tag.transmitted) {
      const length = this.#finishTransfer();
      this.#transmitClient?.transmittedBuffer(length, undefined);
    } else if (tag === Tag.arrived) {
      this.#byteArrived();
    } else {
      this.#endReceive();
    }
  }

  save(): ConsoleState {
    return structuredClone(this.#state);
  }

  load(state: ConsoleState): void {
    this.#state = structuredClone(state);
  }

  #finishTransfer(): number {
    const { transmitting } = this.#state;
    if (!transmitting) throw new Error(`${this.name}: no transfer is under way`);
    this.#state.transmitting = null;
    this.#trace.emit({ type: "uart", ...transmitting });
    return transmitting.bytes.length;
  }

  /** Lets the next typed byte travel, if there is one and somebody waits for it. */
  #expectByte(): void {
    const { receiving, queue, typingAt } = this.#state;
    if (!receiving || receiving.aborted || receiving.length === 0 || queue.length === 0) return;
    const wait = Math.max(this.#cyclesPerByte, typingAt - this.#clock.now);
    this.#clock.schedule(this.name, Tag.arrived, wait);
  }

  #byteArrived(): void {
    const { receiving, queue } = this.#state;
    const byte = queue.shift();
    if (!receiving || byte === undefined) throw new Error(`${this.name}: no byte is under way`);
    receiving.bytes.push(byte);
    this.#state.typingAt = this.#clock.now + this.#typingCycles;
    if (receiving.bytes.length === receiving.length) this.#endReceive();
    else this.#expectByte();
  }

  #endReceive(): void {
    const { receiving } = this.#state;
    if (!receiving) throw new Error(`${this.name}: no read is outstanding`);
    this.#state.receiving = null;
    // An aborted nRF52 UARTE reports the failure and no line error (chips/nrf52/src/uart.rs).
    const failure = receiving.aborted ? "CANCEL" : undefined;
    this.#receiveClient?.receivedBuffer(Uint8Array.from(receiving.bytes), failure, "None");
  }
}
