// The console, driver 0x1 (capsules/core/src/console.rs). Grant [3 upcalls, 2 read-only, 2 read-write].
//
//   command 0                existence check
//   command 1  length        write min(length, buffer) bytes of read-only buffer 1; upcall 1 (bytes written, 0, 0)
//   command 2  length        read min(length, buffer) bytes into read-write buffer 1; upcall 2 (status, bytes, 0)
//                            BUSY while any process reads, INVAL beyond 64 bytes
//   command 3                abort the outstanding read, whosever it is; upcall 2 (CANCEL, bytes so far, 0)
import type { Stateful } from "../../base/stateful.js";
import type { ReceiveClient, TransmitClient, Uart, UartFailure } from "../../hil/uart.js";
import type { ProcessError, ProcessId, SyscallDriver } from "../driver.js";
import type { Grant, GrantShape, GrantView } from "../grant.js";
import { ErrorCode, Return, type SyscallReturn } from "../syscalls.js";

/** Bytes of the kernel's transmit and receive buffers. */
const DEFAULT_BUF_SIZE = 64;

const Upcall = { WriteDone: 1, ReadDone: 2 } as const;
/** Number of the write buffer among the read-only, and of the read buffer among the read-write ones. */
const BUFFER = 1;

const layout = {
  writeLen: "u32",
  /** Bytes that have not been handed to the UART yet. */
  writeRemaining: "u32",
  readLen: "u32",
  pendingWrite: "bool",
} as const;
type View = GrantView<typeof layout>;

export const CONSOLE_GRANT: GrantShape<typeof layout> = {
  driver: 0x1,
  upcalls: 3,
  readOnlyAllows: 2,
  readWriteAllows: 2,
  data: layout,
};

export interface ConsoleDriverState {
  /** Whose bytes the UART sends. */
  transmitting: ProcessId | null;
  receiving: ProcessId | null;
  /** The kernel's receive buffer is away; it can be while its process is gone. */
  receiveBufferTaken: boolean;
}

export class ConsoleDriver
  implements SyscallDriver, TransmitClient, ReceiveClient, Stateful<ConsoleDriverState>
{
  readonly #uart: Uart;
  readonly #grant: Grant<typeof layout>;
  #state: ConsoleDriverState = { transmitting: null, receiving: null, receiveBufferTaken: false };

  constructor(uart: Uart, grant: Grant<typeof layout>) {
    this.#uart = uart;
    this.#grant = grant;
    uart.setTransmitClient(this);
    uart.setReceiveClient(this);
  }

  command(commandNum: number, arg1: number, _arg2: number, process: ProcessId): SyscallReturn {
    return this.#grant.command(process, view => {
      switch (commandNum) {
        case 0:
          return Return.success();
        case 1:
          return this.#write(process, view, arg1);
        case 2:
          return this.#read(process, view, arg1);
        case 3:
          this.#uart.receiveAbort();
          return Return.success();
        default:
          return Return.failure(ErrorCode.NOSUPPORT);
      }
    });
  }

  allocateGrant(process: ProcessId): ProcessError | undefined {
    return this.#grant.allocate(process);
  }

  transmittedBuffer(): void {
    const process = this.#state.transmitting;
    this.#state.transmitting = null;
    if (process) {
      this.#grant.enter(process, view => {
        if (this.#sendContinue(process, view)) return;
        const written = view.data.writeLen;
        view.data.writeLen = 0;
        view.scheduleUpcall(Upcall.WriteDone, written, 0, 0);
      });
    }
    // Between two messages the next process with a pending write has its turn.
    this.#grant.each((view, waiting) => {
      if (this.#state.transmitting || !view.data.pendingWrite) return;
      view.data.pendingWrite = false;
      this.#sendContinue(waiting, view);
    });
  }

  receivedBuffer(bytes: Uint8Array, failure: UartFailure | undefined): void {
    const process = this.#state.receiving;
    this.#state.receiving = null;
    this.#state.receiveBufferTaken = false;
    if (!process) return;
    this.#grant.enter(process, view => {
      const buffer = view.readWrite(BUFFER);
      const fitting = bytes.subarray(0, buffer.length);
      if (fitting.length > 0) buffer.write(0, fitting);
      const cut = fitting.length < bytes.length;
      const status = cut ? ErrorCode.SIZE : failure === undefined ? 0 : ErrorCode[failure];
      view.scheduleUpcall(Upcall.ReadDone, status, fitting.length, 0);
    });
  }

  save(): ConsoleDriverState {
    return { ...this.#state };
  }

  load(state: ConsoleDriverState): void {
    this.#state = { ...state };
  }

  #write(process: ProcessId, view: View, length: number): SyscallReturn {
    // A write while the own one is under way replaces its lengths: upstream keeps one message per process.
    view.data.writeLen = Math.min(view.readOnly(BUFFER).length, length);
    view.data.writeRemaining = view.data.writeLen;
    this.#send(process, view);
    return Return.success();
  }

  /** False when the message is complete. */
  #sendContinue(process: ProcessId, view: View): boolean {
    if (view.data.writeRemaining === 0) return false;
    this.#send(process, view);
    return this.#state.transmitting !== null;
  }

  #send(process: ProcessId, view: View): void {
    const { data } = view;
    if (this.#state.transmitting) {
      data.pendingWrite = true;
      return;
    }
    const buffer = view.readOnly(BUFFER);
    if (data.writeLen > buffer.length) {
      // The app took the buffer away or shrank it: the message ends here.
      data.writeLen -= data.writeRemaining;
      data.writeRemaining = 0;
    }
    const length = Math.min(data.writeRemaining, DEFAULT_BUF_SIZE);
    const start = data.writeLen - data.writeRemaining;
    const bytes = length === 0 ? new Uint8Array() : buffer.read(start, length);
    data.writeRemaining -= length;
    const origin = { from: "process", process: process.index } as const;
    if (this.#uart.transmitBuffer(bytes, origin) === undefined) {
      this.#state.transmitting = process;
      return;
    }
    const written = data.writeLen;
    data.writeLen = 0;
    view.scheduleUpcall(Upcall.WriteDone, written, 0, 0);
  }

  #read(process: ProcessId, view: View, length: number): SyscallReturn {
    if (this.#state.receiveBufferTaken) return Return.failure(ErrorCode.BUSY);
    const wanted = Math.min(view.readWrite(BUFFER).length, length);
    if (wanted > DEFAULT_BUF_SIZE) return Return.failure(ErrorCode.INVAL);
    view.data.readLen = wanted;
    this.#state.receiving = process;
    const failure = this.#uart.receiveBuffer(wanted);
    if (failure !== undefined) return Return.failure(ErrorCode[failure]);
    this.#state.receiveBufferTaken = true;
    return Return.success();
  }
}
