// IPv6 and UDP headers in few bytes (capsules/extra/src/net/sixlowpan/sixlowpan_compression.rs; RFC 6282). There is one
// context, whose prefix is one zero byte: it is understood, but never used to send. Where upstream departs from the RFC
// (which ports are shortened, the identifier made of a short address) this does, too.
import type { MacAddress } from "../../hil/radio.js";

export const IPV6_HEADER = 40;
export const UDP_HEADER = 8;
export const UDP = 17;

/** A datagram as it is before compression. */
export interface Datagram {
  /** 16 bytes each. */
  source: Uint8Array;
  destination: Uint8Array;
  sourcePort: number;
  destinationPort: number;
  payload: Uint8Array;
}

export const isLinkLocal = (address: Uint8Array): boolean =>
  address[0] === 0xfe && address.subarray(1, 8).every((byte, i) => byte === (i === 0 ? 0x80 : 0));

const MAC_BASE = [0, 0, 0, 0xff, 0xfe, 0];

/** The lower half of an address that is made of a link-layer one. */
function identifier(mac: MacAddress): number[] {
  if (mac.kind === "short") return [...MAC_BASE, (mac.address >> 1) & 0xff, mac.address & 0xff];
  const [first = 0, ...rest] = mac.address;
  return [first ^ 2, ...rest];
}

const equal = (a: ArrayLike<number>, b: ArrayLike<number>): boolean =>
  a.length === b.length && Array.from(a).every((byte, i) => byte === b[i]);

/** Header bytes of a datagram, IPv6 and UDP. */
export function encodeHeaders(datagram: Datagram): Uint8Array {
  const length = UDP_HEADER + datagram.payload.length;
  const view = new DataView(new ArrayBuffer(IPV6_HEADER + UDP_HEADER));
  const bytes = new Uint8Array(view.buffer);
  view.setUint8(0, 0x60);
  view.setUint16(4, length);
  view.setUint8(6, UDP);
  view.setUint8(7, 255);
  bytes.set(datagram.source, 8);
  bytes.set(datagram.destination, 24);
  view.setUint16(40, datagram.sourcePort);
  view.setUint16(42, datagram.destinationPort);
  view.setUint16(44, length);
  view.setUint16(46, checksum(bytes, datagram.payload));
  return bytes;
}

/** The checksum over pseudo header, UDP header and data; 0 for headers that hold the right one. */
export function checksum(headers: Uint8Array, payload: Uint8Array): number {
  const word = (bytes: Uint8Array, i: number) => ((bytes[i] as number) << 8) | (bytes[i + 1] ?? 0);
  let sum = UDP + word(headers, 44);
  for (let i = 8; i < headers.length; i += 2) sum += word(headers, i);
  for (let i = 0; i < payload.length; i += 2) sum += word(payload, i);
  while (sum > 0xffff) sum = (sum >> 16) + (sum & 0xffff);
  return ~sum & 0xffff;
}

/** The two headers of a datagram, compressed. */
export function compress(
  datagram: Datagram,
  source: MacAddress,
  destination: MacAddress,
): number[] {
  // Traffic class and flow label 0, next header compressed, hop limit 255.
  const first = 0x60 | 0x18 | 0x04 | 0x03;
  const from = compressSource(datagram.source, source);
  const to = compressDestination(datagram.destination, destination);
  const ports = compressPorts(datagram.sourcePort, datagram.destinationPort);
  const sum = encodeHeaders(datagram).subarray(46);
  return [
    ...[first, from.mode | to.mode, ...from.bytes, ...to.bytes],
    ...[0xf0 | ports.mode, ...ports.bytes, ...sum],
  ];
}

interface Part {
  mode: number;
  bytes: number[];
}

/** Modes of an address within the link, in their place for the destination. */
function compressIdentifier(address: Uint8Array, mac: MacAddress): Part {
  const lower = [...address.subarray(8)];
  if (equal(lower, identifier(mac))) return { mode: 3, bytes: [] };
  if (equal(lower.slice(0, 6), MAC_BASE)) return { mode: 2, bytes: lower.slice(6) };
  return { mode: 1, bytes: lower };
}

