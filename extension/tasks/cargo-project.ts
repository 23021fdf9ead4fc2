// The Cargo project around the active editor: its apps, asked of cargo.
import * as vscode from "vscode";
import type { Run } from "../commands/real-board.js";
import { Sentence } from "../commands/said.js";
import { foldersAbove } from "../find-app.js";
import { isVirtual, toPath } from "../paths.js";
import { platformOf } from "./builds.js";
import {
  type CargoApp,
  type CargoPackage,
  cargoApps,
  elfOf,
  programsFor,
  readConfig,
  readMetadata,
  withoutOptimization,
} from "./cargo.js";

/** Starts programs, where the host can. */
let run: Run | undefined;
export function useRunner(runner: Run | undefined): void {
  run = runner;
}

/** Apps of the package that the active editor's file belongs to, else of a workspace folder; none without cargo or trust. */
export async function appsOfCargo(activeFile: string | undefined): Promise<readonly CargoApp[]> {
  for (const file of filesOf(activeFile)) {
    const packages = await packagesAround(file);
    const chosen = programsFor(file, packages);
    // The manifest of a workspace may be that of no package: all are meant.
    const isRoot = packages.some(({ root }) => file === `${root}/Cargo.toml`);
    const apps = await (chosen === undefined && isRoot ? allApps(packages) : appsOf(chosen));
    if (apps.length > 0) return apps;
  }
  return [];
}

/** So long a list of apps waits for cargo, in milliseconds: rustup may be fetching it at this moment. */
const PATIENCE = 5000;

/** The ELF files that are there of all apps of Cargo projects here: of the workspace folders and of the active editor's file. */
export function builtElfs(activeFile: string | undefined): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve([]), PATIENCE);
    elfsAround(activeFile)
      .then(resolve, reject)
      .finally(() => clearTimeout(timer));
  });
}

async function elfsAround(activeFile: string | undefined): Promise<string[]> {
  const files = new Set([...filesOf(activeFile), ...manifests()]);
  const projects = await Promise.all(
    [...files].map(async file => allApps(await packagesAround(file).catch(() => []))),
  );
  const apps = projects.flat();
  const paths = new Set([...apps, ...apps.map(withoutOptimization)].map(elfOf));
  const there = await Promise.all(
    [...paths].map(async path => ((await isThere(path)) ? path : [])),
  );
  return there.flat();
}

const isCargoFile = (file: string): boolean => /\.(rs|toml)$/.test(file);

/** Of the workspace folders on a disk. */
const manifests = (): string[] =>
  (vscode.workspace.workspaceFolders ?? [])
    .filter(({ uri }) => uri.scheme === "file")
    .map(({ uri }) => `${toPath(uri)}/Cargo.toml`);

/** Around which a Cargo project is looked for: the source in front of the user, else the workspace folders. */
function filesOf(activeFile: string | undefined): string[] {
  const isSource = activeFile !== undefined && isCargoFile(activeFile) && !isVirtual(activeFile);
  return isSource ? [activeFile] : manifests();
}

/** Packages with libtock of the Cargo project that a file lies in; none where cargo may not be asked. @throws Sentence */
async function packagesAround(file: string): Promise<readonly CargoPackage[]> {
  if (run === undefined || !vscode.workspace.isTrusted) return [];
  const folder = await firstWith(foldersAbove(file, []), "Cargo.toml");
  const manifest = folder && (await textOf(`${folder}/Cargo.toml`));
  if (folder === undefined || manifest === undefined) return [];
  const isTock = manifest.includes("libtock");
  // What the members of a workspace use need not stand in its own manifest.
  if (!isTock && !/^\s*\[workspace\b/m.test(manifest)) return [];
  const { code, output, errors } = await run("cargo", METADATA, { folder });
  if (code === 0) return readMetadata(output);
  if (!isTock) return [];
  if (code === undefined)
    throw new Sentence("cargo was not found on the PATH: this app is built with it.");
  throw new Sentence(`cargo metadata failed: ${lastError(errors)}`);
}

const allApps = async (packages: readonly CargoPackage[]): Promise<readonly CargoApp[]> =>
  (await Promise.all(packages.map(found => appsOf({ found, programs: found.programs })))).flat();

async function appsOf(chosen: ReturnType<typeof programsFor>): Promise<readonly CargoApp[]> {
  if (chosen === undefined) return [];
  const { found, programs } = chosen;
  const folders = foldersAbove(`${found.folder}/Cargo.toml`, []);
  const texts = await Promise.all(folders.flatMap(configFiles).map(textOf));
  const board = vscode.workspace.getConfiguration("tock").get<string>("board", "auto");
  return cargoApps(found, programs, {
    config: readConfig(texts.filter(text => text !== undefined)),
    ownConfig: await isThere(`${found.folder}/.cargo`),
    board,
    platform: platformOf(board),
  });
}

const METADATA = ["metadata", "--no-deps", "--format-version=1", "--offline"];

const configFiles = (folder: string): string[] => [
  `${folder}/.cargo/config.toml`,
  `${folder}/.cargo/config`,
];

/** `error: failed to parse …`, or the last line. */
function lastError(text: string): string {
  const lines = text.trim().split("\n");
  const found = lines.find(line => line.startsWith("error")) ?? lines.at(-1) ?? "";
  return found.replace(/^error:\s*/, "");
}

async function firstWith(folders: readonly string[], name: string): Promise<string | undefined> {
  for (const folder of folders) if (await isThere(`${folder}/${name}`)) return folder;
  return undefined;
}

export async function isThere(path: string): Promise<boolean> {
  return vscode.workspace.fs.stat(vscode.Uri.file(path)).then(
    () => true,
    () => false,
  );
}

/** Of a file, if there is one. */
async function textOf(path: string): Promise<string | undefined> {
  return vscode.workspace.fs.readFile(vscode.Uri.file(path)).then(
    bytes => new TextDecoder().decode(bytes),
    () => undefined,
  );
}
