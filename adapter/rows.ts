// What the scopes Registers, Process, MPU and Grants show: rows of text, made from one view of a process.
import {
  type GrantRegionView,
  hex,
  hex8,
  type Isa,
  type MpuRegionView,
  type ProcessView,
} from "../emulator/index.js";
import { enabledRanges, rightsOf } from "./mpu.js";
import type { MemoryReader, SourceLocation } from "./symbols/model.js";
import { driverText, syscallText } from "./syscall-text.js";

/** A place in the source of the program whose code lies at `address`. */
export interface CodePlace {
  address: number;
  location: SourceLocation;
}

/** One line of a tree of variables. */
export interface Row {
  name: string;
  value: string;
  type?: string;
  /** Where its bytes lie, for "View Memory". */
  memoryAddress?: number;
  /** Where its own bytes lie, to be watched. */
  place?: { address: number; length: number };
  /** It lies nowhere: a constant, or what an expression has computed. */
  computed?: true;
  /** What to evaluate to get it again, for "Add to Watch". */
  evaluateName?: string;
  /** Where it is declared. */
  declaration?: CodePlace;
  /** Where the function is that it points to. */
  target?: CodePlace;
  /** Gives it another value, an expression, and is the row after that. Absent: it cannot be changed. */
  change?: (value: string) => Row;
  /** Children from `start`, all of them or `count`. Absent: there are none. */
  children?: (start?: number, count?: number) => readonly Row[];
  /** Set when the children are numbered elements, of which a client may ask for a part. */
  indexedCount?: number;
}

/** Names code and data addresses: `tick`, `main+0x12`; `undefined` if nothing is known. */
export type Namer = (address: number) => string | undefined;

/** r0 to r12, sp, lr, pc and xpsr; the others (msp, control, …) are the core's, not a process's. */
const PROCESS_REGISTERS = 17;

const SP = 13;

const FLAGS = ["N", "Z", "C", "V", "Q"];

/** `N Z c v q, exception 0`: flags that are set in capitals (ARMv7-M ARM B1.4.2). */
export function xpsrText(xpsr: number): string {
  const flags = FLAGS.map((f, i) => (xpsr & (1 << (31 - i)) ? f : f.toLowerCase()));
  const thumb = xpsr & (1 << 24) ? "" : ", Thumb bit clear";
  const exception = xpsr & 0x1ff;
  const handler = exception === 0 ? "" : `, exception ${exception}`;
  return `${hex8(xpsr)} (${flags.join(" ")}${thumb}${handler})`;
}

/** Registers of a frame by index in `isa.registers`; those that a caller's frame has lost say so. */
export function registerRows(
  isa: Isa,
  values: readonly (number | undefined)[],
  nameOf: Namer,
): Row[] {
  return isa.registers.slice(0, PROCESS_REGISTERS).map(({ name }, i) => {
    const value = values[i];
    if (value === undefined) return { name, value: "<not saved>", type: "uint32_t" };
    if (name === "xpsr") return { name, value: xpsrText(value), type: "uint32_t" };
    const base = { name, type: "uint32_t", evaluateName: `$${name}`, memoryAddress: value };
    const symbol = name === "pc" || name === "lr" ? nameOf(value & ~1) : undefined;
    return { ...base, value: symbol === undefined ? hex8(value) : `${hex8(value)} <${symbol}>` };
  });
}

const bytesText = (count: number): string => (count === 1 ? "1 byte" : `${count} bytes`);
/** Signed, as Tock prints it. */
const completionText = (code: number | "faulted"): string =>
  typeof code === "number" ? String(code | 0) : code;
const rangeText = (low: number, high: number): string => `${hex8(low)}–${hex8(high)}`;

export function processRows(process: ProcessView, nameOf: Namer): Row[] {
  const { completionCode, lastSyscall, shortId } = process;
  return [
    { name: "name", value: process.name },
    { name: "state", value: process.state },
    { name: "pid", value: String(process.pid) },
    { name: "restarts", value: String(process.restartCount) },
    ...(shortId === null ? [] : [{ name: "short id", value: hex(shortId) }]),
    ...(completionCode === null
      ? []
      : [{ name: "completion code", value: completionText(completionCode) }]),
    { name: "system calls", value: String(process.syscallCount) },
    { name: "last system call", value: lastSyscall === null ? "none" : syscallText(lastSyscall) },
    queueRow(process, nameOf),
    { name: "timeslices used up", value: String(process.timesliceExpirations) },
    memoryRow(process),
    flashRow(process),
    { name: "entry", value: codeText(process.initFunction, nameOf) },
  ];
}

