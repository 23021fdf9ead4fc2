import assert from "node:assert/strict";
import {
  Judge,
  parseHitCondition,
  parseLogMessage,
  type TermsContext,
} from "../../adapter/terms.js";
import { UserError } from "../../emulator/index.js";
import { Debugging, lineOf, sourceOf, tabOf } from "./debugging.js";

/** Of ten hits, those that count. */
function hitsOf(text: string): number[] {
  const counts = parseHitCondition(text);
  assert.ok(typeof counts === "function", text);
  return [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].filter(counts);
}

const context = (values: Record<string, string | boolean>): TermsContext => ({
  isTrue: expression => {
    if (!(expression in values)) throw new UserError(`there is no variable ${expression} here`);
    return values[expression] === true;
  },
  textOf: (expression, format) => `${values[expression]}${format ?? ""}`,
});

describe("hit counts", () => {
  it("a number alone is the n-th hit, the other forms compare", () => {
    assert.deepEqual(hitsOf("3"), [3]);
    assert.deepEqual(hitsOf(" = 3 "), [3]);
    assert.deepEqual(hitsOf("==3"), [3]);
    assert.deepEqual(hitsOf("< 3"), [1, 2]);
    assert.deepEqual(hitsOf("<= 3"), [1, 2, 3]);
    assert.deepEqual(hitsOf(">= 9"), [9, 10]);
    assert.deepEqual(hitsOf(">9"), [10]);
    assert.deepEqual(hitsOf("% 4"), [4, 8]);
  });

  it("anything else is refused in one sentence", () => {
    for (const text of ["", "x", "< x", "3 4", "-1", "% 0", "!= 3", "1.5"]) {
      const counts = parseHitCondition(text);
      assert.ok(typeof counts === "object", text);
      assert.match(counts.why, /is no hit count/);
    }
  });

  it("count only hits whose condition is true", () => {
    const judge = new Judge({ condition: "odd", hitCondition: "2" });
    const verdicts = [true, false, false, true, true].map(
      odd => judge.judge(context({ odd })).kind,
    );
    assert.deepEqual(verdicts, ["pass", "pass", "pass", "stop", "pass"]);
  });
});

describe("log messages", () => {
  it("fall into texts and expressions with formats", () => {
    assert.deepEqual(parseLogMessage("a {b} c {d[1],x}"), [
      { text: "a " },
      { expression: "b", format: undefined },
      { text: " c " },
      { expression: "d[1]", format: "x" },
    ]);
  });

  it("a brace behind a backslash is itself", () => {
    assert.deepEqual(parseLogMessage("\\{a\\}"), [{ text: "{a}" }]);
  });

  it("without a closing brace, or with no expression inside, say so", () => {
    for (const text of ["{a", "{}", "{1 +}"]) assert.ok("why" in parseLogMessage(text), text);
  });
});

describe("breakpoints with terms", () => {
  const line = lineOf("locals", "station.latest  = slot;");
  const path = sourceOf("locals");
  const start = async (breakpoint: object) => {
    const client = new Debugging();
    await client.start({ apps: [tabOf("locals")] }, { [path]: [{ line, ...breakpoint }] });
    return client;
  };

  /** Runs to the end of the app; gives the days at which it stopped. */
  async function stops(breakpoint: object): Promise<string[]> {
    const client = await start(breakpoint);
    const days: string[] = [];
    for (;;) {
      const event = await client.next(["stopped", "terminated"]);
      if (event.event === "terminated") return days;
      assert.equal(event.body.reason, "breakpoint");
      const [top] = await client.stack(1);
      assert.equal(top?.line, line);
      days.push(await client.evaluate("day", top?.id));
      await client.request("continue", { threadId: 1 });
    }
  }

  it("stop only where the condition is true", async () => {
    assert.deepEqual(await stops({ condition: "day % 2 == 0 && slot->number > 2" }), ["4", "6"]);
    assert.deepEqual(await stops({ condition: "slot" }), ["1", "2", "3", "4", "5", "6"]);
    assert.deepEqual(await stops({ condition: "day > 6" }), []);
  });

  it("stop at the hits that count", async () => {
    assert.deepEqual(await stops({ hitCondition: "4" }), ["4"]);
    assert.deepEqual(await stops({ hitCondition: "> 4" }), ["5", "6"]);
    assert.deepEqual(await stops({ hitCondition: "%3" }), ["3", "6"]);
    assert.deepEqual(await stops({ condition: "day > 1", hitCondition: "<= 2" }), ["2", "3"]);
  });

  it("log instead of stopping, with values and formats", async () => {
    const client = await start({
      logMessage: "day {day}, {day + 9,x} {slot->number,b} \\{day\\} {station.name} {nobody}",
      condition: "day <= 2",
    });
    await client.event("terminated");
    assert.equal(client.events.filter(e => e.event === "stopped").length, 0);
    const text = client
      .output("console")
      .split("\n")
      .filter(l => l.startsWith("day"));
    assert.deepEqual(text, [
      'day 1, 0xa 0b1 {day} "Palo Alto" <there is no variable nobody here>',
      'day 2, 0xb 0b10 {day} "Palo Alto" <there is no variable nobody here>',
    ]);
  });

  it("with a condition that cannot be evaluated stop once and say why", async () => {
    for (const [terms, sentence] of [
      [{ condition: "nobody == 3" }, /Condition "nobody == 3": there is no variable nobody here/],
      [{ condition: "station" }, /neither true nor false/],
      [{ condition: "day >" }, /^Condition: /],
      [{ hitCondition: "often" }, /^Hit count: "often" is no hit count/],
      [{ logMessage: "{day" }, /^Log message: the log message has no }/],
    ] as const) {
      const client = await start(terms);
      const stopped = await client.stopped();
      assert.equal(stopped.reason, "breakpoint");
      assert.match(stopped.text ?? "", sentence);
      assert.match(client.output("console"), new RegExp(sentence.source, "m"));
      await client.request("continue", { threadId: 1 });
      await client.event("terminated");
    }
  });

  it("whose terms cannot be read say so when they are set", async () => {
    const client = await start({ hitCondition: "often" });
    await client.stopped();
    const [breakpoint] = await client.setBreakpoints(path, [{ line, condition: "(" }]);
    assert.match(breakpoint?.message ?? "", /^Condition: /);
  });

  it("keep their hits when another breakpoint of the file is set", async () => {
    const client = await start({ hitCondition: "3" });
    const first = lineOf("locals", "*slot = measure(day);");
    await client.setBreakpoints(path, [first, { line, hitCondition: "3" }]);
    for (const day of ["1", "2"]) {
      await client.stopped();
      const [top] = await client.stack(1);
      assert.equal(await client.evaluate("slot != 0", top?.id), "1", day);
      await client.setBreakpoints(path, [first, { line, hitCondition: "3" }]);
      await client.request("continue", { threadId: 1 });
    }
    await client.stopped();
    await client.setBreakpoints(path, [{ line, hitCondition: "3" }]);
    await client.run("continue", 1);
    const [top] = await client.stack(1);
    assert.equal(await client.evaluate("day", top?.id), "3");
  });

  it("are judged once where a step ends at them", async () => {
    const client = await start({ logMessage: "day {day}", condition: "day == 1" });
    const before = lineOf("locals", "*slot = measure(day);");
    await client.setBreakpoints(path, [before, { line, logMessage: "day {day}" }]);
    await client.stopped();
    assert.equal((await client.run("next", 1)).reason, "step");
    assert.equal(await client.where(1), `main:${line}`);
    await client.setBreakpoints(path, [{ line, logMessage: "day {day}" }]);
    await client.request("continue", { threadId: 1 });
    await client.event("terminated");
    const days = client.output("console").match(/^day \d/gm);
    assert.deepEqual(days, ["day 1", "day 2", "day 3", "day 4", "day 5", "day 6"]);
  });

  it("of another process stop a step", async () => {
    const client = new Debugging();
    await client.start(
      { apps: [tabOf("locals"), tabOf("grants")] },
      {
        [path]: [lineOf("locals", "report(slot);")],
      },
    );
    await client.stopped();
    await client.setBreakpoints(sourceOf("grants"), [
      { line: lineOf("grants", 'printf("Ready'), condition: "seconds == 0" },
    ]);
    const stopped = await client.run("next", 1);
    assert.deepEqual([stopped.reason, stopped.threadId], ["breakpoint", 2]);
  });
});

