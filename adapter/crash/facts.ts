// What the engine works out of a scene before it judges: the instruction, the access, the place in the source.

import { instructionAt } from "../flow.js";
import type { Frame } from "../symbols/model.js";
import { type Effects, type Transfer, touched } from "./architecture.js";
import { FunctionCode, halfwords } from "./code.js";
import { Cfsr, type CfsrFlag, flagsOfNow } from "./flags.js";
import type { Access, Explanation, Scene, SourcePlace } from "./model.js";
import { rangeAt } from "./regions.js";

const XPSR = 16;

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
  /** The innermost one whose code is of no library, libtock-c among them. */
  own: Frame | undefined;
  place: SourcePlace | null;
  has(flag: CfsrFlag): boolean;
}

export function factsOf(scene: Scene): Facts {
  const { registers, cause, process, ranges, architecture } = scene;
  const { abi } = architecture;
  const counter = registers[abi.pc];
  const pc = counter === undefined ? undefined : (counter & ~1) >>> 0;
  const { text, transfer } = pc === undefined ? NO_INSTRUCTION : instructionOf(scene, pc);
  const touches = transfer && touched(transfer, registers);
  const status = cause.isa === "cortex-m" ? cause.status : undefined;
  const standing = { pc, xpsr: registers[XPSR], text, transfer, touches, ranges };
  const cfsr = status === undefined ? 0 : flagsOfNow(knownFlags(scene), status.mmfar, standing);
  const [frame] = scene.frames;
  const own = ownFrame(scene.frames) ?? frame;
  return {
    scene,
    name: process.name,
    pc,
    sp: registers[abi.sp],
    text,
    transfer,
    access: accessOf(scene, transfer, touches, cfsr),
    frame,
    own,
    place: own === undefined ? null : placeOf(own),
    has: flag => (cfsr & Cfsr[flag]) !== 0,
  };
}

/** CFSR, in which no address is valid that is not there. */
function knownFlags({ cause }: Scene): number {
  if (cause.isa !== "cortex-m") return 0;
  const { status, lost = [] } = cause;
  return lost.reduce(
    (flags, name) => flags & ~(name === "MMFAR" ? Cfsr.MMARVALID : Cfsr.BFARVALID),
    status.cfsr,
  );
}

const NO_INSTRUCTION = { text: undefined, transfer: undefined };

function instructionOf(
  { architecture, memory }: Scene,
  pc: number,
): { text: string | undefined; transfer: Transfer | undefined } {
  const read16 = halfwords(memory);
  if (read16(pc) === undefined) return NO_INSTRUCTION;
  const instruction = instructionAt(architecture.isa, pc, read16);
  const { transfer } = architecture.effectsOf(instruction, read16);
  return { text: instruction.text, transfer };
}

/** What the instruction at an address does; `undefined` where no code is known. */
export function effectsAt({ architecture, memory }: Scene, address: number): Effects | undefined {
  const read16 = halfwords(memory);
  return read16(address) === undefined
    ? undefined
    : architecture.effectsOf(instructionAt(architecture.isa, address, read16), read16);
}

const LIBRARY_PATH =
  /(?:^|\/)(?:newlib|picolibc|libgcc|libstdc\+\+-v3|libtock-(?:newlib|libc\+\+)-[^/]+)\/|\/rustc\/|\/library\/(?:core|alloc|std)\//;

/** Code that the compiler brings, of which a programmer has no source; also what has no source at all. */
export const isOfLibrary = ({ location }: Frame): boolean =>
  location === null || location.line === 0 || LIBRARY_PATH.test(location.path);

/** libtock-c's own sources, through which apps ask the kernel for all that they get. */
const LIBTOCK_PATH = /(?:^|\/)libtock(?:-sync)?\/(?:[\w-]+\/)*[\w-]+\.[ch]$/;

const isOfLibtock = ({ location }: Frame): boolean => LIBTOCK_PATH.test(location?.path ?? "");

/** Of what the kernel called last, the innermost function of the app itself; else the innermost with a source. */
function ownFrame(frames: readonly Frame[]): Frame | undefined {
  const upcall = frames.findIndex(each => each.upcall);
  const running = upcall < 0 ? frames : frames.slice(0, upcall + 1);
  return (
    running.find(each => !isOfLibrary(each) && !isOfLibtock(each)) ??
    frames.find(each => !isOfLibrary(each))
  );
}

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
    const { mcause, mtval } = cause;
    if (![4, 5, 6, 7, 13, 15].includes(mcause)) return null;
    // A processor may leave mtval 0 (privileged ISA 3.1.16).
    const address = mtval === 0 ? (operands?.address ?? 0) : mtval;
    const told = mcause === 6 || mcause === 7 || mcause === 15 ? "write" : "read";
    // Some processors report stores as loads.
    return { kind: transfer?.kind ?? told, address, size: operands?.size ?? null };
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
  { symbols, memory, architecture }: Pick<Scene, "symbols" | "memory" | "architecture">,
  pc: number,
): FunctionCode | undefined {
  if (symbols?.symbolAt(pc) === undefined && symbols?.functionAt(pc) === undefined)
    return undefined;
  return new FunctionCode(symbols, { architecture, memory }, pc);
}
