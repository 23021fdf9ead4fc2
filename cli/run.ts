// `tock-debug run`: apps on an emulated board, from boot until nothing can happen any more.
import { setImmediate } from "node:timers/promises";
import { type App, readApps, targetOf } from "../adapter/apps.js";
import { boardNamed, chooseBoard } from "../adapter/board-choice.js";
import { nodeHost } from "../adapter/host.node.js";
import { parseInput, parseSeconds, parseWire } from "../adapter/inputs.js";
import { AUTOMATIC } from "../adapter/launch.js";
import type { ChromeTrace } from "../adapter/timeline/chrome-trace.js";
import {
  type BoardDescription,
  bareBoard,
  faultPolicy,
  faultPolicyNames,
  type KernelConfig,
  kernelConfigNames,
  type ProcessFaultPolicy,
  type SchedulerName,
  schedulerNames,
  UserError,
} from "../emulator/index.js";
import { BoardRun, type RunOptions } from "./board-run.js";
import { readBytes, writeBytes } from "./files.js";
import { bringsApps, installDue, loadOptions, readLoads, saveFlash } from "./loads.js";
import { summaryOf } from "./report.js";
import { runBare } from "./run-bare.js";
import { complain, printable } from "./text.js";
import type { Arguments, Verb } from "./verb.js";

export const verb: Verb = {
  summary: "Runs apps on an emulated board; stdout is what the board's UART sends.",
  usage: "[OPTION]… APP…",
  options: {
    board: {
      short: "b",
      value: "NAME",
      help: "nrf52840dk unless given; tock-debug boards lists them; auto chooses one; bare runs one ELF without a kernel",
    },
    core: { value: "NAME", help: "of the board bare: cortex-m0plus, cortex-m3 or cortex-m4" },
    for: { value: "SECONDS", help: "end after this much virtual time" },
    input: {
      short: "i",
      value: "[TIME:]DEVICE=VALUE",
      multiple: true,
      help: "act on a device, for example 1.5s:button0=down or 'console=abc\\n'",
    },
    ...loadOptions,
    console: { value: "apps|all", help: "apps: leave out what the kernel prints" },
    "kernel-config": {
      value: "NAME",
      multiple: true,
      help: "switch on a setting of the kernel, for example debug_load_processes",
    },
    seed: { value: "N", help: "seed of the board's random numbers" },
    wire: { value: "A-B", multiple: true, help: "join GPIO pins A and B, for example 0-1" },
    "fault-policy": {
      value: "NAME",
      help: "what the kernel does about a fault, instead of the board's policy: panic, stop, restart, threshold-restart:N or another",
    },
    scheduler: {
      value: "NAME",
      help: "how processes share the CPU, instead of the board's way: round-robin, cooperative, priority or mlfq",
    },
    trace: {
      value: "FILE",
      help: "write system calls and upcalls as a Chrome trace, for ui.perfetto.dev or chrome://tracing",
    },
    json: { help: "print one JSON object at the end instead" },
  },
  examples: [
    "tock-debug run examples/hello/hello.tab",
    "tock-debug run --input 1s:button0=down --for 3 examples/grants/grants.tab",
    "tock-debug run --load-at 1:examples/hello/hello.tab --input '2s:loader=uninstall blink' examples/blink/blink.tab",
  ],
  run,
};

/** What ends a run early: flash is kept, and what became of it is told. */
const ENDING = ["SIGINT", "SIGTERM"] as const;

/** Where nobody can press Ctrl-C. */
const SECONDS_IN_CI = 60;

async function run(args: Arguments): Promise<number> {
  const name = args.text("board") ?? "nrf52840dk";
  if (args.positionals.length === 0 && !bringsApps(args))
    throw new UserError("run: expected an app, a .tab or .tbf file. See tock-debug run --help.");
  if (name === bareBoard.name) return runBare(args);
  const traceFile = args.text("trace");
  const traced = traceFile !== undefined;
  const options = { ...readOptions(args), ...(await readLoads(args)), traced };
  const { board, apps, wrong } = await loadApps(args.positionals, name, options.flash?.flash);
  // A file that cannot be written is told before anything runs.
  if (traced) writeBytes(traceFile, new Uint8Array());
  const ended = await toTheEnd(board, apps, options, args.flag("json"));
  if (traced && ended.trace !== undefined) writeTrace(traceFile, ended.trace);
  return wrong || ended.refused ? 2 : ended.code;
}

/**
 * The board of that name, or for `auto` the one that suits, and the apps that run on it beside what `image`, its flash, holds. What is wrong with another app is
 * told, and with its file in the system's words. @throws UserError that lists the boards
 */
