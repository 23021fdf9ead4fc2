// The Debug Adapter Protocol: one route per request, each one call and one answer. Nothing below speaks DAP.
import { ProtocolServer } from "@vscode/debugadapter/lib/protocol.js";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { hex8, UserError } from "../emulator/index.js";
import { AppEvents } from "./app-events.js";
import { Fields } from "./arguments.js";
import { hintAtPrompt, lineCompletions, typeLine } from "./board-console.js";
import {
  breakpointLocations,
  breakpointOf,
  setBreakpoints,
  setFunctionBreakpoints,
  setInstructionBreakpoints,
} from "./breakpoint-requests.js";
import { capabilities } from "./capabilities.js";
import type { Change } from "./change.js";
import { completions, setExpression, setVariable, writeMemoryBytes } from "./change-requests.js";
import { Client } from "./client.js";
import { ConsoleFeed } from "./console-feed.js";
import { Control, type Listener } from "./control.js";
import { shortText } from "./crash/explain.js";
import { crash } from "./crash/request.js";
import { dataBreakpointInfo, setDataBreakpoints } from "./data-breakpoint-requests.js";
import * as errors from "./errors.js";
import { setExceptionBreakpoints } from "./exceptions/requests.js";
import type { Host } from "./host.js";
import { type LaunchOptions, readLaunch } from "./launch.js";
import * as loader from "./loader-requests.js";
import * as look from "./look-requests.js";
import { openCrash, readAttach } from "./open-crash.js";
import { Postmortem } from "./postmortem.js";
import { postmortemCapabilities, postmortemRoutes } from "./postmortem-requests.js";
import { threadsOf } from "./stack.js";
import type { StepKind } from "./stepping.js";
import { gotoTargets, stepInTargets, terminateThreads } from "./target-requests.js";
import { SCENARIO_ENDED } from "./testing/protocol.js";
import { endedBody } from "./testing/report.js";
import { Timelines } from "./timeline/timelines.js";
import { USER_ACTIONS } from "./user-actions.js";
import * as views from "./views/requests.js";
import { Watch } from "./views/watch.js";

type Body = object | undefined;
type Route = (args: Fields) => Body | Promise<Body>;

/** What must have happened before a request makes sense. */
type Phase = "created" | "initialized" | "launched" | "ended";

