// Power fails at every change of a flash page, be it erased or written, while an app installs, gives up or unloads apps through
// driver 0x10001; and again at every change with which the next boot mends that. The board is built anew over the flash of that
// instant: it boots, the list of apps can be walked, and all other apps are intact and run.
import assert from "node:assert/strict";
import { parseTbfHeaderLengths } from "../../emulator/formats/tbf.js";
import type { BoardDescription, TraceEvent } from "../../emulator/index.js";
import { program, tbf } from "../emulator/guest.js";
import { installer, installing, type Step, sleeper } from "../emulator/installer.js";
import { staged, upstream } from "../emulator/installing-boards.js";

/** The same on every board here. */
const APP_FLASH = upstream.appFlash;
const PADDING_HEADER_SIZE = 16;
const SHORT_ID = 0x77;
const SECOND = 64_000_000;

interface Scenario {
  name: string;
  steps: readonly Step[];
  /** Apps beside the one that installs; each lies at a multiple of its size. */
  others: readonly Uint8Array[];
  /** What is installed. */
  size: number;
  /** Upstream's unless given. */
  board?: BoardDescription;
}

const near = sleeper("near", 4096);
const far = sleeper("far", 0x10000);

const scenarios: readonly Scenario[] = [
  { name: "behind the last app", steps: installing(4096), others: [near], size: 4096 },
  { name: "padding before it", steps: installing(8192), others: [near], size: 8192 },
  { name: "padding behind it", steps: installing(4096), others: [near, far], size: 4096 },
  { name: "padding on both sides", steps: installing(8192), others: [near, far], size: 8192 },
  {
    name: "given up, then installed in the same gap",
    steps: [...installing(8192).slice(0, 6), "abort", ...installing(8192)],
    others: [near, far],
    size: 8192,
  },
  {
    name: "given up at once",
    steps: [{ setup: 8192 }, "abort"],
    others: [near, far],
    size: 8192,
  },
  {
    name: "installed, unloaded and installed again",
    steps: [...installing(4096), { unload: SHORT_ID }, ...installing(4096)],
    others: [near, far],
    size: 4096,
  },
  {
    name: "in the page of another app",
    steps: installing(1024),
    others: [near, sleeper("small", 1024), sleeper("tiny", 512)],
    size: 1024,
  },
  {
    name: "the header written first, right behind another app",
    steps: installing(4096, true),
    others: [near, far],
    size: 4096,
  },
  {
    name: "the header written first",
    steps: installing(8192, true),
    others: [near, far],
    size: 8192,
  },
  {
    name: "the header written first, by way of a second flash chip",
    steps: installing(8192, true),
    others: [near, far],
    size: 8192,
    board: staged,
  },
  {
    name: "given up, then installed by way of a second flash chip",
    steps: [...installing(8192).slice(0, 6), "abort", ...installing(8192, true)],
    others: [near, far],
    size: 8192,
    board: staged,
  },
];

interface Cut {
  step: "erase" | "write";
  flash: Uint8Array;
}

/** An app that faults unless nearly all of it is there. */
function wholeOnly(totalSize: number): Uint8Array {
  const code = program();
  for (let i = 0; i < totalSize / 2 - 128; i++) code.halfwords(0xbf00); // nop
  code.label("again").yieldWait().branch("again");
  return tbf(code, { name: "new", totalSize, shortId: SHORT_ID, minimumRamSize: 2048 });
}

/** Flash as it was when each page had been changed. */
function cutsOf({ steps, others, size, board = upstream }: Scenario): {
  before: Uint8Array;
  cuts: Cut[];
} {
  const payload = wholeOnly(size);
  const app = tbf(installer(steps, payload), { name: "installer", totalSize: 0x4000 });
  const cuts: Cut[] = [];
  const listen = (event: TraceEvent) => {
    if (event.type !== "output" || event.device !== "flash") return;
    const { step } = event.value as unknown as Cut;
    cuts.push({ step, flash: flashOf() });
  };
  const { machine, kernel } = board.build({ apps: [app, ...others], listen });
  const { address, size: length } = machine.memory.map.flash;
  const flashOf = () => machine.memory.readBytes(address, length);
  const before = flashOf();
  machine.run(60 * SECOND);
  assert.equal(kernel.halted, false);
  return { before, cuts };
}

