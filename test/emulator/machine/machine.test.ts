import assert from "node:assert/strict";
import { type Clock, type InputValue, type Trace, UserError } from "../../../emulator/index.js";
import { program, tbf } from "../guest.js";
import { eventsOf, testBoard } from "../test-board.js";

/** Counts its events, and schedules one more per input. */
class Bell {
  readonly name = "bell";
  readonly rung: number[] = [];
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  ringIn(cycles: number): void {
    this.#clock.schedule(this.name, 0, cycles);
  }

  onEvent(): void {
    this.rung.push(this.#clock.now);
  }

  onInput(value: InputValue): void {
    if (typeof value !== "number") throw new UserError("Input for bell must be cycles.");
    this.ringIn(value);
  }

  save(): number[] {
    return [...this.rung];
  }

  load(state: number[]): void {
    this.rung.splice(0, this.rung.length, ...state);
  }
}

const withBell = (start = program().spin()) => {
  let bell: Bell | undefined;
  const board = testBoard({
    apps: [tbf(start)],
    capsules: ({ clock }: { clock: Clock; trace: Trace }) => {
      bell = new Bell(clock);
      return { devices: [bell] };
    },
  });
  return { ...board, bell: bell as Bell };
};

describe("the machine", () => {
  it("runs exactly to the cycle it is given", () => {
    const { machine, clock } = withBell();
    for (const until of [1, 50, 51, 777, 12_345]) {
      assert.deepEqual(machine.run(until), { reason: "deadline" });
      assert.equal(clock.now, until);
    }
  });

  it("counts a cycle per instruction and 100 per entry into the kernel", () => {
    // 9 instructions up to the first svc, then movw, movt, movw, movt and the second svc.
    const { machine, events } = withBell(program().memop(2, 0).spin());
    machine.run(1000);
    const [first, second] = eventsOf(events, "syscall");
    assert.equal((second?.cycle ?? 0) - (first?.cycle ?? 0), 100 + 3 + 5 - 1 + 2);
  });

  it("serves an event at its cycle while all processes wait", () => {
    const { machine, bell, clock } = withBell(program().yieldWait().spin());
    bell.ringIn(5000);
    bell.ringIn(9000);
    assert.deepEqual(machine.run(1_000_000), { reason: "idle" });
    // The interrupt is an entry into the kernel.
    assert.deepEqual(bell.rung, [5100, 9100]);
    assert.equal(clock.now, 9100);
  });

  it("interrupts a running process for an event, and the process goes on as if nothing had been", () => {
    const { machine, bell, kernel } = withBell();
    bell.ringIn(5000);
    machine.run(6000);
    assert.deepEqual(bell.rung, [5100]);
    assert.equal(kernel.current, 0);
    const registers = kernel.registers(0);
    const undisturbed = withBell();
    undisturbed.machine.run(6000);
    assert.deepEqual(registers, undisturbed.kernel.registers(0));
  });

  it("leaves a process on the CPU when it returns in the middle of it", () => {
    const { machine, kernel } = withBell();
    machine.run(1000);
    assert.equal(kernel.current, 0);
    const state = machine.save();
    machine.run(1000);
    assert.deepEqual(machine.save(), state);
  });

  it("never jumps beyond the cycle it is given, and wakes no earlier than the event", () => {
    const { machine, bell, clock } = withBell(program().yieldWait().spin());
    bell.ringIn(50_000);
    assert.deepEqual(machine.run(20_000), { reason: "deadline" });
    assert.equal(clock.now, 20_000);
    machine.run(50_050);
    assert.deepEqual(bell.rung, []);
    machine.run(60_000);
    assert.deepEqual(bell.rung, [50_100]);
  });

  it("is idle when no process is ready and no event is to come, and stays there", () => {
    const { machine, clock } = withBell(program().exit(0));
    assert.deepEqual(machine.run(1_000_000), { reason: "idle" });
    const { now } = clock;
    assert.deepEqual(machine.run(2_000_000), { reason: "idle" });
    assert.equal(clock.now, now);
    machine.sleepUntil(500_000);
    assert.equal(clock.now, 500_000);
  });

  it("sleeps where a process waits for an interrupt, to the end of its timeslice at the latest", () => {
    const { machine, kernel, clock } = withBell(program().halfwords(0xbf30).set(4, 9).spin());
    machine.run(600_000);
    assert.equal(kernel.registers(0)?.[4], 0);
    machine.run(700_000);
    assert.equal(clock.now, 700_000);
    assert.equal(kernel.registers(0)?.[4], 9);
  });

  it("stops at a breakpoint before its instruction", () => {
    const spin = program().label("loop").set(4, 1).branch("loop");
    const { machine, kernel, cpu } = withBell(spin);
    const { appStart } = kernel.process(0).flash;
    const address = spin.addressOf("loop", appStart);
    cpu.addBreakpoint(address);
    assert.deepEqual(machine.run(10_000), { reason: "breakpoint", address });
    assert.equal(kernel.registers(0)?.[4], 0);
    cpu.resumeAddress = address;
    assert.deepEqual(machine.run(10_000), { reason: "breakpoint", address });
    assert.equal(kernel.registers(0)?.[4], 1);
  });

  it("reports a process that was put on the CPU, once each time", () => {
    const { machine, clock } = withBell(program().memop(2, 0).spin());
    machine.stopOnDispatch = 0;
    const at: number[] = [];
    while (machine.run(5000).reason === "dispatched") at.push(clock.now);
    assert.equal(at.length, 3);
    assert.equal(at[0], 0);
  });
});

describe("an input", () => {
  it("reaches its device now, is recorded with its cycle and told to whoever listens", () => {
    const { machine, bell, events } = withBell(program().yieldWait().spin());
    machine.run(1000);
    machine.sleepUntil(1000);
    machine.input("bell", 500);
    assert.deepEqual(machine.inputs, [{ cycle: 1000, device: "bell", value: 500 }]);
    assert.deepEqual(machine.run(10_000), { reason: "idle" });
    assert.deepEqual(bell.rung, [1600]);
    assert.equal(eventsOf(events, "input").length, 1);
  });

  it("for no device or of the wrong kind is one sentence, and has not happened", () => {
    const { machine } = withBell();
    assert.throws(() => machine.input("siren", 1), {
      name: "UserError",
      message: 'The board has no input device "siren"; it has bell.',
    });
    assert.throws(() => machine.input("bell", "loud"), { name: "UserError" });
    assert.deepEqual(machine.inputs, []);
  });
});

describe("a reset", () => {
  it("is refused by a board that has nothing to boot", () => {
    assert.throws(() => withBell().machine.requestReset(), /nothing to boot/);
  });
});
