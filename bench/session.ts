// What a user waits for at a stop: steps, a long list of variables, and breakpoints that other code has.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { nodeHost } from "../adapter/host.node.js";
import { Session } from "../adapter/session.js";
import { DapClient, inlineChannel } from "../cli/dap-client.js";
import { buildProgram } from "./condition.js";
import { isInstalled, type Measurement, median } from "./measurement.js";

const CHILDREN = 1000;
const STEPS = 300;
const ROUNDS = 9;
const LOOPS = 8_000_000;
/** Breakpoints on lines of a function that never runs. */
const ELSEWHERE = 500;

const PROGRAM = `#include "tock.h"
struct item { uint32_t number; int16_t pair[2]; const char* text; };
static struct item items[${CHILDREN}];
static volatile uint32_t total;
static void busy(void) {
  for (uint32_t i = 0; i < ${LOOPS}; i++) total += i;
}
__attribute__((used, noinline)) void elsewhere(void) {
${Array.from({ length: ELSEWHERE }, (_, i) => `  total = ${i};`).join("\n")}
}
int main(void) {
  items[1].text = "one";
  busy(); // before
  total = 1; // behind
  for (;;) {
    total += items[total % ${CHILDREN}].number; // stepped
    total++;
  }
}
`;
const LINES = PROGRAM.split("\n");
const lineOf = (text: string): number => LINES.findIndex(line => line.includes(text)) + 1;

async function time(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

class User {
  readonly client = new DapClient(inlineChannel(new Session(nodeHost)));
  readonly #path: string;

  constructor(folder: string) {
    this.#path = join(folder, "examples/locals/main.c").replaceAll("\\", "/");
  }

  async breakAt(...lines: number[]): Promise<void> {
    const breakpoints = lines.map(line => ({ line }));
    await this.client.request("setBreakpoints", { source: { path: this.#path }, breakpoints });
  }

  async begin(folder: string): Promise<this> {
    await this.client.request("initialize", {});
    const app = join(folder, "examples/locals/locals.tab");
    await this.client.request("launch", { apps: [app], speed: "max" });
    await this.breakAt(lineOf("// before"), lineOf("// behind"));
    await this.client.request("configurationDone");
    await this.client.stopped();
    return this;
  }

  async run(command: string): Promise<void> {
    await this.client.request(command, { threadId: 1 });
    await this.client.stopped();
  }
}

/** A step over a line with the stack and the variables that a client asks for behind it. */
async function steps(user: User): Promise<number> {
  await user.breakAt(lineOf("// stepped"));
  await user.run("continue");
  await user.breakAt();
  const taken = await time(async () => {
    for (let i = 0; i < STEPS; i++) {
      await user.run("next");
      const { stackFrames } = await user.client.request<DebugProtocol.StackTraceResponse["body"]>(
        "stackTrace",
        { threadId: 1, levels: 1 },
      );
      await user.client.request("scopes", { frameId: stackFrames[0]?.id });
    }
  });
  return taken / STEPS;
}

async function children(user: User): Promise<number> {
  const { variablesReference } = await user.client.request<DebugProtocol.EvaluateResponse["body"]>(
    "evaluate",
    { expression: "items" },
  );
  return time(async () => {
    const { variables } = await user.client.request<DebugProtocol.VariablesResponse["body"]>(
      "variables",
      { variablesReference },
    );
    if (variables.length !== CHILDREN) throw new Error(`${variables.length} children`);
  });
}

/** Processor time of `work` in milliseconds: other load on the computer weighs little. */
async function processorTime(work: () => Promise<unknown>): Promise<number> {
  const start = process.cpuUsage().user;
  await work();
  return (process.cpuUsage().user - start) / 1000;
}

/** Milliseconds that the loop runs with so many breakpoints on lines that are never reached. */
async function loop(folder: string, breakpoints: number): Promise<number> {
  const user = await new User(folder).begin(folder);
  const first = lineOf("void elsewhere") + 1;
  const others = Array.from({ length: breakpoints }, (_, i) => first + i);
  await user.breakAt(lineOf("// behind"), ...others);
  const taken = await processorTime(() => user.run("continue"));
  await user.client.request("disconnect");
  return taken;
}

export async function benchSession(): Promise<Measurement[]> {
  if (!isInstalled("arm-none-eabi-gcc")) {
    return [{ what: "a step", value: "skipped: no arm-none-eabi-gcc" }];
  }
  const folder = mkdtempSync(join(tmpdir(), "tock-debug-bench-"));
  try {
    buildProgram(folder, PROGRAM);
    const taken: { step: number; list: number; ratio: number }[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const user = await new User(folder).begin(folder);
      await user.run("continue");
      const list = await children(user);
      const step = await steps(user);
      await user.client.request("disconnect");
      // In turns, so that neither is always the warmer one.
      const order = round % 2 === 0 ? [ELSEWHERE, 0] : [0, ELSEWHERE];
      const loops = new Map<number, number>();
      for (const count of order) loops.set(count, await loop(folder, count));
      const ratio = (loops.get(ELSEWHERE) ?? 0) / (loops.get(0) ?? 0);
      taken.push({ step, list, ratio });
    }
    const ratio = median(taken.map(t => t.ratio));
    return [
      {
        what: "a step with stack and scopes",
        value: `${median(taken.map(t => t.step)).toFixed(2)} ms`,
      },
      {
        what: `variables, ${CHILDREN} structs`,
        value: `${median(taken.map(t => t.list)).toFixed(0)} ms`,
      },
      {
        what: `a loop with ${ELSEWHERE} breakpoints elsewhere / without`,
        value: ratio.toFixed(2),
        target: "≤ 1.10",
        met: ratio <= 1.1,
      },
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