function compressSource(address: Uint8Array, mac: MacAddress): Part {
  if (address.every(byte => byte === 0)) return { mode: 0x40, bytes: [] };
  if (!isLinkLocal(address)) return { mode: 0, bytes: [...address] };
  const { mode, bytes } = compressIdentifier(address, mac);
  return { mode: mode << 4, bytes };
}

function compressDestination(address: Uint8Array, mac: MacAddress): Part {
  if (address[0] !== 0xff)
    return isLinkLocal(address)
      ? compressIdentifier(address, mac)
      : { mode: 0, bytes: [...address] };
  const zero = (from: number, to: number) => address.subarray(from, to).every(byte => byte === 0);
  const [scope, last] = [address[1] as number, address[15] as number];
  if (scope === 2 && zero(2, 15)) return { mode: 0x0b, bytes: [last] };
  if (!zero(2, 11)) return { mode: 0x08, bytes: [...address] };
  if (!zero(11, 13)) return { mode: 0x09, bytes: [scope, ...address.subarray(11)] };
  return { mode: 0x0a, bytes: [scope, ...address.subarray(13)] };
}

/** Upstream looks for 0xf0 in the lower byte of a port, where the RFC has it in the upper one. */
function compressPorts(source: number, destination: number): Part {
  const swapped = (port: number) => ((port & 0xff) << 8) | (port >> 8);
  const big = (port: number) => [port >> 8, port & 0xff];
  const [from, to] = [swapped(source), swapped(destination)];
  if ((from & 0xfff0) === 0xf0b0 && (to & 0xfff0) === 0xf0b0)
    return { mode: 3, bytes: [((from & 15) << 4) | (to & 15)] };
  if ((from & 0xff00) === 0xf000) return { mode: 2, bytes: [from & 0xff, ...big(destination)] };
  // The byte of the destination lands one place too far, and is overwritten.
  if ((to & 0xff00) === 0xf000) return { mode: 1, bytes: [...big(source), 0] };
  return { mode: 0, bytes: [...big(source), ...big(destination)] };
}

/** Bytes of a frame, one behind the other. Beyond the end it throws a `RangeError`. */
class Reader {
  offset = 0;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length - this.offset;
  }

  take(length: number): Uint8Array {
    if (length > this.left) throw new RangeError("the frame ends early");
    this.offset += length;
    return this.#bytes.slice(this.offset - length, this.offset);
  }

  byte(): number {
    return this.take(1)[0] as number;
  }
}

/**
 * A packet that begins with compressed headers, with the headers as they were.
 * @param size of the whole datagram when `bytes` is only its first fragment
 * @returns `undefined` where upstream gives up, or the bytes end early
 */
