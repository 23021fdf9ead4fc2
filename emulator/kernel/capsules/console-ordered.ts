// The console, driver 0x1, in order with the kernel's own lines (capsules/core/src/console_ordered.rs).
// Grant [3 upcalls, 2 read-only, 2 read-write].
//
//   command 0                existence check
//   command 1  length        write min(length, buffer) bytes of read-only buffer 1; upcall 1 (bytes, 0, 0). BUSY while the
//                            process writes, NOMEM for no bytes
//   command 2  length        read min(length, buffer) bytes into read-write buffer 1; upcall 2 (status, bytes, 0). BUSY
//                            while the process reads, INVAL for no bytes or beyond 64; behind other readers it queues
//   command 3                abort the outstanding read, whosever it is; upcall 2 (CANCEL, bytes so far, 0)
//
// Writes go into the buffer of `debug!`, in pieces no smaller than a set size if it is nearly full, and their upcall comes
// a set time later, whether or not the bytes have left.
import type { Stateful } from "../../base/stateful.js";
import { ticksFromMs } from "../../base/ticks.js";
import type { Alarm, AlarmClient } from "../../hil/time.js";
import type { Receive, ReceiveClient, UartFailure } from "../../hil/uart.js";
import type { ProcessError, ProcessId, SyscallDriver } from "../driver.js";
import type { Grant, GrantShape, GrantView } from "../grant.js";
import { ErrorCode, Return, type SyscallReturn } from "../syscalls.js";
import type { DebugQueue } from "./debug-queue.js";

export interface ConsoleOrderedOptions {
  /** Pieces of a long write are no shorter, in bytes. */
  atomicSize: number;
  /** Milliseconds until a write that found no room is tried again. */
  retryTimer: number;
  /** Milliseconds from a write to its upcall. */
  writeTimer: number;
}

/** Bytes of the kernel's receive buffer. */
const DEFAULT_BUF_SIZE = 64;

const Upcall = { WriteDone: 1, ReadDone: 2 } as const;
const BUFFER = 1;

const layout = {
  writePosition: "u32",
  writeLen: "u32",
  /** Places of the last write and read in the order of all processes. */
  txCounter: "u32",
  readLen: "u32",
  rxCounter: "u32",
  writing: "bool",
  pendingWrite: "bool",
} as const;
type View = GrantView<typeof layout>;

export const CONSOLE_ORDERED_GRANT: GrantShape<typeof layout> = {
  driver: 0x1,
  upcalls: 3,
  readOnlyAllows: 2,
  readWriteAllows: 2,
  data: layout,
};

export interface ConsoleOrderedState {
  txInProgress: boolean;
  txCounter: number;
  rxCounter: number;
  /** Whose read is outstanding. */
  reading: ProcessId | null;
  /** The kernel's receive buffer is away. */
  receiveBufferTaken: boolean;
}

/** `counter` comes before `limit`, round the end of 32 bits if need be. */
const isEarlier = (counter: number, limit: number): boolean => (limit - counter) >>> 0 < 0x7fffffff;

