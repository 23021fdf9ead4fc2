// Source breakpoints of the user and short-lived ones of a step, over one set of addresses in the CPU.
import type { Cpu } from "../emulator/index.js";

/** What a breakpoint asks of one program: the line where it lands, and its code. */
export interface Bound {
  line: number;
  addresses: readonly number[];
}

/** Finds the code of a source line in every process that has it now. */
export type Binder = (path: string, line: number) => Bound | undefined;

export interface BreakpointState {
  id: number;
  path: string;
  /** As the user asked. */
  requested: number;
  /** Where it lies, `undefined` while no process has code for it. */
  bound: Bound | undefined;
}

export class Breakpoints {
  readonly #cpu: Pick<Cpu, "addBreakpoint" | "removeBreakpoint">;
  readonly #bind: Binder;
  #nextId = 1;
  /** By source path as the client wrote it. */
  readonly #sources = new Map<string, BreakpointState[]>();
  /** Addresses of the user's breakpoints → their ids. */
  #ids = new Map<number, number[]>();
  #entries = new Set<number>();
  #temporary = new Set<number>();
  #inCpu = new Set<number>();

  constructor(cpu: Pick<Cpu, "addBreakpoint" | "removeBreakpoint">, bind: Binder) {
    this.#cpu = cpu;
    this.#bind = bind;
  }

  /** Replaces all breakpoints of one source. A line that stays keeps its id. */
  setSource(path: string, lines: readonly number[]): readonly BreakpointState[] {
    const old = [...(this.#sources.get(path) ?? [])];
    const states = lines.map(line => {
      const at = old.findIndex(b => b.requested === line);
      // Taken out, so that a line given twice has two ids.
      const [same] = at < 0 ? [] : old.splice(at, 1);
      const id = same?.id ?? this.#nextId++;
      return { id, path, requested: line, bound: this.#bind(path, line) };
    });
    this.#sources.set(path, states);
    this.#apply();
    return states;
  }

  /** Sources that have breakpoints. */
  get paths(): readonly string[] {
    return [...this.#sources.keys()];
  }

  /** Takes over the breakpoints of a board that is gone; gives those that lie elsewhere now. */
  adopt(old: Breakpoints): readonly BreakpointState[] {
    this.#nextId = old.#nextId;
    for (const [path, states] of old.#sources) {
      this.#sources.set(
        path,
        states.map(state => ({ ...state })),
      );
    }
    return this.rebind();
  }

  /** Binds again after programs came or went; gives those that changed. */
  rebind(): readonly BreakpointState[] {
    const changed: BreakpointState[] = [];
    for (const state of [...this.#sources.values()].flat()) {
      const bound = this.#bind(state.path, state.requested);
      if (JSON.stringify(bound) === JSON.stringify(state.bound)) continue;
      if (bound?.line !== state.bound?.line) changed.push(state);
      state.bound = bound;
    }
    this.#apply();
    return changed;
  }

  /** Ids of the user's breakpoints at `address`; `undefined` if there is none. */
  idsAt(address: number): readonly number[] | undefined {
    return this.#ids.get(address);
  }

  /** Source lines of breakpoints. */
  linesOf(ids: readonly number[]): number[] {
    const states = [...this.#sources.values()].flat().filter(({ id }) => ids.includes(id));
    return states.flatMap(({ bound }) => bound?.line ?? []);
  }

  /** Addresses where a process stops on entry, each once. */
  setEntries(addresses: Iterable<number>): void {
    this.#entries = new Set(addresses);
    this.#apply();
  }

  /** True the first time a process gets to its entry. */
  takeEntry(address: number): boolean {
    const first = this.#entries.delete(address);
    if (first) this.#apply();
    return first;
  }

  isEntry(address: number): boolean {
    return this.#entries.has(address);
  }

  setTemporary(addresses: readonly number[]): void {
    this.#temporary = new Set(addresses);
    this.#apply();
  }

  #apply(): void {
    this.#ids = new Map();
    for (const { id, bound } of [...this.#sources.values()].flat()) {
      for (const address of bound?.addresses ?? []) {
        this.#ids.set(address, [...(this.#ids.get(address) ?? []), id]);
      }
    }
    const wanted = new Set([...this.#ids.keys(), ...this.#entries, ...this.#temporary]);
    for (const address of this.#inCpu) {
      if (!wanted.has(address)) this.#cpu.removeBreakpoint(address);
    }
    for (const address of wanted) {
      if (!this.#inCpu.has(address)) this.#cpu.addBreakpoint(address);
    }
    this.#inCpu = wanted;
  }
}
