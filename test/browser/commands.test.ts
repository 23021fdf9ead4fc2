import assert from "node:assert/strict";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { libtockRsElf } from "../libtock-rs-elf.js";
import { requireTool } from "../tools.js";
import { nameless } from "./names.js";
import { answer, told } from "./talk.js";
import { type Editor, requireBrowser, Workbench } from "./workbench.js";

/** A folder with an app, its ELF and its source, and other apps in a folder below. */
function workspace(workbench: Workbench, name: string): string {
  const folder = workbench.scratch(name);
  mkdirSync(join(folder, "more"), { recursive: true });
  for (const kind of ["tab", "elf"]) {
    copyFileSync(`examples/grants/grants.${kind}`, join(folder, `grants.${kind}`));
    copyFileSync(`examples/blink/blink.${kind}`, join(folder, "more", `blink.${kind}`));
  }
  copyFileSync("examples/grants/main.c", join(folder, "main.c"));
  return folder;
}

/** Stands in for tockloader: keeps its arguments, and answers as the real one does (main.py, display.py). */
const standIn = `#!/bin/sh
here=$(dirname "$0")
printf '%s\\n' "$*" >> "$here/calls"
case "$1" in
  list) echo '{"apps": [{"name": "blink", "address": 262144, "size": 2048, "enabled": true, "sticky": false}]}' ;;
  info) echo 'tockloader version: 2' ;;
  update) echo '[ERROR  ] No serial ports found. Is the board connected?' >&2; exit 1 ;;
  listen) cat "${resolve("test/golden/console/stack-overflow.txt")}"; sleep 5 ;;
esac
`;

