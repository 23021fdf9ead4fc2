import assert from "node:assert/strict";
import { microbit_v2 } from "../../../emulator/boards/microbit_v2.js";
import type { TraceEvent } from "../../../emulator/index.js";
import { type Assembler, program, tbf } from "../guest.js";
import { eventsOf } from "../test-board.js";

const FREQUENCY = 64_000_000;

function boot(programs: readonly Assembler[]) {
  const events: TraceEvent[] = [];
  const apps = programs.map((assembler, i) => tbf(assembler, { name: `app${i}` }));
  const board = microbit_v2.build({ apps, listen: event => events.push(event) });
  const uart = () => Buffer.concat(eventsOf(events, "uart").map(e => e.bytes)).toString("utf8");
  return { ...board, events, uart };
}

/** r0 and r1 after one command. */
function command(driver: number, commandNum: number, argument = 0): number[] | undefined {
  const { machine, kernel } = boot([program().command(driver, commandNum, argument).spin()]);
  machine.run(100_000);
  return kernel.registers(0)?.slice(0, 2);
}

describe("microbit_v2", () => {
  it("prints upstream's line and the prompt", () => {
    const { machine, uart } = boot([]);
    machine.run(FREQUENCY);
    assert.equal(uart(), "Initialization complete. Entering main loop.\r\ntock$ ");
  });

  it("has 16 grants in upstream's order", () => {
    const { grants } = boot([program().spin()]).kernel.process(0);
    assert.deepEqual(
      grants.map(grant => grant.driver),
      [
        0x30001, 0x4, 0x3, 0x0, 0x90000, 0x10, 0x1, 0x40001, 0x70006, 0x60004, 0x60000, 0x5,
        0x60006, 0x50000, 0x30000, 0x10000,
      ],
    );
  });

  it("has 25 LEDs, 3 buttons, and GPIO pins 9 and 16 among 17 numbers", () => {
    assert.deepEqual(command(2, 0), [129, 25]);
    assert.deepEqual(command(3, 0), [129, 3]);
    assert.deepEqual(command(4, 10), [129, 17]);
    assert.deepEqual(command(4, 6, 16), [129, 0]);
    assert.deepEqual(command(4, 6, 10), [0, 11]);
  });

  it("counts alarm ticks at 32768 Hz, left-justified from 24 bits", () => {
    assert.deepEqual(command(0, 1), [129, 32768 * 256]);
  });

  it("answers NODEVICE for drivers that it lacks", () => {
    for (const driver of [0x6, 0x60001, 0x90002]) {
      assert.deepEqual(command(driver, 0), [0, 11]);
    }
  });

  it("runs four processes; a fifth app stays unloaded", () => {
    const { kernel } = boot([0, 1, 2, 3, 4].map(() => program().spin()));
    assert.deepEqual(
      kernel.processes.map(p => p.name),
      ["app0", "app1", "app2", "app3"],
    );
    assert.equal(kernel.process(0).memory.start, 0x20004000);
  });

  it("panics with a dump when a process faults", () => {
    const { machine, uart } = boot([program().set(0, 0).store(0, 0)]);
    assert.deepEqual(machine.run(FREQUENCY), { reason: "halted" });
    assert.match(uart(), /Fault Status Register \(CFSR\): {7}0x00000082/);
    assert.match(uart(), /Total number of grant regions defined: 16/);
  });
});
