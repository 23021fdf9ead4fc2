// The block cipher AES (FIPS 197). Its S-box is computed once, from inverses in GF(2^8).

export const AES_BLOCK_SIZE = 16;

const double = (x: number): number => ((x << 1) ^ (x & 0x80 ? 0x11b : 0)) & 0xff;

/** The product in GF(2^8). */
function multiply(a: number, b: number): number {
  let product = 0;
  for (let factor = a, bits = b; bits !== 0; bits >>= 1, factor = double(factor))
    if (bits & 1) product ^= factor;
  return product;
}

const rotateByte = (x: number, by: number): number => ((x << by) | (x >> (8 - by))) & 0xff;

const S_BOX = Uint8Array.from({ length: 256 }, (_, x) => {
  let inverse = 0;
  for (let y = 1; y < 256 && x !== 0; y++) if (multiply(x, y) === 1) inverse = y;
  let sum = 0x63;
  for (let by = 0; by < 5; by++) sum ^= rotateByte(inverse, by);
  return sum;
});
const INVERSE_S_BOX = new Uint8Array(256);
S_BOX.forEach((y, x) => {
  INVERSE_S_BOX[y] = x;
});

/** Round keys one behind the other, 16 bytes each. */
export type AesKey = Uint8Array;

/** KeyExpansion of a key of 16, 24 or 32 bytes. */
export function expandAesKey(key: Uint8Array): AesKey {
  const words = key.length / 4;
  const expanded = new Uint8Array(16 * (words + 7));
  expanded.set(key);
  let constant = 1;
  for (let i = words; 4 * i < expanded.length; i++) {
    let word = [...expanded.subarray(4 * (i - 1), 4 * i)];
    if (i % words === 0) {
      word = [...word.slice(1), word[0] as number].map(x => S_BOX[x]);
      word[0] = (word[0] as number) ^ constant;
      constant = double(constant);
    } else if (words > 6 && i % words === 4) word = word.map(x => S_BOX[x]);
    for (let j = 0; j < 4; j++)
      expanded[4 * i + j] = expanded[4 * (i - words) + j] ^ (word[j] as number);
  }
  return expanded;
}

function addRoundKey(state: Uint8Array, key: AesKey, round: number): void {
  for (let i = 0; i < 16; i++) state[i] ^= key[16 * round + i];
}

/** SubBytes and ShiftRows together: row r goes `shift * r` columns to the left. */
function substituteAndShift(state: Uint8Array, box: Uint8Array, shift: number): void {
  const before = state.slice();
  for (let column = 0; column < 4; column++)
    for (let row = 0; row < 4; row++)
      state[4 * column + row] = box[before[4 * ((column + shift * row + 4) % 4) + row]];
}

/** MixColumns with the first row of its matrix. */
function mixColumns(state: Uint8Array, factors: readonly number[]): void {
  const before = state.slice();
  for (let at = 0; at < 16; at++) {
    const column = at & ~3;
    let sum = 0;
    for (let i = 0; i < 4; i++)
      sum ^= multiply(before[column + i], factors[(i - (at & 3) + 4) % 4] as number);
    state[at] = sum;
  }
}

const rounds = (key: AesKey): number => key.length / 16 - 1;

export function encryptBlock(key: AesKey, block: Uint8Array): Uint8Array {
  const state = block.slice();
  addRoundKey(state, key, 0);
  for (let round = 1; round <= rounds(key); round++) {
    substituteAndShift(state, S_BOX, 1);
    if (round < rounds(key)) mixColumns(state, [2, 3, 1, 1]);
    addRoundKey(state, key, round);
  }
  return state;
}

export function decryptBlock(key: AesKey, block: Uint8Array): Uint8Array {
  const state = block.slice();
  for (let round = rounds(key); round > 0; round--) {
    addRoundKey(state, key, round);
    if (round < rounds(key)) mixColumns(state, [14, 11, 13, 9]);
    substituteAndShift(state, INVERSE_S_BOX, -1);
  }
  addRoundKey(state, key, 0);
  return state;
}
