// What a debugger knows of the ISA: registers with their DWARF numbers, and the disassembler.
import type { Isa } from "../cpu.js";
import { Decoder } from "./decode.js";
import { disassemble } from "./disassemble.js";

const GENERAL = Array.from({ length: 13 }, (_, n) => `r${n}`);

/** r0 to r12, sp, lr, pc have DWARF numbers 0 to 15; special registers have none. */
export const REGISTERS = [
  ...[...GENERAL, "sp", "lr", "pc"].map((name, dwarf) => ({ name, dwarf })),
  ...["xpsr", "msp", "psp", "control"].map(name => ({ name, dwarf: -1 })),
];

export const armv7mIsa = (decoder: Decoder): Isa => ({
  name: "armv7m",
  registers: REGISTERS,
  disassemble: (address, read16) => disassemble(decoder, address, read16),
});

/** The ISA without a processor, for code that is only looked at. 7: with the DSP extension, as on a Cortex-M4. */
export const thumbIsa = (architecture: 6 | 7): Isa =>
  armv7mIsa(new Decoder(architecture, architecture === 7));
