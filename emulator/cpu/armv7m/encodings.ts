// biome-ignore-all lint/style/noExcessiveLinesPerFile: one table, longer than a file of code may be
// The one table of encodings (ARMv7-M manual chapters A5 and A7.7). It feeds decoder, dispatch, disassembler and tests.
//
// Pattern, most significant bit first: 0 and 1 are fixed, a letter is a bit of a field, spaces are for reading.
//   d t l  Rd, Rt, RdLo (slot 0)     n  Rn (slot 1)     m  Rm (slot 2)     a h u e  Ra, RdHi, Rt2, status Rd (slot 3)
//   x      Rdn: slots 0 and 1        y  shift type      s  shift amount    i  immediate     r  register list
//   j      a second immediate field (the manual's i:imm3:imm8 of MOVW, lsb of bit fields, mask of MSR)
// Of the rows that match the one with the most fixed bits wins. A row does not match when one of its register fields is 15:
// encodings that give r15 a meaning have rows of their own, and the others are UNPREDICTABLE, here undefined.
// Mnemonic: `<c>` is the condition in an IT block, `<s>` is `s` outside an IT block and the condition in one.
// Operands: %d is a register, %i the immediate, %p its distance from the pc, %b a branch target, %r a list, %s a shift.

/** How the immediate of an instruction follows from its `i` bits; see `immediates` in decode.ts. */
export type ImmediateKind =
  | "plain"
  | "times2"
  | "times4"
  | "minus"
  | "minus4"
  | "expand"
  | "label"
  | "label4"
  | "labelMinus"
  | "labelMinus4"
  | "pc"
  | "branch8"
  | "branch11"
  | "branch20"
  | "branch24"
  | "forward"
  | "list"
  | "listLr"
  | "listPc"
  | "wide"
  | "special"
  | "field"
  | "fieldTo"
  | "plus1";

export interface Encoding {
  pattern: string;
  mnemonic: string;
  operands: string;
  /** Name of the function in instructions/ that executes it. */
  operation: string;
  /** The operation inside an IT block, where a 16-bit instruction leaves the flags alone. */
  inIT?: string;
  immediate?: ImmediateKind;
  /** 6: also ARMv6-M; 7: ARMv7-M; "dsp": the DSP extension of ARMv7E-M. */
  since: 6 | 7 | "dsp";
  /** Register fields that no bit encodes, in place in the operand word. */
  fixed?: number;
  /** Meaning of the `s` bits where it is not plainly the amount: LSR and ASR by 0 are by 32; extensions rotate by bytes. */
  shift?: "right" | "bytes";
}

type Extra = Partial<Pick<Encoding, "inIT" | "immediate" | "since" | "fixed" | "shift">>;

/** SP as Rn, and as Rd and Rn. */
const N_SP = 0xd0;
const DN_SP = 0xdd;

/** A row; 16-bit patterns are in both architectures unless they say otherwise. */
function row(
  pattern: string,
  mnemonic: string,
  operands: string,
  operation: string,
  extra: Extra = {},
): Encoding {
  const bits = pattern.replaceAll(" ", "");
  return {
    pattern: bits,
    mnemonic,
    operands,
    operation,
    since: bits.length === 16 ? 6 : 7,
    ...extra,
  };
}

export const CONDITIONS = "eq ne cs cc mi pl vs vc hi ls ge lt gt le".split(" ");
const binary = (value: number, digits: number): string => value.toString(2).padStart(digits, "0");
const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** A 16-bit instruction that sets the flags outside an IT block only. */
const flagged = (
  pattern: string,
  name: string,
  operands: string,
  form: string,
  extra: Extra = {},
) => row(pattern, `${name}<s>`, operands, `${name}s${form}`, { inIT: `${name}${form}`, ...extra });

const shiftAddMoveCompare: Encoding[] = [
  row("0000000000 mmm ddd", "movs", "%d, %m", "movsRegister", { inIT: "movRegister" }),
  flagged("00000 sssss mmm ddd", "lsl", "%d, %m, %s", "Immediate"),
  flagged("00001 sssss mmm ddd", "lsr", "%d, %m, %s", "Immediate", { shift: "right" }),
  flagged("00010 sssss mmm ddd", "asr", "%d, %m, %s", "Immediate", { shift: "right" }),
  flagged("0001100 mmm nnn ddd", "add", "%d, %n, %m", "Register"),
  flagged("0001101 mmm nnn ddd", "sub", "%d, %n, %m", "Register"),
  flagged("0001110 iii nnn ddd", "add", "%d, %n, #%i", "Immediate"),
  flagged("0001111 iii nnn ddd", "sub", "%d, %n, #%i", "Immediate"),
  flagged("00100 ddd iiiiiiii", "mov", "%d, #%i", "Immediate"),
  row("00101 nnn iiiiiiii", "cmp<c>", "%n, #%i", "cmpImmediate"),
  flagged("00110 xxx iiiiiiii", "add", "%d, #%i", "Immediate"),
  flagged("00111 xxx iiiiiiii", "sub", "%d, #%i", "Immediate"),
];

