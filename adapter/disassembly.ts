// Instructions around an address, for a disassembly view: forwards, and backwards from the start of the function.
import { type Instruction, instructionAt } from "./flow.js";
import type { Subject } from "./subject.js";
import type { SourceLocation, SymbolTable } from "./symbols/model.js";

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
/** Instructions further away than this are taken to be two bytes long. */
const FAR = 2000;

/** `count` instructions, the first of them `offset` instructions from `address`. */
export function disassemble(
  subject: Subject,
  address: number,
  offset: number,
  count: number,
): DisassembledLine[] {
  const start = address - (address % 2);
  const before = offset < 0 ? addressesBefore(subject, start, Math.min(-offset, FAR)) : [];
  const lines = before.slice(0, count).map(at => lineAt(subject, at));
  let at = start;
  for (let skip = Math.min(offset, FAR); skip > 0; skip--) at += sizeAt(subject, at);
  at += 2 * Math.max(0, offset - FAR);
  while (lines.length < count) {
    lines.push(lineAt(subject, at));
    at += sizeAt(subject, at);
  }
  return lines;
}

/** Bytes of the line at `address`: of an instruction, of a word or half-word of data, or two of nothing. */
function sizeAt(subject: Subject, address: number): number {
  if (subject.read16(address) === undefined) return 2;
  if (!isData(subject, address)) {
    return instructionAt(subject.isa, address, subject.read16).size;
  }
  return address % 4 === 0 && isData(subject, address + 2) ? 4 : 2;
}

/** Data among code, and the headers of apps. */
function isData(subject: Subject, address: number): boolean {
  return subject.isHeader(address) || subject.programAt(address)?.symbols?.isData(address) === true;
}

/** Addresses of the `count` instructions in front of `address`, nearest last. */
function addressesBefore(subject: Subject, address: number, count: number): number[] {
  /** Nearest first. */
  const found: number[] = [];
  for (let to = address; found.length < count; ) {
    const from = codeStartBefore(subject, to);
    const chunk: number[] = [];
    for (let at = from; at < to; at += sizeAt(subject, at)) chunk.push(at);
    found.push(...chunk.reverse());
    to = from;
  }
  return found.slice(0, count).reverse();
}

/** The start of the function that ends before `address`, or a guess. */
function codeStartBefore(subject: Subject, address: number): number {
  const last = address - 2;
  if (isData(subject, last)) return sizeAt(subject, address - 4) === 4 ? address - 4 : last;
  const offset = subject.programAt(last)?.symbols?.symbolAt(last)?.offset ?? 0;
  return offset < MAXIMUM_BACK ? last - offset + (offset % 2) : last;
}

function lineAt(subject: Subject, address: number): DisassembledLine {
  if (subject.read16(address) === undefined) {
    const missing = { bytes: "", text: "no memory", symbol: undefined, location: null };
    return { address, ...missing, valid: false };
  }
  const size = sizeAt(subject, address);
  const bytes = subject.memory.read(address, size) ?? new Uint8Array();
  const symbols = subject.programAt(address)?.symbols;
  const symbol = symbols?.symbolAt(address);
  const data = isData(subject, address);
  return {
    address,
    bytes: [...bytes].map(b => b.toString(16).padStart(2, "0")).join(" "),
    text: data ? dataText(bytes) : codeText(subject, address),
    symbol: symbol?.offset === 0 ? symbol.name : undefined,
    location: data ? null : (symbols?.locationAt(address) ?? null),
    valid: true,
  };
}

/** As assemblers write data: `.word 0x20008000`. */
export function dataText(bytes: Uint8Array): string {
  const digits = [...bytes].reverse().map(b => b.toString(16).padStart(2, "0"));
  const directive = [".byte", ".short"][bytes.length - 1] ?? ".word";
  return `${directive} 0x${digits.join("")}`;
}

function codeText(subject: Subject, address: number): string {
  const instruction = instructionAt(subject.isa, address, subject.read16);
  return withTarget(instruction, at => subject.programAt(at)?.symbols?.symbolAt(at));
}

/** An instruction; behind the target of a branch, written or not, stands its name. */
export function withTarget({ text, flow }: Instruction, symbolAt: SymbolTable["symbolAt"]): string {
  const written = /^(?:b|cbn?z|j)\S*\s.*?0x([0-9a-f]+)$/i.exec(text)?.[1];
  const known = "target" in flow ? flow.target : undefined;
  const target = written === undefined ? known : Number.parseInt(written, 16);
  if (target === undefined) return text;
  const symbol = symbolAt(target);
  if (symbol === undefined) return text;
  const offset = symbol.offset === 0 ? "" : `+0x${symbol.offset.toString(16)}`;
  return `${text} <${symbol.name}${offset}>`;
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
