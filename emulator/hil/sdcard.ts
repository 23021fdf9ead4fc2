// An SD card in a slot, as its capsule sees it (capsules/extra/src/sdcard.rs, `SDCard` and `SDCardClient`).

/** Bytes of a block. */
export const SD_BLOCK_SIZE = 512;

/** Why an operation was refused: names of kernel/src/errorcode.rs. */
export type SdCardFailure = "UNINSTALLED" | "RESERVE" | "NOMEM";

/** Why an operation that was under way failed. */
export type SdCardError =
  | "CardStateChanged"
  | "InitializationFailure"
  | "ReadFailure"
  | "WriteFailure"
  | "TimeoutFailure";

export interface SdCardClient {
  cardDetectionChanged(installed: boolean): void;
  /** Sizes in bytes. */
  initDone(blockSize: number, totalSize: number): void;
  readDone(block: Uint8Array): void;
  writeDone(): void;
  sdCardError(error: SdCardError): void;
}

/** One operation at a time; if one is refused the client is not called. */
export interface SdCard {
  setSdCardClient(client: SdCardClient): void;
  isInstalled(): boolean;
  /** UNINSTALLED without a card, NOMEM while an operation is under way. */
  initialize(): SdCardFailure | undefined;
  /** As `initialize`; RESERVE for a card that is not initialized. */
  readBlock(block: number): SdCardFailure | undefined;
  writeBlock(block: number, bytes: Uint8Array): SdCardFailure | undefined;
}
