// Loads and stores that the MPU, the PMP or the bus refused: what the address is, and which pointer led there.
import { hex8 } from "../../emulator/index.js";
import { bare } from "../format.js";
import { instructionText } from "./code.js";
import { type Culprit, culpritOf, nameAt, objectSize, quoted, valueText } from "./culprit.js";
import type { Facts } from "./facts.js";
import { heapFix, isAllocation } from "./makefile-advice.js";
import type { Access, Explanation, FaultKind, Scene } from "./model.js";
import {
  bytesText,
  NULL_PAGE,
  nearestText,
  nearestTo,
  type Region,
  type RegionKind,
  regionAt,
  ruleText,
} from "./regions.js";
import { lostStaticBase } from "./static-base.js";

/** Fields that every explanation of a fault at the pc has in common. */
export const common = ({ pc, text, place, access }: Facts) => ({
  instruction: pc === undefined || text === undefined ? null : { address: pc, text },
  place,
  access,
  culprit: null,
  nearest: null,
  fix: null,
});

const kinds: Readonly<Record<RegionKind, FaultKind>> = {
  null: "null-dereference",
  stack: "unknown",
  data: "unknown",
  heap: "unknown",
  unused: "past-app-break",
  grant: "grant-memory",
  "kernel-part": "grant-memory",
  "app-flash": "store-to-flash",
  header: "unknown",
  "other-ram": "other-process",
  "other-flash": "other-process",
  "kernel-ram": "kernel-memory",
  "kernel-flash": "kernel-memory",
  peripheral: "peripheral",
  "private-peripheral": "peripheral",
  nothing: "no-memory",
};

export function dataFault(facts: Facts): Explanation {
  const { scene, name, access } = facts;
  if (access === null) {
    return {
      ...common(facts),
      kind: "unknown",
      verdict: `${name} accessed memory that it may not use; the address is not known.`,
      details: [],
    };
  }
  const lost = lostStaticBase(facts);
  if (lost !== undefined) {
    const { text, ...rest } = lost;
    const kind = kindOf(regionAt(scene, access.address), access.kind);
    return {
      ...common(facts),
      kind,
      verdict: `${doing(facts)} ${hex8(access.address)}: ${text}.`,
      ...rest,
    };
  }
  const found = culpritOf(facts);
  // A compiler that knows a pointer to be null takes any register that is 0 for it.
  const isAny = found !== undefined && isNumber(found) && isTrapped(facts);
  const culprit = isAny ? undefined : found;
  const region = regionAt(scene, access.address);
  const isNull = isNullPointer(facts, culprit, region);
  const kind = isNull ? "null-dereference" : kindOf(region, access.kind);
  const nearest = isNull ? null : nearestTo(scene, access.address, access.kind);
  const verdict = isNull
    ? nullVerdict(facts, culprit)
    : `${doing(facts)} ${hex8(access.address)}${targetText(culprit)}: ${whatText(facts, region)}.`;
  return {
    ...common(facts),
    kind,
    verdict,
    details: [
      ...pointerText(culprit, isNull, access.address),
      ...indexText(culprit, access.address),
      ...knownNull(facts, isNull),
      ...(culprit?.trail ?? []),
      nearestText(nearest, access.address),
      ruleText(scene, access.address, access.kind),
    ].filter(sentence => sentence !== ""),
    culprit: culprit === undefined ? null : blamed(culprit),
    nearest,
    fix: fixOf(kind, facts, culprit),
  };
}

function kindOf({ kind }: Region, access: Access | "access"): FaultKind {
  if (access === "write" && (kind === "app-flash" || kind === "header")) return "store-to-flash";
  return kind === "app-flash" ? "unknown" : kinds[kind];
}

/** The pointer itself, or what it was before an offset was added, is null or nearly so. */
function isNullPointer(
  { access, scene }: Facts,
  culprit: Culprit | undefined,
  region: Region,
): boolean {
  if (access === null) return false;
  if (region.kind === "null" || (access.address < NULL_PAGE && scene.origin === "dump"))
    return true;
  return culprit?.value === 0 && culprit.index === undefined && !isNumber(culprit);
}

/** What a function returned has no other name. */
const isCall = (expression: string): boolean => expression.endsWith("()");

/** The program calculates with it, and takes the result for an address. */
const isNumber = ({ named: { type } }: Culprit): boolean =>
  type !== undefined && ["base", "enum"].includes(bare(type).kind);

/** An index of 0 leaves the pointer to blame. */
const isBlamed = (
  index: Culprit["index"],
): index is { expression: string; value: number | undefined } =>
  index?.expression !== undefined && index.value !== 0;

const blamed = ({ index, expression, value }: Culprit): Explanation["culprit"] =>
  isBlamed(index) && value !== 0
    ? { expression: index.expression, value: String(index.value ?? "unknown") }
    : { expression, value: valueText(value) };

const verbs: Readonly<Record<Access | "access", string>> = {
  access: "tried to access",
  read: "tried to read",
  write: "tried to write to",
  execute: "tried to execute",
};

