import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AppsBody } from "../../adapter/protocol.js";
import { chooseTbf, readChips, readTab } from "../../emulator/index.js";
import { Debugging, lineOf, sourceOf, tabOf } from "./debugging.js";

type Client = Debugging;
const appsOf = (client: Client): Promise<AppsBody> => client.request<AppsBody>("tock/apps");
const refusal = async (client: Client, command: string, args: object): Promise<string> => {
  const { success, message } = await client.send(command, args);
  assert.equal(success, false);
  return message ?? "";
};

/** Until flash is not being changed any more. */
async function settled(client: Client): Promise<AppsBody> {
  for (;;) {
    const body = await client.event<AppsBody>("tock/appsChanged");
    if (!body.busy) return body;
  }
}

describe("apps that come while the board runs", () => {
  it("stop at breakpoints that were set before, without the other app noticing", async () => {
    const client = new Debugging();
    const line = lineOf("grants", "int main");
    await client.start(
      { apps: [tabOf("blink")], speed: "realtime" },
      { [sourceOf("grants")]: [line] },
    );
    const installed = await client.request("tock/installApp", { path: tabOf("grants") });
    assert.deepEqual(installed, { schema: 1, name: "grants", size: 4096 });
    const changed = await client.event<{ breakpoint: { verified: boolean } }>("breakpoint");
    assert.equal(changed.breakpoint.verified, true);
    const stopped = await client.stopped();
    assert.equal(stopped.reason, "breakpoint");
    const [top] = await client.stack(stopped.threadId ?? 0);
    assert.equal(top?.name, "main");
    assert.equal(top?.source?.path, sourceOf("grants"));
    const { apps } = await appsOf(client);
    assert.deepEqual(
      apps.map(({ name, address, enabled }) => [name, address, enabled]),
      [
        ["blink", 0x40000, true],
        ["grants", 0x41000, true],
      ],
    );
    assert.ok(apps.every(({ threadId }) => threadId !== undefined));
  });

  it("wait for a board that stands still, and survive its reset with their breakpoints", async () => {
    const client = new Debugging();
    const line = lineOf("grants", "int main");
    const inputs = ["2s:console=reset\\n"];
    await client.start({ apps: [tabOf("blink")], stopOnEntry: true, inputs });
    const { threadId = 0 } = await client.stopped();
    assert.match(await client.where(threadId), /^main:/);
    await client.request("tock/installApp", { path: tabOf("grants") });
    const output = await client.event<{ output: string }>("output");
    assert.match(output.output, /^The board does "install grants" as soon as it runs on\.\n$/);
    assert.equal((await appsOf(client)).apps.length, 1);
    await client.setBreakpoints(sourceOf("grants"), [line]);
    const first = await client.run("continue", threadId);
    assert.equal(await client.where(first.threadId ?? 0), `main:${line + 1}`);
    const second = await client.run("continue", threadId);
    assert.equal(await client.where(second.threadId ?? 0), `main:${line + 1}`);
  });

  it("come as bytes, go, and are told with modules and progress", async () => {
    const client = new Debugging({ supportsProgressReporting: true });
    await client.start({ apps: [tabOf("blink")], speed: "realtime" });
    const bytes = chooseTbf(readTab(readFileSync(tabOf("grants")), "x"), "cortex-m4").bytes;
    const elf = tabOf("grants").replace(/tab$/, "elf");
    const request = { bytes: Buffer.from(bytes).toString("base64"), elf };
    await client.request("tock/installApp", request);
    const start = await client.event<{ title: string; progressId: string }>("progressStart");
    assert.equal(start.title, "install grants");
    const { module } = await client.event<{ module: { symbolStatus: string } }>("module");
    assert.equal(module.symbolStatus, "Symbols loaded.");
    await client.event("progressEnd");
    await settled(client);
    await client.request("tock/uninstallApp", { app: "grants" });
    const gone = await client.event<{ reason: string }>("module");
    assert.equal(gone.reason, "removed");
    const { apps } = await appsOf(client);
    assert.deepEqual(
      apps.map(({ name }) => name),
      ["blink"],
    );
    const { threads } = await client.request<{ threads: unknown[] }>("threads");
    assert.equal(threads.length, 1);
  });

  it("are switched off for the next reset, restarted and erased", async () => {
    const client = new Debugging();
    await client.start({ apps: [tabOf("grants")], speed: "realtime" });
    await client.request("tock/setAppEnabled", { app: "grants", enabled: false });
    assert.equal((await settled(client)).apps[0]?.enabled, false);
    await client.request("tock/restartProcess", { address: 0x40000 });
    await settled(client);
    assert.match(
      await refusal(client, "tock/restartProcess", { app: "nothing" }),
      /no app "nothing" is installed; name one of grants\./,
    );
    await client.request("tock/eraseApps");
    assert.deepEqual((await settled(client)).apps, []);
    // Nothing is left to run, and still an app may come.
    await client.request("tock/installApp", { path: tabOf("grants") });
    assert.equal((await settled(client)).apps[0]?.name, "grants");
  });

  it("are refused with a sentence that says why", async () => {
    const client = new Debugging();
    await client.start({ apps: [tabOf("grants")], speed: "realtime" });
    assert.match(
      await refusal(client, "tock/installApp", {}),
      /"path" must be the path of a \.tab or \.tbf/,
    );
    const bytes = Buffer.from("no app at all, only text").toString("base64");
    assert.match(await refusal(client, "tock/installApp", { bytes }), /app\.tbf/);
    assert.equal((await appsOf(client)).apps.length, 1);
  });

  it("stop in main once if the launch stops on entry, and not again after a reset", async () => {
    const client = new Debugging();
    const inputs = ["1s:console=reset\\n"];
    await client.start({ apps: [tabOf("blink")], stopOnEntry: true, inputs, speed: "max" });
    const first = await client.stopped();
    await client.request("tock/installApp", { path: tabOf("grants") });
    const { threadId = 0, reason } = await client.run("continue", first.threadId ?? 0);
    assert.equal(reason, "entry");
    assert.match(await client.where(threadId), /^main:/);
    const [top] = await client.stack(threadId);
    assert.equal(top?.source?.path, sourceOf("grants"));
    await client.setBreakpoints(sourceOf("blink"), [lineOf("blink", "int main")]);
    // Only the breakpoint stops when the reset board boots.
    assert.equal((await client.run("continue", threadId)).reason, "breakpoint");
  });

  it("keep their symbols and breakpoints over a restart with a flash file, though the launch does not name them", async () => {
    const folder = mkdtempSync(join(tmpdir(), "flash-"));
    try {
      const client = new Debugging();
      const flash = join(folder, "flash.bin");
      await client.start({ apps: [tabOf("blink")], flash, speed: "realtime" });
      await client.request("tock/installApp", { path: tabOf("grants") });
      await settled(client);
      await client.setBreakpoints(sourceOf("grants"), [lineOf("grants", "int main")]);
      for (let restarts = 0; restarts < 2; restarts++) {
        await client.request("restart");
        const { threadId = 0 } = await client.stopped();
        assert.equal(await client.where(threadId), `main:${lineOf("grants", "int main") + 1}`);
      }
      await client.request("disconnect");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("are gone after a restart without a flash file, which a sentence tells", async () => {
    const client = new Debugging();
    await client.start({ apps: [tabOf("blink")], speed: "realtime" });
    await client.request("tock/installApp", { path: tabOf("grants") });
    await settled(client);
    await client.request("restart");
    const told = client.events
      .filter(({ event }) => event === "output")
      .map(({ body }) => (body as { output: string }).output);
    const sentence = /^grants came while the board ran, and the restarted board does not have it/;
    assert.ok(
      told.some(text => sentence.test(text)),
      told.join(""),
    );
  });

  it("stay in the flash file of the launch", async () => {
    const folder = mkdtempSync(join(tmpdir(), "flash-"));
    try {
      const flash = join(folder, "flash.bin");
      const first = new Debugging();
      await first.start({ apps: [tabOf("blink")], flash, speed: "realtime" });
      await first.request("tock/installApp", { path: tabOf("grants") });
      await settled(first);
      await first.request("restart");
      assert.deepEqual(
        (await appsOf(first)).apps.map(({ name }) => name),
        ["blink", "grants"],
      );
      await first.request("disconnect");
      const chips = readChips(readFileSync(`${flash}.chips.tar`), "chips");
      assert.deepEqual([...chips.keys()].sort(), ["externalFlash", "uicr"]);
      const copy = join(folder, "copy.bin");
      copyFileSync(flash, copy);
      const second = new Debugging();
      await second.start({ apps: [], flash: copy, speed: "realtime" });
      const { apps } = await appsOf(second);
      assert.deepEqual(
        apps.map(({ name, threadId }) => [name, threadId !== undefined]),
        [
          ["blink", true],
          ["grants", true],
        ],
      );
      // Two sessions with one file: who ends last is told what is lost, and nobody else is.
      const third = new Debugging();
      await third.start({ apps: [], flash: copy, speed: "realtime" });
      await second.request("tock/installApp", { path: tabOf("hello") });
      await settled(second);
      await second.request("disconnect");
      await third.request("disconnect");
      const lost = /copy\.bin: another program has written it while this board ran/;
      assert.match(third.output("console"), lost);
      assert.doesNotMatch(first.output("console") + second.output("console"), lost);
    } finally {
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    }
  });
});

describe("sources of apps that come and go", () => {
  it("are told of as they come and go, save those that another app has, too", async () => {
    const client = new Debugging();
    await client.start({ apps: [tabOf("blink")], speed: "realtime" });
    const listed = async (): Promise<string[]> => {
      const { sources } = await client.request<{ sources: { path: string }[] }>("loadedSources");
      return sources.map(({ path }) => path);
    };
    const told = async (): Promise<string> => {
      const { reason, source } = await client.event<{ reason: string; source: { path: string } }>(
        "loadedSource",
      );
      return `${reason} ${source.path}`;
    };
    const before = await listed();
    assert.ok(before.includes(sourceOf("blink")));
    await client.request("tock/installApp", { path: tabOf("grants") });
    assert.equal(await told(), `new ${sourceOf("grants")}`);
    assert.deepEqual((await listed()).sort(), [...before, sourceOf("grants")].sort());
    await client.request("tock/uninstallApp", { app: "grants" });
    assert.equal(await told(), `removed ${sourceOf("grants")}`);
    await client.request("tock/uninstallApp", { app: "blink" });
    const gone: string[] = [];
    while (gone.length < before.length) gone.push(await told());
    assert.deepEqual(gone.sort(), before.map(path => `removed ${path}`).sort());
    assert.deepEqual(await listed(), []);
    const events = client.events.filter(({ event }) => event === "loadedSource");
    assert.equal(events.length, before.length + 2);
  });
});
