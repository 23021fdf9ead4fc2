// Where values lie: location descriptions of DWARF evaluated in a frame.
import { ByteReader } from "../../emulator/formats/reader.js";
import * as C from "../dwarf/constants.js";
import {
  BUILD_FOR_DEBUGGING,
  type ExpressionContext,
  type ExpressionResult,
  evaluate,
  evaluateValue,
} from "../dwarf/expression.js";
import { locationOf } from "../dwarf/locations.js";
import { type BaseType, fromBytes, generic, type Operand } from "../dwarf/operand.js";
import type { Die, Unit } from "../dwarf/unit.js";
import { CallSites, originOf, type TailCall } from "./call-sites.js";
import type { Functions } from "./functions.js";
import type { Image } from "./image.js";
import type { Frame, MemoryReader, ValueLocation } from "./model.js";
import { linkageName } from "./names.js";
import { isRust } from "./type-names.js";

const DEEPEST_CALLER = 8;

export class Locator {
  readonly #image: Image;
  readonly #functions: Functions;
  readonly #callSites: CallSites;

  constructor(image: Image, functions: Functions) {
    this.#image = image;
    this.#functions = functions;
    this.#callSites = new CallSites(functions);
  }

  /** Where `die` (a variable or parameter) lies while `frame` stands where it stands. */
  locate(die: Die, frame: Frame, memory: MemoryReader): ValueLocation {
    const location = this.#locate(die, frame, memory);
    return isRust(die) ? advisedForRust(location) : location;
  }

  #locate(die: Die, frame: Frame, memory: MemoryReader): ValueLocation {
    const described = die.origin(C.DW_AT_location);
    if (!described) return nowhere("the compiler keeps it nowhere");
    const choice = locationOf(described, C.DW_AT_location, this.#linkedPc(frame));
    if (choice.kind !== "expression") {
      return nowhere("the compiler keeps it nowhere at this instruction");
    }
    if (isRemoved(choice.bytes, described.unit)) {
      return { kind: "optimizedOut", why: "the linker removed it because nothing uses it" };
    }
    const result = evaluate(choice.bytes, this.context(described.unit, frame, memory));
    return toValueLocation(result, pointee =>
      this.#pointee(described.unit.dwarf.dieAt(pointee.die), pointee.offset, frame, memory),
    );
  }

