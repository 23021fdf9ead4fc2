// `tock-debug pack`: ELF files to one TAB, with the options and results of elf2tab (src/cmdline.rs, src/main.rs).
import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from "node:crypto";
import { basename, dirname, extname, join, normalize } from "node:path";
import {
  type Credential,
  groupPermissions,
  type PackOptions,
  pack,
  parseElf,
  UserError,
  writeTab,
} from "../emulator/index.js";
import { readBytes, writeBytes } from "./files.js";
import { type Arguments, parseNumber, type Verb } from "./verb.js";

/** Credential formats that need no key, in the order elf2tab writes them. */
const hashes = [
  { name: "sha256", format: 3, length: 32 },
  { name: "sha384", format: 4, length: 48 },
  { name: "sha512", format: 5, length: 64 },
] as const;

export const verb: Verb = {
  summary: "Makes a TAB of ELF files, and a TBF beside each, as elf2tab does.",
  usage: "ELF[,ARCHITECTURE]… [OPTION]… -o FILE.tab",
  options: {
    "output-file": { short: "o", value: "FILE", help: "where to write (TockApp.tab)" },
    "package-name": { short: "n", value: "NAME", help: "the app's name" },
    stack: { value: "N", help: "bytes of stack (size of section .stack, else 2048)" },
    "app-heap": { value: "N", help: "bytes of heap for the app (1024); also --heap" },
    heap: { value: "N", help: "the same as --app-heap" },
    "kernel-heap": { value: "N", help: "bytes for the kernel's grants (1024)" },
    "kernel-major": { value: "N", help: "kernel version that the app requires" },
    "kernel-minor": { value: "N", help: "least minor version of it (0)" },
    "protected-region-size": { value: "N", help: "bytes before the binary, header included" },
    "minimum-footer-size": { value: "N", help: "bytes to keep for credentials (0)" },
    "app-version": { value: "N", help: "version of the app (0)" },
    "short-id": { value: "N", help: "ShortId to ask for" },
    permissions: { value: "DRIVER,COMMAND", multiple: true, help: "allow a command; repeatable" },
    write_id: { value: "N", help: "storage id to write with" },
    read_ids: { value: "N,…", multiple: true, help: "storage ids the app may read" },
    access_ids: { value: "N,…", multiple: true, help: "storage ids the app may change" },
    "supported-boards": { value: "NAMES", help: "boards the app is for, with commas" },
    ...Object.fromEntries(hashes.map(({ name }) => [name, { help: `add a ${name} credential` }])),
    "rsa4096-private": { value: "FILE", help: "sign with this RSA key of 4096 bits (PKCS#8, DER)" },
    "ecdsa-nist-p256-private": { value: "FILE", help: "sign with this P-256 key (PKCS#8, DER)" },
    disable: { help: "mark the app as disabled" },
    deterministic: { help: "accepted; no build date is ever written" },
    verbose: { short: "v", help: "say what was made" },
  },
  examples: [
    "tock-debug pack build/cortex-m4/cortex-m4.elf -n blink --stack 2048 -o blink.tab",
    "tock-debug pack app.elf,cortex-m4 app-m0.elf,cortex-m0 --kernel-major 2 -o app.tab",
  ],
  run,
};

function run(args: Arguments): number {
  if (args.positionals.length === 0)
    throw new UserError("pack: expected at least one ELF file. See tock-debug pack --help.");
  const options = packOptions(args);
  const output = args.text("output-file") ?? "TockApp.tab";
  const binaries = args.positionals.map(argument => {
    const { path, architecture } = splitArgument(argument);
    const { tbf, warnings } = pack(parseElf(readBytes(path), path), options);
    for (const warning of warnings) console.error(`Warning: ${warning}`);
    const tbfPath = join(dirname(path), `${basename(path, extname(path))}.tbf`);
    if (tbfPath === normalize(output))
      throw new UserError(`${output}: the TBF of ${path} goes there; give the TAB another name.`);
    writeBytes(tbfPath, tbf);
    if (args.flag("verbose")) console.log(`${tbfPath}: ${tbf.length} bytes, ${architecture}`);
    return { variant: architecture, bytes: tbf };
  });
  const { kernelVersion } = options;
  const boards = args.text("supported-boards");
  const metadata = {
    name: options.name ?? "",
    ...(kernelVersion && {
      "minimum-tock-kernel-version": `${kernelVersion.major}.${kernelVersion.minor}`,
    }),
    ...(boards !== undefined && { "only-for-boards": boards }),
  };
  writeBytes(output, writeTab(metadata, binaries));
  return 0;
}

