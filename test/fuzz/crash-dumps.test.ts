// Damaged crash dumps: read without failing, every line of them in one node, in time that grows as the text does.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { parseDumps } from "../../adapter/crash/parse.js";
import { printCrashReport } from "../../emulator/index.js";
import { cpuTime, scaled, tell } from "./cases.js";

const FOLDER = "test/golden/transcripts";
const TEXTS = readdirSync(FOLDER)
  .filter(name => name.endsWith(".txt"))
  .map(name => readFileSync(`${FOLDER}/${name}`, "utf8"));

const share = fc.nat(999_999).map(n => n / 1e6);
const noise = fc.oneof(
  fc.constantFrom(
    "\0",
    "\x1b[31m",
    "\x1b]",
    "\r",
    "\n",
    "\t",
    "0x",
    "│",
    "App: ",
    "---| ",
    "\ufffd",
  ),
  fc.string({ unit: "binary", maxLength: 20 }),
);
const wound = fc.record({
  kind: fc.constantFrom(
    ...["cut", "behead", "swap", "double", "lose", "insert", "change", "join", "flatten", "wrap"],
  ),
  place: share,
  other: share,
  noise,
});
type Wound = { kind: string; place: number; other: number; noise: string };

/** The text with one wound; places of line ends and of characters are shares of the whole. */
function wounded(text: string, { kind, place, other, noise }: Wound): string {
  const at = Math.floor(place * text.length);
  if (kind === "cut") return text.slice(0, at);
  if (kind === "behead") return text.slice(at);
  if (kind === "insert") return text.slice(0, at) + noise + text.slice(at);
  if (kind === "change") return text.slice(0, at) + noise + text.slice(at + noise.length);
  const rest = text.slice(at);
  if (kind === "flatten") return text.slice(0, at) + rest.replace(/\s+/g, " ");
  if (kind === "wrap") return text.slice(0, at) + rest.replace(/.{60}(?!$)/gm, "$&\n");
  const lines = text.split("\n");
  const one = Math.floor(place * lines.length);
  const two = Math.floor(other * lines.length);
  if (kind === "swap") [lines[one], lines[two]] = [lines[two] ?? "", lines[one] ?? ""];
  else if (kind === "double") lines.splice(one, 0, ...lines.slice(one, one + 8));
  else if (kind === "lose") lines.splice(one, 1 + Math.floor(other * 8));
  else lines.splice(one, 2, lines.slice(one, one + 2).join(""));
  return lines.join("\n");
}

function assertSound(text: string): void {
  const { dumps, nodes } = parseDumps(text);
  let end = 0;
  for (const node of nodes) {
    assert.ok(node.start >= end && node.end > node.start && node.end <= text.length);
    assert.equal(text.slice(end, node.start).trim(), "");
    for (const value of node.values) {
      assert.ok(value.start >= node.start && value.end > value.start && value.end <= node.end);
      assert.ok(Number.isFinite(value.value));
    }
    end = node.end;
  }
  assert.equal(text.slice(end).trim(), "");
  for (const dump of dumps) {
    const { processes } = dump.report;
    assert.equal(dump.registers.length, processes.length);
    for (const node of dump.nodes) assert.ok((node.process ?? 0) < Math.max(1, processes.length));
    // What is told can be printed, and what is printed can be read.
    const printed = printCrashReport(dump.report);
    assert.ok(parseDumps(printed).dumps.length >= Number(processes.some(p => p.stored !== null)));
  }
}

describe("damaged crash dumps", function () {
  this.timeout(120_000);

  it("are read without failing", () => {
    const count = scaled(600);
    fc.assert(
      fc.property(
        fc.constantFrom(...TEXTS),
        fc.array(wound, { minLength: 1, maxLength: 6 }),
        (text, wounds) => assertSound(wounds.reduce(wounded, text)),
      ),
      { numRuns: count },
    );
    tell(`${count} damaged dumps`);
  });

  it("any text is read without failing", () => {
    const count = scaled(600);
    const piece = fc.oneof(noise, fc.constantFrom(...PHRASES));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), pieces => assertSound(pieces.join(""))),
      { numRuns: count },
    );
    tell(`${count} texts`);
  });
});

