// Registers of a process: arch/cortex-m/src/syscall.rs and arch/riscv/src/syscall.rs `print_context`.
import type { PartReader, ProcessDraft } from "./draft.js";
import type { Line } from "./dump-text.js";
import type { DumpValue } from "./model.js";

const registerPattern =
  /\b(R\d{1,2}|SP|LR|PC|YPC|mcause|mtval)\s{0,3}:\s{0,3}(0x(?:[0-9A-Fa-f]{16}|[0-9A-Fa-f]{8}))(?![0-9A-Za-z])/g;

/** A register that was cut off. */
const cutPattern = /^ {0,3}(?:R\d{1,2}|SP|LR|PC|YPC|mcause|mtval) {0,3}:/;

export const readRegisters: PartReader<ProcessDraft> = (line, process) => {
  const { text } = line;
  const values = [...text.matchAll(registerPattern)].map(match => {
    const value = line.tail("register", match[1] ?? "", match);
    process.registers.set(value.name, value.value);
    return value;
  });
  if (values.length > 0) return values;
  if (cutPattern.test(text)) return [];
  return readProgramStatus(line, process);
};

/** The bits of xPSR that a line shows, from the digits that follow its label. */
function readProgramStatus(line: Line, process: ProcessDraft): DumpValue[] | undefined {
  const { text } = line;
  const flags = /APSR: N ([01]) Z ([01]) C ([01]) V ([01]) Q ([01])/.exec(text);
  if (flags) return program(process, line, flags, bitsFrom(flags.slice(1), 31));
  const greater = /\bGE ([01]) ([01]) ([01]) ([01])(?![0-9])/.exec(text);
  if (greater) return program(process, line, greater, bitsFrom(greater.slice(1), 19));
  const ici = /EPSR: ICI\.IT (0x[0-9A-Fa-f]{2})/.exec(text);
  if (ici) {
    const value = Number(ici[1]);
    return program(process, line, ici, ((value >>> 6) << 25) | ((value & 0x3f) << 10));
  }
  const thumb = /ThumbBit (true|false)/.exec(text);
  if (thumb) return program(process, line, thumb, thumb[1] === "true" ? 1 << 24 : 0);
  return /APSR:|EPSR:|IPSR:|ThumbBit/.test(text) ? [] : undefined;
}

const bitsFrom = (digits: readonly string[], highest: number): number =>
  digits.reduce((bits, digit, i) => bits | (digit === "1" ? 1 << (highest - i) : 0), 0);

function program(
  { psr }: ProcessDraft,
  line: Line,
  match: RegExpExecArray,
  bits: number,
): DumpValue[] {
  psr.bits = (psr.bits | bits) >>> 0;
  psr.lines.add(match[0].slice(0, 2));
  const value = line.value("register", "xPSR", psr.bits, [match.index, match[0].length]);
  psr.values.push(value);
  // All lines show one register: each gets what is known in the end.
  for (const earlier of psr.values) earlier.value = psr.bits;
  return [value];
}

/** Lines of xPSR that a whole dump has. */
export const PSR_LINES = 4;
