// A public key for ECDSA on P-256 from a file: PEM or DER as openssl writes it, or the point in hexadecimal as boards have it.
import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { UserError } from "../emulator/index.js";
import { readBytes } from "./files.js";

const POINT = 64;

/** The 64 bytes of the point. @throws UserError for a file that holds no such key */
export function readPublicKey(file: string): Uint8Array {
  const bytes = readBytes(file);
  const point = hexPoint(bytes) ?? pointOf(bytes);
  if (point !== undefined) return point;
  throw new UserError(
    `${file}: it holds no key for ECDSA on P-256; expected PEM or DER as openssl writes it, or ${2 * POINT} hexadecimal digits.`,
  );
}

/** Digits as one likes to write them, of the point alone or behind the 04 of an uncompressed one. */
function hexPoint(bytes: Uint8Array): Uint8Array | undefined {
  const digits = Buffer.from(bytes)
    .toString("latin1")
    .replace(/0x|[\s,:]/g, "");
  if (!/^(04)?[0-9a-f]{128}$/i.test(digits)) return undefined;
  return Uint8Array.from(Buffer.from(digits.slice(-2 * POINT), "hex"));
}

function pointOf(bytes: Uint8Array): Uint8Array | undefined {
  const key = Buffer.from(bytes);
  const readers: readonly (() => KeyObject)[] = [
    () => createPublicKey(key),
    () => createPublicKey({ key, format: "der", type: "spki" }),
    () => createPublicKey(createPrivateKey({ key, format: "der", type: "pkcs8" })),
  ];
  for (const read of readers) {
    try {
      const { crv, x = "", y = "" } = read().export({ format: "jwk" });
      if (crv === "P-256")
        return Uint8Array.from([x, y].flatMap(n => [...Buffer.from(n, "base64url")]));
    } catch {
      // It is not written that way.
    }
  }
  return undefined;
}
