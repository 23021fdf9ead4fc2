// The serial line to an nRF51822, driver 0x80004 (capsules/extra/src/nrf51822_serialization.rs).
// Grant [1 upcall, 1 read-only, 1 read-write allow].
//
//   command 0            existence check
//   command 1            send read-only buffer 0; upcall 0 (1, 0, 0). FAIL while bytes are sent, more than 600 panic the
//                        kernel
//   command 2  length    receive from now on into read-write buffer 0; upcall 0 (4, bytes received, bytes copied) each
//                        time. SIZE beyond 600. RESERVE once any app that is alive has sent or received
//   command 3            reset the chip
//
// The app that used it last gets the upcalls.
import type { Stateful } from "../../base/stateful.js";
import type { SerialLink, SerialLinkClient } from "../../hil/serial-link.js";
import type { ProcessError, ProcessId, SyscallDriver } from "../driver.js";
import type { Grant, GrantShape } from "../grant.js";
import { KernelPanic } from "../panic.js";
import { ErrorCode, Return, type SyscallReturn } from "../syscalls.js";

const UPCALL = 0;
const BUFFER = 0;
const BUFFER_LENGTH = 600;

const layout = {} as const;

export const NRF51822_GRANT: GrantShape<typeof layout> = {
  driver: 0x80004,
  upcalls: 1,
  readOnlyAllows: 1,
  readWriteAllows: 1,
  data: layout,
};

export interface Nrf51822SerializationState {
  app: ProcessId | null;
  /** The kernel's buffers are here. */
  transmitHere: boolean;
  receiveHere: boolean;
}

export class Nrf51822Serialization
  implements SyscallDriver, SerialLinkClient, Stateful<Nrf51822SerializationState>
{
  readonly #link: SerialLink;
  readonly #grant: Grant<typeof layout>;
  #state: Nrf51822SerializationState = { app: null, transmitHere: true, receiveHere: true };

  constructor(link: SerialLink, grant: Grant<typeof layout>) {
    this.#link = link;
    this.#grant = grant;
    link.setClient(this);
  }

  command(commandNum: number, length: number, _arg2: number, process: ProcessId): SyscallReturn {
    switch (commandNum) {
      case 0:
        return Return.success();
      case 1:
        return this.#send(process);
      case 2:
        return this.#receive(length, process);
      case 3:
        this.#link.resetChip();
        return Return.success();
      default:
        return Return.failure(ErrorCode.NOSUPPORT);
    }
  }

  allocateGrant(process: ProcessId): ProcessError | undefined {
    return this.#grant.allocate(process);
  }

  transmitted(): void {
    this.#state.transmitHere = true;
    if (this.#state.app !== null)
      this.#grant.enter(this.#state.app, view => {
        view.scheduleUpcall(UPCALL, 1, 0, 0);
      });
  }

  received(bytes: Uint8Array): void {
    const { app } = this.#state;
    this.#state.receiveHere = true;
    if (app !== null) {
      const entered = this.#grant.enter(app, view => {
        const buffer = view.readWrite(BUFFER);
        const copied = bytes.subarray(0, buffer.length);
        if (copied.length > 0) buffer.write(0, copied);
        view.scheduleUpcall(UPCALL, 4, bytes.length, copied.length);
      });
      if (!entered.ok) {
        this.#state.app = null;
        return;
      }
    }
    this.#startReceive(BUFFER_LENGTH);
  }

  save(): Nrf51822SerializationState {
    return { ...this.#state };
  }

  load(state: Nrf51822SerializationState): void {
    this.#state = { ...state };
  }

  #send(process: ProcessId): SyscallReturn {
    const entered = this.#grant.enter(process, ({ readOnly }) => {
      if (!this.#state.transmitHere) return Return.failure(ErrorCode.FAIL);
      const buffer = readOnly(BUFFER);
      if (buffer.length > BUFFER_LENGTH)
        throw new KernelPanic(
          `index out of bounds: the len is ${BUFFER_LENGTH} but the index is ${BUFFER_LENGTH}`,
          "capsules/extra/src/nrf51822_serialization.rs:172:49",
        );
      this.#state.app = process;
      this.#state.transmitHere = false;
      this.#link.transmit(buffer.read(0, buffer.length));
      return Return.success();
    });
    return entered.ok ? entered.value : Return.failure(ErrorCode.FAIL);
  }

  #receive(length: number, process: ProcessId): SyscallReturn {
    const { app } = this.#state;
    if (app !== null) {
      const entered = this.#grant.enter(app, () => {});
      if (entered.ok || entered.error !== "NoSuchApp") return Return.failure(ErrorCode.RESERVE);
      this.#state.app = null;
    }
    // Upstream gives the line back to the app that is gone, when there was one.
    const next = app ?? process;
    if (!this.#state.receiveHere) {
      if (app === null) return Return.failure(ErrorCode.RESERVE);
      this.#state.app = next;
      return Return.successU32(length);
    }
    if (length > BUFFER_LENGTH) {
      this.#state.receiveHere = false;
      return Return.failure(ErrorCode.SIZE);
    }
    this.#state.app = next;
    this.#startReceive(length);
    return Return.successU32(length);
  }

  #startReceive(length: number): void {
    this.#state.receiveHere = false;
    this.#link.receiveAutomatic(length);
  }
}
