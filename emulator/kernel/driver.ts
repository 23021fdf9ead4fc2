// What a capsule that serves system calls is (kernel/src/syscall_driver.rs).
import type { StoragePermissions } from "./storage-permissions.js";
import type { ErrorCode, SyscallReturn } from "./syscalls.js";

/** A process through one life: `index` is its slot, `pid` changes at every restart. Kept by value, never resolved early. */
export interface ProcessId {
  readonly index: number;
  readonly pid: number;
}

export const sameProcess = (a: ProcessId, b: ProcessId): boolean =>
  a.index === b.index && a.pid === b.pid;

/** Why a process could not be served (kernel/src/process.rs `Error`). */
export const ProcessError = {
  NoSuchApp: "NoSuchApp",
  OutOfMemory: "OutOfMemory",
  AddressOutOfBounds: "AddressOutOfBounds",
  InactiveApp: "InactiveApp",
  KernelError: "KernelError",
  AlreadyInUse: "AlreadyInUse",
} as const;
export type ProcessError = (typeof ProcessError)[keyof typeof ProcessError];

/** The error a system call returns for it (kernel/src/process.rs, `From<Error> for ErrorCode`). */
export const errorCodeOf: Readonly<Record<ProcessError, ErrorCode>> = {
  OutOfMemory: 9,
  AddressOutOfBounds: 6,
  NoSuchApp: 6,
  InactiveApp: 1,
  KernelError: 1,
  AlreadyInUse: 1,
};

/** What a driver may ask of a process by its id (kernel/src/process.rs, methods of `ProcessId`). */
export interface ProcessLookup {
  /** `null`: only locally unique; `undefined` when the process is gone. */
  shortId(process: ProcessId): number | null | undefined;
  /** `undefined` when the process is gone. */
  storagePermissions(process: ProcessId): StoragePermissions | undefined;
  /** Flash of the app behind its header and trailer, `end` excluded; empty at 0 when the process is gone. */
  editableFlashRange(process: ProcessId): { start: number; end: number };
}

/**
 * A driver of system calls. `command` 0 tells whether the driver exists; unknown commands return NOSUPPORT.
 * Subscribe and allow are the kernel's, in the driver's grant.
 */
export interface SyscallDriver {
  command(commandNum: number, arg1: number, arg2: number, process: ProcessId): SyscallReturn;
  /** Enters (and so allocates) the driver's grant. Returns the error if it cannot be had. */
  allocateGrant(process: ProcessId): ProcessError | undefined;
  /** Takes a buffer that the app goes on reading; the old one, or why not. Without it: NOSUPPORT. */
  allowUserspaceReadable?(
    process: ProcessId,
    which: number,
    address: number,
    size: number,
  ): readonly [number, number] | ErrorCode;
}

/** A capsule that is told before a process is put on the CPU (kernel/src/platform/platform.rs). */
export interface ContextSwitchCallback {
  /** `pendingTasks`: how many upcalls wait in its queue. */
  contextSwitchHook(process: ProcessId, pendingTasks: number): void;
}
