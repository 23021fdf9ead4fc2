// Random sequences of instructions: for every row of the encoding table a step that executes it with what it needs around
// it, so that sequences stay inside their code and inside the scratch memory, and do nothing UNPREDICTABLE.
import { Decoder } from "../../emulator/cpu/armv7m/decode.js";
import { ENCODINGS, type Encoding } from "../../emulator/cpu/armv7m/encodings.js";
import { assemble, type Random, type Sample, sample } from "../emulator/cpu/armv7m/random.js";
import { RESERVED_CALLS, SCRATCH } from "./monitor.js";
import { predictable } from "./predictable.js";

/** Where a step's code and literals lie. */
export interface Place {
  at: number;
  literals: readonly number[];
}

/** Some instructions that belong together. Their size does not depend on the place. */
export interface Step {
  row: Encoding;
  /** Words in flash. */
  literals: readonly ((place: Place) => number)[];
  code(place: Place): number[];
}

export interface Target {
  architecture: 6 | 7;
  dsp: boolean;
  /** QEMU's machine with such a core. */
  machine: string;
  core: "cortex-m0plus" | "cortex-m3" | "cortex-m4";
  rows: readonly Encoding[];
  decoder: Decoder;
}

/**
 * SSAT and USAT with ASR #0 (A7.7.152, A7.7.211) stand for no instruction: they are UNDEFINED without the DSP extension, and
 * with it the bits that SSAT16 and USAT16 must have as 0, UNPREDICTABLE. QEMU 7.2 shifts by 32 there.
 */
const isReserved = ({ operation, pattern }: Encoding): boolean =>
  operation === "undefined_" && pattern.startsWith("111100");

/** The encodings that the manual defines. */
export const DEFINED = ENCODINGS.filter(row => !isReserved(row));

/** And the others; `instructions.test.ts` says what they do. */
export const RESERVED = ENCODINGS.filter(isReserved);

export function target(core: Target["core"]): Target {
  const architecture = core === "cortex-m0plus" ? 6 : 7;
  const dsp = core === "cortex-m4";
  const rows = DEFINED.filter(row => dsp || row.since === 6 || row.since === architecture);
  const machine = {
    "cortex-m0plus": "microbit",
    "cortex-m3": "mps2-an385",
    "cortex-m4": "mps2-an386",
  }[core];
  return { architecture, dsp, machine, core, rows, decoder: new Decoder(architecture, dsp) };
}

export const sizeOf = (step: Step): number =>
  step.code({ at: 0x4000, literals: step.literals.map(() => 0x4100) }).length * 2;

const SCRATCH_MIDDLE = SCRATCH + 0x100;
const SEQUENCE_STACK = SCRATCH + 0x300;
const NOP = 0xbf00;
const CPSIE = 0xb662;
const CPSIE_F = 0xb661;
const CLREX = [0xf3bf, 0x8f2f];
const LR = 14;

type Build = (made: Sample, random: Random, to: Target) => Partial<Step> | number[];

export const halfwords = ({ encoding, bits }: Sample): number[] =>
  encoding.pattern.length === 16 ? [bits] : [bits >>> 16, bits & 0xffff];

const withFields = ({ encoding, fields }: Sample, more: Record<string, number>): Sample => {
  const all = { ...fields, ...more };
  return { encoding, fields: all, bits: assemble(encoding, all) };
};

/** `register` = the word of literal `index`, by LDR (literal); on ARMv6-M through r7 for high registers. */
function load(place: Place, at: number, register: number, index: number, to: Target): number[] {
  const offset = ((place.literals[index] as number) - ((at + 4) & ~3)) & 0xfff;
  const narrow = (t: number) => 0x4800 | (t << 8) | ((offset >> 2) & 0xff);
  if (register < 8) return [narrow(register)];
  if (to.architecture === 7) return [0xf8df, (register << 12) | offset];
  return [narrow(7), 0x4600 | ((register & 8) << 4) | (7 << 3) | (register & 7)];
}

