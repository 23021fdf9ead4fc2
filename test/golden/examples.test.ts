// The examples are the same bytes wherever they are built, and those are the committed ones.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { apps, buildApps } from "../../examples/build.js";
import { refuse, requireTool } from "../tools.js";

const tabOf = (name: string) => `examples/${name}/${name}.tab`;
const elfOf = (name: string) => `examples/${name}/${name}.elf`;

describe("examples built again", () => {
  const folders: string[] = [];
  before(function () {
    this.timeout(120_000);
    requireTool(this, "arm-none-eabi-gcc");
    for (const name of ["tock-debug-one-", "tock-debug-another-"]) {
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

  const files = apps.flatMap(({ name }) => [tabOf(name), elfOf(name)]);
  const equal = (a: string, b: string) =>
    files.forEach(file => {
      assert.ok(readFileSync(join(a, file)).equals(readFileSync(join(b, file))), file);
    });

  it("in two folders gives the same bytes", () => equal(folders[0]!, folders[1]!));

  it("with the same compiler gives the committed bytes", function () {
    const version = execFileSync("arm-none-eabi-gcc", ["--version"], { encoding: "utf8" });
    const name = /^\S+ (\(.*\) \S+ \d*)/.exec(version)?.[1] ?? version;
    if (!readFileSync(elfOf("hello"), "latin1").includes(name))
      refuse(this, `they were not built with ${name}`);
    equal(folders[0]!, ".");
  });
});
