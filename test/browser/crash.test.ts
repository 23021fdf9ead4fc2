// The crash panel in VS Code: on a fault of examples/crash, and on a dump from elsewhere.
import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import { type Editor, requireBrowser, type Theme, Workbench } from "./workbench.js";

const debugConsole = ".repl";

describe("the crash panel in VS Code", function () {
  this.timeout(180_000);
  let workbench: Workbench;
  let editor: Editor;

  before(async function () {
    requireBrowser(this);
    workbench = await Workbench.start();
  });
  after(async () => workbench?.stop());
  afterEach(async function () {
    if (this.currentTest?.state === "failed") await editor?.screenshot("failed");
    await editor?.close();
  });

  /** Debugs examples/crash until its fault by this letter. */
  async function fault(letter: string, theme: Theme): Promise<void> {
    const folder = workbench.scratch(`crash-${theme}-${letter}`);
    cpSync("examples/crash", folder, { recursive: true });
    editor = await workbench.open(folder, theme);
    await editor.openFile("main.c");
    await editor.start();
    await editor.rowsWith(debugConsole, /^n: null pointer/);
    await editor.command("Tock: Send Input to the Board");
    await editor.choose("Type into the console");
    await editor.page.keyboard.type(letter);
    await editor.page.keyboard.press("Enter");
    await editor.stopped();
  }

  for (const theme of ["dark", "light", "high-contrast"] as const) {
    it(`opens beside the source on a fault without taking the focus, ${theme}`, async () => {
      await fault("n", theme);
      const panel = await editor.webview();
      await panel.waitForSelector("h1");
      await editor.page.waitForTimeout(1000);
      await editor.screenshot("crash-panel");
      const verdict = await panel.locator("h1").textContent();
      assert.match(verdict ?? "", /crash .* 0x00000000.*null pointer/);
      assert.ok(await editor.page.locator(".tab.active", { hasText: "main.c" }).count());
    });
  }
});
