// The board's 64-bit identifier, driver 0x30006 (capsules/extra/src/eui64.rs). No grant.
//
//   command 0                existence check
//   command 1                the identifier, as SuccessU64
import type { ProcessError, SyscallDriver } from "../driver.js";
import { ErrorCode, Return, type SyscallReturn } from "../syscalls.js";

export const EUI64_DRIVER = 0x30006;

export class Eui64 implements SyscallDriver {
  readonly #eui64: bigint;

  constructor(eui64: bigint) {
    this.#eui64 = eui64;
  }

  command(commandNum: number): SyscallReturn {
    if (commandNum === 0) return Return.success();
    if (commandNum === 1) return Return.successU64(this.#eui64);
    return Return.failure(ErrorCode.NOSUPPORT);
  }

  allocateGrant(): ProcessError | undefined {
    return undefined;
  }
}
