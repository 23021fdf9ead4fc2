import assert from "node:assert/strict";
import { Clock } from "../../../emulator/index.js";
import type { ProcessId } from "../../../emulator/kernel/driver.js";
import { VirtualSchedulerTimer } from "../../../emulator/kernel/scheduler-timer.js";
import { RoundRobinScheduler } from "../../../emulator/kernel/schedulers/round-robin.js";
import { program } from "../guest.js";
import { boardWith, DRIVER, run } from "./harness.js";

const TIMESLICE = 640_000;

const allReady = { length: 3, ready: () => true };
const chosen = (scheduler: RoundRobinScheduler) => scheduler.next(allReady);

describe("round robin", () => {
  it("gives every process a timeslice in turn", () => {
    const scheduler = new RoundRobinScheduler(3);
    const order = [0, 1, 2, 3].map(() => {
      const decision = chosen(scheduler);
      scheduler.result("TimesliceExpired", 10_000);
      return decision;
    });
    assert.deepEqual(
      order,
      [0, 1, 2, 0].map(index => ({ decision: "runProcess", index, timesliceUs: 10_000 })),
    );
  });

  it("lets a process that the kernel preempted go on with what is left", () => {
    const scheduler = new RoundRobinScheduler(3);
    chosen(scheduler);
    scheduler.result("KernelPreemption", 4000);
    assert.deepEqual(chosen(scheduler), { decision: "runProcess", index: 0, timesliceUs: 6000 });
    scheduler.result("KernelPreemption", 6000);
    assert.deepEqual(chosen(scheduler), { decision: "runProcess", index: 1, timesliceUs: 10_000 });
  });

  it("passes over who is not ready and sleeps when nobody is", () => {
    const scheduler = new RoundRobinScheduler(3);
    const only2 = { length: 3, ready: (i: number) => i === 2 };
    assert.deepEqual(scheduler.next(only2), {
      decision: "runProcess",
      index: 2,
      timesliceUs: 10_000,
    });
    assert.deepEqual(scheduler.next({ length: 3, ready: () => false }), { decision: "trySleep" });
  });
});

describe("the scheduler timer", () => {
  it("tells what is left in microseconds and fires only while armed", () => {
    const clock = new Clock(64_000_000);
    const timer = new VirtualSchedulerTimer(clock);
    timer.start(10_000);
    assert.equal(timer.deadline, Number.POSITIVE_INFINITY);
    timer.arm();
    assert.equal(timer.deadline, TIMESLICE);
    clock.now = TIMESLICE - 6400;
    assert.equal(timer.remainingUs(), 100);
    clock.now = TIMESLICE;
    assert.equal(timer.remainingUs(), null);
  });
});

describe("timeslices", () => {
  it("of 10 ms share the CPU among processes that never yield", () => {
    const { kernel, machine } = boardWith([program(), program(), program()].map(p => p.spin()));
    machine.run(TIMESLICE * 9 + 20_000);
    const expirations = kernel.processes.map(p => p.timesliceExpirations);
    assert.deepEqual(expirations, [3, 3, 3]);
  });

  it("end by an interrupt that stacks the registers and gives them back", () => {
    const { kernel, machine } = boardWith([
      program().set(4, 0x44).set(12, 0x1212).spin(),
      program().spin(),
    ]);
    machine.run(TIMESLICE + 1000);
    assert.equal(kernel.current, 1);
    const away = kernel.registers(0) as number[];
    assert.deepEqual([away[4], away[12]], [0x44, 0x1212]);
    machine.run(TIMESLICE * 2 + 10_000);
    assert.equal(kernel.current, 0);
    assert.deepEqual(kernel.registers(0), away);
  });

  it("are not granted anew to a process that has less than 500 µs left", () => {
    const slow = program().label("again").command(0x77, 1).branch("again");
    const { kernel, clock } = run([slow, program().spin()]);
    assert.equal(clock.now, 1_000_000);
    assert.equal(kernel.process(0).timesliceExpirations, 1);
  });

  it("leave every register of a stored process writeable", () => {
    const { kernel, machine } = boardWith([program().spin(), program().spin()]);
    machine.run(TIMESLICE + 1000);
    const old = kernel.registers(0) as number[];
    const sp = (old[13] as number) - 20;
    for (const [register, value] of [
      [0, 7],
      [4, 8],
      [12, 9],
      [14, 10],
      [13, sp],
    ] as const)
      assert.ok(kernel.setRegister(0, register, value));
    machine.run(TIMESLICE * 2 + 10_000);
    assert.equal(kernel.current, 0);
    const now = kernel.registers(0) as number[];
    assert.deepEqual([now[0], now[4], now[12], now[13], now[14]], [7, 8, 9, sp, 10]);
    assert.equal(now[15], old[15]);
  });
});

describe("the kernel loop", () => {
  const recording = () => {
    const calls: string[] = [];
    const call = (name: string) => () => void calls.push(name);
    const watchdog = {
      setup: call("setup"),
      tickle: call("tickle"),
      suspend: call("suspend"),
      resume: call("resume"),
    };
    return { calls, watchdog };
  };

  it("sets the watchdog up, tickles it each round, and suspends it while nobody is ready", () => {
    const { calls, watchdog } = recording();
    const { machine, management } = boardWith([program().yieldWait().spin()], {
      resources: { watchdog },
    });
    assert.deepEqual(calls, ["setup"]);
    for (let cycle = 1; cycle < 50_000; cycle += 1000) machine.run(cycle);
    assert.deepEqual(calls, ["setup", "tickle", "tickle", "suspend"]);
    management.tryRestart(0);
    machine.run(100_000);
    assert.deepEqual(calls.slice(4), ["resume", "tickle", "suspend"]);
  });

  for (const [what, end, calls] of [
    ["sleeps for", program().yieldWait().spin(), ["suspend", "resume", "tickle", "event"]],
    ["preempts a process for", program().spin(), ["tickle", "event"]],
  ] as const)
    it(`tickles the watchdog before it ${what} an interrupt and before it serves that`, () => {
      const recorded = recording();
      const device = {
        name: "line",
        onEvent: () => void recorded.calls.push("event"),
        save: () => null,
        load() {},
      };
      const { machine, clock } = boardWith([end], {
        resources: { watchdog: recorded.watchdog },
        capsules: () => ({ devices: [device] }),
      });
      clock.schedule("line", 0, 30_000);
      machine.run(20_000);
      const before = recorded.calls.indexOf("suspend");
      const from = before < 0 ? recorded.calls.length : before;
      machine.run(40_000);
      assert.deepEqual(recorded.calls.slice(from, from + calls.length + 1), [...calls, "tickle"]);
    });

  it("tells the board's hook which process it puts on the CPU and how many upcalls wait", () => {
    const switched: ProcessId[] = [];
    const pending: number[] = [];
    const contextSwitch = {
      contextSwitchHook(process: ProcessId, pendingTasks: number) {
        switched.push(process);
        pending.push(pendingTasks);
      },
    };
    run(program().command(DRIVER, 2, 0, 5).spin(), { resources: { contextSwitch } });
    assert.deepEqual(pending.slice(0, 4), [0, 0, 1, 1]);
    switched.length = 0;
    run([program().memop(2, 0).yieldWait(), program().yieldWait()], {
      resources: { contextSwitch },
    });
    // The break, memop 2 and yield each end a stay on the CPU.
    assert.deepEqual(
      switched.map(({ index }) => index),
      [0, 0, 0, 1, 1],
    );
  });
});
