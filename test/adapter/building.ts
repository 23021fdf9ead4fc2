// Apps that a test compiles itself, on the examples' runtime.
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildApp } from "../../examples/build.js";

const folders: string[] = [];

after(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

export interface Built {
  tab: string;
  source: string;
  /** Line number of the only line that contains `text`. */
  lineOf(text: string): number;
}

/** Builds `text` as the main.c of an app called `name`; needs arm-none-eabi-gcc. */
export function built(name: string, text: string, flags: readonly string[]): Built {
  const root = mkdtempSync(join(tmpdir(), "tock-debug-test-"));
  folders.push(root);
  const folder = join(root, "examples", name);
  mkdirSync(folder, { recursive: true });
  cpSync("examples/libtock-mini", join(root, "examples/libtock-mini"), { recursive: true });
  writeFileSync(join(folder, "main.c"), text);
  buildApp(root, { name, folder: name, flags, architectures: ["cortex-m4"] });
  const lines = text.split("\n");
  return {
    tab: join(folder, `${name}.tab`).replaceAll("\\", "/"),
    source: join(folder, "main.c").replaceAll("\\", "/"),
    lineOf(wanted) {
      const found = lines.flatMap((line, i) => (line.includes(wanted) ? [i + 1] : []));
      if (found.length !== 1) throw new Error(`${wanted} occurs ${found.length} times`);
      return found[0] as number;
    },
  };
}
