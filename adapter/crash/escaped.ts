// A log as something else wrote it down: characters as entities of HTML, as escapes of JSON (and of C# or Java), or as the
// bytes of UTF-8 in the source of Python (`\xe2\x95\x94`) or of a log of systemd (octal). They stand where they stood:
// what they are longer by becomes NUL bytes, which are no part of a line.

/** Spaces that web pages and word processors make of some, and what those become when they are written down. */
const spaces =
  /[\u00a0\u2000-\u200a\u202f]|&(?:nbsp|#160|#[xX][aA]0);|\\u00[aA]0|<U\+00A0>|\\xc2\\xa0|\\302\\240/g;

/** Plain spaces for all others, each followed by NUL bytes for what it was longer by. */
export const withPlainSpaces = (text: string): string =>
  text.replace(spaces, space => " ".padEnd(space.length, "\0"));

interface Escape {
  /** Only a text that was written so as a whole has this: an app's name may look like one. */
  evidence: RegExp;
  pattern: RegExp;
  plain(match: string): string;
}

const decoder = new TextDecoder();
const bytesOf = (text: string, pattern: RegExp, base: number): string =>
  decoder.decode(
    Uint8Array.from([...text.matchAll(pattern)].map(([, digits = "0"]) => parseInt(digits, base))),
  );

const codePoint = (value: number): string =>
  value > 0x7f && value <= 0x10ffff ? String.fromCodePoint(value) : "";

const unitOf = (value: number): string => (value > 0x7f ? String.fromCharCode(value) : "");

const escapes: readonly Escape[] = [
  {
    evidence: /&#(?:9474|9532|x2502|x253c);/i,
    pattern: /&#(?:\d{3,7}|[xX][0-9a-fA-F]{2,6});/g,
    plain: text => codePoint(Number(text.slice(2, -1).replace(/^[xX]/, "0x"))),
  },
  {
    evidence: /\\u25(?:02|3c)/i,
    // Two halves of one letter stay together.
    pattern: /\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}/g,
    plain: text =>
      text
        .split("\\u")
        .slice(1)
        .map(digits => unitOf(parseInt(digits, 16)))
        .join(""),
  },
  {
    evidence: /<U\+25(?:02|3C)>/i,
    pattern: /<U\+[0-9a-fA-F]{4,6}>/g,
    plain: text => codePoint(parseInt(text.slice(3, -1), 16)),
  },
  {
    evidence: /\\xe2\\x94\\x(?:82|bc)/i,
    pattern: /(?:\\x[89a-fA-F][0-9a-fA-F])+/g,
    plain: text => bytesOf(text, /\\x(..)/g, 16),
  },
  {
    evidence: /\\342\\224\\(?:202|274)/,
    pattern: /(?:\\[23][0-7]{2})+/g,
    plain: text => bytesOf(text, /\\(...)/g, 8),
  },
];

/** The text with plain characters for escaped ones, each at its place. Takes time linear in its length. */
export function withPlainCharacters(text: string): string {
  let plain = withPlainSpaces(text);
  for (const { evidence, pattern, plain: plainOf } of escapes)
    if (evidence.test(plain))
      plain = plain.replace(pattern, match => {
        const found = plainOf(match);
        return found === "" ? match : found.padEnd(match.length, "\0");
      });
  return plain;
}
