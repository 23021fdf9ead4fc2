// Apps that install apps, on whole boards: the kernel starts, ends and forgets processes while others run.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { everything } from "../../../emulator/boards/everything.js";
import { parseElf } from "../../../emulator/formats/elf.js";
import { pack } from "../../../emulator/formats/pack.js";
import { groupPermissions } from "../../../emulator/formats/tbf-write.js";
import { type BoardDescription, readTab, type TraceEvent } from "../../../emulator/index.js";
import { sha256Credentials } from "../../../emulator/kernel/checker.js";
import { stopFaultPolicy } from "../../../emulator/kernel/policies.js";
import { type AppOptions, program, tbf } from "../guest.js";
import { APP_LOADER, installer, installing, type Step, sleeper } from "../installer.js";
import { staged, upstream, variant } from "../installing-boards.js";
import { eventsOf } from "../test-board.js";

const SECOND = 64_000_000;
const SIZE = 4096;
const SHORT_ID = 0x77;

function boot(description: BoardDescription, apps: readonly Uint8Array[]) {
  const events: TraceEvent[] = [];
  const built = description.build({ apps, listen: event => events.push(event) });
  const text = () =>
    eventsOf(events, "uart")
      .filter(({ origin }) => origin.from === "process")
      .map(({ bytes }) => new TextDecoder().decode(bytes))
      .join("");
  const names = () => built.kernel.processes.map(({ name }) => name);
  return { ...built, events, text, names };
}

/** An app that takes these steps with the app to install, and exits with the last status. */
const taking = (steps: readonly Step[], payload: Uint8Array): Uint8Array =>
  tbf(installer(steps, payload, "exit"), { name: "installer", totalSize: 0x8000 });

const fresh = (options: AppOptions = {}): Uint8Array =>
  sleeper("new", SIZE, { shortId: SHORT_ID, ...options });

/** Runs such an app to its end. */
function install(
  payload: Uint8Array,
  options: { steps?: readonly Step[]; on?: BoardDescription; others?: Uint8Array[] } = {},
) {
  const { steps = installing(SIZE), on = upstream, others = [] } = options;
  const running = boot(on, [taking(steps, payload), ...others]);
  running.machine.run(60 * SECOND);
  const status = eventsOf(running.events, "processExited").find(e => e.process === 0);
  const notices = eventsOf(running.events, "notice").map(({ text }) => text);
  return { ...running, status: status?.completionCode, notices };
}

const loaderTab = "examples/loader/loader.tab";
const loaderTbf = readTab(readFileSync(loaderTab), loaderTab).binaries[0]!.bytes;

