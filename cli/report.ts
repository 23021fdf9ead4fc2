// What a run was, as `--json` prints it and as a person reads it.
import type { SourceLocation } from "../adapter/symbols/model.js";
import type { Kernel, Machine, ProcessView } from "../emulator/index.js";
import { columns } from "./text.js";

export interface FaultResult {
  /** One sentence. */
  reason: string;
  virtualSeconds: number;
  /** `null` when the frame could not be stacked. */
  pc: number | null;
  cfsr: number;
  hfsr: number;
  mmfar: number;
  bfar: number;
  /** Where the debug information says it is. */
  file?: string;
  line?: number;
}

export interface RunResult {
  schema: 1;
  console: string;
  virtualSeconds: number;
  instructions: number;
  processes: {
    name: string;
    /** As Tock prints it: `Running`, `Yielded`, `Terminated`, `Faulted`, … */
    state: string;
    /** The exit code, signed as Tock prints it; `null` while a process runs and when a fault ended it. */
    completionCode: number | null;
    syscalls: number;
    restarts: number;
    faults: FaultResult[];
  }[];
  leds: boolean[];
}

const PC = 15;

export class Report {
  readonly #faults = new Map<number, FaultResult[]>();

  fault(
    { clock }: Machine,
    view: ProcessView,
    reason: string,
    location: SourceLocation | null,
  ): void {
    const { cfsr, hfsr, mmfar, bfar } = view.fault ?? { cfsr: 0, hfsr: 0, mmfar: 0, bfar: 0 };
    const faults = this.#faults.get(view.index) ?? [];
    this.#faults.set(view.index, faults);
    faults.push({
      reason,
      virtualSeconds: clock.now / clock.frequency,
      pc: view.registers?.[PC] ?? null,
      cfsr,
      hfsr,
      mmfar,
      bfar,
      ...(location === null ? {} : { file: location.path, line: location.line }),
    });
  }

  result({ clock, cpu, devices }: Machine, kernel: Kernel, console: string): RunResult {
    const leds = [...devices.values()].filter(({ name }) => /^led\d+$/.test(name));
    return {
      schema: 1,
      console,
      virtualSeconds: clock.now / clock.frequency,
      instructions: cpu.instructions,
      processes: kernel.processes.map(view => ({
        name: view.name,
        state: view.state,
        completionCode: typeof view.completionCode === "number" ? view.completionCode | 0 : null,
        syscalls: view.syscallCount,
        restarts: view.restartCount,
        faults: this.#faults.get(view.index) ?? [],
      })),
      leds: leds.map(led => led.shown?.() === true),
    };
  }
}

/** As a person reads it who interrupts the run. */
export function summaryOf(result: RunResult): string {
  const { virtualSeconds, instructions, processes, leds } = result;
  const rows = processes.map(p => {
    const code = p.completionCode === null ? "" : ` (${p.completionCode})`;
    const faults = p.faults.length === 0 ? "" : `, ${p.faults.length} faults`;
    const restarts = p.restarts === 0 ? "" : `, ${p.restarts} restarts`;
    return [p.name, `${p.state}${code}, ${p.syscalls} system calls${restarts}${faults}`];
  });
  rows.push(["LEDs", leds.map(on => (on ? "●" : "○")).join(" ")]);
  const head = `${virtualSeconds.toFixed(3)} virtual seconds, ${instructions.toLocaleString("en")} instructions`;
  return `\n${head}\n${columns(rows)}`;
}
