// From the options of a launch to a board that has booted: files are read, the board is chosen, nothing runs yet.
import type { BoardDescription, TockBoard, TraceEvent } from "../emulator/index.js";
import { type App, readApps, targetOf } from "./apps.js";
import { boardNamed, chooseBoard } from "./board-choice.js";
import * as errors from "./errors.js";
import type { Files } from "./files.js";
import { readFlashFiles } from "./flash-files.js";
import { AUTOMATIC, type LaunchOptions } from "./launch.js";
import { mistakeAt, type Prepared, prepare } from "./scenario/prepare.js";
import { readScenarios } from "./scenario/read.js";
import { boardOptions } from "./scenario/run.js";

/** The board as it is built, and what it is called. */
export type BuiltBoard = Pick<BoardDescription, "name" | "description" | "appFlash" | "appRam"> & {
  built: TockBoard;
};

export interface Booted {
  built: TockBoard;
  board: BoardDescription;
  apps: readonly App[];
  /** Sentences for the user. */
  notices: readonly string[];
  /** What is to be driven. */
  scenario: Prepared | undefined;
  /** The flash file as it was read. */
  flash: Uint8Array | undefined;
}

/** `listen` hears every event from the boot on. @throws UserError */
export async function boot(
  options: LaunchOptions,
  files: Files,
  listen: (event: TraceEvent) => void,
): Promise<Booted> {
  if (options.scenario !== undefined) return bootScenario(options.scenario, files, listen);
  const named = boardNamed(options.board);
  const { flash } = options;
  const kept = flash === undefined ? undefined : await readFlashFiles(flash, files.read);
  const target = targetOf(named, kept?.flash);
  const { apps, wrong, notices } = await readApps(options.apps, target, files);
  const { board, notice } =
    options.board === AUTOMATIC ? chooseBoard(apps) : { board: named, notice: undefined };
  const built = board.build({
    apps: apps.filter(({ installed }) => installed).map(({ tbf }) => tbf.bytes),
    ...kept,
    ...boardOptions(options),
    listen,
  });
  const said = [
    ...options.notices,
    ...wrong,
    ...notices,
    ...(notice === undefined ? [] : [notice]),
  ];
  return { built, board, apps, notices: said, scenario: undefined, flash: kept?.flash };
}

async function bootScenario(
  { path, number }: NonNullable<LaunchOptions["scenario"]>,
  files: Files,
  listen: (event: TraceEvent) => void,
): Promise<Booted> {
  const bytes = await files.read(path);
  if (bytes === undefined) throw errors.fileNotFound(path);
  const { scenarios, mistakes } = readScenarios(new TextDecoder().decode(bytes), path);
  const scenario = scenarios.find(each => each.number === number);
  if (scenario === undefined) {
    const [mistake] = mistakes;
    if (mistake !== undefined) throw mistakeAt(path, mistake, mistake.message);
    throw errors.noSuchScenario(path, number, scenarios.length);
  }
  const prepared = await prepare(path, scenario, files);
  const { board, apps, notices } = prepared;
  const built = board.build({
    apps: apps.filter(({ installed }) => installed).map(({ tbf }) => tbf.bytes),
    ...boardOptions(scenario),
    listen,
  });
  return { built, board, apps, notices, scenario: prepared, flash: undefined };
}
