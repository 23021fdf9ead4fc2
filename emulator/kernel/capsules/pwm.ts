// Pulse-width modulation, driver 0x10 (capsules/extra/src/pwm.rs). Grant [1 upcall, 0, 0]; no upcall is ever made.
//
//   command 0                              existence check
//   command 1  duty << 16 | pin frequency  start; `duty` in hundredths of a percent, `frequency` in Hz
//   command 2  pin                         stop; OFF if the app has not started it
//   command 3  pin                         greatest frequency
//   command 4                              number of pins
//
// INVAL for a pin that is not there. A pin belongs to the app that started it until that stops it: RESERVE for others,
// even when the app is gone.
import type { Stateful } from "../../base/stateful.js";
import type { OutputFailure, PwmPin } from "../../hil/outputs.js";
import { type ProcessError, type ProcessId, type SyscallDriver, sameProcess } from "../driver.js";
import type { Grant, GrantShape } from "../grant.js";
import { ErrorCode, Return, type SyscallReturn } from "../syscalls.js";

const layout = {} as const;

export const PWM_GRANT: GrantShape<typeof layout> = {
  driver: 0x10,
  upcalls: 1,
  readOnlyAllows: 0,
  readWriteAllows: 0,
  data: layout,
};

export interface PwmDriverState {
  /** By pin. */
  activeProcess: (ProcessId | null)[];
}

export class PwmDriver implements SyscallDriver, Stateful<PwmDriverState> {
  readonly #pins: readonly PwmPin[];
  readonly #grant: Grant<typeof layout>;
  #activeProcess: (ProcessId | null)[];

  constructor(pins: readonly PwmPin[], grant: Grant<typeof layout>) {
    this.#pins = pins;
    this.#grant = grant;
    this.#activeProcess = pins.map(() => null);
  }

  command(commandNum: number, arg1: number, arg2: number, process: ProcessId): SyscallReturn {
    switch (commandNum) {
      case 0:
        return Return.success();
      case 1:
        return this.#start(arg1 & 0xffff, arg1 >>> 16, arg2, process);
      case 2:
        return this.#stop(arg1, process);
      case 3: {
        const pin = this.#pins[arg1];
        if (pin === undefined) return Return.failure(ErrorCode.INVAL);
        return Return.successU32(pin.maximumFrequencyHz);
      }
      case 4:
        return Return.successU32(this.#pins.length);
      default:
        return Return.failure(ErrorCode.NOSUPPORT);
    }
  }

  allocateGrant(process: ProcessId): ProcessError | undefined {
    return this.#grant.allocate(process);
  }

  save(): PwmDriverState {
    return { activeProcess: [...this.#activeProcess] };
  }

  load(state: PwmDriverState): void {
    this.#activeProcess = [...state.activeProcess];
  }

  #start(index: number, duty: number, frequencyHz: number, process: ProcessId): SyscallReturn {
    const pin = this.#pins[index];
    if (pin === undefined) return Return.failure(ErrorCode.INVAL);
    if (!this.#mayClaim(index, process)) return Return.failure(ErrorCode.RESERVE);
    this.#activeProcess[index] = process;
    // Upstream's product has 32 bits, too few for the nRF52's maximum.
    const dutyCycle = Math.floor((Math.imul(duty, pin.maximumDutyCycle) >>> 0) / 10_000);
    return returned(pin.start(frequencyHz, dutyCycle));
  }

  #stop(index: number, process: ProcessId): SyscallReturn {
    const pin = this.#pins[index];
    if (pin === undefined) return Return.failure(ErrorCode.INVAL);
    if (!this.#mayClaim(index, process)) return Return.failure(ErrorCode.RESERVE);
    if (this.#activeProcess[index] === null) return Return.failure(ErrorCode.OFF);
    this.#activeProcess[index] = null;
    return returned(pin.stop());
  }

  #mayClaim(index: number, process: ProcessId): boolean {
    const active = this.#activeProcess[index] ?? null;
    return active === null || sameProcess(active, process);
  }
}

const returned = (failure: OutputFailure | undefined): SyscallReturn =>
  failure === undefined ? Return.success() : Return.failure(ErrorCode[failure]);
