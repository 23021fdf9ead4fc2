import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { raspberry_pi_pico } from "../../../emulator/boards/raspberry_pi_pico.js";
import { type BoardOptions, chooseTbf, readTab, type TraceEvent } from "../../../emulator/index.js";
import {
  restartWithDebugFaultPolicy,
  stopWithDebugFaultPolicy,
} from "../../../emulator/kernel/policies.js";
import { Assembler, tbf } from "../guest.js";
import { eventsOf } from "../test-board.js";

const FREQUENCY = 125_000_000;
const APP_FLASH = 0x10040000;

function boot(apps: readonly Uint8Array[], options: BoardOptions = {}) {
  const events: TraceEvent[] = [];
  const board = raspberry_pi_pico.build({ apps, ...options, listen: event => events.push(event) });
  const uart = () => Buffer.concat(eventsOf(events, "uart").map(e => e.bytes)).toString("utf8");
  return { ...board, events, uart };
}

const example = (name: string): Uint8Array => {
  const file = `examples/${name}/${name}.tab`;
  return chooseTbf(readTab(readFileSync(file), file), "cortex-m0").bytes;
};

const app = (assembler: Assembler, name = "app") => tbf(assembler, { name, at: APP_FLASH });

/** A command in Thumb-1: movs r0 to r3, svc 2, and a branch to itself. */
function command(driver: number, commandNum: number, argument = 0): number[] | undefined {
  const moves = [driver, commandNum, argument, 0].map((value, r) => 0x2000 | (r << 8) | value);
  const { machine, kernel } = boot([app(new Assembler().halfwords(...moves, 0xdf02).spin())]);
  machine.run(100_000);
  return kernel.registers(0)?.slice(0, 2);
}

/** movs r0, #0; str r0, [r0] */
const nullStore = () => app(new Assembler().halfwords(0x2000, 0x6000));

const HEADER = "RP2040 Revision 2 ASIC\r\nInitialization complete. Enter main loop\r\n";

describe("raspberry_pi_pico", () => {
  it("prints upstream's two lines and the prompt", () => {
    const { machine, uart } = boot([]);
    machine.run(FREQUENCY);
    assert.equal(uart(), `${HEADER}tock$ `);
  });

  it("runs the Cortex-M0 code of app bundles: one prints and exits, one blinks", () => {
    const { machine, kernel, uart, events } = boot([example("hello"), example("blink")]);
    machine.run(FREQUENCY * 1.1);
    assert.equal(uart(), `${HEADER}Hello, Tock!\ntock$ `);
    assert.deepEqual(
      kernel.processes.map(p => [p.name, p.state]),
      [
        ["hello", "Terminated"],
        ["blink", "Yielded"],
      ],
    );
    assert.deepEqual(
      eventsOf(events, "led").map(e => [e.index, Math.round((e.cycle / FREQUENCY) * 100), e.on]),
      [
        [0, 25, true],
        [0, 50, false],
        [0, 75, true],
        [0, 100, false],
      ],
    );
  });

  it("has no code for an app that was built for Cortex-M4 only, and says so in a sentence", () => {
    assert.throws(() => example("locals"), {
      name: "UserError",
      message:
        "examples/locals/locals.tab: holds code for cortex-m4; the board runs cortex-m0. Build the app for cortex-m0.",
    });
  });

  it("has 9 grants in upstream's order", () => {
    const { grants } = boot([app(new Assembler().spin())]).kernel.process(0);
    assert.deepEqual(
      grants.map(grant => grant.driver),
      [0x0, 0x1, 0x4, 0x90007, 0x60000, 0x5, 0x20003, 0x20001, 0x10000],
    );
  });

  it("has one LED, no buttons, and GPIO pins among 25 numbers", () => {
    assert.deepEqual(command(2, 0), [129, 1]);
    assert.deepEqual(command(3, 0), [0, 11]);
    assert.deepEqual(command(4, 10), [129, 25]);
    assert.deepEqual(command(4, 6, 24), [129, 0]);
    assert.deepEqual(command(4, 6, 4), [0, 11]);
    assert.deepEqual(command(5, 0), [129, 4]);
  });

  it("counts alarm ticks in microseconds, with all 32 bits", () => {
    assert.deepEqual(command(0, 1), [129, 1_000_000]);
    const [variant, now = 0] = command(0, 2) ?? [];
    assert.equal(variant, 129);
    assert.ok(now < 100);
  });

  it("a process that writes to address 0 panics the kernel; ARMv6-M has no fault status to print", () => {
    const { machine, uart, kernel } = boot([nullStore()]);
    assert.deepEqual(machine.run(FREQUENCY), { reason: "halted" });
    assert.match(
      uart(),
      /Process app had a fault\r\n\tKernel version 2.3.0-dev1\r\n\r\n---\| Cortex-M Fault Status \|---\r\nNo Cortex-M faults detected\.\r\n\r\n---\| App Status \|---\r\n/,
    );
    assert.equal(kernel.process(0).stored.frame?.[6], kernel.process(0).flash.appStart + 2);
  });

  it("an instruction that ARMv6-M does not have is a fault", () => {
    const { machine } = boot([app(new Assembler().set(0, 1).spin())]);
    assert.deepEqual(machine.run(FREQUENCY), { reason: "halted" });
  });

  it("protects memory in regions of 256 bytes and more", () => {
    const { mpu } = boot([app(new Assembler().spin())]).kernel.process(0);
    const used = mpu.filter(region => region.enabled);
    assert.ok(used.length >= 2);
    for (const { size } of used) assert.ok(size >= 256);
  });

  it("prints the texts of the policies that stop or restart", () => {
    const stopped = boot([nullStore()], { faultPolicy: stopWithDebugFaultPolicy });
    stopped.machine.run(FREQUENCY / 100);
    assert.equal(stopped.uart(), `${HEADER}Process app faulted and was stopped.\r\n`);
    const restarted = boot([nullStore()], { faultPolicy: restartWithDebugFaultPolicy });
    restarted.machine.run(FREQUENCY / 50);
    assert.ok(
      restarted.uart().startsWith(`${HEADER}Process app faulted and will be restarted.\r\nProcess`),
    );
  });
});
