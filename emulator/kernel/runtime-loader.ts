// What the kernel does for those who install apps on a running board: finds a place for a binary, makes a process of it with
// the RAM that was left, ends and forgets processes (kernel/src/process_loading.rs, kernel/src/kernel.rs
// `remove_process_from_active_processes`).
import { hex } from "../base/bits.js";
import { parseTbfHeaderLengths } from "../formats/tbf.js";
import { discoverBinary, isBinary } from "./binary.js";
import type { Region } from "./boundary.js";
import { checkCredentials, noCredentials } from "./checker.js";
import { findPlace, type Place, padsOver, withinFlash } from "./flash-layout.js";
import type { MpuRegionView } from "./inspect.js";
import { hasRamFor, type LoaderHost, type RamNeeds, ramFor, ramStartIn } from "./loader.js";
import type { Binary, Process } from "./process.js";
import { type Loading, type LoadReport, loadSequentially } from "./sequential-loader.js";

/** Made by the kernel for a board with the capability to manage processes. */
export interface RuntimeLoader {
  findPlace(size: number): Place | undefined;
  /** Whether the bytes lie in app flash, and not at its very end. */
  withinFlash(address: number, length: number): boolean;
  /** Whether padding may be written there; a user is told when upstream would write it over an app or over the kernel. */
  mayPad(address: number): boolean;
  /** Whether what lies there begins as a TBF does. */
  isBinary(address: number): boolean;
  /** Makes a process of the binary, under the policies of the boot. */
  load(flash: Region, report: LoadReport): void;
  /** Ends and forgets the process with this ShortId; its flash address, `undefined` if there is none. */
  remove(shortId: number): number | undefined;
  /** Prints one line when the kernel debugs process loading. */
  debug(line: string): void;
}

/** What it needs of the kernel. */
export interface RuntimeLoaderHost {
  readonly table: LoaderHost;
  readonly processSlots: number;
  /** As at boot, but with the RAM that is left of `ram`. */
  loading(): Loading & { ram: Region };
  panicked(): boolean;
  /** A loader outside of the board is changing flash. */
  outsideBusy(): boolean;
  setUnused(memory: Region): void;
  forget(process: Process): void;
}

/** What a loader outside of the board may do, which the real kernel cannot before its next reset. */
export interface OutsideLoader {
  /** Where apps lie. */
  readonly flash: Region;
  /** It has panicked. */
  readonly panicked: boolean;
  /** Where RAM for a process is free, once those of the binaries at `gone` have ended; `undefined` if nowhere. */
  ramStart(needs: RamNeeds, gone: readonly number[]): number | undefined;
  /** Why the kernel will not run a binary that is to lie at `address`, in a sentence. */
  refusal(tbf: Uint8Array, address: number): string | undefined;
  /**
   * Why no process can be made of a binary that is to lie at `address`, in a sentence; those of the binaries at `gone` have
   * ended by then.
   */
  hindrance(tbf: Uint8Array, address: number, gone: readonly number[]): string | undefined;
  /** Makes a process of the binary there; says why if it cannot. */
  start(flash: Region): void;
  /** The process of the binary at `address`. */
  processAt(address: number): Process | undefined;
  /** Ends and forgets the process of the binary at `address`, if there is one. */
  remove(address: number): void;
}

export function outsideLoader(host: RuntimeLoaderHost): OutsideLoader {
  const { table } = host;
  const processAt = (address: number) =>
    [...table.allProcesses()].find(({ data }) => data.binary.flash.start === address);
  return {
    get flash() {
      return host.loading().flash;
    },
    get panicked() {
      return host.panicked();
    },
    processAt,
    ramStart(needs, gone) {
      for (const memory of freeRam(host, gone)) {
        const start = ramStartIn(table, needs, memory);
        if (start !== undefined) return start;
      }
      return undefined;
    },
    refusal(tbf, start) {
      const { found } = discoverIn(tbf, start);
      const { credentials = noCredentials } = host.loading();
      if (!isBinary(found))
        return found.kind === "NotEnabledProcess" ? undefined : `${found.text}; ${found.advice}`;
      const checked = checkCredentials(credentials, tbf, found.binaryEnd);
      return "error" in checked
        ? `${checked.error}; this board runs only apps ${credentials.accepted}`
        : undefined;
    },
    hindrance(tbf, start, gone) {
      const { found } = discoverIn(tbf, start);
      return isBinary(found) ? hindranceOf(host, found, gone) : undefined;
    },
    start(flash) {
      const loading = { ...host.loading(), flash };
      const { found } = discoverBinary(table.memory, flash);
      const unused = loading.memory;
      const region = isBinary(found)
        ? freeRam(host).find(memory => hasRamFor(table, found, memory))
        : undefined;
      const memory = region ?? unused;
      const rest = loadSequentially(table, { ...loading, memory }, host.processSlots);
      if (rest.start + rest.size === unused.start + unused.size) host.setUnused(rest);
      if (isBinary(found) && processAt(flash.start) !== undefined && memory !== unused)
        table.notice(
          `"${found.name}" runs in RAM that another process has given back; a board could not use it before its next reset.`,
        );
    },
    remove(address) {
      const process = processAt(address);
      if (process !== undefined) host.forget(process);
    },
  };
}

