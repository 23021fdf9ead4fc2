// Instructions around an address, for a disassembly view: forwards, and backwards from the start of the function.
import type { Debuggee } from "./debuggee.js";
import { instructionAt } from "./flow.js";
import type { SourceLocation } from "./symbols/model.js";

export interface DisassembledLine {
  address: number;
  /** Hexadecimal bytes in memory order; empty where there is no memory. */
  bytes: string;
  text: string;
  /** Set at the first instruction of a function. */
  symbol: string | undefined;
  location: SourceLocation | null;
  valid: boolean;
}

/** How far back to look for a place where instructions surely begin, in bytes. */
const MAXIMUM_BACK = 4096;

/** `count` instructions, the first of them `offset` instructions from `address`. */
export function disassemble(
  debuggee: Debuggee,
  address: number,
  offset: number,
  count: number,
): DisassembledLine[] {
  const start = address & ~1;
  const before = offset < 0 ? addressesBefore(debuggee, start, -offset) : [];
  const lines = before.slice(0, count).map(at => lineAt(debuggee, at));
  let at = start;
  for (let skip = 0; skip < offset; skip++) at += sizeAt(debuggee, at);
  while (lines.length < count) {
    const line = lineAt(debuggee, at);
    lines.push(line);
    at += sizeAt(debuggee, at);
  }
  return lines;
}

const sizeAt = (debuggee: Debuggee, address: number): number =>
  debuggee.read16(address) === undefined
    ? 2
    : instructionAt(debuggee.machine.cpu.isa, address, debuggee.read16).size;

/** Addresses of the `count` instructions in front of `address`, nearest last. */
function addressesBefore(debuggee: Debuggee, address: number, count: number): number[] {
  let found: number[] = [];
  for (let to = address; found.length < count; ) {
    const from = codeStartBefore(debuggee, to);
    const chunk: number[] = [];
    for (let at = from; at < to; at += sizeAt(debuggee, at)) chunk.push(at);
    found = [...chunk, ...found];
    to = from;
  }
  return found.slice(-count);
}

/** The start of the function that ends before `address`, or a guess. */
function codeStartBefore(debuggee: Debuggee, address: number): number {
  const symbol = debuggee.programAt(address - 2)?.symbols?.symbolAt(address - 2);
  const offset = symbol !== undefined && symbol.offset < MAXIMUM_BACK ? symbol.offset : 0;
  return address - 2 - offset;
}

function lineAt(debuggee: Debuggee, address: number): DisassembledLine {
  if (debuggee.read16(address) === undefined) {
    const missing = { bytes: "", text: "no memory", symbol: undefined, location: null };
    return { address, ...missing, valid: false };
  }
  const { isa } = debuggee.machine.cpu;
  const { size, text } = instructionAt(isa, address, debuggee.read16);
  const bytes = [...(debuggee.memory.read(address, size) ?? [])];
  const symbols = debuggee.programAt(address)?.symbols;
  const symbol = symbols?.symbolAt(address);
  return {
    address,
    bytes: bytes.map(b => b.toString(16).padStart(2, "0")).join(" "),
    text,
    symbol: symbol?.offset === 0 ? symbol.name : undefined,
    location: symbols?.locationAt(address) ?? null,
    valid: true,
  };
}

/** Text in place of a source that is not on this computer. */
export function sourceSubstitute(path: string): string {
  return [
    `The source ${path} is not on this computer.`,
    "",
    "If it lies elsewhere, say so in the launch configuration:",
    "",
    `  "sourceMap": { "${path.slice(0, Math.max(1, path.lastIndexOf("/")))}": "/where/it/lies/now" }`,
    "",
    "The Disassembly view shows the code itself.",
    "",
  ].join("\n");
}
