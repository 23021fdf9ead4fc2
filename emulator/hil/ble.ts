// Advertising over Bluetooth Low Energy as capsules see it (kernel/src/hil/ble_advertising.rs). The buffer to send is given
// away with the request and comes back with its completion.

/** Advertising channels. */
export type RadioChannel = 37 | 38 | 39;

export interface BleTxClient {
  transmitEvent(buffer: Uint8Array): void;
}

export interface BleRxClient {
  /** A packet came: header, length and payload. Never called from within a request. */
  receiveEvent(packet: Uint8Array): void;
}

export interface BleAdvertisementDriver {
  setTransmitClient(client: BleTxClient): void;
  setReceiveClient(client: BleRxClient): void;
  transmitAdvertisement(buffer: Uint8Array, length: number, channel: RadioChannel): void;
  /** Listens until a packet comes. */
  receiveAdvertisement(channel: RadioChannel): void;
  /** Power in dBm as a byte. */
  setTxPower(power: number): "NOSUPPORT" | undefined;
}
