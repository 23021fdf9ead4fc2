import assert from "node:assert/strict";
import { type App, targetOf } from "../../adapter/apps.js";
import { Debuggee } from "../../adapter/debuggee.js";
import type { Files } from "../../adapter/files.js";
import { Loading } from "../../adapter/loading.js";
import { Sources } from "../../adapter/sources.js";
import { nrf52840dk, parseTbf } from "../../emulator/index.js";
import { sleeper } from "../emulator/installer.js";

const noFiles = { read: async () => undefined, exists: async () => false } as unknown as Files;

function appOf(name: string, size = 2048): App {
  const tbf = parseTbf(sleeper(name, size), name);
  const sources = new Sources(noFiles, name, {});
  return { path: `${name}.tbf`, name: undefined, tbf, elf: undefined, sources, installed: true };
}

function start() {
  const built = nrf52840dk.build({ apps: [sleeper("old", 2048)] });
  const { machine, kernel, loader } = built;
  const debuggee = new Debuggee(machine, kernel, []);
  const loading = new Loading(
    {
      debuggee,
      built,
      flash: undefined,
      sourceMap: {},
      target: targetOf(nrf52840dk),
      board: nrf52840dk,
    },
    { appsChanged() {}, progress() {}, module() {}, breakpointChanged() {} },
  );
  const settle = () => {
    do machine.run(machine.clock.now + 1_000_000);
    while (loader.busy);
  };
  return {
    loading,
    settle,
    order: (text: string) => machine.input("loader", text),
    async install(app: App) {
      await loading.prepare(app);
      machine.input("loader", app.tbf.bytes);
    },
    get known() {
      return loading.installed.map(({ path }) => path);
    },
    nameOf: (index: number) => debuggee.program(index)?.app.path,
  };
}

describe("what the debugger keeps of apps that come and go", () => {
  it("is one app, however often the same one comes and goes", async () => {
    const board = start();
    for (let times = 0; times < 50; times++) {
      await board.install(appOf("guest"));
      board.settle();
      assert.equal(board.nameOf(1), "guest.tbf");
      board.order("uninstall guest");
      board.settle();
    }
    assert.deepEqual(board.known, ["guest.tbf"]);
  });

  it("is nothing of a build that another one has replaced", async () => {
    const board = start();
    for (const size of [2048, 4096, 8192]) {
      await board.install(appOf("guest", size));
      board.settle();
    }
    await board.install(appOf("other"));
    board.settle();
    assert.deepEqual(board.known, ["other.tbf", "guest.tbf"]);
    assert.deepEqual([board.nameOf(1), board.nameOf(2)].sort(), ["guest.tbf", "other.tbf"]);
  });

  it("is all of an app that lies in flash without a process, and of one that is on its way", async () => {
    const board = start();
    await board.install(appOf("one"));
    await board.install(appOf("two"));
    await board.install(appOf("three"));
    assert.deepEqual(board.known, ["three.tbf", "two.tbf", "one.tbf"]);
    board.settle();
    board.order("disable two");
    board.settle();
    board.order("reset");
    board.settle();
    assert.deepEqual([1, 2, 3].map(board.nameOf), ["one.tbf", "three.tbf", undefined]);
    await board.install(appOf("four"));
    assert.deepEqual(board.known, ["four.tbf", "three.tbf", "two.tbf", "one.tbf"]);
  });
});
