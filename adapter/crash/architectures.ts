// The processors that the engine knows, by the disassembler of a session or the machine that an ELF is for.
import { type Elf, EM_ARM, EM_RISCV, type Isa } from "../../emulator/index.js";
import type { Architecture } from "./architecture.js";
import { RISCV } from "./riscv.js";
import { CORTEX_M } from "./thumb.js";

export const architectureOf = (isa: Isa): Architecture =>
  isa.name === RISCV.isa.name ? RISCV : CORTEX_M;

/** `undefined` for a processor that nothing is known of. */
export const architectureOfElf = ({ machine }: Elf): Architecture | undefined =>
  machine === EM_RISCV ? RISCV : machine === EM_ARM ? CORTEX_M : undefined;
