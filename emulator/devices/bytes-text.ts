// Bytes as a user writes and reads them: two hexadecimal digits each, spaces where one likes; and memory as lines of them.
import { UserError } from "../base/errors.js";
import type { InputValue } from "../base/trace.js";

/** `undefined` when the text is anything else. */
export function parseBytes(text: string): Uint8Array | undefined {
  const digits = text.replace(/\s+/g, "");
  if (!/^([0-9a-f]{2})*$/i.test(digits)) return undefined;
  return Uint8Array.from(digits.match(/../g) ?? [], pair => Number.parseInt(pair, 16));
}

export const bytesText = (bytes: Uint8Array): string =>
  Array.from(bytes, byte => byte.toString(16).padStart(2, "0")).join(" ");

/** What a memory chip takes from its user. */
export const MEMORY_TAKES = 'bytes in hexadecimal from an address on: "0x0f=33" or "0x10=01 02 03"';

/** Sets the bytes that the user names; throws a `UserError` about the chip `name` when they do not fit. */
export function pokeMemory(name: string, memory: Uint8Array, value: InputValue): void {
  const [, at, text] = /^\s*0x([0-9a-f]+)\s*=(.*)$/i.exec(String(value)) ?? [];
  const bytes = parseBytes(text ?? "");
  const address = Number.parseInt(at ?? "", 16);
  if (bytes === undefined || !(address + bytes.length <= memory.length))
    throw new UserError(
      `Input for ${name}, which has ${memory.length} bytes, must be ${MEMORY_TAKES}, not "${String(value)}".`,
    );
  memory.set(bytes, address);
}

/** Puts back what a memory chip kept without power. @throws UserError when the chip is smaller */
export function loadBytes(name: string, memory: Uint8Array, image: Uint8Array): void {
  if (image.length > memory.length)
    throw new UserError(`${name}: ${image.length} bytes do not fit into ${memory.length}.`);
  memory.set(image);
}

/** What is not zero, 16 bytes a line. */
export function memoryText(memory: Uint8Array): string {
  const lines: string[] = [];
  for (let at = 0; at < memory.length; at += 16) {
    const line = memory.subarray(at, at + 16);
    if (line.some(byte => byte !== 0))
      lines.push(`0x${at.toString(16).padStart(4, "0")}: ${bytesText(line)}`);
  }
  return lines.join("\n") || "all bytes are 0";
}
