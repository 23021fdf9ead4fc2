// A lost static base: position-independent code finds the app's variables through a register that start-up sets once (libtock/crt0.c).
import { hex8 } from "../../emulator/index.js";
import { quoted } from "./culprit.js";
import { codeAround, type Facts } from "./facts.js";
import type { Explanation } from "./model.js";
import { originsOf } from "./origin.js";

type Lost = Pick<Explanation, "culprit" | "fix" | "details"> & {
  /** Why the address is none, as the end of a sentence. */
  text: string;
};

/** `undefined`: the access does not go through the register, or that still points into the data of the process. */
export function lostStaticBase(facts: Facts): Lost | undefined {
  const { scene, transfer, name } = facts;
  const { architecture, process, registers, symbols } = scene;
  const { staticBase: base, isa } = architecture;
  if (base === undefined || process.memory === null) return undefined;
  const value = registers[base];
  // The linker makes this symbol where code goes through the table, so the register is no one's variable.
  if (value === undefined || symbols?.symbolNamed("_GLOBAL_OFFSET_TABLE_") === undefined)
    return undefined;
  if (value >= process.memory.start && value < process.memory.appBreak) return undefined;
  const used = [transfer?.base, transfer?.index?.register];
  if (!used.some(each => each !== undefined && isStaticBase(facts, each))) return undefined;
  const register = isa.registers[base]?.name ?? "";
  return {
    text: `${register}, through which the app finds its variables, is ${hex8(value)}, which is not in the RAM of ${name}`,
    details: [`Start-up sets ${register} once, and all code of the app must leave it alone.`],
    culprit: { expression: register, value: hex8(value) },
    fix: {
      text: `Look for what changes ${register}: assembler, or code that is compiled without ${quoted(`-msingle-pic-base -mpic-register=${register}`)}.`,
      variable: null,
    },
  };
}

/** The register itself, or a copy: loads of ARMv6-M take low registers only. */
function isStaticBase({ scene, pc }: Facts, register: number): boolean {
  const { architecture, memory, registers } = scene;
  const { abi, staticBase } = architecture;
  if (register === staticBase) return true;
  const code = pc === undefined ? undefined : codeAround(scene, pc);
  if (pc === undefined || code === undefined) return false;
  return originsOf({ code, abi, memory, registers, pc }, register).some(
    ({ made }) => made.by === "entry" && made.register === staticBase,
  );
}
