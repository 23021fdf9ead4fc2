// Analog to digital conversion for one process at a time, driver 0x5 (capsules/core/src/adc.rs `AdcDedicated`).
// Grant [2 upcalls, 0, 2 read-write allows].
//
//   command 0                     number of channels, as SuccessU32
//   command 1  channel            one sample: (0, channel, sample)
//   command 2  channel frequency  samples until stopped, each: (1, channel, sample)
//   command 3  channel frequency  fill buffer 0: (2, samples << 8 | channel, buffer)
//   command 4  channel frequency  fill buffers 0 and 1 in turn until stopped: (3, samples << 8 | channel, buffer)
//   command 5                     stop
//   command 101                   bits of resolution
//   command 102                   reference in millivolts
//
// Every upcall is made twice, as 0 and as 1; `buffer` is its address in 0 and its number in 1. Samples in buffers are
// 16-bit words, left-justified. Whoever calls first owns the driver while it lives: NOMEM for others, even for command 0.
import type { Stateful } from "../../base/stateful.js";
import type { AdcClient, AdcFailure, AdcHighSpeed, HighSpeedClient } from "../../hil/adc.js";
import { type ProcessError, type ProcessId, type SyscallDriver, sameProcess } from "../driver.js";
import type { Grant, GrantShape, GrantView, WriteableBuffer } from "../grant.js";
import { ErrorCode, Return, type SyscallReturn } from "../syscalls.js";

/** Samples that a buffer of the kernel takes, of which there are three. */
const BUF_LEN = 128;
const BUFFERS = 3;

export const AdcMode = {
  NoMode: -1,
  SingleSample: 0,
  ContinuousSample: 1,
  SingleBuffer: 2,
  ContinuousBuffer: 3,
} as const;
type AdcMode = (typeof AdcMode)[keyof typeof AdcMode];

const layout = {
  appBufOffset: "u32",
  /** Samples of the app's buffer that have not been asked for yet. */
  samplesRemaining: "u32",
  /** Samples of it that the converter owes. */
  samplesOutstanding: "u32",
  /** Samples asked for that belong to the app's other buffer. */
  nextSamplesOutstanding: "u32",
  usingAppBuf0: "bool",
} as const;
type View = GrantView<typeof layout>;
type Data = View["data"];

export const ADC_GRANT: GrantShape<typeof layout> = {
  driver: 0x5,
  upcalls: 2,
  readOnlyAllows: 0,
  readWriteAllows: 2,
  data: layout,
};

export interface AdcDedicatedState {
  active: boolean;
  mode: AdcMode;
  processId: ProcessId | null;
  channel: number;
  /** The kernel's buffers that the converter does not have. */
  buffers: number;
}

const samplesIn = (buffer: { length: number }): number => Math.floor(buffer.length / 2);

