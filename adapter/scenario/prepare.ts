// From a scenario to a board and apps: files are read, names are checked, and nothing runs yet.
import { type BoardDescription, UserError } from "../../emulator/index.js";
import { type App, readApps, targetOf } from "../apps.js";
import { boardNamed, chooseBoard } from "../board-choice.js";
import { type Files, folderOf, joinPath } from "../files.js";
import { AUTOMATIC } from "../launch.js";
import {
  ANYONE,
  type AppEntry,
  type Condition,
  type Expectation,
  KERNEL,
  type Place,
  type Scenario,
} from "./model.js";

export interface Prepared {
  /** Path of the scenario's file. */
  file: string;
  scenario: Scenario;
  board: BoardDescription;
  /** Every app but those that a step loads. */
  apps: readonly App[];
  notices: readonly string[];
}

export const appName = (app: App): string => app.name ?? app.tbf.header.name ?? "";

/** A mistake in a scenario file as one sentence with its place. */
export const mistakeAt = (file: string, { line, column }: Place, message: string): UserError =>
  new UserError(`${file}:${line}:${column}: ${message}`);

/** @throws UserError with the place of the first mistake */
export async function prepare(file: string, scenario: Scenario, files: Files): Promise<Prepared> {
  const named = at(file, scenario.place, () => boardNamed(scenario.board));
  const apps: App[] = [];
  const notices: string[] = [];
  for (const entry of scenario.apps) {
    const { app, notice } = await readEntry(file, entry, named, files);
    apps.push(app);
    if (notice !== undefined) notices.push(notice);
  }
  const { board, notice } =
    scenario.board === AUTOMATIC ? chooseBoard(apps) : { board: named, notice: undefined };
  if (notice !== undefined) notices.push(notice);
  const known = apps.map(appName);
  for (const { does } of scenario.steps) {
    if (does.kind !== "load") continue;
    const { app } = await readEntry(file, does.app, board, files);
    known.push(appName(app));
  }
  checkNames(file, scenario, known);
  return { file, scenario, board, apps, notices };
}

/** Reads an app that a scenario names; of a board that runs, `suits` chooses among the variants of a TAB. */
export async function readEntry(
  file: string,
  entry: AppEntry,
  board: BoardDescription,
  files: Files,
  suits?: (tbf: Uint8Array) => boolean,
): Promise<{ app: App; notice: string | undefined }> {
  const beside = (path: string) => joinPath(folderOf(file), path).replace(/^\.\//, "");
  const { path, elf, name, installed, place } = entry;
  const option = {
    path: beside(path),
    elf: elf === undefined ? undefined : beside(elf),
    name,
    sourceMap: {},
    installed,
  };
  try {
    const target = { ...targetOf(board), ...(suits && { suits }) };
    const { apps, notices } = await readApps([option], target, files);
    return { app: apps[0] as App, notice: notices[0] };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw mistakeAt(file, place, error.message);
  }
}

function at<T>(file: string, place: Place, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw mistakeAt(file, place, error.message);
  }
}

function checkNames(file: string, scenario: Scenario, known: readonly string[]): void {
  const places = [
    ...scenario.steps.map(({ place, does }) => ({ place, app: appOf(does) })),
    ...scenario.expectations.map(e => ({ place: e.place, app: appOf(e) })),
  ];
  for (const { place, app } of places) {
    if (app === undefined || known.includes(app)) continue;
    throw mistakeAt(file, place, `There is no app "${app}" here; there are ${known.join(", ")}.`);
  }
}

function appOf(
  does: Condition | Expectation | Scenario["steps"][number]["does"],
): string | undefined {
  switch (does.kind) {
    case "console":
    case "noConsole":
      return does.from === ANYONE || does.from === KERNEL ? undefined : does.from;
    case "syscall":
    case "syscalls":
      return does.pattern.app;
    case "exit":
    case "fault":
    case "grantBytes":
      return does.app;
    default:
      return undefined;
  }
}
