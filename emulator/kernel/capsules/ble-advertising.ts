// Advertising over Bluetooth Low Energy, driver 0x30000 (capsules/extra/src/ble_advertising_driver.rs).
// Grant [1 upcall, 1 read-only, 1 read-write allow].
//
//   command 0  type interval     advertise read-only buffer 0 every `interval` milliseconds, 20 at least, and up to 9 more
//                                by chance. Types 0, 2 and 6, else INVAL. BUSY unless the app is idle
//   command 1                    stop advertising or scanning; BUSY during a packet or when idle
//   command 2  dBm               transmit power as a byte from -20 to 10, else INVAL; NOSUPPORT if the chip has no such
//                                power; BUSY while advertising or scanning
//   command 5                    scan: every packet comes into read-write buffer 0; upcall 0 (0, bytes, 0)
//
// There is no existence check: command 0 advertises. An app has one address from its process number. A packet that is due
// while the radio is busy waits for another interval. A packet longer than the app's buffer panics the kernel.
import type { Stateful } from "../../base/stateful.js";
import { withinRange } from "../../base/ticks.js";
import type {
  BleAdvertisementDriver,
  BleRxClient,
  BleTxClient,
  RadioChannel,
} from "../../hil/ble.js";
import type { Alarm, AlarmClient } from "../../hil/time.js";
import type { ProcessError, ProcessId, SyscallDriver } from "../driver.js";
import type { Grant, GrantShape, GrantView } from "../grant.js";
import { KernelPanic } from "../panic.js";
import { ErrorCode, Return, type SyscallReturn } from "../syscalls.js";

const UPCALL = 0;
const BUFFER = 0;
/** Of the kernel's buffer; longer packets are none of advertisers. */
const PACKET_LENGTH = 39;
const HEADER_LENGTH = 2;
const ADDRESS_LENGTH = 6;
/** The address is a random one. */
const TX_ADD = 1 << 6;

const Pdu = { advInd: 0, advNonconnInd: 2, advScanInd: 6 } as const;

const Status = {
  idle: 0,
  scanningIdle: 1,
  scanning: 2,
  advertisingIdle: 3,
  advertising: 4,
} as const;
const statusNames = ["Idle", "ScanningIdle", "Scanning", "AdvertisingIdle", "Advertising"];

/** `expires`: an alarm is set for `reference` + `dt`. */
const layout = {
  expires: "u32",
  reference: "u32",
  dt: "u32",
  advertisementIntervalMs: "u32",
  randomNonce: "u32",
  addressLow: "u32",
  address4: "u8",
  address5: "u8",
  status: "u8",
  channel: "u8",
  pduType: "u8",
  txPower: "u8",
  initialized: "bool",
} as const;
type View = GrantView<typeof layout>;

export const BLE_ADVERTISING_GRANT: GrantShape<typeof layout> = {
  driver: 0x30000,
  upcalls: 1,
  readOnlyAllows: 1,
  readWriteAllows: 1,
  data: layout,
};

export interface BleAdvertisingState {
  busy: boolean;
  /** `null` while the radio has it. */
  kernelTx: Uint8Array | null;
  sendingApp: ProcessId | null;
  receivingApp: ProcessId | null;
}

export interface BleAdvertisingOptions {
  radio: BleAdvertisementDriver;
  alarm: Alarm;
  /** `debug!` */
  debug(line: string): void;
}