/** `PATH[,ARCHITECTURE]`; without one the file's stem counts. */
function splitArgument(argument: string): { path: string; architecture: string } {
  const comma = argument.lastIndexOf(",");
  if (comma >= 0)
    return { path: argument.slice(0, comma), architecture: argument.slice(comma + 1) };
  return { path: argument, architecture: basename(argument, extname(argument)) };
}

function packOptions(args: Arguments): PackOptions {
  const major = args.number("kernel-major", 0xffff);
  const minor = args.number("kernel-minor", 0xffff);
  if (minor !== undefined && major === undefined)
    throw new UserError("--kernel-minor: expected --kernel-major as well.");
  return {
    name: args.text("package-name"),
    stack: args.number("stack"),
    appHeap: args.number("app-heap") ?? args.number("heap"),
    kernelHeap: args.number("kernel-heap"),
    protectedRegionSize: args.number("protected-region-size"),
    permissions: permissions(args),
    storagePermissions: storagePermissions(args),
    kernelVersion: major === undefined ? undefined : { major, minor: minor ?? 0 },
    shortId: args.number("short-id"),
    disabled: args.flag("disable"),
    appVersion: args.number("app-version"),
    minimumFooterSize: args.number("minimum-footer-size"),
    credentials: [
      ...hashes
        .filter(({ name }) => args.flag(name))
        .map(({ name, format, length }) => ({
          format,
          length,
          make: (covered: Uint8Array) => createHash(name).update(covered).digest(),
        })),
      ...signatures(args),
    ],
  };
}

/** RSA has the modulus before the signature; ECDSA is r and s, 32 bytes each. */
function* signatures(args: Arguments): Generator<Credential> {
  const rsa = args.text("rsa4096-private");
  if (rsa !== undefined) {
    const key = privateKey(rsa, "rsa");
    const modulus = Buffer.from(
      createPublicKey(key).export({ format: "jwk" }).n ?? "",
      "base64url",
    );
    if (modulus.length !== 512)
      throw new UserError(`${rsa}: the key has ${modulus.length * 8} bits; expected 4096.`);
    const make = (covered: Uint8Array) => Buffer.concat([modulus, sign("sha512", covered, key)]);
    yield { format: 2, length: 1024, make };
  }
  const ecdsa = args.text("ecdsa-nist-p256-private");
  if (ecdsa !== undefined) {
    const key = privateKey(ecdsa, "ec");
    if (key.asymmetricKeyDetails?.namedCurve !== "prime256v1")
      throw new UserError(`${ecdsa}: the key is of another curve; expected NIST P-256.`);
    const make = (covered: Uint8Array) =>
      sign("sha256", covered, { key, dsaEncoding: "ieee-p1363" });
    yield { format: 6, length: 64, make };
  }
}

function privateKey(path: string, type: "rsa" | "ec"): KeyObject {
  const der = Buffer.from(readBytes(path));
  let key: KeyObject | undefined;
  try {
    key = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  } catch {
    key = undefined; // whatever the library says, the file is no such key
  }
  if (key?.asymmetricKeyType !== type)
    throw new UserError(`${path}: no private ${type.toUpperCase()} key in PKCS#8 DER form.`);
  return key;
}

function permissions(args: Arguments): PackOptions["permissions"] {
  const pairs = args.texts("permissions").map(text => {
    const [driver = "", command = "", ...rest] = text.split(",");
    if (rest.length > 0)
      throw new UserError(`--permissions ${text}: expected DRIVER,COMMAND, two numbers.`);
    return [
      parseNumber(driver, "--permissions", 0xffffffff),
      parseNumber(command, "--permissions", 0xffffffff),
    ] as const;
  });
  return groupPermissions(pairs);
}

function storagePermissions(args: Arguments): PackOptions["storagePermissions"] {
  const ids = (name: string) =>
    args.texts(name).flatMap(text => text.split(/[, ]+/).map(id => parseNumber(id, `--${name}`)));
  const writeId = args.number("write_id");
  const [readIds, modifyIds] = [ids("read_ids"), ids("access_ids")];
  if (writeId === undefined && readIds.length === 0 && modifyIds.length === 0) return undefined;
  return { ...(writeId !== undefined && { writeId }), readIds, modifyIds };
}
