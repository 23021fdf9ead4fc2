// The crash panel's page by itself in Chromium, with crashes that no board would give us on demand. The whole panel in
// VS Code: crash.test.ts.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import type { CrashBody } from "../../adapter/protocol.js";
import { crashBody, crashProcess } from "../extension/panels/crash-fixture.js";
import { requireTool } from "../tools.js";
import { nameless } from "./names.js";
import { chromiumArguments, screenshots } from "./workbench.js";

/** The theme's colours that show most, as VS Code's dark theme has them. */
const theme = `--vscode-editor-background: #1f1f1f; --vscode-foreground: #ccc;
  --vscode-descriptionForeground: #9d9d9d; --vscode-textLink-foreground: #4daafc; --vscode-focusBorder: #0078d4;
  --vscode-button-background: #0078d4; --vscode-button-foreground: #fff; --vscode-panel-border: #2b2b2b;
  --vscode-button-secondaryBackground: #313131; --vscode-button-secondaryForeground: #ccc;
  --vscode-editorError-foreground: #f14c4c; --vscode-editor-font-family: monospace; --vscode-editor-font-size: 13px;
  --vscode-charts-blue: #59a4f9; --vscode-charts-green: #89d185; --vscode-charts-orange: #d18616;
  --vscode-charts-red: #f14c4c; --vscode-charts-purple: #b180d7; --vscode-charts-yellow: #cca700;
  --vscode-inputValidation-warningBackground: #352a05; --vscode-inputValidation-warningBorder: #b89500;`;

/** As extension/panels/webview.ts makes it, with a stand-in for VS Code. */
const html = `<!DOCTYPE html><html lang="en"><head>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src http://panel.test; script-src 'nonce-x'">
<link rel="stylesheet" href="http://panel.test/theme.css"><link rel="stylesheet" href="http://panel.test/panel.css">
</head><body class="vscode-dark"><main id="main"></main><div id="status" role="status"></div>
<script nonce="x">
  window.sent = []; window.kept = undefined;
  window.acquireVsCodeApi = () => ({
    postMessage: message => window.sent.push(message),
    getState: () => window.kept,
    setState: state => { window.kept = state; },
  });
</script>
<script nonce="x" src="http://panel.test/crash-panel.js"></script></body></html>`;

const files: Readonly<Record<string, [string, string]>> = {
  "/": ["text/html; charset=utf-8", html],
  "/theme.css": [
    "text/css",
    `:root { ${theme} } body { background: var(--vscode-editor-background); color: var(--vscode-foreground); font: 13px sans-serif; margin: 0; }`,
  ],
  "/panel.css": ["text/css", "media/panel.css"],
  "/crash-panel.js": ["text/javascript; charset=utf-8", "dist/crash-panel.js"],
};

/** What the page has said to its host. */
const sent = (page: Page) => page.evaluate("window.sent") as Promise<{ type: string }[]>;

