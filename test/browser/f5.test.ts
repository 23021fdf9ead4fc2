import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { requireBrowser, Workbench } from "./workbench.js";

describe("F5 in VS Code", function () {
  this.timeout(120_000);
  let workbench: Workbench;

  before(async function () {
    requireBrowser(this);
    workbench = await Workbench.start();
  });
  after(async () => workbench?.stop());

  it("in a libtock-c folder that is not built says to run make, and offers it", async () => {
    const folder = workbench.scratch("blink");
    writeFileSync(join(folder, "Makefile"), "include ../../AppMakefile.mk\n");
    writeFileSync(join(folder, "main.c"), "int main(void) { return 0; }\n");
    mkdirSync(join(folder, "build"));
    const editor = await workbench.open(folder);
    await editor.openFile("main.c");
    await editor.page.keyboard.press("F5");
    const text = await editor.notification();
    await editor.screenshot("not-built");
    assert.match(text, /blink is not built yet.*Run make/);
    await editor.page.waitForSelector(
      ".notification-list-item .monaco-button:has-text('Run make')",
    );
    await editor.close();
  });
});
