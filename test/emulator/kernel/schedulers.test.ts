import assert from "node:assert/strict";
import { Clock } from "../../../emulator/index.js";
import { CooperativeScheduler } from "../../../emulator/kernel/schedulers/cooperative.js";
import { MlfqScheduler } from "../../../emulator/kernel/schedulers/mlfq.js";
import { PriorityScheduler } from "../../../emulator/kernel/schedulers/priority.js";
import { RoundRobinScheduler } from "../../../emulator/kernel/schedulers/round-robin.js";
import { program } from "../guest.js";
import { boardWith, DRIVER } from "./harness.js";

const ready = (...indexes: number[]) => ({ length: 3, ready: (i: number) => indexes.includes(i) });
const all = ready(0, 1, 2);
const run = (index: number, timesliceUs: number | null) => ({
  decision: "runProcess",
  index,
  timesliceUs,
});
const FREQUENCY = 64_000_000;
const MS = FREQUENCY / 1000;

describe("the cooperative scheduler", () => {
  it("gives no timeslices, goes round, and lets a process that the kernel preempted go on", () => {
    const scheduler = new CooperativeScheduler(3);
    assert.deepEqual(scheduler.next(all), run(0, null));
    scheduler.result("KernelPreemption");
    assert.deepEqual(scheduler.next(all), run(0, null));
    scheduler.result("NoWorkLeft");
    assert.deepEqual(scheduler.next(ready(0, 2)), run(2, null));
    scheduler.result("NoWorkLeft");
    assert.deepEqual(scheduler.next(all), run(0, null));
    assert.deepEqual(scheduler.next(ready()), { decision: "trySleep" });
  });

  it("lets a process that never yields starve the others", () => {
    const { kernel, machine } = boardWith([program().spin(), program().spin()], {
      resources: { scheduler: new CooperativeScheduler(4) },
    });
    machine.run(100 * MS);
    assert.equal(kernel.current, 0);
    assert.deepEqual(
      kernel.processes.map(p => [p.syscallCount, p.timesliceExpirations]),
      [
        [1, 0],
        [0, 0],
      ],
    );
  });
});

describe("the priority scheduler", () => {
  it("runs the first process that is ready, without a timeslice", () => {
    const scheduler = new PriorityScheduler();
    assert.deepEqual(scheduler.next(ready(1, 2)), run(1, null));
    scheduler.result();
    assert.deepEqual(scheduler.next(all), run(0, null));
    assert.deepEqual(scheduler.next(ready()), { decision: "trySleep" });
  });

  it("takes the CPU away for an interrupt or as soon as one before it is ready", () => {
    const scheduler = new PriorityScheduler();
    scheduler.next(ready(1));
    assert.equal(scheduler.continueProcess(false, ready(1, 2)), true);
    assert.equal(scheduler.continueProcess(true, ready(1, 2)), false);
    assert.equal(scheduler.continueProcess(false, ready(0, 1)), false);
    const copy = new PriorityScheduler();
    copy.load(scheduler.save());
    assert.equal(copy.continueProcess(false, ready(0, 1)), false);
  });

  it("puts a process on the CPU that a system call of a lower one made ready", () => {
    const high = program().command(DRIVER, 1).yieldWait().spin();
    const low = program().label("loop").command(DRIVER, 1).branch("loop");
    const { kernel, machine, management } = boardWith([high, low], {
      resources: { scheduler: new PriorityScheduler() },
    });
    machine.run(MS);
    assert.equal(kernel.process(0).state, "Yielded");
    management.tryRestart(0);
    machine.run(2 * MS);
    assert.equal(kernel.process(0).syscallCount, 3);
  });
});

