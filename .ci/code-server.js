// Installs code-server, the real VS Code workbench for a browser, into the ignored folder .code-server/.
// It needs Node 24 (npm package `node`) and, for one native module, libkrb5-dev and pkg-config.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = join(dirname(dirname(fileURLToPath(import.meta.url))), ".code-server");
const nodeBin = join(folder, "node_modules", "node", "bin");
const entry = join(folder, "node_modules", "code-server", "out", "node", "entry.js");
const finished = join(folder, "installed");

const manifest = {
  private: true,
  dependencies: { node: "24", "code-server": "4.139.1" },
  allowScripts: { node: true, "code-server": true },
};

/** Runs npm in the folder with Node 24 first on the path, as soon as that is there. */
function npm(...words) {
  execFileSync("npm", [...words, "--loglevel=error", "--no-audit", "--no-fund"], {
    cwd: folder,
    env: { ...process.env, PATH: `${nodeBin}${delimiter}${process.env.PATH}` },
    stdio: "inherit",
  });
}

if (existsSync(finished) && existsSync(entry)) {
  console.log(`code-server is already in ${folder}`);
} else {
  mkdirSync(folder, { recursive: true });
  const { node, ...rest } = manifest.dependencies;
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({ ...manifest, dependencies: { node } }, null, 2),
  );
  npm("install");
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({ ...manifest, dependencies: { node, ...rest } }, null, 2),
  );
  npm("install");
  writeFileSync(finished, `${manifest.dependencies["code-server"]}\n`);
  console.log(`code-server installed in ${folder}`);
}
