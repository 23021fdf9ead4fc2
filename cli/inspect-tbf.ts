// A TBF header and its footers as JSON data and as text.
import {
  credentialFormats,
  hex,
  isDigestOf,
  type Tbf,
  type TbfCredentials,
  type TbfHeader,
} from "../emulator/index.js";
import { columns } from "./text.js";

/** Plain data: no bytes, masks as hexadecimal strings because JSON has no 64-bit numbers. */
export function tbfData(tbf: Tbf): Record<string, unknown> {
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
      verified: isVerified(tbf, footer) ?? null,
    })),
  };
}

const formatName = (format: number): string =>
  credentialFormats[format]?.name ?? `format ${format}`;
const bytes = (count: number): string => `${count} bytes`;

/** Whether a digest is right; `undefined` for what holds none, such as a signature, whose key the TBF does not tell. */
const isVerified = ({ header, bytes }: Tbf, footer: TbfCredentials): boolean | undefined =>
  isDigestOf(footer, bytes.subarray(0, header.binaryEnd));

const verdicts = new Map<boolean | undefined, string>([
  [true, ", verified"],
  [false, ", WRONG: the app was changed after it was packed"],
]);

function verdict(tbf: Tbf, footer: TbfCredentials): string {
  const RESERVED = 0;
  const unchecked = footer.format === RESERVED ? "" : ", not checked: that takes a board's key";
  return verdicts.get(isVerified(tbf, footer)) ?? unchecked;
}

export function tbfText(tbf: Tbf): string {
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
      `${formatName(footer.format)}, ${bytes(footer.length - 4)} at ${hex(footer.offset)}${verdict(tbf, footer)}`,
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
