// What a value is called in the source: the variable that holds it, or the expression that it was loaded from.
import { bare } from "../format.js";
import type { Frame, MemoryReader, SymbolTable, Type, Variable } from "../symbols/model.js";
import { type Folded, fold, isInFrame, isPointer, type Naming, unscaled } from "./address.js";
import type { Origin } from "./origin.js";
import { NULL_PAGE } from "./regions.js";

/** An expression of the program's language; `type` if the debug information tells it. */
export interface Named {
  text: string;
  type: Type | undefined;
  /** Where a variable that is the whole expression is declared. */
  variable?: Variable;
  /** The last index in `text`, and what it is. */
  index?: { text: string; value: number };
}

/** What names are made from. */
export interface NameSource {
  symbols: SymbolTable;
  memory: MemoryReader;
  /** Registers of arguments, in their order. */
  arguments: readonly number[];
  /** Name of the function that the call instruction at an address calls. */
  calleeAt(address: number): string | undefined;
  /** False for assembler, which uses the registers of parameters as it likes. */
  knowsRegisters: boolean;
  /** libtock-rs's stack is a variable, too, and names nothing that lies on it. */
  isStack(address: number): boolean;
}

/** Names in one frame of a function, inlined calls around it included. */
export class Names implements Naming {
  readonly #source: NameSource;
  readonly #symbols: SymbolTable;
  readonly #memory: MemoryReader;
  readonly #frames: readonly Frame[];
  readonly #locals: readonly { variable: Variable; frame: Frame }[];
  readonly #entry: number;

