// `tock-debug tour`: a real debug session over two example apps, told on the terminal. What `npm start` shows.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { UserError } from "../emulator/index.js";
import { DapClient, streamChannel } from "./dap-client.js";
import { Pages, paint } from "./pages.js";
import type { Verb } from "./verb.js";

export const verb: Verb = {
  summary: "Shows a debug session over two example apps, page by page.",
  usage: "",
  options: {},
  run: tour,
};

const here = dirname(fileURLToPath(import.meta.url));
/** Root of the repository, seen from `out/cli/`. */
const root = join(here, "..", "..");
const source = (app: string) => join(root, "examples", app, "main.c");

const LOCALS = 1;
const GRANTS = 2;

async function tour(): Promise<number> {
  const adapter = spawn(process.execPath, [join(here, "main.js"), "dap"], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const session = new TourSession(new DapClient(streamChannel(adapter.stdout, adapter.stdin)));
  const pages = new Pages();
  try {
    await tell(session, pages);
  } finally {
    pages.close();
    adapter.kill();
  }
  return 0;
}

async function tell(session: TourSession, pages: Pages): Promise<void> {
  pages.title("Tock Debugger", "two apps, one emulated nRF52840 DK, one debug session");
  await session.launch();
  await session.breakAt("locals", "report(slot);");
  await session.start();
  const first = await session.continue();
  pages.section("Boot", "what the board's UART sent so far");
  pages.lines(session.takeConsole());
  pages.section("Breakpoint", "met by locals for the second time; grants waits in a yield");
  pages.lines(await session.listing(first, "locals"));
  pages.section("Stack");
  pages.lines(await session.stack(first));
  pages.section("Local");
  pages.lines(await session.scope(first, "Local", 1));
  if (!(await pages.next())) return;

  pages.section("Registers");
  pages.lines(columnsOf(await session.scope(first, "Registers", 0), 4));
  pages.section("MPU", "the regions that locals runs under");
  const regions = await session.scope(first, "MPU", 1);
  pages.lines(regions.filter(line => !line.includes("disabled")));
  pages.section("Watch");
  pages.lines(await session.watch(first, ["station.history[1]", "*best", "tree->key", "ticks"]));
  if (!(await pages.next())) return;

  pages.section("Steps", "into report(), over two lines, out again");
  for (const step of ["stepIn", "next", "next", "stepOut"]) {
    pages.lines([await session.step(LOCALS, step)]);
  }
  if (!(await pages.next())) return;

  await session.breakAt("locals", undefined);
  await session.breakAt("grants", "remember(ALARM, *count, 0);");
  const upcall = await session.continue();
  pages.section("Upcall", "the alarm's, on the yield of grants");
  pages.lines(await session.listing(upcall, "grants"));
  pages.section("Stack");
  pages.lines(await session.stack(upcall));
  pages.section("Grants", "the kernel's memory for this process, byte by byte");
  pages.lines(await session.scope(upcall, "Grants", 2));
  if (!(await pages.next())) return;

  await session.breakAt("grants", undefined);
  await session.finish();
  pages.section("End", "a button is pressed, then q is typed, which the board's console echoes");
  pages.lines(session.takeConsole());
  closing(pages);
}

function closing(pages: Pages): void {
  pages.title("The same in VS Code", "");
  pages.lines([
    "npm run package",
    "code --install-extension tock-debug-0.1.0.vsix",
    "",
    "Open the folder examples/locals, set a breakpoint in main.c and press F5.",
    "On the command line: npx tock-debug run examples/hello/hello.tab",
  ]);
}

/** Lays lines out in columns that are read downwards. */
function columnsOf(lines: readonly string[], count: number): string[] {
  const height = Math.ceil(lines.length / count);
  const columns = Array.from({ length: count }, (_, c) => {
    const column = lines.slice(c * height, (c + 1) * height);
    const width = Math.max(0, ...column.map(paint.width)) + 3;
    return column.map(line => line + " ".repeat(width - paint.width(line)));
  });
  return Array.from({ length: height }, (_, row) =>
    columns
      .map(column => column[row] ?? "")
      .join("")
      .trimEnd(),
  );
}

type Stopped = DebugProtocol.StoppedEvent["body"];

/** What the tour asks a session, in its own words, answered as lines of text. */
class TourSession {
  readonly #client: DapClient;
  #shown = 0;

  constructor(client: DapClient) {
    this.#client = client;
  }

  async launch(): Promise<void> {
    await this.#client.request("initialize", { adapterID: "tock", pathFormat: "path" });
    const apps = ["locals", "grants"].map(name => join(root, "examples", name, `${name}.tab`));
    const inputs = ["1.2s:button0=down", "1.3s:button0=up", "1.5s:console=q"];
    await this.#client.request("launch", { apps, inputs, speed: "max" });
  }

  /** One breakpoint in the app, at the line that contains `text`; none removes it. */
  async breakAt(app: string, text: string | undefined): Promise<void> {
    const lines = readFileSync(source(app), "utf8").split("\n");
    const line = text === undefined ? 0 : lines.findIndex(l => l.includes(text)) + 1;
    if (text !== undefined && line === 0) throw new UserError(`${source(app)}: no line "${text}".`);
    await this.#client.request("setBreakpoints", {
      source: { path: source(app) },
      breakpoints: line === 0 ? [] : [{ line }],
    });
  }

  async start(): Promise<Stopped> {
    await this.#client.request("configurationDone");
    return this.#client.stopped();
  }

  async continue(): Promise<Stopped> {
    await this.#client.request("continue", { threadId: GRANTS });
    return this.#client.stopped();
  }

  async step(threadId: number, command: string): Promise<string> {
    await this.#client.request(command, { threadId });
    const [frame] = await this.#frames(await this.#client.stopped());
    const text = frame?.source?.path ? this.#lineOf(frame.source.path, frame.line) : "";
    return `${paint.dim(command.padEnd(8))} ${placeOf(frame).padEnd(16)} ${text.trim()}`;
  }

  /** Runs to the end of the session. */
  async finish(): Promise<void> {
    const ended = this.#client.event("terminated");
    await this.#client.request("continue", { threadId: GRANTS });
    await ended;
  }

  /** Console output since the last call, a line each. */
  takeConsole(): string[] {
    const text = this.#client.output("stdout").replaceAll("\r", "");
    const fresh = text.slice(this.#shown).replace(/\n$/, "");
    this.#shown = text.length;
    return fresh.split("\n");
  }

  async listing(stopped: Stopped, app: string): Promise<string[]> {
    const [frame] = await this.#frames(stopped);
    const line = frame?.line ?? 1;
    return [line - 2, line - 1, line, line + 1].map(n => {
      const text = `${String(n).padStart(4)}  ${this.#lineOf(source(app), n)}`;
      return n === line ? paint.bold(`▶${text}`) : ` ${paint.dim(text)}`;
    });
  }

  async stack(stopped: Stopped): Promise<string[]> {
    const frames = await this.#frames(stopped);
    const width = Math.max(...frames.map(f => f.name.length));
    return frames.map(f => `${f.name.padEnd(width)}  ${paint.dim(placeOf(f))}`);
  }

  /** A scope of the innermost frame, `depth` levels opened. */
  async scope(stopped: Stopped, name: string, depth: number): Promise<string[]> {
    const [frame] = await this.#frames(stopped);
    const { scopes } = await this.#client.request<{ scopes: DebugProtocol.Scope[] }>("scopes", {
      frameId: frame?.id,
    });
    const scope = scopes.find(s => s.name === name);
    return scope === undefined ? [] : this.#variables(scope.variablesReference, depth, 0);
  }

  async watch(stopped: Stopped, expressions: readonly string[]): Promise<string[]> {
    const [frame] = await this.#frames(stopped);
    const width = Math.max(...expressions.map(e => e.length));
    return Promise.all(
      expressions.map(async expression => {
        const { result } = await this.#client.request<{ result: string }>("evaluate", {
          expression,
          frameId: frame?.id,
          context: "watch",
        });
        return `${expression.padEnd(width)}  ${paint.value(result)}`;
      }),
    );
  }

  async #frames(stopped: Stopped): Promise<DebugProtocol.StackFrame[]> {
    const { stackFrames } = await this.#client.request<{
      stackFrames: DebugProtocol.StackFrame[];
    }>("stackTrace", { threadId: stopped.threadId });
    return stackFrames;
  }

  async #variables(variablesReference: number, depth: number, indent: number): Promise<string[]> {
    const { variables } = await this.#client.request<{ variables: DebugProtocol.Variable[] }>(
      "variables",
      { variablesReference },
    );
    const width = Math.max(0, ...variables.map(v => v.name.length));
    const lines: string[] = [];
    for (const v of variables) {
      lines.push(`${"  ".repeat(indent)}${v.name.padEnd(width)}  ${paint.value(v.value)}`);
      if (depth > 0 && v.variablesReference > 0 && v.name !== "not allocated") {
        lines.push(...(await this.#variables(v.variablesReference, depth - 1, indent + 1)));
      }
    }
    return lines;
  }

  #lineOf(path: string, line: number): string {
    return readFileSync(path, "utf8").split("\n")[line - 1] ?? "";
  }
}

const placeOf = (frame: DebugProtocol.StackFrame | undefined): string =>
  frame?.source?.name === undefined ? "" : `${frame.source.name}:${frame.line}`;
