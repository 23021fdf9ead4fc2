import assert from "node:assert/strict";
import { SyscallClass } from "../../../emulator/index.js";
import { binaryStart, program } from "../guest.js";
import { eventsOf } from "../test-board.js";
import { boardWith, DRIVER, run } from "./harness.js";

const { Subscribe, Yield } = SyscallClass;
const RAM = 0x20004000;
const CODE = binaryStart({ name: "app0" });

/** Subscribes a function that keeps its arguments in r4, r5, r7, r8 and counts in r9. */
const subscribed = (n = 0) =>
  program().set(9, 0).address(2, "upcall").syscall(Subscribe, DRIVER, n, undefined, 0xda7a);

const withUpcall = (start: ReturnType<typeof program>) =>
  start
    .label("upcall")
    .move(4, 0)
    .move(5, 1)
    .move(7, 2)
    .move(8, 3)
    .move(0, 9)
    .add(0, 1)
    .move(9, 0)
    .return();

describe("upcalls", () => {
  it("run at a yield with their three values and the userdata, and return behind the yield", () => {
    const { registers } = run(
      withUpcall(subscribed().command(DRIVER, 2, 0, 55).yieldWait().set(10, 123).spin()),
    );
    assert.deepEqual(registers.slice(4, 6), [55, 1]);
    assert.deepEqual(registers.slice(7, 11), [2, 0xda7a, 1, 123]);
  });

  it("start with lr behind the yield's svc and the stack as it was there", () => {
    const board = boardWith([
      subscribed()
        .command(DRIVER, 2, 0, 5)
        .yieldWait()
        .label("behind")
        .spin()
        .label("upcall")
        .spin(),
    ]);
    board.machine.run(100_000);
    const registers = board.kernel.registers(0) as number[];
    const [delivered] = eventsOf(board.events, "upcallDelivered");
    assert.equal(registers[13], RAM + 1024);
    assert.equal(registers[14], (registers[15] as number) - 2 + 1);
    assert.equal(delivered?.pc, (registers[15] as number) + 1);
  });

  it("keep the padding that a stack pointer of 4 mod 8 put above the frame", () => {
    const start = subscribed()
      .set(2, RAM + 1020)
      .move(13, 2)
      .command(DRIVER, 2, 0, 5)
      .yieldWait();
    assert.equal(run(withUpcall(start.spin())).registers[13], RAM + 1020);
  });

  it("do not run before the process yields", () => {
    const { registers, kernel } = run(withUpcall(subscribed().command(DRIVER, 2, 0, 5).spin()));
    assert.equal(registers[9], 0);
    assert.equal(kernel.process(0).queuedUpcalls.length, 1);
  });

  it("are delivered one per yield, in order", () => {
    const { registers } = run(
      withUpcall(
        subscribed()
          .command(DRIVER, 2, 0, 5)
          .command(DRIVER, 2, 0, 6)
          .yieldWait()
          .move(10, 4)
          .yieldWait()
          .spin(),
      ),
    );
    assert.deepEqual([registers[10], registers[4], registers[9]], [5, 6, 2]);
  });

  it("wait in a queue of nine; one more is dropped and counted", () => {
    const start = subscribed();
    for (let i = 0; i < 10; i++) start.command(DRIVER, 2, 0, i);
    const { kernel, registers, events } = run(withUpcall(start.spin()));
    const view = kernel.process(0);
    assert.deepEqual([view.queuedUpcalls.length, view.droppedUpcalls, registers[0]], [9, 1, 0]);
    assert.equal(eventsOf(events, "upcallScheduled").filter(e => e.dropped).length, 1);
  });

  it("that are queued are dropped by the next subscribe to their number", () => {
    const { kernel } = run(
      withUpcall(subscribed().command(DRIVER, 2, 0, 5).syscall(Subscribe, DRIVER, 0, 0, 0).spin()),
    );
    assert.equal(kernel.process(0).queuedUpcalls.length, 0);
  });

  it("without a function do not end a yield, and later ones do", () => {
    const { kernel } = run(program().command(DRIVER, 2, 0, 5).yieldWait().spin());
    assert.equal(kernel.process(0).state, "Yielded");
    assert.equal(kernel.process(0).queuedUpcalls.length, 0);
  });
});

