// Batches of sequences as one image for both machines, and what each machine makes of it.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bare } from "../../emulator/boards/bare.js";
import type { Random } from "../emulator/cpu/armv7m/random.js";
import { END, HANDLER, MAIN_STACK, MONITOR, monitorFor, RESULT, SCRATCH } from "./monitor.js";
import { type Place, type Step, sizeOf, type Target } from "./sequences.js";

/** Registers that a sequence starts with; `xpsr` holds flags, `sp` is the stack pointer. */
export interface Input {
  r: readonly number[];
  lr: number;
  xpsr: number;
  sp: number;
}

export interface Sequence {
  steps: readonly Step[];
  inputs: readonly Input[];
}

/** Both boards have this much flash. */
const FLASH_SIZE = 0x40000;
/** Behind the code there are zeros for loads relative to the pc. */
const TAIL = 0x1000;
const PARAMETERS = 0x40;
const TABLE = 0x1100;

export function randomInput(random: Random): Input {
  return {
    r: Array.from({ length: 13 }, () => random.word() >>> 0),
    lr: random.word() >>> 0,
    xpsr: ((random.word() & 0xf80f0000) | (1 << 24)) >>> 0,
    sp: SCRATCH + 0x300 + random.below(16) * 4,
  };
}

/** The words of a frame and the rest, as the monitor reads them. */
function inputWords({ r, lr, xpsr, sp }: Input, to: Target): number[] {
  const frame = (sp - 32) & ~7;
  const flags = to.dsp ? xpsr : to.architecture === 7 ? xpsr & 0xf9000000 : xpsr & 0xf1000000;
  const padded = (flags | (((sp >>> 2) & 1) << 9)) >>> 0;
  return [...r.slice(0, 4), r[12] as number, lr, padded, frame, ...r.slice(4, 12)];
}

/** Steps one after the other, the final call, then the literals. */
function place(steps: readonly Step[], base: number): { code: number[]; literals: number[] } {
  const sizes = steps.map(sizeOf);
  const end = base + sizes.reduce((sum, size) => sum + size, 0);
  let at = base;
  let pool = (end + 2 + 3) & ~3;
  const placed = { code: [] as number[], literals: [] as number[] };
  steps.forEach((step, i) => {
    const where: Place = { at, literals: step.literals.map((_, j) => pool + j * 4) };
    placed.code.push(...step.code(where));
    placed.literals.push(...step.literals.map(literal => literal(where)));
    at += sizes[i] as number;
    pool += step.literals.length * 4;
  });
  placed.code.push(0xdf00 | END);
  return placed;
}

const roundsOf = (sequences: readonly Sequence[]): number => sequences[0]?.inputs.length ?? 0;

/** The image; sequences that do not fit are left for the next one. All have as many inputs. */
export function image(
  sequences: readonly Sequence[],
  to: Target,
): { bytes: Uint8Array; count: number } {
  const bytes = new Uint8Array(FLASH_SIZE);
  const view = new DataView(bytes.buffer);
  const rounds = roundsOf(sequences);
  const halves = (at: number, list: readonly number[]) =>
    list.forEach((h, i) => {
      view.setUint16(at + i * 2, h, true);
    });
  const words = (at: number, list: readonly number[]) =>
    list.forEach((w, i) => {
      view.setUint32(at + i * 4, w, true);
    });
  words(0, [MAIN_STACK, MONITOR + 1, ...Array.from({ length: 14 }, () => HANDLER + 1)]);
  halves(MONITOR, monitorFor(to.architecture));
  let at = TABLE + sequences.length * 8;
  let count = 0;
  for (const { steps, inputs } of sequences) {
    const data = inputs.flatMap(input => inputWords(input, to));
    const start = at + data.length * 4;
    const { code, literals } = place(steps, start);
    const pool = (start + code.length * 2 + 3) & ~3;
    if (pool + literals.length * 4 + TAIL > FLASH_SIZE) break;
    words(TABLE + count * 8, [start, at]);
    words(at, data);
    halves(start, code);
    words(pool, literals);
    at = pool + literals.length * 4;
    count++;
  }
  words(PARAMETERS, [TABLE, TABLE + count * 8, rounds, SCRATCH + 0x400]);
  return { bytes, count };
}

export function onQemu(qemu: string, bytes: Uint8Array, to: Target): Buffer {
  const folder = mkdtempSync(join(tmpdir(), "lockstep-"));
  try {
    const file = join(folder, "image.bin");
    writeFileSync(file, bytes);
    const options = ["-display", "none", "-monitor", "none", "-serial", "none"];
    const semihosting = ["-semihosting-config", "enable=on,target=native"];
    const loader = ["-device", `loader,file=${file},addr=0`];
    return execFileSync(qemu, ["-M", to.machine, ...options, ...semihosting, ...loader], {
      maxBuffer: 1 << 26,
      timeout: 30_000,
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Instructions of the sequences themselves are counted apart from the monitor's. */
export function onOurs(bytes: Uint8Array, to: Target): { output: Buffer; instructions: number } {
  const chunks: Uint8Array[] = [];
  const machine = bare({
    image: bytes,
    core: to.core,
    memory: {
      flash: { address: 0, size: FLASH_SIZE },
      ram: { address: 0x20000000, size: 0x4000 },
    },
    listen: event => {
      if (event.type === "uart") chunks.push(event.bytes);
    },
  });
  const stop = machine.run(2e8);
  if (stop.reason !== "exited") {
    const pc = machine.cpu.readRegister(15).toString(16);
    throw new Error(`our machine ended with ${stop.reason} at ${pc}`);
  }
  return { output: Buffer.concat(chunks), instructions: machine.cpu.instructions };
}

export const RESULT_SIZE = RESULT.length * 4;
