// Packages the extension for tests.
import { execFileSync } from "node:child_process";
import { join, resolve } from "node:path";

/** Packages the extension into `folder` without building it; the path of the vsix. */
export function packageExtension(folder: string): string {
  const vsix = join(folder, "tock-debug.vsix");
  const vsce = resolve("node_modules/@vscode/vsce/vsce");
  const options = [
    "--no-dependencies",
    "--allow-missing-repository",
    "--skip-license",
    "--no-rewrite-relative-links",
  ];
  execFileSync(process.execPath, [vsce, "package", ...options, "-o", vsix], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  return vsix;
}
