// docs/dap.md tells of every message of our own that a session takes or sends.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What the adapter's sources name, tests and the servers beside it apart. */
const sources = readdirSync("adapter", { recursive: true, encoding: "utf8" })
  .filter(file => file.endsWith(".ts") && !/^(language|testing)/.test(file))
  .map(file => readFileSync(join("adapter", file), "utf8"))
  .join("\n");
const constants = [
  ...readFileSync("adapter/testing/protocol.ts", "utf8").matchAll(/const (\w+) = "(tock\/\w+)"/g),
];
const page = readFileSync("docs/dap.md", "utf8");

const found = (text: string, pattern: RegExp): string[] =>
  [...new Set([...text.matchAll(pattern)].map(([, name = ""]) => name))].sort();

/** The rows of the table whose head is `head`. */
const table = (head: string): string =>
  page.slice(page.indexOf(`| ${head} |`)).split("\n\n")[0] ?? "";
const rowsOf = (head: string) => found(table(head), /^\| `(tock\/\w+)` \|/gm);
/** Events whose name is a constant that both sides import. */
const sentByName = found(sources, /#send\(([A-Z_]+),/g).map(
  name => constants.find(([, constant]) => constant === name)?.[2] ?? name,
);

describe("docs/dap.md on messages of our own", () => {
  it("has a row for every request that a session takes", () => {
    const taken = found(sources, /^\s+"(tock\/\w+)":/gm);
    assert.ok(taken.length > 20);
    assert.deepEqual(rowsOf("request"), taken);
  });

  it("has a row for every event that a session sends", () => {
    const sent = [...found(sources, /#send\("(tock\/\w+)"/g), ...sentByName].sort();
    assert.ok(sent.length > 4);
    assert.deepEqual(rowsOf("event"), sent);
  });

  it("tells of whatever else the adapter and its client ask each other, and of nothing that is gone", () => {
    const named = found(sources, /"(tock\/\w+)"/g);
    const told = found(page, /`(tock\/\w+)`/g);
    assert.deepEqual(
      named.filter(name => !told.includes(name)),
      [],
    );
    assert.deepEqual(
      told.filter(name => !named.includes(name) && !sentByName.includes(name)),
      [],
    );
  });
});
