// DwarfUnwinder: from registers to the stack of calls, by call frame information (DWARF 5 section 6.4).
import { hex } from "../../emulator/base/bits.js";
import { type ExpressionContext, evaluateValue } from "../dwarf/expression.js";
import type { CfaRule, RegisterRule, UnwindTableRow } from "../dwarf/frame.js";
import { type Abi, abiOf } from "./abi.js";
import type { Frame, MemoryReader, RegisterValues, Unwinder } from "./model.js";
import type { DwarfSymbols } from "./table.js";

/** libtock-c's and libtock-rs's first functions: nobody called them. */
const OUTERMOST = new Set(["_start", "start", "rust_start"]);

const MOST_FRAMES = 1000;

/** Where a frame stands. */
interface Standing {
  /** At the instruction that is next, not behind a call. */
  innermost: boolean;
  /** The link register is still what the function got. */
  hasLink: boolean;
}

const INNERMOST: Standing = { innermost: true, hasLink: true };

export class DwarfUnwinder implements Unwinder {
  readonly #symbols: DwarfSymbols;
  readonly #abi: Abi;

  constructor(symbols: DwarfSymbols) {
    this.#symbols = symbols;
    this.#abi = abiOf(symbols.image.elf.machine);
  }

  frames(
    registers: RegisterValues,
    memory: MemoryReader,
    limit: number = MOST_FRAMES,
  ): readonly Frame[] {
    return this.#ownFrames(registers, memory, limit)
      .flatMap(frame => this.#withInlined(frame))
      .slice(0, limit);
  }

  /** One frame for each function that has a frame on the stack, inlined calls left out. */
  #ownFrames(registers: RegisterValues, memory: MemoryReader, limit: number): readonly Frame[] {
    const frames: Frame[] = [];
    let frame = this.#frame(registers, memory, INNERMOST);
    while (frame) {
      frames.push(frame);
      frame = frames.length < limit ? frame.caller?.() : undefined;
    }
    return frames;
  }

  /** What called the function of `callee`, or the last of those that ended with a jump to it. */
  #callerOf(callee: Frame, memory: MemoryReader, standing: Standing): Frame | undefined {
    const name = this.#symbols.functionAt(callee.lookupPc)?.name ?? callee.name.split("+")[0];
    if (OUTERMOST.has(name ?? "")) return undefined;
    const registers = this.#callerRegisters(callee, memory, standing);
    const frame = registers && this.#frame(registers, memory, this.#behindCallOf(callee));
    if (!frame || !this.#isOutside(frame, callee)) return undefined;
    callee.upcall = this.#followsSystemCall(frame.pc, memory);
    return callee.upcall ? frame : (this.#tailFrames(callee, frame)[0] ?? frame);
  }

  /**
   * Functions that ended with a jump on the way from `caller` to `callee`, innermost first. At the jump they had
   * restored what belongs to the caller.
   */
  #tailFrames(callee: Frame, caller: Frame): Frame[] {
    const frames: Frame[] = [];
    for (const tail of this.#symbols.locator.tailCalls(callee, caller)) {
      const pc = this.#symbols.image.toRuntime(tail.returnAddress);
      const frame: Frame = {
        pc,
        lookupPc: pc - 1,
        cfa: callee.cfa,
        registers: caller.registers.with(this.#abi.pc, pc),
        name: tail.function.name,
        location: this.#symbols.locationAt(pc - 1),
        upcall: false,
        inlineDepth: 0,
        tailCall: true,
      };
      const outer = frames[0] ?? caller;
      frame.caller = () => outer;
      frames.unshift(frame);
    }
    return frames;
  }

  /** The inlined calls in which `frame` stands, innermost first, and the frame itself. */
  #withInlined(frame: Frame): Frame[] {
    const calls = this.#symbols.inlinedAt(frame.lookupPc);
    if (calls.length === 0) return [frame];
    const frames: Frame[] = [];
    let { location } = frame;
    for (const [depth, { name, callSite }] of [...calls.entries()].reverse()) {
      frames.push({ ...frame, name, location, upcall: false, inlineDepth: depth + 1 });
      location = callSite;
    }
    return [...frames, { ...frame, location }];
  }

