// Laws of the whole machine: state is data, time can be cut anywhere, and the same inputs give the same run.
import assert from "node:assert/strict";
import fc from "fast-check";
import { nrf52840dk } from "../../emulator/boards/nrf52840dk.js";
import { type Machine, SyscallClass, type TraceEvent } from "../../emulator/index.js";
import { restartFaultPolicy } from "../../emulator/kernel/policies.js";
import { type Assembler, program, tbf } from "../emulator/guest.js";

const { Subscribe, ReadOnlyAllow, ReadWriteAllow } = SyscallClass;
const END = 3_000_000;

/** Sets an alarm again in each upcall and toggles an LED. */
const ticker = (ticks: number): Assembler =>
  program()
    .address(2, "fired")
    .syscall(Subscribe, 0, 0, undefined, 0)
    .label("again")
    .command(0, 5, ticks)
    .yieldWait()
    .branch("again")
    .label("fired")
    .move(4, 14)
    .command(2, 3, 1)
    .halfwords(0x4720); // bx r4

/** Prints, reads two bytes, prints again, for ever; hears of button 0 besides. */
const talker = (): Assembler =>
  program()
    .command(3, 1, 0)
    .label("again")
    .address(2, "text", false)
    .syscall(ReadOnlyAllow, 1, 1, undefined, 12)
    .command(1, 1, 12)
    .yieldWaitFor(1, 1)
    .move(1, 6)
    .add(1, 200)
    .move(2, 1)
    .syscall(ReadWriteAllow, 1, 1, undefined, 2)
    .command(1, 2, 2)
    .yieldWaitFor(1, 2)
    .branch("again")
    .text("text", "hello there\n");

/** Never yields; every 2^16 rounds it faults. */
const worker = (): Assembler =>
  program()
    .set(4, 0)
    .label("loop")
    .add(4, 1)
    .halfwords(0x0c25, 0xd0fc) // lsrs r5, r4, #16; beq loop
    .set(0, 0)
    .store(0, 0);

const board = (listen: (event: TraceEvent) => void = () => {}) => {
  const programs = [ticker(2048), talker(), worker()];
  let at = 0x40000;
  const apps = programs.map((assembler, i) => {
    const app = tbf(assembler, { name: `app${i}`, at });
    at += app.length;
    return app;
  });
  return nrf52840dk.build({ apps, listen, faultPolicy: restartFaultPolicy }).machine;
};

const inputs = [
  { cycle: 500_000, device: "console", value: "ab" },
  { cycle: 1_000_000, device: "button0", value: "down" },
  { cycle: 1_000_001, device: "button0", value: "up" },
  { cycle: 1_700_000, device: "console", value: "cde" },
];

/** Runs to `END` with the inputs that are still to come, stopping where `cuts` say. */
function play(machine: Machine, cuts: readonly number[] = []): void {
  const ahead = inputs.filter(input => input.cycle >= machine.clock.now);
  const stops = [...new Set([...cuts, ...ahead.map(i => i.cycle), END])].sort((a, b) => a - b);
  for (const stop of stops) {
    machine.run(stop);
    for (const { device, value } of ahead.filter(i => i.cycle === stop))
      machine.input(device, value);
  }
}

const recorded = (): { machine: Machine; events: TraceEvent[] } => {
  const events: TraceEvent[] = [];
  const machine = board(event => events.push(event));
  play(machine);
  return { machine, events };
};

describe("a machine", () => {
  const whole = recorded();

  it("has something to say in this test", () => {
    const types = new Set(whole.events.map(e => e.type));
    for (const type of ["uart", "led", "syscall", "upcallDelivered", "processFaulted", "input"])
      assert.ok(types.has(type as TraceEvent["type"]), type);
  });

  it("comes to the same state and says the same, wherever its run is cut", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: END }), { maxLength: 40 }), cuts => {
        const events: TraceEvent[] = [];
        const machine = board(event => events.push(event));
        play(machine, cuts);
        assert.deepEqual(events, whole.events);
        assert.deepEqual(machine.save(), whole.machine.save());
      }),
      { numRuns: 12 },
    );
  });

  it("comes to the same state in slices of a few cycles", () => {
    const sliced = board();
    const once = board();
    const UNTIL = 60_000;
    for (let cycle = 7; cycle <= UNTIL; cycle += 7) sliced.run(cycle);
    sliced.run(UNTIL);
    once.run(UNTIL);
    assert.deepEqual(sliced.save(), once.save());
  });

  it("goes on from a saved state as it did, on another machine too", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: END - 1 }), cycle => {
        const first = board();
        const stops = inputs.filter(i => i.cycle < cycle);
        for (const input of stops) {
          first.run(input.cycle);
          first.input(input.device, input.value);
        }
        first.run(cycle);
        const state = first.save();
        const copy = structuredClone(state);
        const events: TraceEvent[] = [];
        const second = board();
        second.trace.listen(event => events.push(event));
        second.load(state);
        assert.deepEqual(second.save(), copy);
        play(second);
        assert.deepEqual(second.save(), whole.machine.save());
        const later = whole.events.filter(e => e.cycle > cycle);
        assert.deepEqual(
          events.filter(e => e.cycle > cycle),
          later,
        );
        // The state that was loaded is still what it was.
        assert.deepEqual(state, copy);
      }),
      { numRuns: 10 },
    );
  });

  it("goes back to a saved state and does the same again", () => {
    const machine = board();
    machine.run(400_000);
    const state = machine.save();
    play(machine);
    const end = machine.save();
    machine.load(state);
    play(machine);
    assert.deepEqual(machine.save(), end);
  });
});
