// Scenarios in VS Code's Testing view.
import assert from "node:assert/strict";
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runWithCoverage, showTests, testView } from "./scenes.js";
import { rowMenu } from "./talk.js";
import { type Editor, Workbench } from "./workbench.js";

const failing = `name: Nobody says so
steps:
  - console: Never
    within: 300ms
---
name: The LED is told wrongly
steps:
  - at: 260ms
    led0: off
`;

/** Examples with scenarios, two of which fail. */
function workspace(root: string): string {
  for (const example of ["blink", "crash", "hello"])
    cpSync(join("examples", example), join(root, example), { recursive: true });
  writeFileSync(
    join(root, "blink", "wrong.tocktest.yaml"),
    failing.replaceAll("name:", "apps: blink.tab\nname:"),
  );
  writeFileSync(join(root, "hello", "mistake.tocktest.yaml"), "apps: hello.tab\nstep: []\n");
  return root;
}

describe("scenarios in VS Code", function () {
  this.timeout(240_000);
  let workbench: Workbench;
  let editor: Editor;
  let folder: string;

  before(async function () {
    workbench = await Workbench.shared(this);
    folder = workspace(workbench.scratch("scenarios"));
  });

  const open = async (theme: "dark" | "light") => {
    editor = await workbench.open(folder, theme);
    await showTests(editor, "blink.tocktest.yaml");
    return editor.page;
  };

  it("lists those of the workspace, and says what is wrong with a file", async () => {
    const page = await open("dark");
    for (const name of ["blink", "crash"]) await editor.expand(testView, name);
    const rows = await editor.rowsWith(testView, /The LEDs count in binary/);
    await editor.screenshot("testing-list");
    assert.ok(rows.some(row => /A store through a null pointer is explained/.test(row)));
    await editor.openFile("mistake.tocktest.yaml");
    await page.waitForSelector(".monaco-editor .squiggly-error");
  });

  it("runs them all: most pass, and what failed stands at its line with what was expected", async () => {
    const page = await open("dark");
    await editor.command("Test: Run All Tests");
    await page.waitForSelector(`${testView} .monaco-list-row .codicon-testing-failed-icon`);
    await page.waitForSelector(".result-summary:has-text('4/7')");
    await editor.openFile("wrong.tocktest.yaml");
    await page.locator(".part.panel .monaco-list-row:has-text('console: Never')").click();
    await page.waitForSelector(".part.panel .monaco-diff-editor, .part.panel .monaco-editor");
    await editor.screenshot("testing-run");
  });

  it("runs one with a profile, and opens what its functions cost", async () => {
    const page = await open("dark");
    await rowMenu(editor, testView, /blink\.tocktest\.yaml/, "Execute Using Profile");
    await editor.choose("Run with Profile");
    await page.waitForSelector('.tab.active:has-text(".cpuprofile")');
    await editor.screenshot("testing-profile");
  });

  it("shows which lines of an app were executed", async () => {
    await open("light");
    await runWithCoverage(editor, "blink/main.c");
    await editor.screenshot("testing-coverage");
  });

  it("debugs one: stops at a breakpoint in the app, and tells the result at the end", async () => {
    const page = await open("dark");
    await editor.setBreakpoint("blink/main.c", 9);
    await editor.openFile("blink.tocktest.yaml", 4);
    await page.waitForSelector(".monaco-editor .codicon-testing-run-icon");
    await editor.command("Test: Debug Test at Cursor");
    await editor.stopped();
    await editor.screenshot("testing-debug");
    await page.keyboard.press("F9");
    await page.keyboard.press("F5");
    await page.waitForSelector(".debug-top-stack-frame-line", { state: "detached" });
    await editor.openFile("blink.tocktest.yaml", 4);
    await page.waitForSelector(".monaco-editor .codicon-testing-passed-icon");
    await editor.screenshot("testing-debugged");
  });
});
