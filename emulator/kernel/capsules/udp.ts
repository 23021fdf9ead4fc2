// UDP, driver 0x30002 (capsules/extra/src/net/udp/driver.rs). Grant [2 upcalls, 1 read-only, 3 read-write allows].
//
//   command 0                existence check
//   command 1  n             the addresses of n interfaces into read-write buffer 1 of 16 n bytes; how many there are
//   command 2                send read-only buffer 0; upcall 1 (status, 0, 0). Read-write buffer 1 holds the own endpoint,
//                            which must be the bound one, and the destination's. Returns 1 if it is under way, 0 if it
//                            waits. BUSY while the app's last one waits, RESERVE if no port is bound, FAIL if the radio
//                            refuses
//   command 3                bind the endpoint in the second half of read-write buffer 2; zeros unbind. INVAL for an
//                            address that is no interface's, BUSY for a port that any app has bound
//   command 4                most bytes of a datagram
//
// An endpoint is an address of 16 bytes and a port, lowest byte first. A datagram for a bound endpoint comes into read-write
// buffer 0 if that is long enough, upcall 0 (bytes, 0, 0), and its sender into buffer 2: the port highest byte first, and
// zeros behind it.
import type { Stateful } from "../../base/stateful.js";
import type { RadioFailure } from "../../hil/radio.js";
import type { UdpClient, UdpEndpoint, UdpStack } from "../../hil/udp.js";
import { type ProcessError, type ProcessId, type SyscallDriver, sameProcess } from "../driver.js";
import type { Grant, GrantShape, GrantView, ReadableBuffer } from "../grant.js";
import { ErrorCode, Return, type SyscallReturn } from "../syscalls.js";

const Upcall = { received: 0, transmitted: 1 } as const;
const WRITE = 0;
const ReadWrite = { receive: 0, configuration: 1, receiveConfiguration: 2 } as const;
export const UDP_MAX_PAYLOAD = 200;
const ADDRESS = 16;
const ENDPOINT = 18;

/** `Option<[UDPEndpoint; 2]>` and `Option<UDPEndpoint>`, each with a tag of two bytes in front. */
const layout = {
  pendingTx: "bool",
  pendingPadding: "u8",
  pending: ["u8", 2 * ENDPOINT],
  bound: "bool",
  boundPadding: "u8",
  boundPort: ["u8", ENDPOINT],
} as const;
type View = GrantView<typeof layout>;
type Bytes = View["data"]["boundPort"];

export const UDP_GRANT: GrantShape<typeof layout> = {
  driver: 0x30002,
  upcalls: 2,
  readOnlyAllows: 1,
  readWriteAllows: 3,
  data: layout,
};

export interface UdpDriverState {
  app: ProcessId | null;
  /** The kernel's buffer is here. */
  bufferHere: boolean;
}

export class UdpDriver implements SyscallDriver, UdpClient, Stateful<UdpDriverState> {
  readonly #stack: UdpStack;
  readonly #interfaces: readonly Uint8Array[];
  readonly #grant: Grant<typeof layout>;
  #state: UdpDriverState = { app: null, bufferHere: true };

  constructor(stack: UdpStack, interfaces: readonly Uint8Array[], grant: Grant<typeof layout>) {
    this.#stack = stack;
    this.#interfaces = interfaces;
    this.#grant = grant;
    stack.setClient(this);
  }

  command(commandNum: number, arg1: number, _arg2: number, process: ProcessId): SyscallReturn {
    switch (commandNum) {
      case 0:
        return Return.success();
      case 1:
        return this.#listInterfaces(arg1, process);
      case 2:
        return this.#send(process);
      case 3:
        return this.#bind(process);
      case 4:
        return Return.successU32(UDP_MAX_PAYLOAD);
      default:
        return Return.failure(ErrorCode.NOSUPPORT);
    }
  }

  allocateGrant(process: ProcessId): ProcessError | undefined {
    return this.#grant.allocate(process);
  }

  sendDone(failure: RadioFailure | undefined): void {
    const { app } = this.#state;
    this.#state = { app: null, bufferHere: true };
    if (app !== null) this.#tell(app, failure === undefined ? 0 : ErrorCode[failure]);
    const next = this.#waiting();
    if (next !== undefined) this.#performAsync(next);
  }

