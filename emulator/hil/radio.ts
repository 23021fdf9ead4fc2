// The IEEE 802.15.4 radio as capsules see it (kernel/src/hil/radio.rs). Frames are without their checksum and handed over by
// value.

/** Names of kernel/src/errorcode.rs. */
export type RadioFailure = "OFF" | "BUSY" | "SIZE" | "INVAL" | "NOMEM" | "NOSUPPORT" | "FAIL";

export interface RadioTxClient {
  /** Never called from within a request. */
  sendDone(acked: boolean, failure: RadioFailure | undefined): void;
}

export interface RadioRxClient {
  /** `lqi`: quality of the link, 0 to 255. */
  receive(frame: Uint8Array, lqi: number): void;
}

export interface RadioConfig {
  /** 16 bits. */
  address: number;
  /** The 8 bytes of the long address, most significant first. */
  addressLong: Uint8Array;
  pan: number;
}

export interface Radio {
  setTransmitClient(client: RadioTxClient): void;
  setReceiveClient(client: RadioRxClient): void;
  start(): void;
  stop(): void;
  isOn(): boolean;
  getConfig(): RadioConfig;
  setConfig(change: Partial<RadioConfig>): void;
  configCommit(): void;
  /** 11 to 26. */
  getChannel(): number;
  setChannel(channel: number): void;
  /** dBm */
  getTxPower(): number;
  setTxPower(power: number): RadioFailure | undefined;
  transmit(frame: Uint8Array): RadioFailure | undefined;
}

/** Who sends and receives data frames (capsules/extra/src/ieee802154/device.rs). */
export interface MacClient {
  sendDone(acked: boolean, failure: RadioFailure | undefined): void;
  /** `header`: bytes of the header in front of the data. */
  receiveFrame(frame: Uint8Array, header: MacHeader, lqi: number): void;
}

export type MacAddress =
  | { kind: "short"; address: number }
  /** Most significant byte first. */
  | { kind: "long"; address: Uint8Array };

/** What a receiver wants to know of a frame's header. */
export interface MacHeader {
  length: number;
  destinationPan: number | undefined;
  destination: MacAddress | undefined;
  source: MacAddress | undefined;
}

/** One client's share of the radio. A frame waits while another's is sent. */
export interface MacDevice {
  readonly radio: Radio;
  setClient(client: MacClient): void;
  /** Sends `payload` behind a header of its own. */
  transmit(
    source: MacAddress,
    destination: MacAddress,
    payload: Uint8Array,
  ): RadioFailure | undefined;
}
