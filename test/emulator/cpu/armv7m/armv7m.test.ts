// Running: exact deadlines, breakpoints, saved state, and the bare program on both cores.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { Memory } from "../../../../emulator/bus/memory.js";
import { Exit } from "../../../../emulator/cpu/cpu.js";
import { type Bench, bench, CODE, loadElf, RAM, wide } from "./harness.js";

function bare(core: "cortex-m0plus" | "cortex-m4"): Bench {
  const flash = core === "cortex-m4" ? 0 : 0x10000000;
  const memory = new Memory({
    flash: { address: flash, size: 0x10000 },
    ram: { address: RAM, size: 0x10000 },
  });
  loadElf(memory, readFileSync(`examples/bare/bare-${core}.elf`));
  const b = bench({ memory, core, semihosting: true });
  b.cpu.reset();
  return b;
}

/** Everything a program can see, as text. */
const fingerprint = (b: Bench): string =>
  JSON.stringify([
    b.clock.now,
    Array.from({ length: 20 }, (_, i) => b.cpu.readRegister(i)),
    Buffer.from(b.memory.readBytes(RAM, 0x10000)).toString("base64"),
  ]);

describe("the bare program", () => {
  for (const core of ["cortex-m0plus", "cortex-m4"] as const) {
    it(`computes its checksum on ${core} and exits with code 0`, () => {
      const b = bare(core);
      assert.equal(b.cpu.run(10_000_000), Exit.Semihosting);
      assert.equal(b.get(0), 0x20);
      assert.equal(b.memory.read16(b.get(15)), 0xbeab);
      assert.deepEqual(
        [0, 4].map(i => b.memory.read32(b.get(1) + i)),
        [0x20026, 0],
      );
      assert.equal(b.cpu.instructions, b.clock.now);
    });

    it(`in slices of any size is the same run on ${core}`, () => {
      const whole = bare(core);
      assert.equal(whole.cpu.run(50_000), Exit.Deadline);
      const expected = fingerprint(whole);
      fc.assert(
        fc.property(fc.array(fc.integer({ min: 1, max: 4000 }), { minLength: 1 }), sizes => {
          const b = bare(core);
          for (let i = 0; b.clock.now < 50_000; i++) {
            const until = Math.min(b.clock.now + (sizes[i % sizes.length] as number), 50_000);
            assert.equal(b.cpu.run(until), Exit.Deadline);
            assert.equal(b.clock.now, until);
          }
          assert.equal(fingerprint(b), expected);
        }),
        { numRuns: 15, seed: 3 },
      );
    });
  }

  it("goes on from a saved state as if nothing had happened", () => {
    const a = bare("cortex-m4");
    a.cpu.run(12_345);
    const saved = structuredClone({
      cpu: a.cpu.save(),
      memory: a.memory.save(),
      clock: a.clock.save(),
    });
    const b = bare("cortex-m4");
    b.cpu.run(777);
    b.memory.load(saved.memory);
    b.clock.load(saved.clock);
    b.cpu.load(saved.cpu);
    assert.equal(fingerprint(b), fingerprint(a));
    a.cpu.run(40_000);
    b.cpu.run(40_000);
    assert.equal(fingerprint(b), fingerprint(a));
  });
});

describe("run", () => {
  it("counts an instruction whose condition fails as one cycle", () => {
    const b = bench();
    b.code([0xbf08, 0x2001, 0xbf00, 0xe7fe]);
    assert.equal(b.step(3), Exit.Deadline);
    assert.equal(b.get(15), CODE + 6);
    assert.equal(b.get(0), 0);
  });

  it("stops at a breakpoint before its instruction, and passes it when resumed there", () => {
    const b = bench();
    b.code([0x2001, 0x2002, 0x3001, 0xe7fd]);
    b.cpu.addBreakpoint(CODE + 4);
    assert.equal(b.step(100), Exit.Breakpoint);
    assert.equal(b.get(15), CODE + 4);
    assert.equal(b.clock.now, 2);
    assert.equal(b.step(100), Exit.Breakpoint, "without resumeAddress it stops again");
    assert.equal(b.clock.now, 2);
    b.cpu.resumeAddress = CODE + 4;
    assert.equal(b.step(100), Exit.Breakpoint);
    assert.equal(b.clock.now, 4, "the loop has come round");
    assert.equal(b.get(0), 3);
    b.cpu.removeBreakpoint(CODE + 4);
    assert.equal(b.step(100), Exit.Deadline);
  });

  it("stops at a breakpoint in RAM and in an IT block, and resumes", () => {
    const b = bench();
    b.code([0xbf14, 0x2001, 0x2002, 0xe7fe], RAM);
    b.set(15, RAM);
    b.cpu.addBreakpoint(RAM + 4);
    assert.equal(b.step(100), Exit.Breakpoint);
    b.cpu.resumeAddress = RAM + 4;
    assert.equal(b.step(1), Exit.Deadline);
    assert.equal(b.get(0), 1);
    assert.equal(b.get(15), RAM + 6);
  });

  it("executes new code after flash was written", () => {
    const b = bench();
    b.code([0x2001, 0xe7fd]);
    b.step(4);
    b.memory.write16(CODE, 0x2002);
    b.step(2);
    assert.equal(b.get(0), 2);
  });

  it("executes new second halves of 32-bit instructions too", () => {
    const b = bench();
    b.code([...wide(0xf04f_0001), 0xe7fc]);
    b.step(2);
    b.memory.write16(CODE + 2, 0x0005);
    b.step(2);
    assert.equal(b.get(0), 5);
  });

  it("returns on WFI", () => {
    const b = bench();
    b.code([0xbf30, 0x2001]);
    assert.equal(b.step(10), Exit.Sleep);
    assert.equal(b.get(15), CODE + 2);
  });

  it("reads the registers that isa.registers names", () => {
    const b = bench();
    assert.deepEqual(
      b.cpu.isa.registers.slice(13).map(r => [r.name, r.dwarf]),
      [
        ["sp", 13],
        ["lr", 14],
        ["pc", 15],
        ["xpsr", -1],
        ["msp", -1],
        ["psp", -1],
        ["control", -1],
      ],
    );
    for (const index of [0, 14, 17, 18]) {
      b.cpu.writeRegister(index, 0xfffffff0);
      assert.equal(b.cpu.readRegister(index), 0xfffffff0);
    }
  });
});
