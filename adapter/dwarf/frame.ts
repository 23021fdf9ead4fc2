// .debug_frame: how to find the caller's registers. DWARF 5 section 6.4; CIE versions 1, 3 and 4. Also .eh_frame, which
// compilers write in its place where the program itself may unwind (Linux Standard Base Core 5.0, section 10.6).
import { UserError } from "../../emulator/base/errors.js";
import type { ByteReader } from "../../emulator/formats/reader.js";
import * as C from "./constants.js";
import type { Dwarf } from "./dwarf.js";
import { readAddress, readOffset } from "./forms.js";
import { readLength } from "./unit.js";

/** Where the canonical frame address comes from. */
export type CfaRule =
  | { kind: "register"; register: number; offset: number }
  | { kind: "expression"; expression: Uint8Array };

/** How the caller's value of one register is found. */
export type RegisterRule =
  | { kind: "undefined" }
  | { kind: "sameValue" }
  /** Saved at CFA + offset. */
  | { kind: "offset"; offset: number }
  /** Is CFA + offset. */
  | { kind: "valueOffset"; offset: number }
  | { kind: "register"; register: number }
  /** Saved at the address the expression gives. */
  | { kind: "expression"; expression: Uint8Array }
  /** Is what the expression gives. */
  | { kind: "valueExpression"; expression: Uint8Array };

/** The rules that hold at one address. */
export interface UnwindTableRow {
  cfa: CfaRule | undefined;
  /** Registers that are not here have no rule. */
  registers: ReadonlyMap<number, RegisterRule>;
  returnAddressRegister: number;
}

type Section = "frame" | "eh_frame";

interface CommonInformation {
  section: Section;
  codeAlignment: number;
  dataAlignment: number;
  returnAddressRegister: number;
  addressSize: number;
  /** How .eh_frame writes addresses. */
  encoding: number;
  /** Entries have data of their own before their instructions. */
  augmented: boolean;
  instructions: { start: number; end: number };
}

/** One function's entry. */
export interface FrameDescription {
  low: number;
  high: number;
  cie: CommonInformation;
  instructions: { start: number; end: number };
}

interface State {
  address: number;
  cfa: CfaRule | undefined;
  registers: Map<number, RegisterRule>;
}

export class CallFrames {
  readonly #dwarf: Dwarf;
  readonly #cies = new Map<string, CommonInformation | undefined>();
  readonly #descriptions: FrameDescription[] = [];

  constructor(dwarf: Dwarf) {
    this.#dwarf = dwarf;
    for (const section of ["eh_frame", "frame"] as const) this.#readSection(section);
    this.#descriptions.sort((a, b) => a.low - b.low);
  }

  #readSection(section: Section): void {
    const size = this.#dwarf.sections.size(section);
    let offset = 0;
    while (offset + 4 <= size) {
      const start = offset;
      const next = this.#dwarf.guard(() => this.#readEntry(section, start));
      if (next === undefined || next <= offset) break;
      offset = next;
    }
  }

  /** All entries by address, dead ones (at 0) too. */
  get descriptions(): readonly FrameDescription[] {
    return this.#descriptions;
  }

  /** Returns the offset of the next entry; damage inside this one is noted and loses this one. */
  #readEntry(section: Section, offset: number): number {
    const reader = this.#dwarf.sections.reader(section, offset);
    const { length, offsetSize } = readLength(reader);
    const end = reader.offset + length;
    if (length === 0) return end;
    const idAt = reader.offset;
    const id = readOffset(reader, offsetSize);
    const isEh = section === "eh_frame";
    const ofCie = isEh ? 0 : offsetSize === 8 ? Number(0xffffffffffffffffn) : 0xffffffff;
    if (id !== ofCie) {
      this.#dwarf.guard(() => {
        const cie = this.#cieAt(section, isEh ? idAt - id : id);
        if (!cie) return;
        const low = this.#pointer(reader, cie);
        const high = low + readEncoded(reader, cie.encoding & FORMAT, cie.addressSize);
        if (high <= low) return;
        if (cie.augmented) reader.skip(reader.uleb());
        const instructions = { start: reader.offset, end: Math.min(end, reader.length) };
        this.#descriptions.push({ low, high, cie, instructions });
      });
    }
    return end;
  }

  /** The link address where a function begins. */
  #pointer(reader: ByteReader, { encoding, addressSize }: CommonInformation): number {
    const base = (encoding & APPLICATION) === PC_RELATIVE ? reader.offset : undefined;
    const value = readEncoded(reader, encoding & FORMAT, addressSize);
    return base === undefined ? value : (this.#dwarf.sections.ehFrameAddress + base + value) >>> 0;
  }

  #cieAt(section: Section, offset: number): CommonInformation | undefined {
    const key = `${section} ${offset}`;
    if (!this.#cies.has(key)) {
      const { sections } = this.#dwarf;
      this.#cies.set(
        key,
        this.#dwarf.guard(() => readCie(sections.reader(section, offset), section)),
      );
    }
    return this.#cies.get(key);
  }

  /** The entry of the function at a link address. */
  descriptionAt(address: number): FrameDescription | undefined {
    let low = 0;
    let high = this.#descriptions.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#descriptions[middle] as FrameDescription).low <= address) low = middle + 1;
      else high = middle;
    }
    const found = this.#descriptions[low - 1];
    return found && address < found.high ? found : undefined;
  }

  /** The rules at a link address. */
  rowAt(address: number): UnwindTableRow | undefined {
    const fde = this.descriptionAt(address);
    return fde && this.#dwarf.guard(() => this.#execute(fde, address));
  }

  #execute(fde: FrameDescription, address: number): UnwindTableRow {
    const { cie } = fde;
    const state: State = { address: fde.low, cfa: undefined, registers: new Map() };
    const run = (range: { start: number; end: number }, initial: State | undefined) =>
      new RowProgram(this.#dwarf.sections.reader(cie.section, range.start), cie, initial).run(
        state,
        range.end,
        address,
      );
    run(cie.instructions, undefined);
    const initial: State = { ...state, registers: new Map(state.registers) };
    run(fde.instructions, initial);
    const { cfa, registers } = state;
    return { cfa, registers, returnAddressRegister: cie.returnAddressRegister };
  }
}

