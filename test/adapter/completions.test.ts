import assert from "node:assert/strict";
import { Debugging, lineOf, sourceOf, tabOf } from "./debugging.js";

const line = lineOf("locals", "station.latest  = slot;");

async function stopped() {
  const client = new Debugging();
  await client.start({ apps: [tabOf("locals")] }, { [sourceOf("locals")]: [line] });
  await client.stopped();
  const [top] = await client.stack(1);
  const complete = async (text: string) => {
    const args = { text, column: text.length + 1, frameId: top?.id };
    const body = await client.request<{
      targets: { label: string; start: number; length: number }[];
    }>("completions", args);
    return body.targets;
  };
  return { client, complete };
}

describe("completions", () => {
  it("offer variables, members behind . and ->, and registers behind $", async () => {
    const { complete } = await stopped();
    const labels = async (text: string) => (await complete(text)).map(({ label }) => label);
    assert.deepEqual(await labels("st"), ["station"]);
    assert.deepEqual(await labels("day + slot->n"), ["number"]);
    assert.deepEqual(await labels("station.history[1].s"), ["sky", "sample"]);
    assert.deepEqual(await labels("$p"), ["$pc"]);
    assert.deepEqual(await labels("nobody."), []);
  });

  it("replace the word in front of the cursor", async () => {
    const { complete } = await stopped();
    const [target] = await complete("1 + stat");
    assert.deepEqual(target, { label: "station", type: "variable", start: 5, length: 4 });
  });
});

describe("breakpointLocations", () => {
  it("are the lines of a range that have code", async () => {
    const { client } = await stopped();
    const first = lineOf("locals", "static struct node* insert(");
    const { breakpoints } = await client.request<{ breakpoints: { line: number }[] }>(
      "breakpointLocations",
      { source: { path: sourceOf("locals") }, line: first - 2, endLine: first + 5 },
    );
    const lines = breakpoints.map(b => b.line);
    assert.ok(lines.includes(first + 1) && lines.includes(first + 4), lines.join(" "));
    assert.ok(!lines.includes(first - 2) && !lines.includes(first + 5), lines.join(" "));
  });
});

describe("cancel", () => {
  it("refuses a request that still waits, and leaves the others alone", async () => {
    const { client } = await stopped();
    const first = client.send("disassemble", { memoryReference: "0x40000", instructionCount: 10 });
    const second = client.send("threads");
    const seq = client.messages.filter(m => m.type === "request").at(-1)?.seq;
    assert.equal((await client.send("cancel", { requestId: seq })).success, true);
    assert.equal((await first).success, true);
    const answer = await second;
    assert.deepEqual([answer.success, answer.message], [false, "cancelled"]);
    assert.equal((await client.send("threads")).success, true);
    assert.equal((await client.send("cancel", { requestId: 9999 })).success, true);
  });
});
