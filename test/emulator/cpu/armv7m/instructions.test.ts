// Corner cases of the manual's pseudo-code, one group of instructions after the other.
import assert from "node:assert/strict";
import { Decoder } from "../../../../emulator/cpu/armv7m/decode.js";
import { type Bench, bench, CODE, RAM, wide } from "./harness.js";

/** Flags as the letters that are set. */
const flags = (b: Bench): string =>
  [..."NZCVQ"].filter((_, i) => (b.cpu.xpsr >>> (31 - i)) & 1).join("");

/** Executes one instruction with r0, r1, r2 and flags given. */
function execute(code: number[], registers: number[], apsr = 0): Bench {
  const b = bench();
  b.code(code);
  registers.forEach((value, n) => {
    b.set(n, value);
  });
  b.cpu.xpsr = (apsr | 0x01000000) >>> 0;
  b.step();
  return b;
}

const CARRY = 1 << 29;

describe("addition and subtraction", () => {
  const cases: [string, number[], number[], number, number, string][] = [
    ["adds carries out", [0x1840], [0xffffffff, 1], 0, 0, "ZC"],
    ["adds overflows", [0x1840], [0x7fffffff, 1], 0, 0x80000000, "NV"],
    ["subs of equals has carry", [0x1a40], [5, 5], 0, 0, "ZC"],
    ["subs borrows", [0x1a40], [0, 1], 0, 0xffffffff, "N"],
    ["subs overflows", [0x1a40], [0x80000000, 1], 0, 0x7fffffff, "CV"],
    ["adcs adds the carry", [0x4148], [1, 2], CARRY, 4, ""],
    ["adcs of all ones and carry carries out", [0x4148], [0, 0xffffffff], CARRY, 0, "ZC"],
    ["adcs of the largest and carry overflows", [0x4148], [0x7fffffff, 0], CARRY, 0x80000000, "NV"],
    ["sbcs borrows without carry", [0x4188], [5, 4], 0, 0, "ZC"],
    ["sbcs with carry is a subtraction", [0x4188], [5, 4], CARRY, 1, "C"],
    ["rsbs of the smallest overflows", [0x4248], [0, 0x80000000], 0, 0x80000000, "NV"],
    ["rsbs of zero has carry", [0x4248], [7, 0], 0, 0, "ZC"],
  ];
  for (const [name, code, registers, apsr, result, expected] of cases) {
    it(name, () => {
      const b = execute(code, registers, apsr);
      assert.equal(b.get(0), result);
      assert.equal(flags(b), expected);
    });
  }
});

describe("shifts by a register", () => {
  const cases: [string, number, number, number, string][] = [
    ["lsls by 0 keeps C", 0x4088, 0, 0x80000001, "NC"],
    ["lsls by 32 moves bit 0 to C", 0x4088, 32, 0, "ZC"],
    ["lsls by 33 clears C", 0x4088, 33, 0, "Z"],
    ["lsls by 256 is by 0", 0x4088, 256, 0x80000001, "NC"],
    ["lsrs by 32 moves bit 31 to C", 0x40c8, 32, 0, "ZC"],
    ["lsrs by 33 clears C", 0x40c8, 33, 0, "Z"],
    ["asrs by 40 copies the sign", 0x4108, 40, 0xffffffff, "NC"],
    ["rors by 32 keeps the value and copies bit 31 to C", 0x41c8, 32, 0x80000001, "NC"],
    ["rors by 1 rotates bit 0 into C", 0x41c8, 1, 0xc0000000, "NC"],
  ];
  for (const [name, code, amount, result, expected] of cases) {
    it(name, () => {
      const b = execute([code], [0x80000001, amount], CARRY);
      assert.equal(b.get(0), result);
      assert.equal(flags(b), expected);
    });
  }

  it("rrx shifts the carry in and bit 0 out", () => {
    const b = execute(wide(0xea5f_0031), [0, 3], CARRY);
    assert.equal(b.get(0), 0x80000001);
    assert.equal(flags(b), "NC");
  });
});

describe("constants", () => {
  it("a rotated constant sets C to its top bit, an unrotated one leaves C alone", () => {
    assert.equal(flags(execute(wide(0xf05f_4000), [])), "NC");
    assert.equal(flags(execute(wide(0xf05f_0001), [], CARRY)), "C");
  });

  it("movw and movt fill the two halves", () => {
    const b = execute(wide(0xf2c1_2034), [0xffff5678]);
    assert.equal(b.get(0), 0x12345678);
  });
});

