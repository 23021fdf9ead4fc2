// The chip as a peripheral on a four-wire bus, driver 0x20002 (capsules/core/src/spi_peripheral.rs).
// Grant [2 upcalls, 1 read-only, 1 read-write allow].
//
//   command 0            existence check
//   command 1  length    exchange read-only buffer 0 with what the master sends, which comes into read-write buffer 0 if
//                        there is one; upcall 0 (length, 0, 0). BUSY during another, INVAL for no bytes or more than a
//                        buffer has
//   command 2            chip select: always 0
//   command 3, 4         set, get the phase: 0 samples at the leading edge, else at the trailing one
//   command 5, 6         set, get the polarity: 0 idles low, else high
//
// A master that selects the chip makes upcall 1 (length of the exchange, 0, 0). The length told at the end is the one asked
// for, however few bytes the master sent. The first process that uses it has it while it lives: NOMEM for others. The kernel's
// buffers are lost when their process is gone, and the driver stays BUSY.
import type { Stateful } from "../../base/stateful.js";
import type { SpiSlaveClient, SpiSlaveDevice } from "../../hil/spi.js";
import { type ProcessError, type ProcessId, type SyscallDriver, sameProcess } from "../driver.js";
import type { Grant, GrantShape, GrantView } from "../grant.js";
import { ErrorCode, Return, type SyscallReturn } from "../syscalls.js";

const Upcall = { done: 0, selected: 1 } as const;
const BUFFER = 0;
const KERNEL_LENGTH = 1024;

/** The length asked for, and how far it has come. */
const layout = { len: "u32", index: "u32" } as const;
type View = GrantView<typeof layout>;

export const SPI_PERIPHERAL_GRANT: GrantShape<typeof layout> = {
  driver: 0x20002,
  upcalls: 2,
  readOnlyAllows: 1,
  readWriteAllows: 1,
  data: layout,
};

export interface SpiPeripheralDriverState {
  busy: boolean;
  /** `null` while the bus has them, or lost. */
  buffers: { read: Uint8Array; write: Uint8Array } | null;
  process: ProcessId | null;
}

export class SpiPeripheralDriver
  implements SyscallDriver, SpiSlaveClient, Stateful<SpiPeripheralDriverState>
{
  readonly #spi: SpiSlaveDevice;
  readonly #grant: Grant<typeof layout>;
  #state: SpiPeripheralDriverState = {
    busy: false,
    buffers: { read: new Uint8Array(KERNEL_LENGTH), write: new Uint8Array(KERNEL_LENGTH) },
    process: null,
  };

  constructor(spi: SpiSlaveDevice, grant: Grant<typeof layout>) {
    this.#spi = spi;
    this.#grant = grant;
    spi.setClient(this);
  }

  command(commandNum: number, argument: number, _arg2: number, process: ProcessId): SyscallReturn {
    if (commandNum === 0) return Return.success();
    if (!this.#claim(process)) return Return.failure(ErrorCode.NOMEM);
    switch (commandNum) {
      case 1:
        return this.#start(argument, process);
      case 2:
        return Return.successU32(0);
      case 3:
        this.#spi.setPhase(argument === 0 ? "SampleLeading" : "SampleTrailing");
        return Return.success();
      case 4:
        return Return.successU32(this.#spi.getPhase() === "SampleLeading" ? 0 : 1);
      case 5:
        this.#spi.setPolarity(argument === 0 ? "IdleLow" : "IdleHigh");
        return Return.success();
      case 6:
        return Return.successU32(this.#spi.getPolarity() === "IdleLow" ? 0 : 1);
      default:
        return Return.failure(ErrorCode.NOSUPPORT);
    }
  }

  allocateGrant(process: ProcessId): ProcessError | undefined {
    return this.#grant.allocate(process);
  }

  readWriteDone(write: Uint8Array, read: Uint8Array, length: number): void {
    const state = this.#state;
    if (state.process === null) return;
    this.#grant.enter(state.process, view => {
      const { data } = view;
      const buffer = view.readWrite(BUFFER);
      const end = Math.min(data.index, read.length, buffer.length);
      const start = Math.min(data.index - length, end);
      if (end > start) buffer.write(start, read.subarray(0, end - start));
      state.buffers = { read, write };
      if (data.index !== data.len) {
        this.#next(view);
        return;
      }
      const done = data.len;
      state.busy = false;
      data.len = 0;
      data.index = 0;
      view.scheduleUpcall(Upcall.done, done, 0, 0);
    });
  }

  chipSelected(): void {
    if (this.#state.process === null) return;
    this.#grant.enter(this.#state.process, view => {
      view.scheduleUpcall(Upcall.selected, view.data.len, 0, 0);
    });
  }

  save(): SpiPeripheralDriverState {
    return structuredClone(this.#state);
  }

  load(state: SpiPeripheralDriverState): void {
    this.#state = structuredClone(state);
  }

  #claim(process: ProcessId): boolean {
    const { process: owner } = this.#state;
    if (owner !== null && !sameProcess(owner, process) && this.#grant.enter(owner, () => {}).ok)
      return false;
    this.#state.process = process;
    return true;
  }

  #start(length: number, process: ProcessId): SyscallReturn {
    if (this.#state.busy) return Return.failure(ErrorCode.BUSY);
    const entered = this.#grant.enter(process, view => {
      const writeLength = view.readOnly(BUFFER).length;
      const readLength = view.readWrite(BUFFER).length;
      const most = readLength === 0 ? writeLength : Math.min(writeLength, readLength);
      if (length > most || length === 0) return Return.failure(ErrorCode.INVAL);
      view.data.len = length;
      view.data.index = 0;
      this.#state.busy = true;
      this.#next(view);
      return Return.success();
    });
    return entered.ok ? entered.value : Return.failure(ErrorCode.NOMEM);
  }

  /** Gives the app's next bytes to the bus and counts them as sent. */
  #next({ data, readOnly }: View): void {
    const { buffers } = this.#state;
    if (buffers === null) return;
    this.#state.buffers = null;
    const source = readOnly(BUFFER);
    const wanted = Math.min(data.len - data.index, KERNEL_LENGTH);
    const end = Math.min(data.index + wanted, source.length);
    const start = Math.min(data.index, end);
    buffers.write.set(source.read(start, end - start));
    data.index = end;
    this.#spi.readWriteBytes(buffers.write, buffers.read, end - start);
  }
}