const dataProcessing16: Encoding[] = [
  flagged("0100000000 mmm xxx", "and", "%d, %m", "Register"),
  flagged("0100000001 mmm xxx", "eor", "%d, %m", "Register"),
  flagged("0100000010 mmm xxx", "lsl", "%d, %m", "Register"),
  flagged("0100000011 mmm xxx", "lsr", "%d, %m", "Register"),
  flagged("0100000100 mmm xxx", "asr", "%d, %m", "Register"),
  flagged("0100000101 mmm xxx", "adc", "%d, %m", "Register"),
  flagged("0100000110 mmm xxx", "sbc", "%d, %m", "Register"),
  flagged("0100000111 mmm xxx", "ror", "%d, %m", "Register"),
  row("0100001000 mmm nnn", "tst<c>", "%n, %m", "tstRegister"),
  row("0100001001 nnn ddd", "neg<s>", "%d, %n", "rsbsImmediate", { inIT: "rsbImmediate" }),
  row("0100001010 mmm nnn", "cmp<c>", "%n, %m", "cmpRegister"),
  row("0100001011 mmm nnn", "cmn<c>", "%n, %m", "cmnRegister"),
  flagged("0100001100 mmm xxx", "orr", "%d, %m", "Register"),
  row("0100001101 mmm xxx", "mul<s>", "%d, %m", "muls", { inIT: "mul" }),
  flagged("0100001110 mmm xxx", "bic", "%d, %m", "Register"),
  flagged("0100001111 mmm ddd", "mvn", "%d, %m", "Register"),
];

const specialData: Encoding[] = [
  row("01000100 x mmmm xxx", "add<c>", "%d, %m", "addRegister"),
  row("01000100 1 mmmm 101", "add<c>", "sp, %m", "addToSp"),
  row("01000100 1 mmmm 111", "add<c>", "pc, %m", "addToPc", { immediate: "pc" }),
  row("01000100 x 1111 xxx", "add<c>", "%d, pc", "addImmediate", { immediate: "pc" }),
  row("01000101 n mmmm nnn", "cmp<c>", "%n, %m", "cmpRegister"),
  row("01000110 d mmmm ddd", "mov<c>", "%d, %m", "movRegister"),
  row("01000110 11000 000", "nop<c>", "", "nop"),
  row("01000110 1 mmmm 101", "mov<c>", "sp, %m", "movToSp"),
  row("01000110 1 mmmm 111", "mov<c>", "pc, %m", "movToPc"),
  row("01000110 1 1111 111", "mov<c>", "pc, pc", "branch", { immediate: "pc" }),
  row("01000110 d 1111 ddd", "mov<c>", "%d, pc", "movImmediate", { immediate: "pc" }),
  row("010001110 mmmm 000", "bx<c>", "%m", "bx"),
  row("010001110 1111 000", "bx<c>", "pc", "bxPc", { immediate: "pc" }),
  row("010001111 mmmm 000", "blx<c>", "%m", "branchLinkExchange"),
];

const loadStore16: Encoding[] = [
  row("01001 ttt iiiiiiii", "ldr<c>", "%t, [pc, #%p]", "ldrLiteral", { immediate: "label4" }),
  ...["str", "strh", "strb", "ldrsb", "ldr", "ldrh", "ldrb", "ldrsh"].map((name, i) =>
    row(`0101${binary(i, 3)} mmm nnn ttt`, `${name}<c>`, "%t, [%n, %m]", `${name}Register`),
  ),
  row("01100 iiiii nnn ttt", "str<c>", "%t, [%n, #%i]", "strImmediate", { immediate: "times4" }),
  row("01101 iiiii nnn ttt", "ldr<c>", "%t, [%n, #%i]", "ldrImmediate", { immediate: "times4" }),
  row("01110 iiiii nnn ttt", "strb<c>", "%t, [%n, #%i]", "strbImmediate"),
  row("01111 iiiii nnn ttt", "ldrb<c>", "%t, [%n, #%i]", "ldrbImmediate"),
  row("10000 iiiii nnn ttt", "strh<c>", "%t, [%n, #%i]", "strhImmediate", { immediate: "times2" }),
  row("10001 iiiii nnn ttt", "ldrh<c>", "%t, [%n, #%i]", "ldrhImmediate", { immediate: "times2" }),
  row("10010 ttt iiiiiiii", "str<c>", "%t, [sp, #%i]", "strImmediate", {
    immediate: "times4",
    fixed: N_SP,
  }),
  row("10011 ttt iiiiiiii", "ldr<c>", "%t, [sp, #%i]", "ldrImmediate", {
    immediate: "times4",
    fixed: N_SP,
  }),
  row("1011010 0 rrrrrrrr", "push<c>", "%r", "stmdbWriteback", { immediate: "list", fixed: N_SP }),
  row("1011010 1 rrrrrrrr", "push<c>", "%r", "stmdbWriteback", {
    immediate: "listLr",
    fixed: N_SP,
  }),
  row("1011110 0 rrrrrrrr", "pop<c>", "%r", "ldmWriteback", { immediate: "list", fixed: N_SP }),
  row("1011110 1 rrrrrrrr", "pop<c>", "%r", "popPc", { immediate: "listPc" }),
  row("11000 nnn rrrrrrrr", "stmia<c>", "%n!, %r", "stmWriteback", { immediate: "list" }),
  row("11001 nnn rrrrrrrr", "ldmia<c>", "%n!, %r", "ldmWriteback", { immediate: "list" }),
];

