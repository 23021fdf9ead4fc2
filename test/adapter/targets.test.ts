import assert from "node:assert/strict";
import { Debugging, lineOf, sourceOf, tabOf } from "./debugging.js";

interface Target {
  id: number;
  label: string;
}

async function stoppedAt(text: string) {
  const client = new Debugging();
  const line = lineOf("locals", text);
  await client.start({ apps: [tabOf("locals")] }, { [sourceOf("locals")]: [line] });
  await client.stopped();
  await client.setBreakpoints(sourceOf("locals"), []);
  return client;
}

describe("step-in targets", () => {
  const targetsOf = async (client: Debugging, depth = 0) => {
    const frameId = (await client.stack(1))[depth]?.id;
    return (await client.request<{ targets: Target[] }>("stepInTargets", { frameId })).targets;
  };

  it("are the functions that the line calls", async () => {
    const client = await stoppedAt("tree   = insert(tree");
    assert.deepEqual(
      (await targetsOf(client)).map(t => t.label),
      ["insert"],
    );
    const none = await stoppedAt("grid[day % 2][day % 3] +=");
    assert.deepEqual(await targetsOf(none), []);
  });

  it("enters the function that was chosen and no other", async () => {
    const client = await stoppedAt("int32_t total = sum(tree);");
    await client.run("stepIn", 1);
    await client.run("next", 1);
    const [left] = await targetsOf(client);
    assert.equal(left?.label, "sum");
    await client.run("stepIn", 1, { targetId: left?.id });
    assert.match(await client.where(1), /^sum:/);
    assert.equal((await client.stack(1)).filter(f => f.name === "sum").length, 2);
  });

  it("that the line does not call make the step one over the line", async () => {
    const client = await stoppedAt("tree   = insert(tree");
    const [top] = await client.stack(1);
    const { id } = { id: Number(await client.evaluate("(unsigned)&report & ~1", top?.id)) };
    await client.run("stepIn", 1, { targetId: id });
    assert.equal(await client.where(1), `main:${lineOf("locals", "ticks += (uint64_t)day")}`);
  });
});

describe("goto", () => {
  const targetsOf = async (client: Debugging, text: string) => {
    const line = lineOf("locals", text);
    const args = { source: { path: sourceOf("locals") }, line };
    return (await client.request<{ targets: Target[] }>("gotoTargets", args)).targets;
  };

  it("lets the thread go on at another line of its function", async () => {
    const client = await stoppedAt("report(slot);");
    const [target] = await targetsOf(client, "tree   = insert(tree");
    assert.match(target?.label ?? "", /^main, line/);
    const stopped = await client.run("goto", 1, { targetId: target?.id });
    assert.equal(stopped.reason, "goto");
    const line = lineOf("locals", "tree   = insert(tree");
    assert.equal(await client.where(1), `main:${line}`);
    await client.run("stepIn", 1);
    assert.match(await client.where(1), /^insert:/);
  });

  it("to another function, or to no code, is refused", async () => {
    const client = await stoppedAt("report(slot);");
    const [other] = await targetsOf(client, "fresh->key = key;");
    await assert.rejects(
      client.request("goto", { threadId: 1, targetId: other?.id }),
      /of that function/,
    );
    await assert.rejects(client.request("goto", { threadId: 1, targetId: 0 }), /of that function/);
    assert.deepEqual(await targetsOf(client, "// Calls itself until"), []);
  });
});

describe("terminateThreads", () => {
  it("ends one process, and the others go on", async () => {
    const client = new Debugging();
    const line = lineOf("locals", "report(slot);");
    await client.start(
      { apps: [tabOf("grants"), tabOf("locals")] },
      { [sourceOf("locals")]: [line] },
    );
    await client.stopped();
    await client.request("terminateThreads", { threadIds: [1] });
    assert.match(client.output("console"), /grants is terminated as soon as the board runs on/);
    await client.run("continue", 2);
    assert.deepEqual(
      client.events
        .filter(e => e.event === "thread" && e.body.reason === "exited")
        .map(e => e.body),
      [{ reason: "exited", threadId: 1 }],
    );
    const { threads } = await client.request<{ threads: { id: number }[] }>("threads");
    assert.deepEqual(
      threads.map(thread => thread.id),
      [2],
    );
    await assert.rejects(client.request("next", { threadId: 1 }), /has ended/);
  });

  it("ends the process on the CPU, and the session with the last one", async () => {
    const client = new Debugging();
    const line = lineOf("locals", "report(slot);");
    await client.start({ apps: [tabOf("locals")] }, { [sourceOf("locals")]: [line] });
    await client.stopped();
    await client.request("terminateThreads", { threadIds: [1] });
    await client.request("continue", { threadId: 1 });
    await client.event("terminated");
  });

  it("of threads that there are not is refused, and ends none", async () => {
    const client = await stoppedAt("report(slot);");
    const end = (threadIds: unknown) => client.request("terminateThreads", { threadIds });
    await assert.rejects(end([1, 7]), /There is no thread 7/);
    await assert.rejects(end(["1"]), /list of numbers/);
    await client.setBreakpoints(sourceOf("locals"), [lineOf("locals", "sleep_ms(100);")]);
    assert.equal((await client.run("continue", 1)).reason, "breakpoint");
  });
});
