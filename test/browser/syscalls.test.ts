// The Syscalls panel in VS Code, while examples/blink blinks.
import assert from "node:assert/strict";
import { copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ChromeTrace } from "../../adapter/timeline/chrome-trace.js";
import { type Editor, Workbench } from "./workbench.js";

describe("the Syscalls panel in VS Code", function () {
  this.timeout(180_000);
  let workbench: Workbench;
  let editor: Editor;

  before(async function () {
    workbench = await Workbench.shared(this);
  });

  async function blinking(name: string): Promise<string> {
    const folder = workbench.scratch(name);
    for (const file of ["main.c", "blink.tab", "blink.elf"])
      copyFileSync(join("examples/blink", file), join(folder, file));
    editor = await workbench.open(folder);
    await editor.openFile("main.c");
    await editor.start();
    await editor.page.waitForSelector(".debug-toolbar");
    return folder;
  }

  it("shows what the app asks for as it asks, and opens the line that asked", async () => {
    await blinking("syscalls");
    await editor.command("Tock: Show Syscalls");
    const panel = await editor.webview();
    await panel.locator(".row", { hasText: "LED" }).first().waitFor();
    const rows = async () =>
      Number.parseInt((await panel.locator(".count").textContent()) ?? "", 10);
    const before = await rows();
    for (let tries = 300; tries > 0 && (await rows()) <= before; tries--)
      await editor.page.waitForTimeout(100);
    assert.ok((await rows()) > before, "rows come while the app runs");
    await editor.screenshot("syscalls");
    await panel.selectOption("select[aria-label=Driver]", "2");
    await panel.locator(".count", { hasText: " of " }).waitFor();
    await panel.locator("input[name=Follow]").uncheck();
    await panel.locator(".row", { hasText: "LED" }).last().click();
    await editor.page.waitForSelector(".tab.active:has-text('main.c')");
    const [line] =
      /Ln \d+/.exec(
        (await editor.page.locator(".statusbar-item:has-text('Ln ')").textContent()) ?? "",
      ) ?? [];
    const number = Number(line?.slice(3));
    assert.match(
      readFileSync("examples/blink/main.c", "utf8").split("\n")[number - 1] ?? "",
      /led/,
    );
    await editor.screenshot("syscalls-source");
  });

  it("exports a trace, and says that there is none without a session", async () => {
    const folder = await blinking("trace");
    await editor.command("Tock: Export Syscall Trace");
    await editor.page.locator(".quick-input-widget input").first().waitFor();
    await editor.page.keyboard.press("Enter");
    assert.match(
      await editor.notification(),
      /rows are in syscalls\.trace\.json\..*ui\.perfetto\.dev/,
    );
    const file = readFileSync(join(folder, "syscalls.trace.json"), "utf8");
    const { traceEvents } = JSON.parse(file) as ChromeTrace;
    assert.ok(traceEvents.some(({ name }) => name === "LED on"));
    await editor.command("Notifications: Clear All Notifications");
    await editor.page.keyboard.press("Shift+F5");
    await editor.page.waitForSelector(".debug-toolbar", { state: "hidden" });
    await editor.command("Tock: Export Syscall Trace");
    assert.match(await editor.notification(), /no Tock app is being debugged/);
  });
});