describe("yield-no-wait", () => {
  it("without an upcall writes 0 to its flag and goes on", () => {
    const { memory, kernel } = run(
      program()
        .set(0, RAM + 1100)
        .set(1, 0x55)
        .store(1, 0)
        .syscall(Yield, 0, RAM + 1100)
        .spin(),
    );
    assert.equal(memory.read8(RAM + 1100), 0);
    assert.equal(kernel.process(0).state, "Running");
  });

  it("with an upcall writes 1 and runs it", () => {
    const { memory, registers } = run(
      withUpcall(
        subscribed()
          .command(DRIVER, 2, 0, 5)
          .syscall(Yield, 0, RAM + 1100)
          .spin(),
      ),
    );
    assert.equal(memory.read8(RAM + 1100), 1);
    assert.equal(registers[9], 1);
  });

  it("with only a null upcall writes 1 and then blocks as yield-wait does", () => {
    const { memory, kernel } = run(
      program()
        .command(DRIVER, 2, 0, 5)
        .syscall(Yield, 0, RAM + 1100)
        .spin(),
    );
    assert.equal(memory.read8(RAM + 1100), 1);
    assert.equal(kernel.process(0).state, "Yielded");
  });

  it("writes no flag outside the app's RAM", () => {
    const { kernel } = run(
      program()
        .syscall(Yield, 0, RAM + 4095)
        .spin(),
    );
    assert.equal(kernel.process(0).state, "Running");
  });
});

describe("yield-wait-for", () => {
  it("returns the upcall's values in r0 to r2 and does not call its function", () => {
    const { registers } = run(
      withUpcall(subscribed().set(3, 0x33).command(DRIVER, 2, 0, 5).yieldWaitFor(DRIVER, 0).spin()),
    );
    assert.deepEqual(registers.slice(0, 3), [5, 1, 2]);
    assert.equal(registers[9], 0);
  });

  it("takes the values of a null upcall too", () => {
    const { registers } = run(program().command(DRIVER, 2, 1, 6).yieldWaitFor(DRIVER, 1).spin());
    assert.deepEqual(registers.slice(0, 3), [6, 1, 2]);
  });

  it("leaves other upcalls queued", () => {
    const { kernel, registers } = run(
      program().command(DRIVER, 2, 0, 5).command(DRIVER, 2, 1, 6).yieldWaitFor(DRIVER, 1).spin(),
    );
    assert.equal(registers[0], 6);
    assert.deepEqual(
      kernel.process(0).queuedUpcalls.map(u => u.subscribe),
      [0],
    );
  });

  it("names what it waits for in its state", () => {
    const { kernel } = run(program().yieldWaitFor(DRIVER, 3).spin());
    assert.equal(
      kernel.process(0).state,
      "YieldedFor(UpcallId { driver_num: 0x99, subscribe_num: 3 })",
    );
  });

  /** The waited-for upcall, then another, both queued before the process runs again. */
  const lostWakeup = (strict: boolean) => {
    const board = boardWith([program().command(DRIVER, 0).yieldWaitFor(DRIVER, 1).spin()], {
      config: { strict_wait_for: strict },
    });
    board.machine.run(100_000);
    const process = { index: 0, pid: 0 };
    board.driver.grant.enter(process, view => {
      view.scheduleUpcall(1, 7, 0, 0);
      view.scheduleUpcall(2, 8, 0, 0);
    });
    board.machine.run(200_000);
    return board.kernel.process(0).state;
  };

  it("wakes when the upcall is queued, whatever is queued behind it", () => {
    assert.equal(lostWakeup(false), "Running");
  });

  it("misses it as upstream's flag does, if that is asked for", () => {
    assert.match(lostWakeup(true), /^YieldedFor/);
  });
});

describe("a process", () => {
  it("starts at its init function with where it lies in r0 to r3", () => {
    const board = boardWith([program().spin()]);
    board.machine.stopOnDispatch = 0;
    assert.deepEqual(board.machine.run(10), { reason: "dispatched", process: 0 });
    const registers = board.kernel.registers(0) as number[];
    const { memory, flash } = board.kernel.process(0);
    assert.deepEqual(registers.slice(0, 4), [
      flash.appStart,
      memory.start,
      memory.end - memory.start,
      memory.start + 32,
    ]);
    assert.deepEqual(registers.slice(4, 13), new Array(9).fill(0));
    assert.equal(registers[13], memory.start + 32);
    assert.deepEqual(registers.slice(14), [1, CODE, 0x01000000]);
  });
});
