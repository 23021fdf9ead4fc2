// The language server over the wire while a log is edited: what it says does not tell how the text came about.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import * as fc from "fast-check";
import { CrashDocument } from "../../../adapter/language/document.js";
import { TestClient } from "./client.js";
import { crashLog } from "./crash-log.js";

/** Words at which a dump is asked about. */
const WORDS = /0x[0-9a-fA-F]{8}|CFSR|\bPC\b|MPU|Restart Count|panicked at/g;
const MOST_WORDS = 24;

const LINE_END = /\r\n|\r|\n/;

const placeOf = (text: string, index: number) => {
  const before = text.slice(0, index).split(LINE_END);
  return { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
};

/** Everything that the server says of a document, in which all documents have one name. */
async function saidOf(client: TestClient, uri: string, version: number, text: string) {
  // Lenses are there when the verdicts are.
  const diagnostics = await client.diagnostics(uri, version);
  const words = [...text.matchAll(WORDS)];
  const every = Math.max(1, Math.ceil(words.length / MOST_WORDS));
  const at = words.filter((_, i) => i % every === 0).map(({ index }) => placeOf(text, index));
  const ask = (method: string, more: object = {}) => client.ask<unknown>(method, uri, more);
  const range = { start: { line: 0, character: 0 }, end: placeOf(text, text.length) };
  const said = {
    diagnostics,
    symbols: await ask("documentSymbol"),
    folds: await ask("foldingRange"),
    lenses: await ask("codeLens"),
    links: await ask("documentLink"),
    hints: await ask("inlayHint", { range }),
    hovers: await Promise.all(at.map(position => ask("hover", { position }))),
    definitions: await Promise.all(at.map(position => ask("definition", { position }))),
  };
  return JSON.parse(JSON.stringify(said).replaceAll(/edited\d+|opened\d+/g, "log")) as typeof said;
}

describe("a log that is edited in the language server", () => {
  const folder = resolve("examples/crash");
  let client: TestClient;
  before(async () => {
    client = await TestClient.start("stdio", [folder]);
  });
  after(() => client.stop());

  it("after any edits has the verdicts, lenses, hovers and all else of one that is opened anew", async function () {
    this.timeout(120_000);
    const dump = crashLog("n");
    const other = readFileSync("test/golden/transcripts/rv32_x_f_null.txt", "utf8");
    const start = `${dump}${"[app] 21.5 degrees\n".repeat(70)}${other}`;
    const length = start.split(LINE_END).length;
    const pieces = [dump, other, "panicked at kernel/src/x.rs:1:2:\nno\n", "", "0x00000082", "\r"];
    const edit = fc.record({
      line: fc.nat(length),
      lines: fc.nat(12),
      column: fc.nat(30),
      text: fc.oneof(
        fc.constantFrom(...pieces),
        fc.constantFrom(...dump.split("\n").map(line => `${line}\n`)),
      ),
    });
    const batches = fc.array(fc.array(edit, { minLength: 1, maxLength: 2 }), {
      minLength: 1,
      maxLength: 3,
    });
    let count = 0;
    await fc.assert(
      fc.asyncProperty(batches, async made => {
        const uri = `file://${folder}/edited${count}.tockdump`;
        const model = new CrashDocument(uri, 1, start);
        await client.open(uri, start);
        await client.diagnostics(uri);
        for (const [i, batch] of made.entries()) {
          const changes = batch.map(({ line, lines, column, text }) => ({
            range: {
              start: { line, character: column },
              end: { line: line + lines, character: column },
            },
            text,
          }));
          const version = i + 2;
          model.update(changes, version);
          await client.change(uri, version, changes);
          const said = await saidOf(client, uri, version, model.text);
          const anew = `file://${folder}/opened${count++}.tockdump`;
          await client.open(anew, model.text);
          assert.deepEqual(said, await saidOf(client, anew, 1, model.text));
          await client.close(anew);
        }
        await client.close(uri);
        count++;
      }),
      { numRuns: 10 },
    );
    assert.ok(count > 10);
  });
});
