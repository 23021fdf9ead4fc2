// The Syscalls panel's page by itself in Chromium, over a recording of 100,000 rows and the debugger's own answers.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import type { TimelineBody, TimelineFilter } from "../../adapter/protocol.js";
import { TimelineRows } from "../../adapter/timeline/rows.js";
import { manyRows } from "../adapter/timeline/many-rows.js";
import { requireTool } from "../tools.js";
import { chromiumArguments, screenshots } from "./workbench.js";

const FREQUENCY = 64_000_000;

const dark = `--vscode-editor-background: #1f1f1f; --vscode-foreground: #ccc; --vscode-descriptionForeground: #9d9d9d;
  --vscode-focusBorder: #0078d4; --vscode-button-secondaryBackground: #313131; --vscode-button-secondaryForeground: #ccc;
  --vscode-panel-border: #2b2b2b; --vscode-input-background: #313131; --vscode-input-foreground: #ccc;
  --vscode-dropdown-background: #313131; --vscode-dropdown-foreground: #ccc; --vscode-dropdown-border: #3c3c3c;
  --vscode-list-activeSelectionBackground: #04395e; --vscode-list-activeSelectionForeground: #fff;
  --vscode-list-inactiveSelectionBackground: #37373d; --vscode-list-hoverBackground: #2a2d2e;`;
const light = `--vscode-editor-background: #fff; --vscode-foreground: #3b3b3b; --vscode-descriptionForeground: #616161;
  --vscode-focusBorder: #005fb8; --vscode-button-secondaryBackground: #e5e5e5; --vscode-button-secondaryForeground: #3b3b3b;
  --vscode-panel-border: #e5e5e5; --vscode-input-background: #fff; --vscode-input-foreground: #3b3b3b;
  --vscode-input-border: #cecece; --vscode-dropdown-background: #fff; --vscode-dropdown-foreground: #3b3b3b;
  --vscode-list-activeSelectionBackground: #e8e8e8; --vscode-list-activeSelectionForeground: #000;
  --vscode-list-inactiveSelectionBackground: #e4e6f1; --vscode-list-hoverBackground: #f2f2f2;`;
const highContrast = `--vscode-editor-background: #000; --vscode-foreground: #fff; --vscode-descriptionForeground: #fff;
  --vscode-focusBorder: #f38518; --vscode-contrastBorder: #6fc3df; --vscode-contrastActiveBorder: #f38518;
  --vscode-input-foreground: #fff; --vscode-dropdown-foreground: #fff; --vscode-dropdown-background: #000;
  --vscode-button-secondaryForeground: #fff;`;
const common = `--vscode-editor-font-family: monospace; --vscode-editorError-foreground: #f14c4c;
  --vscode-charts-blue: #3794ff; --vscode-charts-green: #388a34; --vscode-charts-orange: #d18616;`;
const themes = { dark, light, "high-contrast": highContrast } as const;
type Theme = keyof typeof themes;

/** As extension/panels/webview.ts makes it, with a stand-in for VS Code. */
const html = `<!DOCTYPE html><html lang="en"><head>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src http://panel.test; script-src 'nonce-x'">
<link rel="stylesheet" href="http://panel.test/theme.css"><link rel="stylesheet" href="http://panel.test/panel.css">
</head><body><main id="main"></main><div id="status" role="status"></div>
<script nonce="x">
  window.sent = []; window.kept = undefined;
  window.acquireVsCodeApi = () => ({
    postMessage: message => { window.sent.push(message); window.toHost(message); },
    getState: () => window.kept,
    setState: state => { window.kept = state; },
  });
</script>
<script nonce="x" src="http://panel.test/timeline-panel.js"></script></body></html>`;

interface Sent {
  type: string;
  request: number;
  start: number;
  count: number;
  filter: TimelineFilter;
  number: number;
}

