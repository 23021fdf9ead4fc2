// Random instructions of every row of the encoding table give the same registers, flags and memory as on QEMU.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Memory } from "../../../../emulator/bus/memory.js";
import { Decoder } from "../../../../emulator/cpu/armv7m/decode.js";
import type { Encoding } from "../../../../emulator/cpu/armv7m/encodings.js";
import { Exit } from "../../../../emulator/cpu/cpu.js";
import { requireTool } from "../../../tools.js";
import { bench } from "./harness.js";
import { Random, rowsOf, type Sample, sample } from "./random.js";

const RAM = 0x20000000;
const FLASH_SIZE = 0x400000;
const RAM_SIZE = 0x400000;
/** Initial registers of each case. */
const BLOCKS = 0x200000;
const SCRATCH = RAM + 0x300000;
const SCRATCH_SIZE = 0x4000;
const STACK = SCRATCH + 0x3000;
const RESULT_WORDS = 15;
const ROUNDS = Number(process.env["QEMU_ROUNDS"] ?? 12);
const SEED = Number(process.env["SEED"] ?? 20260821);

/** Operations that leave straight-line code, change modes, or write SP in ways that end the comparison. */
const EXCLUDED =
  /^(branch|bx|blx|load[P]c|popPc|ldm(db)?Pc|movToPc|addToPc|tb[bh]|compareBranch|svc|bkpt|undefined_|noCop|cps|msr|mrs|wf[ie]|ifThen|sev|clrex|\w*ToSp|strex|ldrex)/;

const isMemory = (e: Encoding): boolean => /^(ldr|str|ldm|stm)/.test(e.operation);
const PC_READS = /pc/;

/** False for what the manual calls UNPREDICTABLE. */
function predictable({ encoding: { operation, pattern, immediate }, fields: f }: Sample): boolean {
  const [d, n, m, a] = [f["d"] ?? f["t"] ?? f["l"], f["n"], f["m"], f["u"] ?? f["h"] ?? f["a"]];
  if (/^(ldm|stm)/.test(operation)) {
    const list = f["r"] as number;
    const inList = n !== undefined && ((list >>> n) & 1) !== 0;
    if (list === 0 || (pattern.length === 32 && (list & (list - 1)) === 0)) return false;
    if ((list & 0xe000) !== 0) return false;
    return !inList || !/Writeback/.test(operation);
  }
  if (/^(ldrd|strd)/.test(operation)) {
    return (
      (d !== a || /^strd/.test(operation)) && (!/Indexed/.test(operation) || (n !== d && n !== a))
    );
  }
  // Legal, but the sum would leave the scratch area.
  if (/^(ldr|str)\w*Register/.test(operation)) return n !== m;
  if (/Indexed/.test(operation)) return n !== d;
  if (/^[us]m(ull|lal|aal)|^smlald|^smlsld|^smlal/.test(operation)) return d !== a;
  if (immediate === "fieldTo") return (f["i"] as number) >= (f["j"] as number);
  if (immediate === "field") return (f["i"] as number) + (f["j"] as number) < 32;
  if (/^(rev|rbit|clz|revsh|rev16)/.test(operation) && pattern.length === 32) return n === m;
  if (operation === "cmpRegister" && pattern.startsWith("01000101"))
    return (n as number) > 7 || (m as number) > 7;
  if (pattern.startsWith("01000100")) return true;
  if (operation === "ssat" && f["y"] === 1) return (f["s"] as number) !== 0;
  if (operation === "usat" && f["y"] === 1) return (f["s"] as number) !== 0;
  return true;
}

const decoder = new Decoder(7, true);

interface Case {
  instructions: Sample[];
  /** Flags, then r0 to r12. */
  words: number[];
  halfwords: number[];
}

const halfwordsOf = ({ encoding, bits }: Sample): number[] =>
  encoding.pattern.length === 16 ? [bits] : [bits >>> 16, bits & 0xffff];