const moveFromSp = (register: number): number => 0x4668 | ((register & 8) << 4) | (register & 7);
const restoreSp = (place: Place, at: number, to: Target): number[] => [
  ...load(place, at, 0, 0, to),
  0x4685, // mov sp, r0
];
const mrs = (register: number, special: number): number[] => [
  0xf3ef,
  0x8000 | (register << 8) | special,
];

/** Any instruction of the row that the manual defines and the decoder gives back. */
export function legal(random: Random, row: Encoding, to: Target): Sample {
  for (;;) {
    const made = sample(random, row);
    const [first, second] = halfwords(made);
    if (
      to.decoder.decode(first as number, second ?? 0, 0).encoding === row &&
      predictable(made, to.architecture)
    )
      return made;
  }
}

const isMemory = (row: Encoding): boolean => /^(ldr|str|ldm|stm)/.test(row.operation);
const isToSp = (row: Encoding): boolean => /ToSp/.test(row.operation) || row.fixed === 0xdd;

/** Rows that only compute. */
export const computes = (row: Encoding): boolean =>
  special.every(([pattern]) => !pattern.test(row.operation)) &&
  !isMemory(row) &&
  !isToSp(row) &&
  !/undefined_|noCop|nop|clrex/.test(row.operation);

const filler = (random: Random, to: Target, length: 16 | 0 = 0): number[] => {
  const rows = to.rows.filter(r => computes(r) && (length === 0 || r.pattern.length === length));
  return halfwords(legal(random, random.pick(rows), to));
};

/**
 * Loads or stores in the scratch memory. The exclusive monitor of a Cortex-M knows no address and may look at alignment
 * first (A3.4); QEMU's is otherwise, so that exclusives are aligned, and a store follows a load from there or CLREX.
 */
const memory: Build = (made, random, to) => {
  const { encoding, fields } = made;
  const { operation } = encoding;
  const base = fields["n"];
  const own = halfwords(made);
  if (base === undefined || operation.includes("Literal")) return own;
  const several = /^(ldm|stm|ldrd|strd)/.test(operation);
  const exclusive = /^(ldr|str)ex/.test(operation);
  const misaligned = exclusive || (several && random.below(8) !== 0) ? 0 : random.below(4);
  const address = SCRATCH_MIDDLE + random.below(32) * 4 + misaligned;
  const index = fields["m"];
  const indexValue = random.below(0x20);
  const { immediate } = to.decoder.decode(own[0] as number, own[1] ?? 0, 0);
  let offset = index === undefined ? immediate : indexValue << (fields["s"] ?? 0);
  if (/PostIndexed/.test(operation)) offset = 0;
  if (/^(ldm|stm)/.test(operation)) offset = /db/.test(operation) ? -64 : 0;
  const closed = random.below(3) === 0;
  const before = !operation.startsWith("strex") ? [] : closed ? CLREX : exclusiveLoad(made);
  return {
    literals: [() => (address - offset) >>> 0, () => indexValue],
    code: place => {
      const code = index === undefined ? [] : load(place, place.at, index, 1, to);
      code.push(...load(place, place.at + code.length * 2, base, 0, to));
      return [...code, ...before, ...own];
    },
  };
};

/** The LDREX that opens the monitor for a STREX; into its status register. */
function exclusiveLoad({ encoding: { operation }, fields }: Sample): number[] {
  const row = ENCODINGS.find(r => r.operation === operation.replace("str", "ldr")) as Encoding;
  const t = fields["e"] as number;
  return halfwords(withFields({ encoding: row, fields: {}, bits: 0 }, { ...fields, t }));
}

