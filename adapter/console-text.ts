// The board's UART as text: one UTF-8 decoder per writer, so that a character cut between two chunks survives.
import type { Origin } from "../emulator/index.js";

export interface Chunk {
  origin: Origin;
  text: string;
}

const keyOf = (origin: Origin): string =>
  origin.from === "process" ? `process ${origin.process}` : origin.from;

export class ConsoleText {
  readonly #decoders = new Map<string, InstanceType<typeof TextDecoder>>();
  #chunks: (Chunk & { key: string })[] = [];

  push(bytes: Uint8Array, origin: Origin): void {
    const key = keyOf(origin);
    let decoder = this.#decoders.get(key);
    if (decoder === undefined) this.#decoders.set(key, (decoder = new TextDecoder()));
    const text = decoder.decode(bytes, { stream: true });
    const last = this.#chunks.at(-1);
    if (last?.key === key) last.text += text;
    else if (text !== "") this.#chunks.push({ key, origin, text });
  }

  /** The text since the last call, neighbours of one writer joined. */
  take(): Chunk[] {
    const chunks = this.#chunks.filter(({ text }) => text !== "");
    this.#chunks = [];
    return chunks.map(({ origin, text }) => ({ origin, text }));
  }
}