  /** What lies `offset` bytes inside the object that `die` describes (DWARF 5 section 2.6.1.1.4). */
  #pointee(
    die: Die | undefined,
    offset: number,
    frame: Frame,
    memory: MemoryReader,
  ): ValueLocation {
    const constant = die?.origin(C.DW_AT_const_value);
    const size = die?.origin(C.DW_AT_type)?.reference(C.DW_AT_type)?.number(C.DW_AT_byte_size);
    let whole = nowhere("the compiler keeps it nowhere");
    if (die?.origin(C.DW_AT_location)) whole = this.locate(die, frame, memory);
    else if (constant) whole = constantValue(constant, size ?? 4);
    if (offset === 0) return whole;
    if (whole.kind === "memory") return { kind: "memory", address: (whole.address + offset) >>> 0 };
    if (whole.kind === "bytes") return { kind: "bytes", bytes: whole.bytes.subarray(offset) };
    return nowhere("only a part of it is known");
  }

  /** The number that attribute `name` of `die` is in `frame`: a constant, an expression, or a variable's value. */
  numberIn(die: Die, name: number, frame: Frame, memory: MemoryReader): number | undefined {
    const block = die.block(name);
    if (block) return evaluateValue(block, this.context(die.unit, frame, memory));
    const variable = die.reference(name);
    if (!variable) return die.number(name);
    const location = this.locate(variable, frame, memory);
    if (location.kind === "register") return frame.registers[location.register];
    const bytes = location.kind === "bytes" ? location.bytes : undefined;
    const found = location.kind === "memory" ? memory.read(location.address, 4) : bytes;
    return found && Number(fromBytes(found.subarray(0, 4), undefined).bits);
  }

  #linkedPc(frame: Frame): number | undefined {
    return this.#image.toLinked(frame.lookupPc);
  }

  /** What expressions of `unit` may ask for in `frame`. */
  context(unit: Unit, frame: Frame, memory: MemoryReader, depth = 0): ExpressionContext {
    let frameBase: { value: number | undefined } | undefined;
    const context: ExpressionContext = {
      // DWARF 2 made references across units the size of an address.
      referenceSize: unit.version <= 2 ? unit.addressSize : unit.offsetSize,
      register: register => frame.registers[register],
      read: (address, length) => memory.read(address, length),
      cfa: () => frame.cfa,
      relocate: linked => this.#image.toRuntime(linked),
      indexedAddress: index => unit.indexedAddress(index),
      frameBase: () => {
        // Set first, so that a frame base that asks for itself ends.
        if (!frameBase) {
          frameBase = { value: undefined };
          frameBase.value = this.#frameBase(frame, context);
        }
        return frameBase.value;
      },
      entryValue: expression => this.#entryValue(expression, frame, memory, depth),
      baseType: offset => baseTypeAt(unit, offset),
      subexpression: (offset, inUnit) => {
        const target = inUnit ? unit.dieAt(unit.offset + offset) : unit.dwarf.dieAt(offset);
        const choice = target && locationOf(target, C.DW_AT_location, this.#linkedPc(frame));
        return choice?.kind === "expression" ? choice.bytes : undefined;
      },
    };
    return context;
  }

  #frameBase(frame: Frame, context: ExpressionContext): number | undefined {
    const pc = this.#linkedPc(frame);
    const die = pc === undefined ? undefined : this.#functions.at(pc)?.die;
    const described = die?.origin(C.DW_AT_frame_base);
    const choice = described && locationOf(described, C.DW_AT_frame_base, pc);
    return choice?.kind === "expression" ? evaluateValue(choice.bytes, context) : undefined;
  }

  /** What `expression` was at the function's entry, from what the caller's call site says it passed. */
  #entryValue(
    expression: Uint8Array,
    frame: Frame,
    memory: MemoryReader,
    depth: number,
  ): Operand | undefined {
    const caller = frame.caller?.();
    if (!caller || depth >= DEEPEST_CALLER) return undefined;
    const site = this.#callSite(frame, caller, memory, depth);
    const parameter = site?.children.find(child => {
      const location = child.block(C.DW_AT_location);
      return location && sameBytes(location, expression);
    });
    const value =
      parameter?.block(C.DW_AT_call_value) ?? parameter?.block(C.DW_AT_GNU_call_site_value);
    if (!site || !value) return undefined;
    const context = this.context(site.unit, caller, memory, depth + 1);
    const result = evaluateValue(value, context);
    return result === undefined ? undefined : generic(result);
  }

  /** The call at which `caller` stands. */
  #siteOf(caller: Frame): Die | undefined {
    const returnAddress = this.#image.toLinked(caller.pc);
    const lookup = this.#linkedPc(caller);
    if (returnAddress === undefined || lookup === undefined) return undefined;
    return this.#callSites.returningTo(returnAddress, lookup);
  }

  /** Tail calls by which the function that `caller` called came to where `frame` is, outermost first. */
  tailCalls(frame: Frame, caller: Frame): readonly TailCall[] {
    const site = this.#siteOf(caller);
    const running = this.#functions.at(this.#linkedPc(frame) ?? 0);
    const origin = site && originOf(site);
    if (!origin || !running || linkageName(origin) === linkageName(running.die)) return [];
    const called = this.#callSites.targetOf(site);
    if (!called || called.die === running.die) return [];
    return this.#callSites.between(called, running) ?? [];
  }

  /** The call that entered `frame`, if it called this function and not one that called it last. */
  #callSite(frame: Frame, caller: Frame, memory: MemoryReader, depth: number): Die | undefined {
    const called = this.#functions.at(this.#linkedPc(frame) ?? 0);
    const site = this.#siteOf(caller);
    if (!called || !site) return undefined;
    const origin = originOf(site);
    if (origin) return linkageName(origin) === linkageName(called.die) ? site : undefined;
    const target = site.block(C.DW_AT_call_target) ?? site.block(C.DW_AT_GNU_call_site_target);
    const context = this.context(site.unit, caller, memory, depth + 1);
    const address = target && evaluateValue(target, context);
    const entry = this.#image.toRuntime(called.entry);
    return address !== undefined && (address & ~1) >>> 0 === entry ? site : undefined;
  }
}

