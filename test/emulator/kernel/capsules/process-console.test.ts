import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { AlarmDevice } from "../../../../emulator/devices/alarm.js";
import { ConsoleDevice, type ConsoleOptions } from "../../../../emulator/devices/console.js";
import {
  type KernelAddresses,
  ProcessConsole,
} from "../../../../emulator/kernel/capsules/process-console.js";
import { AlarmMux, VirtualAlarm } from "../../../../emulator/kernel/capsules/virtual-alarm.js";
import { UartDevice, UartMux } from "../../../../emulator/kernel/capsules/virtual-uart.js";
import type { ProcessManagement, ProcessView } from "../../../../emulator/kernel/inspect.js";
import { printOverview } from "../../../../emulator/kernel/printer.js";
import { Bench } from "../../bench.js";
import { parseOverviewOnly } from "../dump-parser.js";
import { emptyView } from "../process-view.js";

class FakeProcesses implements ProcessManagement {
  views: ProcessView[] = [];
  activeCount = 0;
  timesliceExpirations = 0;
  readonly calls: string[] = [];

  processes = () => this.views;
  get loadedCount() {
    return this.views.length;
  }
  stop = (index: number) => this.calls.push(`stop ${index}`);
  resume = (index: number) => this.calls.push(`resume ${index}`);
  terminate = (index: number) => this.calls.push(`terminate ${index}`);
  setFault = (index: number) => this.calls.push(`setFault ${index}`);
  boot = (index: number) => this.calls.push(`boot ${index}`);
  tryRestart = (index: number) => this.calls.push(`tryRestart ${index}`);
  faultAll = () => this.calls.push("faultAll");
  panic(message: string, location: string): never {
    throw new Error(`${location}: ${message}`);
  }
}

const noAddresses: KernelAddresses = {
  stackStart: 0,
  stackEnd: 0,
  textStart: 0,
  textEnd: 0,
  readOnlyDataStart: 0,
  relocationsStart: 0,
  relocationsEnd: 0,
  bssStart: 0,
  bssEnd: 0,
};

function board(
  kernelAddresses = noAddresses,
  reset: (() => void) | null = null,
  options: Partial<ConsoleOptions> = {},
) {
  const bench = new Bench();
  const uart = bench.add(
    new ConsoleDevice(bench.clock, bench.trace, { name: "console", baud: 115200, ...options }),
  );
  const rtc = bench.add(new AlarmDevice(bench.clock));
  const mux = bench.add(new UartMux(bench.clock, uart));
  const processes = new FakeProcesses();
  const alarm = new VirtualAlarm(new AlarmMux(rtc));
  const console = new ProcessConsole(new UartDevice(mux, true), alarm, processes, {
    printer: printOverview,
    kernelAddresses,
    kernelVersion: "2.3",
    reset,
  });
  /** Types `text`; gives what the console sent until everything was quiet. */
  const type = (text: string): string => {
    const before = bench.text.length;
    uart.onInput(text);
    bench.settle();
    return bench.text.slice(before);
  };
  const started = () => {
    console.start();
    bench.settle();
    return { bench, uart, processes, console, type };
  };
  return { bench, uart, processes, console, type, started };
}

const transcript = (name: string): string =>
  readFileSync(`test/golden/transcripts/${name}.txt`, "utf8");

/** Rows of `list` as views. */
const parseList = (text: string): ProcessView[] =>
  [...text.matchAll(/^ (\d+) +Unique +(\S+) +(\d+) +(\d+) +(\d+) +(\d+)\/ ?(\d+) +(.+)\r$/gm)].map(
    ([, pid, name = "", quanta, syscalls, restarts, used, total, state = ""], index) => ({
      ...emptyView,
      index,
      pid: Number(pid),
      name,
      state,
      timesliceExpirations: Number(quanta),
      syscallCount: Number(syscalls),
      restartCount: Number(restarts),
      grants: Array.from({ length: Number(total) }, (_, number) => ({
        number,
        driver: number,
        address: 0x20000000,
        size: number < Number(used) ? 8 : 0,
        upcalls: [],
        readOnlyAllows: [],
        readWriteAllows: [],
        fields: [],
      })),
    }),
  );

