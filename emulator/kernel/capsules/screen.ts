// The screen, driver 0x90001 (capsules/extra/src/screen/screen.rs). Grant [1 upcall, 1 read-only allow, 0].
//
//   command 0                       existence check
//   command 1                       1 if the screen can be set up, else 0
//   command 2  on                   power               \
//   command 3  brightness           0 to 65,535          |
//   command 4, 5                    invert on, off       | upcall 0 (status, 0, 0)
//   command 6  on                   invert              /
//   command 11, 12 index            number of resolutions; one of them as (width, height), INVAL beyond the last
//   command 13, 14 index            number of pixel formats; one of them, INVAL beyond the last
//   command 21, 22 quarter turns    get the rotation; set it: upcall 0
//   command 23, 24 width, height    get the resolution; set it: upcall 0
//   command 25, 26 format           get the pixel format; set it: upcall 0, INVAL beyond 6
//   command 100 x<<16|y, w<<16|h    rectangle of the following writes: upcall 0
//   command 200 length              write read-only buffer 0: upcall 0
//   command 300                     fill the rectangle with the first pixel of read-only buffer 0: upcall 0
//
// Commands 11 to 14 are NOSUPPORT, as setting is, where there is no setup. A command waits while another process's is under
// way; BUSY when the process's own waits. A command that fails at once leaves the mark of one that waits, and one that
// fails when its turn comes makes no upcall.
import type { Stateful } from "../../base/stateful.js";
import type {
  Screen,
  ScreenClient,
  ScreenFailure,
  ScreenPixelFormat,
  ScreenRotation,
  ScreenSetup,
} from "../../hil/screen.js";
import type { ProcessError, ProcessId, SyscallDriver } from "../driver.js";
import type { Grant, GrantShape, GrantView } from "../grant.js";
import { ErrorCode, Return, type SyscallReturn } from "../syscalls.js";

const UPCALL = 0;
const SHARED = 0;

const Command = {
  power: 2,
  brightness: 3,
  invert: 6,
  rotation: 22,
  resolution: 24,
  pixelFormat: 26,
  frame: 100,
  write: 200,
  fill: 300,
} as const;

/** `command` to `argument3`: the last one asked for, as upstream's enumeration of 20 bytes. */
const layout = {
  writePosition: "u32",
  writeLen: "u32",
  width: "u32",
  height: "u32",
  command: "u32",
  argument0: "u32",
  argument1: "u32",
  argument2: "u32",
  argument3: "u32",
  pendingCommand: "bool",
} as const;
type View = GrantView<typeof layout>;
type Arguments = readonly [number, number, number, number];

export const SCREEN_GRANT: GrantShape<typeof layout> = {
  driver: 0x90001,
  upcalls: 1,
  readOnlyAllows: 1,
  readWriteAllows: 0,
  data: layout,
};

export interface ScreenDriverState {
  process: ProcessId | null;
  /** `null` while the screen has it. */
  buffer: Uint8Array | null;
}

export interface ScreenDriverOptions {
  screen: Screen;
  setup: ScreenSetup | undefined;
  /** Bytes that go to the screen at once. */
  bufferLength: number;
}

export class ScreenDriver implements SyscallDriver, ScreenClient, Stateful<ScreenDriverState> {
  readonly #screen: Screen;
  readonly #setup: ScreenSetup | undefined;
  readonly #grant: Grant<typeof layout>;
  /** The format at power-on, by which a fill is counted. */
  readonly #format: ScreenPixelFormat;
  #state: ScreenDriverState;

  constructor(options: ScreenDriverOptions, grant: Grant<typeof layout>) {
    this.#screen = options.screen;
    this.#setup = options.setup;
    this.#grant = grant;
    this.#format = options.screen.getPixelFormat();
    this.#state = { process: null, buffer: new Uint8Array(options.bufferLength) };
    options.screen.setClient(this);
  }

