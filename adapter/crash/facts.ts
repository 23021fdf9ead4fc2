// What the engine works out of a scene before it judges: the instruction, the access, the place in the source.

import type { Frame } from "../symbols/model.js";
import { FunctionCode, instructionText } from "./code.js";
import { type Transfer, touched, transferOf } from "./instructions.js";
import type { Explanation, Scene, SourcePlace } from "./model.js";

/** Bits of CFSR (ARMv7-M ARM B3.2.15). */
export const Cfsr = {
  IACCVIOL: 1 << 0,
  DACCVIOL: 1 << 1,
  MUNSTKERR: 1 << 3,
  MSTKERR: 1 << 4,
  MMARVALID: 1 << 7,
  IBUSERR: 1 << 8,
  PRECISERR: 1 << 9,
  IMPRECISERR: 1 << 10,
  UNSTKERR: 1 << 11,
  STKERR: 1 << 12,
  BFARVALID: 1 << 15,
  UNDEFINSTR: 1 << 16,
  INVSTATE: 1 << 17,
  INVPC: 1 << 18,
  NOCP: 1 << 19,
  UNALIGNED: 1 << 24,
  DIVBYZERO: 1 << 25,
} as const;
export type CfsrFlag = keyof typeof Cfsr;

const SP = 13;
const PC = 15;
/** x2, and where the pc stands behind x0 to x31. */
const RISCV_SP = 2;
const RISCV_PC = 32;

export interface Facts {
  scene: Scene;
  /** Of the process. */
  name: string;
  pc: number | undefined;
  sp: number | undefined;
  /** The instruction at the pc, where it can be read. */
  text: string | undefined;
  transfer: Transfer | undefined;
  /** What was read or written, as far as it can be known. */
  access: Explanation["access"];
  /** The innermost frame whose code is the app's. */
  frame: Frame | undefined;
  place: SourcePlace | null;
  has(flag: CfsrFlag): boolean;
}

export function factsOf(scene: Scene): Facts {
  const { registers, cause, process, memory } = scene;
  const riscv = cause.isa === "riscv";
  const counter = registers[riscv ? RISCV_PC : PC];
  const pc = counter === undefined ? undefined : (counter & ~1) >>> 0;
  const text = riscv || pc === undefined ? undefined : instructionText(memory, pc);
  const transfer = text === undefined ? undefined : transferOf(text);
  const cfsr = cause.isa === "cortex-m" ? cause.status.cfsr : 0;
  const [frame] = scene.frames;
  return {
    scene,
    name: process.name,
    pc,
    sp: registers[riscv ? RISCV_SP : SP],
    text,
    transfer,
    access: accessOf(scene, transfer, pc),
    frame,
    place: frame === undefined ? null : placeOf(frame),
    has: flag => (cfsr & Cfsr[flag]) !== 0,
  };
}

export const placeOf = ({ location, name }: Frame): SourcePlace | null =>
  location === null || location.line === 0 ? null : { ...location, function: name };

/** The address register of the fault status where it is valid, else what the operands give. */
function accessOf(
  { cause, registers }: Scene,
  transfer: Transfer | undefined,
  pc: number | undefined,
): Explanation["access"] {
  const operands = transfer && pc !== undefined ? touched(transfer, registers, pc) : undefined;
  const kind = transfer?.kind ?? "read";
  if (cause.isa === "riscv") {
    const write = cause.mcause === 6 || cause.mcause === 7 || cause.mcause === 15;
    const data = [4, 5, 6, 7, 13, 15].includes(cause.mcause);
    return data ? { kind: write ? "write" : "read", address: cause.mtval, size: null } : null;
  }
  const status = cause.isa === "cortex-m" ? cause.status : undefined;
  const size = operands?.size ?? null;
  if (status !== undefined && (status.cfsr & Cfsr.MMARVALID) !== 0)
    return { kind, address: status.mmfar, size };
  if (status !== undefined && (status.cfsr & Cfsr.BFARVALID) !== 0)
    return { kind, address: status.bfar, size };
  return operands === undefined ? null : { kind, ...operands };
}

/** Frames of the function in which a frame stands: the calls inlined around it, and its own. */
export function physicalFrames(scene: Scene, first: number): readonly Frame[] {
  const frame = scene.frames[first];
  if (frame === undefined) return [];
  const end = scene.frames.findIndex((each, i) => i >= first && each.inlineDepth === 0);
  return scene.frames.slice(first, end < 0 ? undefined : end + 1);
}

/** The function around `pc`, if the symbols know one. */
export function codeAround(
  { symbols, memory }: Pick<Scene, "symbols" | "memory">,
  pc: number,
): FunctionCode | undefined {
  if (symbols?.symbolAt(pc) === undefined && symbols?.functionAt(pc) === undefined)
    return undefined;
  return new FunctionCode(symbols, memory, pc);
}
