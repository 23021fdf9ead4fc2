// The one table of encodings of RV32IMAC with Zicsr, Zifencei and the privileged returns (RISC-V unprivileged ISA chapters 2,
// 7 to 9, 13 to 14, 27; privileged ISA 3.3). It feeds decoder, disassembler and tests, and is made to feed an interpreter.
//
// Pattern, most significant bit first: 0 and 1 are fixed, a letter is a bit of a field, spaces are for reading.
//   d  rd     s  rs1     t  rs2     x  rd and rs1 (of compressed instructions)     i  immediate     c  CSR     z  uimm of CSR
//   p w  predecessor and successor sets of FENCE      a  aq and rl
// A register field of three bits names x8 to x15. Of the rows that match the one with the most fixed bits wins, so that rows
// of a form with a name of its own, such as `ret`, stand beside the row of the instruction, `jalr`; `-M no-aliases` of GNU
// objdump shows rows without `alias` only. Immediates are written as the manual does: which of its bits the `i` are.
// Operands: %d %s %t %x registers, %i the immediate, %h in hexadecimal, %u bits 31:12, %b an address, %c a CSR, %z its uimm.

export interface Encoding {
  pattern: string;
  mnemonic: string;
  operands: string;
  /** Name of the instruction that it is, whatever it is called here and however it is compressed. */
  operation: string;
  /** `imm[12|10:5|4:1|11]`: signed; `uimm[…]`: not; `nz…`: other than 0. */
  immediate?: string;
  /** What no bit encodes. */
  fixed?: Fixed;
  /** A form that has a name of its own. */
  alias?: true;
  /** Mnemonic and operands of a compressed instruction as such: `c.lw`. */
  compressed?: { mnemonic: string; operands: string };
  /** Fields that may not be 0, for such codes are reserved, hints, or in a row of their own. */
  nonzero?: string;
}

type Fixed = Partial<Record<"rd" | "rs1" | "rs2" | "immediate", number>>;
type Extra = Partial<Pick<Encoding, "immediate" | "fixed" | "nonzero">>;

const binary = (n: number): string => n.toString(2).padStart(3, "0");
const bitsOf = (pattern: string): string => pattern.replaceAll(" ", "");

/** Mnemonic and operands of `lw %d,%i(%s)`. */
function textOf(text: string): { mnemonic: string; operands: string } {
  const [mnemonic = "", operands = ""] = text.split(" ");
  return { mnemonic, operands };
}

const row = (pattern: string, text: string, extra: Extra = {}): Encoding => {
  const { mnemonic, operands } = textOf(text);
  return { pattern: bitsOf(pattern), mnemonic, operands, operation: mnemonic, ...extra };
};

/** A name of its own for a form of `operation`, in which some of rd, rs1 and the immediate are always the same. */
const alias = (pattern: string, text: string, operation: string, extra: Extra = {}): Encoding => {
  const { pattern: bits, ...rest } = row(pattern, text, extra);
  const constant = (name: "rd" | "rs1", field: string): Fixed =>
    /^[01]+$/.test(field) ? { [name]: Number.parseInt(field, 2) } : {};
  const registers = {
    ...constant("rd", bits.slice(20, 25)),
    ...constant("rs1", bits.slice(12, 17)),
  };
  return {
    ...rest,
    pattern: bits,
    operation,
    alias: true,
    fixed: { ...registers, ...extra.fixed },
  };
};

/** A compressed instruction: as such, and as the one that it stands for. */
const short = (
  pattern: string,
  compressed: string,
  text: string,
  extra: Extra & { operation?: string } = {},
): Encoding => ({ ...row(pattern, text, extra), compressed: textOf(compressed), ...extra });

const I = { immediate: "imm[11:0]" };
const S = { immediate: "imm[11:5|4:0]" };
const B = { immediate: "imm[12|10:5|4:1|11]" };
const U = { immediate: "imm[31:12]" };
const J = { immediate: "imm[20|10:1|11|19:12]" };
const SHAMT = { immediate: "uimm[4:0]" };

const upper: Encoding[] = [
  row("iiiiiiiiiiiiiiiiiiii ddddd 0110111", "lui %d,%u", U),
  row("iiiiiiiiiiiiiiiiiiii ddddd 0010111", "auipc %d,%u", U),
];

