// A chip on the four-wire bus, driver 0x20001 (capsules/core/src/spi_controller.rs).
// Grant [1 upcall, 1 read-only, 1 read-write allow].
//
//   command 0            existence check
//   command 1, 3, 4      NOSUPPORT: write a byte, set and get the chip select
//   command 2  length    send read-only buffer 0 and, if there is one, receive into read-write buffer 0;
//                        upcall 0 (length, 0, 0). BUSY during another, INVAL for no bytes or more than a buffer has
//   command 5, 6         set, get the rate in bits per second
//   command 7, 8         set, get the phase: 0 samples at the leading edge, else at the trailing one
//   command 9, 10        set, get the polarity: 0 idles low, else high
//   command 11 length    receive into read-write buffer 0 and send 0xff; upcall 0 (length, 0, 0)
//   command 12 length    send read-write buffer 0 and receive into it; upcall 0 (length, 0, 0)
//
// The first process that uses it has it while it lives: NOMEM for others. Commands 11 and 12 always clock the kernel's
// 1024 bytes, receive as many as the app's buffer has, and repeat until that is the length asked for: for ever when the
// buffer is longer. The kernel's buffers are lost when their process is gone, and the driver stays BUSY.
import type { Stateful } from "../../base/stateful.js";
import type { SpiMasterClient, SpiMasterDevice } from "../../hil/spi.js";
import { type ProcessError, type ProcessId, type SyscallDriver, sameProcess } from "../driver.js";
import type { Grant, GrantShape, GrantView } from "../grant.js";
import { ErrorCode, Return, type SyscallReturn } from "../syscalls.js";

const UPCALL = 0;
const BUFFER = 0;
const KERNEL_LENGTH = 1024;

/** The length asked for, and how far it has come. */
const layout = { len: "u32", index: "u32" } as const;
type View = GrantView<typeof layout>;

export const SPI_CONTROLLER_GRANT: GrantShape<typeof layout> = {
  driver: 0x20001,
  upcalls: 1,
  readOnlyAllows: 1,
  readWriteAllows: 1,
  data: layout,
};

export interface SpiControllerState {
  busy: boolean;
  /** Buffers are `null` while they are with the bus, or lost. */
  kernelRead: Uint8Array | null;
  kernelWrite: Uint8Array | null;
  process: ProcessId | null;
  inplace: boolean;
}

/** The whole of a kernel's buffer of which a part was on the bus. */
const whole = (buffer: Uint8Array): Uint8Array => new Uint8Array(buffer.buffer);

