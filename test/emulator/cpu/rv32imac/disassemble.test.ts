// The disassembler of RV32IMAC prints what GNU objdump prints.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Decoder } from "../../../../emulator/cpu/rv32imac/decode.js";
import { disassemble } from "../../../../emulator/cpu/rv32imac/disassemble.js";
import { ENCODINGS, type Encoding } from "../../../../emulator/cpu/rv32imac/encodings.js";
import { rv32InstructionAt } from "../../../../emulator/cpu/rv32imac/isa.js";
import { requireTool } from "../../../tools.js";
import { Random } from "../armv7m/random.js";

const AT = 0x100;
const read = (bits: number) => (address: number) =>
  address === AT ? bits & 0xffff : address === AT + 2 ? bits >>> 16 : undefined;
const withAliases = new Decoder(true);
const withoutAliases = new Decoder(false);

/** An instruction as it is called, and as it is. */
const golden: readonly (readonly [bits: number, text: string, bare: string])[] = [
  [0x00000013, "nop", "addi zero,zero,0"],
  [0xff010113, "addi sp,sp,-16", "addi sp,sp,-16"],
  [0x02a00513, "li a0,42", "addi a0,zero,42"],
  [0x00058513, "mv a0,a1", "addi a0,a1,0"],
  [0xfff54513, "not a0,a0", "xori a0,a0,-1"],
  [0x40b00533, "neg a0,a1", "sub a0,zero,a1"],
  [0x00153513, "seqz a0,a0", "sltiu a0,a0,1"],
  [0x00a03533, "snez a0,a0", "sltu a0,zero,a0"],
  [0x0ff57513, "zext.b a0,a0", "andi a0,a0,255"],
  [0x00351513, "slli a0,a0,0x3", "slli a0,a0,0x3"],
  [0x41f55513, "srai a0,a0,0x1f", "srai a0,a0,0x1f"],
  [0x123452b7, "lui t0,0x12345", "lui t0,0x12345"],
  [0xfffff517, "auipc a0,0xfffff", "auipc a0,0xfffff"],
  [0x0005a503, "lw a0,0(a1)", "lw a0,0(a1)"],
  [0xfff5c503, "lbu a0,-1(a1)", "lbu a0,-1(a1)"],
  [0xfea12e23, "sw a0,-4(sp)", "sw a0,-4(sp)"],
  [0x7ea59fa3, "sh a0,2047(a1)", "sh a0,2047(a1)"],
  [0xfe050ee3, "beqz a0,0xfc", "beq a0,zero,0xfc"],
  [0x00b04463, "bgtz a1,0x108", "blt zero,a1,0x108"],
  [0x00b57463, "bgeu a0,a1,0x108", "bgeu a0,a1,0x108"],
  [0xffdff06f, "j 0xfc", "jal zero,0xfc"],
  [0x008000ef, "jal 0x108", "jal ra,0x108"],
  [0x00008067, "ret", "jalr zero,0(ra)"],
  [0x00450067, "jr 4(a0)", "jalr zero,4(a0)"],
  [0x000500e7, "jalr a0", "jalr ra,0(a0)"],
  [0x02b50533, "mul a0,a0,a1", "mul a0,a0,a1"],
  [0x02b57533, "remu a0,a0,a1", "remu a0,a0,a1"],
  [0x1005252f, "lr.w a0,(a0)", "lr.w a0,(a0)"],
  [0x1eb6252f, "sc.w.aqrl a0,a1,(a2)", "sc.w.aqrl a0,a1,(a2)"],
  [0x04b6252f, "amoadd.w.aq a0,a1,(a2)", "amoadd.w.aq a0,a1,(a2)"],
  [0x0ff0000f, "fence", "fence iorw,iorw"],
  [0x0310000f, "fence rw,w", "fence rw,w"],
  [0x0000100f, "fence.i", "fence.i"],
  [0x00000073, "ecall", "ecall"],
  [0x00100073, "ebreak", "ebreak"],
  [0x30200073, "mret", "mret"],
  [0x10500073, "wfi", "wfi"],
  [0x34202573, "csrr a0,mcause", "csrrs a0,mcause,zero"],
  [0x30551073, "csrw mtvec,a0", "csrrw zero,mtvec,a0"],
  [0x30046073, "csrsi mstatus,8", "csrrsi zero,mstatus,8"],
  [0x7c0527f3, "csrrs a5,0x7c0,a0", "csrrs a5,0x7c0,a0"],
  [0x0000, "unimp", "c.unimp"],
  [0x0001, "nop", "c.addi zero,0"],
  [0x4501, "li a0,0", "c.li a0,0"],
  [0x852e, "mv a0,a1", "c.mv a0,a1"],
  [0x952e, "add a0,a0,a1", "c.add a0,a1"],
  [0x1141, "addi sp,sp,-16", "c.addi sp,-16"],
  [0x7139, "addi sp,sp,-64", "c.addi16sp sp,-64"],
  [0x0808, "addi a0,sp,16", "c.addi4spn a0,sp,16"],
  [0xc606, "sw ra,12(sp)", "c.swsp ra,12(sp)"],
  [0x40b2, "lw ra,12(sp)", "c.lwsp ra,12(sp)"],
  [0x43d8, "lw a4,4(a5)", "c.lw a4,4(a5)"],
  [0x8082, "ret", "c.jr ra"],
  [0x9782, "jalr a5", "c.jalr a5"],
  [0x9002, "ebreak", "c.ebreak"],
  [0xbfd5, "j 0xf4", "c.j 0xf4"],
  [0xdd75, "beqz a0,0xfc", "c.beqz a0,0xfc"],
  [0x050a, "slli a0,a0,0x2", "c.slli a0,0x2"],
  [0x0004, "<undefined>", "<undefined>"],
  [0xffffffff, "<undefined>", "<undefined>"],
];

