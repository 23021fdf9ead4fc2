// Scenarios that a debug session drives.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ScenarioEndedBody } from "../../../adapter/testing/protocol.js";
import { Debugging, lineOf, root, sourceOf } from "../debugging.js";
import { performed } from "./performing.js";

const scenarioOf = (example: string) => `${root}/examples/${example}/${example}.tocktest.yaml`;

describe("a debugged scenario", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "tock-debug-scenario-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** A file whose scenario names apps of the examples by their whole paths. */
  const fileOf = (name: string, text: string) => {
    const path = join(folder, `${name}.tocktest.yaml`);
    writeFileSync(path, text.replaceAll("$", `${root}/examples`));
    return path;
  };
  const launchOf = (scenario: string, scenarioNumber = 1) => ({
    apps: [],
    scenario,
    scenarioNumber,
  });
  const outcomeOf = (client: Debugging) => client.event<ScenarioEndedBody>("tock/scenarioEnded");

  it("runs to its end, tells the outcome and ends the session", async () => {
    const client = new Debugging();
    await client.start(launchOf(scenarioOf("grants")));
    assert.equal((await outcomeOf(client)).result, "passed");
    assert.deepEqual(await client.event("exited"), { exitCode: 0 });
    assert.match(client.output("stdout"), /Typed 0x78/);
    assert.match(client.output("console"), /passed after .* s of virtual time/);
  });

  it("stops at breakpoints and is stepped, and ends at the same virtual time as without", async () => {
    const client = new Debugging();
    const line = lineOf("grants", 'printf("Button %');
    await client.start(launchOf(scenarioOf("grants")), { [sourceOf("grants")]: [line] });
    const { reason, threadId = 0 } = await client.stopped();
    assert.equal(reason, "breakpoint");
    assert.match(await client.where(threadId), new RegExp(`:${line}$`));
    for (let i = 0; i < 3; i++) await client.run("next", threadId);
    await client.setBreakpoints(sourceOf("grants"), []);
    await client.request("continue", { threadId });
    const { virtualSeconds, instructions } = await outcomeOf(client);
    const text = readFileSync("examples/grants/grants.tocktest.yaml", "utf8");
    const { outcome } = await performed("grants", text);
    assert.deepEqual(
      [virtualSeconds, instructions],
      [outcome.virtualSeconds, outcome.instructions],
    );
  });

  it("installs an app that a step loads", async () => {
    const client = new Debugging();
    await client.start(launchOf(scenarioOf("blink"), 2));
    assert.equal((await outcomeOf(client)).result, "passed");
  });

  it("shows a fault, and fails with its stack when the board has gone on", async () => {
    const client = new Debugging();
    const text =
      'apps: $/crash/crash.tab\nsteps:\n- console: "q: quit"\n- input: button0=down\n- wait: 1s\n';
    await client.start(launchOf(fileOf("fault", text)));
    const { reason, threadId } = await client.stopped();
    assert.equal(reason, "exception");
    await client.request("continue", { threadId });
    const { result, failures } = await outcomeOf(client);
    assert.equal(result, "failed");
    assert.match(failures[0]?.message ?? "", /crash faulted/);
    assert.match(failures[0]?.stack?.[0]?.place?.uri ?? "", /^file:\/\/\/.*crashes\.c$/);
    assert.deepEqual(await client.event("exited"), { exitCode: 1 });
  });

  it("ends when nothing can happen any more", async () => {
    const client = new Debugging();
    await client.start(
      launchOf(fileOf("idle", "apps: $/hello/hello.tab\nexpect: {exit: {hello: 0}}\n")),
    );
    assert.equal((await outcomeOf(client)).result, "passed");
  });

  it("begins anew at a restart of the session", async () => {
    const client = new Debugging();
    const line = lineOf("grants", 'printf("Button %');
    await client.start(launchOf(scenarioOf("grants")), { [sourceOf("grants")]: [line] });
    await client.stopped();
    await client.request("restart");
    const { threadId } = await client.stopped();
    await client.setBreakpoints(sourceOf("grants"), []);
    await client.request("continue", { threadId });
    assert.equal((await outcomeOf(client)).result, "passed");
  });

  it("is refused in one sentence that names the place of the mistake", async () => {
    const refusal = async (launch: { apps: readonly unknown[] } & Record<string, unknown>) => {
      const client = new Debugging();
      return client.start(launch).then(
        () => "",
        (error: Error) => error.message,
      );
    };
    const wrong = fileOf("wrong", "apps: $/hello/hello.tab\nstep: []\n");
    assert.match(await refusal(launchOf(wrong)), /wrong\.tocktest\.yaml:2:1: "step" is no key/);
    const gone = join(folder, "gone.tocktest.yaml");
    assert.match(await refusal(launchOf(gone)), /gone\.tocktest\.yaml: there is no such file/);
    assert.match(await refusal(launchOf(scenarioOf("blink"), 3)), /no scenario 3; the file has 2/);
    const twice = { ...launchOf(scenarioOf("blink")), board: "hail" };
    assert.match(await refusal(twice), /"board" and "scenario" exclude each other/);
    const device = fileOf("device", "apps: $/hello/hello.tab\nsteps:\n- led9: on\n");
    assert.match(
      await refusal(launchOf(device)),
      /device\.tocktest\.yaml:3:3: Nothing on .* shows "led9"/,
    );
  });
});
