// What a value is called in the source: the variable that holds it, or the expression that it was loaded from.
import { bare } from "../format.js";
import type { Frame, MemoryReader, SymbolTable, Type, Variable } from "../symbols/model.js";
import type { Origin } from "./origin.js";

/** An expression of the program's language; `type` if the debug information tells it. */
export interface Named {
  text: string;
  type: Type | undefined;
  /** Where a variable that is the whole expression is declared. */
  variable?: Variable;
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
export class Names {
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
      case "sum":
        return this.#sum(made) ?? this.#localAt(origin.value);
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
    const from = this.of(base);
    const position = index === undefined ? undefined : this.of(index);
    if (from !== undefined && index === undefined) {
      const pointed = behind(from, offset, size);
      if (pointed !== undefined) return pointed;
    }
    if (from !== undefined && position !== undefined) {
      const element = elementOf(from, position.text, shift, offset);
      if (element !== undefined) return element;
    }
    const known = base.value !== undefined && (index === undefined || index.value !== undefined);
    if (known) {
      const address = ((base.value ?? 0) + offset + ((index?.value ?? 0) << shift)) >>> 0;
      const found = this.at(address, size);
      if (found !== undefined) return found;
    }
    // Position-independent code loads the address of a variable from a table.
    return value === undefined ? undefined : this.#addressOf(value);
  }

  /** The address of a variable, as an expression. */
  #addressOf(address: number): Named | undefined {
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

  /** A local variable that begins at an address which was made from the stack pointer. */
  #localAt(address: number | undefined): Named | undefined {
    if (address === undefined) return undefined;
    const isLocal = this.#locals.some(({ variable, frame }) => {
      const location = variable.locate(frame, this.#memory);
      return location.kind === "memory" && location.address === address;
    });
    return isLocal ? this.#addressOf(address) : undefined;
  }

  #sum({ left, right, shift }: Extract<Origin["made"], { by: "sum" }>): Named | undefined {
    const base = this.of(left);
    if (right.made.by === "constant") {
      const offset = (right.value ?? 0) | 0;
      const part = base && behind(base, offset, 1);
      if (part !== undefined) return addressOfPart(part);
      const sign = offset < 0 ? `- ${-offset}` : `+ ${offset}`;
      return base && { text: `${wrapped(base.text)} ${sign}`, type: undefined };
    }
    const index = this.of(right);
    if (left.made.by === "constant" && left.value === 0)
      return index && { text: index.text, type: index.type };
    const element = base && index && elementOf(base, index.text, shift, 0);
    return element && addressOfPart(element);
  }

  #returned(at: number | undefined): Named | undefined {
    if (at === undefined) return undefined;
    const callee = this.#source.calleeAt(at);
    return callee === undefined ? undefined : { text: `${callee}()`, type: undefined };
  }
}

const wordOf = (bytes: Uint8Array): number =>
  bytes.reduceRight((value, byte) => value * 256 + byte, 0) >>> 0;

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
    if (each === 0) return undefined;
    const index = Math.floor(offset / each);
    return inside(`${text}[${index}]`, element, offset - index * each, size);
  }
  if (offset !== 0) return undefined;
  return { text, type };
}

const addressOfPart = ({ text, type }: Named): Named => ({
  text: `&${text}`,
  type: type && pointerTo(type),
});

/**
 * What an index reaches: `base[index]`, or an element of an array in the struct that `base` points to, where elements are
 * `1 << shift` bytes and what is meant lies `offset` bytes behind the indexed address.
 */
export function elementOf(
  base: Named,
  index: string,
  shift: number,
  offset: number,
): Named | undefined {
  const type = base.type && bare(base.type);
  if (type?.kind !== "pointer" && type?.kind !== "array") return undefined;
  const target = type.kind === "pointer" ? type.target() : type.element();
  const size = 1 << shift;
  const text = base.text.startsWith("&") ? base.text.slice(1) : wrapped(base.text);
  if (bare(target).size === size && offset >= 0 && offset < size)
    return inside(
      `${base.text.startsWith("&") ? `(${base.text})` : text}[${index}]`,
      target,
      offset,
      size,
    );
  const whole = bare(target);
  if (whole.kind !== "struct" || type.kind !== "pointer") return undefined;
  const arrow = base.text.startsWith("&") || type.rust ? "." : "->";
  for (const member of whole.members()) {
    const array = bare(member.type);
    const within = offset - member.offset;
    if (array.kind !== "array" || bare(array.element()).size !== size) continue;
    if (within < 0 || within >= size) continue;
    return inside(`${text}${arrow}${member.name}[${index}]`, array.element(), within, size);
  }
  return undefined;
}