/** The addresses of the kernel's map in a transcript; starts follow from sizes where the map gives none. */
function parseKernelMap(text: string): KernelAddresses {
  const map = text.slice(text.indexOf("Kernel version: "));
  const [bssEnd, relocationsEnd, stackEnd, stackStart, textEnd, readOnlyDataStart, textStart] = [
    ...map.matchAll(/^ (?: |╚)(0x[0-9A-F]{8})[═ ]/gm),
  ].map(m => Number(m[1])) as [number, number, number, number, number, number, number];
  const size = (row: string) => Number(new RegExp(`${row} +(\\d+)`).exec(map)?.[1]);
  return {
    bssStart: bssEnd - size("BSS"),
    bssEnd,
    relocationsStart: relocationsEnd - size("Relocate"),
    relocationsEnd,
    stackStart,
    stackEnd,
    textStart,
    textEnd,
    readOnlyDataStart,
  };
}

const HELP =
  "Valid commands are: help status list stop start fault boot terminate process kernel reset panic console-start console-stop\r\n";

describe("process console", () => {
  it("prompts 100 ms after its start and has nothing else to wait for", () => {
    const { bench, console } = board();
    console.start();
    bench.runMs(99.9);
    assert.equal(bench.text, "");
    bench.settle();
    assert.equal(bench.text, "tock$ ");
    assert.deepEqual(
      bench.events.map(e => e.type === "uart" && e.origin.from),
      ["processConsole"],
    );
  });

  it("answers every command of a recorded session with the recorded bytes", () => {
    const text = transcript("rv32_console_commands");
    const session = text
      .slice(text.indexOf("tock$ "), text.indexOf("tock$ fault"))
      .replaceAll(/(\[idle\] sleeping|Hello world!)\n/g, "");
    const { bench, processes, type } = board(parseKernelMap(session)).started();
    let expected = "tock$ ";
    for (const segment of session.split("tock$ ").slice(1)) {
      expected += segment;
      if (segment.includes("Unique")) processes.views = parseList(segment);
      const named = /^(?:start|stop|terminate|boot) (\S+)/.exec(segment);
      if (named) processes.views = [{ ...emptyView, name: named[1] as string }];
      if (segment.includes("𝐀𝐩𝐩")) {
        const view = parseOverviewOnly(segment.slice(segment.indexOf("𝐀𝐩𝐩")));
        const queuedUpcalls: [] = [];
        processes.views = [{ ...emptyView, ...view, queuedUpcalls, grants: [], mpu: [] }];
      }
      if (segment.includes("Total processes: 2")) {
        processes.views = [emptyView, emptyView];
        processes.activeCount = 1;
      }
      for (const line of segment.split("\r\n").filter((l, i) => i === 0 || l === "console-start")) {
        type(`${line}\n`);
      }
      expected += "tock$ ";
      assert.equal(bench.text, expected);
    }
    assert.ok(expected.length > 5000);
  });

  it("prints the memory map of the recorded nrf52840dk kernel", () => {
    const text = transcript("nrf52840dk_three_apps");
    const at = text.indexOf("kernel\r\n");
    const expected = text.slice(at, text.indexOf("tock$ ", at) + 6);
    const { type } = board(parseKernelMap(expected)).started();
    assert.equal(type("kernel\r"), expected);
  });

  it("commands are recognized by their beginning", () => {
    const { type } = board().started();
    assert.ok(type("helpless\n").includes("Welcome to the process console.\r\n"));
    assert.equal(type("hel\n"), `hel\r\n${HELP}tock$ `);
    assert.equal(type("  status \n").includes("Total processes: 0\r\n"), true);
  });

  it("a blank line gives a new prompt only, and the second half of CR LF nothing", () => {
    const { type } = board().started();
    assert.equal(type("\r\n"), "\r\ntock$ ");
    assert.equal(type("\n"), "\r\ntock$ ");
    assert.equal(type("\n"), "\r\ntock$ ");
  });

  it("a command acts on every process of that name, and says nothing for an unknown one", () => {
    const { processes, type } = board().started();
    processes.views = [
      { ...emptyView, index: 0, name: "blink" },
      { ...emptyView, index: 1, name: "other" },
      { ...emptyView, index: 3, name: "blink", state: "Terminated" },
    ];
    assert.equal(
      type("stop blink\n"),
      "stop blink\r\nProcess blink stopped\r\nProcess blink stopped\r\ntock$ ",
    );
    assert.equal(type("fault other\n"), "fault other\r\nProcess other now faulted\r\ntock$ ");
    assert.equal(type("boot blink\n"), "boot blink\r\ntock$ ");
    assert.equal(type("terminate nobody\n"), "terminate nobody\r\ntock$ ");
    assert.deepEqual(processes.calls, ["stop 0", "stop 3", "setFault 1", "boot 3"]);
  });

  it("the list shows a fixed short id in hexadecimal", () => {
    const { processes, type } = board().started();
    processes.views = [{ ...emptyView, pid: 12, shortId: 0xcafe }];
    assert.ok(
      type("list\n").endsWith(
        " 12     0xcafe     app                      0         0         0   0/ 0   Yielded\r\ntock$ ",
      ),
    );
  });

  it("panic panics with upstream's words", () => {
    const { type } = board().started();
    assert.throws(
      () => type("panic\n"),
      /^Error: capsules\/core\/src\/process_console\.rs:1007:29: Process Console forced a kernel panic\.$/,
    );
  });

  it("reset calls the board's function, or says that there is none", () => {
    let resets = 0;
    board(noAddresses, () => resets++)
      .started()
      .type("reset\n");
    assert.equal(resets, 1);
    assert.equal(
      board().started().type("reset\n"),
      "reset\r\nReset function is not implementedtock$ ",
    );
  });

  it("started hibernated it is silent until console-start", () => {
    const { bench, console, type } = board();
    console.start(true);
    bench.settle();
    assert.equal(bench.text, "");
    assert.equal(type("list\n"), "list\r\n");
    assert.equal(type("console-start\n"), "console-start\r\ntock$ ");
  });

  it("an answer loses what is beyond 300 waiting bytes", () => {
    const { processes, type } = board().started();
    processes.views = Array.from({ length: 12 }, (_, index) => ({ ...emptyView, index }));
    const told = "Process app stopped\r\n";
    // The first goes out at once; 300 bytes of the others wait, and no prompt.
    assert.equal(
      type("stop app\n"),
      `stop app\r\n${told}${told
        .repeat(14)
        .slice(0, 300)
        .slice(0, told.length * 11)}tock$ `,
    );
    processes.views = Array.from({ length: 20 }, (_, index) => ({ ...emptyView, index }));
    assert.equal(type("stop app\n"), `stop app\r\n${told}${told.repeat(19).slice(0, 300)}`);
  });

  it("keys that echo more than 300 waiting bytes panic the kernel as upstream's", () => {
    const pasted = { typedPerSecond: 11_520 };
    const { uart, type, bench } = board(noAddresses, null, pasted).started();
    type("x".repeat(55));
    uart.onInput("\x1b[Habcdef");
    assert.throws(
      () => bench.settle(),
      /process_console\.rs:1050:17: index out of bounds: the len is 300 but the index is 300/,
    );
  });

  it("a line takes 63 characters", () => {
    const { type } = board().started();
    assert.equal(type(`${"h".repeat(70)}\n`), `${"h".repeat(63)}\r\n${HELP}tock$ `);
  });

  it("the overview is printed anew for each piece of 500 bytes, and of a process that is gone no further", () => {
    const text = transcript("nrf52840dk_three_apps");
    const at = text.indexOf("𝐀𝐩𝐩");
    const view = parseOverviewOnly(text.slice(at, text.indexOf("tock$ ", at)));
    const { bench, uart, processes } = board().started();
    const full: ProcessView = { ...emptyView, ...view, queuedUpcalls: [], grants: [], mpu: [] };
    processes.views = [full];
    const command = () => {
      uart.onInput("process x_idle");
      bench.settle();
      uart.onInput("\n");
      bench.runMs(20);
    };
    command();
    const changed = { ...full, flash: { ...full.flash, end: 0x12345678 } };
    processes.views = [changed];
    bench.settle();
    assert.ok(bench.text.includes("0x12345678 ┬"));
    command();
    processes.views = [{ ...full, pid: full.pid + 1 }];
    bench.settle();
    const second = bench.text.slice(bench.text.lastIndexOf("𝐀𝐩𝐩"));
    assert.equal(new TextEncoder().encode(second).length <= 500, true);
    assert.ok(!second.includes("tock$ "));
  });

  it("saved in the middle of a long answer, it goes on after a load", () => {
    const text = transcript("nrf52840dk_three_apps");
    const at = text.indexOf("𝐀𝐩𝐩");
    const view = parseOverviewOnly(text.slice(at, text.indexOf("tock$ ", at)));
    const run = (reload: boolean) => {
      const first = board();
      first.processes.views = [{ ...emptyView, ...view, queuedUpcalls: [], grants: [], mpu: [] }];
      const { bench, console, uart, processes } = first.started();
      uart.onInput("process x_idle\n");
      bench.runMs(60);
      if (!reload) {
        bench.settle();
        return bench.text;
      }
      const saved = structuredClone(console.save());
      console.load({ ...saved, writer: null, queue: [] });
      console.load(saved);
      bench.settle();
      assert.equal(processes.calls.length, 0);
      return bench.text;
    };
    assert.equal(run(true), run(false));
    assert.ok(run(true).includes(text.slice(at, text.indexOf("tock$ ", at))));
  });
});
