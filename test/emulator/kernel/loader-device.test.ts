import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { nrf52840dkTests } from "../../../emulator/boards/nrf52840dk-tests.js";
import { nucleo_f446re } from "../../../emulator/boards/nucleo_f446re.js";
import {
  type BoardDescription,
  chooseTbf,
  hex,
  type InputValue,
  nrf52840dk,
  readTab,
  type TraceEvent,
  UserError,
  updateInput,
} from "../../../emulator/index.js";
import { program, tbf } from "../guest.js";
import { fixed, installer, sleeper } from "../installer.js";

const SECOND = 64_000_000;

function start(apps: readonly Uint8Array[], board: BoardDescription = nrf52840dk) {
  const events: TraceEvent[] = [];
  const built = board.build({ apps, listen: event => events.push(event) });
  const { machine, kernel, loader } = built;
  const run = (seconds = 1) => machine.run(machine.clock.now + seconds * SECOND);
  run(0.01);
  return {
    ...built,
    events,
    run,
    load(value: InputValue) {
      machine.input("loader", value);
      while (loader.busy) run(0.01);
    },
    refusal(value: InputValue): string {
      try {
        machine.input("loader", value);
      } catch (error) {
        assert.ok(error instanceof UserError);
        return error.message;
      }
      return "";
    },
    bytes: (address: number, length: number) => machine.memory.readBytes(address, length),
    get notices() {
      return events.flatMap(event => (event.type === "notice" ? [event.text] : []));
    },
    get apps() {
      return loader.apps.map(({ name, address }) => `${name} ${hex(address)}`);
    },
    get processes() {
      return kernel.processes.map(({ name, state }) => `${name} ${state}`);
    },
  };
}