export async function loadApps(
  paths: readonly string[],
  name: string,
  image?: Uint8Array,
): Promise<{ board: BoardDescription; apps: readonly App[]; wrong: boolean }> {
  const named = boardNamed(name, [bareBoard.name]);
  const { apps, wrong } = await readApps(
    paths.map(path => ({ path, elf: undefined, name: undefined, sourceMap: {}, installed: true })),
    targetOf(named, image),
    { ...nodeHost.files, read: path => readFile(paths, path) },
  );
  for (const sentence of wrong) complain(sentence);
  const { board, notice } = name === AUTOMATIC ? chooseBoard(apps) : { board: named };
  if (notice !== undefined) complain(notice);
  return { board, apps, wrong: wrong.length > 0 };
}

/** An app that cannot be read is told with the system's reason; other files need not be there. */
const readFile = async (apps: readonly string[], path: string): Promise<Uint8Array | undefined> =>
  apps.includes(path) ? readBytes(path) : nodeHost.files.read(path);

/** @throws UserError for a value that an option does not know */
export function readOptions(args: Arguments): RunOptions {
  const console = args.text("console") ?? "all";
  if (console !== "apps" && console !== "all")
    throw new UserError(`--console ${console}: expected apps or all.`);
  return {
    limit: readLimit(args.text("for")),
    inputs: args
      .texts("input")
      .map(parseInput)
      .sort((a, b) => a.seconds - b.seconds),
    appsOnly: console === "apps",
    kernelConfig: readKernelConfig(args.texts("kernel-config")),
    seed: args.number("seed"),
    faultPolicy: readFaultPolicy(args.text("fault-policy")),
    scheduler: readScheduler(args.text("scheduler")),
    wires: args.texts("wire").map(parseWire),
  };
}

function readLimit(text: string | undefined): number {
  if (text !== undefined) {
    const seconds = parseSeconds(text);
    if (seconds === undefined)
      throw new UserError(`--for ${text}: expected virtual seconds, for example 2.5.`);
    return seconds;
  }
  if (!process.env["CI"]) return Number.POSITIVE_INFINITY;
  complain(
    `CI is set, so the run ends after ${SECONDS_IN_CI} virtual seconds; --for changes that.`,
  );
  return SECONDS_IN_CI;
}

function readFaultPolicy(text: string | undefined): ProcessFaultPolicy | undefined {
  if (text === undefined) return undefined;
  const policy = faultPolicy(text);
  if (policy === undefined)
    throw new UserError(`--fault-policy ${text}: expected ${faultPolicyNames.join(", ")}.`);
  return policy;
}

function readScheduler(text: string | undefined): SchedulerName | undefined {
  const name = schedulerNames.find(n => n === text);
  if (text !== undefined && name === undefined)
    throw new UserError(`--scheduler ${text}: expected ${schedulerNames.join(", ")}.`);
  return name;
}

function readKernelConfig(names: readonly string[]): KernelConfig {
  const config: KernelConfig = {};
  for (const name of names) {
    const setting = kernelConfigNames.find(k => k === name);
    if (setting === undefined)
      throw new UserError(`--kernel-config ${name}: expected ${kernelConfigNames.join(" or ")}.`);
    config[setting] = true;
  }
  return config;
}

/** Bytes to stdout and sentences to stderr, until the run is over or the user interrupts it. */
async function toTheEnd(
  board: BoardDescription,
  apps: readonly App[],
  options: RunOptions,
  json: boolean,
): Promise<{ code: number; refused: boolean; trace: ChromeTrace | undefined }> {
  const decoder = new TextDecoder();
  let text = "";
  const run = new BoardRun(board, apps, options, {
    console: bytes => {
      if (json) text += decoder.decode(bytes, { stream: true });
      else process.stdout.write(bytes);
    },
    say: complain,
  });
  let interrupted = false;
  const interrupt = () => {
    interrupted = true;
  };
  for (const signal of ENDING) process.on(signal, interrupt);
  while (!interrupted && run.slice()) {
    await installDue(run, board);
    await (process.stdout.writableNeedDrain ? drained() : setImmediate());
  }
  for (const signal of ENDING) process.off(signal, interrupt);
  if (!interrupted) for (const sentence of run.unfinished) complain(sentence);
  const result = run.result(text);
  if (json) console.log(JSON.stringify(result, null, 2));
  if (interrupted) console.error(printable(summaryOf(result)));
  const code = result.processes.some(p => p.faults.length > 0) ? 1 : 0;
  saveFlash(run);
  return { code, refused: run.refused || run.lacksApp, trace: run.trace };
}

function writeTrace(path: string, trace: ChromeTrace): void {
  writeBytes(path, new TextEncoder().encode(`${JSON.stringify(trace)}\n`));
  const { rows, dropped } = trace.otherData;
  if (dropped > 0)
    complain(`${path} holds the last ${rows} rows; ${dropped} older ones were dropped.`);
}

const drained = (): Promise<void> =>
  new Promise(resolve => process.stdout.once("drain", () => resolve()));
