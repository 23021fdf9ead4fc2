// The language server over the wire, on console output of real kernels and on crashes of our examples with their symbols.
import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import {
  type CodeLens,
  DiagnosticSeverity,
  type DocumentSymbol,
  type FoldingRange,
  type Hover,
  type InlayHint,
  type InlayHintLabelPart,
  type LocationLink,
  type MarkupContent,
} from "vscode-languageserver/node";
import { CRASH, type CrashResult, type DocumentPlace } from "../../../adapter/language/protocol.js";
import { positionOf, TestClient } from "./client.js";
import { crashLog } from "./crash-log.js";

const transcript = (name: string): string =>
  readFileSync(`test/golden/transcripts/${name}.txt`, "utf8");

const textOf = (hover: Hover | null): string =>
  (hover?.contents as MarkupContent | undefined)?.value ?? "";

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

  it("explains a value at its label, too", async () => {
    assert.match(await hover("CFSR"), /DACCVIOL.*bit 1/);
    assert.match(await hover("PC : "), /\*\*PC\*\* `0x00040148`/);
    assert.equal(await hover("App Status"), "");
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
    const lines = text.split(/\r\n|\r|\n/);
    assert.match(lines[folds[0]?.startLine ?? 0] ?? "", /^panicked at/);
    assert.ok(folds.length > 12);
  });
});

