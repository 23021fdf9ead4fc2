// Grants: a driver's state for one process, in that process's RAM (kernel/src/grant.rs). The bytes there are the only copy.
import type { ProcessError, ProcessId } from "./driver.js";
import type { SyscallReturn } from "./syscalls.js";

/** Types a field of a grant can have. Arrays are `[type, length]`. */
export type FieldType = "u8" | "u16" | "u32" | "i32" | "u64" | "bool";

/** The declared layout of a driver's own part of the grant, in order, naturally aligned as Rust's `repr(C)`. */
export type Layout = Readonly<Record<string, FieldType | readonly [FieldType, number]>>;

type ValueOf<T> = T extends "bool" ? boolean : T extends "u64" ? bigint : number;

/** Accessors over the bytes in guest RAM. */
export type Fields<L extends Layout> = {
  -readonly [K in keyof L]: L[K] extends readonly [infer T, number]
    ? {
        length: number;
        get(index: number): ValueOf<T>;
        set(index: number, value: ValueOf<T>): void;
      }
    : ValueOf<L[K]>;
};

/** Numbers of upcalls and allow slots that the kernel keeps in front of the driver's part. */
export interface GrantShape<L extends Layout> {
  driver: number;
  upcalls: number;
  readOnlyAllows: number;
  readWriteAllows: number;
  data: L;
}

/** A buffer that the app shared, checked against its length at every access. Reads beyond the end throw. */
export interface ReadableBuffer {
  readonly address: number;
  readonly length: number;
  read8(offset: number): number;
  /** A copy of `length` bytes from `offset`. */
  read(offset: number, length: number): Uint8Array;
}

export interface WriteableBuffer extends ReadableBuffer {
  write8(offset: number, value: number): void;
  write(offset: number, bytes: Uint8Array): void;
}

export type UpcallError = "InvalidSubscribeNum" | "QueueFull" | "KernelError";

/** A grant while it is entered. It dies when the closure returns: any use after that throws. */
export interface GrantView<L extends Layout> {
  readonly data: Fields<L>;
  /** Queues upcall `subscribe` with three arguments; `undefined` on success. */
  scheduleUpcall(
    subscribe: number,
    arg0: number,
    arg1: number,
    arg2: number,
  ): UpcallError | undefined;
  /** The app's read-only buffer `n`; length 0 if none is shared or the number is out of range. */
  readOnly(n: number): ReadableBuffer;
  readWrite(n: number): WriteableBuffer;
}

/** What `enter` gives back: the closure's result, or why the grant cannot be had. */
export type Entered<R> = { ok: true; value: R } | { ok: false; error: ProcessError };

export interface Grant<L extends Layout> {
  /** Allocates the grant if needed and lets `f` work on it. Entering an entered grant panics as upstream. */
  enter<R>(process: ProcessId, f: (view: GrantView<L>) => R): Entered<R>;
  /** `enter` for a command: a failure to enter becomes `Failure(error)`. */
  command(process: ProcessId, f: (view: GrantView<L>) => SyscallReturn): SyscallReturn;
  /** Enters the grant of every live process that has one, in process-array order, without allocating. */
  each(f: (view: GrantView<L>, process: ProcessId) => void): void;
  /** For `SyscallDriver.allocateGrant`. */
  allocate(process: ProcessId): ProcessError | undefined;
}