describe("the crash panel's page", function () {
  this.timeout(60_000);
  let browser: Browser;
  let page: Page;
  const problems: string[] = [];

  before(async function () {
    requireTool(this, "/usr/bin/chromium", "chromium");
    browser = await chromium.launch({
      executablePath: "/usr/bin/chromium",
      args: chromiumArguments,
    });
  });
  after(async () => browser?.close());
  afterEach(async () => {
    const unnamed = await nameless(page);
    await page.close();
    assert.deepEqual(unnamed, []);
    assert.deepEqual(problems.splice(0), []);
  });

  async function open(crash: CrashBody, width: number, live = true): Promise<void> {
    page = await browser.newPage({ viewport: { width, height: 1400 } });
    page.on("pageerror", error => problems.push(String(error)));
    page.on("console", message => {
      if (message.type() === "error") problems.push(message.text());
    });
    page.on("dialog", dialog => {
      problems.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    await page.route("**/*", route => {
      const { pathname } = new URL(route.request().url());
      const [contentType, body] = files[pathname] ?? ["text/plain", ""];
      const text = body.includes("\n") || body.startsWith(":") ? body : readFileSync(body, "utf8");
      return route.fulfill({ contentType, body: text });
    });
    await page.goto("http://panel.test/");
    await post({
      crash,
      source: "crash on nrf52840dk",
      live,
    });
    await page.waitForSelector("h1");
  }

  const post = (show: { crash: CrashBody; source: string; live: boolean }) =>
    page.evaluate(`window.postMessage(${JSON.stringify({ type: "show", ...show })})`);

  async function screenshot(name: string): Promise<void> {
    mkdirSync(screenshots, { recursive: true });
    await page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: true });
  }

  it("says what happened and how to mend it before anything else", async () => {
    await open(crashBody, 1000);
    await screenshot("crash-page");
    const text = ((await page.locator("main").textContent()) ?? "").replace(/\s+/g, " ");
    const inOrder = [
      "crash stored 4 bytes through",
      "main.c:8",
      "str r3, [r2]",
      "last_reading",
      "Fix:",
    ];
    const at = inOrder.map(part => text.indexOf(part));
    assert.ok(!at.includes(-1), `${at} in ${text}`);
    assert.deepEqual(
      at,
      at.toSorted((a, b) => a - b),
    );
    assert.match(text, /DACCVIOL Data access violation/);
  });

  it("is worked with the keyboard alone, link by link and button by button", async () => {
    await open(crashBody, 1000);
    const names: string[] = [];
    for (let presses = 0; presses < 9; presses++) {
      await page.keyboard.press("Tab");
      names.push(await page.evaluate("document.activeElement.innerText"));
      await page.keyboard.press("Enter");
    }
    assert.deepEqual(names.slice(0, 8), [
      "main.c:8",
      "Copy Report",
      "Restart Process",
      "Show Dump",
      "Settings",
      "Memory as a table",
      "main.c:8",
      "main.c:52",
    ]);
    assert.deepEqual(
      (await sent(page)).map(({ type }) => type),
      [
        "ready",
        "openPlace",
        "copyReport",
        "restart",
        "openDump",
        "openSettings",
        "openFrame",
        "openFrame",
      ],
    );
    await page.locator("table", { hasText: "Stack: 512 of 2048 bytes used" }).waitFor();
  });

  it("has no label of the picture over another, at any width", async () => {
    for (const width of [320, 480, 1000]) {
      await open(crashBody, width);
      for (const kind of [".mark", ".addresses code", ".ranges .label", ".strip"]) {
        const boxes = await page.locator(`.memory ${kind}`).evaluateAll(all =>
          all.map(one => {
            const { top, bottom } = (
              one as unknown as { getBoundingClientRect(): { top: number; bottom: number } }
            ).getBoundingClientRect();
            return { top, bottom };
          }),
        );
        boxes.sort((a, b) => a.top - b.top);
        for (const [index, { top }] of boxes.entries())
          assert.ok(index === 0 || top >= boxes[index - 1]!.bottom - 0.5, `${kind} at ${width}`);
      }
      const scrolls = await page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth",
      );
      if (width < 1000) await screenshot(`crash-page-${width}`);
      assert.equal(scrolls, false, `scrolls sideways at ${width}`);
      if (width < 1000) await page.close();
    }
  });

  it("shows hostile names as text, cut, with nothing of them run", async () => {
    const markup = `<img src=x onerror="alert(1)"><script>alert(2)</script>\u202e\0\x1b[31m`;
    const hostile = markup + "A".repeat(10_000);
    const poison = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(poison)
        : typeof value === "object" && value !== null
          ? Object.fromEntries(
              Object.entries(value).map(([key, inner]) => [
                key,
                ["kind"].includes(key) ? inner : poison(inner),
              ]),
            )
          : typeof value === "string" && value !== "live"
            ? hostile
            : value;
    const crash = {
      ...(poison(crashBody) as CrashBody),
      notes: [hostile],
      panic: { message: hostile, location: hostile },
      kernelVersion: hostile,
    };
    await open({ ...crash, processes: [...crash.processes, crashProcess] }, 700);
    await screenshot("crash-page-hostile");
    assert.equal(await page.locator("img, main script").count(), 0);
    const text = (await page.locator("main").textContent()) ?? "";
    assert.ok(text.includes("<img src=x onerror="));
    const titles = await page.locator("[title]").evaluateAll(all => all.map(one => one.title));
    const unreadable = /\p{Cc}|\p{Cf}|A{1000}/u;
    assert.deepEqual(
      [text, ...titles].filter(shown => unreadable.test(shown)),
      [],
    );
    assert.ok(titles.length > 20 && !/A{600}/.test(text));
    await page.selectOption("#process", "1");
    await page.waitForSelector("text=_start");
  });

  it("of a session that has ended cannot restart, and keeps focus and place when it ends", async () => {
    await open(crashBody, 1000);
    await page.locator(".stack button").first().focus();
    await post({
      crash: crashBody,
      source: "crash on nrf52840dk",
      live: false,
    });
    await page.locator("button:disabled", { hasText: "Restart Process" }).waitFor();
    assert.equal(await page.evaluate("document.activeElement.innerText"), "main.c:8");
    assert.equal(await page.evaluate("window.kept.live"), false);
  });

  it("tells what it does not know of a dump that was cut off", async () => {
    const unknown = {
      ...crashProcess,
      segments: [],
      ranges: [],
      grants: [],
      stack: [],
      lastSyscall: null,
    };
    await open(
      {
        ...crashBody,
        origin: "dump",
        processes: [unknown],
        notes: ["No ELF was found for crash."],
      },
      600,
      false,
    );
    await screenshot("crash-page-unknown");
    const text = (await page.locator("main").textContent()) ?? "";
    for (const part of [
      "No ELF was found",
      "lies is not known",
      "The stack is not known",
      "not known",
    ])
      assert.ok(text.includes(part), part);
    assert.equal(await page.locator("button:visible", { hasText: "Restart" }).count(), 0);
  });
});
