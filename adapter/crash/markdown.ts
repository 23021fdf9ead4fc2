// A crash as Markdown, to paste into an issue. Names come from binaries and dumps, so nothing of them is markup.
import { hex, hex8 } from "../../emulator/index.js";
import type { CrashBody, CrashFrame, CrashProcess, CrashRegister, SourcePlace } from "./model.js";
import { rightsText } from "./regions.js";

const MOST_FRAMES = 50;

export function markdownOf(body: CrashBody): string {
  const [process] = body.processes;
  const { explanation } = body;
  return [
    `# ${title(body)}`,
    "",
    plain(explanation.verdict),
    "",
    ...[
      ...explanation.details,
      ...(explanation.fix === null ? [] : [`**What to change:** ${plain(explanation.fix.text)}`]),
    ].map((text, i) =>
      explanation.fix !== null && i === explanation.details.length
        ? `\n${text}`
        : `- ${plain(text)}`,
    ),
    "",
    ...facts(body),
    ...(process === undefined ? [] : processSections(process)),
    ...registerTable("Fault status", body.faultStatus),
    ...noteList(body.notes),
    ...(body.dump === ""
      ? []
      : [
          "<details><summary>Tock's crash dump</summary>",
          "",
          fenced(body.dump),
          "",
          "</details>",
          "",
        ]),
  ].join("\n");
}

function title({ processes, explanation }: CrashBody): string {
  const name = processes[0]?.name;
  return name === undefined ? explanation.kind : `${plain(name)}: ${explanation.kind}`;
}

function facts({ kernelVersion, panic, explanation, processes }: CrashBody): string[] {
  const { place, instruction, culprit } = explanation;
  const rows = [
    [
      "Process",
      processes[0] === undefined ? "" : `${code(processes[0].name)}, ${code(processes[0].state)}`,
    ],
    ["Source", place === null ? "" : code(placeText(place))],
    [
      "Instruction",
      instruction === null ? "" : code(`${hex8(instruction.address)}: ${instruction.text}`),
    ],
    ["Value", culprit === null ? "" : `${code(culprit.expression)} = ${code(culprit.value)}`],
    ["Last system call", code(processes[0]?.lastSyscall ?? "")],
    ["Kernel", kernelVersion === null ? "" : code(`Tock ${kernelVersion}`)],
    ["Panic", panic === null ? "" : code(`${panic.message} (${panic.location})`)],
  ].filter(([, value]) => value !== "" && value !== "``");
  return [...table(["", ""], rows), ""];
}

const placeText = ({ path, line, function: name }: SourcePlace): string =>
  name === "" ? `${path}:${line}` : `${name} (${path}:${line})`;

function processSections(process: CrashProcess): string[] {
  const { stack, segments, ranges, grants, registers } = process;
  return [
    ...stackSection(stack),
    ...section(
      "Memory",
      table(
        ["From", "To", ""],
        segments.map(({ low, high, text }) => [code(hex8(low)), code(hex8(high)), plain(text)]),
      ),
    ),
    ...section(
      "Regions that the app may use",
      table(
        ["", "From", "To", "Rights"],
        ranges.map(range => [
          String(range.region),
          code(hex8(range.low)),
          code(hex8(range.high)),
          code(rightsText(range)),
        ]),
      ),
    ),
    ...section(
      "Grants",
      table(
        ["Driver", "Address", "Bytes"],
        grants.map(({ driver, driverName, address, size }) => [
          `${plain(driverName)} (${hex(driver)})`,
          code(hex8(address)),
          String(size),
        ]),
      ),
    ),
    ...registerTable("Registers", registers),
  ];
}

const section = (name: string, rows: readonly string[]): string[] =>
  rows.length <= 2 ? [] : [`## ${name}`, "", ...rows, ""];

function stackSection(stack: readonly CrashFrame[]): string[] {
  if (stack.length === 0) return [];
  const lines = stack.slice(0, MOST_FRAMES).map(({ address, name, place }) => {
    const where = place === null ? "" : ` at ${place.path}:${place.line}`;
    return `${hex8(address)} ${name}${where}`;
  });
  const left = stack.length - MOST_FRAMES;
  const more = left > 0 ? [`… and ${left} more`] : [];
  return ["## Stack", "", fenced([...lines, ...more].join("\n")), ""];
}

function registerTable(name: string, registers: readonly CrashRegister[]): string[] {
  const rows = registers.map(({ name: register, value, meaning, fields }) => [
    register,
    value === null ? "unknown" : code(hex8(value)),
    plain(
      [meaning, ...fields.map(({ name: field, text }) => `${field}: ${text}`)]
        .filter(text => text !== "")
        .join(" "),
    ),
  ]);
  return section(name, table(["Register", "Value", ""], rows));
}

const noteList = (notes: readonly string[]): string[] =>
  notes.length === 0 ? [] : ["## Notes", "", ...notes.map(note => `- ${plain(note)}`), ""];

const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string[] => [
  `| ${heads.join(" | ")} |`,
  `|${" --- |".repeat(heads.length)}`,
  ...rows.map(row => `| ${row.map(cell => cell.replace(/(?<!\\)\|/g, "\\|")).join(" | ")} |`),
];

/** Control characters and ends of lines, which would end a cell, a span or a list. */
const flat = (text: string): string => shown(text.replace(/[\p{Cc}\u2028\u2029]+/gu, " "));

/** Characters that turn the direction of what follows would show a name as another. */
const shown = (text: string): string =>
  text.replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "\ufffd");

/** Text in which only spans of code, as the engine's sentences have, are markup. */
const plain = (text: string): string =>
  flat(text)
    .split(/(`[^`]*`)/)
    .map(part =>
      part.startsWith("`") && part.length > 1
        ? part
        : part.replace(/[\\`*_{}[\]<>#|~&!$@]|:(?=\/\/)|(?<=www)\./gi, "\\$&"),
    )
    .join("");

/** A span of code with more backquotes around it than inside. */
function code(text: string): string {
  if (text === "") return "";
  const longest = Math.max(0, ...(flat(text).match(/`+/g) ?? []).map(each => each.length));
  const quotes = "`".repeat(longest + 1);
  const space = longest > 0 ? " " : "";
  return `${quotes}${space}${flat(text)}${space}${quotes}`;
}

function fenced(text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map(each => each.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}text\n${shown(text).replaceAll("\r", "").replace(/\n+$/, "")}\n${fence}`;
}