function makeCase(random: Random, rows: Encoding[], row: Encoding): Case {
  const instructions = [legal(random, row)];
  const words = Array.from({ length: 14 }, () => random.word() >>> 0);
  words[0] = ((words[0] as number) & 0xf80f0000) >>> 0;
  const halfwords: number[] = [];
  if (isMemory(row)) {
    prepareMemory(random, instructions[0] as Sample, words);
  } else {
    const more = random.below(4);
    const others = rows.filter(e => !isMemory(e) && !PC_READS.test(e.operands));
    while (instructions.length <= more) instructions.push(legal(random, random.pick(others)));
    if (!PC_READS.test(row.operands) && random.below(2) === 0)
      halfwords.push(ifThen(random, instructions.length));
  }
  halfwords.push(...instructions.flatMap(halfwordsOf));
  return { instructions, words, halfwords };
}

/** An IT instruction for a block of `length`. */
function ifThen(random: Random, length: number): number {
  const condition = random.below(14);
  const mask = ((random.below(8) << 1) | 1) << (4 - length);
  return 0xbf00 | (condition << 4) | (mask & 15);
}

function legal(random: Random, row: Encoding): Sample {
  for (;;) {
    const made = sample(random, row);
    const [first, second] = halfwordsOf(made);
    const decoded = decoder.decode(first as number, second ?? 0, 0);
    if (decoded.encoding === row && predictable(made)) return made;
  }
}

/** Gives the base register an address in the scratch area. */
function prepareMemory(random: Random, { encoding, fields }: Sample, words: number[]): void {
  const { n, m } = fields;
  const aligned = /^(ldrd|strd|ldm|stm)/.test(encoding.operation);
  const base = SCRATCH + 0x1800 + random.below(0x400) * 4 + (aligned ? 0 : random.below(4));
  if (m !== undefined) words[m + 1] = random.below(0x100);
  if (n !== undefined) words[n + 1] = base;
}

const movWide = (opcode: number, register: number, value: number): number[] => [
  opcode | ((value >>> 11) & 1 ? 0x400 : 0) | (value >>> 12),
  (((value >>> 8) & 7) << 12) | (register << 8) | (value & 0xff),
];
const loadConstant = (register: number, value: number): number[] => [
  ...movWide(0xf240, register, value & 0xffff),
  ...movWide(0xf2c0, register, value >>> 16),
];

const LR = 14;

/** Code of one case: registers from its block, the instructions, registers to its result. */
const codeOf = ({ halfwords }: Case, index: number): number[] => [
  ...loadConstant(LR, STACK),
  0x46f5, // mov sp, lr
  ...loadConstant(LR, BLOCKS + index * 56),
  ...[0xf85e, 0x0b04], // ldr r0, [lr], #4
  ...[0xf380, 0x8c00], // msr apsr_nzcvqg, r0
  ...[0xe89e, 0x1fff], // ldmia lr, {r0-r12}
  ...halfwords,
  ...loadConstant(LR, RAM + index * RESULT_WORDS * 4),
  ...[0xe8ae, 0x1fff], // stmia lr!, {r0-r12}
  0x4669, // mov r1, sp
  ...[0xf3ef, 0x8000], // mrs r0, apsr
  ...[0xe8ae, 0x0003], // stmia lr!, {r0, r1}
];

/** Semihosting: open standard output, write results and scratch, exit. */
function ending(parameters: number): number[] {
  const call = (operation: number, block: number) => [
    ...loadConstant(1, block),
    0x2000 | operation,
    0xbeab,
  ];
  return [
    ...call(0x01, parameters),
    ...loadConstant(2, parameters + 0x10),
    0x6010, // str r0, [r2]
    ...loadConstant(2, parameters + 0x20),
    0x6010,
    ...call(0x05, parameters + 0x10),
    ...call(0x05, parameters + 0x20),
    ...call(0x18, 0x20026),
  ];
}

const PARAMETERS = RAM + 0x3f0000;

/** The image: vectors, code, blocks. The parameter blocks of semihosting are written by code of their own. */
function image(cases: Case[]): Uint8Array {
  const bytes = new Uint8Array(BLOCKS + cases.length * 56);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, STACK, true);
  for (let i = 1; i < 16; i++) view.setUint32(i * 4, 0x101, true);
  const setup = [
    ...storeWords(PARAMETERS, [PARAMETERS + 0x40, 4, 3]),
    ...storeWords(PARAMETERS + 0x10, [0, RAM, cases.length * RESULT_WORDS * 4]),
    ...storeWords(PARAMETERS + 0x20, [0, SCRATCH, SCRATCH_SIZE]),
    ...storeWords(PARAMETERS + 0x40, [0x0074743a]),
  ];
  const code = [...setup, ...cases.flatMap(codeOf), ...ending(PARAMETERS)];
  assert.ok(0x100 + code.length * 2 < BLOCKS);
  code.forEach((h, i) => {
    view.setUint16(0x100 + i * 2, h, true);
  });
  cases
    .flatMap(({ words }) => words)
    .forEach((word, i) => {
      view.setUint32(BLOCKS + i * 4, word, true);
    });
  return bytes;
}

