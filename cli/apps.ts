// `tock-debug apps`: every app of a folder on a board of its own, and whether it prints what NAME.expected says.
import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { setImmediate } from "node:timers/promises";
import { readApps, targetOf } from "../adapter/apps.js";
import { boardNamed } from "../adapter/board-choice.js";
import { nodeHost } from "../adapter/host.node.js";
import {
  type BoardDescription,
  compatibleArchitectures,
  readTab,
  UserError,
} from "../emulator/index.js";
import { BoardRun } from "./board-run.js";
import { firstDifference } from "./difference.js";
import { existingBytes, readBytes, writeBytes } from "./files.js";
import type { RunResult } from "./report.js";
import { readOptions, verb as runVerb } from "./run.js";
import { type Arguments, readArguments, type Verb } from "./verb.js";

export const verb: Verb = {
  summary: "Runs each app of a folder by itself and compares what it prints with NAME.expected.",
  usage: "[OPTION]… FOLDER|APP…",
  options: {
    board: { short: "b", value: "NAME", help: "nrf52840dk unless given, as for run" },
    for: { value: "SECONDS", help: "end each run after this much virtual time (10)" },
    update: { help: "write what came as NAME.expected" },
    json: { help: "print one JSON object at the end instead" },
  },
  notes: [
    "NAME.expected beside NAME.tab has the bytes that apps print. NAME.input has a line for each input (1s:button0=down),",
    "for options of run (--for 30 --wire 0-1), for another app beside it (../b/b.tab), --faults if the app is meant to",
    "fault, and remarks (# …). NAME.BOARD.expected and NAME.BOARD.input stand for both on one board.",
  ],
  examples: ["tock-debug apps --board microbit_v2 examples"],
  run,
};

/** What came of one app: `ran` where nothing is expected of it, `skipped` where it does not suit the board. */
export interface AppResult {
  path: string;
  result: "same" | "differs" | "faulted" | "ran" | "skipped" | "refused";
  /** Why, in a sentence: the first difference, the fault, why it did not run. */
  reason?: string;
  consoleBytes: number;
  run?: RunResult;
}

export interface AppsResult {
  schema: 1;
  board: string;
  apps: AppResult[];
}

const SECONDS = "10";

async function run(args: Arguments): Promise<number> {
  if (args.positionals.length === 0)
    throw new UserError("apps: expected a folder with .tab files. See tock-debug apps --help.");
  const board = boardNamed(args.text("board") ?? "nrf52840dk");
  const paths = args.positionals.flatMap(appsUnder);
  const [root] = args.positionals.length === 1 ? args.positionals : ["."];
  const nameOf = (path: string) => relative(root ?? ".", path).replace(/\.t[ab][bf]$/, "") || path;
  const width = Math.max(...paths.map(path => nameOf(path).length));
  const results: AppResult[] = [];
  for (const path of paths) {
    const result = await runApp(path, board, args);
    results.push(result);
    if (!args.flag("json")) console.log(lineOf(nameOf(path).padEnd(width), result));
  }
  const report: AppsResult = { schema: 1, board: board.name, apps: results };
  console.log(args.flag("json") ? JSON.stringify(report, null, 2) : summaryOf(report));
  return results.some(({ result }) => failures.includes(result)) ? 1 : 0;
}

const failures: readonly AppResult["result"][] = ["differs", "faulted", "refused"];

/** The TABs under a folder in the order of their paths, or the app itself. */
function appsUnder(path: string): string[] {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return [path];
  const found = readdirSync(path, { withFileTypes: true, recursive: true })
    .filter(entry => entry.isFile() && entry.name.endsWith(".tab"))
    .map(entry => join(entry.parentPath, entry.name))
    .sort();
  if (found.length === 0) throw new UserError(`${path}: no .tab file lies in this folder.`);
  return found;
}

async function runApp(path: string, board: BoardDescription, args: Arguments): Promise<AppResult> {
  try {
    if (!holdsCodeFor(path, board))
      return {
        path,
        result: "skipped",
        reason: `no code for ${board.architecture}`,
        consoleBytes: 0,
      };
    return await runOnBoard(path, board, args);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { path, result: "refused", reason: error.message, consoleBytes: 0 };
  }
}

function holdsCodeFor(path: string, board: BoardDescription): boolean {
  const bytes = readBytes(path);
  if (!path.endsWith(".tab")) return true;
  const runnable = compatibleArchitectures(board.architecture);
  return readTab(bytes, path).binaries.some(({ architecture }) => runnable.includes(architecture));
}

