// Cyclic redundancy checks, bit by bit. Parameters as in the catalogue of R. Williams' "A painless guide to CRC error
// detection algorithms".

export interface CrcParameters {
  /** Bits of the remainder. */
  width: 16 | 32;
  polynomial: number;
  initial: number;
  /** Each byte is taken from its least significant bit on. */
  reflectInput: boolean;
  reflectOutput: boolean;
  finalXor: number;
}

const reflect = (value: number, width: number): number => {
  let reflected = 0;
  for (let bit = 0; bit < width; bit++) reflected = (reflected << 1) | ((value >>> bit) & 1);
  return reflected >>> 0;
};

/** The remainder after `bytes`, starting from `remainder`. */
export function crcUpdate(crc: CrcParameters, remainder: number, bytes: Uint8Array): number {
  // The remainder is kept at the upper end of 32 bits, so that both widths shift alike.
  const shift = 32 - crc.width;
  const polynomial = crc.polynomial << shift;
  let state = remainder << shift;
  for (const byte of bytes) {
    state ^= (crc.reflectInput ? reflect(byte, 8) : byte) << 24;
    for (let bit = 0; bit < 8; bit++) state = (state << 1) ^ (state < 0 ? polynomial : 0);
  }
  return state >>> shift;
}

/** The checksum of what was updated. */
export function crcFinish(crc: CrcParameters, remainder: number): number {
  const value = crc.reflectOutput ? reflect(remainder, crc.width) : remainder;
  return (value ^ crc.finalXor) >>> 0;
}

/** CRC-32 of POSIX `cksum` without the length (kernel/src/utilities/helpers.rs `crc32_posix`, libraries/tickv/src/crc32.rs). */
export const CRC32_POSIX: CrcParameters = {
  width: 32,
  polynomial: 0x04c11db7,
  initial: 0,
  reflectInput: false,
  reflectOutput: false,
  finalXor: 0xffffffff,
};

export const crc32Posix = (bytes: Uint8Array): number =>
  crcFinish(CRC32_POSIX, crcUpdate(CRC32_POSIX, CRC32_POSIX.initial, bytes));
