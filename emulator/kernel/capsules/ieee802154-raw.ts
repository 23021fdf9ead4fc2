// IEEE 802.15.4 frames that apps make, driver 0x30001 (capsules/extra/src/ieee802154/phy_driver.rs).
// Grant [2 upcalls, 1 read-only, 1 read-write allow].
//
//   command 0                existence check
//   command 1                OFF if the radio is off
//   command 2, 8  address    set, get the short address; got plus one, as the network
//   command 4, 10 pan        set, get the network
//   command 5, 11 channel    set, get the channel; INVAL outside 11 to 26
//   command 6, 12 dBm        set, get the transmit power; NOSUPPORT if the chip has no such power
//   command 7                commit the configuration
//   command 27               send the frame in read-only buffer 0; upcall 1 (status, acknowledged, 0). Succeeds also
//                            while the app's last frame waits, which is the only one sent then
//   command 28, 29 low high  set, get the long address
//   command 30, 31           switch the radio on, off
//
// A frame received makes upcall 0 (link quality, 0, 0) in every app whose read-write buffer 0 is a ring of frames. A frame
// beyond the kernel's buffer panics the kernel.
import type { Stateful } from "../../base/stateful.js";
import type { Radio, RadioFailure, RadioRxClient, RadioTxClient } from "../../hil/radio.js";
import type { ProcessError, ProcessId, SyscallDriver } from "../driver.js";
import type { Grant, GrantShape } from "../grant.js";
import { KernelPanic } from "../panic.js";
import { ErrorCode, Return, type SyscallReturn } from "../syscalls.js";
import { longAddress } from "./ieee802154-frame.js";
import { MAC_BUFFER_LENGTH } from "./ieee802154-mac.js";
import { pushFrame } from "./ieee802154-ring.js";

const Upcall = { received: 0, transmitted: 1 } as const;
const BUFFER = 0;
const PSDU_OFFSET = 2;

const layout = { pendingTx: "bool" } as const;

export const IEEE802154_RAW_GRANT: GrantShape<typeof layout> = {
  driver: 0x30001,
  upcalls: 2,
  readOnlyAllows: 1,
  readWriteAllows: 1,
  data: layout,
};

export interface Ieee802154RawState {
  app: ProcessId | null;
  /** The kernel's buffer is here. */
  bufferHere: boolean;
}

const statusOf = (failure: RadioFailure | undefined): number =>
  failure === undefined ? 0 : ErrorCode[failure];

export class Ieee802154RawDriver
  implements SyscallDriver, RadioTxClient, RadioRxClient, Stateful<Ieee802154RawState>
{
  readonly #radio: Radio;
  readonly #grant: Grant<typeof layout>;
  #state: Ieee802154RawState = { app: null, bufferHere: true };

  constructor(radio: Radio, grant: Grant<typeof layout>) {
    this.#radio = radio;
    this.#grant = grant;
    radio.setTransmitClient(this);
    radio.setReceiveClient(this);
  }

  command(commandNum: number, arg1: number, arg2: number, process: ProcessId): SyscallReturn {
    const radio = this.#radio;
    switch (commandNum) {
      case 1:
        return radio.isOn() ? Return.success() : Return.failure(ErrorCode.OFF);
      case 5:
        if ((arg1 & 0xff) < 11 || (arg1 & 0xff) > 26) return Return.failure(ErrorCode.INVAL);
        radio.setChannel(arg1 & 0xff);
        return Return.success();
      case 6: {
        const failure = radio.setTxPower((arg1 << 24) >> 24);
        return failure === undefined ? Return.success() : Return.failure(ErrorCode[failure]);
      }
      case 8:
        return Return.successU32(radio.getConfig().address + 1);
      case 10:
        return Return.successU32(radio.getConfig().pan + 1);
      case 11:
        return Return.successU32(radio.getChannel());
      case 12:
        return Return.successU32(radio.getTxPower());
      case 27:
        return this.#send(process);
      case 29:
        return Return.successU64(
          new DataView(radio.getConfig().addressLong.buffer).getBigUint64(0),
        );
      default:
        return this.#set(commandNum, arg1, arg2);
    }
  }

  allocateGrant(process: ProcessId): ProcessError | undefined {
    return this.#grant.allocate(process);
  }

  sendDone(acked: boolean, failure: RadioFailure | undefined): void {
    const { app } = this.#state;
    this.#state = { app: null, bufferHere: true };
    if (app !== null)
      this.#grant.enter(app, view => {
        view.scheduleUpcall(Upcall.transmitted, statusOf(failure), acked ? 1 : 0, 0);
      });
    this.#next();
  }

  receive(frame: Uint8Array, lqi: number): void {
    this.#grant.each(view => {
      if (pushFrame(view.readWrite(BUFFER), frame, 0))
        view.scheduleUpcall(Upcall.received, lqi, 0, 0);
    });
  }

  save(): Ieee802154RawState {
    return structuredClone(this.#state);
  }

  load(state: Ieee802154RawState): void {
    this.#state = structuredClone(state);
  }

  /** Commands that always succeed. */
  #set(commandNum: number, arg1: number, arg2: number): SyscallReturn {
    const radio = this.#radio;
    switch (commandNum) {
      case 0:
        break;
      case 2:
        radio.setConfig({ address: arg1 & 0xffff });
        break;
      case 4:
        radio.setConfig({ pan: arg1 & 0xffff });
        break;
      case 7:
        radio.configCommit();
        break;
      case 28:
        radio.setConfig({ addressLong: longAddress(arg1, arg2) });
        break;
      case 30:
        radio.start();
        break;
      case 31:
        radio.stop();
        break;
      default:
        return Return.failure(ErrorCode.NOSUPPORT);
    }
    return Return.success();
  }

  #send(process: ProcessId): SyscallReturn {
    const entered = this.#grant.enter(process, ({ data }) => {
      data.pendingTx = true;
    });
    if (!entered.ok) return this.#grant.command(process, () => Return.success());
    this.#next();
    return Return.success();
  }

  /** Sends the first frame that waits. */
  #next(): void {
    if (this.#state.app !== null) return;
    let next: ProcessId | undefined;
    this.#grant.each(({ data }, process) => {
      if (data.pendingTx) next ??= process;
    });
    if (next === undefined) return;
    const error = this.#perform(next);
    if (error !== undefined)
      this.#grant.enter(next, view => {
        view.scheduleUpcall(Upcall.transmitted, error, 0, 0);
      });
  }

  #perform(process: ProcessId): ErrorCode | undefined {
    const entered = this.#grant.enter(process, ({ data, readOnly }) => {
      data.pendingTx = false;
      if (!this.#state.bufferHere) return ErrorCode.NOMEM;
      const frame = readOnly(BUFFER);
      const end = frame.length + PSDU_OFFSET;
      if (end > MAC_BUFFER_LENGTH)
        throw new KernelPanic(
          `range end index ${end} out of range for slice of length ${MAC_BUFFER_LENGTH}`,
          "capsules/extra/src/ieee802154/phy_driver.rs:131:56",
        );
      const failure = this.#radio.transmit(frame.read(0, frame.length));
      if (failure !== undefined) return ErrorCode[failure];
      this.#state = { app: process, bufferHere: false };
      return undefined;
    });
    return entered.ok ? entered.value : ErrorCode.INVAL;
  }
}
