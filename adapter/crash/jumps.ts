// Faults of fetching an instruction: calls through bad pointers, returns to where no code is, branches that clear the Thumb bit.
import { hex8 } from "../../emulator/index.js";
import { type Culprit, culpritInRegister, jumpRegister, lineText, quoted } from "./culprit.js";
import { common } from "./data.js";
import { codeAround, type Facts } from "./facts.js";
import type { Explanation, FaultKind } from "./model.js";
import { readNumber } from "./origin.js";
import { NULL_PAGE, regionAt, ruleText } from "./regions.js";

const LR = 14;

/** How the process came to where it cannot execute. */
interface Jump {
  how: "call" | "branch" | "return" | "unknown";
  /** The instruction that went there, or the one behind the call. */
  from: number | undefined;
  culprit: Culprit | undefined;
}

/** By lr, the registers and the stack: nothing else has changed since the jump. */
function jumpOf({ scene, pc, sp }: Facts): Jump {
  const { registers, memory } = scene;
  const lr = registers[LR];
  const code = lr === undefined ? undefined : codeAround(scene, (lr & ~1) - 2);
  const call = lr === undefined ? undefined : code?.endingAt((lr & ~1) >>> 0);
  const register = call && jumpRegister(call.text);
  if (call !== undefined && register !== undefined && register !== LR) {
    const value = registers[register];
    if (value !== undefined && pc !== undefined && (value & ~1) >>> 0 === pc) {
      const culprit = culpritInRegister(scene, call.address, register);
      return { how: "call", from: call.address, culprit };
    }
  }
  if (pc !== undefined && sp !== undefined) {
    const popped = readNumber(memory, sp - 4, 4);
    if (popped !== undefined && (popped & ~1) >>> 0 === pc)
      return { how: "return", from: undefined, culprit: undefined };
  }
  if (lr !== undefined && lr !== 0 && (lr & ~1) >>> 0 === pc)
    return { how: "return", from: undefined, culprit: undefined };
  return { how: "unknown", from: call?.address, culprit: undefined };
}

/** Instruction fetch refused, or nothing to fetch. */
export function executeFault(facts: Facts): Explanation {
  const { scene, pc, name } = facts;
  if (pc === undefined)
    return {
      ...common(facts),
      kind: "jump-to-nowhere",
      verdict: `${name} jumped to an address without code that it may execute; the address is not known.`,
      details: [],
    };
  const region = regionAt(scene, pc);
  const inRam = region.kind === "stack" || region.kind === "data" || region.kind === "heap";
  const kind: FaultKind =
    inRam || region.kind === "unused" ? "execute-from-ram" : "jump-to-nowhere";
  const jump = jumpOf(facts);
  const where =
    pc < NULL_PAGE
      ? "no code is there"
      : inRam
        ? `that is ${region.text}, and code cannot run from RAM`
        : `that is ${region.text}`;
  return {
    ...jumpFields(facts, jump),
    kind,
    verdict: `${name} ${verb(jump)} ${hex8(pc)}${through(jump, pc)}: ${where}.`,
    details: [...jumpDetails(facts, jump), ruleText(scene, pc, "execute")].filter(
      each => each !== "",
    ),
    access: { kind: "execute", address: pc, size: null },
    fix: jumpFix(jump),
  };
}

/** INVSTATE: EPSR.T is 0, for bit 0 of the address that was branched to was (ARMv7-M ARM A4.1.1). */
export function evenBranch(facts: Facts): Explanation {
  const { pc, name } = facts;
  const jump = jumpOf(facts);
  const at = pc === undefined ? "an address" : hex8(pc);
  return {
    ...jumpFields(facts, jump),
    kind: "even-branch",
    verdict: `${name} ${verb(jump)} the even address ${at}${through(jump, pc ?? 0)}: addresses of Thumb code are odd.`,
    details: [
      ...jumpDetails(facts, jump),
      "Bit 0 of a function pointer says that the code is Thumb, the only one that this processor has.",
    ],
    access: pc === undefined ? null : { kind: "execute", address: pc, size: null },
    fix: {
      text: "Take the address of the function by its name, which sets bit 0; code in assembler needs `.thumb_func`.",
      variable: jump.culprit?.named.variable?.name ?? jump.culprit?.expression ?? null,
    },
  };
}

const jumpFields = (facts: Facts, { culprit, from }: Jump) => ({
  ...common(facts),
  place: jumpPlace(facts, from),
  culprit:
    culprit === undefined
      ? null
      : { expression: culprit.expression, value: hex8(culprit.value ?? facts.pc ?? 0) },
});

/** The line that jumped: where it led has none. */
function jumpPlace({ scene, place }: Facts, from: number | undefined): Explanation["place"] {
  if (place !== null && from === undefined) return place;
  const location = from === undefined ? null : (scene.symbols?.locationAt(from) ?? null);
  if (location !== null && location.line > 0)
    return { ...location, function: scene.symbols?.functionAt(from ?? 0)?.name ?? "" };
  const caller = scene.frames.find(frame => frame.location !== null && frame.location.line > 0);
  return caller?.location ? { ...caller.location, function: caller.name } : place;
}

const verb = ({ how }: Jump): string =>
  how === "call" ? "called" : how === "return" ? "returned to" : "jumped to";

const through = ({ culprit }: Jump, pc: number): string =>
  culprit === undefined
    ? ""
    : ` through ${quoted(culprit.expression)}${pc < NULL_PAGE ? ", a null pointer" : ""}`;

function jumpDetails({ scene, pc }: Facts, { how, from, culprit }: Jump): string[] {
  if (how === "return") {
    return [
      "The return address was on the stack, where something has overwritten it: often a local array that is written past its end.",
    ];
  }
  const own = scene.symbols?.symbolAt(pc ?? 0);
  return [
    ...(from === undefined ? [] : [`The jump is at ${hex8(from)}${lineText(scene, from)}.`]),
    ...(own === undefined ? [] : [`${hex8(pc ?? 0)} is ${quoted(own.name)}.`]),
    ...(culprit?.trail ?? []),
  ];
}

const jumpFix = ({ culprit, how }: Jump): Explanation["fix"] => {
  if (how === "return")
    return {
      text: "Check the length of what is written to local arrays on the way here.",
      variable: null,
    };
  if (culprit === undefined) return null;
  return {
    text: `Set ${quoted(culprit.expression)} to a function before it is called, or check it for null.`,
    variable: culprit.named.variable?.name ?? culprit.expression,
  };
};
