// The disassembler prints what GNU objdump prints.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Memory } from "../../../../emulator/bus/memory.js";
import { Decoder } from "../../../../emulator/cpu/armv7m/decode.js";
import { ENCODINGS, type Encoding } from "../../../../emulator/cpu/armv7m/encodings.js";
import { requireTool } from "../../../tools.js";
import { bench, loadElf, wide } from "./harness.js";
import { Random, sample } from "./random.js";

/** SYSm values of registers that exist. */
const SPECIAL = [0, 1, 2, 3, 5, 6, 7, 8, 9, 16, 17, 18, 19, 20];
const OBJDUMP = "arm-none-eabi-objdump";

interface Line {
  address: number;
  text: string;
}

/** Instructions of an objdump listing, without symbols, comments and data words. */
const parse = (listing: string): Line[] =>
  [...listing.matchAll(/^\s*([0-9a-f]+):\t[0-9a-f ]+\t([^\n]*)$/gm)]
    .map(([, address, text]) => ({
      address: Number.parseInt(address as string, 16),
      text: asListing(normal(text as string)),
    }))
    .filter(line => !line.text.startsWith("."));

/** One space, no comment, no symbol; branch targets are hexadecimal. */
const normal = (text: string): string =>
  text
    .replace(/\s*@.*$/, "")
    .replace(/\s*<[^>]*>$/, "")
    .replace(/\s+/g, " ")
    .trim();

/** Branch targets without 0x, as objdump writes them where it knows symbols. */
const asListing = (text: string): string =>
  /^(b|cbz|cbnz|bl|b[a-z][a-z])(\.[nw])? /.test(text) ? text.replace(/0x/, "") : text;

describe("disassembler", () => {
  const { cpu, memory } = bench();
  const show = (halfwords: number[], address = 0x100): string => {
    halfwords.forEach((h, i) => {
      memory.write16(address + i * 2, h);
    });
    return cpu.isa.disassemble(address, a => (memory.contains(a, 2) ? memory.read16(a) : undefined))
      .text;
  };

  it("writes operands in the order of the manual", () => {
    assert.equal(show([0x6848]), "ldr r0, [r1, #4]");
    assert.equal(show([0xb510]), "push {r4, lr}");
    assert.equal(show(wide(0xf85d_4b04)), "ldr.w r4, [sp], #4");
    assert.equal(show(wide(0xeb01_0082)), "add.w r0, r1, r2, lsl #2");
    assert.equal(show([0xbeab]), "bkpt 0x00ab");
    assert.equal(show([0xdf02]), "svc 2");
  });

  it("puts the condition of an IT block on its instructions", () => {
    assert.equal(show([0xbf0c, 0x2001, 0x2102], 0x200), "ite eq");
    const at = (address: number) => cpu.isa.disassemble(address, a => memory.read16(a)).text;
    assert.equal(at(0x202), "moveq r0, #1");
    assert.equal(at(0x204), "movne r1, #2");
    assert.equal(at(0x206).startsWith("mov"), false);
  });

  it("says where there is no memory", () => {
    assert.deepEqual(
      cpu.isa.disassemble(0x0900_0000, () => undefined),
      {
        size: 2,
        text: "<no memory>",
      },
    );
  });

  for (const core of ["cortex-m0plus", "cortex-m4"]) {
    it(`agrees with objdump on the bare program for ${core}`, function () {
      const objdump = requireTool(this, OBJDUMP);
      const file = `examples/bare/bare-${core}.elf`;
      const base = core === "cortex-m4" ? 0 : 0x10000000;
      const image = new Memory({
        flash: { address: base, size: 0x10000 },
        ram: { address: 0x20000000, size: 0x10000 },
      });
      loadElf(image, readFileSync(file));
      const lines = parse(execFileSync(objdump, ["-d", file], { encoding: "utf8" }));
      assert.ok(lines.length > 300);
      for (const { address, text } of lines) {
        const ours = cpu.isa.disassemble(address, a =>
          image.contains(a, 2) ? image.read16(a) : undefined,
        );
        assert.equal(asListing(ours.text), text, `at ${address.toString(16)}`);
      }
    });
  }

  it("agrees with objdump on random operands of every row", function () {
    const objdump = requireTool(this, OBJDUMP);
    const random = new Random(7);
    const decoder = new Decoder(7, true);
    const halfwords: number[] = [];
    for (let round = 0; round < 40; round++) {
      for (const encoding of ENCODINGS) {
        if (/ifThen|noCoprocessor|undefined_/.test(encoding.operation)) continue;
        const { bits, fields } = sample(random, encoding);
        if (!isLegal(encoding, fields)) continue;
        const code = encoding.pattern.length === 16 ? [bits] : wide(bits);
        if (decoder.decode(code[0] as number, code[1] ?? 0, 0).encoding === encoding)
          halfwords.push(...code);
      }
    }
    const differences = compareListing(objdump, halfwords);
    assert.equal(
      differences.length,
      0,
      `${differences.length} differ:\n${differences.slice(0, 40).join("\n")}`,
    );
  });

  /** False for operands that the manual calls UNPREDICTABLE and objdump shows in its own way. */
  function isLegal(encoding: Encoding, f: Record<string, number>): boolean {
    const { operation, immediate, pattern, mnemonic } = encoding;
    if (/^(dsb|dmb|isb)/.test(mnemonic)) return f["i"] === 15;
    if (operation === "cps") return ((f["i"] as number) & 3) !== 0;
    if (operation === "ldmWriteback" && pattern.length === 32) {
      return (((f["r"] as number) >>> (f["n"] as number)) & 1) === 0;
    }
    // objdump takes some literal loads for unprivileged ones.
    if (immediate === "labelMinus") return ((f["i"] as number) & 0xf00) !== 0xe00;
    if (/^(rev|rbit|clz)/.test(operation) && pattern.length === 32) return f["n"] === f["m"];
    if (immediate === "fieldTo") return (f["i"] as number) >= (f["j"] as number);
    if (operation === "mrs" || operation === "msr")
      return SPECIAL.includes(f["i"] as number) && f["j"] !== 0;
    return true;
  }

  function compareListing(objdump: string, halfwords: number[]): string[] {
    const folder = mkdtempSync(join(tmpdir(), "disassemble-"));
    try {
      const file = join(folder, "code.bin");
      writeFileSync(file, new Uint8Array(Uint16Array.from(halfwords).buffer));
      const options = ["-D", "-b", "binary", "-m", "armv7e-m", "-M", "force-thumb", file];
      const listing = execFileSync(objdump, options, { encoding: "utf8", maxBuffer: 1 << 26 });
      return parse(listing).flatMap(({ address, text }) => {
        const ours = cpu.isa.disassemble(address, a => halfwords[a / 2]).text;
        return asListing(ours) === text || /UNPREDICTABLE/i.test(text)
          ? []
          : [
              `${(halfwords[address / 2] as number).toString(16)} ${(halfwords[address / 2 + 1] ?? 0).toString(16)}: ours ${asListing(ours)} | objdump ${text}`,
            ];
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
});
