// Faults of the instruction itself: undefined, unaligned, floating-point, traps of the compiler, system calls that Tock has not.
import { hex8, SyscallClass } from "../../emulator/index.js";
import { halfwords, instructionText } from "./code.js";
import { type Culprit, culpritOf, quoted } from "./culprit.js";
import { common } from "./data.js";
import type { Facts } from "./facts.js";
import type { Explanation } from "./model.js";
import { bytesText } from "./regions.js";

const at = (pc: number | undefined): string => (pc === undefined ? "" : ` at ${hex8(pc)}`);

export function undefinedInstruction(facts: Facts): Explanation {
  const { scene, text, name, pc } = facts;
  const { architecture } = scene;
  const compiler = architecture.trapOf(text ?? "");
  if (compiler !== undefined) return trap(facts, compiler);
  if (pc !== undefined && architecture.isFloatingPoint(pc, halfwords(scene.memory)))
    return floatingPoint(facts);
  if (architecture.isPrivileged(text ?? "")) return privileged(facts);
  if (text?.startsWith("udf") === true) return intended(facts);
  const inCode = pc !== undefined && scene.symbols?.functionAt(pc) !== undefined;
  const what = text === undefined || text.startsWith("<") ? "" : ` ${quoted(text)}`;
  const data = pc !== undefined && scene.symbols?.isData(pc) === true;
  return {
    ...common(facts),
    kind: "undefined-instruction",
    verdict: `${name} ran into an instruction${what}${at(pc)} that this processor does not have.`,
    details: [
      ...(data
        ? ["Data lies there, not code: a jump went wrong, or a function has no return."]
        : []),
      ...(inCode && !data
        ? ["The app may be built for another processor, or its code was overwritten."]
        : []),
    ],
    fix: {
      text: "Build the app for the processor of this board: a TAB holds a binary for each of `TOCK_TARGETS`.",
      variable: "TOCK_TARGETS",
    },
  };
}

function privileged(facts: Facts): Explanation {
  return {
    ...common(facts),
    kind: "undefined-instruction",
    verdict: `${facts.name} executed ${quoted(facts.text ?? "")}${at(facts.pc)}, which only the kernel may.`,
    details: ["Apps run in user mode, where registers of the machine are out of reach."],
    fix: { text: "Ask the kernel by a system call instead.", variable: null },
  };
}

/** An instruction that is undefined for good, so somebody meant it. */
const intended = (facts: Facts): Explanation => ({
  ...common(facts),
  kind: "undefined-instruction",
  verdict: `${facts.name} executed ${quoted(facts.text ?? "udf")}${at(facts.pc)}, which is undefined on every processor.`,
  details: ["Code has it on purpose, to stop where it must not go on; or data was executed."],
  fix: null,
});

