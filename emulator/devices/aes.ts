// An AES unit with the modes that Tock builds on one: CTR, CBC and ECB (chips/earlgrey/src/aes.rs), CCM
// (capsules/core/src/virtualizers/virtual_aes_ccm.rs, RFC 3610) and GCM (capsules/aes_gcm/src/aes_gcm.rs, NIST SP 800-38D).
import { AES_BLOCK_SIZE, decryptBlock, encryptBlock, expandAesKey } from "../base/aes.js";
import type { Clock } from "../base/clock.js";
import type { Aes, AesClient, AesFailure, AesMode, AuthenticatedRequest } from "../hil/aes.js";
import type { Device } from "./device.js";

const CYCLES_PER_BLOCK = 60;
const CCM_NONCE_LENGTH = 13;
const GCM_NONCE_LENGTH = 12;
/** Bytes for the first block, associated data and message of CCM, each padded to blocks. */
const CCM_BUFFER_SIZE = 7 * AES_BLOCK_SIZE;

export interface AesState {
  mode: AesMode;
  encrypting: boolean;
  key: Uint8Array;
  /** The counter of CTR, or the block before of CBC. */
  chain: Uint8Array;
  nonce: Uint8Array;
  /** What is to be told when the operation under way is done. */
  result:
    | { kind: "block"; output: Uint8Array }
    | { kind: "authenticated"; buffer: Uint8Array; tagIsValid: boolean | "NOMEM" }
    | null;
}

const xor = (a: Uint8Array, b: Uint8Array): Uint8Array => a.map((byte, i) => byte ^ b[i]);
const block = (...bytes: readonly number[]): Uint8Array => {
  const filled = new Uint8Array(AES_BLOCK_SIZE);
  filled.set(bytes);
  return filled;
};

/** `bytes` cut into blocks, the last one padded with zeros. */
function* blocksOf(bytes: Uint8Array): Iterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += AES_BLOCK_SIZE)
    yield block(...bytes.subarray(at, at + AES_BLOCK_SIZE));
}

/** The counter after `counter`, a number of 128 bits. */
function next(counter: Uint8Array): Uint8Array {
  const following = counter.slice();
  for (let i = AES_BLOCK_SIZE - 1; i >= 0; i--) {
    following[i]++;
    if (following[i] !== 0) break;
  }
  return following;
}

/** The product of GHASH in GF(2^128), most significant bit of the first byte first. */
function multiply(x: Uint8Array, y: Uint8Array): Uint8Array {
  let product = new Uint8Array(AES_BLOCK_SIZE);
  let factor = y;
  for (let bit = 0; bit < 128; bit++) {
    if ((x[bit >> 3] >> (7 - (bit & 7))) & 1) product = Uint8Array.from(xor(product, factor));
    const carry = factor[15] & 1;
    factor = factor.map((byte, i) => (byte >> 1) | (i === 0 ? 0 : (factor[i - 1] & 1) << 7));
    if (carry) factor[0] ^= 0xe1;
  }
  return product;
}

export class AesDevice implements Device<AesState>, Aes {
  readonly name = "aes";
  readonly #clock: Clock;
  #client: AesClient | undefined;
  #state: AesState;

