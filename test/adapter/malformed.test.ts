import assert from "node:assert/strict";
import fc from "fast-check";
import { Debugging, tabOf } from "./debugging.js";

const commands = [
  "initialize",
  "launch",
  "attach",
  "setBreakpoints",
  "setExceptionBreakpoints",
  "configurationDone",
  "threads",
  "stackTrace",
  "scopes",
  "variables",
  "evaluate",
  "source",
  "exceptionInfo",
  "readMemory",
  "disassemble",
  "next",
  "stepIn",
  "stepOut",
  "pause",
  "tock/input",
  "setVariable",
];

const fields = [
  "threadId",
  "frameId",
  "variablesReference",
  "expression",
  "memoryReference",
  "count",
  "offset",
  "instructionCount",
  "instructionOffset",
  "source",
  "breakpoints",
  "filters",
  "granularity",
  "startFrame",
  "levels",
  "start",
  "device",
  "value",
  "sourceReference",
];

const value = fc.oneof(
  fc.integer({ min: -3, max: 40 }),
  fc.double(),
  fc.string(),
  fc.constantFrom(null, true, [], {}, "0x40000", "console", "*", 2 ** 31, -(2 ** 31), 1e300),
  fc.array(fc.oneof(fc.integer(), fc.string(), fc.record({ line: fc.integer() }))),
  fc.record({ path: fc.oneof(fc.string(), fc.integer()) }),
);
const argumentsOf = fc.oneof(
  value,
  fc.dictionary(fc.constantFrom(...fields), value, { maxKeys: 5 }),
);

describe("malformed requests", () => {
  it("are answered, refused ones in one sentence, and harm neither session nor stop", async () => {
    const client = new Debugging();
    await client.start({ apps: [tabOf("locals")], stopOnEntry: true });
    await client.stopped();
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...commands), argumentsOf, async (command, args) => {
        const stops = client.events.filter(e => e.event === "stopped").length;
        const response = await client.send(command, args);
        if (!response.success) {
          assert.ok(response.message, command);
          assert.doesNotMatch(response.message ?? "", /\n|fault of its own/);
          return;
        }
        if (!["next", "stepIn", "stepOut"].includes(command)) return;
        while (client.events.filter(e => e.event === "stopped").length === stops) {
          await client.next(["stopped"]);
        }
      }),
      { numRuns: 1500, seed: 7 },
    );
    assert.ok(await client.stack(1));
  });
});