/** Bits `i` of a branch at `at` to `to`, as the row lays them out. */
function branchBits(kind: Encoding["immediate"], at: number, to: number): number {
  const offset = to - (at + 4);
  const bit = (n: number) => (offset >> n) & 1;
  switch (kind) {
    case "branch20":
      return (
        (bit(20) << 19) |
        (((offset >> 12) & 0x3f) << 13) |
        (bit(18) << 12) |
        (bit(19) << 11) |
        ((offset >> 1) & 0x7ff)
      );
    case "branch24": {
      const s = bit(24);
      const [j1, j2] = [1 - (bit(23) ^ s), 1 - (bit(22) ^ s)];
      return (
        (s << 23) |
        (((offset >> 12) & 0x3ff) << 13) |
        (j1 << 12) |
        (j2 << 11) |
        ((offset >> 1) & 0x7ff)
      );
    }
    default:
      return (offset >> 1) & (kind === "branch11" ? 0x7ff : kind === "branch8" ? 0xff : 0x3f);
  }
}

const branchNarrow = (at: number, to: number): number => 0xe000 | (((to - at - 4) >> 1) & 0x7ff);

/** Over an instruction, or back to one. */
const branch: Build = (made, random, to) => {
  const kind = made.encoding.immediate;
  const size = made.encoding.pattern.length / 8;
  const at = (place: number, goal: number) =>
    halfwords(withFields(made, { i: branchBits(kind, place, goal) }));
  if (kind === "pc") return [...halfwords(made), ...filler(random, to, 16)];
  const between = filler(random, to);
  const length = between.length * 2;
  if (kind === "forward" || random.below(2) === 0)
    return { code: place => [...at(place.at, place.at + size + length), ...between, NOP] };
  return {
    code: place => {
      const start = place.at;
      const back = start + 2 + length + 2;
      return [
        branchNarrow(start, back),
        ...between,
        branchNarrow(start + 2 + length, back + size),
        ...at(back, start + 2),
      ];
    },
  };
};

/**
 * BX, BLX, MOV pc and ADD pc with a target behind the next instruction; BX also without the Thumb bit, where the target is
 * a multiple of four: at other addresses QEMU raises another exception than INVSTATE.
 */
const branchRegister: Build = (made, random, to) => {
  const { operation } = made.encoding;
  const m = made.fields["m"] as number;
  const between = filler(random, to, 16);
  const leavesThumb = operation === "bx" && random.below(4) === 0;
  const loadSize = (place: Place) => load(place, place.at, m, 0, to).length * 2;
  return {
    literals: [
      place => {
        const at = place.at + loadSize(place);
        const goal = at + 4;
        return operation === "addToPc" ? 0 : leavesThumb && goal % 4 === 0 ? goal : goal + 1;
      },
    ],
    code: place => [...load(place, place.at, m, 0, to), ...halfwords(made), ...between],
  };
};

/** BX pc needs an aligned pc, and leaves Thumb state. */
const branchPc: Build = (made, random, to) => {
  const between = filler(random, to, 16);
  return {
    code: ({ at }) =>
      (at & 3) === 0
        ? [...halfwords(made), ...between, NOP]
        : [NOP, ...halfwords(made), ...between],
  };
};

/** A table of two entries behind the instruction: both offsets from its end. */
const tableBranch: Build = (made, random, to) => {
  const { operation } = made.encoding;
  const between = filler(random, to, 16);
  const table = operation.startsWith("tbb") ? [0x0302, 0] : [2, 3];
  const index = random.below(2);
  const m = made.fields["m"] as number;
  const n = made.fields["n"];
  return {
    literals: [() => index, place => place.at + sizeOfLoads(place) + 4],
    code: place => {
      const code = load(place, place.at, m, 0, to);
      if (n !== undefined) code.push(...load(place, place.at + code.length * 2, n, 1, to));
      return [...code, ...halfwords(made), ...table, ...between];
    },
  };
  function sizeOfLoads(place: Place): number {
    const second = n === undefined ? 0 : load(place, place.at, n, 1, to).length * 2;
    return load(place, place.at, m, 0, to).length * 2 + second;
  }
};