describe("the Syscalls panel's page", function () {
  this.timeout(60_000);
  let browser: Browser;
  let page: Page;
  let rows: TimelineRows;
  const problems: string[] = [];

  before(async function () {
    requireTool(this, "/usr/bin/chromium", "chromium");
    browser = await chromium.launch({
      executablePath: "/usr/bin/chromium",
      args: chromiumArguments,
    });
    rows = new TimelineRows(manyRows(120_000), FREQUENCY);
  });
  after(async () => browser?.close());
  afterEach(async () => {
    await page.close();
    assert.deepEqual(problems.splice(0), []);
  });

  /** What the debugger answers to a page's wish. */
  function answer({ start: wanted, count, filter }: Sent): TimelineBody {
    const total = rows.total(filter);
    const start = wanted < 0 ? Math.max(0, total + wanted) : Math.min(wanted, total);
    const { first, end, names } = rows.recording;
    return {
      schema: 1,
      run: 1,
      first,
      end,
      start,
      total,
      rows: rows.page(start, count),
      processes: names,
      drivers: rows.drivers,
    };
  }

  async function open(theme: Theme, width = 1200): Promise<void> {
    page = await browser.newPage({ viewport: { width, height: 700 } });
    page.on("pageerror", error => problems.push(String(error)));
    page.on("console", message => {
      if (message.type() === "error") problems.push(message.text());
    });
    const css = `:root { ${themes[theme]} ${common} } body { background: var(--vscode-editor-background); color: var(--vscode-foreground); font: 13px sans-serif; margin: 0; }`;
    const files: Readonly<Record<string, [string, string]>> = {
      "/": ["text/html; charset=utf-8", html],
      "/theme.css": ["text/css", css],
      "/panel.css": ["text/css", readFileSync("media/panel.css", "utf8")],
      "/timeline-panel.js": [
        "text/javascript; charset=utf-8",
        readFileSync("dist/timeline-panel.js", "utf8"),
      ],
    };
    await page.route("**/*", route => {
      const { pathname } = new URL(route.request().url());
      const [contentType, body] = files[pathname] ?? ["text/plain", ""];
      return route.fulfill({ contentType, body });
    });
    await page.exposeFunction("toHost", async (message: Sent) => {
      if (message.type === "ready") await post({ type: "state", session: "test", run: 1, end: 1 });
      if (message.type !== "page") return;
      await post({ type: "page", request: message.request, body: answer(message) });
    });
    await page.goto("http://panel.test/");
    await page.waitForSelector(".spacer > .row");
  }

  const post = (message: object) => page.evaluate(`window.postMessage(${JSON.stringify(message)})`);
  const drawn = () => page.locator(".spacer > .row").count();
  const sent = (type: string) =>
    page.evaluate(`window.sent.filter(m => m.type === "${type}")`) as Promise<Sent[]>;
  const scroll = (top: number) =>
    page.evaluate(`document.querySelector(".viewport").scrollTop = ${top}`);
  const text = async () => (await page.locator(".spacer").textContent()) ?? "";
  const selected = () => page.locator(".row.selected .time").textContent();
  const counted = async () => (await page.locator(".count").textContent()) ?? "";

  /** Playwright's own wait evaluates text in the page, which its policy forbids. */
  async function until(condition: string): Promise<void> {
    for (let tries = 0; tries < 1200; tries++) {
      if (await page.evaluate(condition)) return;
      await page.waitForTimeout(25);
    }
    assert.fail(condition);
  }

  async function screenshot(name: string): Promise<void> {
    mkdirSync(screenshots, { recursive: true });
    await page.screenshot({ path: join(screenshots, `${name}.png`) });
  }

  it("has at most 200 rows of 100,000 in the page, wherever it is scrolled, and says what was dropped", async () => {
    await open("dark");
    assert.equal(await counted(), "100,000 rows, 20,002 older ones dropped");
    const last = rows.page(99_999, 1)[0];
    await page.waitForSelector(`#row-${last?.number}`);
    for (const top of [0, 7_000, 1_000_000, 2_199_000]) {
      await scroll(top);
      const number = rows.recording.first + Math.floor(top / 22) + 2;
      await page.waitForSelector(`#row-${number}`);
      const count = await drawn();
      assert.ok(count > 25 && count <= 200, `${count} rows at ${top}`);
    }
    assert.ok((await page.locator("*").count()) < 200 * 12);
    assert.equal(await page.getAttribute(".grid", "aria-rowcount"), "100001");
  });

  it("shows itself in dark, light and high contrast", async () => {
    for (const theme of ["dark", "light", "high-contrast"] as const) {
      await open(theme);
      await page.locator(".grid").focus();
      await page.keyboard.press("ArrowUp");
      await screenshot(`timeline-${theme}`);
      if (theme !== "high-contrast") await page.close();
    }
    await page.close();
    await open("dark", 500);
    await screenshot("timeline-narrow");
  });

  it("filters by process, driver, kind and error, and searches", async () => {
    await open("dark");
    await page.selectOption("select[aria-label=Process]", "blink");
    await until("!document.querySelector('.spacer').textContent.includes('hello')");
    await page.selectOption("select[aria-label=Driver]", "2");
    await until("!document.querySelector('.spacer').textContent.includes('Alarm')");
    assert.match(await text(), /blinkcommandLEDtoggle/);
    await page.selectOption("select[aria-label=Driver]", "");
    await page.selectOption("select[aria-label=Kind]", "upcall");
    await until("!document.querySelector('.spacer').textContent.includes('command')");
    await page.selectOption("select[aria-label=Kind]", "");
    await page.selectOption("select[aria-label=Process]", "");
    await page.check("input[name='Errors only']");
    await until("!document.querySelector('.spacer').textContent.includes('toggle')");
    assert.match(await text(), /NODEVICE/);
    await page.uncheck("input[name='Errors only']");
    await page.fill("input[type=search]", "console WRITE hello");
    await until("document.querySelector('.count').textContent.includes(' of ')");
    assert.match(await counted(), /^[\d,]+ of 100,000 rows/);
    assert.match(await text(), /"Hello/);
    await page.fill("input[type=search]", "no such thing");
    await page.waitForSelector("text=No row fits the filters.");
    assert.equal(await drawn(), 0);
  });

  it("is worked with the keyboard, and tells a screen reader the row", async () => {
    await open("dark");
    await page.locator(".grid").focus();
    await page.keyboard.press("Home");
    await page.waitForSelector(`#row-${rows.recording.first}`);
    await until("document.querySelector('.grid').ariaActiveDescendantElement != null");
    assert.equal(await page.isChecked("input[name=Follow]"), false);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("PageDown");
    await page.keyboard.press("ArrowUp");
    const row = page.locator(".row.selected");
    assert.equal(await row.getAttribute("aria-selected"), "true");
    const index = Number(await row.getAttribute("aria-rowindex"));
    assert.ok(index > 20 && index < 40, String(index));
    assert.equal(
      await page.getAttribute(".grid", "aria-activedescendant"),
      await row.getAttribute("id"),
    );
    await page.keyboard.press("Enter");
    assert.equal((await sent("open")).at(-1)?.number, rows.recording.first + index - 2);
    await page.keyboard.press("End");
    await page.waitForSelector(`#row-${rows.recording.end - 1}.selected`);
  });

  it("keeps the row that a key has chosen in sight when more come", async () => {
    await open("dark");
    assert.equal(await page.isChecked("input[name=Follow]"), true);
    await page.locator(".grid").focus();
    await page.keyboard.press("ArrowUp");
    await page.waitForSelector(".row.selected");
    assert.equal(await page.isChecked("input[name=Follow]"), false);
  });

  it("lets a screen reader announce that nothing fits, not each count of rows", async () => {
    await open("dark");
    assert.equal(await page.locator(".count:is([role], [aria-live])").count(), 0);
    await page.fill("input[type=search]", "no such thing");
    await page.getByRole("status").filter({ hasText: "No row fits the filters." }).waitFor();
  });

  it("goes from a command to its upcall and back", async () => {
    await open("dark");
    await page.fill("input[type=search]", "set relative");
    await until("document.querySelector('.count').textContent.includes(' of ')");
    await page.fill("input[type=search]", "");
    await until("!document.querySelector('.count').textContent.includes(' of ')");
    await page
      .locator(".row", { hasText: "set relative" })
      .locator(".latency .figure")
      .first()
      .click();
    const from = await selected();
    await page.locator(".grid").focus();
    await page.keyboard.press("l");
    await page.waitForSelector(".row.upcall.selected");
    await page.keyboard.press("l");
    await page.waitForSelector(".row.syscall.selected");
    assert.equal(await selected(), from);
  });

  it("opens the source of a row that is clicked, and exports", async () => {
    await open("dark");
    await page.locator(".spacer > .row").nth(5).click();
    assert.equal((await sent("open")).length, 1);
    await page.locator("button", { hasText: "Export Trace" }).click();
    assert.equal((await sent("export")).length, 1);
  });

  it("stays where the user has scrolled, and follows the end when told to", async () => {
    await open("dark");
    await scroll(44_000);
    const row = await page.waitForSelector(`#row-${rows.recording.first + 2005}`);
    const asked = (await sent("page")).length;
    await post({ type: "state", session: "test", run: 1, end: 2 });
    await until(`window.sent.filter(m => m.type === "page").length > ${asked}`);
    await page.waitForTimeout(100);
    // A row that was made anew would lose a click between press and release.
    assert.ok(await row.evaluate(element => element.isConnected));
    assert.equal(await page.evaluate("document.querySelector('.viewport').scrollTop"), 44_000);
    await page.check("input[name=Follow]");
    await page.waitForSelector(`#row-${rows.recording.end - 1}`);
    assert.deepEqual(await page.evaluate("window.kept"), { filter: {}, follow: true });
  });

  it("says that no app is being debugged, and takes no message of another shape", async () => {
    await open("dark");
    await post({ type: "page", request: 1, body: { rows: "<img>" } });
    await post({ type: "state", session: null, run: 0, end: 0 });
    await page.waitForSelector("text=System calls are shown while a Tock app is being debugged.");
  });
});
