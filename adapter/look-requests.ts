// Routes of requests that only look: stacks, scopes, variables, sources, memory, code.
import type { DebugProtocol } from "@vscode/debugprotocol";
import { hex8 } from "../emulator/index.js";
import type { Fields } from "./arguments.js";
import type { Client } from "./client.js";
import { longText } from "./crash/explain.js";
import { sourceAt, sourcesOf } from "./debuggee-sources.js";
import { type DisassembledLine, disassemble, sourceSubstitute } from "./disassembly.js";
import type { FilterId } from "./exceptions/filters.js";
import { filterInfo } from "./exceptions/requests.js";
import type { Files } from "./files.js";
import { encodeBase64, readAddress, readRange } from "./memory.js";
import { canRestart } from "./restart-frame.js";
import type { Shown } from "./shown.js";
import { processOf, type StackEntry } from "./stack.js";
import { dress, wholeText } from "./variables.js";

/** Frames of the stack in the text about an exception. */
const MOST_TRACED = 50;

/** More instructions in one answer are not shown by any view. */
const MOST_INSTRUCTIONS = 10_000;

export async function stackTrace(args: Fields, shown: Shown, client: Client) {
  const entries = await shown.stack(args.integer("threadId"));
  const start = args.optionalInteger("startFrame", 0) ?? 0;
  const levels = args.optionalInteger("levels", 0) ?? 0;
  const page = entries.slice(start, levels === 0 ? undefined : start + levels);
  return {
    stackFrames: page.map(entry => frameOf(entry, client)),
    totalFrames: entries.length,
  };
}

function frameOf(entry: StackEntry & { id: number }, client: Client): DebugProtocol.StackFrame {
  const { id, name, frame, line, column, source, subtle } = entry;
  const more = {
    instructionPointerReference: hex8(frame.pc),
    ...(canRestart(frame) ? {} : { canRestart: false }),
  };
  if (source === undefined) {
    return { id, name, line: 0, column: 0, ...more, presentationHint: "subtle" };
  }
  const place = { line: client.line(line), column: client.column(column) };
  const hint = subtle ? ({ presentationHint: "subtle" } as const) : {};
  return { id, name, source: client.source(source), ...place, ...more, ...hint };
}

export function scopes(args: Fields, shown: Shown) {
  const found = shown.scopes(args.integer("frameId"));
  return {
    scopes: found.map(({ name, hint, expensive, reference }) => ({
      name,
      ...(hint === undefined ? {} : { presentationHint: hint }),
      variablesReference: reference,
      expensive,
    })),
  };
}

export function variables(args: Fields, shown: Shown) {
  const reference = args.integer("variablesReference");
  const start = args.optionalInteger("start", 0) ?? 0;
  const count = args.optionalInteger("count", 0) ?? 0;
  const rows = shown.variables.expand(reference, start, count);
  return { variables: rows.map(row => ({ name: row.name, value: row.value, ...dress(row) })) };
}

export function evaluate(args: Fields, shown: Shown) {
  const [text, frameId] = [args.string("expression"), args.optionalInteger("frameId")];
  const context = args.optionalString("context");
  const row = shown.evaluate(text, frameId, context === "repl");
  return { result: context === "clipboard" ? wholeText(row) : row.value, ...dress(row) };
}

export async function exceptionInfo(args: Fields, shown: Shown) {
  const thread = args.integer("threadId");
  const { stoppedBy } = shown;
  const filter = stoppedBy?.filter;
  // What is no end of the process is explained by the filter's own sentence.
  if (stoppedBy !== undefined && filter !== undefined && !ENDS.has(filter))
    return filterInfo(filter, stoppedBy);
  if (stoppedBy?.threadId !== thread)
    return {
      exceptionId: "no fault",
      description: "This thread has not faulted.",
      breakMode: "always",
    };
  const exceptionId = filter ?? stoppedBy.description ?? "no fault";
  if (stoppedBy.reason !== "exception") {
    const description = stoppedBy.text ?? "This thread has not faulted.";
    return { exceptionId, description, breakMode: "always" };
  }
  const explanation = shown.explain(processOf(thread));
  const stack = await shown.stack(thread);
  return {
    exceptionId,
    description: longText(explanation),
    breakMode: "always",
    details: {
      message: explanation.verdict,
      typeName: explanation.kind,
      stackTrace: traceText(stack),
    },
  };
}

