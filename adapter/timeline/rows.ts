// The rows of a recording that fit a filter, found as they come: each row is looked at once per filter.
import { describeRow, driverName, driverOf, failedOf, kindOf } from "./describe.js";
import type { TimelineFilter, TimelineRow } from "./model.js";
import type { Recording } from "./recording.js";

export class TimelineRows {
  readonly recording: Recording;
  readonly #frequency: number;
  #filter: TimelineFilter = {};
  /** Numbers of rows that fit, in order; only those from `#gone` on are kept by the recording. */
  #fitting: number[] = [];
  #gone = 0;
  #scanned = 0;
  readonly #drivers = new Set<number>();
  #driversScanned = 0;

  /** @param frequency of the clock, in Hz */
  constructor(recording: Recording, frequency: number) {
    this.recording = recording;
    this.#frequency = frequency;
  }

  /** How many rows fit now. */
  total(filter: TimelineFilter): number {
    if (JSON.stringify(filter) !== JSON.stringify(this.#filter)) {
      this.#filter = filter;
      this.#fitting = [];
      this.#gone = this.#scanned = 0;
    }
    const { first, end } = this.recording;
    if (fitsAll(filter)) return end - first;
    for (let number = Math.max(this.#scanned, first); number < end; number++)
      if (this.#fits(number)) this.#fitting.push(number);
    this.#scanned = end;
    while ((this.#fitting[this.#gone] ?? first) < first) this.#gone++;
    if (this.#gone > this.#fitting.length / 2) {
      this.#fitting.splice(0, this.#gone);
      this.#gone = 0;
    }
    return this.#fitting.length - this.#gone;
  }

  /** Rows by their index among those that fit the filter of the last `total`. */
  page(start: number, count: number): TimelineRow[] {
    const { first, end } = this.recording;
    const numbers = fitsAll(this.#filter)
      ? Array.from(
          { length: Math.max(0, Math.min(count, end - first - start)) },
          (_, i) => first + start + i,
        )
      : this.#fitting.slice(this.#gone + start, this.#gone + start + count);
    return numbers.map(number => this.#describe(number));
  }

  /** Drivers that any row has told of, by number. */
  get drivers(): { driver: number; name: string }[] {
    const { first, end } = this.recording;
    for (let number = Math.max(this.#driversScanned, first); number < end; number++) {
      const driver = driverOf(this.recording.row(number));
      if (driver !== null) this.#drivers.add(driver);
    }
    this.#driversScanned = end;
    const sorted = [...this.#drivers].sort((a, b) => a - b);
    return sorted.map(driver => ({ driver, name: driverName(driver) }));
  }

  #describe(number: number): TimelineRow {
    return describeRow(this.recording, number, this.#frequency);
  }

  #fits(number: number): boolean {
    const { processes, drivers, kinds, failed, search } = this.#filter;
    const row = this.recording.row(number);
    if (processes !== undefined && !processes.includes(row.name)) return false;
    if (kinds !== undefined && !kinds.includes(kindOf(row))) return false;
    if (failed !== undefined && failedOf(row) !== failed) return false;
    const driver = driverOf(row);
    if (drivers !== undefined && (driver === null || !drivers.includes(driver))) return false;
    return search === undefined || this.#hasWords(number, search);
  }

  #hasWords(number: number, search: string): boolean {
    const row = this.#describe(number);
    const { process, call, driverName: name, operation, arguments: values, result } = row;
    const text = [process, row.pid, call, name, operation, values, result].join(" ").toLowerCase();
    const words = search.toLowerCase().split(/\s+/);
    return words.every(word => text.includes(word));
  }
}

const fitsAll = (filter: TimelineFilter): boolean =>
  Object.values(filter).every(value => value === undefined || value === "");