/** LDR pc and LDM with pc: the target is a literal. */
const loadPc: Build = (made, random, to) => {
  const { encoding, fields } = made;
  const { operation } = encoding;
  const own = halfwords(made);
  const between = filler(random, to, 16);
  const n = fields["n"] as number;
  const { immediate } = to.decoder.decode(own[0] as number, own[1] ?? 0, 0);
  const indexValue = random.below(0x20);
  const list = fields["r"] ?? 0;
  const offset = (): number => {
    if (/^ldmdb/.test(operation)) return -4;
    if (/^ldm/.test(operation)) return 4 * (count(list) - 1);
    if (/PostIndexed/.test(operation)) return 0;
    return fields["m"] === undefined ? immediate : indexValue << (fields["s"] ?? 0);
  };
  const loads = (place: Place) => {
    const code = fields["m"] === undefined ? [] : load(place, place.at, fields["m"], 2, to);
    return [...code, ...load(place, place.at + code.length * 2, n, 1, to)];
  };
  return {
    literals: [
      place => place.at + loads(place).length * 2 + 4 + 2 + 1,
      place => ((place.literals[0] as number) - offset()) >>> 0,
      () => indexValue,
    ],
    code: place => [...loads(place), ...own, ...between],
  };
};

const loadPcLiteral: Build = (made, random, to) => {
  const between = filler(random, to, 16);
  if (made.encoding.immediate === "label")
    return {
      literals: [place => place.at + 4 + 2 + 1],
      code: place => {
        const i = ((place.literals[0] as number) - ((place.at + 4) & ~3)) & 0xfff;
        return [...halfwords(withFields(made, { i })), ...between];
      },
    };
  return {
    code: ({ at }) => {
      const aligned = (at & 3) !== 0;
      const word = aligned ? at + 2 : at + 4;
      const goal = at + 8 + 4 + 2 + 1;
      const i = ((at + 8 + 4) & ~3) - word;
      const data = [goal & 0xffff, goal >>> 16];
      const jump = branchNarrow(at, word + 4);
      const before = aligned ? [jump, ...data, NOP] : [jump, NOP, ...data];
      return [...before, ...halfwords(withFields(made, { i })), ...between];
    },
  };
};

const count = (list: number): number => list.toString(2).replaceAll("0", "").length;

const pop: Build = (made, random, to) => {
  const between = filler(random, to, 16);
  const loadLr = (place: Place) => load(place, place.at, LR, 0, to);
  return {
    literals: [place => place.at + loadLr(place).length * 2 + 2 + 2 + 2 + 1],
    code: place => [
      ...loadLr(place),
      0xb500 | (made.fields["r"] as number),
      ...halfwords(made),
      ...between,
    ],
  };
};

/** What goes to SP is read, then SP is put back. */
const toSp: Build = (made, random, to) => {
  const own = halfwords(made);
  const read = moveFromSp(1 + random.below(12));
  return {
    literals: [() => SEQUENCE_STACK],
    code: place => [...own, read, ...restoreSp(place, place.at + own.length * 2 + 2, to)],
  };
};

const itBlock: Build = (_, random, to) => {
  const length = 1 + random.below(4);
  const mask = (((random.below(8) << 1) | 1) << (4 - length)) & 15;
  const rows = to.rows.filter(row => computes(row) && row.operation !== "ifThen");
  const body = Array.from({ length }, () => halfwords(legal(random, random.pick(rows), to)));
  return [0xbf00 | (random.below(14) << 4) | mask, ...body.flat()];
};

/** Masks are read back and cleared, else the end of the sequence would be a HardFault. */
const changeState: Build = (made, random, to) => {
  const disable = random.below(2) * 4;
  const i = disable | (to.architecture === 6 ? 2 : 1 + random.below(3));
  const cps = halfwords(withFields(made, { i }));
  const read = to.architecture === 7 ? mrs(random.below(13), 19) : [];
  return [
    ...cps,
    ...mrs(random.below(13), 16),
    ...read,
    CPSIE,
    ...(to.architecture === 7 ? [CPSIE_F] : []),
  ];
};

