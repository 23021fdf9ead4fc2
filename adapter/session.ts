// The Debug Adapter Protocol: one route per request, each one call and one answer. Nothing below speaks DAP.
import { ProtocolServer } from "@vscode/debugadapter/lib/protocol.js";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { UserError } from "../emulator/index.js";
import { Fields } from "./arguments.js";
import * as errors from "./errors.js";
import type { Host } from "./host.js";
import { readLaunch } from "./launch.js";

type Body = object | undefined;
type Route = (args: Fields) => Body | Promise<Body>;

/** What must have happened before a request makes sense. */
type Phase = "created" | "initialized" | "launched" | "ended";

export class Session extends ProtocolServer {
  readonly #host: Host;
  #phase: Phase = "created";
  /** Requests are answered in the order in which they came; a slow one (launch) makes the others wait. */
  #queue: Promise<void> = Promise.resolve();
  #trace = false;
  /** The client is gone or has asked to disconnect. */
  onEnd: () => void = () => {};

  readonly #routes: Readonly<Record<string, Route>> = {
    initialize: args => this.#initialize(args),
    launch: args => this.#launch(args),
    attach: () => {
      throw errors.noAttach();
    },
    configurationDone: () => undefined,
    threads: () => ({ threads: [] }),
    disconnect: () => {
      this.#after.push(() => this.#end());
      return undefined;
    },
  };

  /** Requests that may come before a launch. */
  static readonly #early = new Set(["initialize", "launch", "attach", "disconnect", "threads"]);

  constructor(host: Host) {
    super();
    this.#host = host;
    this.on("error", (event: DebugProtocol.Event) => this.#onStreamError(String(event.body)));
    this.on("close", () => this.#end());
  }

  override handleMessage(message: DebugProtocol.ProtocolMessage): void {
    const { type, command } = (message ?? {}) as Partial<DebugProtocol.Request>;
    if (type === "response") super.handleMessage(message);
    else if (type !== "request")
      this.#refuse({}, errors.malformedMessage('"type" is not "request"'));
    else if (typeof command !== "string") {
      this.#refuse(message, errors.malformedMessage('"command" is not text'));
    } else this.#queue = this.#queue.then(() => this.#answer(message as DebugProtocol.Request));
  }

  async #answer(request: DebugProtocol.Request): Promise<void> {
    if (this.#trace) this.#host.log(`→ ${JSON.stringify(request)}`);
    try {
      const body = await this.#route(request.command)(
        new Fields(request.command, request.arguments),
      );
      this.#respond(request, true, body === undefined ? {} : { body });
      for (const action of this.#after.splice(0)) action();
    } catch (error) {
      this.#after = [];
      this.#refuse(request, error);
    }
  }

  /** What a request starts only once it is answered. */
  #after: (() => void)[] = [];

  #route(command: string): Route {
    const route = Object.hasOwn(this.#routes, command) ? this.#routes[command] : undefined;
    if (route === undefined) throw errors.unknownCommand(command);
    if (this.#phase === "ended" && command !== "disconnect") throw errors.sessionEnded(command);
    if (this.#phase === "created" && command !== "initialize" && command !== "disconnect") {
      throw errors.notInitialized(command);
    }
    if (this.#phase === "initialized" && !Session.#early.has(command)) {
      throw errors.notLaunched(command);
    }
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
    const expected = error instanceof UserError;
    if (!expected) this.#host.log(error instanceof Error ? `${error.stack}` : String(error));
    const message = expected
      ? error.message
      : `The debugger failed at ${request.command}, which is a fault of its own: ${error instanceof Error ? error.message : error}`;
    const shown = {
      id: expected ? 1 : 2,
      format: message.replaceAll("{", "(").replaceAll("}", ")"),
    };
    this.#respond(request, false, { message, body: { error: { ...shown, showUser: true } } });
  }

  /** Unreadable JSON is answered; a broken stream ends the session. */
  #onStreamError(text: string): void {
    const match = /^Error handling data: (.*)/.exec(text);
    if (match === null) this.#end();
    else this.#refuse({}, errors.malformedMessage(match[1] ?? text));
  }

  #send(event: string, body: object = {}): void {
    this.sendEvent({ seq: 0, type: "event", event, body });
  }

  #initialize(_args: Fields): DebugProtocol.Capabilities {
    if (this.#phase !== "created") throw errors.alreadyInitialized();
    this.#phase = "initialized";
    return {
      supportsConfigurationDoneRequest: true,
      supportsTerminateRequest: true,
      supportsRestartRequest: true,
    };
  }

  async #launch(args: Fields): Promise<undefined> {
    if (this.#phase !== "initialized") throw errors.alreadyLaunched();
    const options = readLaunch(args.all);
    this.#trace = options.trace;
    this.#phase = "launched";
    this.#after.push(() => this.#send("initialized"));
    return undefined;
  }

  #end(): void {
    if (this.#phase === "ended") return;
    this.#phase = "ended";
    this.onEnd();
  }
}
