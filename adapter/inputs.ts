// `[TIME:]DEVICE=VALUE`: what the user does to the board, and when; `--input` of the CLI and `inputs` of a launch.
import { type InputValue, UserError } from "../emulator/index.js";

export interface ScriptedInput {
  /** Virtual seconds after the start. */
  seconds: number;
  device: string;
  value: InputValue;
}

const escapes: Readonly<Record<string, string>> = {
  n: "\n",
  r: "\r",
  t: "\t",
  b: "\b",
  e: "\x1b",
  "0": "\0",
  "\\": "\\",
};

/**
 * `\n`, `\r`, `\t`, `\b`, `\e`, `\0`, `\\` and `\xHH` as in C. A byte beyond ASCII makes the value bytes, the text
 * around it as UTF-8.
 */
function unescaped(written: string): string | Uint8Array {
  const utf8 = new TextEncoder();
  const bytes: number[] = [];
  let text = "";
  let beyondAscii = false;
  for (const [whole, code] of written.matchAll(/\\(x[0-9a-fA-F]{2}|.)|[^\\]+|\\/gs)) {
    const byte = code?.length === 3 ? Number.parseInt(code.slice(1), 16) : undefined;
    const piece = byte === undefined ? (escapes[code ?? ""] ?? whole) : String.fromCharCode(byte);
    for (const each of byte === undefined ? utf8.encode(piece) : [byte]) bytes.push(each);
    text += piece;
    beyondAscii ||= byte !== undefined && byte > 0x7f;
  }
  return beyondAscii ? Uint8Array.from(bytes) : text;
}

/** A duration such as `1.5s`, `250ms` or `2` (seconds), in virtual seconds; `undefined` if it is none. */
export function parseSeconds(text: string): number | undefined {
  const match = /^(\d+(?:\.\d*)?|\.\d+)(s|ms|us)?$/.exec(text);
  if (match === null) return undefined;
  const unit = { s: 1, ms: 1e-3, us: 1e-6 }[match[2] ?? "s"] as number;
  return Number(match[1]) * unit;
}

/** `A-B`: a wire between two GPIO pins; `--wire` of the CLI and `wires` of a launch. */
export function parseWire(argument: string): readonly [number, number] {
  const match = /^(\d+)-(\d+)$/.exec(argument);
  if (match === null) {
    throw new UserError(`wire ${argument}: expected two GPIO pins such as 0-1.`);
  }
  return [Number(match[1]), Number(match[2])];
}

/** Reads one input; devices judge their values themselves. */
export function parseInput(argument: string): ScriptedInput {
  const match = /^(?:([^:=]*):)?([^:=]+)=([\s\S]*)$/.exec(argument);
  if (match === null) {
    throw new UserError(
      `input ${argument}: expected [TIME:]DEVICE=VALUE, for example 1.5s:button0=down or console=abc\\n`,
    );
  }
  const [, time, device, value] = match as unknown as [string, string | undefined, string, string];
  const seconds = time === undefined ? 0 : parseSeconds(time);
  if (seconds === undefined) {
    throw new UserError(`input ${argument}: "${time}" is no time; write for example 1.5s or 200ms`);
  }
  return { seconds, device, value: unescaped(value) };
}
