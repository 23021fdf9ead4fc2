// Runs one scenario on its board in virtual time. The machine stops at the very cycle at which a step's condition comes true,
// so that the outcome does not depend on how the run is cut.
import {
  type AppLoader,
  type InputValue,
  type Machine,
  type Stop,
  type TraceEvent,
  UserError,
} from "../../emulator/index.js";
import type { App } from "../apps.js";
import { longText, shortText } from "../crash/explain.js";
import { explainProcess } from "../crash/live-scene.js";
import { Debuggee } from "../debuggee.js";
import { judgeExpectations } from "./expected.js";
import { frameOf, located } from "./fault-frames.js";
import { GrantWatch } from "./grant-watch.js";
import { Heard, shows } from "./heard.js";
import {
  type Action,
  ANYONE,
  type AppEntry,
  type CheckResult,
  type Condition,
  type Difference,
  type Place,
  type Scenario,
  type ScenarioOutcome,
  type Step,
} from "./model.js";
import { mistakeAt, type Prepared } from "./prepare.js";
import { differenceOf, notCome } from "./sentences.js";

/** Runs the machine; an observer such as a profiler stands in for `machine.run`. */
export type RunMachine = (until: number) => Stop;

/** Cycles between two looks at what has no event. */
const SLICE = 1_000_000;

/** Events that may bring a step to its end, by its kind. */
const deciding: Readonly<Record<string, readonly TraceEvent["type"][]>> = {
  console: ["uart"],
  shown: ["led", "gpio", "output", "input"],
  syscall: ["syscall"],
  exit: ["processExited"],
  fault: ["processFaulted"],
  load: ["processCreated"],
};

/** What a scenario says of the board as its builder takes it. */
/** What a scenario or a launch says of the board, as its builder takes it. */
export const boardOptions = ({
  faultPolicy,
  scheduler,
  seed,
  kernelConfig,
  wires,
}: Pick<Scenario, "faultPolicy" | "scheduler" | "seed" | "kernelConfig" | "wires">) => ({
  kernelConfig,
  wires,
  ...(faultPolicy && { faultPolicy }),
  ...(scheduler && { scheduler }),
  ...(seed === undefined ? {} : { seed }),
});

const isAction = (does: Step["does"]): does is Action =>
  does.kind === "wait" || does.kind === "input" || does.kind === "load";

/** The board that a scenario runs on, as it stands when nothing has run yet. */
export interface ScenarioBoard {
  debuggee: Debuggee;
  loader: AppLoader;
}

export class ScenarioRun {
  readonly machine: Machine;
  readonly debuggee: Debuggee;
  readonly suits: (tbf: Uint8Array) => boolean;
  /** Instead of `machine.run`. */
  runMachine: RunMachine;
  readonly #prepared: Prepared;
  readonly #heard: Heard;
  readonly #grants: GrantWatch;
  readonly #results: CheckResult[] = [];
  readonly #limit: number;
  readonly #inputs: { cycle: number; device: string; value: InputValue; place: Place }[];
  readonly #isBusy: () => boolean;
  /** Index of the current step. */
  #current = 0;
  /** What the current step started from, once it has begun. */
  #begun: { cycle: number; count: number; created: number; notices: number } | undefined;
  #due: AppEntry | undefined;
  /** The machine stands still, or is about to, for `proceed`. */
  isDue = true;
  #ended = false;
  /** A debugger stops at faults, and the run is told of them when they have happened. */
  readonly #debugged: boolean;

  /** @throws UserError for an input to, or an output of, a device that the board does not have */
  static start(prepared: Prepared): ScenarioRun {
    const { board, apps } = prepared;
    const early: TraceEvent[] = [];
    let hear = (event: TraceEvent): void => void early.push({ ...event });
    const { machine, kernel, loader } = board.build({
      apps: apps.filter(({ installed }) => installed).map(({ tbf }) => tbf.bytes),
      ...boardOptions(prepared.scenario),
      listen: event => hear(event),
    });
    const run = new ScenarioRun(prepared, {
      debuggee: new Debuggee(machine, kernel, apps),
      loader,
    });
    machine.stopOnFault = true;
    hear = event => run.hear(event);
    early.forEach(hear);
    return run;
  }

