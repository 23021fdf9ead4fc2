import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Breakpoints, type WantedBreakpoint } from "../../adapter/breakpoints.js";
import { DwarfSymbols } from "../../adapter/symbols/table.js";
import { parseElf } from "../../emulator/index.js";
import { Debugging, lineOf, sourceOf, tabOf } from "./debugging.js";

const spots = (lines: readonly number[]): WantedBreakpoint[] =>
  lines.map(line => ({ spot: { kind: "source", path: "a.c", line } }));

describe("breakpoints", () => {
  it("share addresses in the CPU and leave it when nobody wants them", () => {
    const inCpu = new Set<number>();
    const cpu = {
      addBreakpoint: (address: number) => void inCpu.add(address),
      removeBreakpoint: (address: number) => void inCpu.delete(address),
      setWatchpoints() {},
    };
    const breakpoints = new Breakpoints(cpu, spot => {
      const line = spot.kind === "source" ? spot.line : 0;
      return { line, addresses: [line * 2] };
    });
    const [first] = breakpoints.set("source a.c", spots([8]));
    breakpoints.setTemporary([16, 20]);
    assert.deepEqual([...inCpu].sort(), [16, 20]);
    breakpoints.setTemporary([]);
    assert.deepEqual([...inCpu], [16]);
    assert.deepEqual(breakpoints.at(16), [first]);
    breakpoints.set("source a.c", []);
    assert.deepEqual([...inCpu], []);
  });

  it("a line that stays keeps its id", () => {
    const cpu = { addBreakpoint() {}, removeBreakpoint() {}, setWatchpoints() {} };
    const breakpoints = new Breakpoints(cpu, () => undefined);
    const [five] = breakpoints.set("source a.c", spots([5]));
    const after = breakpoints.set("source a.c", spots([4, 5]));
    assert.equal(after[1]?.id, five?.id);
    assert.notEqual(after[0]?.id, five?.id);
  });

  it("on a line without code moves to the next line that has some", async () => {
    const client = new Debugging();
    const comment = lineOf("locals", "// Calls itself until");
    await client.start({ apps: [tabOf("locals")], stopOnEntry: true });
    await client.stopped();
    const [bound] = await client.setBreakpoints(sourceOf("locals"), [comment]);
    assert.equal(bound?.verified, true);
    assert.ok((bound?.line ?? 0) > comment);
    const stopped = await client.run("continue", 1);
    assert.deepEqual(stopped.hitBreakpointIds, [bound?.id]);
    assert.equal(await client.where(1), `insert:${bound?.line}`);
  });

  it("on one line twice are two, each time they are set", async () => {
    const client = new Debugging();
    await client.start({ apps: [tabOf("locals")], stopOnEntry: true });
    const first = await client.setBreakpoints(sourceOf("locals"), [109, 109]);
    const second = await client.setBreakpoints(sourceOf("locals"), [109, 109]);
    assert.equal(new Set(first.map(b => b.id)).size, 2);
    assert.deepEqual(second, first);
  });

  it("in a file that no app has are unverified and say so", async () => {
    const client = new Debugging();
    await client.start({ apps: [tabOf("locals")], stopOnEntry: true });
    await client.stopped();
    const [unbound] = await client.setBreakpoints("/nowhere/other.c", [3]);
    assert.equal(unbound?.verified, false);
    assert.match(unbound?.message ?? "", /No app on the board was built from this file/);
    const [beyond] = await client.setBreakpoints(sourceOf("locals"), [9999]);
    assert.equal(beyond?.verified, false);
  });

  it("in an app that runs twice stop both processes", async () => {
    const client = new Debugging();
    const line = lineOf("locals", "station.latest  = slot;");
    await client.start(
      { apps: [tabOf("locals"), tabOf("locals")] },
      { [sourceOf("locals")]: [line] },
    );
    const seen = new Set([(await client.stopped()).threadId]);
    for (let i = 0; i < 6 && seen.size < 2; i++) {
      seen.add((await client.run("continue", 1)).threadId);
    }
    assert.deepEqual([...seen].sort(), [1, 2]);
  });

  it("in one of two apps with a main.c stop only that app", async () => {
    const client = new Debugging();
    const line = lineOf("grants", 'printf("Ready');
    await client.start(
      { apps: [tabOf("locals"), tabOf("grants")] },
      { [sourceOf("grants")]: [line] },
    );
    const stopped = await client.stopped();
    assert.equal(stopped.threadId, 2);
    assert.equal(await client.where(2), `main:${line}`);
  });

  it("of a source that was moved bind through the source map", async () => {
    const folder = mkdtempSync(join(tmpdir(), "tock-debug-"));
    for (const name of ["locals.tab", "locals.elf"]) {
      cpSync(`examples/locals/${name}`, join(folder, name));
    }
    cpSync("examples/locals/main.c", join(folder, "moved", "main.c"));
    const client = new Debugging();
    const moved = join(folder, "moved", "main.c").replaceAll("\\", "/");
    const from = unitOfMain();
    await client.start({
      apps: [
        {
          path: join(folder, "locals.tab"),
          sourceMap: { [from.replace(/\/main\.c$/, "")]: moved.replace(/\/main\.c$/, "") },
        },
      ],
      stopOnEntry: true,
    });
    await client.stopped();
    const [top] = await client.stack(1);
    assert.equal(top?.source?.path, moved);
    const [bound] = await client.setBreakpoints(moved, [lineOf("locals", "sleep_ms(100);")]);
    assert.equal(bound?.verified, true);
    rmSync(folder, { recursive: true });
  });

  it("stopOnEntry stops every app once in main, with reason entry", async () => {
    const client = new Debugging();
    await client.start({ apps: [tabOf("locals"), tabOf("grants")], stopOnEntry: true });
    for (const expected of [1, 2]) {
      const { reason, threadId } = await client.stopped();
      assert.equal(reason, "entry");
      assert.equal(threadId, expected);
      assert.match(await client.where(threadId), /^main:/);
      await client.request("continue", { threadId });
    }
  });
});

/** Path of main.c as the debug information of the example says it. */
function unitOfMain(): string {
  const path = "examples/locals/locals.elf";
  const symbols = new DwarfSymbols(parseElf(readFileSync(path), path));
  const unit = symbols.files.find(file => file.endsWith("main.c"));
  assert.ok(unit);
  return unit;
}