const miscellaneous16: Encoding[] = [
  row("10100 ddd iiiiiiii", "add<c>", "%d, pc, #%p", "movImmediate", { immediate: "label4" }),
  row("10101 ddd iiiiiiii", "add<c>", "%d, sp, #%i", "addImmediate", {
    immediate: "times4",
    fixed: N_SP,
  }),
  row("101100000 iiiiiii", "add<c>", "sp, #%i", "addImmediate", {
    immediate: "times4",
    fixed: DN_SP,
  }),
  row("101100001 iiiiiii", "sub<c>", "sp, #%i", "subImmediate", {
    immediate: "times4",
    fixed: DN_SP,
  }),
  row("101100 i 1 iiiii nnn", "cbz", "%n, %b", "compareBranchZero", {
    immediate: "forward",
    since: 7,
  }),
  row("101110 i 1 iiiii nnn", "cbnz", "%n, %b", "compareBranchNonzero", {
    immediate: "forward",
    since: 7,
  }),
  row("1011001000 mmm ddd", "sxth<c>", "%d, %m", "sxth"),
  row("1011001001 mmm ddd", "sxtb<c>", "%d, %m", "sxtb"),
  row("1011001010 mmm ddd", "uxth<c>", "%d, %m", "uxth"),
  row("1011001011 mmm ddd", "uxtb<c>", "%d, %m", "uxtb"),
  row("10110110011 i 00 ii", "cps", "%i", "cps"),
  row("1011101000 mmm ddd", "rev<c>", "%d, %m", "rev"),
  row("1011101001 mmm ddd", "rev16<c>", "%d, %m", "rev16"),
  row("1011101011 mmm ddd", "revsh<c>", "%d, %m", "revsh"),
  row("10111110 iiiiiiii", "bkpt", "%i", "bkpt"),
  row("10111111 iiiiiiii", "it", "%i", "ifThen", { since: 7 }),
  row("10111111 iiii 0000", "nop<c>", "{%i}", "nop"),
  row("10111111 0000 0000", "nop<c>", "", "nop"),
  row("10111111 0001 0000", "yield<c>", "", "nop"),
  row("10111111 0010 0000", "wfe<c>", "", "wfe"),
  row("10111111 0011 0000", "wfi<c>", "", "wfi"),
  row("10111111 0100 0000", "sev<c>", "", "sev"),
  ...CONDITIONS.map((c, i) =>
    row(`1101${binary(i, 4)} iiiiiiii`, `b${c}.n`, "%b", `branch${capital(c)}`, {
      immediate: "branch8",
    }),
  ),
  row("11011110 iiiiiiii", "udf<c>", "#%i", "undefined_"),
  row("11011111 iiiiiiii", "svc<c>", "%i", "svc"),
  row("11100 iiiiiiiiiii", "b<c>.n", "%b", "branch", { immediate: "branch11" }),
];

const loadStoreMultiple: Encoding[] = [
  row("1110100010 0 0 nnnn 0rrrrrrrrrrrrrrr", "stmia<c>.w", "%n, %r", "stm", { immediate: "list" }),
  row("1110100010 1 0 nnnn 0rrrrrrrrrrrrrrr", "stmia<c>.w", "%n!, %r", "stmWriteback", {
    immediate: "list",
  }),
  row("1110100100 0 0 nnnn 0rrrrrrrrrrrrrrr", "stmdb<c>", "%n, %r", "stmdb", { immediate: "list" }),
  row("1110100100 1 0 nnnn 0rrrrrrrrrrrrrrr", "stmdb<c>", "%n!, %r", "stmdbWriteback", {
    immediate: "list",
  }),
  row("1110100010 0 1 nnnn 0rrrrrrrrrrrrrrr", "ldmia<c>.w", "%n, %r", "ldm", { immediate: "list" }),
  row("1110100010 1 1 nnnn 0rrrrrrrrrrrrrrr", "ldmia<c>.w", "%n!, %r", "ldmWriteback", {
    immediate: "list",
  }),
  row("1110100100 0 1 nnnn 0rrrrrrrrrrrrrrr", "ldmdb<c>", "%n, %r", "ldmdb", { immediate: "list" }),
  row("1110100100 1 1 nnnn 0rrrrrrrrrrrrrrr", "ldmdb<c>", "%n!, %r", "ldmdbWriteback", {
    immediate: "list",
  }),
  row("1110100010 0 1 nnnn rrrrrrrrrrrrrrrr", "ldmia<c>.w", "%n, %r", "ldmPc", {
    immediate: "list",
  }),
  row("1110100010 1 1 nnnn rrrrrrrrrrrrrrrr", "ldmia<c>.w", "%n!, %r", "ldmPcWriteback", {
    immediate: "list",
  }),
  row("1110100100 0 1 nnnn rrrrrrrrrrrrrrrr", "ldmdb<c>", "%n, %r", "ldmdbPc", {
    immediate: "list",
  }),
  row("1110100100 1 1 nnnn rrrrrrrrrrrrrrrr", "ldmdb<c>", "%n!, %r", "ldmdbPcWriteback", {
    immediate: "list",
  }),
];

/** LDRD and STRD: P, U and W decide offset, pre-index or post-index and the sign. */
const dual = (name: "ldrd" | "strd", l: 0 | 1): Encoding[] =>
  ([1, 0] as const).flatMap(up => {
    const immediate = up ? "times4" : "minus4";
    const tail = "nnnn tttt uuuu iiiiiiii";
    const at = (p: 0 | 1, w: 0 | 1) => `1110100 ${p} ${up} 1 ${w} ${l} ${tail}`;
    return [
      row(at(1, 0), `${name}<c>`, "%t, %u, [%n, #%i]", `${name}Immediate`, { immediate }),
      row(at(1, 1), `${name}<c>`, "%t, %u, [%n, #%i]!", `${name}PreIndexed`, { immediate }),
      row(at(0, 1), `${name}<c>`, "%t, %u, [%n], #%i", `${name}PostIndexed`, { immediate }),
    ];
  });

