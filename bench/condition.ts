// A conditional breakpoint in a loop: one that is hit 100,000 times before it stops.
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nodeHost } from "../adapter/host.node.js";
import { Session } from "../adapter/session.js";
import { DapClient, inlineChannel } from "../cli/dap-client.js";
import { appsIn, buildApp } from "../examples/build.js";
import { isInstalled, type Measurement, median } from "./measurement.js";

const HITS = 100_000;
const ROUNDS = 5;
const LINE = 5;
const PROGRAM = `#include "tock.h"
static volatile uint32_t total;
int main(void) {
  for (uint32_t i = 1; i <= ${HITS}; i++) {
    total += i;
  }
  return 0;
}
`;

const terms = {
  condition: { condition: `i == ${HITS}` },
  "hit count": { hitCondition: `${HITS}` },
};

/** Milliseconds from `continue` to the stop at the last round of the loop. */
async function measure(folder: string, breakpoint: object): Promise<number> {
  const client = new DapClient(inlineChannel(new Session(nodeHost)));
  const app = join(folder, "examples/locals/locals.tab");
  await client.request("initialize", {});
  await client.request("launch", { apps: [app], speed: "max", stopOnEntry: true });
  await client.request("configurationDone");
  const { threadId } = await client.stopped();
  const path = join(folder, "examples/locals/main.c").replaceAll("\\", "/");
  const breakpoints = [{ line: LINE, ...breakpoint }];
  await client.request("setBreakpoints", { source: { path }, breakpoints });
  const start = performance.now();
  await client.request("continue", { threadId });
  await client.stopped();
  const time = performance.now() - start;
  const { result } = await client.request("evaluate", { expression: "i" });
  if (result !== String(HITS)) throw new Error(`stopped at ${result} instead of ${HITS}`);
  await client.request("disconnect");
  return time;
}

/** Builds `text` in the place of the app `locals` below `folder`. */
export function buildProgram(folder: string, text: string): void {
  cpSync("examples", join(folder, "examples"), { recursive: true });
  writeFileSync(join(folder, "examples/locals/main.c"), text);
  const app = appsIn(".").find(({ name }) => name === "locals");
  if (app !== undefined) buildApp(folder, app);
}

export async function benchCondition(): Promise<Measurement[]> {
  if (!isInstalled("arm-none-eabi-gcc")) {
    return [{ what: "breakpoint with a condition", value: "skipped: no arm-none-eabi-gcc" }];
  }
  const folder = mkdtempSync(join(tmpdir(), "tock-debug-bench-"));
  try {
    buildProgram(folder, PROGRAM);
    const rows: Measurement[] = [];
    for (const [name, breakpoint] of Object.entries(terms)) {
      const times: number[] = [];
      for (let round = 0; round < ROUNDS; round++) times.push(await measure(folder, breakpoint));
      const what = `breakpoint with a ${name}, hit ${HITS.toLocaleString("en")} times`;
      rows.push({ what, value: `${(median(times) / 1000).toFixed(2)} s` });
    }
    return rows;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
