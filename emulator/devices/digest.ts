// SHA-256 and HMAC-SHA-256 in software, as on boards without a unit for them (capsules/extra/src/{sha256,hmac_sha256}.rs).
import { sha256 } from "@noble/hashes/sha2.js";
import type { Clock } from "../base/clock.js";
import type { Digest, DigestClient, DigestFailure, HashAlgorithm } from "../hil/digest.js";
import type { Device } from "./device.js";

const BLOCK_SIZE = 64;
/** Cycles that the compression function takes on a Cortex-M4. */
const CYCLES_PER_BLOCK = 3600;
const INNER_PAD = 0x36;
const OUTER_PAD = 0x5c;

export interface DigestState {
  busy: "data" | "hash" | "verify" | null;
  /** What is under way ends with CANCEL. */
  cancelled: boolean;
  message: Uint8Array;
  /** Padded to a block; `null` for a plain hash. */
  key: Uint8Array | null;
  /** The next data goes behind the inner key. */
  keyPending: boolean;
  expected: Uint8Array;
}

const initial = (): DigestState => ({
  busy: null,
  cancelled: false,
  message: new Uint8Array(),
  key: null,
  keyPending: false,
  expected: new Uint8Array(),
});

const concat = (...parts: Uint8Array[]): Uint8Array => {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};

const padded = (key: Uint8Array, pad: number): Uint8Array => key.map(byte => byte ^ pad);

export class DigestDevice implements Device<DigestState>, Digest {
  readonly name: string;
  readonly digestLength = 32;
  readonly #clock: Clock;
  #client: DigestClient | undefined;
  #state = initial();

  constructor(clock: Clock, name: string) {
    this.#clock = clock;
    this.name = name;
  }

  setDigestClient(client: DigestClient): void {
    this.#client = client;
  }

  setModeSha(algorithm: HashAlgorithm): DigestFailure | undefined {
    return algorithm === "Sha256" ? undefined : "NOSUPPORT";
  }

  /** The key goes in front of the next data, also of a message that has begun. */
  setModeHmac(algorithm: HashAlgorithm, key: Uint8Array): DigestFailure | undefined {
    if (algorithm !== "Sha256") return "NOSUPPORT";
    if (key.length > BLOCK_SIZE) return "SIZE";
    this.#state.key = concat(key, new Uint8Array(BLOCK_SIZE - key.length));
    this.#state.keyPending = true;
    return undefined;
  }

  addData(bytes: Uint8Array): DigestFailure | undefined {
    const { busy, key, keyPending, message } = this.#state;
    if (busy !== null) return "BUSY";
    const prefix = key !== null && keyPending ? padded(key, INNER_PAD) : new Uint8Array();
    this.#state.keyPending = false;
    this.#state.message = concat(message, prefix, bytes);
    this.#begin("data", prefix.length + bytes.length);
    return undefined;
  }

  run(): DigestFailure | undefined {
    if (this.#state.busy !== null) return "BUSY";
    this.#begin("hash", this.#state.key === null ? BLOCK_SIZE : 4 * BLOCK_SIZE);
    return undefined;
  }

  verify(expected: Uint8Array): DigestFailure | undefined {
    if (this.#state.busy !== null) return "BUSY";
    this.#state.expected = expected.slice();
    this.#begin("verify", this.#state.key === null ? BLOCK_SIZE : 4 * BLOCK_SIZE);
    return undefined;
  }

  clearData(): void {
    const { busy, key } = this.#state;
    this.#state = { ...initial(), busy, key, cancelled: busy !== null };
  }

  onEvent(): void {
    const { busy, cancelled, expected } = this.#state;
    const failure = cancelled ? "CANCEL" : undefined;
    const digest =
      busy === "data" || cancelled ? new Uint8Array(this.digestLength) : this.#digest();
    this.#state.busy = null;
    this.#state.cancelled = false;
    if (busy === "data") {
      this.#client?.addDataDone(failure);
      return;
    }
    this.clearData();
    if (busy === "hash") this.#client?.hashDone(failure, digest);
    else
      this.#client?.verificationDone(
        failure,
        digest.every((byte, i) => byte === expected[i]),
      );
  }

  save(): DigestState {
    return structuredClone(this.#state);
  }

  load(state: DigestState): void {
    this.#state = structuredClone(state);
  }

  #begin(busy: "data" | "hash" | "verify", bytes: number): void {
    this.#state.busy = busy;
    this.#clock.schedule(this.name, 0, Math.ceil(bytes / BLOCK_SIZE) * CYCLES_PER_BLOCK + 1);
  }

  #digest(): Uint8Array {
    const { key, message } = this.#state;
    const inner = sha256(message);
    return key === null ? inner : sha256(concat(padded(key, OUTER_PAD), inner));
  }
}
