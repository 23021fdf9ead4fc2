// How a board puts devices, multiplexers and capsules together, in the order of upstream's nrf52840dk (boards/nordic).
// Order matters twice: clients of the UART are served last registered first, grants are numbered as they are created.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { AlarmDevice } from "../../../../emulator/devices/alarm.js";
import { ButtonDevice } from "../../../../emulator/devices/button.js";
import { ConsoleDevice } from "../../../../emulator/devices/console.js";
import { LedDevice } from "../../../../emulator/devices/led.js";
import { ALARM_GRANT, AlarmDriver } from "../../../../emulator/kernel/capsules/alarm.js";
import { BUTTON_GRANT, ButtonDriver } from "../../../../emulator/kernel/capsules/button.js";
import { CONSOLE_GRANT, ConsoleDriver } from "../../../../emulator/kernel/capsules/console.js";
import { DebugWriter } from "../../../../emulator/kernel/capsules/debug-writer.js";
import { LedDriver } from "../../../../emulator/kernel/capsules/led.js";
import { ProcessConsole } from "../../../../emulator/kernel/capsules/process-console.js";
import { AlarmMux, VirtualAlarm } from "../../../../emulator/kernel/capsules/virtual-alarm.js";
import { UartDevice, UartMux } from "../../../../emulator/kernel/capsules/virtual-uart.js";
import type { ProcessManagement } from "../../../../emulator/kernel/inspect.js";
import type { PanicReport } from "../../../../emulator/kernel/panic.js";
import { printCrashReport, printOverview } from "../../../../emulator/kernel/printer.js";
import { Bench, bytesOf, textOf } from "../../bench.js";
import { parseDump } from "../dump-parser.js";
import { FakeGrant } from "./fake-grant.js";

const process = { index: 0, pid: 0 };

const nobody: ProcessManagement = {
  processes: () => [],
  loadedCount: 0,
  activeCount: 0,
  timesliceExpirations: 0,
  stop() {},
  resume() {},
  terminate() {},
  setFault() {},
  boot() {},
  tryRestart() {},
  faultAll() {},
  panic(message): never {
    throw new Error(message);
  },
};

function nrf52840dk() {
  const bench = new Bench();
  const { clock, trace } = bench;

  // Devices: what a user sees. The multiplexer is one for the machine, too: its deferred call is a timed event.
  const uart = bench.add(new ConsoleDevice(clock, trace, { name: "console", baud: 115200 }));
  const rtc = bench.add(new AlarmDevice(clock));
  const leds = [0, 1, 2, 3].map(index => bench.add(new LedDevice(trace, index)));
  const buttons = [0, 1, 2, 3].map(index => bench.add(new ButtonDevice(clock, index)));
  const uartMux = bench.add(new UartMux(clock, uart));

  // Capsules. A real board calls kernel.createGrant(SHAPE, capability) in this order.
  const grants = {
    button: new FakeGrant(BUTTON_GRANT),
    alarm: new FakeGrant(ALARM_GRANT),
    console: new FakeGrant(CONSOLE_GRANT),
  };
  const button = new ButtonDriver(buttons, grants.button);
  const led = new LedDriver(leds);
  const alarmMux = new AlarmMux(rtc);
  const alarm = new AlarmDriver(new VirtualAlarm(alarmMux), grants.alarm);
  const processConsole = new ProcessConsole(
    new UartDevice(uartMux, true),
    new VirtualAlarm(alarmMux),
    nobody,
    {
      printer: printOverview,
      kernelVersion: "2.3",
      kernelAddresses: {
        stackStart: 0x20000000,
        stackEnd: 0x20002000,
        relocationsStart: 0x20002000,
        relocationsEnd: 0x20002000,
        bssStart: 0x20002000,
        bssEnd: 0x200086d0,
        textStart: 0,
        readOnlyDataStart: 0x222f6,
        textEnd: 0x2b000,
      },
      reset: null,
    },
  );
  const console = new ConsoleDriver(new UartDevice(uartMux, true), grants.console);
  const debugWriter = new DebugWriter(new UartDevice(uartMux, false));

  // The kernel's PanicWriter: synchronous, so that nothing runs afterwards.
  const panicWriter = {
    write(report: PanicReport): void {
      const debugText = textOf(debugWriter.pending);
      const text = printCrashReport({ ...report, kernelVersion: "2.3.0-dev1", debugText });
      uart.writePanic(bytesOf(text));
    },
  };

  const boot = () => {
    debugWriter.debug("Initialization complete. Entering main loop\r");
    debugWriter.debug(
      "NRF52 HW INFO: Variant: AAF0, Part: N52840, Package: QI, Ram: K256, Flash: K1024",
    );
    processConsole.start();
  };
  const drivers = { alarm, button, console, led };
  // Everything with state, by name. AlarmDriver, ButtonDriver and LedDriver have none.
  const stateful = { alarmMux, console, debugWriter, processConsole };
  const devices = [uart, rtc, ...leds, ...buttons, uartMux];
  return {
    bench,
    uart,
    buttons,
    grants,
    drivers,
    stateful,
    devices,
    boot,
    panicWriter,
    debugWriter,
  };
}

