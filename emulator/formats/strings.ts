// Tables of zero-terminated strings: .strtab, .debug_str. System V ABI, chapter 4.
const decoder = new TextDecoder();

/** Decoded as one when the first string is asked for: its strings are then parts of it. */
export class StringTable {
  readonly bytes: Uint8Array;
  /** The whole table, if a character is a byte throughout. */
  #text: string | undefined;
  #isDecoded = false;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** In UTF-8; `undefined` if no 0 follows `offset`. */
  at(offset: number): string | undefined {
    if (!this.#isDecoded) this.#decode();
    const text = this.#text;
    if (text !== undefined) {
      const end = text.indexOf("\0", offset);
      return end < 0 || offset < 0 ? undefined : text.slice(offset, end);
    }
    const end = this.bytes.indexOf(0, offset);
    return end < 0 || offset < 0 ? undefined : decoder.decode(this.bytes.subarray(offset, end));
  }

  #decode(): void {
    this.#isDecoded = true;
    const text = decoder.decode(this.bytes);
    // Characters of several bytes make it shorter, and those that cannot be decoded become this one.
    if (text.length === this.bytes.length && !text.includes("\ufffd")) this.#text = text;
  }
}