  /** Of a function that has called `callee`: functions that save registers for others return by another one than ra. */
  #behindCallOf({ lookupPc }: Frame): Standing {
    const { link } = this.#abi;
    const register = this.#rowAt(lookupPc)?.returnAddressRegister ?? link;
    return { innermost: false, hasLink: register !== link };
  }

  #frame(registers: RegisterValues, memory: MemoryReader, standing: Standing): Frame | undefined {
    const { innermost } = standing;
    const abi = this.#abi;
    const value = registers[abi.pc];
    if (value === undefined) return undefined;
    const pc = (value & ~1) >>> 0;
    const lookupPc = innermost ? pc : pc - 1;
    const row = this.#rowAt(lookupPc);
    const returns = innermost && abi.isReturn(memory, pc);
    const frame: Frame = {
      pc,
      lookupPc,
      registers: registers.with(abi.pc, pc),
      // Whatever a function returns with, its stack is the caller's then; libgcc's call frame information errs there.
      cfa: returns ? registers[abi.sp] : row?.cfa && cfaOf(row.cfa, registers, memory),
      name: this.#nameOf(lookupPc, pc),
      location: this.#symbols.locationAt(lookupPc),
      upcall: false,
      inlineDepth: 0,
    };
    frame.caller = once(() => this.#callerOf(frame, memory, standing));
    return frame;
  }

  /**
   * Each caller's frame lies above its callee's, or begins where it does if one of them has nothing on the stack; but no
   * function calls itself without a return address on the stack.
   */
  #isOutside(frame: Frame, callee: Frame): boolean {
    if (frame.cfa === undefined || callee.cfa === undefined) return true;
    if (frame.cfa !== callee.cfa) return frame.cfa > callee.cfa;
    return this.#startOf(frame) !== this.#startOf(callee);
  }

  /** Of the function in which a frame stands. */
  #startOf({ lookupPc }: Frame): number {
    return lookupPc - (this.#symbols.symbolAt(lookupPc)?.offset ?? 0);
  }

  #rowAt(lookupPc: number): UnwindTableRow | undefined {
    const linked = this.#symbols.codeAddress(lookupPc);
    return linked === undefined ? undefined : this.#symbols.dwarf.frames.rowAt(linked);
  }

  #nameOf(lookupPc: number, pc: number): string {
    const name = this.#symbols.functionAt(lookupPc)?.name;
    if (name !== undefined) return name;
    const symbol = this.#symbols.symbolAt(lookupPc);
    if (!symbol) return hex(pc, 8);
    const offset = symbol.offset + pc - lookupPc;
    return offset === 0 ? symbol.name : `${symbol.name}+${hex(offset)}`;
  }

  /** `undefined`: this is the outermost frame that can be known. */
  #callerRegisters(
    frame: Frame,
    memory: MemoryReader,
    { innermost, hasLink }: Standing,
  ): RegisterValues | undefined {
    const row = this.#rowAt(frame.lookupPc);
    const { cfa } = frame;
    const abi = this.#abi;
    const returns = innermost && abi.isReturn(memory, frame.pc);
    if (!row || cfa === undefined || returns) {
      return innermost ? this.#callerOfLeaf(frame, returns) : undefined;
    }
    const caller: (number | undefined)[] = new Array(abi.pc + 1).fill(undefined);
    for (const register of [...abi.kept, ...abi.constants.keys(), abi.link])
      caller[register] = frame.registers[register];
    caller[abi.sp] = cfa;
    for (const [register, rule] of row.registers) {
      if (register < abi.pc) caller[register] = ruleValue(rule, register, { frame, cfa }, memory);
    }
    const rule = row.registers.get(row.returnAddressRegister);
    // A function that has called another one has its return address on the stack, or nobody knows it.
    const inRegister = hasLink ? frame.registers[row.returnAddressRegister] : undefined;
    const returnAddress = rule
      ? ruleValue(rule, row.returnAddressRegister, { frame, cfa }, memory)
      : inRegister;
    return this.#returningTo(returnAddress, caller);
  }

  /**
   * A function that returns with the next instruction, one without call frame information that has called nobody
   * yet, or a call to where no code is: the return address is in the link register and the stack is the caller's.
   */
  #callerOfLeaf(frame: Frame, returns: boolean): RegisterValues | undefined {
    const { kept, constants, link, sp: stack } = this.#abi;
    const lr = frame.registers[link];
    const sp = frame.registers[stack];
    if (lr === undefined || sp === undefined) return undefined;
    const own = this.#symbols.symbolAt(frame.pc);
    const called = this.#symbols.symbolAt((lr & ~1) - 1);
    // It points into the function itself after it made a call.
    if (!returns && own && called && own.name === called.name) return undefined;
    const caller = frame.registers.map((value, i) =>
      kept.includes(i) || constants.has(i) || i === stack || i === link ? value : undefined,
    );
    return this.#returningTo(lr, caller);
  }

  #returningTo(
    address: number | undefined,
    caller: readonly (number | undefined)[],
  ): RegisterValues | undefined {
    if (address === undefined) return undefined;
    const pc = (address & ~1) >>> 0;
    return this.#symbols.codeAddress(pc - 1) === undefined
      ? undefined
      : caller.with(this.#abi.pc, pc);
  }

  /** Whether the instruction before `pc` is a system call: only the kernel, starting an upcall, leaves such a return address. */
  #followsSystemCall(pc: number, memory: MemoryReader): boolean {
    return this.#abi.followsSystemCall(memory, pc, this.#symbols.symbolAt(pc - 1)?.offset);
  }
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

