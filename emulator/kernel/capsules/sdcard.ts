// SD cards, driver 0x50002 (capsules/extra/src/sdcard.rs, `SDCardDriver`). Grant [1 upcall, 1 read-only, 1 read-write].
//
//   command 0                existence check
//   command 1                Success(1 if a card is in the slot)
//   command 2                initialize; upcall 0 (1, bytes of a block, KiB of the card)
//   command 3  block         read into read-write buffer 0; upcall 0 (2, bytes, 0)
//   command 4  block         write read-only buffer 0; upcall 0 (3, 0, 0)
//                            UNINSTALLED without a card, RESERVE before it is initialized, BUSY while a block is under way
//                            and for ever after one that was refused or failed, NOMEM for a second app
//
// Upcall 0 also tells that a card came or went, (0, 1 or 0, 0), and that an operation failed, (4, error, 0).
import type { Stateful } from "../../base/stateful.js";
import {
  SD_BLOCK_SIZE,
  type SdCard,
  type SdCardClient,
  type SdCardError,
} from "../../hil/sdcard.js";
import { type ProcessError, type ProcessId, type SyscallDriver, sameProcess } from "../driver.js";
import type { Grant, GrantShape, GrantView } from "../grant.js";
import { ErrorCode, Return, type SyscallReturn } from "../syscalls.js";

const UPCALL = 0;
const BUFFER = 0;
/** First value of the upcall. */
const Event = { Detection: 0, InitDone: 1, ReadDone: 2, WriteDone: 3, Error: 4 } as const;
const errors: Readonly<Record<SdCardError, number>> = {
  CardStateChanged: -10001,
  InitializationFailure: -10002,
  ReadFailure: -10003,
  WriteFailure: -10004,
  TimeoutFailure: -10005,
};

const layout = {} as const;

export const SDCARD_GRANT: GrantShape<typeof layout> = {
  driver: 0x50002,
  upcalls: 1,
  readOnlyAllows: 1,
  readWriteAllows: 1,
  data: layout,
};

export interface SdCardDriverState {
  currentProcess: ProcessId | null;
  /** The kernel's buffer keeps what was in it: a short write goes on with what is there. */
  buffer: Uint8Array;
  /** It is away; it can be for good. */
  bufferTaken: boolean;
}

export class SdCardDriver implements SyscallDriver, SdCardClient, Stateful<SdCardDriverState> {
  readonly #card: SdCard;
  readonly #grant: Grant<typeof layout>;
  #state: SdCardDriverState = {
    currentProcess: null,
    buffer: new Uint8Array(SD_BLOCK_SIZE),
    bufferTaken: false,
  };

  constructor(card: SdCard, grant: Grant<typeof layout>) {
    this.#card = card;
    this.#grant = grant;
    card.setSdCardClient(this);
  }

  command(commandNum: number, block: number, _arg2: number, process: ProcessId): SyscallReturn {
    if (commandNum === 0) return Return.success();
    if (!this.#mayTake(process)) return Return.failure(ErrorCode.NOMEM);
    this.#state.currentProcess = process;
    switch (commandNum) {
      case 1:
        return Return.successU32(this.#card.isInstalled() ? 1 : 0);
      case 2: {
        const failure = this.#card.initialize();
        return failure === undefined ? Return.success() : Return.failure(ErrorCode[failure]);
      }
      case 3:
        return this.#transfer(() => this.#card.readBlock(block));
      case 4: {
        const entered = this.#grant.enter(process, ({ readOnly }) => this.#write(readOnly, block));
        return entered.ok ? entered.value : Return.failure(ErrorCode.NOMEM);
      }
      default:
        return Return.failure(ErrorCode.NOSUPPORT);
    }
  }

  allocateGrant(process: ProcessId): ProcessError | undefined {
    return this.#grant.allocate(process);
  }

  cardDetectionChanged(installed: boolean): void {
    this.#tell(Event.Detection, installed ? 1 : 0);
  }

  initDone(blockSize: number, totalSize: number): void {
    this.#tell(Event.InitDone, blockSize, Math.floor(totalSize / 1024));
  }

  readDone(block: Uint8Array): void {
    this.#state.buffer.set(block);
    this.#state.bufferTaken = false;
    this.#withProcess(view => {
      const buffer = view.readWrite(BUFFER);
      const bytes = block.subarray(0, buffer.length);
      buffer.write(0, bytes);
      view.scheduleUpcall(UPCALL, Event.ReadDone, bytes.length, 0);
    });
  }

  writeDone(): void {
    this.#state.bufferTaken = false;
    this.#tell(Event.WriteDone, 0);
  }

  sdCardError(error: SdCardError): void {
    this.#tell(Event.Error, errors[error]);
  }

  save(): SdCardDriverState {
    return structuredClone(this.#state);
  }

  load(state: SdCardDriverState): void {
    this.#state = structuredClone(state);
  }

  /** Nobody has the card, or the process has it, or who had it is gone. */
  #mayTake(process: ProcessId): boolean {
    const { currentProcess } = this.#state;
    if (currentProcess === null) return true;
    const entered = this.#grant.enter(currentProcess, () => sameProcess(currentProcess, process));
    return entered.ok ? entered.value : true;
  }

  #write(readOnly: GrantView<typeof layout>["readOnly"], block: number): SyscallReturn {
    return this.#transfer(() => {
      const shared = readOnly(BUFFER);
      this.#state.buffer.set(shared.read(0, Math.min(shared.length, SD_BLOCK_SIZE)));
      return this.#card.writeBlock(block, this.#state.buffer);
    });
  }

  #transfer(request: () => ReturnType<SdCard["readBlock"]>): SyscallReturn {
    if (this.#state.bufferTaken) return Return.failure(ErrorCode.BUSY);
    this.#state.bufferTaken = true;
    const failure = request();
    return failure === undefined ? Return.success() : Return.failure(ErrorCode[failure]);
  }

  #tell(event: number, first: number, second = 0): void {
    this.#withProcess(view => view.scheduleUpcall(UPCALL, event, first, second));
  }

  #withProcess(f: (view: GrantView<typeof layout>) => void): void {
    const { currentProcess } = this.#state;
    if (currentProcess !== null) this.#grant.enter(currentProcess, f);
  }
}
