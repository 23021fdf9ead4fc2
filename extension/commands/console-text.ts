// Between a terminal of VS Code and a UART: what tockloader's miniterm does on a serial line, and a tty on output.

/** What the board sends, for a terminal: an end of line that is `\n` alone begins the next line, too. */
export class Lines {
  #last = "";

  shown(text: string): string {
    const before = this.#last;
    if (text !== "") this.#last = text.at(-1) as string;
    return text.replace(/\n/g, (_, at: number) =>
      (at === 0 ? before : text[at - 1]) === "\r" ? "\n" : "\r\n",
    );
  }
}

/** What a terminal sends for keys, for the board: Enter ends a line as apps and Tock's process console read it. */
export const keysFor = (data: string): string => data.replace(/\r\n?/g, "\n");
