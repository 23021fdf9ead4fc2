// Damaged debug information of real programs: every question has an answer or none, soon, and what is not damaged stays.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { variableValue } from "../../adapter/evaluate.js";
import type { Frame, MemoryReader, Variable } from "../../adapter/symbols/model.js";
import { DwarfSymbols } from "../../adapter/symbols/table.js";
import { DwarfUnwinder } from "../../adapter/symbols/unwind.js";
import type { Value } from "../../adapter/values.js";
import { UserError } from "../../emulator/base/errors.js";
import { parseElf } from "../../emulator/formats/elf.js";
import { cpuTime, scaled, tell } from "./cases.js";

const PROGRAMS = ["locals", "hello", "crash", "grants", "blink"].map(
  name => new Uint8Array(readFileSync(`examples/${name}/${name}.elf`)),
);
const PLACEMENT = { appStart: 0x4004c, memStart: 0x20009000 };
const CASES = 1000;
/** Longest that all questions about one program may take, in milliseconds. A sound one takes some tens. */
const LONGEST = 5000;

interface Section {
  name: string;
  /** Of its header, and of its bytes. */
  header: number;
  offset: number;
  size: number;
}

/** From the section headers of an ELF32. */
function sectionsOf(bytes: Uint8Array): Section[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const [table, count, names] = [
    view.getUint32(32, true),
    view.getUint16(48, true),
    view.getUint16(50, true),
  ];
  const headerAt = (i: number) => table + i * 40;
  const strings = view.getUint32(headerAt(names) + 16, true);
  return Array.from({ length: count }, (_, i) => {
    const header = headerAt(i);
    let name = "";
    for (let at = strings + view.getUint32(header, true); bytes[at]; at++) {
      name += String.fromCharCode(bytes[at] as number);
    }
    const [offset, size] = [view.getUint32(header + 16, true), view.getUint32(header + 20, true)];
    return { name, header, offset, size };
  });
}

const described = PROGRAMS.map(bytes =>
  sectionsOf(bytes).filter(
    ({ name, size }) => /^\.debug_|^\.symtab|^\.strtab|^\.rel/.test(name) && size > 0,
  ),
);

/** One wound. `at` and `length` are shares of what there is. */
type Wound = {
  kind: "flip" | "fill" | "cut" | "swap" | "truncate";
  section: number;
  at: number;
  length: number;
  byte: number;
};
const share = fc.nat(999_999).map(n => n / 1e6);
const wound: fc.Arbitrary<Wound> = fc.record({
  kind: fc.oneof(
    { weight: 12, arbitrary: fc.constant("flip" as const) },
    { weight: 4, arbitrary: fc.constant("fill" as const) },
    { weight: 2, arbitrary: fc.constant("cut" as const) },
    { weight: 1, arbitrary: fc.constant("swap" as const) },
    { weight: 1, arbitrary: fc.constant("truncate" as const) },
  ),
  section: fc.nat(100),
  at: share,
  length: share,
  byte: fc.oneof(fc.constantFrom(0, 0x7f, 0x80, 0xff), fc.nat(255)),
});

function wounded(program: number, wounds: readonly Wound[]): Uint8Array {
  let bytes = PROGRAMS[program]?.slice() ?? new Uint8Array();
  const sections = described[program] ?? [];
  for (const { kind, section: number, at, length, byte } of wounds) {
    const { header, offset, size } = sections[number % sections.length] as Section;
    const place = offset + Math.floor(at * size);
    const view = new DataView(bytes.buffer);
    if (kind === "truncate") bytes = bytes.slice(0, Math.floor((0.5 + at / 2) * bytes.length));
    else if (header + 40 > bytes.length) continue;
    else if (kind === "flip") bytes[place] = byte;
    else if (kind === "fill") bytes.fill(byte, place, place + 1 + Math.floor(length * 40));
    else if (kind === "cut") view.setUint32(header + 20, Math.floor(at * size), true);
    else {
      const other = sections[
        (number + 1 + Math.floor(at * (sections.length - 1))) % sections.length
      ] as Section;
      for (const [to, from] of [
        [header, other],
        [other.header, { offset, size }],
      ] as const) {
        if (to + 40 > bytes.length) continue;
        view.setUint32(to + 16, from.offset, true);
        view.setUint32(to + 20, from.size, true);
      }
    }
  }
  return bytes;
}

const memory: MemoryReader = {
  read: (address, length) =>
    address >= 0x20009000 && address + length <= 0x2000b000
      ? new Uint8Array(length).map((_, i) => (address + i) * 7)
      : undefined,
};

/** Looks at a value as a Variables view does. */
function look(value: Value, depth = 0): void {
  assert.equal(typeof value.text, "string");
  assert.equal(typeof value.type.name, "string");
  value.bytes();
  if (depth < 2) for (const child of value.children(0, 20)) look(child.value, depth + 1);
}

