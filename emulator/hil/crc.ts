// Cyclic redundancy checks as capsules see them (kernel/src/hil/crc.rs).

export type CrcFailure = "FAIL" | "BUSY" | "RESERVE";

export type CrcAlgorithm = "Crc32" | "Crc32C" | "Crc16CCITT";

export interface CrcClient {
  /** All the bytes of the last input are in. */
  inputDone(): void;
  crcDone(output: number, algorithm: CrcAlgorithm): void;
}

/** One operation at a time; if one is refused the client is not called. */
export interface Crc {
  setCrcClient(client: CrcClient): void;
  /** Starts anew. */
  setAlgorithm(algorithm: CrcAlgorithm): CrcFailure | undefined;
  input(bytes: Uint8Array): CrcFailure | undefined;
  compute(): CrcFailure | undefined;
}
