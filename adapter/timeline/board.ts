// A recording of a board of the emulator.
import type { TockBoard } from "../../emulator/index.js";
import { Recording } from "./recording.js";

/** @param capacity rows that are kept at most; without it as many as a session keeps */
export function recordingOf(
  { machine: { memory }, kernel }: Pick<TockBoard, "machine" | "kernel">,
  capacity?: number,
): Recording {
  const { address, size } = memory.map.ram;
  const ram = new Uint8Array(memory.buffer, memory.ramOffset, size);
  const copyStack = (sp: number, into: Uint8Array): number => {
    const start = sp - address;
    if (start < 0 || start > size) return 0;
    const stack = ram.subarray(start, Math.min(size, start + into.length));
    into.set(stack);
    return stack.length;
  };
  // A process may have unloaded itself by the very call.
  const registers = (process: number, pid: number) =>
    kernel.hasProcess(process, pid) ? kernel.registers(process) : null;
  return new Recording({ memory, copyStack, registers }, capacity);
}
