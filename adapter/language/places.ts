// What lies at an address of a process: function and line, variable, else the region.
import { hex } from "../../emulator/index.js";
import type { DumpNode, DumpValue, Scene } from "../crash/model.js";
import { baseName } from "../files.js";
import type { SourceLocation } from "../symbols/model.js";
import type { Analysis } from "./analysis.js";

/** Printed by the kernel for every register of a stack frame that it could not read. */
export const UNREADABLE = 0xbad00bad;

export interface Place {
  /** `main+0x12`, `last_reading`. */
  name: string;
  isCode: boolean;
  /** The line of code, or the declaration of a variable. */
  location: SourceLocation | null;
}

/** By symbols; `isReturn`: a return address, whose line is that of the call. */
export function placeOf(scene: Scene, address: number, isReturn = false): Place | undefined {
  const { symbols } = scene;
  if (!symbols) return undefined;
  const pc = address & ~1;
  const instruction = (isReturn ? pc - 1 : pc) >>> 0;
  const found = symbols.functionAt(instruction);
  if (found) {
    const name = symbols.inlinedAt(instruction).at(-1)?.name ?? found.name;
    const offset = (pc >>> 0) - found.entry;
    const text = name === found.name && offset !== 0 ? `${name}+${hex(offset)}` : name;
    return { name: text, isCode: true, location: symbols.locationAt(instruction) };
  }
  const symbol = symbols.symbolAt(address >>> 0);
  // A symbol without a size is the linker's: it marks a place and names nothing behind it.
  const size = symbol && symbols.symbolNamed(symbol.name)?.size;
  if (!symbol || !size || symbol.offset >= size) return undefined;
  const name = symbol.offset === 0 ? symbol.name : `${symbol.name}+${hex(symbol.offset)}`;
  const declared = symbols.globalNamed(symbol.name.replace(/\.\d+$/, ""))?.declaration ?? null;
  return { name, isCode: false, location: declared };
}

/** `main.c:41`. */
export const lineText = ({ path, line }: SourceLocation): string => `${baseName(path)}:${line}`;

/** The scene that a node's addresses belong to: its process's, else that of the process that is explained. */
export const sceneOf = (
  { scenes, explained }: Analysis,
  { process }: DumpNode,
): Scene | undefined => scenes[process ?? explained ?? -1];

/** LR, or x1 of RISC-V, which is printed as R1. */
export const isReturnAddress = ({ architecture }: Scene, { name }: DumpValue): boolean =>
  name === "LR" || name === `R${architecture.abi.link}`;

/** Registers that hold addresses of code. */
export const isCodeRegister = ({ name }: DumpValue): boolean =>
  /^(?:Y?PC|LR|mepc|mtvec)$/.test(name);