describe("the loader outside of the board", () => {
  it("starts an app at once, as at boot, and the others run on", () => {
    const app = sleeper("new", 4096);
    const board = start([sleeper("old", 2048)]);
    const [old] = board.kernel.processes;
    board.load(app);
    assert.deepEqual(board.apps, ["old 0x40000", "new 0x41000"]);
    assert.deepEqual(board.bytes(0x41000, app.length), app);
    assert.deepEqual(board.kernel.process(0), old);
    const created = board.events.filter(({ type }) => type === "processCreated");
    assert.equal(created.length, 2);
    board.run();
    assert.deepEqual(board.processes, ["old Yielded", "new Yielded"]);
  });

  it("comes to the same flash and processes as a boot with both apps", () => {
    const one = sleeper("one", 2048);
    const two = sleeper("two", 8192);
    const loaded = start([one]);
    loaded.load(two);
    const booted = start([one, two]);
    const view = ({ kernel }: typeof loaded) => kernel.processes.map(p => [p.flash, p.memory]);
    assert.deepEqual(view(loaded), view(booted));
    assert.deepEqual(loaded.bytes(0x42000, 8192), booted.bytes(0x42000, 8192));
  });

  it("takes the first gap that an aligned app fits in", () => {
    const board = start([sleeper("a", 4096), sleeper("b", 4096), sleeper("c", 4096)]);
    board.load("uninstall b");
    assert.deepEqual(board.processes, ["a Yielded", "c Yielded"]);
    board.load(sleeper("big", 8192));
    board.load(sleeper("small", 2048));
    assert.deepEqual(board.apps, ["a 0x40000", "small 0x41000", "c 0x42000", "big 0x44000"]);
  });

  it("updates in place, and moves an app that has outgrown its place with a notice", () => {
    const board = start([sleeper("a", 4096), sleeper("b", 4096)]);
    board.load(updateInput(sleeper("a", 4096, { binaryVersion: 7 })));
    assert.equal(board.loader.apps[0]?.version, 7);
    assert.deepEqual(board.notices, []);
    board.load(updateInput(sleeper("a", 16384)));
    assert.deepEqual(board.apps, ["b 0x41000", "a 0x44000"]);
    assert.match(board.notices[0] ?? "", /^App "a" no longer fits its place at 0x40000 and lies/);
    assert.deepEqual([...board.processes].sort(), ["a Yielded", "b Yielded"]);
    assert.match(board.refusal(updateInput(sleeper("z", 4096))), /no app "z" is installed/);
  });

  it("tells when an app runs in RAM that a board would not use again before its reset", () => {
    const big = { minimumRamSize: 60_000 };
    const board = start(["a", "b", "c"].map(name => sleeper(name, 4096, big)));
    assert.equal(board.processes.length, 3);
    board.load("uninstall b");
    board.load(sleeper("d", 4096, big));
    assert.deepEqual(board.processes, ["a Yielded", "d Yielded", "c Yielded"]);
    assert.match(
      board.notices.at(-1) ?? "",
      /^"d" runs in RAM that another process has given back/,
    );
  });

  it("gives nobody RAM that a process which has gone still shares with another", () => {
    const [service, client] = ["ipc_service", "ipc_client"].map(name => {
      const file = `examples/ipc/${name}/${name}.tab`;
      return chooseTbf(readTab(readFileSync(file), file), "cortex-m4").bytes;
    });
    const board = start([service!, client!]);
    board.run(2);
    const shared = board.kernel
      .process(0)
      .mpu.find(({ number, logical }) => number > 2 && logical !== null);
    const { start: low, end: high } = board.kernel.process(1).memory;
    assert.ok(shared && shared.address >= low && shared.address < high);
    board.load("uninstall ipc_client");
    board.load(sleeper("large", 2048, { minimumRamSize: 120_000 }));
    for (const name of ["i", "j", "k", "l", "m"])
      if (board.refusal(sleeper(name, 2048, { minimumRamSize: 20_000 })) === "")
        while (board.loader.busy) board.run(0.01);
    const name = "small";
    assert.match(board.refusal(sleeper(name, 2048, { minimumRamSize: 4096 })), /^$|bytes of RAM/);
    while (board.loader.busy) board.run(0.01);
    for (const { index, memory } of board.kernel.processes)
      if (index > 0)
        assert.ok(
          memory.start >= shared.address + shared.size || memory.end <= shared.address,
          `process ${index} at ${hex(memory.start)} to ${hex(memory.end)}`,
        );
  });

  it("refuses what no process can be made of, so that an update which finds no RAM leaves the old version there", () => {
    const board = start(
      ["a", "b", "c"].map(name => sleeper(name, 4096, { minimumRamSize: 60_000 })),
    );
    const before = board.bytes(0x40000, 0x10000);
    const more = (name: string) => sleeper(name, 4096, { minimumRamSize: 100_000 });
    const noRam =
      /^App "\w" was not installed: it needs \d+ bytes of RAM .* largest free piece has \d+ bytes; uninstall an app first/;
    assert.match(board.refusal(more("d")), noRam);
    assert.match(board.refusal(updateInput(more("a"))), noRam);
    assert.match(board.refusal(sleeper("d", 4096 + 512)), /MPU cannot protect its 4608 bytes/);
    assert.deepEqual(board.bytes(0x40000, 0x10000), before);
    assert.deepEqual(board.processes, ["a Yielded", "b Yielded", "c Yielded"]);
    board.load(updateInput(sleeper("c", 4096, { minimumRamSize: 50_000 })));
    assert.equal(board.processes.length, 3, "what its old version gives back is enough");
    board.load(sleeper("e", 4096, { minimumRamSize: 100_000, enabled: false }));
    assert.deepEqual(board.apps.at(-1), "e 0x43000", "one that is not to start needs none");
  });

  it("refuses an app for which there is no process slot, but not a new version of one that has its own", () => {
    const board = start("abcdefgh".split("").map(name => sleeper(name, 2048)));
    assert.equal(board.processes.length, 8);
    assert.match(board.refusal(sleeper("i", 2048)), /has 8 process slots, and apps have them all/);
    board.load(updateInput(sleeper("h", 2048, { binaryVersion: 2 })));
    assert.equal(board.processes.length, 8);
    board.load("uninstall a");
    board.load(sleeper("i", 2048));
    assert.equal(board.processes[0], "i Yielded");
  });

  it("switches apps off and on for the next reset", () => {
    const board = start([sleeper("a", 4096), sleeper("b", 4096)]);
    board.load("disable b");
    assert.deepEqual(board.processes, ["a Yielded", "b Yielded"]);
    assert.match(
      board.notices[0] ?? "",
      /^"b" is disabled in flash, which takes effect at reset\.$/,
    );
    board.machine.requestReset();
    board.run();
    assert.deepEqual(board.processes, ["a Yielded"]);
    board.load("enable 0x41000");
    board.machine.requestReset();
    board.run();
    assert.deepEqual(board.processes, ["a Yielded", "b Yielded"]);
  });

  it("restarts an app, and does not take away one that is sticky", () => {
    const board = start([sleeper("a", 4096), sleeper("b", 4096)]);
    board.load("restart a");
    assert.equal(board.kernel.process(0).restartCount, 1);
    board.load("sticky a");
    assert.match(board.refusal("uninstall a"), /"a" is sticky; unsticky it before/);
    board.load("erase-apps");
    assert.deepEqual(board.apps, ["a 0x40000"]);
    board.load("unsticky a");
    board.load("erase-apps");
    assert.deepEqual(board.apps, []);
    assert.deepEqual(board.processes, []);
    board.load(sleeper("c", 2048));
    assert.deepEqual(board.processes, ["c Yielded"]);
  });

  it("restarts a process whose fault waits, so that no policy acts on it, and a replay does the same", () => {
    const apps = [tbf(program().set(0, 0).store(0, 0), { name: "faulty", at: 0x40000 })];
    const build = () => nrf52840dk.build({ apps, listen: () => {} });
    const { machine, kernel } = build();
    machine.stopOnFault = true;
    assert.equal(machine.run(SECOND).reason, "fault");
    machine.input("loader", "restart faulty");
    assert.equal(machine.run(SECOND).reason, "fault", "the new life faults in its turn");
    assert.equal(kernel.process(0).restartCount, 1);

    const replay = build();
    for (const { cycle, device, value } of machine.inputs) {
      replay.machine.run(cycle);
      replay.machine.input(device, value);
    }
    replay.machine.run(machine.clock.now);
    assert.deepEqual(replay.kernel.process(0), kernel.process(0));
    assert.equal(machine.run(SECOND).reason, "halted", "without a restart the policy acts");
  });

  it("resets a board whose kernel has panicked, and does nothing else there", () => {
    const faulty = tbf(program().set(0, 0).store(0, 0), { name: "faulty", at: 0x40000 });
    const board = start([faulty]);
    assert.equal(board.machine.run(SECOND).reason, "halted");
    assert.match(board.refusal("uninstall faulty"), /the kernel has panicked; reset the board/);
    assert.match(board.refusal(sleeper("a", 2048)), /the kernel has panicked; reset the board/);
    board.machine.sleepUntil(SECOND);
    const panics = () => board.events.filter(({ type }) => type === "processFaulted").length;
    assert.equal(panics(), 1);
    board.machine.input("loader", "reset");
    assert.equal(board.machine.run(2 * SECOND).reason, "halted");
    assert.equal(panics(), 2);
  });

  it("puts an app with fixed addresses there, or says what to build it for", () => {
    const board = start([sleeper("a", 4096)]);
    const free = board.kernel.process(0).memory.end;
    board.load(fixed("good", free, 0x48000));
    assert.deepEqual(board.apps, ["a 0x40000", "good 0x48000"]);
    assert.equal(board.processes.length, 2);
    const taken = board.refusal(fixed("bad", free, 0x48400));
    assert.match(
      taken,
      /^App "bad" was not installed: it is linked for flash 0x484\w\w and RAM 0x2000\w+, which is not free; build it for flash 0x410\w\w \(TBF at 0x41000\) and RAM 0x2000\w+\.$/,
    );
    assert.match(
      board.refusal(fixed("worse", 0x20000000, 0x50000)),
      /RAM 0x20000000, which is not/,
    );
  });

  it("says addresses at which the app then has its place, and the last of them lies in free RAM", () => {
    const board = start([sleeper("a", 4096), sleeper("b", 2048)]);
    const taken = board.kernel.process(0).memory.start;
    const refusal = board.refusal(fixed("c", taken, 0x40000));
    const [, flash = "", ram = ""] = /TBF at (0x\w+)\) and RAM (0x\w+)/.exec(refusal) ?? [];
    board.load(fixed("c", Number(ram), Number(flash)));
    board.run();
    assert.deepEqual(board.processes, ["a Yielded", "b Yielded", "c Yielded"]);
    assert.deepEqual(board.apps, ["a 0x40000", "b 0x41000", `c ${flash}`]);
  });

  it("says addresses where no RAM is left behind the apps, or that none is free", () => {
    const board = start([sleeper("a", 4096, { minimumRamSize: 120_000 }), sleeper("b", 2048)]);
    board.load(sleeper("c", 2048, { minimumRamSize: 30_000 }));
    board.load("uninstall b");
    const needs = { minimumRamSize: 7000 };
    const bad = (name: string) => fixed(name, 0x20000000, 0x40000, needs);
    for (const name of ["d", "e", "f", "g", "h"]) {
      const refusal = board.refusal(bad(name));
      const [, flash, ram] = /TBF at (0x\w+)\) and RAM (0x\w+)/.exec(refusal) ?? [];
      if (ram === undefined) {
        assert.match(refusal, /no RAM is free that it could be built for: uninstall an app first/);
        assert.ok(name > "d");
        return;
      }
      board.load(fixed(name, Number(ram), Number(flash), needs));
      assert.ok(board.processes.includes(`${name} Yielded`), refusal);
    }
    assert.fail("RAM is never full");
  });

  it("changes a whole sector of an STM32F4, in its time, and leaves its neighbours there", () => {
    const file = "examples/hello/hello.tab";
    const hello = chooseTbf(readTab(readFileSync(file), file), "cortex-m4").bytes;
    const board = start([hello, sleeper("b", 4096)], nucleo_f446re);
    const { clock } = board.machine;
    const before = clock.now;
    board.load("uninstall b");
    // A sector of 128 KiB is erased and written again, where a page of an nRF52 takes 127 ms.
    assert.ok((clock.now - before) / clock.frequency > 1.5);
    const { wear } = board.machine.save().parts["device flash"] as { wear: [number, number][] };
    assert.deepEqual(wear, [[0x08040000 / 0x20000, 1]]);
    board.load(sleeper("c", 8192));
    assert.deepEqual([...board.bytes(0x08040000, hello.length)], [...hello]);
    assert.deepEqual(board.apps, ["hello 0x8040000", "c 0x8042000"]);
  });

  it("refuses what the kernel would refuse before it changes anything", () => {
    const board = start([sleeper("a", 4096)]);
    const before = board.bytes(0x40000, 0x10000);
    const kernel = { kernelVersion: { major: 3, minor: 0 } };
    assert.match(board.refusal(sleeper("x", 2048, kernel)), /Running: 2\.\d+, Requested: 3\.0/);
    const broken = sleeper("x", 2048);
    broken[12] = 0;
    assert.match(board.refusal(broken), /checksum/);
    assert.match(board.refusal(sleeper("x", 2048).subarray(0, 2000)), /2048/);
    assert.match(board.refusal(sleeper("x", 1 << 20)), /needs 1048576 bytes of flash/);
    assert.match(board.refusal("remove a"), /expected bytes of a TBF/);
    assert.deepEqual(board.bytes(0x40000, 0x10000), before);
    assert.deepEqual(board.machine.save().parts["device loader"], { waiting: [], job: null });
  });

  it("takes an address for the app that lies there, whatever others call themselves", () => {
    const board = start([sleeper("0x41000", 4096), sleeper("b", 4096)]);
    board.load("uninstall 0x41000");
    assert.deepEqual(board.processes, ["0x41000 Yielded"]);
    board.load("uninstall 0x41000");
    assert.deepEqual(board.processes, []);
  });

  it("leaves what is behind an object without a whole header, and erases both", () => {
    const tiny = Uint8Array.of(2, 0, 3, 0, 8, 0, 0, 0);
    const board = start([tiny, sleeper("a", 4096)]);
    assert.deepEqual(board.apps, [" 0x40000", "a 0x41000"]);
    assert.match(board.refusal("uninstall 0x40000"), /too small for padding; use erase-apps/);
    assert.match(board.refusal("disable 0x40000"), /header at 0x40000 is damaged/);
    board.load("erase-apps");
    assert.deepEqual(board.apps, []);
  });

  it("asks for the credentials that the board asks for at boot", () => {
    const board = nrf52840dkTests.find(({ name }) => name.endsWith("appid-sha256"));
    assert.ok(board);
    const refused = start([], board).refusal(sleeper("x", 2048));
    assert.match(
      refused,
      /No credentials accepted; this board runs only apps with a SHA-256 credential, which --sha256 /,
    );
  });

  it("waits for an app that installs another one, and keeps it from doing so meanwhile", () => {
    const board = nrf52840dkTests.find(({ name }) => name.endsWith("dynamic-app-load"));
    assert.ok(board);
    const payload = sleeper("inside", 2048);
    const app = tbf(installer([{ setup: 2048 }], payload), { name: "installer", totalSize: 8192 });
    const inside = start([app], board);
    inside.run();
    assert.match(inside.refusal(sleeper("x", 2048)), /an app on the board is installing another/);

    const { machine, loader } = board.build({ apps: [app] });
    machine.input("loader", sleeper("x", 0x10000));
    while (loader.busy) machine.run(machine.clock.now + SECOND / 100);
    machine.run(machine.clock.now + SECOND);
    assert.deepEqual(
      loader.apps.map(({ name }) => name),
      ["installer", "x"],
    );
    assert.ok(loader.suits(sleeper("y", 2048)), "the app got its room, too");
  });

  it("goes on from a saved state in the middle of an install", () => {
    const app = sleeper("new", 0x8000);
    const one = start([sleeper("old", 2048)]);
    one.machine.input("loader", app);
    one.run(0.2);
    assert.ok(one.loader.busy);
    const two = start([]);
    two.machine.load(one.machine.save());
    for (const board of [one, two]) while (board.loader.busy) board.run(0.01);
    assert.deepEqual(two.machine.save(), one.machine.save());
    assert.deepEqual(two.processes, ["old Yielded", "new Yielded"]);
  });

  it("does the same again when its inputs are replayed, also those of a board that stood idle", () => {
    const board = start([sleeper("a", 4096)]);
    const { machine } = board;
    const acts = [sleeper("b", 8192), "uninstall a", "erase-apps", sleeper("c", 2048), "reset"];
    for (const act of acts) {
      machine.input("loader", act);
      assert.equal(machine.run(machine.clock.now + SECOND).reason, "idle");
    }
    assert.throws(() => machine.input("loader", "uninstall a"), UserError);
    const end = machine.clock.now + 1;
    assert.equal(machine.run(end).reason, "idle");

    const again = start([sleeper("a", 4096)]);
    for (const { cycle, device, value } of machine.inputs) {
      again.machine.run(cycle);
      again.machine.input(device, value);
    }
    again.machine.run(end);
    assert.deepEqual(again.events, board.events);
    assert.deepEqual(again.machine.save(), machine.save());
  });

  it("wears a page only where bits must be set", () => {
    const board = start([sleeper("a", 4096)]);
    const worn = () =>
      (board.machine.save().parts["device flash"] as { wear: [number, number][] }).wear;
    board.load(sleeper("b", 4096));
    assert.deepEqual(worn(), []);
    board.load("uninstall b");
    assert.deepEqual(worn(), [[0x41, 1]]);
  });

  it("starts a compiled app on a board that booted without any", () => {
    const file = "examples/hello/hello.tab";
    const tab = readTab(readFileSync(file), file);
    const hello = chooseTbf(tab, "cortex-m4").bytes;
    let text = "";
    const { machine } = nrf52840dk.build({
      listen: event => {
        if (event.type === "uart" && event.origin.from === "process")
          text += new TextDecoder().decode(event.bytes);
      },
    });
    machine.run(1000);
    machine.input("loader", hello);
    machine.run(SECOND);
    assert.equal(text, "Hello, Tock!\n");
  });
});
