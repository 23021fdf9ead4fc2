// A virtual workspace beside a Node extension host: its files come from another extension and lie on no disk.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pack } from "../vsix.js";
import { callStack, stopInLocals } from "./scenes.js";
import { told } from "./talk.js";
import { type Editor, requireBrowser, Workbench } from "./workbench.js";

/** An extension whose file system `shelf://a+b` has one read-only folder, `some apps`, with these files. */
function shelf(folder: string): string[] {
  const files = ["main.c", "locals.tab", "locals.elf"].map(name => [
    name,
    readFileSync(join("examples/locals", name), "base64"),
  ]);
  const root = join(folder, "shelf");
  mkdirSync(root);
  const manifest = {
    name: "shelf",
    publisher: "test",
    version: "1.0.0",
    engines: { vscode: "^1.100.0" },
    main: "./main.js",
    activationEvents: ["onFileSystem:shelf"],
  };
  writeFileSync(join(root, "package.json"), JSON.stringify(manifest));
  writeFileSync(
    join(root, "main.js"),
    `const vscode = require("vscode");
const files = new Map(${JSON.stringify(files)}.map(([name, text]) => [name, Buffer.from(text, "base64")]));
const fileAt = uri => files.get(uri.path.replace("/some apps/", ""));
const isFolder = uri => /^\\/(some apps\\/?)?$/.test(uri.path);
const none = uri => vscode.FileSystemError.FileNotFound(uri);
const refuse = uri => { throw vscode.FileSystemError.NoPermissions(uri); };
exports.activate = () => vscode.workspace.registerFileSystemProvider("shelf", {
  onDidChangeFile: () => ({ dispose() {} }),
  watch: () => ({ dispose() {} }),
  stat(uri) {
    if (isFolder(uri)) return { type: 2, ctime: 0, mtime: 0, size: 0 };
    const file = fileAt(uri);
    if (!file) throw none(uri);
    return { type: 1, ctime: 0, mtime: 0, size: file.length };
  },
  readDirectory(uri) {
    if (!isFolder(uri)) throw none(uri);
    return [...files.keys()].map(name => [name, 1]);
  },
  createDirectory: refuse,
  writeFile: refuse,
  delete: refuse,
  rename: refuse,
  readFile(uri) {
    const file = fileAt(uri);
    if (!file) throw none(uri);
    return file;
  },
}, { isReadonly: true });
`,
  );
  return [pack(root, join(folder, "shelf.vsix"))];
}

describe("a virtual workspace beside a Node extension host", function () {
  this.timeout(120_000);
  let workbench: Workbench;
  let editor: Editor;

  before(async function () {
    requireBrowser(this);
    workbench = await Workbench.start("node", { more: shelf });
  });
  after(async () => workbench?.stop());

  it("is debugged as a folder on a disk is, and apps of it are not built", async () => {
    const workspace = join(workbench.scratch("virtual"), "shelf.code-workspace");
    const folders = [{ uri: "shelf://a+b/some%20apps" }];
    writeFileSync(workspace, JSON.stringify({ folders }));
    editor = await workbench.open(workspace, "dark");
    // Such a file system cannot be searched, but what was opened once is found.
    await editor.page.locator(".explorer-folders-view .monaco-list-row:has-text('main.c')").click();
    await stopInLocals(editor);
    await editor.page.keyboard.press("F10");
    const [top] = await editor.rowsWith(callStack, /^report main\.c 96:/);
    assert.match(top ?? "", /^report/);
    await editor.screenshot("virtual-workspace");
    await editor.command("Tock: Debug Without Optimization");
    await told(editor, /^No app to build/);
  });
});
