// Finding one process binary in flash (kernel/src/process_loading.rs `discover_process_binary`, process_binary.rs `create`).
import { hex, hex8 } from "../base/bits.js";
import {
  parseTbfHeader,
  parseTbfHeaderLengths,
  type TbfHeader,
  type TbfParseError,
  TlvType,
  tbfParseErrorText,
} from "../formats/tbf.js";
import type { Readable } from "./app-list.js";
import type { Region } from "./boundary.js";
import type { Binary } from "./process.js";

/** Version that this kernel says it has. */
export const KERNEL_MAJOR = 2;
export const KERNEL_MINOR = 3;

/** Why a TBF object is no process. `text` is `Debug` of upstream's `ProcessBinaryError`. */
export interface BinaryError {
  kind:
    | "NotEnoughFlash"
    | "TbfHeaderNotFound"
    | "TbfHeaderParseFailure"
    | "IncompatibleKernelVersion"
    | "IncorrectFlashAddress"
    | "NotEnabledProcess"
    | "Padding";
  text: string;
  /** What the kernel prints beside it when it debugs process loading. */
  debug: string[];
  /** `null` when nobody need be told: padding, and the end of the apps. */
  notice: string | null;
  /** What to do about it, as the end of a sentence. */
  advice: string;
}

export interface Discovered {
  /** Where to look for the next object; unchanged when the search ends here. */
  rest: Region;
  found: Binary | BinaryError;
}

export const isBinary = (found: Binary | BinaryError): found is Binary => !("kind" in found);

const failure = (
  kind: BinaryError["kind"],
  text: string,
  notice: string | null,
  { debug = [], advice = "" }: { debug?: string[]; advice?: string } = {},
): BinaryError => ({ kind, text, debug, notice, advice });

/** The sentence for one of which the kernel says `text`. */
const refusal = (
  kind: BinaryError["kind"],
  { who, text, advice }: { who: string; text: string; advice: string },
  debug: string[] = [],
): BinaryError =>
  failure(kind, text, `${who} was not loaded: ${text}; ${advice}.`, { debug, advice });

const REPLACE = "erase the apps and install them again";

/** `0x…-0x…` of a range, its last byte included. */
export const range = (start: number, size: number): string =>
  `${hex8(start)}-${hex8(start + size - 1)}`;

const notEnoughFlash = (notice: string | null): BinaryError =>
  failure("NotEnoughFlash", "Not enough flash available for TBF", notice);

/** The object at the start of `flash`. */
export function discoverBinary(memory: Readable, flash: Region): Discovered {
  const at = hex(flash.start);
  if (flash.size < 8) return { rest: flash, found: notEnoughFlash(null) };
  const lengths = parseTbfHeaderLengths(memory.readBytes(flash.start, 8));
  if (lengths.error?.kind === "UnableToParse") {
    const found = failure("TbfHeaderNotFound", "Could not find TBF header", null);
    return { rest: flash, found };
  }
  const { totalSize } = lengths.error ?? lengths.value;
  if (totalSize === 0) {
    // Upstream's loop would look at the same object for ever.
    const found = notEnoughFlash(
      `The TBF at ${at} says that its size is 0: no app behind it loads; ${REPLACE}.`,
    );
    return { rest: flash, found };
  }
  if (totalSize > flash.size) {
    const notice = `The TBF at ${at} says that it has ${totalSize} bytes, more than the ${flash.size} bytes of flash from there on: no app behind it loads; ${REPLACE}.`;
    return { rest: flash, found: notEnoughFlash(notice) };
  }
  const rest = { start: flash.start + totalSize, size: flash.size - totalSize };
  const object = { start: flash.start, size: totalSize };
  if (!lengths.error)
    return { rest, found: createBinary(memory, object, lengths.value.headerSize) };
  // Upstream parses such an object as one of version 0.
  const found = parseFailure({ kind: "UnsupportedVersion", at: 0, version: 0 }, object);
  return { rest, found };
}

function createBinary(memory: Readable, flash: Region, headerSize: number): Binary | BinaryError {
  const parsed = parseTbfHeader(memory.readBytes(flash.start, headerSize));
  if (parsed.error) return parseFailure(parsed.error, flash);
  const header = parsed.value;
  return refuse(header, flash) ?? binaryOf(header, flash);
}

