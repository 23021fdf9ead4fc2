// One run of a board from power-on: inputs at their times, what the UART sends, and what became of each process.
import { Advice } from "../adapter/advice.js";
import type { App } from "../adapter/apps.js";
import { shortText } from "../adapter/crash/explain.js";
import { explainProcess } from "../adapter/crash/live-scene.js";
import { Debuggee } from "../adapter/debuggee.js";
import * as errors from "../adapter/errors.js";
import { flashFiles, type KeptMemory } from "../adapter/flash-files.js";
import type { ScriptedInput } from "../adapter/inputs.js";
import { recordingOf } from "../adapter/timeline/board.js";
import { type ChromeTrace, chromeTrace } from "../adapter/timeline/chrome-trace.js";
import type { Recording } from "../adapter/timeline/recording.js";
import {
  type AppLoader,
  type BoardDescription,
  type InputValue,
  type KernelConfig,
  type Machine,
  type ProcessFaultPolicy,
  type SchedulerName,
  type TockBoard,
  type TraceEvent,
  UserError,
} from "../emulator/index.js";
import { Report, type RunResult } from "./report.js";

export interface RunOptions {
  /** Virtual seconds. */
  limit: number;
  /** By time. */
  inputs: readonly ScriptedInput[];
  /** Leave out what the kernel prints. */
  appsOnly: boolean;
  kernelConfig: KernelConfig;
  seed: number | undefined;
  wires: readonly (readonly [number, number])[];
  faultPolicy: ProcessFaultPolicy | undefined;
  scheduler: SchedulerName | undefined;
  /** The file that keeps the board's memory, and what it holds at power-on. */
  flash?: (KeptMemory & { path: string }) | undefined;
  /** Record system calls and upcalls. */
  traced?: boolean;
  /** Apps to install while the board runs, by their paths. */
  loads?: readonly Load[];
}

export interface Load {
  /** Virtual seconds. */
  seconds: number;
  path: string;
}

/** Where the words of a run go. */
export interface RunOutput {
  /** Bytes that the board's UART has sent. */
  console(bytes: Uint8Array): void;
  /** One sentence for the user. */
  say(sentence: string): void;
}

/** Cycles between two looks at what the user does. */
const SLICE = 4_000_000;

export class BoardRun {
  readonly #board: TockBoard;
  readonly #machine: Machine;
  readonly #debuggee: Debuggee;
  readonly #report = new Report();
  readonly #options: RunOptions;
  readonly #output: RunOutput;
  /** Cycle at which the run ends. */
  readonly #limit: number;
  /** Inputs that have not happened yet, by cycle. */
  readonly #inputs: { cycle: number; input: ScriptedInput | Load }[];
  #idle = false;
  /** An input or an app was not what the board could take. */
  refused = false;
  /** Of an app that was to run from the start no process was made. */
  readonly lacksApp: boolean;
  readonly #recording: Recording | undefined;
  readonly #advice = new Advice(process => this.#debuggee.nameOf(process));

  /** @throws UserError for an input to a device that the board does not have */
  constructor(
    board: BoardDescription,
    apps: readonly App[],
    options: RunOptions,
    output: RunOutput,
  ) {
    this.#options = options;
    this.#output = output;
    let boot: TraceEvent[] | undefined = [];
    const built = board.build({
      apps: apps.map(({ tbf }) => tbf.bytes),
      ...(options.flash && { flash: options.flash.flash, chips: options.flash.chips }),
      kernelConfig: options.kernelConfig,
      wires: options.wires,
      ...(options.faultPolicy && { faultPolicy: options.faultPolicy }),
      ...(options.scheduler && { scheduler: options.scheduler }),
      ...(options.seed === undefined ? {} : { seed: options.seed }),
      listen: event => {
        boot?.push(event);
        this.#hear(event);
      },
    });
    const { machine, kernel } = built;
    if (options.traced) this.#recording = recordingFrom(built, boot);
    boot = undefined;
    this.#board = built;
    this.#machine = machine;
    this.#debuggee = new Debuggee(machine, kernel, apps);
    this.lacksApp = lacksAnyOf(kernel, apps);
    machine.stopOnFault = true;
    const { frequency } = machine.clock;
    this.#limit = options.limit * frequency;
    this.#inputs = [...options.inputs, ...(options.loads ?? [])]
      .sort((a, b) => a.seconds - b.seconds)
      .map(input => ({ cycle: Math.round(input.seconds * frequency), input }));
    for (const { device } of options.inputs) this.#checkDevice(device);
  }

  /** What was recorded, in the Trace Event Format. */
  get trace(): ChromeTrace | undefined {
    return this.#recording && chromeTrace(this.#recording, this.frequency);
  }

  get loader(): AppLoader {
    return this.#board.loader;
  }

  /** The file that keeps the board's memory, as it was at power-on. */
  get flash(): RunOptions["flash"] {
    return this.#options.flash;
  }

