// Tables of zero-terminated strings: .strtab, .debug_str. System V ABI, chapter 4.
const decoder = new TextDecoder();

/** Decoded as one: its strings are then parts of it. */
export class StringTable {
  readonly bytes: Uint8Array;
  /** Every character is a byte. */
  readonly isPlain: boolean;
  /** The whole table if it is plain. */
  readonly #text: string | undefined;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    const text = decoder.decode(bytes);
    // Characters of several bytes make it shorter, and those that cannot be decoded become this one.
    this.isPlain = text.length === bytes.length && !text.includes("\ufffd");
    this.#text = this.isPlain ? text : undefined;
  }

  /** In UTF-8; `undefined` if no 0 follows `offset`. */
  at(offset: number): string | undefined {
    const text = this.#text;
    if (text === undefined) return this.#decoded(offset);
    const end = text.indexOf("\0", offset);
    return end < 0 ? undefined : text.slice(offset, end);
  }

  /** Where `text` stands as a whole string or as the end of one, which linkers let strings share; of a plain table. */
  offsetsOf(text: string): number[] {
    const offsets: number[] = [];
    const whole = `${text}\0`;
    for (
      let at = this.#text?.indexOf(whole) ?? -1;
      at >= 0;
      at = this.#text?.indexOf(whole, at + 1) ?? -1
    )
      offsets.push(at);
    return offsets;
  }

  #decoded(offset: number): string | undefined {
    const end = this.bytes.indexOf(0, offset);
    return end < 0 ? undefined : decoder.decode(this.bytes.subarray(offset, end));
  }
}
