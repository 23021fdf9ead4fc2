// Analog comparators, driver 0x7 (capsules/extra/src/analog_comparator.rs). Grant [1 upcall, 0, 0].
//
//   command 0                existence check
//   command 1  channel       1 if the positive input is above the negative one, else 0
//   command 2  channel       start: upcall 0 (comparator, 0, 0) whenever it rises above
//   command 3  channel       stop
//   command 4                number of channels
//
// INVAL for a channel that is not there. Whoever calls first, but for command 0, owns the driver while it lives: NOMEM for
// others.
import type { Stateful } from "../../base/stateful.js";
import type { AnalogComparator, ComparatorClient } from "../../hil/analog-comparator.js";
import { type ProcessError, type ProcessId, type SyscallDriver, sameProcess } from "../driver.js";
import type { Grant, GrantShape } from "../grant.js";
import { ErrorCode, Return, type SyscallReturn } from "../syscalls.js";

const UPCALL = 0;

const layout = {} as const;

export const ANALOG_COMPARATOR_GRANT: GrantShape<typeof layout> = {
  driver: 0x7,
  upcalls: 1,
  readOnlyAllows: 0,
  readWriteAllows: 0,
  data: layout,
};

export interface AnalogComparatorState {
  currentProcess: ProcessId | null;
}

export class AnalogComparatorDriver
  implements SyscallDriver, ComparatorClient, Stateful<AnalogComparatorState>
{
  readonly #channels: readonly AnalogComparator[];
  readonly #grant: Grant<typeof layout>;
  #currentProcess: ProcessId | null = null;

  /** A comparator can serve several channels. */
  constructor(channels: readonly AnalogComparator[], grant: Grant<typeof layout>) {
    this.#channels = channels;
    this.#grant = grant;
    for (const channel of channels) channel.setComparatorClient(this);
  }

  command(commandNum: number, index: number, _arg2: number, process: ProcessId): SyscallReturn {
    if (commandNum === 0) return Return.success();
    if (!this.#mayOwn(process)) return Return.failure(ErrorCode.NOMEM);
    this.#currentProcess = process;
    if (commandNum === 4) return Return.successU32(this.#channels.length);
    if (commandNum > 4) return Return.failure(ErrorCode.NOSUPPORT);
    const channel = this.#channels[index];
    if (channel === undefined) return Return.failure(ErrorCode.INVAL);
    if (commandNum === 1) return Return.successU32(channel.comparison() ? 1 : 0);
    if (commandNum === 2) channel.startComparing();
    else channel.stopComparing();
    return Return.success();
  }

  allocateGrant(process: ProcessId): ProcessError | undefined {
    return this.#grant.allocate(process);
  }

  fired(comparator: number): void {
    if (this.#currentProcess === null) return;
    this.#grant.enter(this.#currentProcess, view => {
      view.scheduleUpcall(UPCALL, comparator, 0, 0);
    });
  }

  save(): AnalogComparatorState {
    return { currentProcess: this.#currentProcess };
  }

  load(state: AnalogComparatorState): void {
    this.#currentProcess = state.currentProcess;
  }

  #mayOwn(process: ProcessId): boolean {
    const current = this.#currentProcess;
    if (current === null || sameProcess(current, process)) return true;
    return !this.#grant.enter(current, () => {}).ok;
  }
}