/** The function that a pointer of an app calls. */
export const codeText = (pointer: number, nameOf: Namer): string => {
  if (pointer === 0) return "none";
  const name = nameOf(pointer & ~1);
  return name === undefined ? hex8(pointer) : `${name} (${hex8(pointer)})`;
};

function queueRow(process: ProcessView, nameOf: Namer): Row {
  const { queuedUpcalls, droppedUpcalls } = process;
  const dropped = droppedUpcalls === 0 ? "" : `, ${droppedUpcalls} dropped`;
  const rows = () =>
    queuedUpcalls.map(({ driver, subscribe, functionPointer, arguments: args }, i) => ({
      name: `${i}`,
      value: `${driver < 0 ? "start of the app" : `${driverText(driver)} ${subscribe}`} → ${codeText(functionPointer, nameOf)}(${args.join(", ")})`,
      memoryAddress: functionPointer & ~1,
    }));
  const row = { name: "queued upcalls", value: `${queuedUpcalls.length}${dropped}` };
  return queuedUpcalls.length === 0 ? row : { ...row, children: rows };
}

function memoryRow(process: ProcessView): Row {
  const { memory, stackTop, heapStart } = process;
  const lowest = lowestStackPointer(process);
  const size = memory.end - memory.start;
  const part = (name: string, low: number, high: number): Row => ({
    name,
    value: `${rangeText(low, high)}, ${bytesText(high - low)}`,
    memoryAddress: low,
  });
  const rows = (): Row[] => [
    ...(stackTop === null ? [] : [stackRow(stackTop, memory.start, lowest)]),
    ...(stackTop === null || heapStart === null ? [] : [part("data", stackTop, heapStart)]),
    ...(heapStart === null ? [] : [part("heap", heapStart, memory.appBreak)]),
    part("app", memory.start, memory.appBreak),
    part("unused", memory.appBreak, memory.kernelBreak),
    part("grants and kernel", memory.kernelBreak, memory.end),
  ];
  return {
    name: "RAM",
    value: `${rangeText(memory.start, memory.end)}, ${bytesText(size)}`,
    memoryAddress: memory.start,
    children: rows,
  };
}

/** The kernel notes the stack pointer at system calls only; the process may stand lower now. */
export function lowestStackPointer({
  minimumStackPointer,
  registers,
  memory,
}: ProcessView): number | null {
  const now = registers?.[SP];
  if (now === undefined || now < memory.start) return minimumStackPointer;
  return Math.min(now, minimumStackPointer ?? now);
}

function stackRow(top: number, start: number, lowest: number | null): Row {
  const size = top - start;
  const used = lowest === null ? undefined : top - lowest;
  const high =
    used === undefined ? "" : `, at most ${used} used (${Math.round((used / size) * 100)} %)`;
  return {
    name: "stack",
    value: `${rangeText(start, top)}, ${bytesText(size)}${high}`,
    memoryAddress: start,
  };
}

function flashRow({ flash }: ProcessView): Row {
  const rows = (): Row[] => [
    { name: "header", value: rangeText(flash.start, flash.appStart), memoryAddress: flash.start },
    { name: "binary", value: rangeText(flash.appStart, flash.end), memoryAddress: flash.appStart },
  ];
  return {
    name: "flash",
    value: `${rangeText(flash.start, flash.end)}, ${bytesText(flash.end - flash.start)}`,
    memoryAddress: flash.start,
    children: rows,
  };
}

/** `rw-`, `r-x`: what the app itself may do. */
export function accessText(region: MpuRegionView): string {
  const { read, write, execute } = rightsOf(region);
  return `${read ? "r" : "-"}${write ? "w" : "-"}${execute ? "x" : "-"}`;
}

/** The regions of a process, and what of its RAM the regions of the other processes open, such as a buffer shared by IPC. */
export function mpuRows(process: ProcessView, others: readonly ProcessView[]): Row[] {
  const regions = process.mpu.map((region): Row => {
    const name = `region ${region.number}`;
    if (!region.enabled) return { name, value: "disabled" };
    const ranges = enabledRanges(region);
    const open = ranges.map(({ low, high }) => rangeText(low, high)).join(", ");
    const owner = others.find(other => ranges.some(range => isInRam(range, other)));
    return {
      name,
      value: `${accessText(region)} ${open === "" ? "nothing" : open}${owner === undefined ? "" : `, shared by ${owner.name}`}`,
      memoryAddress: region.address,
      children: () => [
        {
          name: "region",
          value: `${rangeText(region.address, region.address + region.size)}, ${bytesText(region.size)}`,
        },
        { name: "access", value: accessText(region) },
        ...subregionRows(region),
      ],
    };
  });
  return [...regions, ...others.flatMap(other => sharedRows(process, other))];
}

