// Packages the extension for tests.
import { execFileSync } from "node:child_process";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** By host: packaging takes many seconds, and every test of this process can have the same. */
const packages = new Map<string, Buffer>();

/** Packages the extension into `folder` without building it; the path of the vsix. `web`: for the web alone. */
export function packageExtension(folder: string, host: "node" | "web" = "node"): string {
  const vsix = join(folder, "tock-debug.vsix");
  const packed = packages.get(host);
  if (packed !== undefined) writeFileSync(vsix, packed);
  else packages.set(host, readFileSync(pack(host === "web" ? webOnly(folder) : ".", vsix)));
  return vsix;
}

/** Packages the extension in a folder as `vsix`; its path. */
export function pack(root: string, vsix: string): string {
  const vsce = resolve("node_modules/@vscode/vsce/vsce");
  const options = [
    "--no-dependencies",
    "--allow-missing-repository",
    "--skip-license",
    "--no-rewrite-relative-links",
  ];
  execFileSync(process.execPath, [vsce, "package", ...options, "-o", vsix], {
    cwd: root,
    stdio: ["ignore", "ignore", "pipe"],
  });
  return vsix;
}

/** A copy of what is packaged whose manifest has no `main`: VS Code then runs it in a web worker. */
function webOnly(folder: string): string {
  const root = join(folder, "web");
  const folders = ["dist", "media", "syntaxes", "schemas", "examples", "docs/images"];
  const parts = [...folders, "README.md", "CHANGELOG.md"];
  for (const part of [...parts, "LICENSE-MIT", "LICENSE-APACHE", ".vscodeignore"]) {
    cpSync(part, join(root, part), { recursive: true });
  }
  const {
    main: _,
    extensionKind: __,
    ...manifest
  } = JSON.parse(readFileSync("package.json", "utf8"));
  writeFileSync(join(root, "package.json"), JSON.stringify(manifest));
  return root;
}
