import assert from "node:assert/strict";
import { readAssignment } from "../../adapter/change.js";
import { Debugging, lineOf, sourceOf, tabOf } from "./debugging.js";

const line = lineOf("locals", "grid[day % 2][day % 3] +=");

/** Stopped in main of locals on the first day. */
async function stopped(at = line) {
  const client = new Debugging();
  await client.start({ apps: [tabOf("locals")] }, { [sourceOf("locals")]: [at] });
  await client.stopped();
  const [top] = await client.stack(1);
  return { client, frameId: top?.id ?? 0 };
}

async function scopeReference(client: Debugging, frameId: number, name: string): Promise<number> {
  const { scopes } = await client.request<{
    scopes: { name: string; variablesReference: number }[];
  }>("scopes", { frameId });
  return scopes.find(scope => scope.name === name)?.variablesReference ?? 0;
}

const setVariable = (client: Debugging, reference: number, name: string, value: string) =>
  client.request<{ value: string }>("setVariable", { variablesReference: reference, name, value });

describe("setVariable", () => {
  it("changes a local, and the program goes on with it", async () => {
    const { client, frameId } = await stopped();
    const locals = await scopeReference(client, frameId, "Local");
    assert.equal((await setVariable(client, locals, "day", "5")).value, "5");
    assert.equal(await client.evaluate("day", frameId), "5");
    const again = await client.run("continue", 1);
    assert.equal(again.reason, "breakpoint");
    const [top] = await client.stack(1);
    assert.equal(await client.evaluate("day", top?.id), "6");
  });

  it("takes expressions, enumerators, and members and elements by their names", async () => {
    const { client, frameId } = await stopped();
    const statics = await client.scope(frameId, "Static");
    const station = statics.get("station");
    const history = (await client.children(station)).get("history");
    const first = (await client.children(history)).get("[2]");
    const reference = first?.variablesReference ?? 0;
    assert.equal((await setVariable(client, reference, "number", "day + 41")).value, "42");
    assert.equal((await setVariable(client, reference, "sky", "SNOW")).value, "SNOW");
    assert.equal(await client.evaluate("station.history[2].number", frameId), "42");
    const grid = statics.get("grid")?.variablesReference ?? 0;
    const row = (await client.variables(grid))[1]?.variablesReference ?? 0;
    await setVariable(client, row, "[2]", "-7");
    assert.equal(await client.evaluate("grid[1][2]", frameId), "-7");
  });

  it("changes registers of the process that runs and of one that waits", async () => {
    const { client, frameId } = await stopped();
    const registers = await scopeReference(client, frameId, "Registers");
    assert.equal((await setVariable(client, registers, "r3", "0x1234")).value, "0x00001234");
    assert.equal(await client.evaluate("$r3", frameId), "4660");
    assert.equal((await client.scope(frameId, "Registers")).get("r3")?.value, "0x00001234");
    const two = new Debugging();
    await two.start(
      { apps: [tabOf("grants"), tabOf("locals")] },
      { [sourceOf("locals")]: [lineOf("locals", "int32_t total = sum(tree);")] },
    );
    await two.stopped();
    const waiting = (await two.stack(1))[0]?.id ?? 0;
    const stored = await scopeReference(two, waiting, "Registers");
    for (const name of ["r0", "r7"]) await setVariable(two, stored, name, "77");
    assert.equal(await two.evaluate("$r0 + $r7", (await two.stack(1))[0]?.id), "154");
  });

  it("refuses in one sentence what cannot be written, and changes nothing", async () => {
    const { client, frameId } = await stopped();
    const locals = await scopeReference(client, frameId, "Local");
    const process = await scopeReference(client, frameId, "Process");
    for (const [reference, name, value, sentence] of [
      [locals, "day", "x y", /no value of type uint32_t|x/],
      [locals, "nobody", "1", /There is no variable nobody here/],
      [process, "pid", "1", /pid cannot be changed: it is shown for information only/],
    ] as const) {
      await assert.rejects(setVariable(client, reference, name, value), sentence);
    }
    assert.equal(await client.evaluate("day", frameId), "1");
  });

  it("refuses constants in flash, and registers of a caller", async () => {
    const { client, frameId } = await stopped(lineOf("locals", "fresh->key = key;"));
    const [, caller] = await client.stack(1);
    const set = (expression: string, value: string, frame: number | undefined) =>
      client.request("setExpression", { expression, value, frameId: frame });
    await assert.rejects(set("sky_names[0][0]", "'x'", frameId), /lies in flash/);
    await assert.rejects(set("$r4", "1", caller?.id), /caller's frame/);
    await set("$r4", "1", frameId);
  });
});

describe("setExpression and the debug console", () => {
  it("assign to any expression that names a place", async () => {
    const { client, frameId } = await stopped();
    const args = { expression: "slot->sample.bytes[1]", value: "0xab", frameId };
    const answer = await client.request<{ value: string }>("setExpression", args);
    assert.match(answer.value, /^171/);
    assert.equal(await client.evaluate("slot->number = 9", frameId, "repl"), "9");
    assert.equal(await client.evaluate("slot->number += 3", frameId, "repl"), "12");
    assert.equal(await client.evaluate("day == 1", frameId, "repl"), "1");
    await assert.rejects(client.evaluate("day = 2", frameId, "watch"));
    await assert.rejects(client.evaluate("1 = 2", frameId, "repl"));
  });

  it("read assignments and leave comparisons alone", () => {
    assert.deepEqual(readAssignment("a = b == c"), { target: "a", value: "b == c" });
    assert.deepEqual(readAssignment("a[1]<<=2"), { target: "a[1]", value: "(a[1]) << (2)" });
    assert.deepEqual(readAssignment("a->b -= c"), { target: "a->b", value: "(a->b) - (c)" });
    assert.deepEqual(readAssignment("a = '='"), { target: "a", value: "'='" });
    for (const text of [
      "a == b",
      "a <= b",
      "a >= b",
      "a != b",
      "a",
      "a =",
      "f('=')",
      "a <= b == c",
    ]) {
      assert.equal(readAssignment(text), undefined, text);
    }
  });
});

describe("writeMemory", () => {
  it("writes bytes that the program then has", async () => {
    const { client, frameId } = await stopped();
    const address = await client.evaluate("&grid[0][0]", frameId);
    const memoryReference = address.split(" ")[0];
    const data = Buffer.from([1, 2, 3, 4]).toString("base64");
    const answer = await client.request("writeMemory", { memoryReference, data });
    assert.deepEqual(answer, { bytesWritten: 4 });
    assert.equal(await client.evaluate("grid[0][0],x", frameId), "0x4030201");
  });

  it("refuses flash, holes and what is no base64; partly it writes what fits", async () => {
    const { client } = await stopped();
    const write = (memoryReference: string, data: string, more: object = {}) =>
      client.request("writeMemory", { memoryReference, data, ...more });
    await assert.rejects(write("0x30000", "AAAA"), /flash/);
    await assert.rejects(write("0x10000000", "AAAA"), /no RAM/);
    await assert.rejects(write("0x20008000", "?"), /base64/);
    await assert.rejects(write("0x2003fffe", "AAAAAAAA"), /no RAM/);
    const partly = await write("0x2003fffe", "AAAAAAAA", { allowPartial: true });
    assert.deepEqual(partly, { bytesWritten: 2 });
  });
});

describe("the clipboard", () => {
  it("gets a value in full where the Variables view shows its beginning", async () => {
    const { client, frameId } = await stopped();
    const shown = await client.evaluate("station", frameId, "variables");
    const copied = await client.evaluate("station", frameId, "clipboard");
    assert.match(shown, /\.\.\./);
    assert.doesNotMatch(copied, /\.\.\./);
    assert.match(copied, /wet_days = 0\}$/);
  });
});

