// The code of one function as a graph of instructions, and which of them may have made a register's value.
import { type Instruction, instructionAt, type Read16 } from "../flow.js";
import type { AddressRange, MemoryReader, SymbolTable } from "../symbols/model.js";
import type { Architecture, Effects } from "./architecture.js";

/** Larger functions are not looked at, in bytes. */
const LARGEST = 65536;
/** Where nothing tells how long a function without a size is. */
const WITHOUT_SIZE = 512;
const MOST_DEFINITIONS = 6;

export const halfwords =
  (memory: MemoryReader): Read16 =>
  address => {
    const bytes = memory.read(address, 2);
    return bytes?.length === 2 ? (bytes[0] as number) | ((bytes[1] as number) << 8) : undefined;
  };

/** What a scene knows of code. */
export interface CodeSource {
  architecture: Architecture;
  memory: MemoryReader;
}

export const instructionText = (
  { architecture, memory }: CodeSource,
  address: number,
): string | undefined => {
  const read16 = halfwords(memory);
  return read16(address) === undefined
    ? undefined
    : architecture.isa.disassemble(address, read16).text;
};

/** The function around `pc`, by debug information or by its symbol. */
export function functionRanges(symbols: SymbolTable, pc: number): readonly AddressRange[] {
  const known = symbols.functionAt(pc);
  if (known !== undefined) return known.ranges;
  const symbol = symbols.symbolAt(pc);
  if (symbol === undefined) return [];
  const low = (pc - symbol.offset) & ~1;
  const size = symbols.symbolNamed(symbol.name)?.size ?? 0;
  return [{ low: low >>> 0, high: (low >>> 0) + Math.max(size, symbol.offset + WITHOUT_SIZE) }];
}

/** Where a value comes from that no instruction of the function has made. */
export const ENTRY = "entry";

export class FunctionCode {
  readonly entry: number;
  readonly #instructions = new Map<number, Instruction>();
  readonly #before = new Map<number, number[]>();
  readonly #effects = new Map<number, Effects>();
  readonly #architecture: Architecture;
  readonly #read16: Read16;

  constructor(symbols: SymbolTable, { architecture, memory }: CodeSource, pc: number) {
    this.#architecture = architecture;
    this.#read16 = halfwords(memory);
    const ranges = functionRanges(symbols, pc);
    const main = ranges.find(({ low, high }) => pc >= low && pc < high) ?? ranges[0];
    this.entry = symbols.functionAt(pc)?.entry ?? main?.low ?? pc;
    const read16 = this.#read16;
    for (const { low, high } of ranges) {
      if (high - low > LARGEST) continue;
      for (let at = low; at < high; ) {
        const isCode = !symbols.isData(at) && read16(at) !== undefined;
        const found = isCode ? instructionAt(architecture.isa, at, read16) : undefined;
        if (found !== undefined) this.#instructions.set(at, found);
        at += found?.size ?? 2;
      }
    }
    this.#connect();
  }

  #connect(): void {
    const add = (to: number, from: number) => {
      if (this.#instructions.has(to)) this.#before.set(to, [...(this.#before.get(to) ?? []), from]);
    };
    const tables: number[] = [];
    for (const instruction of this.#instructions.values()) {
      const { address, size, flow } = instruction;
      const { ends, conditional } = this.effectsOf(instruction);
      const leaves =
        flow.kind === "computed" ||
        (flow.kind === "branch" && !flow.conditional) ||
        ends === "trap";
      if (!leaves || conditional) add(address + size, address);
      if (flow.kind === "branch") add(flow.target, address);
      if (flow.kind === "computed" && ends !== "return") tables.push(address);
    }
    // What nothing else leads to is where a jump table leads.
    for (const at of this.#instructions.keys()) {
      if (at === this.entry || this.#before.has(at)) continue;
      const table = tables.findLast(each => each < at) ?? tables[0];
      if (table !== undefined) add(at, table);
    }
  }

  at(address: number): Instruction | undefined {
    return this.#instructions.get(address);
  }

  /** Instructions of the function from which control comes to the one at `address`. */
  before(address: number): readonly number[] {
    return this.#before.get(address) ?? [];
  }

  /** The register that the conditional branch at `address` compares with 0; `equal`: it is taken where it is 0. */
  zeroTest(address: number): { register: number; equal: boolean } | undefined {
    const [before, ...more] = this.before(address);
    const own = this.effectsAt(address);
    const compares = before === undefined || more.length > 0 ? undefined : this.effectsAt(before);
    const register = own?.zeroTest ?? compares?.zeroTest;
    return register === undefined || own?.takenIf === undefined
      ? undefined
      : { register, equal: own.takenIf === "equal" };
  }

  /** What an instruction of the function does. */
  effectsOf(instruction: Instruction): Effects {
    const known = this.#effects.get(instruction.address);
    const effects = known ?? this.#architecture.effectsOf(instruction, this.#read16);
    if (known === undefined) this.#effects.set(instruction.address, effects);
    return effects;
  }

  /** `undefined` where the function has no instruction. */
  effectsAt(address: number): Effects | undefined {
    const instruction = this.#instructions.get(address);
    return instruction && this.effectsOf(instruction);
  }

  /** The instruction that ends where `address` begins. */
  endingAt(address: number): Instruction | undefined {
    return [address - 2, address - 4]
      .map(at => this.#instructions.get(at))
      .find(each => each !== undefined && each.address + each.size === address);
  }

  /** Instructions whose result may be in `register` when the one at `address` begins; none if there are too many. */
  definitions(register: number, address: number): readonly (number | typeof ENTRY)[] {
    const found = new Set<number | typeof ENTRY>();
    const seen = new Set<number>();
    const waiting = [address];
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      if (at === this.entry) found.add(ENTRY);
      for (const before of this.#before.get(at) ?? []) {
        const effects = this.effectsAt(before);
        const changes = effects?.changes.includes(register) === true;
        if (changes) found.add(before);
        if ((changes && effects?.conditional !== true) || seen.has(before)) continue;
        seen.add(before);
        waiting.push(before);
      }
    }
    return found.size > MOST_DEFINITIONS ? [] : [...found];
  }

  get instructions(): Iterable<Instruction> {
    return this.#instructions.values();
  }
}
