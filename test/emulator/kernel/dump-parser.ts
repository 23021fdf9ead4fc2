// Reads recorded dumps back into reports, so that tests can print them again: the debugger's parser, and its promise that
// a whole dump of a Cortex-M board leaves nothing open.
import assert from "node:assert/strict";
import { parseDump as parse } from "../../../adapter/crash/parse.js";
import type { StoredContext } from "../../../emulator/kernel/inspect.js";
import type { CrashReport, ProcessReport } from "../../../emulator/kernel/printer.js";

type Whole<T> = { [K in keyof T]: NonNullable<T[K]> };
/** A process of which a Cortex-M dump tells all. */
export interface WholeProcess
  extends Omit<ProcessReport, "memory" | "flash" | "sizes" | "syscallCount">,
    Whole<Pick<ProcessReport, "memory" | "flash" | "sizes" | "syscallCount">> {
  droppedUpcalls: number;
  restartCount: number;
  initFunction: number;
  stored: StoredContext;
}

/** `text` holds one dump of a Cortex-M board. */
export function parseDump(text: string): CrashReport & { processes: readonly WholeProcess[] } {
  const dump = parse(text);
  assert.ok(dump, "the text has a dump");
  return { ...dump.report, processes: dump.report.processes.map(whole) };
}

function whole(process: ProcessReport): WholeProcess {
  const { memory, flash, sizes, syscallCount, droppedUpcalls, restartCount, stored } = process;
  assert.ok(memory && flash && sizes && stored && !("mcause" in stored));
  assert.ok(syscallCount !== null && droppedUpcalls !== null && restartCount !== null);
  const counts = { syscallCount, droppedUpcalls, restartCount };
  const initFunction = process.initFunction ?? 0;
  return { ...process, memory, flash, sizes, ...counts, initFunction, stored };
}

const noRegisters: StoredContext = { regs: [], psp: 0, yieldPc: 0, psr: 0, frame: null };

/** The overview alone, as the process console prints it. */
export function parseOverviewOnly(text: string): WholeProcess {
  // A dump goes on; an overview alone is none.
  const [process] = parse(`${text}\r\n R0 : 0x00000000`)?.report.processes ?? [];
  assert.ok(process, "the text has an overview");
  return whole({ ...process, stored: noRegisters, grants: [], mpu: [] });
}
