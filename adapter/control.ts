// One launched board under a debugger: what the session asks of it, in plain words and without DAP.
import { type InputValue, type TraceEvent, updateInput } from "../emulator/index.js";
import { Advice } from "./advice.js";
import { type App, targetOf } from "./apps.js";
import { type Booted, type BuiltBoard, boot } from "./boot.js";
import { type BreakpointState, type Group, linesOf, type WantedBreakpoint } from "./breakpoints.js";
import { type Change, change, readAssignment } from "./change.js";
import { type Completions, completionsOf } from "./completions.js";
import { ConsoleText } from "./console-text.js";
import { contextOf } from "./context.js";
import { shortText } from "./crash/explain.js";
import { explainProcess } from "./crash/live-scene.js";
import type { Explanation } from "./crash/model.js";
import { CrashWatch } from "./crash/watch.js";
import { Debuggee } from "./debuggee.js";
import { Entries } from "./entries.js";
import * as errors from "./errors.js";
import { Exceptions } from "./exceptions/exceptions.js";
import { judgeHits } from "./hits.js";
import type { Host } from "./host.js";
import type { LaunchOptions } from "./launch.js";
import { Loading, type LoadingListener } from "./loading.js";
import type { OutputOrigin } from "./protocol.js";
import { restartFrame } from "./restart-frame.js";
import type { Row } from "./rows.js";
import { type Pause, Runner, type Step } from "./runner.js";
import { ScenarioDriver } from "./scenario/driver.js";
import type { ScenarioOutcome } from "./scenario/model.js";
import { endSentences } from "./scenario/sentences.js";
import { type Scope, scopesOf } from "./scopes.js";
import { ScriptedInputs } from "./scripted-inputs.js";
import type { Shown } from "./shown.js";
import { processOf, type StackEntry, stackOf, threadOf } from "./stack.js";
import { hasCaller, planOf, runTo, type StepKind } from "./stepping.js";
import { isCrash, type StopInfo, stopInfoOf } from "./stops.js";
import { goTo, stepIntoTarget } from "./targets.js";
import { recordingOf } from "./timeline/board.js";
import type { Recording } from "./timeline/recording.js";
import { ValueRows } from "./value-rows.js";
import { type FrameReference, type NumberedRow, Variables } from "./variables.js";

/** What the control tells of its own accord. */
export interface Listener extends LoadingListener {
  /** Text of the board. */
  output(text: string, origin: OutputOrigin): void;
  /** A sentence of the debugger. */
  notice(text: string): void;
  stopped(info: StopInfo): void;
  /** The stop that comes next is a fault or a panic; its crash can be asked for. */
  faulted(threadId: number): void;
  thread(reason: "started" | "exited", id: number): void;
  /** The user has changed something. */
  changed(change: Change): void;
  /** The scenario of the launch is over. */
  scenarioEnded(outcome: ScenarioOutcome): void;
  /** Nothing will ever happen again. */
  ended(exitCode: number): void;
  failed(error: unknown): void;
  /** The board has run for a slice; `idle`: and nothing happens without an input. */
  ran(idle: boolean): void;
}

export class Control implements Shown {
  readonly debuggee: Debuggee;
  readonly variables = new Variables();
  readonly loading: Loading;
  readonly exceptions: Exceptions;
  readonly board: BuiltBoard;
  readonly #runner: Runner;
  readonly #listener: Listener;
  readonly #console = new ConsoleText();
  readonly #advice = new Advice(process => this.debuggee.nameOf(process));
  #stopped: StopInfo | undefined;
  /** The thread that the client wants to see stopped by a pause. */
  #pauseThread: number | undefined;
  /** Only if the launch says so. */
  readonly #entries: Entries | undefined;
  readonly crashes = new CrashWatch();
  /** Only if the launch names one. */
  readonly #scenario: ScenarioDriver | undefined;
  readonly recording: Recording;

  /** Reads the files, boots the board and finds the symbols. Nothing runs yet. `known`: apps that a flash file may hold. */
  static async launch(
    options: LaunchOptions,
    host: Host,
    listener: Listener,
    known: readonly App[] = [],
  ): Promise<Control> {
    const early: TraceEvent[] = [];
    let hear = (event: TraceEvent): void => void early.push({ ...event });
    const booted = await boot(options, host.files, event => hear(event));
    const { machine, kernel } = booted.built;
    const debuggee = new Debuggee(machine, kernel, [...known, ...booted.apps]);
    const control = new Control(debuggee, options, host, listener, booted);
    control.loading.installed.push(...known);
    for (const notice of booted.notices) listener.notice(notice);
    hear = event => control.#hear(event);
    for (const event of early) {
      control.#scenario?.hear(event);
      if (event.type === "notice") control.say(event.text);
      else control.recording.hear(event);
    }
    return control;
  }

