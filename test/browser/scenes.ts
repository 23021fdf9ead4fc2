// What a user does in a window of VS Code, for tests of both extension hosts: folders with examples, and ways through them.
import assert from "node:assert/strict";
import { copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Frame } from "playwright-core";
import { type Editor, themes, type Workbench } from "./workbench.js";

export const callStack = ".debug-call-stack";
export const variables = ".debug-variables";
export const debugConsole = ".repl";

/** Number of the only line of a file that has this text. */
export function lineOf(path: string, text: string): number {
  const lines = readFileSync(path, "utf8").split("\n");
  const found = lines.flatMap((line, index) => (line.includes(text) ? [index + 1] : []));
  assert.equal(found.length, 1, `"${text}" stands ${found.length} times in ${path}`);
  return found[0] as number;
}

/** A fresh folder with files of an example, by default its source, TAB and ELF. */
export function folderWith(
  workbench: Workbench,
  name: string,
  example: string,
  files: readonly string[] = ["main.c", `${example}.tab`, `${example}.elf`],
): string {
  const folder = workbench.scratch(name);
  for (const file of files) copyFileSync(join("examples", example, file), join(folder, file));
  return folder;
}

/** A picture in each theme. */
export async function pictures(editor: Editor, name: string): Promise<void> {
  for (const theme of themes) {
    await editor.wear(theme);
    await editor.screenshot(name, theme);
  }
  await editor.wear(editor.theme);
}

// Views of the debug container

export const viewOf = (name: string): string =>
  `.pane:has(.pane-header h3.title:text-is("${name}"))`;

export const toggle = (editor: Editor, name: string): Promise<void> =>
  editor.page
    .locator(`${viewOf(name)} .pane-header`)
    .first()
    .click();

/** Opens a row by the beginning of its text. */
export const unfold = (editor: Editor, view: string, beginning: RegExp): Promise<void> =>
  editor.page
    .locator(`${view} .monaco-list-row`)
    .filter({ hasText: beginning })
    .first()
    .locator(".monaco-tl-twistie")
    .click();

/** Opens a view of the debug container, and closes those that take its room. */
export async function showOnly(editor: Editor, title: string): Promise<void> {
  const open = editor.page.locator(".composite.viewlet .pane-header.expanded h3.title");
  for (const other of await open.allTextContents())
    if (other !== title) await toggle(editor, other);
  const header = editor.page.locator(`${viewOf(title)} .pane-header`).first();
  if ((await header.getAttribute("aria-expanded")) === "false") await header.click();
}

/** The page of a view that shows something, as soon as it does. */
export async function viewWith(editor: Editor, selector: string): Promise<Frame> {
  const end = Date.now() + 60_000;
  for (;;) {
    for (const frame of editor.page.frames()) {
      const count = await frame
        .locator(selector)
        .count()
        .catch(() => 0);
      if (count > 0) return frame;
    }
    if (Date.now() > end) throw new Error(`no view shows ${selector}`);
    await editor.page.waitForTimeout(300);
  }
}

// Ways

/** F5 on examples/locals without launch.json, to a breakpoint with stack and variables. */
export async function stopInLocals(editor: Editor): Promise<void> {
  await editor.setBreakpoint("main.c", lineOf("examples/locals/main.c", '  printf("%s %lu'));
  await editor.start();
  await editor.stopped();
  const frames = await editor.rowsWith(callStack, /^main\b/);
  assert.match(frames[0] ?? "", /^report main\.c 94:/);
  await editor.rowsWith(variables, /^sign = /);
  await editor.expand(variables, "reading");
  await editor.rowsWith(variables, /^number = 1$/);
}

/** Two apps, stopped where examples/grants handles the first second, with room for the views. */
export async function stopInGrants(editor: Editor): Promise<void> {
  await editor.setBreakpoint("main.c", stopOfGrants());
  await editor.start();
  await editor.choices(/^All of them/);
  await editor.page.locator(".quick-input-list .monaco-list-row").nth(2).click();
  await editor.stopped();
}

export function folderOfTwo(workbench: Workbench, name: string): string {
  const folder = folderWith(workbench, name, "grants");
  for (const file of ["blink.tab", "blink.elf"])
    copyFileSync(join("examples/blink", file), join(folder, file));
  return folder;
}

const stopOfGrants = (): number => lineOf("examples/grants/main.c", "if (!handle(event))");

/** Behind `stopInGrants`: watches a static live, lets the board run on, and sees the value change. */
export async function watchLive(editor: Editor): Promise<void> {
  const view = viewOf("Live Watch");
  await editor.command("Tock: Add to Live Watch");
  await editor.page.keyboard.type("seconds");
  await editor.page.keyboard.press("Enter");
  await editor.rowsWith(view, /^seconds = \d/);
  await editor.openFile("main.c", stopOfGrants());
  for (const key of ["F9", "F5"]) await editor.page.keyboard.press(key);
  const values = new Set<string>();
  for (let tries = 200; tries > 0 && values.size < 3; tries--) {
    for (const row of await editor.rows(view)) if (/^seconds = \d/.test(row)) values.add(row);
    await editor.page.waitForTimeout(100);
  }
  assert.ok(values.size >= 3, `${[...values]}`);
}

export async function readProcesses(editor: Editor): Promise<void> {
  const view = viewOf("Processes");
  await editor.rowsWith(view, /^grants\s*ready to run/);
  await unfold(editor, view, /^\s*grants/);
  const rows = await editor.rowsWith(view, /^Stack\s*█/);
  assert.ok(
    rows.some(row => /^Grants\s*█+▒*░+ [\d,]+, most [\d,]+ of [\d,]+$/.test(row)),
    `${rows}`,
  );
}

