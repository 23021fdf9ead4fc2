// The same inputs at the same cycles give the same run, also where apps come and go, power is cut, and the kernel panics.
import assert from "node:assert/strict";
import fc from "fast-check";
import { nrf52840dk } from "../../emulator/boards/nrf52840dk.js";
import type { InputValue, Machine, TraceEvent } from "../../emulator/index.js";
import { program, tbf } from "../emulator/guest.js";
import { sleeper } from "../emulator/installer.js";

/** What is done to a board, and for how many cycles it runs then. */
interface Act {
  device: string;
  value: InputValue;
  cycles: number;
}

const faulty = tbf(program().set(0, 0).store(0, 0), { name: "faulty", at: 0x40000 });
const apps = [sleeper("one", 2048), sleeper("two", 4096), sleeper("three", 8192), faulty];
const verbs = ["uninstall", "disable", "enable", "restart", "sticky", "unsticky"];
const names = ["old", "one", "two", "three"];

const value: fc.Arbitrary<Pick<Act, "device" | "value">> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...apps).map(app => ({ device: "loader", value: app })) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.constantFrom(...verbs), fc.constantFrom(...names))
      .map(([verb, name]) => ({ device: "loader", value: `${verb} ${name}` })),
  },
  { weight: 2, arbitrary: fc.constant({ device: "loader", value: "reset" }) },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom("list\n", "reset\n", "l")
      .map(text => ({ device: "console", value: text })),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom("terminate 0", "boot 0", "stop 1", "fault 1")
      .map(text => ({ device: "processes", value: text })),
  },
);
const cycles = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 40_000_000 }));
const act: fc.Arbitrary<Act> = fc
  .tuple(value, cycles)
  .map(([what, cycles]) => ({ ...what, cycles }));

function start(): { machine: Machine; events: TraceEvent[] } {
  const events: TraceEvent[] = [];
  const { machine } = nrf52840dk.build({
    apps: [sleeper("old", 2048)],
    listen: event => events.push(structuredClone(event)),
  });
  return { machine, events };
}

/** To a cycle, past stops at which nothing happens without an input. */
function runTo(machine: Machine, cycle: number): void {
  while (machine.clock.now < cycle) {
    const { reason } = machine.run(cycle);
    if (reason !== "deadline") machine.sleepUntil(cycle);
  }
}

/** As a user does it: what is refused has not happened, and a board that stops waits for him. */
function perform(machine: Machine, acts: readonly Act[]): void {
  for (const { device, value, cycles } of acts) {
    try {
      machine.input(device, value);
    } catch {
      continue;
    }
    machine.run(machine.clock.now + cycles);
  }
  runTo(machine, machine.clock.now + 1_000_000);
}

/** `move` gives the machine on which the replay goes on. */
function replay(machine: Machine, original: Machine, move: (machine: Machine) => Machine): Machine {
  let on = machine;
  for (const { cycle, device, value } of original.inputs) {
    const middle = Math.floor((on.clock.now + cycle) / 2);
    runTo(on, middle);
    on = move(on);
    runTo(on, cycle);
    on.input(device, value);
  }
  runTo(on, original.clock.now);
  return on;
}

function moved(machine: Machine): Machine {
  const fresh = start().machine;
  fresh.load(structuredClone(machine.save()));
  return fresh;
}

function holds(acts: readonly Act[]): void {
  const original = start();
  perform(original.machine, acts);
  const again = start();
  replay(again.machine, original.machine, machine => machine);
  assert.deepEqual(again.events, original.events);
  assert.deepEqual(again.machine.save(), original.machine.save());
  const elsewhere = replay(start().machine, original.machine, moved);
  assert.deepEqual(elsewhere.save(), original.machine.save());
}

const loader = (value: InputValue, cycles: number): Act => ({ device: "loader", value, cycles });

describe("a recorded session with a loader", () => {
  it("is the same again, and on machines that it is moved to", () => {
    fc.assert(fc.property(fc.array(act, { minLength: 4, maxLength: 14 }), holds), { numRuns: 25 });
  });

  it("is the same again where a panicked board is told something", () => {
    holds([loader(faulty, 80_000_000), loader("reset", 0), loader("reset", 80_000_000)]);
  });

  it("is the same again where a board is told something before it has carried out a reset", () => {
    holds([loader("reset", 0), loader(sleeper("one", 2048), 80_000_000)]);
  });

  it("is the same again where power is cut in the middle of each write of an install", () => {
    for (let cycles = 2_000_000; cycles < 20_000_000; cycles += 3_000_000)
      holds([loader(sleeper("three", 8192), cycles), loader("reset", 5_000_000)]);
  });
});
