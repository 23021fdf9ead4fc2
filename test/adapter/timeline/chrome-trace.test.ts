import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { recordingOf } from "../../../adapter/timeline/board.js";
import { chromeTrace, type TraceEventRecord } from "../../../adapter/timeline/chrome-trace.js";
import { describeRow } from "../../../adapter/timeline/describe.js";
import { nrf52840dk, readTab, type TraceEvent } from "../../../emulator/index.js";
import { assertGolden } from "../../golden/golden.js";
import { manyRows } from "./many-rows.js";

const FREQUENCY = 64_000_000;
const { traceEvents, otherData } = chromeTrace(manyRows(120_000), FREQUENCY);
const slices = traceEvents.filter(({ ph }) => ph === "X");

/** Which fields the format wants of each kind of event, beside name, ph, ts, pid and tid. */
const fields: Readonly<Record<TraceEventRecord["ph"], readonly string[]>> = {
  M: ["args"],
  X: ["args", "cat", "dur"],
  i: ["args", "cat", "s"],
  s: ["cat", "id"],
  f: ["bp", "cat", "id"],
};

describe("a Chrome trace", () => {
  it("has the fields of the format, and no others", () => {
    assert.ok(traceEvents.length > 100_000);
    for (const event of traceEvents) {
      const { name, ph, ts, pid, tid, ...rest } = event;
      assert.deepEqual(Object.keys(rest).sort(), fields[ph], JSON.stringify(event));
      assert.ok(name !== "" && Number.isFinite(ts) && ts >= 0);
      assert.ok(Number.isSafeInteger(pid) && Number.isSafeInteger(tid));
    }
  });

  it("says how many rows it holds and how many were dropped", () => {
    assert.deepEqual(otherData, { schema: 1, tool: "tock-debug", rows: 100_000, dropped: 20_002 });
  });

  it("has slices in order that do not overlap on a track", () => {
    const ends = new Map<number, number>();
    for (const { ts, dur = Number.NaN, tid } of slices) {
      assert.ok(dur >= 0 && ts >= (ends.get(tid) ?? 0) - 1e-6);
      ends.set(tid, ts + dur);
    }
  });

  it("has both ends of each flow, inside of slices, the upcall behind its command", () => {
    const flows = (ph: string) => new Map(traceEvents.filter(e => e.ph === ph).map(e => [e.id, e]));
    const [starts, ends] = [flows("s"), flows("f")];
    assert.ok(starts.size > 1000);
    assert.deepEqual([...starts.keys()].sort(), [...ends.keys()].sort());
    const at = new Set(slices.map(({ tid, ts }) => `${tid} ${ts}`));
    for (const [id, { ts, tid, name, cat }] of starts) {
      const end = ends.get(id) as TraceEventRecord;
      assert.ok(end.ts > ts && end.name === name && end.cat === cat);
      assert.ok(at.has(`${tid} ${ts}`) && at.has(`${end.tid} ${end.ts}`));
    }
  });

  it("shows a yield as long as the process waits", () => {
    const waits = slices.filter(({ name }) => name === "yield-wait");
    assert.ok(waits.length > 1000 && waits.slice(1, -2).every(({ dur = 0 }) => dur > 500));
  });
});

/** Rows of a run from power-on until nothing happens, as text. */
function rowsOf(example: string, seconds: number): string {
  const path = `examples/${example}/${example}.tab`;
  const { binaries } = readTab(readFileSync(path), path);
  const binary = binaries.find(({ architecture }) => architecture === "cortex-m4");
  const events: TraceEvent[] = [];
  let hear = (event: TraceEvent): void => void events.push(event);
  const apps = [binary?.bytes as Uint8Array];
  const board = nrf52840dk.build({ apps, listen: event => hear(event) });
  const recording = recordingOf(board);
  for (const event of events) recording.hear(event);
  hear = event => recording.hear(event);
  const { machine } = board;
  const end = seconds * machine.clock.frequency;
  while (machine.clock.now < end && machine.run(end).reason === "deadline");
  const lines: string[] = [];
  for (let number = recording.first; number < recording.end; number++) {
    const row = describeRow(recording, number, machine.clock.frequency);
    const { process, call, driverName, operation, result, latency, linked } = row;
    const what = [call, driverName, operation].filter(part => part !== "").join(" ");
    const ended = latency === null ? "" : ` (${(latency * 1e6).toFixed(2)} µs, ${linked})`;
    const text = row.arguments === "" ? "" : `: ${row.arguments}`;
    const returned = result === "" ? "" : ` → ${result}`;
    lines.push(`${number} ${row.seconds.toFixed(6)} ${process} ${what}${text}${returned}${ended}`);
  }
  return `${lines.join("\n")}\n`;
}

describe("the timeline of an example", () => {
  for (const [example, seconds] of [
    ["hello", 1],
    ["blink", 0.6],
    ["crash", 0.2],
  ] as const)
    it(`${example} is as it was`, () => {
      assertGolden(`test/golden/timeline/${example}.txt`, rowsOf(example, seconds));
    });
});