  /** What keeps the board's memory, with its bytes as they are now. */
  get flashFiles(): { path: string; bytes: Uint8Array }[] {
    const { flash } = this.#options;
    return flash === undefined ? [] : flashFiles(flash.path, this.#board);
  }

  /** What the run was so far, with the text that it was heard to print. */
  result(console: string): RunResult {
    return this.#report.result(this.#machine, this.#debuggee.kernel, console);
  }

  /** A sentence for what was to be done yet when the run ended. */
  get unfinished(): string[] {
    const { clock } = this.#machine;
    const advice = clock.now >= this.#limit ? "; let it run longer with --for" : "";
    const ended = `The run ended at ${clock.now / clock.frequency} s`;
    const busy = this.loader.busy
      ? [`${ended}, while an app was being installed or taken out${advice}.`]
      : [];
    const [next, ...others] = this.#inputs.map(({ input }) => input);
    if (next === undefined) return busy;
    const what =
      "path" in next ? `the installation of ${next.path}` : `the input to ${next.device}`;
    const more = others.length === 0 ? "" : ` and ${others.length} more`;
    return [...busy, `${ended}, before ${what} at ${next.seconds} s${more}${advice}.`];
  }

  /** Cycle at which the board stands. */
  get cycle(): number {
    return this.#machine.clock.now;
  }

  /** Of the board's CPU, in Hz. */
  get frequency(): number {
    return this.#machine.clock.frequency;
  }

  /** Nothing can happen without an input. */
  get idle(): boolean {
    return this.#idle;
  }

  /** Acts on a device now; a board that is idle sleeps to `cycle` first. */
  input(device: string, value: InputValue, cycle: number): void {
    const { clock } = this.#machine;
    if (this.#idle) this.#machine.sleepUntil(Math.min(cycle, clock.next));
    this.#machine.input(device, value);
  }

  /** Runs on for a while, `cycles` at most; false when the run is over. */
  slice(cycles = SLICE): boolean {
    const machine = this.#machine;
    const { clock } = machine;
    this.#idle = false;
    while (this.#inputs[0] !== undefined && this.#inputs[0].cycle <= clock.now)
      if (!this.#act()) return true;
    if (clock.now >= this.#limit) return false;
    const next = Math.min(this.#inputs[0]?.cycle ?? Number.POSITIVE_INFINITY, this.#limit);
    const stop = machine.run(Math.min(next, clock.now + cycles));
    switch (stop.reason) {
      case "fault":
        this.#explain(stop.process);
        return true;
      case "idle":
        this.#idle = this.#inputs.length === 0;
        if (this.#idle) return false;
        machine.sleepUntil(next);
        return true;
      case "halted":
        // Its reset button and its flash can be reached yet.
        if (!this.#inputs.some(({ input }) => "path" in input || input.device === "loader"))
          return false;
        machine.sleepUntil(next);
        return true;
      case "exited":
        return false;
      default:
        return true;
    }
  }

  /** An app that is due: it must be read and given to `install`, or `undefined`, before the run goes on. */
  get due(): Load | undefined {
    const [next] = this.#inputs;
    return next !== undefined && next.cycle <= this.cycle && "path" in next.input
      ? next.input
      : undefined;
  }

  /** Installs what is `due`; without an app it is left out. @throws UserError when the board cannot take it */
  install(app: App | undefined): void {
    if (app !== undefined) {
      this.#machine.input("loader", app.tbf.bytes);
      this.#debuggee.addApp(app);
    }
    this.#inputs.shift();
  }

  /** False when an app is due. */
  #act(): boolean {
    if (this.due !== undefined) return false;
    const input = this.#inputs.shift()?.input;
    if (input === undefined || !("device" in input)) return true;
    try {
      this.#machine.input(input.device, input.value);
    } catch (error) {
      this.refuse(error);
    }
    return true;
  }

  /** Tells what the board did not take; it runs on. Throws what is no mistake of the user's. */
  refuse(error: unknown): void {
    if (!(error instanceof UserError)) throw error;
    this.refused = true;
    this.#output.say(error.message);
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
    const explanation = explainProcess(this.#debuggee, index, { requested });
    const { verdict, place } = explanation;
    this.#report.fault(this.#machine, this.#debuggee.kernel.process(index), verdict, place);
    const seconds = (this.#machine.clock.now / this.#machine.clock.frequency).toFixed(6);
    const name = this.#debuggee.nameOf(index);
    this.#output.say(`${name} faulted at ${seconds} s. ${shortText(explanation)}`);
  }

  #hear(event: TraceEvent): void {
    const advice = this.#advice.hear(event);
    if (advice !== undefined) this.#output.say(advice);
    if (event.type === "notice") {
      this.refused ||= event.refused === true;
      this.#output.say(event.text);
    }
    if (event.type === "uart") {
      if (this.#options.appsOnly && event.origin.from !== "process") return;
      this.#output.console(event.bytes);
    }
    // A process that faults by itself stops the machine first.
    if (event.type === "processFaulted" && event.requested) this.#explain(event.process, true);
  }
}

/** Whether the kernel has left one out. Several may have the same name; one that is disabled is not to run. */
function lacksAnyOf(kernel: TockBoard["kernel"], apps: readonly App[]): boolean {
  const names = kernel.processes.map(({ name }) => name);
  return apps.some(({ tbf: { header } }) => {
    const found = names.indexOf(header.name);
    if (found >= 0) names.splice(found, 1);
    return found < 0 && header.enabled;
  });
}

/** Records on from what happened while the board was built. */
function recordingFrom(board: TockBoard, boot: readonly TraceEvent[]): Recording {
  const recording = recordingOf(board);
  for (const event of boot) recording.hear(event);
  board.machine.trace.listen(event => recording.hear(event));
  return recording;
}
