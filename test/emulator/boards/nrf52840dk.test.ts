import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { nrf52840dk } from "../../../emulator/boards/nrf52840dk.js";
import {
  type BoardOptions,
  readTab,
  SyscallClass,
  type TraceEvent,
} from "../../../emulator/index.js";
import { program, tbf } from "../guest.js";
import { eventsOf } from "../test-board.js";

const FREQUENCY = 64_000_000;

function boot(apps: readonly Uint8Array[], options: BoardOptions = {}) {
  const events: TraceEvent[] = [];
  const board = nrf52840dk.build({ apps, ...options, listen: event => events.push(event) });
  const uart = () => Buffer.concat(eventsOf(events, "uart").map(e => e.bytes)).toString("utf8");
  return { ...board, events, uart };
}

const example = (name: string): Uint8Array => {
  const file = `examples/${name}/${name}.tab`;
  const tab = readTab(readFileSync(file), file);
  return tab.binaries.find(b => b.architecture === "cortex-m4")?.bytes as Uint8Array;
};

const HEADER =
  "Initialization complete. Entering main loop\r\r\n" +
  "NRF52 HW INFO: Variant: AAF0, Part: N52840, Package: QI, Ram: K256, Flash: K1024\r\n";

describe("nrf52840dk", () => {
  it("tells the stages of its boot in order", () => {
    const { events } = boot([]);
    assert.deepEqual(
      eventsOf(events, "bootStage").map(e => e.stage),
      [
        "reset",
        "chip",
        "capsules",
        "initialized",
        "loadProcesses",
        "processesLoaded",
        "kernelLoop",
      ],
    );
  });

  it("without apps prints its two lines and the prompt 100 ms later, then is idle", () => {
    const { machine, uart, events } = boot([]);
    assert.deepEqual(machine.run(FREQUENCY), { reason: "idle" });
    assert.equal(uart(), `${HEADER}tock$ `);
    const seconds = (eventsOf(events, "uart").at(-1)?.cycle ?? 0) / FREQUENCY;
    assert.ok(seconds > 0.1 && seconds < 0.102);
  });

  it("runs real app bundles: one prints and exits, one blinks", () => {
    const { machine, kernel, uart, events } = boot([example("hello"), example("blink")]);
    machine.run(FREQUENCY * 1.1);
    assert.match(uart(), /Hello/);
    assert.deepEqual(
      kernel.processes.map(p => [p.name, p.state]),
      [
        ["hello", "Terminated"],
        ["blink", "Yielded"],
      ],
    );
    // Four changes of LED 0 at 250 ms each, in binary.
    assert.deepEqual(
      eventsOf(events, "led")
        .filter(e => e.index === 0)
        .map(e => [Math.round((e.cycle / FREQUENCY) * 100), e.on]),
      [
        [25, true],
        [50, false],
        [75, true],
        [100, false],
      ],
    );
  });

  it("has 15 grants: alarm is number 2, console number 3", () => {
    const { kernel } = boot([tbf(program().spin())]);
    const { grants, sizes } = kernel.process(0);
    assert.equal(grants.length, 15);
    assert.deepEqual([grants[1]?.driver, grants[2]?.driver, grants[3]?.driver], [3, 0, 1]);
    assert.equal(sizes.grantPointers, 120);
  });

  it("places a process that asks for 0x20010000 as the real kernel does", () => {
    const app = tbf(program().spin(), { fixedAddressRam: 0x20010000, minimumRamSize: 4096 });
    const { memory } = boot([app]).kernel.process(0);
    assert.deepEqual(
      [memory.start, memory.end, memory.kernelBreak],
      [0x20010000, 0x20012000, 0x20011b44],
    );
  });

  it("puts apps into flash in the order given, aligned to their size, with padding between", () => {
    const { kernel, machine } = boot([
      tbf(program().spin(), { name: "small" }),
      tbf(program().spin(), { name: "large", totalSize: 4096 }),
      tbf(program().spin(), { name: "last" }),
    ]);
    assert.deepEqual(
      kernel.processes.map(p => [p.name, p.flash.start]),
      [
        ["small", 0x40000],
        ["large", 0x41000],
        ["last", 0x42000],
      ],
    );
    assert.equal(machine.memory.read32(0x40200), 2 | (16 << 16));
  });

  it("says which app finds no place in flash", () => {
    const huge = tbf(program().spin(), { name: "huge", totalSize: 0x80000 });
    const { events } = boot([huge, huge]);
    assert.deepEqual(
      eventsOf(events, "notice").map(e => e.text),
      [
        'App "huge" was not installed: it needs 524288 bytes of flash at 0x100000, and flash for apps ends at 0x100000; install fewer apps.',
      ],
    );
  });

  it("prints a crash dump to the UART when a process faults, and stays inspectable", () => {
    const { machine, kernel, uart } = boot([tbf(program().set(0, 0).store(0, 0))]);
    assert.deepEqual(machine.run(FREQUENCY), { reason: "halted" });
    assert.match(
      uart(),
      /panicked at kernel\/src\/process_standard\.rs:753:17:\r\nProcess app had a fault/,
    );
    assert.match(uart(), /Fault Status Register \(CFSR\): {7}0x00000082/);
    assert.match(uart(), /Total number of grant regions defined: 15/);
    assert.equal(kernel.process(0).state, "Faulted");
  });

  it("prints what the loader does if its config says so", () => {
    const { machine, uart } = boot([tbf(program().spin(), { name: "spin" })], {
      kernelConfig: { debug_load_processes: true },
    });
    machine.run(FREQUENCY / 4);
    assert.match(uart(), /Loaded process spin\r\n/);
  });

  it("answers NODEVICE for a driver that it lacks", () => {
    const { machine, kernel } = boot([tbf(program().command(0x60001, 0).spin())]);
    machine.run(100_000);
    assert.deepEqual(kernel.registers(0)?.slice(0, 2), [0, 11]);
  });

  it("serves its process console", () => {
    const { machine, uart } = boot([tbf(program().yieldWait(), { name: "quiet" })]);
    machine.run(FREQUENCY / 4);
    machine.input("console", "list\n");
    machine.run(FREQUENCY);
    assert.match(uart(), / 0 {6}Unique {5}quiet {20}0 {9}2 {9}0 {3}0\/15 {3}Yielded\r\n/);
  });

  it("takes presses of four buttons", () => {
    const app = program()
      .address(2, "pressed")
      .syscall(SyscallClass.Subscribe, 3, 0, undefined, 0)
      .command(3, 1, 3)
      .yieldWait()
      .spin()
      .label("pressed")
      .move(4, 0)
      .move(5, 1)
      .return();
    const { machine, kernel } = boot([tbf(app)]);
    machine.run(FREQUENCY / 4);
    machine.input("button3", "down");
    machine.run(FREQUENCY / 2);
    assert.deepEqual(kernel.registers(0)?.slice(4, 6), [3, 1]);
  });

  it("measures the temperature that its user sets", () => {
    const app = program()
      .address(2, "measured")
      .syscall(SyscallClass.Subscribe, 0x60000, 0, undefined, 0)
      .command(0x60000, 1)
      .yieldWait()
      .spin()
      .label("measured")
      .move(4, 0)
      .return();
    const { machine, kernel } = boot([tbf(app)]);
    machine.input("temperature", "-7.5");
    machine.run(FREQUENCY / 100);
    assert.equal((kernel.registers(0)?.[4] ?? 0) | 0, -750);
  });

  it("draws random bytes that its seed decides", () => {
    const app = program()
      .address(2, "drawn")
      .syscall(SyscallClass.Subscribe, 0x40001, 0, undefined, 0)
      .move(1, 6)
      .add(1, 200)
      .move(2, 1)
      .syscall(SyscallClass.ReadWriteAllow, 0x40001, 0, undefined, 8)
      .command(0x40001, 1, 8)
      .yieldWait()
      .spin()
      .label("drawn")
      .move(5, 1)
      .return();
    const draw = (seed: number) => {
      const { machine, kernel } = boot([tbf(app)], { seed });
      machine.run(FREQUENCY / 100);
      assert.equal(kernel.registers(0)?.[5], 8);
      const [allow] = kernel.process(0).grants[6]?.readWriteAllows ?? [];
      return Buffer.from(machine.memory.readBytes(allow?.address ?? 0, 8)).toString("hex");
    };
    assert.equal(draw(1), draw(1));
    assert.notEqual(draw(1), draw(2));
  });

  it("carries a level from one GPIO pin to another over a wire", () => {
    const app = program()
      .address(2, "edge")
      .syscall(SyscallClass.Subscribe, 4, 0, undefined, 0)
      .command(4, 5, 13)
      .command(4, 7, 13)
      .command(4, 1, 0)
      .command(4, 2, 0)
      .yieldWait()
      .spin()
      .label("edge")
      .move(4, 0)
      .move(5, 1)
      .return();
    const { machine, kernel, events } = boot([tbf(app)], { wires: [[0, 13]] });
    machine.run(FREQUENCY / 100);
    assert.deepEqual(kernel.registers(0)?.slice(4, 6), [13, 1]);
    assert.deepEqual(
      eventsOf(events, "gpio").map(e => [e.index, e.high]),
      [
        [0, true],
        [13, true],
      ],
    );
  });

  it("refuses a wire to a pin that it does not have", () => {
    assert.throws(() => boot([], { wires: [[0, 8]] }), {
      name: "UserError",
      message:
        "Wire 0-8: the board has no GPIO pin 8; it has 0, 1, 2, 3, 4, 5, 6, 7, 10, 11, 12, 13.",
    });
  });
});

