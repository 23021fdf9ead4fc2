// A TBF header and its footers as JSON data and as text.
import {
  credentialFormats,
  hex,
  isDigestOf,
  isSignedBy,
  type Tbf,
  type TbfCredentials,
  type TbfHeader,
} from "../emulator/index.js";
import { columns } from "./text.js";

/** Plain data: no bytes, masks as hexadecimal strings because JSON has no 64-bit numbers. */
export function tbfData(tbf: Tbf, key?: Uint8Array): Record<string, unknown> {
  const { offset, header, footers } = tbf;
  const { permissions, ...rest } = header;
  return {
    offset,
    header: {
      ...rest,
      ...(permissions && {
        permissions: permissions.entries.map(entry => ({
          ...entry,
          allowedCommands: `0x${entry.allowedCommands.toString(16)}`,
        })),
      }),
    },
    footers: footers.map(footer => ({
      offset: footer.offset,
      length: footer.length,
      format: footer.format,
      name: formatName(footer.format),
      verified: isVerified(tbf, footer, key) ?? null,
    })),
  };
}

const formatName = (format: number): string =>
  credentialFormats[format]?.name ?? `format ${format}`;
const bytes = (count: number): string => `${count} bytes`;

/** Whether a digest or a signature is right; `undefined` where that cannot be told, as of a signature without its key. */
function isVerified(
  { header, bytes }: Tbf,
  footer: TbfCredentials,
  key: Uint8Array | undefined,
): boolean | undefined {
  const covered = bytes.subarray(0, header.binaryEnd);
  return isDigestOf(footer, covered) ?? (key && isSignedBy(key, footer, covered));
}

const RESERVED = 0;
const SIGNATURE = 6;

function verdict(tbf: Tbf, footer: TbfCredentials, key: Uint8Array | undefined): string {
  const isRight = isVerified(tbf, footer, key);
  if (isRight === true) return ", verified";
  if (isRight === undefined) {
    if (footer.format === RESERVED) return "";
    return footer.format === SIGNATURE
      ? ", not checked: --key FILE names the key"
      : ", not checked: no board of upstream's takes it";
  }
  return footer.format === SIGNATURE
    ? ", WRONG: another key signed it, or the app was changed afterwards"
    : ", WRONG: the app was changed after it was packed";
}

/** `key`: to check signatures with, a point of P-256. */
export function tbfText(tbf: Tbf, key?: Uint8Array): string {
  const { header, footers } = tbf;
  if (header.isPadding) return columns([["Total size", bytes(header.totalSize)]]);
  const { kernelVersion: kernel, fixedAddressFlash: flash, fixedAddressRam: ram } = header;
  return columns([
    ["Name", header.name || "(none)"],
    ["Enabled", header.enabled ? "yes" : "no"],
    ["Version", String(header.binaryVersion)],
    ["Kernel", kernel ? `${kernel.major}.${kernel.minor} or later ${kernel.major}.x` : "not told"],
    ["Total size", bytes(header.totalSize)],
    ["Header", `${bytes(header.headerSize)}, checksum ${hex(header.checksum, 8)}`],
    ["Protected", `${bytes(header.protectedSize)}, header included`],
    ["Binary", `from ${hex(header.protectedSize)} to ${hex(header.binaryEnd)}`],
    ["Starts at", hex(header.initFunctionOffset)],
    ["RAM", `${bytes(header.minimumRamSize)} at least`],
    ["Fixed flash", flash === undefined ? undefined : hex(flash, 8)],
    ["Fixed RAM", ram === undefined ? undefined : hex(ram, 8)],
    ["ShortId", header.shortId === undefined ? undefined : hex(header.shortId)],
    ...header.writeableFlashRegions.map(({ offset, size }) => [
      "Writeable flash",
      `${bytes(size)} at ${hex(offset)}`,
    ]),
    ...permissionRows(header),
    ...storageRows(header),
    ...footers.map(footer => [
      "Credential",
      `${formatName(footer.format)}, ${bytes(footer.length - 4)} at ${hex(footer.offset)}${verdict(tbf, footer, key)}`,
    ]),
  ]);
}

const permissionRows = ({ permissions }: TbfHeader): string[][] =>
  (permissions?.entries ?? []).map(({ driver, offset, allowedCommands }) => [
    "Driver allowed",
    `${hex(driver)}, commands ${[...Array(64).keys()]
      .filter(bit => (allowedCommands >> BigInt(bit)) & 1n)
      .map(bit => 64 * offset + bit)
      .join(", ")}`,
  ]);

function storageRows({ storagePermissions: storage }: TbfHeader): string[][] {
  if (!storage) return [];
  const list = (ids: readonly number[] | undefined) =>
    ids === undefined ? "unreadable" : ids.map(id => hex(id)).join(", ") || "none";
  return [
    ["Storage writes", storage.writeId === undefined ? "none" : hex(storage.writeId)],
    ["Storage reads", list(storage.readIds)],
    ["Storage changes", list(storage.modifyIds)],
  ];
}