describe("multiplication and division", () => {
  it("umull and smull differ in the sign", () => {
    const unsigned = execute(wide(0xfba2_0103), [0, 0, 0xffffffff, 2]);
    assert.deepEqual([unsigned.get(0), unsigned.get(1)], [0xfffffffe, 1]);
    const signed = execute(wide(0xfb82_0103), [0, 0, 0xffffffff, 2]);
    assert.deepEqual([signed.get(0), signed.get(1)], [0xfffffffe, 0xffffffff]);
  });

  it("umlal carries into the upper word", () => {
    const b = execute(wide(0xfbe2_0103), [1, 0, 0xffffffff, 1]);
    assert.deepEqual([b.get(0), b.get(1)], [0, 1]);
  });

  it("division rounds towards zero, and the smallest by -1 is itself", () => {
    assert.equal(execute(wide(0xfb91_f0f2), [0, -7, 2]).get(0), 0xfffffffd);
    assert.equal(execute(wide(0xfb91_f0f2), [0, 0x80000000, -1]).get(0), 0x80000000);
    assert.equal(execute(wide(0xfbb1_f0f2), [0, 0xffffffff, 2]).get(0), 0x7fffffff);
  });

  it("division by zero yields zero unless it is trapped", () => {
    assert.equal(execute(wide(0xfbb1_f0f2), [1, 5, 0]).get(0), 0);
    const b = bench();
    // str r3, [r4]: CCR.DIV_0_TRP.
    b.code([0x6023, ...wide(0xfbb1_f0f2)]);
    b.set(3, 0x210);
    b.set(4, 0xe000ed14);
    b.step(5);
    assert.equal(b.cpu.exception, 3);
    assert.equal(b.cpu.faultStatus.cfsr, 0x2000000);
  });
});

describe("bit fields and saturation", () => {
  it("bfi, ubfx and sbfx handle whole words", () => {
    assert.equal(execute(wide(0xf361_001f), [0, 0x12345678]).get(0), 0x12345678);
    assert.equal(execute(wide(0xf3c1_001f), [0, 0x80000001]).get(0), 0x80000001);
    assert.equal(execute(wide(0xf341_1003), [0, 0xf0]).get(0), 0xffffffff);
  });

  it("ssat and usat clamp and set the sticky Q", () => {
    const b = execute(wide(0xf301_0007), [0, 1000]);
    assert.equal(b.get(0), 127);
    assert.equal(flags(b), "Q");
    assert.equal(execute(wide(0xf381_0008), [0, -5]).get(0), 0);
    assert.equal(flags(execute(wide(0xf301_0007), [0, 100])), "");
  });

  it("clz of zero is 32, rbit reverses, revsh extends", () => {
    assert.equal(execute(wide(0xfab1_f081), [0, 0]).get(0), 32);
    assert.equal(execute(wide(0xfa91_f0a1), [0, 1]).get(0), 0x80000000);
    assert.equal(execute([0xbac8], [0, 0x0080]).get(0), 0xffff8000);
  });
});

describe("loads and stores", () => {
  it("words and halfwords may be unaligned", () => {
    const b = bench();
    b.memory.writeBytes(RAM, Uint8Array.of(1, 2, 3, 4, 5, 0x86, 7, 8));
    b.code([0x6801, ...wide(0xf9b0_2004)]);
    b.set(0, RAM + 1);
    b.step(2);
    assert.equal(b.get(1), 0x05040302);
    assert.equal(b.get(2), 0x0786);
  });

  it("literals count from the aligned pc", () => {
    const b = bench();
    b.code([0xbf00, 0x4801, 0xbf00, 0xbf00, 0x5678, 0x1234]);
    b.step(2);
    assert.equal(b.get(0), 0x12345678);
  });

  it("ldm with the base in the list keeps the loaded value", () => {
    const b = bench();
    b.memory.write32(RAM, 77);
    b.memory.write32(RAM + 4, 88);
    b.code([0xc803]);
    b.set(0, RAM);
    b.step();
    assert.deepEqual([b.get(0), b.get(1)], [77, 88]);
  });

  it("post-indexed and pre-indexed loads write the base back", () => {
    const b = bench();
    b.memory.write32(RAM + 4, 9);
    b.code([...wide(0xf850_1b04), ...wide(0xf850_2d04)]);
    b.set(0, RAM + 4);
    b.step(2);
    assert.deepEqual([b.get(0), b.get(1)], [RAM + 4, 9]);
  });

  it("strex stores only between ldrex and any exception", () => {
    const b = bench();
    b.code([...wide(0xe840_1200), ...wide(0xe850_3f00), ...wide(0xe840_1200)]);
    b.set(0, RAM);
    b.set(1, 5);
    b.step();
    assert.deepEqual([b.get(2), b.memory.read32(RAM)], [1, 0]);
    b.step(2);
    assert.deepEqual([b.get(2), b.memory.read32(RAM)], [0, 5]);
    b.set(15, CODE + 4);
    b.step();
    b.cpu.takeException(15);
    b.cpu.exceptionReturn(0xfffffff9);
    b.step();
    assert.equal(b.get(2), 1);
  });
});

