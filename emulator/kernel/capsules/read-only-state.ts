// State of the kernel that an app reads without a system call, driver 0x9 (capsules/extra/src/read_only_state.rs).
// Grant [0, 0, 0].
//
//   command 0                existence check
//   command 1                version of the layout: 1
//   userspace-readable allow 0   the buffer, refreshed whenever the process is put on the CPU:
//                                bytes 0 to 3 how often, 4 to 7 its pending tasks, 8 to 15 the alarm's ticks
//
// A short buffer gets the words that fit whole. Every process has this grant as soon as it runs.
import type { Time } from "../../hil/time.js";
import { errorCodeOf, type ProcessError, type ProcessId, type SyscallDriver } from "../driver.js";
import type { Grant, GrantShape } from "../grant.js";
import { KernelPanic } from "../panic.js";
import { ErrorCode, Return, type SyscallReturn } from "../syscalls.js";

const VERSION = 1;

/** The buffer and, as upstream keeps with it, the three words of its `ProcessId`, which nobody here reads. */
const layout = {
  address: "u32",
  length: "u32",
  kernel: "u32",
  index: "u32",
  identifier: "u32",
  count: "u32",
} as const;

export const READ_ONLY_STATE_GRANT: GrantShape<typeof layout> = {
  driver: 0x9,
  upcalls: 0,
  readOnlyAllows: 0,
  readWriteAllows: 0,
  data: layout,
};

/** Where the buffers lie. The kernel has checked that the app may write there before it handed them over. */
export interface SharedMemory {
  writeBytes(address: number, bytes: Uint8Array): void;
}

export class ReadOnlyState implements SyscallDriver {
  readonly #timer: Time;
  readonly #memory: SharedMemory;
  readonly #grant: Grant<typeof layout>;

  constructor(timer: Time, memory: SharedMemory, grant: Grant<typeof layout>) {
    this.#timer = timer;
    this.#memory = memory;
    this.#grant = grant;
  }

  command(commandNum: number): SyscallReturn {
    if (commandNum === 0) return Return.success();
    if (commandNum === 1) return Return.successU32(VERSION);
    return Return.failure(ErrorCode.NOSUPPORT);
  }

  allocateGrant(process: ProcessId): ProcessError | undefined {
    return this.#grant.allocate(process);
  }

  allowUserspaceReadable(
    process: ProcessId,
    which: number,
    address: number,
    size: number,
  ): readonly [number, number] | ErrorCode {
    if (which !== 0) return ErrorCode.NOSUPPORT;
    const entered = this.#grant.enter(process, ({ data }) => {
      const old = [data.address, data.length] as const;
      data.address = address;
      data.length = size;
      return old;
    });
    return entered.ok ? entered.value : errorCodeOf[entered.error];
  }

  /** For the kernel loop, as its `ContextSwitchCallback`. */
  contextSwitchHook(process: ProcessId, pendingTasks: number): void {
    const entered = this.#grant.enter(process, ({ data }) => {
      const fitting = data.length >= 16 ? 16 : data.length >= 8 ? 8 : data.length >= 4 ? 4 : 0;
      if (fitting > 0) {
        const words = Uint32Array.of(data.count, pendingTasks, this.#timer.now(), 0);
        this.#memory.writeBytes(data.address, new Uint8Array(words.buffer).subarray(0, fitting));
      }
      data.count++;
    });
    if (!entered.ok)
      throw new KernelPanic(
        `called \`Result::unwrap()\` on an \`Err\` value: ${entered.error}`,
        "capsules/extra/src/read_only_state.rs:87:14",
      );
  }
}
