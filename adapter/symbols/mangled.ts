// Reads a mangled symbol letter by letter; what it cannot mean ends in `Malformed`, and deep or endless ones, too.

/** Thrown and caught by a demangler only. */
export class Malformed extends Error {
  /** What `read` gives, or `undefined` where it finds no symbol. */
  static guard<T>(read: () => T | undefined): T | undefined {
    try {
      return read();
    } catch (problem) {
      if (problem instanceof Malformed) return undefined;
      throw problem;
    }
  }
}

const DEEPEST = 100;
/** Steps: references back make some symbols much longer than they look. */
const LONGEST = 20_000;

export class Mangled {
  readonly #text: string;
  position = 0;
  #depth = 0;
  #steps = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get rest(): string {
    return this.#text.slice(this.position);
  }

  get atEnd(): boolean {
    return this.position >= this.#text.length;
  }

  next(): string {
    return this.take(1);
  }

  take(length: number): string {
    const text = this.#text.slice(this.position, this.position + length);
    if (text.length !== length) throw new Malformed();
    this.position += length;
    return text;
  }

  skip(length: number): this {
    this.take(length);
    return this;
  }

  accept(text: string): boolean {
    if (!this.#text.startsWith(text, this.position)) return false;
    this.position += text.length;
    return true;
  }

  /** What `pattern` matches here; it starts with `^`. */
  match(pattern: RegExp): string {
    const [found] = pattern.exec(this.rest) ?? [];
    if (found === undefined) throw new Malformed();
    this.position += found.length;
    return found;
  }

  number(): number {
    return Number(this.match(/^\d{1,9}/));
  }

  base36(): number {
    return Number.parseInt(this.match(/^[0-9A-Z]{1,6}/), 36);
  }

  /** Until an `E`. */
  list<T>(read: () => T): T[] {
    const list: T[] = [];
    while (!this.accept("E")) list.push(read());
    return list;
  }

  nested<T>(read: () => T): T {
    if (++this.#depth > DEEPEST || ++this.#steps > LONGEST) throw new Malformed();
    const found = read();
    this.#depth--;
    return found;
  }
}
