// A USB human interface device, driver 0x90005 when it is a keyboard (capsules/extra/src/usb_hid_driver.rs).
// Grant [1 upcall, 0, 2 read-write allows].
//
//   command 0            existence check
//   command 1            send read-write buffer 1; upcall 0 (1, 0, 0). BUSY while a packet is under way
//   command 2            allow one packet into read-write buffer 0; upcall 0 (0, 0, 0). BUSY while one is allowed
//   command 3, 4         stop allowing it
//   command 5            2, then 1; ALREADY while a packet is allowed
//
// The first process that uses it, be it for the existence check, has it for ever: BUSY for all others. Both buffers must
// have 64 bytes: any other length panics the kernel.
import type { Stateful } from "../../base/stateful.js";
import type { UsbHid, UsbHidClient } from "../../hil/usb.js";
import { type ProcessError, type ProcessId, type SyscallDriver, sameProcess } from "../driver.js";
import type { Grant, GrantShape, GrantView } from "../grant.js";
import { KernelPanic } from "../panic.js";
import { ErrorCode, Return, type SyscallReturn } from "../syscalls.js";

const UPCALL = 0;
const Buffer = { receive: 0, send: 1 } as const;
const PACKET_LENGTH = 64;
/** First value of the upcall. */
const Direction = { received: 0, transmitted: 1 } as const;

const layout = {} as const;

export const KEYBOARD_HID_GRANT: GrantShape<typeof layout> = {
  driver: 0x90005,
  upcalls: 1,
  readOnlyAllows: 0,
  readWriteAllows: 2,
  data: layout,
};

/** Buffers are `null` while the controller has them. */
export interface UsbHidDriverState {
  process: ProcessId | null;
  send: Uint8Array | null;
  receive: Uint8Array | null;
}

export class UsbHidDriver implements SyscallDriver, UsbHidClient, Stateful<UsbHidDriverState> {
  readonly #usb: UsbHid;
  readonly #grant: Grant<typeof layout>;
  #state: UsbHidDriverState = {
    process: null,
    send: new Uint8Array(PACKET_LENGTH),
    receive: new Uint8Array(PACKET_LENGTH),
  };

  constructor(usb: UsbHid, grant: Grant<typeof layout>) {
    this.#usb = usb;
    this.#grant = grant;
    usb.setClient(this);
  }

  command(commandNum: number, _arg1: number, _arg2: number, process: ProcessId): SyscallReturn {
    this.#state.process ??= process;
    if (!sameProcess(this.#state.process, process)) return Return.failure(ErrorCode.BUSY);
    if (commandNum === 0) return Return.success();
    if (commandNum > 5) return Return.failure(ErrorCode.NOSUPPORT);
    return this.#grant.command(process, view => {
      switch (commandNum) {
        case 1:
          return this.#send(view);
        case 2:
          return this.#receive(ErrorCode.BUSY) ?? Return.success();
        case 5:
          return this.#receive(ErrorCode.ALREADY) ?? this.#send(view);
        default:
          return this.#cancel();
      }
    });
  }

  allocateGrant(process: ProcessId): ProcessError | undefined {
    return this.#grant.allocate(process);
  }

  packetReceived(packet: Uint8Array): void {
    this.#tell(view => {
      const buffer = view.readWrite(Buffer.receive);
      checkLength(packet.length, buffer.length);
      buffer.write(0, packet);
      view.scheduleUpcall(UPCALL, Direction.received, 0, 0);
    });
    this.#state.receive = packet;
  }

  packetTransmitted(packet: Uint8Array): void {
    this.#tell(view => {
      view.scheduleUpcall(UPCALL, Direction.transmitted, 0, 0);
    });
    this.#state.send = packet;
  }

  save(): UsbHidDriverState {
    return structuredClone(this.#state);
  }

  load(state: UsbHidDriverState): void {
    this.#state = structuredClone(state);
  }

  #tell(f: (view: GrantView<typeof layout>) => void): void {
    if (this.#state.process !== null) this.#grant.enter(this.#state.process, f);
  }

  #send(view: GrantView<typeof layout>): SyscallReturn {
    const packet = this.#state.send;
    if (packet === null) return Return.failure(ErrorCode.BUSY);
    this.#state.send = null;
    const buffer = view.readWrite(Buffer.send);
    checkLength(buffer.length, packet.length);
    packet.set(buffer.read(0, packet.length));
    this.#usb.sendBuffer(packet);
    return Return.success();
  }

  /** `undefined` for success; `taken` when a packet is allowed already. */
  #receive(taken: ErrorCode): SyscallReturn | undefined {
    const packet = this.#state.receive;
    if (packet === null) return Return.failure(taken);
    const failure = this.#usb.receiveBuffer(packet);
    if (failure !== undefined) return Return.failure(ErrorCode[failure]);
    this.#state.receive = null;
    return undefined;
  }

  #cancel(): SyscallReturn {
    const packet = this.#usb.receiveCancel();
    if (packet === "BUSY") return Return.failure(ErrorCode.BUSY);
    this.#state.receive = packet;
    return Return.success();
  }
}

function checkLength(source: number, destination: number): void {
  if (source !== destination)
    throw new KernelPanic(
      `source slice length (${source}) does not match destination slice length (${destination})`,
      "kernel/src/processbuffer.rs:889:13",
    );
}
