// Laws of isolation: whatever an app does, no byte of another process or of the kernel changes, and the processor lets a
// process touch exactly what is its own.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { BINARY_JOURNAL } from "../../emulator/boards/nrf52840dk.js";
import {
  type BoardDescription,
  boards,
  chooseTbf,
  everything,
  type MemoryState,
  type ProcessView,
  readTab,
} from "../../emulator/index.js";
import { restartFaultPolicy } from "../../emulator/kernel/policies.js";

const READY = "hostile: ready\n";

const boardOf = (name: string): BoardDescription => {
  const found = boards.find(board => board.name === name);
  assert.ok(found, name);
  return found;
};

/** A board that runs `hostile` between two victims, all of them ready. */
function battlefield(description: BoardDescription) {
  const app = (name: string) => {
    const file = `examples/hostile/${name}/${name}.tab`;
    return chooseTbf(readTab(readFileSync(file), file), description.architecture).bytes;
  };
  let text = "";
  const { machine, kernel } = description.build({
    apps: [app("victim"), app("hostile"), app("victim")],
    faultPolicy: restartFaultPolicy,
    listen: event => {
      if (event.type === "uart" && event.origin.from === "process")
        text += new TextDecoder().decode(event.bytes);
    },
  });
  const hostile = () => kernel.process(1);
  /** What processes print, and whether one faults, until `end` is printed or five seconds are over. */
  const until = (end: string) => {
    text = "";
    const lives = hostile().restartCount;
    const deadline = machine.clock.now + 5 * machine.clock.frequency;
    for (let stop = ""; !text.endsWith(end) && machine.clock.now < deadline && stop !== "idle"; )
      stop = machine.run(machine.clock.now + machine.clock.frequency / 1000).reason;
    return { text, faulted: hostile().restartCount > lives };
  };
  until(READY);
  machine.run(machine.clock.now + machine.clock.frequency / 10);
  return {
    machine,
    kernel,
    hostile,
    attack(letters: string, end = READY) {
      machine.input("console", letters);
      return until(end);
    },
    press() {
      machine.input("button0", "down");
      return until("whole\nvictim: the secret is whole\n").text;
    },
  };
}

/** Addresses that differ, but for those of a process's block. */
function changes(
  before: MemoryState,
  after: MemoryState,
  map: { flash: { address: number }; ram: { address: number } },
  { memory }: ProcessView,
): string[] {
  const changed: string[] = [];
  for (const kind of ["flash", "ram"] as const) {
    if (Buffer.from(before[kind]).equals(Buffer.from(after[kind]))) continue;
    before[kind].forEach((byte, i) => {
      const address = map[kind].address + i;
      if (byte !== after[kind][i] && (address < memory.start || address >= memory.end))
        changed.push(`0x${address.toString(16)}`);
    });
  }
  return changed;
}

const FAULT = "a fault";
/** Own memory, which may of course be read, written or executed. */
const ownFlash = "ho";
const ownRam = "elL";

/** What an attack on a target comes to: a fault, or what the app prints. */
function outcome(kind: string, target: string): string {
  switch (kind) {
    case "r":
      return `${ownFlash}${ownRam}`.includes(target) ? "read" : FAULT;
    case "w":
      return ownRam.includes(target) ? "written" : FAULT;
    case "x":
      return FAULT;
    case "p":
      return "lL".includes(target) ? "stacked" : FAULT;
    case "o":
      return target === "o" ? "allow: success" : "allow: error 6";
    case "a":
    case "u":
      return "allow: error 6";
    case "s":
      return `0o${ownRam}`.includes(target) ? "subscribe: success" : "subscribe: error 6";
    case "b":
      return target === "e" ? "brk: success" : "brk: error 9";
    case "y":
      return "yielded";
    default:
      return "share: error 6";
  }
}

const TARGETS = "0fkvVcChogGepsnmzlLA";
const KINDS = "rwxpoausbyi";
/** Whatever lies in its own flash, an app may execute it: that is no attack. */
const isAttack = (kind: string, target: string) => kind !== "x" || !ownFlash.includes(target);

