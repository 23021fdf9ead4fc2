// What a benchmark reports.

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
