import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import {
  type BoardDescription,
  chooseTbf,
  nrf52840dk,
  readTab,
  type TraceEvent,
} from "../../../emulator/index.js";

function traceOf(board: BoardDescription, asks: (event: TraceEvent) => boolean) {
  const path = "examples/blink/blink.tab";
  const range = { start: 0, end: 2 ** 32 };
  const tab = readTab(readFileSync(path), path);
  const { bytes } = chooseTbf(tab, board.architecture, { flash: range, ram: range });
  const { machine } = board.build({ apps: [bytes] });
  const events: TraceEvent[] = [];
  const stops: number[] = [];
  machine.trace.listen(event => {
    events.push(event);
    if (asks(event)) machine.requestStop();
  });
  while (machine.run(64_000_000).reason === "requested") stops.push(machine.clock.now);
  return { events, stops };
}

describe("a stop that a listener asks for", () => {
  it("is at the cycle of the event, and changes nothing", () => {
    const free = traceOf(nrf52840dk, () => false);
    const { events, stops } = traceOf(nrf52840dk, ({ type }) => type === "led");
    const leds = events.filter(({ type }) => type === "led");
    assert.ok(leds.length > 3);
    assert.deepEqual(
      stops,
      leds.map(({ cycle }) => cycle),
    );
    assert.deepEqual(events, free.events);
  });
});
