// Symmetric encryption as capsules see it (kernel/src/hil/symmetric_encryption.rs), one block of the plain modes at a time.

/** Why an operation was refused or failed: names of kernel/src/errorcode.rs. */
export type AesFailure = "BUSY" | "INVAL" | "NOMEM";

export type AesMode = "Ctr" | "Cbc" | "Ecb";

/** Offsets and lengths are bytes of `buffer`: associated data, the message behind it, then the tag. */
export interface AuthenticatedRequest {
  buffer: Uint8Array;
  associatedOffset: number;
  messageOffset: number;
  messageLength: number;
  tagLength: number;
  /** CCM only: the tag is of the message too. */
  confidential: boolean;
  encrypting: boolean;
}

export interface AesClient {
  cryptDone(output: Uint8Array): void;
  /** `buffer` holds what came of the message, and of an encryption its tag. */
  authenticatedCryptDone(
    buffer: Uint8Array,
    failure: AesFailure | undefined,
    tagIsValid: boolean,
  ): void;
}

/** One operation at a time; if one is refused the client is not called. */
export interface Aes {
  setAesClient(client: AesClient): void;
  setMode(mode: AesMode, encrypting: boolean): void;
  /** INVAL for a key of another length than the unit's. */
  setKey(key: Uint8Array): AesFailure | undefined;
  /** Where the next message starts, for CTR and CBC. */
  setIv(iv: Uint8Array): AesFailure | undefined;
  /** For CCM 13 bytes, for GCM the first 12 of them. */
  setNonce(nonce: Uint8Array): AesFailure | undefined;
  /** The next block of the message. */
  crypt(block: Uint8Array): AesFailure | undefined;
  cryptAuthenticated(mode: "Ccm" | "Gcm", request: AuthenticatedRequest): AesFailure | undefined;
}
