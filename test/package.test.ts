// What a user installs: the vsix from the bundles that `npm run build` left in dist/.
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, posix, resolve } from "node:path";
import { examples } from "../extension/commands/examples.js";
import { packageExtension } from "./vsix.js";

const budget = 1_500_000;

/** File names in a zip, from its central directory (APPNOTE 4.3.12). */
function zipNames(zip: Buffer): string[] {
  const end = zip.lastIndexOf("PK\x05\x06", undefined, "latin1");
  const names: string[] = [];
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const [name, extra, comment] = [28, 30, 32].map(offset => zip.readUInt16LE(at + offset));
    names.push(zip.toString("utf8", at + 46, at + 46 + (name as number)));
    at += 46 + (name as number) + (extra as number) + (comment as number);
  }
  return names;
}

/** What "Run Example" needs: the TABs of each example and their ELFs, all sources beside these, and its page. */
function exampleFiles(): string[] {
  const files = examples.flatMap(({ source, apps, page }) => [
    source,
    ...(page === undefined ? [] : [page]),
    ...apps.flatMap(({ tab, elf = tab.replace(/tab$/, "elf") }) => [tab, elf]),
  ]);
  const folders = new Set(files.map(file => posix.dirname(file)));
  const sources = [...folders].flatMap(folder =>
    readdirSync(join("examples", folder))
      .filter(file => /\.[ch]$/.test(file))
      .map(file => `${folder}/${file}`),
  );
  return [...new Set([...files, ...sources])].map(file => `examples/${file}`.toLowerCase());
}

describe("the vsix", () => {
  let zip: Buffer;
  let folder: string;

  before(function () {
    this.timeout(300_000);
    folder = mkdtempSync(join(tmpdir(), "tock-debug-vsix-"));
    zip = readFileSync(packageExtension(folder));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("is smaller than 1.5 MB", () => {
    assert.ok(zip.length < budget, `${zip.length} bytes`);
  });

  it("holds what a user needs and nothing else", () => {
    const names = zipNames(zip)
      .filter(name => name.startsWith("extension/"))
      .map(name => name.slice("extension/".length).toLowerCase());
    assert.deepEqual(
      names.sort(),
      [
        "changelog.md",
        "dist/adapter.cjs",
        "dist/binary-editor.js",
        "dist/board-view.js",
        "dist/crash-panel.js",
        "dist/extension.cjs",
        "dist/extension.web.cjs",
        "dist/memory-map-view.js",
        "dist/third_party_notices.txt",
        "dist/timeline-panel.js",
        "docs/images/crash.png",
        "license-apache",
        "license-mit",
        "media/icon.png",
        "media/panel.css",
        "media/views.css",
        "media/walkthrough/breakpoint.md",
        "media/walkthrough/crash.md",
        "media/walkthrough/install.md",
        "media/walkthrough/lessons.md",
        "media/walkthrough/run.md",
        "media/walkthrough/test.md",
        "package.json",
        "readme.md",
        "schemas/tocktest.schema.json",
        "syntaxes/tock-console.tmlanguage.json",
        "syntaxes/tock-crash.tmlanguage.json",
        ...exampleFiles(),
      ].sort(),
    );
  });
});

describe("what is shipped of others", () => {
  let notices: string[];
  let heads: readonly string[][];

  before(() => {
    const text = readFileSync("dist/THIRD_PARTY_NOTICES.txt", "utf8");
    notices = text.split(`\n${"-".repeat(79)}\n`);
    heads = notices.map(notice => /^(\S+) \S+ \((.+)\)\n/.exec(notice.trim()) ?? []);
  });

  it("is named, each package with the text of its licence", () => {
    const names = heads.map(([, name]) => name);
    for (const name of ["yaml", "vscode-jsonrpc", "@noble/hashes", "@vscode/debugadapter"])
      assert.ok(names.includes(name), `${name} is not among ${names}`);
    for (const notice of notices)
      assert.match(notice, /copyright|permission/i, notice.slice(0, 80));
  });

  it("may be shipped with either of our licences", () => {
    // The language client needs minimatch 10, whose licence (Blue Oak) binds no more than MIT but is not on our list.
    for (const [, name, licence] of heads.filter(([, each]) => each !== "minimatch"))
      assert.match(licence ?? "", /^(MIT|ISC|BSD-[23]-Clause|Apache-2\.0)$/, name);
  });
});

describe("the bundles", () => {
  const read = (name: string) => readFileSync(join("dist", name), "utf8");
  const required = (name: string) =>
    [...new Set([...read(name).matchAll(/\brequire\("([^"]+)"\)/g)].map(match => match[1]))].sort();

  it("name no folder of the machine that built them", () => {
    for (const name of readdirSync("dist").filter(file => /\.c?js$/.test(file))) {
      assert.ok(!read(name).includes(resolve(".")), name);
    }
  });

  it("need nothing that VS Code and Node do not bring, and in a worker or webview nothing at all", () => {
    const ofNode =
      /^(node:|buffer$|child_process$|crypto$|events$|fs$|net$|os$|path$|process$|readline$|url$|util$)/;
    const foreign = (name: string) => required(name).filter(each => !ofNode.test(each as string));
    assert.deepEqual(foreign("extension.cjs"), ["vscode"]);
    assert.deepEqual(required("extension.web.cjs"), ["vscode"]);
    assert.deepEqual(foreign("adapter.cjs"), []);
    assert.deepEqual(required("crash-panel.js"), []);
    assert.deepEqual(required("board-view.js"), []);
    assert.deepEqual(required("memory-map-view.js"), []);
    assert.deepEqual(required("timeline-panel.js"), []);
  });
});
