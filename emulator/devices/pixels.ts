// Pixels in the formats of kernel/src/hil/screen.rs, turned into red, green and blue bytes.
import type { ScreenPixelFormat } from "../hil/screen.js";

/** Bits of a pixel, by number of the format. */
const BITS = [1, 8, 16, 24, 32, 4, 1] as const;

export type Colour = readonly [red: number, green: number, blue: number];

/** A channel of `max` + 1 steps as a byte. */
const scaled = (value: number, max: number): number => Math.round((value * 255) / max);
const mono = (bit: number): Colour => (bit ? [255, 255, 255] : [0, 0, 0]);

/** One pixel whose first byte stands at `at`; formats of whole bytes only. */
const decoders: Readonly<Record<1 | 2 | 3 | 4, (bytes: Uint8Array, at: number) => Colour>> = {
  1: (bytes, at) => {
    const value = bytes[at] as number;
    return [scaled(value >> 5, 7), scaled((value >> 2) & 7, 7), scaled(value & 3, 3)];
  },
  2: (bytes, at) => {
    const value = ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
    return [scaled(value >> 11, 31), scaled((value >> 5) & 63, 63), scaled(value & 31, 31)];
  },
  3: (bytes, at) => [bytes[at] as number, bytes[at + 1] as number, bytes[at + 2] as number],
  4: (bytes, at) => [bytes[at + 2] as number, bytes[at + 1] as number, bytes[at] as number],
};

/** Whole pixels somewhere in a frame. */
export interface PixelRun {
  format: ScreenPixelFormat;
  bytes: Uint8Array;
  /** Bytes of the frame in front of them. */
  offset: number;
  /** Pixels in a row of the frame. */
  width: number;
}

/** Calls `draw` for each pixel with its place in the frame and its colour. */
export function eachPixel(
  { format, bytes, offset, width }: PixelRun,
  draw: (x: number, y: number, colour: Colour) => void,
): void {
  const first = (offset * 8) / BITS[format];
  const place = (pixel: number, colour: Colour) =>
    draw((first + pixel) % width, Math.floor((first + pixel) / width), colour);
  if (format === 6) {
    bytes.forEach((byte, i) => {
      const column = offset + i;
      const top = Math.floor(column / width) * 8;
      for (let bit = 0; bit < 8; bit++) draw(column % width, top + bit, mono((byte >> bit) & 1));
    });
  } else if (format === 0) {
    bytes.forEach((byte, i) => {
      for (let bit = 0; bit < 8; bit++) place(8 * i + bit, mono((byte >> (7 - bit)) & 1));
    });
  } else if (format === 5) {
    bytes.forEach((byte, i) => {
      [byte >> 4, byte & 15].forEach((nibble, half) => {
        // Transparent pixels leave what is there.
        if ((nibble & 1) === 0) return;
        const channel = (bit: number) => ((nibble >> bit) & 1) * 255;
        place(2 * i + half, [channel(1), channel(2), channel(3)]);
      });
    });
  } else {
    const size = BITS[format] / 8;
    for (let at = 0; at < bytes.length; at += size) place(at / size, decoders[format](bytes, at));
  }
}

/** Bytes of the shortest run of whole pixels. */
export const pixelBytes = (format: ScreenPixelFormat): number => Math.ceil(BITS[format] / 8);
