// Access windows are kept per setting of MPU and watchpoints: whichever comes back, accesses are judged by it.
import assert from "node:assert/strict";
import fc from "fast-check";
import { Access } from "../../../../emulator/cpu/armv7m/mpu.js";
import { Exit } from "../../../../emulator/cpu/cpu.js";
import { bench, CODE, RAM } from "./harness.js";

const STORE = 0x6008; // str r0, [r1]
const SIZE_LOG2 = 10;
const SIZE = 2 ** SIZE_LOG2;
const READ_WRITE = 3;
const READ_ONLY = 2;
const rasr = (log2: number, ap: number) => 1 | ((log2 - 1) << 1) | (ap << 24);

/** An unprivileged core whose region 1 is all of flash. */
function unprivileged() {
  const made = bench();
  const { cpu } = made;
  made.code([STORE]);
  cpu.control = 1;
  cpu.mpu.setRegion(1, 0, rasr(16, READ_ONLY));
  cpu.mpu.control = 5;
  const fresh = cpu.save();
  /** Whether a store to `address` goes through while region 0 is block `block` of RAM. */
  const store = (block: number, address: number): Exit => {
    cpu.load(fresh);
    cpu.mpu.setRegion(0, RAM + block * SIZE, rasr(SIZE_LOG2, READ_WRITE));
    made.set(1, address);
    made.set(15, CODE);
    return made.step() as Exit;
  };
  return { cpu, store };
}

describe("access windows", () => {
  it("of more settings than are kept, in any order, agree with the MPU", () => {
    const { cpu, store } = unprivileged();
    const block = fc.integer({ min: 0, max: 47 });
    fc.assert(
      fc.property(block, block, fc.integer({ min: 0, max: SIZE - 4 }), (region, other, offset) => {
        const address = RAM + other * SIZE + (offset & ~3);
        const exit = store(region, address);
        assert.equal(exit, region === other ? Exit.Deadline : Exit.Exception);
        assert.equal(cpu.mpu.allows(address, Access.Write, false), region === other);
      }),
      { numRuns: 500 },
    );
  });

  it("leave out watched bytes as soon as they are watched, and have them again afterwards", () => {
    const { cpu, store } = unprivileged();
    assert.equal(store(3, RAM + 3 * SIZE), Exit.Deadline);
    const watchpoints = [{ address: RAM + 3 * SIZE, length: 4, access: "write" as const }];
    cpu.setWatchpoints(watchpoints);
    assert.equal(store(3, RAM + 3 * SIZE), Exit.Watchpoint);
    // The same list with other contents.
    watchpoints.length = 0;
    cpu.setWatchpoints(watchpoints);
    assert.equal(store(3, RAM + 3 * SIZE), Exit.Deadline);
  });
});
