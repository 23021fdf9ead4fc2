// The views Board and Memory map in VS Code, beside a running board: a press in the view lights an LED of the board.
import assert from "node:assert/strict";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import type { Frame } from "playwright-core";
import { type Editor, requireBrowser, type Theme, Workbench } from "./workbench.js";

const debugConsole = ".repl";

describe("the views of the board in VS Code", function () {
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

  /** Debugs examples/lights, with room for the views. */
  async function start(theme: Theme): Promise<void> {
    const folder = workbench.scratch(`lights-${theme}`);
    for (const file of ["main.c", "lights.tab", "lights.elf"])
      copyFileSync(join("examples/lights", file), join(folder, file));
    editor = await workbench.open(folder, theme);
    await editor.page.setViewportSize({ width: 1280, height: 1500 });
    await editor.openFile("main.c");
    await editor.start();
    await editor.rowsWith(debugConsole, /^Press a button/);
  }

  /** The page of a view that shows something, as soon as it does. */
  async function viewWith(selector: string): Promise<Frame> {
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

  /** Opens a view of the debug container, and closes those that take its room. */
  async function open(title: string): Promise<void> {
    const others = ["Variables", "Watch", "Call Stack", "Breakpoints", "Processes", "Board"];
    for (const other of others) {
      if (other === title) continue;
      const open = editor.page.locator(`.pane-header.expanded[aria-label^="${other}"]`);
      if ((await open.count()) > 0) await open.first().click();
    }
    const header = editor.page.locator(`.pane-header[aria-label^="${title}"]`).first();
    if ((await header.getAttribute("aria-expanded")) === "false") await header.click();
  }

  for (const theme of ["dark", "light", "high-contrast"] as const) {
    it(`a press of a button lights its LED while it is held, ${theme}`, async () => {
      await start(theme);
      await open("Board");
      const board = await viewWith(".parts.led");
      const button = board.getByRole("button", { name: "button1" });
      await button.hover();
      await editor.page.mouse.down();
      await board.getByRole("img", { name: "led1 is on" }).waitFor();
      await editor.screenshot("board-view");
      await editor.page.mouse.up();
      await board.getByRole("img", { name: "led1 is off" }).waitFor();
      await button.focus();
      await editor.page.keyboard.down("Space");
      await board.getByRole("img", { name: "led1 is on" }).waitFor();
      await editor.page.keyboard.up("Space");
      await board.getByRole("img", { name: "led1 is off" }).waitFor();
      assert.equal(await board.getByRole("img", { name: "led0 is off" }).count(), 1);
    });

    it(`the memory map shows the process and its regions, ${theme}`, async () => {
      await start(theme);
      await open("Memory Map");
      const map = await viewWith(".area");
      await map.getByRole("img", { name: /^RAM, 256 KiB: kernel .*lights/ }).waitFor();
      await map.locator(".strip.may-execute", { hasText: "App" }).waitFor();
      await editor.screenshot("memory-map-view");
    });
  }

  it("a view that is closed and opened again shows what has happened meanwhile", async () => {
    await start("dark");
    await open("Board");
    let board = await viewWith(".parts.led");
    await board.getByRole("button", { name: "button0" }).click({ modifiers: ["Shift"] });
    await board.getByRole("img", { name: "led0 is on" }).waitFor();
    const header = editor.page.locator('.pane-header[aria-label^="Board"]').first();
    await header.click();
    await header.click();
    board = await viewWith(".parts.led");
    await board.getByRole("img", { name: "led0 is on" }).waitFor();
    await board.getByRole("button", { name: "button0", pressed: true }).waitFor();
  });
});
