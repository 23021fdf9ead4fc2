// The kernel's own cost: system calls and switches between processes against plain instructions of the same run.
import { recordingOf } from "../adapter/timeline/board.js";
import type { ProcessId, SyscallDriver } from "../emulator/kernel/driver.js";
import type { Kernel } from "../emulator/kernel/kernel.js";
import { Return } from "../emulator/kernel/syscalls.js";
import { type Assembler, program, tbf } from "../test/emulator/guest.js";
import { memoryAllocation, testBoard } from "../test/emulator/test-board.js";
import { type Measurement, median } from "./measurement.js";

const RING = 0x99;
const ROUNDS = 5;
const CYCLES = 20_000_000;
const SLICE = 1_000_000;
const MANY = 20;

/** Command 0 only succeeds; command 1 queues an upcall for the next process, so that one wakes the other in a ring. */
class Ring implements SyscallDriver {
  readonly #grant;
  readonly #size: number;

  constructor(kernel: Kernel, size: number) {
    const data = { received: "u32", last: "u64", busy: "bool" } as const;
    const shape = { driver: RING, upcalls: 1, readOnlyAllows: 0, readWriteAllows: 0, data };
    this.#grant = kernel.createGrant(shape, memoryAllocation);
    this.#size = size;
  }

  command(command: number, _a: number, _b: number, { index }: ProcessId) {
    const next = (index + 1) % this.#size;
    // Nobody restarts here: a process's identifier is its index.
    if (command === 1)
      this.#grant.enter({ index: next, pid: next }, ({ data, scheduleUpcall }) => {
        data.received++;
        return scheduleUpcall(0, 0, 0, 0);
      });
    return Return.success();
  }

  allocateGrant(process: ProcessId) {
    return this.#grant.allocate(process);
  }
}

/** Runs `count` copies of a program; what a second of processor time does, in units that `progress` counts. */
function rate(
  count: number,
  make: () => Assembler,
  progress: (board: Board) => number,
  record: "" | "rows" | "places" = "",
): number {
  let at = 0x40000;
  const apps = Array.from({ length: count }, (_, i) => {
    const app = tbf(make(), { name: `app${i}`, at });
    at += app.length;
    return app;
  });
  const board = testBoard({
    apps,
    slots: count,
    capsules: ({ kernel }) => ({ drivers: new Map([[RING, new Ring(kernel, count)]]) }),
  });
  if (record !== "") {
    const recording = recordingOf(board);
    if (record === "places") recording.keepPlaces();
    board.machine.trace.listen(event => recording.hear(event));
  }
  // A debugger keeps events; here they would only fill memory.
  const run = (cycles: number) => {
    for (const end = board.clock.now + cycles; board.clock.now < end; ) {
      board.machine.run(Math.min(end, board.clock.now + SLICE));
      board.events.length = 0;
    }
  };
  run(CYCLES / 4);
  const before = progress(board);
  const start = process.cpuUsage().user;
  run(CYCLES);
  return ((progress(board) - before) * 1e6) / (process.cpuUsage().user - start);
}

type Board = ReturnType<typeof testBoard>;
const instructions = ({ cpu }: Board) => cpu.instructions;
const syscalls = ({ kernel }: Board) =>
  kernel.processes.reduce((sum, { syscallCount }) => sum + syscallCount, 0);
/** Each turn in the ring makes two calls. */
const turns = (board: Board) => syscalls(board) / 2;

/** Eight data-processing instructions and a branch, for ever. */
const compute = () => {
  const loop = program().label("loop");
  for (let i = 0; i < 8; i++) loop.add(i % 4, i);
  return loop.branch("loop");
};
const call = () => program().label("loop").command(RING, 0).branch("loop");
/** The first process starts the ring. */
const pass = () => program().label("loop").command(RING, 1).yieldWaitFor(RING, 0).branch("loop");

export function benchKernel(): Measurement[] {
  const rounds = Array.from({ length: ROUNDS }, () => {
    const plain = rate(1, compute, instructions);
    const called = rate(1, call, syscalls);
    const recorded = rate(1, call, syscalls, "rows");
    const placed = rate(1, call, syscalls, "places");
    const [one, two, many] = [1, 2, MANY].map(count => rate(count, pass, turns)) as [
      number,
      number,
      number,
    ];
    return { plain, called, recorded, placed, one, two, many };
  });
  const of = (figure: (round: (typeof rounds)[number]) => number) => median(rounds.map(figure));
  const perSecond = (value: number) => `${(value / 1e6).toFixed(2)} M/s`;
  const ratio = of(r => r.one / r.many);
  return [
    { what: "system calls", value: perSecond(of(r => r.called)) },
    { what: "  one costs as many instructions", value: of(r => r.plain / r.called).toFixed(0) },
    { what: "  recorded / not", value: of(r => r.called / r.recorded).toFixed(2) },
    { what: "  recorded with stacks / not", value: of(r => r.called / r.placed).toFixed(2) },
    { what: "context switches between two processes", value: perSecond(of(r => r.two)) },
    { what: "  one costs as many instructions", value: of(r => r.plain / r.two).toFixed(0) },
    { what: `a turn among ${MANY} processes / with one`, value: ratio.toFixed(2) },
  ];
}
