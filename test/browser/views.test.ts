import {
  callStack,
  folderOfTwo,
  pictures,
  readGrants,
  readKernel,
  readProcesses,
  stopInGrants,
  toggle,
  unfold,
  variables,
  viewOf,
} from "./scenes.js";
import { type Editor, Workbench } from "./workbench.js";

const processes = viewOf("Processes");
const grants = viewOf("Grants");
const kernel = viewOf("Kernel");

describe("the tree views in VS Code", function () {
  this.timeout(240_000);
  let workbench: Workbench;
  let editor: Editor;

  before(async function () {
    workbench = await Workbench.shared(this);
  });

  /** Two apps, stopped where the first second is handled, with room for the views. */
  async function stopped(theme: "dark" | "light"): Promise<void> {
    editor = await workbench.open(folderOfTwo(workbench, `views-${theme}`), theme);
    await stopInGrants(editor);
    for (const name of ["Watch", "Breakpoints"]) await toggle(editor, name);
  }

  /** Runs on to the stop in the next second, which takes the focus. */
  async function resume(): Promise<void> {
    await editor.page.keyboard.press("F5");
    await editor.page.waitForSelector(".debug-top-stack-frame-line", { state: "detached" });
    await editor.stopped();
    await editor.page.waitForTimeout(500);
  }

  /** Does a command of the palette to the process that it asks for, and lets the board run to the next second. */
  async function command(title: string, process: string): Promise<void> {
    await editor.command(title);
    await editor.choose(process);
    await resume();
  }

  /** Clicks an action of a row, which shows itself under the pointer. */
  async function act(view: string, row: string, title: string): Promise<void> {
    const found = editor.page.locator(`${view} .monaco-list-row:has-text("${row}")`).first();
    await found.hover();
    await found.locator(`.action-label[aria-label*="${title}"]`).click();
  }

  it("Processes shows every process with its gauges, and stops and starts one", async () => {
    await stopped("dark");
    await toggle(editor, "Variables");
    await toggle(editor, "Call Stack");
    await toggle(editor, "Processes");
    await readProcesses(editor);
    await pictures(editor, "views-processes");
    await act(processes, "blink", "Stop Process");
    await resume();
    await editor.rowsWith(processes, /^blink\s*stopped/);
    await command("Tock: Start Process", "blink");
    await editor.rowsWith(processes, /^blink\s*waits for an upcall/);
    await command("Tock: Terminate Process", "blink");
    await editor.rowsWith(processes, /^blink\s*terminated/);
  });

  it("Grants follows the Call Stack, and sets a data breakpoint on what the kernel writes", async () => {
    await stopped("light");
    await toggle(editor, "Variables");
    await toggle(editor, "Grants");
    await readGrants(editor);
    await act(grants, "set", "Break on Write");
    await editor.page.waitForSelector(
      `${grants} .custom-view-tree-node-item-icon.codicon-debug-breakpoint-data`,
    );
    await pictures(editor, "views-grants");
    await editor.page.keyboard.press("F5");
    await editor.rowsWith(callStack, /Paused on data breakpoint/i);
    await editor.rowsWith(grants, /^set\s*= 0/);
    // VS Code selects the frame of a stop, which a click before that would not outlast.
    await editor.page.waitForSelector(`${callStack} .monaco-list-row.selected:has-text("79:5")`);
    await editor.page.locator(`${callStack} .monaco-list-row:has-text("blink")`).first().click();
    await editor.page.waitForSelector(`${grants} .pane-header .description:text-is("blink")`);
  });

  it("Kernel shows the scheduler, alarms, flash and drivers", async () => {
    await stopped("dark");
    await toggle(editor, "Variables");
    await toggle(editor, "Call Stack");
    await toggle(editor, "Kernel");
    await readKernel(editor);
    await pictures(editor, "views-kernel");
    await unfold(editor, kernel, /^\s*Drivers\d/);
    await editor.rowsWith(kernel, /^Console \(0x1\)/);
    await editor.page.keyboard.press("Shift+F5");
    await editor.page
      .locator(`${kernel} .welcome-view-content`, { hasText: "No board is running" })
      .waitFor();
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
    await pictures(editor, "views-hexadecimal");
    await editor.command("Tock: Show Integers in Decimal");
    await editor.rowsWith(variables, /^a = 1$/);
  });
});