interface Listed {
  start: number;
  end: number;
}

/** The list of TBFs up to where it ends. */
function walk(flash: Uint8Array): Listed[] {
  const listed: Listed[] = [];
  let at = APP_FLASH.address;
  for (;;) {
    const lengths = parseTbfHeaderLengths(flash.subarray(at));
    if (lengths.error) {
      assert.equal(lengths.error.kind, "UnableToParse");
      return listed;
    }
    const end = at + lengths.value.totalSize;
    assert.ok(end <= APP_FLASH.address + APP_FLASH.size);
    listed.push({ start: at, end });
    at = end;
  }
}

interface Booted {
  names: string[];
  halted: boolean;
  /** Flash behind the boot. */
  flash: Uint8Array;
  /** Flash at every change that the boot made, the last one excepted. */
  cuts: Uint8Array[];
}

/** A boot over this flash. */
function bootOver(before: Uint8Array): Booted {
  const { address, size } = { address: 0, size: before.length };
  const changes: Uint8Array[] = [];
  const { machine, kernel } = upstream.build({
    listen(event) {
      if (event.type === "output" && event.device === "flash") changes.push(flashOf());
    },
  });
  const flashOf = () => machine.memory.readBytes(address, size);
  machine.memory.writeBytes(address, before);
  machine.requestReset();
  machine.run(machine.clock.now + SECOND / 100);
  const alive = kernel.processes.filter(({ state }) => /^(Yielded|Running)/.test(state));
  const names = alive.map(({ name }) => name);
  return { names, halted: kernel.halted, flash: flashOf(), cuts: changes.slice(0, -1) };
}

/** An app that was there before anything was installed. */
interface Other extends Listed {
  name: string;
}

function othersIn(flash: Uint8Array): Other[] {
  const { names } = bootOver(flash);
  const isApp = ({ start }: Listed) => flash[start + 2] !== PADDING_HEADER_SIZE;
  const listed = walk(flash).filter(isApp);
  assert.equal(listed.length, names.length);
  return listed.map((range, i) => ({ ...range, name: names[i] as string }));
}

/** After a failure of power over this flash everything else is as it was before; the boot that shows it. */
function check(before: Uint8Array, others: readonly Other[], flash: Uint8Array): Booted {
  const booted = bootOver(flash);
  const seen = walk(booted.flash).map(({ start }) => start);
  for (const { start, end } of others) {
    assert.deepEqual(booted.flash.subarray(start, end), before.subarray(start, end));
    assert.ok(seen.includes(start));
  }
  assert.equal(booted.halted, false);
  assert.deepEqual(
    booted.names.filter(name => name !== "new"),
    others.map(({ name }) => name),
  );
  return booted;
}

describe("power loss while apps are installed", () => {
  const count = { erase: 0, write: 0, mending: 0 };
  after(() => {
    console.log(
      `      power was cut at ${count.write + count.erase} points: ${count.erase} between erasing and writing a page, ` +
        `${count.write} after one was written, and at ${count.mending} while a boot mended what was cut short`,
    );
  });

  for (const scenario of scenarios)
    it(`${scenario.name}: whatever was cut short, all other apps are whole and run`, function () {
      this.timeout(240_000);
      const { before, cuts } = cutsOf(scenario);
      assert.ok(cuts.length > 0);
      const others = othersIn(before);
      for (const { flash, step } of cuts) {
        const booted = check(before, others, flash);
        count[step]++;
        for (const again of booted.cuts) {
          const { flash: mended } = check(before, others, again);
          assert.deepEqual(mended, booted.flash);
          count.mending++;
        }
      }
      const last = cuts.at(-1)!.flash;
      const gaveUp = scenario.steps.at(-1) === "abort";
      assert.equal(bootOver(last).names.includes("new"), !gaveUp);
    });
});
