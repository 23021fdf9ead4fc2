// A serial line to another chip, with the line that resets it (kernel/src/hil/uart.rs, `UartAdvanced`).

export interface SerialLinkClient {
  /** Never called from within a request. */
  transmitted(): void;
  /** Bytes came and then nothing for a while, or as many as were asked for. */
  received(bytes: Uint8Array): void;
}

export interface SerialLink {
  setClient(client: SerialLinkClient): void;
  transmit(bytes: Uint8Array): void;
  /** Asks for `length` bytes at most. */
  receiveAutomatic(length: number): void;
  /** Resets the other chip. */
  resetChip(): void;
}
