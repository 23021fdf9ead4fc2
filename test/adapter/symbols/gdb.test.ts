// What gdb says of the examples: where breakpoints lie, and at ten stops and more the stack, the scopes and the values.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { DwarfSymbols } from "../../../adapter/symbols/table.js";
import { parseElf } from "../../../emulator/formats/elf.js";
import { requireTool } from "../../tools.js";
import { type PlainFrame, type Stop, stopsOf } from "./gdb-oracle.js";

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

/** gdb shows in a caller what a register holds now, where we say that its value is lost. */
function assertSameVariables(ours: PlainFrame, gdbs: PlainFrame, where: string): number {
  const names = (frame: PlainFrame) => Object.keys(frame.variables).sort();
  assert.deepEqual(names(ours), names(gdbs), where);
  const kept = Object.entries(ours.variables).filter(([, value]) => value !== "lost");
  for (const [name, value] of kept)
    assert.deepEqual(value, gdbs.variables[name], `${where} ${name}`);
  return kept.length;
}

describe("at ten stops and more gdb sees the same", () => {
  for (const name of ["blink", "crash", "grants", "hello", "locals"]) {
    describe(`in ${name}:`, () => {
      let stops: readonly Stop[];
      before(async function () {
        requireTool(this, "gdb-multiarch");
        const folder = `${process.cwd()}/examples/${name}/${name}`;
        const files = { tab: `${folder}.tab`, elf: `${folder}.elf` };
        stops = await stopsOf({ ...files, stops: 20, stride: 3, button: "button0" });
        assert.ok(stops.length >= 10, `${stops.length} stops`);
      });

      it("functions and lines of the whole stack", () => {
        for (const { ours, gdbs } of stops) assert.deepEqual(placesOf(ours), placesOf(gdbs));
        assert.ok(stops.some(({ ours }) => ours.length >= 4));
      });

      it("variables of every frame, and their values", () => {
        let compared = 0;
        for (const [at, { ours, gdbs }] of stops.entries()) {
          for (const [depth, frame] of ours.entries()) {
            const where = `stop ${at}, frame ${depth}, ${frame.name}:${frame.line}`;
            compared += assertSameVariables(frame, gdbs[depth] as PlainFrame, where);
          }
        }
        assert.ok(compared >= 100, `${compared} values`);
      });
    });
  }
});