/** Filters of stops at which a process ends. */
const ENDS: ReadonlySet<FilterId> = new Set(["fault", "appPanic", "exitError"]);

/** A function that calls itself stands there once. */
function traceText(stack: readonly StackEntry[]): string {
  const lines: { text: string; count: number }[] = [];
  for (const text of stack.map(traceLine)) {
    const last = lines.at(-1);
    if (last?.text === text) last.count++;
    else lines.push({ text, count: 1 });
  }
  return lines
    .slice(0, MOST_TRACED)
    .map(({ text, count }) => (count === 1 ? text : `${text}, ${count} times`))
    .join("\n");
}

/** As other debuggers write it, so that a client makes links of it. */
const traceLine = ({ name, source, line, column }: StackEntry): string =>
  source === undefined
    ? `    at ${name}`
    : `    at ${name} (${source.path}:${line}${column > 0 ? `:${column}` : ""})`;

export async function source(args: Fields, files: Files, client: Client) {
  const given = args.object("source");
  const number =
    args.optionalInteger("sourceReference") ?? given.optionalInteger("sourceReference") ?? 0;
  const path = client.missing(number) ?? client.readPath(given.optionalString("path") ?? "");
  const bytes = number > 0 ? undefined : await files.read(path);
  const content = bytes === undefined ? sourceSubstitute(path) : new TextDecoder().decode(bytes);
  return { content };
}

export async function loadedSources({ subject }: Shown, client: Client) {
  const found = await sourcesOf(subject);
  return { sources: found.map(each => client.source(each)) };
}

export async function locations(args: Fields, shown: Shown, client: Client) {
  const { address, location } = shown.variables.place(args.integer("locationReference"));
  const found = client.source(await sourceAt(shown.subject, address, location));
  const { line, column } = location;
  return { source: found, line: client.line(line), column: client.column(column) };
}

export function readMemory(args: Fields, shown: Shown) {
  const { memory } = shown.subject;
  const count = args.integer("count", 0);
  const offset = args.optionalInteger("offset") ?? 0;
  const address = readAddress(args.string("memoryReference")) + offset;
  const bytes = readRange(memory, address, count);
  const missing = count - bytes.length;
  return {
    address: hex8(address),
    ...(bytes.length === 0 ? {} : { data: encodeBase64(bytes) }),
    ...(missing === 0 ? {} : { unreadableBytes: missing }),
  };
}

export async function disassembly(args: Fields, shown: Shown, client: Client) {
  const start = readAddress(args.string("memoryReference")) + (args.optionalInteger("offset") ?? 0);
  const first = args.optionalInteger("instructionOffset") ?? 0;
  const count = Math.min(args.integer("instructionCount", 0), MOST_INSTRUCTIONS);
  const lines = disassemble(shown.subject, start, first, count);
  return {
    instructions: await Promise.all(lines.map(line => instructionOf(line, shown, client))),
  };
}

async function instructionOf(
  line: DisassembledLine,
  shown: Shown,
  client: Client,
): Promise<DebugProtocol.DisassembledInstruction> {
  const { address, bytes, text, symbol, location, valid } = line;
  const found = location === null ? undefined : await sourceAt(shown.subject, address, location);
  const exists = address >= 0 && address <= 0xffffffff;
  return {
    // VS Code leaves out lines at -1.
    address: exists ? hex8(address) : "-1",
    instruction: text,
    ...(bytes === "" ? {} : { instructionBytes: bytes }),
    ...(symbol === undefined ? {} : { symbol }),
    ...(found === undefined || location === null
      ? {}
      : { location: client.source(found), line: client.line(location.line) }),
    ...(valid ? {} : { presentationHint: "invalid" as const }),
  };
}