describe("the language server with the program of a crash", () => {
  const folder = resolve("examples/crash");
  const uri = `file://${folder}/serial.tockdump`;
  const text = crashLog("n");
  let client: TestClient;
  const at = (what: string | RegExp, n = 0) => ({ position: positionOf(text, what, n) });
  const hover = async (what: string | RegExp, n = 0) =>
    textOf(await client.ask<Hover | null>("hover", uri, at(what, n)));
  /** The source line that the address in the register's line lies in. */
  const sourceLine = ({ targetUri, targetRange }: LocationLink): string => {
    assert.equal(targetUri, `file://${folder}/crashes.c`);
    return readFileSync(`${folder}/crashes.c`, "utf8").split("\n")[targetRange.start.line] ?? "";
  };

  before(async () => {
    client = await TestClient.start("stdio", [folder]);
    await client.open(uri, text);
  });
  after(() => client.stop());

  it("shows the verdict at the panic, with the line of source", async () => {
    const [first, ...others] = await client.diagnostics(uri);
    assert.deepEqual(others, []);
    assert.equal(first?.severity, DiagnosticSeverity.Error);
    assert.equal(first.code, "null-dereference");
    assert.deepEqual(first.range.start, positionOf(text, "panicked at"));
    assert.match(
      first.message as string,
      /tried to write 4 bytes to 0x00000000 .*`last_reading` is a null pointer/,
    );
    const [related] = first.relatedInformation ?? [];
    assert.equal(related?.location.uri, `file://${folder}/crashes.c`);
  });

  it("tells of an address in code its function, line and region", async () => {
    const shown = await hover(/(?<=PC : )0x/);
    assert.match(shown, /store_through_null/);
    assert.match(shown, /crashes\.c:\d+/);
    assert.match(shown, /r-x/);
  });

  it("tells of an address in RAM what lies there", async () => {
    assert.match(await hover(/(?<=SP : )0x/), /stack of crash/);
  });

  it("goes from PC to the source line, and from LR to the call", async () => {
    const [pc] = await client.ask<LocationLink[]>("definition", uri, at(/(?<=PC : )0x/));
    assert.ok(pc);
    assert.match(sourceLine(pc), /\*last_reading = 42/);
  });

  it("hints at functions and lines behind addresses", async () => {
    const end = { line: text.split(/\r\n|\r|\n/).length, character: 0 };
    const range = { start: { line: 0, character: 0 }, end };
    const hints = await client.ask<InlayHint[]>("inlayHint", uri, { range });
    const pc = hints.find(({ position }) => position.line === at("PC : ").position.line);
    const [label] = (pc?.label ?? []) as InlayHintLabelPart[];
    assert.match(label?.value ?? "", /^store_through_null.* crashes\.c:\d+$/);
    assert.equal(label?.location?.uri, `file://${folder}/crashes.c`);
    // The stack's addresses have no name, least of all that of the linker's symbol at the start of RAM.
    const labels = hints.map(({ label: [part] }) => (part as InlayHintLabelPart).value);
    assert.ok(!labels.some(each => each.includes("_sram")), labels.join());
  });

  it("offers panel, source and listing over the dump", async () => {
    await client.diagnostics(uri);
    const lenses = await client.ask<CodeLens[]>("codeLens", uri);
    assert.deepEqual(
      lenses.map(({ command }) => command?.title.replace(/\d+/, "N")),
      ["Open crash panel", "Go to crashes.c:N", "Show listing"],
    );
  });

  it("offers a listing of RISC-V, too, by its names of registers and instructions", async () => {
    const riscv = `file://${resolve("test/fixtures/riscv")}/serial.tockdump`;
    const dump = transcript("rv32_x_f_null")
      .replaceAll("x_f_null", "reading")
      .replace("PC : 0x80100164", "PC : 0x801000A6");
    await client.open(riscv, dump);
    await client.diagnostics(riscv);
    const lenses = await client.ask<CodeLens[]>("codeLens", riscv);
    assert.deepEqual(
      lenses.map(({ command }) => command?.title.replace(/\d+/, "N")),
      ["Open crash panel", "Go to reading.c:N", "Show listing"],
    );
    const [place] = (lenses.at(-1)?.command?.arguments ?? []) as DocumentPlace[];
    const { text: listing } = await client.connection.sendRequest<{ text: string }>(
      "workspace/textDocumentContent",
      { uri: place?.uri ?? "" },
    );
    assert.match(listing, /^ *801000a6: {2}c38c {7}sw {6}a1,0\(a5\)$/m);
    const hover = await client.ask<Hover | null>("hover", riscv, {
      position: positionOf(dump, "R11:"),
    });
    assert.match(textOf(hover), /^\*\*R11\*\* `0x801000F8` \(`a1`\)/);
    const hints = await client.ask<InlayHint[]>("inlayHint", riscv, {
      range: { start: { line: 0, character: 0 }, end: { line: 1000, character: 0 } },
    });
    const labels = hints.map(({ label }) => (typeof label === "string" ? label : label[0]?.value));
    assert.ok(labels.some(label => /^store_reading\+0x\w+ reading\.c:\d+$/.test(label ?? "")));
    await client.close(riscv);
  });

  it("gives the listing at the addresses of the dump, with the source", async () => {
    const lenses = await client.ask<CodeLens[]>("codeLens", uri);
    const lens = lenses.find(({ command }) => command?.title === "Show listing");
    const [place] = (lens?.command?.arguments ?? []) as DocumentPlace[];
    assert.ok(place);
    assert.match(place.uri, /^tock-listing:\/crash\.lst\?/);
    const answer = await client.connection.sendRequest<{ text: string }>(
      "workspace/textDocumentContent",
      { uri: place.uri },
    );
    assert.match(answer.text, /\*last_reading = 42/);
    const pc = /PC : 0x0*([0-9A-F]+)/.exec(text)?.[1]?.toLowerCase();
    assert.match(answer.text, new RegExp(`^ *0*${pc}\\b.*str`, "m"));
  });

  it("gives the body that the panel shows", async () => {
    const placed = { uri, offset: text.indexOf("panicked at") };
    const body = await client.connection.sendRequest<CrashResult>(CRASH, placed);
    assert.equal(body?.explanation.kind, "null-dereference");
    const ofText = await client.connection.sendRequest<CrashResult>(CRASH, { text, base: uri });
    assert.deepEqual(ofText?.explanation, body?.explanation);
    assert.equal(await client.connection.sendRequest(CRASH, { text: "hello" }), null);
  });

  it("sees a program that is built after its dump was opened", async () => {
    const fresh = mkdtempSync(join(tmpdir(), "late-"));
    const late = await TestClient.start("stdio", [fresh]);
    const uri = `file://${fresh}/serial.tockdump`;
    const place = async () => textOf(await late.ask<Hover | null>("hover", uri, at("PC : ")));
    await late.open(uri, text);
    assert.doesNotMatch(await place(), /store_through_null/);
    copyFileSync(`${folder}/crash.elf`, join(fresh, "crash.elf"));
    const changes = [{ uri: `file://${fresh}/crash.elf`, type: 1 }];
    await late.connection.sendNotification("workspace/didChangeWatchedFiles", { changes });
    assert.match(await place(), /store_through_null/);
    await late.stop();
    rmSync(fresh, { recursive: true });
  });
});

