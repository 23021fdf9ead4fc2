// Text for hovers. Names come from binaries and serial lines: whatever they hold, they are shown and not interpreted.
// CommonMark 0.31, 2.4: any ASCII punctuation may be escaped by a backslash.
import { type MarkupContent, MarkupKind } from "vscode-languageserver";

/** What is shown of a text that has no end. */
const LIMIT = 300;

/** `text` as it is, in one line of Markdown. */
export function escaped(text: string): string {
  const short = text.length > LIMIT ? `${text.slice(0, LIMIT)}…` : text;
  return (
    short
      .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ")
      // This also ends what GitHub's dialect takes for an address: `www.`, `http:`, `a@b`.
      .replace(/[!-/:-@[-`{-~]/g, "\\$&")
  );
}

/** `text` as code; a code span takes no escapes, so quotes in it become others. */
export const code = (text: string): string =>
  `\`${
    text
      .slice(0, LIMIT)
      .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ")
      .replaceAll("`", "'") || " "
  }\``;

export const markdown = (paragraphs: readonly string[]): MarkupContent => ({
  kind: MarkupKind.Markdown,
  value: paragraphs.filter(text => text !== "").join("\n\n"),
});
