// The real VS Code for tests: code-server with our packaged extension installed, driven in Chromium by playwright-core.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { type Browser, chromium, type Frame, type Page } from "playwright-core";
import { requireTool } from "../tools.js";
import { packageExtension } from "../vsix.js";

const codeServer = ".code-server/node_modules/code-server/out/node/entry.js";
const node24 = ".code-server/node_modules/node/bin/node";
export const screenshots = "test-results";
export const chromiumArguments =
  "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync".split(
    " ",
  );

const settings = {
  "security.workspace.trust.enabled": false,
  "workbench.startupEditor": "none",
  "telemetry.telemetryLevel": "off",
  "chat.disableAIFeatures": true,
  "workbench.tips.enabled": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "window.autoDetectColorScheme": true,
  "window.commandCenter": false,
  "remote.autoForwardPorts": false,
  "files.simpleDialog.enable": true,
};

export const themes = ["dark", "light", "high-contrast"] as const;
export type Theme = (typeof themes)[number];

/** What a browser says of its user's wishes, by which VS Code chooses a theme. */
const mediaOf = (theme: Theme) => ({
  colorScheme: theme === "light" ? ("light" as const) : ("dark" as const),
  forcedColors: theme === "high-contrast" ? ("active" as const) : ("none" as const),
});
const classOf: Record<Theme, string> = {
  dark: "vs-dark",
  light: "vs",
  "high-contrast": "hc-black",
};

/** The tools of every test here; skips the suite without them. Installed by `.ci/run`. */
export function requireBrowser(context: Mocha.Context): void {
  requireTool(context, "/usr/bin/chromium", "chromium");
  requireTool(context, codeServer, "code-server");
  requireTool(context, node24, "Node 24");
  // A busy machine can make one of thousands of clicks come too late: a second try tells that from a fault of ours.
  context.test?.parent?.eachTest(test => test.retries(1));
}

/** What a test needs that the code-server of the others does not have. */
interface Own {
  /** More environment. */
  env?: NodeJS.ProcessEnv;
  /** Packages other extensions into a folder; their paths. */
  more?(folder: string): string[];
}

/** By host: starting one takes many seconds, so tests of one process share it. */
const shared = new Map<"node" | "web", Promise<Workbench>>();

after(async () => {
  for (const workbench of shared.values()) await (await workbench).stop();
  shared.clear();
});

/** Windows of the test that runs. */
const windows = new Set<Editor>();

afterEach(async function () {
  const passed = this.currentTest?.isPassed();
  const name = `failed-${this.currentTest?.title.replace(/\W+/g, "-").slice(0, 60)}`;
  for (const window of windows) {
    if (!passed) await window.screenshot(name);
    await window.close();
  }
  windows.clear();
});

/** One code-server with one browser; every `open` is a window of its own. */
export class Workbench {
  readonly #server: ChildProcess;
  readonly #browser: Browser;
  readonly #folder: string;
  readonly #address: string;

  constructor(server: ChildProcess, browser: Browser, folder: string, address: string) {
    this.#server = server;
    this.#browser = browser;
    this.#folder = folder;
    this.#address = address;
  }

  /**
   * The one that suites share, stopped after all of them; skips the suite without the tools.
   * `web`: our extension runs in the browser's web worker host, as on vscode.dev.
   */
  static shared(suite: Mocha.Context, host: "node" | "web" = "node"): Promise<Workbench> {
    requireBrowser(suite);
    const running = shared.get(host) ?? Workbench.start(host);
    shared.set(host, running);
    return running;
  }

  /** One for the caller alone, who stops it. */
  static async start(host: "node" | "web" = "node", own: Own = {}): Promise<Workbench> {
    const folder = mkdtempSync(join(tmpdir(), "tock-debug-browser-"));
    const directories = [
      `--user-data-dir=${join(folder, "data")}`,
      `--extensions-dir=${join(folder, "extensions")}`,
    ];
    mkdirSync(join(folder, "data", "User"), { recursive: true });
    writeFileSync(join(folder, "data", "User", "settings.json"), JSON.stringify(settings));
    const env = { ...process.env, ...own.env };
    env["PATH"] = `${resolve(node24, "..")}:${env["PATH"]}`;
    const packed = [packageExtension(folder, host), ...(own.more?.(folder) ?? [])];
    const wanted = packed.flatMap(vsix => ["--install-extension", vsix]);
    execFileSync(node24, [codeServer, ...directories, ...wanted], {
      env,
      stdio: ["ignore", "ignore", "pipe"],
    });
    const server = spawn(
      node24,
      [
        codeServer,
        ...directories,
        "--auth=none",
        "--bind-addr=127.0.0.1:0",
        "--disable-telemetry",
        "--disable-update-check",
        "--disable-workspace-trust",
        // A window that is closed is not waited for: what it debugs would go on beside the next test.
        "--reconnection-grace-time=20",
      ],
      { env, stdio: ["ignore", "pipe", "pipe"] },
    );
    const address = await addressOf(server);
    const browser = await chromium.launch({
      executablePath: "/usr/bin/chromium",
      args: chromiumArguments,
    });
    return new Workbench(server, browser, folder, address);
  }

