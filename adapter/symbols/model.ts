// The words of the symbol side: what a debugger asks about code and data, in run-time addresses.

/** A place in a source file. `path` is as DWARF gives it, joined with its compilation directory, `/`-separated. */
export interface SourceLocation {
  path: string;
  line: number;
  /** 1-based; 0 if the line table has none. */
  column: number;
}

/** A half-open range of run-time addresses. */
export interface AddressRange {
  low: number;
  high: number;
}

export interface FunctionInfo {
  name: string;
  ranges: readonly AddressRange[];
  /** Address of the first instruction, without the Thumb bit. */
  entry: number;
  /** Where a breakpoint on the function goes: after the prologue, by the line table. */
  afterPrologue: number;
  declaration: SourceLocation | null;
  /** Its type says so: `undefined` without debug information. */
  returns?: () => Type;
  /** It takes more arguments than it names. */
  variadic?: boolean;
}

/** A copy of a function that the compiler put into its caller. */
export interface InlinedCall extends FunctionInfo {
  /** The call in the caller's source; `null` if the debug information does not tell it. */
  callSite: SourceLocation | null;
}

/** Code of a statement. */
export interface Statement extends AddressRange {
  /** As DWARF gives it. */
  path: string;
  line: number;
  /** The innermost function or inlined copy around it; the same one is always the same object. */
  within: FunctionInfo | undefined;
}

/** Registers of one frame by DWARF number (0–15 on Arm); `undefined` where the caller's value cannot be known. */
export type RegisterValues = readonly (number | undefined)[];

/** Guest memory as a debugger reads it; `undefined` where there is none. */
export interface MemoryReader {
  read(address: number, length: number): Uint8Array | undefined;
  /** What is said in front of an address where nothing can be read; `no memory at` if it is not given. */
  readonly absent?: string;
}

export interface Frame {
  /** Address of the next instruction of this frame (a return address in callers). */
  pc: number;
  /** Address to look up: `pc`, or inside the call instruction in callers. */
  lookupPc: number;
  /** Canonical frame address; `undefined` when there is no unwind information. */
  cfa: number | undefined;
  registers: RegisterValues;
  /** Name of the function or symbol, with `+0x…` when only a symbol is known; the bare address when nothing is. */
  name: string;
  location: SourceLocation | null;
  /** This frame is an upcall's: its caller is the yield on whose frame it runs. */
  upcall: boolean;
  /** How many of the inlined calls around `lookupPc` the frame is inside of; 0: it is the function's own. */
  inlineDepth: number;
  /** It has ended with a jump to the next inner function: the stack has no trace of it, only the call sites have. */
  tailCall?: true;
  /**
   * The caller of the function's own frame where there is one, looked for when first asked for: what it passed tells
   * values that are overwritten.
   */
  caller?: () => Frame | undefined;
}

/** Where a value lies. */
export type ValueLocation =
  | { kind: "memory"; address: number }
  | { kind: "register"; register: number }
  /** The bytes themselves (constants, computed values). */
  | { kind: "bytes"; bytes: Uint8Array }
  /** Bits from the `first` of `size` bytes on, the value of a bit-field. */
  | {
      kind: "bits";
      container: ValueLocation;
      size: number;
      first: number;
      count: number;
      signed: boolean;
    }
  | { kind: "pieces"; pieces: readonly { location: ValueLocation; size: number }[] }
  /** `pointee`: a pointer that has no value itself; what it points to lies there. */
  | { kind: "optimizedOut"; why: string; pointee?: () => ValueLocation };

/** A type as a debugger needs it. Sizes and offsets in bytes; references between types are lazy, so cycles are fine. */
export type Type = TypeOf & {
  /** It is Rust's, and so are its words and signs. */ rust?: true | undefined;
};

