// Finds the end of a crash dump in a stream of console text: the kernel prints a dump in one go, so silence ends it.

const START = /panicked at |---\| .+ \|---/;
/** So much is kept of text in which no dump has begun: its start may be cut between two pieces. */
const KEPT = 4096;
/** A dump is never as long; what else goes on for ever is not kept. */
const MOST = 1_000_000;
// biome-ignore lint/suspicious/noControlCharactersInRegex: what a terminal is told begins with ESC
const escapes = /\u001b(?:\[[\d;?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\))/g;

export const withoutEscapes = (text: string): string => text.replace(escapes, "");

export class DumpWatch {
  #text = "";

  /** @returns a dump has begun and may go on: `take` it after a while of silence */
  push(piece: string): boolean {
    this.#text = (this.#text + piece).slice(-MOST);
    if (START.test(this.#text)) return true;
    this.#text = this.#text.slice(-KEPT);
    return false;
  }

  /** The text with the dump, without what commands a terminal; the next dump is another. */
  take(): string {
    const text = withoutEscapes(this.#text);
    this.#text = "";
    return text;
  }
}
