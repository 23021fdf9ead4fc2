// One chip on a four-wire bus as capsules see it (kernel/src/hil/spi.rs, `SpiMasterDevice` and `SpiSlaveDevice`).
// Buffers are given away with a request and come back with its completion.

export type ClockPolarity = "IdleLow" | "IdleHigh";
export type ClockPhase = "SampleLeading" | "SampleTrailing";

export type SpiFailure = "BUSY";

export interface SpiMasterClient {
  /** The transfer is over: `length` is the shorter of both buffers. Never called from within a request. */
  readWriteDone(write: Uint8Array, read: Uint8Array | null, length: number): void;
}

/** Settings hold from the next transfer on. BUSY during one. */
export interface SpiMasterDevice {
  setClient(client: SpiMasterClient): void;
  readWriteBytes(write: Uint8Array, read: Uint8Array | null): SpiFailure | undefined;
  setPolarity(polarity: ClockPolarity): SpiFailure | undefined;
  setPhase(phase: ClockPhase): SpiFailure | undefined;
  /** Bits per second. */
  setRate(rate: number): SpiFailure | undefined;
  getPolarity(): ClockPolarity;
  getPhase(): ClockPhase;
  getRate(): number;
}

export interface SpiSlaveClient {
  /** The master has let go of the chip after `length` bytes. Never called from within a request. */
  readWriteDone(write: Uint8Array, read: Uint8Array, length: number): void;
  chipSelected(): void;
}

export interface SpiSlaveDevice {
  setClient(client: SpiSlaveClient): void;
  /** Exchanges `length` bytes at most when a master comes. BUSY while another exchange waits for one. */
  readWriteBytes(write: Uint8Array, read: Uint8Array, length: number): SpiFailure | undefined;
  setPolarity(polarity: ClockPolarity): void;
  setPhase(phase: ClockPhase): void;
  getPolarity(): ClockPolarity;
  getPhase(): ClockPhase;
}
