import assert from "node:assert/strict";
import { program, tbf } from "../guest.js";
import { eventsOf, testBoard } from "../test-board.js";

const APP_RAM = { start: 0x20010000, size: 0x10000 };
const config = { debug_load_processes: true };
const spin = () => program().spin();

/** Apps one after the other from 0x40000 on, 512 bytes each. */
const load = (
  apps: readonly Uint8Array[],
  options: Partial<Parameters<typeof testBoard>[0]> = {},
) => {
  const board = testBoard({ apps, appRam: APP_RAM, ...options });
  return {
    ...board,
    names: board.kernel.processes.map(p => p.name),
    notices: eventsOf(board.events, "notice").map(e => e.text),
  };
};

const app = (name: string, fields: Parameters<typeof tbf>[1] = {}) =>
  tbf(spin(), { name, ...fields });

/** A copy with the word at `offset` changed. */
const damaged = (bytes: Uint8Array, offset: number, word: number): Uint8Array => {
  const copy = bytes.slice();
  new DataView(copy.buffer).setUint32(offset, word, true);
  return copy;
};

describe("process loading", () => {
  it("takes apps in the order of flash and hands out RAM upward", () => {
    const { kernel, names } = load([app("a"), app("b"), app("c", { minimumRamSize: 9000 })]);
    assert.deepEqual(names, ["a", "b", "c"]);
    assert.deepEqual(
      kernel.processes.map(p => [p.index, p.pid, p.memory.start, p.memory.end]),
      [
        [0, 0, 0x20010000, 0x20012000],
        [1, 1, 0x20012000, 0x20014000],
        [2, 2, 0x20014000, 0x20018000],
      ],
    );
  });

  it("says every step in upstream's words when it is debugged", () => {
    const { debug } = load([app("a")], { config });
    assert.deepEqual(debug, [
      "Loading processes from flash=0x00040000-0x000FFFFF into sram=0x20010000-0x2001FFFF",
      "Looking for process binary in flash=0x00040000-0x000FFFFF",
      "Loading: process flash=0x00040000-0x000401FF ram=0x20010000-0x2001FFFF",
      "Loading: a [0] flash=0x00040000-0x00040200 ram=0x20010000-0x20011FFF",
      "Loaded process a",
      "Looking for process binary in flash=0x00040200-0x000FFFFF",
      "No more processes to load: Could not find TBF header.",
    ]);
  });

  it("prints nothing when it is not debugged, but tells the user of an app without memory", () => {
    const { debug, notices, names } = load([app("big", { minimumRamSize: 70_000 }), app("b")]);
    assert.deepEqual(debug, []);
    assert.deepEqual(names, ["b"]);
    assert.deepEqual(notices, [
      'App "big" at 0x40000 was not loaded: Not able to provide RAM requested by app: not enough memory, it needs 71104 bytes and 65536 are left; install fewer apps, or build it for less stack and heap.',
    ]);
  });

  it("prints the memory it could not allocate when it is debugged", () => {
    const { debug } = load([app("big", { minimumRamSize: 70_000 })], { config });
    assert.ok(
      debug.includes(
        `[!] flash=0x00040000-0x000401FF process=Some("big") - couldn't allocate memory region of size >= 0x115C0`,
      ),
    );
    assert.ok(debug.includes("Processes load error: Not able to provide RAM requested by app."));
  });

  it("skips padding, disabled apps and apps for another kernel, and goes on behind them", () => {
    const padded = app("far", { totalSize: 4096 });
    const { names, notices, debug } = load(
      [
        app("off", { enabled: false }),
        app("new", { kernelVersion: { major: 2, minor: 4 } }),
        app("none", { kernelVersion: undefined }),
        app("three", { kernelVersion: { major: 3, minor: 0 } }),
        app("ok"),
        padded,
      ],
      { config },
    );
    assert.deepEqual(names, ["ok", "far"]);
    assert.deepEqual(notices, [
      'App "off" at 0x40000 was not loaded: it is marked not enabled; enable it and reset the board.',
      'App "new" at 0x40200 was not loaded: Process is incompatible with the kernel. Running: 2.3, Requested: 2.4; build it for kernel 2.3 or an older one of 2.',
      'App "none" at 0x40400 was not loaded: Process did not provide a TBF kernel version header; build it with elf2tab 0.8.0 or newer and --kernel-major 2.',
      'App "three" at 0x40600 was not loaded: Process is incompatible with the kernel. Running: 2.3, Requested: 3.0; build it for kernel 2.3 or an older one of 2.',
    ]);
    assert.ok(debug.includes("Padding in flash=0x00040A00-0x00040FFF"));
    assert.ok(debug.includes("Unable to use process binary: Process item is just padding."));
    assert.ok(debug.includes('Process not enabled flash=0x00040000-0x000401FF process="off"'));
  });

  it("skips a header whose checksum is wrong, by its size", () => {
    const { names, notices } = load([damaged(app("a"), 8, 3), app("b")]);
    assert.deepEqual(names, ["b"]);
    assert.match(notices[0] ?? "", /0x40000 was not loaded: Checksum verification failed: app:0x/);
  });

  it("skips a header with impossible sizes by its total size", () => {
    const { names, debug } = load([damaged(app("a"), 0, 2 | (8 << 16)), app("b")], { config });
    assert.deepEqual(names, ["b"]);
    const error = "Error parsing TBF header\nTBF version 0 unsupported";
    assert.ok(debug.includes(`Unable to use process binary: ${error}.`));
  });

  it("ends at an object that says it has no bytes, and says so", () => {
    const { names, notices } = load([damaged(app("a"), 4, 0), app("b")]);
    assert.deepEqual(names, []);
    assert.match(notices[0] ?? "", /size is 0: no app behind it loads/);
  });

  it("ends at an object that reaches beyond flash, and at one whose binary does", () => {
    const beyond = load([damaged(app("a"), 4, 0x100000), app("b")]);
    assert.deepEqual(beyond.names, []);
    assert.match(beyond.notices[0] ?? "", /more than the 786432 bytes/);
    const { names, notices } = load([app("a", { binaryEndOffset: 513 }), app("b")]);
    assert.deepEqual(names, []);
    assert.match(notices[0] ?? "", /binary ends at 513/);
  });

  it("ends when every slot is in use, and names each app that has none", () => {
    const { names, notices, debug } = load([app("a"), app("b"), app("c")], { slots: 1, config });
    assert.deepEqual(names, ["a"]);
    assert.equal(debug.at(-1), "No more process slots to load processes into.");
    assert.deepEqual(notices, [
      'App "b" at 0x40200 was not loaded: Nowhere to store the loaded process; install fewer apps.',
      'App "c" at 0x40400 was not loaded: Nowhere to store the loaded process; install fewer apps.',
    ]);
  });

  it("skips RAM up to a fixed address, and refuses one that is taken or not aligned", () => {
    const fixed = (name: string, fixedAddressRam: number) => app(name, { fixedAddressRam });
    const { kernel, notices } = load([
      fixed("a", 0x20014000),
      fixed("low", 0x20010000),
      fixed("odd", 0x20016800),
      fixed("high", 0x20030000),
    ]);
    assert.deepEqual(
      kernel.processes.map(p => [p.name, p.memory.start]),
      [["a", 0x20014000]],
    );
    assert.deepEqual(
      notices.map(text =>
        text.replace(/.*not loaded: |; build it for RAM 0x2001[67]000, or.*/g, ""),
      ),
      [
        "App memory does not match requested address Actual:0x20016000, Expected:0x20010000",
        "App memory does not match requested address Actual:0x20017000, Expected:0x20016800",
        "App memory does not match requested address Actual:0x2001ffff, Expected:0x20030000",
      ],
    );
  });

  it("refuses an app that does not lie at its fixed flash address", () => {
    const flash = { address: 0x40000, bytes: app("fixed", { fixedAddressFlash: 0x50080 }) };
    const { names, notices } = load([], { flash });
    assert.deepEqual(names, []);
    assert.match(
      notices[0] ?? "",
      /^App "fixed" at 0x40000 was not loaded: App flash does not match requested address. Actual:0x400[0-9a-f]+, Expected:0x50080; build it for flash 0x400[0-9a-f]+, or install it where it must lie\.$/,
    );
  });

  it("gives an app without a name an empty one", () => {
    assert.deepEqual(load([app("")]).names, [""]);
  });
});
