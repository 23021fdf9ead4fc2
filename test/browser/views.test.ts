import assert from "node:assert/strict";
import { copyFileSync, readFileSync } from "node:fs";
import { type Editor, requireBrowser, Workbench } from "./workbench.js";

const callStack = ".debug-call-stack";
const variables = ".debug-variables";
const viewOf = (name: string) => `.pane:has(.pane-header h3.title:text-is("${name}"))`;
const processes = viewOf("Processes");
const grants = viewOf("Grants");
const kernel = viewOf("Kernel");

function lineOf(path: string, text: string): number {
  return (
    readFileSync(path, "utf8")
      .split("\n")
      .findIndex(line => line.includes(text)) + 1
  );
}

describe("the tree views in VS Code", function () {
  this.timeout(240_000);
  let workbench: Workbench;
  let editor: Editor;

  before(async function () {
    requireBrowser(this);
    workbench = await Workbench.start();
  });
  after(async () => workbench?.stop());
  afterEach(async function () {
    if (this.currentTest?.state === "failed") await editor?.screenshot("views-failed");
    await editor?.close();
  });

  /** Two apps, stopped where the first second is handled, with room for the views. */
  async function stopped(theme: "dark" | "light"): Promise<void> {
    const folder = workbench.scratch(`views-${theme}`);
    for (const name of ["grants", "blink"])
      for (const kind of ["tab", "elf"])
        copyFileSync(`examples/${name}/${name}.${kind}`, `${folder}/${name}.${kind}`);
    copyFileSync("examples/grants/main.c", `${folder}/main.c`);
    editor = await workbench.open(folder, theme);
    await editor.setBreakpoint("main.c", lineOf("examples/grants/main.c", "if (!handle(event))"));
    await editor.start();
    await editor.rowsWith(".quick-input-list", /^All of them/);
    await editor.page.locator(".quick-input-list .monaco-list-row").nth(2).click();
    await editor.stopped();
    for (const name of ["Watch", "Breakpoints"]) await toggle(name);
  }

  const toggle = (name: string): Promise<void> =>
    editor.page
      .locator(`${viewOf(name)} .pane-header`)
      .first()
      .click();

  /** Opens a row by the beginning of its text. */
  const unfold = (view: string, beginning: RegExp): Promise<void> =>
    editor.page
      .locator(`${view} .monaco-list-row`)
      .filter({ hasText: beginning })
      .first()
      .locator(".monaco-tl-twistie")
      .click();

  /** Clicks an action of a row, which shows itself under the pointer. */
  async function act(view: string, row: string, title: string): Promise<void> {
    const found = editor.page.locator(`${view} .monaco-list-row:has-text("${row}")`).first();
    await found.hover();
    await found.locator(`.action-label[aria-label*="${title}"]`).click();
  }

  it("Processes shows every process with its gauges, and stops and starts one", async () => {
    await stopped("dark");
    await toggle("Variables");
    await toggle("Call Stack");
    await toggle("Processes");
    await editor.rowsWith(processes, /^grants\s*ready to run/);
    await unfold(processes, /^\s*grants/);
    const rows = await editor.rowsWith(processes, /^Stack\s*█/);
    assert.ok(
      rows.some(row => /^Grants\s*█+▒*░+ [\d,]+, most [\d,]+ of [\d,]+ bytes/.test(row)),
      `${rows}`,
    );
    await editor.screenshot("views-processes");
    await act(processes, "blink", "Stop Process");
    await editor.command("Debug: Continue");
    await editor.rowsWith(processes, /^blink\s*stopped/);
    await act(processes, "blink", "Start Process");
    await editor.command("Debug: Continue");
    await editor.rowsWith(processes, /^blink\s*waits for an upcall/);
  });

  it("Grants follows the Call Stack, and sets a data breakpoint on what the kernel writes", async () => {
    await stopped("light");
    await toggle("Variables");
    await toggle("Grants");
    await editor.rowsWith(grants, /^Alarm \(0x0\)\s*0x2000/);
    await unfold(grants, /^\s*Alarm/);
    await editor.rowsWith(grants, /^set\s*= 1/);
    await act(grants, "set", "Break on Write");
    await editor.page.waitForSelector(
      `${grants} .custom-view-tree-node-item-icon.codicon-debug-breakpoint-data`,
    );
    await editor.screenshot("views-grants");
    await editor.page.keyboard.press("F5");
    await editor.rowsWith(callStack, /Paused on data breakpoint/i);
    await editor.rowsWith(grants, /^set\s*= 0/);
    await editor.page.locator(`${callStack} .monaco-list-row:has-text("blink")`).first().click();
    await editor.page.waitForSelector(`${grants} .pane-header .description:text-is("blink")`);
  });

  it("Kernel shows the scheduler, alarms, flash and drivers", async () => {
    await stopped("dark");
    await toggle("Variables");
    await toggle("Call Stack");
    await toggle("Kernel");
    const rows = await editor.rowsWith(kernel, /^Scheduler\s*round-robin, grants runs/);
    assert.ok(
      rows.some(row => /^blink\s*in [\d.]+ ms$/.test(row)),
      `${rows}`,
    );
    assert.ok(
      rows.some(row => /^grants\s*0x00041000, 4,096 bytes/.test(row)),
      `${rows}`,
    );
    await editor.screenshot("views-kernel");
    await unfold(kernel, /^\s*Drivers\d/);
    await editor.rowsWith(kernel, /^Console \(0x1\)/);
  });

  it("numbers are shown in hexadecimal at the press of a button, also beside the source", async () => {
    await stopped("light");
    const beside = editor.page.locator(".monaco-editor .view-line", {
      hasText: /queue\.written\s=\s1/,
    });
    await beside.first().waitFor();
    await editor.expand(variables, "event");
    await editor.rowsWith(variables, /^a = 1$/);
    await editor.page
      .locator(`${viewOf("Variables")} .pane-header`)
      .first()
      .hover();
    await editor.page
      .locator(`${viewOf("Variables")} .action-label[aria-label*="Integers in Hexadecimal"]`)
      .click();
    await editor.rowsWith(variables, /^a = 0x1$/);
    await editor.screenshot("views-hexadecimal");
    await editor.command("Tock: Show Integers in Decimal");
    await editor.rowsWith(variables, /^a = 1$/);
  });
});