function cfaOf(rule: CfaRule, registers: RegisterValues, memory: MemoryReader): number | undefined {
  if (rule.kind === "expression") {
    return evaluateValue(rule.expression, contextOf(registers, undefined, memory));
  }
  const value = registers[rule.register];
  return value === undefined ? undefined : (value + rule.offset) >>> 0;
}

function ruleValue(
  rule: RegisterRule,
  register: number,
  callee: { frame: Frame; cfa: number },
  memory: MemoryReader,
): number | undefined {
  const { frame, cfa } = callee;
  const context = contextOf(frame.registers, cfa, memory);
  switch (rule.kind) {
    case "undefined":
      return undefined;
    case "sameValue":
      return frame.registers[register];
    case "register":
      return frame.registers[rule.register];
    case "offset":
      return readWord(memory, (cfa + rule.offset) >>> 0);
    case "valueOffset":
      return (cfa + rule.offset) >>> 0;
    case "valueExpression":
      return evaluateValue(rule.expression, context, cfa);
    case "expression": {
      const address = evaluateValue(rule.expression, context, cfa);
      return address === undefined ? undefined : readWord(memory, address);
    }
  }
}

function readWord(memory: MemoryReader, address: number): number | undefined {
  const bytes = memory.read(address, 4);
  if (!bytes || bytes.length < 4) return undefined;
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
}

/** Call frame expressions see registers and memory, nothing else. */
function contextOf(
  registers: RegisterValues,
  cfa: number | undefined,
  memory: MemoryReader,
): ExpressionContext {
  const nothing = () => undefined;
  return {
    referenceSize: 4,
    register: register => registers[register],
    read: (address, length) => memory.read(address, length),
    cfa: () => cfa,
    relocate: linked => linked,
    frameBase: nothing,
    indexedAddress: nothing,
    entryValue: nothing,
    baseType: nothing,
    subexpression: nothing,
  };
}
