// What gdb says of the examples: where breakpoints lie, and at ten stops and more the stack, the scopes and the values.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join, sep } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { parseInput, type ScriptedInput } from "../../../adapter/inputs.js";
import { DwarfSymbols } from "../../../adapter/symbols/table.js";
import { parseElf } from "../../../emulator/formats/elf.js";
import { requireTool } from "../../tools.js";
import { NO_ENTRY_VALUE, type PlainFrame, stopsOf } from "./gdb-oracle.js";
import { stopsOfRiscv } from "./riscv-oracle.js";

/** Addresses of breakpoints at each of `places`, as linked; nothing where gdb sets none. */
function breakpointsOfGdb(elf: string, places: readonly string[]): Map<string, number[]> {
  const set = places.flatMap(place => ["-ex", `echo @@${place}@\\n`, "-ex", `break ${place}`]);
  const text = execFileSync(
    "gdb-multiarch",
    ["-nx", "-batch", "-ex", "set width 0", "-ex", "set breakpoint pending off", ...set, elf],
    { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"], maxBuffer: 1 << 24 },
  );
  return new Map(
    text
      .split("@@")
      .slice(1)
      .map(part => {
        const [place = "", said = ""] = part.split("@\n");
        const addresses = [...said.matchAll(/^Breakpoint \d+ at 0x([0-9a-f]+)(?:: file.*|)$/gm)];
        return [place, addresses.map(match => Number.parseInt(match[1] as string, 16) & ~1)];
      }),
  );
}

describe("breakpoints beside gdb's", () => {
  for (const name of ["locals", "grants", "crash"]) {
    it(`in ${name} lie at the same addresses`, function () {
      requireTool(this, "gdb-multiarch");
      const file = `examples/${name}/${name}.elf`;
      const symbols = new DwarfSymbols(parseElf(readFileSync(file), file));
      const path = symbols.files.find(f => f.endsWith(`${name}/main.c`)) ?? "";
      const count = readFileSync(`examples/${name}/main.c`, "utf8").split("\n").length;
      const ours = new Map<string, readonly number[]>();
      for (let line = 1; line <= count; line++) {
        const found = symbols.addressesOf(path, line);
        // gdb puts no breakpoint on a line before a function; we slide to it.
        if (found?.line === line) ours.set(`main.c:${line}`, found.addresses);
      }
      for (const f of ["main", "printf", "memcpy", "_start"]) {
        ours.set(
          f,
          symbols.functionsNamed(f).map(found => found.afterPrologue),
        );
      }
      const theirs = breakpointsOfGdb(file, [...ours.keys()]);
      let compared = 0;
      for (const [place, addresses] of ours) {
        const expected = theirs.get(place) ?? [];
        // Of several locations gdb prints only the first.
        if (expected.length === 0) continue;
        assert.deepEqual(
          addresses.map(address => address >>> 0),
          expected.map(address => address >>> 0),
          place,
        );
        compared++;
      }
      assert.ok(compared > 10);
    });
  }
});

/** Above it gdb finds what nobody called. */
const OUTERMOST = "_start";

const placesOf = (frames: readonly PlainFrame[]): string[] => {
  const places = frames.map(({ name, line }) => `${name}:${line}`);
  const end = frames.findIndex(({ name }) => name === OUTERMOST);
  return end < 0 ? places : places.slice(0, end + 1);
};

/**
 * Variables of a frame that gdb shows otherwise, and how many are the same. Left out are those of a caller that we call
 * lost, as gdb shows what their register holds now, and values at entry that only we find.
 */
function compareVariables(ours: PlainFrame, gdbs: PlainFrame) {
  const compared = { same: 0, onlyOurs: 0, other: [] as string[] };
  for (const name of new Set([ours, gdbs].flatMap(({ variables }) => Object.keys(variables)))) {
    const [mine, theirs] = [ours.variables[name], gdbs.variables[name]];
    if (mine === "lost") continue;
    if (theirs === NO_ENTRY_VALUE && mine !== "optimized out") compared.onlyOurs++;
    else if (theirs === NO_ENTRY_VALUE || isDeepStrictEqual(mine, theirs)) compared.same++;
    else compared.other.push(`${name}: ${JSON.stringify(mine)}, gdb ${JSON.stringify(theirs)}`);
  }
  return compared;
}

/** Apps of a folder run together, but for those that have nothing to do with each other. */
interface Example {
  name: string;
  tabs: readonly string[];
  which: number;
}

const filesBelow = (folder: string, extension: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter(path => path.endsWith(extension))
    .filter(path => !path.split(sep).includes("build"))
    .map(path => join(folder, path))
    .sort();

/** gdb 13 has names of its own for methods of traits, and ends itself over values in pieces of optimised Rust. */
const IN_RUST = /^examples.crash.rust/;

const examples: readonly Example[] = readdirSync("examples", { withFileTypes: true })
  .filter(entry => entry.isDirectory())
  .flatMap(({ name }) => {
    const tabs = filesBelow(`examples/${name}`, ".tab").filter(file => !IN_RUST.test(file));
    const together = ["crash", "lessons", "tests"].includes(name) ? tabs.map(tab => [tab]) : [tabs];
    return together.flatMap(group =>
      group.map((tab, which) => ({ name: basename(tab, ".tab"), tabs: group, which })),
    );
  });

/** What the user does; for a driver's test it is in NAME.input, with options of `run` that change nothing here. */
function inputsOf({ name, tabs, which }: Example): ScriptedInput[] {
  const file = tabs[which]?.replace(/tab$/, "input") ?? "";
  const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n") : (INPUTS[name] ?? []);
  return lines.filter(line => line && !line.startsWith("--")).map(parseInput);
}

const INPUTS: Readonly<Record<string, readonly string[]>> = {
  crash: ["1s:console=n"],
  grants: ["1.5s:button2=down", "1.6s:button2=up", "2.5s:console=q"],
  hostile: ["1s:console=ov", "2s:console=ik", "3s:console=rv"],
  victim: ["1s:button0=down"],
};

/** An ELF without a TAB has no process that registers could be of. */
const WITHOUT_PROCESS = /^examples.bare./;

/** Evenly spread over the life of an app; some come to fewer lines before they crash. */
const STOPS = 20;
const FEWEST_STOPS = 10;

describe("at twenty stops gdb sees the same", () => {
  const sum = { stops: 0, frames: 0, values: 0, onlyOurs: 0 };

  it("every ELF below examples/ is looked at, is in Rust, or has no process", () => {
    const elfs = filesBelow("examples", ".elf").filter(
      file => !WITHOUT_PROCESS.test(file) && !IN_RUST.test(file),
    );
    const lookedAt = examples.map(({ tabs, which }) => tabs[which]?.replace(/tab$/, "elf"));
    assert.deepEqual(elfs, lookedAt.sort());
    for (const name of Object.keys(INPUTS))
      assert.ok(
        examples.some(e => e.name === name),
        name,
      );
  });

  for (const example of examples) {
    it(`in ${example.name}: functions, lines and variables of the whole stack`, async function () {
      requireTool(this, "gdb-multiarch");
      const stops = await stopsOf({ ...example, stops: STOPS, inputs: inputsOf(example) });
      const differences: string[] = [];
      let values = 0;
      for (const [at, { ours, gdbs }] of stops.entries()) {
        const [places, expected] = [placesOf(ours), placesOf(gdbs)].map(p => p.join(" < "));
        if (places !== expected) differences.push(`stop ${at}: ${places}; gdb ${expected}`);
        for (const [depth, frame] of ours.entries()) {
          const { same, onlyOurs, other } = compareVariables(frame, gdbs[depth] ?? frame);
          const where = `stop ${at}, frame ${depth}, ${frame.name}:${frame.line}`;
          differences.push(...other.map(text => `${where} ${text}`));
          values += same;
          sum.onlyOurs += onlyOurs;
        }
        sum.frames += ours.length;
      }
      assert.deepEqual(differences, []);
      assert.ok(stops.length >= FEWEST_STOPS, `${stops.length} stops`);
      assert.ok(Math.max(...stops.map(({ ours }) => ours.length)) >= 5, "a stack of five calls");
      assert.ok(values >= 100, `${values} values`);
      sum.stops += stops.length;
      sum.values += values;
    });
  }

  after(() => {
    if (sum.stops === 0) return;
    const { stops, frames, values, onlyOurs } = sum;
    console.log(
      `      ${examples.length} apps, ${stops} stops, ${frames} frames, ${values} values; ${onlyOurs} values at entry that gdb does not find`,
    );
    assert.ok(onlyOurs < values / 500);
  });
});

const RECURSION = 2;

describe("an app for RISC-V beside gdb", () => {
  it("has the same stacks, scopes and values at stops on the way to each of its crashes", function () {
    this.timeout(120_000);
    requireTool(this, "gdb-multiarch");
    const counts = { stops: 0, frames: 0, values: 0 };
    for (let which = 1; which <= 16; which++) {
      for (const { ours, gdbs } of stopsOfRiscv(which, 37)) {
        // Where no code is, the address is the name.
        const places = placesOf(ours).map(place => place.replace(/^0x[0-9a-f]+:/, ":"));
        // gdb follows a return address that was overwritten to where nothing is.
        const theirs = placesOf(gdbs).filter((place, i) => i === 0 || place !== ":0");
        assert.deepEqual(places, theirs, `crash ${which}`);
        counts.stops++;
        for (const [depth, frame] of ours.entries()) {
          const gdb = gdbs[depth];
          if (gdb === undefined) break;
          const { same, other } = compareVariables(frame, gdb);
          // How often a recursion has come back gdb works out over more than eight calls.
          if (which !== RECURSION)
            assert.deepEqual(other, [], `crash ${which}, ${frame.name}:${frame.line}`);
          counts.frames++;
          counts.values += same;
        }
      }
    }
    assert.ok(counts.stops > 100 && counts.values > 200, JSON.stringify(counts));
  });
});
