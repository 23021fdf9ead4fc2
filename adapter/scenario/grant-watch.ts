// The most bytes of grants that each app had. Grants come with a process's first calls of a driver and stay until it ends,
// so they are added up when a call is made that the process has not made before.
import type { Kernel, TraceEvent } from "../../emulator/index.js";

export class GrantWatch {
  readonly #kernel: Kernel;
  readonly #nameOf: (process: number) => string;
  readonly #known = new Set<string>();
  readonly #most = new Map<string, number>();

  constructor(kernel: Kernel, nameOf: (process: number) => string) {
    this.#kernel = kernel;
    this.#nameOf = nameOf;
  }

  look({
    pid,
    process,
    syscallClass,
    arguments: [r0, r1],
  }: Extract<TraceEvent, { type: "syscall" }>): void {
    const call = `${pid} ${syscallClass} ${r0} ${r1}`;
    if (this.#known.has(call)) return;
    this.#known.add(call);
    this.#measure(process);
  }

  /** By the app's name, up to now. */
  most(): ReadonlyMap<string, number> {
    this.#kernel.identifiers.forEach((pid, index) => {
      if (pid !== null) this.#measure(index);
    });
    return this.#most;
  }

  #measure(process: number): void {
    if (this.#kernel.identifiers[process] == null) return;
    const name = this.#nameOf(process);
    const bytes = this.#kernel.process(process).grants.reduce((sum, { size }) => sum + size, 0);
    this.#most.set(name, Math.max(this.#most.get(name) ?? 0, bytes));
  }
}
