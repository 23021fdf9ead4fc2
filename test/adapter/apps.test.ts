// ELF files of libtock-rs, and TABs with a variant for each place where the app may lie, as libtock-rs builds them.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ReadApps, readApps, targetOf } from "../../adapter/apps.js";
import type { AppsBody } from "../../adapter/protocol.js";
import { hex, nrf52840dk, type TockBoard, writeTab } from "../../emulator/index.js";
import { fixed, sleeper } from "../emulator/installer.js";
import { libtockRsElf } from "../libtock-rs-elf.js";
import { requireTool } from "../tools.js";
import { Debugging } from "./debugging.js";

const PLACES = [
  [0x40000, 0x20010000],
  [0x48000, 0x20014000],
  [0x50000, 0x20018000],
] as const;

const tabOf = (name: string): Uint8Array =>
  writeTab(
    { name },
    PLACES.map(([flash, ram]) => ({
      variant: `cortex-m4.${hex(flash, 8)}.${hex(ram, 8)}`,
      bytes: fixed(name, ram, flash),
    })),
  );

/** Paths are names of such apps; `plain` is one that may lie anywhere. */
function read(
  paths: readonly string[],
  { loader, image }: { loader?: TockBoard["loader"]; image?: Uint8Array } = {},
): Promise<ReadApps> {
  const options = paths.map(path => ({
    path,
    elf: undefined,
    name: undefined,
    sourceMap: {},
    installed: true,
  }));
  const suits = loader && { suits: (tbf: Uint8Array) => loader.suits(tbf) };
  const bytes = async (path: string) =>
    path.includes(".elf") || path.includes("/")
      ? undefined
      : path === "plain"
        ? sleeper("plain", 4096)
        : tabOf(path);
  const files = { read: bytes, exists: async () => false };
  return readApps(options, { ...targetOf(nrf52840dk, image), ...suits }, files);
}

const places = ({ apps }: ReadApps) => apps.map(({ tbf }) => tbf.header.fixedAddressRam);

describe("a TAB with several fixed addresses", () => {
  it("gives the variant that the apps before it leave free", async () => {
    assert.deepEqual(places(await read(["a", "b", "c"])), [0x20010000, 0x20014000, 0x20018000]);
    assert.deepEqual(places(await read(["plain", "a"])), [undefined, 0x20014000]);
  });

  it("runs beside others of its kind from the start", async () => {
    const { apps } = await read(["a", "b", "c"]);
    const { machine, kernel } = nrf52840dk.build({ apps: apps.map(({ tbf }) => tbf.bytes) });
    machine.run(64_000_000);
    assert.deepEqual(
      kernel.processes.map(({ name, state }) => [name, state]),
      ["a", "b", "c"].map(name => [name, "Yielded"]),
    );
  });

  it("gives the variant for which a flash file and the apps before leave flash and RAM free", async () => {
    const first = await read(["a"]);
    const image = nrf52840dk
      .build({ apps: first.apps.map(({ tbf }) => tbf.bytes) })
      .loader.flashImage();
    assert.deepEqual(places(await read(["b", "c"], { image })), [0x20014000, 0x20018000]);
    // The same app again takes its own place, an app without fixed addresses the first that is free.
    assert.deepEqual(places(await read(["a", "b"], { image })), [0x20010000, 0x20014000]);
    assert.deepEqual(places(await read(["plain", "b"], { image })), [undefined, 0x20014000]);
    assert.deepEqual(places(await read(["b"], { image: new Uint8Array() })), [0x20010000]);
    const { apps } = await read(["b", "c"], { image });
    const { machine, kernel } = nrf52840dk.build({
      flash: image,
      apps: apps.map(({ tbf }) => tbf.bytes),
    });
    machine.run(64_000_000);
    assert.deepEqual(
      kernel.processes.map(({ name, state }) => [name, state]),
      ["a", "b", "c"].map(name => [name, "Yielded"]),
    );
  });

  it("gives a running board the variant for which flash and RAM are free", async () => {
    const { machine, loader, kernel } = nrf52840dk.build({ apps: [fixed("a", ...flipped(0))] });
    machine.run(64_000);
    for (const name of ["b", "c"]) {
      const [app] = (await read([name], { loader })).apps;
      assert.ok(app);
      machine.input("loader", app.tbf.bytes);
      machine.run(machine.clock.now + 64_000_000);
    }
    assert.deepEqual(
      loader.apps.map(({ name, address }) => [name, address]),
      [
        ["a", 0x40000],
        ["b", 0x48000],
        ["c", 0x50000],
      ],
    );
    assert.ok(kernel.processes.every(({ state }) => state === "Yielded"));
    const [none] = (await read(["d"], { loader })).apps;
    assert.ok(none);
    assert.throws(
      () => machine.input("loader", none.tbf.bytes),
      /^UserError: App "d" was not installed: it is linked for flash 0x400\w\w and RAM 0x20010000, which is not free; build it for flash/,
    );
  });
});

describe("several TABs with the same fixed addresses", () => {
  it("find their places though they come at once", async () => {
    const { machine, loader, kernel } = nrf52840dk.build({ apps: [] });
    machine.run(64_000);
    for (const name of ["a", "b", "c"]) {
      const [app] = (await read([name], { loader })).apps;
      assert.ok(app);
      machine.input("loader", app.tbf.bytes);
      machine.run(machine.clock.now + 640);
    }
    assert.ok(loader.busy);
    machine.run(machine.clock.now + 10 * 64_000_000);
    assert.deepEqual(
      kernel.processes.map(({ name, state }) => [name, state]),
      ["a", "b", "c"].map(name => [name, "Yielded"]),
    );
  });
});

const flipped = (place: number): readonly [number, number] => {
  const [flash, ram] = PLACES[place] as readonly [number, number];
  return [ram, flash];
};

describe("an ELF as an app", () => {
  it("of libtock-rs is packed as its runner does: the section .stack tells the size of the stack", async function () {
    requireTool(this, "arm-none-eabi-gcc");
    const folder = mkdtempSync(join(tmpdir(), "tock-debug-test-"));
    const path = join(folder, "sensor");
    libtockRsElf(path);
    const client = new Debugging();
    await client.start({ apps: [path], speed: "realtime" });
    const { apps } = await client.request<AppsBody>("tock/apps");
    assert.deepEqual(
      apps.map(({ name, address }) => [name, address]),
      [["sensor", 0x40000]],
    );
    // The kernel prints its prompt before the app has its turn.
    await new Promise(resolve => setTimeout(resolve, 200));
    await client.request("pause", { threadId: 1 });
    await client.stopped();
    assert.match((await client.stack(1))[0]?.name ?? "", /^wait/);
    rmSync(folder, { recursive: true });
  });

  it("of libtock-c is refused: what elf2tab is told of its heap stands in no ELF", async () => {
    const client = new Debugging();
    await client.request("initialize", { adapterID: "tock" });
    const { message } = await client.send("launch", { apps: ["examples/hello/hello.elf"] });
    assert.match(message ?? "", /it is an ELF; expected the TAB or TBF/);
  });
});