const dualExclusiveTable: Encoding[] = [
  ...dual("ldrd", 1),
  ...dual("strd", 0),
  row("1110100 1 1 1 0 1 1111 tttt uuuu iiiiiiii", "ldrd<c>", "%t, %u, [pc, #%p]", "ldrdLiteral", {
    immediate: "label4",
  }),
  row("1110100 1 0 1 0 1 1111 tttt uuuu iiiiiiii", "ldrd<c>", "%t, %u, [pc, #%p]", "ldrdLiteral", {
    immediate: "labelMinus4",
  }),
  row("111010000100 nnnn tttt eeee iiiiiiii", "strex<c>", "%e, %t, [%n, #%i]", "strex", {
    immediate: "times4",
  }),
  row("111010000101 nnnn tttt 1111 iiiiiiii", "ldrex<c>", "%t, [%n, #%i]", "ldrex", {
    immediate: "times4",
  }),
  row("111010001100 nnnn tttt 1111 0100 eeee", "strexb<c>", "%e, %t, [%n]", "strexb"),
  row("111010001100 nnnn tttt 1111 0101 eeee", "strexh<c>", "%e, %t, [%n]", "strexh"),
  row("111010001101 nnnn tttt 1111 0100 1111", "ldrexb<c>", "%t, [%n]", "ldrexb"),
  row("111010001101 nnnn tttt 1111 0101 1111", "ldrexh<c>", "%t, [%n]", "ldrexh"),
  row("111010001101 nnnn 1111 0000 0000 mmmm", "tbb<c>", "[%n, %m]", "tbb", { immediate: "pc" }),
  row("111010001101 nnnn 1111 0000 0001 mmmm", "tbh<c>", "[%n, %m, lsl #1]", "tbh", {
    immediate: "pc",
  }),
  row("111010001101 1111 1111 0000 0000 mmmm", "tbb<c>", "[pc, %m]", "tbbPc", { immediate: "pc" }),
  row("111010001101 1111 1111 0000 0001 mmmm", "tbh<c>", "[pc, %m, lsl #1]", "tbhPc", {
    immediate: "pc",
  }),
];

/** Three-operand data processing in both 32-bit forms; S is bit 20. */
const threeOperands = (name: string, opcode: string, wide = ".w"): Encoding[] =>
  ["", "s"].flatMap(s => {
    const bit = s === "" ? "0" : "1";
    const mnemonic = `${name}${s}<c>${wide}`;
    return [
      row(
        `11110 i 0 ${opcode} ${bit} nnnn 0 iii dddd iiiiiiii`,
        mnemonic,
        "%d, %n, #%i",
        `${name}${s}Immediate`,
        {
          immediate: "expand",
        },
      ),
      row(
        `1110101 ${opcode} ${bit} nnnn 0 sss dddd ss yy mmmm`,
        mnemonic,
        "%d, %n, %m%s",
        `${name}${s}Shifted`,
      ),
      row(
        `1110101 ${opcode} ${bit} nnnn 0000 dddd 0000 mmmm`,
        mnemonic,
        "%d, %n, %m",
        `${name}${s}Register`,
      ),
    ];
  });

/** Flags only: the destination field is 15. */
const compare = (name: string, opcode: string, wide = ".w", unshifted = true): Encoding[] => [
  row(
    `11110 i 0 ${opcode} 1 nnnn 0 iii 1111 iiiiiiii`,
    `${name}<c>${wide}`,
    "%n, #%i",
    `${name}Immediate`,
    {
      immediate: "expand",
    },
  ),
  row(
    `1110101 ${opcode} 1 nnnn 0 sss 1111 ss yy mmmm`,
    `${name}<c>${wide}`,
    "%n, %m%s",
    `${name}Shifted`,
  ),
  ...(unshifted
    ? [
        row(
          `1110101 ${opcode} 1 nnnn 0000 1111 0000 mmmm`,
          `${name}<c>${wide}`,
          "%n, %m",
          `${name}Register`,
        ),
      ]
    : []),
];

/** MOV and MVN: Rn is 15. */
const move = (name: "mov" | "mvn", opcode: string): Encoding[] =>
  ["", "s"].flatMap(s => {
    const bit = s === "" ? "0" : "1";
    const mnemonic = `${name}${s}<c>.w`;
    return [
      row(
        `11110 i 0 ${opcode} ${bit} 1111 0 iii dddd iiiiiiii`,
        mnemonic,
        "%d, #%i",
        `${name}${s}Immediate`,
        {
          immediate: "expand",
        },
      ),
      row(
        `1110101 ${opcode} ${bit} 1111 0000 dddd 0000 mmmm`,
        mnemonic,
        "%d, %m",
        `${name}${s}Register`,
      ),
      ...(name === "mvn"
        ? [
            row(
              `1110101 ${opcode} ${bit} 1111 0 sss dddd ss yy mmmm`,
              mnemonic,
              "%d, %m%s",
              `mvn${s}Shifted`,
            ),
          ]
        : []),
    ];
  });

const constantShifts: Encoding[] = ["lsl", "lsr", "asr", "ror"].flatMap((name, type) =>
  ["", "s"].flatMap((s, bit) => [
    row(
      `11101010010 ${bit} 1111 0 sss dddd ss ${binary(type, 2)} mmmm`,
      `mov${s}<c>.w`,
      `%d, %m, ${name} %s`,
      `${name}${s}Immediate`,
      name === "lsr" || name === "asr" ? { shift: "right" } : {},
    ),
    row(
      `11111010 0 ${binary(type, 2)} ${bit} nnnn 1111 dddd 0000 mmmm`,
      `${name}${s}<c>.w`,
      "%d, %n, %m",
      `${name}${s}Register`,
    ),
  ]),
);