function parseFailure(error: TbfParseError, flash: Region): BinaryError {
  const text = tbfParseErrorText(error);
  const advice = "build the app and install it again";
  const notice = `The TBF at ${hex(flash.start)} was not loaded: ${text}; ${advice}.`;
  return failure("TbfHeaderParseFailure", `Error parsing TBF header\n${text}`, notice, { advice });
}

const packageName = (header: TbfHeader): string | undefined =>
  header.tlvs.some(({ type }) => type === TlvType.PackageName) ? header.name : undefined;

/** Checks in upstream's order. */
function refuse(header: TbfHeader, flash: Region): BinaryError | undefined {
  const who = `App "${header.name}" at ${hex(flash.start)}`;
  const where = range(flash.start, flash.size);
  if (header.isPadding) {
    const debug = [`Padding in flash=${where}`];
    return failure("Padding", "Process item is just padding", null, {
      debug,
      advice: "name an app",
    });
  }
  if (!header.enabled) {
    const name = JSON.stringify(packageName(header) ?? "(no name)");
    const debug = [`Process not enabled flash=${where} process=${name}`];
    const notice = `${who} was not loaded: it is marked not enabled; enable it and reset the board.`;
    return failure("NotEnabledProcess", "Process marked not enabled", notice, { debug });
  }
  const version = refuseVersion(header, who);
  if (version !== undefined) return version;
  if (header.binaryEnd > flash.size) {
    const notice = `${who} says that its binary ends at ${header.binaryEnd}, behind its ${flash.size} bytes: neither it nor any app behind it loads; ${REPLACE}.`;
    return notEnoughFlash(notice);
  }
  const { fixedAddressFlash } = header;
  const actual = flash.start + header.protectedSize;
  if (fixedAddressFlash === undefined || fixedAddressFlash === actual) return undefined;
  const text = `App flash does not match requested address. Actual:${hex(actual)}, Expected:${hex(fixedAddressFlash)}`;
  const advice = `build it for flash ${hex(actual)}, or install it where it must lie`;
  return refusal("IncorrectFlashAddress", { who, text, advice });
}

function refuseVersion(header: TbfHeader, who: string): BinaryError | undefined {
  const { kernelVersion, name } = header;
  const kind = "IncompatibleKernelVersion";
  if (kernelVersion === undefined) {
    const text = "Process did not provide a TBF kernel version header";
    const debug = [
      `WARN process ${name} has no kernel version header`,
      "Please upgrade to elf2tab >= 0.8.0",
    ];
    const advice = `build it with elf2tab 0.8.0 or newer and --kernel-major ${KERNEL_MAJOR}`;
    return refusal(kind, { who, text, advice }, debug);
  }
  const { major, minor } = kernelVersion;
  if (major === KERNEL_MAJOR && minor <= KERNEL_MINOR) return undefined;
  const running = `${KERNEL_MAJOR}.${KERNEL_MINOR}`;
  const text = `Process is incompatible with the kernel. Running: ${running}, Requested: ${major}.${minor}`;
  const debug = [
    `WARN process ${name} requires kernel>=${major}.${minor} and <${major + 1}.0, (running kernel ${running})`,
  ];
  const advice = `build it for kernel ${running} or an older one of ${KERNEL_MAJOR}`;
  return refusal(kind, { who, text, advice }, debug);
}

const binaryOf = (header: TbfHeader, flash: Region): Binary => ({
  name: header.name,
  hasName: packageName(header) !== undefined,
  flash: {
    start: flash.start,
    appStart: flash.start + header.protectedSize,
    end: flash.start + flash.size,
  },
  version: header.binaryVersion,
  binaryEnd: header.binaryEnd,
  initFunction: flash.start + header.initFunctionOffset,
  minimumRamSize: header.minimumRamSize,
  writeableFlashRegions: header.writeableFlashRegions,
  fixedAddressRam: header.fixedAddressRam ?? null,
  fixedAddressFlash: header.fixedAddressFlash ?? null,
  ...(header.permissions && { permissions: header.permissions }),
  ...(header.shortId !== undefined && { tbfShortId: header.shortId }),
  ...(header.storagePermissions && { storagePermissions: header.storagePermissions }),
});
