// Digital to analog conversion, driver 0x6 (capsules/extra/src/dac.rs). No grant.
//
//   command 0                existence check
//   command 1                initialize: nothing to do
//   command 2  value         put it out
import type { DacChannel } from "../../hil/outputs.js";
import type { ProcessError, SyscallDriver } from "../driver.js";
import { ErrorCode, Return, type SyscallReturn } from "../syscalls.js";

export const DAC_DRIVER = 0x6;

export class DacDriver implements SyscallDriver {
  readonly #dac: DacChannel;

  constructor(dac: DacChannel) {
    this.#dac = dac;
  }

  command(commandNum: number, value: number): SyscallReturn {
    if (commandNum === 0 || commandNum === 1) return Return.success();
    if (commandNum !== 2) return Return.failure(ErrorCode.NOSUPPORT);
    const failure = this.#dac.setValue(value);
    return failure === undefined ? Return.success() : Return.failure(ErrorCode[failure]);
  }

  allocateGrant(): ProcessError | undefined {
    return undefined;
  }
}
