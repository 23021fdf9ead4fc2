// A crash as plain JSON for panel, terminal and language server: what scenes say of each process, and the explanation.
import { hex8 } from "../../emulator/index.js";
import { remarkOf } from "../stack.js";
import { driverText, syscallText } from "../syscall-text.js";
import { decodeRegister, isAddressValid } from "./decode.js";
import { explain } from "./explain.js";
import { placeOf } from "./facts.js";
import { markdownOf } from "./markdown.js";
import type { CrashBody, CrashFrame, CrashProcess, CrashRegister, Scene } from "./model.js";
import { rangeAt, regionAt, rightsText } from "./regions.js";
import { segmentsOf } from "./segments.js";

/** What a body needs beside the scenes. */
export interface BodyContext {
  kernelVersion: string | null;
  notes: readonly string[];
  /** Tock's text. */
  dump: string;
  /** Thread of each scene, in their order, of a live session. */
  threads?: readonly number[];
}

/** The first scene is the one that is explained. @throws Error if there is none */
export function crashBody(scenes: readonly Scene[], context: BodyContext): CrashBody {
  const [first] = scenes;
  if (first === undefined) throw new Error("a crash body needs a scene");
  const body: CrashBody = {
    schema: 1,
    origin: first.origin,
    kernelVersion: context.kernelVersion,
    panic: first.panic,
    processes: scenes.map((scene, i) => crashProcess(scene, context.threads?.[i])),
    faultStatus: faultStatus(first),
    explanation: explain(first),
    notes: context.notes,
    dump: context.dump,
    markdown: "",
  };
  return { ...body, markdown: markdownOf(body) };
}

function crashProcess(scene: Scene, threadId: number | undefined): CrashProcess {
  const { process, ranges, frames } = scene;
  return {
    name: process.name,
    state: process.state,
    ...(threadId === undefined ? {} : { threadId }),
    segments: segmentsOf(scene),
    ranges,
    grants: process.grants
      .filter(({ size }) => size > 0)
      .map(grant => ({ ...grant, driverName: driverText(grant.driver).replace(/ \(.*/, "") })),
    registers: registersOf(scene),
    stack: frames.map(
      (frame): CrashFrame => ({
        address: frame.pc,
        name: `${frame.name}${remarkOf(frame)}`,
        place: placeOf(frame),
      }),
    ),
    lastSyscall: process.lastSyscall === null ? null : syscallText(process.lastSyscall),
  };
}

function registersOf(scene: Scene): CrashRegister[] {
  if (scene.registers.length === 0) return [];
  const { isa, abi } = scene.architecture;
  // Those of the program, and what stands beside its pc; the others are the kernel's.
  const shown = isa.registers.slice(0, abi.pc + 2);
  return shown.map(({ name }, i) => registerOf(scene, name, scene.registers[i]));
}

function registerOf(scene: Scene, name: string, value: number | undefined): CrashRegister {
  if (value === undefined) return { name, value: null, meaning: "", fields: [] };
  const fields = decodeRegister(name, value);
  const back = name === "lr" || name === "ra" ? 1 : 0;
  return { name, value, meaning: fields.length > 0 ? "" : meaningOf(scene, value, back), fields };
}

/**
 * What an address is: code by name and line, data by name, else the region it lies in. The line is that of the byte
 * `back` bytes in front, as the call in front of a return address has.
 */
export function meaningOf(scene: Scene, value: number, back = 0): string {
  const { symbols } = scene;
  const code = (value & ~1) >>> 0;
  const isCode = symbols?.functionAt(code) !== undefined;
  const region = regionAt(scene, value);
  if (region.kind === "stack") return region.text;
  const symbol = symbols?.symbolAt(isCode ? code : value);
  if (symbol !== undefined) {
    const name =
      symbol.offset === 0 ? symbol.name : `${symbol.name}+0x${symbol.offset.toString(16)}`;
    const location = isCode ? symbols?.locationAt(code - back) : null;
    const line =
      location && location.line > 0 ? ` (${location.path.split("/").at(-1)}:${location.line})` : "";
    return `${name}${line}`;
  }
  const ours = ["stack", "data", "heap", "unused", "grant", "kernel-part", "app-flash", "header"];
  const others = ["other-ram", "other-flash"];
  return [...ours, ...others].includes(region.kind) ? region.text : "";
}

function faultStatus(scene: Scene): CrashRegister[] {
  const { cause } = scene;
  if (cause.isa === "unknown") return [];
  if (cause.isa === "riscv") {
    return [
      registerOf(scene, "mcause", cause.mcause),
      { ...registerOf(scene, "mtval", cause.mtval), meaning: addressMeaning(scene, cause.mtval) },
    ];
  }
  const { cfsr, hfsr, mmfar, bfar } = cause.status;
  const flags = (name: string, value: number): CrashRegister => {
    const register = registerOf(scene, name, value);
    return value === 0 ? { ...register, meaning: "no flags" } : register;
  };
  const address = (name: "MMFAR" | "BFAR", value: number): CrashRegister =>
    cause.lost?.includes(name)
      ? { name, value: null, meaning: "not in the dump", fields: [] }
      : isAddressValid(name, cfsr)
        ? { name, value, meaning: addressMeaning(scene, value), fields: [] }
        : { name, value: null, meaning: "not valid", fields: [] };
  return [flags("CFSR", cfsr), flags("HFSR", hfsr), address("MMFAR", mmfar), address("BFAR", bfar)];
}

function addressMeaning(scene: Scene, address: number): string {
  const range = rangeAt(scene, address);
  const meaning = meaningOf(scene, address) || regionAt(scene, address).text;
  const unit = scene.architecture.protection.name;
  return range === undefined
    ? meaning
    : `${meaning}, ${unit} ${range.region} (${rightsText(range)})`;
}

/** For texts: a register's value, or that it is not known. */
export const registerText = ({ value }: CrashRegister): string =>
  value === null ? "unknown" : hex8(value);
