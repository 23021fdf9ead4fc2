// Analog to digital conversion for several processes, driver 0x5 (capsules/core/src/adc.rs `AdcVirtualized`).
// Grant [2 upcalls, 0, 0].
//
//   command 0                     number of channels, as SuccessU32
//   command 1  channel            one sample; upcalls 0 and 1 (0, channel, sample)
//   command 101  channel          bits of resolution
//   command 102  channel          reference in millivolts
//
// NODEVICE for a channel that is not there. During a sample one request per process is kept, a second is BUSY. The channel
// in the upcall is that of the request kept last, 0 before any: upstream does not note one that starts at once.
import type { Stateful } from "../../base/stateful.js";
import type { Adc, AdcClient, AdcFailure } from "../../hil/adc.js";
import { errorCodeOf, type ProcessError, type ProcessId, type SyscallDriver } from "../driver.js";
import type { Grant, GrantShape } from "../grant.js";
import { ErrorCode, Return, type SyscallReturn } from "../syscalls.js";

const SINGLE_SAMPLE = 0;

/** `command`: 1 once there is one, which is always to take a sample. */
const layout = { channel: "u32", pendingCommand: "bool", command: "u8" } as const;

export const ADC_VIRTUALIZED_GRANT: GrantShape<typeof layout> = {
  driver: 0x5,
  upcalls: 2,
  readOnlyAllows: 0,
  readWriteAllows: 0,
  data: layout,
};

export interface AdcVirtualizedState {
  currentProcess: ProcessId | null;
}

export class AdcVirtualized implements SyscallDriver, AdcClient, Stateful<AdcVirtualizedState> {
  readonly #adc: Adc;
  readonly #channels: number;
  readonly #grant: Grant<typeof layout>;
  #currentProcess: ProcessId | null = null;

  constructor(adc: Adc, channels: number, grant: Grant<typeof layout>) {
    this.#adc = adc;
    this.#channels = channels;
    this.#grant = grant;
    adc.setAdcClient(this);
  }

  command(commandNum: number, channel: number, _arg2: number, process: ProcessId): SyscallReturn {
    if (commandNum === 0) return Return.successU32(this.#channels);
    if (commandNum !== 1 && commandNum !== 101 && commandNum !== 102)
      return Return.failure(ErrorCode.NOSUPPORT);
    if (channel >= this.#channels) return Return.failure(ErrorCode.NODEVICE);
    if (commandNum === 101) return Return.successU32(this.#adc.resolutionBits);
    if (commandNum === 1) return this.#enqueue(channel, process);
    const reference = this.#adc.voltageReferenceMillivolts;
    return reference === undefined
      ? Return.failure(ErrorCode.NOSUPPORT)
      : Return.successU32(reference);
  }

  allocateGrant(process: ProcessId): ProcessError | undefined {
    return this.#grant.allocate(process);
  }

  sampleReady(sample: number): void {
    const current = this.#currentProcess;
    this.#currentProcess = null;
    if (current !== null) {
      this.#grant.enter(current, view => {
        view.data.pendingCommand = false;
        const { channel } = view.data;
        for (const upcall of [0, 1]) view.scheduleUpcall(upcall, SINGLE_SAMPLE, channel, sample);
      });
    }
    this.#runNext();
  }

  save(): AdcVirtualizedState {
    return { currentProcess: this.#currentProcess };
  }

  load(state: AdcVirtualizedState): void {
    this.#currentProcess = state.currentProcess;
  }

  #enqueue(channel: number, process: ProcessId): SyscallReturn {
    if (this.#currentProcess === null) {
      this.#start(channel, process);
      this.#runNext();
      return Return.success();
    }
    const entered = this.#grant.enter(process, ({ data }) => {
      if (data.pendingCommand) return Return.failure(ErrorCode.BUSY);
      data.pendingCommand = true;
      data.command = 1;
      data.channel = channel;
      return Return.success();
    });
    return entered.ok ? entered.value : Return.failure(errorCodeOf[entered.error]);
  }

  /** A refusal is not reported. */
  #start(channel: number, process: ProcessId): AdcFailure | undefined {
    const failure = this.#adc.sample(channel);
    this.#currentProcess = failure === undefined ? process : null;
    return failure;
  }

  #runNext(): void {
    let started = false;
    this.#grant.each(({ data }, process) => {
      if (started || !data.pendingCommand) return;
      data.pendingCommand = false;
      data.command = 0;
      started = this.#start(data.channel, process) === undefined;
    });
  }
}
