// SHA hashes, driver 0x40005 (capsules/extra/src/sha256_driver.rs). Grant [1 upcall, 1 read-only, 1 read-write].
//
//   command 0                existence check
//   command 1  algorithm     0: SHA-256; NOSUPPORT for others
//   command 2                hash read-only buffer 0 into read-write buffer 0; upcall 0 (status, 0, 0)
//                            NOMEM while the own one is under way; status NOMEM unless the buffer has the hash's size
import type { Stateful } from "../../base/stateful.js";
import type { Digest, DigestClient, DigestFailure } from "../../hil/digest.js";
import type { ProcessError, ProcessId, SyscallDriver } from "../driver.js";
import type { Grant, GrantShape, GrantView } from "../grant.js";
import { ErrorCode, Return, type SyscallReturn } from "../syscalls.js";

const UPCALL = 0;
const DATA = 0;
const DEST = 0;
/** Bytes of the kernel's buffer for data. */
const BUFFER_SIZE = 64;

/** `operation`: the app waits for a hash. `dataOffset`: bytes of its data that were handed over. */
const layout = { dataOffset: "u32", operation: "bool" } as const;
type View = GrantView<typeof layout>;

export const SHA_GRANT: GrantShape<typeof layout> = {
  driver: 0x40005,
  upcalls: 1,
  readOnlyAllows: 1,
  readWriteAllows: 1,
  data: layout,
};

export interface ShaDriverState {
  /** Whose data is hashed. */
  process: ProcessId | null;
}

export class ShaDriver implements SyscallDriver, DigestClient, Stateful<ShaDriverState> {
  readonly #sha: Digest;
  readonly #grant: Grant<typeof layout>;
  #process: ProcessId | null = null;

  constructor(sha: Digest, grant: Grant<typeof layout>) {
    this.#sha = sha;
    this.#grant = grant;
    sha.setDigestClient(this);
  }

  command(commandNum: number, algorithm: number, _arg2: number, process: ProcessId): SyscallReturn {
    switch (commandNum) {
      case 0:
        return Return.success();
      case 1:
        return this.#grant.command(process, () =>
          algorithm === 0 ? Return.success() : Return.failure(ErrorCode.NOSUPPORT),
        );
      case 2:
        return this.#hash(process);
      default:
        return Return.failure(ErrorCode.NOSUPPORT);
    }
  }

  allocateGrant(process: ProcessId): ProcessError | undefined {
    return this.#grant.allocate(process);
  }

  addDataDone(): void {
    const process = this.#process;
    if (process === null) return;
    const entered = this.#grant.enter(process, view => {
      const failure =
        view.data.dataOffset < view.readOnly(DATA).length ? this.#addData(view) : this.#sha.run();
      if (failure === undefined) return;
      this.#process = null;
      view.scheduleUpcall(UPCALL, ErrorCode[failure], 0, 0);
    });
    if (!entered.ok) {
      this.#sha.clearData();
      this.#process = null;
    }
    this.#checkQueue();
  }

  hashDone(failure: DigestFailure | undefined, digest: Uint8Array): void {
    this.#sha.clearData();
    const process = this.#process;
    if (process !== null) {
      this.#grant.enter(process, view => {
        view.data.operation = false;
        const destination = view.readWrite(DEST);
        const fits = destination.length === digest.length;
        if (failure === undefined && fits) destination.write(0, digest);
        const status = failure !== undefined ? ErrorCode[failure] : fits ? 0 : ErrorCode.NOMEM;
        view.scheduleUpcall(UPCALL, status, 0, 0);
      });
    }
    this.#process = null;
    this.#checkQueue();
  }

  verificationDone(): void {}

  save(): ShaDriverState {
    return { process: this.#process };
  }

  load(state: ShaDriverState): void {
    this.#process = state.process;
  }

  #hash(process: ProcessId): SyscallReturn {
    const queued = this.#grant.command(process, ({ data }) => {
      if (data.operation) return Return.failure(ErrorCode.NOMEM);
      data.operation = true;
      return Return.success();
    });
    if (queued.length !== 1) return queued;
    const error = this.#startNext();
    if (error === undefined) return queued;
    this.#grant.enter(process, ({ data }) => {
      data.operation = false;
    });
    return Return.failure(error);
  }

  #checkQueue(): void {
    const error = this.#startNext();
    const process = this.#process;
    if (error === undefined || process === null) return;
    this.#process = null;
    this.#grant.enter(process, view => {
      view.data.operation = false;
      view.scheduleUpcall(UPCALL, error, 0, 0);
    });
  }

  /** Starts the first app that waits, if nobody's data is hashed. */
  #startNext(): ErrorCode | undefined {
    if (this.#process !== null) return undefined;
    let next: ProcessId | undefined;
    this.#grant.each((view, process) => {
      if (view.data.operation) next ??= process;
    });
    if (next === undefined) return undefined;
    this.#process = next;
    let failure: DigestFailure | undefined;
    this.#grant.enter(next, view => {
      view.data.dataOffset = 0;
      failure = this.#sha.setModeSha("Sha256") ?? this.#addData(view);
    });
    return failure && ErrorCode[failure];
  }

  #addData({ data, readOnly }: View): DigestFailure | undefined {
    const buffer = readOnly(DATA);
    const { dataOffset } = data;
    const length = Math.min(buffer.length - dataOffset, BUFFER_SIZE);
    data.dataOffset += length;
    return this.#sha.addData(buffer.read(dataOffset, length));
  }
}
