// Exception entry, faults and return (ARMv7-M manual B1.5): frames, status registers and the faulting pc.
import assert from "node:assert/strict";
import { Exit } from "../../../../emulator/cpu/cpu.js";
import { type Bench, bench, CODE, RAM, STACK, wide } from "./harness.js";

const FORCED = 0x40000000;
/** MPU region attributes: enable, size as a power of two, access permissions. */
const rasr = (log2: number, ap: number, more = 0) => 1 | ((log2 - 1) << 1) | (ap << 24) | more;
const XN = 1 << 28;
const FULL = 3;
const READ_ONLY = 6;

/** The eight words on the stack in use before entry. */
const frame = (b: Bench, sp: number): number[] =>
  Array.from({ length: 8 }, (_, i) => b.memory.read32(sp + i * 4));

/** An unprivileged process as Tock runs it: PSP in a region of its own, flash readable. */
function process(code: number[]): Bench {
  const b = bench();
  b.code(code);
  b.cpu.mpu.setRegion(0, RAM, rasr(12, FULL));
  b.cpu.mpu.setRegion(1, 0, rasr(16, READ_ONLY));
  b.cpu.mpu.control = 5;
  b.cpu.control = 3;
  b.set(13, RAM + 0x1000);
  return b;
}

function expectFault(b: Bench, cfsr: number, pc: number): void {
  assert.equal(b.step(10), Exit.Exception);
  assert.equal(b.cpu.exception, 3);
  assert.equal(b.cpu.faultStatus.cfsr.toString(16), cfsr.toString(16));
  assert.equal(b.cpu.faultStatus.hfsr, FORCED);
  const sp = b.cpu.control & 2 || b.cpu.readRegister(14) === 0xfffffffd ? b.cpu.psp : b.cpu.msp;
  assert.equal(frame(b, sp)[6], pc);
}

describe("exception entry", () => {
  it("stacks r0 to r3, r12, lr, the return address and xPSR", () => {
    const b = bench();
    b.code([0xdf05]);
    for (const n of [0, 1, 2, 3, 12, 14]) b.set(n, 0x1000 + n);
    assert.equal(b.step(10), Exit.Exception);
    assert.equal(b.cpu.exception, 11);
    assert.equal(b.clock.now, 1);
    assert.deepEqual(frame(b, STACK - 32), [
      0x1000,
      0x1001,
      0x1002,
      0x1003,
      0x100c,
      0x100e,
      CODE + 2,
      0x01000000,
    ]);
    assert.equal(b.get(14), 0xfffffff9);
    assert.equal(b.cpu.readRegister(16) & 0x1ff, 11);
  });

  it("uses PSP and EXC_RETURN 0xfffffffd in a process", () => {
    const b = process([0xdf00]);
    b.step(10);
    assert.equal(b.cpu.exception, 11);
    assert.equal(b.cpu.psp, RAM + 0x1000 - 32);
    assert.equal(b.cpu.msp, STACK);
    assert.equal(b.get(13), STACK);
    assert.equal(b.get(14), 0xfffffffd);
  });

  it("aligns the frame to eight bytes and says so in bit 9 of xPSR", () => {
    const b = bench();
    b.code([0xdf00]);
    b.set(13, STACK - 4);
    b.step();
    assert.equal(b.get(13), STACK - 40);
    assert.equal((frame(b, STACK - 40)[7] as number) & 0x200, 0x200);
    assert.equal(b.cpu.exceptionReturn(0xfffffff9), true);
    assert.equal(b.get(13), STACK - 4);
    assert.equal(b.get(15), CODE + 2);
  });

  it("keeps the state of an IT block across an interruption", () => {
    const b = bench();
    b.code([0xbf0c, 0x2001, 0x2002, 0x2103]);
    b.step(2);
    b.cpu.takeException(15);
    assert.equal(b.cpu.exception, 15);
    b.cpu.exceptionReturn(0xfffffff9);
    b.cpu.writeRegister(16, b.cpu.readRegister(16));
    b.step(2);
    assert.equal(b.get(0), 2);
    assert.equal(b.get(1), 3);
  });

  it("that cannot stack is HardFault with MSTKERR", () => {
    const b = process([0xdf00]);
    b.set(13, RAM + 0x10);
    assert.equal(b.step(10), Exit.Exception);
    assert.equal(b.cpu.exception, 3);
    assert.equal(b.cpu.faultStatus.cfsr, 0x10);
    assert.equal(b.cpu.psp, RAM - 0x10);
  });

  it("that cannot stack outside all memory is HardFault with STKERR", () => {
    const b = bench();
    b.code([0xdf00]);
    b.set(13, 0x60000000);
    b.step(10);
    assert.equal(b.cpu.exception, 3);
    assert.equal(b.cpu.faultStatus.cfsr, 0x1000);
  });
});

