// Text that comes from binaries and serial lines, made harmless to read: nothing invisible, nothing endless.
// Unicode Technical Report 36, 3.1: characters that are not seen, or that turn the direction of others, are shown by number.

/** What is shown of a long text, and what its tooltip tells. */
export interface Readable {
  text: string;
  /** All of it, as far as a tooltip goes; empty if `text` is all. */
  title: string;
}

const nameLimit = 64;
const tooltipLimit = 1000;
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\u2028\u2029]/gu;

/** At most `limit` characters, without control characters. */
export function readable(text: string, limit = nameLimit): Readable {
  // Whatever lies behind what a tooltip can hold is not even looked at.
  const clean = cut(text.slice(0, 2 * tooltipLimit), tooltipLimit).replace(unseen, visible);
  const whole = text.length > 2 * tooltipLimit && !clean.endsWith("…") ? `${clean}…` : clean;
  const short = cut(whole, limit);
  return { text: short, title: short === whole ? "" : whole };
}

const cut = (text: string, limit: number): string => {
  const characters = [...text];
  return characters.length <= limit ? text : `${characters.slice(0, limit - 1).join("")}…`;
};

function visible(character: string): string {
  const code = character.codePointAt(0) as number;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  return code === 0x7f ? "␡" : `\\u{${code.toString(16)}}`;
}

/** For a message of VS Code, which would make a link of `[text](command:…)`, and for a label, where `$(name)` is an icon. */
export const plain = (text: string): string => text.replaceAll("](", "] (").replaceAll("$(", "$ (");

export const hex = (value: number): string => `0x${value.toString(16).padStart(8, "0")}`;

/** `2,048 bytes`, the way reports of sizes are read aloud. */
export const bytes = (count: number): string =>
  `${count.toLocaleString("en-US")} ${count === 1 ? "byte" : "bytes"}`;

/** `512 MiB`, for what need not be told to the byte. */
export function roundSize(count: number): string {
  if (count < 1024) return bytes(count);
  const units = ["KiB", "MiB", "GiB"];
  const power = Math.min(units.length, Math.floor(Math.log2(count) / 10));
  return `${Math.round(count / 1024 ** power)} ${units[power - 1]}`;
}