  /** `frames`: the innermost one, and those of the calls that it is inlined into; `entry` of the function's code. */
  constructor(source: NameSource, frames: readonly Frame[], entry: number) {
    const { symbols, memory } = source;
    this.#source = source;
    this.#symbols = symbols;
    this.#memory = memory;
    this.#frames = frames;
    this.#entry = entry;
    this.#locals = frames.flatMap(frame =>
      symbols.variablesAt(frame.lookupPc, frame.inlineDepth).map(variable => ({ variable, frame })),
    );
  }

  /** The variable that lies in a register in front of an instruction of the function. */
  inRegister(register: number, pc: number): Named | undefined {
    const [frame] = this.#frames;
    if (frame === undefined || !this.#source.knowsRegisters) return undefined;
    for (let depth = this.#symbols.inlinedAt(pc).length; depth >= 0; depth--) {
      const there: Frame = { ...frame, pc, lookupPc: pc, inlineDepth: depth };
      const found = this.#symbols.variablesAt(pc, depth).filter(variable => {
        const location = variable.locate(there, this.#memory);
        return location.kind === "register" && location.register === register;
      });
      // A callback gets its object as a void pointer, and gives it a type.
      const chosen = found.find(({ type }) => !pointsToVoid(type)) ?? found[0];
      if (chosen !== undefined) return whole(chosen);
    }
    return undefined;
  }

  /** The only pointer among the locals that has a value which lies in no memory or register: one that was optimized to a constant. */
  constantPointer(value: number): Named | undefined {
    const found = this.#locals.filter(({ variable, frame }) => {
      if (bare(variable.type).kind !== "pointer") return false;
      const location = variable.locate(frame, this.#memory);
      return location.kind === "bytes" && wordOf(location.bytes) === value >>> 0;
    });
    const [only] = found;
    return found.length === 1 && only !== undefined ? whole(only.variable) : undefined;
  }

  /** The parameter that the function got in a register. */
  parameterIn(register: number): Named | undefined {
    const [frame] = this.#frames.slice(-1);
    const index = this.#source.arguments.indexOf(register);
    if (frame === undefined || index < 0) return undefined;
    const atEntry: Frame = { ...frame, pc: this.#entry, lookupPc: this.#entry, inlineDepth: 0 };
    const parameters = this.#symbols
      .variablesAt(this.#entry, 0)
      .filter(({ kind }) => kind === "parameter");
    const found = parameters.find(variable => {
      const location = variable.locate(atEntry, this.#memory);
      return location.kind === "register" && location.register === register;
    });
    // Without optimization it has a place on the stack only, which the first instructions fill.
    const later = parameters[index];
    const stored =
      later?.locate(atEntry, this.#memory).kind === "memory" && parameters.every(fitsOne);
    const chosen = found ?? (stored ? later : undefined);
    return chosen && whole(chosen);
  }

  /** The register that a parameter came in, where it was stored on the stack at once. */
  registerOf(variable: Variable): number | undefined {
    const register = this.#source.arguments.find(
      each => this.parameterIn(each)?.variable?.name === variable.name,
    );
    return variable.kind === "parameter" ? register : undefined;
  }

  /** What lies at an address: a variable, or a part of one. */
  at(address: number, size: number): Named | undefined {
    for (const { variable, frame } of this.#locals) {
      const found = this.#partOf(variable, frame, address, size);
      if (found !== undefined) return found;
    }
    const symbol = this.#source.isStack(address) ? undefined : this.#symbols.symbolAt(address);
    if (symbol === undefined || this.#symbols.functionAt(address) !== undefined) return undefined;
    const [frame] = this.#frames;
    if (frame === undefined) return undefined;
    const variable = this.#symbols.globalNamed(symbol.name.replace(/\.\d+$/, ""), frame.lookupPc);
    const part = variable && this.#partOf(variable, frame, address, size);
    if (part !== undefined) return part;
    // A label of the linker script has no size and names nothing that lies there.
    const sized = (this.#symbols.symbolNamed(symbol.name)?.size ?? 0) > 0;
    return sized && symbol.offset === 0 ? { text: symbol.name, type: undefined } : undefined;
  }

  /** The variable that begins at an address. */
  #variableAt(address: number): Variable | undefined {
    const begins = (variable: Variable, frame: Frame) => {
      const location = variable.locate(frame, this.#memory);
      return location.kind === "memory" && location.address === address;
    };
    const local = this.#locals.find(({ variable, frame }) => begins(variable, frame));
    if (local !== undefined) return local.variable;
    const [frame] = this.#frames;
    const symbol = this.#symbols.symbolAt(address);
    if (frame === undefined || symbol?.offset !== 0) return undefined;
    const name = symbol.name.replace(/\.\d+$/, "");
    const variable = this.#symbols.globalNamed(name, frame.lookupPc);
    return variable !== undefined && begins(variable, frame) ? variable : undefined;
  }

  #partOf(variable: Variable, frame: Frame, address: number, size: number): Named | undefined {
    const location = variable.locate(frame, this.#memory);
    if (location.kind !== "memory") return undefined;
    const offset = address - location.address;
    if (offset < 0 || offset >= Math.max(1, bare(variable.type).size)) return undefined;
    return offset === 0 && bare(variable.type).size <= size
      ? whole(variable)
      : inside(variable.name, variable.type, offset, size);
  }

  /** An expression for a value: the variable that holds it, else what it was made from. */
  of(origin: Origin): Named | undefined {
    const { place } = origin;
    const variable = place && this.inRegister(place.register, place.pc);
    return variable ?? this.ofMade(origin);
  }

  /** What a value was made from, as far back as names reach. */
  ofMade(origin: Origin): Named | undefined {
    const { made } = origin;
    switch (made.by) {
      case "load":
        return this.#loaded(origin, made);
      case "entry":
        return this.parameterIn(made.register);
      case "constant":
        return origin.value === undefined || made.part ? undefined : this.#addressOf(origin.value);
      case "product":
        return this.#multiple(unscaled(origin, 1));
      case "sum":
        return this.#sum(origin) ?? this.localAt(origin.value);
      case "frame":
        return this.localAt(origin.value);
      case "call":
        return this.#returned(origin.at);
      default:
        return undefined;
    }
  }

  #loaded(
    { value }: Origin,
    { base, index, shift, offset, size }: Extract<Origin["made"], { by: "load" }>,
  ): Named | undefined {
    const isSwapped =
      index !== undefined && shift === 0 && isPointer(this.of(index)) && !isPointer(this.of(base));
    const [pointer, added] = isSwapped ? [index, base] : [base, index];
    const by = added && unscaled(added, 2 ** shift);
    const start = offset + (by?.offset ?? 0);
    const address = { whole: pointer, pointer, offset: start, index: by, stepped: false };
    const folded = fold(this, address);
    const part = this.#partBy(folded, size);
    if (part !== undefined) return part;
    const known = base.value !== undefined && (index === undefined || index.value !== undefined);
    if (known) {
      const at = ((base.value ?? 0) + offset + ((index?.value ?? 0) << shift)) >>> 0;
      const found = this.at(at, size);
      if (found !== undefined) return found;
    }
    // Position-independent code loads the address of a variable from a table.
    return value === undefined ? undefined : this.#addressOf(value);
  }

  /** What a pointer and an index lead to. */
  #partBy({ pointer, index, offset, stepped }: Folded, size: number): Named | undefined {
    if (stepped) return undefined;
    // What lies behind one variable of a frame is another.
    if (index === undefined && isInFrame(pointer) && pointer.value !== undefined)
      return this.at(pointer.value + offset, size);
    const from = this.of(pointer);
    if (from === undefined || index === undefined) return from && behind(from, offset, size);
    const position = this.of(index.origin);
    const element = position && elementOf(from, position.text, index.scale, offset, size);
    const { value } = index.origin;
    if (element === undefined || value === undefined) return element;
    return { ...element, index: { text: position?.text ?? "", value: value | 0 } };
  }

  /** The address of a variable, as an expression. */
  #addressOf(address: number): Named | undefined {
    // What was optimized into a null pointer is said to lie there.
    if (address < NULL_PAGE) return undefined;
    const variable = this.#variableAt(address);
    if (variable !== undefined) {
      const type = bare(variable.type);
      if (type.kind === "array") return { text: variable.name, type: variable.type, variable };
      return { text: `&${variable.name}`, type: pointerTo(variable.type) };
    }
    const found = this.at(address, 1);
    if (found === undefined) return undefined;
    return { text: `&${found.text}`, type: found.type && pointerTo(found.type) };
  }

  localAt(address: number | undefined): Named | undefined {
    if (address === undefined) return undefined;
    const isLocal = this.#locals.some(({ variable, frame }) => {
      const location = variable.locate(frame, this.#memory);
      return location.kind === "memory" && location.address === address;
    });
    return isLocal ? this.#addressOf(address) : undefined;
  }

  arrayStart(address: number, size: number): number | undefined {
    for (const { variable, frame } of this.#locals) {
      const location = variable.locate(frame, this.#memory);
      if (location.kind !== "memory") continue;
      const within = address - location.address;
      if (within >= 0 && within < bare(variable.type).size && hasElements(variable.type, size))
        return location.address;
    }
    return undefined;
  }

  #sum(origin: Origin): Named | undefined {
    if (isInFrame(origin))
      return origin.value === undefined ? undefined : this.#inFrame(origin.value);
    const { made } = origin;
    if (made.by !== "sum") return undefined;
    const { left, right, shift } = made;
    if (right.made.by === "constant") {
      const offset = (right.value ?? 0) | 0;
      const base = this.of(left);
      const part = base && behind(base, offset, 1);
      if (part !== undefined) return addressOfPart(part);
      const type = base?.type && hasAddress(base.type) ? undefined : base?.type;
      return base && { text: `${wrapped(base.text)}${signed(offset)}`, type };
    }
    const multiple = unscaled(origin, 1);
    if (multiple.origin !== origin) return this.#multiple(multiple);
    const whole = { whole: origin, pointer: origin, offset: 0, index: undefined, stepped: false };
    const folded = fold(this, whole);
    if (folded.pointer !== origin) {
      const element = this.#partBy(folded, folded.index?.scale ?? 1);
      return element && addressOfPart(element);
    }
    return this.#sumOfNumbers(this.of(left), this.#multiple(unscaled(right, 2 ** shift)));
  }

  /** What lies at an address of the stack, if a variable of the function does. */
  #inFrame(address: number): Named | undefined {
    for (const { variable, frame } of this.#locals) {
      const found = this.#partOf(variable, frame, address, 1);
      if (found !== undefined) return this.localAt(address) ?? addressOfPart(found);
    }
    return undefined;
  }

  #multiple({ origin, scale, offset }: ReturnType<typeof unscaled>): Named | undefined {
    const named = this.of(origin);
    if (named === undefined) return undefined;
    const times = scale === 1 ? named.text : `${wrapped(named.text)} * ${scale}`;
    const type = named.type && hasAddress(named.type) ? undefined : named.type;
    return { text: `${times}${signed(offset)}`, type };
  }

  /** C would scale what is added to a pointer. */
  #sumOfNumbers(left: Named | undefined, right: Named | undefined): Named | undefined {
    if (left === undefined || right === undefined) return undefined;
    const isNumber = ({ type }: Named) => type === undefined || !hasAddress(type);
    return isNumber(left) && isNumber(right)
      ? { text: `${left.text} + ${right.text}`, type: left.type ?? right.type }
      : undefined;
  }

  #returned(at: number | undefined): Named | undefined {
    if (at === undefined) return undefined;
    const callee = this.#source.calleeAt(at);
    return callee === undefined ? undefined : { text: `${callee}()`, type: undefined };
  }
}

