// What has been read of a dump so far. Every part of a dump may be missing, cut off or damaged.
import type { FaultStatus, PmpConfig, RiscvState, Syscall } from "../../emulator/index.js";
import type { Line } from "./dump-text.js";
import type { DumpValue } from "./model.js";

/** Addresses of a memory map, by the row that they stand under. */
export type MapAddress =
  | "end"
  | "processStruct"
  | "kernelBreak"
  | "appBreak"
  | "heapStart"
  | "stackTop"
  | "minimumStackPointer"
  | "start"
  | "flashEnd"
  | "appStart"
  | "flashStart";

export interface RegionDraft {
  logical: { address: number; size: number } | null;
  accessPermission: number;
  subregionsDisabled: number | null;
}

export interface ProcessDraft {
  name: string;
  state: string;
  queuedUpcalls: number | null;
  syscallCount: number | null;
  droppedUpcalls: number | null;
  restartCount: number | null;
  lastSyscall: Syscall | null;
  completionCode: number | "faulted" | null;
  map: Map<MapAddress, number>;
  sizes: Map<"grantPointers" | "upcallList" | "processControlBlock", number>;
  /** What the next address of the map is. */
  nextAddress: MapAddress | undefined;
  /** Whether the map has come to the app's flash. */
  inFlash: boolean;
  /** Bytes between the stack's top and the heap. */
  dataSize: number | null;
  /** Whether the stack's row has a question mark. */
  stackUnknown: boolean;
  /** By name as it is printed: R0, SP, PC, mcause. */
  registers: Map<string, number>;
  /** Bits of xPSR, and which of its four lines were there. */
  psr: { bits: number; lines: Set<string>; values: DumpValue[] };
  grantCount: number | null;
  grants: Map<number, { driver: number; address: number }>;
  mpu: RegionDraft[] | null;
  pmp: PmpDraft | null;
  fixedAddresses: { flash: number; ram: number } | null;
  ramStart: number | null;
  initFunction: number | null;
}

export interface PmpDraft extends Omit<PmpConfig, "regions"> {
  regions: { start: number; end: number; cfg: number }[];
}

export interface DumpDraft {
  location: string | null;
  message: string;
  kernelVersion: string | null;
  debugText: string;
  fault: FaultStatus | null;
  machine: (Partial<RiscvState> & { protection: string[] }) | null;
  processes: ProcessDraft[];
}

export const newDump = (): DumpDraft => ({
  location: null,
  message: "",
  kernelVersion: null,
  debugText: "",
  fault: null,
  machine: null,
  processes: [],
});

export const newProcess = (name: string, state: string): ProcessDraft => ({
  name,
  state,
  queuedUpcalls: null,
  syscallCount: null,
  droppedUpcalls: null,
  restartCount: null,
  lastSyscall: null,
  completionCode: null,
  map: new Map(),
  sizes: new Map(),
  nextAddress: undefined,
  inFlash: false,
  dataSize: null,
  stackUnknown: false,
  registers: new Map(),
  psr: { bits: 0, lines: new Set(), values: [] },
  grantCount: null,
  grants: new Map(),
  mpu: null,
  pmp: null,
  fixedAddresses: null,
  ramStart: null,
  initFunction: null,
});

/** Reads one line of a part: the values in it, or `undefined` when the line is none of that part. */
export type PartReader<Draft> = (line: Line, draft: Draft) => DumpValue[] | undefined;