describe("exception return", () => {
  it("that cannot unstack leaves the stack pointer and reports MUNSTKERR", () => {
    const b = process([0xdf00]);
    b.step();
    b.cpu.psp = RAM + 0x8000;
    assert.equal(b.cpu.exceptionReturn(0xfffffffd), false);
    assert.equal(b.step(10), Exit.Exception);
    assert.equal(b.cpu.exception, 3);
    assert.equal(b.cpu.faultStatus.cfsr, 0x08);
    assert.equal(b.cpu.psp, RAM + 0x8000);
  });

  it("starts a process that never ran from a frame that the kernel wrote", () => {
    const b = process([0x2007, 0xdf00]);
    b.cpu.control = 1;
    const sp = RAM + 0x800;
    [1, 2, 3, 4, 5, 6, CODE, 0x01000000].forEach((w, i) => {
      b.memory.write32(sp + i * 4, w);
    });
    b.cpu.psp = sp;
    assert.equal(b.cpu.exceptionReturn(0xfffffffd), true);
    assert.equal(b.get(13), sp + 32);
    assert.equal(b.get(0), 1);
    assert.equal(b.step(10), Exit.Exception);
    assert.equal(b.get(0), 7);
    assert.equal(b.cpu.exception, 11);
  });
});

describe("faults of a process", () => {
  it("a store outside its regions is DACCVIOL with its address", () => {
    const b = process([0x6001]);
    b.set(0, RAM + 0x2004);
    expectFault(b, 0x82, CODE);
    assert.equal(b.cpu.faultStatus.mmfar, RAM + 0x2004);
  });

  it("a store to read-only flash is DACCVIOL", () => {
    const b = process([0xbf00, 0x7001]);
    b.set(0, 0x104);
    expectFault(b, 0x82, CODE + 2);
    assert.equal(b.cpu.faultStatus.mmfar, 0x104);
  });

  it("an access to a disabled sub-region faults, the one beside it does not", () => {
    const b = process([0x6801, 0x6812]);
    b.cpu.mpu.setRegion(2, RAM + 0x4000, rasr(11, FULL, 0xf0 << 8));
    b.set(0, RAM + 0x43fc);
    b.set(2, RAM + 0x4400);
    expectFault(b, 0x82, CODE + 2);
    assert.equal(b.cpu.faultStatus.mmfar, RAM + 0x4400);
  });

  it("an unaligned access into a disabled sub-region faults at its first byte there", () => {
    const b = process([0x6801]);
    b.cpu.mpu.setRegion(2, RAM + 0x4000, rasr(11, FULL, 0xf0 << 8));
    b.set(0, RAM + 0x43fe);
    expectFault(b, 0x82, CODE);
    assert.equal(b.cpu.faultStatus.mmfar, RAM + 0x4400);
  });

  it("a higher region overrides a lower one", () => {
    const b = process([0x6001]);
    b.cpu.mpu.setRegion(7, RAM + 0x100, rasr(8, READ_ONLY));
    b.set(0, RAM + 0x104);
    expectFault(b, 0x82, CODE);
  });

  it("execution of an execute-never region is IACCVIOL without an address", () => {
    const b = process([0x4700]);
    b.cpu.mpu.setRegion(0, RAM, rasr(12, FULL, XN));
    b.set(0, RAM + 0x101);
    expectFault(b, 0x01, RAM + 0x100);
  });

  it("execution outside all regions is IACCVIOL", () => {
    const b = process([0x4700]);
    b.set(0, 0x00800001);
    expectFault(b, 0x01, 0x00800000);
  });

  it("an access to the private peripheral bus is PRECISERR with its address", () => {
    const b = process([0x6801]);
    b.set(0, 0xe000ed00);
    expectFault(b, 0x8200, CODE);
    assert.equal(b.cpu.faultStatus.bfar, 0xe000ed00);
  });
});

