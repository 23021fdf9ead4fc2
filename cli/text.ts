// Text laid out for a terminal.

/** Two columns, the first as wide as its longest entry, indented by two; rows without a second are left out. */
export function columns(rows: readonly (readonly (string | undefined)[])[]): string {
  const shown = rows.filter(row => row[1] !== undefined);
  const width = Math.max(0, ...shown.map(row => row[0]?.length ?? 0));
  return shown
    .map(([left = "", right = ""]) => `  ${left.padEnd(width)}  ${right}`.trimEnd())
    .join("\n");
}

/** A sentence for the user, on stderr. */
export const complain = (sentence: string): void => console.error(`tock-debug: ${sentence}`);
