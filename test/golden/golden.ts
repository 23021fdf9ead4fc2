// Golden texts: what a run gives is compared with a committed file; `UPDATE=1` accepts what it gives now.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** Compares `text` with the file, line ends included. */
export function assertGolden(file: string, text: string): void {
  if (process.env["UPDATE"] === "1") {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  assert.ok(existsSync(file), `${file} is missing; UPDATE=1 npm test writes it`);
  assert.equal(text, readFileSync(file, "utf8"));
}
