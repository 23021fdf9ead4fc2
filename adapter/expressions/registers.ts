// Names of registers in expressions: of Arm (AAPCS32 6.1.1), and of RISC-V by number and by the ABI (RISC-V ELF psABI, 1.1).
import type { Isa } from "../../emulator/index.js";
import { type Abi, ARM_ABI, RISCV_ABI } from "../symbols/abi.js";

export interface RegisterNames {
  byName: ReadonlyMap<string, number>;
  /** What there is, as the end of a sentence. */
  text: string;
  abi: Abi;
}

/** Arm's core registers by number; sp, lr and pc have both names. */
export const ARM_NAMES: RegisterNames = {
  byName: new Map<string, number>([
    ...Array.from({ length: 16 }, (_, i): [string, number] => [`r${i}`, i]),
    ["fp", 11],
    ["ip", 12],
    ["sp", 13],
    ["lr", 14],
    ["pc", 15],
    ["xpsr", 16],
  ]),
  text: "$r0 to $r15, $sp, $lr and $pc",
  abi: ARM_ABI,
};

/** Those that an ISA has: Arm's under their other names, too, and x0 to x31. */
export function registerNames(isa: Isa): RegisterNames {
  if (!isa.name.startsWith("rv32")) return ARM_NAMES;
  return {
    byName: new Map<string, number>([
      ...isa.registers.map(({ name }, i): [string, number] => [name, i]),
      ...Array.from({ length: 32 }, (_, i): [string, number] => [`x${i}`, i]),
      ["fp", 8],
    ]),
    text: "$x0 to $x31, their names such as $sp and $a0, and $pc",
    abi: RISCV_ABI,
  };
}