describe("changes", () => {
  const eventsOf = (client: Debugging) =>
    client.events
      .filter(({ event }) => event === "memory" || event === "invalidated")
      .map(({ event, body }) => [event, body]);

  const toldOf = async () => {
    const client = new Debugging({ supportsMemoryEvent: true, supportsInvalidatedEvent: true });
    await client.start({ apps: [tabOf("locals")] }, { [sourceOf("locals")]: [line] });
    await client.stopped();
    const [top] = await client.stack(1);
    const day = (await client.scope(top?.id ?? 0, "Local")).get("day");
    return { client, frameId: top?.id ?? 0, address: day?.memoryReference };
  };
  const variables = ["invalidated", { areas: ["variables"] }];

  it("of memory are told to a client that shows it, whichever way they are made", async () => {
    const { client, frameId, address } = await toldOf();
    const memory = ["memory", { memoryReference: address, offset: 0, count: 4 }];
    const expected: unknown[] = [];
    const ways = [
      () => client.request("writeMemory", { memoryReference: address, data: "CAAAAA==" }),
      () => client.request("setExpression", { expression: "day", value: "4", frameId }),
      () => client.evaluate("day = 5", frameId, "repl"),
      async () => setVariable(client, await scopeReference(client, frameId, "Local"), "day", "6"),
    ];
    for (const way of ways) {
      await way();
      expected.push(memory, variables);
      // Events follow the answer.
      await client.request("threads");
      assert.deepEqual(eventsOf(client), expected);
    }
    await assert.rejects(client.evaluate("day = nothing", frameId, "repl"));
    await client.evaluate("day == 6", frameId, "repl");
    await client.request("threads");
    assert.deepEqual(eventsOf(client), expected);
  });

  it("of registers are told, and that the stack hangs on them", async () => {
    const { client, frameId } = await toldOf();
    await client.evaluate("$r3 = 7", frameId, "repl");
    await client.evaluate("$r7 = $r7", frameId, "repl");
    await client.request("threads");
    assert.deepEqual(eventsOf(client), [variables, ["invalidated", { areas: ["stacks"] }]]);
  });

  it("are not told to a client that does not ask for it", async () => {
    const { client, frameId } = await stopped();
    await client.evaluate("day = 5", frameId, "repl");
    await client.request("threads");
    assert.deepEqual(eventsOf(client), []);
  });
});