const wordOf = (bytes: Uint8Array): number =>
  bytes.reduceRight((value, byte) => value * 256 + byte, 0) >>> 0;

const signed = (offset: number): string =>
  offset === 0 ? "" : offset < 0 ? ` - ${-offset}` : ` + ${offset}`;

const hasAddress = (type: Type): boolean => ["pointer", "array"].includes(bare(type).kind);

/** An array with elements of a size, or a struct that has one. */
function hasElements(type: Type, size: number): boolean {
  const own = bare(type);
  if (own.kind === "array") return own.size > 0 && bare(own.element()).size === size;
  return own.kind === "struct" && own.members().some(each => hasElements(each.type, size));
}

function pointsToVoid(type: Type): boolean {
  const own = bare(type);
  return own.kind === "pointer" && bare(own.target()).kind === "void";
}

const fitsOne = ({ type }: Variable): boolean => bare(type).size <= 4;

const whole = (variable: Variable): Named => ({
  text: variable.name,
  type: variable.type,
  variable,
});

const pointerTo = (target: Type): Type => ({
  kind: "pointer",
  name: target.rust ? `*mut ${target.name}` : `${target.name} *`,
  size: 4,
  target: () => target,
  ...(target.rust ? { rust: true as const } : {}),
});

const wrapped = (text: string): string => (/^[\w$.[\]>:-]+$/.test(text) ? text : `(${text})`);