type TypeOf =
  | {
      kind: "base";
      name: string;
      size: number;
      encoding: "signed" | "unsigned" | "float" | "boolean" | "char" | "unsignedChar" | "utf";
    }
  /** A `reference` (C++) stands for what it points to. */
  | {
      kind: "pointer";
      name: string;
      size: number;
      target: () => Type;
      reference?: true | undefined;
    }
  | {
      kind: "struct" | "union";
      name: string;
      size: number;
      members: () => readonly Member[];
      /** Types that a generic type was made with. */
      parameters?: () => readonly Type[];
    }
  /** Rust's enum whose variants hold data. `discriminant`: the number that tells them apart, if there are several. */
  | {
      kind: "variants";
      name: string;
      size: number;
      discriminant: () => Member | undefined;
      variants: () => readonly Variant[];
    }
  | {
      kind: "array";
      name: string;
      size: number;
      element: () => Type /** `undefined`: flexible or unknown. */;
      count: number | undefined;
      /** The count of an array of variable length, which only a frame can tell. */
      countIn?: (frame: Frame, memory: MemoryReader) => number | undefined;
    }
  | {
      kind: "enum";
      name: string;
      size: number;
      enumerators: readonly { name: string; value: number }[];
      signed: boolean;
    }
  | { kind: "typedef" | "const" | "volatile"; name: string; size: number; target: () => Type }
  | {
      kind: "function";
      name: string;
      size: number;
      parameters: () => readonly Type[];
      returns: () => Type;
    }
  | { kind: "void"; name: string; size: 0 }
  /** What the reader could not make sense of. */
  | { kind: "unknown"; name: string; size: number };

/** `values`: discriminants that mean this one; `undefined`: all that no other variant has (a niche). */
export interface Variant extends Member {
  values: readonly bigint[] | undefined;
}

export interface Member {
  /** Empty for anonymous members. */
  name: string;
  type: Type;
  offset: number;
  bitSize?: number;
  /** Offset of the lowest bit from the start of the struct, in bits. */
  bitOffset?: number;
}

export interface Variable {
  name: string;
  type: Type;
  kind: "parameter" | "local" | "static" | "global";
  declaration: SourceLocation | null;
  /** Where it lies for `frame`; globals and statics ignore the frame's registers. */
  locate(frame: Frame, memory: MemoryReader): ValueLocation;
}

/** What one program's debug information answers. Everything is in run-time addresses. */
export interface SymbolTable {
  /** Files that have line information. */
  readonly files: readonly string[];
  /** The function whose code contains `pc`, with all that is inlined into it. */
  functionAt(pc: number): FunctionInfo | undefined;
  /** Inlined calls that contain `pc`, outermost first; the same call is always the same object. */
  inlinedAt(pc: number): readonly InlinedCall[];
  functionsNamed(name: string): readonly FunctionInfo[];
  /** ELF symbol that covers `address`: its name and the distance from its start. */
  symbolAt(address: number): { name: string; offset: number } | undefined;
  /** Whether data lies at `address` among the code: a literal pool, a jump table. */
  isData(address: number): boolean;
  symbolNamed(name: string): { address: number; size: number } | undefined;
  locationAt(pc: number): SourceLocation | null;
  /** Addresses where `line` of `path` (one of `files`) begins, or the nearest later line that has code in the same function or file. */
  addressesOf(
    path: string,
    line: number,
  ): { line: number; addresses: readonly number[] } | undefined;
  /** The contiguous addresses around `pc` that belong to the same line: what "step over a line" runs through. */
  lineRangeAt(pc: number): AddressRange | undefined;
  /**
   * Parameters and locals visible at `pc`, innermost block first; a shadowed name appears once. Those of the
   * function alone (`inlineDepth` 0) or of the inlined call that a frame of that depth is; without it, the innermost.
   */
  variablesAt(pc: number, inlineDepth?: number): readonly Variable[];
  /** File-level variables of the compilation unit that contains `pc`. */
  staticsAt(pc: number): readonly Variable[];
  globalNamed(name: string, pc?: number): Variable | undefined;
  /** A static inside of a function by its own name or as `function::name`. */
  staticInFunction(name: string): Variable | undefined;
  /** A type by its C name: `struct node`, `enum sky`, `uint32_t`. */
  typeNamed(name: string): Type | undefined;
  /** Whether the code at `pc` was compiled from Rust. */
  isRust(pc: number): boolean;
  /** The type behind a `&dyn Trait`, by the address of its table of methods. */
  typeOfVtable(address: number, memory: MemoryReader): Type | undefined;
  /** An enumerator of any enum of the program, with or without the name of its enum. */
  enumeratorNamed(name: string): { type: Type; value: number } | undefined;
}

/** What a program needs unwound: its table and CFI. */
export interface Unwinder {
  /** Frames from `registers` outward, ending at `_start`, at a frame without unwind information, or after `limit`. */
  frames(registers: RegisterValues, memory: MemoryReader, limit?: number): readonly Frame[];
}
