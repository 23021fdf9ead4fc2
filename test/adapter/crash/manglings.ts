// What happens to dumps on their way from a board: prefixes, encodings, lost and added line ends, noise.
export const manglings: Readonly<Record<string, (dump: string) => string>> = {
  "with LF only": dump => dump.replaceAll("\r\n", "\n"),
  "with CR only": dump => dump.replaceAll("\r\n", "\r"),
  "with a CR too many on every line": dump => dump.replaceAll("\r\n", "\r\r\n"),
  "with LF CR": dump => dump.replaceAll("\r\n", "\n\r"),
  "with the time in front of every line": dump => prefixed(dump, i => `[12:00:${sec(i)}.123] `),
  "with dates and levels in front of every line": dump =>
    prefixed(dump, i => `2026-11-26T00:01:${sec(i)}.123456Z  INFO tock: `),
  "with seconds of growing width in front of every line": dump =>
    prefixed(dump, i => `[${String(i * 7.25).padStart(12)}] ttyACM0 | `),
  "with times of any width in front of every line": dump =>
    prefixed(dump, i => `${i * 0.1}: board (2) `),
  "quoted in a mail": dump => prefixed(dump, () => "> "),
  "indented by a tab": dump => prefixed(dump, () => "\t"),
  "in the colours of a logger": dump =>
    dump
      .split("\r\n")
      .map(line => `\x1b[0m\x1b[38;5;${line.length}m${line}\x1b[0m\x1b[K`)
      .join("\r\n"),
  "with a window title and NUL bytes in it": dump =>
    `\x1b]0;tock\x07${dump.replaceAll(" : ", "\0 : ").replaceAll("Count", "Co\0unt")}`,
  "without spaces at line ends": dump => dump.replace(/[ \t]+(?=\r\n)/g, ""),
  "between other lines": dump =>
    `Initialization complete.\r\ntock$ list\r\n${dump}Initialization complete.\r\ntock$ `,
  "with tabs for spaces": dump => dump.replace(/ {2,}/g, "\t"),
  "without spaces at line starts": dump => dump.replace(/(?<=\n)[ \t]+/g, ""),
  "with one space for many": dump => dump.replace(/ {2,}/g, " "),
  "with spaces that do not break": dump => dump.replaceAll(" ", "\u00a0"),
  "with every other space not breaking": dump => dump.replaceAll("  ", "\u00a0 "),
  "in the source of a web page": dump =>
    `<p>Look:</p><pre><code>${dump.replaceAll(">", "&gt;").replaceAll("'", "&#39;")}</code></pre>`,
  "in a list of Markdown, between fences": dump =>
    `1. run\n\n   \`\`\`text\n${prefixed(dump, () => "   ")}\n   \`\`\`\n`,
  "quoted twice": dump => prefixed(dump, () => "> > "),
  "in the added lines of a patch": dump => prefixed(dump, () => "+"),
  "with question marks for what is not ASCII": dump => dump.replace(/[^\0-\x7f]+/g, "?"),
  "without what is not ASCII": dump => dump.replace(/[^\0-\x7f]+/g, ""),
  "in another encoding": dump => Buffer.from(dump).toString("latin1"),
  "on one line": dump => dump.replace(/\s+/g, " "),
  "on one line, with all its spaces": dump => dump.replace(/[\r\n]+/g, " "),
  "on one line, and nothing between what were lines": dump => dump.replace(/[\r\n]+/g, ""),
  "as a string of JSON": dump => JSON.stringify({ time: 1, log: dump }),
  "on one line in the middle of a text": dump =>
    `What happened: ${dump.replace(/\s+/g, " ")} and then nothing.\nWhat now?`,
  "cut at 80 columns": dump => cut(dump, 80),
  "with the time, cut at 80 columns": dump =>
    cut(
      prefixed(dump, () => "[12:00:01.123] "),
      80,
    ),
  "cut at 60 columns": dump => cut(dump, 60),
  "broken between words": dump => dump.replace(/^(?=.{73})(.{40,71}) (?=\S)/gm, "$1\n"),
  "with line ends that an editor shows": dump => dump.replaceAll("\r\n", "\u240d\r\n"),
  "with line ends as cat -A shows them": dump => dump.replaceAll("\r\n", "^M$\n"),
  "with text behind every line": dump => dump.replaceAll("\r\n", " [board-1]\r\n"),
  "with a time behind every line": dump => {
    let line = 0;
    return dump.replace(/\r\n/g, () => ` | 07:00:${sec(line++)}\r\n`);
  },
  "with a number behind every line": dump => dump.replaceAll("\r\n", " 0x12345678 end\r\n"),
  "with 200 bytes of garbage behind every line": dump => {
    let line = 0;
    return dump.replace(/\r\n/g, () => ` ${garbage(line++)}\r\n`);
  },
  "with blanks behind every line": dump => dump.replaceAll("\r\n", `${" ".repeat(50)}\r\n`),
  "with blank lines between all": dump => dump.replaceAll("\r\n", "\r\n\r\n"),
  "between lines of another app": dump =>
    dump.replaceAll("\r\n", "\r\n[sensor] temperature 21.5\r\n"),
  "as docker compose colours it": dump => prefixed(dump, () => "\x1b[36mboard-1  | \x1b[0m"),
  "in a log of GitHub's actions": dump =>
    prefixed(dump, i => `2026-11-26T07:00:${sec(i)}.${String(i * 7919).padStart(7, "0")}Z `),
  "with entities for what is not ASCII": dump =>
    dump.replace(/[^\0-\x7f]/gu, letter => `&#${letter.codePointAt(0)};`),
  "with entities for spaces": dump => dump.replaceAll(" ", "&nbsp;"),
  "with numbers of entities for spaces": dump => dump.replaceAll(" ", "&#160;"),
  "as JSON of Python": dump =>
    JSON.stringify(dump).replace(
      /[^\0-\x7f]/g,
      unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
    ),
  "as bytes of Python": dump =>
    Buffer.from(dump)
      .toString("latin1")
      .split("\r\n")
      .map(line => `b'${line.replace(/[\x80-\xff]/g, byteOfPython)}\\r\\n'`)
      .join("\n"),
  "with dots for what is not ASCII": dump =>
    Buffer.from(dump)
      .toString("latin1")
      .replace(/[\x80-\xff]/g, "."),
  "with blank lines doubled": dump => dump.replaceAll("\r\n\r\n", "\r\n\r\n\r\n"),
};

const byteOfPython = (byte: string): string => `\\x${byte.charCodeAt(0).toString(16)}`;

/** Any printable characters. */
const garbage = (line: number): string =>
  Array.from({ length: 200 }, (_, i) =>
    String.fromCharCode(33 + ((line * 7919 + i * i * 31 + i * 17) % 94)),
  ).join("");

const sec = (i: number): string => String(i % 60).padStart(2, "0");
const prefixed = (dump: string, prefix: (line: number) => string): string =>
  dump
    .split("\r\n")
    .map((line, i) => prefix(i) + line)
    .join("\r\n");

const cut = (dump: string, columns: number): string =>
  dump
    .split("\r\n")
    .map(line => line.match(new RegExp(`.{1,${columns}}`, "gu"))?.join("\n") ?? "")
    .join("\n");
