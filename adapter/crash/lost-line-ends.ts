// Lines of a dump as they were printed, where line ends are lost, as on a web page or in a chat, or were added, as by a
// terminal of 80 columns. A line begins in front of what only ever opens one (kernel/src/debug.rs, process_standard.rs, arch/*/src/{mpu,pmp,syscall,lib}.rs).
import { cfsrFlags, hfsrFlags } from "../../emulator/index.js";

/** So long, or so strange, that they open a line wherever they stand. */
const openings = [
  "---\\|",
  "panicked at ",
  "Kernel panic(?: at |:)",
  "Kernel version ",
  ...[...cfsrFlags, ...hfsrFlags].map(([, label]) => label),
  "No (?:Cortex-M )?[Ff]aults detected",
  "Faulting Memory Address:",
  "Bus Fault Address:",
  "(?:Hard )?Fault Status Register \\(",
  "(?:Last c|C)ause \\(mcause\\):",
  "(?:Last v|V)alue \\(mtval\\):",
  "System register dump:",
  "Events Queued:",
  "Restart Count:",
  "Last Syscall:",
  "Completion Code:",
  "[╔╚]",
  "║(?=\\s{0,9}Address)",
  "│(?!\\s{0,9}Region Name)",
  "0x(?:[0-9A-Fa-f]{16}|[0-9A-Fa-f]{8})\\s[┼┬┴]",
  "\\?{10}\\s[┼┬┴]",
  "[AEI]PSR:",
  "ThumbBit ",
  "Total number of grant",
  "Cortex-M MPU",
  "Sub-region \\d: ",
  "PMPUserMPUConfig \\{",
  "PMP regions:",
  "app_memory_region:",
  "To debug(?:,| libtock)",
];

/** These open one behind a space only, or behind a line end as JSON writes it. */
const shorter = [
  "(?:mepc|mcycle|mtvec|mie):\\s{1,9}0x",
  "(?:uie|sie|spp|usoft|ssoft|msoft|utimer|stimer|mtimer|uext|sext|mext):",
  "\\.{5}(?=[\\s\\\\]|$)",
  "R0 ?:\\s{0,9}0x",
  "GE [01] [01]",
  "(?:mcause|mtval):\\s{1,9}0x",
  "Grant\\s{1,3}0 ",
  "Region \\d{1,2}: ",
  "id: \\d{1,9},",
  "is_dirty:",
  "e?PMP configuration:",
  "mseccfg:",
  "Shadow PMP",
  "#\\d\\d: ",
  "\\[\\d{1,2}\\]:\\s{1,3}(?:pmpaddr|addr|start)=",
];
/** A title alone tells nothing: the name of an app may look like one. */
const title = "𝐀\\0*𝐩\\0*𝐩\\0*: |(?<=^|[\\s>]|\\\\[nrt])App: ";
const pattern = new RegExp(
  `${openings.join("|")}|(?<=^|[\\s>]|\\\\[nrt])(?:${shorter.join("|")})|(${title})`,
  "g",
);

/** No line that is whole has two; and few are as long as a part of a dump, so looking costs nothing. */
const FEWEST = 2;
const SHORTEST = 100;

/**
 * Offsets in `(start, end)` at which lines of a dump began that stand on one line of `log` now; empty for a line as it
 * was printed. Takes time linear in its length.
 */
export function lostLineStarts(log: string, start: number, end: number): readonly number[] {
  if (end - start < SHORTEST) return [];
  const line = log.slice(start, end);
  const starts: number[] = [];
  let count = 0;
  for (const match of line.matchAll(pattern)) {
    if (match[1] === undefined) count++;
    if (match.index > 0) starts.push(start + match.index);
  }
  return count < FEWEST ? [] : starts;
}

/** Lines that are long, and how they end. */
const long: readonly (readonly [start: RegExp, whole: RegExp])[] = [
  [/Events Queued: /, /Dropped \w{6,8} Count: \d|Last Syscall: \w/],
  [/Last Syscall: /, /Last Syscall: (?:None|Some\(\w+\)|YIELD|[\w(]+ \{.*\}|\w+$)/],
  [/\(mcause\): /, /\(interrupt=.*\)/],
  [/\bRegion \d{1,2}: (?!Unused)/, /\(0x[0-9a-f]\)/],
  [/Sub-region \d: /, /(?:En|Dis)abled/],
  [/#\d\d: start=/, /\([-lrwx]+\)\s*$/],
  [/\[\d{1,2}\]:\s{1,3}(?:pmpaddr|addr|start)=/, /\([-lrwx]+\)\s*$/],
];

/** Fewer columns break the lines of the memory map, too. A mailer breaks between words. */
export const FEWEST_COLUMNS = 40;

/** Whether `line` of a dump, of `FEWEST_COLUMNS` at least, was cut by a terminal or a mailer, and goes on in `next`. */
export function isContinued(line: string, next: string): boolean {
  if (next.length > line.length) return false;
  const [, whole] = long.find(([start]) => start.test(line)) ?? [];
  return whole !== undefined && !whole.test(line) && whole.test(line + next);
}