/** Pointer encodings (Linux Standard Base Core 5.0, section 10.5.1). */
const FORMAT = 0x0f;
const APPLICATION = 0x70;
const PC_RELATIVE = 0x10;

function readEncoded(reader: ByteReader, format: number, addressSize: number): number {
  switch (format) {
    case 0x00:
      return readAddress(reader, addressSize);
    case 0x02:
      return reader.u16();
    case 0x03:
      return reader.u32();
    case 0x0a:
      return (reader.u16() << 16) >> 16;
    case 0x0b:
      return reader.u32() | 0;
    default:
      throw reader.error(`an encoding of addresses that is known, not 0x${format.toString(16)}`);
  }
}

/** What an augmentation such as `zPLR` adds to a CIE: how its entries write addresses. */
function readAugmentation(reader: ByteReader, augmentation: string): number {
  if (augmentation === "") return 0;
  if (!augmentation.startsWith("z")) throw reader.error(`no augmentation "${augmentation}"`);
  const end = reader.uleb() + reader.offset;
  let encoding = 0;
  for (const letter of augmentation.slice(1)) {
    if (letter === "R") encoding = reader.u8();
    else if (letter === "L") reader.skip(1);
    else if (letter === "P") readEncoded(reader, reader.u8() & FORMAT, 4);
  }
  reader.seek(end);
  return encoding;
}

function readCie(reader: ByteReader, section: Section): CommonInformation {
  const { length, offsetSize } = readLength(reader);
  const end = Math.min(reader.offset + length, reader.length);
  readOffset(reader, offsetSize);
  const version = reader.u8();
  if (version !== 1 && version !== 3 && version !== 4) {
    throw reader.error(`frame information of version 1, 3 or 4, not ${version}`);
  }
  const augmentation = reader.cString();
  let addressSize = 4;
  if (version === 4) {
    addressSize = reader.u8();
    reader.skip(1);
  }
  const codeAlignment = reader.uleb();
  const dataAlignment = reader.sleb();
  const returnAddressRegister = version === 1 ? reader.u8() : reader.uleb();
  const encoding = readAugmentation(reader, augmentation);
  return {
    section,
    codeAlignment,
    dataAlignment,
    returnAddressRegister,
    addressSize,
    encoding,
    augmented: augmentation !== "",
    instructions: { start: reader.offset, end },
  };
}

/** Executes call frame instructions until they pass an address. */
class RowProgram {
  readonly #reader: ByteReader;
  readonly #cie: CommonInformation;
  /** What DW_CFA_restore goes back to; `undefined` in the CIE itself. */
  readonly #initial: State | undefined;
  readonly #remembered: { cfa: CfaRule | undefined; registers: Map<number, RegisterRule> }[] = [];

  constructor(reader: ByteReader, cie: CommonInformation, initial: State | undefined) {
    this.#reader = reader;
    this.#cie = cie;
    this.#initial = initial;
  }

  run(state: State, end: number, address: number): void {
    while (this.#reader.offset < end) {
      this.#step(state);
      if (state.address > address) return;
    }
  }

