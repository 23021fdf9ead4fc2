// The encryption oracle of upstream's tutorials, driver 0x99999 (capsules/extra/src/tutorials/encryption_oracle_chkpt5.rs).
// Grant [1 upcall, 2 read-only, 1 read-write].
//
//   command 0                existence check
//   command 1                decrypt read-only buffer 1 into read-write buffer 0 by AES-128 in counter mode, with the
//                            initialization vector in read-only buffer 0; upcall 0 (status, bytes, 0)
//
// As upstream, every block of 16 bytes is made of the first bytes of the source.
import type { Stateful } from "../../base/stateful.js";
import type { Aes, AesClient } from "../../hil/aes.js";
import type { ProcessError, ProcessId, SyscallDriver } from "../driver.js";
import type { Grant, GrantShape, GrantView } from "../grant.js";
import { ErrorCode, Return, type SyscallReturn } from "../syscalls.js";

const BLOCK_SIZE = 16;
const KEY = new TextEncoder().encode("InsecureAESKey12");

const DONE = 0;
const ReadOnly = { iv: 0, source: 1 } as const;
const DESTINATION = 0;

/** `offset`: how many bytes of the destination are there. */
const layout = { offset: "u32", requestPending: "bool" } as const;
type View = GrantView<typeof layout>;

export const ENCRYPTION_ORACLE_GRANT: GrantShape<typeof layout> = {
  driver: 0x99999,
  upcalls: 1,
  readOnlyAllows: 2,
  readWriteAllows: 1,
  data: layout,
};

export interface EncryptionOracleState {
  process: ProcessId | null;
  /** The kernel's source buffer; what an earlier, longer source left there is encrypted behind a short one. */
  source: Uint8Array;
  /** The AES unit works on it. */
  busy: boolean;
}

export class EncryptionOracle implements SyscallDriver, AesClient, Stateful<EncryptionOracleState> {
  readonly #aes: Aes;
  readonly #grant: Grant<typeof layout>;
  #state: EncryptionOracleState = {
    process: null,
    source: new Uint8Array(BLOCK_SIZE),
    busy: false,
  };

  constructor(aes: Aes, grant: Grant<typeof layout>) {
    this.#aes = aes;
    this.#grant = grant;
    aes.setAesClient(this);
  }

  command(commandNum: number, _arg1: number, _arg2: number, process: ProcessId): SyscallReturn {
    if (commandNum === 0) return Return.success();
    if (commandNum !== 1) return Return.failure(ErrorCode.NOSUPPORT);
    const returned = this.#grant.command(process, view => {
      view.data.requestPending = true;
      return Return.success();
    });
    this.#runNextPending();
    return returned;
  }

  allocateGrant(process: ProcessId): ProcessError | undefined {
    return this.#grant.allocate(process);
  }

  cryptDone(output: Uint8Array): void {
    this.#state.busy = false;
    const { process } = this.#state;
    if (process === null) return;
    this.#grant.enter(process, ({ data, readWrite }) => {
      const destination = readWrite(DESTINATION);
      if (data.offset >= destination.length) return;
      const bytes = output.subarray(0, destination.length - data.offset);
      destination.write(data.offset, bytes);
      data.offset += bytes.length;
    });
    if (this.#run(process) !== ErrorCode.NOMEM) return;
    this.#state.process = null;
    this.#grant.enter(process, view => {
      view.data.offset = 0;
      view.scheduleUpcall(DONE, 0, lengthOf(view), 0);
    });
    this.#runNextPending();
  }

  authenticatedCryptDone(): void {}

  save(): EncryptionOracleState {
    return { ...this.#state, source: this.#state.source.slice() };
  }

  load(state: EncryptionOracleState): void {
    this.#state = { ...state, source: state.source.slice() };
  }

  #runNextPending(): void {
    if (this.#state.process !== null) return;
    for (let next = this.#nextPending(); next !== undefined; next = this.#nextPending()) {
      const error = this.#run(next);
      this.#grant.enter(next, view => {
        view.data.requestPending = false;
        if (error !== undefined) view.scheduleUpcall(DONE, error, 0, 0);
      });
    }
  }

  #nextPending(): ProcessId | undefined {
    let found: ProcessId | undefined;
    this.#grant.each(({ data }, process) => {
      if (found === undefined && data.requestPending) found = process;
    });
    return found;
  }

  /** Starts the next block; NOMEM when all bytes are there. */
  #run(process: ProcessId): ErrorCode | undefined {
    if (this.#state.busy) return ErrorCode.BUSY;
    const entered = this.#grant.enter(process, view => this.#startBlock(process, view));
    return entered.ok ? entered.value : ErrorCode.RESERVE;
  }

  #startBlock(process: ProcessId, view: View): ErrorCode | undefined {
    const length = lengthOf(view);
    if (view.data.offset >= length) return ErrorCode.NOMEM;
    if (view.data.offset === 0) {
      this.#aes.setMode("Ctr", true);
      this.#aes.setKey(KEY);
      const iv = view.readOnly(ReadOnly.iv);
      const failure = this.#aes.setIv(
        iv.length === 0 ? new Uint8Array() : iv.read(0, Math.min(iv.length, BLOCK_SIZE)),
      );
      if (failure !== undefined) return ErrorCode[failure];
    }
    const source = view.readOnly(ReadOnly.source).read(0, Math.min(BLOCK_SIZE, length));
    this.#state.source.set(source);
    this.#state.process = process;
    const failure = this.#aes.crypt(this.#state.source.slice());
    if (failure === undefined) {
      this.#state.busy = true;
      return undefined;
    }
    view.data.offset = 0;
    this.#state.process = null;
    return ErrorCode[failure];
  }
}

const lengthOf = ({ readOnly, readWrite }: View): number =>
  Math.min(readOnly(ReadOnly.source).length, readWrite(DESTINATION).length);
