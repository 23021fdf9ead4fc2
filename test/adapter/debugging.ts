// A session over examples for tests: launched, with the words that tests use.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { nodeHost } from "../../adapter/host.node.js";
import { Session } from "../../adapter/session.js";
import { DapClient, inlineChannel } from "../../cli/dap-client.js";

export const root = process.cwd().replaceAll("\\", "/");
export const tabOf = (name: string): string => `${root}/examples/${name}/${name}.tab`;
export const sourceOf = (name: string): string => `${root}/examples/${name}/main.c`;

/** Line number of the only line of an example that contains `text`. */
export function lineOf(example: string, text: string): number {
  const lines = readFileSync(sourceOf(example), "utf8").split("\n");
  const found = lines.flatMap((line, i) => (line.includes(text) ? [i + 1] : []));
  assert.equal(found.length, 1, `${text} occurs ${found.length} times in ${example}`);
  return found[0] as number;
}

export type Frame = DebugProtocol.StackFrame;
export type Variable = DebugProtocol.Variable;
type Stopped = DebugProtocol.StoppedEvent["body"];

const open = new Set<Debugging>();

// A session that still runs would keep the test program alive.
afterEach(async () => {
  for (const client of open) await client.request("disconnect");
  open.clear();
});

/** A client with the steps that nearly every test takes. */
export class Debugging extends DapClient {
  readonly #abilities: object;

  /** @param abilities what the client says of itself to `initialize` */
  constructor(abilities: object = {}) {
    super(inlineChannel(new Session(nodeHost)));
    this.#abilities = abilities;
    open.add(this);
  }

  /** Launches apps as fast as the machine can, sets breakpoints (file → lines) and lets it run. */
  async start(
    launch: { apps: readonly unknown[] } & Record<string, unknown>,
    breakpoints: Readonly<
      Record<string, readonly (number | DebugProtocol.SourceBreakpoint)[]>
    > = {},
    exceptions: DebugProtocol.SetExceptionBreakpointsArguments = { filters: ["fault"] },
  ): Promise<DebugProtocol.Breakpoint[]> {
    await this.request("initialize", { adapterID: "tock", ...this.#abilities });
    await this.request("launch", { speed: "max", ...launch });
    await this.event("initialized");
    for (const [path, list] of Object.entries(breakpoints)) await this.setBreakpoints(path, list);
    const set = await this.request<{ breakpoints: DebugProtocol.Breakpoint[] }>(
      "setExceptionBreakpoints",
      exceptions,
    );
    await this.request("configurationDone");
    return set.breakpoints;
  }

  async setBreakpoints(
    path: string,
    breakpoints: readonly (number | DebugProtocol.SourceBreakpoint)[],
  ): Promise<DebugProtocol.Breakpoint[]> {
    const body = await this.request<{ breakpoints: DebugProtocol.Breakpoint[] }>("setBreakpoints", {
      source: { path },
      breakpoints: breakpoints.map(b => (typeof b === "number" ? { line: b } : b)),
    });
    return body.breakpoints;
  }

  async stack(threadId: number): Promise<Frame[]> {
    return (await this.request<{ stackFrames: Frame[] }>("stackTrace", { threadId })).stackFrames;
  }

  /** Innermost frame as `name:line`. */
  async where(threadId: number): Promise<string> {
    const [top] = await this.stack(threadId);
    return `${top?.name}:${top?.line}`;
  }

  /** The next stop; that the session ends instead is an error. */
  override async stopped(): Promise<Stopped> {
    const event = await this.next(["stopped", "terminated"]);
    if (event.event === "stopped") return event.body as Stopped;
    throw new Error(`ended instead of a stop: ${JSON.stringify(this.events.slice(-4))}`);
  }

  /** Sends a request that lets the machine run, and waits for the stop. */
  async run(command: string, threadId: number, more: object = {}): Promise<Stopped> {
    await this.request(command, { threadId, ...more });
    return this.stopped();
  }

  /** Result of an expression in a frame. */
  async evaluate(expression: string, frameId?: number, context = "watch"): Promise<string> {
    const args = { expression, context, ...(frameId === undefined ? {} : { frameId }) };
    return (await this.request<{ result: string }>("evaluate", args)).result;
  }

  async variables(variablesReference: number): Promise<Variable[]> {
    const body = await this.request<{ variables: Variable[] }>("variables", { variablesReference });
    return body.variables;
  }

  /** Variables of a scope of a frame by name. */
  async scope(frameId: number, name: string): Promise<Map<string, Variable>> {
    const { scopes } = await this.request<{ scopes: DebugProtocol.Scope[] }>("scopes", { frameId });
    const scope = scopes.find(s => s.name === name);
    if (scope === undefined) throw new Error(`no scope ${name}`);
    const variables = await this.variables(scope.variablesReference);
    return new Map(variables.map(v => [v.name, v]));
  }

  /** Children of a variable by name. */
  async children(variable: Variable | undefined): Promise<Map<string, Variable>> {
    const variables = await this.variables(variable?.variablesReference ?? 0);
    return new Map(variables.map(v => [v.name, v]));
  }
}
