// The examples in C are the same bytes wherever they are built, and those are the committed ones. Those in Rust
// (examples/crash/rust) are built by hand, so nothing here tells whether they are what their source says.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunResult } from "../../cli/report.js";
import { appsIn, buildApps } from "../../examples/build.js";
import { refuse, requireTool } from "../tools.js";

const apps = appsIn(".");
const tabOf = (folder: string) => `examples/${folder}/${folder.split("/").at(-1)}.tab`;
const elfOf = (folder: string) => tabOf(folder).replace(/tab$/, "elf");

/** The committed ones were built in another folder, so that one built here is a second one. */
function isCommittedCompiler(): boolean {
  const version = execFileSync("arm-none-eabi-gcc", ["--version"], { encoding: "utf8" });
  const name = /^\S+ (\(.*\) \S+ \d*)/.exec(version)?.[1] ?? version;
  return readFileSync(elfOf("hello"), "latin1").includes(name);
}

describe("examples built again", () => {
  const folders: string[] = [];
  before(function () {
    this.timeout(600_000);
    requireTool(this, "arm-none-eabi-gcc");
    const names = ["tock-debug-one-", "tock-debug-another-"];
    for (const name of isCommittedCompiler() ? names.slice(0, 1) : names) {
      const folder = mkdtempSync(join(tmpdir(), name));
      folders.push(folder);
      cpSync("examples", join(folder, "examples"), {
        recursive: true,
        filter: path => !/[/\\]build$/.test(path),
      });
      buildApps(folder);
    }
  });
  after(() => {
    for (const folder of folders) rmSync(folder, { recursive: true });
  });

  const files = apps.flatMap(({ folder }) => [tabOf(folder), elfOf(folder)]);
  const equal = (a: string, b: string) =>
    files.forEach(file => {
      assert.ok(readFileSync(join(a, file)).equals(readFileSync(join(b, file))), file);
    });

  it("in two folders gives the same bytes", () => equal(folders[0]!, folders[1] ?? "."));

  it("with the same compiler gives the committed bytes", function () {
    if (!isCommittedCompiler())
      refuse(this, "they were built with another version of the compiler");
    equal(folders[0]!, ".");
  });

  /** What `run --json` tells, without counts, times and addresses, which differ from compiler to compiler. */
  function behaviour(root: string, folder: string): unknown {
    const inputs = ["0.3s:button1=down", "0.4s:button1=up", "1.2s:console=q"];
    const args = inputs.flatMap(input => ["--input", input]);
    const { stdout } = spawnSync(
      process.execPath,
      [
        "out/cli/main.js",
        "run",
        "--json",
        "--board",
        "everything",
        "--for",
        "2",
        ...args,
        join(root, tabOf(folder)),
      ],
      { encoding: "utf8" },
    );
    const { console: text, processes, leds } = JSON.parse(stdout) as RunResult;
    const faults = processes.flatMap(process => process.faults);
    return {
      leds,
      text: faults.length > 0 ? text.slice(0, text.indexOf("panicked")) : text,
      processes: processes.map(p => [p.name, p.state, p.completionCode, p.restarts]),
      faults: faults.map(({ cfsr, hfsr, file }) => ({ cfsr, hfsr, file })),
    };
  }

  for (const { folder } of apps)
    it(`${folder} behaves as the committed one, whatever the compiler`, () => {
      // Equal bytes behave alike.
      const [built, committed] = [join(folders[0]!, tabOf(folder)), tabOf(folder)];
      if (readFileSync(built).equals(readFileSync(committed))) return;
      assert.deepEqual(behaviour(folders[0]!, folder), behaviour(".", folder));
    });
});
