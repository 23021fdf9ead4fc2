// The CPU's cycle counter, driver 0x90008 (capsules/extra/src/cycle_count.rs). Grant [0, 0, 0].
//
//   command 0                existence check
//   command 1                start
//   command 2                cycles so far, as SuccessU64
//   command 3                reset, which stops it, too
//   command 4                stop
//
// Whoever starts, resets or stops it first owns it while it lives: RESERVE for others, who may still read it.
import type { Stateful } from "../../base/stateful.js";
import type { CycleCounter } from "../../hil/cycle-counter.js";
import { type ProcessError, type ProcessId, type SyscallDriver, sameProcess } from "../driver.js";
import type { Grant, GrantShape } from "../grant.js";
import { ErrorCode, Return, type SyscallReturn } from "../syscalls.js";

const layout = {} as const;

export const CYCLE_COUNT_GRANT: GrantShape<typeof layout> = {
  driver: 0x90008,
  upcalls: 0,
  readOnlyAllows: 0,
  readWriteAllows: 0,
  data: layout,
};

export interface CycleCountState {
  controllingApp: ProcessId | null;
}

export class CycleCount implements SyscallDriver, Stateful<CycleCountState> {
  readonly #counter: CycleCounter;
  readonly #grant: Grant<typeof layout>;
  #controllingApp: ProcessId | null = null;

  constructor(counter: CycleCounter, grant: Grant<typeof layout>) {
    this.#counter = counter;
    this.#grant = grant;
  }

  command(commandNum: number, _arg1: number, _arg2: number, process: ProcessId): SyscallReturn {
    switch (commandNum) {
      case 0:
        return Return.success();
      case 1:
        return this.#claim(process, () => this.#counter.start());
      case 2:
        return Return.successU64(BigInt(this.#counter.count()));
      case 3:
        return this.#claim(process, () => this.#counter.reset());
      case 4:
        return this.#claim(process, () => this.#counter.stop());
      default:
        return Return.failure(ErrorCode.NOSUPPORT);
    }
  }

  allocateGrant(process: ProcessId): ProcessError | undefined {
    return this.#grant.allocate(process);
  }

  save(): CycleCountState {
    return { controllingApp: this.#controllingApp };
  }

  load(state: CycleCountState): void {
    this.#controllingApp = state.controllingApp;
  }

  #claim(process: ProcessId, act: () => void): SyscallReturn {
    const owner = this.#controllingApp;
    const taken =
      owner !== null && !sameProcess(owner, process) && this.#grant.enter(owner, () => {}).ok;
    if (taken) return Return.failure(ErrorCode.RESERVE);
    this.#controllingApp = process;
    act();
    return Return.success();
  }
}
