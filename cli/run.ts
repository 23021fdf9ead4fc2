// `tock-debug run`: apps on an emulated board, from boot until nothing can happen any more.
import { setImmediate } from "node:timers/promises";
import { Advice } from "../adapter/advice.js";
import { type App, readApps, targetOf } from "../adapter/apps.js";
import { Debuggee } from "../adapter/debuggee.js";
import * as errors from "../adapter/errors.js";
import { nodeHost } from "../adapter/host.node.js";
import { parseInput, parseSeconds, parseWire, type ScriptedInput } from "../adapter/inputs.js";
import {
  type BoardDescription,
  bareBoard,
  boards,
  faultPolicy,
  faultPolicyNames,
  type KernelConfig,
  kernelConfigNames,
  type Machine,
  type ProcessFaultPolicy,
  type SchedulerName,
  schedulerNames,
  type TraceEvent,
  UserError,
} from "../emulator/index.js";
import { readBytes } from "./files.js";
import { Report } from "./report.js";
import { runBare } from "./run-bare.js";
import type { Arguments, Verb } from "./verb.js";

export const verb: Verb = {
  summary: "Runs apps on an emulated board; stdout is what the board's UART sends.",
  usage: "[OPTION]… APP…",
  options: {
    board: {
      short: "b",
      value: "NAME",
      help: "nrf52840dk unless given; tock-debug boards lists them; bare runs one ELF without a kernel",
    },
    core: { value: "NAME", help: "of the board bare: cortex-m0plus, cortex-m3 or cortex-m4" },
    for: { value: "SECONDS", help: "end after this much virtual time" },
    input: {
      short: "i",
      value: "[TIME:]DEVICE=VALUE",
      multiple: true,
      help: "act on a device, for example 1.5s:button0=down or 'console=abc\\n'",
    },
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
    json: { help: "print one JSON object at the end instead" },
  },
  examples: [
    "tock-debug run examples/hello/hello.tab",
    "tock-debug run --input 1s:button0=down --for 3 examples/grants/grants.tab",
  ],
  run,
};

/** Cycles between two looks at what the user does. */
const SLICE = 4_000_000;
/** Where nobody can press Ctrl-C. */
const SECONDS_IN_CI = 60;

async function run(args: Arguments): Promise<number> {
  const name = args.text("board") ?? "nrf52840dk";
  if (args.positionals.length === 0)
    throw new UserError("run: expected an app, a .tab or .tbf file. See tock-debug run --help.");
  if (name === bareBoard.name) return runBare(args);
  const board = boards.find(b => b.name === name);
  if (board === undefined)
    throw errors.unknownBoard(
      name,
      [...boards, bareBoard].map(b => b.name),
    );
  const options = readOptions(args);
  const { apps, wrong } = await readApps(
    args.positionals.map(path => ({ path, elf: undefined, name: undefined, sourceMap: {} })),
    targetOf(board),
    { ...nodeHost.files, read: path => readFile(args, path) },
  );
  for (const sentence of wrong) complain(sentence);
  const code = await new Run(board, apps, options).toTheEnd();
  return wrong.length > 0 ? 2 : code;
}

/** An app that cannot be read is told with the system's reason; other files need not be there. */
const readFile = async (args: Arguments, path: string): Promise<Uint8Array | undefined> =>
  args.positionals.includes(path) ? readBytes(path) : nodeHost.files.read(path);

const complain = (sentence: string): void => console.error(`tock-debug: ${sentence}`);

interface Options {
  /** Virtual seconds. */
  limit: number;
  inputs: readonly ScriptedInput[];
  appsOnly: boolean;
  kernelConfig: KernelConfig;
  seed: number | undefined;
  wires: readonly (readonly [number, number])[];
  faultPolicy: ProcessFaultPolicy | undefined;
  scheduler: SchedulerName | undefined;
  json: boolean;
}