export class Session extends ProtocolServer {
  readonly #host: Host;
  readonly #watch: Watch;
  readonly #timelines: Timelines;
  #phase: Phase = "created";
  /** Requests are answered in the order in which they came; a slow one (launch) makes the others wait. */
  #queue: Promise<void> = Promise.resolve();
  /** Requests whose turn has not come yet, by `seq`. */
  readonly #waiting = new Set<number>();
  /** What a request starts only once it is answered. */
  #after: (() => void)[] = [];
  #trace = false;
  #options: LaunchOptions | undefined;
  #live: Control | undefined;
  /** Set while the session shows a dump: what it answers itself. */
  #postmortem: Readonly<Record<string, Route>> | undefined;
  #configured = false;
  readonly #console = new ConsoleFeed(text => this.#send("tock/console", { schema: 1, text }));
  #client = new Client(new Fields("initialize", {}));
  readonly #apps = new AppEvents({
    send: (event, body) => this.#send(event, body),
    client: () => this.#client,
  });
  /** The client is gone or has asked to disconnect. */
  onEnd: () => void = () => {};

  readonly #routes: Readonly<Record<string, Route>> = {
    initialize: args => this.#initialize(args),
    launch: args => this.#launch(args),
    attach: args => this.#attach(args),
    setBreakpoints: args => setBreakpoints(args, this.#control, this.#client),
    setFunctionBreakpoints: args => setFunctionBreakpoints(args, this.#control, this.#client),
    setInstructionBreakpoints: args => setInstructionBreakpoints(args, this.#control, this.#client),
    setExceptionBreakpoints: args => setExceptionBreakpoints(args, this.#control),
    dataBreakpointInfo: args => dataBreakpointInfo(args, this.#still(args)),
    setDataBreakpoints: args => setDataBreakpoints(args, this.#control, this.#client),
    breakpointLocations: args => breakpointLocations(args, this.#control, this.#client),
    configurationDone: () => this.#configurationDone(),
    threads: () => ({ threads: threadsOf(this.#control.debuggee) }),
    stackTrace: args => look.stackTrace(args, this.#still(args), this.#client),
    scopes: args => look.scopes(args, this.#still(args)),
    variables: args => look.variables(args, this.#still(args)),
    locations: args => look.locations(args, this.#control, this.#client),
    evaluate: args =>
      typeLine(args, this.#control) ??
      hintAtPrompt(args, () => look.evaluate(args, this.#still(args))),
    completions: args =>
      lineCompletions(args, this.#control, this.#client) ??
      completions(args, this.#still(args), this.#client),
    setVariable: args => setVariable(args, this.#still(args)),
    setExpression: args => setExpression(args, this.#still(args)),
    writeMemory: args => writeMemoryBytes(args, this.#still(args)),
    source: args => look.source(args, this.#host.files, this.#client),
    loadedSources: () => look.loadedSources(this.#control, this.#client),
    exceptionInfo: args => look.exceptionInfo(args, this.#still(args)),
    readMemory: args => look.readMemory(args, this.#control),
    disassemble: args => look.disassembly(args, this.#control, this.#client),
    continue: () => this.#continue(),
    next: args => this.#step(args, "over"),
    stepIn: args => this.#step(args, "into"),
    stepOut: args => this.#step(args, "out"),
    stepInTargets: args => stepInTargets(args, this.#still(args)),
    gotoTargets: args => gotoTargets(args, this.#control, this.#client),
    goto: args =>
      this.#later(this.#still(args).goTo(args.integer("threadId"), args.integer("targetId"))),
    restartFrame: args => this.#later(this.#still(args).restartFrame(args.integer("frameId"))),
    pause: args => this.#pause(args),
    restart: args => this.#restart(args),
    terminateThreads: args => terminateThreads(args, this.#control),
    terminate: () => this.#later(() => this.#terminate(0)),
    disconnect: () => this.#disconnect(),
    "tock/input": args => this.#input(args),
    "tock/installApp": args => loader.installApp(args, this.#control, this.#host.files),
    "tock/uninstallApp": args => loader.uninstallApp(args, this.#control),
    "tock/apps": () => loader.apps(this.#control),
    "tock/setAppEnabled": args => loader.setAppEnabled(args, this.#control),
    "tock/planInstall": args => loader.planInstall(args, this.#control, this.#host.files),
    "tock/setAppSticky": args => loader.setAppSticky(args, this.#control),
    "tock/resetBoard": () => loader.resetBoard(this.#control),
    "tock/board": () => loader.board(this.#control),
    "tock/openConsole": () => ({ schema: 1, text: this.#console.open() }),
    "tock/closeConsole": () => this.#console.close(),
    "tock/restartProcess": args => this.#restartProcess(args),
    "tock/eraseApps": () => loader.eraseApps(this.#control),
    "tock/watch": args => this.#later(views.watch(args, () => this.#control, this.#watch)),
    "tock/process": args => views.actOnProcess(args, this.#control),
    "tock/setLiveValue": args => views.setLiveValue(args, this.#control),
    "tock/watchBytes": async args => {
      await views.watchBytes(args, this.#control);
      return this.#later(() => this.#watch.tell(this.#control));
    },
    "tock/format": args => views.format(args, this.#control),
    "tock/timeline": args => this.#timelines.page(args, this.#control),
    "tock/watchTimeline": args => this.#later(this.#timelines.watch(args, () => this.#control)),
    "tock/timelineSource": args => this.#timelines.source(args, this.#control),
    "tock/exportTimeline": () => this.#timelines.exported(this.#control),
    "tock/crash": args => crash(args, this.#still(args)),
  };

  /** Requests that may come before a launch. */
  static readonly #early = new Set(["initialize", "launch", "attach", "disconnect"]);

  constructor(host: Host) {
    super();
    this.#host = host;
    this.#watch = new Watch({ now: () => host.now(), send: body => this.#send("tock/view", body) });
    this.#timelines = new Timelines({
      now: () => host.now(),
      send: state => this.#send("tock/timelineChanged", state),
    });
    this.on("error", (event: DebugProtocol.Event) => this.#onStreamError(String(event.body)));
    this.on("close", () => this.#end());
  }

  // Messages

  override handleMessage(message: DebugProtocol.ProtocolMessage): void {
    const { type, command } = (message ?? {}) as Partial<DebugProtocol.Request>;
    if (type === "response") super.handleMessage(message);
    else if (type !== "request")
      this.#refuse({}, errors.malformedMessage('"type" is not "request"'));
    else if (typeof command !== "string") {
      this.#refuse(message, errors.malformedMessage('"command" is not text'));
    } else this.#enqueue(message as DebugProtocol.Request);
  }

  #enqueue(request: DebugProtocol.Request): void {
    if (request.command === "cancel") {
      this.#cancel(request);
      return;
    }
    this.#waiting.add(request.seq);
    this.#queue = this.#queue.then(() => {
      if (this.#waiting.delete(request.seq)) return this.#answer(request);
      this.#refuse(request, errors.cancelled());
      return undefined;
    });
  }

  /** A request that still waits is refused when its turn comes; one that is being answered is not disturbed. */
  #cancel(request: DebugProtocol.Request): void {
    const { requestId } = (request.arguments ?? {}) as DebugProtocol.CancelArguments;
    if (requestId !== undefined) this.#waiting.delete(requestId);
    this.#respond(request, true, {});
  }

  async #answer(request: DebugProtocol.Request): Promise<void> {
    if (this.#trace) this.#host.log(`→ ${JSON.stringify(request)}`);
    try {
      const fields = new Fields(request.command, request.arguments);
      const body = await this.#route(request.command)(fields);
      this.#respond(request, true, body === undefined ? {} : { body });
      for (const action of this.#after.splice(0)) action();
    } catch (error) {
      this.#after = [];
      this.#refuse(request, error);
    }
  }

  #route(command: string): Route {
    const route = Object.hasOwn(this.#routes, command) ? this.#routes[command] : undefined;
    if (route === undefined) throw errors.unknownCommand(command);
    const shown = this.#postmortem;
    if (shown !== undefined && Object.hasOwn(shown, command)) return shown[command] ?? route;
    if (command === "disconnect") return route;
    if (this.#phase === "ended") throw errors.sessionEnded(command);
    if (this.#phase === "created" && command !== "initialize") {
      throw errors.notInitialized(command);
    }
    if (this.#phase === "initialized" && !Session.#early.has(command)) {
      throw errors.notLaunched(command);
    }
    if (shown !== undefined && command !== "terminate") throw errors.postmortem(command);
    return route;
  }

  #respond(request: { seq?: unknown; command?: unknown }, success: boolean, rest: object): void {
    this.sendResponse({
      seq: 0,
      type: "response",
      request_seq: typeof request.seq === "number" ? request.seq : 0,
      success,
      command: typeof request.command === "string" ? request.command : "",
      ...rest,
    });
  }

  /** A user's mistake is one sentence; a mistake of ours is one too, with its stack in the log. */
  #refuse(request: { seq?: unknown; command?: unknown }, error: unknown): void {
    const text =
      error instanceof UserError ? error.message : this.#ownFault(`at ${request.command}`, error);
    // A sentence may quote what the user wrote, which may hold anything.
    const message = text.replace(/\p{Cc}+/gu, " ");
    // VS Code would fill in braces, and make a link of [text](command:…).
    const format = message.replaceAll("{", "(").replaceAll("}", ")").replaceAll("](", "] (");
    const shown = {
      id: error instanceof UserError ? 1 : 2,
      format,
      showUser: USER_ACTIONS.has(String(request.command)),
    };
    this.#respond(request, false, { message, body: { error: shown } });
  }

  #ownFault(where: string, error: unknown): string {
    const own = error instanceof Error ? error : new Error(String(error));
    if (this.#trace) this.#host.log(own.stack ?? own.message);
    return `The debugger failed ${where}, which is a fault of its own: ${own.message}`;
  }

  /** Unreadable JSON is answered; a broken stream ends the session. */
  #onStreamError(text: string): void {
    const match = /^Error handling data: (.*)/.exec(text);
    if (match === null) this.#end();
    else this.#refuse({}, errors.malformedMessage(match[1] ?? text));
  }

  #later(action: () => void): undefined {
    this.#after.push(action);
    return undefined;
  }

  #send(event: string, body: object = {}): void {
    this.sendEvent({ seq: 0, type: "event", event, body });
  }

  // The session's life

  get #control(): Control {
    if (this.#live === undefined) throw errors.notLaunched("This request");
    return this.#live;
  }

  /** The control while its machine stands still. */
  #still(args: Fields): Control {
    if (this.#control.running) throw errors.running(args.where);
    return this.#control;
  }

  #initialize(args: Fields): DebugProtocol.Capabilities {
    if (this.#phase !== "created") throw errors.alreadyInitialized();
    this.#client = new Client(args);
    this.#phase = "initialized";
    return capabilities;
  }

  async #launch(args: Fields): Promise<undefined> {
    if (this.#phase !== "initialized") throw errors.alreadyLaunched();
    const options = readLaunch(args.all);
    this.#trace = options.trace;
    this.#live = await Control.launch(options, this.#host, this.#listener);
    this.#apps.adopt(this.#live.debuggee.programs);
    this.#options = options;
    this.#phase = "launched";
    this.#after.push(() => this.#send("initialized"));
  }

  /** Opens a crash dump, which is all that there is to attach to. */
  async #attach(args: Fields): Promise<undefined> {
    if (this.#phase !== "initialized") throw errors.alreadyLaunched();
    const options = readAttach(args.all);
    this.#trace = options.trace;
    const shown = new Postmortem(await openCrash(options, this.#host.files));
    this.#postmortem = postmortemRoutes(shown, this.#client, this.#host.files, () =>
      this.#later(() => this.#showDump(shown)),
    );
    this.#phase = "launched";
    this.#after.push(() => {
      this.#send("capabilities", { capabilities: postmortemCapabilities });
      this.#send("initialized");
    });
  }

  #showDump({ threads, stoppedBy, body }: Postmortem): void {
    for (const { id } of threads) this.#send("thread", { reason: "started", threadId: id });
    for (const text of [shortText(body.explanation), ...body.notes]) this.#listener.notice(text);
    this.#listener.stopped(stoppedBy);
  }

  #configurationDone(): undefined {
    if (this.#configured) return;
    this.#configured = true;
    this.#later(() => this.#control.begin());
  }

  /** The board starts anew, with files read again; breakpoints stay. */
  async #restart(args: Fields): Promise<undefined> {
    const given = args.raw("arguments");
    const options = given === undefined ? this.#options : readLaunch(given);
    if (options === undefined) throw errors.notLaunched("restart");
    const old = this.#control;
    const stood = !old.running;
    await this.#saveFlash(old);
    const { installed } = old.loading;
    const kept = options.flash === undefined ? [] : installed;
    const live = await Control.launch(options, this.#host, this.#listener, kept);
    old.end();
    const gone = live.loading.lost(old.loading);
    if (gone.length > 0) live.say(errors.notKept(gone));
    this.#live = live;
    this.#apps.sources(live.debuggee.programs);
    this.#options = options;
    await live.adoptBreakpoints(old);
    this.#timelines.adopt(live);
    this.#later(() => {
      if (stood) this.#send("continued", { threadId: 1, allThreadsContinued: true });
      live.begin();
    });
  }

  #restartProcess(args: Fields): undefined {
    if (!loader.restartProcess(args, this.#control)) return;
    this.#later(() => {
      this.#send("continued", { threadId: 1, allThreadsContinued: true });
      this.#control.resume();
    });
  }

  #terminate(exitCode: number): void {
    this.#live?.end();
    this.#send("exited", { exitCode });
    this.#send("terminated");
  }

  #end(): void {
    if (this.#phase === "ended") return;
    this.#phase = "ended";
    const live = this.#live;
    this.#live = undefined;
    live?.end();
    const saved = this.#saveFlash(live);
    if (saved === undefined) this.onEnd();
    else void saved.then(() => this.onEnd());
  }

  /** A client may end this program as soon as it is answered. */
  async #disconnect(): Promise<undefined> {
    this.#live?.end();
    await this.#saveFlash(this.#live);
    this.#live = undefined;
    return this.#later(() => this.#end());
  }

  #saveFlash(control: Control | undefined): Promise<void> | undefined {
    return control?.loading.saveFlash(this.#host.files)?.then(wrong => {
      if (wrong !== undefined) this.#listener.notice(wrong);
    });
  }

  readonly #listener: Listener = {
    output: (text, origin) => {
      this.#send("output", { category: "stdout", output: text, data: origin });
      this.#console.push(text);
    },
    notice: text => this.#send("output", { category: "console", output: `${text}\n` }),
    thread: (reason, threadId) => this.#send("thread", { reason, threadId }),
    faulted: threadId => this.#send("tock/faulted", { schema: 1, threadId }),
    breakpointChanged: state =>
      this.#send("breakpoint", {
        reason: "changed",
        breakpoint: breakpointOf(state, this.#control, this.#client),
      }),
    stopped: ({ breakpointIds, filter: _, ...info }) => {
      this.#send("stopped", {
        ...info,
        allThreadsStopped: true,
        ...(breakpointIds === undefined ? {} : { hitBreakpointIds: breakpointIds }),
      });
      this.#tellViews("tell");
    },
    ran: idle => this.#tellViews(idle ? "tell" : "ran"),
    appsChanged: () => {
      this.#apps.sources(this.#control.debuggee.programs);
      this.#send("tock/appsChanged", loader.apps(this.#control));
    },
    progress: progress => this.#apps.progress(progress),
    module: (reason, module) => this.#apps.module(reason, module),
    changed: change => this.#later(() => this.#changed(change)),
    scenarioEnded: outcome => this.#send(SCENARIO_ENDED, endedBody(outcome)),
    ended: exitCode => this.#terminate(exitCode),
    failed: error => {
      const output = `${this.#ownFault("while the board ran", error)}\n`;
      this.#send("output", { category: "important", output });
      this.#terminate(1);
    },
  };

  #tellViews(how: "tell" | "ran"): void {
    if (this.#live === undefined) return;
    this.#watch[how](this.#live);
    this.#timelines[how](this.#live);
  }

  /** What the user has changed is shown in other views, too, if they can be told. */
  #changed(change: Change): void {
    const { supportsMemory } = this.#client;
    if (change.kind === "memory" && supportsMemory) {
      const { address, count } = change;
      this.#send("memory", { memoryReference: hex8(address), offset: 0, count });
    }
    this.#invalidate(change.kind === "stack" ? "stacks" : "variables");
    this.#watch.tell(this.#control);
  }

  #invalidate(area: "stacks" | "variables"): void {
    if (this.#client.supportsInvalidated) this.#send("invalidated", { areas: [area] });
  }

  // Running

  #continue(): Body {
    if (this.#control.ended) throw errors.sessionEnded("continue");
    if (this.#control.running) throw errors.alreadyRunning();
    this.#later(() => this.#control.resume());
    return { allThreadsContinued: true };
  }

  async #step(args: Fields, kind: StepKind): Promise<undefined> {
    const control = this.#still(args);
    if (control.ended) throw errors.sessionEnded(args.where);
    const threadId = args.integer("threadId");
    const unit = args.choice("granularity", ["statement", "line", "instruction"]);
    const target = kind === "into" ? args.optionalInteger("targetId") : undefined;
    const instructions = unit === "instruction";
    const step = await control.prepareStep(threadId, kind, { instructions, target });
    return this.#later(step);
  }

  #pause(args: Fields): undefined {
    const threadId = args.optionalInteger("threadId");
    if (!this.#control.running) throw errors.notRunning();
    this.#control.pause(threadId);
  }

  #input(args: Fields): undefined {
    const value = args.raw("value");
    if (!["string", "number", "boolean"].includes(typeof value)) {
      args.wrong("value", "text, a number, true or false");
    }
    this.#control.input(args.string("device"), value as string | number | boolean);
    return this.#later(() => this.#watch.tell(this.#control));
  }
}
