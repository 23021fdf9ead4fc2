// The two-wire bus as master and slave, driver 0x20006 (capsules/core/src/i2c_master_slave_driver.rs).
// Grant [1 upcall, 3 read-only, 4 read-write allows].
//
//   command 0                            existence check
//   command 1  address | length << 16    write from read-only buffer 0; upcall 0 (0, status, 0)
//   command 2  address | length << 16    read into read-write buffer 1; upcall 0 (1, status, 0)
//   command 3                            listen as slave: what another master writes comes into read-write buffer 3;
//                                        upcall 0 (3, length, 0). A master that reads while nothing is prepared makes
//                                        upcall 0 (2, 0, 0)
//   command 4  length                    prepare read-only buffer 2 for a master that reads; upcall 0 (4, length, 0)
//   command 5                            stop listening
//   command 6  address                   own address; INVAL beyond 0x7f
//   command 7  address | r << 8 | w << 16  write w bytes from read-only buffer 0, then read r into read-write buffer 1;
//                                        upcall 0 (7, status, 0)
//
// The first process that uses it has it while it lives: NOMEM for others. Lengths are cut to those of the buffers, the
// kernel's 32 bytes among them. A request while the kernel's buffer is away does nothing and succeeds, and a buffer that
// comes back for a process that is gone is lost.
import type { Stateful } from "../../base/stateful.js";
import type {
  I2CError,
  I2CMasterClient,
  I2CMasterSlave,
  I2CSlaveClient,
  SlaveTransmissionType,
} from "../../hil/i2c.js";
import { type ProcessError, type ProcessId, type SyscallDriver, sameProcess } from "../driver.js";
import type { Grant, GrantShape, GrantView, ReadableBuffer } from "../grant.js";
import { ErrorCode, Return, type SyscallReturn } from "../syscalls.js";
import { I2C_BUFFER_LENGTH, i2cStatus } from "./i2c-status.js";

const UPCALL = 0;
const ReadOnly = { masterTx: 0, slaveTx: 2 } as const;
const ReadWrite = { masterRx: 1, slaveRx: 3 } as const;
/** First value of the upcall. */
const Callback = { write: 0, read: 1, readExpected: 2, written: 3, readDone: 4, writeRead: 7 };
/** Most bytes that another master may write, whatever the buffer's length. */
const MAX_RECEIVE = 255;

const layout = {} as const;
type View = GrantView<typeof layout>;

export const I2C_MASTER_SLAVE_GRANT: GrantShape<typeof layout> = {
  driver: 0x20006,
  upcalls: 1,
  readOnlyAllows: 3,
  readWriteAllows: 4,
  data: layout,
};

/** A buffer is `null` while it is with the bus, or lost. */
export interface I2CMasterSlaveDriverState {
  listening: boolean;
  action: "write" | "read" | "writeRead";
  readLength: number;
  masterBuffer: Uint8Array | null;
  slaveBuffer1: Uint8Array | null;
  slaveBuffer2: Uint8Array | null;
  app: ProcessId | null;
}

const newBuffer = () => new Uint8Array(I2C_BUFFER_LENGTH);

