// What a benchmark reports, and what it needs.
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

export const isInstalled = (tool: string): boolean =>
  (process.env["PATH"] ?? "").split(delimiter).some(folder => existsSync(join(folder, tool)));

/** One row of the table; only ratios have targets. */
export interface Measurement {
  what: string;
  value: string;
  target?: string;
  met?: boolean;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}