/** What lies `offset` bytes behind a pointer. */
export function behind(pointer: Named, offset: number, size: number): Named | undefined {
  const type = pointer.type && bare(pointer.type);
  if (type === undefined) return undefined;
  if (type.kind === "array") return inside(pointer.text, type, offset, size);
  if (type.kind !== "pointer") return undefined;
  // `&x` and then behind it is `x` again.
  if (pointer.text.startsWith("&"))
    return inside(pointer.text.slice(1), type.target(), offset, size);
  const target = type.target();
  const pointee = bare(target);
  const text = wrapped(pointer.text);
  if (pointee.kind === "struct" || pointee.kind === "union") {
    if (offset < 0 || offset >= pointee.size) return undefined;
    return inside(type.rust ? text : `${text}->`, target, offset, size, !type.rust);
  }
  if (pointee.kind === "void" || pointee.size === 0) return { text: `*${text}`, type: undefined };
  if (offset === 0) return { text: `*${text}`, type: target };
  return offset % pointee.size === 0
    ? { text: `${text}[${offset / pointee.size}]`, type: target }
    : undefined;
}

/** The member or element at an offset of an object. `text` may end with an arrow (`joined`). */
export function inside(
  text: string,
  type: Type,
  offset: number,
  size: number,
  joined = false,
): Named | undefined {
  const own = bare(type);
  if (own.kind === "struct" || own.kind === "union") {
    const member = own
      .members()
      .find(
        each => offset >= each.offset && offset < each.offset + Math.max(1, bare(each.type).size),
      );
    if (member === undefined) return undefined;
    const dot = joined || member.name === "" ? "" : ".";
    const path = member.name === "" ? text : `${text}${dot}${member.name}`;
    return inside(path, member.type, offset - member.offset, size, joined && member.name === "");
  }
  if (own.kind === "array") {
    const element = own.element();
    const each = bare(element).size;
    if (offset === 0 && own.size > 0 && size >= own.size) return { text, type };
    if (each === 0) return undefined;
    const index = Math.floor(offset / each);
    return inside(`${text}[${index}]`, element, offset - index * each, size);
  }
  if (offset !== 0) return undefined;
  return { text, type };
}

const addressOfPart = ({ text, type }: Named): Named => ({
  text: /^\*\w+$/.test(text) ? text.slice(1) : `&${text}`,
  type: type && pointerTo(type),
});

/**
 * What an index reaches: `base[index]`, or an element of an array in the struct that `base` points to, where elements are
 * `scale` bytes and what is meant, `size` bytes, lies `offset` bytes behind the indexed address.
 */
export function elementOf(
  base: Named,
  index: string,
  scale: number,
  offset: number,
  size: number,
): Named | undefined {
  const type = base.type && bare(base.type);
  if (type?.kind !== "pointer" && type?.kind !== "array") return undefined;
  const target = type.kind === "pointer" ? type.target() : type.element();
  const within = (from: number) => offset >= from && offset < from + scale;
  const text = base.text.startsWith("&") ? base.text.slice(1) : wrapped(base.text);
  if (bare(target).size === scale && within(0))
    return inside(
      `${base.text.startsWith("&") ? `(${base.text})` : text}[${index}]`,
      target,
      offset,
      size,
    );
  const whole = bare(target);
  // In a row of an array of arrays.
  if (
    whole.kind === "array" &&
    type.kind === "pointer" &&
    bare(whole.element()).size === scale &&
    within(0)
  ) {
    const row = base.text.startsWith("&") ? text : `(*${text})`;
    return inside(`${row}[${index}]`, whole.element(), offset, size);
  }
  if (whole.kind !== "struct" || type.kind !== "pointer") return undefined;
  const arrow = base.text.startsWith("&") || type.rust ? "." : "->";
  for (const member of whole.members()) {
    const array = bare(member.type);
    if (array.kind !== "array" || bare(array.element()).size !== scale) continue;
    if (!within(member.offset)) continue;
    const element = `${text}${arrow}${member.name}[${index}]`;
    return inside(element, array.element(), offset - member.offset, size);
  }
  return undefined;
}
