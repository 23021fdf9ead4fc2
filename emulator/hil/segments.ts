// A display of digits with seven segments and a dot each. Upstream's capsule drives the pins itself, digit after digit, faster
// than the eye; here the display is one thing.

export interface SegmentDisplay {
  readonly digits: number;
  /** One pattern per digit, left to right: segments A to G in bits 0 to 6, the dot in bit 7. */
  show(patterns: readonly number[]): void;
}