/** `blink tried to write 4 bytes to` */
function doing({ name, access, transfer }: Facts): string {
  if (access === null) return name;
  if (transfer === undefined) return `${name} ${verbs[access.kind]}`;
  const count = transfer.size * Math.max(1, transfer.registers.length);
  return access.kind === "write"
    ? `${name} tried to write ${bytesText(count)} to`
    : `${name} tried to read ${bytesText(count)} at`;
}

const targetText = (culprit: Culprit | undefined): string =>
  culprit?.target === undefined ? "" : ` (${quoted(culprit.target)})`;

function nullVerdict(facts: Facts, culprit: Culprit | undefined): string {
  const { access } = facts;
  const address = access?.address ?? 0;
  const done = `${doing(facts)} ${hex8(address)}`;
  const member = culprit?.target === undefined ? "" : ` (${quoted(culprit.target)})`;
  if (culprit === undefined) return `${done}: ${unnamedNull(facts, address)}.`;
  const { value, expression, index } = culprit;
  if (isNumber(culprit)) {
    const known = value === undefined ? "" : `, which is ${value | 0}`;
    return `${done}${member}: that address was computed from the number ${quoted(expression)}${known}.`;
  }
  const verb = isCall(expression) ? "returned" : "is";
  // A name of the symbol table alone may be one of a number.
  if (value === 0 && culprit.named.type === undefined && !isCall(expression))
    return `${done}: that address was made from ${quoted(expression)}, which is 0.`;
  if (value === 0 || value === undefined) {
    const by = index?.expression === undefined ? "" : `, indexed by ${quoted(index.expression)}`;
    return `${done}${member}: ${quoted(expression)} ${verb} a null pointer${by}.`;
  }
  return `${done}${member}: ${quoted(expression)} ${verb} ${hex8(value)}, which is no valid pointer.`;
}

/** Of a pointer without a name; what an index has moved on need not have been null. */
function unnamedNull({ scene, transfer }: Facts, address: number): string {
  const base = transfer === undefined ? undefined : scene.registers[transfer.base];
  const isNull = base === undefined || base === 0 || address === 0;
  if (isNull)
    return `a null pointer${address === 0 ? "" : ` and an offset of ${bytesText(address)}`}`;
  return "no memory is there, and an address so near to 0 mostly is a null pointer and an offset";
}

/** What the address is, in the middle of a sentence. */
function whatText({ scene, name, access }: Facts, region: Region): string {
  const { text, kind } = region;
  const { memory } = scene.process;
  switch (kind) {
    case "app-flash":
    case "header":
      return access?.kind === "write"
        ? `that is ${constantText(scene, access.address, text)}, and flash cannot be stored to`
        : `that is ${text}`;
    case "unused": {
      const beyond = (access?.address ?? 0) - (memory?.appBreak ?? 0);
      return `that is ${bytesText(beyond + 1)} past the end of the memory of ${name} (its app break, ${hex8(memory?.appBreak ?? 0)})`;
    }
    case "grant":
    case "kernel-part":
      return `that is ${text}, which only the kernel may touch`;
    case "nothing":
      return scene.origin === "live" ? "there is no memory" : `that is ${text}`;
    default:
      return `that is ${text}`;
  }
}

/** The constant's name, where the symbols tell it. */
function constantText(scene: Scene, address: number, otherwise: string): string {
  const name = nameAt(scene, address, 4);
  return name === undefined ? otherwise : `the constant ${quoted(name)} in flash`;
}

function pointerText(culprit: Culprit | undefined, isNull: boolean, address: number): string[] {
  if (culprit === undefined) return [];
  const { expression, value, caller, target } = culprit;
  if (isNull || (target !== undefined && value === address)) return [];
  if (value === undefined && target !== undefined) return [];
  if (value === undefined) return [`The address was made from ${quoted(expression)}.`];
  const place = caller === undefined ? "" : ` in ${caller.function}`;
  return isCall(expression)
    ? [`The address was made from what ${quoted(expression)} returned${place}: ${hex8(value)}.`]
    : [`The address was made from ${quoted(expression)}${place}, which is ${hex8(value)}.`];
}

/** gcc ends code that cannot go on with a trap. */
function isTrapped({ scene, pc, text }: Facts): boolean {
  if (pc === undefined || text === undefined) return false;
  const next = [2, 4].map(size => instructionText(scene, pc + size));
  return next.some(each => scene.architecture.trapOf(each ?? "") === "gcc");
}

function knownNull(facts: Facts, isNull: boolean): string[] {
  return isNull && isTrapped(facts)
    ? ["The compiler knew that the pointer is always null here, and put a trap behind the access."]
    : [];
}