export function decompress(
  bytes: Uint8Array,
  source: MacAddress,
  destination: MacAddress,
  size?: number,
): Uint8Array | undefined {
  try {
    return decompressPacket(new Reader(bytes), source, destination, size);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function decompressPacket(
  reader: Reader,
  source: MacAddress,
  destination: MacAddress,
  size: number | undefined,
): Uint8Array | undefined {
  const header = new Uint8Array(IPV6_HEADER);
  header[0] = 0x60;
  const [first, second] = [reader.byte(), reader.byte()];
  // Only the context 0 exists.
  if ((first & 0x80) !== 0 && reader.byte() !== 0) return undefined;
  readTraffic(reader, first, header);
  const compressed = (first & 0x04) !== 0;
  if (!compressed) header[6] = reader.byte();
  header[7] = [0, 1, 64, 255][first & 3] || reader.byte();
  const from = readAddress(reader, (second >> 4) & 7, source);
  const to =
    (second & 0x08) !== 0
      ? readMulticast(reader, second & 7)
      : readAddress(reader, second & 7, destination);
  if (from === undefined || to === undefined || (second & 0x0f) === 0x04) return undefined;
  header.set(from, 8);
  header.set(to, 24);
  if (compressed) header[6] = UDP;
  const next = compressed ? readUdp(reader, header, size) : new Uint8Array();
  if (next === undefined) return undefined;
  const data = reader.take(reader.left);
  const length = size === undefined ? next.length + data.length : size - IPV6_HEADER;
  header.set([length >> 8, length & 0xff], 4);
  return Uint8Array.from([...header, ...next, ...data]);
}

function readTraffic(reader: Reader, first: number, header: Uint8Array): void {
  const [hasFlow, hasClass] = [(first & 0x10) === 0, (first & 0x08) === 0];
  let trafficClass = 0;
  if (hasClass) {
    const byte = reader.byte();
    trafficClass = ((byte & 0x3f) << 2) | (byte >> 6);
  }
  const flow = hasFlow ? [...reader.take(3)] : [0, 0, 0];
  if (hasFlow && !hasClass) trafficClass = (flow[0] as number) >> 6;
  header.set([
    0x60 | (trafficClass >> 4),
    ((trafficClass & 15) << 4) | ((flow[0] as number) & 15),
    ...flow.slice(1),
  ]);
}

/** `mode`: 4 for the context, then how much of the address is there. */
function readAddress(reader: Reader, mode: number, mac: MacAddress): Uint8Array | undefined {
  const context = (mode & 4) !== 0;
  const address = new Uint8Array(16);
  if ((mode & 3) === 0) return context ? address : reader.take(16);
  if (!context) address.set([0xfe, 0x80]);
  if ((mode & 3) === 1) address.set(reader.take(8), 8);
  else if ((mode & 3) === 2) address.set([...MAC_BASE, ...reader.take(2)], 8);
  else address.set(identifier(mac), 8);
  return address;
}

function readMulticast(reader: Reader, mode: number): Uint8Array | undefined {
  const address = new Uint8Array(16);
  address[0] = 0xff;
  switch (mode) {
    case 0:
      return reader.take(16);
    case 1:
      address[1] = reader.byte();
      address.set(reader.take(5), 11);
      return address;
    case 2:
      address[1] = reader.byte();
      address.set(reader.take(3), 13);
      return address;
    case 3:
      address[1] = 2;
      address[15] = reader.byte();
      return address;
    case 4:
      // The context's prefix of eight zero bits.
      address.set(reader.take(2), 1);
      address[3] = 8;
      address.set(reader.take(4), 12);
      return address;
    default:
      return undefined;
  }
}

/** A UDP header; extension headers and packets in packets are given up. */
function readUdp(reader: Reader, ip: Uint8Array, size: number | undefined): Uint8Array | undefined {
  const mode = reader.byte();
  if ((mode & 0xf0) !== 0xf0) return undefined;
  const ports = readPorts(reader, mode & 3);
  const elided = (mode & 4) !== 0 && size === undefined;
  const inline = elided ? undefined : reader.take(2);
  const length = size === undefined ? UDP_HEADER + reader.left : size - IPV6_HEADER;
  const header = Uint8Array.from([...ports, length >> 8, length & 0xff, 0, 0]);
  if (inline !== undefined) {
    header.set(inline, 6);
    return header;
  }
  const data = reader.take(reader.left);
  reader.offset -= data.length;
  const sum = checksum(Uint8Array.from([...ip, ...header]), data);
  header.set([sum >> 8, sum & 0xff], 6);
  return header;
}

function readPorts(reader: Reader, mode: number): number[] {
  if (mode === 0) return [...reader.take(4)];
  if (mode === 1) {
    const source = reader.take(2);
    return [...source, reader.byte(), 0xf0];
  }
  if (mode === 2) {
    const source = reader.byte();
    return [source, 0xf0, ...reader.take(2)];
  }
  const both = reader.byte();
  return [0xb0 | (both >> 4), 0xf0, 0xb0 | (both & 15), 0xf0];
}
