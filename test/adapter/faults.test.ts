import assert from "node:assert/strict";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { Debugging, lineOf, sourceOf, tabOf } from "./debugging.js";

const nullStore = { apps: [tabOf("crash")], inputs: ["100ms:button0=down"] };
const crashes = sourceOf("crash").replace("main.c", "crashes.c");
const overflow = { apps: [tabOf("crash")], inputs: ["100ms:button1=down"] };

async function faulted(launch: typeof nullStore): Promise<Debugging> {
  const client = new Debugging();
  await client.start(launch);
  const stopped = await client.stopped();
  assert.equal(stopped.reason, "exception");
  return client;
}

describe("a fault", () => {
  it("stops before the kernel acts, on the faulting line, with a reason", async () => {
    const client = await faulted(nullStore);
    const event = client.events.at(-1) as DebugProtocol.StoppedEvent;
    assert.equal(
      event.body.text,
      "crash tried to write 4 bytes to 0x00000000 (`*last_reading`): `last_reading` is a null pointer.",
    );
    assert.match(
      client.output("console"),
      /^crash tried to write 4 bytes .* In store_through_null \(.*crashes\.c:\d+\)\. Give /,
    );
    assert.doesNotMatch(client.output("stdout"), /panicked/);
    const [top] = await client.stack(1);
    assert.equal(top?.source?.path, crashes);
    const process = await client.scope(top?.id ?? 0, "Process");
    assert.equal(process.get("state")?.value, "Running");
  });

  it("of the stack says so, and the stack can still be read", async () => {
    const client = await faulted(overflow);
    const event = client.events.at(-1) as DebugProtocol.StoppedEvent;
    assert.match(
      event.body.text ?? "",
      /^crash overflowed its stack of 2,048 bytes by at least \d+ bytes in nest\.$/,
    );
    const names = (await client.stack(1)).map(frame => frame.name);
    assert.ok(names.filter(name => name === "nest").length > 10, names.join(" "));
    assert.equal(names.at(-1), "_start");
  });

  it("and continue let the kernel panic; the board stays inspectable", async () => {
    const client = await faulted(nullStore);
    const stopped = await client.run("continue", 1);
    assert.equal(stopped.reason, "exception");
    assert.equal(stopped.text, "Process crash had a fault");
    assert.match(client.output("stdout"), /panicked at kernel\/src\/process_standard\.rs/);
    const [top] = await client.stack(1);
    const process = await client.scope(top?.id ?? 0, "Process");
    assert.equal(process.get("state")?.value, "Faulted");
    const again = await client.run("continue", 1);
    assert.equal(again.text, "Process crash had a fault");
  });

  it("is announced before its stop, with the thread whose crash can be asked for", async () => {
    const client = await faulted(nullStore);
    const names = client.events.map(({ event }) => event);
    assert.equal(names.indexOf("tock/faulted"), names.indexOf("stopped") - 1);
    const event = client.events.find(({ event }) => event === "tock/faulted");
    assert.deepEqual(event?.body, { schema: 1, threadId: 1 });
  });

  it("and a restart of the process lets it start anew, whatever the fault policy says", async () => {
    const client = await faulted(nullStore);
    const greetings = () => client.output("stdout").split("q: quit").length - 1;
    assert.equal(greetings(), 1);
    await client.request("tock/restartProcess", { app: "crash", resume: true });
    await client.event("continued");
    while (greetings() < 2) await client.next(["output"]);
    assert.doesNotMatch(client.output("stdout"), /panicked/);
    await client.request("tock/input", { device: "button0", value: "up" });
    await client.request("tock/input", { device: "button0", value: "down" });
    assert.equal((await client.stopped()).reason, "exception");
  });

  it("and a step let the kernel act, as continue does", async () => {
    const client = await faulted(nullStore);
    const stopped = await client.run("next", 1);
    assert.equal(stopped.text, "Process crash had a fault");
    await assert.rejects(client.request("next", { threadId: 1 }), /has ended/);
  });

  it("tells its reason as exceptionInfo", async () => {
    const client = await faulted(nullStore);
    const info = await client.request<{ description: string }>("exceptionInfo", { threadId: 1 });
    assert.match(info.description, /^crash tried to write 4 bytes to 0x00000000/);
    const other = await client.request<{ description: string }>("exceptionInfo", { threadId: 2 });
    assert.equal(other.description, "This thread has not faulted.");
  });

  it("does not stop when its filter is off, but its reason is told", async () => {
    const client = new Debugging();
    await client.start({ ...nullStore, stopOnEntry: true });
    await client.stopped();
    await client.request("setExceptionBreakpoints", { filters: [] });
    const stopped = await client.run("continue", 1);
    assert.equal(stopped.text, "Process crash had a fault");
    assert.match(client.output("console"), /^crash tried to write 4 bytes to 0x00000000/);
  });

  it("ends with the restart of the board, which keeps breakpoints and faults again", async () => {
    const client = await faulted(nullStore);
    await client.setBreakpoints(sourceOf("crash"), [lineOf("crash", "yield();")]);
    await client.request("restart", {});
    const first = await client.stopped();
    assert.equal(first.reason, "breakpoint");
    const second = await client.run("continue", 1);
    assert.equal(second.reason, "exception");
  });
});

describe("the exception filter", () => {
  const crash = async (filters: object) => {
    const client = new Debugging();
    await client.start({
      apps: [tabOf("crash")],
      stopOnEntry: true,
      inputs: ["100ms:button0=down"],
    });
    await client.stopped();
    const body = await client.request<{ breakpoints: { verified: boolean; message?: string }[] }>(
      "setExceptionBreakpoints",
      filters,
    );
    const stopped = await client.run("continue", 1);
    return { client, breakpoints: body.breakpoints, stopped };
  };
  const option = (condition: string) => ({
    filters: [],
    filterOptions: [{ filterId: "fault", condition }],
  });

  it("stops where its condition is true in the faulting function", async () => {
    const { stopped } = await crash(option("last_reading == 0"));
    assert.equal(stopped.description, "crash faulted");
  });

  it("with a false condition leaves the fault to the kernel", async () => {
    const { stopped } = await crash(option("last_reading != 0"));
    assert.equal(stopped.description, "The kernel panicked");
  });

  it("with a condition that makes no sense stops and says so", async () => {
    // A variable of another function.
    const { stopped, client } = await crash(option("to_change"));
    assert.equal(stopped.description, "crash faulted");
    assert.match(client.output("console"), /Condition "to_change": there is no variable to_change/);
  });

  it("with a condition that names what no app has is not set", async () => {
    const { stopped, breakpoints } = await crash(option("nobody"));
    assert.equal(breakpoints[0]?.verified, false);
    assert.match(
      breakpoints[0]?.message ?? "",
      /^Condition: no app has anything called nobody, and this filter knows app, .*\.$/,
    );
    assert.equal(stopped.description, "The kernel panicked");
  });

  it("switched off leaves every fault to the kernel", async () => {
    const { stopped } = await crash({ filters: [] });
    assert.equal(stopped.description, "The kernel panicked");
  });
});
