import assert from "node:assert/strict";
import type {
  AppsBody,
  BoardInfoBody,
  ConsoleBody,
  InstallPlanBody,
} from "../../adapter/protocol.js";
import { type TbfHeaderFields, writeTbfHeader } from "../../emulator/formats/tbf-write.js";
import { Debugging, root, tabOf } from "./debugging.js";

const appsOf = (client: Debugging): Promise<AppsBody> => client.request<AppsBody>("tock/apps");
const plan = (client: Debugging, args: object): Promise<InstallPlanBody> =>
  client.request<InstallPlanBody>("tock/planInstall", args);

async function settled(client: Debugging): Promise<AppsBody> {
  for (;;) {
    const body = await client.event<AppsBody>("tock/appsChanged");
    if (!body.busy) return body;
  }
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

/** A TBF of `size` bytes. */
function tbf(size: number, more: Partial<TbfHeaderFields> = {}): Uint8Array {
  const header = writeTbfHeader({
    enabled: true,
    totalSize: size,
    initFunctionOffset: 1,
    protectedTrailerSize: 0,
    minimumRamSize: 4096,
    binaryEndOffset: size,
    binaryVersion: 1,
    name: "wish",
    writeableFlashRegions: [],
    kernelVersion: { major: 2, minor: 1 },
    ...more,
  });
  const bytes = new Uint8Array(size);
  bytes.set(header);
  return bytes;
}

describe("the plan of an installation", () => {
  it("tells what the app needs and where it would lie, and changes nothing", async () => {
    const client = new Debugging();
    await client.start({ apps: [tabOf("blink")], speed: "realtime" });
    const { name, variant, flash, ram, kernelVersion, address, replaces, warnings } = await plan(
      client,
      { path: tabOf("grants") },
    );
    assert.deepEqual([name, variant, flash, address], ["grants", "cortex-m4", 4096, 0x41000]);
    assert.ok(ram > 0);
    assert.match(kernelVersion ?? "", /^2\.\d+$/);
    assert.equal(replaces, undefined);
    assert.deepEqual(warnings, []);
    assert.equal((await appsOf(client)).apps.length, 1);
  });

  it("tells of the app whose name is taken", async () => {
    const client = new Debugging();
    await client.start({ apps: [tabOf("blink")], speed: "realtime" });
    const { replaces, address } = await plan(client, { path: tabOf("blink") });
    assert.equal(replaces?.name, "blink");
    assert.equal(replaces?.address, address);
  });

  it("tells of drivers that the board lacks", async () => {
    const client = new Debugging();
    await client.start({ apps: [tabOf("blink")], board: "hail", speed: "realtime" });
    const path = `${root}/examples/tests/screen/screen.tab`;
    const { warnings } = await plan(client, { path });
    assert.match(warnings.join(" "), /screen uses Screen \(0x90001\), which hail lacks/);
  });

  it("gives the reason why it cannot be, one for each kind", async () => {
    const client = new Debugging();
    await client.start({ apps: [tabOf("blink")], speed: "realtime" });
    const refusal = async (bytes: Uint8Array): Promise<string> => {
      const body = await plan(client, { bytes: base64(bytes) });
      assert.equal(body.address, undefined);
      return body.refusal ?? "";
    };
    assert.match(await refusal(tbf(1 << 20)), /needs 1048576 bytes of flash/);
    assert.match(
      await refusal(tbf(1024, { kernelVersion: { major: 3, minor: 0 } })),
      /Requested: 3\.0/,
    );
    assert.match(
      await refusal(tbf(1024, { fixedAddressFlash: 0x1000 })),
      /linked for flash 0x1000/,
    );
    assert.equal((await appsOf(client)).apps.length, 1);
  });
});

describe("the board", () => {
  it("updates only what is installed, makes it sticky and keeps it when all are erased", async () => {
    const client = new Debugging();
    await client.start({ apps: [tabOf("blink"), tabOf("hello")], speed: "realtime" });
    const { success, message } = await client.send("tock/installApp", {
      path: tabOf("grants"),
      update: true,
    });
    assert.equal(success, false);
    assert.match(message ?? "", /no app "grants" is installed/);
    await client.request("tock/installApp", { path: tabOf("blink"), update: true });
    await settled(client);
    await client.request("tock/setAppSticky", { app: "blink", sticky: true });
    assert.equal((await settled(client)).apps[0]?.sticky, true);
    await client.request("tock/eraseApps");
    const { apps } = await settled(client);
    assert.deepEqual(
      apps.map(({ name }) => name),
      ["blink"],
    );
  });

  it("boots anew with what its flash holds", async () => {
    const client = new Debugging();
    await client.start({ apps: [tabOf("blink")], speed: "realtime" });
    await client.request("tock/installApp", { path: tabOf("hello") });
    await settled(client);
    await client.request("tock/setAppEnabled", { app: "blink", enabled: false });
    await settled(client);
    await client.request("tock/resetBoard");
    for (;;) {
      const { apps } = await client.event<AppsBody>("tock/appsChanged");
      const [blink, hello] = apps;
      if (blink?.threadId === undefined && hello?.threadId !== undefined) break;
    }
  });

  it("says what it is", async () => {
    const client = new Debugging();
    await client.start({ apps: [tabOf("blink")], board: "hail", speed: "realtime" });
    const { name, architecture, kernelVersion, running, drivers, inputs } =
      await client.request<BoardInfoBody>("tock/board");
    assert.deepEqual([name, architecture, running], ["hail", "cortex-m4", true]);
    assert.match(kernelVersion, /^2\.3/);
    assert.ok(drivers.some(driver => driver.number === 2 && driver.name === "LED"));
    const buttons = inputs.filter(device => device.startsWith("button"));
    assert.deepEqual(buttons, ["button0"]);
    for (const device of ["console", "temperature"]) assert.ok(inputs.includes(device), device);
    assert.ok(!inputs.includes("led0"));
  });

  it("sends its UART to an open console only, and what was said before", async () => {
    const client = new Debugging();
    await client.start({ apps: [tabOf("grants")], speed: "realtime" });
    while (!/tock\$ /.test(client.output("stdout"))) await client.event("output");
    assert.ok(!client.events.some(({ event }) => event === "tock/console"));
    const { text } = await client.request<ConsoleBody>("tock/openConsole");
    assert.equal(text, client.output("stdout"));
    await client.request("tock/input", { device: "console", value: "help\n" });
    let heard = "";
    while (!/console-start console-stop/.test(heard))
      heard += (await client.event<ConsoleBody>("tock/console")).text;
    await client.request("tock/closeConsole");
    const before = client.events.filter(({ event }) => event === "tock/console").length;
    await client.request("tock/input", { device: "console", value: "status\n" });
    while (!/Total processes/.test(client.output("stdout"))) await client.event("output");
    assert.equal(client.events.filter(({ event }) => event === "tock/console").length, before);
  });
});