describe("the commands of the palette in VS Code", function () {
  this.timeout(240_000);
  let workbench: Workbench;
  let editor: Editor;
  const tools = mkdtempSync(join(tmpdir(), "tock-tools-"));

  before(async function () {
    requireBrowser(this);
    const PATH = `${tools}${delimiter}${process.env["PATH"]}`;
    // With VSCODE_CLI, VS Code takes over this environment instead of that of a login shell.
    workbench = await Workbench.start("node", { env: { PATH, VSCODE_CLI: "1" } });
  });
  after(async () => {
    await workbench?.stop();
    rmSync(tools, { recursive: true });
  });

  it("install, list, update, switch and remove apps while another one runs", async () => {
    editor = await workbench.open(workspace(workbench, "apps"), "dark");
    await editor.openFile("main.c");
    await editor.start();
    await editor.rowsWith(".repl", /Ready: press a button|tock\$/);

    await editor.command("Tock: Install App…");
    const files = await editor.choices(/^blink/);
    assert.deepEqual(files, ["grants", "blinkmore", "Another File…"]);
    await editor.choose("blink");
    const question = await answer(editor, "Install", "install-app");
    assert.match(question, /Install blink at 0x00041000\?/);
    assert.match(question, /Flash: [\d,]+ bytes ?RAM: at least [\d,]+ bytes/);
    await told(editor, /^blink is installed at 0x00041000\.$/);

    await editor.command("Tock: List Apps");
    const apps = await editor.choices(/^blink/);
    await editor.screenshot("list-apps");
    assert.match(
      apps.join("\n"),
      /^grants ?version 0 · .* at 0x00040000 · Yielded\nblink ?version/,
    );
    await editor.page.keyboard.press("Escape");

    await editor.command("Tock: Update App");
    await editor.choose("blink");
    assert.match(await answer(editor, "Replace"), /blink version 0 is installed\. Replace it/);
    await told(editor, /^blink is installed at/);

    await editor.command("Tock: Make App Sticky");
    await editor.choose("grants");
    await told(editor, /^grants is sticky/);
    await editor.command("Tock: Disable App");
    await editor.choose("blink");
    await told(editor, /^blink is disabled from the next restart/);
    await editor.command("Tock: Restart Board");
    await told(editor, /^The board restarts\.$/);
    await editor.command("Tock: Enable App");
    assert.equal((await editor.choices(/^blink/)).length, 1);
    await editor.choose("blink");
    await told(editor, /^blink is enabled/);

    await editor.command("Tock: Info");
    await editor.page.waitForSelector(".view-line:has-text('Architecture:')");
    await editor.screenshot("info");

    await editor.command("Tock: Uninstall App");
    await editor.choose("blink");
    await answer(editor, "Uninstall");
    await told(editor, /^blink is uninstalled\.$/);
    await editor.command("Tock: Make App Unsticky");
    await editor.choose("grants");
    await told(editor, /^grants is no longer sticky\.$/);
    await editor.command("Tock: Make App Unsticky");
    await told(editor, /^No app on the board is sticky\.$/);
    await editor.command("Tock: Erase Apps");
    await answer(editor, "Erase");
    await told(editor, /^All apps are erased\.$/);
  });

  it("open a console that is the board's UART, both ways", async () => {
    editor = await workbench.open(workspace(workbench, "console"), "light");
    await editor.openFile("main.c");
    await editor.start();
    await editor.rowsWith(".repl", /tock\$/);
    await editor.command("Tock: Open Console");
    const terminal = editor.page.locator(".xterm");
    await terminal.waitFor();
    await terminal.click();
    await editor.page.keyboard.type("status");
    await editor.page.keyboard.press("Enter");
    await editor.page.waitForTimeout(1000);
    await editor.screenshot("console");
    await editor.command("View: Toggle Debug Console");
    await editor.rowsWith(".repl", /Total processes: 1/);
  });

  it("inspect a TAB without a session, and debug it", async () => {
    editor = await workbench.open(workspace(workbench, "inspect"), "light");
    await editor.openFile("main.c");
    await editor.command("Tock: Inspect TAB");
    await editor.choose("blink");
    const page = await editor.webview();
    await page.waitForSelector("h2:has-text('cortex-m4')");
    const text = ((await page.textContent("body")) ?? "").replace(/\s+/g, " ");
    await editor.screenshot("inspect-tab");
    assert.deepEqual(await nameless(page), []);
    assert.match(text, /Program.*Package name.*Kernel version/);
    await page.click("h1");
    await editor.page.keyboard.press("Control+F");
    await editor.page.waitForSelector(".simple-find-part.visible");
    await editor.page.keyboard.press("Escape");
    await page.click("button:has-text('Install')");
    await told(editor, /^No Tock board is running/);
    await page.click("button:has-text('Debug')");
    await editor.rowsWith(".repl", /tock\$/);
  });

  it("act on a real board by tockloader, and open the crash panel on what it says", async () => {
    const folder = workspace(workbench, "real");
    rmSync(join(tools, "tockloader"), { force: true });
    mkdirSync(join(folder, ".vscode"));
    const settings = { "tock.target": "real board", "tock.tockloader.arguments": ["--jlink"] };
    writeFileSync(join(folder, ".vscode", "settings.json"), JSON.stringify(settings));
    editor = await workbench.open(folder, "light");
    await editor.openFile("main.c");
    await editor.command("Tock: Install App…");
    await editor.choose("blink");
    await told(editor, /^tockloader was not found on the PATH\./);
    await editor.command("Tock: Listen to Board");
    await told(editor, /^tockloader was not found on the PATH\./);
    writeFileSync(join(tools, "tockloader"), "", { mode: 0o644 });
    await editor.command("Tock: Install App…");
    await editor.choose("blink");
    await told(editor, /^tockloader cannot be started \(EACCES\): make the file executable\.$/);
    rmSync(join(tools, "tockloader"));
    const fails = "echo '[ERROR  ] No serial ports found. Is the board connected?'; exit 1";
    writeFileSync(join(tools, "tockloader"), `#!/bin/sh\n${fails}\n`, { mode: 0o755 });
    await editor.command("Tock: Listen to Board");
    await told(
      editor,
      /^tockloader listen failed: No serial ports found\. Is the board connected\?$/,
    );
    writeFileSync(join(tools, "tockloader"), standIn, { mode: 0o755 });
    await editor.command("Tock: Install App…");
    await editor.choose("blink");
    await told(editor, /^blink\.tab is installed on the board\.$/);
    await editor.command("Tock: Update App");
    await editor.choose("blink");
    await told(
      editor,
      /^tockloader update failed: No serial ports found\. Is the board connected\?$/,
    );
    for (const [command, message] of [
      ["Disable App", /disable blink is done/],
      ["Make App Sticky", /sticky blink is done/],
    ] as const) {
      await editor.command(`Tock: ${command}`);
      await editor.choose("blink");
      await told(editor, message);
    }
    await editor.command("Tock: Uninstall App");
    await editor.choose("blink");
    await answer(editor, "Uninstall");
    await told(editor, /uninstall blink is done/);
    await editor.command("Tock: Erase Apps");
    await answer(editor, "Erase");
    await told(editor, /are erased/);
    await editor.command("Tock: Restart Board");
    await told(editor, /^tockloader cannot restart a board: press its reset button/);
    await editor.command("Tock: Info");
    await editor.page.waitForSelector(".view-line:has-text('tockloader version')");
    await editor.command("Tock: Listen to Board");
    const page = await editor.webview();
    await page.waitForSelector("h1");
    await editor.screenshot("listen-to-board");
    const list = "list --jlink --output-format json";
    assert.deepEqual(readFileSync(join(tools, "calls"), "utf8").trim().split("\n"), [
      `install --jlink ${join(folder, "more", "blink.tab")}`,
      `update --jlink ${join(folder, "more", "blink.tab")}`,
      ...[list, "disable-app --jlink blink"],
      ...[list, "sticky-app --jlink blink"],
      ...[list, "uninstall --jlink blink"],
      "erase-apps --jlink",
      "info --jlink",
      "listen --jlink",
    ]);
  });

  it("build an app before F5, and with -Og so that its variables can be seen", async () => {
    const folder = workbench.scratch("built");
    writeFileSync(
      join(folder, "Makefile"),
      "BUILDDIR ?= build\nall:\n\tmkdir -p $(BUILDDIR)\n\tcp ready/* $(BUILDDIR)\n\techo made $(MAKEFLAGS) $(CPPFLAGS_cortex-m4) >> calls\n# include AppMakefile.mk\n",
    );
    mkdirSync(join(folder, "ready"));
    for (const kind of ["tab", "elf"])
      copyFileSync(`examples/grants/grants.${kind}`, join(folder, "ready", `built.${kind}`));
    copyFileSync("examples/grants/main.c", join(folder, "main.c"));
    rmSync(join(folder, "ready", "built.elf"));
    editor = await workbench.open(folder, "dark");
    await editor.openFile("main.c");
    await editor.command("Tock: Debug Without Optimization");
    await editor.rowsWith(".repl", /tock\$/);
    assert.ok(existsSync(join(folder, "build-debug", "built.tab")));
    assert.match(readFileSync(join(folder, "calls"), "utf8"), /-Og/);
    await editor.screenshot("without-optimization");
    await editor.page.keyboard.press("Shift+F5");
    rmSync(join(folder, "ready", "built.tab"));
    rmSync(join(folder, "build-debug"), { recursive: true });
    mkdirSync(join(folder, "build"));
    copyFileSync("examples/grants/grants.tab", join(folder, "build", "built.tab"));
    copyFileSync("examples/grants/grants.tab", join(folder, "ready", "built"));
    utimesSync(join(folder, "build", "built.tab"), 2, 2);
    for (const file of ["main.c", "Makefile"]) utimesSync(join(folder, file), 1, 1);
    mkdirSync(join(folder, "src"));
    writeFileSync(join(folder, "src", "helper.h"), "// Newer than the build.\n");
    await editor.openFile("main.c");
    await editor.page.waitForSelector(".debug-toolbar", { state: "hidden" });
    await editor.page.keyboard.press("F5");
    const made = () => readFileSync(join(folder, "calls"), "utf8").trim().split("\n");
    for (let tries = 300; tries > 0 && made().length < 2; tries--)
      await editor.page.waitForTimeout(100);
    const calls = made();
    assert.equal(calls.length, 2, `F5 ran make: ${calls}`);
    assert.doesNotMatch(calls[1] ?? "", /-Og/);
  });

  it("lead from what gcc says to its line, also where the app lies in a folder of the tree that is open", async () => {
    const tree = workbench.scratch("tree");
    const app = join(tree, "examples", "wrong");
    mkdirSync(app, { recursive: true });
    writeFileSync(join(app, "main.c"), "int main(void) {\n  return x;\n}\n");
    const says = "main.c:2:10: error: 'x' undeclared";
    writeFileSync(
      join(app, "Makefile"),
      `all:\n\t@echo "${says}"; exit 1\n# include AppMakefile.mk\n`,
    );
    editor = await workbench.open(tree, "light");
    await editor.openFile("wrong/main.c");
    await editor.command("Tasks: Run Build Task");
    await editor.choices(/^tock: make wrong \(-Og\)/);
    await editor.choose("make wrong (-Og)");
    await editor.page.waitForSelector(".monaco-editor .squiggly-error");
  });

  it("build an example of libtock-rs before F5 when a crate below it has changed, and not twice", async () => {
    const folder = workbench.scratch("libtock-rs");
    for (const name of ["examples", "runtime/src", "target/tbf/nrf52840"])
      mkdirSync(join(folder, name), { recursive: true });
    const old = (name: string, text: string | Buffer, time: number) => {
      writeFileSync(join(folder, name), text);
      utimesSync(join(folder, name), time, time);
    };
    old("Cargo.toml", '[package]\nname = "libtock"\n', 1);
    old("examples/hello.rs", "fn main() {}\n", 1);
    const tab = "target/tbf/nrf52840/hello.tab";
    old(
      "Makefile",
      `nrf52840:\n\tcp -p ready $(dir ${tab})/$(EXAMPLE).tab\n\ttouch ${tab}\n\techo $(EXAMPLE) >> calls\n`,
      1,
    );
    old("ready", readFileSync("examples/hello/hello.tab"), 1);
    old(tab, readFileSync("examples/hello/hello.tab"), 2);
    old("runtime/src/lib.rs", "// Newer than the TAB.\n", 3);
    editor = await workbench.open(folder, "dark");
    await editor.openFile("hello.rs");
    for (const _ of ["built", "as it is"]) {
      await editor.start();
      await editor.rowsWith(".repl", /Hello, Tock!/);
      await editor.page.keyboard.press("Shift+F5");
      await editor.page.waitForSelector(".debug-toolbar", { state: "hidden" });
    }
    assert.equal(readFileSync(join(folder, "calls"), "utf8"), "hello\n");
  });

  it("build an app of a Cargo workspace before F5, and its dev profile for variables", async function () {
    requireTool(this, "arm-none-eabi-gcc");
    const folder = workbench.scratch("cargo");
    const app = join(folder, "apps", "sensor");
    mkdirSync(join(app, "src"), { recursive: true });
    mkdirSync(join(folder, ".cargo"));
    writeFileSync(join(folder, "Cargo.toml"), '[workspace]\nmembers = ["apps/*"]\n');
    writeFileSync(join(folder, ".cargo", "config.toml"), '[build]\ntarget-dir = "out"\n');
    writeFileSync(
      join(app, "Cargo.toml"),
      '[package]\nname = "sensor"\n[dependencies]\nlibtock = { git = "https://github.com/tock/libtock-rs" }\n',
    );
    writeFileSync(join(app, "src", "main.rs"), "fn main() {}\n");
    libtockRsElf(join(folder, "ready"));
    const metadata = {
      workspace_root: folder,
      target_directory: join(folder, "out"),
      packages: [
        {
          name: "sensor",
          manifest_path: join(app, "Cargo.toml"),
          dependencies: [{ name: "libtock" }],
          targets: [{ kind: ["bin"], name: "sensor", src_path: join(app, "src", "main.rs") }],
        },
      ],
    };
    writeFileSync(join(folder, "metadata.json"), JSON.stringify(metadata));
    // Keeps its arguments, the platform and the folder, and links what is ready.
    const cargo = `#!/bin/sh
if [ "$1" = metadata ]; then cat "${folder}/metadata.json"; exit; fi
printf '%s %s %s\\n' "$LIBTOCK_PLATFORM" "$PWD" "$*" >> "${folder}/calls"
case "$*" in *--release*) profile=release ;; *) profile=debug ;; esac
mkdir -p "${folder}/out/thumbv7em-none-eabi/$profile"
cp "${folder}/ready" "${folder}/out/thumbv7em-none-eabi/$profile/sensor"
`;
    writeFileSync(join(tools, "cargo"), cargo, { mode: 0o755 });
    editor = await workbench.open(folder, "dark");
    await editor.openFile("main.rs");
    await editor.start();
    await editor.rowsWith(".repl", /tock\$/);
    await editor.screenshot("cargo");
    await editor.page.keyboard.press("Shift+F5");
    await editor.page.waitForSelector(".debug-toolbar", { state: "hidden" });
    await editor.command("Tock: Debug Without Optimization");
    await editor.page.waitForSelector(".debug-toolbar");
    const program = "--package=sensor --bin=sensor --target=thumbv7em-none-eabi";
    assert.deepEqual(readFileSync(join(folder, "calls"), "utf8").trim().split("\n"), [
      `nrf52840 ${folder} build --release ${program}`,
      `nrf52840 ${folder} build ${program}`,
    ]);
    await editor.command("Tock: Install App…");
    const apps = await editor.choices(/^sensor/);
    assert.deepEqual(
      apps.filter(row => row.startsWith("sensor")).map(row => row.replace(/\s+/g, "")),
      ["sensorout/thumbv7em-none-eabi/release", "sensorout/thumbv7em-none-eabi/debug"],
    );
    await editor.page.keyboard.press("Escape");
    await editor.command("Tock: Inspect TAB");
    await editor.choose("thumbv7em-none-eabi/release");
    const page = await editor.webview();
    await page.waitForSelector("h2:has-text('sensor')");
    await page.waitForSelector("text=linked for 0x40080");
    await editor.screenshot("inspect-elf");
    await page.click("button:has-text('Install')");
    assert.match(await answer(editor, "Replace"), /sensor version 0 is installed/);
    await told(editor, /^sensor is installed at 0x00040000\.$/);
  });

  it("run an example, choose the board and begin a new app", async () => {
    const folder = workspace(workbench, "new");
    for (const name of ["AppMakefile.mk", "Configuration.mk"])
      writeFileSync(join(folder, name), "");
    editor = await workbench.open(folder, "dark");
    await editor.openFile("main.c");
    await editor.command("Tock: Select Board");
    await editor.choices(/^hail/);
    await editor.screenshot("select-board");
    await editor.choose("hail");
    await told(editor, /^The board is hail now\.$/);
    await editor.command("Tock: New App…");
    await editor.choose("C app");
    await editor.page.keyboard.type("counter");
    await editor.page.keyboard.press("Enter");
    await editor.page.waitForSelector('.tab.active:has-text("main.c")');
    await editor.page.waitForSelector('.view-line:has-text("libtocksync_alarm_delay_ms")');
    await editor.screenshot("new-app");
    await editor.command("Tock: Run Example");
    await editor.choose("blink");
    await editor.stopped();
    await editor.screenshot("run-example");
  });
});
