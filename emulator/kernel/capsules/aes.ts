// Symmetric encryption, driver 0x40006 (capsules/extra/src/symmetric_encryption/aes.rs).
// Grant [1 upcall, 3 read-only, 1 read-write].
//
//   command 0                existence check
//   command 1  mode, encrypt 0 CTR, 1 CBC, 2 ECB, 3 CCM, 4 GCM; NOSUPPORT for others
//   command 2                set up with key (read-only buffer 0) and IV or nonce (1), and crypt the source (2) into
//                            read-write buffer 0; upcall 0 (status, bytes, 1 for a valid tag)
//                            INVAL without a mode, NOMEM while the own one waits
//   command 3                crypt on: another source of the same message
//   command 4                finish: gives the unit back. 3 and 4 are OFF for one who did not set up
//   command 5, 6, 7  value   offsets of associated data and message, length of the tag, for CCM and GCM
//   command 8  value         CCM: the tag is of the message too
//
// The plain modes go block by block; a last piece of less than a block does not reach the destination. CCM and GCM have no
// command for the length of the message, which is 0. A set-up that had to wait panics the kernel when its turn comes:
// upstream enters the grant of its app twice.
import type { Stateful } from "../../base/stateful.js";
import type { Aes, AesClient, AesFailure, AesMode } from "../../hil/aes.js";
import { type ProcessError, type ProcessId, type SyscallDriver, sameProcess } from "../driver.js";
import type { Grant, GrantShape, GrantView } from "../grant.js";
import { ErrorCode, Return, type SyscallReturn } from "../syscalls.js";

const UPCALL = 0;
const ReadOnly = { Key: 0, Iv: 1, Source: 2 } as const;
const DEST = 0;
/** Bytes of the kernel's buffers: a block of key, IV or source, and what CCM and GCM work on. */
const SOURCE_SIZE = 16;
const DEST_SIZE = 112;
const NONCE_SIZE = 13;

const plainModes: readonly AesMode[] = ["Ctr", "Cbc", "Ecb"];
const authenticatedModes = ["Ccm", "Gcm"] as const;
const MODES = plainModes.length + authenticatedModes.length;

/** `pendingRunApp` and the two behind it are upstream's `Option<ProcessId>`; `operation` is the mode and 1, or 0. */
const layout = {
  pendingRunApp: "u32",
  pendingIndex: "u32",
  pendingPid: "u32",
  associatedOffset: "u32",
  messageOffset: "u32",
  messageLength: "u32",
  tagLength: "u32",
  operation: "u8",
  encrypting: "bool",
  confidential: "bool",
} as const;
type View = GrantView<typeof layout>;

export const AES_GRANT: GrantShape<typeof layout> = {
  driver: 0x40006,
  upcalls: 1,
  readOnlyAllows: 3,
  readWriteAllows: 1,
  data: layout,
};

export interface AesDriverState {
  /** Who has the unit, from its set-up to its finish. */
  process: ProcessId | null;
  /** Bytes of the source that are done. */
  dataCopied: number;
  /** The kernel's buffers keep what was in them: a short key goes on with what is there. */
  source: Uint8Array;
  destination: Uint8Array;
}