export class ConsoleOrdered
  implements SyscallDriver, AlarmClient, ReceiveClient, Stateful<ConsoleOrderedState>
{
  readonly #uart: Receive;
  readonly #queue: DebugQueue;
  readonly #alarm: Alarm;
  readonly #grant: Grant<typeof layout>;
  readonly #options: ConsoleOrderedOptions;
  #state: ConsoleOrderedState = {
    txInProgress: false,
    txCounter: 0,
    rxCounter: 0,
    reading: null,
    receiveBufferTaken: false,
  };

  constructor(
    parts: { uart: Receive; queue: DebugQueue; alarm: Alarm },
    grant: Grant<typeof layout>,
    options: ConsoleOrderedOptions,
  ) {
    this.#uart = parts.uart;
    this.#queue = parts.queue;
    this.#alarm = parts.alarm;
    this.#grant = grant;
    this.#options = options;
    this.#uart.setReceiveClient(this);
    this.#alarm.setAlarmClient(this);
  }

  command(commandNum: number, length: number, _arg2: number, process: ProcessId): SyscallReturn {
    return this.#grant.command(process, view => {
      switch (commandNum) {
        case 0:
          return Return.success();
        case 1:
          return result(this.#sendNew(view, process, length));
        case 2:
          return result(this.#receiveNew(view, process, length));
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

  alarm(): void {
    if (this.#state.txInProgress) {
      // If the writer has died nobody sets it again.
      this.#state.txInProgress = false;
      this.#grant.each((view, process) => {
        if (view.data.writing) this.#sendMore(view, process);
      });
    }
    if (this.#state.txInProgress) return;
    const next = this.#earliest(this.#state.txCounter, ({ data }) =>
      data.pendingWrite ? data.txCounter : undefined,
    );
    if (next === undefined) return;
    this.#grant.enter(next, view => {
      view.data.pendingWrite = false;
      this.#sendNew(view, next, view.data.writeLen);
    });
  }

  receivedBuffer(bytes: Uint8Array, failure: UartFailure | undefined): void {
    const process = this.#state.reading;
    this.#state.reading = null;
    if (process !== null) {
      this.#grant.enter(process, view => {
        view.data.readLen = 0;
        const buffer = view.readWrite(BUFFER);
        const fitting = bytes.subarray(0, buffer.length);
        if (fitting.length > 0) buffer.write(0, fitting);
        const cut = fitting.length < bytes.length;
        const status = cut ? ErrorCode.SIZE : failure === undefined ? 0 : ErrorCode[failure];
        view.scheduleUpcall(Upcall.ReadDone, status, fitting.length, 0);
      });
    }
    this.#state.receiveBufferTaken = false;
    // Upstream compares with the counter of writers, and starts no queued read: its own length counts as one under way.
    const next = this.#earliest(this.#state.txCounter, ({ data }) =>
      data.readLen === 0 ? undefined : data.rxCounter,
    );
    if (next === undefined) return;
    this.#grant.enter(next, view => this.#receiveNew(view, next, view.data.readLen));
  }

  save(): ConsoleOrderedState {
    return { ...this.#state };
  }

  load(state: ConsoleOrderedState): void {
    this.#state = { ...state };
  }

  #sendNew(view: View, process: ProcessId, length: number): ErrorCode | undefined {
    const { data } = view;
    if (data.writing || data.pendingWrite) return ErrorCode.BUSY;
    data.writePosition = 0;
    data.writeLen = Math.min(view.readOnly(BUFFER).length, length);
    if (data.writeLen === 0) return ErrorCode.NOMEM;
    data.txCounter = this.#state.txCounter;
    this.#state.txCounter = (this.#state.txCounter + 1) >>> 0;
    if (this.#state.txInProgress) data.pendingWrite = true;
    else if (Math.min(data.writeLen, this.#options.atomicSize) <= this.#queue.available)
      this.#send(view, process);
    else {
      data.pendingWrite = true;
      this.#setAlarm(this.#options.retryTimer);
    }
    return undefined;
  }

  #sendMore(view: View, process: ProcessId): void {
    const { data } = view;
    if (data.writePosition >= data.writeLen) {
      view.scheduleUpcall(Upcall.WriteDone, data.writeLen, 0, 0);
      data.writing = false;
      return;
    }
    // Others wait until the whole write is through.
    this.#state.txInProgress = true;
    const least = Math.min(data.writeLen - data.writePosition, this.#options.atomicSize);
    if (least <= this.#queue.available) this.#send(view, process);
    else this.#setAlarm(this.#options.retryTimer);
  }

  /** Queues what there is room for. A buffer that has shrunk below what was to be written is written whole. */
  #send(view: View, process: ProcessId): void {
    const { data } = view;
    const buffer = view.readOnly(BUFFER);
    data.writing = true;
    this.#state.txInProgress = true;
    const end = Math.min(data.writeLen, data.writePosition + this.#queue.available);
    const shrunk = end > buffer.length;
    const start = shrunk ? 0 : data.writePosition;
    const length = Math.min((shrunk ? buffer.length : end) - start, this.#queue.available);
    if (length > 0) this.#queue.queue(buffer.read(start, length), process.index);
    data.writePosition += length;
    this.#setAlarm(this.#options.writeTimer);
  }

  #receiveNew(view: View, process: ProcessId, length: number): ErrorCode | undefined {
    const { data } = view;
    const state = this.#state;
    if (data.readLen !== 0) return ErrorCode.BUSY;
    if (length === 0) return ErrorCode.INVAL;
    if (state.receiveBufferTaken) {
      data.rxCounter = state.rxCounter;
      state.rxCounter = (state.rxCounter + 1) >>> 0;
      data.readLen = length;
      return undefined;
    }
    const wanted = Math.min(view.readWrite(BUFFER).length, length);
    if (wanted > DEFAULT_BUF_SIZE) return ErrorCode.INVAL;
    data.readLen = wanted;
    state.receiveBufferTaken = true;
    state.reading = process;
    this.#uart.receiveBuffer(wanted);
    return undefined;
  }

  /** The process with the earliest counter that lies before `limit`; the later slot of equal ones. */
  #earliest(limit: number, counterOf: (view: View) => number | undefined): ProcessId | undefined {
    let earliest = limit;
    let found: ProcessId | undefined;
    this.#grant.each((view, process) => {
      const counter = counterOf(view);
      if (counter === undefined || !isEarlier(counter, earliest)) return;
      earliest = counter;
      found = process;
    });
    return found;
  }

  #setAlarm(milliseconds: number): void {
    const { frequency, width } = this.#alarm;
    this.#alarm.setAlarm(this.#alarm.now(), ticksFromMs(milliseconds, frequency, width));
  }
}

const result = (error: ErrorCode | undefined): SyscallReturn =>
  error === undefined ? Return.success() : Return.failure(error);
