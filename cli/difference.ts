// Where two consoles part, in one line for a person.

const SHOWN = 40;

/** `undefined` when the bytes are equal, else the place and what stands there on both sides. */
export function firstDifference(expected: Uint8Array, actual: Uint8Array): string | undefined {
  const shorter = Math.min(expected.length, actual.length);
  let at = 0;
  while (at < shorter && expected[at] === actual[at]) at++;
  if (at === expected.length && at === actual.length) return undefined;
  const before = expected.subarray(0, at);
  const start = before.lastIndexOf(0x0a) + 1;
  const line = before.filter(byte => byte === 0x0a).length + 1;
  const place = `line ${line}, column ${at - start + 1}`;
  return `${place}: expected ${quoted(expected, at)}, got ${quoted(actual, at)}`;
}

/** What stands at a place, up to the end of its line. */
function quoted(bytes: Uint8Array, at: number): string {
  if (at >= bytes.length) return "the end";
  const end = bytes.indexOf(0x0a, at);
  const stop = Math.min(end < 0 ? bytes.length : end + 1, at + SHOWN);
  const text = JSON.stringify(Buffer.from(bytes.subarray(at, stop)).toString());
  return stop < bytes.length && stop !== end + 1 ? `${text}…` : text;
}