  /** `keyLength` is 16, 24 or 32 bytes. */
  constructor(clock: Clock, keyLength: number) {
    this.#clock = clock;
    this.#state = {
      mode: "Ecb",
      encrypting: true,
      key: new Uint8Array(keyLength),
      chain: new Uint8Array(AES_BLOCK_SIZE),
      nonce: new Uint8Array(CCM_NONCE_LENGTH),
      result: null,
    };
  }

  setAesClient(client: AesClient): void {
    this.#client = client;
  }

  setMode(mode: AesMode, encrypting: boolean): void {
    this.#state.mode = mode;
    this.#state.encrypting = encrypting;
  }

  setKey(key: Uint8Array): AesFailure | undefined {
    if (key.length !== this.#state.key.length) return "INVAL";
    this.#state.key = key.slice();
    return undefined;
  }

  setIv(iv: Uint8Array): AesFailure | undefined {
    if (iv.length !== AES_BLOCK_SIZE) return "INVAL";
    this.#state.chain = iv.slice();
    return undefined;
  }

  setNonce(nonce: Uint8Array): AesFailure | undefined {
    if (nonce.length !== CCM_NONCE_LENGTH) return "INVAL";
    this.#state.nonce = nonce.slice();
    return undefined;
  }

  crypt(input: Uint8Array): AesFailure | undefined {
    if (this.#state.result !== null) return "BUSY";
    if (input.length !== AES_BLOCK_SIZE) return "INVAL";
    this.#begin({ kind: "block", output: this.#cryptBlock(input) }, 1);
    return undefined;
  }

  cryptAuthenticated(mode: "Ccm" | "Gcm", request: AuthenticatedRequest): AesFailure | undefined {
    if (this.#state.result !== null) return "BUSY";
    const { associatedOffset, messageOffset, messageLength, tagLength } = request;
    const written = mode === "Gcm" ? AES_BLOCK_SIZE : tagLength;
    const end = messageOffset + messageLength;
    const fits = associatedOffset <= messageOffset && tagLength <= AES_BLOCK_SIZE;
    if (!fits || end + written > request.buffer.length) return "INVAL";
    const buffer = request.buffer.slice();
    const tagIsValid =
      mode === "Ccm" ? this.#ccm({ ...request, buffer }) : this.#gcm({ ...request, buffer });
    const blocks = 2 * Math.ceil(end / AES_BLOCK_SIZE) + 2;
    this.#begin({ kind: "authenticated", buffer, tagIsValid }, blocks);
    return undefined;
  }

  onEvent(): void {
    const { result } = this.#state;
    this.#state.result = null;
    if (result?.kind === "block") this.#client?.cryptDone(result.output);
    else if (result?.tagIsValid === "NOMEM")
      this.#client?.authenticatedCryptDone(result.buffer, "NOMEM", false);
    else if (result !== null)
      this.#client?.authenticatedCryptDone(result.buffer, undefined, result.tagIsValid);
  }

  save(): AesState {
    return structuredClone(this.#state);
  }

  load(state: AesState): void {
    this.#state = structuredClone(state);
  }

  #begin(result: AesState["result"], blocks: number): void {
    this.#state.result = result;
    this.#clock.schedule(this.name, 0, blocks * CYCLES_PER_BLOCK);
  }

  #cryptBlock(input: Uint8Array): Uint8Array {
    const { mode, encrypting, chain } = this.#state;
    const key = expandAesKey(this.#state.key);
    switch (mode) {
      case "Ctr":
        this.#state.chain = next(chain);
        return xor(encryptBlock(key, chain), input);
      case "Ecb":
        return encrypting ? encryptBlock(key, input) : decryptBlock(key, input);
      case "Cbc": {
        const output = encrypting
          ? encryptBlock(key, xor(input, chain))
          : xor(decryptBlock(key, input), chain);
        this.#state.chain = encrypting ? output : input.slice();
        return output;
      }
    }
  }

  #counterMode(bytes: Uint8Array, start: Uint8Array): Uint8Array {
    const key = expandAesKey(this.#state.key);
    const output = bytes.slice();
    let counter = start;
    for (let at = 0; at < bytes.length; at += AES_BLOCK_SIZE) {
      const stream = encryptBlock(key, counter);
      for (let i = at; i < Math.min(at + AES_BLOCK_SIZE, bytes.length); i++)
        output[i] ^= stream[i - at];
      counter = next(counter);
    }
    return output;
  }

  /** Works on the buffer. Without confidentiality upstream encrypts the message too, but leaves it out of the tag. */
  #ccm(request: AuthenticatedRequest): boolean | "NOMEM" {
    const { buffer, messageOffset, messageLength, tagLength, encrypting } = request;
    const end = messageOffset + messageLength;
    const associated = buffer.slice(request.associatedOffset, messageOffset);
    const before = buffer.slice(messageOffset, end);
    const counter = block(1, ...this.#state.nonce);
    const after = this.#counterMode(before, next(counter));
    const message = encrypting ? before : after;
    const length = [associated.length >> 8, associated.length & 0xff];
    const header = associated.length === 0 ? [] : [...length, ...associated];
    const blocks = [...blocksOf(Uint8Array.from(header)), ...blocksOf(message)];
    if ((1 + blocks.length) * AES_BLOCK_SIZE > CCM_BUFFER_SIZE) return "NOMEM";
    const flags =
      (associated.length === 0 ? 0 : 0x40) |
      (tagLength === 0 ? 0 : ((tagLength - 2) >> 1) << 3) |
      1;
    const first = block(flags, ...this.#state.nonce, messageLength >> 8, messageLength & 0xff);
    const key = expandAesKey(this.#state.key);
    const counted = request.confidential ? blocks : [...blocksOf(Uint8Array.from(header))];
    const mac = counted.reduce(
      (sum, b) => encryptBlock(key, xor(sum, b)),
      encryptBlock(key, first),
    );
    const tag = xor(mac, encryptBlock(key, counter)).subarray(0, tagLength);
    buffer.set(after, messageOffset);
    if (!encrypting) return tag.every((byte, i) => byte === buffer[end + i]);
    buffer.set(tag, end);
    return true;
  }

  /** Works on the buffer. As upstream's it puts the message at its start, and calls every tag valid. */
  #gcm(request: AuthenticatedRequest): boolean {
    const { buffer, messageOffset, messageLength, encrypting } = request;
    const end = messageOffset + messageLength;
    const associated = buffer.slice(request.associatedOffset, messageOffset);
    const before = buffer.slice(messageOffset, end);
    const counter = block(...this.#state.nonce.subarray(0, GCM_NONCE_LENGTH), 0, 0, 0, 1);
    const after = this.#counterMode(before, next(counter));
    const key = expandAesKey(this.#state.key);
    const hashKey = encryptBlock(key, block());
    const lengths = new Uint8Array(AES_BLOCK_SIZE);
    new DataView(lengths.buffer).setUint32(4, 8 * associated.length);
    new DataView(lengths.buffer).setUint32(12, 8 * messageLength);
    const cipher = encrypting ? after : before;
    const hashed = [...blocksOf(associated), ...blocksOf(cipher), lengths];
    const hash = hashed.reduce((sum, b) => multiply(xor(sum, b), hashKey), block());
    const tag = xor(hash, encryptBlock(key, counter));
    buffer.set(after, 0);
    if (encrypting) buffer.set(tag, end);
    return true;
  }
}
