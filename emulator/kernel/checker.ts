// Whether a process binary has the credentials that its board asks for (kernel/src/process_checker.rs,
// capsules/system/src/process_checker/{basic,signature}.rs). The footers of a TBF are credentials; they cover all that lies before them.
import { p256 } from "@noble/curves/nist.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { parseTbfFooter, type TbfCredentials } from "../formats/tbf.js";

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

/** Runs what carries its own SHA-256 (`AppCheckerSha256`). */
export const sha256Credentials: CredentialsPolicy = {
  requireCredentials: true,
  accepted: "with a SHA-256 credential, which --sha256 of elf2tab or tock-debug pack adds",
  check({ format, data }, covered) {
    if (format !== SHA256) return undefined;
    const digest = sha256(covered);
    return digest.every((byte, i) => byte === data[i]) ? { accept: {} } : "Reject";
  },
};

const ECDSA_NIST_P256 = 6;

/** Runs what is signed with one of these keys, each a point of 64 bytes (`AppCheckerSignature` with ECDSA P-256). */
export const signatureCredentials = (keys: readonly Uint8Array[]): CredentialsPolicy => ({
  requireCredentials: true,
  accepted:
    "signed with one of its keys, as --ecdsa-nist-p256-private of elf2tab or tock-debug pack does",
  check({ format, data }, covered) {
    if (format !== ECDSA_NIST_P256) return undefined;
    const digest = sha256(covered);
    const keyId = keys.findIndex(key => isSignedBy(key, data, digest));
    return keyId < 0 ? "Pass" : { accept: { keyId } };
  },
});

function isSignedBy(key: Uint8Array, signature: Uint8Array, digest: Uint8Array): boolean {
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

/** Checks the footers of `tbf`, which begin at `binaryEnd`. */
export function checkCredentials(
  policy: CredentialsPolicy,
  tbf: Uint8Array,
  binaryEnd: number,
): Checked {
  const covered = tbf.subarray(0, binaryEnd);
  for (let at = binaryEnd, index = 0; ; index++) {
    const footer = parseTbfFooter(tbf, at);
    if (footer.error) break;
    const result = policy.check(footer.value, covered);
    if (typeof result === "object") return { credential: footer.value, ...result.accept };
    if (result === "Reject") return { error: `Credential ${index} rejected` };
    at += 4 + footer.value.length;
  }
  return policy.requireCredentials ? { error: "No credentials accepted" } : { credential: null };
}
