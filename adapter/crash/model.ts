// The words of a crash: what is known of it (a scene, from a live board or from a dump) and what is made of that
// (an explanation, and the body that panel, terminal and language server show). Types only; a body is plain JSON.
import type { FaultStatus, Syscall } from "../../emulator/index.js";
import type { Frame, MemoryReader, SymbolTable } from "../symbols/model.js";
import type { Architecture } from "./architecture.js";

export type Access = "read" | "write" | "execute";

/** Addresses `[low, high)` that the MPU or PMP lets an app use, without disabled sub-regions. */
export interface AccessRange {
  /** Number of the region in the dump. */
  region: number;
  low: number;
  high: number;
  read: boolean;
  write: boolean;
  execute: boolean;
}

/** Where a process lies; `null` is what the app or a cut-off dump does not tell. */
export interface SceneProcess {
  name: string;
  state: string;
  flash: { start: number; appStart: number; end: number } | null;
  memory: { start: number; appBreak: number; kernelBreak: number; end: number } | null;
  stackTop: number | null;
  heapStart: number | null;
  /** Lowest stack pointer that the kernel has seen. */
  minimumStackPointer: number | null;
  completionCode: number | "faulted" | null;
  syscallCount: number | null;
  restartCount: number | null;
  lastSyscall: Syscall | null;
  grants: readonly { driver: number; address: number; size: number }[];
}

/** Why the processor stopped the process. Cortex-M of ARMv6 keeps no fault status: all zeros. */
export type SceneCause =
  /** `lost`: registers that CFSR calls valid, and that are missing in a dump. */
  | { isa: "cortex-m"; status: FaultStatus; lost?: readonly ("MMFAR" | "BFAR")[] }
  | { isa: "riscv"; mcause: number; mtval: number }
  | { isa: "unknown" };

/** All that is known at a fault. The engine asks nothing else, so a dump from a real board is explained as a live one. */
export interface Scene {
  origin: "live" | "dump";
  process: SceneProcess;
  /** The other processes, whose memory a stray pointer may have met. */
  others: readonly SceneProcess[];
  cause: SceneCause;
  architecture: Architecture;
  /** As `architecture.isa` has them: r0 to r12, sp, lr, pc, xPSR on Cortex-M; x0 to x31, pc on RISC-V; `undefined` for one that is not known. */
  registers: readonly (number | undefined)[];
  /** Empty when unknown. */
  ranges: readonly AccessRange[];
  /** Innermost first; empty without symbols and registers. */
  frames: readonly Frame[];
  symbols: SymbolTable | undefined;
  /** Guest memory as far as it is known: of a dump, the app's flash by its ELF. */
  memory: MemoryReader;
  /** What the kernel said when it panicked. */
  panic: { location: string; message: string } | null;
  /** Live: whoever manages processes asked for the fault, not the process. */
  requested?: true;
  /** Live: the last system calls of the process, the youngest last, as text. */
  history: readonly string[];
}

/** What went wrong. Names are stable: `--json`, tests and the panel use them. */
export type FaultKind =
  | "null-dereference"
  | "stack-overflow"
  | "grant-memory"
  | "past-app-break"
  | "other-process"
  | "kernel-memory"
  | "store-to-flash"
  | "no-memory"
  | "execute-from-ram"
  | "jump-to-nowhere"
  | "even-branch"
  | "unaligned"
  | "undefined-instruction"
  | "division-trap"
  | "floating-point"
  | "unknown-syscall"
  | "bad-stack-pointer"
  | "exit-code"
  | "abort"
  | "assert"
  | "rust-panic"
  | "peripheral"
  | "requested"
  | "kernel-panic"
  | "unknown";

export interface SourcePlace {
  /** As the debug information gives it; the client resolves it. */
  path: string;
  line: number;
  column: number;
  function: string;
}

