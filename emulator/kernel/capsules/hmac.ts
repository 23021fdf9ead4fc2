// Message authentication codes, driver 0x40003 (capsules/extra/src/hmac.rs). Grant [1 upcall, 3 read-only, 3 read-write].
//
//   command 0  algorithm     0 SHA-256, 1 SHA-384, 2 SHA-512, 3 SHA-224, 4 SHA-1, 5 MD5; NOSUPPORT for others
//   command 1                run: code of read-only buffer 1 with the key in read-only buffer 0, into read-write buffer 2;
//                            upcall 0 (status, first byte of the code, 0)
//   command 2                update: takes the data; upcall 0 (0, 0, 0)
//   command 3                finish: the code of what update took; upcall as for run. OFF for one who did not begin
//   command 4                verify: as run, against read-only buffer 2; upcall 1, which does not exist
//   command 5                verify what update took
//                            INVAL without an algorithm, RESERVE while the kernel's buffer is away, NOMEM while the own one
//                            waits
//
// A run that had to wait panics the kernel when its turn comes: upstream enters the grant of its app twice.
import type { Stateful } from "../../base/stateful.js";
import type { Digest, DigestClient, DigestFailure, HashAlgorithm } from "../../hil/digest.js";
import { type ProcessError, type ProcessId, type SyscallDriver, sameProcess } from "../driver.js";
import type { Grant, GrantShape, GrantView } from "../grant.js";
import { ErrorCode, Return, type SyscallReturn } from "../syscalls.js";

const Upcall = { Done: 0, VerifyDone: 1 } as const;
const ReadOnly = { Key: 0, Data: 1, Compare: 2 } as const;
const DEST = 2;
/** Bytes of the kernel's buffer for data, and of a key that counts. */
const BUFFER_SIZE = 64;
const KEY_SIZE = 64;

/** By number in command 0. */
const algorithms: readonly HashAlgorithm[] = [
  "Sha256",
  "Sha384",
  "Sha512",
  "Sha224",
  "Sha1",
  "Md5",
];

/** Numbers of the commands that start an operation; `op` in the grant. */
const Op = { Run: 1, Update: 2, Verify: 4 } as const;
const starts = (commandNum: number): boolean =>
  commandNum === Op.Run || commandNum === Op.Update || commandNum === Op.Verify;

/** `pendingRunApp` and the two behind it are upstream's `Option<ProcessId>`; `shaOperation` is the algorithm and 1, or 0. */
const layout = {
  pendingRunApp: "u32",
  pendingIndex: "u32",
  pendingPid: "u32",
  shaOperation: "u8",
  op: "u8",
} as const;
type View = GrantView<typeof layout>;

export const HMAC_GRANT: GrantShape<typeof layout> = {
  driver: 0x40003,
  upcalls: 1,
  readOnlyAllows: 3,
  readWriteAllows: 3,
  data: layout,
};

export interface HmacDriverState {
  /** Who has the unit, from its first data until its code is done. */
  process: ProcessId | null;
  dataCopied: number;
  /** The kernel's buffer for data is away; it can be for good. */
  bufferTaken: boolean;
}

export class HmacDriver implements SyscallDriver, DigestClient, Stateful<HmacDriverState> {
  readonly #hmac: Digest;
  readonly #grant: Grant<typeof layout>;
  #state: HmacDriverState = { process: null, dataCopied: 0, bufferTaken: false };

  constructor(hmac: Digest, grant: Grant<typeof layout>) {
    this.#hmac = hmac;
    this.#grant = grant;
    hmac.setDigestClient(this);
  }