  command(commandNum: number, data1: number, data2: number, process: ProcessId): SyscallReturn {
    const enqueue = (command: number, ...values: number[]) => {
      const [a = 0, b = 0, c = 0, d = 0] = values;
      return this.#enqueue(command, [a, b, c, d], process);
    };
    switch (commandNum) {
      case 0:
        return Return.success();
      case 1:
        return Return.successU32(this.#setup === undefined ? 0 : 1);
      case Command.power:
      case Command.invert:
        return enqueue(commandNum, data1 === 0 ? 0 : 1);
      case Command.brightness:
        return enqueue(commandNum, data1 & 0xffff);
      case 4:
      case 5:
        return enqueue(Command.invert, commandNum === 4 ? 1 : 0);
      case Command.rotation:
        return enqueue(commandNum, data1 > 3 ? 0 : data1);
      case Command.resolution:
        return enqueue(commandNum, data1, data2);
      case Command.pixelFormat:
        return data1 > 6 ? Return.failure(ErrorCode.INVAL) : enqueue(commandNum, data1);
      case Command.frame:
        return enqueue(commandNum, data1 >>> 16, data1 & 0xffff, data2 >>> 16, data2 & 0xffff);
      case Command.write:
      case Command.fill:
        return enqueue(commandNum, data1);
      default:
        return this.#get(commandNum, data1);
    }
  }

  allocateGrant(process: ProcessId): ProcessError | undefined {
    return this.#grant.allocate(process);
  }

  commandComplete(failure: ScreenFailure | undefined): void {
    this.#runNext(statusOf(failure));
  }

  writeComplete(buffer: Uint8Array, failure: ScreenFailure | undefined): void {
    const length = this.#fillBuffer(buffer);
    if (failure === undefined && length > 0) {
      this.#screen.write(buffer, length, true);
      return;
    }
    this.#state.buffer = buffer;
    this.#runNext(statusOf(failure));
  }

  screenIsReady(): void {
    this.#runNext(0);
  }

  save(): ScreenDriverState {
    return structuredClone(this.#state);
  }

  load(state: ScreenDriverState): void {
    this.#state = structuredClone(state);
  }

  #get(commandNum: number, index: number): SyscallReturn {
    if (commandNum === 21) return Return.successU32(this.#screen.getRotation());
    if (commandNum === 23) return Return.successU32U32(...this.#screen.getResolution());
    if (commandNum === 25) return Return.successU32(this.#screen.getPixelFormat());
    const setup = this.#setup;
    if (setup === undefined || commandNum < 11 || commandNum > 14)
      return Return.failure(ErrorCode.NOSUPPORT);
    if (commandNum === 11) return Return.successU32(setup.supportedResolutions.length);
    if (commandNum === 13) return Return.successU32(setup.supportedPixelFormats.length);
    const resolution = setup.supportedResolutions[index];
    const format = setup.supportedPixelFormats[index];
    if (commandNum === 12 && resolution !== undefined) return Return.successU32U32(...resolution);
    if (commandNum === 14 && format !== undefined) return Return.successU32(format);
    return Return.failure(ErrorCode.INVAL);
  }

  #enqueue(command: number, values: Arguments, process: ProcessId): SyscallReturn {
    const entered = this.#grant.enter(process, ({ data }) => {
      if (data.pendingCommand) return Return.failure(ErrorCode.BUSY);
      data.pendingCommand = true;
      data.writePosition = 0;
      data.command = command;
      [data.argument0, data.argument1, data.argument2, data.argument3] = values;
      return Return.success();
    });
    if (!entered.ok) return this.#grant.command(process, () => Return.success());
    if (this.#state.process !== null) return entered.value;
    // Nothing is under way: upstream goes on even when the process's own mark says that it waits.
    this.#state.process = process;
    const error = this.#call(command, values, process);
    if (error === undefined) return Return.success();
    this.#state.process = null;
    return Return.failure(error);
  }

  #call(command: number, values: Arguments, process: ProcessId): ErrorCode | undefined {
    const [a, b, c, d] = values;
    const screen = this.#screen;
    switch (command) {
      case Command.power:
        return codeOf(screen.setPower(a !== 0));
      case Command.brightness:
        return codeOf(screen.setBrightness(a));
      case Command.invert:
        return codeOf(screen.setInvert(a !== 0));
      case Command.frame: {
        const entered = this.#grant.enter(process, ({ data }) => {
          data.writePosition = 0;
          data.width = c;
          data.height = d;
          return codeOf(screen.setWriteFrame(a, b, c, d));
        });
        return entered.ok ? entered.value : ErrorCode.INVAL;
      }
      case Command.write:
      case Command.fill:
        return this.#startWrite(command, a, process);
      default:
        return this.#callSetup(command, values);
    }
  }

  #callSetup(command: number, [a, b]: Arguments): ErrorCode | undefined {
    const setup = this.#setup;
    if (setup === undefined) return ErrorCode.NOSUPPORT;
    if (command === Command.rotation) return codeOf(setup.setRotation(a as ScreenRotation));
    if (command === Command.resolution) return codeOf(setup.setResolution(a, b));
    return codeOf(setup.setPixelFormat(a as ScreenPixelFormat));
  }

  #startWrite(command: number, length: number, process: ProcessId): ErrorCode | undefined {
    const fills = command === Command.fill;
    const entered = this.#grant.enter(process, ({ data, readOnly }) => {
      const shared = readOnly(SHARED).length;
      const available = fills ? shared : Math.min(shared, length);
      if (available === 0) return ErrorCode.NOMEM;
      if (available % pixelBytes(this.#screen.getPixelFormat()) !== 0) return ErrorCode.INVAL;
      data.writePosition = 0;
      data.writeLen = fills ? bytesOf(data.width * data.height, this.#format) : available;
      return undefined;
    });
    const error = entered.ok ? entered.value : ErrorCode.INVAL;
    if (error !== undefined) return error;
    const { buffer } = this.#state;
    if (buffer === null) return fills ? ErrorCode.NOMEM : ErrorCode.FAIL;
    this.#state.buffer = null;
    const count = this.#fillBuffer(buffer);
    if (count > 0) return codeOf(this.#screen.write(buffer, count, false));
    this.#state.buffer = buffer;
    this.#runNext(0);
    return undefined;
  }

  /** Puts the next bytes into the kernel's buffer; how many. */
  #fillBuffer(buffer: Uint8Array): number {
    const { process } = this.#state;
    if (process === null) return 0;
    const entered = this.#grant.enter(process, view => {
      const { data } = view;
      if (data.writePosition >= data.writeLen) return 0;
      if (data.command === Command.write) return copyChunk(view, buffer);
      return data.command === Command.fill ? repeatPixel(view, buffer, this.#format) : 0;
    });
    return entered.ok ? entered.value : 0;
  }

  /** Tells the process whose command is over, and starts the next that waits. */
  #runNext(status: number): void {
    const done = this.#state.process;
    this.#state.process = null;
    if (done !== null)
      this.#grant.enter(done, view => {
        view.data.pendingCommand = false;
        view.scheduleUpcall(UPCALL, status, 0, 0);
      });
    const processes: ProcessId[] = [];
    this.#grant.each((_, process) => processes.push(process));
    for (const process of processes) {
      const waiting = this.#grant.enter(process, ({ data }) => {
        if (!data.pendingCommand) return undefined;
        data.pendingCommand = false;
        const { argument0, argument1, argument2, argument3 } = data;
        return [data.command, [argument0, argument1, argument2, argument3]] as const;
      });
      if (!waiting.ok || waiting.value === undefined) continue;
      this.#state.process = process;
      if (this.#call(...waiting.value, process) === undefined) return;
      this.#state.process = null;
    }
  }
}

