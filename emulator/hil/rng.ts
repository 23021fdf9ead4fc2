// Random numbers as capsules see them (kernel/src/hil/rng.rs), one 32-bit word at a time.

/** Whether the client wants another word. */
export type Continue = "More" | "Done";

export interface RngClient {
  /** `next` gives a word, or `undefined` when all words there are have been taken. */
  randomnessAvailable(next: () => number | undefined): Continue;
}

export interface Rng {
  setRngClient(client: RngClient): void;
  /** Asks for words; the client is called until it is done, never from within `get`. */
  get(): void;
}
