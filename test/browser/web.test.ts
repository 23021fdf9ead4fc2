// The extension in a browser without a machine behind it: all of it runs in VS Code's web worker host, adapter and servers in
// workers of their own. The same scenes as beside a Node extension host.
import assert from "node:assert/strict";
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  callStack,
  debugConsole,
  faultBy,
  folderOfCrash,
  folderOfTwo,
  folderWith,
  inspectBlink,
  openOutermost,
  pictures,
  pressLightsLed,
  readGrants,
  readKernel,
  readMemoryMap,
  readNullCrash,
  readProcesses,
  runWithCoverage,
  showOnly,
  showTests,
  startLights,
  stopInGrants,
  stopInLocals,
  testView,
  typeIntoConsole,
  viewWith,
  watchLive,
} from "./scenes.js";
import { answer, told } from "./talk.js";
import { type Editor, type Theme, Workbench } from "./workbench.js";

describe("the extension in a browser's worker", function () {
  this.timeout(120_000);
  let workbench: Workbench;
  let editor: Editor;

  before(async function () {
    workbench = await Workbench.shared(this, "web");
  });

  const open = async (folder: string, theme: Theme): Promise<void> => {
    editor = await workbench.open(folder, theme);
  };

  it("stops at a breakpoint with stack and variables, and steps", async () => {
    await open(folderWith(workbench, "locals web", "locals"), "dark");
    await stopInLocals(editor);
    await editor.page.keyboard.press("F10");
    await editor.rowsWith(callStack, /^report main\.c 96:/);
    await editor.screenshot("web-step");
    await editor.page.keyboard.press("Shift+F5");
    await editor.page.waitForSelector(".debug-toolbar", { state: "hidden" });
    await editor.command("Tock: Run Example");
    await editor.choose("blink");
    await editor.rowsWith(callStack, /^main main\.c/);
    await editor.stopped();
    await editor.screenshot("web-example");
  });

  it("shows processes, grants, kernel and memory, and a value while it changes", async () => {
    await open(folderOfTwo(workbench, "views"), "light");
    await stopInGrants(editor);
    await showOnly(editor, "Processes");
    await readProcesses(editor);
    await pictures(editor, "web-processes");
    await showOnly(editor, "Grants");
    await readGrants(editor);
    await showOnly(editor, "Kernel");
    await readKernel(editor);
    await pictures(editor, "web-kernel");
    await showOnly(editor, "Memory Map");
    await readMemoryMap(editor, "grants");
    await pictures(editor, "web-memory-map");
    await editor.command("Tock: Show Syscalls");
    const syscalls = await viewWith(editor, ".row:has-text('LED')");
    await syscalls.locator(".row", { hasText: "blink" }).first().waitFor();
    await pictures(editor, "web-syscalls");
    await showOnly(editor, "Live Watch");
    await watchLive(editor);
    await pictures(editor, "web-live-watch");
  });

  it("installs, updates and uninstalls an app while another one runs, whose buttons light LEDs", async () => {
    const folder = folderWith(workbench, "lights", "lights");
    cpSync("examples/blink/blink.tab", join(folder, "more", "blink.tab"));
    await open(folder, "dark");
    await startLights(editor);
    await showOnly(editor, "Board");
    await pressLightsLed(editor, "web-press");
    await pictures(editor, "web-board");
    await editor.command("Tock: Install App…");
    await editor.choose("blink");
    assert.match(await answer(editor, "Install"), /Install blink at 0x0004[\da-f]+\?/);
    await told(editor, /^blink is installed at 0x0004[\da-f]+\.$/);
    await editor.command("Tock: Update App");
    await editor.choose("blink");
    assert.match(await answer(editor, "Replace"), /blink version 0 is installed/);
    await told(editor, /^blink is installed at/);
    await editor.command("Tock: Uninstall App");
    await editor.choose("blink");
    await answer(editor, "Uninstall");
    await told(editor, /^blink is uninstalled\.$/);
    await typeIntoConsole(editor, "list");
    await editor.page.waitForTimeout(500);
    await pictures(editor, "web-console");
  });

  it("opens the crash panel on a fault, and goes from it to the source", async () => {
    await open(folderOfCrash(workbench, "crash"), "light");
    await faultBy(editor, "n");
    const panel = await readNullCrash(editor);
    await pictures(editor, "web-crash");
    await openOutermost(editor, panel);
  });

  it("runs scenarios with coverage, debugs one, and shows what a TAB holds", async () => {
    const root = workbench.scratch("scenarios");
    for (const example of ["blink", "hello"])
      cpSync(join("examples", example), join(root, example), { recursive: true });
    await open(root, "light");
    await showTests(editor, "blink.tocktest.yaml");
    await runWithCoverage(editor, "blink/main.c");
    await editor.page.waitForSelector(".result-summary:has-text('2/2')");
    await pictures(editor, "web-coverage");
    await editor.setBreakpoint("blink/main.c", 9);
    await editor.openFile("blink.tocktest.yaml", 4);
    await editor.command("Test: Debug Test at Cursor");
    await editor.stopped();
    await editor.page.keyboard.press("F9");
    await editor.page.keyboard.press("F5");
    await editor.page.waitForSelector(".debug-toolbar", { state: "hidden" });
    await showTests(editor, "blink.tocktest.yaml");
    await editor.page.waitForSelector(`${testView} .codicon-testing-passed-icon`);
    await inspectBlink(editor);
    await pictures(editor, "web-tab");
  });

  it("says in one sentence what cannot be done here, what is missing and what does not start", async () => {
    const folder = folderWith(workbench, "wrong", "hello");
    const wrong = { type: "tock", request: "launch", name: "Wrong", apps: ["nothing.tab"] };
    mkdirSync(join(folder, ".vscode"));
    writeFileSync(
      join(folder, ".vscode", "launch.json"),
      JSON.stringify({ configurations: [wrong] }),
    );
    await open(folder, "dark");
    await editor.openFile("main.c");
    await editor.command("Tock: Debug Without Optimization");
    await told(editor, /^An app is built by make, which needs VS Code on a computer/);
    await editor.command("Tock: Listen to Board");
    await told(editor, /^A real board needs VS Code on a computer/);
    await editor.start();
    assert.match(await dialog("web-no-file"), /(?<![/\w])nothing\.tab: there is no such file/);
    const script = workbench.installed("dist/adapter.cjs");
    writeFileSync(script, "no script");
    await editor.page.keyboard.press("F5");
    assert.match(await dialog("web-no-worker"), /adapter\.cjs of Tock Debugger does not run:/);
    rmSync(script);
    await editor.page.keyboard.press("F5");
    assert.match(
      await dialog("web-no-worker"),
      /dist\/adapter\.cjs of Tock Debugger cannot be read: install the extension again\./,
    );
    assert.deepEqual(await editor.rows(debugConsole), []);
  });

  /** What VS Code says of a session that has not started. */
  async function dialog(picture: string): Promise<string> {
    const box = editor.page.locator(".monaco-dialog-box");
    await box.waitFor();
    const text = (await box.textContent()) ?? "";
    await editor.screenshot(picture);
    await editor.page.keyboard.press("Escape");
    await box.waitFor({ state: "detached" });
    return text;
  }
});
