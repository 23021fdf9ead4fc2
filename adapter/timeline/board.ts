// A recording of a board of the emulator.
import type { TockBoard } from "../../emulator/index.js";
import { Recording } from "./recording.js";

/** @param capacity rows that are kept at most; without it as many as a session keeps */
export function recordingOf(
  { machine: { memory }, kernel }: Pick<TockBoard, "machine" | "kernel">,
  capacity?: number,
): Recording {
  const { address, size } = memory.map.ram;
  const ram = new Uint32Array(memory.buffer, memory.ramOffset, size / 4);
  const copyStack = (sp: number, into: Uint32Array, at: number, length: number): number => {
    const from = (sp - address) / 4;
    // What comes from a wild stack pointer tells nothing.
    if (!(from >= 0 && from <= ram.length && Number.isInteger(from))) return 0;
    const count = Math.min(length, ram.length - from);
    for (let i = 0; i < count; i++) into[at + i] = ram[from + i] as number;
    return count;
  };
  // A process may have unloaded itself by the very call.
  const registers = (process: number, pid: number) =>
    kernel.hasProcess(process, pid) ? kernel.registers(process) : null;
  return new Recording({ memory, copyStack, registers }, capacity);
}
