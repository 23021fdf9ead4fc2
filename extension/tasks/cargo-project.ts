// The Cargo project around the active editor: its apps, asked of cargo.
import * as vscode from "vscode";
import type { Run } from "../commands/real-board.js";
import { Sentence } from "../commands/said.js";
import { foldersAbove } from "../find-app.js";
import { isVirtual, toPath } from "../paths.js";
import { platformOf } from "./builds.js";
import { type CargoApp, cargoApps, programsFor, readConfig, readMetadata } from "./cargo.js";

/** Starts programs, where the host can. */
let run: Run | undefined;
export function useRunner(runner: Run | undefined): void {
  run = runner;
}

const isCargoFile = (file: string): boolean => /\.(rs|toml)$/.test(file);

/** Apps of the package that the active editor's file belongs to, else of a workspace folder; none without cargo or trust. */
export async function appsOfCargo(activeFile: string | undefined): Promise<readonly CargoApp[]> {
  if (run === undefined || !vscode.workspace.isTrusted) return [];
  const roots = (vscode.workspace.workspaceFolders ?? [])
    .filter(({ uri }) => uri.scheme === "file")
    .map(({ uri }) => `${toPath(uri)}/Cargo.toml`);
  const isSource = activeFile !== undefined && isCargoFile(activeFile) && !isVirtual(activeFile);
  const files = isSource ? [activeFile] : roots;
  for (const file of files) {
    const apps = await appsAround(file, run);
    if (apps.length > 0) return apps;
  }
  return [];
}

async function appsAround(file: string, run: Run): Promise<readonly CargoApp[]> {
  const folders = foldersAbove(file, []);
  const folder = await firstWith(folders, "Cargo.toml");
  if (folder === undefined) return [];
  if (!(await textOf(`${folder}/Cargo.toml`))?.includes("libtock")) return [];
  const { code, output, errors } = await run("cargo", METADATA, folder);
  if (code === undefined)
    throw new Sentence("cargo was not found on the PATH: this app is built with it.");
  if (code !== 0) throw new Sentence(`cargo metadata failed: ${lastError(errors)}`);
  const chosen = programsFor(file, readMetadata(output));
  if (chosen === undefined) return [];
  const texts = await Promise.all(folders.flatMap(configFiles).map(textOf));
  const board = vscode.workspace.getConfiguration("tock").get<string>("board", "auto");
  return cargoApps(chosen.found, chosen.programs, {
    config: readConfig(texts.filter(text => text !== undefined)),
    ownConfig: await isThere(`${chosen.found.folder}/.cargo`),
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