const jumps: Encoding[] = [
  row("iiiiiiiiiiiiiiiiiiii ddddd 1101111", "jal %d,%b", J),
  alias("iiiiiiiiiiiiiiiiiiii 00000 1101111", "j %b", "jal", J),
  alias("iiiiiiiiiiiiiiiiiiii 00001 1101111", "jal %b", "jal", J),
  row("iiiiiiiiiiii sssss 000 ddddd 1100111", "jalr %d,%i(%s)", I),
  alias("000000000000 sssss 000 ddddd 1100111", "jalr %d,%s", "jalr", I),
  alias("iiiiiiiiiiii sssss 000 00000 1100111", "jr %i(%s)", "jalr", I),
  alias("000000000000 sssss 000 00000 1100111", "jr %s", "jalr", I),
  alias("iiiiiiiiiiii sssss 000 00001 1100111", "jalr %i(%s)", "jalr", I),
  alias("000000000000 sssss 000 00001 1100111", "jalr %s", "jalr", I),
  alias("000000000000 00001 000 00000 1100111", "ret", "jalr", I),
];

/** A branch, and its names where one side is x0; the first of them where both are. */
const branch = (name: string, funct: string, ...aliases: readonly string[]): Encoding[] => [
  row(`iiiiiii ttttt sssss ${funct} iiiii 1100011`, `${name} %s,%t,%b`, B),
  ...aliases.map(text => {
    const sources = text.endsWith("%s") ? "00000 sssss" : "ttttt 00000";
    return alias(`iiiiiii ${sources} ${funct} iiiii 1100011`, `${text},%b`, name, B);
  }),
];

const branches: Encoding[] = [
  ...branch("beq", "000", "beqz %s"),
  ...branch("bne", "001", "bnez %s"),
  ...branch("blt", "100", "bltz %s", "bgtz %t"),
  ...branch("bge", "101", "blez %t", "bgez %s"),
  ...branch("bltu", "110"),
  ...branch("bgeu", "111"),
];

const loadsAndStores: Encoding[] = [
  ...[
    ["lb", "000"],
    ["lh", "001"],
    ["lw", "010"],
    ["lbu", "100"],
    ["lhu", "101"],
  ].map(([name, funct]) =>
    row(`iiiiiiiiiiii sssss ${funct} ddddd 0000011`, `${name} %d,%i(%s)`, I),
  ),
  ...[
    ["sb", "000"],
    ["sh", "001"],
    ["sw", "010"],
  ].map(([name, funct]) =>
    row(`iiiiiii ttttt sssss ${funct} iiiii 0100011`, `${name} %t,%i(%s)`, S),
  ),
];

const immediates: Encoding[] = [
  ...[
    ["addi", "000"],
    ["slti", "010"],
    ["sltiu", "011"],
    ["xori", "100"],
    ["ori", "110"],
    ["andi", "111"],
  ].map(([name, funct]) => row(`iiiiiiiiiiii sssss ${funct} ddddd 0010011`, `${name} %d,%s,%i`, I)),
  row("0000000 iiiii sssss 001 ddddd 0010011", "slli %d,%s,%h", SHAMT),
  row("0000000 iiiii sssss 101 ddddd 0010011", "srli %d,%s,%h", SHAMT),
  row("0100000 iiiii sssss 101 ddddd 0010011", "srai %d,%s,%h", SHAMT),
  alias("iiiiiiiiiiii 00000 000 ddddd 0010011", "li %d,%i", "addi", I),
  alias("000000000000 sssss 000 ddddd 0010011", "mv %d,%s", "addi", I),
  alias("000000000000 00000 000 ddddd 0010011", "li %d,0", "addi", I),
  alias("000000000000 00000 000 00000 0010011", "nop", "addi", I),
  alias("111111111111 sssss 100 ddddd 0010011", "not %d,%s", "xori", { fixed: { immediate: -1 } }),
  alias("000000000001 sssss 011 ddddd 0010011", "seqz %d,%s", "sltiu", { fixed: { immediate: 1 } }),
  alias("000011111111 sssss 111 ddddd 0010011", "zext.b %d,%s", "andi", {
    fixed: { immediate: 255 },
  }),
];

const registers: Encoding[] = [
  ...["add", "sll", "slt", "sltu", "xor", "srl", "or", "and"].map((name, n) =>
    row(`0000000 ttttt sssss ${binary(n)} ddddd 0110011`, `${name} %d,%s,%t`),
  ),
  row("0100000 ttttt sssss 000 ddddd 0110011", "sub %d,%s,%t"),
  row("0100000 ttttt sssss 101 ddddd 0110011", "sra %d,%s,%t"),
  ...["mul", "mulh", "mulhsu", "mulhu", "div", "divu", "rem", "remu"].map((name, n) =>
    row(`0000001 ttttt sssss ${binary(n)} ddddd 0110011`, `${name} %d,%s,%t`),
  ),
  alias("0100000 ttttt 00000 000 ddddd 0110011", "neg %d,%t", "sub"),
  alias("0000000 ttttt 00000 011 ddddd 0110011", "snez %d,%t", "sltu"),
  alias("0000000 00000 sssss 010 ddddd 0110011", "sltz %d,%s", "slt"),
  alias("0000000 ttttt 00000 010 ddddd 0110011", "sgtz %d,%t", "slt"),
];

