import assert from "node:assert/strict";
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { writeCredentials } from "../../../emulator/formats/tbf-write.js";
import {
  type Checked,
  type CredentialsPolicy,
  checkCredentials,
  digestCredentials,
  isDigestOf,
  noCredentials,
  notRequired,
  sha256Credentials,
  signatureCredentials,
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

  it("with the digest of the kind that a policy asks for are accepted, others of no interest to it", () => {
    for (const [format, name] of [
      [3, "sha256"],
      [4, "sha384"],
      [5, "sha512"],
    ] as const) {
      const right = createHash(name).update(BINARY).digest();
      const wrong = Uint8Array.from(right, (byte, i) => (i === right.length - 1 ? byte ^ 1 : byte));
      const policy = digestCredentials(format, name);
      const checked = check(policy, reserved, writeCredentials(format, right));
      assert.ok("credential" in checked && checked.credential?.format === format);
      assert.deepEqual(check(policy, writeCredentials(format, wrong)), {
        error: "Credential 0 rejected",
      });
      assert.deepEqual(check(policy, writeCredentials(format === 3 ? 4 : 3, new Uint8Array(48))), {
        error: "No credentials accepted",
      });
    }
  });

  it("of RSA are recognised, and neither accepted nor rejected", () => {
    const rsa = writeCredentials(2, new Uint8Array(1024));
    assert.deepEqual(check(sha256Credentials, rsa), { error: "No credentials accepted" });
    const checked = check(sha256Credentials, rsa, right);
    assert.ok("credential" in checked && checked.credential?.format === 3);
    const [type, offset, length] = [128, 0, 1028];
    const footer = { type, offset, length, format: 2, data: new Uint8Array(1024) };
    assert.equal(isDigestOf(footer, BINARY), undefined);
  });

  /** A key pair: the public point of 64 bytes, and the credential that the private key gives `BINARY`. */
  function signer() {
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const { x, y } = publicKey.export({ format: "jwk" });
    const point = Buffer.concat([x, y].map(part => Buffer.from(part as string, "base64url")));
    const signature = sign("sha256", BINARY, { key: privateKey, dsaEncoding: "ieee-p1363" });
    return { point: Uint8Array.from(point), credential: writeCredentials(6, signature) };
  }

  it("signed with one of the board's keys are accepted, and tell which", () => {
    const [first, second, other] = [signer(), signer(), signer()];
    const policy = signatureCredentials([first.point, second.point]);
    const keyOf = (...footers: Uint8Array[]) => {
      const checked = check(policy, ...footers);
      return "error" in checked ? checked.error : checked.keyId;
    };
    assert.equal(keyOf(first.credential), 0);
    assert.equal(keyOf(second.credential), 1);
    assert.equal(keyOf(other.credential, first.credential), 0);
    assert.equal(keyOf(other.credential), "No credentials accepted");
    assert.equal(keyOf(right), "No credentials accepted");
    assert.equal(keyOf(writeCredentials(6, new Uint8Array(64))), "No credentials accepted");
  });

  it("need not be there where the board does not require them", () => {
    const { point, credential } = signer();
    const policy = notRequired(signatureCredentials([point]));
    assert.deepEqual(check(policy), { credential: null });
    const checked = check(policy, credential);
    assert.ok("keyId" in checked && checked.keyId === 0);
  });
});
