import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  linkSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeTbfHeader } from "../../emulator/formats/tbf-write.js";
import { chooseTbf, readChips, readTab, writePadding } from "../../emulator/index.js";

const app = (name: string) => `examples/${name}/${name}.tab`;
const tbf = (name: string) =>
  chooseTbf(readTab(readFileSync(app(name)), app(name)), "cortex-m4").bytes;

function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["out/cli/main.js", "run", "--for", "4", ...args],
    { encoding: "utf8", timeout: 30_000 },
  );
  return { status, stdout, stderr };
}

describe("tock-debug run with a loader", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "tock-debug-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  it("--load-at installs apps while others run, and inputs take them away", () => {
    const { status, stdout, stderr } = run(
      "--json",
      "--load-at",
      `0.5:${app("grants")}`,
      "--load-at",
      `1s:${app("hello")}`,
      "--input",
      "2s:loader=uninstall grants",
      app("blink"),
    );
    assert.equal(status, 0, stderr);
    const result = JSON.parse(stdout) as { console: string; processes: { name: string }[] };
    assert.match(result.console, /Ready: press.*Hello, Tock!\nSecond 1\n/s);
    assert.deepEqual(
      result.processes.map(({ name }) => name),
      ["blink", "hello"],
    );
  });

  it("--load-at tells in a sentence what cannot be installed, and the others run on", () => {
    const file = join(folder, "forged.tbf");
    writeFileSync(file, writePadding(512));
    const { status, stdout, stderr } = run("--load-at", `10ms:${file}`, app("hello"));
    assert.equal(status, 2);
    assert.match(stdout, /Hello, Tock!/);
    assert.match(stderr, /^tock-debug: [^\n]*padding[^\n]*\n$/i);
    const twice = ["1s:loader=erase-apps", "1s:loader=uninstall hello"];
    const queued = run(...twice.flatMap(input => ["--input", input]), app("hello"));
    assert.equal(queued.status, 2, "also what is refused in its turn");
    assert.match(queued.stderr, /no app "hello" is installed; there is none, install it first/);
    assert.match(run("--load-at", "x", app("hello")).stderr, /expected SECONDS:APP, for example/);
    assert.match(run("--load-at", "1:none.tab", app("hello")).stderr, /there is no such file/);
  });

  it("tells what was to be done yet when the run ended", () => {
    const late = run("--load-at", `5:${app("grants")}`, "--input", "6s:button0=down", app("blink"));
    assert.equal(late.status, 0);
    assert.equal(
      late.stderr,
      "tock-debug: The run ended at 4 s, before the installation of examples/grants/grants.tab at 5 s and 1 more; let it run longer with --for.\n",
    );
    const { stderr } = run("--load-at", `4:${app("grants")}`, app("blink"));
    assert.match(stderr, /ended at 4 s, while an app was being installed or taken out; let it run/);
    const { stderr: none } = run("--load-at", `3:${app("grants")}`, app("blink"));
    assert.equal(none, "");
  });

  it("shows a name as text, whatever a terminal would make of it", () => {
    const file = join(folder, "name.tbf");
    const size = 1024;
    const header = writeTbfHeader({
      enabled: true,
      totalSize: size,
      initFunctionOffset: 1,
      protectedTrailerSize: 0,
      minimumRamSize: 1_000_000,
      binaryEndOffset: size,
      binaryVersion: 1,
      name: "\u001b[2J\nx",
      writeableFlashRegions: [],
      kernelVersion: { major: 2, minor: 1 },
    });
    const bytes = new Uint8Array(size);
    bytes.set(header);
    writeFileSync(file, bytes);
    const refused =
      /^tock-debug: App "\ufffd\[2J x" (at 0x\w+ )?was not (installed|loaded)[^\n]*\n$/;
    assert.match(run("--load-at", `1:${file}`, app("hello")).stderr, refused);
    assert.match(run(app("hello"), file).stderr, refused);
  });

  it("an input that the loader refuses is told, and the board runs on", () => {
    const inputs = ["1s:loader=sticky hello", "2s:loader=uninstall hello", "3s:loader=erase-apps"];
    const { status, stderr, stdout } = run(
      ...inputs.flatMap(input => ["--input", input]),
      app("hello"),
      app("grants"),
    );
    assert.equal(status, 2);
    assert.match(
      stderr,
      /^tock-debug: loader: "hello" is sticky; unsticky it .*\n.* 1 sticky app stays/,
    );
    assert.match(stdout, /Second 1\n/);
    assert.doesNotMatch(stdout, /Second 3\n/);
  });

  it("--flash keeps what was installed, and what the apps' bytes are", () => {
    const flash = join(folder, "flash.bin");
    assert.match(run("--flash", flash, app("hello")).stdout, /Hello, Tock!/);
    assert.equal(run("--flash", flash, "--load-at", `1:${app("grants")}`).status, 0);
    const image = readFileSync(flash);
    assert.deepEqual([...image.subarray(0x40000, 0x40800)], [...tbf("hello")]);
    assert.deepEqual([...image.subarray(0x41000, 0x42000)], [...tbf("grants")]);
    const { stdout } = run("--flash", flash);
    assert.match(stdout, /Hello, Tock!\n.*Ready: press a button/s);
    // The app of the same name takes its place.
    assert.equal(run("--flash", flash, app("hello")).status, 0);
    assert.deepEqual(readFileSync(flash), image);
  });

  it("--flash keeps the other memory chips beside the file, so that stored values are there again", () => {
    const flash = join(folder, "kept.bin");
    const kv = "examples/tests/isolated_nonvolatile_storage/isolated_nonvolatile_storage.tab";
    const first = () =>
      run("-b", "everything", "--flash", flash, kv).stdout.match(/at first: .*/)?.[0];
    assert.equal(first(), "at first: ff ff");
    assert.equal(first(), "at first: 6d ff");
    const chips = readChips(readFileSync(`${flash}.chips.tar`), "chips");
    assert.ok(["externalFlash", "i2c0-memory", "uicr"].every(name => chips.has(name)));
    writeFileSync(`${flash}.chips.tar`, "x");
    assert.match(
      run("-b", "everything", "--flash", flash).stderr,
      /kept\.bin\.chips\.tar: it is no tar/,
    );
  });

  it("--flash leaves the old file or the new one, whole, whenever the program is ended", function () {
    if (process.platform === "win32") this.skip();
    const within = mkdtempSync(join(folder, "whole-"));
    const flash = join(within, "flash.bin");
    assert.equal(run("--flash", flash, app("hello")).status, 0);
    const before = readFileSync(flash);
    // Another name of the same bytes shows that they are not written over, but replaced.
    linkSync(flash, join(within, "old.bin"));
    symlinkSync(flash, join(within, "link.bin"));
    assert.equal(run("--flash", join(within, "link.bin"), app("blink")).status, 0);
    assert.deepEqual(readFileSync(join(within, "old.bin")), before);
    assert.notDeepEqual(readFileSync(flash), before);
    assert.deepEqual(readdirSync(within).sort(), [
      "flash.bin",
      "flash.bin.chips.tar",
      "link.bin",
      "link.bin.chips.tar",
      "old.bin",
    ]);
    const kept = readFileSync(flash);
    chmodSync(flash, 0o444);
    const { status, stderr } = run("--flash", flash, app("grants"));
    assert.equal(status, 2);
    assert.match(stderr, /flash\.bin: no permission; change those of the file, or name another/);
    assert.deepEqual(readFileSync(flash), kept);
  });

  it("--flash tells of a folder that is not there before anything runs", () => {
    const { status, stdout, stderr } = run("--flash", join(folder, "no", "x.bin"), app("hello"));
    assert.equal(status, 2);
    assert.equal(stdout, "");
    assert.match(stderr, /x\.bin: there is no folder \S+no; make it, or name another file/);
  });

  it("--flash is written when the run is asked to end early", async function () {
    if (process.platform === "win32") this.skip();
    const flash = join(folder, "early.bin");
    const args = ["out/cli/main.js", "run", "--flash", flash, app("blink"), app("hello")];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "ignore"] });
    const ended = once(child, "exit");
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      if (/Hello/.test(text)) child.kill("SIGTERM");
    });
    assert.deepEqual(await ended, [0, null]);
    assert.match(run("--flash", flash).stdout, /Hello, Tock!/);
  });

  it("--flash tells when another program has written the file meanwhile", async () => {
    const flash = join(folder, "shared.bin");
    const args = ["out/cli/main.js", "console", "nrf52840dk", "--flash", flash, app("hello")];
    const child = spawn(process.execPath, args);
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
    const ended = once(child, "close");
    child.stdout.setEncoding("utf8").once("data", () => {
      assert.equal(run("--flash", flash, app("blink")).stderr, "");
      child.stdin.end();
    });
    await ended;
    assert.match(said, /shared\.bin: another program has written it while .* give each board a/);
  });

  it("the console takes --load-at and --flash, too, and without an app what they bring", () => {
    const flash = join(folder, "console.bin");
    const terminal = (...args: string[]) =>
      spawnSync(
        process.execPath,
        ["out/cli/main.js", "console", "nrf52840dk", "--speed=max", "--for=4", ...args],
        { encoding: "utf8", timeout: 30_000, input: "" },
      );
    const came = terminal("--flash", flash, "--load-at", `1:${app("hello")}`);
    assert.match(came.stdout, /Hello, Tock!/);
    assert.equal(came.status, 0);
    assert.match(terminal("--flash", flash).stdout, /Hello, Tock!/);
    const forged = join(folder, "padding.tbf");
    writeFileSync(forged, writePadding(512));
    const refused = terminal("--load-at", `1:${forged}`, app("hello"));
    assert.equal(refused.status, 2);
    assert.match(refused.stderr, /padding/i);
  });

  it("--flash runs a dump that ends with its last app, and refuses one of a larger board", () => {
    const flash = join(folder, "dump.bin");
    const hello = tbf("hello");
    const dump = new Uint8Array(0x40000 + hello.length).fill(0xa5);
    dump.set(hello, 0x40000);
    writeFileSync(flash, dump);
    assert.match(run("--flash", flash).stdout, /Hello, Tock!/);
    assert.deepEqual([...readFileSync(flash).subarray(0, 0x40800)], [...dump]);
    rmSync(`${flash}.chips.tar`);
    assert.match(run("-b", "hail", "--flash", flash).stderr, /holds no app at 0x30000, where this/);
    writeFileSync(flash, new Uint8Array(0x100001));
    assert.match(
      run("--flash", flash).stderr,
      /has 1048577 bytes, and the board's flash has 1048576/,
    );
  });
});
