// The dependency rule of ARCHITECTURE.md, checked on every relative import.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, sep } from "node:path";

/** Folder → what its files may import besides their own folder. A trailing `*` means everything below. */
const allowed: Record<string, string[]> = {
  "emulator/base": [],
  "emulator/formats": ["emulator/base"],
  "emulator/bus": ["emulator/base"],
  "emulator/cpu": ["emulator/base", "emulator/bus"],
  "emulator/hil": ["emulator/base"],
  "emulator/devices": ["emulator/base", "emulator/hil"],
  "emulator/machine": ["emulator/base", "emulator/bus", "emulator/cpu", "emulator/devices"],
  "emulator/kernel": [
    "emulator/base",
    "emulator/formats",
    "emulator/bus",
    "emulator/hil",
    "emulator/machine",
    "emulator/devices/device.ts",
  ],
  "emulator/kernel/capsules": [
    "emulator/base",
    "emulator/hil",
    "emulator/devices/device.ts",
    "emulator/kernel/driver.ts",
    "emulator/kernel/dynamic-loading.ts",
    "emulator/kernel/grant.ts",
    "emulator/kernel/syscalls.ts",
    "emulator/kernel/inspect.ts",
    "emulator/kernel/panic.ts",
    "emulator/kernel/storage-permissions.ts",
  ],
  "emulator/arch": ["emulator/base", "emulator/bus", "emulator/cpu", "emulator/kernel"],
  "emulator/boards": ["emulator*"],
  emulator: ["emulator*"],
  "adapter/dwarf": ["emulator/formats", "emulator/base"],
  "adapter/symbols": ["adapter/dwarf", "emulator/formats", "emulator/base"],
  adapter: ["adapter*", "emulator/index.ts"],
  cli: ["adapter*", "emulator/index.ts"],
  extension: [
    "adapter/protocol.ts",
    "adapter/crash/log-text.ts",
    "adapter/language/protocol.ts",
    "adapter/testing/protocol.ts",
    "adapter/world.ts",
    "emulator/formats",
  ],
};

const sources = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(e => e.isFile() && e.name.endsWith(".ts") && !e.name.endsWith(".d.ts"))
    .map(e => join(e.parentPath, e.name).split(sep).join("/"));

function ruleFor(file: string): [string, string[]] {
  const folder = Object.keys(allowed)
    .filter(f => file.startsWith(`${f}/`))
    .sort((a, b) => b.length - a.length)[0];
  assert.ok(folder, `${file} lies in no folder of the dependency rule`);
  return [folder, allowed[folder] ?? []];
}

const permits = (rule: string, target: string): boolean =>
  rule.endsWith("*")
    ? target.startsWith(rule.slice(0, -1))
    : rule.endsWith(".ts")
      ? target === rule
      : target.startsWith(`${rule}/`);

describe("architecture", () => {
  it("every import follows the dependency rule", () => {
    const wrong: string[] = [];
    for (const file of ["emulator", "adapter", "cli", "extension"].flatMap(sources)) {
      const [folder, rules] = ruleFor(file);
      const text = readFileSync(file, "utf8");
      for (const match of text.matchAll(/from "(\.[^"]+)"/g)) {
        const target = normalize(join(dirname(file), match[1] as string))
          .split(sep)
          .join("/")
          .replace(/\.js$/, ".ts");
        const own = target.startsWith(`${folder}/`);
        if (!own && !rules.some(rule => permits(rule, target))) wrong.push(`${file} → ${target}`);
      }
    }
    assert.deepEqual(wrong, []);
  });

  it("only boards/ makes capabilities", () => {
    const wrong = ["emulator", "adapter", "cli", "extension"]
      .flatMap(sources)
      .filter(file => !file.startsWith("emulator/boards/"))
      .filter(file =>
        /import (?!type)[^;]*"[^"]*\/capability\.js"|export [^;]*from "[^"]*\/capability\.js"/.test(
          readFileSync(file, "utf8"),
        ),
      );
    assert.deepEqual(wrong, []);
  });

  it("nothing in emulator/ reads the host's clock or its randomness", () => {
    const wrong = sources("emulator").filter(file =>
      /\bDate\b|Math\.random|performance\.|from "node:/.test(
        readFileSync(file, "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, ""),
      ),
    );
    assert.deepEqual(wrong, []);
  });

  it("only the Node entries of the adapter import Node", () => {
    const wrong = sources("adapter").filter(
      file => /from "node:/.test(readFileSync(file, "utf8")) && !file.endsWith(".node.ts"),
    );
    assert.deepEqual(wrong, []);
  });
});
