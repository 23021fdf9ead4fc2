// Wrapping arithmetic on the ticks of a timer of `width` ≤ 32 bits (kernel/src/hil/time.rs, `Ticks`).

const mask = (width: number): number => 2 ** width - 1;

export const wrappingAdd = (a: number, b: number, width: number): number =>
  ((a + b) & mask(width)) >>> 0;

export const wrappingSub = (a: number, b: number, width: number): number =>
  ((a - b) & mask(width)) >>> 0;

/** Whether `now` lies in `[start, end)`, the range going round the end of the counter if need be. */
export const withinRange = (now: number, start: number, end: number, width: number): boolean =>
  wrappingSub(now, start, width) < wrappingSub(end, start, width);

/** Half of the counter's range: 2^(width-1). */
export const halfMax = (width: number): number => 2 ** (width - 1);

/** Bits by which a tick is shifted to fill 32 bits. */
export const u32Padding = (width: number): number => 32 - width;

/** `ticks` shifted so that the counter wraps at 2^32. */
export const leftJustified = (ticks: number, width: number): number =>
  (ticks << u32Padding(width)) >>> 0;

/** Ticks in `ms` milliseconds, rounded down, at most the counter's greatest value. */
export const ticksFromMs = (ms: number, frequency: number, width: number): number =>
  Math.min(Math.floor((frequency * ms) / 1000), mask(width));
