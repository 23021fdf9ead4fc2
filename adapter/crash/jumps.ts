// Faults of fetching an instruction: calls through bad pointers, returns to where no code is, branches that clear the Thumb bit.
import { hex8 } from "../../emulator/index.js";
import { instructionText } from "./code.js";
import { culpritInRegister, lineText, quoted, valueText } from "./culprit.js";
import { common } from "./data.js";
import { effectsAt, type Facts } from "./facts.js";
import { type Jump, jumpOf } from "./jump-origin.js";
import type { Explanation, FaultKind, Scene } from "./model.js";
import { isAllowed, NULL_PAGE, regionAt, ruleText } from "./regions.js";

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
    fix:
      inRam && (jump.how === "call" || jump.how === "unknown")
        ? ramFix(jump)
        : jumpFix(facts, jump),
  };
}

/** INVSTATE: EPSR.T is 0, for bit 0 of the address that was branched to was (ARMv7-M ARM A4.1.1). */
export function evenBranch(facts: Facts): Explanation {
  const { scene, pc, name } = facts;
  // Where no code is, it does not matter how the pointer is made.
  if (pc !== undefined && !isCode(scene, pc)) return executeFault(facts);
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

/** Without compressed instructions a jump to an address that is no multiple of 4 traps where it stands. */
export function misalignedJump(facts: Facts): Explanation {
  const { scene, pc, name } = facts;
  const { cause } = scene;
  const to = cause.isa === "riscv" && cause.mtval !== 0 ? ` to ${hex8(cause.mtval)}` : "";
  const { through: register } = (pc === undefined ? undefined : effectsAt(scene, pc)) ?? {};
  const culprit =
    pc === undefined || register === undefined ? undefined : culpritInRegister(scene, pc, register);
  const by = culprit === undefined ? "" : ` through ${quoted(culprit.expression)}`;
  return {
    ...common(facts),
    kind: "unaligned",
    verdict: `${name} jumped${to}${by}, which is not a multiple of 4, as all code of this processor is.`,
    details: culprit?.trail ?? [],
    culprit:
      culprit === undefined
        ? null
        : { expression: culprit.expression, value: valueText(culprit.value) },
    fix: {
      text: "Build the app for a processor without compressed instructions, or look where the pointer gets its value.",
      variable: culprit?.named.variable?.name ?? null,
    },
  };
}

const isCode = (scene: Scene, pc: number): boolean =>
  scene.ranges.length > 0
    ? isAllowed(scene, pc, "execute")
    : scene.symbols?.functionAt(pc) !== undefined || regionAt(scene, pc).kind === "app-flash";

const jumpFields = (facts: Facts, { culprit, from, sure, how }: Jump) => ({
  ...common(facts),
  instruction: instructionAt(facts.scene, from),
  // Which of the functions on the stack returned, nothing tells.
  place: how === "return" ? null : jumpPlace(facts, from),
  culprit:
    culprit === undefined || !sure
      ? null
      : { expression: culprit.expression, value: hex8(culprit.value ?? facts.pc ?? 0) },
});

function instructionAt(scene: Scene, at: number | undefined): Explanation["instruction"] {
  const text = at === undefined ? undefined : instructionText(scene, at);
  return at === undefined || text === undefined ? null : { address: at, text };
}

/** The line that jumped: where it led has none. */
function jumpPlace({ scene, place }: Facts, from: number | undefined): Explanation["place"] {
  if (place !== null && from === undefined) return place;
  const location = from === undefined ? null : (scene.symbols?.locationAt(from) ?? null);
  if (location !== null && location.line > 0)
    return { ...location, function: scene.symbols?.functionAt(from ?? 0)?.name ?? "" };
  const caller = scene.frames.find(frame => frame.location !== null && frame.location.line > 0);
  return caller?.location ? { ...caller.location, function: caller.name } : place;
}

const ramFix = ({ culprit }: Jump): Explanation["fix"] => ({
  text: "Call the function where it is, in flash, instead of copying it: apps cannot run code from RAM.",
  variable: culprit?.expression ?? null,
});

const verbs: Readonly<Record<Jump["how"], string>> = {
  call: "called",
  return: "returned to",
  upcall: "was given an upcall at",
  unknown: "jumped to",
};
const verb = ({ how }: Jump): string => verbs[how];

const through = ({ culprit, sure }: Jump, pc: number): string =>
  culprit === undefined || !sure
    ? ""
    : ` through ${quoted(culprit.expression)}${pc < NULL_PAGE ? ", a null pointer" : ""}`;

function jumpDetails({ scene, pc }: Facts, { how, from, culprit, sure }: Jump): string[] {
  if (how === "return") {
    return [
      "The return address was on the stack, where something has overwritten it: often a local array that is written past its end.",
      ...charactersText(scene, pc),
    ];
  }
  if (how === "upcall")
    return ["The kernel calls an upcall where the app said in `subscribe` that its function is."];
  if (!sure && from !== undefined) {
    const by = culprit === undefined ? "" : ` through ${quoted(culprit.expression)}`;
    return [
      `It was the call at ${hex8(from)}${lineText(scene, from)}${by}, or one at the end of the function that was called there.`,
    ];
  }
  if (isFromUpcall(scene, from))
    return [
      "An upcall was running, and its function ended with the jump: often to a callback that was never set.",
    ];
  const own = scene.symbols?.symbolAt(pc ?? 0);
  return [
    ...(from === undefined ? [] : [`The jump is at ${hex8(from)}${lineText(scene, from)}.`]),
    ...(own === undefined ? [] : [`${hex8(pc ?? 0)} is ${quoted(own.name)}.`]),
    ...(culprit?.trail ?? []),
  ];
}

/** What a string leaves behind where it is written over an address; Thumb takes the lowest bit off. */
function charactersText({ architecture, cause }: Scene, pc: number | undefined): string[] {
  if (pc === undefined || cause.isa === "riscv" || !architecture.popsReturns) return [];
  const bytes = [0, 8, 16, 24].map(shift => (pc >>> shift) & 0xff);
  if (!bytes.every(byte => byte >= 0x20 && byte < 0x7f)) return [];
  const others = String.fromCharCode(...bytes.slice(1));
  return [`Its bytes are characters (${quoted(`…${others}…`)}): a string was written there.`];
}

/** The link register is of the last call that had come back. */
function returnFix({ frames }: Scene): Explanation["fix"] {
  const last = frames.find(({ location }) => location !== null && location.line > 0);
  const place = last && `${last.location?.path.split("/").at(-1)}:${last.location?.line}`;
  const where =
    last === undefined
      ? "on the way here"
      : `in ${last.name} (${place}) and in the functions that had called it`;
  return {
    text: `Check the length of what is written to local arrays ${where}.`,
    variable: null,
  };
}

/** The kernel starts no upcall at 0, so a function that it started jumped on. */
const isFromUpcall = ({ frames }: Scene, from: number | undefined): boolean =>
  from === undefined && frames[0]?.upcall === true && frames[0].pc === 0;

/** The compiler may have known that the pointer is null, and then it has no name any more. */
const nullCallFix = ({ scene, pc }: Facts, from: number | undefined): Explanation["fix"] =>
  pc === undefined || pc >= NULL_PAGE || from === undefined
    ? null
    : {
        text: `Set the function pointer that is called${lineText(scene, from)} to a function, or check it for null.`,
        variable: null,
      };

const jumpFix = (facts: Facts, { culprit, how, sure, from }: Jump): Explanation["fix"] => {
  const { scene } = facts;
  if (how === "return") return returnFix(scene);
  if (how === "upcall")
    return { text: "Check which function is passed to `subscribe`.", variable: null };
  if (isFromUpcall(scene, from))
    return { text: "Check which callbacks are passed, and that none is null.", variable: null };
  if (culprit === undefined || !sure) return nullCallFix(facts, from);
  return {
    text: `Set ${quoted(culprit.expression)} to a function before it is called, or check it for null.`,
    variable: culprit.named.variable?.name ?? culprit.expression,
  };
};
