// Inter-process communication, driver 0x10000 (kernel/src/ipc.rs).
// Grant [an upcall for each process slot, 1 read-only, a read-write buffer for each process slot].
//
//   command 0                existence check
//   command 1                discover: index of the first process whose name stands in read-only buffer 0, else NODEVICE
//   command 2  index         notify a service; INVAL if there is no such process
//   command 3  index         notify a client; INVAL if there is no such process
//
// A process is known by its index in the process array. The notified process gets an upcall (sender, length, address) whose
// number is its own index if it is the service and the sender's if it is the client; length and address tell of the buffer
// that the sender has shared under the receiver's index, which the receiver may touch from then on, for good.
import { type ProcessError, type ProcessId, type SyscallDriver, sameProcess } from "./driver.js";
import type { Grant, GrantShape } from "./grant.js";
import type { Process } from "./process.js";
import type { InterProcess, IpcRole } from "./resources.js";
import { ErrorCode, Return, type SyscallReturn } from "./syscalls.js";

/** What IPC, a part of the kernel, asks of it. */
export interface IpcHost {
  /** Processes in the order of the process array, dead ones included. */
  processes(): readonly { id: ProcessId; name: string }[];
  /** Queues a notification; why it could not be. */
  enqueue(target: ProcessId, from: ProcessId, role: IpcRole): ErrorCode | undefined;
  /** Lets a process read and write these bytes, if its MPU can. */
  addMpuRegion(process: ProcessId, start: number, size: number): void;
}

/** The processes of a kernel, as far as IPC goes. */
export const ipcHost = (table: {
  allProcesses(): Iterable<Process>;
  at(index: number): Process;
}): IpcHost => ({
  processes: () => [...table.allProcesses()],
  enqueue: (target, from, role) =>
    table.at(target.index).enqueueTask({ kind: "IPC", source: null, from, role }),
  addMpuRegion: (process, start, size) => table.at(process.index).addMpuRegion({ start, size }),
});

const SEARCH = 0;

const layout = {} as const;

export const ipcGrant = (processSlots: number): GrantShape<typeof layout> => ({
  driver: 0x10000,
  upcalls: processSlots,
  readOnlyAllows: 1,
  readWriteAllows: processSlots,
  data: layout,
});

export class Ipc implements SyscallDriver, InterProcess {
  readonly #host: IpcHost;
  readonly #grant: Grant<typeof layout>;

  constructor(host: IpcHost, grant: Grant<typeof layout>) {
    this.#host = host;
    this.#grant = grant;
  }

  command(commandNum: number, target: number, _arg2: number, process: ProcessId): SyscallReturn {
    switch (commandNum) {
      case 0:
        return Return.success();
      case 1:
        return this.#discover(process);
      case 2:
        return this.#notify(target, process, "Service");
      case 3:
        return this.#notify(target, process, "Client");
      default:
        return Return.failure(ErrorCode.NOSUPPORT);
    }
  }

  allocateGrant(process: ProcessId): ProcessError | undefined {
    return this.#grant.allocate(process);
  }

  scheduleUpcall(target: ProcessId, from: ProcessId, role: IpcRole): void {
    const alive = this.#host.processes().some(({ id }) => sameProcess(id, from));
    if (!alive || target.index === from.index) return;
    this.#grant.enter(target, receiver => {
      this.#grant.enter(from, sender => {
        const { address, length } = sender.readWrite(target.index);
        this.#host.addMpuRegion(target, address, length);
        const number = role === "Service" ? target.index : from.index;
        receiver.scheduleUpcall(number, from.index, length, address);
      });
    });
  }

  #discover(process: ProcessId): SyscallReturn {
    const entered = this.#grant.enter(process, view => {
      const buffer = view.readOnly(SEARCH);
      const wanted = buffer.length === 0 ? new Uint8Array() : buffer.read(0, buffer.length);
      const found = this.#host.processes().find(({ name }) => isUtf8Of(wanted, name));
      return found === undefined
        ? Return.failure(ErrorCode.NODEVICE)
        : Return.successU32(found.id.index);
    });
    return entered.ok ? entered.value : Return.failure(ErrorCode.NOMEM);
  }

  #notify(target: number, from: ProcessId, role: IpcRole): SyscallReturn {
    const found = this.#host.processes().find(({ id }) => id.index === target);
    if (found === undefined) return Return.failure(ErrorCode.INVAL);
    const error = this.#host.enqueue(found.id, from, role);
    return error === undefined ? Return.success() : Return.failure(error);
  }
}

/** Compared byte by byte: a name that is no UTF-8 is nobody's. */
function isUtf8Of(bytes: Uint8Array, name: string): boolean {
  const utf8 = new TextEncoder().encode(name);
  return utf8.length === bytes.length && utf8.every((byte, i) => byte === bytes[i]);
}
