// The banner of a panic (kernel/src/debug.rs `panic_banner`) as today's compilers print it and as older ones did:
//   panicked at FILE:LINE:COLUMN:        then the message on lines of its own
//   panicked at 'MESSAGE', FILE:LINE:COLUMN
//   Kernel panic at FILE:LINE:           then the message in quotes (releases 1.x)
import { type Line, withoutPrefix } from "./dump-text.js";

const starts = ["panicked at ", "Kernel panic at ", "Kernel panic:"];

/** Where a line begins to speak of a panic; -1 if it does not. */
export function panicStart(text: string): number {
  for (const start of starts) {
    const at = text.indexOf(start);
    if (at >= 0) return at;
  }
  return -1;
}

const VERSION = "Kernel version ";

/** `2.3.0-dev1` of a banner's last line. */
export function kernelVersion(text: string): string | undefined {
  const at = text.indexOf(VERSION);
  if (at < 0) return undefined;
  const rest = text.slice(at + VERSION.length).trimEnd();
  return /^[\w.+/~-]+/.exec(rest)?.[0] ?? rest;
}

/** What a logger, or a viewer that shows line ends, puts behind a banner's last line, so behind the others. */
function suffixOf(last: Line | undefined): string {
  const { text } = last ?? { text: "" };
  const version = kernelVersion(text);
  if (!version) return "";
  return text.slice(text.indexOf(VERSION) + VERSION.length + version.length).trimEnd();
}

const withoutSuffix = (text: string, suffix: string): string =>
  suffix !== "" && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text;

/**
 * Whether a quoted message goes on behind the lines of a banner. A HardFault of the kernel had a version in its message
 * (releases 1.x and 2.0).
 */
export function isQuoteOpen([first, ...rest]: readonly Line[]): boolean {
  if (first === undefined) return false;
  const opens = /^panicked at '|^\s*"/;
  const head = [first.text.slice(panicStart(first.text)), rest[0]?.text ?? ""];
  const begins = head.some(text => opens.test(text) && text.includes("Kernel HardFault"));
  return begins && !rest.some(({ text }) => /^(?:', \S|\s*"\s*$)/.test(text));
}

/** The lines of a banner up to its `version`, in the dump `log`. */
export function readPanic(
  lines: readonly Line[],
  version: Line | undefined,
  log: string,
): { location: string; message: string } {
  const [first, ...rest] = lines as [Line, ...Line[]];
  const at = panicStart(first.text);
  const prefix = first.text.slice(0, at);
  const start = starts.find(text => first.text.startsWith(text, at)) ?? "";
  const suffix = suffixOf(version);
  const head = withoutSuffix(first.text.slice(at + start.length).trimEnd(), suffix).trimEnd();
  const texts = rest.map(line => withoutSuffix(withoutPrefix(line.text, prefix), suffix));
  if (start === starts[0] && head.startsWith("'")) return olderRust([head, ...texts].join("\n"));
  const [, place, said] = onOneLine.exec(head) ?? [];
  if (place !== undefined && said !== undefined)
    return { location: place, message: ofFault(unquoted([said, ...texts])) };
  if (start === starts[0]) {
    const raw = log.slice(first.end, rest.at(-1)?.contentEnd ?? first.end);
    const isClean =
      prefix === "" && suffix === "" && raw.split(/\r?\n/).join("\n") === texts.join("\n");
    const message = isClean ? raw : texts.join("\n");
    return { location: withoutColon(head), message: ofFault(withoutSpaces(message)) };
  }
  return { location: withoutColon(head), message: unquoted(texts) };
}

/** The message of a fault among what others printed around it. */
function ofFault(message: string): string {
  if (/^Process .* had a fault$/s.test(message)) return message;
  return /^\s{0,32}(Process .{1,512} had a fault)(?=\s)/m.exec(`${message}\n`)?.[1] ?? message;
}

function withoutSpaces(message: string): string {
  let end = message.length;
  while (message[end - 1] === " " || message[end - 1] === "\t") end--;
  return message.slice(0, end);
}

/** A place and a message on one line, where the end of the line was lost. */
const onOneLine = /^(.{1,512}?\.rs:\d+(?::\d+)?):(?!\d)\s{0,9}(\S.*)$/s;

const unquoted = (lines: readonly string[]): string =>
  lines
    .join("\n")
    .replace(/^(?:\s|\\[rnt])+/, "")
    .trimEnd()
    .replace(/^"|"$/g, "");

const withoutColon = (text: string): string => (text.endsWith(":") ? text.slice(0, -1) : text);

function olderRust(text: string): { location: string; message: string } {
  const at = text.lastIndexOf("', ");
  return at < 0
    ? { location: "", message: text.slice(1) }
    : { location: text.slice(at + 3).split("\n", 1)[0] ?? "", message: text.slice(1, at) };
}

/** Whether a panic's location is a file of Tock, so that it is the kernel that panicked and not an app that says so. */
export const isKernelLocation = (location: string): boolean =>
  /^(?:\S*\/)?(?:arch|boards|capsules|chips|kernel|libraries)\/\S*\.rs:\d+/.test(
    location.slice(0, LONGEST_PATH),
  );

const LONGEST_PATH = 512;
