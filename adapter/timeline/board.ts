// What a recording reads of a board of the emulator.
import type { TockBoard } from "../../emulator/index.js";
import type { Recorded } from "./recording.js";

export const recordedBoard = ({
  machine,
  kernel,
}: Pick<TockBoard, "machine" | "kernel">): Recorded => ({
  memory: machine.memory,
  // A process may have unloaded itself by the very call.
  registers: (process, pid) =>
    kernel.identifiers[process] === pid ? kernel.registers(process) : null,
});
