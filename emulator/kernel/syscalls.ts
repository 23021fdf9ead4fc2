// System calls as data: classes, error codes and the return variants of TRD 104 (doc/reference/trd104-syscalls.md).

export const SyscallClass = {
  Yield: 0,
  Subscribe: 1,
  Command: 2,
  ReadWriteAllow: 3,
  ReadOnlyAllow: 4,
  Memop: 5,
  Exit: 6,
  UserspaceReadableAllow: 7,
} as const;
export type SyscallClass = (typeof SyscallClass)[keyof typeof SyscallClass];

/** A system call as the guest made it; arguments are r0–r3, unsigned. */
export interface Syscall {
  class: SyscallClass;
  arguments: readonly [number, number, number, number];
}

/** kernel/src/errorcode.rs */
export const ErrorCode = {
  FAIL: 1,
  BUSY: 2,
  ALREADY: 3,
  OFF: 4,
  RESERVE: 5,
  INVAL: 6,
  SIZE: 7,
  CANCEL: 8,
  NOMEM: 9,
  NOSUPPORT: 10,
  NODEVICE: 11,
  UNINSTALLED: 12,
  NOACK: 13,
} as const;
export type ErrorCode = (typeof ErrorCode)[keyof typeof ErrorCode];

/**
 * What a call returns: the values for r0, r1, … in order. Registers beyond the end keep what the app passed.
 * An empty array writes no register.
 */
export type SyscallReturn = readonly number[];

const low = (value: bigint) => Number(value & 0xffffffffn);
const high = (value: bigint) => Number((value >> 32n) & 0xffffffffn);

/** Constructors of the return variants, named as in kernel/src/syscall.rs. */
export const Return = {
  failure: (error: ErrorCode): SyscallReturn => [0, error],
  failureU32: (error: ErrorCode, a: number): SyscallReturn => [1, error, a >>> 0],
  failureU32U32: (error: ErrorCode, a: number, b: number): SyscallReturn => [
    2,
    error,
    a >>> 0,
    b >>> 0,
  ],
  failureU64: (error: ErrorCode, a: bigint): SyscallReturn => [3, error, low(a), high(a)],
  success: (): SyscallReturn => [128],
  successU32: (a: number): SyscallReturn => [129, a >>> 0],
  successU32U32: (a: number, b: number): SyscallReturn => [130, a >>> 0, b >>> 0],
  successU64: (a: bigint): SyscallReturn => [131, low(a), high(a)],
  successU32U32U32: (a: number, b: number, c: number): SyscallReturn => [
    132,
    a >>> 0,
    b >>> 0,
    c >>> 0,
  ],
  successU32U64: (a: number, b: bigint): SyscallReturn => [133, a >>> 0, low(b), high(b)],
} as const;
