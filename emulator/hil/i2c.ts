// The two-wire bus as capsules see it (kernel/src/hil/i2c.rs). A buffer is given away with a request and comes back with
// its completion.

export type I2CError =
  | "AddressNak"
  | "DataNak"
  | "ArbitrationLost"
  | "Overrun"
  | "NotSupported"
  | "Busy";

export interface I2CMasterClient {
  /** The transfer is over; bytes that were read stand at the start of `buffer`. Never called from within a request. */
  commandComplete(buffer: Uint8Array, error: I2CError | undefined): void;
}

/** Addresses have seven bits, without the bit that tells reading from writing. A refused request calls nobody. */
export interface I2CMaster {
  setMasterClient(client: I2CMasterClient): void;
  enableMaster(): void;
  disableMaster(): void;
  write(address: number, buffer: Uint8Array, length: number): I2CError | undefined;
  read(address: number, buffer: Uint8Array, length: number): I2CError | undefined;
  /** Writes, then reads after a repeated start. */
  writeRead(
    address: number,
    buffer: Uint8Array,
    writeLength: number,
    readLength: number,
  ): I2CError | undefined;
}

export type SlaveTransmissionType = "Write" | "Read";

export interface I2CSlaveClient {
  /** Another master wrote to us or read from us; `length` bytes were transferred. */
  slaveCommandComplete(buffer: Uint8Array, length: number, type: SlaveTransmissionType): void;
  /** Another master waits for bytes to read and there is no buffer to send. */
  readExpected(): void;
  /** Another master writes and there is no buffer to receive into. */
  writeExpected(): void;
}

export interface I2CSlave {
  setSlaveClient(client: I2CSlaveClient): void;
  enableSlave(): void;
  disableSlave(): void;
  setAddress(address: number): void;
  writeReceive(buffer: Uint8Array, maxLength: number): void;
  readSend(buffer: Uint8Array, maxLength: number): void;
  listen(): void;
}

export interface I2CMasterSlave extends I2CMaster, I2CSlave {}

/** One peripheral's share of a bus: as a master, but the address is known. */
export interface I2CDevice {
  setClient(client: I2CMasterClient): void;
  enable(): void;
  disable(): void;
  write(buffer: Uint8Array, length: number): I2CError | undefined;
  read(buffer: Uint8Array, length: number): I2CError | undefined;
  writeRead(buffer: Uint8Array, writeLength: number, readLength: number): I2CError | undefined;
}