/** The binary that `tbf` is once it lies at `start`. */
function discoverIn(tbf: Uint8Array, start: number) {
  const readBytes = (address: number, length: number) =>
    tbf.slice(address - start, address - start + length);
  return discoverBinary({ readBytes }, { start, size: tbf.length });
}

function hindranceOf(
  host: RuntimeLoaderHost,
  binary: Binary,
  gone: readonly number[],
): string | undefined {
  const { table, processSlots } = host;
  const { start, end } = binary.flash;
  const { mpu } = table.chip;
  const flash = { start, size: end - start };
  if (mpu.allocateRegion(flash, "ReadExecuteOnly", mpu.newConfig()) === null)
    return `the MPU cannot protect its ${flash.size} bytes of flash at ${hex(start)}; build it with a size that is a power of two`;
  if (stayingBehind(host, gone).length >= processSlots)
    return `the board has ${processSlots} process slots, and apps have them all; uninstall one first`;
  const free = freeRam(host, gone);
  if (free.some(memory => hasRamFor(table, binary, memory))) return undefined;
  const largest = Math.max(...free.map(({ size }) => size));
  return `it needs ${ramFor(table, binary)} bytes of RAM where the MPU can protect them, and the largest free piece has ${largest} bytes; uninstall an app first, or build it for less stack and heap`;
}

const stayingBehind = ({ table }: RuntimeLoaderHost, gone: readonly number[]): Process[] =>
  [...table.allProcesses()].filter(({ data }) => !gone.includes(data.binary.flash.start));

/** Where a process finds RAM: first what the kernel would take, then all that is free. */
const freeRam = (host: RuntimeLoaderHost, gone: readonly number[] = []): Region[] => [
  host.loading().memory,
  ...freeRegions(host, gone),
];

/**
 * RAM that is no process's: what was never used, gaps, and what removed processes had, save what they shared with one that is
 * still there and may touch it for good.
 */
function freeRegions(host: RuntimeLoaderHost, gone: readonly number[]): Region[] {
  const { ram } = host.loading();
  const ramEnd = ram.start + ram.size;
  const taken = stayingBehind(host, gone)
    .flatMap(({ data }) => [data.memory, ...openedBy(host.table.chip.mpu.view(data.mpu))])
    .concat({ start: ramEnd, end: ramEnd })
    .sort((a, b) => a.start - b.start);
  const free: Region[] = [];
  let at = ram.start;
  for (const { start, end } of taken) {
    if (start > at) free.push({ start: at, size: start - at });
    at = Math.max(at, end);
  }
  return free;
}

const openedBy = (regions: readonly MpuRegionView[]): { start: number; end: number }[] =>
  regions.flatMap(({ enabled, logical }) =>
    enabled && logical ? [{ start: logical.address, end: logical.address + logical.size }] : [],
  );

export function runtimeLoader(host: RuntimeLoaderHost): RuntimeLoader {
  const { table } = host;
  const { memory } = table;
  const debug = (line: string) => table.debugLoad(line);
  return {
    debug,
    findPlace: size =>
      host.outsideBusy() ? undefined : findPlace(memory, host.loading().flash, size, debug),
    withinFlash: (address, length) => withinFlash(host.loading().flash, address, length),
    mayPad(address) {
      const refused = padsOver(memory, host.loading().flash, address);
      if (refused)
        table.notice(
          `Padding at ${hex(address)} was not written: it would overwrite an app or the kernel, as it does on a board.`,
        );
      return !refused;
    },
    isBinary: address => parseTbfHeaderLengths(memory.readBytes(address, 8)).error === undefined,
    load(flash, report) {
      const loading = { ...host.loading(), flash };
      host.setUnused(loadSequentially(table, loading, host.processSlots, report));
    },
    remove(shortId) {
      const process = [...table.allProcesses()].find(({ data }) => data.shortId === shortId);
      if (process === undefined) return undefined;
      host.forget(process);
      return process.data.binary.flash.start;
    },
  };
}
