// What a screen of any kind shows, as data that a panel can draw. Changes are told at most 60 times a second.
import type { Clock } from "../base/clock.js";
import type { OutputValue, Trace } from "../base/trace.js";

const PICTURES_PER_SECOND = 60;

/** Tag of the event that tells of the changes since the last. */
export const PICTURE_TAG = 100;

export interface Picture {
  width: number;
  height: number;
  on: boolean;
  /** 0 to 65,535. */
  brightness: number;
  /** Red, green and blue bytes of each pixel, row by row. */
  pixels: Uint8Array;
}

export const pictureValue = (picture: Picture): OutputValue => ({ ...picture });

/** Tells the world of a screen's changes, several at once. */
export class PictureOutput {
  readonly #clock: Clock;
  readonly #trace: Trace;
  readonly #device: string;

  constructor(clock: Clock, trace: Trace, device: string) {
    this.#clock = clock;
    this.#trace = trace;
    this.#device = device;
  }

  /** The screen has changed; `pending`: and it had before, since the last picture. */
  changed(pending: boolean): void {
    if (pending) return;
    const cycles = this.#clock.frequency / PICTURES_PER_SECOND;
    this.#clock.schedule(this.#device, PICTURE_TAG, cycles);
  }

  emit(value: OutputValue): void {
    this.#trace.emit({ type: "output", device: this.#device, value });
  }
}
