import assert from "node:assert/strict";
import { createHash, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { parseElf } from "../../../emulator/formats/elf.js";
import { pack } from "../../../emulator/formats/pack.js";
import { type BoardDescription, imix } from "../../../emulator/index.js";
import {
  noCredentials,
  notRequired,
  sha256Credentials,
  signatureCredentials,
} from "../../../emulator/kernel/checker.js";
import {
  assignFromName,
  assignFromNameAndKey,
  assignLocallyUnique,
  nullStoragePermissions,
  sameName,
} from "../../../emulator/kernel/identity.js";
import { variant } from "../installing-boards.js";
import { eventsOf, testBoard } from "../test-board.js";

const hello = parseElf(readFileSync("examples/hello/hello.elf"), "hello.elf");

const keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
const KEY = publicPoint(keys.publicKey);

function publicPoint(key: KeyObject): Uint8Array {
  const { x = "", y = "" } = key.export({ format: "jwk" });
  return Uint8Array.from([x, y].flatMap(n => [...Buffer.from(n, "base64url")]));
}

/** An app that is signed with `keys`. */
const withSignature = (name: string): Uint8Array =>
  pack(hello, {
    name,
    kernelVersion: { major: 2, minor: 1 },
    appVersion: 1,
    credentials: [
      {
        format: 6,
        length: 64,
        make: covered =>
          sign("sha256", covered, { key: keys.privateKey, dsaEncoding: "ieee-p1363" }),
      },
    ],
  }).tbf;

/** The same app with other flags in its header, whose checksum is right, and its footers as they were. */
function forged(app: Uint8Array, flags = 3): Uint8Array {
  const bytes = app.slice();
  const view = new DataView(bytes.buffer);
  view.setUint32(12, view.getUint32(12, true) ^ view.getUint32(8, true) ^ flags, true);
  view.setUint32(8, flags, true);
  return bytes;
}

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
      /^App "bare" at 0x40000 was not loaded: No credentials accepted; this board runs only apps with a SHA-256 .* --sha256 /,
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
    assert.match(
      notices[0]!,
      /^App "same" at 0x4\w+ was not loaded: process 0 is the same app; keep one of the two/,
    );
  });

  it("tells of apps for which there is no process slot", () => {
    const { names, notices } = load([app("a"), app("b"), app("c")], { slots: 2 });
    assert.deepEqual(names, ["a", "b"]);
    assert.match(
      notices[0]!,
      /^App "c" .* Nowhere to store the loaded process; install fewer apps\.$/,
    );
  });
});

describe("an app with another header under its signature", () => {
  const credentials = signatureCredentials([KEY]);

  it("is not run where signatures are asked for, in upstream's words", () => {
    const apps = [withSignature("good"), forged(withSignature("forged"))];
    const config = { debug_load_processes: true };
    const { names, debug, notices } = load(apps, { credentials, config });
    assert.deepEqual(names, ["good"]);
    assert.ok(debug.includes("Loading: Process forged check failed No credentials accepted"));
    assert.match(notices.join("\n"), /App "forged" at 0x\w+ was not loaded: No credentials/);
  });

  it("runs where they are not, but is not the one that its name and key say", () => {
    const identity = { assigner: assignFromNameAndKey, storagePermissions: nullStoragePermissions };
    const apps = [withSignature("good"), forged(withSignature("forged"))];
    const { kernel } = load(apps, { credentials: notRequired(credentials), identity });
    assert.deepEqual(
      kernel.processes.map(({ name, shortId }) => [name, shortId]),
      [
        ["good", assignFromNameAndKey({ name: "good", keyId: 0 })],
        ["forged", assignFromNameAndKey({ name: "forged" })],
      ],
    );
  });

  it("is refused by the loader of a running board, which tells when a flag it sets breaks a signature", () => {
    const board = variant({ credentials });
    const notices: string[] = [];
    const { machine, loader } = board.build({
      apps: [withSignature("good")],
      listen: event => void (event.type === "notice" && notices.push(event.text)),
    });
    machine.run(1000);
    assert.throws(
      () => machine.input("loader", forged(withSignature("forged"))),
      /^UserError: App "forged" was not installed: No credentials accepted; this board runs only/,
    );
    machine.input("loader", "sticky good");
    while (loader.busy) machine.run(machine.clock.now + 64_000);
    assert.match(notices.join(), /"good" does not run after the next reset: its credentials cover/);
    machine.requestReset();
    machine.run(machine.clock.now + 64_000_000);
    assert.match(notices.join(), /App "good" at 0x40000 was not loaded/);
  });
});

