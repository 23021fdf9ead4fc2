// What a kernel has decided to do with a process and has not done yet, as a debugger is told of it.
import type { SyscallArguments } from "../base/trace.js";

/** `process` is the index in the process array. At all of them the process stands as it did before. */
export type Occurrence =
  /** The fault policy is about to act. `byKernel`: the kernel could not write to the stack of the process. */
  | { kind: "fault"; process: number; byKernel: boolean }
  /** r0 to r3 are about to be written back; `syscallError` with one of the failure variants. */
  | {
      kind: "syscallReturn" | "syscallError";
      process: number;
      syscallClass: number;
      arguments: SyscallArguments;
      returned: readonly number[];
    }
  /** The process has called exit-terminate or exit-restart. */
  | { kind: "exit"; process: number; completionCode: number; restart: boolean }
  /** Restarted by its fault policy, or at the request of whoever manages processes. */
  | { kind: "restart"; process: number; reason: "fault" | "request" }
  /** The queue is full. `arguments` is `null` where the call is not made up yet, as for IPC. */
  | {
      kind: "upcallDropped";
      process: number;
      driver: number;
      subscribe: number;
      arguments: readonly number[] | null;
    }
  /** `size` bytes of grant are not to be had; `free` lie between app break and kernel break. */
  | { kind: "grantFailed"; process: number; driver: number; size: number; free: number }
  /** The kernel is about to print its panic and to halt. `null`: no process had its turn. */
  | { kind: "panic"; process: number | null; message: string; location: string };

export type OccurrenceKind = Occurrence["kind"];