/** Asks all that the debugger ever asks; gives how many questions that were. */
function askAll(symbols: DwarfSymbols): number {
  let questions = 0;
  const unwinder = new DwarfUnwinder(symbols);
  const registers = Array.from({ length: 16 }, (_, i) => 0x20009600 + 16 * i);
  const lookAt = (variable: Variable, frame: Frame) => {
    questions++;
    look(variableValue(variable, { symbols, frame, memory }));
  };
  for (let pc = 0x40080; pc < 0x41000; pc += 46) {
    symbols.functionAt(pc)?.returns?.();
    symbols.inlinedAt(pc);
    symbols.symbolAt(pc);
    symbols.isData(pc);
    symbols.locationAt(pc);
    symbols.lineRangeAt(pc);
    for (const frame of unwinder.frames(registers.with(15, pc).with(14, 0x40101), memory, 20)) {
      questions++;
      for (const variable of symbols.variablesAt(frame.lookupPc, frame.inlineDepth)) {
        lookAt(variable, frame);
      }
      if (pc % 8 === 0) for (const variable of symbols.staticsAt(pc)) lookAt(variable, frame);
    }
    questions += 7;
  }
  for (const path of symbols.files) {
    for (let line = 1; line < 100; line += 9) symbols.addressesOf(path, line);
  }
  for (const name of ["main", "insert", "nothing", "printf"]) {
    symbols.functionsNamed(name);
    symbols.globalNamed(name);
    symbols.symbolNamed(name);
    symbols.enumeratorNamed(name);
  }
  for (const name of ["struct node", "uint32_t", "enum sky", "nothing"]) symbols.typeNamed(name);
  assert.ok(symbols.problems.every(problem => typeof problem === "string"));
  return questions + 20;
}

describe("damaged debug information", () => {
  it("never throws and never hangs, whatever is asked", function () {
    this.timeout(0);
    let [refused, questions, slowest] = [0, 0, 0];
    const story = fc.tuple(
      fc.nat(PROGRAMS.length - 1),
      fc.array(wound, { minLength: 1, maxLength: 6 }),
    );
    fc.assert(
      fc.property(story, ([program, wounds]) => {
        const start = cpuTime();
        const bytes = wounded(program, wounds);
        try {
          questions += askAll(new DwarfSymbols(parseElf(bytes, "app.elf"), PLACEMENT));
        } catch (error) {
          if (!(error instanceof UserError)) throw error;
          refused++;
        }
        const time = cpuTime() - start;
        slowest = Math.max(slowest, time);
        assert.ok(time < LONGEST, `${time} ms`);
      }),
      { numRuns: scaled(CASES) },
    );
    const more = `${refused} of them refused as ELF, slowest ${slowest.toFixed(0)} ms`;
    tell(`${scaled(CASES)} damaged programs, ${questions} questions, ${more}`);
  });

  it("in one unit leaves the other units as they are", function () {
    this.timeout(0);
    const bytes = PROGRAMS[0] as Uint8Array;
    const sound = new DwarfSymbols(parseElf(bytes, "app.elf"), PLACEMENT);
    const info = described[0]?.find(({ name }) => name === ".debug_info") as Section;
    const { units } = sound.dwarf;
    const answersOf = (symbols: DwarfSymbols, pc: number) => {
      const variables = symbols.variablesAt(pc).map(({ name, type }) => `${type.name} ${name}`);
      return JSON.stringify([symbols.functionAt(pc)?.name, symbols.locationAt(pc), variables]);
    };
    const code: number[] = [];
    for (let pc = 0x40080; pc < 0x42000; pc += 10) if (sound.unitAt(pc)) code.push(pc);
    assert.ok(units.length > 3 && code.length > 100);
    const story = fc.tuple(
      fc.nat(units.length - 1),
      fc.array(fc.tuple(share, fc.nat(255)), { minLength: 1, maxLength: 8 }),
    );
    fc.assert(
      fc.property(story, ([number, flips]) => {
        const [low, high] = [
          units[number]?.tree()?.children[0]?.offset ?? 0,
          units[number + 1]?.offset ?? info.size,
        ];
        const damaged = bytes.slice();
        for (const [at, byte] of flips)
          damaged[info.offset + low + Math.floor(at * (high - low))] = byte;
        const symbols = new DwarfSymbols(parseElf(damaged, "app.elf"), PLACEMENT);
        for (const pc of code) {
          if (sound.unitAt(pc)?.offset === units[number]?.offset) continue;
          assert.equal(answersOf(symbols, pc), answersOf(sound, pc));
        }
      }),
      { numRuns: scaled(CASES / 10) },
    );
    tell(`${scaled(CASES / 10)} damaged units`);
  });
});