/** Bits of a pixel, by number of the format. */
const bitsPerPixel = [1, 8, 16, 24, 32, 4, 1] as const;

const bytesOf = (pixels: number, format: ScreenPixelFormat): number =>
  Math.ceil((pixels * bitsPerPixel[format]) / 8);
const pixelBytes = (format: ScreenPixelFormat): number => bytesOf(1, format);

const codeOf = (failure: ScreenFailure | undefined): ErrorCode | undefined =>
  failure === undefined ? undefined : ErrorCode[failure];
const statusOf = (failure: ScreenFailure | undefined): number => codeOf(failure) ?? 0;

/** The next part of the app's buffer, which is cut into parts as long as the kernel's. */
function copyChunk({ data, readOnly }: View, buffer: Uint8Array): number {
  const shared = readOnly(SHARED);
  const start = data.writePosition - (data.writePosition % buffer.length);
  const end = Math.min(start + buffer.length, shared.length, data.writeLen);
  if (start >= end) return 0;
  buffer.set(shared.read(start, end - start));
  data.writePosition = end;
  return end - start;
}

/** The app's first pixel as often as the kernel's buffer takes it. Upstream compares pixels with bytes here. */
function repeatPixel({ data, readOnly }: View, buffer: Uint8Array, format: ScreenPixelFormat) {
  const size = pixelBytes(format);
  const left = data.writeLen - data.writePosition;
  const pixels = Math.min(Math.floor(buffer.length / size), left);
  data.writePosition += pixels * size;
  const shared = readOnly(SHARED);
  buffer.set(shared.read(0, Math.min(size, shared.length)));
  for (let i = 1; i < pixels; i++) buffer.copyWithin(i * size, 0, size);
  return pixels * size;
}