describe("a reset of the nrf52840dk", () => {
  const AFTER = FREQUENCY;
  const apps = () => [example("hello"), example("blink"), example("grants")];
  const shifted = (events: readonly TraceEvent[], start: number) =>
    events.map(event => ({ ...event, cycle: event.cycle - start }));

  /** Resets by the process console; button 1 is held meanwhile. */
  const untilReset = () => {
    const board = boot(apps());
    board.machine.run(FREQUENCY * 0.6);
    board.machine.input("button1", "down");
    board.machine.input("console", "reset\n");
    board.machine.run(FREQUENCY * 0.75);
    const resets = board.events.filter(e => e.type === "bootStage" && e.stage === "reset");
    return { ...board, resets };
  };

  it("boots again: from there on everything is as after power-on, shifted in time", () => {
    const { machine, kernel, events, resets, uart } = untilReset();
    const [, second] = resets as [TraceEvent, TraceEvent];
    machine.run(second.cycle + AFTER);
    assert.match(uart(), /tock\$ .*t.*\r\n(Initialization complete).*Hello, Tock!/s);
    const again = shifted(events.slice(events.indexOf(second)), second.cycle);
    const fresh = boot(apps());
    fresh.machine.run(AFTER);
    assert.deepEqual(again, fresh.events);
    assert.deepEqual(
      kernel.processes.map(({ pid, restartCount }) => [pid, restartCount]),
      [
        [0, 0],
        [1, 0],
        [2, 0],
      ],
    );
  });

  it("keeps the count of instructions, the inputs and what the user holds, and ends every process", () => {
    const { machine, events, resets } = untilReset();
    const second = resets[1] as TraceEvent;
    const ended = events
      .slice(0, events.indexOf(second))
      .filter(e => e.type === "processExited" && e.cycle === second.cycle);
    assert.equal(ended.length, 2);
    const fresh = boot(apps());
    fresh.machine.run(machine.clock.now - second.cycle);
    assert.ok(machine.cpu.instructions > fresh.machine.cpu.instructions + 1000);
    assert.equal(machine.inputs.length, 2);
    const button = machine.devices.get("button1");
    assert.deepEqual(button?.save(), { down: true, edge: "EitherEdge", pending: false });
  });

  it("is the same for a machine that was saved before and loaded after into another board", () => {
    const first = untilReset();
    const reset = (first.resets[1] as TraceEvent).cycle;
    first.machine.run(reset + AFTER);
    const whole = first.machine.save();
    for (const cycle of [reset - 500, reset - 1, reset, reset + 1, reset + 5_000_000]) {
      const saved = boot(apps()).machine;
      saved.run(FREQUENCY * 0.6);
      saved.input("button1", "down");
      saved.input("console", "reset\n");
      saved.run(cycle);
      const other = boot(apps()).machine;
      other.load(saved.save());
      other.run(reset + AFTER);
      assert.deepEqual(other.save(), whole, `saved at ${cycle - reset}`);
    }
  });
});
