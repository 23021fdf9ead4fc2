// Small words about numbers that every folder needs; nothing clever.

/** `value` rounded up to a multiple of `alignment` (a power of two or not). */
export const alignUp = (value: number, alignment: number): number =>
  Math.ceil(value / alignment) * alignment;

/** `value` rounded down to a multiple of `alignment`. */
export const alignDown = (value: number, alignment: number): number =>
  Math.floor(value / alignment) * alignment;

/** Smallest power of two that is not below `value` (at least 1). */
export function nextPowerOfTwo(value: number): number {
  let power = 1;
  while (power < value) power *= 2;
  return power;
}

/** `0x` and lower-case digits. */
export const hex = (value: number, digits = 1): string =>
  `0x${(value >>> 0).toString(16).padStart(digits, "0")}`;

/** Rust's `{:#010X}`: `0x` and eight upper-case digits. */
export const hex8 = (value: number): string =>
  `0x${(value >>> 0).toString(16).toUpperCase().padStart(8, "0")}`;
