// A driver for tests: [4 upcalls, 2 read-only, 2 read-write] and a few commands that poke at its grant.
import { ErrorCode, type ProcessId, Return, type SyscallReturn } from "../../../emulator/index.js";
import type { SyscallDriver } from "../../../emulator/kernel/driver.js";
import type { Grant, GrantView } from "../../../emulator/kernel/grant.js";
import type { Kernel } from "../../../emulator/kernel/kernel.js";
import { memoryAllocation } from "../test-board.js";

const layout = { count: "u32", flag: "bool", total: "u64", history: ["u16", 3] } as const;
export type TestView = GrantView<typeof layout>;
export type TestGrant = Grant<typeof layout>;

/**
 * command 1 a b: succeeds with a and b; 2 n a: schedules upcall n with (a, 1, 2) and tells whether it was queued;
 * 3 n: fills read-write buffer n with 0x5a; 4: re-enters its grant; 5 kind: one of every return variant.
 */
export class TestDriver implements SyscallDriver {
  readonly grant: TestGrant;
  readonly calls: { command: number; process: ProcessId }[] = [];

  constructor(kernel: Kernel, driver: number) {
    this.grant = kernel.createGrant(
      { driver, upcalls: 4, readOnlyAllows: 2, readWriteAllows: 2, data: layout },
      memoryAllocation,
    );
  }

  command(command: number, a: number, b: number, process: ProcessId): SyscallReturn {
    this.calls.push({ command, process });
    if (command === 0) return Return.success();
    if (command === 1) return Return.successU32U32(a, b);
    if (command === 5) return variants[a] ?? Return.failure(ErrorCode.INVAL);
    return this.grant.command(process, view => this.#enter(view, command, a, b, process));
  }

  allocateGrant(process: ProcessId) {
    return this.grant.allocate(process);
  }

  #enter(view: TestView, command: number, a: number, b: number, process: ProcessId): SyscallReturn {
    switch (command) {
      case 2: {
        const error = view.scheduleUpcall(a, b, 1, 2);
        return error === undefined ? Return.success() : Return.failure(ErrorCode.BUSY);
      }
      case 3: {
        const buffer = view.readWrite(a);
        buffer.write(0, new Uint8Array(buffer.length).fill(0x5a));
        return Return.successU32(buffer.length);
      }
      case 4:
        return this.grant.command(process, () => Return.success());
      default:
        return Return.failure(ErrorCode.NOSUPPORT);
    }
  }
}

export const variants: readonly SyscallReturn[] = [
  Return.failure(ErrorCode.OFF),
  Return.failureU32(ErrorCode.OFF, 7),
  Return.failureU32U32(ErrorCode.OFF, 7, 8),
  Return.failureU64(ErrorCode.OFF, 0x900000008n),
  Return.success(),
  Return.successU32(7),
  Return.successU32U32(7, 8),
  Return.successU64(0x900000008n),
  Return.successU32U32U32(7, 8, 9),
  Return.successU32U64(7, 0x900000008n),
];
