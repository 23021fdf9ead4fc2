// The board's UART for a client that shows it as a terminal: what was said before it opened, then each piece. Nobody is told
// anything before somebody asks.

/** Characters that are kept for a terminal that is opened late. */
const KEPT = 65_536;

export class ConsoleFeed {
  readonly #send: (text: string) => void;
  #said = "";
  #open = false;

  constructor(send: (text: string) => void) {
    this.#send = send;
  }

  push(text: string): void {
    this.#said = `${this.#said}${text}`.slice(-KEPT);
    if (this.#open) this.#send(text);
  }

  /** What was said so far; whatever follows is sent. */
  open(): string {
    this.#open = true;
    return this.#said;
  }

  close(): undefined {
    this.#open = false;
  }
}
