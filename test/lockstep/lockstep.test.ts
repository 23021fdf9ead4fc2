// Random sequences over every row of the encoding table leave the same registers, flags, memory and faults as on QEMU.
// Environment: LOCKSTEP_SEED repeats a run, LOCKSTEP_INSTRUCTIONS sets its length.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Encoding } from "../../emulator/cpu/armv7m/encodings.js";
import { Random } from "../emulator/cpu/armv7m/random.js";
import { requireTool } from "../tools.js";
import {
  type Input,
  image,
  onOurs,
  onQemu,
  RESULT_SIZE,
  randomInput,
  type Sequence,
} from "./batch.js";
import { CORNERS } from "./corners.js";
import { CODE, RESULT } from "./monitor.js";
import { DEFINED, RESERVED, type Step, stepOf, type Target, target } from "./sequences.js";

const SEED = Number(process.env["LOCKSTEP_SEED"] ?? 20261121);
const INSTRUCTIONS = Number(process.env["LOCKSTEP_INSTRUCTIONS"] ?? 2_000_000);
const ROUNDS = 12;
const STEPS = 12;
const SEQUENCES_PER_IMAGE = 500;

interface Difference {
  sequence: Sequence;
  input: Input;
  text: string;
}

/** All rows come up equally often, in random order. */
function* rowsForEver(random: Random, to: Target): Generator<Encoding> {
  for (;;) {
    const rows = [...to.rows];
    while (rows.length > 0) yield rows.splice(random.below(rows.length), 1)[0] as Encoding;
  }
}

/** What differs in the result of round `i`, or undefined. */
function compareResult(ours: Buffer, theirs: Buffer, i: number): string | undefined {
  const differing = RESULT.flatMap((name, j) => {
    const at = i * RESULT_SIZE + j * 4;
    const [mine, expected] = [ours.readUInt32LE(at), theirs.readUInt32LE(at)];
    return mine === expected
      ? []
      : [`${name} is ${mine.toString(16)}, on QEMU ${expected.toString(16)}`];
  });
  return differing.length === 0 ? undefined : differing.join("; ");
}

function runBatch(qemu: string, sequences: readonly Sequence[], to: Target) {
  const { bytes, count } = image(sequences, to);
  const ours = onOurs(bytes, to);
  const theirs = onQemu(qemu, bytes, to);
  const rounds = count * roundsOf(sequences);
  assert.equal(ours.output.length, rounds * RESULT_SIZE);
  assert.equal(theirs.length, rounds * RESULT_SIZE, "QEMU ran as many rounds");
  const differences: Difference[] = [];
  for (let i = 0; i < rounds; i++) {
    const text = compareResult(ours.output, theirs, i);
    if (text === undefined) continue;
    const sequence = sequences[Math.floor(i / roundsOf(sequences))] as Sequence;
    differences.push({ sequence, input: sequence.inputs[i % roundsOf(sequences)] as Input, text });
  }
  return { count, differences };
}

const roundsOf = (sequences: readonly Sequence[]): number => sequences[0]?.inputs.length ?? 0;

/** Leaves out steps as long as the rest still differs. */
function shrink(qemu: string, { sequence, input, text }: Difference, to: Target): Difference {
  let best: Difference = { sequence: { steps: sequence.steps, inputs: [input] }, input, text };
  for (let i = sequence.steps.length - 1; i >= 0; i--) {
    const steps = best.sequence.steps.filter((_, j) => j !== i);
    const [found] = runBatch(qemu, [{ steps, inputs: [input] }], to).differences;
    if (found !== undefined) best = found;
  }
  return best;
}

function describeDifference({ sequence, input, text }: Difference): string {
  const hex = (list: readonly number[]) => list.map(n => n.toString(16)).join(" ");
  const steps = sequence.steps.map(step => {
    const where = { at: 0x2000, literals: step.literals.map((_, i) => 0x2100 + i * 4) };
    const literals = step.literals.map(literal => literal(where));
    const { mnemonic, operands } = step.row;
    return `  ${mnemonic} ${operands} [${hex(step.code(where))}]${literals.length > 0 ? ` literals ${hex(literals)}` : ""}`;
  });
  const { r, lr, xpsr, sp } = input;
  return `${text}\n${steps.join("\n")}\n  from r0.. ${hex(r)} lr ${hex([lr])} xpsr ${hex([xpsr])} sp ${hex([sp])}`;
}

