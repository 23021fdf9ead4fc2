// Bytes of guest memory for a client: the readable part of a range, and base64 as DAP wants it.
import * as errors from "./errors.js";
import type { MemoryReader } from "./symbols/model.js";

/** More than this in one request is given in part. */
const MAXIMUM_BYTES = 1 << 20;
/** Readable memory begins and ends at multiples of this. */
const GRAIN = 16;

/** The bytes from `address` up to the first that cannot be read. */
export function readRange(memory: MemoryReader, address: number, count: number): Uint8Array {
  const wanted = Math.min(count, MAXIMUM_BYTES);
  if (address < 0 || wanted === 0) return new Uint8Array();
  const whole = memory.read(address, wanted);
  if (whole !== undefined) return whole;
  const parts: Uint8Array[] = [];
  for (let done = 0; done < wanted; ) {
    const length = Math.min(GRAIN - ((address + done) % GRAIN), wanted - done);
    const part = memory.read(address + done, length);
    if (part === undefined) break;
    parts.push(part);
    done += length;
  }
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

export function encodeBase64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 4096) {
    text += String.fromCharCode(...bytes.subarray(at, at + 4096));
  }
  return btoa(text);
}

/** `undefined` if `text` is no base64. */
export function decodeBase64(text: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
  } catch {
    return undefined;
  }
}

/** An address as DAP writes it: `0x20008000`, or decimal. */
export function readAddress(reference: string): number {
  const address = /^(0x[0-9a-f]+|\d+)$/i.test(reference) ? Number(reference) : Number.NaN;
  if (!(address <= 0xffffffff)) throw errors.noMemory(reference);
  return address;
}