  private constructor(
    debuggee: Debuggee,
    options: LaunchOptions,
    host: Host,
    listener: Listener,
    { built, board, scenario, flash: image }: Booted,
  ) {
    this.debuggee = debuggee;
    this.recording = recordingOf(built);
    // Real time leaves the host time for it; a board as fast as can be keeps it from when somebody looks.
    if (options.speed === "realtime") this.recording.keepPlaces();
    const { flash, sourceMap } = options;
    this.board = { ...board, built };
    const target = targetOf(board);
    const kept = flash !== undefined && image !== undefined ? { path: flash, image } : undefined;
    const parts = { debuggee, built, flash: kept, sourceMap, target, board };
    this.loading = new Loading(parts, listener);
    this.#listener = listener;
    const { machine, execution } = debuggee;
    const inputs = new ScriptedInputs(options.inputs, machine, text => listener.notice(text));
    debuggee.onChange = change => listener.changed(change);
    this.exceptions = new Exceptions(debuggee, text => this.say(text));
    execution.exceptions = this.exceptions;
    execution.judge = (process, states) =>
      judgeHits(debuggee, process, states, text => this.say(text));
    if (scenario !== undefined) {
      const { loader } = built;
      this.#scenario = new ScenarioDriver(scenario, { debuggee, loader }, host.files, {
        ended: outcome => this.#endScenario(outcome),
        failed: error => listener.failed(error),
      });
    }
    if (options.stopOnEntry) this.#entries = new Entries(debuggee);
    this.#runner = new Runner({
      machine,
      execution,
      host,
      speed: options.speed,
      nextInput: () => (this.#scenario ?? inputs).next,
      flush: () => {
        this.#flush();
        listener.ran(false);
      },
      stopped: (pause, step) => this.#onStop(pause, step),
      idle: () => this.#onIdle(),
      failed: error => listener.failed(error),
    });
  }

  // Events of the machine

  #hear(event: TraceEvent): void {
    const advice = this.#advice.hear(event);
    if (advice !== undefined) this.say(advice);
    this.loading.hear(event);
    this.crashes.hear(event);
    this.#scenario?.hear(event);
    this.recording.hear(event);
    switch (event.type) {
      case "uart":
        this.#console.push(event.bytes, event.origin);
        break;
      case "notice":
        this.say(event.text);
        break;
      case "processCreated":
        this.#listener.thread("started", threadOf(event.process));
        this.#entries?.add(event.process);
        break;
      case "processExited":
        this.#runner.dropStep(event.process);
        this.#flush();
        this.#listener.thread("exited", threadOf(event.process));
        break;
      case "processFaulted":
        this.say(shortText(this.explain(event.process)));
        break;
      default:
    }
  }

  /** A sentence of the debugger, behind what the board has said before. */
  say(text: string): void {
    this.#flush();
    this.#listener.notice(text);
  }

  #flush(): void {
    for (const { text, origin } of this.#console.take()) {
      this.#listener.output(text, {
        schema: 1,
        origin: origin.from,
        ...(origin.from === "process" ? { threadId: threadOf(origin.process) } : {}),
      });
    }
  }

  #onStop(pause: Pause, step: Step | undefined): void {
    if (pause.kind === "entry") this.debuggee.showLine(pause.process, []);
    if (pause.kind === "breakpoint") {
      const lines = linesOf(pause.hit.states);
      if (lines.length > 0) this.debuggee.showLine(pause.process, lines);
    }
    if (pause.kind === "breakpoint" && pause.hit.why !== undefined) this.say(pause.hit.why);
    if (pause.kind === "exited") {
      this.#listener.ended(pause.code);
      return;
    }
    const info = stopInfoOf(pause, {
      debuggee: this.debuggee,
      step,
      panic: this.crashes.panic?.message,
      pausedThread: () => this.#pausedThread(),
      lastThread: this.#stopped?.threadId,
    });
    if (isCrash(pause)) this.#listener.faulted(info.threadId);
    this.#tell(info);
  }

  #tell(info: StopInfo): void {
    this.#stopped = info;
    this.#listener.stopped(info);
  }

  #pausedThread(): number {
    const { current } = this.debuggee.kernel;
    const wanted = this.#pauseThread;
    const first = this.debuggee.processes[0]?.index ?? 0;
    if (wanted !== undefined && this.debuggee.process(processOf(wanted)) !== undefined) {
      return wanted;
    }
    return threadOf(current ?? first);
  }

  /** The scenario is over, and with it what there is to debug. */
  #endScenario(outcome: ScenarioOutcome): void {
    if (this.ended) return;
    for (const sentence of endSentences(outcome)) this.say(sentence);
    this.#listener.scenarioEnded(outcome);
    this.#listener.ended(outcome.result === "passed" ? 0 : 1);
  }

  /** No process is left that an input could wake. */
  #onIdle(): void {
    this.#listener.ran(true);
    if (this.debuggee.ended && !this.loading.used)
      this.#listener.ended(this.crashes.faulted ? 1 : 0);
  }

  // What the client asks

  get running(): boolean {
    return this.#runner.running;
  }

  /** The board is gone for good; only looking is left. */
  get ended(): boolean {
    return this.#runner.ended;
  }

  get subject(): Debuggee {
    return this.debuggee;
  }

  /** Why a process faulted, panicked or ended. */
  explain(process: number): Explanation {
    return explainProcess(this.debuggee, process, this.crashes.contextOf(process));
  }

  get stoppedBy(): StopInfo | undefined {
    return this.#stopped;
  }

  /** Announces the processes and lets the machine run. */
  begin(): void {
    for (const { index } of this.debuggee.processes) {
      this.#listener.thread("started", threadOf(index));
    }
    this.#runner.start();
  }

  /** The client knows by `continued` or by the answer to its request that the machine runs on. */
  resume(): void {
    this.#run(undefined);
  }

  #run(step: Step | undefined): void {
    this.variables.clear();
    this.#pauseThread = undefined;
    this.#runner.start(step);
  }

  /**
   * Checks a step of a thread; the result starts it.
   * After its fault there is nothing to step: the fault policy acts, as by `resume`.
   */
  async prepareStep(
    threadId: number,
    kind: StepKind,
    { instructions, target }: { instructions: boolean; target: number | undefined },
  ): Promise<() => void> {
    const index = this.index(threadId);
    if (!instructions) await this.debuggee.prepareStep(index);
    const view = this.debuggee.process(index);
    const name = this.debuggee.nameOf(index);
    if (view?.state === "Terminated" || view?.state === "Faulted") throw errors.ended(name);
    const stepped = this.debuggee.stepped(index);
    if (kind === "out" && !hasCaller(stepped)) throw errors.noCaller(name);
    if (view?.fault != null) return () => this.#run(undefined);
    const plan =
      target === undefined ? planOf(stepped, kind, instructions) : stepIntoTarget(stepped, target);
    return () => this.#run({ process: index, plan });
  }

  /** Lets a thread go on at `address`; the result tells the client that it stands there now. */
  goTo(threadId: number, address: number): () => void {
    goTo(this.debuggee, this.index(threadId), address);
    return () => {
      this.variables.clear();
      this.#tell({ reason: "goto", threadId });
    };
  }

  /** Puts a thread back to the entry of a frame's function; the result lets it run to where that begins. */
  restartFrame(frameId: number): () => void {
    const reference = this.variables.frame(frameId);
    const { process } = reference;
    const beginning = restartFrame(this.debuggee, reference);
    const plan = runTo(this.debuggee.stepped(process), beginning);
    return () => this.#run({ process, plan, reason: "restart" });
  }

  pause(threadId: number | undefined): void {
    this.#pauseThread = threadId;
    this.#runner.pause();
  }

  end(): void {
    this.#runner.end();
    this.#flush();
    this.loading.end();
  }

  /** Index of a thread's process. */
  index(threadId: number): number {
    const index = processOf(threadId);
    if (this.debuggee.process(index) === undefined) throw errors.noSuchThread(threadId);
    return index;
  }

  /** Frames of a thread, each with a number to ask about it. */
  async stack(threadId: number): Promise<(StackEntry & { id: number })[]> {
    const process = this.index(threadId);
    const entries = await stackOf(this.debuggee, process);
    return entries.map(entry => {
      const { depth, frame } = entry;
      return { ...entry, id: this.variables.addFrame({ process, depth, frame }) };
    });
  }

  scopes(frameId: number): (Scope & { reference: number })[] {
    const scopes = scopesOf(this.debuggee, this.variables.frame(frameId));
    return scopes.map(scope => ({ ...scope, reference: this.variables.addRows(scope.rows) }));
  }

  /** Replaces the breakpoints of a group. */
  async setBreakpoints(
    group: Group,
    wanted: readonly WantedBreakpoint[],
  ): Promise<readonly BreakpointState[]> {
    for (const { spot } of wanted) {
      if (spot.kind === "source") await this.debuggee.prepareSource(spot.path);
    }
    return this.debuggee.breakpoints.set(group, wanted);
  }

  completions(text: string, frameId: number | undefined): Completions {
    const context = contextOf(this.debuggee, this.#frame(frameId));
    const names = this.debuggee.machine.cpu.isa.registers.slice(0, 17).map(({ name }) => name);
    return completionsOf(text, context, names);
  }

  /** Sets the breakpoints of the session that this one takes over from. */
  async adoptBreakpoints(old: Control): Promise<void> {
    const { breakpoints } = this.debuggee;
    this.exceptions.adopt(old.exceptions);
    this.debuggee.hex = old.debuggee.hex;
    for (const path of old.debuggee.breakpoints.paths) await this.debuggee.prepareSource(path);
    for (const state of breakpoints.adopt(old.debuggee.breakpoints)) {
      this.#listener.breakpointChanged(state);
    }
  }

  /** The value of an expression. Only what the user types himself may assign. */
  evaluate(expression: string, frameId: number | undefined, typed: boolean): NumberedRow {
    const assignment = typed ? readAssignment(expression) : undefined;
    if (assignment) return this.assign(assignment.target, assignment.value, frameId);
    return this.variables.number(this.#rows(this.#frame(frameId)).expression(expression));
  }

  /** Does `target = value` in a frame; gives the target after that. */
  assign(target: string, value: string, frameId: number | undefined): NumberedRow {
    const reference = this.#frame(frameId);
    change(this.debuggee, reference, target, value);
    return this.variables.number(this.#rows(reference).expression(target));
  }

  /** The row of an expression, without a number. */
  expression(text: string, frameId: number | undefined): Row {
    return this.#rows(this.#frame(frameId)).expression(text);
  }

  /** Gives a child of a variable or scope another value. */
  setVariable(reference: number, name: string, value: string): NumberedRow {
    const row = this.variables.child(reference, name);
    if (row.change === undefined) throw errors.notChangeable(name);
    return this.variables.number(row.change(value));
  }

  #rows(reference: FrameReference): ValueRows {
    const context = () => contextOf(this.debuggee, reference);
    return new ValueRows(this.debuggee, context, (target, to) =>
      change(this.debuggee, reference, target, to),
    );
  }

  #frame(frameId: number | undefined): FrameReference {
    return frameId === undefined ? this.#anyFrame() : this.variables.frame(frameId);
  }

  /** The frame for an expression that names none: the innermost of the thread that stopped. */
  #anyFrame(): FrameReference {
    const process = processOf(this.#stopped?.threadId ?? this.#pausedThread());
    const [frame] = this.debuggee.frames(process);
    if (frame === undefined) throw errors.noRegisters(this.debuggee.nameOf(process));
    return { process, depth: 0, frame };
  }

  /** Ends processes, as the process console would. A machine that stands still does it when it runs on. */
  terminateThreads(threadIds: readonly number[]): void {
    const indices = threadIds.map(id => this.index(id));
    for (const index of indices) {
      this.input("processes", `terminate ${index}`);
      if (!this.running) {
        this.say(`${this.debuggee.nameOf(index)} is terminated as soon as the board runs on.`);
      }
    }
  }

  /** Installs an app; what is wrong with it is thrown, and then it has not happened. */
  async installApp(app: App, verb: "install" | "update"): Promise<void> {
    if (this.ended) throw errors.boardGone();
    await this.loading.prepare(app);
    const { bytes, header } = app.tbf;
    this.input("loader", verb === "update" ? updateInput(bytes) : bytes);
    this.sayIfStill(`${verb} ${header.name}`);
  }

  /** A board that stands still does nothing yet. */
  sayIfStill(what: string): void {
    if (!this.running) this.say(`The board does "${what}" as soon as it runs on.`);
  }

  input(device: string, value: InputValue): void {
    if (this.ended) throw errors.boardGone();
    this.#runner.input(() => this.debuggee.machine.input(device, value));
  }
}