/** Static count: the halfwords that encode an instruction's start are about this many per step. */
const instructionsOf = (step: Step): number => {
  const code = step.code({ at: 0x2000, literals: step.literals.map(() => 0x2100) });
  let count = 0;
  for (let i = 0; i < code.length; i += (code[i] as number) >>> 11 >= 0x1d ? 2 : 1) count++;
  return count;
};

function lockstep(qemu: string, to: Target, instructions: number, all: Set<Encoding>): string {
  const random = new Random(SEED);
  const rows = rowsForEver(random, to);
  const covered = new Set<Encoding>();
  let executed = 0;
  let sequenceCount = 0;
  while (executed < instructions || covered.size < to.rows.length) {
    const sequences = Array.from({ length: SEQUENCES_PER_IMAGE }, () => ({
      steps: Array.from({ length: STEPS }, () => stepOf(random, rows.next().value as Encoding, to)),
      inputs: Array.from({ length: ROUNDS }, () => randomInput(random)),
    }));
    const { count, differences } = runBatch(qemu, sequences, to);
    for (const { steps } of sequences.slice(0, count)) {
      for (const step of steps) {
        covered.add(step.row);
        all.add(step.row);
        executed += instructionsOf(step) * ROUNDS;
      }
    }
    sequenceCount += count;
    if (differences.length > 0) {
      const distinct = differences.filter(
        (d, i) => differences.findIndex(e => e.sequence === d.sequence) === i,
      );
      const shown = distinct
        .slice(0, Number(process.env["LOCKSTEP_SHOW"] ?? 3))
        .map(d => shrink(qemu, d, to));
      assert.fail(
        `LOCKSTEP_SEED=${SEED}: ${distinct.length} sequences differ:\n${shown.map(describeDifference).join("\n")}`,
      );
    }
  }
  const share = ((100 * covered.size) / to.rows.length).toFixed(1);
  return `${share} % of ${to.rows.length} rows, ${executed} instructions, ${sequenceCount} sequences, LOCKSTEP_SEED=${SEED}`;
}

describe("in lockstep with QEMU", () => {
  const covered = new Set<Encoding>();

  after(() => {
    if (covered.size === 0) return;
    const share = ((100 * covered.size) / DEFINED.length).toFixed(1);
    console.log(
      `      ${covered.size} of ${DEFINED.length} defined encodings (${share} %) compared`,
    );
    console.log(`      ${RESERVED.length} reserved ones not: SSAT and USAT with ASR #0`);
  });

  for (const [name, core, share] of [
    ["Cortex-M4", "cortex-m4", 0.6],
    ["Cortex-M3", "cortex-m3", 0.2],
    ["Cortex-M0", "cortex-m0plus", 0.2],
  ] as const) {
    it(`the ${name} executes random sequences over every encoding alike`, function () {
      const qemu = requireTool(this, "qemu-system-arm");
      this.timeout(300_000);
      const done = lockstep(qemu, target(core), INSTRUCTIONS * share, covered);
      console.log(`      ${name}: ${done}`);
    });
  }

  for (const core of ["cortex-m4", "cortex-m3", "cortex-m0plus"] as const) {
    const to = target(core);
    for (const corner of CORNERS.filter(c => c.architectures.includes(to.architecture))) {
      it(`${core}: ${corner.name}`, function () {
        const qemu = requireTool(this, "qemu-system-arm");
        const random = new Random(SEED);
        const inputs = Array.from({ length: ROUNDS }, () => randomInput(random));
        const code = corner.code.split(" ").map(halfword => Number.parseInt(halfword, 16));
        const row = { ...(to.rows[0] as Encoding), mnemonic: corner.source, operands: "" };
        const sequence = { steps: [{ row, literals: [], code: () => code }], inputs };
        const { differences } = runBatch(qemu, [sequence], to);
        assert.deepEqual(differences.slice(0, 1).map(describeDifference), []);
      });
    }
  }

  it("the guest's monitor is what its source assembles to", function () {
    const assembler = requireTool(this, "arm-none-eabi-as");
    const objcopy = requireTool(this, "arm-none-eabi-objcopy");
    const folder = mkdtempSync(join(tmpdir(), "monitor-"));
    try {
      const [object, binary] = [join(folder, "monitor.o"), join(folder, "monitor.bin")];
      execFileSync(assembler, ["-o", object, "test/lockstep/monitor.s"]);
      execFileSync(objcopy, ["-O", "binary", object, binary]);
      const bytes = readFileSync(binary);
      assert.deepEqual(
        CODE,
        Array.from({ length: bytes.length / 2 }, (_, i) => bytes.readUInt16LE(i * 2)),
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
