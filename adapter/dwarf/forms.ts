// Attribute values by form. DWARF 5 section 7.5.5 and 7.5.6.
import type { ByteReader } from "../../emulator/formats/reader.js";
import * as C from "./constants.js";

/** How a unit encodes its values. */
export interface Encoding {
  version: number;
  addressSize: number;
  /** 4, or 8 in the 64-bit DWARF format. */
  offsetSize: number;
}

/**
 * A value as it stands in the file: numbers for constants, offsets, indices and references, bytes for blocks and
 * 16-byte constants. Strings stay offsets (`DW_FORM_string`: of the reader's section) until somebody asks.
 */
export type AttributeValue = number | bigint | boolean | Uint8Array;

const exact = (value: bigint): number | bigint =>
  value >= -0x1fffffffffffffn && value <= 0x1fffffffffffffn ? Number(value) : value;

/** An offset into a section: 4 or 8 bytes. */
export const readOffset = (reader: ByteReader, size: number): number =>
  size === 8 ? Number(reader.u64()) : reader.u32();

export function readAddress(reader: ByteReader, size: number): number {
  if (size === 4) return reader.u32();
  if (size === 8) return Number(reader.u64());
  if (size === 2) return reader.u16();
  throw reader.error(`an address size of 2, 4 or 8, not ${size}`);
}

function readUleb(reader: ByteReader): number | bigint {
  const start = reader.offset;
  const value = reader.uleb();
  return Number.isSafeInteger(value) ? value : reader.seek(start).ulebBig();
}

function readSleb(reader: ByteReader): number | bigint {
  const start = reader.offset;
  const value = reader.sleb();
  return Number.isSafeInteger(value) ? value : reader.seek(start).slebBig();
}

/** Reads the value of an attribute of `form`; `implicit` is that of the abbreviation. */
export function readForm(
  reader: ByteReader,
  form: number,
  encoding: Encoding,
  implicit: number,
): AttributeValue {
  switch (form) {
    case C.DW_FORM_addr:
      return readAddress(reader, encoding.addressSize);
    case C.DW_FORM_data1:
    case C.DW_FORM_ref1:
    case C.DW_FORM_strx1:
    case C.DW_FORM_addrx1:
      return reader.u8();
    case C.DW_FORM_data2:
    case C.DW_FORM_ref2:
    case C.DW_FORM_strx2:
    case C.DW_FORM_addrx2:
      return reader.u16();
    case C.DW_FORM_strx3:
    case C.DW_FORM_addrx3:
      return reader.u24();
    case C.DW_FORM_data4:
    case C.DW_FORM_ref4:
    case C.DW_FORM_ref_sup4:
    case C.DW_FORM_strx4:
    case C.DW_FORM_addrx4:
      return reader.u32();
    case C.DW_FORM_data8:
    case C.DW_FORM_ref8:
    case C.DW_FORM_ref_sup8:
    case C.DW_FORM_ref_sig8:
      return exact(reader.u64());
    case C.DW_FORM_udata:
    case C.DW_FORM_ref_udata:
    case C.DW_FORM_strx:
    case C.DW_FORM_addrx:
    case C.DW_FORM_loclistx:
    case C.DW_FORM_rnglistx:
    case C.DW_FORM_GNU_addr_index:
    case C.DW_FORM_GNU_str_index:
      return readUleb(reader);
    case C.DW_FORM_sdata:
      return readSleb(reader);
    case C.DW_FORM_flag:
      return reader.u8() !== 0;
    case C.DW_FORM_flag_present:
      return true;
    case C.DW_FORM_implicit_const:
      return implicit;
    case C.DW_FORM_string:
      return skipString(reader);
    case C.DW_FORM_strp:
    case C.DW_FORM_line_strp:
    case C.DW_FORM_strp_sup:
    case C.DW_FORM_sec_offset:
    case C.DW_FORM_GNU_ref_alt:
    case C.DW_FORM_GNU_strp_alt:
      return readOffset(reader, encoding.offsetSize);
    case C.DW_FORM_ref_addr:
      // DWARF 2 made it the size of an address.
      return encoding.version <= 2
        ? readAddress(reader, encoding.addressSize)
        : readOffset(reader, encoding.offsetSize);
    default:
      return reader.slice(blockLength(reader, form));
  }
}

