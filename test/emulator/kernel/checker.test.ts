import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { writeCredentials } from "../../../emulator/formats/tbf-write.js";
import {
  type Checked,
  type CredentialsPolicy,
  checkCredentials,
  noCredentials,
  sha256Credentials,
} from "../../../emulator/kernel/checker.js";

const BINARY = Uint8Array.from({ length: 100 }, (_, i) => i);
const digest = Uint8Array.from(createHash("sha256").update(BINARY).digest());
const reserved = writeCredentials(0, new Uint8Array(20));
const right = writeCredentials(3, digest);
const wrong = writeCredentials(
  3,
  digest.map(byte => byte ^ 1),
);

function check(policy: CredentialsPolicy, ...footers: Uint8Array[]): Checked {
  const tbf = Uint8Array.from([...BINARY, ...footers.flatMap(footer => [...footer])]);
  return checkCredentials(policy, tbf, BINARY.length);
}

describe("credentials", () => {
  it("are not looked at by a board that asks for none", () => {
    assert.deepEqual(check(noCredentials), { credential: null });
    assert.deepEqual(check(noCredentials, wrong), { credential: null });
  });

  it("with the SHA-256 of what lies before them are accepted, wherever they stand", () => {
    for (const footers of [[right], [reserved, right], [right, wrong]]) {
      const checked = check(sha256Credentials, ...footers);
      assert.ok("credential" in checked && checked.credential?.format === 3);
    }
  });

  it("with another SHA-256 are rejected, and their number is told", () => {
    assert.deepEqual(check(sha256Credentials, wrong), { error: "Credential 0 rejected" });
    assert.deepEqual(check(sha256Credentials, reserved, wrong, right), {
      error: "Credential 1 rejected",
    });
  });

  it("are not accepted where there are none, or none of the kind", () => {
    const error = { error: "No credentials accepted" };
    assert.deepEqual(check(sha256Credentials), error);
    assert.deepEqual(check(sha256Credentials, reserved), error);
    assert.deepEqual(
      check(sha256Credentials, Uint8Array.from([9, 9, 9, 9, 9, 9, 9, 9]), right),
      error,
    );
    assert.deepEqual(check(sha256Credentials, right.subarray(0, 20)), error);
  });
});