const without: readonly [string, string | RegExp][] = [
  ["!g", /grants: memory taken, \d+ there, [1-9]\d* without memory, \d+ no driver\n/],
  ["!d", FAULT],
  [
    "!q",
    "queue of process 0: 9, then error 9\nqueue of process 1: 9, then error 9\nqueue of process 2: 9, then error 9\n",
  ],
  ["!c", /console: \d+ writes accepted/],
  ["!l", "setup: error 11"],
  ["!p", FAULT],
  ["!r", FAULT],
  ["!m", /kernel's part: error 9\nbrk to the end: error 9\nbrk to nothing: error 9\n/],
  ["!u", FAULT],
  ["!y", FAULT],
  ["!w", "slept"],
  ["!b", FAULT],
];

const hasButtons = (board: string) => board !== "raspberry_pi_pico";

function assertOutcome(
  letters: string,
  expected: string | RegExp,
  { text, faulted }: { text: string; faulted: boolean },
): void {
  assert.ok(text.endsWith(READY), `${letters}: ${text}`);
  assert.equal(faulted, expected === FAULT, `${letters}: ${text}`);
  if (expected instanceof RegExp) assert.match(text, expected);
  else if (expected !== FAULT) assert.ok(text.includes(expected), `${letters}: ${text}`);
}

describe("a hostile app", () => {
  for (const name of ["nrf52840dk", "raspberry_pi_pico"]) {
    it(`${name}: gets a fault or an error code, and changes no byte of its neighbours, flash or kernel`, () => {
      const { machine, hostile, attack, press } = battlefield(boardOf(name));
      const { memory } = machine;
      let attacks = 0;
      const attempt = (letters: string, expected: string | RegExp) => {
        const before = memory.save();
        const result = attack(letters);
        assertOutcome(letters, expected, result);
        assert.deepEqual(changes(before, memory.save(), memory.map, hostile()), [], letters);
        attacks++;
      };
      for (const kind of KINDS)
        for (const target of TARGETS)
          if (isAttack(kind, target)) attempt(kind + target, outcome(kind, target));
      for (const [letters, expected] of without) attempt(letters, expected);
      if (hasButtons(name)) assert.match(press(), /(victim: the secret is whole\n){2}/);
      const bytes = memory.map.flash.size + memory.map.ram.size;
      console.log(`      ${attacks} attacks; ${bytes} bytes compared after each`);
    });
  }

  it("cannot load a forged header through the app loader, which writes where no app lies", () => {
    const { machine, kernel, hostile, attack } = battlefield(everything);
    const { memory } = machine;
    const before = memory.save();
    const { text } = attack("!l");
    assert.match(text, /write before: error .*\nwrite behind: error .*\n/);
    assert.doesNotMatch(text, /load: success\n {2}then 0/);
    const taken = [
      ...kernel.processes.map(({ flash }) => flash),
      { start: 0x20000000, end: 2 ** 32 },
    ];
    const changed = changes(before, memory.save(), memory.map, hostile()).filter(address =>
      taken.some(({ start, end }) => Number(address) >= start && Number(address) < end),
    );
    assert.deepEqual(changed, []);
    machine.requestReset();
    machine.run(machine.clock.now + machine.clock.frequency / 10);
    assert.deepEqual(
      kernel.processes.map(({ name }) => name),
      ["victim", "hostile", "victim"],
    );
  });

  for (const [letters, what] of [
    ["!t", "by room that ends just before another app"],
    ["!a", "by a setup that is given up after another one"],
  ] as const)
    it(`cannot make the app loader write over another app or the kernel ${what}`, () => {
      const { machine, kernel, hostile, attack } = battlefield(
        boardOf("nrf52840dk-test-dynamic-app-load"),
      );
      const { memory } = machine;
      const before = memory.save();
      attack(letters);
      machine.run(machine.clock.now + machine.clock.frequency);
      const apps = kernel.processes.map(({ flash }) => flash);
      const changed = changes(before, memory.save(), memory.map, hostile()).filter(address => {
        const at = Number(address);
        // What was being written is kept in the journal's pages.
        if (at >= BINARY_JOURNAL && at < BINARY_JOURNAL + 0x2000) return false;
        return at < 0x40000 || apps.some(({ start, end }) => at >= start && at < end);
      });
      assert.deepEqual(changed, []);
    });

  const storms = [
    "nrf52840dk",
    "microbit_v2",
    "raspberry_pi_pico",
    "nrf52840dk-test-dynamic-app-load",
  ];
  for (const name of [...storms, everything.name])
    it(`${name}: storms of random system calls change no byte of its neighbours, and the kernel lives`, () => {
      for (let storm = 0; storm < 10; storm++) {
        const { machine, kernel, hostile, attack, press } = battlefield(boardOf(name));
        const { memory } = machine;
        const before = memory.save();
        attack(`!${storm}`, "never");
        assert.equal(kernel.halted, false);
        assert.deepEqual([hostile().state, hostile().completionCode], ["Terminated", 0]);
        // Storage and the app loader may change flash, but not where an app lies.
        const apps = [0, 2].map(index => kernel.process(index).flash);
        const changed = changes(before, memory.save(), memory.map, hostile()).filter(address => {
          const at = Number(address);
          return at >= 0x20000000 || apps.some(({ start, end }) => at >= start && at < end);
        });
        assert.deepEqual(changed, [], `storm ${storm}`);
        if (hasButtons(name)) assert.match(press(), /(victim: the secret is whole\n){2}/);
      }
    });
});
