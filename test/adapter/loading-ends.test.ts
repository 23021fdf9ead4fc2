import assert from "node:assert/strict";
import type { InstallPlanBody } from "../../adapter/protocol.js";
import { Debugging, root, tabOf } from "./debugging.js";

/** A board on which an install is under way, and which stands still. */
async function inTheMiddle(launch: object = {}): Promise<Debugging> {
  const client = new Debugging({ supportsProgressReporting: true });
  await client.start({ apps: [tabOf("blink")], ...launch });
  await client.request("tock/installApp", { path: tabOf("loader") });
  await client.event("progressStart");
  await client.request("pause");
  await client.stopped();
  assert.deepEqual(progressOf(client), ["progressStart loader 1"]);
  return client;
}

/** Begins and ends of long tasks, each with its id. */
const progressOf = (client: Debugging): string[] =>
  client.events
    .filter(({ event }) => event === "progressStart" || event === "progressEnd")
    .map(({ event, body }) => `${event} ${(body as { progressId: string }).progressId}`);

const paired = ["progressStart loader 1", "progressEnd loader 1"];

async function refusal(client: Debugging, command: string, args: object = {}): Promise<string> {
  const { success, message } = await client.send(command, args);
  assert.equal(success, false, `${command} is not refused`);
  return message ?? "";
}

describe("an install that does not come to its end", () => {
  for (const request of ["terminate", "disconnect", "restart"])
    it(`is no task of the client any more after ${request}`, async () => {
      const client = await inTheMiddle();
      await client.request(request);
      assert.deepEqual(progressOf(client), paired);
    });

  it("leaves its number to no other task of the session", async () => {
    const client = await inTheMiddle();
    await client.request("restart");
    await client.request("tock/installApp", { path: tabOf("loader") });
    await client.event("progressEnd");
    await client.event("progressEnd");
    assert.deepEqual(progressOf(client), [
      ...paired,
      "progressStart loader 2",
      "progressEnd loader 2",
    ]);
  });

  it("is no task of the client any more once the kernel has panicked", async () => {
    const crash = `${root}/examples/crash/crash.tab`;
    const client = await inTheMiddle({ apps: [crash], faultPolicy: "panic" });
    await client.request("tock/input", { device: "console", value: "n" });
    await client.run("continue", 1);
    await client.run("continue", 1);
    assert.deepEqual(progressOf(client), paired);
  });
});

describe("a board that does nothing any more", () => {
  const acts: Readonly<Record<string, object>> = {
    "tock/input": { device: "button0", value: "down" },
    "tock/installApp": { path: tabOf("grants") },
    "tock/uninstallApp": { app: "blink" },
    "tock/setAppEnabled": { app: "blink", enabled: false },
    "tock/setAppSticky": { app: "blink", sticky: true },
    "tock/eraseApps": {},
    "tock/restartProcess": { app: "blink" },
    "tock/process": { threadId: 1, action: "stop" },
    "tock/resetBoard": {},
    terminateThreads: { threadIds: [1] },
  };

  it("takes no order after the end of the program, and says so", async () => {
    const client = new Debugging();
    await client.start({ apps: [tabOf("blink")] });
    await client.request("terminate");
    await client.event("terminated");
    const told = client.events.length;
    for (const [command, args] of Object.entries(acts))
      assert.match(await refusal(client, command, args), /the program has ended; send restart\.$/);
    const plan = await client.request<InstallPlanBody>("tock/planInstall", acts["tock/installApp"]);
    assert.match(plan.refusal ?? "", /the program has ended/);
    assert.deepEqual(client.events.slice(told), []);
  });

  it("plans no install after a panic but that of a reset board", async () => {
    const client = new Debugging();
    const crash = `${root}/examples/crash/null-dereference/null-dereference.tab`;
    await client.start({ apps: [crash], faultPolicy: "panic" }, {}, { filters: [] });
    await client.stopped();
    const plan = await client.request<InstallPlanBody>("tock/planInstall", acts["tock/installApp"]);
    assert.equal(plan.address, undefined);
    assert.equal(plan.refusal, "loader: the kernel has panicked; reset the board first.");
  });
});
