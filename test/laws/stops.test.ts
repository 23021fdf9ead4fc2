// A stop changes nothing: with every kind of stop before the kernel acts, with some of them and with none, the machine says
// the same and comes to the same state; and a state that is saved at such a stop goes on as the machine does.
import assert from "node:assert/strict";
import fc from "fast-check";
import { nrf52840dk } from "../../emulator/boards/nrf52840dk.js";
import {
  type Machine,
  type OccurrenceKind,
  SyscallClass,
  type TraceEvent,
} from "../../emulator/index.js";
import { thresholdRestartThenPanicFaultPolicy } from "../../emulator/kernel/policies.js";
import { type Assembler, program, tbf } from "../emulator/guest.js";

const { Subscribe } = SyscallClass;
const END = 2_000_000;
const KINDS: readonly OccurrenceKind[] = [
  "fault",
  "syscallReturn",
  "syscallError",
  "exit",
  "restart",
  "upcallDropped",
  "grantFailed",
  "panic",
];

/** Asks a driver that is not there, works for a while, and faults. */
const faulty = (): Assembler =>
  program()
    .command(0x77, 1, 0)
    .set(4, 0)
    .label("loop")
    .add(4, 1)
    .halfwords(0x0b65, 0xd0fc) // lsrs r5, r4, #13; beq loop
    .set(0, 0)
    .store(0, 0);

/** Takes all memory that there is, so that none is left for the grants of many drivers; then exits. */
const greedy = (): Assembler => {
  const app = program().memop(1, 16).halfwords(0x2800, 0xd1f4); // cmp r0, #0; bne to the memop
  for (const driver of [0, 1, 3, 4, 5, 0x10000, 0x40001, 0x60000])
    app.syscall(Subscribe, driver, 0, 0, 0);
  return app.exit(7);
};

/** Listens to a button and never yields. */
const deaf = (): Assembler =>
  program()
    .address(2, "pressed")
    .syscall(Subscribe, 3, 0, undefined, 0)
    .command(3, 1, 0)
    .spin()
    .label("pressed")
    .return();

const inputs = Array.from({ length: 16 }, (_, i) => ({
  cycle: 100_000 + 50_000 * i,
  device: "button0",
  value: i % 2 === 0 ? "down" : "up",
}));

const board = (listen: (event: TraceEvent) => void = () => {}): Machine => {
  let at = 0x40000;
  const apps = [deaf(), greedy(), faulty()].map((assembler, i) => {
    const app = tbf(assembler, { name: `app${i}`, at });
    at += app.length;
    return app;
  });
  const faultPolicy = thresholdRestartThenPanicFaultPolicy(4);
  return nrf52840dk.build({ apps, listen, faultPolicy }).machine;
};

/** Runs to `END`; tells the kind of each stop before the kernel acts. */
function play(machine: Machine, stopped: (kind: OccurrenceKind) => void): void {
  for (const { cycle, device, value } of [...inputs, { cycle: END, device: "", value: "" }]) {
    if (cycle < machine.clock.now) continue;
    for (;;) {
      const stop = machine.run(cycle);
      if (stop.reason === "deadline" || stop.reason === "halted") break;
      stopped(stop.reason === "occurrence" ? stop.occurrence.kind : (stop.reason as "fault"));
    }
    if (cycle < END) machine.input(device, value);
  }
}

describe("stops before the kernel acts", () => {
  const events: TraceEvent[] = [];
  const whole = board(event => events.push(event));
  play(whole, kind => assert.fail(`nobody asked for a stop at ${kind}`));

  it("come at every kind of occurrence in this test, a panic last", () => {
    const kinds: OccurrenceKind[] = [];
    const machine = board();
    machine.stopBefore = new Set(KINDS);
    play(machine, kind => kinds.push(kind));
    assert.deepEqual(new Set(kinds), new Set(KINDS));
    assert.equal(kinds.at(-1), "panic");
  });

  it("leave the trace and the end as they are without them", () => {
    fc.assert(
      fc.property(fc.subarray([...KINDS]), kinds => {
        const heard: TraceEvent[] = [];
        const machine = board(event => heard.push(event));
        machine.stopBefore = new Set(kinds);
        play(machine, kind => assert.ok(kinds.includes(kind)));
        assert.deepEqual(heard, events);
        assert.deepEqual(machine.save(), whole.save());
      }),
      { numRuns: 8 },
    );
  });

  it("can be saved, and go on from there without being told again", () => {
    fc.assert(
      fc.property(fc.nat(30), nth => {
        const machine = board();
        machine.stopBefore = new Set(KINDS);
        const kinds: OccurrenceKind[] = [];
        const states: unknown[] = [];
        play(machine, kind => {
          kinds.push(kind);
          if (kinds.length === nth + 1) states.push(machine.save());
        });
        const second = board();
        second.load(states[0] as ReturnType<Machine["save"]>);
        second.stopBefore = new Set(KINDS);
        const later: OccurrenceKind[] = [];
        play(second, kind => later.push(kind));
        assert.deepEqual(later, kinds.slice(nth + 1));
        assert.deepEqual(second.save(), whole.save());
      }),
      { numRuns: 8 },
    );
  });
});
