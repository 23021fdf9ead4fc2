// Why a process faulted: one engine for the debugger, the panel and the terminal, from a scene of a live board or of a dump.
// Fault status: ARMv7-M ARM B3.2.15; RISC-V privileged ISA, table of mcause. Kernel: arch/cortex-m/src/syscall.rs, kernel/src/kernel.rs.

import type { Frame } from "../symbols/model.js";
import { quoted } from "./culprit.js";
import { common, dataFault } from "./data.js";
import { decodeRegister } from "./decode.js";
import { ending, kernelPanic, requestedFault, unknownFault } from "./endings.js";
import { type Facts, factsOf } from "./facts.js";
import { fewInstructions } from "./few-instructions.js";
import type { CfsrFlag } from "./flags.js";
import {
  badStackPointer,
  breakpoint,
  ECALL,
  floatingPoint,
  syscallBefore,
  unaligned,
  undefinedInstruction,
  unknownSyscall,
} from "./instruction-faults.js";
import { evenBranch, executeFault, misalignedJump } from "./jumps.js";
import type { Explanation, Scene } from "./model.js";
import { overflowOf, stackOverflow } from "./stack.js";

/** Why the process of the scene faulted, panicked or ended. Never throws: what is not known says so. */
export function explain(scene: Scene): Explanation {
  const facts = factsOf(scene);
  const explanation = judge(facts);
  const library = libraryText(facts, explanation);
  const flags = flagsText(facts, explanation.instruction?.text);
  const details = [...explanation.details, library, exceptionText(facts), flags].filter(
    each => each !== "",
  );
  const fix = library === "" ? explanation.fix : fixInLibrary(facts, explanation);
  return { ...explanation, details, fix };
}

/** A name of the library's own says nothing of what to change. */
function fixInLibrary(facts: Facts, { fix, culprit, kind }: Explanation): Explanation["fix"] {
  if (fix === null) return null;
  const { frames } = facts.scene;
  if (frames.slice(0, frames.indexOf(facts.own as Frame)).some(isAllocator))
    return { text: HEAP_FIX, variable: null };
  const { variable, text } = fix;
  if (variable === (culprit?.expression ?? null))
    return isGlobal(facts, variable) ? fix : { text: callerFix(facts), variable: null };
  return kind === "past-app-break" ? { text: `${callerFix(facts)} ${text}`, variable } : fix;
}

const isGlobal = ({ scene, pc }: Facts, name: string | null): boolean =>
  name !== null && scene.symbols?.globalNamed(name, pc) !== undefined;

/** newlib's, picolibc's and C++'s functions that walk the lists of the heap. */
const isAllocator = ({ name }: Frame): boolean =>
  /^_?_?(?:malloc|free|realloc|calloc|memalign|malloc_trim|malloc_unlock)(?:_r)?$|^operator (?:new|delete)\b/.test(
    name,
  );

function judge(facts: Facts): Explanation {
  const { scene } = facts;
  const { panic } = scene;
  if (scene.requested) return requestedFault(facts);
  if (panic !== null && !isOfProcess(panic.message)) return kernelPanic(facts, panic);
  if (scene.cause.isa === "riscv") return ofTrap(facts, scene.cause.mcause);
  return ofStatus(facts) ?? withoutStatus(facts);
}

/** Whether the kernel panics over the fault of a process; a terminal may have cut the message anywhere. */
const isOfProcess = (message: string): boolean => message.replace(/\s/g, "").includes("hadafault");

/** By the flags of CFSR, the most telling first. */
function ofStatus(facts: Facts): Explanation | undefined {
  const { has } = facts;
  const overflow = overflowOf(facts);
  const memory: readonly CfsrFlag[] = ["DACCVIOL", "PRECISERR", "IMPRECISERR"];
  const stacking: readonly CfsrFlag[] = ["MSTKERR", "STKERR", "MUNSTKERR", "UNSTKERR"];
  if (overflow !== undefined && [...memory, ...stacking].some(has))
    return stackOverflow(facts, overflow);
  if (has("IACCVIOL") || has("IBUSERR")) return executeFault(facts);
  const isData = has("DACCVIOL") || has("PRECISERR");
  if (stacking.some(has) || (isData && facts.transfer?.base === facts.scene.architecture.abi.sp)) {
    const bad = badStackPointer(facts);
    if (bad !== undefined) return bad;
  }
  if (isData) return dataFault(facts);
  if (stacking.some(has)) return stacked(facts);
  if (has("UNDEFINSTR")) return undefinedInstruction(facts);
  if (has("INVSTATE")) return evenBranch(facts);
  if (has("NOCP")) return floatingPoint(facts);
  if (has("UNALIGNED")) return unaligned(facts);
  if (has("IMPRECISERR")) return lateBusError(facts);
  if (has("INVPC")) return executeFault(facts);
  return undefined;
}

/** No status: the kernel faulted the process, or it ended itself, or the core is an ARMv6-M, which keeps none. */
function withoutStatus(facts: Facts): Explanation {
  const overflow = overflowOf({ ...facts, access: facts.access });
  const told = breakpoint(facts) ?? ending(facts) ?? unknownSyscall(facts);
  if (told !== undefined) return told;
  const noRoom = overflowOf({ ...facts, access: null }) ?? overflow;
  if (noRoom !== undefined) return stackOverflow(facts, noRoom);
  const found = badStackPointer(facts) ?? fewInstructions(facts);
  if (found !== undefined) return found;
  return syscallBefore(facts) === undefined ? unknownFault(facts) : requestedFault(facts);
}

