import assert from "node:assert/strict";
import { ErrorCode, SyscallClass } from "../../../emulator/index.js";
import { KernelPanic } from "../../../emulator/kernel/panic.js";
import { program } from "../guest.js";
import { memoryAllocation } from "../test-board.js";
import { boardWith, DRIVER, run } from "./harness.js";
import { TestDriver, type TestView } from "./test-driver.js";

const { Subscribe, ReadWriteAllow } = SyscallClass;
const RAM = 0x20004000;
const PROCESS = { index: 0, pid: 0 };
/** counters, 4 upcalls, 2 + 2 allows, padding to 8, then u32, bool, u64, 3 × u16 */
const SIZE = 4 + 32 + 16 + 16 + 4 + 24;

/** A board whose process has its grant and waits. */
const waiting = () => {
  const board = boardWith([program().yieldWait().spin()]);
  board.machine.run(10_000);
  return board;
};

describe("a grant", () => {
  it("is not there before somebody enters it", () => {
    const { kernel, memory } = waiting();
    const view = kernel.process(0);
    assert.deepEqual([view.grants[0]?.size, view.grants[0]?.driver], [0, DRIVER]);
    assert.equal(memory.read32(view.memory.end - 4), 0);
  });

  it("lies at the kernel break, counters first, and the pointer table knows it", () => {
    const { kernel, memory, driver } = waiting();
    const before = kernel.process(0).memory.kernelBreak;
    driver.grant.enter(PROCESS, () => {});
    const view = kernel.process(0);
    const { kernelBreak, end } = view.memory;
    assert.equal(kernelBreak, (before - SIZE) & ~7);
    assert.deepEqual([memory.read32(end - 8), memory.read32(end - 4)], [DRIVER, kernelBreak]);
    assert.equal(memory.read32(kernelBreak), 0x00020204);
    assert.deepEqual([view.grants[0]?.address, view.grants[0]?.size], [kernelBreak, SIZE]);
  });

  it("has its only copy in guest RAM: a byte changed there is a field changed", () => {
    const { kernel, memory, driver } = waiting();
    driver.grant.enter(PROCESS, ({ data }) => {
      data.count = 0xfeed;
      data.flag = true;
      data.total = 0x1_0000_0002n;
      data.history.set(2, 77);
    });
    const at = kernel.process(0).memory.kernelBreak + SIZE - 24;
    assert.deepEqual([memory.read32(at), memory.read8(at + 4)], [0xfeed, 1]);
    assert.deepEqual([memory.read32(at + 8), memory.read32(at + 12)], [2, 1]);
    assert.equal(memory.read16(at + 20), 77);
    memory.write32(at, 0xbeef);
    memory.write8(at + 4, 0);
    const entered = driver.grant.enter(PROCESS, ({ data }) => [data.count, data.flag, data.total]);
    assert.deepEqual(entered, { ok: true, value: [0xbeef, false, 0x1_0000_0002n] });
  });

  it("is shown with upcalls, buffers and fields decoded", () => {
    const { kernel } = run(
      program()
        .address(2, "upcall")
        .syscall(Subscribe, DRIVER, 2, undefined, 9)
        .syscall(ReadWriteAllow, DRIVER, 0, RAM + 4, 5)
        .spin()
        .label("upcall")
        .return(),
    );
    const [grant] = kernel.process(0).grants;
    assert.equal(grant?.upcalls.length, 4);
    assert.equal(grant?.upcalls[2]?.userdata, 9);
    assert.deepEqual(grant?.readWriteAllows[0], { allow: 0, address: RAM + 4, length: 5 });
    assert.deepEqual(
      grant?.fields.map(f => `${f.name}: ${f.type} = ${f.value}`),
      ["count: u32 = 0", "flag: bool = false", "total: u64 = 0", "history: u16[3] = [0, 0, 0]"],
    );
  });

  it("is marked in the pointer table while it is entered", () => {
    const { kernel, memory, driver } = waiting();
    const pointer = () => memory.read32(kernel.process(0).memory.end - 4);
    driver.grant.enter(PROCESS, () => assert.equal(pointer() & 1, 1));
    assert.equal(pointer() & 1, 0);
  });

  it("view dies when the closure returns", () => {
    const { driver } = waiting();
    let kept: TestView | undefined;
    driver.grant.enter(PROCESS, view => {
      kept = view;
    });
    assert.throws(() => kept?.data.count, /after it was left/);
    assert.throws(() => kept?.readWrite(0), /after it was left/);
    assert.throws(() => kept?.scheduleUpcall(0, 0, 0, 0), /after it was left/);
  });

  it("that is entered again panics the kernel in upstream's words", () => {
    const { stop, events, kernel } = run(program().command(DRIVER, 4).spin());
    assert.deepEqual(stop, { reason: "halted" });
    assert.ok(kernel.halted);
    assert.ok(
      events.some(
        e => e.type === "kernelPanic" && e.message === "Attempted to re-enter a grant region.",
      ),
    );
  });

  it("cannot be iterated while it is entered", () => {
    const { driver } = waiting();
    assert.throws(
      () => driver.grant.enter(PROCESS, () => driver.grant.each(() => {})),
      KernelPanic,
    );
  });

  it("is iterated for processes that have one, and only those", () => {
    const board = boardWith([program().yieldWait(), program().yieldWait()]);
    board.machine.run(10_000);
    const { grant } = board.driver;
    grant.enter({ index: 1, pid: 1 }, () => {});
    const seen: number[] = [];
    grant.each((_view, { index }) => seen.push(index));
    assert.deepEqual(seen, [1]);
  });

  it("is gone at once when its process ends, and a stale identifier finds nothing", () => {
    const { kernel, memory, driver, management } = waiting();
    driver.grant.enter(PROCESS, () => {});
    management.terminate(0);
    assert.equal(memory.read32(kernel.process(0).memory.end - 4), 0);
    assert.deepEqual(
      driver.grant.enter(PROCESS, () => {}),
      { ok: false, error: "InactiveApp" },
    );
    management.boot(0);
    assert.deepEqual(
      driver.grant.enter(PROCESS, () => {}),
      { ok: false, error: "NoSuchApp" },
    );
    driver.grant.each(() => assert.fail("no process has this grant any more"));
  });

  it("that finds no room is NOMEM for the app and leaves the break where it was", () => {
    const GRANTS = 45;
    const { registers, kernel } = run(
      program()
        .memop(0, RAM + 0x1a00)
        .syscall(Subscribe, DRIVER, 0, 0, 0)
        .spin(),
      {
        app: { minimumRamSize: 6600 },
        // So many that the kernel break lies less than a grant above the last eighth the app can have.
        capsules: ({ kernel }) => {
          const drivers = Array.from({ length: GRANTS }, (_, i) => new TestDriver(kernel, i));
          return { drivers: new Map([[DRIVER, drivers[0] as TestDriver]]) };
        },
      },
    );
    const { memory } = kernel.process(0);
    assert.equal(memory.appBreak, RAM + 0x1a00);
    assert.deepEqual(registers.slice(0, 2), [2, ErrorCode.NOMEM]);
    assert.equal(memory.kernelBreak, memory.end - (8 * GRANTS + 320 + 772));
  });

  it("buffer refuses access beyond its length", () => {
    const { driver } = run(
      program()
        .syscall(ReadWriteAllow, DRIVER, 0, RAM + 4, 5)
        .spin(),
    );
    driver.grant.enter(PROCESS, view => {
      const buffer = view.readWrite(0);
      assert.deepEqual([buffer.address, buffer.length], [RAM + 4, 5]);
      assert.throws(() => buffer.read8(5), RangeError);
      assert.throws(() => buffer.write(1, new Uint8Array(5)), RangeError);
      assert.equal(view.readOnly(0).length, 0);
      assert.equal(view.readOnly(9).length, 0);
    });
  });

  it("has the number of its turn at the board, and none can be made after loading", () => {
    const { kernel } = waiting();
    const shape = { driver: 1, upcalls: 0, readOnlyAllows: 0, readWriteAllows: 0, data: {} };
    assert.throws(() => kernel.createGrant(shape, memoryAllocation), {
      name: "KernelPanic",
      message: "Grants finalized. Cannot create a new grant.",
    });
  });
});

describe("a board", () => {
  it("can map two drivers of one kind to two numbers, each with its own grant", () => {
    let drivers: TestDriver[] = [];
    const board = run(
      program().command(0x11, 2, 0, 1).command(0x22, 2, 0, 1).command(0x22, 2, 0, 1).spin(),
      {
        capsules: ({ kernel }) => {
          drivers = [new TestDriver(kernel, 0x11), new TestDriver(kernel, 0x22)];
          return {
            drivers: new Map(drivers.map((driver, i) => [i === 0 ? 0x11 : 0x22, driver])),
          };
        },
      },
    );
    const view = board.kernel.process(0);
    assert.deepEqual(
      view.grants.map(({ number, driver }) => [number, driver]),
      [
        [0, 0x11],
        [1, 0x22],
      ],
    );
    assert.deepEqual(
      view.queuedUpcalls.map(({ driver }) => driver),
      [0x11, 0x22, 0x22],
    );
  });
});
