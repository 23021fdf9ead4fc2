// The header of an IEEE 802.15.4 frame (capsules/extra/src/net/ieee802154.rs; IEEE 802.15.4-2015, section 7.2).
import type { MacAddress, MacHeader } from "../../hil/radio.js";

const Control = {
  securityEnabled: 1 << 3,
  ackRequested: 1 << 5,
  panIdCompression: 1 << 6,
  sequenceSuppressed: 1 << 8,
  elementsPresent: 1 << 9,
} as const;
const DESTINATION_MODE = 10;
const VERSION = 12;
const SOURCE_MODE = 14;

const Mode = { none: 0, reserved: 1, short: 2, long: 3 } as const;
const DATA = 1;
const VERSION_2006 = 1;
const VERSION_2015 = 2;

const modeOf = (address: MacAddress): number => (address.kind === "short" ? Mode.short : Mode.long);

/** Addresses and other numbers go lowest byte first. */
const addressBytes = (address: MacAddress): number[] =>
  address.kind === "short"
    ? [address.address & 0xff, address.address >> 8]
    : [...address.address].toReversed();

/** A data frame within one network that asks for an acknowledgement. */
export function encodeDataFrame(
  { source, destination, pan }: { source: MacAddress; destination: MacAddress; pan: number },
  sequence: number,
  payload: Uint8Array,
): Uint8Array {
  const control =
    DATA |
    Control.ackRequested |
    Control.panIdCompression |
    (modeOf(destination) << DESTINATION_MODE) |
    (VERSION_2006 << VERSION) |
    (modeOf(source) << SOURCE_MODE);
  return Uint8Array.from([
    ...[control & 0xff, control >> 8, sequence, pan & 0xff, pan >> 8],
    ...addressBytes(destination),
    ...addressBytes(source),
    ...payload,
  ]);
}

/** Reads little-endian numbers one behind the other; beyond the end it throws a `RangeError`, caught by `decodeHeader`. */
class Reader {
  offset = 0;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  bytes(length: number): Uint8Array {
    if (this.offset + length > this.#bytes.length) throw new RangeError("the frame ends early");
    this.offset += length;
    return this.#bytes.slice(this.offset - length, this.offset);
  }

  u16(): number {
    const [low, high] = this.bytes(2) as unknown as [number, number];
    return low | (high << 8);
  }

  address(mode: number): MacAddress | undefined {
    if (mode === Mode.none) return undefined;
    if (mode === Mode.short) return { kind: "short", address: this.u16() };
    return { kind: "long", address: this.bytes(8).toReversed() };
  }
}

/** `undefined` for what is no frame, and for a frame that is secured: it cannot be read here. */
export function decodeHeader(frame: Uint8Array): (MacHeader & { secured: boolean }) | undefined {
  try {
    return decode(new Reader(frame));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function decode(reader: Reader): (MacHeader & { secured: boolean }) | undefined {
  const control = reader.u16();
  const destinationMode = (control >> DESTINATION_MODE) & 3;
  const sourceMode = (control >> SOURCE_MODE) & 3;
  const version = (control >> VERSION) & 3;
  const reserved = destinationMode === Mode.reserved || sourceMode === Mode.reserved;
  if ((control & 7) === 4 || version === 3 || reserved) return undefined;
  if ((control & Control.sequenceSuppressed) === 0) reader.bytes(1);
  const compressed = (control & Control.panIdCompression) !== 0;
  const [hasDestination, hasSource] = [destinationMode !== Mode.none, sourceMode !== Mode.none];
  const pans = panFields(version, hasDestination, hasSource, compressed);
  const destinationPan = pans.destination ? reader.u16() : undefined;
  const destination = reader.address(destinationMode);
  if (pans.source) reader.u16();
  const source = reader.address(sourceMode);
  const secured = (control & Control.securityEnabled) !== 0;
  if (!secured && (control & Control.elementsPresent) !== 0) skipElements(reader);
  return { length: reader.offset, destinationPan, destination, source, secured };
}

/** Which network identifiers are there (table 7-2). */
function panFields(
  version: number,
  hasDestination: boolean,
  hasSource: boolean,
  compressed: boolean,
): { destination: boolean; source: boolean } {
  if (version !== VERSION_2015)
    return { destination: hasDestination, source: hasSource && !compressed };
  if (hasDestination && hasSource) return { destination: true, source: !compressed };
  if (hasDestination) return { destination: !compressed, source: false };
  return { destination: !hasSource && compressed, source: hasSource && !compressed };
}

/** Information elements; those of the header end with one that says whether those of the payload follow. */
function skipElements(reader: Reader): void {
  for (;;) {
    const control = reader.u16();
    if ((control & 0x8000) !== 0) throw new RangeError("no element of a header");
    reader.bytes(control & 0x7f);
    const element = (control >> 7) & 0xff;
    if (element === 0x7f) return;
    if (element === 0x7e) break;
  }
  for (;;) {
    const control = reader.u16();
    if ((control & 0x8000) === 0) throw new RangeError("no element of a payload");
    reader.bytes(control & 0x7ff);
    if (((control >> 11) & 15) === 15) return;
  }
}

/** A long address, most significant byte first, from both halves of its number. */
export function longAddress(low: number, high: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(8));
  view.setUint32(0, high);
  view.setUint32(4, low);
  return new Uint8Array(view.buffer);
}