describe("debug_process_credentials", () => {
  const config = { debug_process_credentials: true };

  it("prints each step of a check as upstream does", () => {
    const tbf = app("signed", { signed: true });
    const { kernel, debug } = load([tbf], { credentials: sha256Credentials, config });
    const { start, end } = kernel.process(0).flash;
    const [, footers = ""] = /footers at (\w+)-/.exec(debug.join("\n")) ?? [];
    const [from, to] = [start.toString(16), end.toString(16)];
    assert.deepEqual(debug, [
      'Checking: Checking Some("signed") footer 0',
      `Checking: Integrity region is ${from}-${footers}; footers at ${footers}-${to}`,
      `Checking: Current footer slice ${footers}-${to}`,
      `ProcessCheck: @${footers} found a len 36 footer: SHA256`,
      "Checking: Found 0, checking",
      "Checking: Check status for process signed, footer 0: Checking",
      "Checking: check_done gave result Ok(Accept(None))",
    ]);
  });

  it("walks over earlier footers again, and tells where they end", () => {
    const { debug } = load([app("signed", { signed: true })], { config });
    const lines = debug.map(line =>
      line.replace(/\b[0-9a-f]{5,8}\b/g, "@").replace(/len \d+ footer: R/, "len N footer: R"),
    );
    assert.deepEqual(lines.slice(4, 6), [
      "Checking: Found 0, not supported",
      "Checking: Check status for process signed, footer 0: FooterNotCheckable",
    ]);
    assert.deepEqual(lines.slice(6, 12), [
      'Checking: Checking Some("signed") footer 1',
      "Checking: Integrity region is @-@; footers at @-@",
      "Checking: Current footer slice @-@",
      "ProcessCheck: @@ found a len 36 footer: SHA256",
      "Checking: Current footer slice @-@",
      "ProcessCheck: @@ found a len N footer: Reserved",
    ]);
    assert.equal(
      lines.at(-1),
      "Checking: Check status for process signed, footer 2: PastLastFooter",
    );
  });

  it("tells of each pair of apps whether one blocks the other", () => {
    const apps = [
      app("same", { appVersion: 1 }),
      app("same", { appVersion: 2 }),
      app("same", { appVersion: 2 }),
      app("other"),
    ];
    const { debug, kernel } = load(apps, { config });
    const at = (name: string) => new RegExp(`^Loading: (ProcessBinary|Process) ${name}`);
    assert.deepEqual(
      kernel.processes.map(({ name }) => name),
      ["same", "other"],
    );
    assert.deepEqual(
      debug
        .filter(line => at("\\w+").test(line))
        .map(line => line.replace(/\(0x\w+\)/g, "").replace("Loading: ", "")),
      [
        "ProcessBinary same does block same",
        "ProcessBinary same does not block same",
        "ProcessBinary other does not block same",
        "ProcessBinary other does not block same",
        "Process same does block same",
        "Process same does not block other",
      ],
    );
  });

  it("says that nothing is checked where nothing is", () => {
    const { debug } = load([app("one"), app("two")], { config, credentials: undefined as never });
    assert.deepEqual(debug, [
      "Checking: no checking, load and run all processes",
      "Running one",
      "Running two",
    ]);
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