type Board = ReturnType<typeof nrf52840dk>;

const write = (board: Board, text: string) => {
  board.grants.console.allow("readOnly", process, 1, bytesOf(text));
  board.drivers.console.command(1, text.length, 0, process);
};

describe("a board of devices and capsules", () => {
  it("boots with the recorded lines, then the app's, then the prompt", () => {
    const board = nrf52840dk();
    board.boot();
    write(board, "[idle] sleeping\n");
    board.bench.settle();
    const text = readFileSync("test/golden/transcripts/nrf52840dk_three_apps.txt", "utf8");
    const [first, second] = text.split(/(?<=\n)/);
    assert.equal(board.bench.text, `${first}${second}[idle] sleeping\ntock$ `);
    assert.deepEqual(
      new Set(board.bench.events.map(e => (e.type === "uart" ? e.origin.from : e.type))),
      new Set(["kernel", "process", "processConsole"]),
    );
  });

  it("app and process console share one alarm and one line", () => {
    const board = nrf52840dk();
    board.boot();
    board.drivers.alarm.command(5, 5000 << 8, 0, process);
    const buffer = new Uint8Array(2);
    board.grants.console.allow("readWrite", process, 1, buffer);
    board.drivers.console.command(2, 2, 0, process);
    board.bench.settle();
    assert.equal(board.grants.alarm.takeUpcalls().length, 1);
    board.uart.onInput("hi");
    board.bench.settle();
    assert.ok(board.bench.text.endsWith("tock$ hi"));
    assert.equal(textOf(buffer), "hi");
    assert.deepEqual(board.grants.console.takeUpcalls()[0]?.arguments, [0, 2, 0]);
  });

  it("a panic prints pending debug text and the dump at once", () => {
    const text = readFileSync("test/golden/transcripts/nrf52840dk_x_f_null.txt", "utf8");
    const dump = text.slice(text.indexOf("\r\npanicked"));
    const board = nrf52840dk();
    board.boot();
    board.bench.settle();
    const { length } = board.bench.text;
    board.debugWriter.debug("out");
    board.debugWriter.debug("waiting");
    // Only what the dump shows is in the report, so its type is wider here.
    board.panicWriter.write(parseDump(dump) as unknown as PanicReport);
    assert.equal(
      board.bench.text.slice(length),
      `\r\n---| Debug buffer not empty. Flushing. May repeat some of last message(s):\r\nwaiting\r\n${dump}`,
    );
  });

  it("saved at any cycle and loaded into a fresh board, it goes on as the first one", () => {
    const prepare = (board: Board) => {
      board.boot();
      board.drivers.alarm.command(5, 1000 << 8, 0, process);
      board.drivers.button.command(1, 2, 0, process);
      board.grants.console.allow("readWrite", process, 1, new Uint8Array(4));
      board.drivers.console.command(2, 4, 0, process);
      write(board, "x".repeat(150));
      board.uart.onInput("status\nhelp\n");
      board.buttons[2]?.onInput("down");
      return board;
    };
    const save = (board: Board) =>
      structuredClone({
        clock: board.bench.clock.save(),
        devices: board.devices.map(d => d.save()),
        stateful: Object.values(board.stateful).map(s => s.save()),
        grants: Object.values(board.grants).map(g => g.save()),
      });
    const load = (board: Board, state: ReturnType<typeof save>) => {
      board.bench.clock.load(state.clock);
      board.devices.forEach((d, i) => {
        d.load(state.devices[i] as never);
      });
      Object.values(board.stateful).forEach((s, i) => {
        s.load(state.stateful[i] as never);
      });
      Object.values(board.grants).forEach((g, i) => {
        g.load(state.grants[i] as never);
      });
    };
    fc.assert(
      fc.property(fc.nat({ max: 8_000_000 }), cycle => {
        const first = prepare(nrf52840dk());
        first.bench.runTo(cycle);
        const state = save(first);
        const seen = first.bench.events.length;
        const second = nrf52840dk();
        load(second, state);
        assert.deepEqual(save(second), state);
        first.bench.settle();
        second.bench.settle();
        assert.deepEqual(second.bench.events, first.bench.events.slice(seen));
        assert.deepEqual(save(second), save(first));
      }),
      { numRuns: 50 },
    );
  });
});