export class AesDriver implements SyscallDriver, AesClient, Stateful<AesDriverState> {
  readonly #aes: Aes;
  readonly #grant: Grant<typeof layout>;
  #state: AesDriverState = {
    process: null,
    dataCopied: 0,
    source: new Uint8Array(SOURCE_SIZE),
    destination: new Uint8Array(DEST_SIZE),
  };

  constructor(aes: Aes, grant: Grant<typeof layout>) {
    this.#aes = aes;
    this.#grant = grant;
    aes.setAesClient(this);
  }

  command(commandNum: number, arg1: number, arg2: number, process: ProcessId): SyscallReturn {
    const owner = this.#state.process;
    const owns = owner !== null && this.#mayTake(owner, process);
    if (commandNum === 2 && (owner === null || owns)) return this.#setUp(process);
    const returned = this.#grant.command(process, view => {
      if (commandNum === 1) return setMode(view, arg1, arg2);
      if (commandNum === 2) return wait(view, process);
      if (commandNum === 3 || commandNum === 4) {
        if (!owns) return Return.failure(ErrorCode.OFF);
        if (commandNum === 3) this.#cryptOn(view);
        else this.#state.process = null;
        return Return.success();
      }
      return setParameter(view, commandNum, arg1);
    });
    if (commandNum >= 4 && commandNum <= 8) this.#checkQueue();
    return returned;
  }

  allocateGrant(process: ProcessId): ProcessError | undefined {
    return this.#grant.allocate(process);
  }

  cryptDone(output: Uint8Array): void {
    const { process } = this.#state;
    if (process === null) return;
    this.#state.destination.set(output);
    const entered = this.#grant.enter(process, view => {
      const source = view.readOnly(ReadOnly.Source);
      const offset = this.#state.dataCopied - Math.min(SOURCE_SIZE, source.length);
      this.#deliver(view, output, offset);
      if (source.length > this.#state.dataCopied) {
        if (this.#cryptNext(view) === undefined) return;
        this.#state.process = null;
      }
      view.scheduleUpcall(UPCALL, 0, this.#state.dataCopied, 0);
      this.#state.dataCopied = 0;
    });
    if (!entered.ok) this.#state.process = null;
  }

  authenticatedCryptDone(
    buffer: Uint8Array,
    failure: AesFailure | undefined,
    tagIsValid: boolean,
  ): void {
    const { process } = this.#state;
    this.#state.destination = buffer.slice();
    if (process === null) return;
    const entered = this.#grant.enter(process, view => {
      if (failure !== undefined) {
        view.scheduleUpcall(UPCALL, ErrorCode[failure], 0, 0);
        return;
      }
      const { length } = view.readWrite(DEST);
      this.#deliver(view, buffer, this.#state.dataCopied - Math.min(DEST_SIZE, length));
      view.scheduleUpcall(UPCALL, 0, this.#state.dataCopied, tagIsValid ? 1 : 0);
      this.#state.dataCopied = 0;
    });
    if (!entered.ok) this.#state.process = null;
  }

  save(): AesDriverState {
    return structuredClone(this.#state);
  }

  load(state: AesDriverState): void {
    this.#state = structuredClone(state);
  }

  /** Whether the unit is the process's, or its owner is gone. */
  #mayTake(owner: ProcessId, process: ProcessId): boolean {
    const entered = this.#grant.enter(owner, () => sameProcess(owner, process));
    return entered.ok ? entered.value : true;
  }

  #setUp(process: ProcessId): SyscallReturn {
    this.#state.process = process;
    const ran = this.#run(process);
    if (ran.length === 1) return ran;
    this.#state.process = null;
    this.#checkQueue();
    return ran;
  }

  #run(process: ProcessId): SyscallReturn {
    return this.#grant.command(process, view => {
      const mode = plainModes[view.data.operation - 1];
      if (view.data.operation === 0) return Return.failure(ErrorCode.INVAL);
      if (mode !== undefined) this.#aes.setMode(mode, view.data.encrypting);
      const failure =
        this.#aes.setKey(this.#fill(view, ReadOnly.Key, 0)) ??
        this.#setStart(mode, this.#fill(view, ReadOnly.Iv, 0)) ??
        this.#cryptFirst(view);
      return failure === undefined ? Return.success() : Return.failure(ErrorCode[failure]);
    });
  }

  #setStart(mode: AesMode | undefined, iv: Uint8Array): AesFailure | undefined {
    return mode === undefined
      ? this.#aes.setNonce(iv.subarray(0, NONCE_SIZE))
      : this.#aes.setIv(iv);
  }

  /** The kernel's small buffer after as much of an app's as goes into it. */
  #fill(view: View, allow: number, from: number): Uint8Array {
    const buffer = view.readOnly(allow);
    this.#state.source.set(buffer.read(from, Math.min(SOURCE_SIZE, buffer.length - from)));
    return this.#state.source;
  }

  #cryptFirst(view: View): AesFailure | undefined {
    const { data } = view;
    const source = view.readOnly(ReadOnly.Source);
    if (data.operation <= plainModes.length) {
      this.#state.dataCopied = Math.min(SOURCE_SIZE, source.length);
      return this.#aes.crypt(this.#fill(view, ReadOnly.Source, 0));
    }
    const length = Math.min(DEST_SIZE, source.length);
    this.#state.destination.set(source.read(0, length));
    this.#state.dataCopied = length;
    return this.#authenticate(view);
  }

  #authenticate({ data }: View): AesFailure | undefined {
    const mode = authenticatedModes[data.operation - 1 - plainModes.length] ?? "Ccm";
    const { associatedOffset, messageOffset, messageLength, tagLength } = data;
    const { encrypting, confidential } = data;
    const buffer = this.#state.destination;
    const request = { associatedOffset, messageOffset, messageLength, tagLength };
    return this.#aes.cryptAuthenticated(mode, { ...request, buffer, encrypting, confidential });
  }

  #cryptNext(view: View): AesFailure | undefined {
    const block = this.#fill(view, ReadOnly.Source, this.#state.dataCopied);
    this.#state.dataCopied += SOURCE_SIZE;
    return this.#aes.crypt(block);
  }

  #cryptOn(view: View): void {
    const { operation } = view.data;
    if (operation > plainModes.length) {
      // Upstream takes the source into the wrong buffer, and works on what was in the other one.
      this.#state.dataCopied = Math.min(SOURCE_SIZE, view.readOnly(ReadOnly.Source).length);
      this.#fill(view, ReadOnly.Source, 0);
    }
    const failure =
      operation > plainModes.length ? this.#authenticate(view) : this.#cryptFirst(view);
    if (failure === undefined) return;
    this.#state.process = null;
    view.scheduleUpcall(UPCALL, ErrorCode[failure], 0, 0);
  }

  /** A piece that is cut goes only into a destination that is shorter than a whole one. */
  #deliver(view: View, piece: Uint8Array, offset: number): void {
    const destination = view.readWrite(DEST);
    const { length } = destination;
    const at = Math.max(0, offset);
    if (length < piece.length) {
      if (length > at) destination.write(at, piece.subarray(0, length - at));
    } else if (at + piece.length <= length) destination.write(at, piece);
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

function setMode({ data }: View, mode: number, encrypt: number): SyscallReturn {
  if (mode >= MODES) return Return.failure(ErrorCode.NOSUPPORT);
  data.operation = mode + 1;
  data.encrypting = encrypt !== 0;
  return Return.success();
}

function wait({ data }: View, process: ProcessId): SyscallReturn {
  if (data.pendingRunApp !== 0) return Return.failure(ErrorCode.NOMEM);
  data.pendingRunApp = 1;
  data.pendingIndex = process.index;
  data.pendingPid = process.pid;
  return Return.success();
}

function setParameter({ data }: View, commandNum: number, value: number): SyscallReturn {
  switch (commandNum) {
    case 0:
      break;
    case 5:
      data.associatedOffset = value;
      break;
    case 6:
      data.messageOffset = value;
      break;
    case 7:
      data.tagLength = value;
      break;
    case 8:
      data.confidential = value > 0;
      break;
    default:
      return Return.failure(ErrorCode.NOSUPPORT);
  }
  return Return.success();
}
