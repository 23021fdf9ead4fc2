import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Debugging, lineOf, sourceOf, tabOf } from "./debugging.js";

interface Row {
  capability: string;
  /** `yes` and `no` of what is declared, `used` of what the client declares. */
  kind: string;
  text: string;
}

function rowsOfTable(): Row[] {
  const lines = readFileSync("docs/dap.md", "utf8").split("\n");
  return lines.flatMap(line => {
    const [, capability, kind, text] = /^\| `(\w+)` \| (yes|no|used) \| (.+) \|$/.exec(line) ?? [];
    if (capability === undefined || kind === undefined || text === undefined) return [];
    return [{ capability, kind, text }];
  });
}

/** Titles of all tests, as their sources write them. */
function titles(): Set<string> {
  const files = readdirSync("test", { recursive: true, encoding: "utf8" });
  const found = files
    .filter(file => file.endsWith(".test.ts"))
    .flatMap(file => {
      const text = readFileSync(join("test", file), "utf8");
      return [...text.matchAll(/\bit\(\s*"((?:\\.|[^"\\])*)"/g)].map(match => match[1] ?? "");
    });
  return new Set(found);
}

describe("docs/dap.md", () => {
  it("declares what initialize declares, no more and no less", async () => {
    const client = new Debugging();
    const declared = await client.request("initialize", { adapterID: "tock" });
    const rows = rowsOfTable();
    assert.ok(rows.length > 30);
    const yes = rows.filter(row => row.kind === "yes").map(row => row.capability);
    assert.deepEqual(yes.sort(), Object.keys(declared).sort());
    assert.equal(new Set(rows.map(row => row.capability)).size, rows.length);
  });

  it("names tests that exist", () => {
    const known = titles();
    for (const { kind, text } of rowsOfTable()) {
      if (kind !== "no") assert.ok(known.has(text), `there is no test "${text}"`);
    }
  });
});

describe("capabilities", () => {
  const stopped = async () => {
    const client = new Debugging();
    const line = lineOf("locals", "fresh->key = key;");
    await client.start(
      { apps: [tabOf("locals"), tabOf("locals")] },
      { [sourceOf("locals")]: [line] },
    );
    await client.stopped();
    return client;
  };

  it("terminate ends the program and tells so", async () => {
    const client = await stopped();
    await client.request("terminate");
    assert.deepEqual(await client.event("exited"), { exitCode: 0 });
    await client.event("terminated");
  });

  it("a hover evaluates in the frame that it is asked in, and changes nothing", async () => {
    const client = await stopped();
    const [top, caller] = await client.stack(1);
    assert.match(await client.evaluate("fresh->left", top?.id, "hover"), /^0x0/);
    assert.equal(await client.evaluate("day", caller?.id, "hover"), "1");
    await assert.rejects(client.evaluate("day", top?.id, "hover"));
    await assert.rejects(client.evaluate("day = 3", caller?.id, "hover"));
  });

  it("loadedSources lists each source of each app once", async () => {
    const client = await stopped();
    const { sources } = await client.request<{ sources: { path: string }[] }>("loadedSources");
    const paths = sources.map(source => source.path);
    assert.ok(paths.includes(sourceOf("locals")));
    assert.equal(new Set(paths).size, paths.length);
  });

  it("a stack is given in parts, and tells how many frames there are", async () => {
    const client = await stopped();
    const whole = await client.stack(1);
    const part = await client.request<{ stackFrames: { name: string }[]; totalFrames: number }>(
      "stackTrace",
      { threadId: 1, startFrame: 1, levels: 1 },
    );
    assert.equal(part.totalFrames, whole.length);
    assert.deepEqual(
      part.stackFrames.map(frame => frame.name),
      ["main"],
    );
  });

  it("what an app prints keeps its colours, and a value never commands the terminal", async () => {
    const client = new Debugging();
    const line = lineOf("locals", "report(slot);");
    await client.start({ apps: [tabOf("locals")] }, { [sourceOf("locals")]: [line] });
    await client.stopped();
    const [top] = await client.stack(1);
    const red = "\u001b[31mPa";
    for (const [i, letter] of [...red].entries())
      await client.evaluate(`station.name[${i}] = ${letter.charCodeAt(0)}`, top?.id, "repl");
    assert.equal(await client.evaluate("station.name", top?.id), '"\\033[31mPato"');
    await client.run("continue", 1);
    assert.ok(client.output("stdout").includes("\u001b[31mPato 1: "));
  });

  it("lines and columns count from where the client counts", async () => {
    const line = lineOf("locals", "fresh->key = key;");
    for (const first of [0, 1]) {
      const counts = { linesStartAt1: first === 1, columnsStartAt1: first === 1 };
      const client = new Debugging(counts);
      await client.start({ apps: [tabOf("locals")] }, { [sourceOf("locals")]: [line - 1 + first] });
      await client.stopped();
      const [top] = await client.stack(1);
      assert.equal(top?.line, line - 1 + first);
      assert.equal(top?.column, 16 + first - 1);
    }
  });
});
