// Names of types as a programmer writes them. In C, declarators wrap around what they declare.
import * as C from "../dwarf/constants.js";
import type { Die } from "../dwarf/unit.js";
import { qualifiedName } from "./names.js";

/** A declaration is `before` + the declared name + `after`. */
interface Declarator {
  before: string;
  after: string;
}

const DEEPEST = 32;

/** `dimension`: how many of an array's outer dimensions to leave out. */
export function typeName(die: Die, dimension = 0): string {
  if (isRust(die)) return rustName(die, 0);
  return join(declarator(die, dimension, 0));
}

/** Whether an entry is of a unit that was compiled from Rust. */
export const isRust = (die: Die): boolean => die.unit.language === C.DW_LANG_Rust;

/** `&[u8]`, `*const T`, `[u16; 3]`, `fn(u32) -> u32`: rustc names all but arrays and the pointers inside slices. */
function rustName(die: Die | undefined, depth: number): string {
  if (!die) return "()";
  const name = qualifiedName(die);
  if (name !== undefined) return name;
  if (depth > DEEPEST) return "…";
  const inner = () => rustName(die.reference(C.DW_AT_type), depth + 1);
  switch (die.tag) {
    case C.DW_TAG_pointer_type:
      return `*const ${inner()}`;
    case C.DW_TAG_array_type: {
      const [range] = die.childrenOf(C.DW_TAG_subrange_type);
      const count = range && declaredCount(range);
      return count === undefined ? `[${inner()}]` : `[${inner()}; ${count}]`;
    }
    case C.DW_TAG_subroutine_type: {
      const parameters = die
        .childrenOf(C.DW_TAG_formal_parameter)
        .map(child => rustName(child.reference(C.DW_AT_type), depth + 1));
      const result = die.has(C.DW_AT_type) ? ` -> ${inner()}` : "";
      return `fn(${parameters.join(", ")})${result}`;
    }
    default:
      return "<unnamed type>";
  }
}

function join({ before, after }: Declarator): string {
  return after === "" || after.startsWith(")") ? before + after : `${before} ${after}`;
}

function declarator(die: Die | undefined, dimension: number, depth: number): Declarator {
  if (!die) return { before: "void", after: "" };
  if (depth > DEEPEST) return { before: "…", after: "" };
  const inner = () => declarator(die.reference(C.DW_AT_type), 0, depth + 1);
  switch (die.tag) {
    case C.DW_TAG_pointer_type:
      return pointer(inner(), "*");
    case C.DW_TAG_reference_type:
      return pointer(inner(), "&");
    case C.DW_TAG_rvalue_reference_type:
      return pointer(inner(), "&&");
    case C.DW_TAG_const_type:
    case C.DW_TAG_immutable_type:
      return qualified(inner(), "const");
    case C.DW_TAG_volatile_type:
      return qualified(inner(), "volatile");
    case C.DW_TAG_restrict_type:
      return qualified(inner(), "restrict");
    case C.DW_TAG_atomic_type:
      return qualified(inner(), "_Atomic");
    case C.DW_TAG_array_type: {
      const element = inner();
      return { before: element.before, after: bounds(die, dimension) + element.after };
    }
    case C.DW_TAG_subroutine_type: {
      const returned = inner();
      return { before: returned.before, after: parameters(die, depth) + returned.after };
    }
    default:
      return { before: plainName(die), after: "" };
  }
}

function pointer(target: Declarator, sign: string): Declarator {
  const { before, after } = target;
  if (after !== "" && !after.startsWith(")"))
    return { before: `${before} (${sign}`, after: `)${after}` };
  return { before: /[*&(]$/.test(before) ? before + sign : `${before} ${sign}`, after };
}

/** In front of what is no pointer, behind the `*` of what is one. */
function qualified(target: Declarator, word: string): Declarator {
  const { before, after } = target;
  // A const array of const elements says it twice.
  if (before.includes("*")) {
    return before.endsWith(` ${word}`) ? target : { before: `${before} ${word}`, after };
  }
  return before.startsWith(`${word} `) ? target : { before: `${word} ${before}`, after };
}

function bounds(die: Die, dimension: number): string {
  return die
    .childrenOf(C.DW_TAG_subrange_type)
    .slice(dimension)
    .map(range => `[${declaredCount(range) ?? ""}]`)
    .join("");
}

function parameters(die: Die, depth: number): string {
  const names = die.children.flatMap(child => {
    if (child.tag === C.DW_TAG_unspecified_parameters) return ["..."];
    if (child.tag !== C.DW_TAG_formal_parameter) return [];
    return [join(declarator(child.reference(C.DW_AT_type), 0, depth + 1))];
  });
  return `(${names.length === 0 && die.flag(C.DW_AT_prototyped) ? "void" : names.join(", ")})`;
}

const KEYWORDS: Record<number, string> = {
  [C.DW_TAG_structure_type]: "struct",
  [C.DW_TAG_class_type]: "class",
  [C.DW_TAG_union_type]: "union",
  [C.DW_TAG_enumeration_type]: "enum",
};

const C_LANGUAGES = new Set([0x01, 0x02, 0x0c, 0x1d, 0x2c, 0x3e]);

/** Whether an entry is of a unit that was compiled from C. */
export const isC = (die: Die): boolean => C_LANGUAGES.has(die.unit.language);

function plainName(die: Die): string {
  const name = qualifiedName(die);
  const keyword = KEYWORDS[die.tag];
  if (!keyword) return name ?? "<unnamed type>";
  if (name === undefined) return `${keyword} {...}`;
  return isC(die) ? `${keyword} ${name}` : name;
}

/** Elements of an array's dimension; `undefined`: flexible, or only known at run time. */
export function declaredCount(range: Die): number | undefined {
  const count = range.number(C.DW_AT_count);
  if (count !== undefined) return count;
  // A reference is to a variable that holds the bound at run time.
  if (range.referenceOffset(C.DW_AT_upper_bound) !== undefined) return undefined;
  const upper = range.number(C.DW_AT_upper_bound);
  // gcc writes -1 (in four bytes or as a signed number) for `x[0]`.
  return upper === undefined ? undefined : upper < 0 || upper === 0xffffffff ? 0 : upper + 1;
}
