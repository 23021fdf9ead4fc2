// Grants of a process (kernel/src/process_standard.rs `print_full_process`): a count, then three columns.
import type { PartReader, ProcessDraft } from "./draft.js";

const grantPattern =
  /\bGrant\s{1,3}(\d{1,3})\s(?:: --|(0x[0-9a-fA-F]{1,8}): (0x[0-9a-fA-F]{1,16}))/g;

export const readGrants: PartReader<ProcessDraft> = (line, process) => {
  const { text } = line;
  const count = /Total number of grant regions defined: (\d{1,4})/.exec(text);
  if (count) {
    process.grantCount = Number(count[1]);
    return [];
  }
  if (text.includes("Total number of grant")) return [];
  const cells = [...text.matchAll(grantPattern)];
  if (cells.length === 0) return /\bGrant\s{1,3}\d/.test(text) ? [] : undefined;
  return cells.flatMap(match => {
    if (match[3] === undefined) return [];
    const value = line.tail("address", `grant ${match[1]}`, match);
    process.grants.set(Number(match[1]), { driver: Number(match[2]), address: value.value });
    return [value];
  });
};