  received(from: UdpEndpoint, to: UdpEndpoint, payload: Uint8Array): void {
    const own = encode(to);
    if (!this.#isBound(to.port)) return;
    this.#grant.each(view => {
      const { data, readWrite } = view;
      if (!data.bound || !own.every((byte, i) => byte === data.boundPort.get(i))) return;
      const buffer = readWrite(ReadWrite.receive);
      if (buffer.length < payload.length) return;
      buffer.write(0, payload);
      view.scheduleUpcall(Upcall.received, payload.length, 0, 0);
      const configuration = readWrite(ReadWrite.receiveConfiguration);
      if (configuration.length !== 2 * ENDPOINT) return;
      const sender = new Uint8Array(2 * ENDPOINT);
      sender.set([...from.address, from.port >> 8, from.port & 0xff]);
      configuration.write(0, sender);
    });
  }

  save(): UdpDriverState {
    return structuredClone(this.#state);
  }

  load(state: UdpDriverState): void {
    this.#state = structuredClone(state);
  }

  #listInterfaces(count: number, process: ProcessId): SyscallReturn {
    return this.#grant.command(process, ({ readWrite }) => {
      const buffer = readWrite(ReadWrite.configuration);
      if (buffer.length !== count * ADDRESS) return Return.failure(ErrorCode.INVAL);
      for (const [i, address] of this.#interfaces.slice(0, count).entries())
        buffer.write(i * ADDRESS, address);
      return Return.successU32(this.#interfaces.length);
    });
  }

  #bind(process: ProcessId): SyscallReturn {
    let endpoint: Uint8Array | undefined;
    const result = this.#grant.command(process, ({ data, readWrite }) => {
      const buffer = readWrite(ReadWrite.receiveConfiguration);
      if (buffer.length !== 2 * ENDPOINT) return Return.failure(ErrorCode.INVAL);
      const requested = buffer.read(ENDPOINT, ENDPOINT);
      if (requested.every(byte => byte === 0)) {
        data.bound = false;
        return Return.success();
      }
      const { address } = decode(requested);
      const local = this.#interfaces.some(each => each.every((byte, i) => byte === address[i]));
      if (!local) return Return.failure(ErrorCode.INVAL);
      endpoint = requested;
      return Return.success();
    });
    if (endpoint === undefined) return result;
    const bytes = endpoint;
    if (this.#isBound(decode(bytes).port)) return Return.failure(ErrorCode.BUSY);
    return this.#grant.command(process, ({ data }) => {
      data.bound = true;
      bytes.forEach((byte, i) => {
        data.boundPort.set(i, byte);
      });
      return Return.success();
    });
  }

  #isBound(port: number): boolean {
    let bound = false;
    this.#grant.each(({ data }) => {
      if (data.bound && decode(read(data.boundPort, 0)).port === port) bound = true;
    });
    return bound;
  }

  #send(process: ProcessId): SyscallReturn {
    const result = this.#grant.command(process, ({ data, readWrite }) => {
      if (data.pendingTx) return Return.failure(ErrorCode.BUSY);
      if (!data.bound) return Return.failure(ErrorCode.RESERVE);
      const buffer: ReadableBuffer = readWrite(ReadWrite.configuration);
      if (buffer.length !== 2 * ENDPOINT) return Return.failure(ErrorCode.INVAL);
      const endpoints = buffer.read(0, 2 * ENDPOINT);
      const own = endpoints.subarray(0, ENDPOINT).every((b, i) => b === data.boundPort.get(i));
      if (!own) return Return.failure(ErrorCode.INVAL);
      data.pendingTx = true;
      endpoints.forEach((byte, i) => {
        data.pending.set(i, byte);
      });
      return Return.success();
    });
    if (result[0] === 0) return result;
    const next = this.#waiting();
    if (next === undefined) return Return.successU32(0);
    if (!sameProcess(next, process)) {
      this.#performAsync(next);
      return Return.successU32(0);
    }
    const error = this.#perform(next);
    return error === undefined ? Return.successU32(1) : Return.failure(error);
  }

  /** The first process whose datagram waits, when none is sent. */
  #waiting(): ProcessId | undefined {
    if (this.#state.app !== null) return undefined;
    let next: ProcessId | undefined;
    this.#grant.each(({ data }, process) => {
      if (data.pendingTx) next ??= process;
    });
    return next;
  }

  #performAsync(process: ProcessId): void {
    const error = this.#perform(process);
    if (error !== undefined) this.#tell(process, error);
  }

  #tell(process: ProcessId, status: number): void {
    this.#grant.enter(process, view => {
      view.scheduleUpcall(Upcall.transmitted, status, 0, 0);
    });
  }

  #perform(process: ProcessId): ErrorCode | undefined {
    const entered = this.#grant.enter(process, ({ data, readOnly }) => {
      data.pendingTx = false;
      const payload = readOnly(WRITE);
      if (!this.#state.bufferHere) return ErrorCode.NOMEM;
      if (payload.length > UDP_MAX_PAYLOAD) return ErrorCode.SIZE;
      const { port } = decode(read(data.pending, 0));
      const destination = decode(read(data.pending, ENDPOINT));
      const bytes = payload.read(0, payload.length);
      if (!this.#stack.send(port, destination, bytes)) return ErrorCode.FAIL;
      this.#state = { app: process, bufferHere: false };
      return undefined;
    });
    return entered.ok ? entered.value : ErrorCode.INVAL;
  }
}

const read = (bytes: Bytes, start: number): Uint8Array =>
  Uint8Array.from({ length: ENDPOINT }, (_, i) => bytes.get(start + i));

const decode = (bytes: Uint8Array): UdpEndpoint => ({
  address: bytes.slice(0, ADDRESS),
  port: (bytes[ADDRESS] as number) | ((bytes[ADDRESS + 1] as number) << 8),
});

const encode = ({ address, port }: UdpEndpoint): number[] => [...address, port & 0xff, port >> 8];
