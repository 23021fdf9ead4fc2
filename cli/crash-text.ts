// An explained crash as a person reads it in a terminal: the verdict first, then what it rests on.
import type {
  CrashBody,
  CrashFrame,
  CrashProcess,
  CrashRegister,
  SourcePlace,
} from "../adapter/crash/model.js";
import { hex8 } from "../emulator/index.js";
import { paint } from "./pages.js";
import { printable, wrapped } from "./text.js";

const WIDTH = 100;
const MOST_FRAMES = 30;

/** The lines of a source around one that matters, with its number; empty when it is not at hand. */
export interface Excerpt {
  path: string;
  line: number;
  lines: readonly { number: number; text: string }[];
}

/** Nothing in it makes a terminal do anything. */
export function crashText(body: CrashBody, excerpt: Excerpt | undefined): string {
  const { explanation, notes } = body;
  const [process, ...others] = body.processes;
  const title = `${process?.name ?? ""}: ${explanation.kind}`;
  const sections = [
    [paint.bold(printable(title))],
    sentences([explanation.verdict, ...explanation.details]),
    explanation.fix ? section("What to change", sentences([explanation.fix.text])) : [],
    explanation.place ? sourceLines(explanation.place, excerpt) : [],
    process && process.stack.length > 0 ? section("Stack", stackLines(process.stack)) : [],
    section("Fault status", registerLines(body.faultStatus)),
    process ? section("Registers that point somewhere", pointerLines(process)) : [],
    process ? section("Memory", memoryLines(process)) : [],
    section(
      "Other processes",
      others.map(({ name, state }) => `  ${printable(name)}  ${printable(state)}`),
    ),
    section("Notes", sentences(notes)),
  ];
  const shown = sections.filter(lines => lines.length > 0);
  return `${shown.map(lines => lines.join("\n")).join("\n\n")}\n`;
}

const section = (name: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [paint.heading(name), ...lines];

const sentences = (texts: readonly string[]): string[] =>
  texts.flatMap(text =>
    wrapped(printable(text).replaceAll("\n", " "), WIDTH - 2).map(line => `  ${line}`),
  );

const placeText = ({ path, line }: SourcePlace): string => `${path}:${line}`;

function sourceLines(place: SourcePlace, excerpt: Excerpt | undefined): string[] {
  const head = `${paint.heading("Source")}  ${printable(placeText(place))}`;
  const digits = String(excerpt?.lines.at(-1)?.number ?? "").length;
  const lines = (excerpt?.lines ?? []).map(({ number, text }) => {
    const here = number === excerpt?.line;
    const line = `${here ? ">" : " "} ${String(number).padStart(digits)}  ${printable(text)}`;
    return `  ${here ? paint.bold(line.trimEnd()) : line.trimEnd()}`;
  });
  return [head, ...lines];
}

function stackLines(stack: readonly CrashFrame[]): string[] {
  const shown = stack.slice(0, MOST_FRAMES);
  const names = shown.map(({ name }) => printable(name));
  const width = Math.min(40, Math.max(...names.map(name => name.length)));
  const lines = shown.map(({ address, place }, i) => {
    const where = place === null ? "" : paint.dim(printable(placeText(place)));
    return `  ${hex8(address)}  ${(names[i] ?? "").padEnd(width)}  ${where}`.trimEnd();
  });
  const left = stack.length - MOST_FRAMES;
  return left > 0 ? [...lines, `  … and ${left} more`] : lines;
}

function registerLines(registers: readonly CrashRegister[]): string[] {
  const width = Math.max(0, ...registers.map(({ name }) => name.length));
  const indent = `  ${" ".repeat(width)}  ${" ".repeat(hex8(0).length)}  `;
  return registers.flatMap(({ name, value, meaning, fields }) => {
    const texts = [meaning, ...fields.map(field => `${field.name}: ${field.text}`)].filter(Boolean);
    const lines = texts.flatMap(text => wrapped(printable(text), WIDTH - indent.length));
    const first = `  ${name.padEnd(width)}  ${value === null ? "-".padEnd(hex8(0).length) : hex8(value)}`;
    return [
      `${first}  ${lines[0] ?? ""}`.trimEnd(),
      ...lines.slice(1).map(line => `${indent}${line}`),
    ];
  });
}

const pointerLines = ({ registers }: CrashProcess): string[] =>
  registerLines(registers.filter(({ meaning }) => meaning !== ""));

const memoryLines = ({ segments }: CrashProcess): string[] =>
  segments.map(({ low, high, text }) => `  ${hex8(low)}–${hex8(high)}  ${printable(text)}`);
