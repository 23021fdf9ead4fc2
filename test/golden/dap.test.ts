// Whole debug sessions as text: what a client sends and gets, message by message.
import { Debugging, lineOf, sourceOf, tabOf } from "../adapter/debugging.js";
import { transcriptOf } from "../adapter/transcript.js";
import { assertGolden } from "./golden.js";

/** Opens a scope of the innermost frame, and of each row in it `rows` the children. */
async function look(client: Debugging, frameId: number, scope: string, rows: string[] = []) {
  const variables = await client.scope(frameId, scope);
  for (const row of rows) await client.children(variables.get(row));
}

async function topOf(client: Debugging, threadId: number): Promise<number> {
  return (await client.stack(threadId))[0]?.id ?? 0;
}

describe("golden DAP transcripts", () => {
  it("two apps: breakpoints, stacks, scopes and steps", async () => {
    const client = new Debugging();
    await client.start(
      { apps: [tabOf("locals"), tabOf("grants")], inputs: ["30ms:button0=down"] },
      {
        [sourceOf("locals")]: [lineOf("locals", "if (best == NULL")],
        [sourceOf("grants")]: [lineOf("grants", "remember(BUTTON,")],
      },
    );
    await client.stopped();
    await client.request("threads");
    const locals = await topOf(client, 1);
    await look(client, locals, "Local", ["slot"]);
    await look(client, locals, "Registers");
    for (const expression of [
      "slot->number",
      "grid[1]",
      "station.name",
      "*tree",
      "$sp",
      "nobody",
    ]) {
      await client.send("evaluate", { expression, frameId: locals, context: "watch" });
    }
    await client.run("next", 1);
    await client.stack(1);
    await client.run("stepIn", 1);
    await client.stack(1);
    await client.run("stepOut", 1);
    await client.stack(1);
    await client.setBreakpoints(sourceOf("locals"), []);
    await client.run("continue", 1);
    const grants = await topOf(client, 2);
    await look(client, grants, "Grants", ["Console (0x1)", "Button (0x3)", "Alarm (0x0)"]);
    await look(client, grants, "MPU", ["region 0"]);
    await look(client, grants, "Process", ["RAM", "flash"]);
    await client.request("disconnect");
    assertGolden("test/golden/dap/locals-and-grants.txt", transcriptOf(client.messages));
  });

  it("a fault: reason, policy, panic and a board that can still be looked at", async () => {
    const client = new Debugging();
    await client.start({ apps: [tabOf("crash")], inputs: ["100ms:button0=down"] });
    const { threadId = 0 } = await client.stopped();
    await client.request("threads");
    await client.stack(threadId);
    await client.request("exceptionInfo", { threadId });
    await client.run("continue", threadId);
    await client.request("threads");
    await look(client, await topOf(client, threadId), "Process");
    await client.send("next", { threadId });
    await client.request("disconnect");
    assertGolden("test/golden/dap/crash.txt", transcriptOf(client.messages));
  });

  it("restart, and the end of the last app", async () => {
    const client = new Debugging();
    const line = lineOf("locals", "int32_t total = sum(tree);");
    await client.start({ apps: [tabOf("locals")] }, { [sourceOf("locals")]: [line] });
    await client.stopped();
    await client.request("restart", {});
    await client.stopped();
    await client.request("continue", { threadId: 1 });
    await client.event("terminated");
    await client.request("disconnect");
    assertGolden("test/golden/dap/restart.txt", transcriptOf(client.messages));
  });
});
