// ByteReader: a little-endian, bounds-checked cursor over bytes. LEB128 as in DWARF 5 section 7.6.
import { hex } from "../base/bits.js";
import { UserError } from "../base/errors.js";

const decoder = new TextDecoder();

/** Reads from `offset` onward and moves it. Reading past the end throws a `UserError` that names the place. */
export class ByteReader {
  readonly bytes: Uint8Array;
  /** What is read, for messages: a file name, or a file name and a section. */
  readonly name: string;
  /** Next byte to read. */
  offset: number;
  readonly #view: DataView;

  constructor(bytes: Uint8Array, name: string, offset = 0) {
    this.bytes = bytes;
    this.name = name;
    this.offset = offset;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get length(): number {
    return this.bytes.length;
  }

  get remaining(): number {
    return this.bytes.length - this.offset;
  }

  u8(): number {
    return this.#view.getUint8(this.#advance(1));
  }

  i8(): number {
    return this.#view.getInt8(this.#advance(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#advance(2), true);
  }

  i16(): number {
    return this.#view.getInt16(this.#advance(2), true);
  }

  /** Three bytes (DW_FORM_strx3, DW_FORM_addrx3). */
  u24(): number {
    const at = this.#advance(3);
    return this.#view.getUint16(at, true) | (this.#view.getUint8(at + 2) << 16);
  }

  u32(): number {
    return this.#view.getUint32(this.#advance(4), true);
  }

  i32(): number {
    return this.#view.getInt32(this.#advance(4), true);
  }

  u64(): bigint {
    return this.#view.getBigUint64(this.#advance(8), true);
  }

  i64(): bigint {
    return this.#view.getBigInt64(this.#advance(8), true);
  }

  /** Unsigned LEB128; exact up to 2^53, the nearest double above (see `ulebBig`). */
  uleb(): number {
    // Most are one byte.
    const first = this.bytes[this.offset];
    if (first < 0x80) {
      this.offset++;
      return first;
    }
    let result = 0;
    let scale = 1;
    for (;;) {
      const byte = this.u8();
      result += (byte & 0x7f) * scale;
      if (byte < 0x80) return result;
      scale *= 128;
      if (scale > 2 ** 140) throw this.error("a LEB128 number below 20 bytes");
    }
  }

  /** Signed LEB128; exact within ±2^53. */
  sleb(): number {
    let result = 0;
    let scale = 1;
    for (;;) {
      const byte = this.u8();
      result += (byte & 0x7f) * scale;
      scale *= 128;
      if (byte < 0x80) return byte & 0x40 ? result - scale : result;
      if (scale > 2 ** 140) throw this.error("a LEB128 number below 20 bytes");
    }
  }

  /** Unsigned LEB128 of any size up to 64 bits, exact. */
  ulebBig(): bigint {
    return BigInt.asUintN(64, this.#lebBig().value);
  }

  /** Signed LEB128 of any size up to 64 bits, exact. */
  slebBig(): bigint {
    const { value, bits } = this.#lebBig();
    return BigInt.asIntN(64, BigInt.asIntN(bits, value));
  }

  #lebBig(): { value: bigint; bits: number } {
    let value = 0n;
    for (let bits = 0; bits < 140; bits += 7) {
      const byte = this.u8();
      value |= BigInt(byte & 0x7f) << BigInt(bits);
      if (byte < 0x80) return { value, bits: bits + 7 };
    }
    throw this.error("a LEB128 number below 20 bytes");
  }

  /** The next `length` bytes as a view, not a copy. */
  slice(length: number): Uint8Array {
    const at = this.#advance(length);
    return this.bytes.subarray(at, at + length);
  }

  /** A zero-terminated string in UTF-8. */
  cString(): string {
    const end = this.bytes.indexOf(0, this.offset);
    if (end < 0 || this.offset > this.bytes.length) throw this.error("a string that ends with 0");
    const text = decoder.decode(this.bytes.subarray(this.offset, end));
    this.offset = end + 1;
    return text;
  }

  skip(length: number): void {
    this.#advance(length);
  }

  seek(offset: number): this {
    if (!(offset >= 0 && offset <= this.bytes.length)) {
      throw new UserError(
        `${this.name}: something points to offset ${hex(offset)}, but there are only ${hex(this.bytes.length)} bytes; the file is damaged or cut off`,
      );
    }
    this.offset = offset;
    return this;
  }

  /** An error at the present offset: `expected` completes "expected …". */
  error(expected: string): UserError {
    return new UserError(`${this.name}, offset ${hex(this.offset)}: expected ${expected}`);
  }

  #advance(length: number): number {
    const at = this.offset;
    if (!(length >= 0) || at + length > this.bytes.length) {
      throw new UserError(
        `${this.name}, offset ${hex(at)}: expected ${length} more bytes, found ${Math.max(0, this.bytes.length - at)}; the file is damaged or cut off`,
      );
    }
    this.offset = at + length;
    return at;
  }
}
