// A page of a view of the debug container by itself in Chromium, with a stand-in for VS Code, in colours of its themes.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { requireTool } from "../tools.js";
import { nameless } from "./names.js";
import { chromiumArguments, screenshots, type Theme } from "./workbench.js";

/** What shows most of VS Code's default themes. */
const themes: Readonly<Record<Theme, Readonly<Record<string, string>>>> = {
  dark: {
    "sideBar-background": "#181818",
    "editor-background": "#1f1f1f",
    foreground: "#cccccc",
    descriptionForeground: "#9d9d9d",
    "panel-border": "#2b2b2b",
    "button-background": "#0078d4",
    "button-foreground": "#ffffff",
    "button-secondaryBackground": "#313131",
    "button-secondaryForeground": "#cccccc",
    "input-background": "#313131",
    "input-foreground": "#cccccc",
    "input-border": "#3c3c3c",
    "dropdown-background": "#313131",
    "dropdown-foreground": "#cccccc",
    "dropdown-border": "#3c3c3c",
    focusBorder: "#0078d4",
    "charts-blue": "#59a4f9",
    "charts-green": "#89d185",
    "charts-orange": "#d18616",
    "charts-red": "#f14c4c",
    "charts-purple": "#b180d7",
    "charts-yellow": "#cca700",
  },
  light: {
    "sideBar-background": "#f8f8f8",
    "editor-background": "#ffffff",
    foreground: "#3b3b3b",
    descriptionForeground: "#3b3b3b",
    "panel-border": "#e5e5e5",
    "button-background": "#005fb8",
    "button-foreground": "#ffffff",
    "button-secondaryBackground": "#e5e5e5",
    "button-secondaryForeground": "#3b3b3b",
    "input-background": "#ffffff",
    "input-foreground": "#3b3b3b",
    "input-border": "#cecece",
    "dropdown-background": "#ffffff",
    "dropdown-foreground": "#3b3b3b",
    "dropdown-border": "#cecece",
    focusBorder: "#005fb8",
    "charts-blue": "#1a85ff",
    "charts-green": "#388a34",
    "charts-orange": "#d18616",
    "charts-red": "#e51400",
    "charts-purple": "#652d90",
    "charts-yellow": "#bf8803",
  },
  "high-contrast": {
    "sideBar-background": "#000000",
    "editor-background": "#000000",
    foreground: "#ffffff",
    descriptionForeground: "#ffffff",
    contrastBorder: "#6fc3df",
    contrastActiveBorder: "#f38518",
    "panel-border": "#6fc3df",
    "button-foreground": "#ffffff",
    "button-border": "#6fc3df",
    "button-secondaryForeground": "#ffffff",
    "input-background": "#000000",
    "input-foreground": "#ffffff",
    "input-border": "#6fc3df",
    "dropdown-background": "#000000",
    "dropdown-foreground": "#ffffff",
    "dropdown-border": "#6fc3df",
    focusBorder: "#f38518",
    "charts-blue": "#59a4f9",
    "charts-green": "#89d185",
    "charts-orange": "#d18616",
    "charts-red": "#f48771",
    "charts-purple": "#b180d7",
    "charts-yellow": "#cca700",
  },
};

const html = (script: string, theme: Theme) => `<!DOCTYPE html><html lang="en"><head>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src http://panel.test; script-src 'nonce-x'">
<link rel="stylesheet" href="http://panel.test/theme.css"><link rel="stylesheet" href="http://panel.test/panel.css">
<link rel="stylesheet" href="http://panel.test/views.css"></head>
<body class="vscode-${theme}"><main id="main"></main><div id="status" role="status"></div>
<script nonce="x">
  window.sent = [];
  window.acquireVsCodeApi = () => ({
    postMessage: message => window.sent.push(message),
    getState: () => window.kept,
    setState: state => { window.kept = state; },
  });
</script>
<script nonce="x" src="http://panel.test/${script}"></script></body></html>`;

const style = (theme: Theme): string =>
  `:root { --vscode-editor-font-family: monospace; --vscode-editor-font-size: 12px;
    ${Object.entries(themes[theme])
      .map(([name, color]) => `--vscode-${name}: ${color};`)
      .join(" ")} }
  body { background: var(--vscode-sideBar-background); color: var(--vscode-foreground); font: 13px sans-serif; margin: 0; }`;

/** Pages of one bundle; what goes wrong in one, or has no name there for a screen reader, is thrown by `close`. */
export class ViewPage {
  readonly #browser: Browser;
  readonly #script: string;
  readonly #problems: string[] = [];
  page!: Page;
  theme: Theme = "dark";

  constructor(browser: Browser, script: string) {
    this.#browser = browser;
    this.#script = script;
  }

  static async start(context: Mocha.Context, script: string): Promise<ViewPage> {
    requireTool(context, "/usr/bin/chromium", "chromium");
    const executablePath = "/usr/bin/chromium";
    return new ViewPage(await chromium.launch({ executablePath, args: chromiumArguments }), script);
  }

  async open(message: object, theme: Theme = "dark", width = 330): Promise<void> {
    this.theme = theme;
    const page = await this.#browser.newPage({ viewport: { width, height: 900 } });
    this.page = page;
    page.on("pageerror", error => this.#problems.push(String(error)));
    page.on("console", entry => {
      if (entry.type() === "error") this.#problems.push(entry.text());
    });
    await page.route("**/*", route => {
      const { pathname } = new URL(route.request().url());
      const name = pathname.slice(1);
      if (name === "")
        return route.fulfill({
          contentType: "text/html; charset=utf-8",
          body: html(this.#script, theme),
        });
      if (name === "theme.css")
        return route.fulfill({ contentType: "text/css", body: style(theme) });
      const [folder, contentType] = name.endsWith(".css")
        ? ["media", "text/css"]
        : ["dist", "text/javascript; charset=utf-8"];
      return route.fulfill({ contentType, body: readFileSync(join(folder, name), "utf8") });
    });
    await page.goto("http://panel.test/");
    await this.post(message);
    await page.waitForSelector("main > *");
  }

  post(message: object): Promise<unknown> {
    return this.page.evaluate(`window.postMessage(${JSON.stringify(message)})`);
  }

  /** What the page has said to its host since it said that it is ready. */
  async sent(): Promise<{ type: string; device?: string; value?: unknown }[]> {
    const all = (await this.page.evaluate("window.sent")) as { type: string }[];
    return all.filter(({ type }) => type !== "ready");
  }

  async screenshot(name: string): Promise<void> {
    mkdirSync(screenshots, { recursive: true });
    const path = join(screenshots, `${name}-${this.theme}.png`);
    await this.page.screenshot({ path, fullPage: true });
  }

  async close(): Promise<void> {
    const unnamed = await nameless(this.page);
    await this.page.close();
    assert.deepEqual(unnamed, []);
    assert.deepEqual(this.#problems.splice(0), []);
  }

  async stop(): Promise<void> {
    await this.#browser.close();
  }
}
