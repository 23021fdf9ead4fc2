// The text of a file with a log: UTF-8 in general, UTF-16 where a program of Windows has written it. Shared
// with the extension.

/** So much of a file is looked at. */
const LOOKED_AT = 512;

/** What is no text of the encoding becomes U+FFFD. */
export const logText = (bytes: Uint8Array): string =>
  new TextDecoder(encodingOf(bytes)).decode(bytes);

/** By the byte order mark; without one by zero bytes, which every other byte of a log in UTF-16 is, all but the box drawing. */
function encodingOf(bytes: Uint8Array): "utf-8" | "utf-16le" | "utf-16be" {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  const start = bytes.subarray(0, LOOKED_AT);
  const zeros = [0, 0];
  for (const [i, byte] of start.entries()) if (byte === 0) zeros[i % 2] = (zeros[i % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  const many = start.length / 4;
  if (odd > many && even === 0) return "utf-16le";
  return even > many && odd === 0 ? "utf-16be" : "utf-8";
}
