// UDP over IPv6 over IEEE 802.15.4: datagrams to frames and back
// (capsules/extra/src/net/{ipv6/ipv6_send,ipv6/ipv6_recv,sixlowpan/sixlowpan_state,udp/udp_send}.rs; RFC 4944).
//
// A fragment follows 100 ms after the one before, and the end of the datagram is told as long after its last. What upstream
// loses it loses here: a frame that the radio refuses takes the kernel's buffer with it, and nothing is sent any more; a
// frame for the board that is no 6LoWPAN takes the buffer to receive into.
import type { Stateful } from "../../base/stateful.js";
import type { MacAddress, MacClient, MacDevice, MacHeader, RadioFailure } from "../../hil/radio.js";
import type { Alarm, AlarmClient } from "../../hil/time.js";
import type { UdpClient, UdpEndpoint, UdpStack } from "../../hil/udp.js";
import { MAC_BUFFER_LENGTH } from "./ieee802154-mac.js";
import {
  checksum,
  compress,
  type Datagram,
  decompress,
  IPV6_HEADER,
  isLinkLocal,
  UDP,
  UDP_HEADER,
} from "./sixlowpan.js";

const PAUSE_MILLISECONDS = 100;
const HEADERS = IPV6_HEADER + UDP_HEADER;
/** Seconds that a datagram may take to arrive. */
const FRAGMENT_TIMEOUT = 60;
const Dispatch = { iphc: 0x60, first: 0xc0, next: 0xe0 } as const;
/** All routers of the link. */
const MULTICAST = [0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2];

export interface UdpAddresses {
  /** Of the interface that sends. */
  source: Uint8Array;
  sourceMac: MacAddress;
  /** Where datagrams go that do not stay on the link. */
  gateway: MacAddress;
}

export interface UdpStackState {
  datagram: { value: Datagram; to: MacAddress } | null;
  /** Bytes of the datagram, with its headers, that have been sent. */
  offset: number;
  fragmenting: boolean;
  tag: number;
  bufferHere: boolean;
  /** Requests that upstream's list of senders holds. */
  queued: number;
  receive: {
    bufferHere: boolean;
    busy: boolean;
    start: number;
    from: MacAddress;
    to: MacAddress;
    tag: number;
    size: number;
    bytes: Uint8Array;
    /** Groups of eight bytes that have come. */
    groups: number[];
  };
}

