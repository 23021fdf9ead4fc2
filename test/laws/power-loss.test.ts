// Power fails at every change of a flash page while an app installs, gives up or unloads apps through driver 0x10001. The
// board is built anew over the flash of that instant.
//
// A page is erased and then written. After every write the list of apps can be walked and all other apps run. Between the two
// a real board has lost what the page held: an app that lies there, or the header from which the next app is found; the apps
// behind that are whole but not seen. So it is with upstream's kernel.
import assert from "node:assert/strict";
import { parseTbfHeaderLengths } from "../../emulator/formats/tbf.js";
import type { BoardDescription, TraceEvent } from "../../emulator/index.js";
import { tbf } from "../emulator/guest.js";
import { installer, installing, type Step, sleeper } from "../emulator/installer.js";
import { staged, upstream } from "../emulator/installing-boards.js";

/** The same on every board here. */
const APP_FLASH = upstream.appFlash;
const PAGE = 4096;
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
  /** The new app lies in a page with another one. */
  sharesPages?: true;
  /** Half an app may be run at boot: nothing but other apps' bytes and the list is asked for. */
  halfAppsRun?: true;
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
    sharesPages: true,
  },
  {
    name: "the header written first",
    steps: installing(8192, true),
    others: [near, far],
    size: 8192,
    halfAppsRun: true,
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
  page: number;
  flash: Uint8Array;
}

/** Flash as it was when each page had been changed. */
function cutsOf({ steps, others, size, board = upstream }: Scenario): {
  before: Uint8Array;
  cuts: Cut[];
} {
  const payload = sleeper("new", size, { shortId: SHORT_ID, minimumRamSize: 2048 });
  const app = tbf(installer(steps, payload), { name: "installer", totalSize: 0x4000 });
  const cuts: Cut[] = [];
  const listen = (event: TraceEvent) => {
    if (event.type !== "output" || event.device !== "flash") return;
    const { step, page } = event.value as unknown as Cut;
    cuts.push({ step, page, flash: flashOf() });
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

/** Names of the processes after a boot over this flash. */
function bootOver(flash: Uint8Array): { names: string[]; halted: boolean } {
  const { machine, kernel } = upstream.build();
  machine.memory.writeBytes(machine.memory.map.flash.address, flash);
  machine.requestReset();
  machine.run(machine.clock.now + SECOND / 100);
  const alive = kernel.processes.filter(({ state }) => /^(Yielded|Running)/.test(state));
  return { names: alive.map(({ name }) => name), halted: kernel.halted };
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

/** What a cut did to the apps that were there before. */
function check(
  { before, others }: { before: Uint8Array; others: readonly Other[] },
  { flash, step, page }: Cut,
  halfAppsRun: boolean,
): { hidden: boolean; lost: boolean } {
  const seen = walk(flash).map(({ start }) => start);
  const erased = { start: page * PAGE, end: (page + 1) * PAGE };
  const isLost = ({ start, end }: Listed) =>
    step === "erase" && start < erased.end && end > erased.start;
  const isHidden = ({ start }: Listed) => !seen.includes(start);
  for (const other of others) {
    const { start, end } = other;
    if (isLost(other)) continue;
    assert.deepEqual(flash.subarray(start, end), before.subarray(start, end));
    // Only what lies behind a page that is being written can be out of sight.
    if (isHidden(other)) assert.ok(step === "erase" && start >= erased.end);
  }
  const { names, halted } = bootOver(flash);
  const expected = others.filter(other => !isLost(other) && !isHidden(other));
  if (!halfAppsRun) {
    assert.equal(halted, false);
    assert.deepEqual(
      names.filter(name => name !== "new"),
      expected.map(({ name }) => name),
    );
  }
  return { hidden: others.some(isHidden), lost: others.some(isLost) };
}

describe("power loss while apps are installed", () => {
  const count = { write: 0, erase: 0, hidden: 0, lost: 0 };
  after(() => {
    console.log(
      `      power was cut at ${count.write + count.erase} points: ${count.write} after a page was written, ` +
        `${count.erase} between erasing and writing one; of these ${count.hidden} with apps out of sight, ` +
        `${count.lost} with an app lost that shares the page`,
    );
  });

  for (const scenario of scenarios)
    it(`${scenario.name}: after every page all other apps are whole and run`, function () {
      this.timeout(120_000);
      const { before, cuts } = cutsOf(scenario);
      assert.ok(cuts.length > 0);
      const others = othersIn(before);
      for (const cut of cuts) {
        const { hidden, lost } = check({ before, others }, cut, scenario.halfAppsRun ?? false);
        count[cut.step]++;
        if (hidden) count.hidden++;
        if (lost) count.lost++;
        assert.ok(!lost || scenario.sharesPages);
      }
      const last = cuts.at(-1)!.flash;
      const gaveUp = scenario.steps.at(-1) === "abort";
      assert.equal(bootOver(last).names.includes("new"), !gaveUp);
    });
});
