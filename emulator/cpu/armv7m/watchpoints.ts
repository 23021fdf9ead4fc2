// Watchpoints: which bytes a debugger watches. Windows leave watched words out, so that only the slow path in access.ts
// has to ask; without watchpoints nothing is asked. Not part of the guest's state.
import type { Watchpoint, WatchpointHit } from "../cpu.js";
import { Access, type Window } from "./mpu.js";

/** Merged ranges in ascending order: start, end, start, end, … */
type Ranges = readonly number[];

export class Watchpoints {
  #list: readonly Watchpoint[] = [];
  #reads: Ranges = [];
  #writes: Ranges = [];
  /** Accesses are looked at. Off while an exception's frame is moved, and for the instruction that is resumed at a stop. */
  active = false;
  /** What was reported last. */
  hit: (WatchpointHit & { pc: number }) | undefined;

  get list(): readonly Watchpoint[] {
    return this.#list;
  }

  set list(list: readonly Watchpoint[]) {
    this.#list = [...list];
    this.#reads = merge(list.filter(w => w.access !== "write"));
    this.#writes = merge(list.filter(w => w.access !== "read"));
    this.active = list.length > 0;
  }

  /** Whether an access touches a watched byte. If so it is the hit, for the instruction that `run` completes with its pc. */
  catches(address: number, length: number, access: Access): boolean {
    const ranges = access === Access.Write ? this.#writes : this.#reads;
    const i = firstEndingAfter(ranges, address);
    if (i >= ranges.length || (ranges[i] as number) >= address + length) return false;
    const kind = access === Access.Write ? "write" : "read";
    const watchpoints = this.#list.filter(
      w =>
        (w.access === "readWrite" || w.access === kind) &&
        w.address < address + length &&
        w.address + w.length > address,
    );
    const first = Math.max(ranges[i] as number, address);
    this.hit = { address: first, access: kind, watchpoints, pc: -1 };
    return true;
  }

  /** The largest part of `window` in which no word is watched. */
  outside(window: Window, access: Access): Window {
    const ranges = access === Access.Write ? this.#writes : this.#reads;
    const end = window.address + window.size;
    let best: Window = { address: window.address, size: 0 };
    let start = window.address;
    const consider = (until: number) => {
      if (until - start > best.size) best = { address: start, size: until - start };
    };
    for (let i = firstEndingAfter(ranges, start); i < ranges.length && start < end; i += 2) {
      consider(Math.min(Math.floor((ranges[i] as number) / 4) * 4, end));
      start = Math.ceil((ranges[i + 1] as number) / 4) * 4;
    }
    consider(end);
    return best;
  }

  /** The hit when any of `length` bytes that the host writes at `address` is watched. */
  ofHostWrite(address: number, length: number): WatchpointHit | undefined {
    const { hit } = this;
    const caught = this.catches(address, length, Access.Write) ? this.hit : undefined;
    this.hit = hit;
    return caught;
  }
}

function merge(list: readonly Watchpoint[]): Ranges {
  const ranges: number[] = [];
  for (const { address, length } of [...list].sort((a, b) => a.address - b.address)) {
    if (length <= 0) continue;
    const last = ranges.length - 1;
    if (last > 0 && address <= (ranges[last] as number))
      ranges[last] = Math.max(ranges[last] as number, address + length);
    else ranges.push(address, address + length);
  }
  return ranges;
}

/** Position of the start of the first range that ends after `address`. */
function firstEndingAfter(ranges: Ranges, address: number): number {
  let [low, high] = [0, ranges.length / 2];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ranges[middle * 2 + 1] as number) > address) high = middle;
    else low = middle + 1;
  }
  return low * 2;
}