export class SpiController implements SyscallDriver, SpiMasterClient, Stateful<SpiControllerState> {
  readonly #spi: SpiMasterDevice;
  readonly #grant: Grant<typeof layout>;
  #state: SpiControllerState = {
    busy: false,
    kernelRead: new Uint8Array(KERNEL_LENGTH),
    kernelWrite: new Uint8Array(KERNEL_LENGTH),
    process: null,
    inplace: false,
  };

  constructor(spi: SpiMasterDevice, grant: Grant<typeof layout>) {
    this.#spi = spi;
    this.#grant = grant;
    spi.setClient(this);
  }

  command(commandNum: number, argument: number, _arg2: number, process: ProcessId): SyscallReturn {
    if (commandNum === 0) return Return.success();
    if (!this.#claim(process)) return Return.failure(ErrorCode.NOMEM);
    switch (commandNum) {
      case 2:
      case 11:
      case 12:
        return this.#start(commandNum, argument, process);
      case 5:
        return result(this.#spi.setRate(argument));
      case 6:
        return Return.successU32(this.#spi.getRate());
      case 7:
        return result(this.#spi.setPhase(argument === 0 ? "SampleLeading" : "SampleTrailing"));
      case 8:
        return Return.successU32(this.#spi.getPhase() === "SampleLeading" ? 0 : 1);
      case 9:
        return result(this.#spi.setPolarity(argument === 0 ? "IdleLow" : "IdleHigh"));
      case 10:
        return Return.successU32(this.#spi.getPolarity() === "IdleLow" ? 0 : 1);
      default:
        return Return.failure(ErrorCode.NOSUPPORT);
    }
  }

  allocateGrant(process: ProcessId): ProcessError | undefined {
    return this.#grant.allocate(process);
  }

  readWriteDone(write: Uint8Array, read: Uint8Array | null, length: number): void {
    const state = this.#state;
    if (state.process === null) return;
    this.#grant.enter(state.process, view => {
      const { data } = view;
      if (read !== null) {
        deliver(view, read, length);
        state.kernelRead = whole(read);
      }
      state.kernelWrite = whole(write);
      if (data.index !== data.len) {
        this.#next(view);
        return;
      }
      const done = data.len;
      state.busy = false;
      data.len = 0;
      data.index = 0;
      view.scheduleUpcall(UPCALL, done, 0, 0);
    });
  }

  save(): SpiControllerState {
    return structuredClone(this.#state);
  }

  load(state: SpiControllerState): void {
    this.#state = structuredClone(state);
  }

  #claim(process: ProcessId): boolean {
    const { process: owner } = this.#state;
    if (owner !== null && !sameProcess(owner, process) && this.#grant.enter(owner, () => {}).ok)
      return false;
    this.#state.process = process;
    return true;
  }

  #start(commandNum: number, length: number, process: ProcessId): SyscallReturn {
    const state = this.#state;
    if (state.busy) return Return.failure(ErrorCode.BUSY);
    const entered = this.#grant.enter(process, view => {
      const writeLength = view.readOnly(BUFFER).length;
      const readLength = view.readWrite(BUFFER).length;
      const sending = readLength === 0 ? writeLength : Math.min(writeLength, readLength);
      const most = commandNum === 2 ? sending : readLength;
      if (length > most || length === 0) return Return.failure(ErrorCode.INVAL);
      view.data.len = length;
      view.data.index = 0;
      state.busy = true;
      if (commandNum !== 2) state.inplace = commandNum === 12;
      this.#next(view);
      return Return.success();
    });
    return entered.ok ? entered.value : Return.failure(ErrorCode.FAIL);
  }

  /** Starts the next part of a transfer and counts it as done. */
  #next(view: View): void {
    const state = this.#state;
    const write = state.kernelWrite ?? new Uint8Array();
    const writeLength = fill(view, write);
    const readLength = view.readWrite(BUFFER).length;
    state.kernelWrite = null;
    if (readLength === 0) {
      this.#spi.readWriteBytes(write.subarray(0, writeLength), null);
      return;
    }
    const read = state.kernelRead;
    state.kernelRead = null;
    if (writeLength > 0) {
      this.#spi.readWriteBytes(
        write.subarray(0, writeLength),
        read?.subarray(0, readLength) ?? null,
      );
      return;
    }
    const length = Math.min(write.length, readLength);
    if (state.inplace) write.set(view.readWrite(BUFFER).read(0, length));
    else write.fill(0xff);
    view.data.index += length;
    this.#spi.readWriteBytes(write, read?.subarray(0, length) ?? null);
  }
}

const result = (failure: "BUSY" | undefined): SyscallReturn =>
  failure === undefined ? Return.success() : Return.failure(ErrorCode[failure]);

/** Copies the app's next bytes to send into the kernel's buffer and counts them as sent. */
function fill({ data, readOnly }: View, kernel: Uint8Array): number {
  const source = readOnly(BUFFER);
  // Where the app has put a shorter buffer, upstream's subtraction goes round.
  const wanted = (data.len - data.index) >>> 0;
  const end = Math.min(data.index + Math.min(wanted, KERNEL_LENGTH), source.length);
  const start = Math.min(data.index, end);
  kernel.set(source.read(start, end - start));
  data.index = end;
  return end - start;
}

/** Copies what was received to where it belongs in the app's buffer, as far as that reaches. */
function deliver({ data, readWrite }: View, received: Uint8Array, length: number): void {
  const buffer = readWrite(BUFFER);
  const end = Math.min(data.index, buffer.length);
  const start = Math.min((data.index - length) >>> 0, end);
  const fitting = received.subarray(0, end - start);
  if (fitting.length > 0) buffer.write(start, fitting);
}
