// The synchronous loader: flash is scanned once, RAM is handed out from the front, nothing is ever given back
// (kernel/src/process_loading.rs `load_processes`, kernel/src/process_standard.rs `create`).
import { hex, hex8 } from "../base/bits.js";
import { discoverBinary, isBinary, range } from "./binary.js";
import type { Region } from "./boundary.js";
import type { ProcessLoadError } from "./dynamic-loading.js";
import {
  type Binary,
  createProcess,
  initialKernelMemorySize,
  type Process,
  type ProcessHost,
} from "./process.js";
import type { ProcessFaultPolicy } from "./resources.js";

/** What loading needs of the kernel. */
export interface LoaderHost extends ProcessHost {
  allProcesses(): Iterable<Process>;
  /** Index of the first empty process slot, -1 if there is none. */
  nextSlot(): number;
  place(process: Process): void;
  /** Prints one line when the kernel debugs process loading. */
  debugLoad(line: string): void;
  /** Prints one line when the kernel debugs the checking of credentials. */
  debugCredentials(line: string): void;
  notice(text: string): void;
}

interface Loaded {
  process?: Process;
  kind?: ProcessLoadError;
  /** `Debug` of upstream's `ProcessLoadError`. */
  error?: string;
  /** Which bytes were missing and what to do, for a user. */
  hint?: string;
  remaining: Region;
}

/** Loads everything there is, and tells that nothing was checked; the RAM that no process got. */
export function loadAllProcesses(
  host: LoaderHost,
  flash: Region,
  memory: Region,
  faultPolicy: ProcessFaultPolicy,
): Region {
  const unused = loadProcesses(host, flash, memory, faultPolicy);
  host.debugCredentials("Checking: no checking, load and run all processes");
  for (const { name } of host.allProcesses()) host.debugCredentials(`Running ${name}`);
  return unused;
}

function loadProcesses(
  host: LoaderHost,
  flash: Region,
  memory: Region,
  faultPolicy: ProcessFaultPolicy,
): Region {
  host.debugLoad(
    `Loading processes from flash=${range(flash.start, flash.size)} into sram=${range(memory.start, memory.size)}`,
  );
  let remainingFlash = flash;
  let remaining = memory;
  for (;;) {
    const index = host.nextSlot();
    if (index < 0) {
      host.debugLoad("No more process slots to load processes into.");
      noticeUnseen(host, remainingFlash);
      return remaining;
    }
    const { start, size } = remainingFlash;
    host.debugLoad(`Looking for process binary in flash=${range(start, size)}`);
    const { rest, found } = discoverBinary(host.memory, remainingFlash);
    remainingFlash = rest;
    if (!isBinary(found)) {
      for (const line of found.debug) host.debugLoad(line);
      if (found.notice !== null) host.notice(found.notice);
      if (found.kind === "NotEnoughFlash" || found.kind === "TbfHeaderNotFound") {
        host.debugLoad(`No more processes to load: ${found.text}.`);
        return remaining;
      }
      host.debugLoad(`Unable to use process binary: ${found.text}.`);
      continue;
    }
    remaining = loadOne(host, found, remaining, index, faultPolicy).remaining;
  }
}

/** With every slot in use upstream looks no further; the user is told of what is left. */
function noticeUnseen(host: LoaderHost, flash: Region): void {
  for (let rest = flash; ; ) {
    const discovered = discoverBinary(host.memory, rest);
    const { found } = discovered;
    if (isBinary(found))
      host.notice(
        `App "${found.name}" at ${hex(found.flash.start)} was not loaded: Nowhere to store the loaded process; install fewer apps.`,
      );
    else if (found.kind === "NotEnoughFlash" || found.kind === "TbfHeaderNotFound") return;
    rest = discovered.rest;
  }
}

/** Creates the process of a binary in slot `index`, and tells of it as upstream's `load_processes` does. */
function loadOne(
  host: LoaderHost,
  binary: Binary,
  memory: Region,
  index: number,
  faultPolicy: ProcessFaultPolicy,
): Loaded {
  const loaded = loadProcess(host, binary, memory, index, faultPolicy);
  host.debugLoad(
    loaded.process === undefined
      ? `Processes load error: ${loaded.error}.`
      : `Loaded process ${binary.name}`,
  );
  return loaded;
}

/** Creates the process of a binary and puts it into slot `index`; a user is told why it could not be. */
export function loadProcess(
  host: LoaderHost,
  binary: Binary,
  memory: Region,
  index: number,
  faultPolicy: ProcessFaultPolicy,
): Loaded {
  const { name } = binary;
  const { start, end } = binary.flash;
  host.debugLoad(
    `Loading: process flash=${range(start, end - start)} ram=${range(memory.start, memory.size)}`,
  );
  const loaded = load(host, binary, memory, index, faultPolicy);
  const { process, error, hint } = loaded;
  if (process !== undefined) {
    const ram = process.data.memory;
    host.debugLoad(
      `Loading: ${name} [${index}] flash=${hex8(start)}-${hex8(end)} ram=${range(ram.start, ram.end - ram.start)}`,
    );
    host.place(process);
  } else host.notice(`App "${name}" at ${hex(start)} was not loaded: ${error}${hint ?? ""}.`);
  return loaded;
}