describe("faults of an instruction", () => {
  const cases: [string, number[], number, number][] = [
    ["an undefined instruction is UNDEFINSTR", [0xde00], 0x10000, CODE],
    ["a floating-point instruction is NOCP", wide(0xee30_0a00), 0x80000, CODE],
    ["a branch to an even address is INVSTATE at its target", [0x2000, 0x4700], 0x20000, 0],
    ["LDM from an unaligned address is UNALIGNED", [0x2001, 0xc806], 0x1000000, CODE + 2],
    [
      "LDRD from an unaligned address is UNALIGNED",
      [0x2002, ...wide(0xe9d0_1200)],
      0x1000000,
      CODE + 2,
    ],
    [
      "LDREX from an unaligned address is UNALIGNED",
      [0x2002, ...wide(0xe850_1f00)],
      0x1000000,
      CODE + 2,
    ],
  ];
  for (const [name, code, cfsr, pc] of cases) {
    it(name, () => {
      const b = bench();
      b.code(code);
      expectFault(b, cfsr, pc);
    });
  }

  it("memory that does not exist is PRECISERR with its address", () => {
    const b = bench();
    b.code([0x6801]);
    b.set(0, 0x30000000);
    expectFault(b, 0x8200, CODE);
    assert.equal(b.cpu.faultStatus.bfar, 0x30000000);
  });

  it("BKPT without a debugger is HardFault by a debug event", () => {
    const b = bench();
    b.code([0xbe00]);
    assert.equal(b.step(10), Exit.Exception);
    assert.equal(b.cpu.exception, 3);
    assert.equal(b.cpu.faultStatus.hfsr, 0x80000000);
  });

  it("a fault in the middle of an IT block stacks the state of its instruction", () => {
    const b = bench();
    b.code([0xbf04, 0x2101, 0x6801, 0x2002]);
    b.cpu.writeRegister(16, 0x41000000);
    b.set(0, 0x30000000);
    b.step(10);
    assert.equal(b.cpu.exception, 3);
    const xpsr = frame(b, b.get(13))[7] as number;
    // Second of two: condition eq, mask 1000.
    assert.equal(((xpsr >>> 25) & 3) | ((xpsr >>> 8) & 0xfc), 0x08);
  });

  it("LDM, LDRD and pre-indexed loads that fault leave the base as it was", () => {
    const end = RAM + 0x10000;
    for (const code of [[0xc80e], wide(0xe9f0_1202), wide(0xf850_1f08), wide(0xe8b0_000e)]) {
      const b = bench();
      b.code(code);
      b.set(0, end - 4);
      expectFault(b, 0x8200, CODE);
      assert.equal(frame(b, b.get(13))[0], end - 4);
    }
  });

  it("a fault on Cortex-M0+ is HardFault and has no status", () => {
    const b = bench({ core: "cortex-m0plus" });
    b.code([0x6801]);
    b.set(0, RAM + 1);
    assert.equal(b.step(10), Exit.Exception);
    assert.equal(b.cpu.exception, 3);
    assert.deepEqual(b.cpu.faultStatus, { cfsr: 0, hfsr: 0, mmfar: 0, bfar: 0 });
  });

  it("Thumb-2 is undefined on Cortex-M0+, barriers and BL are not", () => {
    const b = bench({ core: "cortex-m0plus" });
    b.code([...wide(0xf3bf_8f4f), ...wide(0xf04f_0001)]);
    assert.equal(b.step(10), Exit.Exception);
    assert.equal(b.cpu.exception, 3);
    assert.equal(frame(b, b.get(13))[6], CODE + 4);
  });
});

