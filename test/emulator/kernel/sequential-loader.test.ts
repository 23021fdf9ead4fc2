import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { parseElf } from "../../../emulator/formats/elf.js";
import { pack } from "../../../emulator/formats/pack.js";
import { type BoardDescription, imix } from "../../../emulator/index.js";
import { noCredentials, sha256Credentials } from "../../../emulator/kernel/checker.js";
import {
  assignFromName,
  assignLocallyUnique,
  nullStoragePermissions,
  sameName,
} from "../../../emulator/kernel/identity.js";
import { eventsOf, testBoard } from "../test-board.js";

const hello = parseElf(readFileSync("examples/hello/hello.elf"), "hello.elf");

/** An app of that name and version, with a SHA-256 if it is `signed`. */
const app = (name: string, options: { appVersion?: number; signed?: boolean } = {}): Uint8Array =>
  pack(hello, {
    name,
    kernelVersion: { major: 2, minor: 1 },
    appVersion: options.appVersion ?? 0,
    credentials: options.signed
      ? [{ format: 3, length: 32, make: covered => createHash("sha256").update(covered).digest() }]
      : [],
  }).tbf;

const byName = { assigner: assignFromName, storagePermissions: nullStoragePermissions };

function load(apps: Uint8Array[], options: Partial<Parameters<typeof testBoard>[0]> = {}) {
  const board = testBoard({ apps, credentials: noCredentials, identity: byName, ...options });
  return {
    ...board,
    names: board.kernel.processes.map(p => p.name),
    notices: eventsOf(board.events, "notice").map(e => e.text),
  };
}

describe("loading with credentials and identities", () => {
  it("runs apps in the order of flash, each with a ShortId", () => {
    const { kernel } = load([app("one"), app("two")]);
    assert.deepEqual(
      kernel.processes.map(({ name, shortId }) => [name, shortId]),
      [
        ["one", assignFromName({ name: "one" })],
        ["two", assignFromName({ name: "two" })],
      ],
    );
  });

  it("leaves out what lacks the credentials asked for, and says so", () => {
    const apps = [app("bare"), app("signed", { signed: true })];
    const { names, notices, debug } = load(apps, {
      credentials: sha256Credentials,
      config: { debug_load_processes: true },
    });
    assert.deepEqual(names, ["signed"]);
    assert.match(
      notices.join("\n"),
      /^App "bare" at 0x40000 was not loaded: No credentials accepted; this board runs only/,
    );
    assert.ok(debug.includes("Loading: Process bare check failed No credentials accepted"));
    assert.ok(debug.includes("Loading: Check succeeded for process signed"));
    assert.ok(debug.includes("Loading: Loaded process signed"));
  });

  it("of two with one ShortId runs the newer, and of equals the first", () => {
    const versions = (...list: number[]) =>
      load(list.map(appVersion => app("same", { appVersion }))).kernel.processes.map(
        p => p.flash.start,
      );
    const [older] = versions(1, 1);
    assert.deepEqual(versions(1, 1), [older]);
    assert.deepEqual(versions(2, 1), [older]);
    assert.equal(versions(1, 2).length, 1);
    assert.ok(versions(1, 2)[0]! > older!);
  });

  it("of two with one name runs one where the policy says so, else both", () => {
    const apps = [app("same"), app("same")];
    const unique = { assigner: assignLocallyUnique, storagePermissions: nullStoragePermissions };
    assert.deepEqual(load(apps, { identity: unique }).names, ["same", "same"]);
    const { names, notices } = load(apps, { identity: { ...unique, sameApp: sameName } });
    assert.deepEqual(names, ["same"]);
    assert.match(notices[0]!, /^App "same" at 0x4\w+ was not loaded: process 0 is the same app\.$/);
  });

  it("tells of apps for which there is no process slot", () => {
    const { names, notices } = load([app("a"), app("b"), app("c")], { slots: 2 });
    assert.deepEqual(names, ["a", "b"]);
    assert.match(notices[0]!, /^App "c" .* Nowhere to store the loaded process\.$/);
  });
});

describe("imix", () => {
  const boot = (board: BoardDescription, apps: Uint8Array[]) =>
    board.build({ apps }).kernel.processes;

  it("runs an app with a SHA-256, under the ShortId of its name, and none without", () => {
    const processes = boot(imix, [app("bare"), app("signed", { signed: true })]);
    assert.deepEqual(
      processes.map(p => [p.name, p.shortId]),
      [["signed", assignFromName({ name: "signed" })]],
    );
  });
});
