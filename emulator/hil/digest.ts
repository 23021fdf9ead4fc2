// Hashes and message authentication codes as capsules see them (kernel/src/hil/digest.rs).

/** Why an operation was refused or ended early: names of kernel/src/errorcode.rs. */
export type DigestFailure = "FAIL" | "BUSY" | "OFF" | "SIZE" | "CANCEL" | "NOSUPPORT";

export type HashAlgorithm = "Md5" | "Sha1" | "Sha224" | "Sha256" | "Sha384" | "Sha512";

export interface DigestClient {
  addDataDone(failure: DigestFailure | undefined): void;
  hashDone(failure: DigestFailure | undefined, digest: Uint8Array): void;
  /** Whether the digest is the one that was expected. */
  verificationDone(failure: DigestFailure | undefined, equal: boolean): void;
}

/** One operation at a time; if one is refused the client is not called. */
export interface Digest {
  /** Bytes of a digest. */
  readonly digestLength: number;
  setDigestClient(client: DigestClient): void;
  setModeSha(algorithm: HashAlgorithm): DigestFailure | undefined;
  setModeHmac(algorithm: HashAlgorithm, key: Uint8Array): DigestFailure | undefined;
  addData(bytes: Uint8Array): DigestFailure | undefined;
  run(): DigestFailure | undefined;
  verify(expected: Uint8Array): DigestFailure | undefined;
  /** Forgets the data; what is under way ends with CANCEL. */
  clearData(): void;
}