describe("the MLFQ scheduler", () => {
  it("moves a process that uses up its timeslice down, from 10 over 20 to 50 ms", () => {
    const scheduler = new MlfqScheduler(3, new Clock(FREQUENCY));
    const only = ready(1);
    for (const timeslice of [10_000, 20_000, 50_000, 50_000]) {
      assert.deepEqual(scheduler.next(only), run(1, timeslice));
      scheduler.result("TimesliceExpired", timeslice);
    }
    // Upstream has passed over process 0, so 2 is first now.
    assert.deepEqual(scheduler.next(all), run(2, 10_000));
  });

  it("charges what a process uses before it yields to its queue", () => {
    const scheduler = new MlfqScheduler(3, new Clock(FREQUENCY));
    scheduler.next(ready(1));
    scheduler.result("NoWorkLeft", 4000);
    assert.deepEqual(scheduler.next(ready(1)), run(1, 6000));
    scheduler.result("KernelPreemption", 1000);
    assert.deepEqual(scheduler.next(ready(1)), run(1, 5000));
    scheduler.result("TimesliceExpired", 5000);
    assert.deepEqual(scheduler.next(ready(1)), run(1, 20_000));
  });

  it("lifts the head of each lower queue every 5 s, with the time that it has used there", () => {
    const clock = new Clock(FREQUENCY);
    const scheduler = new MlfqScheduler(3, clock);
    for (const index of [0, 1, 2]) {
      scheduler.next(ready(index));
      scheduler.result("TimesliceExpired", 10_000);
    }
    scheduler.next(ready(1));
    scheduler.result("NoWorkLeft", 4000);
    clock.now = 5000 * MS - 1;
    assert.deepEqual(scheduler.next(ready(1)), run(1, 16_000));
    clock.now = 5000 * MS;
    // Process 1 is the head of the second queue; 10 ms − 4 ms are left to it in the first.
    assert.deepEqual(scheduler.next(all), run(1, 6000));
    assert.deepEqual(scheduler.next(ready(0, 2)), run(2, 20_000));
    const copy = new MlfqScheduler(3, clock);
    copy.load(scheduler.save());
    assert.deepEqual(copy.save(), scheduler.save());
  });

  it("wraps what is left of a timeslice below 0 as upstream's u32, of which SysTick takes 24 bits", () => {
    const clock = new Clock(FREQUENCY);
    const scheduler = new MlfqScheduler(3, clock);
    scheduler.next(ready(0));
    scheduler.result("TimesliceExpired", 10_000);
    scheduler.next(ready(0));
    scheduler.result("NoWorkLeft", 12_000);
    clock.now = 5000 * MS;
    assert.deepEqual(scheduler.next(ready(0)), run(0, 2 ** 32 - 2000));
  });

  it("panics as upstream when exactly nothing is left", () => {
    const clock = new Clock(FREQUENCY);
    const scheduler = new MlfqScheduler(3, clock);
    scheduler.next(ready(0));
    scheduler.result("NoWorkLeft", 10_000);
    assert.deepEqual(scheduler.next(ready(0)), run(0, null));
    assert.throws(() => scheduler.result("NoWorkLeft", null), /called `Option::unwrap\(\)`/);
  });

  it("on a board shares the CPU in its timeslices", () => {
    const board = boardWith([program().spin(), program().spin()], {
      resources: { scheduler: new MlfqScheduler(4, new Clock(FREQUENCY)) },
    });
    const turns: number[] = [];
    for (let ms = 1; ms <= 170; ms += 2) {
      board.machine.run(ms * MS);
      const current = board.kernel.current as number;
      if (turns.at(-1) !== current) turns.push(current);
    }
    // 10 ms each, 20 ms each, 50 ms each.
    assert.deepEqual(turns, [0, 1, 0, 1, 0, 1, 0]);
    assert.deepEqual(
      board.kernel.processes.map(p => p.timesliceExpirations),
      [3, 3],
    );
  });
});

describe("who is next", () => {
  const spinning = Array.from({ length: 3 }, () => program().spin());
  const made = {
    "round-robin": () => new RoundRobinScheduler(4),
    cooperative: () => new CooperativeScheduler(4),
    priority: () => new PriorityScheduler(),
    mlfq: (clock: Clock) => new MlfqScheduler(4, clock),
  };

  for (const [name, make] of Object.entries(made))
    it(`is told by the ${name} scheduler without changing anything`, () => {
      const scheduler = make(new Clock(FREQUENCY));
      const { kernel, machine } = boardWith(spinning, { resources: { scheduler } });
      machine.run(5 * MS);
      const before = JSON.stringify(kernel.save());
      const view = kernel.scheduling;
      assert.equal(JSON.stringify(kernel.save()), before);
      assert.deepEqual([view.scheduler, view.current, view.next], [name, 0, [1, 2]]);
      const sliced = name === "round-robin" || name === "mlfq";
      assert.ok(sliced ? (view.timesliceLeftUs ?? 0) > 4000 : view.timesliceLeftUs === null);
    });

  it("is who runs after the end of the timeslice", () => {
    const { kernel, machine } = boardWith(spinning, {
      resources: { scheduler: new RoundRobinScheduler(4) },
    });
    machine.run(15 * MS);
    assert.deepEqual([kernel.scheduling.current, kernel.scheduling.next], [1, [2, 0]]);
    machine.run(25 * MS);
    assert.equal(kernel.current, 2);
  });
});