describe("exceptions that vector into the guest", () => {
  function guest(): Bench {
    const b = bench({ exceptions: "guest" });
    b.memory.write32(0, STACK);
    for (let n = 1; n < 64; n++) b.memory.write32(n * 4, (0x400 + n * 16) | 1);
    // Every handler returns at once; the fault handler sleeps.
    for (let n = 1; n < 64; n++) b.code([0x4770], 0x400 + n * 16);
    b.cpu.reset();
    b.set(15, CODE);
    return b;
  }

  it("SVC runs its handler and comes back", () => {
    const b = guest();
    b.code([0xdf00, 0x2009], 0x100);
    b.code([0x2105, 0x4770], 0x400 + 11 * 16);
    assert.equal(b.step(4), Exit.Deadline);
    assert.equal(b.get(0), 9);
    assert.equal(b.get(1), 0, "the frame restores r1");
    assert.equal(b.get(13), STACK);
  });

  it("an interrupt waits while PRIMASK is set", () => {
    const b = guest();
    b.set(0, 0xe000e100);
    b.code([0x2201, 0x6002, 0xb672, 0xbf00, 0xb662, 0xbf00]);
    b.step(3);
    b.cpu.setInterrupt(0, true);
    b.cpu.setInterrupt(0, false);
    b.step(1);
    assert.equal(b.cpu.readRegister(16) & 0x1ff, 0);
    b.step(2);
    assert.equal(b.cpu.readRegister(16) & 0x1ff, 0, "the handler has returned");
    assert.equal(b.get(15), CODE + 10);
  });

  it("SysTick interrupts exactly at its reload", () => {
    const b = guest();
    // str r1, [r0, #4] (RVR); str r1, [r0, #8] (CVR); str r2, [r0] (CSR); b .
    b.code([0x6041, 0x6081, 0x6002, 0xe7fe]);
    b.set(0, 0xe000e010);
    b.set(1, 99);
    b.set(2, 7);
    b.code([0xe7fe], 0x400 + 15 * 16);
    b.step(3 + 99);
    assert.equal(b.cpu.readRegister(16) & 0x1ff, 0);
    b.step(2);
    assert.equal(b.cpu.readRegister(16) & 0x1ff, 15);
  });

  it("WFI with PRIMASK set wakes on a pending interrupt without taking it", () => {
    const b = guest();
    b.set(0, 0xe000e100);
    b.set(2, 1);
    b.code([0x6002, 0xb672, 0xbf30, 0x2107]);
    assert.equal(b.step(100), Exit.Sleep);
    assert.equal(b.step(100), Exit.Sleep);
    b.cpu.setInterrupt(0, true);
    b.step(1);
    assert.equal(b.get(1), 7);
    assert.equal(b.cpu.readRegister(16) & 0x1ff, 0);
  });

  it("a fault in HardFault locks the core up", () => {
    const b = guest();
    b.code([0xde00]);
    b.code([0xde00], 0x400 + 3 * 16);
    assert.equal(b.step(100), Exit.Lockup);
    assert.equal(b.step(100), Exit.Lockup);
  });

  it("CFSR is cleared by writing ones, and its bytes can be read", () => {
    const b = guest();
    b.code([0xde00]);
    // r0 = CFSR; read UFSR as a halfword; clear it.
    b.code([0x8841, 0x6002, 0x6803, 0xe7fe], 0x400 + 3 * 16);
    b.set(0, 0xe000ed28);
    b.set(2, 0x10000);
    b.step(5);
    assert.equal(b.get(1), 1);
    assert.equal(b.get(3), 0);
  });
});
