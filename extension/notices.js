// Which packages of others the bundles hold, and under which licences: a webpack plugin that writes what each of them asks
// to be shipped with its code. A test checks the licences.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

export class Notices {
  /** Folders of packages; shared by the compilers of all bundles. */
  static #folders = new Set();
  #path;

  constructor(path) {
    this.#path = path;
  }

  apply(compiler) {
    compiler.hooks.compilation.tap("Notices", compilation =>
      compilation.hooks.finishModules.tap("Notices", modules => {
        for (const { resource } of modules) this.#add(resource);
      }),
    );
    compiler.hooks.afterEmit.tap("Notices", () => this.#write());
  }

  #add(resource) {
    const [folder] =
      /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(resource ?? "") ?? [];
    if (folder !== undefined) Notices.#folders.add(folder);
  }

  #write() {
    const texts = [...Notices.#folders].map(noticeOf).sort();
    mkdirSync(dirname(this.#path), { recursive: true });
    writeFileSync(this.#path, `${texts.join(`\n\n${"-".repeat(79)}\n\n`)}\n`);
  }
}

function noticeOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find(entry => /^licen[cs]e/i.test(entry));
  const text = file === undefined ? "" : readFileSync(join(folder, file), "utf8");
  return `${name} ${version} (${license})\n\n${text.replaceAll("\r\n", "\n").trim()}`;
}
