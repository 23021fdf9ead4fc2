import assert from "node:assert/strict";
import { ConsoleDevice } from "../../../../emulator/devices/console.js";
import { SyscallClass } from "../../../../emulator/index.js";
import { CONSOLE_GRANT, ConsoleDriver } from "../../../../emulator/kernel/capsules/console.js";
import { UartDevice, UartMux } from "../../../../emulator/kernel/capsules/virtual-uart.js";
import type { SyscallDriver } from "../../../../emulator/kernel/driver.js";
import { program, tbf } from "../../guest.js";
import { eventsOf, memoryAllocation, testBoard } from "../../test-board.js";

const { ReadOnlyAllow } = SyscallClass;
const SECOND = 0x81;

/** Two consoles, each on a UART of its own. */
const board = (app: Uint8Array) =>
  testBoard({
    apps: [app],
    capsules: ({ kernel, clock, trace }) => {
      const parts = [CONSOLE_GRANT.driver, SECOND].map((driver, i) => {
        const name = `console${i}`;
        const uart = new ConsoleDevice(clock, trace, { name, baud: 115_200 });
        const mux = new UartMux(clock, uart, `uart-mux${i}`);
        const grant = kernel.createGrant({ ...CONSOLE_GRANT, driver }, memoryAllocation);
        const capsule = new ConsoleDriver(new UartDevice(mux, true), grant);
        return { driver, name, capsule, devices: [uart, mux] };
      });
      return {
        drivers: new Map<number, SyscallDriver>(parts.map(p => [p.driver, p.capsule])),
        devices: parts.flatMap(p => p.devices),
        stateful: Object.fromEntries(parts.map(p => [p.name, p.capsule])),
      };
    },
  });

describe("two consoles on two driver numbers", () => {
  it("write at the same time, each from its own buffer and with its own upcall", () => {
    const app = program()
      .address(2, "first", false)
      .syscall(ReadOnlyAllow, 1, 1, undefined, 6)
      .address(2, "second", false)
      .syscall(ReadOnlyAllow, SECOND, 1, undefined, 7)
      .command(1, 1, 6)
      .command(SECOND, 1, 7)
      .yieldWaitFor(SECOND, 1)
      .move(4, 0)
      .yieldWaitFor(1, 1)
      .move(5, 0)
      .exit(3)
      .text("first", "first\n")
      .text("second", "second\n");
    const { machine, kernel, events } = board(tbf(app));
    machine.run(1_000_000);
    const text = eventsOf(events, "uart").map(({ bytes }) => new TextDecoder().decode(bytes));
    assert.deepEqual(text, ["first\n", "second\n"]);
    assert.deepEqual(kernel.registers(0)?.slice(4, 6), [7, 6]);
    assert.equal(kernel.process(0).completionCode, 3);
  });

  it("keep their state in two grants, and both are gone when the process ends", () => {
    const app = program().command(1, 0).command(SECOND, 0).yieldWait().exit(0);
    const { machine, kernel, management } = board(tbf(app));
    machine.run(1_000_000);
    const grants = () => kernel.process(0).grants.map(({ driver, size }) => [driver, size > 0]);
    assert.deepEqual(grants(), [
      [1, true],
      [SECOND, true],
    ]);
    management.terminate(0);
    assert.deepEqual(grants(), [
      [1, false],
      [SECOND, false],
    ]);
  });
});