export class AdcDedicated
  implements SyscallDriver, AdcClient, HighSpeedClient, Stateful<AdcDedicatedState>
{
  readonly #adc: AdcHighSpeed;
  readonly #channels: number;
  readonly #grant: Grant<typeof layout>;
  #state: AdcDedicatedState = {
    active: false,
    mode: AdcMode.NoMode,
    processId: null,
    channel: 0,
    buffers: BUFFERS,
  };

  constructor(adc: AdcHighSpeed, channels: number, grant: Grant<typeof layout>) {
    this.#adc = adc;
    this.#channels = channels;
    this.#grant = grant;
    adc.setAdcClient(this);
    adc.setHighSpeedClient(this);
  }

  command(commandNum: number, channel: number, frequency: number, id: ProcessId): SyscallReturn {
    if (!this.#mayOwn(id)) return Return.failure(ErrorCode.NOMEM);
    this.#state.processId = id;
    switch (commandNum) {
      case 0:
        return Return.successU32(this.#channels);
      case 1:
      case 2:
        return returned(this.#sample(commandNum === 2, channel, frequency));
      case 3:
      case 4:
        return returned(this.#sampleBuffer(id, commandNum === 4, channel, frequency));
      case 5:
        return returned(this.#stop(id));
      case 101:
        return Return.successU32(this.#adc.resolutionBits);
      case 102: {
        const reference = this.#adc.voltageReferenceMillivolts;
        return reference === undefined
          ? Return.failure(ErrorCode.NOSUPPORT)
          : Return.successU32(reference);
      }
      default:
        return Return.failure(ErrorCode.NOSUPPORT);
    }
  }

  allocateGrant(process: ProcessId): ProcessError | undefined {
    return this.#grant.allocate(process);
  }

  sampleReady(sample: number): void {
    const { active, mode, channel } = this.#state;
    const wanted = mode === AdcMode.SingleSample || mode === AdcMode.ContinuousSample;
    if (active && wanted) {
      if (mode === AdcMode.SingleSample) this.#setIdle();
      const entered = this.#enterOwner(view => {
        for (const upcall of [0, 1]) view.scheduleUpcall(upcall, mode, channel, sample);
      });
      if (entered) return;
    }
    this.#setIdle();
    this.#adc.stopSampling();
  }

  samplesReady(samples: readonly number[]): void {
    const { active, mode } = this.#state;
    this.#state.buffers++;
    const wanted = mode === AdcMode.SingleBuffer || mode === AdcMode.ContinuousBuffer;
    if (active && wanted && this.#enterOwner(view => this.#store(view, samples))) return;
    // The operation was cancelled, or the app is gone.
    this.#setIdle();
    this.#enterOwner(view => {
      view.data.appBufOffset = 0;
    });
    this.#adc.stopSampling();
    this.#retrieveBuffers();
  }

  save(): AdcDedicatedState {
    return { ...this.#state };
  }

  load(state: AdcDedicatedState): void {
    this.#state = { ...state };
  }

  /** Whether the app owns the driver, nobody does, or an idle owner is gone. */
  #mayOwn(id: ProcessId): boolean {
    const { processId, active } = this.#state;
    if (processId === null || sameProcess(processId, id)) return true;
    return !active && !this.#grant.enter(processId, () => {}).ok;
  }

  /** False when there is no owner or it is gone; then it is forgotten. */
  #enterOwner(f: (view: View) => void): boolean {
    const { processId } = this.#state;
    if (processId === null) return false;
    const entered = this.#grant.enter(processId, f);
    if (!entered.ok && entered.error !== "OutOfMemory") this.#state.processId = null;
    return entered.ok;
  }

  #setIdle(): void {
    this.#state.active = false;
    this.#state.mode = AdcMode.NoMode;
  }

  #sample(continuous: boolean, channel: number, frequency: number): AdcFailure | undefined {
    const state = this.#state;
    if (state.active) return "BUSY";
    if (channel >= this.#channels) return "INVAL";
    state.channel = channel;
    const failure = continuous
      ? this.#adc.sampleContinuous(channel, frequency)
      : this.#adc.sample(channel);
    if (failure !== undefined) return failure;
    state.active = true;
    state.mode = continuous ? AdcMode.ContinuousSample : AdcMode.SingleSample;
    return undefined;
  }

  #sampleBuffer(
    id: ProcessId,
    continuous: boolean,
    channel: number,
    frequency: number,
  ): AdcFailure | "NOMEM" | undefined {
    const state = this.#state;
    if (state.active) return "BUSY";
    if (channel >= this.#channels) return "INVAL";
    const entered = this.#grant.enter(id, ({ data, readWrite }) => {
      const [first, second] = [readWrite(0), readWrite(1)];
      if (first.length === 0 || (continuous && second.length === 0)) return "NOMEM";
      data.appBufOffset = 0;
      state.channel = channel;
      // The first two of the three buffers are handed over; a set with one missing has none of them in its place.
      if (state.buffers < BUFFERS) return "BUSY";
      const [length1, length2] = requestLengths(
        data,
        samplesIn(first),
        samplesIn(second),
        continuous,
      );
      data.usingAppBuf0 = true;
      const failure = this.#adc.sampleHighspeed(channel, frequency, length1, length2);
      if (failure === undefined) state.buffers -= 2;
      else {
        data.samplesRemaining = 0;
        data.samplesOutstanding = 0;
      }
      return failure;
    });
    const failure = entered.ok ? entered.value : "NOMEM";
    if (failure !== undefined) return failure;
    state.active = true;
    state.mode = continuous ? AdcMode.ContinuousBuffer : AdcMode.SingleBuffer;
    return undefined;
  }

  #stop(id: ProcessId): AdcFailure | undefined {
    if (!this.#state.active) return undefined;
    const entered = this.#grant.enter(id, ({ data }) => {
      this.#setIdle();
      data.appBufOffset = 0;
      return this.#adc.stopSampling() ?? this.#retrieveBuffers();
    });
    return entered.ok ? entered.value : "FAIL";
  }

  #retrieveBuffers(): AdcFailure | undefined {
    const buffers = this.#adc.retrieveBuffers();
    if (typeof buffers === "string") return buffers;
    this.#state.buffers += buffers;
    return undefined;
  }

  /** Puts samples into the app's buffer, asks for those needed next, and tells the app of a full buffer. */
  #store(view: View, samples: readonly number[]): void {
    const { data } = view;
    const { mode, channel } = this.#state;
    const used = data.usingAppBuf0 ? 0 : 1;
    const buffers = [view.readWrite(0), view.readWrite(1)] as const;
    const buffer = buffers[used];
    data.samplesOutstanding -= samples.length;
    const full = data.samplesRemaining === 0 && data.samplesOutstanding === 0;
    this.#requestMore(data, samplesIn(buffers[1 - used] as WriteableBuffer), samplesIn(buffer));
    copySamples(buffer, data.appBufOffset, samples);
    data.appBufOffset += samples.length * 2;
    if (!full) return;
    data.appBufOffset = 0;
    const lengthAndChannel = (samplesIn(buffer) << 8) | (channel & 0xff);
    view.scheduleUpcall(0, mode, lengthAndChannel, buffer.address);
    view.scheduleUpcall(1, mode, lengthAndChannel, used);
    if (mode !== AdcMode.SingleBuffer) return;
    this.#setIdle();
    this.#adc.stopSampling();
    this.#retrieveBuffers();
  }

  /**
   * One request is always with the converter, so what is asked for now is needed only after what it fills at the moment:
   * for this buffer of the app, for the other one, or, when that is full with what is under way, for this one again.
   */
  #requestMore(data: Data, otherSamples: number, theseSamples: number): void {
    if (data.samplesRemaining > 0) {
      this.#requestRemaining(data);
      return;
    }
    if (this.#state.mode !== AdcMode.ContinuousBuffer) return;
    if (data.samplesOutstanding > 0) {
      this.#requestNext(data, otherSamples);
      return;
    }
    data.samplesRemaining = otherSamples - data.nextSamplesOutstanding;
    data.samplesOutstanding = data.nextSamplesOutstanding;
    data.usingAppBuf0 = !data.usingAppBuf0;
    if (data.samplesRemaining === 0) this.#requestNext(data, theseSamples);
    else this.#requestRemaining(data);
  }

  #requestRemaining(data: Data): void {
    if (this.#state.buffers === 0) return;
    const length = Math.min(data.samplesRemaining, BUF_LEN);
    data.samplesRemaining -= length;
    data.samplesOutstanding += length;
    this.#provide(length);
  }

  #requestNext(data: Data, samples: number): void {
    if (this.#state.buffers === 0) return;
    const length = Math.min(samples, BUF_LEN);
    data.nextSamplesOutstanding = length;
    this.#provide(length);
  }

  #provide(length: number): void {
    if (this.#adc.provideBuffer(length) === undefined) this.#state.buffers--;
  }
}

