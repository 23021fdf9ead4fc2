// A memory chip on a four-wire bus: the FM25CL64B, 8 KiB that take a write at once (its datasheet;
// capsules/extra/src/fm25cl.rs).
import type { InputValue } from "../base/trace.js";
import { MEMORY_TAKES, memoryText, pokeMemory } from "./bytes-text.js";
import type { Device } from "./device.js";
import type { SpiPeripheral } from "./spi.js";

const SIZE = 8192;

const Opcode = {
  writeStatus: 0x01,
  write: 0x02,
  read: 0x03,
  writeDisable: 0x04,
  readStatus: 0x05,
  writeEnable: 0x06,
} as const;

/** Bit of the status register: writes are enabled. */
const WRITE_ENABLED = 0x02;

export interface SpiMemoryState {
  bytes: Uint8Array;
  status: number;
}

export class SpiMemory implements Device<SpiMemoryState>, SpiPeripheral {
  readonly name: string;
  readonly takes = MEMORY_TAKES;
  #state: SpiMemoryState = { bytes: new Uint8Array(SIZE), status: 0 };

  constructor(name: string) {
    this.name = name;
  }

  spiTransfer(sent: Uint8Array): Uint8Array {
    const answer = new Uint8Array(sent.length).fill(0xff);
    const state = this.#state;
    const [opcode, high = 0, low = 0] = sent;
    const address = ((high << 8) | low) % SIZE;
    const writable = (state.status & WRITE_ENABLED) !== 0;
    switch (opcode) {
      case Opcode.writeEnable:
        state.status |= WRITE_ENABLED;
        break;
      case Opcode.writeDisable:
        state.status &= ~WRITE_ENABLED;
        break;
      case Opcode.readStatus:
        answer.fill(state.status, 1);
        break;
      case Opcode.writeStatus:
        if (writable && sent.length > 1) state.status = high & ~WRITE_ENABLED;
        break;
      case Opcode.read:
        for (let i = 3; i < sent.length; i++)
          answer[i] = state.bytes[(address + i - 3) % SIZE] as number;
        break;
      case Opcode.write:
        if (!writable || sent.length < 3) break;
        sent.subarray(3).forEach((byte, i) => {
          state.bytes[(address + i) % SIZE] = byte;
        });
        state.status &= ~WRITE_ENABLED;
        break;
    }
    return answer;
  }

  onInput(value: InputValue): void {
    pokeMemory(this.name, this.#state.bytes, value);
  }

  shown(): string {
    return memoryText(this.#state.bytes);
  }

  /** Memory keeps its bytes. */
  reset(): void {
    this.#state.status = 0;
  }

  save(): SpiMemoryState {
    return structuredClone(this.#state);
  }

  load(state: SpiMemoryState): void {
    this.#state = structuredClone(state);
  }
}
