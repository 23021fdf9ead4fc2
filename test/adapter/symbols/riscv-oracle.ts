// An app for RISC-V stopped again and again on its way to a crash, and what gdb says of each stop, from a core file (Linux's
// elf_prstatus of RISC-V: pc, then x1 to x31).
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { DwarfSymbols } from "../../../adapter/symbols/table.js";
import { DwarfUnwinder } from "../../../adapter/symbols/unwind.js";
import { EM_RISCV } from "../../../emulator/formats/elf.js";
import { crashing, RISCV_CRASHES, type RiscvProcess } from "../crash/riscv-process.js";
import { askGdb, elfCore, type PlainFrame, plainFrame, type Stop } from "./gdb-oracle.js";

/** Bytes of elf_prstatus, and where the registers begin. */
const STATUS = 204;
const REGISTERS = 72;
const MOST_STOPS = 40;

/** A stop every so many instructions, and one at the trap. */
export function stopsOfRiscv(which: number, every: number): Stop[] {
  const { process, elf } = crashing(which);
  const symbols = new DwarfSymbols(elf);
  const unwinder = new DwarfUnwinder(symbols);
  const folder = mkdtempSync(join(tmpdir(), "tock-gdb-riscv-"));
  try {
    const ours: PlainFrame[][] = [];
    const cores: string[] = [];
    for (let trapped = false; !trapped && cores.length < MOST_STOPS; ) {
      trapped = process.advance(every) !== undefined;
      const frames = unwinder.frames(process.registers, process.memory, 40);
      ours.push(frames.map(frame => plainFrame(frame, symbols, process.memory)));
      const core = join(folder, `core${cores.length}`);
      writeFileSync(core, coreOf(process));
      cores.push(core);
    }
    const misplaced = { low: 0, high: 0, by: 0 };
    const file = `file ${resolve(RISCV_CRASHES)}`;
    const gdbs = askGdb(folder, { symbols: file, misplaced }, cores);
    return ours.map((frames, i) => ({ ours: frames, gdbs: gdbs[i] ?? [] }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function coreOf(process: RiscvProcess): Uint8Array {
  const note = new DataView(new ArrayBuffer(20 + STATUS));
  for (const [i, word] of [5, STATUS, 1].entries()) note.setUint32(4 * i, word, true);
  new Uint8Array(note.buffer).set(new TextEncoder().encode("CORE"), 12);
  note.setUint32(20 + 24, 1, true);
  const pc = process.registers[32] ?? 0;
  for (const [i, value] of [pc, ...process.registers.slice(1, 32)].entries())
    note.setUint32(20 + REGISTERS + 4 * i, value, true);
  const bytes = new Uint8Array(note.buffer);
  return elfCore(
    [
      { type: 4, address: 0, bytes },
      { type: 1, ...process.ram },
    ],
    EM_RISCV,
  );
}
