// What the kernel does for those who install apps on a running board: finds a place for a binary, makes a process of it with
// the RAM that was left, ends and forgets processes (kernel/src/process_loading.rs, kernel/src/kernel.rs
// `remove_process_from_active_processes`).
import { hex } from "../base/bits.js";
import { parseTbfHeaderLengths } from "../formats/tbf.js";
import type { Region } from "./boundary.js";
import { findPlace, type Place, padsOver, withinFlash } from "./flash-layout.js";
import type { LoaderHost } from "./loader.js";
import type { Process } from "./process.js";
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
  /** As at boot, but with the RAM that is left. */
  loading(): Loading;
  setUnused(memory: Region): void;
  forget(process: Process): void;
}

export function runtimeLoader(host: RuntimeLoaderHost): RuntimeLoader {
  const { table } = host;
  const { memory } = table;
  const debug = (line: string) => table.debugLoad(line);
  return {
    debug,
    findPlace: size => findPlace(memory, host.loading().flash, size, debug),
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