describe("the language server on what may come over a serial line", () => {
  let client: TestClient;
  let count = 0;
  const open = async (text: string): Promise<string> => {
    const uri = `untitled:Untitled-${++count}`;
    await client.open(uri, text);
    return uri;
  };
  const dump = transcript("nrf52840dk_x_f_null");

  before(async () => {
    client = await TestClient.start();
  });
  after(() => client.stop());

  it("shows a hostile name as text and never as markup", async () => {
    const names = [
      "<img src=x onerror=alert(1)>",
      "[a](command:workbench.action.quit)",
      "![a](https://example.com/a.png)",
      "**a** `b` ~~c~~ https://example.com $(bug)",
      "x".repeat(10_000),
      "\u202egnp.exe",
    ];
    for (const name of names) {
      const text = dump.replaceAll("x_f_null", name);
      const uri = await open(text);
      const [first] = await client.diagnostics(uri);
      assert.ok(first);
      const shown = textOf(
        await client.ask<Hover | null>("hover", uri, {
          position: positionOf(text, /(?<=SP : )0x/),
        }),
      );
      assert.ok(shown.length < 2000, `${shown.length} letters`);
      // Without what is escaped and what is code, no letter is left that Markdown would read.
      const bare = shown.replace(/\\[!-/:-@[-`{-~]/g, "").replace(/`[^`]*`/g, "");
      assert.doesNotMatch(bare.replace(/^\*\*SP\*\*/, ""), /[<>[\]()*`~]|https?:|\u202e/, shown);
      await client.ask("documentSymbol", uri);
      await client.ask("codeLens", uri);
    }
  });

  it("takes what is no dump, and what is cut off anywhere", async () => {
    for (const text of ["", "\r", "hello\n", "panicked at", "---| ", "\u0000\ud800\u001b[31m"]) {
      const uri = await open(text);
      assert.deepEqual(await client.diagnostics(uri), []);
      assert.deepEqual(await client.ask("documentSymbol", uri), []);
    }
    for (let length = 200; length < dump.length; length += 701) {
      const uri = await open(dump.slice(0, length));
      await client.diagnostics(uri);
      await client.ask("documentSymbol", uri);
      await client.ask("inlayHint", uri, {
        range: { start: { line: 0, character: 0 }, end: { line: 1000, character: 0 } },
      });
    }
  });

  it("says of a dump without its program that there is none, and where it looked", async () => {
    const uri = "file:///nowhere/serial.tockdump";
    await client.open(uri, dump);
    const notes = (await client.diagnostics(uri)).slice(1);
    assert.equal(notes.length, 1);
    assert.match(
      notes[0]?.message as string,
      /no ELF of "x_f_null" below \/nowhere.*tock\.crashDump\.elf/,
    );
  });

  it("takes diagnostics back when a document is closed, and follows edits", async () => {
    const uri = await open(dump);
    assert.ok((await client.diagnostics(uri)).length > 0);
    const line = positionOf(dump, "panicked at").line;
    const start = { line: 0, character: 0 };
    await client.change(uri, 2, [{ range: { start, end: start }, text: "one more line\n" }]);
    const [moved] = await client.diagnostics(uri, 2);
    assert.equal(moved?.range.start.line, line + 1);
    await client.change(uri, 3, [{ text: "nothing\n" }]);
    assert.deepEqual(await client.diagnostics(uri, 3), []);
    await client.change(uri, 4, [{ text: dump }]);
    assert.ok((await client.diagnostics(uri, 4)).length > 0);
    await client.close(uri);
    assert.deepEqual(await client.diagnostics(uri, 0), []);
  });

  for (const name of readdirSync("test/golden/transcripts").filter(file => file.endsWith(".txt"))) {
    it(`has a verdict for each panic of ${name}`, async () => {
      const text = transcript(name.replace(".txt", ""));
      const uri = await open(text);
      const errors = (await client.diagnostics(uri)).filter(({ severity }) => severity === 1);
      assert.equal(
        errors.length,
        text.match(/^panicked at kernel|^panicked at capsules/gm)?.length ?? 0,
      );
      for (const { message } of errors) assert.ok((message as string).length > 20);
    });
  }
});