  /** A run that hears what happens on a board and is told when to proceed. @throws UserError as `start` */
  constructor(prepared: Prepared, { debuggee, loader }: ScenarioBoard, debugged = false) {
    this.#prepared = prepared;
    this.#debugged = debugged;
    const { scenario } = prepared;
    const { machine, kernel } = debuggee;
    const counted = [...scenario.steps.map(({ does }) => does), ...scenario.expectations].flatMap(
      does => (does.kind === "syscall" || does.kind === "syscalls" ? [does.pattern] : []),
    );
    this.#heard = new Heard(process => debuggee.nameOf(process), counted);
    this.machine = machine;
    this.debuggee = debuggee;
    this.suits = tbf => loader.suits(tbf);
    this.runMachine = until => machine.run(until);
    this.#isBusy = () => loader.busy;
    this.#grants = new GrantWatch(kernel, process => this.debuggee.nameOf(process));
    this.#limit = this.#cycleOf(scenario.timeLimit);
    this.#inputs = scenario.inputs
      .map(({ seconds, ...input }) => ({ cycle: this.#cycleOf(seconds), ...input }))
      .sort((a, b) => a.cycle - b.cycle);
    this.#checkDevices();
  }

  /** Runs on for a while; false when the scenario is over. When an app is `due`, it must be installed first. */
  slice(): boolean {
    this.proceed();
    if (this.#ended) return false;
    if (this.#due !== undefined) return true;
    const { clock } = this.machine;
    const { target } = this;
    const stop = this.runMachine(Math.min(target, clock.now + SLICE));
    if (stop.reason === "idle") {
      this.idle();
      if (!this.#ended) this.machine.sleepUntil(target);
    } else if (stop.reason === "fault") this.#fault(stop.process, false);
    else if (stop.reason === "halted" || stop.reason === "exited") this.#halt();
    return true;
  }

  /** An app that a step loads: it must be read and given to `install` before the run goes on. */
  get due(): AppEntry | undefined {
    return this.#due;
  }

  install(app: App): void {
    this.#due = undefined;
    this.#attempt(() => {
      this.machine.input("loader", app.tbf.bytes);
      this.debuggee.addApp(app);
    });
  }

  /** The app that is `due` cannot be read. */
  refuse(message: string): void {
    this.#due = undefined;
    this.#fail(message);
  }

  /** It is over, and its outcome can be asked for. */
  get ended(): boolean {
    return this.#ended;
  }

  /** All that the UART has sent so far. */
  get console(): string {
    return this.#heard.textFrom(ANYONE);
  }

  /** What came of it, once it is over. */
  async outcome(): Promise<ScenarioOutcome> {
    const { file, scenario, notices } = this.#prepared;
    const { clock, cpu } = this.machine;
    const { line, column } = scenario.place;
    const failed = this.#results.some(({ result }) => result === "failed");
    return {
      schema: 1,
      file,
      line,
      column,
      name: scenario.name,
      result: failed ? "failed" : "passed",
      virtualSeconds: clock.now / clock.frequency,
      instructions: cpu.instructions,
      checks: this.#results,
      faults: await Promise.all(this.#heard.faults.map(located)),
      notices: [...notices, ...this.#heard.notices],
      console: this.#heard.textFrom(ANYONE),
    };
  }

  get #step(): Step | undefined {
    return this.#prepared.scenario.steps[this.#current];
  }

  get #now(): number {
    return this.machine.clock.now;
  }

  get #seconds(): number {
    return this.#now / this.machine.clock.frequency;
  }

  #cycleOf(seconds: number): number {
    return Math.round(seconds * this.machine.clock.frequency);
  }

  /** Does all that can be done at this cycle. */
  proceed(): void {
    this.isDue = false;
    while (!this.#ended && this.#due === undefined) {
      if (this.#giveInput()) continue;
      const step = this.#step;
      if (step === undefined) {
        if (this.#prepared.scenario.steps.length > 0 || this.#now >= this.#limit) this.#end();
        return;
      }
      if (!this.#serve(step)) return;
    }
  }

  /** True when an input of the list was due. */
  #giveInput(): boolean {
    const [next] = this.#inputs;
    if (next === undefined || next.cycle > this.#now) return false;
    this.#inputs.shift();
    try {
      this.machine.input(next.device, next.value);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const { line, column } = next.place;
      const check = { line, column, text: `inputs: ${next.device}`, virtualSeconds: this.#seconds };
      this.#results.push({ ...check, result: "failed", message: error.message });
      this.#end();
    }
    return true;
  }

  /** True when the step is over. */
  #serve(step: Step): boolean {
    const { at, does } = step;
    if (this.#begun === undefined) {
      const due = at === undefined ? this.#now : this.#cycleOf(at);
      if (due > this.#now && this.#now < this.#limit) return false;
      if (due !== this.#now) return this.#fail(this.#missed(due));
      const count = does.kind === "syscall" ? this.#heard.countOf(does.pattern) : 0;
      const { created, notices } = this.#heard;
      this.#begun = { cycle: this.#now, count, created: created.length, notices: notices.length };
      if (does.kind === "load") {
        this.#due = does.app;
        return false;
      }
      if (
        does.kind === "input" &&
        !this.#attempt(() => this.machine.input(does.device, does.value))
      )
        return true;
    }
    if (this.#isDone(step, true)) return this.#pass();
    return this.#now >= this.#deadline(step)
      ? this.#fail(this.#failure(step), this.#difference(step))
      : false;
  }

  /** Whether the step that has begun has come to its end; `take`: the step is over then. */
  #isDone({ does }: Step, take: boolean): boolean {
    const begun = this.#begun;
    if (begun === undefined) return false;
    switch (does.kind) {
      case "wait":
        return this.#now >= begun.cycle + this.#cycleOf(does.seconds);
      case "input":
        return true;
      case "load":
        return this.#heard.created.length > begun.created;
      default:
        return this.#isTrue(does, begun.count, take);
    }
  }

  #isTrue(condition: Condition, countBefore: number, take: boolean): boolean {
    const heard = this.#heard;
    switch (condition.kind) {
      case "console":
        return heard.hasCome(condition.wanted, condition.from, take);
      case "shown":
        return shows(this.machine.devices.get(condition.device)?.shown?.(), condition.value);
      case "syscall":
        return heard.countOf(condition.pattern) > countBefore;
      case "exit":
        return heard.hasExited(condition);
      case "fault":
        return heard.hasFaulted(condition, take);
    }
  }

  /** Cycle at which the step that has begun fails. */
  #deadline({ does, within }: Step): number {
    const begun = this.#begun?.cycle ?? this.#now;
    // The loader has given up, and no process came.
    if (does.kind === "load" && !this.#isBusy()) return this.#now;
    if (within !== undefined) return Math.min(begun + this.#cycleOf(within), this.#limit);
    return does.kind === "shown" ? begun : this.#limit;
  }

  /** Cycle at which something must be done if nothing happens before. */
  get target(): number {
    const step = this.#step;
    const next = Math.min(this.#inputs[0]?.cycle ?? Number.POSITIVE_INFINITY, this.#limit);
    if (step === undefined) return next;
    if (this.#begun === undefined) return Math.min(next, this.#cycleOf(step.at ?? 0));
    const { does } = step;
    if (does.kind === "wait")
      return Math.min(next, this.#begun.cycle + this.#cycleOf(does.seconds));
    return Math.min(next, this.#deadline(step));
  }

  /** Nothing can happen before the next input. */
  idle(): void {
    if (this.#step === undefined && this.#inputs.length === 0) this.#end();
  }

  hear(event: TraceEvent): void {
    this.#heard.hear(event);
    if (event.type === "syscall") this.#grants.look(event);
    // A process that faults by itself stops the machine first.
    if (event.type === "processFaulted" && (event.requested || this.#debugged))
      this.#fault(event.process, event.requested);
    const step = this.#step;
    if (step === undefined || !deciding[step.does.kind]?.includes(event.type)) return;
    if (!this.#isDone(step, false)) return;
    this.isDue = true;
    this.machine.requestStop();
  }

  #fault(process: number, requested: boolean): void {
    const app = this.debuggee.nameOf(process);
    const explanation = explainProcess(this.debuggee, process, { requested });
    const { place } = explanation;
    this.#heard.faults.push({
      app,
      virtualSeconds: this.#seconds,
      text: shortText(explanation),
      explanation: longText(explanation),
      ...(place && { file: place.path, line: place.line }),
      stack: this.debuggee.frames(process).map(frameOf),
      sources: this.debuggee.program(process)?.app.sources,
      expected: false,
      claimed: false,
    });
    const { noFault, steps } = this.#prepared.scenario;
    const awaited = steps
      .slice(this.#current)
      .some(({ does }) => does.kind === "fault" && does.app === app);
    if (noFault && !awaited) this.#skipRest(`${app} faulted`);
  }

  #halt(): void {
    this.proceed();
    if (!this.#ended) this.#skipRest("The kernel has halted");
  }

  /** What is left of the steps cannot happen any more. */
  #skipRest(why: string): void {
    const step = this.#step;
    if (step === undefined) this.#end();
    else if (isAction(step.does)) this.#fail(`${why} first.`);
    else this.#fail(`${this.#failure(step)} ${why}.`, this.#difference(step));
  }

  #attempt(work: () => void): boolean {
    try {
      work();
      return true;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.#fail(error.message);
      return false;
    }
  }

  #missed(due: number): string {
    if (due > this.#now) return "The time limit came first.";
    const { frequency } = this.machine.clock;
    return `It is due at ${(due / frequency).toFixed(3)} s, and the steps before it took until then and longer.`;
  }

  #failure({ does }: Step): string {
    if (does.kind === "load") {
      const said = this.#heard.notices.slice(this.#begun?.notices ?? 0);
      return said.at(-1) ?? "The app was not started.";
    }
    if (isAction(does)) return "The time limit came first.";
    return notCome(does, this.#heard, this.machine, app => this.#stateOf(app));
  }

  #difference({ does }: Step): Difference | undefined {
    return isAction(does) ? undefined : differenceOf(does, this.#heard, this.machine.devices);
  }

  /** `Yielded`, and the like; `undefined` while there is no such process. */
  #stateOf(app: string): string | undefined {
    const found = this.debuggee.processes.find(({ index }) => this.debuggee.nameOf(index) === app);
    return found?.state;
  }

  #pass(): true {
    return this.#finish("passed");
  }

  #fail(message: string, difference?: Difference): true {
    this.#finish("failed", { message, ...(difference && { difference }) });
    this.#end();
    return true;
  }

  #finish(
    result: "passed" | "failed",
    failure?: Pick<CheckResult, "message" | "difference">,
  ): true {
    const step = this.#step;
    if (step !== undefined) {
      const { place, text } = step;
      const at = { line: place.line, column: place.column, virtualSeconds: this.#seconds };
      this.#results.push({ ...at, text, result, ...failure });
    }
    this.#current++;
    this.#begun = undefined;
    return true;
  }

  /** The steps that are left are skipped, and what is expected of the whole run is judged. */
  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.isDue = true;
    this.machine.requestStop();
    const { scenario } = this.#prepared;
    const virtualSeconds = this.#seconds;
    for (const { place, text } of scenario.steps.slice(this.#current))
      this.#results.push({ ...place, text, result: "skipped", virtualSeconds });
    this.#current = scenario.steps.length;
    const judged = judgeExpectations(scenario, {
      heard: this.#heard,
      devices: this.machine.devices,
      grantBytes: this.#grants.most(),
      stateOf: app => this.#stateOf(app),
    });
    this.#results.push(...judged.map(check => ({ ...check, virtualSeconds })));
  }

  /** A name that is wrong is told before anything runs. */
  #checkDevices(): void {
    const { file, scenario } = this.#prepared;
    const devices = [...this.machine.devices.values()];
    const inputs = devices.filter(({ onInput }) => onInput !== undefined).map(({ name }) => name);
    const shown = devices.filter(device => device.shown !== undefined).map(({ name }) => name);
    for (const { place, ...does } of [
      ...scenario.inputs.map(({ place, device }) => ({ kind: "input", device, place })),
      ...scenario.steps.map(({ does: it, place }) => ({ ...it, place })),
      ...scenario.expectations,
    ]) {
      if (!("device" in does)) continue;
      const known = does.kind === "input" ? inputs : shown;
      if (known.includes(does.device)) continue;
      const verb = does.kind === "input" ? "takes inputs as" : "shows";
      throw mistakeAt(
        file,
        place,
        `Nothing on ${this.#prepared.board.name} ${verb} "${does.device}"; there are ${known.join(", ")}.`,
      );
    }
  }
}