/** mcause of RISC-V (privileged ISA 1.12, table 3.6). */
function ofTrap(facts: Facts, mcause: number): Explanation {
  switch (mcause) {
    case 0:
      return misalignedJump(facts);
    case 1:
    case 12:
      return executeFault(facts);
    case 2:
    case 3:
      return undefinedInstruction(facts);
    case 4:
    case 6:
      return unaligned(facts);
    case 5:
    case 7:
    case 13:
    case 15: {
      const overflow = overflowOf(facts);
      if (overflow !== undefined) return stackOverflow(facts, overflow);
      const usesStack = facts.transfer?.base === facts.scene.architecture.abi.sp;
      return (usesStack ? badStackPointer(facts) : undefined) ?? dataFault(facts);
    }
    default:
      return ending(facts) ?? unknownSyscall(facts) ?? withoutFault(facts, mcause);
  }
}

/** A system call, or an interrupt: the process itself did nothing that the processor forbids. */
function withoutFault(facts: Facts, mcause: number): Explanation {
  const isInterrupt = mcause >>> 31 === 1;
  return isInterrupt || syscallBefore(facts) !== undefined
    ? requestedFault(facts)
    : unknownFault(facts);
}

function stacked(facts: Facts): Explanation {
  return {
    ...common(facts),
    kind: "bad-stack-pointer",
    verdict: `The stack of ${facts.name} could not take or give back the registers of an exception.`,
    details: [],
  };
}

function lateBusError(facts: Facts): Explanation {
  return {
    ...common(facts),
    kind: "no-memory",
    verdict: `A store of ${facts.name} shortly before this instruction failed on the bus; its address is not known.`,
    details: ["The processor had gone on by the time it heard of that (an imprecise bus error)."],
    access: null,
  };
}

const names: readonly CfsrFlag[] = [
  "IACCVIOL",
  "DACCVIOL",
  "MUNSTKERR",
  "MSTKERR",
  "IBUSERR",
  "PRECISERR",
  "IMPRECISERR",
  "UNSTKERR",
  "STKERR",
  "UNDEFINSTR",
  "INVSTATE",
  "INVPC",
  "NOCP",
  "UNALIGNED",
  "DIVBYZERO",
];

/** The place is in the app's own code, and the fault in what it called. */
function libraryText({ frame, own, place, scene }: Facts, explanation: Explanation): string {
  if (frame === undefined || own === undefined || frame === own) return "";
  if (place === null || explanation.place !== place) return "";
  if (explanation.access?.kind === "execute" || frame.name.startsWith("0x")) return "";
  const file = place.path.split("/").at(-1);
  const happened = `It happened in ${quoted(frame.name)}, which was called from ${own.name} (${file}:${place.line}).`;
  const above = scene.frames.slice(0, scene.frames.indexOf(own));
  return above.some(isAllocator) ? `${happened} ${HEAP}` : happened;
}

const HEAP =
  "It walks the list of the heap's blocks, so probably that list is damaged: something was written past the end of an earlier block, or to one that was freed, or a block was freed twice; or what was freed here is no block at all.";
const HEAP_FIX =
  "Check what was written to blocks of `malloc` before this line, and which were freed.";

/** The unwinder of C++ that finds no tables of the app. */
function exceptionText({ scene }: Facts): string {
  return scene.frames.some(({ name }) => /_Unwind_RaiseException$|^__cxa_throw$/.test(name))
    ? "A C++ exception was thrown, as `new` does where the heap has no room, and the app has nothing that could catch it."
    : "";
}

const callerFix = ({ own, place }: Facts): string =>
  `Check what ${own?.name} passes at ${place?.path.split("/").at(-1)}:${place?.line}.`;

/** `mcause 5 (load access fault)`; nothing of a system call or an interrupt. */
function causeTexts(mcause: number): string[] {
  if (mcause === ECALL || mcause >>> 31 === 1) return [];
  const code = decodeRegister("mcause", mcause).find(({ name }) => name === "Code");
  const name = (code?.text ?? "").replace(/[:.].*/s, "");
  return [`mcause ${mcause} (${name.charAt(0).toLowerCase()}${name.slice(1)})`];
}

function flagsText({ scene, has }: Facts, text: string | undefined): string {
  const flags = names.filter(has);
  const status = scene.cause.isa === "riscv" ? causeTexts(scene.cause.mcause) : flags;
  const instruction =
    text === undefined || text.startsWith("<") ? [] : [`the instruction is ${quoted(text)}`];
  const all = [
    ...(status.length > 0 ? [`the processor reports ${status.join(" and ")}`] : []),
    ...instruction,
  ];
  const sentence = all.join("; ");
  return sentence === "" ? "" : `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;
}

/** The explanation as a few sentences: verdict, place, what to change. */
export function shortText({ verdict, place, fix }: Explanation): string {
  const where = place === null ? "" : ` In ${place.function} (${place.path}:${place.line}).`;
  return `${verdict}${where}${fix === null ? "" : ` ${fix.text}`}`;
}

/** The whole explanation, a sentence a line. */
export const longText = ({ verdict, details, fix }: Explanation): string =>
  [verdict, ...details, ...(fix === null ? [] : [fix.text])].join("\n");