describe("an app that installs apps", () => {
  for (const on of [upstream, everything, staged])
    it(`on ${on === staged ? "a board with a second flash chip" : on.name}: the new app runs, is unloaded, and comes back at the next boot`, () => {
      const { machine, names, text, kernel, events } = boot(on, [loaderTbf]);
      machine.run(6 * SECOND);
      assert.match(text(), /greeter runs\ngreeter: greeting 1 .*greeter is unloaded;/s);
      assert.doesNotMatch(text(), /failed/);
      assert.deepEqual(names(), ["loader"]);
      const created = eventsOf(events, "processCreated").find(e => e.name === "greeter");
      assert.deepEqual([created?.process, created?.restart], [1, false]);
      machine.requestReset();
      machine.run(machine.clock.now + SECOND / 100);
      assert.deepEqual(names(), ["loader", "greeter"]);
      assert.equal(kernel.halted, false);
    });

  it("gets the filter's error where the board filters and its header does not permit it", () => {
    const elf = parseElf(readFileSync("examples/loader/loader.elf"), "loader.elf");
    const commands = (driver: number) => [0, 1, 2, 3, 4, 5, 6].map(n => [driver, n] as const);
    const permissions = groupPermissions([...commands(0), ...commands(1)]);
    const kernelVersion = { major: 2, minor: 1 };
    const { tbf: app } = pack(elf, { name: "loader", kernelVersion, permissions });
    const { machine, text } = boot(everything, [app]);
    machine.run(SECOND);
    assert.equal(text(), "loader: this app may not install apps: 11\n");
  });

  it("has its app started under the policies of the boot", () => {
    const { status, names, kernel } = install(fresh());
    assert.equal(status, 0);
    assert.deepEqual(names(), ["installer", "new"]);
    assert.equal(kernel.process(1).shortId, SHORT_ID);
    assert.equal(kernel.process(1).state, "Yielded");
  });

  it("is told FAIL of an app without the credentials that the board asks for", () => {
    // The installer itself is of another kind: nothing but SHA-256 is asked for, and it has none.
    const { names } = install(fresh(), { on: variant({ credentials: sha256Credentials }) });
    assert.deepEqual(names(), []);
    const lax = { ...sha256Credentials, requireCredentials: false };
    const forged = credentialed(fresh());
    const { status, notices } = install(forged, { on: variant({ credentials: lax }) });
    assert.equal(status, 1);
    assert.match(notices.join(), /Credential 0 rejected/);
  });

  it("is told NOMEM, INVAL or FAIL when no process can be made", () => {
    assert.equal(install(fresh({ minimumRamSize: 0x40000 })).status, 9);
    assert.equal(install(fresh({ enabled: false })).status, 1);
    assert.equal(install(fresh({ kernelVersion: { major: 3, minor: 0 } })).status, 1);
    const odd = sleeper("new", 0x1a00, { shortId: SHORT_ID });
    assert.equal(install(odd, { steps: installing(0x1a00) }).status, 6);
    const others = Array.from({ length: 7 }, (_, i) => sleeper(`other${i}`, 512));
    assert.equal(install(fresh(), { others }).status, 1);
  });

  it("is told success of an app whose ShortId runs already, though nothing is started", () => {
    const others = [sleeper("there", 512, { shortId: SHORT_ID })];
    const { status, names, notices } = install(fresh(), { others });
    assert.equal(status, 0);
    assert.deepEqual(names(), ["installer", "there"]);
    assert.match(notices.join(), /"new" at .* was not loaded: process 1 is the same app/);
  });

  it("gives an unloaded process's slot to the next, but not its RAM", () => {
    const steps = [...installing(SIZE), { unload: SHORT_ID }, ...installing(SIZE)];
    const { events, kernel } = install(fresh(), { steps });
    const created = eventsOf(events, "processCreated").filter(({ name }) => name === "new");
    assert.deepEqual(
      created.map(({ process }) => process),
      [1, 1],
    );
    assert.ok(created[1]!.pid > created[0]!.pid);
    assert.ok(kernel.process(1).memory.start >= kernel.process(0).memory.end + 4096);
  });

  it("does not disturb an app that runs in a page that is written meanwhile", () => {
    const busy = tbf(program().spin(), { name: "busy", totalSize: 1024 });
    const app = taking(installing(1024), sleeper("new", 1024));
    const { machine, kernel, names } = boot(upstream, [app, busy]);
    machine.run(2 * SECOND);
    assert.equal(kernel.halted, false);
    assert.deepEqual(names(), ["installer", "busy", "new"]);
    assert.equal(kernel.process(2).flash.start, kernel.process(1).flash.end);
  });

  it("may unload itself, and others run on", () => {
    const own = tbf(program().command(APP_LOADER, 6, SHORT_ID).yieldWait(), {
      name: "own",
      shortId: SHORT_ID,
    });
    const { machine, names, kernel } = boot(upstream, [own, sleeper("other", 512)]);
    machine.run(SECOND);
    assert.deepEqual(names(), ["other"]);
    assert.equal(kernel.process(1).state, "Yielded");
    machine.load(machine.save());
    machine.run(2 * SECOND);
    assert.deepEqual(names(), ["other"]);
  });

  it("installs the same when the board is saved and loaded between any two steps", () => {
    const app = taking(installing(SIZE), fresh());
    const once = boot(upstream, [app]);
    once.machine.run(6 * SECOND);
    const saved = boot(upstream, [app]);
    for (let at = SECOND / 8; at <= 6 * SECOND; at += SECOND / 8) {
      saved.machine.run(at);
      const state = saved.machine.save();
      saved.machine.run(at + SECOND / 16);
      saved.machine.load(state);
    }
    assert.deepEqual(saved.machine.save(), once.machine.save());
    assert.deepEqual(saved.names(), ["installer", "new"]);
  });

  it("does no harm to another app and leaves a board that boots, whatever it asks for", () => {
    const size = fc.constantFrom(512, 1024, SIZE, 8192, 777, 0x100000);
    const step = fc.oneof(
      size.map(setup => ({ setup })),
      fc.record({
        write: fc.constantFrom(0, 4, 8, 512, 1024, SIZE - 512, SIZE, 0xfffffff0),
        length: fc.constantFrom(0, 4, 8, 512, SIZE),
      }),
      fc.constantFrom({ unload: SHORT_ID }, { unload: 5 }, { unload: 0 }),
      fc.constantFrom("finalize" as const, "load" as const, "abort" as const),
    );
    const steps = fc.array(step, { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(steps, list => {
        const other = sleeper("other", 0x1000);
        const app = tbf(installer(list, fresh()), { name: "installer", totalSize: 0x8000 });
        const { machine, kernel, names } = boot(upstream, [app, other]);
        machine.run(5 * SECOND);
        assert.deepEqual(machine.memory.readBytes(0x48000, 0x1000), other);
        assert.equal(kernel.process(1).state, "Yielded");
        machine.requestReset();
        machine.run(machine.clock.now + SECOND / 100);
        assert.deepEqual(names().slice(0, 2), ["installer", "other"]);
      }),
      { numRuns: 60 },
    );
  });

  it("does no harm with a forged header either", () => {
    const number = fc.oneof(fc.nat(2 * SIZE), fc.constantFrom(0xffffffff, 0x80000000, 0x40000));
    const fields = fc.record(
      {
        initFunctionOffset: number,
        protectedTrailerSize: number,
        minimumRamSize: number,
        binaryEndOffset: number,
        fixedAddressRam: fc.constantFrom(0x20000000, 0x20010000, 0x40000000),
        fixedAddressFlash: fc.constantFrom(0, 0x48000, 0xfffffff0),
        writeableFlashRegions: fc.array(fc.record({ offset: number, size: number })),
      },
      { requiredKeys: [] },
    );
    const on = variant({ faultPolicy: stopFaultPolicy });
    fc.assert(
      fc.property(fields, forged => {
        const other = sleeper("other", 0x1000);
        const { machine, kernel, names, status } = install(fresh(forged), { on, others: [other] });
        assert.equal(typeof status, "number");
        assert.deepEqual(machine.memory.readBytes(0x48000, 0x1000), other);
        assert.equal(kernel.process(1).state, "Yielded");
        machine.requestReset();
        machine.run(machine.clock.now + SECOND / 100);
        assert.deepEqual(names().slice(0, 2), ["installer", "other"]);
        assert.equal(kernel.halted, false);
      }),
      { numRuns: 100 },
    );
  });
});

/** A TBF whose SHA-256 is not its own. */
function credentialed(app: Uint8Array): Uint8Array {
  const forged = app.slice();
  const end = new DataView(forged.buffer).getUint32(16 + 16 + 4 + 12, true);
  forged.set([128, 0, 36, 0, 3, 0, 0, 0], end);
  return forged;
}