  /** A window on a folder or a file that names folders, ready for keys. */
  async open(folder: string, theme: Theme = "dark"): Promise<Editor> {
    const context = await this.#browser.newContext({
      viewport: { width: 1280, height: 800 },
      ...mediaOf(theme),
      permissions: ["clipboard-read", "clipboard-write"],
    });
    context.setDefaultTimeout(60_000);
    const page = await context.newPage();
    const kind = folder.endsWith(".code-workspace") ? "workspace" : "folder";
    await page.goto(`${this.#address}?${kind}=${encodeURIComponent(folder)}`);
    await page.waitForSelector(".monaco-workbench .explorer-folders-view .monaco-list-row");
    await page.waitForSelector(".statusbar-item:has-text('Restricted')", { state: "detached" });
    const editor = new Editor(page, theme);
    windows.add(editor);
    return editor;
  }

  /** A fresh folder of this name for a test's files, deleted at the end. */
  scratch(name: string): string {
    const folder = join(mkdtempSync(join(this.#folder, "work-")), name);
    mkdirSync(folder);
    return folder;
  }

  /** A file of the installed extension. */
  installed(path: string): string {
    const extensions = join(this.#folder, "extensions");
    const ours = readdirSync(extensions).find(name => name.startsWith("tock-debug."));
    return join(extensions, ours ?? "", path);
  }

  async stop(): Promise<void> {
    await this.#browser.close();
    this.#server.kill();
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** One VS Code window. */
export class Editor {
  readonly page: Page;
  readonly theme: Theme;

  constructor(page: Page, theme: Theme) {
    this.page = page;
    this.theme = theme;
  }

  /** Runs a command by its title in the command palette. */
  async command(title: string): Promise<void> {
    await this.#pick("F1", `>${title}`, title);
  }

  /** Opens a file by its name and puts the cursor on a line. */
  async openFile(name: string, line = 1): Promise<void> {
    const label = name.split("/").at(-1) as string;
    await this.#pick("Control+P", `${name}:${line}`, label);
    await this.page.waitForSelector(`.tab.active:has-text("${label}")`);
  }

  /** Takes an entry of the list that a command has opened. */
  async choose(label: string): Promise<void> {
    await this.page.locator(`.quick-input-list .monaco-list-row:has-text("${label}")`).click();
    await this.page.waitForTimeout(300);
  }

  /** Opens a row of a tree by its name. */
  async expand(view: string, name: string): Promise<void> {
    const rows = this.page.locator(`${view} .monaco-list-row`);
    const row = rows.filter({ hasText: new RegExp(`^\\s*${name}\\b`) }).first();
    await row.locator(".monaco-tl-twistie").click();
  }

  async #pick(key: string, text: string, label: string): Promise<void> {
    const input = this.page.locator(".quick-input-widget input").first();
    const wanted = `.quick-input-list .monaco-list-row.focused:has-text("${label}")`;
    // A window that has just opened does not know the commands of extensions yet, nor every file.
    for (let tries = 10; ; tries--) {
      await this.page.keyboard.press(key);
      await input.waitFor();
      await input.fill(text);
      const found = this.page.waitForSelector(wanted, { timeout: 6000 }).then(
        () => true,
        () => false,
      );
      if (await found) break;
      if (tries === 0) throw new Error(`"${text}" finds no "${label}"`);
      await this.page.keyboard.press("Escape");
    }
    await this.page.keyboard.press("Enter");
    // The widget closes, or what was chosen opens the next list in it.
    while ((await input.isVisible()) && (await input.inputValue()) === text) {
      await this.page.waitForTimeout(50);
    }
  }

  /** Sets a breakpoint on a line. F9 does nothing until the editor knows the file's language. */
  async setBreakpoint(file: string, line: number): Promise<void> {
    await this.openFile(file, line);
    const dot = this.page.locator('.monaco-editor [class*="codicon-debug-breakpoint"]').first();
    for (let tries = 10; tries > 0; tries--) {
      await this.page.keyboard.press("F9");
      const shown = dot.waitFor({ timeout: 3000 }).then(
        () => true,
        () => false,
      );
      if (await shown) return;
    }
    throw new Error(`F9 sets no breakpoint on line ${line} of ${file}`);
  }

  /** Presses F5 with the Run and Debug view in front, so that it shows the first scope of a stop. */
  async start(): Promise<void> {
    await this.command("View: Show Run and Debug");
    await this.page.waitForSelector(".debug-call-stack, .debug-start-view, .welcome-view-content");
    await this.page.keyboard.press("F5");
  }

  /** Waits until the program has stopped: the editor marks the line. */
  async stopped(): Promise<void> {
    await this.page.waitForSelector(".debug-top-stack-frame-line");
  }

  /** The texts of a view's rows, for instance `.debug-call-stack`. */
  async rows(view: string): Promise<string[]> {
    const texts = await this.page.locator(`${view} .monaco-list-row`).allInnerTexts();
    return texts.map(text => text.replace(/\s+/g, " ").trim());
  }

  /** The rows of a view as soon as one of them matches; fails with what is there instead. */
  async rowsWith(view: string, expected: RegExp, seconds = 60): Promise<string[]> {
    const end = Date.now() + seconds * 1000;
    for (;;) {
      const rows = await this.rows(view);
      if (rows.some(row => expected.test(row))) return rows;
      if (Date.now() > end) {
        throw new Error(`no row of ${view} matches ${expected}: ${JSON.stringify(rows)}`);
      }
      await this.page.waitForTimeout(200);
    }
  }

  /** The list that a command has opened, as soon as one row of it matches and it changes no more. */
  async choices(expected: RegExp): Promise<string[]> {
    for (let before: string[] = []; ; ) {
      const rows = await this.rowsWith(".quick-input-list", expected);
      if (isDeepStrictEqual(rows, before)) return rows;
      before = rows;
      await this.page.waitForTimeout(300);
    }
  }

  /** Changes to a theme. */
  async wear(theme: Theme): Promise<void> {
    await this.page.emulateMedia(mediaOf(theme));
    await this.page.waitForSelector(`.monaco-workbench.${classOf[theme]}`);
  }

  /** The text of the first message of the workbench. */
  async notification(): Promise<string> {
    const message = this.page.locator(".notification-list-item-message").first();
    await message.waitFor();
    return (await message.textContent())?.trim() ?? "";
  }

  /** The page of the webview in front. */
  async webview(): Promise<Frame> {
    const outer = await this.page.waitForSelector("iframe.webview.ready");
    const inner = await (await outer.contentFrame())?.waitForSelector("iframe#active-frame");
    const frame = await inner?.contentFrame();
    if (!frame) throw new Error("the webview has no page");
    return frame;
  }

  /** The title of the tab that has the focus. */
  async activeTab(): Promise<string> {
    const tab = this.page.locator(".editor-group-container.active .tab.active");
    return (await tab.getAttribute("data-resource-name")) ?? "";
  }

  clipboard(): Promise<string> {
    return this.page.evaluate("navigator.clipboard.readText()") as Promise<string>;
  }

  setClipboard(text: string): Promise<unknown> {
    return this.page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
  }

  /** Leaves a picture in test-results/ for people to look at. */
  async screenshot(name: string, theme = this.theme): Promise<void> {
    mkdirSync(screenshots, { recursive: true });
    await this.page.screenshot({ path: join(screenshots, `${name}-${theme}.png`) });
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}

/** The address that code-server prints when it listens. */
function addressOf(server: ChildProcess): Promise<string> {
  return new Promise((resolveAddress, reject) => {
    let text = "";
    const read = (chunk: Buffer) => {
      text += chunk;
      const address = /HTTP server listening on (http:\S+)/.exec(text)?.[1];
      if (address) resolveAddress(address);
    };
    server.stdout?.on("data", read);
    server.stderr?.on("data", read);
    server.on("exit", code => reject(new Error(`code-server ended with ${code}:\n${text}`)));
  });
}