/** SYSm and what may be written there: MSP and SPSEL stay as the monitor needs them. */
const WRITABLE: readonly [
  special: number,
  mask: number,
  values: readonly number[] | undefined,
  since: 6 | 7,
][] = [
  ...[0, 1, 2, 3, 5, 6, 7].map(s => [s, 2, undefined, 6] as [number, number, undefined, 6]),
  ...[0, 3].flatMap(s =>
    [1, 3].map(mask => [s, mask, undefined, 7] as [number, number, undefined, 7]),
  ),
  [9, 2, [SEQUENCE_STACK - 0x20, SEQUENCE_STACK + 0x12], 6],
  [16, 2, undefined, 6],
  [17, 2, [0, 0x20, 0x80, 0xe0, 0x1e0], 7],
  [18, 2, [0, 0x20, 0x40, 0xe0], 7],
  [19, 2, [0, 1, 2, 3], 7],
  [20, 2, [2], 6],
];

const writeSpecial: Build = (made, random, to) => {
  const [i, j, values, since] = random.pick(WRITABLE);
  if (since > to.architecture || ((j & 1) !== 0 && !to.dsp)) return writeSpecial(made, random, to);
  const n = made.fields["n"] as number;
  const value = values === undefined ? random.word() : random.pick(values);
  const own = halfwords(withFields(made, { i, j }));
  const read = i < 8 ? mrs(random.below(13), 0) : mrs(random.below(13), i);
  const clear = to.architecture === 7 ? [CPSIE, CPSIE_F] : [CPSIE];
  return {
    literals: [() => value],
    code: place => [...load(place, place.at, n, 0, to), ...own, ...read, ...clear],
  };
};

const readSpecial: Build = (made, random, to) => {
  const specials = [
    0,
    1,
    2,
    3,
    5,
    6,
    7,
    8,
    9,
    16,
    20,
    ...(to.architecture === 7 ? [17, 18, 19] : []),
  ];
  return halfwords(withFields(made, { i: random.pick(specials) }));
};

/** PendSV is pending behind PRIMASK, so that WFI does not wait. */
const waitForInterrupt: Build = (made, _, to) => ({
  literals: [() => 0xe000ed04, () => 1 << 28, () => 1 << 27],
  code: place => {
    const { at } = place;
    const own = halfwords(made);
    return [
      0xb672, // cpsid i
      ...load(place, at + 2, 0, 0, to),
      ...load(place, at + 4, 1, 1, to),
      0x6001, // str r1, [r0]
      ...own,
      ...load(place, at + 8 + own.length * 2, 1, 2, to),
      0x6001,
      CPSIE,
    ];
  },
});

const waitForEvent: Build = made => [0xbf40, ...halfwords(made)];

const call: Build = (made, random) => {
  const i = random.below(256);
  return halfwords(RESERVED_CALLS.includes(i) ? made : withFields(made, { i }));
};

const breakpoint: Build = (made, random) => halfwords(withFields(made, { i: random.below(0xab) }));

/** How rows are built that need more than legal fields, by operation. */
const special: readonly [RegExp, Build][] = [
  [/^ifThen/, itBlock],
  [/^(branchLinkExchange|bx|movToPc|addToPc)$/, branchRegister],
  [/^bxPc$/, branchPc],
  [/^(branch|compareBranch)/, branch],
  [/^tb[bh]/, tableBranch],
  [/^loadPcLiteral/, loadPcLiteral],
  [/^(loadPc|ldm(db)?Pc)/, loadPc],
  [/^popPc/, pop],
  [/^cps$/, changeState],
  [/^msr$/, writeSpecial],
  [/^mrs$/, readSpecial],
  [/^wfi$/, waitForInterrupt],
  [/^wfe$/, waitForEvent],
  [/^svc$/, call],
  [/^bkpt$/, breakpoint],
];

export function stepOf(random: Random, row: Encoding, to: Target): Step {
  const made = legal(random, row, to);
  const found = special.find(([pattern]) => pattern.test(row.operation))?.[1];
  const build = found ?? (isToSp(row) ? toSp : isMemory(row) ? memory : halfwords);
  const built = build(made, random, to);
  return Array.isArray(built)
    ? { row, literals: [], code: () => built }
    : { row, literals: [], code: () => [], ...built };
}
