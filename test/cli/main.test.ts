import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readTab } from "../../emulator/formats/tab.js";

const run = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["out/cli/main.js", ...args], {
    encoding: "utf8",
  });
  return { status, stdout, stderr };
};
/** A mistake: nothing on stdout, one line on stderr, exit code 2. */
const refuses = (args: string[], message: RegExp) => {
  const { status, stdout, stderr } = run(...args);
  assert.equal(status, 2, stderr);
  assert.equal(stdout, "");
  assert.match(stderr, /^tock-debug: [^\n]+\n$/);
  assert.match(stderr, message);
};

describe("tock-debug", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "tock-debug-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  it("without arguments lists the verbs", () => {
    const { status, stdout } = run();
    assert.equal(status, 0);
    for (const verb of ["inspect", "pack", "dap"])
      assert.match(stdout, new RegExp(`^  ${verb} `, "m"));
  });

  it("every verb has a help of its own with aligned options", () => {
    const { stdout } = run("pack", "--help");
    assert.match(stdout, /^Usage: tock-debug pack ELF/m);
    const starts = stdout.match(/^ {2}(-\w, | {4})--[\w-]+( \S+)? +/gm) ?? [];
    assert.ok(starts.length > 5);
    assert.equal(new Set(starts.map(start => start.length)).size, 1);
  });

  it("an unknown verb, option or number is one line and exit code 2", () => {
    refuses(["fly"], /"fly" is no verb; expected run, .*pack, apps, /);
    refuses(["--fly"], /--fly: expected a verb first/);
    refuses(["inspect", "--fly", "x"], /Unknown option '--fly'\. See tock-debug inspect --help/);
    refuses(["pack", "x.elf", "--stack", "lots"], /--stack lots: expected a whole number/);
    refuses(["pack"], /expected at least one ELF file/);
    refuses(["pack", "x.elf", "--kernel-minor", "1"], /expected --kernel-major/);
  });

  it("missing, wrong and damaged files are one line and exit code 2", () => {
    const file = (name: string, bytes: Uint8Array | string) => {
      const path = join(folder, name);
      writeFileSync(path, bytes);
      return path;
    };
    const tab = readFileSync("examples/hello/hello.tab");
    const elf = readFileSync("examples/hello/hello.elf");
    refuses(["inspect", join(folder, "none.tab")], /none\.tab: there is no such file/);
    refuses(["inspect", folder], /it is a folder; expected a file/);
    refuses(["inspect", file("a.txt", "hello")], /does not start like a TAB, a TBF or an ELF/);
    refuses(["inspect", file("a.tab", "hello")], /a\.tab: 5 bytes are no tar archive/);
    refuses(
      ["inspect", file("b.tab", tab.subarray(0, 1500))],
      /b\.tab: the archive ends at offset 0x5dc.* cut short/,
    );
    refuses(["inspect", file("c.elf", elf.subarray(0, 100))], /c\.elf/);
    refuses(["pack", file("d.elf", tab), "-o", join(folder, "d.tab")], /d\.elf.*ELF magic/);
    const good = file("good.elf", elf);
    refuses(["pack", good, "-o", join(folder, "none", "d.tab")], /d\.tab: there is no such/);
    refuses(["pack", good, "-o", join(folder, "good.tbf")], /the TBF of .*good\.elf goes there/);
  });

  it("inspect tells what a TAB and an ELF hold, as text and as JSON", () => {
    const text = run("inspect", "examples/hello/hello.tab", "examples/hello/hello.elf");
    assert.equal(text.status, 0);
    assert.match(text.stdout, /^cortex-m4\.tbf\n {2}Name {8}hello\n/m);
    assert.match(text.stdout, /ELF for Arm, entry 0x80000029/);
    const json = JSON.parse(run("inspect", "--json", "examples/hello/hello.tab").stdout);
    assert.equal(json.schema, 1);
    assert.equal(json.kind, "tab");
    assert.deepEqual(
      json.binaries.map((b: { variant: string; header: { name: string } }) => [
        b.variant,
        b.header.name,
      ]),
      [
        ["cortex-m0", "hello"],
        ["cortex-m4", "hello"],
      ],
    );
  });

  it("inspect verifies digests and says what it cannot verify", () => {
    const output = join(folder, "digests.tab");
    const options = [
      "-n",
      "hello",
      "--sha256",
      "--sha384",
      "--sha512",
      "--minimum-footer-size",
      "400",
    ];
    assert.equal(run("pack", `${helloElf()},cortex-m4`, ...options, "-o", output).status, 0);
    const good = run("inspect", output).stdout;
    for (const name of ["SHA256, 32", "SHA384, 48", "SHA512, 64"])
      assert.match(good, new RegExp(`${name} bytes at 0x\\w+, verified`));
    assert.match(good, /Reserved, \d+ bytes at 0x\w+$/m);
    const tbf = Buffer.from(readFileSync(join(folder, "hello.tbf")));
    tbf.writeUInt8(tbf.readUInt8(200) ^ 1, 200);
    const changed = join(folder, "changed.tbf");
    writeFileSync(changed, tbf);
    assert.equal(run("inspect", changed).stdout.match(/, WRONG: the app was changed/g)?.length, 3);
    const { objects } = JSON.parse(run("inspect", "--json", changed).stdout);
    assert.deepEqual(
      objects[0].footers.map((footer: { verified: boolean | null }) => footer.verified),
      [false, false, false, null],
    );
  });

  it("inspect verifies a signature with the key that it is given, in any of its forms", () => {
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const other = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey;
    const { x = "", y = "" } = publicKey.export({ format: "jwk" });
    const point = Buffer.concat([x, y].map(n => Buffer.from(n, "base64url"))).toString("hex");
    const keys = {
      pem: publicKey.export({ format: "pem", type: "spki" }),
      spki: publicKey.export({ format: "der", type: "spki" }),
      pkcs8: privateKey.export({ format: "der", type: "pkcs8" }),
      hex: `04${point}\n`,
      point,
      other: other.export({ format: "pem", type: "spki" }),
      none: "no key",
    };
    for (const [name, bytes] of Object.entries(keys)) writeFileSync(join(folder, name), bytes);
    const output = join(folder, "signed.tab");
    run("pack", helloElf(), "--ecdsa-nist-p256-private", join(folder, "pkcs8"), "-o", output);
    for (const form of ["pem", "spki", "pkcs8", "hex", "point"])
      assert.match(
        run("inspect", "--key", join(folder, form), output).stdout,
        /64 bytes at 0x\w+, verified/,
      );
    assert.match(
      run("inspect", "--key", join(folder, "other"), output).stdout,
      /WRONG: another key/,
    );
    assert.match(run("inspect", output).stdout, /not checked: --key FILE/);
    refuses(["inspect", "--key", join(folder, "none"), output], /none: it holds no key for ECDSA/);
  });

  /** A copy, because a TBF is written beside it. */
  const helloElf = () => {
    const path = join(folder, "hello.elf");
    copyFileSync("examples/hello/hello.elf", path);
    return path;
  };

  it("pack makes the same TBF from an example's ELF as lies in its TAB", () => {
    const output = join(folder, "hello.tab");
    const { status, stderr } = run(
      ...["pack", `${helloElf()},cortex-m4`, "-n", "hello", "-o", output],
      ...["--kernel-major", "2", "--kernel-minor", "1"],
    );
    assert.equal(status, 0, stderr);
    const own = readTab(readFileSync(output), output);
    const committed = readTab(readFileSync("examples/hello/hello.tab"), "hello.tab");
    assert.deepEqual(own.metadata, committed.metadata);
    assert.deepEqual(
      own.binaries,
      committed.binaries.filter(b => b.variant === "cortex-m4"),
    );
    assert.deepEqual(
      Buffer.from(own.binaries[0]!.bytes),
      readFileSync(join(folder, "hello.tbf")),
      "the TBF beside the ELF",
    );
  });

  it("pack adds hash credentials over what they cover", () => {
    const output = join(folder, "hash.tab");
    run("pack", helloElf(), "--sha256", "--sha512", "-o", output);
    const { binaries } = JSON.parse(run("inspect", "--json", output).stdout);
    assert.deepEqual(
      binaries[0].footers.map((f: { name: string }) => f.name),
      ["SHA256", "SHA512", "Reserved"],
    );
  });
});
