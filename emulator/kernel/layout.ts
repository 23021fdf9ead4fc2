// A driver's part of a grant as Rust's `repr(C)` lays it out, and accessors over its bytes in guest RAM.
import { alignUp } from "../base/bits.js";
import type { Memory } from "../bus/memory.js";
import type { Fields, FieldType, Layout } from "./grant.js";
import type { GrantRegionView } from "./inspect.js";

const sizes: Readonly<Record<FieldType, number>> = {
  u8: 1,
  bool: 1,
  u16: 2,
  u32: 4,
  i32: 4,
  u64: 8,
};

type Value = number | bigint | boolean;

const readers: Readonly<Record<FieldType, (memory: Memory, address: number) => Value>> = {
  u8: (memory, address) => memory.read8(address),
  bool: (memory, address) => memory.read8(address) !== 0,
  u16: (memory, address) => memory.read16(address),
  u32: (memory, address) => memory.read32(address),
  i32: (memory, address) => memory.read32(address) | 0,
  u64: (memory, address) =>
    (BigInt(memory.read32(address + 4)) << 32n) | BigInt(memory.read32(address)),
};

const writers: Readonly<
  Record<FieldType, (memory: Memory, address: number, value: Value) => void>
> = {
  u8: (memory, address, value) => memory.write8(address, Number(value)),
  bool: (memory, address, value) => memory.write8(address, value ? 1 : 0),
  u16: (memory, address, value) => memory.write16(address, Number(value)),
  u32: (memory, address, value) => memory.write32(address, Number(value)),
  i32: (memory, address, value) => memory.write32(address, Number(value)),
  u64: (memory, address, value) => {
    const bits = BigInt.asUintN(64, BigInt(value));
    memory.write32(address, Number(bits & 0xffffffffn));
    memory.write32(address + 4, Number(bits >> 32n));
  },
};

interface PlacedField {
  name: string;
  type: FieldType;
  /** Elements; `null` for a field that is no array. */
  length: number | null;
  /** Bytes from the start of the driver's part. */
  offset: number;
}

export interface PlacedLayout {
  fields: readonly PlacedField[];
  size: number;
  alignment: number;
}

export function placeFields(layout: Layout): PlacedLayout {
  const fields: PlacedField[] = [];
  let end = 0;
  let alignment = 1;
  for (const [name, declared] of Object.entries(layout)) {
    const [type, length] = typeof declared === "string" ? [declared, null] : declared;
    const offset = alignUp(end, sizes[type]);
    fields.push({ name, type, length, offset });
    end = offset + sizes[type] * (length ?? 1);
    alignment = Math.max(alignment, sizes[type]);
  }
  return { fields, size: alignUp(end, alignment), alignment };
}

const BASE = Symbol("base");
const CHECK = Symbol("check");

/** The fields of one allocation; their accessors are made once per layout and stand on a class of its own. */
interface Placed {
  readonly [BASE]: number;
  readonly [CHECK]: () => void;
}

/** Makes accessors over the fields at `base`; `check` is called before every access and may throw. */
export function fieldAccess<L extends Layout>(
  layout: PlacedLayout,
  memory: Memory,
): (base: number, check: () => void) => Fields<L> {
  class View implements Placed {
    readonly [BASE]: number;
    readonly [CHECK]: () => void;

    constructor(base: number, check: () => void) {
      this[BASE] = base;
      this[CHECK] = check;
    }
  }
  for (const field of layout.fields)
    Object.defineProperty(View.prototype, field.name, {
      enumerable: true,
      ...(field.length === null
        ? scalar(field, memory)
        : { get: arrayGetter(field, field.length, memory) }),
    });
  return (base, check) => new View(base, check) as unknown as Fields<L>;
}

function scalar({ type, offset }: PlacedField, memory: Memory) {
  const [read, write] = [readers[type], writers[type]];
  return {
    get(this: Placed): Value {
      this[CHECK]();
      return read(memory, this[BASE] + offset);
    },
    set(this: Placed, value: Value): void {
      this[CHECK]();
      write(memory, this[BASE] + offset, value);
    },
  };
}

function arrayGetter({ name, type, offset }: PlacedField, length: number, memory: Memory) {
  const [read, write] = [readers[type], writers[type]];
  return function (this: Placed) {
    const element = (index: number) => {
      if (!(index >= 0 && index < length)) throw new RangeError(`${name}[${index}] of ${length}`);
      this[CHECK]();
      return this[BASE] + offset + index * sizes[type];
    };
    return {
      length,
      get: (index: number) => read(memory, element(index)),
      set: (index: number, value: Value) => write(memory, element(index), value),
    };
  };
}

/** Fields as text, for a debugger; arrays are listed in square brackets. */
export function describeFields(
  layout: PlacedLayout,
  memory: Memory,
  base: number,
): GrantRegionView["fields"] {
  return layout.fields.map(({ name, type, length, offset }) => {
    const address = base + offset;
    const size = sizes[type] * (length ?? 1);
    const text = (index: number) => String(readers[type](memory, address + index * sizes[type]));
    return length === null
      ? { name, address, size, type, value: text(0) }
      : {
          name,
          address,
          size,
          type: `${type}[${length}]`,
          value: `[${Array.from({ length }, (_, i) => text(i)).join(", ")}]`,
        };
  });
}
