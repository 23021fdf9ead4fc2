// What the engine works out of a scene before it judges: the instruction, the access, the place in the source.

import type { Frame } from "../symbols/model.js";
import { FunctionCode, instructionText } from "./code.js";
import { Cfsr, type CfsrFlag, flagsOfNow } from "./flags.js";
import { type Transfer, touched, transferOf } from "./instructions.js";
import type { Access, Explanation, Scene, SourcePlace } from "./model.js";
import { rangeAt } from "./regions.js";

const SP = 13;
const PC = 15;
const XPSR = 16;
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
  /** The innermost frame. */
  frame: Frame | undefined;
  /** The innermost one whose code is not of a library. */
  own: Frame | undefined;
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
  const touches = transfer && pc !== undefined ? touched(transfer, registers, pc) : undefined;
  const standing = { pc, xpsr: registers[XPSR], text, transfer, touches, ranges: scene.ranges };
  const status = cause.isa === "cortex-m" ? cause.status : undefined;
  const cfsr = status === undefined ? 0 : flagsOfNow(status.cfsr, status.mmfar, standing);
  const [frame] = scene.frames;
  const own = scene.frames.find(each => !isOfLibrary(each)) ?? frame;
  return {
    scene,
    name: process.name,
    pc,
    sp: registers[riscv ? RISCV_SP : SP],
    text,
    transfer,
    access: accessOf(scene, transfer, touches, cfsr),
    frame,
    own,
    place: own === undefined ? null : placeOf(own),
    has: flag => (cfsr & Cfsr[flag]) !== 0,
  };
}

const LIBRARY_PATH =
  /(?:^|\/)(?:newlib|picolibc|libgcc|libstdc\+\+-v3|libtock-(?:newlib|libc\+\+)-[^/]+)\/|\/rustc\/|\/library\/(?:core|alloc|std)\//;

/** Code that the compiler brings, of which a programmer has no source; also what has no source at all. */
export const isOfLibrary = ({ location }: Frame): boolean =>
  location === null || location.line === 0 || LIBRARY_PATH.test(location.path);

export const placeOf = ({ location, name }: Frame): SourcePlace | null =>
  location === null || location.line === 0 ? null : { ...location, function: name };

/** The address register of the fault status where it is valid, else what the operands give. */
function accessOf(
  scene: Scene,
  transfer: Transfer | undefined,
  operands: ReturnType<typeof touched>,
  cfsr: number,
): Explanation["access"] {
  const { cause } = scene;
  const kind = transfer?.kind ?? "access";
  if (cause.isa === "riscv") {
    const write = cause.mcause === 6 || cause.mcause === 7 || cause.mcause === 15;
    const data = [4, 5, 6, 7, 13, 15].includes(cause.mcause);
    return data ? { kind: write ? "write" : "read", address: cause.mtval, size: null } : null;
  }
  const status = cause.isa === "cortex-m" ? cause.status : undefined;
  const size = operands?.size ?? null;
  if (status !== undefined && (cfsr & Cfsr.MMARVALID) !== 0)
    return { kind: transfer?.kind ?? refusedAt(scene, status.mmfar), address: status.mmfar, size };
  if (status !== undefined && (cfsr & Cfsr.BFARVALID) !== 0)
    return { kind, address: status.bfar, size };
  return operands === undefined ? null : { kind, ...operands };
}

/** What the MPU must have refused of an unknown instruction: a region that may be read refuses writes alone. */
function refusedAt(scene: Scene, address: number): Access | "access" {
  const range = rangeAt(scene, address);
  return range?.read && !range.write ? "write" : "access";
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
