// Process info, driver 0x10002 (capsules/extra/src/process_info_driver.rs). Grant [0, 0, 1 read-write allow].
//
//   command 0                existence check
//   command 1                number of processes
//   command 2                their identifiers into read-write buffer 0, four bytes each; returns how many there are
//   command 3                the same with their short ids, 0 for one that is only locally unique
//   command 4  pid           the name into buffer 0; returns its whole length, INVAL if there is no such process
//   command 5  pid           timeslice expirations, system calls, restarts and state into buffer 0, four bytes each
//   command 6  pid action    1 resume, 2 stop, 3 fault, 4 terminate, 5 boot; INVAL if there is no such process
import type { ProcessError, ProcessId, SyscallDriver } from "../driver.js";
import type { Grant, GrantShape, WriteableBuffer } from "../grant.js";
import type { ProcessManagement, ProcessView, StateText } from "../inspect.js";
import { ErrorCode, Return, type SyscallReturn } from "../syscalls.js";

const BUFFER = 0;

const layout = {} as const;

export const PROCESS_INFO_GRANT: GrantShape<typeof layout> = {
  driver: 0x10002,
  upcalls: 0,
  readOnlyAllows: 0,
  readWriteAllows: 1,
  data: layout,
};

const states = ["Running", "Yielded", "YieldedFor", "Stopped", "Faulted", "Terminated"];

/** The number of a state; what its text says in parentheses does not count. */
const stateNumber = (state: StateText): number => states.indexOf(state.replace(/\(.*$/, ""));

export class ProcessInfo implements SyscallDriver {
  readonly #grant: Grant<typeof layout>;
  readonly #management: ProcessManagement;

  constructor(grant: Grant<typeof layout>, management: ProcessManagement) {
    this.#grant = grant;
    this.#management = management;
  }

  command(commandNum: number, pid: number, action: number, process: ProcessId): SyscallReturn {
    switch (commandNum) {
      case 0:
        return Return.success();
      case 1:
        return Return.successU32(this.#management.loadedCount);
      case 2:
        return this.#list(process, view => view.pid);
      case 3:
        return this.#list(process, view => view.shortId ?? 0);
      case 4:
        return this.#grant.command(process, ({ readWrite }) =>
          copyName(this.#find(pid), readWrite(BUFFER)),
        );
      case 5:
        return this.#grant.command(process, ({ readWrite }) => {
          const found = this.#find(pid);
          if (found !== undefined) writeWords(readWrite(BUFFER), figuresOf(found));
          return Return.success();
        });
      case 6:
        return this.#act(pid, action);
      default:
        return Return.failure(ErrorCode.NOSUPPORT);
    }
  }

  allocateGrant(process: ProcessId): ProcessError | undefined {
    return this.#grant.allocate(process);
  }

  #find(pid: number): ProcessView | undefined {
    return this.#management.processes().find(view => view.pid === pid);
  }

  /** Without a grant upstream counts none. */
  #list(process: ProcessId, word: (view: ProcessView) => number): SyscallReturn {
    const views = this.#management.processes();
    const entered = this.#grant.enter(process, ({ readWrite }) =>
      writeWords(readWrite(BUFFER), views.map(word)),
    );
    return Return.successU32(entered.ok ? views.length : 0);
  }

  #act(pid: number, action: number): SyscallReturn {
    const found = this.#find(pid);
    if (found === undefined) return Return.failure(ErrorCode.INVAL);
    const { index } = found;
    const management = this.#management;
    if (action === 1) management.resume(index);
    else if (action === 2) management.stop(index);
    else if (action === 3) management.setFault(index);
    else if (action === 4) management.terminate(index);
    else if (action === 5) management.boot(index);
    return Return.success();
  }
}

const figuresOf = (view: ProcessView): number[] => [
  view.timesliceExpirations,
  view.syscallCount,
  view.restartCount,
  stateNumber(view.state),
];

/** As many whole words as fit. */
function writeWords(buffer: WriteableBuffer, words: readonly number[]): void {
  const fitting = words.slice(0, Math.floor(buffer.length / 4));
  const bytes = new DataView(new ArrayBuffer(4 * fitting.length));
  fitting.forEach((word, i) => {
    bytes.setUint32(4 * i, word, true);
  });
  buffer.write(0, new Uint8Array(bytes.buffer));
}

function copyName(view: ProcessView | undefined, buffer: WriteableBuffer): SyscallReturn {
  if (view === undefined) return Return.failure(ErrorCode.INVAL);
  const name = new TextEncoder().encode(view.name);
  buffer.write(0, name.subarray(0, buffer.length));
  return Return.successU32(name.length);
}