/** BKPT without a debugger becomes a HardFault with DEBUGEVT (ARMv7-M ARM C1.6.1), which ARMv6-M does not tell. */
export function breakpoint(facts: Facts): Explanation | undefined {
  const { name, pc, text } = facts;
  const [, number] = /^bkpt\S* (?:#)?(\S+)/.exec(text ?? "") ?? [];
  if (number === undefined) return undefined;
  const isSemihosting = Number(number) === 0xab;
  return {
    ...common(facts),
    kind: "abort",
    verdict: isSemihosting
      ? `${name} called its debugger${at(pc)} by semihosting (${quoted(text ?? "")}), and a board without one faults there.`
      : `${name} ran into a breakpoint of its own code${at(pc)} (${quoted(text ?? "")}), and a board without a debugger faults there.`,
    details: [],
    fix: isSemihosting
      ? {
          text: "Link the app without semihosting (`rdimon.specs`): what it prints goes through the console of libtock.",
          variable: null,
        }
      : {
          text: `Take ${quoted("bkpt")} out, or build without what puts it there.`,
          variable: null,
        },
  };
}

function trap(facts: Facts, compiler: "gcc" | "LLVM"): Explanation {
  const { name, pc, text } = facts;
  const gcc = compiler === "gcc";
  return {
    ...common(facts),
    kind: gcc ? "division-trap" : "abort",
    verdict: gcc
      ? `${name} reached a trap of the compiler${at(pc)}: a division by a constant zero, or ${quoted("__builtin_trap()")}.`
      : `${name} reached a trap of the compiler${at(pc)}: code that aborts, or that must never be reached.`,
    details: [
      `${compiler} puts ${quoted(text ?? "")} where the program has no meaning: it knew that this line cannot work.`,
    ],
    fix: gcc
      ? {
          text: "Look on this line for a division by zero, an access through a null pointer, or `__builtin_trap`.",
          variable: null,
        }
      : null,
  };
}

export function floatingPoint(facts: Facts): Explanation {
  const option = facts.scene.architecture.softFloat;
  return {
    ...common(facts),
    kind: "floating-point",
    verdict: `${facts.name} executed a floating-point instruction${at(facts.pc)}, but Tock gives apps no floating-point unit.`,
    details: [],
    fix: {
      text: `Compile with ${quoted(option)}, and link libraries that are built so.`,
      variable: option.replace(/=.*/, ""),
    },
  };
}

export function unaligned(facts: Facts): Explanation {
  const { name, access, text, transfer } = facts;
  const mnemonic = text?.split(/[. ]/)[0] ?? "the instruction";
  const culprit = culpritOf(facts);
  const needed = transfer === undefined ? 4 : Math.min(4, transfer.size);
  const where = access === null ? "an address" : hex8(access.address);
  const named = culprit === undefined ? "" : ` (${quoted(culprit.target ?? culprit.expression)})`;
  return {
    ...common(facts),
    kind: "unaligned",
    verdict: `${name} tried to access ${where}${named}, which is not a multiple of ${needed}, as ${quoted(mnemonic)} needs.`,
    details: culprit?.trail ?? [],
    culprit:
      culprit === undefined
        ? null
        : {
            expression: culprit.expression,
            value: culprit.value === undefined ? "unknown" : hex8(culprit.value),
          },
    fix: alignmentFix(facts, culprit, needed),
  };
}

/** What is aligned itself is not helped by an attribute: the place in it is wrong. */
function alignmentFix(
  { scene, access }: Facts,
  culprit: Culprit | undefined,
  needed: number,
): Explanation["fix"] {
  const copy = `copy with ${quoted("memcpy")} instead of casting the pointer`;
  const attribute = quoted(`__attribute__((aligned(${needed})))`);
  const variable = culprit?.named.variable?.name ?? culprit?.expression ?? null;
  const object = access === null ? undefined : scene.symbols?.symbolAt(access.address);
  if (access === null || object === undefined) {
    const pointer = culprit === undefined ? "the pointer" : quoted(culprit.expression);
    const text = `Align the buffer behind ${pointer} to ${needed} bytes (${attribute}), or ${copy}.`;
    return { text, variable };
  }
  const { name, offset } = object;
  if (offset % needed === 0)
    return {
      text: `Align ${quoted(name)} to ${needed} bytes (${attribute}), or ${copy}.`,
      variable,
    };
  const place = `the access is ${bytesText(offset)} into ${quoted(name)}, which is no multiple of ${needed}`;
  return {
    text: `${copy.charAt(0).toUpperCase()}${copy.slice(1)}: ${place}, so that aligning ${quoted(name)} does not help.`,
    variable,
  };
}

const CLASSES = new Set<number>(Object.values(SyscallClass));

/** mcause of an ecall from user mode; libtock passes the class in a4, x14 (TRD 104, section 3.1). */
export const ECALL = 8;
const A4 = 14;

/** Number of the system call that the process has just made: its pc stands behind the instruction. */
export function syscallBefore({ scene, pc }: Facts): number | undefined {
  const { cause, registers } = scene;
  if (cause.isa === "riscv") return cause.mcause === ECALL ? registers[A4] : undefined;
  if (pc === undefined) return undefined;
  const [, number] = /^svc\S* (\d+)$/.exec(instructionText(scene, pc - 2) ?? "") ?? [];
  return number === undefined ? undefined : Number(number);
}

/** The kernel faults a process that makes a system call of a class that Tock does not have (TRD 104, section 4). */
export function unknownSyscall(facts: Facts): Explanation | undefined {
  const number = syscallBefore(facts);
  if (number === undefined || CLASSES.has(number)) return undefined;
  const { pc, scene } = facts;
  const riscv = scene.cause.isa === "riscv";
  const [text, size] = riscv ? ["ecall", 4] : [`svc ${number}`, 2];
  return {
    ...common(facts),
    instruction: pc === undefined ? null : { address: pc - size, text },
    kind: "unknown-syscall",
    verdict: `${facts.name} made a system call of class ${number} (${quoted(text)}), and Tock has none: they go from 0 to ${Math.max(...CLASSES)}.`,
    details: [
      "The kernel faults a process for that: the app was built for another version of Tock, or its code was overwritten.",
    ],
    fix: { text: "Build the app with a libtock for Tock 2.", variable: null },
  };
}

/** Nothing can be stacked there, or read back, so the kernel cannot switch to the process. */
export function badStackPointer(facts: Facts): Explanation | undefined {
  const { scene, sp, name } = facts;
  const { memory } = scene.process;
  const { exceptionFrame: needed, abi } = scene.architecture;
  if (memory === null || sp === undefined) return undefined;
  if (sp - needed >= memory.start && sp <= memory.appBreak) return undefined;
  const isUse = facts.transfer?.base === abi.sp;
  const side =
    sp < memory.start
      ? `below its RAM, which begins at ${hex8(memory.start)}`
      : `above its app break, ${hex8(memory.appBreak)}`;
  return {
    ...common(facts),
    instruction: null,
    kind: "bad-stack-pointer",
    verdict: isUse
      ? `${name} used a bad stack pointer: ${hex8(sp)} lies ${side}.`
      : `${name} came to a switch with a bad stack pointer: ${hex8(sp)} lies ${side}.`,
    details: isUse
      ? []
      : [
          `At a system call or interrupt the kernel needs ${needed} bytes on the stack of the process.`,
        ],
    culprit: { expression: "sp", value: hex8(sp) },
    fix: {
      text: "Look for code that sets sp: assembler, a setjmp buffer, or a start-up that does not fit to Tock.",
      variable: null,
    },
  };
}