const returned = (failure: AdcFailure | "NOMEM" | undefined): SyscallReturn =>
  failure === undefined ? Return.success() : Return.failure(ErrorCode[failure]);

/** Lengths of the first two requests; notes in the grant what is left of the first buffer. */
function requestLengths(
  data: Data,
  needed: number,
  neededNext: number,
  continuous: boolean,
): readonly [number, number] {
  const length1 = Math.min(needed, BUF_LEN);
  const length2 = Math.min(needed - length1, BUF_LEN);
  data.samplesRemaining = needed - length1 - length2;
  data.samplesOutstanding = length1 + length2;
  // Where one request fills the app's buffer, the second is for the other one. Upstream does not note that it is, and so
  // loses count of the samples unless both buffers have the same size.
  const forNext = continuous && needed <= BUF_LEN;
  return [length1, forNext ? Math.min(neededNext, BUF_LEN) : length2];
}

/** As many little-endian words as fit; half a word at the end takes the low byte. */
function copySamples(buffer: WriteableBuffer, offset: number, samples: readonly number[]): void {
  const bytes = Uint8Array.from(samples.flatMap(sample => [sample & 0xff, sample >>> 8]));
  const fitting = bytes.subarray(0, Math.max(buffer.length - offset, 0));
  if (fitting.length > 0) buffer.write(offset, fitting);
}
