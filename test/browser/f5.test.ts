import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFileSync, cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { callStack, debugConsole, lineOf, stopInLocals, variables } from "./scenes.js";
import { type Editor, Workbench } from "./workbench.js";

/** An example as libtock-c's Makefile would have built it: NAME/{Makefile,main.c,build/…}. */
function asLibtockExample(root: string, example: string): string {
  const folder = join(root, "examples", example);
  const source = join("examples", example);
  mkdirSync(join(folder, "build", "cortex-m4"), { recursive: true });
  writeFileSync(join(folder, "Makefile"), "include ../../AppMakefile.mk\n");
  copyFileSync(join(source, "main.c"), join(folder, "main.c"));
  copyFileSync(join(source, `${example}.tab`), join(folder, "build", `${example}.tab`));
  copyFileSync(join(source, `${example}.elf`), join(folder, "build", "cortex-m4", "cortex-m4.elf"));
  return folder;
}

describe("F5 in VS Code", function () {
  this.timeout(180_000);
  let workbench: Workbench;
  let editor: Editor;

  before(async function () {
    workbench = await Workbench.shared(this);
  });

  it("without launch.json stops in an example at a breakpoint, with stack and variables", async () => {
    const folder = workbench.scratch("locals");
    cpSync("examples/locals", folder, { recursive: true });
    editor = await workbench.open(folder, "dark");
    await stopInLocals(editor);
    await editor.screenshot("f5-locals");
    await editor.page.keyboard.press("F5");
    await editor.rowsWith(variables, /^number = 2$/);
    const output = await editor.rowsWith(debugConsole, /^Palo Alto 1: /);
    assert.ok(
      output.every(row => !/Palo Alto 2/.test(row)),
      `printed too early: ${output}`,
    );
  });

  it("in libtock-c's root runs the app of the active file, its ELF from the build folder", async () => {
    const root = workbench.scratch("libtock-c");
    writeFileSync(join(root, "AppMakefile.mk"), "");
    asLibtockExample(root, "hello");
    const folder = asLibtockExample(root, "blink");
    editor = await workbench.open(root, "light");
    const line = lineOf(join(folder, "main.c"), "led_set(");
    await editor.setBreakpoint("examples/blink/main.c", line);
    await editor.start();
    await editor.stopped();
    const frames = await editor.rowsWith(callStack, new RegExp(`main\\.c ${line}:`));
    const values = await editor.rowsWith(variables, /^led = 0/);
    await editor.screenshot("f5-libtock-c");
    assert.ok(!frames.some(row => /unknown/i.test(row)), `no source for ${frames}`);
    assert.ok(
      values.some(row => /^count = 0/.test(row)),
      `no count in ${values}`,
    );
  });

  it("in a folder with several apps asks which, and runs them all on one board", async () => {
    const folder = workbench.scratch("several");
    for (const name of ["blink", "grants"]) {
      for (const kind of ["tab", "elf"]) {
        copyFileSync(`examples/${name}/${name}.${kind}`, join(folder, `${name}.${kind}`));
      }
    }
    copyFileSync("examples/blink/main.c", join(folder, "main.c"));
    editor = await workbench.open(folder, "dark");
    await editor.openFile("main.c");
    await editor.page.keyboard.press("F5");
    const apps = await editor.choices(/^blink/);
    await editor.screenshot("several-apps");
    assert.deepEqual(apps, ["blink", "grants", "All of them on one board"]);
    await editor.page.locator(".quick-input-list .monaco-list-row").nth(2).click();
    await editor.rowsWith(debugConsole, /^Ready: press a button/);
    await editor.command("View: Show Run and Debug");
    const threads = await editor.rowsWith(callStack, /^grants\b/);
    await editor.screenshot("several-running");
    assert.ok(
      threads.some(row => /^blink\b/.test(row)),
      `no blink in ${threads}`,
    );
  });

  it("with a file of flash and an empty list of apps runs what the flash holds", async () => {
    const folder = workbench.scratch("flash");
    const flash = ["--flash", join(folder, "board.bin")];
    const run = ["out/cli/main.js", "run", "--for", "0.1", ...flash, "examples/hello/hello.tab"];
    execFileSync(process.execPath, run);
    copyFileSync("examples/hello/main.c", join(folder, "main.c"));
    const launch = { type: "tock", request: "launch", name: "Flash", flash: "board.bin", apps: [] };
    mkdirSync(join(folder, ".vscode"));
    const json = JSON.stringify({ configurations: [launch] });
    writeFileSync(join(folder, ".vscode/launch.json"), json);
    editor = await workbench.open(folder);
    await editor.openFile("main.c");
    await editor.start();
    await editor.rowsWith(debugConsole, /^Hello/);
  });

  it("stops before a crash that input to the console causes, and says why", async () => {
    const folder = workbench.scratch("crash");
    cpSync("examples/crash", folder, { recursive: true });
    editor = await workbench.open(folder, "light");
    await editor.openFile("main.c");
    await editor.start();
    await editor.rowsWith(debugConsole, /^q: quit/);
    await editor.command("Tock: Send Input to the Board");
    await editor.choose("Type into the console");
    await editor.page.keyboard.type("n");
    await editor.page.keyboard.press("Enter");
    await editor.stopped();
    const line = lineOf("examples/crash/crashes.c", "*last_reading = 42");
    await editor.rowsWith(callStack, new RegExp(`crashes\\.c ${line}:`));
    const widget = editor.page.locator(".exception-widget");
    // VS Code may still be at work on the frame before; one that is selected shows it again.
    await widget
      .waitFor({ timeout: 15_000 })
      .catch(() => editor.page.locator(`${callStack} .stack-frame`).first().click());
    const why = await widget.textContent();
    await editor.screenshot("crash");
    assert.match(why ?? "", /tried to write 4 bytes to 0x00000000/);
  });

  it("in a libtock-c folder that is not built says to run make, and offers it", async () => {
    const folder = workbench.scratch("blink");
    writeFileSync(join(folder, "Makefile"), "include ../../AppMakefile.mk\n");
    writeFileSync(join(folder, "main.c"), "int main(void) { return 0; }\n");
    editor = await workbench.open(folder);
    await editor.openFile("main.c");
    await editor.page.keyboard.press("F5");
    const text = await editor.notification();
    await editor.screenshot("not-built");
    assert.match(text, /blink is not built yet.*Run make/);
    await editor.page.waitForSelector(
      ".notification-list-item .monaco-button:has-text('Run make')",
    );
  });
});
