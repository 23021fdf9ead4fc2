// An address taken apart: the pointer that it was made from, the index, and the constants that were added to both.
import { bare } from "../format.js";
import type { Named } from "./names.js";
import { joined, type Origin } from "./origin.js";

/** An index into elements of `scale` bytes. */
export interface Index {
  origin: Origin;
  scale: number;
}

/** Its address is `pointer + offset + index * scale`. */
export interface Folded {
  /** What was there before anything was taken apart. */
  whole: Origin;
  pointer: Origin;
  offset: number;
  index: Index | undefined;
  /** A loop has moved the pointer on. */
  stepped: boolean;
}

/** What the names of a function tell of a value. */
export interface Naming {
  of(origin: Origin): Named | undefined;
  inRegister(register: number, pc: number): Named | undefined;
  /** The local variable that begins at an address. */
  localAt(address: number | undefined): Named | undefined;
  /** Where the variable begins in which an address of the stack lies, if an index can go on from there. */
  arrayStart(address: number, size: number): number | undefined;
}

/** The pointer in a sum, unless a variable holds the sum itself. */
export function fold(names: Naming, folded: Folded): Folded {
  const { pointer, offset, index } = folded;
  const { made, place } = pointer;
  if (made.by === "constant" && made.part === true && pointer.value !== undefined) {
    const { base, offset: rest } = joined(pointer, offset);
    return { ...folded, whole: base, pointer: base, offset: rest };
  }
  if (place !== undefined && names.inRegister(place.register, place.pc) !== undefined)
    return folded;
  if (made.by === "step") return fold(names, { ...folded, pointer: made.from, stepped: true });
  if (isInFrame(pointer)) return inFrame(names, folded);
  if (made.by !== "sum" || names.localAt(pointer.value) !== undefined) return folded;
  const { left, right, shift } = made;
  if (right.made.by === "constant" && right.value !== undefined)
    return fold(names, { ...folded, pointer: left, offset: offset + (right.value | 0) });
  if (index !== undefined) return folded;
  const isSwapped = shift === 0 && (isInFrame(right) || isPointer(names.of(right)));
  const [base, added] = isSwapped ? [right, left] : [left, right];
  if (!isInFrame(base) && !isPointer(names.of(base))) return folded;
  const by = unscaled(added, isSwapped ? 1 : 2 ** shift);
  return fold(names, {
    ...folded,
    pointer: base,
    offset: offset + by.offset,
    index: { origin: by.origin, scale: by.scale },
  });
}

/** Whether a value is the stack pointer, or a constant apart from it. */
export const isInFrame = ({ made }: Origin): boolean =>
  made.by === "frame" ||
  (made.by === "sum" && made.right.made.by === "constant" && isInFrame(made.left));

/** An array on the stack that is indexed is reached from the end of the frame, or wherever that is short. */
function inFrame(names: Naming, folded: Folded): Folded {
  const { pointer, offset, index } = folded;
  const { value } = pointer;
  if (value === undefined || index === undefined) return folded;
  const { scale } = index;
  const first = names.arrayStart(value + offset, scale);
  const number = index.origin.value;
  const reached =
    number === undefined
      ? undefined
      : names.arrayStart(value + offset + (number | 0) * scale, scale);
  // `array[i - 1]` counts from in front of the array, where another may lie.
  const start = reached ?? first;
  if (start === undefined) return folded;
  const base: Origin = { value: start, at: undefined, made: { by: "frame" } };
  return { ...folded, pointer: base, offset: value + offset - start };
}

export function isPointer(named: Named | undefined): boolean {
  const type = named?.type && bare(named.type);
  return type?.kind === "pointer" || type?.kind === "array";
}

interface Scaled extends Index {
  offset: number;
}

/** `((i + 1) << 2) + 8` is `i * 4`, and 12 bytes on; `i + (i << 1)` is `i * 3`. */
export function unscaled(origin: Origin, scale: number): Scaled {
  const { made, value } = origin;
  const whole = { origin, scale, offset: 0 };
  if (made.by === "product") return of(value, made.of, scale, made.times);
  if (made.by !== "sum") return whole;
  const { left, right, shift } = made;
  if (right.made.by === "constant" && right.value !== undefined && shift === 0) {
    const rest = unscaled(left, scale);
    return { ...rest, offset: rest.offset + (right.value | 0) * scale };
  }
  if (left.made.by === "constant" && left.value === 0) return of(value, right, scale, 2 ** shift);
  const [first, second] = [unscaled(left, 1), unscaled(right, 2 ** shift)];
  if (!isSame(first.origin, second.origin)) return whole;
  return {
    origin: first.origin,
    scale: (first.scale + second.scale) * scale,
    offset: (first.offset + second.offset) * scale,
  };
}

/** A multiple of a value, which the register of the product still tells. */
function of(product: number | undefined, origin: Origin, scale: number, times: number): Scaled {
  const exact = product !== undefined && (product | 0) % times === 0;
  const value = origin.value ?? (exact ? (product | 0) / times : undefined);
  return unscaled({ ...origin, value }, scale * times);
}

/** The instruction that made it is the same, or it was looked for in the same place. */
const isSame = (one: Origin, other: Origin): boolean =>
  (one.at !== undefined && one.at === other.at && one.made.by === other.made.by) ||
  (one.place !== undefined &&
    one.place.register === other.place?.register &&
    one.place.pc === other.place.pc);