const dataProcessing32: Encoding[] = [
  ...threeOperands("and", "0000"),
  ...threeOperands("bic", "0001"),
  ...threeOperands("orr", "0010"),
  ...threeOperands("orn", "0011", ""),
  ...threeOperands("eor", "0100"),
  ...threeOperands("add", "1000"),
  ...threeOperands("adc", "1010"),
  ...threeOperands("sbc", "1011"),
  ...threeOperands("sub", "1101"),
  ...threeOperands("rsb", "1110", ""),
  ...compare("tst", "0000"),
  ...compare("teq", "0100", "", false),
  ...compare("cmn", "1000"),
  ...compare("cmp", "1101"),
  ...move("mov", "0010"),
  ...move("mvn", "0011"),
  ...constantShifts,
  row("11101010010 0 1111 0000 dddd 0011 mmmm", "mov<c>.w", "%d, %m, rrx", "rrxImmediate"),
  row("11101010010 1 1111 0000 dddd 0011 mmmm", "movs<c>.w", "%d, %m, rrx", "rrxsImmediate"),
  row("1110101 0010 0 1111 0000 1101 0000 mmmm", "mov<c>.w", "sp, %m", "movToSp"),
  ...["", "s"].flatMap((s, bit) => [
    row(
      `11110 i 0 1000 ${bit} nnnn 0 iii 1101 iiiiiiii`,
      `add${s}<c>.w`,
      "sp, %n, #%i",
      `add${s}ToSpImmediate`,
      {
        immediate: "expand",
      },
    ),
    row(
      `11110 i 0 1101 ${bit} nnnn 0 iii 1101 iiiiiiii`,
      `sub${s}<c>.w`,
      "sp, %n, #%i",
      `sub${s}ToSpImmediate`,
      {
        immediate: "expand",
      },
    ),
  ]),
  row("1110101 1000 0 nnnn 0 sss 1101 ss yy mmmm", "add<c>.w", "sp, %n, %m%s", "addToSpShifted"),
  row("1110101 1101 0 nnnn 0 sss 1101 ss yy mmmm", "sub<c>.w", "sp, %n, %m%s", "subToSpShifted"),
];

const plainImmediate: Encoding[] = [
  row("11110 i 100000 nnnn 0 iii dddd iiiiiiii", "addw<c>", "%d, %n, #%i", "addImmediate"),
  row("11110 i 101010 nnnn 0 iii dddd iiiiiiii", "subw<c>", "%d, %n, #%i", "subImmediate"),
  row("11110 i 100000 nnnn 0 iii 1101 iiiiiiii", "addw<c>", "sp, %n, #%i", "addToSpImmediate"),
  row("11110 i 101010 nnnn 0 iii 1101 iiiiiiii", "subw<c>", "sp, %n, #%i", "subToSpImmediate"),
  row("11110 i 100000 1111 0 iii dddd iiiiiiii", "addw<c>", "%d, pc, #%p", "movImmediate", {
    immediate: "label",
  }),
  row("11110 i 101010 1111 0 iii dddd iiiiiiii", "subw<c>", "%d, pc, #%p", "movImmediate", {
    immediate: "labelMinus",
  }),
  row("11110 j 100100 iiii 0 jjj dddd jjjjjjjj", "movw<c>", "%d, #%i", "movImmediate", {
    immediate: "wide",
  }),
  row("11110 j 101100 iiii 0 jjj dddd jjjjjjjj", "movt<c>", "%d, #%i", "movt", {
    immediate: "wide",
  }),
  row("11110 0 1100 y 0 nnnn 0 sss dddd ss 0 iiiii", "ssat<c>", "%d, #%i, %n%s", "ssat", {
    immediate: "plus1",
  }),
  row("11110 0 1100 1 0 nnnn 0 000 dddd 00 0 iiiii", "<undefined>", "", "undefined_"),
  row("11110 0 1110 1 0 nnnn 0 000 dddd 00 0 iiiii", "<undefined>", "", "undefined_"),
  row("11110 0 1110 y 0 nnnn 0 sss dddd ss 0 iiiii", "usat<c>", "%d, #%i, %n%s", "usat"),
  row("11110 0 110100 nnnn 0 jjj dddd jj 0 iiiii", "sbfx<c>", "%d, %n, %i", "sbfx", {
    immediate: "field",
  }),
  row("11110 0 111100 nnnn 0 jjj dddd jj 0 iiiii", "ubfx<c>", "%d, %n, %i", "ubfx", {
    immediate: "field",
  }),
  row("11110 0 110110 nnnn 0 jjj dddd jj 0 iiiii", "bfi<c>", "%d, %n, %i", "bfi", {
    immediate: "fieldTo",
  }),
  row("11110 0 110110 1111 0 jjj dddd jj 0 iiiii", "bfc<c>", "%d, %i", "bfc", {
    immediate: "fieldTo",
  }),
];

const branchesAndControl: Encoding[] = [
  ...CONDITIONS.map((c, i) =>
    row(
      `11110 i ${binary(i, 4)} iiiiii 10 i 0 i iiiiiiiiiii`,
      `b${c}.w`,
      "%b",
      `branch${capital(c)}`,
      {
        immediate: "branch20",
      },
    ),
  ),
  row("11110 i iiiiiiiiii 10 i 1 i iiiiiiiiiii", "b<c>.w", "%b", "branch", {
    immediate: "branch24",
  }),
  row("11110 i iiiiiiiiii 11 i 1 i iiiiiiiiiii", "bl<c>", "%b", "branchLink", {
    immediate: "branch24",
    since: 6,
  }),
  row("11110 0 11100 0 nnnn 10 0 0 jj 00 iiiiiiii", "msr<c>", "%i, %n", "msr", {
    since: 6,
    immediate: "special",
  }),
  row("11110 0 11111 0 1111 10 0 0 dddd iiiiiiii", "mrs<c>", "%d, %i", "mrs", { since: 6 }),
  row("11110 0 111010 1111 10 0 0 0 000 iiiiiiii", "nop<c>.w", "{%i}", "nop"),
  row("11110 0 111010 1111 10 0 0 0 000 00000000", "nop<c>.w", "", "nop"),
  row("11110 0 111010 1111 10 0 0 0 000 00000001", "yield<c>.w", "", "nop"),
  row("11110 0 111010 1111 10 0 0 0 000 00000010", "wfe<c>.w", "", "wfe"),
  row("11110 0 111010 1111 10 0 0 0 000 00000011", "wfi<c>.w", "", "wfi"),
  row("11110 0 111010 1111 10 0 0 0 000 00000100", "sev<c>.w", "", "sev"),
  row("11110 0 111010 1111 10 0 0 0 000 1111 iiii", "dbg<c>", "#%i", "nop"),
  row("11110 0 111011 1111 10 0 0 1111 0010 1111", "clrex<c>", "", "clrex"),
  row("11110 0 111011 1111 10 0 0 1111 0100 iiii", "dsb<c>", "%i", "nop", { since: 6 }),
  row("11110 0 111011 1111 10 0 0 1111 0101 iiii", "dmb<c>", "%i", "nop", { since: 6 }),
  row("11110 0 111011 1111 10 0 0 1111 0110 iiii", "isb<c>", "%i", "nop", { since: 6 }),
  row("11110 1111111 iiii 1010 iiiiiiiiiiii", "udf<c>.w", "#%i", "undefined_", { since: 6 }),
];

