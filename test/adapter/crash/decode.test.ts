// Registers bit by bit, against values of dumps of real kernels and the manuals' tables.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { decodeRegister, isAddressValid } from "../../../adapter/crash/decode.js";

const names = (register: string, value: number): string[] =>
  decodeRegister(register, value).map(field => field.name);

const textOf = (register: string, value: number, field: string): string | undefined =>
  decodeRegister(register, value).find(({ name }) => name === field)?.text;

const transcripts = "test/golden/transcripts";
const dumps = readdirSync(transcripts)
  .filter(name => name.endsWith(".txt"))
  .map(name => readFileSync(`${transcripts}/${name}`, "utf8"));

describe("a decoded register", () => {
  it("names the bits of CFSR that are set, the highest first", () => {
    assert.deepEqual(names("CFSR", 0x92), ["MMARVALID", "MSTKERR", "DACCVIOL"]);
    assert.deepEqual(names("CFSR", 0x8200), ["BFARVALID", "PRECISERR"]);
    assert.deepEqual(names("CFSR", 0x0200_0000), ["DIVBYZERO"]);
    assert.deepEqual(names("CFSR", 0), []);
  });

  it("tells where each bit lies and what it says", () => {
    assert.deepEqual(decodeRegister("hfsr", 0x4000_0000), [
      {
        name: "FORCED",
        bits: "30",
        value: 1,
        text: "Another fault became this HardFault, since its own handler is off: see CFSR.",
      },
    ]);
  });

  it("has a bit for each line of flags that a real kernel prints", () => {
    const count = (dump: string) =>
      dump.match(/^(?!Forced|Bus Fault on Vector).+(Violation|Fault|Error|Zero): +true\r?$/gm)
        ?.length ?? 0;
    let seen = 0;
    for (const dump of dumps) {
      const cfsr = /\(CFSR\): +(0x\w+)/.exec(dump)?.[1];
      if (cfsr === undefined) continue;
      const flags = names("CFSR", Number(cfsr)).filter(name => !name.endsWith("VALID"));
      assert.equal(flags.length, count(dump), cfsr);
      seen++;
    }
    assert.ok(seen >= 4);
  });

  it("tells of an address register whether CFSR calls it valid", () => {
    assert.equal(isAddressValid("MMFAR", 0x82), true);
    assert.equal(isAddressValid("BFAR", 0x82), false);
    assert.equal(isAddressValid("BFAR", 0x8200), true);
  });

  it("splits xPSR into flags, state and exception number", () => {
    assert.deepEqual(names("xPSR", 0x6100_0000), ["Z", "C", "T", "Exception"]);
    assert.match(textOf("xPSR", 0x6100_0000, "Exception") ?? "", /^Thread mode/);
    assert.match(textOf("xPSR", 0x0100_000b, "Exception") ?? "", /^SVCall/);
    assert.match(textOf("xPSR", 0x0100_0012, "Exception") ?? "", /^Interrupt 2 /);
    assert.match(textOf("xPSR", 0, "T") ?? "", /^Not Thumb/);
    assert.deepEqual(names("APSR", 0x800f_0000), ["N", "GE"]);
  });

  it("reads IT[7:0] and ICI[7:0] from their two places in EPSR", () => {
    // ITE EQ: IT = 0000_1100 before the first instruction, so IT[7:2] = 000011 in bits 15:10.
    const ite = 0b000011 << 10;
    assert.match(textOf("EPSR", ite, "ICI/IT") ?? "", /condition EQ, 2 instructions left/);
    // ITTTT NE: IT = 0001_0001, so IT[1:0] = 01 in bits 26:25.
    const itttt = (0b01 << 25) | (0b000100 << 10);
    assert.match(textOf("xPSR", itttt, "ICI/IT") ?? "", /condition NE, 4 instructions left/);
    // An interrupted LDM: the register's number in bits 15:12.
    assert.match(textOf("EPSR", 6 << 12, "ICI/IT") ?? "", /before register r6/);
    assert.match(textOf("ICI.IT", 6 << 2, "ICI/IT") ?? "", /before register r6/);
    assert.equal(textOf("EPSR", 1 << 24, "ICI/IT"), undefined);
  });

  it("tells exceptions of mcause from interrupts", () => {
    assert.match(textOf("mcause", 5, "Code") ?? "", /^Load access fault/);
    assert.match(textOf("mcause", 8, "Code") ?? "", /^Environment call from user mode/);
    assert.match(textOf("mcause", 0x8000_0007, "Code") ?? "", /^Machine timer interrupt/);
    assert.match(textOf("mcause", 10, "Code") ?? "", /reserved/);
    assert.equal(decodeRegister("mcause", 0x8000_000b)[0]?.value, 1);
  });

  it("tells of mstatus which mode trapped, also when that is 0", () => {
    assert.deepEqual(names("mstatus", 0x88), ["MPP", "MPIE", "MIE"]);
    assert.match(textOf("mstatus", 0x88, "MPP") ?? "", /user mode/);
    assert.match(textOf("mstatus", 0x1880, "MPP") ?? "", /machine mode/);
    assert.match(textOf("mstatus", 0x6000, "FS") ?? "", /dirty/);
    assert.deepEqual(names("mie", 0x888), ["MEIE", "MTIE", "MSIE"]);
  });

  it("agrees with the rights and modes that real kernels print for PMP entries", () => {
    let seen = 0;
    for (const dump of dumps) {
      for (const [, config, mode, rights] of dump.matchAll(
        /cfg=(0x\w+) \((\w+) *\) \(([-lrwx]{4})\)/g,
      )) {
        const fields = new Map(
          decodeRegister("pmpcfg", Number(config)).map(({ name, value }) => [name, value]),
        );
        const letters = ["L", "R", "W", "X"].map(n =>
          fields.get(n) === 1 ? n.toLowerCase() : "-",
        );
        assert.equal(letters.join(""), rights);
        assert.ok(textOf("pmpcfg", Number(config), "A")?.startsWith(`${mode}:`));
        seen++;
      }
    }
    assert.ok(seen > 50);
  });

  it("names the access permissions of the MPU as real kernels do", () => {
    let seen = 0;
    for (const dump of dumps) {
      for (const [, name, value] of dump.matchAll(/bytes; (\w+) \((0x\w)\)/g)) {
        assert.ok(textOf("AP", Number(value), "AP")?.startsWith(`${name}:`));
        seen++;
      }
    }
    assert.ok(seen > 10);
  });

  it("tells of each sub-region whether it is enabled", () => {
    const fields = decodeRegister("SRD", 0xf0);
    assert.equal(fields.length, 8);
    assert.match(fields[0]?.text ?? "", /^Disabled/);
    assert.match(fields[7]?.text ?? "", /^Enabled/);
  });

  it("has no fields for a plain register", () => {
    assert.deepEqual(decodeRegister("R0", 0xffff_ffff), []);
    assert.deepEqual(decodeRegister("constructor", 1), []);
  });
});
