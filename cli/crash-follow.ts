// A console log that comes in while it is read: passed through, and each dump explained as soon as it is whole.
import { stdin, stdout } from "node:process";
import { type ParsedDump, parseDumps } from "../adapter/crash/parse.js";

export interface FollowOptions {
  /** Only what `explain` gives is printed. */
  json: boolean;
  explain(text: string, dump: ParsedDump): Promise<string>;
}

/** The kernel prints a dump in one go: after so many milliseconds without a byte it is whole. */
const SILENCE = 700;
/** So much of a log that is no dump is kept at most, since a dump may begin in its last line. */
const KEPT = 4096;

/** Reads stdin to its end. */
export async function follow({ json, explain }: FollowOptions): Promise<void> {
  const decoder = new TextDecoder();
  const log = new OpenLog();
  const screen = new Screen();
  const say = async (dumps: readonly (readonly [string, ParsedDump])[]) => {
    for (const [text, dump] of dumps) {
      const explained = await explain(text, dump);
      stdout.write(json ? explained : `\n${explained}\n`);
    }
  };
  const chunks = (stdin as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  for (let next = chunks.next(); ; ) {
    const read = await Promise.race([next, ...(log.isOpen ? [silence()] : [])]);
    if (read === "silence") {
      await say(log.take(true));
      continue;
    }
    if (read.done) break;
    const text = decoder.decode(read.value, { stream: true });
    if (!json) stdout.write(screen.shown(text));
    log.add(text);
    await say(log.take(false));
    next = chunks.next();
  }
  await say(log.take(true));
}

const silence = (): Promise<"silence"> =>
  new Promise(resolve => setTimeout(() => resolve("silence"), SILENCE).unref());

/** What has come in and was not explained yet. */
export class OpenLog {
  #text = "";
  #isOpen = false;
  /** Up to here what there was of an open dump has been explained; it may go on. */
  #told = 0;

  /** A dump has begun, or goes on. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  add(text: string): void {
    this.#text += text;
  }

  /**
   * The dumps that are whole, each with the text that it lies in; with `all` also one that has only begun. That one is
   * given again, as a whole, should it go on after a pause.
   */
  take(all: boolean): (readonly [text: string, dump: ParsedDump])[] {
    const text = this.#text;
    const { dumps } = parseDumps(text);
    const told = this.#told;
    const found = dumps.filter(({ end, closed }) => (all || closed) && end > told);
    const cut = dumps.findLast(({ closed }) => closed)?.end ?? 0;
    const open = dumps.find(({ closed }) => !closed);
    if (all && open !== undefined) this.#told = open.end;
    this.#isOpen = open !== undefined && open.end > this.#told;
    this.#told = Math.max(0, this.#told - cut);
    const rest = text.slice(cut);
    this.#text =
      open !== undefined || rest.length <= KEPT
        ? rest
        : rest.slice(rest.lastIndexOf("\n", rest.length - KEPT) + 1);
    return found.map(dump => [text, dump] as const);
  }
}

/** Colours pass, as a serial terminal shows them; what else an app sends to command a terminal does not. */
export class Screen {
  /** An escape sequence whose end has not come in. */
  #begun = "";

  shown(text: string): string {
    const all = this.#begun + text;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what is looked for
    this.#begun = /\x1b(?:\[[\d;]{0,20})?$/.exec(all)?.[0] ?? "";
    return (
      all
        .slice(0, all.length - this.#begun.length)
        // biome-ignore lint/suspicious/noControlCharactersInRegex: what is looked for
        .replace(/\x1b\[[\d;]{0,20}m|[\x00-\x07\x0b\x0c\x0e-\x1f\x7f-\x9f]/g, found =>
          found.length > 1 ? found : "",
        )
    );
  }
}
