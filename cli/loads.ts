// `--load-at` and `--flash` of the verbs that run a board: apps that come while it runs, and files that keep its memory.
import { readApps, targetOf } from "../adapter/apps.js";
import { readFlashFiles, writtenMeanwhile } from "../adapter/flash-files.js";
import { nodeHost } from "../adapter/host.node.js";
import { parseSeconds } from "../adapter/inputs.js";
import { type BoardDescription, UserError } from "../emulator/index.js";
import type { BoardRun, Load, RunOptions } from "./board-run.js";
import { existingBytes, expectFolderOf, readBytes, replaceBytes } from "./files.js";
import { complain } from "./text.js";
import type { Arguments, Option } from "./verb.js";

export const loadOptions = {
  "load-at": {
    value: "SECONDS:APP",
    multiple: true,
    help: "install the app while the board runs; in the place of one of its name, else where there is room",
  },
  flash: {
    value: "FILE",
    help: "keep the board's flash in FILE between runs, as tockloader --flash-file does, and its other memory chips in FILE.chips.tar; apps are installed over it",
  },
} as const satisfies Record<string, Option>;

/** @throws UserError for an app or a file that cannot be read */
export async function readLoads(args: Arguments): Promise<Pick<RunOptions, "loads" | "flash">> {
  const loads = args.texts("load-at").map(readLoad);
  for (const { path } of loads) readBytes(path);
  const path = args.text("flash");
  if (path === undefined) return { loads, flash: undefined };
  // What cannot be kept is told before anything runs.
  expectFolderOf(path);
  const kept = await readFlashFiles(path, async file => existingBytes(file));
  return { loads, flash: { path, ...kept } };
}

/** Whether there may be apps though none is named: later, or in a flash file that is there. */
export const bringsApps = (args: Arguments): boolean => {
  const flash = args.text("flash");
  const later = args.texts("load-at").length > 0;
  return later || (flash !== undefined && existingBytes(flash) !== undefined);
};

/** `SECONDS:APP` */
function readLoad(argument: string): Load {
  const [, time = "", path = ""] = /^([^:]*):(.+)$/s.exec(argument) ?? [];
  const seconds = parseSeconds(time);
  if (seconds === undefined)
    throw new UserError(`--load-at ${argument}: expected SECONDS:APP, for example 1.5:blink.tab.`);
  return { seconds, path };
}

/** Installs an app that is due, if any. */
export async function installDue(run: BoardRun, board: BoardDescription): Promise<void> {
  if (run.due === undefined) return;
  const { path } = run.due;
  const suits = (tbf: Uint8Array) => run.loader.suits(tbf);
  try {
    const option = { path, elf: undefined, name: undefined, sourceMap: {}, installed: true };
    const { apps } = await readApps([option], { ...targetOf(board), suits }, nodeHost.files);
    run.install(apps[0]);
  } catch (error) {
    run.install(undefined);
    run.refuse(error);
  }
}

/** @throws UserError with the path and the reason */
export function saveFlash(run: BoardRun): void {
  const { flash } = run;
  const lost = flash && writtenMeanwhile(flash.path, flash.flash, existingBytes(flash.path));
  if (lost !== undefined) complain(lost);
  for (const { path, bytes } of run.flashFiles) replaceBytes(path, bytes);
}
