// The face of a device: what a user sees of it now and what can be done to it, as data. It is enough to draw a board
// without knowing its devices; the values that a face takes are those of the device's `onInput`.
import type { Picture } from "./picture.js";

export type Face =
  /** A lamp; `columns`: one of a matrix with that many in a row. */
  | { kind: "led"; lit: boolean; color: LedColor; columns?: number }
  /** Takes "down" and "up". */
  | { kind: "button"; down: boolean }
  /** A pin of a header; `applied` is what the user puts on it, and what it takes. */
  | { kind: "pin"; high: boolean; output: boolean; applied: "1" | "0" | "open" }
  /** Numbers in `range`, one per axis. A `settable` one takes them with commas between. */
  | {
      kind: "quantity";
      /** In words, such as `degrees Celsius`. */
      unit: string;
      range: readonly [low: number, high: number];
      /** Names of the axes; one without a name if there is only one. */
      axes: readonly string[];
      values: readonly number[];
      settable: boolean;
    }
  /** Pulses on a pin: hertz, 0 for none, and percent. `sounds`: on a buzzer. */
  | { kind: "pulses"; frequency: number; duty: number; sounds: boolean }
  | { kind: "screen"; picture: Picture }
  /** Characters; `lines`: of a display with so many lines, else of a text that grows. */
  | { kind: "text"; text: string; lines?: number }
  /** A touch panel over the screen; takes `press X Y`, `move X Y` and `release`. */
  | { kind: "touch"; fingers: number }
  /** A terminal; takes text. */
  | { kind: "terminal" };

export type LedColor = "red" | "green" | "blue";