async function runOnBoard(
  path: string,
  board: BoardDescription,
  args: Arguments,
): Promise<AppResult> {
  const own = inputArguments(path, board, args.text("for") ?? SECONDS);
  const options = readOptions(own);
  const { apps, wrong } = await readApps(
    [path, ...own.positionals].map(app => ({
      path: app,
      elf: undefined,
      name: undefined,
      sourceMap: {},
      installed: true,
    })),
    targetOf(board),
    nodeHost.files,
  );
  if (wrong[0] !== undefined) throw new UserError(wrong[0]);
  const pieces: Uint8Array[] = [];
  const sentences: string[] = [];
  const run = new BoardRun(board, apps, options, {
    console: bytes => pieces.push(bytes),
    say: sentence => sentences.push(sentence),
  });
  while (run.slice()) await setImmediate();
  const printed = Buffer.concat(pieces);
  const result = run.result(printed.toString());
  const [reason] = sentences;
  const outcome = { path, consoleBytes: printed.length, run: result, ...(reason && { reason }) };
  if (run.refused) return { ...outcome, result: "refused" };
  if (result.processes.length < apps.length) return { ...outcome, result: "skipped" };
  const expectation = beside(path, board, "expected");
  if (args.flag("update")) writeBytes(expectation, printed);
  const expected = existingBytes(expectation);
  const faulted = result.processes.some(({ faults }) => faults.length > 0);
  const difference =
    (expected && firstDifference(expected, printed)) ??
    (own.flag(FAULTS) && !faulted ? "it does not fault" : undefined);
  if (difference !== undefined)
    return {
      ...outcome,
      result: "differs",
      reason: [difference, ...sentences.slice(0, 1)].join("; "),
    };
  if (faulted && !own.flag(FAULTS)) return { ...outcome, result: "faulted" };
  return { ...outcome, result: expected ? "same" : "ran" };
}

/** `NAME.BOARD.EXTENSION` where there is such a file, else `NAME.EXTENSION`. */
function beside(path: string, board: BoardDescription, extension: string): string {
  const stem = path.replace(/\.t[ab][bf]$/, "");
  const ofBoard = `${stem}.${board.name}.${extension}`;
  return existsSync(ofBoard) ? ofBoard : `${stem}.${extension}`;
}

/** What NAME.input may say beyond the options of `run`. */
const FAULTS = "faults";
const { "load-at": _loadAt, flash: _flash, ...runOptions } = runVerb.options;
const inputVerb: Verb = {
  ...runVerb,
  options: { ...runOptions, [FAULTS]: { help: "the app is meant to fault" } },
};

/** The lines of NAME.input as arguments of `run`. */
function inputArguments(path: string, board: BoardDescription, seconds: string): Arguments {
  const bytes = existingBytes(beside(path, board, "input"));
  const lines = new TextDecoder().decode(bytes).split(/\r?\n/);
  const written = lines.flatMap(line => {
    if (line === "" || line.startsWith("#")) return [];
    if (line.startsWith("--")) return line.trim().split(/\s+/);
    return line.includes("=") ? ["--input", line] : [resolve(dirname(path), line)];
  });
  return readArguments("run", inputVerb, ["--console=apps", "--for", seconds, ...written]);
}

function lineOf(name: string, { result, reason, consoleBytes, run }: AppResult): string {
  const [process] = run?.processes ?? [];
  const code = process?.completionCode ?? null;
  const [word] = process?.state.split("(") ?? [];
  const state = process ? `${word}${code === null ? "" : ` (${code})`}` : "";
  const counts = [
    `${consoleBytes} bytes`.padStart(12),
    `${process?.syscalls ?? 0} system calls`.padStart(19),
  ];
  return [name, state.padEnd(16), ...counts, result.padEnd(7), reason ?? ""].join("  ").trimEnd();
}

function summaryOf({ board, apps }: AppsResult): string {
  const count = (result: AppResult["result"]) => apps.filter(app => app.result === result).length;
  const parts = (["same", "differs", "faulted", "ran", "skipped", "refused"] as const)
    .filter(result => count(result) > 0)
    .map(result => `${count(result)} ${result}`);
  return `${apps.length} apps on ${board}: ${parts.join(", ")}.`;
}