  command(commandNum: number, arg1: number, _arg2: number, process: ProcessId): SyscallReturn {
    const owner = this.#state.process;
    const owns = owner !== null && this.#mayTake(owner, process);
    if (starts(commandNum) && (owner === null || owns)) return this.#begin(commandNum, process);
    return this.#grant.command(process, view => {
      switch (commandNum) {
        case 0:
          if (arg1 >= algorithms.length) return Return.failure(ErrorCode.NOSUPPORT);
          view.data.shaOperation = arg1 + 1;
          return Return.success();
        case Op.Run:
        case Op.Update:
        case Op.Verify:
          return this.#wait(view, commandNum, process);
        case 3:
          if (!owns) return Return.failure(ErrorCode.OFF);
          this.#finish(view, Upcall.Done);
          return Return.success();
        case 5:
          if (!owns) return Return.failure(ErrorCode.OFF);
          this.#finish(view, Upcall.VerifyDone);
          return Return.success();
        default:
          return Return.failure(ErrorCode.NOSUPPORT);
      }
    });
  }

  allocateGrant(process: ProcessId): ProcessError | undefined {
    return this.#grant.allocate(process);
  }

  addDataDone(): void {
    const { process } = this.#state;
    if (process !== null) {
      const entered = this.#grant.enter(process, view => {
        this.#state.bufferTaken = false;
        this.#continue(view);
      });
      if (!entered.ok) this.#state.process = null;
    }
    this.#checkQueue();
  }

  hashDone(failure: DigestFailure | undefined, digest: Uint8Array): void {
    this.#release(view => {
      const destination = view.readWrite(DEST);
      destination.write(0, digest.subarray(0, destination.length));
      const status = failure === undefined ? 0 : ErrorCode[failure];
      view.scheduleUpcall(Upcall.Done, status, digest[0] as number, 0);
    });
  }

  verificationDone(failure: DigestFailure | undefined, equal: boolean): void {
    this.#release(view => {
      const status = failure === undefined ? 0 : ErrorCode[failure];
      view.scheduleUpcall(Upcall.VerifyDone, status, equal ? 1 : 0, 0);
    });
  }

  save(): HmacDriverState {
    return { ...this.#state };
  }

  load(state: HmacDriverState): void {
    this.#state = { ...state };
  }

  /** Whether the unit is the process's, or its owner is gone. */
  #mayTake(owner: ProcessId, process: ProcessId): boolean {
    const entered = this.#grant.enter(owner, () => sameProcess(owner, process));
    return entered.ok ? entered.value : true;
  }

  #begin(op: number, process: ProcessId): SyscallReturn {
    this.#state.process = process;
    this.#grant.enter(process, ({ data }) => {
      data.op = op;
    });
    const ran = this.#run(process);
    if (ran.length === 1) return ran;
    this.#hmac.clearData();
    this.#state.process = null;
    this.#checkQueue();
    return ran;
  }

  #run(process: ProcessId): SyscallReturn {
    return this.#grant.command(process, view => {
      const algorithm = algorithms[view.data.shaOperation - 1];
      if (algorithm === undefined) return Return.failure(ErrorCode.INVAL);
      const key = view.readOnly(ReadOnly.Key);
      const refused =
        this.#hmac.setModeHmac(algorithm, key.read(0, Math.min(key.length, KEY_SIZE))) ??
        this.#addData(view, 0);
      return refused === undefined ? Return.success() : Return.failure(ErrorCode[refused]);
    });
  }

  /** Hands over the data from `start` on, as much as the kernel's buffer takes. */
  #addData(view: View, start: number): DigestFailure | "RESERVE" | undefined {
    if (this.#state.bufferTaken) return "RESERVE";
    const data = view.readOnly(ReadOnly.Data);
    const bytes = data.read(start, Math.min(data.length - start, BUFFER_SIZE));
    this.#state.dataCopied = start + bytes.length;
    const failure = this.#hmac.addData(bytes);
    if (failure === undefined) this.#state.bufferTaken = true;
    return failure;
  }

  #continue(view: View): void {
    const { dataCopied } = this.#state;
    if (view.readOnly(ReadOnly.Data).length > dataCopied) {
      if (this.#addData(view, dataCopied) === undefined) return;
      this.#hmac.clearData();
      this.#state.process = null;
    } else if (view.data.op === Op.Run) this.#finish(view, Upcall.Done);
    else if (view.data.op === Op.Verify) this.#finish(view, Upcall.VerifyDone);
    else view.scheduleUpcall(Upcall.Done, 0, 0, 0);
  }

  /** Starts the computation of the code. */
  #finish(view: View, upcall: number): void {
    this.#state.dataCopied = 0;
    const compare = view.readOnly(ReadOnly.Compare);
    const length = Math.min(compare.length, this.#hmac.digestLength);
    const failure =
      upcall === Upcall.Done ? this.#hmac.run() : this.#hmac.verify(compare.read(0, length));
    if (failure === undefined) return;
    this.#hmac.clearData();
    this.#state.process = null;
    view.scheduleUpcall(upcall, ErrorCode[failure], 0, 0);
  }

  #wait({ data }: View, op: number, process: ProcessId): SyscallReturn {
    if (data.pendingRunApp !== 0) return Return.failure(ErrorCode.NOMEM);
    data.pendingRunApp = 1;
    data.pendingIndex = process.index;
    data.pendingPid = process.pid;
    data.op = op;
    return Return.success();
  }

  #release(deliver: (view: View) => void): void {
    const { process } = this.#state;
    if (process !== null) {
      this.#grant.enter(process, view => {
        this.#hmac.clearData();
        deliver(view);
      });
      this.#state.process = null;
    }
    this.#checkQueue();
  }

  #checkQueue(): void {
    let started = false;
    this.#grant.each(({ data }, process) => {
      started ||= this.#state.process !== null;
      if (started || data.pendingRunApp === 0) return;
      data.pendingRunApp = 0;
      this.#state.process = process;
      // Upstream runs it with its grant still entered.
      started = this.#run(process).length === 1;
    });
  }
}
