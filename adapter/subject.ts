// What can be looked at: a board under the debugger, or what a crash dump tells of one. Stacks, scopes, values and
// code are made of nothing else, so that a dump is shown as a live board is.
import type { Isa } from "../emulator/index.js";
import type { Read16 } from "./flow.js";
import type { Namer } from "./rows.js";
import type { Sources } from "./sources.js";
import type { Frame, MemoryReader, SourceLocation, SymbolTable } from "./symbols/model.js";

/** What is known of an app: its symbols at the addresses where it lies, and where its sources are. */
export interface KnownProgram {
  readonly app: { readonly name: string | undefined; readonly sources: Sources };
  readonly symbols: SymbolTable | undefined;
}

export interface Subject {
  readonly isa: Isa;
  readonly memory: MemoryReader;
  readonly read16: Read16;
  /** Integers are shown in hexadecimal. */
  readonly hex?: boolean;
  /** The app of every process, by the process's index; `undefined` for one that nothing is known of. */
  readonly programs: readonly (KnownProgram | undefined)[];
  program(index: number): KnownProgram | undefined;
  /** The program whose flash holds `address`. */
  programAt(address: number): KnownProgram | undefined;
  /** Whether `address` lies in the header of an app. */
  isHeader(address: number): boolean;
  nameOf(index: number): string;
  /** Symbol and distance at an address of the process, e.g. `main+0x12`. */
  namer(index: number): Namer;
  /** Innermost first; empty when the registers are not known. */
  frames(index: number, limit?: number): readonly Frame[];
  /** By index in `isa.registers`; `null` when they cannot be read. */
  registers(index: number): readonly (number | undefined)[] | null;
  /** Where the code at `address` stands in its source, as the debug information writes it. */
  locationAt(address: number): SourceLocation | null;
}

/** The only frame of a process without symbols. */
export function bareFrame(registers: readonly (number | undefined)[], pcRegister: number): Frame {
  const pc = ((registers[pcRegister] ?? 0) & ~1) >>> 0;
  return {
    pc,
    lookupPc: pc,
    cfa: undefined,
    registers,
    name: `0x${pc.toString(16).padStart(8, "0")}`,
    location: null,
    upcall: false,
    inlineDepth: 0,
  };
}

/** Names code and data by the symbols of a program. */
export function namerOf(program: KnownProgram | undefined): Namer {
  return address => {
    const symbol = program?.symbols?.symbolAt(address);
    if (symbol === undefined) return undefined;
    return symbol.offset === 0 ? symbol.name : `${symbol.name}+0x${symbol.offset.toString(16)}`;
  };
}