export class BleAdvertisingDriver
  implements SyscallDriver, AlarmClient, BleTxClient, BleRxClient, Stateful<BleAdvertisingState>
{
  readonly #radio: BleAdvertisementDriver;
  readonly #alarm: Alarm;
  readonly #debug: (line: string) => void;
  readonly #grant: Grant<typeof layout>;
  #state: BleAdvertisingState = {
    busy: false,
    kernelTx: new Uint8Array(PACKET_LENGTH),
    sendingApp: null,
    receivingApp: null,
  };

  constructor({ radio, alarm, debug }: BleAdvertisingOptions, grant: Grant<typeof layout>) {
    this.#radio = radio;
    this.#alarm = alarm;
    this.#debug = debug;
    this.#grant = grant;
    alarm.setAlarmClient(this);
    radio.setTransmitClient(this);
    radio.setReceiveClient(this);
  }

  command(commandNum: number, data: number, interval: number, process: ProcessId): SyscallReturn {
    switch (commandNum) {
      case 0:
        return this.#start(process, view => this.#advertise(view, data & 0xff, interval));
      case 1:
        return this.#command(process, ({ data: app }) => {
          if (app.status !== Status.advertisingIdle && app.status !== Status.scanningIdle)
            return Return.failure(ErrorCode.BUSY);
          app.status = Status.idle;
          return Return.success();
        });
      case 2:
        return this.#command(process, view => this.#setTxPower(view, data & 0xff));
      case 5:
        return this.#start(process, ({ data: app }) => {
          if (app.status !== Status.idle) return ErrorCode.BUSY;
          app.status = Status.scanningIdle;
          return undefined;
        });
      default:
        return Return.failure(ErrorCode.NOSUPPORT);
    }
  }

  allocateGrant(process: ProcessId): ProcessError | undefined {
    return this.#grant.allocate(process);
  }

  alarm(): void {
    const now = this.#alarm.now();
    const { width } = this.#alarm;
    const mask = (2 ** width - 1) >>> 0;
    this.#grant.each((view, process) => {
      const app = initialized(view);
      if (app.expires === 0) return;
      const end = ((app.reference + app.dt) & mask) >>> 0;
      if (withinRange(now, (app.reference & mask) >>> 0, end, width)) return;
      if (this.#state.busy) {
        this.#debug(`BLE: operation delayed for app ${process.pid}`);
        this.#setNextAlarm(view);
        return;
      }
      app.expires = 0;
      this.#begin(view, process);
    });
    this.#resetActiveAlarm();
  }

  receiveEvent(packet: Uint8Array): void {
    const process = this.#state.receivingApp;
    if (process === null) return;
    this.#grant.enter(process, view => {
      if (packet.length <= PACKET_LENGTH) deliver(view, packet);
      const app = view.data;
      if (app.status !== Status.scanning) return;
      if (app.channel === 39) {
        this.#state.busy = false;
        app.status = Status.scanningIdle;
        this.#setNextAlarm(view);
        return;
      }
      app.channel++;
      if (app.channel === 38) this.#radio.setTxPower(app.txPower);
      this.#radio.receiveAdvertisement(app.channel as RadioChannel);
    });
    this.#resetActiveAlarm();
  }

  transmitEvent(buffer: Uint8Array): void {
    this.#state.kernelTx = buffer;
    const process = this.#state.sendingApp;
    if (process === null) return;
    this.#grant.enter(process, view => {
      const app = view.data;
      if (app.status !== Status.advertising) return;
      if (app.channel === 39) {
        this.#state.busy = false;
        app.status = Status.advertisingIdle;
        this.#setNextAlarm(view);
        return;
      }
      app.channel++;
      if (app.channel === 38) this.#radio.setTxPower(app.txPower);
      this.#send(view, process);
    });
    this.#resetActiveAlarm();
  }

  save(): BleAdvertisingState {
    return structuredClone(this.#state);
  }

  load(state: BleAdvertisingState): void {
    this.#state = structuredClone(state);
  }

  #command(process: ProcessId, f: (view: View) => SyscallReturn): SyscallReturn {
    return this.#grant.command(process, view => {
      initialized(view);
      return f(view);
    });
  }

  /** A command that ends with an alarm for the app. */
  #start(process: ProcessId, f: (view: View) => ErrorCode | undefined): SyscallReturn {
    let started = false;
    const result = this.#command(process, view => {
      const error = f(view);
      if (error !== undefined) return Return.failure(error);
      this.#setNextAlarm(view);
      started = true;
      return Return.success();
    });
    if (started) this.#resetActiveAlarm();
    return result;
  }

  #advertise({ data }: View, pduType: number, interval: number): ErrorCode | undefined {
    if (data.status !== Status.idle) return ErrorCode.BUSY;
    if (!(Object.values(Pdu) as number[]).includes(pduType)) return ErrorCode.INVAL;
    data.pduType = pduType;
    data.status = Status.advertisingIdle;
    data.randomNonce = this.#alarm.now();
    data.advertisementIntervalMs = Math.max(20, interval);
    return undefined;
  }

  #setTxPower({ data }: View, power: number): SyscallReturn {
    if (data.status === Status.scanningIdle || data.status === Status.advertisingIdle)
      return Return.failure(ErrorCode.BUSY);
    if (power > 10 && power < 0xec) return Return.failure(ErrorCode.INVAL);
    const failure = this.#radio.setTxPower(power);
    if (failure !== undefined) return Return.failure(ErrorCode[failure]);
    data.txPower = power;
    return Return.success();
  }

  /** The first of three packets, to send or to receive. */
  #begin(view: View, process: ProcessId): void {
    const app = view.data;
    const advertises = app.status === Status.advertisingIdle;
    if (!advertises && app.status !== Status.scanningIdle) {
      this.#debug(`app: ${process.pid} \t invalid state Some(${stateText(view)})`);
      return;
    }
    this.#state.busy = true;
    app.status = advertises ? Status.advertising : Status.scanning;
    app.channel = 37;
    if (advertises) this.#state.sendingApp = process;
    else this.#state.receivingApp = process;
    this.#radio.setTxPower(app.txPower);
    if (advertises) this.#send(view, process);
    else this.#radio.receiveAdvertisement(37);
  }

  #send({ data: app, readOnly }: View, { pid }: ProcessId): void {
    const packet = this.#state.kernelTx;
    if (packet === null) return;
    this.#state.kernelTx = null;
    // Upstream's random address: the shifts leave nothing of the number but its lowest byte.
    const address = [0xf0, pid & 0xff, 0, 0, 0, 0xf0];
    app.addressLow = 0xf0 | ((pid & 0xff) << 8);
    app.address4 = 0;
    app.address5 = 0xf0;
    const data = readOnly(BUFFER);
    const length = Math.min(PACKET_LENGTH - HEADER_LENGTH - ADDRESS_LENGTH, data.length);
    const payload = length + ADDRESS_LENGTH;
    packet.set([app.pduType | TX_ADD, payload & 0x3f, ...address, ...data.read(0, length)]);
    this.#radio.transmitAdvertisement(packet, payload + HEADER_LENGTH, app.channel as RadioChannel);
  }

  #setNextAlarm({ data: app }: View): void {
    let nonce = app.randomNonce;
    nonce ^= nonce << 13;
    nonce ^= nonce >>> 17;
    nonce ^= nonce << 5;
    app.randomNonce = nonce >>> 0;
    const milliseconds = app.advertisementIntervalMs + (app.randomNonce % 10);
    app.expires = 1;
    app.reference = this.#alarm.now();
    app.dt = Math.floor((Math.imul(milliseconds, this.#alarm.frequency) >>> 0) / 1000);
  }

  /** Sets the alarm for the app whose time is next. Not called while a grant is entered. */
  #resetActiveAlarm(): void {
    const now = this.#alarm.now();
    let next = { distance: 0xffffffff, reference: 0xffffffff, dt: 0 };
    this.#grant.each(({ data }) => {
      if (data.expires === 0) return;
      const { reference, dt } = data;
      const distance = (reference + dt - now) >>> 0;
      if (next.distance > distance) next = { distance, reference, dt };
    });
    const mask = (2 ** this.#alarm.width - 1) >>> 0;
    if (next.reference !== 0xffffffff)
      this.#alarm.setAlarm((next.reference & mask) >>> 0, (next.dt & mask) >>> 0);
  }
}

/** The app's part of the grant, as upstream's `Default` makes it. */
function initialized({ data }: View): View["data"] {
  if (data.initialized) return data;
  data.initialized = true;
  data.pduType = Pdu.advNonconnInd;
  data.advertisementIntervalMs = 200;
  data.randomNonce = 0xdeadbeef;
  return data;
}

/** Rust's debug form of the state. */
function stateText({ data }: View): string {
  const name = statusNames[data.status] as string;
  const onChannel = data.status === Status.scanning || data.status === Status.advertising;
  return onChannel ? `${name}(AdvertisingChannel${data.channel})` : name;
}

function deliver(view: View, packet: Uint8Array): void {
  const buffer = view.readWrite(BUFFER);
  if (packet.length > buffer.length)
    throw new KernelPanic(
      `range end index ${packet.length} out of range for slice of length ${buffer.length}`,
      "kernel/src/processbuffer.rs:1224:43",
    );
  buffer.write(0, packet);
  view.scheduleUpcall(UPCALL, 0, packet.length, 0);
}