interface Line {
  address: number;
  text: string;
}

/** Branch targets as objdump writes them: without 0x where it knows symbols. */
const asListing = (text: string): string =>
  /^(?:c\.)?(?:b(?:eq|ne|l|g)|jal |jal$|j )/.test(text)
    ? text.replace(/0x([0-9a-f]+)$/, "$1")
    : text;

/** Instructions of an objdump listing, without symbols and comments. */
const parse = (listing: string): Line[] =>
  [...listing.matchAll(/^\s*([0-9a-f]+):\t[0-9a-f ]+\t([^\n]*)$/gm)].map(([, address, text]) => ({
    address: Number.parseInt(address as string, 16),
    text: (text as string)
      .replace(/\s*#.*$/, "")
      .replace(/\s*<[^>]*>$/, "")
      .replace(/\s+/g, " ")
      .trim()
      .replace(/^\.[24]byte .*/, "<undefined>"),
  }));

/** binutils from 2.40 on leaves the `i` of instructions with an immediate away, and only there. */
const withImmediate = (text: string): string =>
  text
    .replace(/^(add|and|or|xor|slt|sll|srl|sra)( [^,]+,[^,]+,-?\d)/, "$1i$2")
    .replace(/^sltu( [^,]+,[^,]+,-?\d)/, "sltiu$1")
    .replace(/^(csrr[wsc])( [^,]+,[^,]+,\d+)$/, "$1i$2")
    .replace(/^(csr[wsc])( [^,]+,\d+)$/, "$1i$2");

const ADD_NOTHING_TO_SP = 0x6101;

/** What GNU knows and RV32IMAC has not: shifts by 32 and more, supervisor mode, and a code that is reserved. */
const isOfAnother = (text: string, code: number): boolean =>
  code === ADD_NOTHING_TO_SP ||
  /^(?:c\.)?(?:slli|srli|srai) .*,0x[23][0-9a-f]$/.test(text) ||
  /^(?:sret|dret|uret|sfence\.vma)/.test(text);

/** Random operands for a row. */
function sampleOf(random: Random, { pattern }: Encoding): number {
  const bits = [...pattern].map(each => (/[01]/.test(each) ? each : String(random.below(2))));
  return Number.parseInt(bits.join(""), 2);
}

describe("disassembler of RV32IMAC", () => {
  it("calls instructions by their usual names, or by their own", () => {
    for (const [bits, text, bare] of golden) {
      const number = `0x${bits.toString(16)}`;
      assert.equal(disassemble(withAliases, AT, read(bits)).text, text, number);
      assert.equal(disassemble(withoutAliases, AT, read(bits)).text, bare, number);
    }
  });

  it("knows the size of what it cannot read, and says where there is no memory", () => {
    const sizeOf = (bits: number) => disassemble(withAliases, AT, read(bits)).size;
    assert.deepEqual([sizeOf(0x0004), sizeOf(0xffffffff)], [2, 4]);
    assert.deepEqual(
      disassemble(withAliases, AT, () => undefined),
      { size: 2, text: "<no memory>" },
    );
    const half = (address: number) => (address === AT ? 0x0513 : undefined);
    assert.equal(disassemble(withAliases, AT, half).text, "<no memory>");
  });

  it("takes compressed instructions and aliases apart as what they stand for", () => {
    const parts = (bits: number) => rv32InstructionAt(AT, read(bits));
    const nothing = { rd: 0, rs1: 0, rs2: 0, immediate: 0 };
    assert.deepEqual(parts(0x40b2), { operation: "lw", rd: 1, rs1: 2, rs2: 0, immediate: 12 });
    assert.deepEqual(parts(0x852e), { ...nothing, operation: "add", rd: 10, rs2: 11 });
    assert.deepEqual(parts(0x8082), { ...nothing, operation: "jalr", rs1: 1 });
    assert.deepEqual(parts(0x9782), { ...nothing, operation: "jalr", rd: 1, rs1: 15 });
    assert.deepEqual(parts(0xfff54513), {
      operation: "xori",
      rd: 10,
      rs1: 10,
      rs2: 0,
      immediate: -1,
    });
    assert.deepEqual(parts(0x123452b7), {
      ...nothing,
      operation: "lui",
      rd: 5,
      immediate: 0x12345000,
    });
    assert.equal(parts(0xffffffff), undefined);
  });

  it("means one instruction by a name and by what it stands for", () => {
    const random = new Random(11);
    for (const encoding of ENCODINGS) {
      for (let round = 0; round < 20; round++) {
        const bits = sampleOf(random, encoding);
        const [one, other] = [withAliases, withoutAliases].map(decoder =>
          decoder.decode(bits & 0xffff, bits >>> 16),
        );
        const parts = ({
          rd,
          rs1,
          rs2,
          immediate,
          encoding: { operation },
        }: NonNullable<typeof one>) => ({ operation, rd, rs1, rs2, immediate });
        assert.deepEqual(one && parts(one), other && parts(other), bits.toString(16));
      }
    }
  });

  for (const aliases of [true, false]) {
    const names = aliases ? "usual names" : "names without aliases";
    it(`agrees with objdump on the ${names} of all 16-bit codes and random 32-bit ones`, function () {
      const objdump = requireTool(this, "riscv64-unknown-elf-objdump");
      const assembler = requireTool(this, "riscv64-unknown-elf-as");
      const lines = listingOf(assembler, objdump, aliases);
      assert.equal(lines.length, CODES.length);
      const decoder = aliases ? withAliases : withoutAliases;
      const differences: string[] = [];
      for (const [i, { address, text }] of lines.entries()) {
        const bits = CODES[i] as number;
        const read16 = (at: number) => (at === address ? bits & 0xffff : bits >>> 16);
        const ours = asListing(disassemble(decoder, address, read16).text);
        const theirs = aliases ? withImmediate(text) : text;
        const expected = isOfAnother(theirs, bits) ? "<undefined>" : theirs;
        if (ours !== expected) differences.push(`${bits.toString(16)}: ${ours} | ${theirs}`);
      }
      assert.deepEqual(differences.slice(0, 20), []);
    });
  }
});

/** Every code of 16 bits, every row with random operands, and random words. */
const CODES: readonly number[] = (() => {
  const random = new Random(3);
  const wide = ENCODINGS.filter(({ pattern }) => pattern.length === 32);
  return [
    ...Array.from({ length: 0x10000 }, (_, code) => code).filter(code => (code & 3) !== 3),
    ...wide.flatMap(row => Array.from({ length: 60 }, () => sampleOf(random, row) >>> 0)),
    ...Array.from({ length: 0x1000 }, (_, csr) => ((csr << 20) | 0x00052573) >>> 0),
    ...Array.from({ length: 20_000 }, () => (random.next() | 3) >>> 0),
  ].filter(code => (code & 0x1f) !== 0x1f);
})();

function listingOf(assembler: string, objdump: string, aliases: boolean): Line[] {
  const folder = mkdtempSync(join(tmpdir(), "rv32-"));
  try {
    const [source, object] = [join(folder, "code.s"), join(folder, "code.o")];
    const text = CODES.map(code => `.insn ${(code & 3) === 3 ? 4 : 2}, 0x${code.toString(16)}\n`);
    writeFileSync(source, text.join(""));
    execFileSync(assembler, ["-march=rv32imac_zicsr_zifencei", "-o", object, source]);
    const options = ["-d", "-z", ...(aliases ? [] : ["-M", "no-aliases"]), object];
    return parse(execFileSync(objdump, options, { encoding: "utf8", maxBuffer: 1 << 27 }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