export class UdpOverMac implements UdpStack, MacClient, AlarmClient, Stateful<UdpStackState> {
  readonly #mac: MacDevice;
  readonly #alarm: Alarm;
  readonly #addresses: UdpAddresses;
  readonly #debug: (line: string) => void;
  #client: UdpClient | undefined;
  #state: UdpStackState = {
    datagram: null,
    offset: 0,
    fragmenting: false,
    tag: 0,
    bufferHere: true,
    queued: 0,
    receive: {
      bufferHere: true,
      busy: false,
      start: 0,
      from: { kind: "short", address: 0 },
      to: { kind: "short", address: 0 },
      tag: 0,
      size: 0,
      bytes: new Uint8Array(),
      groups: [],
    },
  };

  constructor(
    mac: MacDevice,
    alarm: Alarm,
    addresses: UdpAddresses,
    debug: (line: string) => void,
  ) {
    this.#mac = mac;
    this.#alarm = alarm;
    this.#addresses = addresses;
    this.#debug = debug;
    mac.setClient(this);
    alarm.setAlarmClient(this);
  }

  setClient(client: UdpClient): void {
    this.#client = client;
  }

  send(sourcePort: number, { address, port }: UdpEndpoint, payload: Uint8Array): boolean {
    const state = this.#state;
    // Behind a request that failed nothing is ever served.
    if (state.queued++ > 0) return true;
    const { source, gateway } = this.#addresses;
    const to: MacAddress = MULTICAST.every((byte, i) => byte === address[i])
      ? { kind: "short", address: 0xffff }
      : isLinkLocal(address)
        ? { kind: "long", address: address.slice(8).map((byte, i) => (i === 0 ? byte ^ 2 : byte)) }
        : gateway;
    const value = {
      source,
      sourcePort,
      destination: address.slice(),
      destinationPort: port,
      payload: payload.slice(),
    };
    state.datagram = { value, to };
    return this.#sendFragment() === undefined;
  }

  sendDone(acked: boolean, failure: RadioFailure | undefined): void {
    this.#state.bufferHere = true;
    if (failure === undefined) {
      const ticks = Math.floor((this.#alarm.frequency * PAUSE_MILLISECONDS) / 1000);
      this.#alarm.setAlarm(this.#alarm.now(), ticks);
      return;
    }
    this.#debug(`Send Failed: Err(${failure}), acked: ${acked}`);
    this.#complete(failure);
  }

  alarm(): void {
    const failure = this.#sendFragment();
    if (failure !== undefined) this.#complete(failure);
  }

  receiveFrame(frame: Uint8Array, header: MacHeader): void {
    const none: MacAddress = { kind: "short", address: 0 };
    const packet = frame.subarray(header.length);
    const [from, to] = [header.source ?? none, header.destination ?? none];
    const kind = (packet[0] ?? 0) & Dispatch.next;
    const datagram =
      kind === Dispatch.first || kind === Dispatch.next
        ? this.#receiveFragment(packet, from, to)
        : this.#receiveWhole(packet, from, to);
    if (datagram !== undefined) this.#deliver(datagram);
  }

  save(): UdpStackState {
    return structuredClone(this.#state);
  }

  load(state: UdpStackState): void {
    this.#state = structuredClone(state);
  }

  #complete(failure: RadioFailure | undefined): void {
    this.#state.queued = Math.max(0, this.#state.queued - 1);
    this.#client?.sendDone(failure);
  }

  /** Sends the next part of the datagram, or tells that there is none. */
  #sendFragment(): RadioFailure | undefined {
    const state = this.#state;
    if (!state.bufferHere) {
      this.#debug("Missing tx_buf");
      return "BUSY";
    }
    if (state.datagram === null) return "NOMEM";
    const { value, to } = state.datagram;
    const size = HEADERS + value.payload.length;
    if (state.fragmenting && state.offset >= size) {
      state.fragmenting = false;
      this.#complete(undefined);
      return undefined;
    }
    const { sourceMac } = this.#addresses;
    const capacity = MAC_BUFFER_LENGTH - headerLength(sourceMac, to);
    const bytes = state.fragmenting
      ? this.#nextPart(value, size, capacity)
      : this.#firstPart(value, to, capacity - 2);
    const failure = this.#mac.transmit(sourceMac, to, Uint8Array.from(bytes));
    state.bufferHere = false;
    return failure;
  }

  #firstPart(value: Datagram, to: MacAddress, capacity: number): number[] {
    const state = this.#state;
    const size = HEADERS + value.payload.length;
    state.fragmenting = true;
    state.tag = (state.tag + 1) & 0xffff || 1;
    const headers = compress(value, this.#addresses.sourceMac, to);
    const whole = headers.length + value.payload.length <= capacity;
    const fragment = whole ? [] : fragmentHeader(Dispatch.first, size, state.tag);
    const room = capacity - fragment.length - headers.length;
    const length = value.payload.length > room ? room & ~7 : value.payload.length;
    state.offset = HEADERS + length;
    return [...fragment, ...headers, ...value.payload.subarray(0, length)];
  }

  #nextPart(value: Datagram, size: number, capacity: number): number[] {
    const state = this.#state;
    const header = [...fragmentHeader(Dispatch.next, size, state.tag), state.offset >> 3];
    const room = capacity - header.length;
    const left = size - state.offset;
    const length = left > room ? room & ~7 : left;
    const start = state.offset - HEADERS;
    state.offset += length;
    return [...header, ...value.payload.subarray(start, start + length)];
  }

  /** Whether a datagram is arriving. Upstream takes time and frequency the one for the other. */
  #isBusy(): boolean {
    const { receive } = this.#state;
    const end = (receive.start + Math.imul(FRAGMENT_TIMEOUT, this.#alarm.now())) >>> 0;
    if (this.#alarm.frequency >= end) this.#endReceive();
    return receive.busy;
  }

  #startReceive(from: MacAddress, to: MacAddress, size: number, tag: number): void {
    const start = this.#alarm.now();
    const { bufferHere } = this.#state.receive;
    const bytes = new Uint8Array(size);
    this.#state.receive = { bufferHere, busy: true, start, from, to, tag, size, bytes, groups: [] };
  }

  #endReceive(): void {
    Object.assign(this.#state.receive, { busy: false, start: 0, groups: [] });
  }

  #receiveWhole(packet: Uint8Array, from: MacAddress, to: MacAddress): Uint8Array | undefined {
    if (this.#isBusy()) return undefined;
    this.#startReceive(from, to, packet.length, 0);
    const compressed = ((packet[0] ?? 0) & Dispatch.iphc) === Dispatch.iphc;
    const datagram = compressed ? decompress(packet, from, to) : undefined;
    if (datagram === undefined) this.#state.receive.bufferHere = false;
    else this.#endReceive();
    return datagram;
  }

  #receiveFragment(packet: Uint8Array, from: MacAddress, to: MacAddress): Uint8Array | undefined {
    const isFirst = ((packet[0] as number) & Dispatch.next) === Dispatch.first;
    const length = isFirst ? 4 : 5;
    if (packet.length < length) return undefined;
    const view = new DataView(packet.buffer, packet.byteOffset);
    const [size, tag] = [view.getUint16(0) & 0x0fff, view.getUint16(2)];
    const offset = isFirst ? 0 : view.getUint8(4) * 8;
    const mine = this.#state.receive;
    const known = mine.busy && mine.tag === tag && mine.size === size;
    if (!known || !sameMac(mine.from, from) || !sameMac(mine.to, to)) {
      if (this.#isBusy()) return undefined;
      this.#startReceive(from, to, size, tag);
    }
    const { receive } = this.#state;
    if (!receive.bufferHere) {
      this.#endReceive();
      return undefined;
    }
    const data = packet.subarray(length);
    const part = isFirst ? decompress(data, from, to, size) : data;
    if (part === undefined || offset + part.length > size) {
      receive.bufferHere = false;
      this.#endReceive();
      return undefined;
    }
    return this.#put(part, offset);
  }

  /** Bytes of the datagram; the whole of it when none is missing. Bytes that came before end it. */
  #put(part: Uint8Array, offset: number): Uint8Array | undefined {
    const { receive } = this.#state;
    receive.bytes.set(part, offset);
    for (let group = offset >> 3; group < (offset + part.length) >> 3; group++) {
      if (receive.groups.includes(group)) {
        this.#endReceive();
        return undefined;
      }
      receive.groups.push(group);
    }
    if (receive.groups.length < receive.size >> 3) return undefined;
    this.#endReceive();
    return receive.bytes;
  }

  #deliver(datagram: Uint8Array): void {
    if (datagram[6] !== UDP || datagram.length < HEADERS) return;
    const payload = datagram.subarray(HEADERS);
    if (checksum(datagram.subarray(0, HEADERS), payload) !== 0) {
      this.#debug("cksum fail!: Err(FAIL)");
      return;
    }
    const view = new DataView(datagram.buffer, datagram.byteOffset);
    if (view.getUint16(44) > datagram.length - IPV6_HEADER) {
      this.#debug("[UDP_RECV] Error: Received UDP length too long");
      return;
    }
    this.#client?.received(
      { address: datagram.slice(8, 24), port: view.getUint16(40) },
      { address: datagram.slice(24, 40), port: view.getUint16(42) },
      payload,
    );
  }
}

const fragmentHeader = (kind: number, size: number, tag: number): number[] => [
  ...[kind | ((size >> 8) & 0x1f), size & 0xff],
  ...[tag >> 8, tag & 0xff],
];

/** Bytes of a data frame in front of its data. */
const headerLength = (...addresses: MacAddress[]): number =>
  addresses.reduce((sum, { kind }) => sum + (kind === "short" ? 2 : 8), 5);

const sameMac = (a: MacAddress, b: MacAddress): boolean => JSON.stringify(a) === JSON.stringify(b);
