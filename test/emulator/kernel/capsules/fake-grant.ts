// A Grant over plain buffers, for tests of capsules without a kernel: the same views, no MPU, no process memory.
import {
  type ProcessError,
  type ProcessId,
  sameProcess,
} from "../../../../emulator/kernel/driver.js";
import type {
  Entered,
  Fields,
  FieldType,
  Grant,
  GrantShape,
  GrantView,
  Layout,
  WriteableBuffer,
} from "../../../../emulator/kernel/grant.js";
import { ErrorCode, Return, type SyscallReturn } from "../../../../emulator/kernel/syscalls.js";

export interface Upcall {
  process: number;
  subscribe: number;
  arguments: [number, number, number];
}

const sizes: Record<FieldType, number> = { u8: 1, bool: 1, u16: 2, u32: 4, i32: 4, u64: 8 };

/** Processes are alive until they are killed; each has one buffer per allow number. */
export class FakeGrant<L extends Layout> implements Grant<L> {
  readonly upcalls: Upcall[] = [];
  readonly readOnly = new Map<string, Uint8Array>();
  readonly readWrite = new Map<string, Uint8Array>();
  readonly #shape: GrantShape<L>;
  readonly #data = new Map<number, { process: ProcessId; view: DataView<ArrayBuffer> }>();
  readonly #dead = new Set<number>();
  #entered = new Set<number>();

  constructor(shape: GrantShape<L>) {
    this.#shape = shape;
  }

  allow(kind: "readOnly" | "readWrite", process: ProcessId, number: number, bytes: Uint8Array) {
    this[kind].set(`${process.index}/${number}`, bytes);
  }

  kill(process: ProcessId): void {
    this.#dead.add(process.index);
  }

  enter<R>(process: ProcessId, f: (view: GrantView<L>) => R): Entered<R> {
    if (this.#dead.has(process.index)) return { ok: false, error: "NoSuchApp" };
    const slot = this.#data.get(process.index) ?? this.#allocate(process);
    if (!sameProcess(slot.process, process)) return { ok: false, error: "NoSuchApp" };
    assert(!this.#entered.has(process.index), "Attempted to re-enter a grant region.");
    this.#entered.add(process.index);
    try {
      return { ok: true, value: f(this.#view(process, slot.view)) };
    } finally {
      this.#entered.delete(process.index);
    }
  }

  command(process: ProcessId, f: (view: GrantView<L>) => SyscallReturn): SyscallReturn {
    const entered = this.enter(process, f);
    return entered.ok ? entered.value : Return.failure(ErrorCode.INVAL);
  }

  each(f: (view: GrantView<L>, process: ProcessId) => void): void {
    for (const { process } of [...this.#data.values()].sort(
      (a, b) => a.process.index - b.process.index,
    )) {
      if (!this.#dead.has(process.index)) this.enter(process, view => f(view, process));
    }
  }

  allocate(process: ProcessId): ProcessError | undefined {
    const entered = this.enter(process, () => {});
    return entered.ok ? undefined : entered.error;
  }

  /** Takes the upcalls queued so far. */
  takeUpcalls(): Upcall[] {
    return this.upcalls.splice(0);
  }

  save() {
    return structuredClone({
      data: [...this.#data.values()].map(({ process, view }) => ({ process, bytes: view.buffer })),
      upcalls: this.upcalls,
      readOnly: this.readOnly,
      readWrite: this.readWrite,
    });
  }

  load(state: ReturnType<FakeGrant<L>["save"]>): void {
    const { data, upcalls, readOnly, readWrite } = structuredClone(state);
    this.#data.clear();
    for (const { process, bytes } of data) {
      this.#data.set(process.index, { process, view: new DataView(bytes) });
    }
    this.upcalls.splice(0, Number.POSITIVE_INFINITY, ...upcalls);
    this.readOnly.clear();
    this.readWrite.clear();
    for (const [key, bytes] of readOnly) this.readOnly.set(key, bytes);
    for (const [key, bytes] of readWrite) this.readWrite.set(key, bytes);
  }

  #allocate(process: ProcessId) {
    const slot = { process, view: new DataView(new ArrayBuffer(64)) };
    this.#data.set(process.index, slot);
    return slot;
  }

  #view(process: ProcessId, bytes: DataView): GrantView<L> {
    const buffer = (map: Map<string, Uint8Array>, n: number) =>
      bufferOf(map.get(`${process.index}/${n}`) ?? new Uint8Array());
    return {
      data: fieldsOf(this.#shape.data, bytes),
      scheduleUpcall: (subscribe, a, b, c) => {
        if (subscribe >= this.#shape.upcalls) return "InvalidSubscribeNum";
        const args: Upcall["arguments"] = [a >>> 0, b >>> 0, c >>> 0];
        this.upcalls.push({ process: process.index, subscribe, arguments: args });
        return undefined;
      },
      readOnly: n => buffer(this.readOnly, n),
      readWrite: n => buffer(this.readWrite, n),
    };
  }
}

function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

function bufferOf(bytes: Uint8Array): WriteableBuffer {
  const check = (offset: number, length: number) =>
    assert(offset >= 0 && offset + length <= bytes.length, "beyond the end of the buffer");
  return {
    address: 0x20000000,
    length: bytes.length,
    read8(offset) {
      check(offset, 1);
      return bytes[offset] as number;
    },
    read(offset, length) {
      check(offset, length);
      return bytes.slice(offset, offset + length);
    },
    write8(offset, value) {
      check(offset, 1);
      bytes[offset] = value;
    },
    write(offset, source) {
      check(offset, source.length);
      bytes.set(source, offset);
    },
  };
}

/** Only the types that capsules here declare. */
function fieldsOf<L extends Layout>(layout: L, bytes: DataView): Fields<L> {
  const fields = {};
  let offset = 0;
  for (const [name, type] of Object.entries(layout)) {
    if (typeof type !== "string") {
      const [element, length] = type;
      assert(element === "u32" || element === "u8", `arrays of ${element} are not supported here`);
      const start = Math.ceil(offset / sizes[element]) * sizes[element];
      offset = start + length * sizes[element];
      const value = {
        length,
        get: (i: number) =>
          element === "u8" ? bytes.getUint8(start + i) : bytes.getUint32(start + 4 * i, true),
        set: (i: number, word: number) =>
          element === "u8"
            ? bytes.setUint8(start + i, word)
            : bytes.setUint32(start + 4 * i, word, true),
      };
      Object.defineProperty(fields, name, { value });
      continue;
    }
    const size = sizes[type];
    const at = Math.ceil(offset / size) * size;
    offset = at + size;
    assert(type !== "u64" && type !== "i32", `${type} is not supported here`);
    Object.defineProperty(fields, name, {
      get: () => {
        if (type === "bool") return bytes.getUint8(at) !== 0;
        if (type === "u8") return bytes.getUint8(at);
        return type === "u16" ? bytes.getUint16(at, true) : bytes.getUint32(at, true);
      },
      set: (value: number | boolean) => {
        if (size === 1) bytes.setUint8(at, Number(value));
        else if (size === 2) bytes.setUint16(at, Number(value), true);
        else bytes.setUint32(at, Number(value), true);
      },
    });
  }
  return fields as Fields<L>;
}
