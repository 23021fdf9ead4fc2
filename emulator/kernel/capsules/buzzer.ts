// Buzzer, driver 0x90000 (capsules/extra/src/buzzer_driver.rs). Grant [1 upcall, 0, 0].
//
//   command 0                       existence check
//   command 1  frequency duration   sound, at most 5 s; upcall 0 (status, 0, 0) at the end. During another tone one request
//                                   per process is kept, a second is NOMEM
//   command 2  frequency duration   the same at once, instead of a tone of the app's own; RESERVE during another app's
//   command 3                       end the tone; OFF in silence, RESERVE during another app's
//
// Frequencies in Hz, durations in milliseconds.
import type { Stateful } from "../../base/stateful.js";
import type { Buzzer, BuzzerClient, OutputFailure } from "../../hil/outputs.js";
import {
  errorCodeOf,
  type ProcessError,
  type ProcessId,
  type SyscallDriver,
  sameProcess,
} from "../driver.js";
import type { Grant, GrantShape } from "../grant.js";
import { ErrorCode, Return, type SyscallReturn } from "../syscalls.js";

const UPCALL = 0;
const MAX_BUZZ_TIME_MS = 5000;

/** The request that is kept; `pendingCommand` is 1 while there is one. */
const layout = { pendingCommand: "u32", frequencyHz: "u32", durationMs: "u32" } as const;

export const BUZZER_GRANT: GrantShape<typeof layout> = {
  driver: 0x90000,
  upcalls: 1,
  readOnlyAllows: 0,
  readWriteAllows: 0,
  data: layout,
};

export interface BuzzerDriverState {
  activeApp: ProcessId | null;
}

export class BuzzerDriver implements SyscallDriver, BuzzerClient, Stateful<BuzzerDriverState> {
  readonly #buzzer: Buzzer;
  readonly #grant: Grant<typeof layout>;
  #activeApp: ProcessId | null = null;

  constructor(buzzer: Buzzer, grant: Grant<typeof layout>) {
    this.#buzzer = buzzer;
    this.#grant = grant;
    buzzer.setBuzzerClient(this);
  }

  command(commandNum: number, arg1: number, arg2: number, process: ProcessId): SyscallReturn {
    switch (commandNum) {
      case 0:
        return Return.success();
      case 1:
        return this.#enqueue(arg1, Math.min(arg2, MAX_BUZZ_TIME_MS), process);
      case 2:
        if (!this.#isFreeFor(process)) return Return.failure(ErrorCode.RESERVE);
        this.#activeApp = process;
        return returned(this.#buzzer.buzz(arg1, arg2));
      case 3:
        if (!this.#isFreeFor(process)) return Return.failure(ErrorCode.RESERVE);
        if (this.#activeApp === null) return Return.failure(ErrorCode.OFF);
        return returned(this.#buzzer.stop());
      default:
        return Return.failure(ErrorCode.NOSUPPORT);
    }
  }

  allocateGrant(process: ProcessId): ProcessError | undefined {
    return this.#grant.allocate(process);
  }

  buzzerDone(failure: OutputFailure | undefined): void {
    const active = this.#activeApp;
    this.#activeApp = null;
    const status = failure === undefined ? 0 : ErrorCode[failure];
    if (active !== null)
      this.#grant.enter(active, view => view.scheduleUpcall(UPCALL, status, 0, 0));
    this.#checkQueue();
  }

  save(): BuzzerDriverState {
    return { activeApp: this.#activeApp };
  }

  load(state: BuzzerDriverState): void {
    this.#activeApp = state.activeApp;
  }

  #isFreeFor(process: ProcessId): boolean {
    return this.#activeApp === null || sameProcess(this.#activeApp, process);
  }

  #enqueue(frequencyHz: number, durationMs: number, process: ProcessId): SyscallReturn {
    if (this.#activeApp === null) {
      this.#activeApp = process;
      return returned(this.#buzzer.buzz(frequencyHz, durationMs));
    }
    const entered = this.#grant.enter(process, ({ data }) => {
      if (data.pendingCommand !== 0) return Return.failure(ErrorCode.NOMEM);
      data.pendingCommand = 1;
      data.frequencyHz = frequencyHz;
      data.durationMs = durationMs;
      return Return.success();
    });
    return entered.ok ? entered.value : Return.failure(errorCodeOf[entered.error]);
  }

  #checkQueue(): void {
    let started = false;
    this.#grant.each(({ data }, process) => {
      if (started || data.pendingCommand === 0) return;
      data.pendingCommand = 0;
      this.#activeApp = process;
      started = this.#buzzer.buzz(data.frequencyHz, data.durationMs) === undefined;
    });
  }
}

const returned = (failure: OutputFailure | undefined): SyscallReturn =>
  failure === undefined ? Return.success() : Return.failure(ErrorCode[failure]);
