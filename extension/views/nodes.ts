// A row of a tree view as plain data, so that what a view shows is tested without VS Code.
import type { LiveReference } from "./live-list.js";

export interface Node {
  /** The same at every stop, so that what is open stays open. */
  id: string;
  label: string;
  /** Parts of the label that stand out, from character to character. */
  highlights?: [number, number][];
  description?: string;
  tooltip?: string;
  /** A codicon, and the theme's color of it. */
  icon?: string;
  color?: string;
  /** What menus go by. */
  kind?: string;
  /** Read to users of a screen reader in place of label and description. */
  spoken?: string;
  children?: readonly Node[];
  /** Open at first. */
  open?: boolean;
  /** What actions are about. */
  threadId?: number;
  address?: number;
  length?: number;
  live?: LiveReference;
}

export const hex8 = (value: number): string =>
  `0x${value.toString(16).toUpperCase().padStart(8, "0")}`;

export const grouped = (count: number): string => count.toLocaleString("en-US");

export const counted = (count: number, one: string): string =>
  `${grouped(count)} ${count === 1 ? one : `${one}s`}`;

export const bytesText = (count: number): string => counted(count, "byte");

/** `250 ms`, `1.5 s`: a duration that is easily read. */
export function durationText(seconds: number): string {
  if (seconds >= 1) return `${+seconds.toFixed(3)} s`;
  const milliseconds = seconds * 1000;
  if (milliseconds >= 1) return `${+milliseconds.toFixed(2)} ms`;
  return `${Math.round(seconds * 1e6)} µs`;
}

/** Of a row of an app in flash. */
export function addressOfRow(given: unknown): number | undefined {
  const { address } = (given ?? {}) as Partial<Node>;
  return typeof address === "number" ? address : undefined;
}