/** Immediate, register and indexed forms of one load or store; `size` is op1 of A5.3.7 to A5.3.10. */
function singleTransfer(name: string, size: string, unprivileged: string): Encoding[] {
  const head = `11111 ${size}`;
  const [low, high] = [head.replace("u", "0"), head.replace("u", "1")];
  return [
    row(`${high} nnnn tttt iiiiiiiiiiii`, `${name}<c>.w`, "%t, [%n, #%i]", `${name}Immediate`),
    row(`${low} nnnn tttt 1100 iiiiiiii`, `${name}<c>.w`, "%t, [%n, #%i]", `${name}Immediate`, {
      immediate: "minus",
    }),
    row(`${low} nnnn tttt 1111 iiiiiiii`, `${name}<c>.w`, "%t, [%n, #%i]!", `${name}PreIndexed`),
    row(`${low} nnnn tttt 1101 iiiiiiii`, `${name}<c>.w`, "%t, [%n, #%i]!", `${name}PreIndexed`, {
      immediate: "minus",
    }),
    row(`${low} nnnn tttt 1011 iiiiiiii`, `${name}<c>.w`, "%t, [%n], #%i", `${name}PostIndexed`),
    row(`${low} nnnn tttt 1001 iiiiiiii`, `${name}<c>.w`, "%t, [%n], #%i", `${name}PostIndexed`, {
      immediate: "minus",
    }),
    row(`${low} nnnn tttt 1110 iiiiiiii`, `${unprivileged}<c>`, "%t, [%n, #%i]", unprivileged),
    row(`${low} nnnn tttt 000000 ss mmmm`, `${name}<c>.w`, "%t, [%n, %m%s]", `${name}Register`),
  ];
}

const literal = (name: string, size: string): Encoding[] => [
  row(
    `11111 ${size.replace("u", "1")} 1111 tttt iiiiiiiiiiii`,
    `${name}<c>.w`,
    "%t, [pc, #%p]",
    `${name}Literal`,
    {
      immediate: "label",
    },
  ),
  row(
    `11111 ${size.replace("u", "0")} 1111 tttt iiiiiiiiiiii`,
    `${name}<c>.w`,
    "%t, [pc, #%p]",
    `${name}Literal`,
    {
      immediate: "labelMinus",
    },
  ),
];

/** Loads of bytes and halfwords to r15 are hints for the cache. */
const preload = (name: string, size: string): Encoding[] => [
  row(`11111 ${size.replace("u", "1")} nnnn 1111 iiiiiiiiiiii`, `${name}<c>`, "[%n, #%i]", "nop"),
  row(`11111 ${size.replace("u", "0")} nnnn 1111 1100 iiiiiiii`, `${name}<c>`, "[%n, #%i]", "nop", {
    immediate: "minus",
  }),
  row(
    `11111 ${size.replace("u", "0")} nnnn 1111 000000 ss mmmm`,
    `${name}<c>`,
    "[%n, %m%s]",
    "nop",
  ),
  row(`11111 ${size.replace("u", "1")} 1111 1111 iiiiiiiiiiii`, `${name}<c>`, "[pc, #%p]", "nop", {
    immediate: "label",
  }),
  row(`11111 ${size.replace("u", "0")} 1111 1111 iiiiiiiiiiii`, `${name}<c>`, "[pc, #%p]", "nop", {
    immediate: "labelMinus",
  }),
];

const loadStore32: Encoding[] = [
  ...singleTransfer("strb", "000 u 000", "strbt"),
  ...singleTransfer("strh", "000 u 010", "strht"),
  ...singleTransfer("str", "000 u 100", "strt"),
  ...singleTransfer("ldrb", "000 u 001", "ldrbt"),
  ...singleTransfer("ldrh", "000 u 011", "ldrht"),
  ...singleTransfer("ldr", "000 u 101", "ldrt"),
  ...singleTransfer("ldrsb", "001 u 001", "ldrsbt"),
  ...singleTransfer("ldrsh", "001 u 011", "ldrsht"),
  ...literal("ldrb", "000 u 001"),
  ...literal("ldrh", "000 u 011"),
  ...literal("ldr", "000 u 101"),
  ...literal("ldrsb", "001 u 001"),
  ...literal("ldrsh", "001 u 011"),
  ...preload("pld", "000 u 001"),
  ...preload("pli", "001 u 001"),
  row("11111 000 1 101 nnnn 1111 iiiiiiiiiiii", "ldr<c>.w", "pc, [%n, #%i]", "loadPcImmediate"),
  row("11111 000 0 101 nnnn 1111 1100 iiiiiiii", "ldr<c>.w", "pc, [%n, #%i]", "loadPcImmediate", {
    immediate: "minus",
  }),
  row("11111 000 0 101 nnnn 1111 1111 iiiiiiii", "ldr<c>.w", "pc, [%n, #%i]!", "loadPcPreIndexed"),
  row("11111 000 0 101 nnnn 1111 1101 iiiiiiii", "ldr<c>.w", "pc, [%n, #%i]!", "loadPcPreIndexed", {
    immediate: "minus",
  }),
  row("11111 000 0 101 nnnn 1111 1011 iiiiiiii", "ldr<c>.w", "pc, [%n], #%i", "loadPcPostIndexed"),
  row("11111 000 0 101 nnnn 1111 1001 iiiiiiii", "ldr<c>.w", "pc, [%n], #%i", "loadPcPostIndexed", {
    immediate: "minus",
  }),
  row("11111 000 0 101 nnnn 1111 000000 ss mmmm", "ldr<c>.w", "pc, [%n, %m%s]", "loadPcRegister"),
  row("11111 000 1 101 1111 1111 iiiiiiiiiiii", "ldr<c>.w", "pc, [pc, #%p]", "loadPcLiteral", {
    immediate: "label",
  }),
  row("11111 000 0 101 1111 1111 iiiiiiiiiiii", "ldr<c>.w", "pc, [pc, #%p]", "loadPcLiteral", {
    immediate: "labelMinus",
  }),
];