/** cargo's words for what to build with. */
function advisedForRust(location: ValueLocation): ValueLocation {
  if (location.kind === "optimizedOut") {
    const why = location.why.replace(BUILD_FOR_DEBUGGING, "build without --release to see it");
    return { ...location, why };
  }
  if (location.kind !== "pieces") return location;
  const pieces = location.pieces.map(({ location: piece, size }) => ({
    location: advisedForRust(piece),
    size,
  }));
  return { kind: "pieces", pieces };
}

const nowhere = (why: string): ValueLocation => ({
  kind: "optimizedOut",
  why: `${why}; ${BUILD_FOR_DEBUGGING}`,
});

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i]);

function baseTypeAt(unit: Unit, offset: number): BaseType | undefined {
  const die = unit.dieAt(unit.offset + offset);
  const size = die?.number(C.DW_AT_byte_size);
  if (!die || size === undefined || die.tag !== C.DW_TAG_base_type) return undefined;
  const encoding = die.number(C.DW_AT_encoding);
  if (encoding === C.DW_ATE_float) return { size, encoding: "float" };
  const signed = encoding === C.DW_ATE_signed || encoding === C.DW_ATE_signed_char;
  return { size, encoding: signed ? "signed" : "unsigned" };
}

/** The link address that an expression is, if it is one alone: of a variable that lies still. */
export function staticAddress(expression: Uint8Array, unit: Unit): number | undefined {
  const reader = new ByteReader(expression, "DW_AT_location");
  return unit.dwarf.guard(() => {
    const opcode = reader.length > 0 ? reader.u8() : 0;
    if (opcode === C.DW_OP_addr) return reader.u32();
    return opcode === C.DW_OP_addrx ? unit.indexedAddress(reader.uleb()) : undefined;
  });
}

/** --gc-sections leaves the variables it removed at link address 0. */
export const isRemoved = (expression: Uint8Array, unit: Unit): boolean =>
  staticAddress(expression, unit) === 0;

/** DW_AT_const_value in the bytes of a type of `size`, little-endian. */
export function constantValue(die: Die, size: number): ValueLocation {
  const attribute = die.attribute(C.DW_AT_const_value);
  const value = attribute?.value;
  if (value instanceof Uint8Array) return { kind: "bytes", bytes: value };
  if (attribute && typeof value !== "boolean") {
    const text = die.string(C.DW_AT_const_value);
    if (text !== undefined) return { kind: "bytes", bytes: new TextEncoder().encode(`${text}\0`) };
    const bits = BigInt(value ?? 0);
    const bytes = Uint8Array.from({ length: Math.min(size, 16) }, (_, i) =>
      Number((bits >> BigInt(8 * i)) & 0xffn),
    );
    return { kind: "bytes", bytes };
  }
  return { kind: "optimizedOut", why: "its constant value is not in the debug information" };
}

type Pointee = Extract<ExpressionResult, { kind: "unavailable" }>["pointee"];

function toValueLocation(
  result: ExpressionResult,
  locate: (pointee: NonNullable<Pointee>) => ValueLocation,
): ValueLocation {
  switch (result.kind) {
    case "memory":
    case "register":
    case "bytes":
      return result;
    case "unavailable": {
      const { why, pointee } = result;
      if (!pointee) return { kind: "optimizedOut", why };
      return { kind: "optimizedOut", why, pointee: () => locate(pointee) };
    }
    case "pieces":
      return {
        kind: "pieces",
        pieces: result.pieces.map(({ location, size }) => ({
          location: toValueLocation(location, locate),
          size,
        })),
      };
  }
}
