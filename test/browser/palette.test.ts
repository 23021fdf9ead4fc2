// Commands by their titles in the palette: without a session each says what it misses, in a session each does its work.
import assert from "node:assert/strict";
import { copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { toggle, unfold, viewOf } from "./scenes.js";
import { rowMenu, told } from "./talk.js";
import { type Editor, Workbench } from "./workbench.js";

const processes = viewOf("Processes");
const grants = viewOf("Grants");
const live = viewOf("Live Watch");

const noBoard = /^No Tock board is running\. Start one with F5, or run an example\.$/;
const noExpression = /^Live Watch has no expression: add one with "Tock: Add to Live Watch"\.$/;

/** Commands that cannot do anything without a session or an app, and their sentences. */
const refusals: readonly (readonly [title: string, sentence: RegExp])[] = [
  ["Tock: Send Input to the Board…", noBoard],
  ["Tock: Restart Process", noBoard],
  ["Tock: Stop Process", noBoard],
  ["Tock: Start Process", noBoard],
  ["Tock: Boot Process", noBoard],
  ["Tock: Terminate Process", noBoard],
  ["Tock: Fault Process", noBoard],
  ["Tock: Install App…", noBoard],
  ["Tock: Update App", noBoard],
  ["Tock: Uninstall App", noBoard],
  ["Tock: Enable App", noBoard],
  ["Tock: Disable App", noBoard],
  ["Tock: Make App Sticky", noBoard],
  ["Tock: Make App Unsticky", noBoard],
  ["Tock: Erase Apps", noBoard],
  ["Tock: List Apps", noBoard],
  ["Tock: Info", noBoard],
  ["Tock: Restart Board", noBoard],
  ["Tock: Open Console", noBoard],
  ["Tock: Set Live Value…", noBoard],
  ["Tock: Edit Live Expression…", noExpression],
  ["Tock: Remove Live Expression", noExpression],
  ["Tock: Clear Live Watch", noExpression],
  ["Tock: Copy Crash Report", /^No crash is shown\. Open one with/],
  ["Tock: Open Selection as Crash Dump", /^Nothing is selected in the terminal\./],
  ["Tock: Export Syscall Trace…", /^There is no trace to export: no Tock app is being debugged\.$/],
  ["Tock: Debug Without Optimization", /^No app to build: open a source file of an app/],
  ["Tock: Show Integers in Hexadecimal", /^Integers are hexadecimal from the next session on\.$/],
  ["Tock: Show Integers in Decimal", /^Integers are decimal from the next session on\.$/],
];

/** Commands that ask first, and a word of what they offer. */
const questions: readonly (readonly [title: string, offer: RegExp])[] = [
  ["Tock: Open Crash Dump…", /The clipboard/],
  ["Tock: Select Board", /nrf52840dk/],
  ["Tock: Run Example", /blink/],
];

describe("every command of the palette in VS Code", function () {
  this.timeout(240_000);
  let workbench: Workbench;
  let editor: Editor;

  before(async function () {
    workbench = await Workbench.shared(this);
  });

  it("says in one sentence what it misses where nothing is debugged, or asks", async () => {
    const folder = workbench.scratch("nothing");
    writeFileSync(join(folder, "notes.txt"), "Nothing here.\n");
    editor = await workbench.open(folder, "dark");
    for (const [title, sentence] of refusals) {
      await editor.command(title);
      await told(editor, sentence);
    }
    for (const [title, offer] of questions) {
      await editor.command(title);
      await editor.choices(offer);
      await editor.page.keyboard.press("Escape");
    }
    for (const title of ["Tock: Inspect TAB", "Tock: New App…"]) {
      await editor.command(title);
      await editor.page.waitForSelector(".quick-input-widget .quick-input-title");
      await editor.page.keyboard.press("Escape");
    }
    await editor.command("Tock: Add to Live Watch");
    await editor.page.keyboard.type("seconds");
    await editor.page.keyboard.press("Enter");
    await told(editor, /^seconds is in Live Watch, which is shown while a Tock app is debugged\.$/);
    await editor.command("Tock: Show Syscalls");
    const panel = await editor.webview();
    await panel.waitForSelector("text=System calls are shown while a Tock app is being debugged.");
  });

  /** Two apps that run, with the view of processes open. */
  async function running(name: string, theme: "dark" | "light"): Promise<string> {
    const folder = workbench.scratch(name);
    for (const app of ["grants", "blink"])
      for (const kind of ["tab", "elf"])
        copyFileSync(`examples/${app}/${app}.${kind}`, join(folder, `${app}.${kind}`));
    copyFileSync("examples/grants/main.c", join(folder, "main.c"));
    editor = await workbench.open(folder, theme);
    await editor.openFile("main.c");
    await editor.start();
    await editor.choose("All of them");
    await editor.rowsWith(".debug-call-stack", /^blink/);
    await editor.screenshot(`views-at-first-${name}`);
    for (const view of ["Variables", "Watch", "Breakpoints"]) await toggle(editor, view);
    return folder;
  }

  /** Selects a process in the Call Stack. */
  const select = (name: string): Promise<void> =>
    editor.page.locator(`.debug-call-stack .monaco-list-row:has-text("${name}")`).first().click();

  it("acts on processes, and on the crash of one", async () => {
    await running("acts", "dark");
    await toggle(editor, "Processes");
    await editor.rowsWith(processes, /^blink/);
    const act = async (title: string, shown: RegExp) => {
      await editor.command(title);
      await editor.choose("blink");
      await editor.rowsWith(processes, shown);
    };
    await act("Tock: Stop Process", /^blink\s*stopped/);
    await act("Tock: Start Process", /^blink\s*(waits|ready)/);
    await act("Tock: Terminate Process", /^blink\s*terminated/);
    await act("Tock: Boot Process", /^blink\s*(waits|ready)/);
    await unfold(editor, processes, /^\s*blink/);
    await act("Tock: Restart Process", /^PID\s*3$/);
    await editor.command("Tock: Send Input to the Board…");
    await editor.choose("Press button 1");
    await editor.rowsWith(".repl", /Button 0 pressed|Button 1|Button/);
    await act("Tock: Fault Process", /^blink\s*fault/);
    await editor.stopped();
    await editor.command("Tock: Copy Crash Report");
    for (let tries = 50; tries > 0 && !/blink/.test(await editor.clipboard()); tries--)
      await editor.page.waitForTimeout(100);
    assert.match(await editor.clipboard(), /blink/);
  });

  it("breaks on grants, shows numbers as one likes, and exports what apps ask for", async () => {
    const folder = await running("looks", "light");
    await select("grants");
    await toggle(editor, "Call Stack");
    await toggle(editor, "Grants");
    await editor.rowsWith(grants, /^Console/);
    await unfold(editor, grants, /^\s*Console/);
    const allowed = /^Allowed read-write/;
    await editor.rowsWith(grants, allowed);
    const dot = `${grants} .custom-view-tree-node-item-icon.codicon-debug-breakpoint-data`;
    // The rows are drawn anew under the menu while the board runs, and a click may miss it.
    const act = async (title: string, state: "attached" | "detached") => {
      for (let tries = 3; ; tries--) {
        await rowMenu(editor, grants, allowed, title);
        const done = editor.page.waitForSelector(dot, { state, timeout: 8000 }).then(
          () => true,
          () => false,
        );
        if (await done) return;
        assert.ok(tries > 0, title);
      }
    };
    for (const title of ["Break on Read", "Break on Access", "Break on Write"]) {
      await act(title, "attached");
      await act("Remove Data Breakpoint", "detached");
    }
    await editor.command("Tock: Show Integers in Hexadecimal");
    await editor.command("Tock: Show Integers in Decimal");
    await editor.command("Tock: Show Syscalls");
    const panel = await editor.webview();
    await panel.locator(".row").first().waitFor();
    await editor.command("Tock: Export Syscall Trace…");
    await editor.page.locator(".quick-input-widget input").first().waitFor();
    await editor.page.keyboard.press("Enter");
    await told(editor, /rows are in syscalls\.trace\.json/);
    assert.ok(existsSync(join(folder, "syscalls.trace.json")));
  });

  /** Selects the name that a declaration ends with, and adds it from the editor's menu. */
  async function addFromEditor(declaration: string): Promise<void> {
    const { page } = editor;
    const lines = readFileSync("examples/grants/main.c", "utf8").split("\n");
    await editor.openFile("main.c", lines.indexOf(declaration) + 1);
    for (const key of ["End", "ArrowLeft", "Control+Shift+ArrowLeft", "Shift+F10"])
      await page.keyboard.press(key);
    const item = page.locator(".monaco-menu .action-menu-item", { hasText: "Add to Live Watch" });
    await item.hover();
    await page.waitForTimeout(300);
    await item.click();
  }

  it("keeps expressions in Live Watch, whose values change while the board runs", async () => {
    await running("live", "dark");
    await select("grants");
    await addFromEditor("static uint32_t seconds;");
    await editor.rowsWith(live, /^seconds = \d/);
    for (const text of ["queue", "event"]) {
      await editor.command("Tock: Add to Live Watch");
      const input = editor.page.locator(".quick-input-widget input").first();
      await input.fill(text);
      await editor.page.keyboard.press("Enter");
      await editor.rowsWith(live, new RegExp(`^${text}`));
    }
    const values = new Set<string>();
    for (let tries = 100; tries > 0 && values.size < 3; tries--) {
      const rows = await editor.rowsWith(live, /^seconds = \d/);
      values.add(rows.find(row => row.startsWith("seconds")) ?? "");
      await editor.page.waitForTimeout(100);
    }
    assert.ok(values.size >= 3, `${[...values]}`);
    await editor.rowsWith(live, /^event.*event is no global or static variable; locals are shown/);
    await editor.expand(live, "queue");
    await editor.rowsWith(live, /^written = \d/);
    await editor.page.waitForSelector(`${live} .monaco-highlighted-label .highlight`);
    await editor.screenshot("live-watch");
    await editor.command("Tock: Set Live Value…");
    await editor.choose("seconds");
    await editor.page.locator(".quick-input-widget input").first().fill("5000");
    await editor.page.keyboard.press("Enter");
    await editor.rowsWith(live, /^seconds = 50\d\d/);
    await editor.command("Tock: Edit Live Expression…");
    await editor.choose("event is no global");
    await editor.page.locator(".quick-input-widget input").first().fill("typed[0]");
    await editor.page.keyboard.press("Enter");
    await editor.rowsWith(live, /^typed\[0\] = /);
    const typed = (state = "") =>
      editor.page.locator(`${live} .monaco-list-row${state}`).filter({ hasText: /^typed/ });
    // A row at the edge may scroll away under the click.
    for (let tries = 10; tries > 0 && (await typed(".selected").count()) === 0; tries--) {
      await typed().click();
      await editor.page.waitForTimeout(500);
    }
    await editor.page.keyboard.press("Delete");
    await editor.page.waitForSelector(`${live} .monaco-list-row:has-text("typed")`, {
      state: "detached",
    });
    await editor.command("Tock: Remove Live Expression");
    await editor.choose("seconds");
    await editor.page.waitForSelector(`${live} .monaco-list-row:has-text("seconds")`, {
      state: "detached",
    });
    await editor.command("Tock: Clear Live Watch");
    await editor.page.waitForSelector(`${live} .monaco-list-row`, { state: "detached" });
  });
});