const dataProcessingRegister: Encoding[] = [
  row("11111010 0000 1111 1111 dddd 10 ss mmmm", "sxth<c>.w", "%d, %m%s", "sxthRotated", {
    shift: "bytes",
  }),
  row("11111010 0001 1111 1111 dddd 10 ss mmmm", "uxth<c>.w", "%d, %m%s", "uxthRotated", {
    shift: "bytes",
  }),
  row("11111010 0100 1111 1111 dddd 10 ss mmmm", "sxtb<c>.w", "%d, %m%s", "sxtbRotated", {
    shift: "bytes",
  }),
  row("11111010 0101 1111 1111 dddd 10 ss mmmm", "uxtb<c>.w", "%d, %m%s", "uxtbRotated", {
    shift: "bytes",
  }),
  row("11111010 1001 nnnn 1111 dddd 1000 mmmm", "rev<c>.w", "%d, %m", "rev"),
  row("11111010 1001 nnnn 1111 dddd 1001 mmmm", "rev16<c>.w", "%d, %m", "rev16"),
  row("11111010 1001 nnnn 1111 dddd 1010 mmmm", "rbit<c>", "%d, %m", "rbit"),
  row("11111010 1001 nnnn 1111 dddd 1011 mmmm", "revsh<c>.w", "%d, %m", "revsh"),
  row("11111010 1011 nnnn 1111 dddd 1000 mmmm", "clz<c>", "%d, %m", "clz"),
];

const multiplies: Encoding[] = [
  row("11111011 0000 nnnn 1111 dddd 0000 mmmm", "mul<c>.w", "%d, %n, %m", "mul"),
  row("11111011 0000 nnnn aaaa dddd 0000 mmmm", "mla<c>", "%d, %n, %m, %a", "mla"),
  row("11111011 0000 nnnn aaaa dddd 0001 mmmm", "mls<c>", "%d, %n, %m, %a", "mls"),
  row("11111011 1000 nnnn llll hhhh 0000 mmmm", "smull<c>", "%l, %h, %n, %m", "smull"),
  row("11111011 1010 nnnn llll hhhh 0000 mmmm", "umull<c>", "%l, %h, %n, %m", "umull"),
  row("11111011 1100 nnnn llll hhhh 0000 mmmm", "smlal<c>", "%l, %h, %n, %m", "smlal"),
  row("11111011 1110 nnnn llll hhhh 0000 mmmm", "umlal<c>", "%l, %h, %n, %m", "umlal"),
  row("11111011 1001 nnnn 1111 dddd 1111 mmmm", "sdiv<c>", "%d, %n, %m", "sdiv"),
  row("11111011 1011 nnnn 1111 dddd 1111 mmmm", "udiv<c>", "%d, %n, %m", "udiv"),
];

/** The DSP extension (A5.3.14, A5.3.16): parallel additions of halves or bytes, in six flavours. */
const parallel: Encoding[] = (
  [
    ["add8", "000"],
    ["add16", "001"],
    ["asx", "010"],
    ["sub8", "100"],
    ["sub16", "101"],
    ["sax", "110"],
  ] as const
).flatMap(([name, op1]) =>
  (
    [
      ["s", "0000"],
      ["q", "0001"],
      ["sh", "0010"],
      ["u", "0100"],
      ["uq", "0101"],
      ["uh", "0110"],
    ] as const
  ).map(([prefix, op2]) =>
    row(
      `11111010 1 ${op1} nnnn 1111 dddd ${op2} mmmm`,
      `${prefix}${name}<c>`,
      "%d, %n, %m",
      `${prefix}${name}`,
      {
        since: "dsp",
      },
    ),
  ),
);

const dsp = (pattern: string, name: string, operands: string, extra: Extra = {}): Encoding =>
  row(pattern, `${name}<c>`, operands, name, { since: "dsp", ...extra });

/** Multiplications of halves: N and M choose bottom or top. */
const halves = (pattern: string, name: string, operands: string): Encoding[] =>
  ["bb", "bt", "tb", "tt"].map((suffix, i) =>
    dsp(pattern.replace("NM", binary(i, 2)), `${name}${suffix}`, operands),
  );

/** A multiplication whose second operand may have its halves exchanged. */
const exchanged = (pattern: string, name: string, operands: string): Encoding[] =>
  ["", "x"].map((suffix, i) => dsp(pattern.replace("X", String(i)), `${name}${suffix}`, operands));

