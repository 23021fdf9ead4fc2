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
    await editor.rowsWith(debugConsole, /^q: quit/);
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
      await editor.screenshot("crash-panel");
      const verdict = await panel.locator("h1").textContent();
      assert.match(verdict ?? "", /crash .* 0x00000000.*null pointer/);
      assert.equal(await editor.activeTab(), "main.c");
      await editor.page.setViewportSize({ width: 1800, height: 1900 });
      await editor.page.waitForTimeout(1000);
      await editor.screenshot("crash-panel-whole");
    });
  }

  it("opens the source of a frame, copies the report, shows the dump and restarts the process", async () => {
    await fault("s", "dark");
    const panel = await editor.webview();
    assert.match((await panel.locator("h1").textContent()) ?? "", /overflowed its stack/);
    const outermost = panel.locator(".stack button", { hasText: /^main\.c:/ }).last();
    const line = /:(\d+)/.exec((await outermost.textContent()) ?? "")?.[1];
    await outermost.click();
    await editor.page.waitForSelector(`.statusbar-item:has-text("Ln ${line},")`);
    assert.equal(await editor.activeTab(), "main.c");

    await panel.locator("button", { hasText: "Copy Report" }).click();
    await panel.locator("#status", { hasText: "clipboard" }).waitFor();
    assert.match(
      await editor.clipboard(),
      /^# crash[\s\S]*overflowed its stack[\s\S]*## Registers/,
    );

    await panel.locator("button", { hasText: "Show Dump" }).click();
    await editor.page.waitForSelector(".view-line:has-text('panicked at')");
    await editor.screenshot("crash-dump");

    await panel.locator("button", { hasText: "Restart Process" }).click();
    await editor.page.waitForSelector(".debug-toolbar .codicon-debug-pause");
    await editor.command("Debug: Focus on Debug Console View");
    const greetings = async () =>
      (await editor.rows(debugConsole)).filter(row => /^q: quit/.test(row)).length;
    while ((await greetings()) < 2) await editor.page.waitForTimeout(200);
    const output = await editor.rows(debugConsole);
    assert.ok(!output.some(row => /panicked/.test(row)), output.join("\n"));
    await editor.screenshot("crash-restarted");
  });
});
