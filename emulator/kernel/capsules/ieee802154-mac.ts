// Data frames for several users of one IEEE 802.15.4 radio, which only see what is for the board
// (capsules/extra/src/ieee802154/{mac,framer,virtual_mac}.rs). Secured frames are dropped.
import type { Stateful } from "../../base/stateful.js";
import type {
  MacAddress,
  MacClient,
  MacDevice,
  Radio,
  RadioFailure,
  RadioRxClient,
  RadioTxClient,
} from "../../hil/radio.js";
import { decodeHeader, encodeDataFrame } from "./ieee802154-frame.js";

/** Bytes of a user's buffer. */
export const MAC_BUFFER_LENGTH = 130;
const PSDU_OFFSET = 2;
const MAX_FRAME_LENGTH = 127;
const BROADCAST = 0xffff;

export interface MacState {
  /** Number of the next data frame. */
  sequence: number;
  /** Per user, a frame that waits. */
  waiting: (Uint8Array | null)[];
  /** The user whose frame is sent. */
  inflight: number | null;
}

export class Mac implements RadioTxClient, RadioRxClient, Stateful<MacState> {
  readonly #radio: Radio;
  readonly #clients: (MacClient | undefined)[] = [];
  #state: MacState = { sequence: 0, waiting: [], inflight: null };

  constructor(radio: Radio) {
    this.#radio = radio;
    radio.setTransmitClient(this);
    radio.setReceiveClient(this);
  }

  /** A user's share; made once, before anything runs. */
  user(): MacDevice {
    const index = this.#clients.push(undefined) - 1;
    this.#state.waiting.push(null);
    return {
      radio: this.#radio,
      setClient: client => {
        this.#clients[index] = client;
      },
      transmit: (source, destination, payload) =>
        this.#transmit(index, source, destination, payload),
    };
  }

  sendDone(acked: boolean, failure: RadioFailure | undefined): void {
    const { inflight } = this.#state;
    this.#state.sequence = (this.#state.sequence + 1) & 0xff;
    this.#state.inflight = null;
    if (inflight !== null) this.#clients[inflight]?.sendDone(acked, failure);
    this.#next();
  }

  receive(frame: Uint8Array, lqi: number): void {
    const header = decodeHeader(frame);
    if (header?.destination === undefined || header.secured) return;
    if (!this.#isOurs(header.destination)) return;
    for (const client of this.#clients) client?.receiveFrame(frame, header, lqi);
  }

  save(): MacState {
    return structuredClone(this.#state);
  }

  load(state: MacState): void {
    this.#state = structuredClone(state);
  }

  #isOurs(destination: MacAddress): boolean {
    const { address, addressLong } = this.#radio.getConfig();
    if (destination.kind === "short")
      return destination.address === address || destination.address === BROADCAST;
    return destination.address.every((byte, i) => byte === addressLong[i]);
  }

  #transmit(
    index: number,
    source: MacAddress,
    destination: MacAddress,
    payload: Uint8Array,
  ): RadioFailure | undefined {
    const { pan } = this.#radio.getConfig();
    const frame = encodeDataFrame({ source, destination, pan }, this.#state.sequence, payload);
    if (this.#state.waiting[index] !== null || this.#state.inflight === index) return "BUSY";
    if (this.#state.inflight !== null) {
      this.#state.waiting[index] = frame;
      return undefined;
    }
    return this.#send(index, frame);
  }

  #send(index: number, frame: Uint8Array): RadioFailure | undefined {
    if (frame.length > MAC_BUFFER_LENGTH - PSDU_OFFSET) return "NOMEM";
    if (frame.length > MAX_FRAME_LENGTH) return "INVAL";
    const failure = this.#radio.transmit(frame);
    if (failure === undefined) this.#state.inflight = index;
    return failure;
  }

  #next(): void {
    const { waiting } = this.#state;
    for (const [index, frame] of waiting.entries()) {
      if (this.#state.inflight !== null) return;
      if (frame === null) continue;
      waiting[index] = null;
      const failure = this.#send(index, frame);
      if (failure !== undefined) this.#clients[index]?.sendDone(false, failure);
    }
  }
}