const atomics: Encoding[] = [
  ["lr.w", "00010"],
  ["sc.w", "00011"],
  ["amoadd.w", "00000"],
  ["amoswap.w", "00001"],
  ["amoxor.w", "00100"],
  ["amoor.w", "01000"],
  ["amoand.w", "01100"],
  ["amomin.w", "10000"],
  ["amomax.w", "10100"],
  ["amominu.w", "11000"],
  ["amomaxu.w", "11100"],
].flatMap(([name, funct]) => {
  const [source, operands] = name === "lr.w" ? ["00000", "%d,(%s)"] : ["ttttt", "%d,%t,(%s)"];
  return row(`${funct} aa ${source} sssss 010 ddddd 0101111`, `${name} ${operands}`);
});

/** A form that writes x0 and one that reads it need no old or new value. */
const csr = (name: string, funct: string, alone: string): Encoding[] => [
  row(`cccccccccccc sssss 0${funct} ddddd 1110011`, `${name} %d,%c,%s`),
  row(`cccccccccccc zzzzz 1${funct} ddddd 1110011`, `${name}i %d,%c,%z`),
  alias(`cccccccccccc sssss 0${funct} 00000 1110011`, `${alone} %c,%s`, name),
  alias(`cccccccccccc zzzzz 1${funct} 00000 1110011`, `${alone}i %c,%z`, `${name}i`),
];

const counters = ["cycle", "time", "instret"].flatMap((name, n) => [
  alias(`1100000000 ${binary(n).slice(1)} 00000 010 ddddd 1110011`, `rd${name} %d`, "csrrs"),
  alias(`1100100000 ${binary(n).slice(1)} 00000 010 ddddd 1110011`, `rd${name}h %d`, "csrrs"),
]);

const system: Encoding[] = [
  row("0000 pppp wwww 00000 000 00000 0001111", "fence %p,%w"),
  alias("0000 1111 1111 00000 000 00000 0001111", "fence", "fence"),
  row("1000 0011 0011 00000 000 00000 0001111", "fence.tso"),
  row("000000000000 00000 001 00000 0001111", "fence.i"),
  row("000000000000 00000 000 00000 1110011", "ecall"),
  row("000000000001 00000 000 00000 1110011", "ebreak"),
  row("001100000010 00000 000 00000 1110011", "mret"),
  row("000100000101 00000 000 00000 1110011", "wfi"),
  alias("cccccccccccc 00000 010 ddddd 1110011", "csrr %d,%c", "csrrs"),
  ...csr("csrrw", "01", "csrw"),
  ...csr("csrrs", "10", "csrs"),
  ...csr("csrrc", "11", "csrc"),
  ...counters,
  // A write to a counter that cannot be written.
  row("110000000000 00000 001 00000 1110011", "unimp"),
];

const CI = { immediate: "imm[5|4:0]" };
const CB = { immediate: "imm[8|4:3|7:6|2:1|5]" };
const CJ = { immediate: "imm[11|4|9:8|10|6|7|3:1|5]" };
const SHIFT = { immediate: "nzuimm[4:0]" };

const quadrant0: Encoding[] = [
  short("0000000000000000", "c.unimp", "unimp"),
  short("000 iiiiiiii ddd 00", "c.addi4spn %d,%s,%i", "addi %d,%s,%i", {
    immediate: "nzuimm[5:4|9:6|2|3]",
    fixed: { rs1: 2 },
  }),
  short("010 iii sss ii ddd 00", "c.lw %d,%i(%s)", "lw %d,%i(%s)", { immediate: "uimm[5:3|2|6]" }),
  short("110 iii sss ii ttt 00", "c.sw %t,%i(%s)", "sw %t,%i(%s)", { immediate: "uimm[5:3|2|6]" }),
];

