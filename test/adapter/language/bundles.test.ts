// The language server's bundles, started as the extension starts them and as a browser does.
import assert from "node:assert/strict";
import { resolve } from "node:path";
import type { Hover, LocationLink, MarkupContent } from "vscode-languageserver/node";
import { positionOf, TestClient, type Transport } from "./client.js";
import { crashLog } from "./crash-log.js";

const transports: [Transport, string][] = [
  ["ipc", "a child process"],
  ["worker", "a web worker"],
];

for (const [transport, name] of transports) {
  describe(`the language server's bundle in ${name}`, () => {
    it("explains a crash with the program that it reads through its client", async () => {
      const folder = resolve("examples/crash");
      const uri = `file://${folder}/serial.tockdump`;
      const text = crashLog("n");
      const client = await TestClient.start(transport, [folder]);
      try {
        await client.open(uri, text);
        const [verdict] = await client.diagnostics(uri);
        assert.equal(verdict?.code, "null-dereference");
        const cfsr = { position: positionOf(text, "0x00000082") };
        const hover = await client.ask<Hover>("hover", uri, cfsr);
        assert.match((hover.contents as MarkupContent).value, /DACCVIOL/);
        const pc = { position: positionOf(text, /(?<=PC : )0x/) };
        const [source] = await client.ask<LocationLink[]>("definition", uri, pc);
        assert.equal(source?.targetUri, `file://${folder}/crashes.c`);
        assert.ok(client.asked.includes(`${folder}/crash.elf`));
      } finally {
        await client.stop();
      }
    });
  });
}