function indexText(culprit: Culprit | undefined, address: number): string[] {
  if (culprit === undefined) return [];
  const { index, named, value, stepped, expression } = culprit;
  const sentences: string[] = [];
  const inside = index === undefined ? named.index : undefined;
  if (inside !== undefined && !/^-?\d+$/.test(inside.text))
    sentences.push(`${quoted(inside.text)} is ${inside.value}.`);
  if (index?.value !== undefined) {
    const name = index.expression === undefined ? "The index" : quoted(index.expression);
    sentences.push(`${name} is ${index.value}.`);
  }
  if (stepped && value !== address) sentences.push("A loop has moved on from there.");
  const size = objectSize(named);
  const offset = value === undefined ? 0 : address - value;
  if (size !== undefined && (offset < 0 || offset >= size)) {
    const past =
      offset < 0
        ? `${bytesText(-offset)} before it`
        : `${bytesText(offset - size + 1)} past its end`;
    sentences.push(
      `${quoted(objectOf(expression))} has ${bytesText(size)}, and the access is ${past}.`,
    );
  }
  return sentences;
}

function fixOf(
  kind: FaultKind,
  { access, name, scene, pc }: Facts,
  culprit: Culprit | undefined,
): Explanation["fix"] {
  const expression = culprit?.expression;
  const variable = culprit?.named.variable?.name ?? expression ?? null;
  const stored =
    kind === "store-to-flash" && access !== null ? nameAt(scene, access.address, 4) : undefined;
  const constant = stored?.replace(/[.[].*/s, "");
  const pointer = expression === undefined ? "the pointer" : quoted(expression);
  const made = culprit && (isCall(culprit.expression) ? culprit.expression : culprit.source);
  const isElsewhere = kind === "null-dereference" || constant !== undefined;
  const range = isElsewhere ? null : rangeFix(culprit, access?.address);
  const isRoom = kind === "past-app-break" || kind === "grant-memory";
  if (range !== null && !isRoom) return range;
  const first = range === null ? "" : `${range.text} `;
  switch (kind) {
    case "null-dereference":
      if (culprit !== undefined && isNumber(culprit))
        return { text: `Check how the address is computed from ${pointer}.`, variable };
      if (made !== undefined && isCall(made))
        return isAllocation(made) && culprit?.value === 0
          ? heapFix(made)
          : { text: `Check what ${quoted(made)} returns before using it.`, variable };
      return { text: `Give ${pointer} a value before it is used, or check it for null.`, variable };
    case "past-app-break":
      return {
        text: `${first}Use only memory that the app asked for: ${quoted("malloc")} (sbrk) moves the app break as far as ${quoted("APP_HEAP_SIZE")} in the Makefile allows.`,
        variable: "APP_HEAP_SIZE",
      };
    case "grant-memory":
      return {
        text: `${first}Keep ${pointer} inside of the memory of ${name}; if a buffer or the heap has to be larger, raise ${quoted("APP_HEAP_SIZE")} in the Makefile.`,
        variable: culprit === undefined ? "APP_HEAP_SIZE" : variable,
      };
    case "store-to-flash":
      return constant === undefined
        ? {
            text: `Copy what is to be changed to RAM: let ${pointer} point to a variable that is not ${quoted("const")}, and is no string literal.`,
            variable,
          }
        : { text: constantFix(constant, scene.symbols?.isRust(pc ?? 0)), variable: constant };
    case "other-process":
      return {
        text: `Share memory by IPC (${quoted("ipc_share")}): a process cannot touch another one's.`,
        variable,
      };
    case "peripheral":
      return {
        text: "Use the system calls of a driver: apps have no access to registers of peripherals.",
        variable,
      };
    default:
      if (expression !== undefined && isCall(expression))
        return { text: `Check what ${pointer} returns, and what it gets.`, variable };
      return culprit === undefined
        ? null
        : {
            text: `Look where ${pointer} gets its value${access?.kind === "write" ? ", and whether something has overwritten it" : ""}.`,
            variable,
          };
  }
}

/** `x` of the address `&x`. */
const objectOf = (expression: string): string => expression.replace(/^&/, "");

const constantFix = (constant: string, isRust = false): string =>
  isRust
    ? `Change a copy of ${quoted(constant)} in RAM, or put what changes into a cell: a ${quoted("static")} without one lies in flash.`
    : `Declare ${quoted(constant)} without ${quoted("const")}, or change a copy of it in RAM.`;

/** The pointer is right, and what was added to it too much. */
function rangeFix(culprit: Culprit | undefined, address: number | undefined): Explanation["fix"] {
  if (culprit === undefined) return null;
  const { index, expression, stepped, named, target, value } = culprit;
  if (isBlamed(index)) {
    const [whole = expression] = target?.split(`[${index.expression}]`) ?? [];
    const array = objectOf(whole.replace(/^\((&.*)\)$/, "$1"));
    return {
      text: `Check that ${quoted(index.expression)} stays within ${isCall(array) ? "what " : ""}${quoted(array)}${isCall(array) ? " returned" : ""}.`,
      variable: index.expression,
    };
  }
  const size = objectSize(named);
  if (size === undefined) return null;
  if (stepped)
    return { text: `Check where the loop over ${quoted(expression)} ends.`, variable: expression };
  const offset = value === undefined || address === undefined ? 0 : address - value;
  return offset < 0 || offset >= size
    ? {
        text: `Check the index into ${quoted(objectOf(expression))}.`,
        variable: objectOf(expression),
      }
    : null;
}
