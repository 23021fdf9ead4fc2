// Whether a process binary has the credentials that its board asks for (kernel/src/process_checker.rs,
// capsules/system/src/process_checker/{basic,signature}.rs). The footers of a TBF are credentials; they cover all that lies before them.
import { p256 } from "@noble/curves/nist.js";
import { sha256, sha384, sha512 } from "@noble/hashes/sha2.js";
import { parseTbfFooter, type TbfCredentials } from "../formats/tbf.js";
import type { CheckerDebug } from "./checker-debug.js";

/** `keyId`: by which of the board's keys a credential was accepted. */
export type CheckResult = { accept: { keyId?: number } } | "Reject" | "Pass";

/** A board's policy (kernel/src/process_checker.rs `AppCredentialsPolicy`). */
export interface CredentialsPolicy {
  /** A binary none of whose credentials is accepted is not run. */
  readonly requireCredentials: boolean;
  /** How an app gets a credential that is accepted, as the end of "this board runs only apps …". */
  readonly accepted: string;
  /** Judges one credential; `undefined`: the policy does not know its kind. */
  check(credential: TbfCredentials, covered: Uint8Array): CheckResult | undefined;
}

/** Runs everything (`AppCheckerNull`). */
export const noCredentials: CredentialsPolicy = {
  requireCredentials: false,
  accepted: "",
  check: () => undefined,
};

const SHA256 = 3;
const hashOf: Readonly<Record<number, (covered: Uint8Array) => Uint8Array>> = {
  [SHA256]: sha256,
  4: sha384,
  5: sha512,
};

/** Whether a digest (SHA-256, 384 or 512) is that of `covered`; `undefined` for credentials that are no digests. */
export function isDigestOf(
  { format, data }: TbfCredentials,
  covered: Uint8Array,
): boolean | undefined {
  const digest = hashOf[format]?.(covered);
  return digest?.every((byte, i) => byte === data[i]);
}

/** Runs what carries its own digest of that format, as upstream's checker does for SHA-256. */
export const digestCredentials = (
  format: number,
  name: "sha256" | "sha384" | "sha512",
): CredentialsPolicy => ({
  requireCredentials: true,
  accepted: `with a ${name.toUpperCase().replace("SHA", "SHA-")} credential, which --${name} of elf2tab or tock-debug pack adds`,
  check(credential, covered) {
    if (credential.format !== format) return undefined;
    return isDigestOf(credential, covered) === true ? { accept: {} } : "Reject";
  },
});

/** Runs what carries its own SHA-256 (`AppCheckerSha256`). */
export const sha256Credentials: CredentialsPolicy = digestCredentials(SHA256, "sha256");

const ECDSA_NIST_P256 = 6;

/** Runs what is signed with one of these keys, each a point of 64 bytes (`AppCheckerSignature` with ECDSA P-256). */
export const signatureCredentials = (keys: readonly Uint8Array[]): CredentialsPolicy => ({
  requireCredentials: true,
  accepted:
    "signed with one of its keys, as --ecdsa-nist-p256-private of elf2tab or tock-debug pack does",
  check({ format, data }, covered) {
    if (format !== ECDSA_NIST_P256) return undefined;
    const digest = sha256(covered);
    const keyId = keys.findIndex(key => verifies(key, data, digest));
    return keyId < 0 ? "Pass" : { accept: { keyId } };
  },
});

/** Whether a signature (ECDSA P-256) of `covered` is that of a key, a point of 64 bytes; `undefined` for other credentials. */
export const isSignedBy = (
  key: Uint8Array,
  { format, data }: TbfCredentials,
  covered: Uint8Array,
): boolean | undefined =>
  format === ECDSA_NIST_P256 ? verifies(key, data, sha256(covered)) : undefined;

function verifies(key: Uint8Array, signature: Uint8Array, digest: Uint8Array): boolean {
  const UNCOMPRESSED = 4;
  const point = Uint8Array.from([UNCOMPRESSED, ...key]);
  try {
    return p256.verify(signature, digest, point, { prehash: false, lowS: false });
  } catch {
    // Bytes that are no signature or no point: the library throws, upstream's verifier says no.
    return false;
  }
}

/** The same policy on a board that runs apps without credentials, too. */
export const notRequired = (policy: CredentialsPolicy): CredentialsPolicy => ({
  ...policy,
  requireCredentials: false,
});

/** What a check came to: the credential that was accepted, if any, or why the binary may not run. */
export type Checked =
  | { credential: TbfCredentials | null; keyId?: number }
  /** `Debug` of upstream's `ProcessCheckError`. */
  | { error: string };

/** Checks the footers of `tbf`, which begin at `binaryEnd`; `debug` is told of each. */
export function checkCredentials(
  policy: CredentialsPolicy,
  tbf: Uint8Array,
  binaryEnd: number,
  debug?: CheckerDebug,
): Checked {
  const covered = tbf.subarray(0, binaryEnd);
  const before: TbfCredentials[] = [];
  for (let at = binaryEnd; ; ) {
    const index = before.length;
    debug?.walked(before);
    const footer = parseTbfFooter(tbf, at);
    if (footer.error) {
      debug?.ended(index, footer.error);
      break;
    }
    const result = policy.check(footer.value, covered);
    debug?.checked(index, footer.value, result);
    if (typeof result === "object") return { credential: footer.value, ...result.accept };
    if (result === "Reject") return { error: `Credential ${index} rejected` };
    before.push(footer.value);
    at += 4 + footer.value.length;
  }
  return policy.requireCredentials ? { error: "No credentials accepted" } : { credential: null };
}
