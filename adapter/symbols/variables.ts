// Variables: parameters, locals, statics and globals of C, by where they are visible.
import * as C from "../dwarf/constants.js";
import { locationOf } from "../dwarf/locations.js";
import type { Die, Unit } from "../dwarf/unit.js";
import { blocksAt, type LinkFunction } from "./functions.js";
import { constantValue, isRemoved, type Locator } from "./locate.js";
import type {
  Frame,
  MemoryReader,
  SourceLocation,
  Type,
  ValueLocation,
  Variable,
} from "./model.js";
import { isVtable } from "./named-types.js";
import { functionName, qualifiedName } from "./names.js";
import { isRust } from "./type-names.js";
import type { Types } from "./types.js";

interface FileLevel {
  kept: Variable[];
  removed: Variable[];
}

/** What reads the parts of a variable's entry. */
interface Readers {
  types: Types;
  locator: Locator;
  declarationOf: (die: Die) => SourceLocation | null;
}

class DescribedVariable implements Variable {
  declare readonly name: string;
  declare readonly kind: Variable["kind"];
  declare private readonly die: Die;
  declare private readonly readers: Readers;

  constructor(readers: Readers, die: Die, name: string, kind: Variable["kind"]) {
    this.readers = readers;
    this.die = die;
    this.name = name;
    this.kind = kind;
  }

  get type(): Type {
    return this.readers.types.typeOf(this.die);
  }

  get declaration(): SourceLocation | null {
    return this.readers.declarationOf(this.die);
  }

  locate(frame: Frame, memory: MemoryReader): ValueLocation {
    const constant = this.die.origin(C.DW_AT_const_value);
    if (constant && !this.die.has(C.DW_AT_location)) {
      return constantValue(constant, this.type.size);
    }
    return this.readers.locator.locate(this.die, frame, memory);
  }
}

export class Variables {
  readonly #readers: Readers;
  readonly #atFileLevel = new Map<Unit, FileLevel>();

  constructor(readers: Readers) {
    this.#readers = readers;
  }

  /**
   * A shadowed name appears once. Innermost block first; in Rust, where each `let` opens a block, outermost first.
   * Only of the inlined copy at `inlineDepth`.
   */
  inFunction(found: LinkFunction, address: number, inlineDepth?: number): Variable[] {
    const seen = new Set<string>();
    const blocks = blocksOfFrame(blocksAt(found.die, address), inlineDepth).reverse();
    const groups = blocks.map(block =>
      entriesOf(block).flatMap(die => {
        const variable = this.#local(die);
        if (!variable || seen.has(variable.name)) return [];
        seen.add(variable.name);
        return [variable];
      }),
    );
    return (isRust(found.die) ? groups.reverse() : groups).flat();
  }

  #local(die: Die): Variable | undefined {
    const { name } = die;
    if (name === undefined) return undefined;
    if (die.tag === C.DW_TAG_formal_parameter) return this.#variable(die, name, "parameter");
    if (die.tag !== C.DW_TAG_variable) return undefined;
    // `extern int x;` inside a function.
    if (die.flag(C.DW_AT_declaration)) return undefined;
    return this.#variable(die, name, isStatic(die) ? "static" : "local");
  }

  /** Variables of the unit outside of functions that the linker kept. */
  atFileLevel(unit: Unit): readonly Variable[] {
    return this.#fileLevel(unit).kept;
  }

  /** Of file-level variables of one name the one that is meant: a global before another file's static. */
  mostVisible(dies: readonly Die[]): { kept: Variable | undefined; removed: Variable | undefined } {
    const level: FileLevel = { kept: [], removed: [] };
    for (const die of dies) this.#add(die, level);
    const kept = level.kept.findLast(({ kind }) => kind === "global") ?? level.kept[0];
    return { kept, removed: level.removed[0] };
  }

  /** Statics inside of functions that the linker kept, named by their functions: `random::state`. */
  insideFunctions(unit: Unit): Variable[] {
    const found: Variable[] = [];
    for (const die of unit.tree()?.subtree() ?? []) {
      if (die.tag !== C.DW_TAG_variable || !isStatic(die) || definitionState(die) !== "kept")
        continue;
      let around = die.parent;
      while (around && around.tag !== C.DW_TAG_subprogram) around = around.parent;
      const scope = around && functionName(around);
      if (scope !== undefined && die.name !== undefined)
        found.push(this.#variable(die, `${scope}::${die.name}`, "static"));
    }
    return found;
  }

  #fileLevel(unit: Unit): FileLevel {
    let level = this.#atFileLevel.get(unit);
    if (!level) {
      level = { kept: [], removed: [] };
      for (const die of fileLevelDies(unit.tree())) this.#add(die, level);
      this.#atFileLevel.set(unit, level);
    }
    return level;
  }

  #add(die: Die, level: FileLevel): void {
    const name = qualifiedName(die);
    const state = definitionState(die);
    if (name === undefined || state === "declared" || isVtable(name)) return;
    const external = die.origin(C.DW_AT_external) !== undefined;
    level[state].push(this.#variable(die, name, external ? "global" : "static"));
  }

  #variable(die: Die, name: string, kind: Variable["kind"]): Variable {
    return new DescribedVariable(this.#readers, die, name, kind);
  }
}

/**
 * What a block declares: its own entries, those of blocks inside it that have no code to themselves, and what the
 * function has where it is written but not in this copy, because the compiler removed it.
 */
function entriesOf(block: Die): Die[] {
  const own = block.children.flatMap(child => (isWithoutCode(child) ? entriesOf(child) : [child]));
  const origin = block.reference(C.DW_AT_abstract_origin);
  if (!origin) return own;
  const copied = new Set(block.children.map(child => child.reference(C.DW_AT_abstract_origin)));
  const removed = origin.children.filter(child => !copied.has(child));
  return [...own, ...removed.flatMap(die => (isWithoutCode(die) ? entriesOf(die) : [die]))];
}

const isWithoutCode = (die: Die): boolean =>
  die.tag === C.DW_TAG_lexical_block && !die.has(C.DW_AT_low_pc) && !die.has(C.DW_AT_ranges);

/** Of the blocks around an address those between the inlined copy of `inlineDepth` and the next one inside it. */
function blocksOfFrame(blocks: readonly Die[], inlineDepth: number | undefined): Die[] {
  const starts = blocks.flatMap((block, i) =>
    i === 0 || block.tag === C.DW_TAG_inlined_subroutine ? [i] : [],
  );
  const depth = inlineDepth ?? starts.length - 1;
  return blocks.slice(starts[depth] ?? blocks.length, starts[depth + 1]);
}

/** Top-level variables, those in namespaces included. */
function fileLevelDies(root: Die | undefined): Die[] {
  const found: Die[] = [];
  const waiting = root ? [root] : [];
  for (let die = waiting.pop(); die; die = waiting.pop()) {
    if (die.tag === C.DW_TAG_variable) found.push(die);
    else waiting.push(...die.childrenOf(C.DW_TAG_variable, C.DW_TAG_namespace).reverse());
  }
  return found;
}

function definitionState(die: Die): "kept" | "removed" | "declared" {
  if (die.origin(C.DW_AT_const_value)) return "kept";
  const choice = locationOf(die, C.DW_AT_location, undefined);
  if (choice.kind !== "expression") return "declared";
  return isRemoved(choice.bytes, die.unit) ? "removed" : "kept";
}

function isStatic(die: Die): boolean {
  const bytes = die.origin(C.DW_AT_location)?.block(C.DW_AT_location);
  return bytes !== undefined && (bytes[0] === C.DW_OP_addr || bytes[0] === C.DW_OP_addrx);
}