const storeWords = (address: number, values: number[]): number[] =>
  values.flatMap((value, i) => [
    ...loadConstant(0, value),
    ...loadConstant(1, address + i * 4),
    0x6008, // str r0, [r1]
  ]);

function onQemu(qemu: string, bytes: Uint8Array): Buffer {
  const folder = mkdtempSync(join(tmpdir(), "qemu-"));
  try {
    const file = join(folder, "image.bin");
    writeFileSync(file, bytes);
    return execFileSync(
      qemu,
      [
        ...["-M", "mps2-an386", "-display", "none", "-monitor", "none", "-serial", "none"],
        ...["-semihosting-config", "enable=on,target=native"],
        ...["-device", `loader,file=${file},addr=0`],
      ],
      { maxBuffer: 1 << 26, timeout: 60_000 },
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function onOurs(bytes: Uint8Array, slice: number): Uint8Array {
  const memory = new Memory({
    flash: { address: 0, size: FLASH_SIZE },
    ram: { address: RAM, size: RAM_SIZE },
  });
  memory.writeBytes(0, bytes);
  const { cpu, clock } = bench({ memory, semihosting: true });
  cpu.reset();
  let exit: number = Exit.Deadline;
  while (exit === Exit.Deadline) exit = cpu.run(clock.now + slice);
  assert.equal(
    exit,
    Exit.Semihosting,
    `ended at ${cpu.readRegister(15).toString(16)} ${JSON.stringify(cpu.faultStatus)}`,
  );
  return memory.readBytes(RAM, RAM_SIZE);
}

function describeCase({ instructions, words, halfwords }: Case): string {
  const names = instructions.map(s => `${s.encoding.mnemonic} ${s.encoding.operands}`);
  const hex = (list: number[]) => list.map(w => w.toString(16)).join(" ");
  return `${names.join("; ")} [${hex(halfwords)}] from ${hex(words)}`;
}

function compare(cases: Case[], ours: Uint8Array, theirs: Buffer): void {
  const view = new DataView(ours.buffer, ours.byteOffset);
  const differences: string[] = [];
  cases.forEach((c, i) => {
    for (let j = 0; j < RESULT_WORDS; j++) {
      const at = (i * RESULT_WORDS + j) * 4;
      const [mine, expected] = [view.getUint32(at, true), theirs.readUInt32LE(at)];
      if (mine === expected) continue;
      // r0 and r1 are stored before they take the flags and SP.
      const name = j < 13 ? `r${j}` : j === 13 ? "apsr" : "sp";
      differences.push(
        `${describeCase(c)}: ${name} is ${mine.toString(16)}, on QEMU ${expected.toString(16)}`,
      );
      break;
    }
  });
  assert.equal(
    differences.length,
    0,
    `${differences.length} differ:\n${differences.slice(0, 20).join("\n")}`,
  );
  const scratch = theirs.subarray(cases.length * RESULT_WORDS * 4);
  const offset = SCRATCH - RAM;
  assert.deepEqual(Buffer.from(ours.subarray(offset, offset + SCRATCH_SIZE)), scratch);
}

describe("the Cortex-M4 and QEMU's", () => {
  it("execute random instructions of every row alike", function () {
    const qemu = requireTool(this, "qemu-system-arm");
    this.timeout(120_000);
    const random = new Random(SEED);
    const rows = rowsOf(e => !EXCLUDED.test(e.operation));
    const cases = Array.from({ length: ROUNDS }, () =>
      rows.map(row => makeCase(random, rows, row)),
    ).flat();
    const bytes = image(cases);
    compare(cases, onOurs(bytes, 1e9), onQemu(qemu, bytes));
  });
});
