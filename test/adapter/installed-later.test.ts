// An app that another app installs while the board runs, and whose files the launch names.
import assert from "node:assert/strict";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { Debugging, lineOf, sourceOf, tabOf } from "./debugging.js";

const GREETER = "loader/greeter";
const greeterTab = `${tabOf("loader").replace("loader.tab", "greeter/greeter.tab")}`;
const launch = {
  apps: [tabOf("loader"), { path: greeterTab, installed: false }],
  board: "nrf52840dk-test-dynamic-app-load",
};

const line = lineOf(GREETER, "greetings++");
const changes = (client: Debugging) =>
  client.events.flatMap(event =>
    event.event === "breakpoint"
      ? [(event.body as DebugProtocol.BreakpointEvent["body"]).breakpoint.verified]
      : [],
  );

describe("an app that is installed later", () => {
  it("is no process at first, and its breakpoint waits", async () => {
    const client = new Debugging();
    await client.start({ ...launch, stopOnEntry: true });
    await client.stopped();
    const [waiting] = await client.setBreakpoints(sourceOf(GREETER), [line]);
    assert.equal(waiting?.verified, false);
    const { threads } = await client.request<{ threads: { name: string }[] }>("threads");
    assert.equal(threads.length, 1);
  });

  it("stops at its breakpoint before it has greeted, with its variables", async () => {
    const client = new Debugging();
    await client.start(launch, { [sourceOf(GREETER)]: [line] });
    const { threadId } = await client.stopped();
    assert.deepEqual([threadId, await client.where(2)], [2, `main:${line}`]);
    assert.deepEqual(changes(client), [true]);
    const [top] = await client.stack(2);
    assert.equal(await client.evaluate("greetings", top?.id), "0");
  });

  it("takes its breakpoint along when it is unloaded", async () => {
    const client = new Debugging();
    await client.start(launch, {
      [sourceOf(GREETER)]: [line],
      [sourceOf("loader")]: [lineOf("loader", "is unloaded")],
    });
    const stops: string[] = [];
    await client.stopped();
    for (let i = 0; i < 3; i++) {
      const { threadId } = await client.run("continue", 1);
      stops.push(await client.where(threadId ?? 0));
    }
    assert.equal(stops[0], `main:${line}`);
    assert.equal(stops.at(-1), `main:${lineOf("loader", "is unloaded")}`);
    assert.deepEqual(changes(client), [true, false]);
    const { threads } = await client.request<{ threads: { name: string }[] }>("threads");
    assert.equal(threads.length, 1);
  });

  it("may be unloaded in the middle of a step, which is over then", async () => {
    const client = new Debugging();
    const unloaded = lineOf("loader", "is unloaded");
    await client.start(launch, {
      [sourceOf(GREETER)]: [{ line, condition: "greetings == 2" }],
      [sourceOf("loader")]: [unloaded],
    });
    await client.stopped();
    for (const at of ["printf", "sleep_ms"]) {
      await client.run("next", 2);
      assert.equal(await client.where(2), `main:${lineOf(GREETER, at)}`);
    }
    const { threadId } = await client.run("next", 2);
    assert.deepEqual([threadId, await client.where(1)], [1, `main:${unloaded}`]);
    await assert.rejects(client.stack(2));
    await client.request("continue", { threadId: 1 });
    await client.event("terminated");
  });
});