export interface Explanation {
  kind: FaultKind;
  /** One sentence: who did what to which address, and what that address is. */
  verdict: string;
  /** More sentences, the most telling first: the rule that refused, where the value came from, how far off it was. */
  details: readonly string[];
  instruction: { address: number; text: string } | null;
  place: SourcePlace | null;
  /** `access`: a load or a store; without the instruction, Cortex-M does not tell which. */
  access: { kind: Access | "access"; address: number; size: number | null } | null;
  /** The expression or variable that made the address, e.g. `last_reading` = `0x00000000`. */
  culprit: { expression: string; value: string } | null;
  /** The allowed or known region next to the address, and by how many bytes it was missed. */
  nearest: { name: string; low: number; high: number; distance: number } | null;
  /** What to change; `variable` is the build variable or source name to change, e.g. `STACK_SIZE`. */
  fix: { text: string; variable: string | null } | null;
}

export interface CrashFrame {
  address: number;
  /** Function or symbol, with remarks such as `(upcall)` and `(inlined)`. */
  name: string;
  place: SourcePlace | null;
}

/** A part of a process's memory, for a picture to scale; ascending, without overlaps. */
export interface CrashSegment {
  kind:
    | "stack-free"
    | "stack"
    | "data"
    | "heap"
    | "unused"
    | "grants"
    | "kernel"
    | "app-flash"
    | "protected-flash";
  low: number;
  high: number;
  /** A sentence for a screen reader, e.g. `Stack: 512 of 2048 bytes used`. */
  text: string;
}

/** A register, decoded where it has fields. */
export interface CrashRegister {
  name: string;
  /** `null`: the dump does not tell. */
  value: number | null;
  /** Of an address: `main+0x12 (main.c:41)`, `stack`, `MPU region 0`; empty for a plain number. */
  meaning: string;
  /** Bits that are set and what each says. */
  fields: readonly { name: string; bits: string; value: number; text: string }[];
}

export interface CrashProcess {
  name: string;
  state: string;
  /** Of a live session. */
  threadId?: number;
  segments: readonly CrashSegment[];
  ranges: readonly AccessRange[];
  grants: readonly { driver: number; driverName: string; address: number; size: number }[];
  registers: readonly CrashRegister[];
  stack: readonly CrashFrame[];
  lastSyscall: string | null;
}

/** Everything that is shown of a crash. Answer to the custom request `tock/crash`. */
export interface CrashBody {
  schema: 1;
  origin: "live" | "dump";
  /** The kernel's version, if it is known. */
  kernelVersion: string | null;
  panic: { location: string; message: string } | null;
  /** The process that is explained stands first. */
  processes: readonly CrashProcess[];
  /** The fault status registers, decoded; mcause and mtval on RISC-V. */
  faultStatus: readonly CrashRegister[];
  explanation: Explanation;
  /** What could not be done, e.g. that no ELF was found, in sentences for the user. */
  notes: readonly string[];
  /** Tock's text. */
  dump: string;
  /** The same as a report to paste into an issue. */
  markdown: string;
}

/** What a stretch of a dump's text is. */
export type NodeKind =
  | "log"
  | "debug-buffer"
  | "panic"
  | "fault-status"
  | "machine-state"
  | "app-status"
  | "statistics"
  | "map"
  | "registers"
  | "grants"
  | "mpu"
  | "hint";

/** A value in the text, for hovers, hints and links. `start` and `end` are UTF-16 offsets into the text. */
export interface DumpValue {
  start: number;
  end: number;
  /** `register`: by `name` (PC, CFSR, mcause…). `flag`: a line that names a bit. `access`: MPU or PMP rights. */
  kind: "register" | "flag" | "address" | "access" | "subregions";
  name: string;
  value: number;
}

/** A block of lines `[start, end)`; every line that is not blank lies in exactly one. */
export interface DumpNode {
  kind: NodeKind;
  start: number;
  end: number;
  /** Of nodes inside a process's part: its index in the report. */
  process: number | null;
  values: readonly DumpValue[];
}
