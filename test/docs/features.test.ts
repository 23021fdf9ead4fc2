// docs/features.md names a test for each of our answers, and says of capabilities what the adapter declares.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { capabilities } from "../../adapter/capabilities.js";

const page = readFileSync("docs/features.md", "utf8");

/** Rows of the tables as cells, without heads and rulers. */
const rows = page
  .split("\n")
  .filter(line => line.startsWith("| ") && !line.includes("| shown by |"))
  .map(line => line.slice(1, -1).split("|"))
  .map(cells => cells.map(cell => cell.trim()));

/** Titles of a file's tests, with "…" where a template has a value. */
function titlesIn(file: string): string[] {
  const text = readFileSync(file, "utf8");
  return [...text.matchAll(/\bit\(\s*(?:"((?:\\.|[^"\\])*)"|`([^`]*)`)/g)].map(
    ([, plain, template]) =>
      plain?.replaceAll('\\"', '"') ?? template?.replace(/\$\{[^}]*\}/g, "…") ?? "",
  );
}

const linksIn = (cell: string): { title: string; file: string }[] =>
  [...cell.matchAll(/\[([^\]]+)\]\(([^)]+)\)/g)].map(([, title = "", file = ""]) => ({
    title,
    file: posix.join("docs", file),
  }));

describe("docs/features.md", () => {
  it("has a table of what adapters declare, of what they offer, and of what no other has", () => {
    const widths = rows.map(cells => cells.length);
    assert.deepEqual([...new Set(widths)], [10, 11, 2]);
    assert.ok(rows.length > 60);
  });

  it("names tests that exist", () => {
    const named = linksIn(page).filter(({ file }) => file.startsWith("test/"));
    assert.ok(named.length > 70);
    for (const { title, file } of named) {
      assert.ok(existsSync(file), file);
      assert.ok(titlesIn(file).includes(title), `${file} has no test "${title}"`);
    }
  });

  it("names a test for every answer but a no", () => {
    for (const cells of rows) {
      const [ours = "", tests = ""] = cells.slice(-2);
      if (!/^no\b/.test(ours)) assert.ok(linksIn(tests).length > 0, cells[0]);
    }
  });

  it("says of each capability what the adapter declares, and leaves none out", () => {
    const declared = new Set(Object.keys(capabilities));
    // It tells when the client asks for completions, which has a row of its own.
    declared.delete("completionTriggerCharacters");
    const table = rows.filter(({ length }) => length === 10);
    const yes = table.filter(cells => /^yes\b/.test(cells.at(-2) ?? ""));
    assert.deepEqual(
      yes.map(([name = ""]) => name.replaceAll("`", "")).sort(),
      [...declared].sort(),
    );
    const { exceptionBreakpointFilters: filters = [] } = capabilities;
    assert.ok(page.includes(`| yes: ${filters.length} |`));
  });
});