describe("function breakpoints", () => {
  const set = (client: Debugging, ...breakpoints: object[]) =>
    client.request<{ breakpoints: { verified: boolean; message?: string; id: number }[] }>(
      "setFunctionBreakpoints",
      { breakpoints },
    );

  it("stop behind the prologue, in every app that has the function", async () => {
    const client = new Debugging();
    await client.start({ apps: [tabOf("locals"), tabOf("grants")], stopOnEntry: true });
    await client.stopped();
    const { breakpoints } = await set(client, { name: "report" }, { name: "remember" });
    assert.deepEqual(
      breakpoints.map(b => b.verified),
      [true, true],
    );
    let stopped = await client.run("continue", 1);
    if (stopped.reason === "entry") stopped = await client.run("continue", 1);
    assert.equal(stopped.reason, "function breakpoint");
    assert.deepEqual(stopped.hitBreakpointIds, [breakpoints[0]?.id]);
    const [top] = await client.stack(1);
    assert.equal(top?.name, "report");
    assert.equal(await client.evaluate("reading->number", top?.id), "1");
  });

  it("take conditions and hit counts", async () => {
    const client = new Debugging();
    await client.start({ apps: [tabOf("locals")], stopOnEntry: true });
    await client.stopped();
    await set(client, { name: "report", condition: "reading->number > 2", hitCondition: "2" });
    await client.run("continue", 1);
    const [top] = await client.stack(1);
    assert.equal(await client.evaluate("reading->number", top?.id), "4");
  });

  it("on a function that no app has are unverified and say so", async () => {
    const client = new Debugging();
    await client.start({ apps: [tabOf("locals")], stopOnEntry: true });
    await client.stopped();
    const { breakpoints } = await set(client, { name: "nobody" });
    assert.equal(breakpoints[0]?.verified, false);
    assert.match(breakpoints[0]?.message ?? "", /has a function "nobody"/);
  });
});

describe("instruction breakpoints", () => {
  it("stop at their address, with an offset, and not where there is no memory", async () => {
    const client = new Debugging();
    await client.start({ apps: [tabOf("locals")], stopOnEntry: true });
    await client.stopped();
    const [top] = await client.stack(1);
    const here = top?.instructionPointerReference ?? "";
    const args = { memoryReference: here, instructionCount: 6 };
    const { instructions } = await client.request<{ instructions: { address: string }[] }>(
      "disassemble",
      args,
    );
    const fifth = instructions[5]?.address ?? "";
    const { breakpoints } = await client.request<{ breakpoints: { verified: boolean }[] }>(
      "setInstructionBreakpoints",
      {
        breakpoints: [
          { instructionReference: here, offset: Number(fifth) - Number(here) },
          { instructionReference: "0xe0000000" },
        ],
      },
    );
    assert.deepEqual(
      breakpoints.map(b => b.verified),
      [true, false],
    );
    const stopped = await client.run("continue", 1);
    assert.equal(stopped.reason, "instruction breakpoint");
    assert.equal((await client.stack(1))[0]?.instructionPointerReference, fifth);
  });
});
