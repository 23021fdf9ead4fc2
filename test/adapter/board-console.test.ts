import assert from "node:assert/strict";
import { Debugging, lineOf, sourceOf, tabOf } from "./debugging.js";

const line = lineOf("locals", "station.latest  = slot;");
const repl = (expression: string) => ({ expression, context: "repl" });

describe("a line after > in the debug console", () => {
  it("goes to the board's console, also while the board runs, and Tock answers", async () => {
    const client = new Debugging();
    await client.start({ apps: [tabOf("grants")], speed: "realtime" });
    const has = async (text: RegExp) => {
      while (!text.test(client.output("stdout"))) await client.event("output");
    };
    await has(/tock\$ /);
    const { result } = await client.request<{ result: string }>("evaluate", repl("> list"));
    assert.equal(result, "");
    await has(/ PID .*\r?\n 0 {6}Unique {5}grants .*Yielded.*\r?\ntock\$ /);
  });

  it("waits for a board that stands still", async () => {
    const client = new Debugging();
    await client.start({ apps: [tabOf("locals")] }, { [sourceOf("locals")]: [line] });
    await client.stopped();
    const { result } = await client.request<{ result: string }>("evaluate", repl(">what"));
    assert.equal(result, "The board reads this line when it runs on.");
    await client.request("setBreakpoints", {
      source: { path: sourceOf("locals") },
      breakpoints: [],
    });
    await client.request("continue", { threadId: 1 });
    while (!/Valid commands are: help/.test(client.output("stdout"))) await client.event("output");
  });

  it("that only looks is answered while the board stands still, and changes nothing", async () => {
    const client = new Debugging();
    await client.start({ apps: [tabOf("locals")] }, { [sourceOf("locals")]: [line] });
    await client.stopped();
    const answer = async (text: string) =>
      (await client.request<{ result: string }>("evaluate", repl(text))).result;
    const before = client.output("stdout");
    assert.match(await answer("> status"), /^Total processes: 1\nActive processes: 1\n/);
    assert.match(await answer(">list"), /^ PID .*\n 0 {6}Unique {5}locals .*Running$/);
    assert.match(await answer("> help"), /^Welcome to the process console\.\nValid commands are: /);
    assert.match(await answer("> process locals"), /locals.*\n(.*\n)*.*Flash/);
    assert.match(await answer(">kernel"), /Kernel version: 2\.3.*\n(.*\n)*.*Code/);
    assert.equal(client.output("stdout"), before);
  });

  it("is completed with commands and with names of processes", async () => {
    const client = new Debugging();
    await client.start({ apps: [tabOf("locals")] }, { [sourceOf("locals")]: [line] });
    await client.stopped();
    const complete = async (text: string) => {
      const args = { text, column: text.length + 1 };
      const { targets } = await client.request<{ targets: { label: string; start: number }[] }>(
        "completions",
        args,
      );
      return targets.map(({ label, start }) => `${label}@${start}`);
    };
    assert.deepEqual(await complete("> st"), ["status@3", "stop@3", "start@3"]);
    assert.deepEqual(await complete("> process lo"), ["locals@11"]);
    assert.deepEqual(await complete("> nothing x"), []);
  });

  it("is what the answer to a bare command tells of", async () => {
    const client = new Debugging();
    await client.start({ apps: [tabOf("locals")] }, { [sourceOf("locals")]: [line] });
    await client.stopped();
    await assert.rejects(client.request("evaluate", repl("list")), /write: > list/);
    await assert.rejects(
      client.request("evaluate", { expression: "list", context: "watch" }),
      (error: Error) => !error.message.includes("write: >"),
    );
  });
});
