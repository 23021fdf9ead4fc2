// Writes what the user assigns: to variables, to registers of a process, and to memory.
import { hex8, UserError } from "../emulator/index.js";
import { assign, type Write } from "./assign.js";
import { contextOf, framelessContextOf } from "./context.js";
import type { Debuggee } from "./debuggee.js";
import * as errors from "./errors.js";

import type { FrameReference } from "./variables.js";

const PC = 15;

/** What the user has changed: bytes of memory, registers of a frame, such of them that the stack hangs on, or how integers look. */
export type Change =
  | { kind: "memory"; address: number; count: number }
  | { kind: "registers" }
  | { kind: "stack" }
  | { kind: "format" };

/** r7 and r11 are frame pointers. */
const OF_THE_STACK = [7, 11, 13, 14, PC];

/** Does `target = value` in a frame: all of it, or nothing and a sentence. */
export function change(
  debuggee: Debuggee,
  reference: FrameReference,
  target: string,
  value: string,
): void {
  const assignment = assign(target, value, contextOf(debuggee, reference));
  if (assignment instanceof UserError) throw assignment;
  const { writes } = assignment;
  for (const write of writes) check(debuggee, reference, target, write);
  for (const write of writes) {
    if (write.kind === "memory") setMemory(debuggee, write.address, write.bytes);
    else writeRegister(debuggee, reference, target, write);
  }
  refresh(debuggee, reference);
}

/** The same with variables that lie at the same place at all times, so that the board may run. */
export function changeFrameless(
  debuggee: Debuggee,
  process: number,
  target: string,
  value: string,
): void {
  const assignment = assign(target, value, framelessContextOf(debuggee, process));
  if (assignment instanceof UserError) throw assignment;
  for (const write of assignment.writes) {
    if (write.kind === "register") throw errors.registerNotStored(target, debuggee.nameOf(process));
    checkMemory(debuggee, write.address, write.bytes.length);
  }
  for (const write of assignment.writes) {
    if (write.kind === "memory") setMemory(debuggee, write.address, write.bytes);
  }
}

function check(debuggee: Debuggee, reference: FrameReference, target: string, write: Write): void {
  if (write.kind === "memory") {
    checkMemory(debuggee, write.address, write.bytes.length);
    return;
  }
  // Inlined calls share the registers of the function around them.
  const frames = debuggee.frames(reference.process);
  const own = frames.findIndex(frame => frame.inlineDepth === 0);
  if (reference.depth > own) throw errors.registerOfCaller(target, write.register);
  if (debuggee.kernel.registers(reference.process) === null) {
    throw errors.noRegisters(debuggee.nameOf(reference.process));
  }
}

function writeRegister(
  debuggee: Debuggee,
  { process }: FrameReference,
  target: string,
  { register, value }: Extract<Write, { kind: "register" }>,
): void {
  const given = register === PC ? (value & ~1) >>> 0 : value;
  if (!debuggee.kernel.setRegister(process, register, given)) {
    throw errors.registerNotStored(target, debuggee.nameOf(process));
  }
  debuggee.onChange({ kind: OF_THE_STACK.includes(register) ? "stack" : "registers" });
}

function setMemory(debuggee: Debuggee, address: number, bytes: Uint8Array): void {
  debuggee.machine.memory.writeBytes(address, bytes);
  debuggee.onChange({ kind: "memory", address, count: bytes.length });
}

/** The frame with the registers that it has now. */
function refresh(debuggee: Debuggee, reference: FrameReference): void {
  const frame = debuggee.frames(reference.process)[reference.depth];
  if (frame !== undefined) reference.frame = frame;
}

/** Throws unless RAM is all that `length` bytes from `address` are. */
function checkMemory(debuggee: Debuggee, address: number, length: number): void {
  const { ram, flash } = debuggee.machine.memory.map;
  const within = ({ address: start, size }: typeof ram) =>
    address >= start && address + length <= start + size;
  if (within(flash)) throw errors.flashWrite(hex8(address));
  if (!within(ram)) throw errors.noRam(hex8(address), length);
}

/** Bytes from `address` that are RAM. */
function writableLength(debuggee: Debuggee, address: number, length: number): number {
  const { ram } = debuggee.machine.memory.map;
  const rest = ram.address + ram.size - address;
  return address < ram.address ? 0 : Math.max(0, Math.min(length, rest));
}

/** Writes `bytes`, or with `partly` as many as can be written; gives how many. */
export function writeMemory(
  debuggee: Debuggee,
  address: number,
  bytes: Uint8Array,
  partly: boolean,
): number {
  const length = partly ? writableLength(debuggee, address, bytes.length) : bytes.length;
  if (length === 0 && bytes.length === 0) return 0;
  checkMemory(debuggee, address, Math.max(1, length));
  setMemory(debuggee, address, bytes.subarray(0, length));
  return length;
}

/** A left side without a lone `=`, an operator, and the value. */
const ASSIGNMENT =
  /^((?:'(?:\\.|[^'])*'|[=!<>]=|[^='])+?)(<<|>>|[-+*/%&|^]|(?<![=!<>]))=(?!=)(.+)$/s;

/** `x = 1`, `x += 1` and their like; `undefined` if `text` assigns nothing. */
export function readAssignment(text: string): { target: string; value: string } | undefined {
  const [, left = "", operator = "", right = ""] = ASSIGNMENT.exec(text) ?? [];
  const [target, value] = [left.trim(), right.trim()];
  if (target === "" || value === "") return undefined;
  return { target, value: operator === "" ? value : `(${target}) ${operator} (${value})` };
}
