// Cyclic redundancy checks, driver 0x40002 (capsules/extra/src/crc.rs). Grant [1 upcall, 1 read-only, 0].
//
//   command 0                    existence check
//   command 1  algorithm, length checksum of read-only buffer 0; upcall 0 (status, checksum, algorithm)
//                                algorithms: 0 CRC-32, 1 CRC-32C, 2 CRC-16-CCITT; INVAL for others, BUSY while the own one
//                                is under way, SIZE beyond the buffer
//
// No bytes at all: FAIL, and an upcall with SIZE. When the app of a computation ends, later ones never start.
import type { Stateful } from "../../base/stateful.js";
import type { Crc, CrcAlgorithm, CrcClient } from "../../hil/crc.js";
import type { ProcessError, ProcessId, SyscallDriver } from "../driver.js";
import type { Grant, GrantShape, GrantView } from "../grant.js";
import { ErrorCode, Return, type SyscallReturn } from "../syscalls.js";

const UPCALL = 0;
const BUFFER = 0;
/** Bytes of the kernel's buffer. */
const BUF_LENGTH = 256;

/** By number in commands and upcalls. */
const algorithms: readonly CrcAlgorithm[] = ["Crc32", "Crc32C", "Crc16CCITT"];

/** `request` is the number of the algorithm and 1, or 0. */
const layout = { length: "u32", request: "u8" } as const;
type View = GrantView<typeof layout>;

export const CRC_GRANT: GrantShape<typeof layout> = {
  driver: 0x40002,
  upcalls: 1,
  readOnlyAllows: 1,
  readWriteAllows: 0,
  data: layout,
};

export interface CrcDriverState {
  currentProcess: ProcessId | null;
  /** Bytes of the app's buffer that were handed to the unit. */
  written: number;
}

export class CrcDriver implements SyscallDriver, CrcClient, Stateful<CrcDriverState> {
  readonly #crc: Crc;
  readonly #grant: Grant<typeof layout>;
  #state: CrcDriverState = { currentProcess: null, written: 0 };

  constructor(crc: Crc, grant: Grant<typeof layout>) {
    this.#crc = crc;
    this.#grant = grant;
    crc.setCrcClient(this);
  }

  command(
    commandNum: number,
    algorithm: number,
    length: number,
    process: ProcessId,
  ): SyscallReturn {
    if (commandNum === 0) return Return.success();
    if (commandNum !== 1) return Return.failure(ErrorCode.NOSUPPORT);
    if (algorithm >= algorithms.length) return Return.failure(ErrorCode.INVAL);
    const queued = this.#grant.command(process, view => {
      if (view.data.request !== 0) return Return.failure(ErrorCode.BUSY);
      if (length > view.readOnly(BUFFER).length) return Return.failure(ErrorCode.SIZE);
      view.data.request = algorithm + 1;
      view.data.length = length;
      return Return.success();
    });
    if (queued.length !== 1 || this.#state.currentProcess !== null) return queued;
    return this.#nextRequest() ? Return.success() : Return.failure(ErrorCode.FAIL);
  }

  allocateGrant(process: ProcessId): ProcessError | undefined {
    return this.#grant.allocate(process);
  }

  inputDone(): void {
    const process = this.#state.currentProcess;
    if (process === null) return;
    const entered = this.#grant.enter(process, view => this.#continue(view));
    if (!entered.ok || !entered.value) this.#nextRequest();
  }

  crcDone(output: number, algorithm: CrcAlgorithm): void {
    const process = this.#state.currentProcess;
    this.#state.currentProcess = null;
    if (process !== null) {
      this.#grant.enter(process, view => {
        view.data.request = 0;
        view.scheduleUpcall(UPCALL, 0, output, algorithms.indexOf(algorithm));
      });
    }
    this.#nextRequest();
  }

  save(): CrcDriverState {
    return { ...this.#state };
  }

  load(state: CrcDriverState): void {
    this.#state = { ...state };
  }

  /** Starts the first request that can be; the others that cannot are told. */
  #nextRequest(): boolean {
    this.#state.written = 0;
    let started = false;
    this.#grant.each((view, process) => {
      const { request } = view.data;
      if (started || request === 0) return;
      const error = this.#start(view, algorithms[request - 1] as CrcAlgorithm);
      if (error !== undefined) {
        this.#fail(view, error);
        return;
      }
      this.#state.currentProcess = process;
      started = true;
    });
    return started;
  }

  #start(view: View, algorithm: CrcAlgorithm): ErrorCode | undefined {
    const length = Math.min(view.data.length, view.readOnly(BUFFER).length);
    if (length === 0) return ErrorCode.SIZE;
    if (this.#crc.setAlgorithm(algorithm) !== undefined) return ErrorCode.INVAL;
    return this.#input(view, length) ? undefined : ErrorCode.FAIL;
  }

  /** False when the unit is done with the app's request, by an error. */
  #continue(view: View): boolean {
    const length = Math.min(view.data.length, view.readOnly(BUFFER).length);
    const remaining = length - Math.min(this.#state.written, length);
    if (remaining > 0) {
      if (this.#input(view, remaining)) return true;
      this.#fail(view, ErrorCode.NOMEM);
      return false;
    }
    if (this.#crc.compute() === undefined) return true;
    this.#fail(view, ErrorCode.FAIL);
    return false;
  }

  /** Hands the next bytes to the unit. */
  #input(view: View, remaining: number): boolean {
    const bytes = view.readOnly(BUFFER).read(this.#state.written, Math.min(remaining, BUF_LENGTH));
    if (this.#crc.input(bytes) !== undefined) return false;
    this.#state.written += bytes.length;
    return true;
  }

  #fail(view: View, error: ErrorCode): void {
    view.data.request = 0;
    view.scheduleUpcall(UPCALL, error, 0, 0);
  }
}