function load(
  host: LoaderHost,
  binary: Binary,
  memory: Region,
  index: number,
  faultPolicy: ProcessFaultPolicy,
): Loaded {
  const { mpu } = host.chip;
  const config = mpu.newConfig();
  const { start, end } = binary.flash;
  const debug = (text: string) => {
    const name = binary.hasName ? `Some(${JSON.stringify(binary.name)})` : "None";
    host.debugLoad(`[!] flash=${range(start, end - start)} process=${name} - ${text}`);
  };
  const flash = { start, size: end - start };
  if (mpu.allocateRegion(flash, "ReadExecuteOnly", config) === null) {
    debug("couldn't allocate MPU region for flash");
    const hint = `: ${end - start} bytes at ${hex(start)}; build it with a size that is a power of two`;
    const error = "App flash length not supported by MPU";
    return { kind: "MpuInvalidFlashLength", error, hint, remaining: memory };
  }
  const { minimum, placed, block } = allocateRam(host, binary, memory, config);
  if (typeof placed === "string")
    return {
      kind: "MemoryAddressMismatch",
      error: placed,
      hint: elsewhere(host, binary, memory),
      remaining: memory,
    };
  if (block === null) {
    debug(`couldn't allocate memory region of size >= 0x${minimum.toString(16).toUpperCase()}`);
    const hint = `: not enough memory, it needs ${minimum} bytes and ${placed.size} are left; install fewer apps, or build it for less stack and heap`;
    const error = "Not able to provide RAM requested by app";
    return { kind: "NotEnoughMemory", error, hint, remaining: placed };
  }
  const fixed = binary.fixedAddressRam;
  if (fixed !== null && fixed !== block.start) {
    const error = addressMismatch(block.start, fixed);
    return {
      kind: "MemoryAddressMismatch",
      error,
      hint: elsewhere(host, binary, memory),
      remaining: placed,
    };
  }
  const blockEnd = block.start + block.size;
  const remaining = { start: blockEnd, size: placed.start + placed.size - blockEnd };
  const place = { index, start: block.start, end: blockEnd, mpu: config };
  const process = createProcess(host, binary, place, faultPolicy);
  if (process !== null) return { process, remaining };
  debug("couldn't initialize process");
  return { kind: "InternalError", error: "Error in kernel. Likely a bug.", remaining };
}

/** What to do about a fixed address of RAM that is not to be had. */
function elsewhere(host: LoaderHost, { minimumRamSize }: Binary, memory: Region): string {
  const start = ramStartIn(host, { minimumRamSize, fixedAddressRam: null }, memory);
  return start === undefined
    ? "; install fewer apps"
    : `; build it for RAM ${hex(start)}, or install apps in the order of their addresses`;
}

/** What RAM a binary asks for. */
export type RamNeeds = Pick<Binary, "minimumRamSize" | "fixedAddressRam">;

/** The least RAM of a process, in bytes: the app's own, and the kernel's for it. */
export const ramFor = (host: LoaderHost, { minimumRamSize }: RamNeeds): number =>
  Math.max(minimumRamSize, host.chip.boundary.initialProcessAppBrkSize) +
  initialKernelMemorySize(host);

/** RAM for a process in `memory`, which begins at `placed`; the error there when its fixed address lies elsewhere. */
function allocateRam(host: LoaderHost, binary: RamNeeds, memory: Region, config: unknown) {
  const { mpu, boundary } = host.chip;
  const kernelSize = initialKernelMemorySize(host);
  const minimum = ramFor(host, binary);
  const placed = skipToFixedAddress(binary, memory);
  if (typeof placed === "string") return { minimum, placed, block: null };
  const block = mpu.allocateAppMemoryRegion(
    {
      unallocated: placed,
      minMemorySize: minimum,
      initialAppMemorySize: boundary.initialProcessAppBrkSize,
      initialKernelMemorySize: kernelSize,
    },
    config,
  );
  return { minimum, placed, block };
}

/** Where in `memory` the RAM of a process would begin, its fixed address if it has one; `undefined` if there is none for it. */
export function ramStartIn(host: LoaderHost, needs: RamNeeds, memory: Region): number | undefined {
  const { block } = allocateRam(host, needs, memory, host.chip.mpu.newConfig());
  const { fixedAddressRam: fixed } = needs;
  return block !== null && (fixed === null || fixed === block.start) ? block.start : undefined;
}

/** Whether a process of the binary would find its RAM in `memory`. */
export function hasRamFor(host: LoaderHost, binary: Binary, memory: Region): boolean {
  const { mpu } = host.chip;
  const config = mpu.newConfig();
  const { start, end } = binary.flash;
  if (mpu.allocateRegion({ start, size: end - start }, "ReadExecuteOnly", config) === null)
    return false;
  const { block } = allocateRam(host, binary, memory, config);
  const fixed = binary.fixedAddressRam;
  return block !== null && (fixed === null || fixed === block.start);
}

const addressMismatch = (actual: number, expected: number): string =>
  `App memory does not match requested address Actual:${hex(actual)}, Expected:${hex(expected)}`;

/** RAM from the app's fixed address on; the error when that lies before or behind what is left. */
function skipToFixedAddress(binary: RamNeeds, memory: Region): Region | string {
  const fixed = binary.fixedAddressRam;
  if (fixed === null || fixed === memory.start) return memory;
  if (fixed < memory.start) return addressMismatch(memory.start, fixed);
  const gap = fixed - memory.start;
  if (gap > memory.size) return addressMismatch(memory.start + memory.size - 1, fixed);
  return { start: fixed, size: memory.size - gap };
}
