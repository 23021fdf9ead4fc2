import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { CpuProfile } from "../../adapter/profile.js";
import type { TestResult } from "../../cli/test.js";

function test(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["out/cli/main.js", "test", ...args],
    { encoding: "utf8", timeout: 60_000 },
  );
  return { status, stdout, stderr, lines: stdout.trimEnd().split("\n") };
}

const appOf = (example: string) => resolve(`examples/${example}/${example}.tab`);

describe("tock-debug test", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "tock-debug-test-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Writes a scenario file and gives its path. */
  function put(path: string, text: string): string {
    const full = join(folder, `${path}.tocktest.yaml`);
    mkdirSync(join(full, ".."), { recursive: true });
    writeFileSync(full, text);
    return full;
  }
  const blink = (steps: string) => `apps: ${appOf("blink")}\nsteps:\n${steps}`;

  it("passes every scenario of the examples", () => {
    const { status, lines, stderr } = test("examples");
    assert.equal(stderr, "");
    assert.ok(lines.length > 5);
    for (const line of lines.slice(0, -1)) assert.match(line, /^passed {2}examples\//);
    assert.match(lines.at(-1)!, /^\d+ scenarios: \d+ passed\.$/);
    assert.equal(status, 0);
  });

  it("finds scenarios in folders below, in the order of their paths", () => {
    put("b/two", blink("- wait: 1ms\n"));
    put("a/one", blink("- wait: 1ms\n"));
    put("node_modules/three", blink("- wait: 1ms\n"));
    const { lines } = test(folder);
    assert.deepEqual(
      lines.map(line => line.split(/\s+/).at(-1)),
      ["one", "two", "passed."],
    );
    assert.match(lines[0]!, /0\.001 s {2}one$/);
  });

  it("tells what failed, where it is written, when and what was seen, and exits with 1", () => {
    const path = put("dark", blink("- at: 100ms\n  led0: on\n"));
    const { status, lines } = test(path);
    assert.deepEqual(lines, [
      `failed  ${path}    0.100 s  dark`,
      `  ${path}:3:3: led0: on`,
      "    at 0.100000 s: led0 shows off.",
      "1 scenario: 0 passed, 1 failed.",
    ]);
    assert.equal(status, 1);
  });

  it("tells a mistake with its place, runs the rest, and exits with 2", () => {
    const path = put("mixed", `${blink("- wait: 1ms\n")}---\nseed: x\n---\napps: none.tab\n`);
    const { status, stderr, lines } = test(path);
    assert.deepEqual(stderr.trimEnd().split("\n"), [
      `tock-debug: ${path}:5:7: "seed": expected a whole number from 0 to 4294967295, got "x".`,
      `tock-debug: ${path}:7:7: ${join(folder, "none.tab")}: there is no such file; check the path.`,
    ]);
    assert.equal(lines.at(-1), "1 scenario: 1 passed, 2 mistakes.");
    assert.equal(status, 2);
    assert.equal(test(join(folder, "none")).status, 2);
    mkdirSync(join(folder, "empty"));
    assert.match(
      test(join(folder, "empty")).stderr,
      /: no file that ends in \.tocktest\.yaml lies in this folder\.$/m,
    );
  });

  it("writes JUnit XML, with what has a meaning in XML and what XML cannot hold", () => {
    const path = put(
      "x",
      `name: a < b & "c"\n${blink('- console: "<\\e&>"\n  within: 50ms\n')}---\nseed: x\n`,
    );
    const junit = join(folder, "results.xml");
    assert.equal(test("--junit", junit, path).status, 2);
    const xml = readFileSync(junit, "utf8");
    assert.match(xml, /<testsuites name="tock-debug" tests="2" failures="1" errors="1">/);
    assert.match(xml, /<testcase name="a &lt; b &amp; &quot;c&quot;" /);
    assert.match(xml, /<failure message="&quot;&lt;\\u001b&amp;&gt;&quot; did not come/);
    assert.match(xml, /<system-out>Initialization complete/);
    assert.match(xml, /<error message="[^"]*expected a whole number/);
    assert.doesNotMatch(xml.replaceAll("\n", ""), /\p{Cc}/u);
    // What junit-4.xsd and junit-10.xsd allow.
    const allowed: Record<string, readonly string[]> = {
      testsuites: ["name", "tests", "failures", "errors"],
      testsuite: ["name", "tests", "failures", "errors", "time"],
      testcase: ["name", "classname", "time"],
      failure: ["message", "type"],
      error: ["message", "type"],
      "system-out": [],
      "system-err": [],
    };
    for (const [, tag = "", attributes = ""] of xml.matchAll(
      /<([a-z-]+)((?: [a-z]+="[^"]*")*)\/?>/g,
    ))
      for (const [, name = ""] of attributes.matchAll(/ ([a-z]+)=/g))
        assert.ok(allowed[tag]?.includes(name), `${name} of ${tag}`);
  });

  it("writes the same coverage and profiles every time", () => {
    const path = put("p", `apps: [${appOf("hello")}, ${appOf("blink")}]\nsteps:\n- wait: 1s\n`);
    const [first, second] = ["1", "2"].map(n => {
      const lcov = join(folder, `${n}.info`);
      const profiles = join(folder, n);
      const { lines } = test("--coverage", lcov, "--profile", profiles, path);
      assert.match(
        lines.at(-1)!,
        /^1 scenario: 1 passed\. \d+ of \d+ lines executed \(\d+\.\d %\)\.$/,
      );
      const names = readdirSync(profiles).sort();
      assert.deepEqual(names, ["p.blink.cpuprofile", "p.hello.cpuprofile"]);
      return [lcov, ...names.map(name => join(profiles, name))].map(f => readFileSync(f, "utf8"));
    });
    assert.deepEqual(first, second);
    const [lcov = "", profile = ""] = first!;
    assert.match(lcov, new RegExp(`^SF:${resolve("examples/blink/main.c")}$`, "m"));
    const { nodes } = JSON.parse(profile) as CpuProfile;
    const main = nodes.find(({ callFrame }) => callFrame.functionName === "main")!;
    assert.ok(existsSync(new URL(main.callFrame.url)));
  });

  it("keeps the letters of a scenario in the names of profiles, and names apart", () => {
    const hello = `apps: [${appOf("hello")}, ${appOf("hello")}]\nname: Größe/大小 1\n`;
    const profiles = join(folder, "profiles");
    assert.equal(test("--profile", profiles, put("n", hello)).status, 0);
    assert.deepEqual(readdirSync(profiles).sort(), [
      "Größe-大小-1.hello.2.cpuprofile",
      "Größe-大小-1.hello.cpuprofile",
    ]);
  });

  it("says in a sentence where nothing can be written", () => {
    const path = put("w", blink("- wait: 1ms\n"));
    for (const [option, where, why] of [
      ["--profile", path, "it is a file; expected a folder"],
      ["--coverage", folder, "it is a folder; expected a file"],
    ] as const) {
      const { status, stderr } = test(option, where, path);
      assert.equal(stderr, `tock-debug: ${where}: ${why}.\n`);
      assert.equal(status, 2);
    }
    assert.equal(test("--junit", join(path, "results.xml"), path).status, 2);
    const made = join(folder, "reports", "ci", "results.xml");
    assert.equal(test("--junit", made, path).status, 0);
    assert.match(readFileSync(made, "utf8"), /tests="1"/);
  });

  it("takes patterns that a shell has left alone, files twice, and goes on behind one that is not there", () => {
    for (const path of ["a/one", "a/deep er/two", "b/three"]) put(path, blink("- wait: 1ms\n"));
    const names = (...paths: string[]) => {
      const { lines, status } = test(...paths.map(path => join(folder, path)));
      return [...lines.slice(0, -1).map(line => line.split(/\s+/).at(-1)), status];
    };
    assert.deepEqual(names("**/*.yaml"), ["two", "one", "three", 0]);
    assert.deepEqual(names("a/*"), ["one", 0]);
    assert.deepEqual(names("?/t*.tocktest.yaml"), ["three", 0]);
    const one = "a/one.tocktest.yaml";
    assert.deepEqual(names(one, `a/../${one}`, "a/*"), ["one", 0]);
    assert.deepEqual(names("a/none.tocktest.yaml", one), ["one", 2]);
    assert.match(
      test(join(folder, "c*")).stderr,
      /c\*: no file that ends in .* has such a path\.$/m,
    );
  });

  it("prints one JSON object with --json", () => {
    const { stdout, status } = test("--json", put("j", blink("- led0: on\n- wait: 1s\n")));
    const { schema, scenarios, mistakes } = JSON.parse(stdout) as TestResult;
    assert.equal(schema, 1);
    assert.deepEqual(mistakes, []);
    assert.deepEqual(
      scenarios[0]!.checks.map(({ text, result }) => [text, result]),
      [
        ["led0: on", "failed"],
        ["wait: 1s", "skipped"],
        ["no-fault: true", "passed"],
      ],
    );
    assert.equal(status, 1);
  });
});