export async function readGrants(editor: Editor): Promise<void> {
  const view = viewOf("Grants");
  await editor.rowsWith(view, /^Alarm \(0x0\)\s*0x2000/);
  await unfold(editor, view, /^\s*Alarm/);
  await editor.rowsWith(view, /^set\s*= 1/);
}

export async function readKernel(editor: Editor): Promise<void> {
  const rows = await editor.rowsWith(viewOf("Kernel"), /^Scheduler\s*round-robin, grants runs/);
  assert.ok(
    rows.some(row => /^blink\s*in [\d.]+ ms$/.test(row)),
    `${rows}`,
  );
  assert.ok(
    rows.some(row => /^grants\s*0x00041000, 4,096 bytes/.test(row)),
    `${rows}`,
  );
}

/** Debugs examples/lights until it waits for its buttons. */
export async function startLights(editor: Editor): Promise<void> {
  await editor.openFile("main.c");
  await editor.start();
  await editor.rowsWith(debugConsole, /^Press a button/);
}

/** A button held in the Board view lights its LED, by the mouse and by a key. */
export async function pressLightsLed(editor: Editor, picture: string): Promise<void> {
  const board = await viewWith(editor, ".parts.led");
  const button = board.getByRole("button", { name: "button1" });
  await button.hover();
  await editor.page.mouse.down();
  await board.getByRole("img", { name: "led1 is on" }).waitFor();
  await pictures(editor, picture);
  await editor.page.mouse.up();
  await board.getByRole("img", { name: "led1 is off" }).waitFor();
  await button.focus();
  await editor.page.keyboard.down("Space");
  await board.getByRole("img", { name: "led1 is on" }).waitFor();
  await editor.page.keyboard.up("Space");
  await board.getByRole("img", { name: "led1 is off" }).waitFor();
  assert.equal(await board.getByRole("img", { name: "led0 is off" }).count(), 1);
}

/** Memory map: the process and its regions. */
export async function readMemoryMap(editor: Editor, app: string): Promise<void> {
  const map = await viewWith(editor, ".area");
  await map.getByRole("img", { name: new RegExp(`^RAM, 256 KiB: kernel .*${app}`) }).waitFor();
  await map.locator(".strip.may-execute", { hasText: "App" }).waitFor();
}

export const folderOfCrash = (workbench: Workbench, name: string): string =>
  folderWith(workbench, name, "crash", ["main.c", "crashes.c", "crash.tab", "crash.elf"]);

/** Debugs examples/crash until its fault by this letter. */
export async function faultBy(editor: Editor, letter: string): Promise<void> {
  await editor.openFile("main.c");
  await editor.start();
  await editor.rowsWith(debugConsole, /^q: quit/);
  await editor.command("Tock: Send Input to the Board");
  await editor.choose("Type into the console");
  await editor.page.keyboard.type(letter);
  await editor.page.keyboard.press("Enter");
  await editor.stopped();
}

/** The crash panel beside the source, which keeps the focus. */
export async function readNullCrash(editor: Editor): Promise<Frame> {
  const panel = await editor.webview();
  await panel.waitForSelector("h1");
  const verdict = await panel.locator("h1").textContent();
  assert.match(verdict ?? "", /crash .* 0x00000000.*null pointer/);
  assert.match(await editor.activeTab(), /^crashes\.c|^main\.c/);
  return panel;
}

/** Goes from the outermost frame of a shown crash to its source. */
export async function openOutermost(editor: Editor, panel: Frame): Promise<void> {
  const outermost = panel.locator(".stack button", { hasText: /^main\.c:/ }).last();
  const line = /:(\d+)/.exec((await outermost.textContent()) ?? "")?.[1];
  await outermost.click();
  await editor.page.waitForSelector(`.statusbar-item:has-text("Ln ${line},")`);
  assert.equal(await editor.activeTab(), "main.c");
}

export const testView = ".test-explorer";

/** Opens the Testing view, which lists a file of scenarios. */
export async function showTests(editor: Editor, file: string): Promise<void> {
  await editor.command("Testing: Focus on Test Explorer View");
  await editor.rowsWith(testView, new RegExp(`^${file}`));
}

/** Runs all scenarios, and shows which lines of a source were executed. */
export async function runWithCoverage(editor: Editor, source: string): Promise<void> {
  await editor.command("Test: Run All Tests with Coverage");
  await editor.page.waitForSelector(".test-coverage-list-item:has-text('main.c')");
  await editor.openFile(source);
  await editor.page.waitForSelector(".monaco-editor .coverage-deco-gutter.coverage-deco-hit");
}

/** The report of examples/blink in the editor for TABs. */
export async function inspectBlink(editor: Editor): Promise<Frame> {
  await editor.command("Tock: Inspect TAB");
  await editor.choose("blink");
  const page = await editor.webview();
  await page.waitForSelector("h2:has-text('cortex-m4')");
  const text = ((await page.textContent("body")) ?? "").replace(/\s+/g, " ");
  assert.match(text, /Program.*Package name.*Kernel version/);
  return page;
}

/** Types into the terminal that is the board's console. */
export async function typeIntoConsole(editor: Editor, line: string): Promise<void> {
  await editor.command("Tock: Open Console");
  const terminal = editor.page.locator(".terminal-wrapper.active .xterm");
  await terminal.waitFor();
  await terminal.click();
  await editor.page.keyboard.type(line);
  await editor.page.keyboard.press("Enter");
}
