// Seven-segment digits, driver 0x90004 (capsules/extra/src/seven_segment.rs). No grant: all processes share the display.
//
//   command 0                      existence check
//   command 1  position digit      show a digit
//   command 2                      clear all
//   command 3  position            light the dot
//   command 4  position pattern    light segments A to G and the dot by bits 0 to 7
//   command 5                      number of digits
//
// Positions count from 1; INVAL beyond the last. Position 0 and digits beyond 9 panic the kernel, as upstream's arrays do.
import type { Stateful } from "../../base/stateful.js";
import type { SegmentDisplay } from "../../hil/segments.js";
import type { ProcessError, SyscallDriver } from "../driver.js";
import { KernelPanic } from "../panic.js";
import { ErrorCode, Return, type SyscallReturn } from "../syscalls.js";

export const SEVEN_SEGMENT_DRIVER = 0x90004;

const DOT = 0x80;

/** Segments A to G by digit. */
const DIGITS: readonly number[] = [63, 6, 91, 79, 102, 109, 125, 39, 127, 111];

export interface SevenSegmentState {
  buffer: number[];
}

export class SevenSegment implements SyscallDriver, Stateful<SevenSegmentState> {
  readonly #display: SegmentDisplay;
  #buffer: number[];

  constructor(display: SegmentDisplay) {
    this.#display = display;
    this.#buffer = Array(display.digits).fill(0);
  }

  command(commandNum: number, position: number, argument: number): SyscallReturn {
    switch (commandNum) {
      case 0:
        return Return.success();
      case 1:
        return this.#change(position, "305:36", () => checked(DIGITS, argument, "305:57"));
      case 2:
        this.#buffer.fill(0);
        this.#display.show(this.#buffer);
        return Return.success();
      case 3:
        return this.#change(position, "327:17", old => old | DOT);
      case 4:
        return this.#change(position, "339:17", () => argument & 0xff);
      case 5:
        return Return.successU32(this.#display.digits);
      default:
        return Return.failure(ErrorCode.NOSUPPORT);
    }
  }

  allocateGrant(): ProcessError | undefined {
    return undefined;
  }

  save(): SevenSegmentState {
    return { buffer: [...this.#buffer] };
  }

  load(state: SevenSegmentState): void {
    this.#buffer = [...state.buffer];
  }

  /** `place`: line and column of upstream's access. */
  #change(position: number, place: string, to: (old: number) => number): SyscallReturn {
    if (position > this.#buffer.length) return Return.failure(ErrorCode.INVAL);
    const index = (position - 1) >>> 0;
    const pattern = to(this.#buffer[index] ?? 0);
    checked(this.#buffer, index, place);
    this.#buffer[index] = pattern;
    this.#display.show(this.#buffer);
    return Return.success();
  }
}

function checked(array: readonly number[], index: number, place: string): number {
  const value = array[index];
  if (value === undefined)
    throw new KernelPanic(
      `index out of bounds: the len is ${array.length} but the index is ${index}`,
      `capsules/extra/src/seven_segment.rs:${place}`,
    );
  return value;
}
