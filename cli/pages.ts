// Pages of a terminal: titles, sections, colour where it is shown, and a key between pages for a reader who is there.
import { stdin, stdout } from "node:process";

const coloured = Boolean(process.env["FORCE_COLOR"]) || (stdout.isTTY && !process.env["NO_COLOR"]);
const style = (code: number) => (text: string) => (coloured ? `\x1b[${code}m${text}\x1b[0m` : text);

/** Colours by meaning. */
export const paint = {
  bold: style(1),
  dim: style(2),
  value: style(36),
  heading: style(33),
  /** Columns that a painted text takes. */
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape sequences above
  width: (text: string): number => text.replace(/\x1b\[\d+m/g, "").length,
};

export class Pages {
  readonly #reader = stdin.isTTY === true && stdout.isTTY === true;

  title(text: string, rest: string): void {
    stdout.write(`\n${paint.bold(text)}${rest === "" ? "" : `  ${paint.dim(rest)}`}\n`);
  }

  section(text: string, rest = ""): void {
    stdout.write(`\n${paint.heading(text)}${rest === "" ? "" : `  ${paint.dim(rest)}`}\n`);
  }

  lines(lines: readonly string[]): void {
    for (const line of lines) stdout.write(line === "" ? "\n" : `  ${line}\n`);
  }

  /** Waits for a key where a person reads; false when they have had enough (q, Ctrl-C). */
  async next(): Promise<boolean> {
    if (!this.#reader) return true;
    stdout.write(`\n${paint.dim("any key: on   q: quit ")}`);
    stdin.setRawMode(true);
    const key = await new Promise<string>(resolve => {
      stdin.once("data", data => resolve(data.toString()));
      // A stream that was paused does not flow again by itself.
      stdin.resume();
    });
    stdin.setRawMode(false);
    stdin.pause();
    stdout.write("\r\x1b[K");
    return key !== "q" && key !== "\x03";
  }

  close(): void {
    if (this.#reader) stdin.pause();
  }
}
