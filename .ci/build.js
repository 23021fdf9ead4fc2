// What stands before every script: dependencies, compiled TypeScript, the command `tock-debug`, and with --bundle the
// bundles in dist/. Does only what is out of date and says nothing unless it takes long or fails. Node alone suffices.
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const at = (...parts) => join(root, ...parts);
const time = path => (existsSync(path) ? statSync(path).mtimeMs : 0);

/** Marks a file as made now. */
function touch(path) {
  const now = new Date();
  utimesSync(path, now, now);
}

/** Ends this process with the exit code and the output of a step that failed. */
function run(command, words, options = {}) {
  const { status, error } = spawnSync(command, words, { cwd: root, stdio: "inherit", ...options });
  if (error) console.error(`${command}: ${error.message}`);
  if (status !== 0) process.exit(status ?? 1);
}

/** The JavaScript file behind a command of an installed package. */
function tool(name, command = name) {
  const manifest = createRequire(import.meta.url)(at("node_modules", name, "package.json"));
  const bin = typeof manifest.bin === "string" ? manifest.bin : manifest.bin[command];
  return at("node_modules", name, bin);
}

function install() {
  // npm writes this file at the end of each install.
  const installed = at("node_modules", ".package-lock.json");
  if (time(installed) >= Math.max(time(at("package-lock.json")), time(at("package.json")))) return;
  console.log("Installing development tools (once, under a minute) …");
  // A shell, because npm is npm.cmd on Windows.
  run("npm install --loglevel=error --no-audit --no-fund", [], {
    shell: true,
    stdio: ["ignore", "ignore", "inherit"],
  });
  touch(installed);
}

function compile() {
  run(process.execPath, [tool("typescript", "tsc"), "-b"]);
  removeStaleTests();
}

/** Compiled tests whose source is gone: mocha would still load them. */
function removeStaleTests() {
  for (const path of readdirSync(at("out", "test"), { recursive: true })) {
    if (path.endsWith(".test.js") && !existsSync(at("test", path.replace(/js$/, "ts"))))
      rmSync(at("out", "test", path));
  }
}

/** `npx tock-debug` finds a command in node_modules/.bin; npm makes no link there for the package itself. */
function linkCommand() {
  const main = at("out", "cli", "main.js");
  if (!existsSync(main)) return;
  const bin = at("node_modules", ".bin");
  mkdirSync(bin, { recursive: true });
  if (process.platform === "win32") {
    writeFileSync(join(bin, "tock-debug.cmd"), '@node "%~dp0..\\..\\out\\cli\\main.js" %*\r\n');
    return;
  }
  chmodSync(main, 0o755);
  const link = join(bin, "tock-debug");
  if (!existsSync(link)) symlinkSync("../../out/cli/main.js", link);
}

/** When the newest file of these kinds below a folder was written, in milliseconds. */
function newest(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  return Math.max(
    0,
    ...files.filter(e => e.name.endsWith(".js")).map(e => time(join(e.parentPath, e.name))),
  );
}

const bundles = [
  "extension.cjs",
  "adapter.cjs",
  "extension.web.cjs",
  "crash-panel.js",
  "binary-editor.js",
  "timeline-panel.js",
];

function bundle() {
  const inputs = ["emulator", "adapter", "extension"].map(folder => newest(at("out", folder)));
  const config = time(at("extension", "webpack.config.js"));
  const outputs = bundles.map(name => at("dist", name));
  if (Math.min(...outputs.map(time)) > Math.max(config, ...inputs)) return;
  run(process.execPath, [tool("webpack-cli"), "-c", at("extension", "webpack.config.js")]);
  // webpack leaves a bundle alone whose text has not changed.
  outputs.forEach(touch);
}

install();
compile();
linkCommand();
if (process.argv.includes("--bundle")) bundle();