export class I2CMasterSlaveDriver
  implements SyscallDriver, I2CMasterClient, I2CSlaveClient, Stateful<I2CMasterSlaveDriverState>
{
  readonly #i2c: I2CMasterSlave;
  readonly #grant: Grant<typeof layout>;
  #state: I2CMasterSlaveDriverState = {
    listening: false,
    action: "write",
    readLength: 0,
    masterBuffer: newBuffer(),
    slaveBuffer1: newBuffer(),
    slaveBuffer2: newBuffer(),
    app: null,
  };

  constructor(i2c: I2CMasterSlave, grant: Grant<typeof layout>) {
    this.#i2c = i2c;
    this.#grant = grant;
    i2c.setMasterClient(this);
    i2c.setSlaveClient(this);
  }

  command(commandNum: number, data: number, _arg2: number, process: ProcessId): SyscallReturn {
    if (commandNum === 0) return Return.success();
    if (!this.#claim(process)) return Return.failure(ErrorCode.NOMEM);
    switch (commandNum) {
      case 1:
        this.#transfer(process, "write", { address: data & 0xff, write: data >>> 16, read: 0 });
        return Return.success();
      case 2:
        this.#transfer(process, "read", { address: data & 0xff, write: 0, read: data >>> 16 });
        return Return.success();
      case 3:
        this.#listen();
        return Return.success();
      case 4:
        this.#prepareRead(process, data);
        return Return.success();
      case 5:
        this.#i2c.disableSlave();
        this.#state.listening = false;
        return Return.success();
      case 6:
        if ((data & 0xff) > 0x7f) return Return.failure(ErrorCode.INVAL);
        this.#i2c.setAddress(data & 0xff);
        return Return.success();
      case 7: {
        const [address, read, write] = [data & 0xff, (data >>> 8) & 0xff, (data >>> 16) & 0xff];
        this.#transfer(process, "writeRead", { address, write, read });
        return Return.success();
      }
      default:
        return Return.failure(ErrorCode.NOSUPPORT);
    }
  }

  allocateGrant(process: ProcessId): ProcessError | undefined {
    return this.#grant.allocate(process);
  }

  commandComplete(buffer: Uint8Array, error: I2CError | undefined): void {
    const state = this.#state;
    const { action, readLength } = state;
    if (action === "write") state.masterBuffer = buffer;
    this.#enterApp(view => {
      if (action !== "write") {
        copy(buffer, view, ReadWrite.masterRx, readLength);
        state.masterBuffer = buffer;
      }
      view.scheduleUpcall(UPCALL, Callback[action], i2cStatus(error), 0);
    });
    if (!state.listening) return;
    this.#i2c.enableSlave();
    this.#i2c.listen();
  }

  slaveCommandComplete(buffer: Uint8Array, length: number, type: SlaveTransmissionType): void {
    if (type === "Read") {
      this.#state.slaveBuffer2 = buffer;
      this.#enterApp(view => {
        view.scheduleUpcall(UPCALL, Callback.readDone, length, 0);
      });
      return;
    }
    this.#enterApp(view => {
      copy(buffer, view, ReadWrite.slaveRx, Math.min(buffer.length, length));
      this.#state.slaveBuffer1 = buffer;
      view.scheduleUpcall(UPCALL, Callback.written, length, 0);
    });
  }

  readExpected(): void {
    this.#enterApp(view => {
      view.scheduleUpcall(UPCALL, Callback.readExpected, 0, 0);
    });
  }

  writeExpected(): void {
    this.#giveSlaveBuffer();
  }

  save(): I2CMasterSlaveDriverState {
    return structuredClone(this.#state);
  }

  load(state: I2CMasterSlaveDriverState): void {
    this.#state = structuredClone(state);
  }

  /** Whether the driver is this process's; it becomes so when its owner is gone. */
  #claim(process: ProcessId): boolean {
    const { app } = this.#state;
    if (app !== null && !sameProcess(app, process) && this.#grant.enter(app, () => {}).ok)
      return false;
    this.#state.app = process;
    return true;
  }

  #enterApp(f: (view: View) => void): void {
    if (this.#state.app !== null) this.#grant.enter(this.#state.app, f);
  }

  #transfer(
    process: ProcessId,
    action: I2CMasterSlaveDriverState["action"],
    { address, write, read }: { address: number; write: number; read: number },
  ): void {
    this.#grant.enter(process, view => {
      const state = this.#state;
      const buffer = state.masterBuffer;
      if (buffer === null) return;
      state.masterBuffer = null;
      const reads = action === "read";
      const app = reads ? view.readWrite(ReadWrite.masterRx) : view.readOnly(ReadOnly.masterTx);
      const most = Math.min(app.length, buffer.length);
      const [writeLength, readLength] = [Math.min(most, write), Math.min(most, read)];
      buffer.set(app.read(0, reads ? readLength : writeLength));
      state.action = action;
      state.readLength = readLength;
      this.#i2c.enableMaster();
      if (action === "write") this.#i2c.write(address, buffer, writeLength);
      else if (reads) this.#i2c.read(address, buffer, readLength);
      else this.#i2c.writeRead(address, buffer, writeLength, readLength);
    });
  }

  #listen(): void {
    this.#giveSlaveBuffer();
    this.#i2c.enableSlave();
    this.#i2c.listen();
    this.#state.listening = true;
  }

  #giveSlaveBuffer(): void {
    const buffer = this.#state.slaveBuffer1;
    if (buffer === null) return;
    this.#state.slaveBuffer1 = null;
    this.#i2c.writeReceive(buffer, MAX_RECEIVE);
  }

  #prepareRead(process: ProcessId, length: number): void {
    this.#grant.enter(process, view => {
      const buffer = this.#state.slaveBuffer2;
      if (buffer === null) return;
      this.#state.slaveBuffer2 = null;
      const app: ReadableBuffer = view.readOnly(ReadOnly.slaveTx);
      const cut = Math.min(app.length, buffer.length, length);
      buffer.set(app.read(0, cut));
      this.#i2c.readSend(buffer, cut);
    });
  }
}

/** Copies as many of `length` bytes as the app's buffer takes. */
function copy(buffer: Uint8Array, view: View, allow: number, length: number): void {
  const app = view.readWrite(allow);
  const cut = Math.min(app.length, length);
  if (cut > 0) app.write(0, buffer.subarray(0, cut));
}
