// Which rows of a long list are drawn: those that can be seen and some around them, whatever the length of the list.

/** Rows in the page at most. */
export const MOST_DRAWN = 200;
/** Rows beyond each edge, so that a small scroll has something to show. */
const MARGIN = 20;

export interface ListWindow {
  /** Index of the first row that is drawn. */
  start: number;
  count: number;
}

export interface Viewport {
  /** Pixels above the upper edge. */
  top: number;
  /** Pixels of the list that can be seen. */
  height: number;
  rowHeight: number;
}

/** The rows to draw of a list of `total`. */
export function windowOf({ top, height, rowHeight }: Viewport, total: number): ListWindow {
  const seen = Math.min(MOST_DRAWN, Math.ceil(height / rowHeight) + 1);
  const margin = Math.min(MARGIN, Math.floor((MOST_DRAWN - seen) / 2));
  const first = Math.min(Math.floor(top / rowHeight), Math.max(0, total - seen));
  const start = Math.max(0, first - margin);
  return { start, count: Math.min(total - start, first + seen + margin - start, MOST_DRAWN) };
}

/** Pixels above the upper edge so that row `index` can be seen, with the least scrolling. */
export function scrollTo(index: number, { top, height, rowHeight }: Viewport): number {
  const above = index * rowHeight;
  if (above < top) return above;
  return Math.max(top, above + rowHeight - height);
}

const LEAST = 1e-6;
const DECADES = 7;

/** Part of the full length, from 0 to 1, of the bar of a latency: a decade is a seventh of it, from 1 µs to 10 s. */
export function barOf(seconds: number): number {
  const decades = Math.log10(Math.max(seconds, LEAST) / LEAST);
  return Math.min(1, Math.max(0.02, decades / DECADES));
}

/** `850 ns`, `14.5 ms`: three digits, in the unit that fits. */
export function durationText(seconds: number): string {
  const units: [number, string][] = [
    [1, "s"],
    [1e-3, "ms"],
    [1e-6, "µs"],
  ];
  const [size, unit] = units.find(([least]) => seconds >= least) ?? [1e-9, "ns"];
  return `${Number((seconds / size).toPrecision(3))} ${unit}`;
}
