// A long recording without a board: two processes that write, blink and wait, round after round.
import { Recording } from "../../../adapter/timeline/recording.js";
import { SyscallClass, type TraceEvent } from "../../../emulator/index.js";

const greeting = new TextEncoder().encode("Hello, Tock!\n");
const { Command, ReadOnlyAllow, Yield } = SyscallClass;

type Call = [number, readonly [number, number, number, number], readonly number[] | null];
const round: readonly Call[] = [
  [ReadOnlyAllow, [1, 1, 0x20004000, greeting.length], [130, 0, 0]],
  [Command, [1, 1, greeting.length, 0], [128]],
  [Command, [2, 3, 0, 0], [128]],
  [Command, [0x60001, 1, 0, 0], [0, 11]],
  [Command, [0, 5, 4096, 0], [129, 77]],
  [Yield, [1, 0, 0, 0], null],
];

/** @param count rows that are recorded */
export function manyRows(count: number): Recording {
  const recording = new Recording({
    memory: { contains: () => true, readBytes: (_, length) => greeting.slice(0, length) },
    copyStack: () => 0,
    registers: () => null,
  });
  let cycle = 0;
  // Each event with the time that it takes.
  const hear = (event: object, cycles: number) => {
    recording.hear({ ...event, cycle } as TraceEvent);
    cycle += cycles;
  };
  for (const [process, name] of ["hello", "blink"].entries())
    hear({ type: "processCreated", process, pid: process, name, restart: false }, 100);
  for (let turn = 0; recording.end < count; turn++) {
    const process = turn % 2;
    for (const [syscallClass, values, returned] of round)
      hear(
        { type: "syscall", process, pid: process, syscallClass, arguments: values, returned },
        120,
      );
    for (const [driver, subscribe, cycles] of [
      [1, 1, 64_000],
      [0, 0, 3_000_000],
    ] as const) {
      cycle += cycles;
      const upcall = { process, driver, subscribe };
      hear({ type: "upcallScheduled", ...upcall, dropped: false, isNull: false }, 50);
      const arguments_ = [greeting.length, 0, 0, 0];
      hear(
        { type: "upcallDelivered", ...upcall, how: "called", pc: 0x40001, arguments: arguments_ },
        400,
      );
    }
  }
  return recording;
}
