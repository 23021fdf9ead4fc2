// The crash panel in VS Code: on a fault of examples/crash, and on a dump from elsewhere.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Debugging, tabOf } from "../adapter/debugging.js";
import { faultBy, folderOfCrash, openOutermost, pictures, readNullCrash } from "./scenes.js";
import { type Editor, Workbench } from "./workbench.js";

describe("the crash panel in VS Code", function () {
  this.timeout(180_000);
  let workbench: Workbench;
  let editor: Editor;

  before(async function () {
    workbench = await Workbench.shared(this);
  });

  const scratch = (name: string) => folderOfCrash(workbench, name);

  /** Debugs examples/crash until its fault by this letter. */
  async function fault(letter: string): Promise<void> {
    editor = await workbench.open(scratch(`crash-${letter}`));
    await faultBy(editor, letter);
  }

  it("opens beside the source on a fault without taking the focus", async () => {
    await fault("n");
    await readNullCrash(editor);
    await pictures(editor, "crash-panel");
    await editor.page.setViewportSize({ width: 1800, height: 1900 });
    await editor.page.waitForTimeout(1000);
    await pictures(editor, "crash-panel-whole");
  });

  it("opens the source of a frame, copies the report, shows the dump and restarts the process", async () => {
    await fault("s");
    const panel = await editor.webview();
    assert.match((await panel.locator("h1").textContent()) ?? "", /overflowed its stack/);
    await openOutermost(editor, panel);

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
    await panel.locator("#status", { hasText: "starts anew" }).waitFor();
    await editor.page.waitForTimeout(1000);
    await editor.screenshot("crash-restarted");
    // The crash of the new life takes the place of the old one in the panel.
    await editor.command("Tock: Send Input to the Board");
    await editor.choose("Press button 1");
    await panel.waitForSelector("h1:has-text('null pointer')");
    await editor.stopped();
    await editor.screenshot("crash-again");
    assert.equal(await editor.page.locator(".tab", { hasText: "Crash: crash" }).count(), 1);
  });

  it("shows the crash of the next session in the panel that the one before has left", async () => {
    const folder = scratch("again");
    const launch = { type: "tock", request: "launch", name: "Crash", apps: ["crash.tab"] };
    const configurations = [{ ...launch, inputs: ["100ms:button0=down"] }];
    mkdirSync(join(folder, ".vscode"));
    writeFileSync(join(folder, ".vscode/launch.json"), JSON.stringify({ configurations }));
    editor = await workbench.open(folder);
    await editor.openFile("main.c");
    for (let turn = 0; turn < 2; turn++) {
      await editor.start();
      await editor.stopped();
      const panel = await editor.webview();
      await panel.waitForSelector("button:enabled:has-text('Restart Process')");
      await editor.page.keyboard.press("Shift+F5");
      await panel.waitForSelector("button:disabled:has-text('Restart Process')");
    }
    assert.equal(await editor.page.locator(".tab", { hasText: "Crash: crash" }).count(), 1);
  });

  /** What the kernel prints of the null pointer in examples/crash. */
  async function nullDump(): Promise<string> {
    const client = new Debugging();
    await client.start({ apps: [tabOf("crash")], inputs: ["100ms:button0=down"] });
    await client.stopped();
    const { dump } = await client.request<{ dump: string }>("tock/crash", { schema: 1 });
    return dump;
  }

  it("opens a dump as a session in which nothing runs", async () => {
    const folder = scratch("attach");
    writeFileSync(join(folder, "serial.log"), `boot\n${await nullDump()}tock$ `);
    const launch = { type: "tock", request: "attach", name: "Dump", mode: "crash" };
    const configurations = [{ ...launch, dump: "serial.log" }];
    mkdirSync(join(folder, ".vscode"));
    writeFileSync(join(folder, ".vscode/launch.json"), JSON.stringify({ configurations }));
    editor = await workbench.open(folder, "dark");
    await editor.openFile("main.c");
    await editor.start();
    await editor.stopped();
    await editor.rowsWith(".debug-call-stack", /^store_through_null/);
    await editor.page.setViewportSize({ width: 1400, height: 1400 });
    await editor.rowsWith(".debug-variables", /^Fault Status/);
    await editor.page.waitForSelector(".view-line:has-text('last_reading')");
    await editor.page.waitForTimeout(500);
    await editor.screenshot("crash-session");
    await editor.command("Tock: Erase Apps");
    assert.match(await editor.notification(), /^No board runs in a crash dump\. Start one with F5/);
  });

  it("opens a dump of the clipboard, and says when the clipboard holds none", async () => {
    const dump = await nullDump();
    editor = await workbench.open(scratch("clipboard"), "light");
    await editor.setClipboard("nothing of interest");
    await editor.command("Tock: Open Crash Dump");
    await editor.choose("The clipboard");
    assert.match(await editor.notification(), /There is no crash dump of Tock in Clipboard\./);
    await editor.setClipboard(`boot noise\n${dump}tock$ `);
    await editor.command("Tock: Open Crash Dump");
    await editor.choose("The clipboard");
    const panel = await editor.webview();
    await panel.waitForSelector("h1:has-text('null pointer')");
    await panel
      .locator(".stack button", { hasText: /^crashes\.c:/ })
      .first()
      .click();
    await editor.page.waitForSelector(".tab.active:has-text('crashes.c')");
    await editor.page.setViewportSize({ width: 1500, height: 1500 });
    await editor.page.waitForTimeout(1000);
    await editor.screenshot("crash-clipboard");
    assert.equal(await panel.locator("button:visible", { hasText: "Restart" }).count(), 0);
  });

  it("opens a dump in a file from its editor, one panel for the file, and is there again after a reload", async () => {
    const folder = scratch("file");
    writeFileSync(join(folder, "board.tockdump"), await nullDump());
    editor = await workbench.open(folder, "dark");
    await editor.openFile("board.tockdump");
    for (let times = 0; times < 2; times++) {
      await editor.page.locator(".tab", { hasText: "board.tockdump" }).click();
      await editor.page.locator(".editor-actions .codicon-bug").first().click();
      const panel = await editor.webview();
      await panel.waitForSelector("h1:has-text('null pointer')");
    }
    assert.equal(await editor.page.locator(".tab", { hasText: "Crash: crash" }).count(), 1);
    await editor.screenshot("crash-file");
    // VS Code writes its state every five seconds.
    await editor.page.waitForTimeout(8000);
    await editor.page.reload();
    await editor.page.waitForSelector(".tab:has-text('Crash: crash')");
    const again = await editor.webview();
    await again.waitForSelector("h1:has-text('null pointer')");
  });

  it("opens what is selected in the terminal, and leaves the clipboard as it was", async () => {
    const folder = scratch("terminal");
    writeFileSync(join(folder, "log.txt"), await nullDump());
    editor = await workbench.open(folder, "dark");
    await editor.setClipboard("mine");
    await editor.command("Terminal: Create New Terminal");
    await editor.page.waitForSelector(
      ".terminal-wrapper.active .xterm-cursor-layer, .terminal-wrapper.active .xterm-screen",
    );
    // What is typed before the shell is there is lost.
    for (let tries = 10; tries > 0 && !existsSync(join(folder, "printed")); tries--) {
      await editor.page.keyboard.type("clear; cat log.txt; touch printed\n");
      await editor.page.waitForTimeout(3000);
    }
    await editor.command("Terminal: Select All");
    await editor.command("Tock: Open Crash Dump");
    await editor.choose("The selection in the terminal");
    const panel = await editor.webview();
    await panel.waitForSelector("h1:has-text('null pointer')");
    await editor.screenshot("crash-terminal");
    assert.equal(await editor.clipboard(), "mine");
  });

  it("without a session or a dump, commands say what to do", async () => {
    editor = await workbench.open(scratch("nothing"), "dark");
    await editor.command("Tock: Copy Crash Report");
    assert.match(await editor.notification(), /No crash is shown\. Open one with/);
    await editor.command("Notifications: Clear All Notifications");
    await editor.command("Tock: Restart Process");
    assert.match(await editor.notification(), /No Tock board is running\. Start one with F5/);
  });
});
