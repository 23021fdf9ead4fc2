// Puts apps into flash as tockloader does: one after the other, each aligned to its size, gaps filled with padding objects.
import { alignUp, hex, nextPowerOfTwo } from "../base/bits.js";
import type { Memory, MemoryRange } from "../bus/memory.js";
import { parseTbfHeader, parseTbfHeaderLengths, type TbfHeader } from "../formats/tbf.js";
import { writePadding } from "../formats/tbf-write.js";

/** The least that a padding object takes. */
const PADDING_HEADER_SIZE = 16;

/**
 * Writes `apps` into `flash` in the order given, and says in one sentence each why an app has no place.
 * An app with a fixed flash address is put there.
 */
export function installApps(
  memory: Memory,
  flash: MemoryRange,
  apps: readonly Uint8Array[],
  notice: (text: string) => void,
): void {
  let cursor = flash.address;
  apps.forEach((app, i) => {
    const header = headerOf(app);
    const who = `App ${header?.name ? `"${header.name}"` : `number ${i + 1}`}`;
    const start = placeFor(header, app.length, cursor);
    const end = flash.address + flash.size;
    if (start < cursor || start + app.length > end) {
      notice(
        start < flash.address
          ? `${who} was not installed: it must lie at ${hex(start)}, and flash for apps starts at ${hex(flash.address)}.`
          : start < cursor
            ? `${who} was not installed: it must lie at ${hex(start)} in flash, but the apps before it reach up to ${hex(cursor)}.`
            : `${who} was not installed: it needs ${app.length} bytes of flash at ${hex(start)}, and flash for apps ends at ${hex(end)}.`,
      );
      return;
    }
    if (start > cursor) memory.writeBytes(cursor, writePadding(start - cursor));
    memory.writeBytes(start, app);
    cursor = start + app.length;
  });
}

/** `undefined` for an object whose header the kernel will refuse. */
function headerOf(app: Uint8Array): TbfHeader | undefined {
  const lengths = parseTbfHeaderLengths(app);
  if (lengths.error) return undefined;
  const parsed = parseTbfHeader(app.subarray(0, lengths.value.headerSize));
  return parsed.error ? undefined : parsed.value;
}

/** The first address from `cursor` on where an object of `size` bytes can lie. */
function placeFor(header: TbfHeader | undefined, size: number, cursor: number): number {
  if (header?.fixedAddressFlash !== undefined)
    return header.fixedAddressFlash - header.protectedSize;
  const alignment = nextPowerOfTwo(size);
  const start = alignUp(cursor, alignment);
  const gap = start - cursor;
  return gap > 0 && gap < PADDING_HEADER_SIZE ? start + alignment : start;
}