/** What the parser looks for, whole and in part. */
const PHRASES = [
  "panicked at ",
  "panicked at kernel/",
  "panicked at '",
  "Kernel panic at ",
  "\tKernel version ",
  "---| App Status |---",
  "---| RISC-V Machine State |---",
  "---| Debug buffer not empty. Flushing.",
  "App: a   -   [b]",
  "   -   [",
  "𝐀𝐩𝐩: ",
  "Events Queued: 1   ",
  "Last Syscall: Command { ",
  "allow_address: 0x1",
  ": 0x0",
  " ╔═══",
  "  0x20000000 ┼──",
  "             │ ▲ Heap ",
  "?????????? ",
  "     .....",
  "R0 : 0x00000000 ",
  "APSR: N 0 Z ",
  "Grant  1 0x1: 0x20011af8",
  "Region 0: [0x20010000:0x20011000], length: 1 bytes; ReadWrite (0x3)",
  "Sub-region 1: [0x1",
  "PMPUserMPUConfig {",
  "#00: start=0x80100000, end=",
  "[00]: pmpaddr=0x0, end=0x0, cfg=0x00",
  "  uie:    false    ",
  "To debug ",
  "arch.0x1.0x1",
  "RAM_START=0x1 ",
  "\x1b[31m",
  "\x1b]",
  "kernel/",
  "0x",
  "0",
  " ",
  "─",
  "\u00e2",
  "(",
  "\r",
];

/** Milliseconds that `text` takes, the shortest of some times. */
function timeOf(text: string, times = 3): number {
  let shortest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < times; i++) {
    const start = cpuTime();
    parseDumps(text);
    shortest = Math.min(shortest, cpuTime() - start);
  }
  return shortest;
}

const repeated = (phrase: string, length: number): string =>
  phrase.repeat(Math.ceil(length / phrase.length));

describe("a long text is read in time that grows as the text does", function () {
  this.timeout(120_000);
  const SMALL = 60_000;
  const FACTOR = 8;
  /** In milliseconds; below this, what is measured is the machine. */
  const FAST = 200;

  const head = "---| App Status |---\nApp: a   -   [Running]\n";
  for (const [where, prefix, separator] of [
    ["on one line", "", ""],
    ["on a line each of a dump", head, "\n"],
    ["on one line of a banner", "panicked at kernel/a.rs:1:1:\n", ""],
  ] as const)
    it(`that repeats any phrase ${where}`, () => {
      for (const phrase of PHRASES) {
        const text = (length: number) => prefix + repeated(phrase + separator, length);
        if (timeOf(text(SMALL * FACTOR), 1) < FAST) continue;
        const ratio = timeOf(text(SMALL * FACTOR)) / timeOf(text(SMALL));
        assert.ok(ratio < FACTOR * 3, `${JSON.stringify(phrase)}: ratio ${ratio}`);
      }
    });

  it("that is a log of 5 MB on one line", () => {
    const log = repeated(TEXTS.join(" ").replace(/\s+/g, " "), 5_000_000);
    assert.ok(parseDumps(log).dumps.length > 100);
    const ratio = timeOf(log) / timeOf(log.slice(0, log.length / FACTOR));
    assert.ok(ratio < FACTOR * 3, `ratio ${ratio}`);
  });

  it("that is a log of 5 MB with dumps in it", () => {
    const log = repeated(TEXTS.join("boot\n"), 5_000_000);
    const { dumps } = parseDumps(log);
    assert.ok(dumps.length > 100);
    const ratio = timeOf(log) / timeOf(log.slice(0, log.length / FACTOR));
    assert.ok(ratio < FACTOR * 3, `ratio ${ratio}`);
  });
});
