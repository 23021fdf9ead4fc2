import assert from "node:assert/strict";
import { nodeHost } from "../../adapter/host.node.js";
import { type CpuProfile, Profiler } from "../../adapter/profile.js";
import { prepare } from "../../adapter/scenario/prepare.js";
import { readScenarios } from "../../adapter/scenario/read.js";
import { ScenarioRun } from "../../adapter/scenario/run.js";
import { lineOf } from "./debugging.js";
import { performed } from "./scenario/performing.js";

const watch = { profile: true, coverage: true };

/** Virtual microseconds in each function itself: what a look sees lasts to the next. */
function selfTimes({ nodes, samples, timeDeltas, endTime, startTime }: CpuProfile) {
  const times = new Map<string, number>();
  let now = startTime;
  samples.forEach((id, i) => {
    now += timeDeltas[i]!;
    const next = timeDeltas[i + 1] ?? endTime - now;
    const name = nodes[id - 1]!.callFrame.functionName;
    times.set(name, (times.get(name) ?? 0) + next);
  });
  return times;
}

function stackOf(nodes: CpuProfile["nodes"], id: number): string[] {
  const parent = nodes.find(({ children }) => children.includes(id));
  const outer = parent === undefined ? [] : stackOf(nodes, parent.id);
  return [...outer, nodes[id - 1]!.callFrame.functionName];
}

describe("a profile", () => {
  it("is one for each process, and covers the run in virtual time", async () => {
    const { profiles, outcome } = await performed(
      "hello",
      "apps: [hello.tab, ../blink/blink.tab]\nsteps:\n- wait: 2s\n",
      watch,
    );
    assert.deepEqual(profiles.map(({ process }) => process).sort(), ["blink", "hello"]);
    for (const { profile } of profiles) {
      const total = [...selfTimes(profile).values()].reduce((a, b) => a + b, 0);
      assert.ok(Math.abs(total - outcome.virtualSeconds * 1e6) < 1, String(total));
      assert.equal(profile.samples.length, profile.timeDeltas.length);
      const hits = profile.nodes.reduce((sum, { hitCount }) => sum + hitCount, 0);
      assert.equal(hits, profile.samples.length);
    }
  });

  it("shows an app that sleeps as idle, and its instructions where they are", async () => {
    const { profiles, outcome } = await performed("blink", "steps:\n- wait: 9s\n", watch);
    const { profile } = profiles[0]!;
    const times = selfTimes(profile);
    const seconds = outcome.virtualSeconds * 1e6;
    assert.ok(times.get("(idle)")! > 0.99 * seconds);
    const running = [...times].filter(([name]) => !name.startsWith("("));
    const microseconds = running.reduce((sum, [, time]) => sum + time, 0);
    const expected = outcome.instructions / 64;
    assert.ok(Math.abs(microseconds - expected) < 0.01 * expected, `${microseconds} ${expected}`);
  });

  it("has the callers above each function, its declaration and the lines inside", async () => {
    const { profiles } = await performed(
      "grants",
      "steps:\n- {at: 3500ms, input: console=q}\n- exit: grants\n",
      watch,
    );
    const { profile } = profiles[0]!;
    const stacks = profile.nodes.map(({ id }) => stackOf(profile.nodes, id).join(" "));
    assert.ok(
      stacks.some(stack => stack.startsWith("(root) _start start_c main handle printf")),
      stacks.join("\n"),
    );
    assert.ok(
      stacks.some(stack => / yield .*on_alarm/.test(stack)),
      stacks.join("\n"),
    );
    const handle = profile.nodes.find(({ callFrame }) => callFrame.functionName === "handle")!;
    assert.equal(handle.callFrame.url, "examples/grants/main.c");
    assert.equal(handle.callFrame.lineNumber, lineOf("grants", "static bool handle") - 1);
    for (const { hitCount, positionTicks, callFrame } of profile.nodes) {
      const ticks = positionTicks.reduce((sum, tick) => sum + tick.ticks, 0);
      if (!callFrame.functionName.startsWith("(")) assert.equal(ticks, hitCount);
    }
  });

  it("gives each function the share of the instructions that were counted in it", async () => {
    const text = "steps:\n- {at: 9500ms, input: console=q}\n- exit: {grants: 0}\n";
    const file = "examples/grants/grants.tocktest.yaml";
    const [scenario] = readScenarios(text, file).scenarios;
    const run = ScenarioRun.start(await prepare(file, scenario!, nodeHost.files));
    const { machine, debuggee } = run;
    const counts = new Uint32Array(machine.memory.map.flash.size / 2);
    machine.cpu.counts = counts;
    const profiler = new Profiler(debuggee);
    run.runMachine = until => profiler.run(until);
    while (run.slice());
    const { symbols } = debuggee.program(0)!;
    const exact = new Map<string, number>();
    counts.forEach((count, i) => {
      if (count === 0) return;
      const pc = machine.memory.map.flash.address + 2 * i;
      const name = (symbols!.inlinedAt(pc).at(-1) ?? symbols!.functionAt(pc))?.name ?? "?";
      exact.set(name, (exact.get(name) ?? 0) + count);
    });
    const [{ profile } = assert.fail()] = await profiler.profiles();
    const times = selfTimes(profile);
    const total = machine.cpu.instructions;
    const busiest = [...exact].filter(([, count]) => count > total / 20);
    assert.ok(busiest.length >= 3);
    for (const [name, count] of busiest) {
      const share = ((times.get(name) ?? 0) * 64) / total;
      assert.ok(Math.abs(share - count / total) < 0.03, `${name}: ${share}, not ${count / total}`);
    }
  });
});