function readOptions(args: Arguments): Options {
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
    json: args.flag("json"),
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

/** One run of a board: inputs at their times, bytes to stdout, sentences to stderr. */
class Run {
  readonly #machine: Machine;
  readonly #debuggee: Debuggee;
  readonly #report = new Report();
  readonly #options: Options;
  /** Cycle at which the run ends. */
  readonly #limit: number;
  /** Inputs that have not happened yet, by cycle. */
  readonly #inputs: { cycle: number; input: ScriptedInput }[];
  readonly #advice = new Advice(process => this.#debuggee.nameOf(process));
  #interrupted = false;

  constructor(board: BoardDescription, apps: readonly App[], options: Options) {
    this.#options = options;
    const { machine, kernel } = board.build({
      apps: apps.map(({ tbf }) => tbf.bytes),
      kernelConfig: options.kernelConfig,
      wires: options.wires,
      ...(options.faultPolicy && { faultPolicy: options.faultPolicy }),
      ...(options.scheduler && { scheduler: options.scheduler }),
      ...(options.seed === undefined ? {} : { seed: options.seed }),
      listen: event => this.#hear(event),
    });
    this.#machine = machine;
    this.#debuggee = new Debuggee(machine, kernel, apps);
    machine.stopOnFault = true;
    const { frequency } = machine.clock;
    this.#limit = options.limit * frequency;
    this.#inputs = options.inputs.map(input => ({
      cycle: Math.round(input.seconds * frequency),
      input,
    }));
    for (const { device } of options.inputs) this.#checkDevice(device);
  }

  async toTheEnd(): Promise<number> {
    const interrupt = () => {
      this.#interrupted = true;
    };
    process.on("SIGINT", interrupt);
    while (!this.#interrupted && this.#slice()) {
      await (process.stdout.writableNeedDrain ? drained() : setImmediate());
    }
    process.off("SIGINT", interrupt);
    const result = this.#report.result(this.#machine, this.#debuggee.kernel);
    if (this.#options.json) console.log(JSON.stringify(result, null, 2));
    if (this.#interrupted) console.error(this.#report.summary(result));
    return result.processes.some(p => p.faults.length > 0) ? 1 : 0;
  }

  /** Runs on for a while; false when the run is over. */
  #slice(): boolean {
    const machine = this.#machine;
    const { clock } = machine;
    while (this.#inputs[0] !== undefined && this.#inputs[0].cycle <= clock.now) this.#act();
    if (clock.now >= this.#limit) return false;
    const next = Math.min(this.#inputs[0]?.cycle ?? Number.POSITIVE_INFINITY, this.#limit);
    const stop = machine.run(Math.min(next, clock.now + SLICE));
    switch (stop.reason) {
      case "fault":
        this.#explain(stop.process);
        return true;
      case "idle":
        if (this.#inputs.length === 0) return false;
        machine.sleepUntil(next);
        return true;
      case "halted":
      case "exited":
        return false;
      default:
        return true;
    }
  }

  #act(): void {
    const input = this.#inputs.shift()?.input;
    if (input !== undefined) this.#machine.input(input.device, input.value);
  }

  /** A name that is wrong is told before anything runs. */
  #checkDevice(device: string): void {
    if (this.#machine.devices.get(device)?.onInput !== undefined) return;
    const known = [...this.#machine.devices.values()].filter(d => d.onInput !== undefined);
    throw errors.unknownDevice(
      device,
      known.map(d => d.name),
    );
  }

  #explain(index: number, requested = false): void {
    const sentence = this.#debuggee.faultText(index, requested);
    const [frame] = this.#debuggee.frames(index, 1);
    const location = frame?.location ?? null;
    this.#report.fault(this.#machine, this.#debuggee.kernel.process(index), sentence, location);
    const seconds = (this.#machine.clock.now / this.#machine.clock.frequency).toFixed(6);
    const place =
      location === null ? "" : ` In ${frame?.name} (${location.path}:${location.line}).`;
    complain(`${this.#debuggee.nameOf(index)} faulted at ${seconds} s. ${sentence}${place}`);
  }

  #hear(event: TraceEvent): void {
    const advice = this.#advice.hear(event);
    if (advice !== undefined) complain(advice);
    if (event.type === "notice") complain(event.text);
    if (event.type === "uart") {
      if (this.#options.appsOnly && event.origin.from !== "process") return;
      if (this.#options.json) this.#report.console(event.bytes);
      else process.stdout.write(event.bytes);
    }
    // A process that faults by itself stops the machine first.
    if (event.type === "processFaulted" && event.requested) this.#explain(event.process, true);
  }
}

const drained = (): Promise<void> =>
  new Promise(resolve => process.stdout.once("drain", () => resolve()));
