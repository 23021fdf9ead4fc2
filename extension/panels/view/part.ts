// What every part of a board on the page is: an element that is kept up to date.
import type { BoardPart, Kind, Part } from "../board-messages.js";

/** Puts a value into a device. */
export type Act = (device: string, value: string | number) => void;

/** A part on the page. */
export interface Drawn {
  node: HTMLElement;
  update(part: BoardPart): void;
}

/** An `update` that takes parts of one kind; the page gives it no others. */
export const updates =
  <K extends Kind>(kind: K, update: (part: Part<K>) => void): Drawn["update"] =>
  part => {
    if (part.kind === kind) update(part as Part<K>);
  };
