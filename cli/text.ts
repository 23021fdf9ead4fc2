// Text laid out for a terminal.

/** Two columns, the first as wide as its longest entry, indented by two; rows without a second are left out. */
export function columns(rows: readonly (readonly (string | undefined)[])[]): string {
  const shown = rows.filter(row => row[1] !== undefined);
  const width = Math.max(0, ...shown.map(row => row[0]?.length ?? 0));
  return shown
    .map(([left = "", right = ""]) => `  ${left.padEnd(width)}  ${right}`.trimEnd())
    .join("\n");
}

/** What a terminal would act on instead of showing it: control characters, and those that turn the direction of text. */
const acting = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** Text of a file or a device as a terminal may show it. Ends of lines and tabs are kept. */
export const printable = (text: string): string =>
  text.replace(acting, character => (/[\n\t]/.test(character) ? character : "\ufffd"));

/** A sentence for the user, on stderr: one line, whatever names are in it. */
export const complain = (sentence: string): void =>
  console.error(`tock-debug: ${printable(sentence).replace(/\s*\n\s*/g, " ")}`);

/** Words in lines of at most `width` columns; a word that is longer stands alone. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