const isInRam = ({ low, high }: { low: number; high: number }, { memory }: ProcessView): boolean =>
  low < memory.end && high > memory.start;

/** What of the RAM of `process` another one may touch. */
const sharedRows = (process: ProcessView, other: ProcessView): Row[] =>
  other.mpu
    .filter(({ enabled }) => enabled)
    .flatMap(region =>
      enabledRanges(region)
        .filter(range => isInRam(range, process))
        .map(({ low, high }) => ({
          name: `shared with ${other.name}`,
          value: `${accessText(region)} ${rangeText(low, high)}`,
          memoryAddress: low,
        })),
    );

function subregionRows(region: MpuRegionView): Row[] {
  if (region.size < 256) return [];
  const enabled = Array.from({ length: 8 }, (_, n) =>
    region.subregionsDisabled & (1 << n) ? "-" : `${n}`,
  );
  return [
    { name: "sub-regions", value: `${enabled.join("")} of ${bytesText(region.size / 8)} each` },
  ];
}

/** Hexadecimal bytes, sixteen to a row. */
export const dumpRows = (address: number, bytes: Uint8Array): Row[] =>
  byteRows(bytes).map((value, row) => ({
    name: hex8(address + 16 * row),
    value,
    memoryAddress: address + 16 * row,
  }));

/** Bytes in hexadecimal, sixteen to a line. */
export const byteRows = (bytes: Uint8Array): string[] =>
  Array.from({ length: Math.ceil(bytes.length / 16) }, (_, row) =>
    byteText(bytes.subarray(row * 16, row * 16 + 16)),
  );

const byteText = (bytes: Uint8Array): string =>
  [...bytes].map(b => b.toString(16).padStart(2, "0")).join(" ");

/** Grants in the board's order; those that the process never used are summed up in one row. */
export function grantRows(process: ProcessView, memory: MemoryReader, nameOf: Namer): Row[] {
  const used = process.grants.filter(grant => grant.size > 0);
  const idle = process.grants.filter(grant => grant.size === 0);
  const rows = used.map(grant => grantRow(grant, memory, nameOf));
  if (idle.length === 0) return rows;
  return [
    ...rows,
    {
      name: "not allocated",
      value: `${idle.length}`,
      children: () =>
        idle.map(({ number, driver }) => ({ name: `${number}`, value: driverText(driver) })),
    },
  ];
}

function grantRow(grant: GrantRegionView, memory: MemoryReader, nameOf: Namer): Row {
  return {
    name: driverText(grant.driver),
    value: `${hex8(grant.address)}, ${bytesText(grant.size)}`,
    memoryAddress: grant.address,
    place: { address: grant.address, length: grant.size },
    children: () => [
      { name: "grant", value: `${grant.number}` },
      bytesRow(grant, memory),
      ...grant.upcalls.map(({ subscribe, functionPointer, userdata }) => ({
        name: `upcall ${subscribe}`,
        value:
          functionPointer === 0
            ? "none"
            : `${codeText(functionPointer, nameOf)}, userdata ${hex(userdata)}`,
        memoryAddress: functionPointer & ~1,
      })),
      ...grant.readOnlyAllows.map(allow => allowRow("allow read-only", allow, memory)),
      ...grant.readWriteAllows.map(allow => allowRow("allow read-write", allow, memory)),
      ...grant.fields.map(({ name, address, size, type, value }) => ({
        name,
        value,
        type,
        memoryAddress: address,
        place: { address, length: size },
      })),
    ],
  };
}

function bytesRow({ address, size }: GrantRegionView, memory: MemoryReader): Row {
  const bytes = memory.read(address, size) ?? new Uint8Array();
  return {
    name: "bytes",
    value: byteText(bytes.subarray(0, 16)) + (bytes.length > 16 ? " …" : ""),
    memoryAddress: address,
    children: () => dumpRows(address, bytes),
  };
}

function allowRow(
  kind: string,
  { allow, address, length }: { allow: number; address: number; length: number },
  memory: MemoryReader,
): Row {
  if (length === 0) return { name: `${kind} ${allow}`, value: "none" };
  const bytes = memory.read(address, Math.min(length, 4096)) ?? new Uint8Array();
  return {
    name: `${kind} ${allow}`,
    value: `${hex8(address)}, ${bytesText(length)}`,
    memoryAddress: address,
    place: { address, length },
    children: () => dumpRows(address, bytes),
  };
}
