// Addresses of the kernel's code in a dump, by the kernel's own ELF: the machine state's, and those that registers hold.
import { hex8 } from "../../emulator/index.js";
import type { DwarfSymbols } from "../symbols/table.js";
import type { ParsedDump } from "./parse.js";

/** More are no help. */
const MOST_NOTES = 16;

/** A sentence for each address in the dump that lies in a function of the kernel. */
export function kernelNotes(dump: ParsedDump, kernel: DwarfSymbols): string[] {
  const notes = new Map<number, string>();
  const values = dump.nodes.flatMap(node => node.values);
  for (const { kind, name, value } of values) {
    if (kind !== "register" || notes.has(value) || notes.size >= MOST_NOTES) continue;
    // A Thumb address is odd, and a return address may lie behind the function that calls.
    const code = value - (value % 2);
    const found = kernel.functionAt(code);
    if (!found) continue;
    const place = kernel.locationAt(code);
    const where = place && place.line > 0 ? ` (${place.path}:${place.line})` : "";
    notes.set(value, `${name} ${hex8(value)} lies in the kernel: ${found.name}${where}.`);
  }
  return notes.size > 0 ? [...notes.values()] : ["The kernel's ELF names no address of this dump."];
}
