// A screen of which each app has its own rectangle, driver 0x90001 (capsules/extra/src/screen/screen_shared.rs).
// Grant [1 upcall, 1 read-only allow, 0].
//
//   command 0                       existence check
//   command 21                      rotation
//   command 23                      resolution of the app's rectangle; NOSUPPORT if it has none
//   command 25                      pixel format
//   command 100 x<<16|y, w<<16|h    rectangle of the following writes within the app's; upcall 0 (0, 0, 0)
//   command 200                     write read-only buffer 0; upcall 0 (status, 0, 0). NOSUPPORT if the app has no
//                                   rectangle, BUSY while its last write waits
import type { Stateful } from "../../base/stateful.js";
import type { Screen, ScreenClient, ScreenFailure } from "../../hil/screen.js";
import type { ProcessError, ProcessId, SyscallDriver } from "../driver.js";
import type { Grant, GrantShape } from "../grant.js";
import { ErrorCode, Return, type SyscallReturn } from "../syscalls.js";

const UPCALL = 0;
const SHARED = 0;

/** What an app waits for. */
const Command = { none: 0, setFrame: 1, write: 2 } as const;

const layout = { x: "u32", y: "u32", width: "u32", height: "u32", command: "u8" } as const;

export const SCREEN_SHARED_GRANT: GrantShape<typeof layout> = {
  driver: 0x90001,
  upcalls: 1,
  readOnlyAllows: 1,
  readWriteAllows: 0,
  data: layout,
};

export interface ScreenRegion {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface ScreenSharedOptions {
  screen: Screen;
  bufferLength: number;
  /** The rectangle of a process; a board tells processes by their ShortId. */
  regionOf(process: ProcessId): ScreenRegion | undefined;
}

export interface ScreenSharedState {
  process: ProcessId | null;
  /** `null` while the screen has it. */
  buffer: Uint8Array | null;
}

/** Bytes of the shortest run of whole pixels, by number of the format. */
const pixelBytes = [1, 1, 2, 3, 4, 1, 1] as const;

const codeOf = (failure: ScreenFailure | undefined): ErrorCode | undefined =>
  failure === undefined ? undefined : ErrorCode[failure];

export class ScreenShared implements SyscallDriver, ScreenClient, Stateful<ScreenSharedState> {
  readonly #screen: Screen;
  readonly #regionOf: ScreenSharedOptions["regionOf"];
  readonly #grant: Grant<typeof layout>;
  #state: ScreenSharedState;

  constructor(options: ScreenSharedOptions, grant: Grant<typeof layout>) {
    this.#screen = options.screen;
    this.#regionOf = options.regionOf;
    this.#grant = grant;
    this.#state = { process: null, buffer: new Uint8Array(options.bufferLength) };
    options.screen.setClient(this);
  }

  command(commandNum: number, data1: number, data2: number, process: ProcessId): SyscallReturn {
    switch (commandNum) {
      case 0:
        return Return.success();
      case 21:
        return Return.successU32(this.#screen.getRotation());
      case 23: {
        const region = this.#regionOf(process);
        if (region === undefined) return Return.failure(ErrorCode.NOSUPPORT);
        return Return.successU32U32(region.width, region.height);
      }
      case 25:
        return Return.successU32(this.#screen.getPixelFormat());
      case 100:
        return this.#grant.command(process, ({ data, scheduleUpcall }) => {
          [data.x, data.y] = [data1 >>> 16, data1 & 0xffff];
          [data.width, data.height] = [data2 >>> 16, data2 & 0xffff];
          scheduleUpcall(UPCALL, 0, 0, 0);
          return Return.success();
        });
      case 200:
        if (this.#regionOf(process) === undefined) return Return.failure(ErrorCode.NOSUPPORT);
        return this.#enqueue(process);
      default:
        return Return.failure(ErrorCode.NOSUPPORT);
    }
  }

  allocateGrant(process: ProcessId): ProcessError | undefined {
    return this.#grant.allocate(process);
  }

  commandComplete(failure: ScreenFailure | undefined): void {
    if (failure !== undefined) this.#finish(codeOf(failure));
    this.#runNext();
  }

  writeComplete(buffer: Uint8Array, failure: ScreenFailure | undefined): void {
    this.#state.buffer = buffer;
    this.#finish(codeOf(failure));
    this.#runNext();
  }

  screenIsReady(): void {
    this.#runNext();
  }

  save(): ScreenSharedState {
    return structuredClone(this.#state);
  }

  load(state: ScreenSharedState): void {
    this.#state = structuredClone(state);
  }

  #enqueue(process: ProcessId): SyscallReturn {
    const result = this.#grant.command(process, ({ data }) => {
      if (data.command !== Command.none) return Return.failure(ErrorCode.BUSY);
      data.command = Command.setFrame;
      return Return.success();
    });
    if (this.#state.process === null) this.#runNext();
    return result;
  }

  /** Tells the process that has the screen, which is free then. */
  #finish(error: ErrorCode | undefined): void {
    const { process } = this.#state;
    this.#state.process = null;
    if (process === null) return;
    this.#grant.enter(process, view => {
      view.scheduleUpcall(UPCALL, error ?? 0, 0, 0);
    });
  }

  /** Goes on with the process that has the screen, or else with the first that waits. */
  #runNext(): void {
    const { process } = this.#state;
    const region = process === null ? undefined : this.#regionOf(process);
    if (process !== null && region !== undefined) {
      const error = this.#call(process, region);
      if (error === undefined) return;
      this.#finish(error);
    }
    const processes: ProcessId[] = [];
    this.#grant.each((_, each) => processes.push(each));
    for (const next of processes) {
      const waits = this.#grant.enter(next, ({ data }) => data.command !== Command.none);
      const itsRegion = this.#regionOf(next);
      if (!waits.ok || !waits.value || itsRegion === undefined) continue;
      this.#state.process = next;
      const error = this.#call(next, itsRegion);
      if (error === undefined) return;
      this.#finish(error);
    }
  }

  /** First the frame, when that is set the pixels. */
  #call(process: ProcessId, region: ScreenRegion): ErrorCode | undefined {
    const entered = this.#grant.enter(process, ({ data, readOnly }) => {
      if (data.command === Command.none) return ErrorCode.NOSUPPORT;
      if (data.command === Command.setFrame) {
        const { x, y, width, height } = within(region, data);
        data.command = Command.write;
        const failure = this.#screen.setWriteFrame(x, y, width, height);
        if (failure !== undefined) data.command = Command.none;
        return codeOf(failure);
      }
      data.command = Command.none;
      const shared = readOnly(SHARED);
      if (shared.length === 0) return ErrorCode.NOMEM;
      if (shared.length % pixelBytes[this.#screen.getPixelFormat()] !== 0) return ErrorCode.INVAL;
      const { buffer } = this.#state;
      if (buffer === null) return ErrorCode.FAIL;
      this.#state.buffer = null;
      const length = Math.min(buffer.length, shared.length);
      buffer.set(shared.read(0, length));
      return codeOf(this.#screen.write(buffer, length, false));
    });
    return entered.ok ? entered.value : ErrorCode.INVAL;
  }
}

/** The app's frame on the whole screen, cut where its region ends. */
function within(region: ScreenRegion, frame: ScreenRegion): ScreenRegion {
  const [right, bottom] = [region.x + region.width, region.y + region.height];
  const x = Math.min(right, region.x + frame.x);
  const y = Math.min(bottom, region.y + frame.y);
  return {
    x,
    y,
    width: Math.min(right - x, frame.width),
    height: Math.min(bottom - y, frame.height),
  };
}
