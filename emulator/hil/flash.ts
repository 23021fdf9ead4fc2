// Flash as capsules see it (kernel/src/hil/flash.rs): whole pages, one operation at a time, completion later.

/** Why an operation was refused: names of kernel/src/errorcode.rs. */
export type FlashFailure = "FAIL" | "BUSY" | "INVAL";

export interface FlashClient {
  readComplete(page: Uint8Array): void;
  writeComplete(): void;
  eraseComplete(): void;
}

export interface Flash {
  /** Bytes of a page. */
  readonly pageSize: number;
  setFlashClient(client: FlashClient): void;
  /** Operations on page `n`, the bytes from `n * pageSize` on; if one is refused the client is not called. */
  readPage(page: number): FlashFailure | undefined;
  /** Erases as need be, then writes the whole page. */
  writePage(page: number, bytes: Uint8Array): FlashFailure | undefined;
  /** Writes without erasing, which clears bits and sets none; upstream's trait has no such call. Ends as a write. */
  programPage(page: number, bytes: Uint8Array): FlashFailure | undefined;
  erasePage(page: number): FlashFailure | undefined;
}

/** Flash as a programmer from outside changes it while the chip stands still: a whole page in one go. */
export interface PageProgrammer {
  /** Bytes of a page. */
  readonly pageSize: number;
  /** The chip itself is changing a page. */
  readonly busy: boolean;
  /** Writes `bytes`, which lie in one page, and erases it only where bits must be set; microseconds that takes. */
  program(address: number, bytes: Uint8Array): number;
}
