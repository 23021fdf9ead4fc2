// The language server over the wire, on console output of real kernels and on crashes of our examples with their symbols.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { DocumentSymbol, FoldingRange, Hover, MarkupContent } from "vscode-languageserver";
import { positionOf, TestClient } from "./client.js";

const transcript = (name: string): string =>
  readFileSync(`test/golden/transcripts/${name}.txt`, "utf8");

const textOf = (hover: Hover | null): string =>
  (hover?.contents as MarkupContent | undefined)?.value ?? "";

{
  describe("the language server", () => {
    let client: TestClient;
    const uri = "file:///logs/null.tockdump";
    const text = transcript("nrf52840dk_x_f_null");
    const hover = async (what: string | RegExp, n = 0) =>
      textOf(await client.ask<Hover | null>("hover", uri, { position: positionOf(text, what, n) }));

    before(async () => {
      client = await TestClient.start();
      await client.open(uri, text);
    });
    after(() => client.stop());

    it("explains CFSR bit by bit", async () => {
      const shown = await hover("0x00000082");
      assert.match(shown, /DACCVIOL.*bit 1/);
      assert.match(shown, /MMARVALID.*bit 7/);
      assert.doesNotMatch(shown, /IACCVIOL/);
    });

    it("explains a line that names a bit", async () => {
      assert.match(await hover("Data Access Violation"), /DACCVIOL/);
      assert.match(await hover("Forced Hard Fault"), /FORCED/);
    });

    it("explains xPSR, rights and sub-regions", async () => {
      assert.match(await hover("APSR: N"), /\*\*T\*\* \(bit 24\)/);
      assert.match(
        (await hover("ReadWrite \\(0x3".replace("\\", ""))) + (await hover("0x3)")),
        /reads? and write/,
      );
      assert.match(await hover("Enabled"), /Enabled/);
      assert.match(await hover("Disabled"), /Disabled/);
    });

    it("outlines a dump by its processes and their parts, and folds them", async () => {
      const [symbol, ...others] = await client.ask<DocumentSymbol[]>("documentSymbol", uri);
      assert.deepEqual(others, []);
      assert.equal(symbol?.name, "Process x_f_null had a fault");
      const names = symbol.children?.map(({ name }) => name);
      assert.deepEqual(names, ["Fault status", "x_f_null", "x_idle"]);
      assert.deepEqual(
        symbol.children?.[1]?.children?.map(({ name }) => name),
        [
          "Statistics",
          "Memory map",
          "Registers",
          "Grants",
          "Memory protection",
          "How to get a listing",
        ],
      );
      const folds = await client.ask<FoldingRange[]>("foldingRange", uri);
      const lines = text.split("\n");
      assert.match(lines[folds[0]?.startLine ?? 0] ?? "", /^panicked at/);
      assert.ok(folds.length > 12);
    });
  });
}
