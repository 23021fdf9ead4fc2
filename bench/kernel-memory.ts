// Memory as the papers on Tock measure it: what the kernel holds in any case, and what each process lends it.
import { readFileSync } from "node:fs";
import { nrf52840dk, type ProcessView, readTab } from "../emulator/index.js";
import type { Measurement } from "./measurement.js";

const APP = "examples/grants/grants.tab";
const COUNTS = [1, 2, 3, 8];
/** Every process then waits for an alarm, for a byte and for buttons, and no transfer is under way. */
const QUIET_SECONDS = 0.9;
/** `ProcessSlot` of kernel/src/process.rs: a pointer. */
const SLOT_SIZE = 4;
/** Levy et al., "Multiprogramming a 64kB Computer Safely and Efficiently": kernel RAM, system call RAM, most in use. */
const TOS_THREADS: Readonly<Record<number, readonly [number, number, number]>> = {
  1: [3506, 712, 158],
  2: [4216, 1422, 316],
  3: [4928, 2134, 474],
};

/** Bytes of plain data in C: numbers are words, flags and names of states a byte, an empty option nothing. */
function sizeOf(value: unknown): number {
  if (typeof value === "number") return 4;
  if (typeof value === "boolean" || typeof value === "string") return 1;
  if (value === null || value === undefined) return 0;
  if (ArrayBuffer.isView(value)) return value.byteLength;
  return Object.values(value).reduce((sum: number, each) => sum + sizeOf(each), 0);
}

/**
 * Static: what a snapshot holds of capsules, multiplexers and the kernel itself, and the process slots. What upstream
 * keeps of a process in that process's own block (its control block, queue and grants) is not static, and devices are
 * hardware. A buffer that is filled only during a transfer counts while it is filled.
 */
function staticBytes({ parts }: { parts: Record<string, unknown> }, slots: number): number {
  const kernel = structuredClone(parts["supervisor"]) as { table: { processes: unknown } };
  kernel.table.processes = null;
  const capsules = Object.entries(parts).filter(([name]) => /^part |^device .*-mux$/.test(name));
  return sizeOf(kernel) + sizeOf(capsules.map(([, part]) => part)) + SLOT_SIZE * slots;
}

const COUNTERS_SIZE = 4;
const EMPTY_SLOT_SIZE = 8;

/** Bytes of a process's grants, and of those the ones that hold something: all but empty upcall and allow slots. */
function grantBytes({ grants }: ProcessView): { allocated: number; inUse: number } {
  let [allocated, inUse] = [0, 0];
  for (const { size, upcalls, readOnlyAllows, readWriteAllows } of grants) {
    if (size < COUNTERS_SIZE) continue;
    const empty =
      upcalls.filter(upcall => upcall.functionPointer === 0).length +
      [...readOnlyAllows, ...readWriteAllows].filter(allow => allow.length === 0).length;
    allocated += size;
    inUse += size - EMPTY_SLOT_SIZE * empty;
  }
  return { allocated, inUse };
}

function measure(count: number) {
  const { binaries } = readTab(readFileSync(APP), APP);
  const app = binaries.find(({ architecture }) => architecture === nrf52840dk.architecture);
  if (app === undefined) throw new Error(`${APP} has no code for ${nrf52840dk.name}`);
  const { machine, kernel } = nrf52840dk.build({ apps: new Array(count).fill(app.bytes) });
  machine.run(QUIET_SECONDS * machine.clock.frequency);
  const grants = kernel.processes.map(grantBytes);
  return {
    kernel: staticBytes(machine.save(), kernel.processSlots),
    allocated: grants.reduce((sum, { allocated }) => sum + allocated, 0),
    inUse: grants.reduce((sum, { inUse }) => sum + inUse, 0),
  };
}

export function benchKernelMemory(): Measurement[] {
  const figures = COUNTS.map(count => ({ count, ...measure(count) }));
  const [first] = figures;
  return figures.flatMap(({ count, kernel, allocated, inUse }) => {
    const processes = `${count} process${count === 1 ? "" : "es"}`;
    const peer = TOS_THREADS[count];
    return [
      {
        what: `${processes}: static kernel bytes, grants, in use`,
        value: `${kernel} ${allocated} ${inUse}`,
        target: `${first?.kernel} static`,
        met: kernel === first?.kernel,
      },
      ...(peer === undefined ? [] : [{ what: "  TOSThreads", value: peer.join(" ") }]),
    ];
  });
}
