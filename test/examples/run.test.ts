// The committed examples do on the board what their README says.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { type InputValue, nrf52840dk, readTab, type TraceEvent } from "../../emulator/index.js";

const FREQUENCY = 64_000_000;

/** Runs one app; inputs come at virtual seconds. */
function run(
  name: string,
  seconds: number,
  inputs: readonly (readonly [number, string, InputValue])[] = [],
  architecture = "cortex-m4",
) {
  const file = `examples/${name}/${name}.tab`;
  const { binaries } = readTab(readFileSync(file), file);
  const app = binaries.find(b => b.architecture === architecture)!.bytes;
  const events: TraceEvent[] = [];
  const { machine, kernel } = nrf52840dk.build({
    apps: [app],
    listen: event => events.push(event),
  });
  for (const [at, device, value] of inputs) {
    machine.run(at * FREQUENCY);
    machine.input(device, value);
  }
  machine.run(seconds * FREQUENCY);
  const lines = events
    .flatMap(event =>
      event.type === "uart" && event.origin.from === "process" ? [event.bytes] : [],
    )
    .reduce((text, bytes) => text + new TextDecoder().decode(bytes), "")
    .split(/\r?\n/)
    .filter(line => line !== "");
  const exit = events.find(event => event.type === "processExited");
  return { lines, exit, events, process: kernel.processes[0]! };
}

describe("examples on the nrf52840dk", () => {
  for (const architecture of ["cortex-m4", "cortex-m0"]) {
    it(`hello for ${architecture} prints its line and exits with 0`, () => {
      const { lines, exit } = run("hello", 1, [], architecture);
      assert.deepEqual(lines, ["Hello, Tock!"]);
      assert.equal(exit?.completionCode, 0);
    });

    it(`blink for ${architecture} counts in binary, four steps a second`, () => {
      const { events } = run("blink", 3.1, [], architecture);
      const leds = [false, false, false, false];
      const counts: number[] = [];
      let last = 0;
      for (const event of events) {
        if (event.type !== "led") continue;
        // A step sets its LEDs within a millisecond; the next one is 250 ms away.
        if (event.cycle - last > FREQUENCY / 100) counts.push(numberOf(leds));
        leds[event.index] = event.on;
        last = event.cycle;
      }
      counts.push(numberOf(leds));
      assert.deepEqual(counts.slice(-11), [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    });
  }

  it("locals prints six days and their summary, and exits with 0", () => {
    const { lines, exit } = run("locals", 1);
    assert.equal(lines.length, 7);
    const tenths = lines.slice(0, 6).map(line => {
      const match = /^Palo Alto \d: ([+-]\d+)\.(\d) C, (clear|cloudy|rain|snow)$/.exec(line);
      assert.ok(match, line);
      return Number(`${match[1]}${match[2]}`);
    });
    const sum = tenths.reduce((a, b) => a + b);
    const best = tenths.indexOf(Math.max(...tenths)) + 1;
    const wet = lines.filter(line => line.endsWith("rain")).length;
    // Days 1 to 6, each times 16, added to 0xfffffff0.
    const tick = 0xfffffff0 + 21 * 16;
    assert.equal(lines[6], `${wet} wet days, ${sum} in sum, best on day ${best}, tick ${tick}`);
    assert.equal(exit?.completionCode, 0);
  });

  it("grants tells of seconds, buttons and keys until q", () => {
    const { lines, exit } = run("grants", 5, [
      [1.5, "button2", "down"],
      [1.6, "button2", "up"],
      [2.5, "console", "q"],
    ]);
    assert.deepEqual(lines, [
      "Ready: press a button or a key, q ends.",
      "Second 1",
      "Button 2 down",
      "Button 2 up",
      "Second 2",
      "Typed 0x71",
    ]);
    assert.equal(exit?.completionCode, 0);
  });

  const atNull = (address: number) => assert.equal(address, 0);
  const belowStack = (address: number, start: number) => assert.ok(address < start);
  const ways = [
    { way: "a typed n", device: "console", value: "n", check: atNull },
    { way: "the first button", device: "button0", value: "down", check: atNull },
    { way: "a typed s", device: "console", value: "s", check: belowStack },
    { way: "the second button", device: "button1", value: "down", check: belowStack },
  ];
  for (const { way, device, value, check } of ways) {
    it(`crash faults after ${way}, with the address ${check === atNull ? "0" : "below its stack"}`, () => {
      const { fault, memory } = run("crash", 3, [[1, device, value]]).process;
      assert.ok(fault);
      check(fault.mmfar, memory.start);
    });
  }
});

const numberOf = (leds: readonly boolean[]): number =>
  leds.reduce((value, on, i) => value + (on ? 1 << i : 0), 0);
