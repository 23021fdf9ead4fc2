// Bytes of values: read from where they lie, and numbers in them. Little-endian.
import type { MemoryReader, RegisterValues, ValueLocation } from "./symbols/model.js";

/** Where locations are looked up: the memory and the registers of one frame. */
export interface ByteSource {
  memory: MemoryReader;
  registers: RegisterValues;
}

/** Bytes, or the reason why there are none. */
export type Fetched = { bytes: Uint8Array } | { why: string; optimizedOut: boolean };

/** The part of `location` that begins `offset` bytes into it. */
export function locationWithin(
  location: ValueLocation,
  offset: number,
  size: number,
  source: ByteSource,
): ValueLocation {
  if (offset === 0 && location.kind === "register") return location;
  switch (location.kind) {
    case "memory":
      return { kind: "memory", address: (location.address + offset) >>> 0 };
    case "bytes":
      return { kind: "bytes", bytes: location.bytes.subarray(offset, offset + size) };
    case "optimizedOut":
      return location;
    case "bits":
    case "register": {
      const fetched = fetch(location, offset + size, source);
      if ("why" in fetched) return { kind: "optimizedOut", why: fetched.why };
      return { kind: "bytes", bytes: fetched.bytes.slice(offset) };
    }
    case "pieces": {
      const pieces = piecesWithin(location.pieces, offset, size, source);
      const only = pieces[0];
      return pieces.length === 1 && only ? only.location : { kind: "pieces", pieces };
    }
  }
}

type Pieces = Extract<ValueLocation, { kind: "pieces" }>["pieces"];

function piecesWithin(pieces: Pieces, offset: number, size: number, source: ByteSource): Pieces {
  const chosen: { location: ValueLocation; size: number }[] = [];
  let start = 0;
  for (const piece of pieces) {
    const low = Math.max(offset, start);
    const high = Math.min(offset + size, start + piece.size);
    if (low < high) {
      const location = locationWithin(piece.location, low - start, high - low, source);
      chosen.push({ location, size: high - low });
    }
    start += piece.size;
  }
  return chosen;
}

/** Says that nothing can be read at `address`. */
export const absent = (memory: MemoryReader, address: number): string =>
  `${memory.absent ?? "no memory at"} 0x${address.toString(16)}`;

/** `size` bytes of what lies at `location`. */
export function fetch(location: ValueLocation, size: number, source: ByteSource): Fetched {
  switch (location.kind) {
    case "memory": {
      const bytes = source.memory.read(location.address, size);
      if (bytes && bytes.length === size) return { bytes };
      return { why: absent(source.memory, location.address), optimizedOut: false };
    }
    case "bytes":
      if (location.bytes.length >= size) return { bytes: location.bytes.subarray(0, size) };
      return { why: "only a part of it is known", optimizedOut: true };
    case "optimizedOut":
      return { why: location.why, optimizedOut: true };
    case "register":
      return fromRegisters(location.register, size, source);
    case "pieces":
      return fromPieces(location.pieces, size, source);
    case "bits":
      return fromBits(location, size, source);
  }
}

export type Bits = Extract<ValueLocation, { kind: "bits" }>;

/** A bit-field, widened to `size`. */
function fromBits(location: Bits, size: number, source: ByteSource): Fetched {
  const { container, first, count, signed } = location;
  const fetched = fetch(container, location.size, source);
  if ("why" in fetched) return fetched;
  const bits = toInteger(fetched.bytes, false) >> BigInt(first);
  const value = signed ? BigInt.asIntN(count, bits) : BigInt.asUintN(count, bits);
  return { bytes: fromInteger(value, size) };
}

/** The bytes around a bit-field when it is `value`, whose upper bits are cut off. */
export function withBits(location: Bits, value: bigint, source: ByteSource): Fetched {
  const { container, size, first, count } = location;
  const fetched = fetch(container, size, source);
  if ("why" in fetched) return fetched;
  const mask = ((1n << BigInt(count)) - 1n) << BigInt(first);
  const kept = toInteger(fetched.bytes, false) & ~mask;
  return { bytes: fromInteger(kept | ((value << BigInt(first)) & mask), size) };
}

/** What is larger than a register goes on in the next one. */
function fromRegisters(register: number, size: number, source: ByteSource): Fetched {
  const bytes = new Uint8Array(size);
  for (let i = 0; i < size; i++) {
    const value = source.registers[register + (i >> 2)];
    if (value === undefined) {
      const name = `r${register + (i >> 2)}`;
      return { why: `it was in ${name}, whose value in this frame is lost`, optimizedOut: true };
    }
    bytes[i] = (value >>> (8 * (i & 3))) & 0xff;
  }
  return { bytes };
}

function fromPieces(pieces: Pieces, size: number, source: ByteSource): Fetched {
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    if (at >= size) break;
    const length = Math.min(piece.size, size - at);
    const part = fetch(piece.location, length, source);
    if ("why" in part) return part;
    bytes.set(part.bytes, at);
    at += length;
  }
  if (at < size) return { why: "only a part of it is known", optimizedOut: true };
  return { bytes };
}

/** An integer of any size. */
export function toInteger(bytes: Uint8Array, signed: boolean): bigint {
  const bits = bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return signed ? BigInt.asIntN(8 * bytes.length, bits) : bits;
}

export function fromInteger(value: bigint, size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn));
}

/** IEEE 754 of 4 or 8 bytes; `undefined` for other sizes. */
export function toFloat(bytes: Uint8Array): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length === 4) return view.getFloat32(0, true);
  return bytes.length === 8 ? view.getFloat64(0, true) : undefined;
}

export function fromFloat(value: number, size: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(size === 4 ? 4 : 8));
  if (size === 4) view.setFloat32(0, value, true);
  else view.setFloat64(0, value, true);
  return new Uint8Array(view.buffer);
}
