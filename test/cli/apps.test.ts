import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AppsResult } from "../../cli/apps.js";
import { firstDifference } from "../../cli/difference.js";
import { writeTab } from "../../emulator/index.js";
import { program, tbf } from "../emulator/guest.js";

function apps(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["out/cli/main.js", "apps", ...args],
    { encoding: "utf8", timeout: 30_000 },
  );
  return { status, stdout, stderr, lines: stdout.trimEnd().split("\n") };
}

describe("tock-debug apps", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "tock-debug-apps-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Puts an example into the folder, with files beside it. */
  function put(name: string, files: Record<string, string> = {}): string {
    const home = join(folder, name);
    mkdirSync(home, { recursive: true });
    copyFileSync(`examples/${name}/${name}.tab`, join(home, `${name}.tab`));
    for (const [extension, text] of Object.entries(files))
      writeFileSync(join(home, `${name}.${extension}`), text);
    return home;
  }

  it("prints a line for each app in the order of their paths, and how many came out how", () => {
    put("hello", { expected: "Hello, Tock!\n" });
    put("blink");
    const { status, lines, stderr } = apps(folder);
    assert.equal(stderr, "");
    assert.equal(lines.length, 3);
    assert.match(lines[0]!, /^blink\/blink {2}Yielded +0 bytes +\d+ system calls {2}ran$/);
    assert.match(lines[1]!, /^hello\/hello {2}Terminated \(0\) +13 bytes +8 system calls {2}same$/);
    assert.equal(lines[2], "2 apps on nrf52840dk: 1 same, 1 ran.");
    assert.equal(status, 0);
  });

  it("tells where the console parts from NAME.expected, and exits with 1", () => {
    put("hello", { expected: "Hello, Tick!\n" });
    const { status, lines } = apps(folder);
    assert.match(lines[0]!, /differs {2}line 1, column 9: expected "ick!\\n", got "ock!\\n"$/);
    assert.equal(status, 1);
  });

  it("compares bytes: a carriage return is a difference", () => {
    put("hello", { expected: "Hello, Tock!\r\n" });
    assert.equal(apps(folder).status, 1);
  });

  it("prefers what NAME.BOARD.expected has for the board", () => {
    put("hello", { expected: "", "raspberry_pi_pico.expected": "Hello, Tock!\n" });
    assert.equal(apps(folder).status, 1);
    assert.equal(apps("--board", "raspberry_pi_pico", folder).status, 0);
  });

  it("takes inputs, options of run and neighbours from NAME.input", () => {
    const home = put("crash", {
      input:
        "# all of them\n100ms:button0=down\n--fault-policy stop --console all\n../hello/hello.tab\n--faults\n",
    });
    put("hello");
    const { status, lines } = apps("--update", join(home, "crash.tab"));
    assert.match(lines[0]!, /Faulted .* same {5}crash faulted at 0\.10/);
    assert.equal(status, 0);
    const text = readFileSync(join(home, "crash.expected"), "utf8");
    assert.match(text, /Hello, Tock!/);
    assert.match(text, /Process crash faulted and was stopped\./);
  });

  it("takes a fault for a failure, and its absence where NAME.input says --faults", () => {
    put("crash", { input: "100ms:button0=down\n" });
    const faulted = apps("--update", folder);
    assert.match(faulted.lines[0]!, /faulted {2}crash faulted at/);
    assert.equal(faulted.status, 1);
    put("crash", { input: "--faults\n" });
    const healthy = apps("--update", folder);
    assert.match(healthy.lines[0]!, /differs {2}it does not fault$/);
    assert.equal(healthy.status, 1);
  });

  it("prefers what NAME.BOARD.input says for the board", () => {
    put("hello", { input: "1s:button9=down\n", "raspberry_pi_pico.input": "" });
    assert.match(apps(folder).lines[0]!, /refused {2}.*button9/);
    assert.equal(apps("--board", "raspberry_pi_pico", folder).status, 0);
  });

  it("ends each run after --for, unless NAME.input says another time", () => {
    const calls = (...args: string[]) =>
      (JSON.parse(apps("--json", ...args, folder).stdout) as AppsResult).apps[0]?.run;
    put("blink");
    assert.equal(calls("--for", "2")?.virtualSeconds, 2);
    assert.equal(calls()?.virtualSeconds, 10);
    put("blink", { input: "--for 0.5\n" });
    assert.equal(calls("--for", "2")?.virtualSeconds, 0.5);
  });

  it("skips an app without code for the board", () => {
    put("locals");
    const { status, lines } = apps("--board", "raspberry_pi_pico", folder);
    assert.match(lines[0]!, /skipped {2}no code for cortex-m0$/);
    assert.equal(status, 0);
  });

  it("skips an app that the kernel finds no room for, in upstream's words", () => {
    const bytes = tbf(program(), { name: "large", minimumRamSize: 0x100000 });
    const tab = writeTab({ name: "large" }, [{ variant: "cortex-m4", bytes }]);
    writeFileSync(join(folder, "large.tab"), tab);
    const { status, lines } = apps(folder);
    assert.match(lines[0]!, /skipped {2}App "large" .*not enough memory/);
    assert.equal(status, 0);
  });

  it("refuses to run an app whose neighbour is missing", () => {
    put("hello", { input: "../none/none.tab\n" });
    const { status, lines } = apps(folder);
    assert.match(lines[0]!, /refused {2}.*none\.tab/);
    assert.equal(status, 1);
  });

  it("goes on behind a file that is no TAB", () => {
    const home = put("hello");
    writeFileSync(join(home, "a.tab"), "none");
    const { status, lines } = apps(folder);
    assert.match(lines[0]!, /refused {2}.*a\.tab: /);
    assert.match(lines[1]!, /Terminated \(0\)/);
    assert.equal(status, 1);
  });

  it("--json gives one object with the same words", () => {
    put("hello", { expected: "Hello, Tock!\n" });
    const { status, stdout } = apps("--json", folder);
    const { schema, board, apps: results } = JSON.parse(stdout) as AppsResult;
    assert.deepEqual([schema, board, status], [1, "nrf52840dk", 0]);
    assert.equal(results[0]?.result, "same");
    assert.equal(results[0]?.run?.console, "Hello, Tock!\n");
  });

  it("says in one sentence that a folder has no apps", () => {
    const { status, stderr } = apps(folder);
    assert.equal(status, 2);
    assert.match(stderr, /: no \.tab file lies in this folder\.\n$/);
  });
});

describe("firstDifference", () => {
  const difference = (expected: string, actual: string) =>
    firstDifference(Buffer.from(expected), Buffer.from(actual));

  it("is undefined for equal bytes", () => {
    assert.equal(difference("a\nb", "a\nb"), undefined);
    assert.equal(difference("", ""), undefined);
  });

  it("names line and column, and what stands there to the end of the line", () => {
    assert.equal(
      difference("one\ntwo\nthree", "one\ntwin\nthree"),
      'line 2, column 3: expected "o\\n", got "in\\n"',
    );
  });

  it("says where one side ends", () => {
    assert.equal(difference("one\n", "one\ntwo"), 'line 2, column 1: expected the end, got "two"');
    assert.equal(difference("one", ""), 'line 1, column 1: expected "one", got the end');
  });
});
