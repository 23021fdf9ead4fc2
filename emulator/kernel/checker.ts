// Whether a process binary has the credentials that its board asks for (kernel/src/process_checker.rs,
// capsules/system/src/process_checker/basic.rs). The footers of a TBF are credentials; they cover all that lies before them.
import { sha256 } from "@noble/hashes/sha2.js";
import { parseTbfFooter, type TbfCredentials } from "../formats/tbf.js";

export type CheckResult = "Accept" | "Reject" | "Pass";

/** A board's policy (kernel/src/process_checker.rs `AppCredentialsPolicy`). */
export interface CredentialsPolicy {
  /** A binary none of whose credentials is accepted is not run. */
  readonly requireCredentials: boolean;
  /** Judges one credential; `undefined`: the policy does not know its kind. */
  check(credential: TbfCredentials, covered: Uint8Array): CheckResult | undefined;
}

/** Runs everything (`AppCheckerNull`). */
export const noCredentials: CredentialsPolicy = {
  requireCredentials: false,
  check: () => undefined,
};

const SHA256 = 3;

/** Runs what carries its own SHA-256 (`AppCheckerSha256`). */
export const sha256Credentials: CredentialsPolicy = {
  requireCredentials: true,
  check({ format, data }, covered) {
    if (format !== SHA256) return undefined;
    const digest = sha256(covered);
    return digest.every((byte, i) => byte === data[i]) ? "Accept" : "Reject";
  },
};

/** What a check came to: the credential that was accepted, if any, or why the binary may not run. */
export type Checked =
  | { credential: TbfCredentials | null }
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
    if (result === "Accept") return { credential: footer.value };
    if (result === "Reject") return { error: `Credential ${index} rejected` };
    at += 4 + footer.value.length;
  }
  return policy.requireCredentials ? { error: "No credentials accepted" } : { credential: null };
}
