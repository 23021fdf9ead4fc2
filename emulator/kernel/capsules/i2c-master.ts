// The two-wire bus as master, driver 0x20003 (capsules/core/src/i2c_master.rs). Grant [1 upcall, 0, 2 read-write allows].
//
//   command 0                              existence check
//   command 1  address, length             write from read-write buffer 1; upcall 0 (status, 0, 0)
//   command 2  address, length             read into it; upcall 0 (status, 0, 0)
//   command 3  address | length << 8, n    write `length` bytes from it, then read `n` into it; upcall 0 (status, 0, 0)
//
// One transfer at a time, for all processes: NOMEM while one is under way. What was read is copied even when the transfer
// failed. Nobody checks lengths: more than the app's or the kernel's buffer has is a panic of the kernel.
import type { Stateful } from "../../base/stateful.js";
import type { I2CError, I2CMaster, I2CMasterClient } from "../../hil/i2c.js";
import type { ProcessError, ProcessId, SyscallDriver } from "../driver.js";
import type { Grant, GrantShape, GrantView } from "../grant.js";
import { KernelPanic } from "../panic.js";
import { ErrorCode, Return, type SyscallReturn } from "../syscalls.js";
import { I2C_BUFFER_LENGTH, i2cErrorCode, i2cStatus } from "./i2c-status.js";

const UPCALL = 0;
const BUFFER = 1;

const layout = {} as const;

export const I2C_MASTER_GRANT: GrantShape<typeof layout> = {
  driver: 0x20003,
  upcalls: 1,
  readOnlyAllows: 0,
  readWriteAllows: 2,
  data: layout,
};

export interface I2CMasterDriverState {
  /** The kernel's buffer; `null` while it is with the bus. */
  buffer: Uint8Array | null;
  transaction: { process: ProcessId; readLength: number } | null;
}

export class I2CMasterDriver
  implements SyscallDriver, I2CMasterClient, Stateful<I2CMasterDriverState>
{
  readonly #i2c: I2CMaster;
  readonly #grant: Grant<typeof layout>;
  #state: I2CMasterDriverState = {
    buffer: new Uint8Array(I2C_BUFFER_LENGTH),
    transaction: null,
  };

  constructor(i2c: I2CMaster, grant: Grant<typeof layout>) {
    this.#i2c = i2c;
    this.#grant = grant;
    i2c.setMasterClient(this);
  }

  command(commandNum: number, arg1: number, arg2: number, process: ProcessId): SyscallReturn {
    if (commandNum === 0) return Return.success();
    if (commandNum > 3) return Return.failure(ErrorCode.NOSUPPORT);
    const writeLength = commandNum === 1 ? arg2 : commandNum === 2 ? 0 : arg1 >>> 8;
    const readLength = commandNum === 1 ? 0 : arg2;
    return this.#grant.command(process, view => {
      const buffer = this.#take(view, writeLength);
      if (buffer === undefined) return Return.failure(ErrorCode.NOMEM);
      this.#state.transaction = { process, readLength };
      const address = arg1 & 0xff;
      const error =
        commandNum === 1
          ? this.#i2c.write(address, buffer, writeLength)
          : commandNum === 2
            ? this.#i2c.read(address, buffer, readLength)
            : this.#i2c.writeRead(address, buffer, writeLength, readLength);
      if (error === undefined) return Return.success();
      this.#state.buffer = buffer;
      return Return.failure(i2cErrorCode(error));
    });
  }

  allocateGrant(process: ProcessId): ProcessError | undefined {
    return this.#grant.allocate(process);
  }

  commandComplete(buffer: Uint8Array, error: I2CError | undefined): void {
    const { transaction } = this.#state;
    this.#state.transaction = null;
    if (transaction !== null) {
      const { process, readLength } = transaction;
      this.#grant.enter(process, view => {
        if (readLength > 0) {
          const app = view.readWrite(BUFFER);
          checkLength(readLength, app.length, "kernel/src/processbuffer.rs:1248:43");
          checkLength(readLength, buffer.length, "capsules/core/src/i2c_master.rs:202:73");
          app.write(0, buffer.subarray(0, readLength));
        }
        view.scheduleUpcall(UPCALL, i2cStatus(error), 0, 0);
      });
    }
    this.#state.buffer = buffer;
  }

  save(): I2CMasterDriverState {
    return structuredClone(this.#state);
  }

  load(state: I2CMasterDriverState): void {
    this.#state = structuredClone(state);
  }

  /** The kernel's buffer with the bytes to write, unless it is away. */
  #take(view: GrantView<typeof layout>, length: number): Uint8Array | undefined {
    const { buffer } = this.#state;
    if (buffer === null) return undefined;
    this.#state.buffer = null;
    const app = view.readWrite(BUFFER);
    checkLength(length, app.length, "kernel/src/processbuffer.rs:1007:43");
    checkLength(length, buffer.length, "capsules/core/src/i2c_master.rs:75:63");
    buffer.set(app.read(0, length));
    return buffer;
  }
}

/** Rust's check of a slice. */
function checkLength(end: number, length: number, location: string): void {
  if (end > length)
    throw new KernelPanic(
      `range end index ${end} out of range for slice of length ${length}`,
      location,
    );
}