/** Bytes of the forms that have as many in every unit. */
const FIXED_SIZES: ReadonlyMap<number, number> = new Map([
  [C.DW_FORM_flag_present, 0],
  [C.DW_FORM_implicit_const, 0],
  ...[C.DW_FORM_data1, C.DW_FORM_ref1, C.DW_FORM_flag].map(form => [form, 1] as const),
  ...[C.DW_FORM_strx1, C.DW_FORM_addrx1].map(form => [form, 1] as const),
  ...[C.DW_FORM_data2, C.DW_FORM_ref2, C.DW_FORM_strx2, C.DW_FORM_addrx2].map(
    form => [form, 2] as const,
  ),
  ...[C.DW_FORM_strx3, C.DW_FORM_addrx3].map(form => [form, 3] as const),
  ...[C.DW_FORM_data4, C.DW_FORM_ref4, C.DW_FORM_strx4, C.DW_FORM_addrx4].map(
    form => [form, 4] as const,
  ),
  [C.DW_FORM_ref_sup4, 4],
  ...[C.DW_FORM_data8, C.DW_FORM_ref8, C.DW_FORM_ref_sig8].map(form => [form, 8] as const),
  [C.DW_FORM_ref_sup8, 8],
  [C.DW_FORM_data16, 16],
]);

/** The same by form, -1 for others. */
const FIXED = Int8Array.from({ length: 64 }, (_, form) => FIXED_SIZES.get(form) ?? -1);

const sizesByEncoding = new Map<string, Int8Array>();

/** Bytes of every value in a unit, by form; -1 where only the value tells, `undefined` for forms of vendors. */
export function sizesOfForms(encoding: Encoding): Int8Array {
  const { version, addressSize, offsetSize } = encoding;
  const key = [version, addressSize, offsetSize].join();
  let sizes = sizesByEncoding.get(key);
  if (!sizes) {
    sizes = FIXED.slice();
    sizes[C.DW_FORM_addr] = sizeOfAddress(encoding);
    sizes[C.DW_FORM_ref_addr] = version <= 2 ? sizeOfAddress(encoding) : offsetSize;
    for (const form of OFFSETS) sizes[form] = offsetSize;
    sizesByEncoding.set(key, sizes);
  }
  return sizes;
}

/** Of the forms below 64 those that are offsets. */
const OFFSETS = [C.DW_FORM_strp, C.DW_FORM_line_strp, C.DW_FORM_strp_sup, C.DW_FORM_sec_offset];

/** -1 where `readAddress` would refuse. */
const sizeOfAddress = ({ addressSize }: Encoding): number =>
  addressSize === 2 || addressSize === 4 || addressSize === 8 ? addressSize : -1;

/** Moves the reader behind a value of `form`, whose size only the value tells; what it refuses `readForm` refuses. */
export function passForm(reader: ByteReader, form: number, encoding: Encoding): void {
  const { bytes, offset } = reader;
  const first = bytes[offset] as number;
  switch (form) {
    case C.DW_FORM_exprloc:
    case C.DW_FORM_block1:
      if (first < 0x80) reader.skip(1 + first);
      else reader.skip(blockLength(reader, form));
      return;
    case C.DW_FORM_udata:
    case C.DW_FORM_sdata:
      if (first < 0x80) reader.offset = offset + 1;
      else reader.uleb();
      return;
    case C.DW_FORM_indirect:
      readForm(reader, reader.uleb(), encoding, 0);
      return;
    default:
      readForm(reader, form, encoding, 0);
  }
}

function blockLength(reader: ByteReader, form: number): number {
  switch (form) {
    case C.DW_FORM_block1:
      return reader.u8();
    case C.DW_FORM_block2:
      return reader.u16();
    case C.DW_FORM_block4:
      return reader.u32();
    case C.DW_FORM_block:
    case C.DW_FORM_exprloc:
      return reader.uleb();
    case C.DW_FORM_data16:
      return 16;
    default:
      throw reader.error(`a known form, not 0x${form.toString(16)}`);
  }
}

function skipString(reader: ByteReader): number {
  const start = reader.offset;
  const end = reader.bytes.indexOf(0, start);
  if (end < 0) throw reader.error("a string that ends with 0");
  reader.offset = end + 1;
  return start;
}