describe("control", () => {
  it("tbb and tbh jump by twice the table's entry", () => {
    const b = bench();
    b.code([...wide(0xe8df_f000), 0x0302]);
    b.set(0, 1);
    b.step();
    assert.equal(b.get(15), CODE + 4 + 6);
    b.code([...wide(0xe8df_f010), 0x0010]);
    b.set(15, CODE);
    b.set(0, 0);
    b.step();
    assert.equal(b.get(15), CODE + 4 + 0x20);
  });

  it("bl links with the Thumb bit, pop returns", () => {
    const b = bench();
    b.code([...wide(0xf000_f802), 0xe7fe, 0xe7fe, 0xb500, 0xbd00]);
    b.step(3);
    assert.equal(b.get(15), CODE + 4);
    assert.equal(b.get(14), CODE + 5);
  });

  it("an unprivileged program cannot change CONTROL or PRIMASK, nor see more of xPSR than flags", () => {
    const b = bench();
    b.code([...wide(0xf380_8814), 0xb672, ...wide(0xf3ef_8105), ...wide(0xf3ef_8214)]);
    b.cpu.control = 3;
    b.set(13, RAM + 0x1000);
    b.set(0, 0);
    b.set(1, 1);
    b.step(4);
    assert.deepEqual([b.get(1), b.get(2), b.cpu.control], [0, 3, 3]);
  });

  it("add pc and mov pc keep to Thumb", () => {
    const b = bench();
    b.code([0x4487]);
    b.set(0, 0x11);
    b.step();
    assert.equal(b.get(15), CODE + 4 + 0x10);
  });
});

describe("a table branch", () => {
  for (const [name, code, offset] of [
    ["tbb with a table in a register", wide(0xe8d0f001), 2 * 5],
    ["tbh with a table in a register", wide(0xe8d0f011), 2 * 0x0605],
  ] as const) {
    it(`${name} goes from the next instruction`, () => {
      const b = bench();
      b.code([...code]);
      b.memory.write32(RAM, 0x06050000);
      b.set(0, RAM);
      b.set(1, name.startsWith("tbb") ? 2 : 1);
      b.step();
      assert.equal(b.get(15), CODE + 4 + offset);
    });
  }
});

describe("ssat and usat with asr #0", () => {
  const [SSAT, USAT] = [0xf3200000, 0xf3a00000];
  const codes = [SSAT, USAT].flatMap(base =>
    Array.from({ length: 13 * 13 * 32 }, (_, k) => {
      const [n, d, i] = [Math.floor(k / 32 / 13), Math.floor(k / 32) % 13, k % 32];
      return (base | (n << 16) | (d << 8) | i) >>> 0;
    }),
  );

  it("are undefined without the DSP extension, whatever their registers and widths", () => {
    const b = bench({ core: "cortex-m3" });
    for (const code of codes) {
      b.code(wide(code));
      b.cpu.writeRegister(15, CODE);
      b.cpu.xpsr = 1 << 24;
      b.cpu.faultStatus.cfsr = 0;
      b.step();
      assert.deepEqual([b.cpu.exception, b.cpu.faultStatus.cfsr], [3, 1 << 16], code.toString(16));
    }
  });

  it("are ssat16 and usat16 with it, undefined where those must have a 0", () => {
    const decoder = new Decoder(7, true);
    for (const code of codes) {
      const [first, second] = wide(code);
      const { operation } = decoder.decode(first, second, CODE).encoding;
      const halves = (code & 0x800000) === 0 ? "ssat16" : "usat16";
      assert.equal(operation, (code & 16) === 0 ? halves : "undefined_", code.toString(16));
    }
  });
});