  #step(state: State): void {
    const reader = this.#reader;
    const opcode = reader.u8();
    const low = opcode & 0x3f;
    switch (opcode & 0xc0) {
      case C.DW_CFA_advance_loc:
        this.#advance(state, low);
        return;
      case C.DW_CFA_offset:
        this.#save(state, low, reader.uleb());
        return;
      case C.DW_CFA_restore:
        this.#restore(state, low);
        return;
      default:
        if (!this.#cfa(opcode, state) && !this.#rule(opcode, state)) this.#other(opcode, state);
    }
  }

  #advance(state: State, delta: number): void {
    state.address += delta * this.#cie.codeAlignment;
  }

  #save(state: State, register: number, factored: number): void {
    state.registers.set(register, {
      kind: "offset",
      offset: factored * this.#cie.dataAlignment,
    });
  }

  #restore(state: State, register: number): void {
    const rule = this.#initial?.registers.get(register);
    if (rule) state.registers.set(register, rule);
    else state.registers.delete(register);
  }

  #cfa(opcode: number, state: State): boolean {
    const reader = this.#reader;
    const factor = this.#cie.dataAlignment;
    const current = state.cfa?.kind === "register" ? state.cfa : { register: 0, offset: 0 };
    const set = (register: number, offset: number) => {
      state.cfa = { kind: "register", register, offset };
    };
    switch (opcode) {
      case C.DW_CFA_def_cfa:
        set(reader.uleb(), reader.uleb());
        return true;
      case C.DW_CFA_def_cfa_sf:
        set(reader.uleb(), reader.sleb() * factor);
        return true;
      case C.DW_CFA_def_cfa_register:
        set(reader.uleb(), current.offset);
        return true;
      case C.DW_CFA_def_cfa_offset:
        set(current.register, reader.uleb());
        return true;
      case C.DW_CFA_def_cfa_offset_sf:
        set(current.register, reader.sleb() * factor);
        return true;
      case C.DW_CFA_def_cfa_expression:
        state.cfa = { kind: "expression", expression: reader.slice(reader.uleb()) };
        return true;
      default:
        return false;
    }
  }

  #rule(opcode: number, state: State): boolean {
    const reader = this.#reader;
    const factor = this.#cie.dataAlignment;
    const set = (register: number, rule: RegisterRule) => state.registers.set(register, rule);
    switch (opcode) {
      case C.DW_CFA_offset_extended:
        this.#save(state, reader.uleb(), reader.uleb());
        return true;
      case C.DW_CFA_offset_extended_sf:
        this.#save(state, reader.uleb(), reader.sleb());
        return true;
      case C.DW_CFA_GNU_negative_offset_extended:
        this.#save(state, reader.uleb(), -reader.uleb());
        return true;
      case C.DW_CFA_restore_extended:
        this.#restore(state, reader.uleb());
        return true;
      case C.DW_CFA_undefined:
        set(reader.uleb(), { kind: "undefined" });
        return true;
      case C.DW_CFA_same_value:
        set(reader.uleb(), { kind: "sameValue" });
        return true;
      case C.DW_CFA_register:
        set(reader.uleb(), { kind: "register", register: reader.uleb() });
        return true;
      case C.DW_CFA_val_offset:
        set(reader.uleb(), { kind: "valueOffset", offset: reader.uleb() * factor });
        return true;
      case C.DW_CFA_val_offset_sf:
        set(reader.uleb(), { kind: "valueOffset", offset: reader.sleb() * factor });
        return true;
      case C.DW_CFA_expression:
        set(reader.uleb(), { kind: "expression", expression: reader.slice(reader.uleb()) });
        return true;
      case C.DW_CFA_val_expression:
        set(reader.uleb(), { kind: "valueExpression", expression: reader.slice(reader.uleb()) });
        return true;
      default:
        return false;
    }
  }

  #other(opcode: number, state: State): void {
    const reader = this.#reader;
    switch (opcode) {
      case C.DW_CFA_nop:
        return;
      case C.DW_CFA_set_loc:
        state.address = readAddress(reader, this.#cie.addressSize);
        return;
      case C.DW_CFA_advance_loc1:
        this.#advance(state, reader.u8());
        return;
      case C.DW_CFA_advance_loc2:
        this.#advance(state, reader.u16());
        return;
      case C.DW_CFA_advance_loc4:
        this.#advance(state, reader.u32());
        return;
      case C.DW_CFA_GNU_args_size:
        reader.uleb();
        return;
      case C.DW_CFA_remember_state:
        if (this.#remembered.length > 100) throw reader.error("fewer remembered states");
        this.#remembered.push({ cfa: state.cfa, registers: new Map(state.registers) });
        return;
      case C.DW_CFA_restore_state: {
        const saved = this.#remembered.pop();
        if (!saved) throw reader.error("a remembered state to restore");
        state.cfa = saved.cfa;
        state.registers = saved.registers;
        return;
      }
      default:
        throw new UserError(
          `${reader.name}: unknown call frame instruction 0x${opcode.toString(16)}`,
        );
    }
  }
}
