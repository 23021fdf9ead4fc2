// What a function was called with: by the ABI in registers at the call, worked out from the caller's code.
import type { Abi } from "../symbols/abi.js";
import type { Frame, MemoryReader } from "../symbols/model.js";
import { codeAround } from "./facts.js";
import type { Scene } from "./model.js";
import { originsOf } from "./origin.js";

const LONGEST_TEXT = 256;

/** Values of the first arguments of the function in `frame`; `undefined` where the caller's code does not tell. */
export function argumentsOfCall(
  scene: Scene,
  frame: Frame,
  count: number,
): readonly (number | undefined)[] {
  const index = scene.frames.indexOf(frame);
  const innermost = index === 0;
  const entry = scene.symbols?.functionAt(frame.lookupPc)?.entry ?? entryBySymbol(scene, frame);
  const { abi } = scene.architecture;
  const registers = abi.arguments.slice(0, count);
  // Nothing has been changed at the first instruction.
  if (innermost && frame.pc === entry) return registers.map(each => scene.registers[each]);
  const caller = scene.frames.slice(index + 1).find(each => each.inlineDepth === 0);
  const code = caller && codeAround(scene, caller.lookupPc);
  const call = caller && code?.endingAt(caller.pc);
  if (caller === undefined || code === undefined || call === undefined) return [];
  const trace = {
    code,
    abi,
    memory: scene.memory,
    registers: callRegisters(caller, abi),
    pc: call.address,
  };
  return registers.map(register => {
    const values = originsOf(trace, register).map(origin => origin.value);
    return values.every(value => value === values[0]) ? values[0] : undefined;
  });
}

const entryBySymbol = ({ symbols }: Scene, { lookupPc }: Frame): number | undefined => {
  const symbol = symbols?.symbolAt(lookupPc);
  return symbol && lookupPc - symbol.offset;
};

/** What a call may change is not known from before it. */
const callRegisters = ({ registers }: Frame, abi: Abi): readonly (number | undefined)[] =>
  registers.map((value, i) =>
    abi.kept.includes(i) || abi.constants.has(i) || i === abi.sp || i === abi.pc
      ? value
      : undefined,
  );

/** A string of C; `undefined` if no printable text lies there. */
export function textAt(memory: MemoryReader, address: number | undefined): string | undefined {
  if (address === undefined) return undefined;
  for (let length = 0; length < LONGEST_TEXT; length++) {
    const byte = memory.read(address + length, 1)?.[0];
    if (byte === undefined) return undefined;
    if (byte === 0) return length === 0 ? undefined : textOf(memory, address, length);
  }
  return undefined;
}

/** Printable text of a known length. */
export function textOf(memory: MemoryReader, address: number, length: number): string | undefined {
  const bytes = memory.read(address, length);
  if (bytes === undefined || bytes.some(byte => byte < 32 && byte !== 9 && byte !== 10))
    return undefined;
  return new TextDecoder().decode(bytes);
}
