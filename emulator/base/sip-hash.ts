// SipHash-2-4 with a key of zeros (capsules/extra/src/sip_hash.rs as boards make it), by J.-P. Aumasson and D. J. Bernstein.

const add = (a: bigint, b: bigint) => BigInt.asUintN(64, a + b);
const rotate = (a: bigint, by: bigint) => BigInt.asUintN(64, (a << by) | (a >> (64n - by)));

function round([a, b, c, d]: readonly [bigint, bigint, bigint, bigint]): typeof initial {
  let [v0, v1, v2, v3] = [add(a, b), rotate(b, 13n), add(c, d), rotate(d, 16n)];
  v1 ^= v0;
  v3 ^= v2;
  v2 = add(v2, v1);
  v0 = add(rotate(v0, 32n), v3);
  v1 = rotate(v1, 17n) ^ v2;
  v3 = rotate(v3, 21n) ^ v0;
  return [v0, v1, rotate(v2, 32n), v3];
}

const initial: [bigint, bigint, bigint, bigint] = [
  0x736f6d6570736575n,
  0x646f72616e646f6dn,
  0x6c7967656e657261n,
  0x7465646279746573n,
];

/** The hash, least significant byte first. */
export function sipHash24(bytes: Uint8Array): Uint8Array {
  const padded = new Uint8Array(Math.floor(bytes.length / 8) * 8 + 8);
  padded.set(bytes);
  padded[padded.length - 1] = bytes.length & 0xff;
  const words = new DataView(padded.buffer);
  let state = initial;
  for (let at = 0; at < padded.length; at += 8) {
    const word = words.getBigUint64(at, true);
    state = [state[0], state[1], state[2], state[3] ^ word];
    for (let i = 0; i < 2; i++) state = round(state);
    state = [state[0] ^ word, state[1], state[2], state[3]];
  }
  state = [state[0], state[1], state[2] ^ 0xffn, state[3]];
  for (let i = 0; i < 4; i++) state = round(state);
  const hash = new DataView(new ArrayBuffer(8));
  hash.setBigUint64(0, state[0] ^ state[1] ^ state[2] ^ state[3], true);
  return new Uint8Array(hash.buffer);
}