/** Codes that do nothing keep their names as compressed instructions. */
const quadrant1: Encoding[] = [
  short("000 i xxxxx iiiii 01", "c.addi %x,%i", "addi %x,%x,%i", CI),
  short("000 i 00000 iiiii 01", "c.addi zero,%i", "c.nop %i", {
    ...CI,
    fixed: { rd: 0, rs1: 0 },
    operation: "addi",
  }),
  short("000 0 00000 00000 01", "c.addi zero,0", "nop", {
    ...CI,
    fixed: { rd: 0, rs1: 0 },
    operation: "addi",
  }),
  short("001 iiiiiiiiiii 01", "c.jal %b", "jal %b", { ...CJ, fixed: { rd: 1 } }),
  short("010 i ddddd iiiii 01", "c.li %d,%i", "li %d,%i", {
    ...CI,
    fixed: { rs1: 0 },
    operation: "addi",
  }),
  short("010 i 00000 iiiii 01", "c.li zero,%i", "c.li zero,%i", {
    ...CI,
    fixed: { rd: 0, rs1: 0 },
    operation: "addi",
  }),
  short("011 i ddddd iiiii 01", "c.lui %d,%u", "lui %d,%u", { immediate: "nzimm[17|16:12]" }),
  short("011 i 00000 iiiii 01", "c.lui zero,%u", "c.lui zero,%u", {
    immediate: "nzimm[17|16:12]",
    fixed: { rd: 0 },
    operation: "lui",
  }),
  short("011 i 00010 iiiii 01", "c.addi16sp %x,%i", "addi %x,%x,%i", {
    immediate: "nzimm[9|4|6|8:7|5]",
    fixed: { rd: 2, rs1: 2 },
  }),
  short("100 0 00 xxx iiiii 01", "c.srli %x,%h", "srli %x,%x,%h", SHIFT),
  short("100 0 01 xxx iiiii 01", "c.srai %x,%h", "srai %x,%x,%h", SHIFT),
  short("100 0 00 xxx 00000 01", "c.srli64 %x", "c.srli64 %x", { operation: "srli" }),
  short("100 0 01 xxx 00000 01", "c.srai64 %x", "c.srai64 %x", { operation: "srai" }),
  short("100 i 10 xxx iiiii 01", "c.andi %x,%i", "andi %x,%x,%i", CI),
  ...["sub", "xor", "or", "and"].map((name, n) =>
    short(`100 0 11 xxx ${binary(n).slice(1)} ttt 01`, `c.${name} %x,%t`, `${name} %x,%x,%t`),
  ),
  short("101 iiiiiiiiiii 01", "c.j %b", "j %b", { ...CJ, fixed: { rd: 0 }, operation: "jal" }),
  short("110 iii sss iiiii 01", "c.beqz %s,%b", "beqz %s,%b", {
    ...CB,
    fixed: { rs2: 0 },
    operation: "beq",
  }),
  short("111 iii sss iiiii 01", "c.bnez %s,%b", "bnez %s,%b", {
    ...CB,
    fixed: { rs2: 0 },
    operation: "bne",
  }),
];

const quadrant2: Encoding[] = [
  short("000 0 xxxxx iiiii 10", "c.slli %x,%h", "slli %x,%x,%h", SHIFT),
  short("000 0 00000 iiiii 10", "c.slli zero,%h", "c.slli zero,%h", {
    ...SHIFT,
    fixed: { rd: 0, rs1: 0 },
    operation: "slli",
  }),
  short("000 0 xxxxx 00000 10", "c.slli64 %x", "c.slli64 %x", { operation: "slli" }),
  short("010 i ddddd iiiii 10", "c.lwsp %d,%i(%s)", "lw %d,%i(%s)", {
    immediate: "uimm[5|4:2|7:6]",
    fixed: { rs1: 2 },
    nonzero: "d",
  }),
  short("110 iiiiii ttttt 10", "c.swsp %t,%i(%s)", "sw %t,%i(%s)", {
    immediate: "uimm[5:2|7:6]",
    fixed: { rs1: 2 },
  }),
  short("100 0 sssss 00000 10", "c.jr %s", "jr %s", {
    fixed: { rd: 0 },
    nonzero: "s",
    operation: "jalr",
  }),
  short("100 0 00001 00000 10", "c.jr ra", "ret", {
    fixed: { rd: 0, rs1: 1 },
    operation: "jalr",
  }),
  short("100 1 sssss 00000 10", "c.jalr %s", "jalr %s", { fixed: { rd: 1 }, nonzero: "s" }),
  short("100 1 00000 00000 10", "c.ebreak", "ebreak"),
  short("100 0 ddddd ttttt 10", "c.mv %d,%t", "mv %d,%t", {
    fixed: { rs1: 0 },
    nonzero: "t",
    operation: "add",
  }),
  short("100 0 00000 ttttt 10", "c.mv zero,%t", "c.mv zero,%t", {
    fixed: { rd: 0, rs1: 0 },
    nonzero: "t",
    operation: "add",
  }),
  short("100 1 xxxxx ttttt 10", "c.add %x,%t", "add %x,%x,%t", { nonzero: "t" }),
  short("100 1 00000 ttttt 10", "c.add zero,%t", "c.add zero,%t", {
    fixed: { rd: 0, rs1: 0 },
    nonzero: "t",
    operation: "add",
  }),
];

export const ENCODINGS: readonly Encoding[] = [
  ...upper,
  ...jumps,
  ...branches,
  ...loadsAndStores,
  ...immediates,
  ...registers,
  ...atomics,
  ...system,
  ...quadrant0,
  ...quadrant1,
  ...quadrant2,
];
