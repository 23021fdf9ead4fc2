// The CRC unit of the SAM4L as Tock drives it (chips/sam4l/src/crccu.rs): one byte a cycle.
import type { Clock } from "../base/clock.js";
import { type CrcParameters, crcFinish, crcUpdate } from "../base/crc.js";
import type { Crc, CrcAlgorithm, CrcClient, CrcFailure } from "../hil/crc.js";
import type { Device } from "./device.js";

const reflected = { reflectInput: true, reflectOutput: true } as const;
const CRC32 = { width: 32, initial: 0xffffffff, finalXor: 0xffffffff, ...reflected } as const;

const parameters: Readonly<Record<CrcAlgorithm, CrcParameters>> = {
  Crc32: { ...CRC32, polynomial: 0x04c11db7 },
  Crc32C: { ...CRC32, polynomial: 0x1edc6f41 },
  Crc16CCITT: {
    width: 16,
    polynomial: 0x1021,
    initial: 0xffff,
    reflectInput: true,
    reflectOutput: false,
    finalXor: 0,
  },
};

export interface CrcState {
  algorithm: CrcAlgorithm | null;
  remainder: number;
  busy: "input" | "compute" | null;
}

export class CrcDevice implements Device<CrcState>, Crc {
  readonly name = "crc";
  readonly #clock: Clock;
  #client: CrcClient | undefined;
  #state: CrcState = { algorithm: null, remainder: 0, busy: null };

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  setCrcClient(client: CrcClient): void {
    this.#client = client;
  }

  setAlgorithm(algorithm: CrcAlgorithm): CrcFailure | undefined {
    if (this.#state.busy !== null) return "BUSY";
    this.#state = { algorithm, remainder: parameters[algorithm].initial, busy: null };
    return undefined;
  }

  input(bytes: Uint8Array): CrcFailure | undefined {
    const { algorithm, busy, remainder } = this.#state;
    if (algorithm === null) return "RESERVE";
    if (busy !== null) return "BUSY";
    this.#state.busy = "input";
    this.#state.remainder = crcUpdate(parameters[algorithm], remainder, bytes);
    this.#clock.schedule(this.name, 0, bytes.length);
    return undefined;
  }

  compute(): CrcFailure | undefined {
    const { algorithm, busy } = this.#state;
    if (algorithm === null) return "RESERVE";
    if (busy !== null) return "BUSY";
    this.#state.busy = "compute";
    this.#clock.schedule(this.name, 0, 1);
    return undefined;
  }

  onEvent(): void {
    const { algorithm, busy, remainder } = this.#state;
    this.#state.busy = null;
    if (algorithm === null) return;
    if (busy === "input") {
      this.#client?.inputDone();
      return;
    }
    this.#state.remainder = parameters[algorithm].initial;
    this.#client?.crcDone(crcFinish(parameters[algorithm], remainder), algorithm);
  }

  save(): CrcState {
    return { ...this.#state };
  }

  load(state: CrcState): void {
    this.#state = { ...state };
  }
}
