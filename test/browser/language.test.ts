// Dumps in VS Code: what the language server makes of a file, beside a Node extension host and in the browser's web worker.
import assert from "node:assert/strict";
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { crashLog } from "../adapter/language/crash-log.js";
import { type Editor, Workbench } from "./workbench.js";

for (const host of ["node", "web"] as const) {
  describe(`a dump in VS Code, ${host} extension host`, function () {
    this.timeout(180_000);
    let workbench: Workbench;
    let editor: Editor;

    before(async function () {
      workbench = await Workbench.shared(this, host);
    });

    it("shows the verdict, registers bit by bit and names of addresses, and goes to the source", async () => {
      const folder = workbench.scratch(`dump-${host}`);
      cpSync("examples/crash", folder, { recursive: true });
      const text = crashLog("n");
      const lines = text.replaceAll("\r", "").split("\n");
      const lineOf = (what: string) => lines.findIndex(line => line.includes(what)) + 1;
      writeFileSync(join(folder, "serial.tockdump"), lines.join("\n"));
      editor = await workbench.open(folder, host === "node" ? "dark" : "light");
      const { page } = editor;

      await editor.openFile("serial.tockdump", lineOf("panicked at"));
      await page.waitForSelector(".codelens-decoration a:has-text('Go to crashes.c')");
      await page.waitForSelector(".monaco-editor .squiggly-error");
      await editor.screenshot(`dump-${host}`);

      await editor.openFile("serial.tockdump", lineOf("(CFSR)"));
      await page.keyboard.press("End");
      await editor.command("Show or Focus Hover");
      const hover = page.locator(".monaco-hover:visible", { hasText: "DACCVIOL" });
      await hover.waitFor();
      assert.match((await hover.textContent()) ?? "", /MMARVALID/);
      await editor.screenshot(`dump-cfsr-${host}`);
      await page.keyboard.press("Escape");

      await editor.openFile("serial.tockdump", lineOf("PC : 0x"));
      await page.waitForSelector(".view-line:has-text('store_through_null')");
      await editor.screenshot(`dump-hints-${host}`);
      await page.keyboard.press("End");
      await page.keyboard.press("F12");
      await page.waitForSelector('.tab.active:has-text("crashes.c")');
      await editor.screenshot(`dump-source-${host}`);
      assert.equal(await editor.activeTab(), "crashes.c");
    });
  });
}
