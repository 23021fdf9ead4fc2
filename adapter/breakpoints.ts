// The user's breakpoints and short-lived ones of a step, over one set of addresses in the CPU.
import type { Cpu, Watchpoint } from "../emulator/index.js";
import { Judge, type Terms } from "./terms.js";

/** What a breakpoint asks for. */
export type Spot =
  | { kind: "source"; path: string; line: number }
  | { kind: "function"; name: string }
  | { kind: "instruction"; address: number }
  | { kind: "data"; address: number; length: number; access: Watchpoint["access"] };

export interface WantedBreakpoint {
  spot: Spot;
  terms?: Terms;
}

/** The code of a spot: where it lands in the source, and its addresses. */
export interface Bound {
  /** `undefined`: code without a line. */
  line: number | undefined;
  addresses: readonly number[];
}

/** Finds the code of a spot in every process that has it now. */
export type Binder = (spot: Spot) => Bound | undefined;

export interface BreakpointState {
  id: number;
  /** As the user asked. */
  spot: Spot;
  judge: Judge;
  /** Where it lies, `undefined` while no process has code for it. */
  bound: Bound | undefined;
}

/** Breakpoints that a client sets together, the new list in place of the old one. */
export type Group = "functions" | "instructions" | "data" | "views" | `source ${string}`;

type BreakpointCpu = Pick<Cpu, "addBreakpoint" | "removeBreakpoint" | "setWatchpoints">;

const textOf = ({ spot, terms }: { spot: Spot; terms?: Terms }): string =>
  JSON.stringify([spot, terms?.condition, terms?.hitCondition, terms?.logMessage]);

export class Breakpoints {
  readonly #cpu: BreakpointCpu;
  readonly #bind: Binder;
  #nextId = 1;
  readonly #groups = new Map<Group, BreakpointState[]>();
  /** Addresses of the user's breakpoints → these. */
  #byAddress = new Map<number, BreakpointState[]>();
  #byWatchpoint = new Map<Watchpoint, BreakpointState>();
  #entries = new Set<number>();
  #temporary = new Set<number>();
  /** Code of apps that is watched for exception filters, and who finds it. */
  #code: ReadonlySet<number> = new Set();
  #findCode: () => ReadonlySet<number> = () => new Set();
  #inCpu = new Set<number>();

  constructor(cpu: BreakpointCpu, bind: Binder) {
    this.#cpu = cpu;
    this.#bind = bind;
  }

  /** Replaces all breakpoints of one group. One that stays keeps its id and, with the same terms, its hits. */
  set(group: Group, wanted: readonly WantedBreakpoint[]): readonly BreakpointState[] {
    const old = new Set(this.#groups.get(group));
    const states = wanted.map(({ spot, terms = {} }) => {
      const text = JSON.stringify(spot);
      const stays = [...old].find(state => JSON.stringify(state.spot) === text);
      // Taken out, so that a spot given twice has two ids.
      if (stays) old.delete(stays);
      const same = stays && textOf({ spot, terms: stays.judge.terms }) === textOf({ spot, terms });
      return {
        id: stays?.id ?? this.#nextId++,
        spot,
        judge: same ? stays.judge : new Judge(terms),
        bound: this.#bind(spot),
      };
    });
    this.#groups.set(group, states);
    this.#apply();
    if (group === "data" || group === "views") this.#watch();
    return states;
  }

  /** Those of one group. */
  of(group: Group): readonly BreakpointState[] {
    return this.#groups.get(group) ?? [];
  }

  get #all(): BreakpointState[] {
    return [...this.#groups.values()].flat();
  }

  /** Sources that have breakpoints. */
  get paths(): readonly string[] {
    const paths = this.#all.map(({ spot }) => (spot.kind === "source" ? [spot.path] : []));
    return [...new Set(paths.flat())];
  }

  /** Takes over the breakpoints of a board that is gone, with no hits yet; gives those that lie elsewhere now. */
  adopt(old: Breakpoints): readonly BreakpointState[] {
    this.#nextId = old.#nextId;
    for (const [group, states] of old.#groups) {
      const fresh = states.map(state => ({ ...state, judge: new Judge(state.judge.terms) }));
      this.#groups.set(group, fresh);
    }
    return this.rebind();
  }

  /** Binds again after programs came or went; gives those that changed. */
  rebind(): readonly BreakpointState[] {
    const changed: BreakpointState[] = [];
    for (const state of this.#all) {
      const bound = this.#bind(state.spot);
      if (JSON.stringify(bound) === JSON.stringify(state.bound)) continue;
      const verified = (bound === undefined) !== (state.bound === undefined);
      if (verified || bound?.line !== state.bound?.line) changed.push(state);
      state.bound = bound;
    }
    this.#code = this.#findCode();
    this.#apply();
    this.#watch();
    return changed;
  }

  /** The user's breakpoints at `address`. */
  at(address: number): readonly BreakpointState[] {
    return this.#byAddress.get(address) ?? [];
  }

  /** The user's breakpoints behind `watchpoints`. */
  watching(watchpoints: readonly Watchpoint[]): readonly BreakpointState[] {
    return watchpoints.flatMap(watchpoint => this.#byWatchpoint.get(watchpoint) ?? []);
  }

  /** An address where a process stops on entry, once. */
  addEntry(address: number): void {
    this.#entries.add(address);
    this.#apply();
  }

  /** True the first time a process gets to its entry. */
  takeEntry(address: number): boolean {
    const first = this.#entries.delete(address);
    if (first) this.#apply();
    return first;
  }

  /** Stops at the addresses that `find` gives, now and whenever programs have come or gone. */
  watchCode(find: () => ReadonlySet<number>): void {
    this.#findCode = find;
    this.#code = find();
    this.#apply();
  }

  isWatchedCode(address: number): boolean {
    return this.#code.has(address);
  }

  setTemporary(addresses: readonly number[]): void {
    this.#temporary = new Set(addresses);
    this.#apply();
  }

  #apply(): void {
    this.#byAddress = new Map();
    for (const state of this.#all) {
      for (const address of state.bound?.addresses ?? []) {
        this.#byAddress.set(address, [...(this.#byAddress.get(address) ?? []), state]);
      }
    }
    const own = [...this.#byAddress.keys(), ...this.#entries, ...this.#temporary];
    const wanted = new Set([...own, ...this.#code]);
    for (const address of this.#inCpu) {
      if (!wanted.has(address)) this.#cpu.removeBreakpoint(address);
    }
    for (const address of wanted) {
      if (!this.#inCpu.has(address)) this.#cpu.addBreakpoint(address);
    }
    this.#inCpu = wanted;
  }

  #watch(): void {
    const watched = this.#all.flatMap(state => {
      const { spot, bound } = state;
      if (spot.kind !== "data" || bound === undefined) return [];
      const { address, length, access } = spot;
      return [[{ address, length, access }, state] as const];
    });
    this.#byWatchpoint = new Map(watched);
    this.#cpu.setWatchpoints([...this.#byWatchpoint.keys()]);
  }
}

/** The line at which a frame stands when it hits one of `states`, for those that name lines. */
export const linesOf = (states: readonly BreakpointState[]): number[] =>
  states.flatMap(({ spot, bound }) => (spot.kind === "source" ? (bound?.line ?? []) : []));