const digitalSignal: Encoding[] = [
  ...parallel,
  ...["sxtah", "uxtah", "sxtab16", "uxtab16", "sxtab", "uxtab"].flatMap((name, i) => [
    dsp(`11111010 0${binary(i, 3)} nnnn 1111 dddd 10 ss mmmm`, name, "%d, %n, %m%s", {
      shift: "bytes",
    }),
  ]),
  dsp("11111010 0010 1111 1111 dddd 10 ss mmmm", "sxtb16", "%d, %m%s", { shift: "bytes" }),
  dsp("11111010 0011 1111 1111 dddd 10 ss mmmm", "uxtb16", "%d, %m%s", { shift: "bytes" }),
  dsp("11111010 1000 nnnn 1111 dddd 1000 mmmm", "qadd", "%d, %m, %n"),
  dsp("11111010 1000 nnnn 1111 dddd 1001 mmmm", "qdadd", "%d, %m, %n"),
  dsp("11111010 1000 nnnn 1111 dddd 1010 mmmm", "qsub", "%d, %m, %n"),
  dsp("11111010 1000 nnnn 1111 dddd 1011 mmmm", "qdsub", "%d, %m, %n"),
  dsp("11111010 1010 nnnn 1111 dddd 1000 mmmm", "sel", "%d, %n, %m"),
  dsp("11101010110 0 nnnn 0 sss dddd ss 00 mmmm", "pkhbt", "%d, %n, %m%s"),
  dsp("11101010110 0 nnnn 0 sss dddd ss 10 mmmm", "pkhtb", "%d, %n, %m%s", { shift: "right" }),
  dsp("11110 0 1100 1 0 nnnn 0 000 dddd 00 0 0 iiii", "ssat16", "%d, #%i, %n", {
    immediate: "plus1",
  }),
  dsp("11110 0 1110 1 0 nnnn 0 000 dddd 00 0 0 iiii", "usat16", "%d, #%i, %n"),
  ...halves("11111011 0001 nnnn 1111 dddd 00 NM mmmm", "smul", "%d, %n, %m"),
  ...halves("11111011 0001 nnnn aaaa dddd 00 NM mmmm", "smla", "%d, %n, %m, %a"),
  ...["b", "t"].flatMap((half, i) => [
    dsp(`11111011 0011 nnnn 1111 dddd 000 ${i} mmmm`, `smulw${half}`, "%d, %n, %m"),
    dsp(`11111011 0011 nnnn aaaa dddd 000 ${i} mmmm`, `smlaw${half}`, "%d, %n, %m, %a"),
  ]),
  ...exchanged("11111011 0010 nnnn 1111 dddd 000 X mmmm", "smuad", "%d, %n, %m"),
  ...exchanged("11111011 0010 nnnn aaaa dddd 000 X mmmm", "smlad", "%d, %n, %m, %a"),
  ...exchanged("11111011 0100 nnnn 1111 dddd 000 X mmmm", "smusd", "%d, %n, %m"),
  ...exchanged("11111011 0100 nnnn aaaa dddd 000 X mmmm", "smlsd", "%d, %n, %m, %a"),
  ...["", "r"].flatMap((round, i) => [
    dsp(`11111011 0101 nnnn 1111 dddd 000 ${i} mmmm`, `smmul${round}`, "%d, %n, %m"),
    dsp(`11111011 0101 nnnn aaaa dddd 000 ${i} mmmm`, `smmla${round}`, "%d, %n, %m, %a"),
    dsp(`11111011 0110 nnnn aaaa dddd 000 ${i} mmmm`, `smmls${round}`, "%d, %n, %m, %a"),
  ]),
  dsp("11111011 0111 nnnn 1111 dddd 0000 mmmm", "usad8", "%d, %n, %m"),
  dsp("11111011 0111 nnnn aaaa dddd 0000 mmmm", "usada8", "%d, %n, %m, %a"),
  ...halves("11111011 1100 nnnn llll hhhh 10 NM mmmm", "smlal", "%l, %h, %n, %m"),
  ...exchanged("11111011 1100 nnnn llll hhhh 110 X mmmm", "smlald", "%l, %h, %n, %m"),
  ...exchanged("11111011 1101 nnnn llll hhhh 110 X mmmm", "smlsld", "%l, %h, %n, %m"),
  dsp("11111011 1110 nnnn llll hhhh 0110 mmmm", "umaal", "%l, %h, %n, %m"),
];

/** Coprocessor space, the floating-point unit (10 and 11) included; A5.3.18. */
const coprocessor: Encoding[] = [
  row("111 i 110 iiiiiiiii iiii iiii iiiiiiii", "<coprocessor>", "", "noCoprocessor"),
  row("111 i 1110 iiiiiiii iiii iiii iiiiiiii", "<coprocessor>", "", "noCoprocessor"),
];

export const ENCODINGS: readonly Encoding[] = [
  ...shiftAddMoveCompare,
  ...dataProcessing16,
  ...specialData,
  ...loadStore16,
  ...miscellaneous16,
  ...loadStoreMultiple,
  ...dualExclusiveTable,
  ...dataProcessing32,
  ...plainImmediate,
  ...branchesAndControl,
  ...loadStore32,
  ...dataProcessingRegister,
  ...multiplies,
  ...digitalSignal,
  ...coprocessor,
];

/**
 * Names of all operations; the position is the operation number of decode cache and dispatch.
 * The first three are no instructions: nothing decoded yet, a breakpoint, IT.
 */
export const OPERATIONS: readonly string[] = [
  ...new Set([
    "undecoded",
    "breakpoint",
    "ifThen",
    "undefined_",
    ...ENCODINGS.flatMap(e => (e.inIT === undefined ? [e.operation] : [e.operation, e.inIT])),
  ]),
];
