// A crash dump as a session shows it: threads, stacks, registers and what memory is known. Nothing runs in it.
import { type Isa, UserError } from "../emulator/index.js";
import { readAssignment } from "./change.js";
import { type Completions, completionsOf } from "./completions.js";
import { contextOf } from "./context.js";
import type { Architecture } from "./crash/architecture.js";
import { explain } from "./crash/explain.js";
import type { CrashBody, CrashProcess, CrashRegister, Explanation, Scene } from "./crash/model.js";
import { CORTEX_M } from "./crash/thumb.js";
import * as errors from "./errors.js";
import type { Row } from "./rows.js";
import type { Scope } from "./scopes.js";
import type { Shown } from "./shown.js";
import { processOf, type StackEntry, stackOf, type Thread, threadOf } from "./stack.js";
import type { StopInfo } from "./stops.js";
import { bareFrame, type KnownProgram, namerOf, type Subject } from "./subject.js";
import type { Frame, MemoryReader } from "./symbols/model.js";
import { ValueRows } from "./value-rows.js";
import { type FrameReference, type NumberedRow, Variables } from "./variables.js";

/** A dump with what was found to explain it. Scenes and programs are in the order of `body.processes`. */
export interface Crash {
  body: CrashBody;
  scenes: readonly Scene[];
  programs: readonly (KnownProgram | undefined)[];
}

const hex8 = (value: number): string => `0x${value.toString(16).padStart(8, "0")}`;

/** The dump in the words of stacks and scopes. */
class DumpSubject implements Subject {
  readonly isa: Isa;
  readonly memory: MemoryReader;
  readonly programs: readonly (KnownProgram | undefined)[];
  readonly #scenes: readonly Scene[];

  constructor({ scenes, programs }: Crash) {
    this.#scenes = scenes;
    this.programs = programs;
    this.isa = (scenes[0]?.architecture ?? CORTEX_M).isa;
    this.memory = {
      absent: "not in the dump:",
      read: (address, length) => {
        for (const { memory } of scenes) {
          const bytes = memory.read(address, length);
          if (bytes !== undefined) return bytes;
        }
        return undefined;
      },
    };
  }

  read16 = (address: number): number | undefined => {
    const [low, high] = this.memory.read(address, 2) ?? [];
    return low === undefined || high === undefined ? undefined : low | (high << 8);
  };

  program(index: number): KnownProgram | undefined {
    return this.programs[index];
  }

  programAt(address: number): KnownProgram | undefined {
    const index = this.#scenes.findIndex(({ process: { flash } }) => {
      return flash !== null && address >= flash.start && address < flash.end;
    });
    return this.programs[index];
  }

  isHeader(address: number): boolean {
    return this.#scenes.some(({ process: { flash } }) => {
      return flash !== null && address >= flash.start && address < flash.appStart;
    });
  }

  nameOf(index: number): string {
    return this.programs[index]?.app.name ?? this.#scenes[index]?.process.name ?? "?";
  }

  namer(index: number) {
    return namerOf(this.programs[index]);
  }

  registers(index: number): readonly (number | undefined)[] | null {
    const { registers } = this.#scenes[index] ?? {};
    return registers?.some(value => value !== undefined) ? registers : null;
  }

  frames(index: number): readonly Frame[] {
    const { frames } = this.#scenes[index] ?? {};
    if (frames !== undefined && frames.length > 0) return frames;
    const registers = this.registers(index);
    const pc = this.isa.registers.findIndex(({ name }) => name === "pc");
    return registers?.[pc] === undefined ? [] : [bareFrame(registers, pc)];
  }

  locationAt(address: number) {
    return this.programAt(address)?.symbols?.locationAt(address) ?? null;
  }
}

export class Postmortem implements Shown {
  readonly body: CrashBody;
  readonly subject: Subject;
  readonly variables = new Variables();
  readonly stoppedBy: StopInfo;
  readonly #scenes: readonly Scene[];
  readonly #architecture: Architecture;

  constructor(crash: Crash) {
    const { body } = crash;
    this.body = body;
    this.#scenes = crash.scenes;
    this.#architecture = crash.scenes[0]?.architecture ?? CORTEX_M;
    this.subject = new DumpSubject(crash);
    this.stoppedBy = {
      reason: "exception",
      threadId: threadOf(0),
      description: body.panic?.message ?? `${body.processes[0]?.name ?? "A process"} crashed`,
      text: body.explanation.verdict,
    };
  }

  explain(process: number): Explanation {
    const scene = this.#scenes[process];
    if (scene === undefined) throw errors.noSuchThread(threadOf(process));
    return process === 0 ? this.body.explanation : explain(scene);
  }

  get threads(): Thread[] {
    return this.body.processes.map(({ name, state }, index) => ({
      id: threadOf(index),
      name: `${name} ${state}`,
    }));
  }

  async stack(threadId: number): Promise<readonly (StackEntry & { id: number })[]> {
    const process = processOf(threadId);
    if (this.body.processes[process] === undefined) throw errors.noSuchThread(threadId);
    const entries = await stackOf(this.subject, process);
    return entries.map(entry => {
      const { depth, frame } = entry;
      return { ...entry, id: this.variables.addFrame({ process, depth, frame }) };
    });
  }

  scopes(frameId: number): readonly (Scope & { reference: number })[] {
    return this.#scopes(this.variables.frame(frameId)).map(scope => ({
      ...scope,
      reference: this.variables.addRows(scope.rows),
    }));
  }

  #scopes(reference: FrameReference): Scope[] {
    const { lookupPc, inlineDepth } = reference.frame;
    const symbols = this.subject.program(reference.process)?.symbols;
    const process = this.body.processes[reference.process];
    if (process === undefined) throw new Error(`process ${reference.process} is not in the dump`);
    const values = new ValueRows(this.subject, () => contextOf(this.subject, reference));
    const variables = (of: "variablesAt" | "staticsAt") => () =>
      (symbols?.[of](lookupPc, inlineDepth) ?? []).map(variable => values.variable(variable));
    const local = scopeOf("Local", variables("variablesAt"), { hint: "locals" });
    const statics = scopeOf("Static", variables("staticsAt"), { expensive: true });
    return [
      ...(symbols === undefined ? [] : [local, statics]),
      scopeOf("Process", () => processRows(process)),
      scopeOf("Grants", () => grantRows(process)),
      scopeOf(this.#protection, () => rangeRows(process)),
      scopeOf("Registers", () => this.#registerRows(process, reference), { hint: "registers" }),
      scopeOf("Fault Status", () => this.body.faultStatus.map(registerRow)),
    ];
  }

  /** `MPU`, or `PMP` of RISC-V. */
  get #protection(): string {
    return this.#architecture.protection.name.replace(/ .*/, "");
  }

  /** Of the innermost frame decoded, of its callers what the stack has kept. */
  #registerRows(process: CrashProcess, { depth, frame }: FrameReference): Row[] {
    if (depth === 0) return process.registers.map(registerRow);
    return this.subject.isa.registers.slice(0, frame.registers.length).map(({ name }, i) => {
      const value = frame.registers[i];
      return { name, value: value === undefined ? "<not in the dump>" : hex8(value) };
    });
  }

  evaluate(expression: string, frameId: number | undefined, typed: boolean): NumberedRow {
    if (typed && readAssignment(expression)) throw errors.postmortem("an assignment");
    const reference = this.#frame(frameId);
    const rows = new ValueRows(this.subject, () => contextOf(this.subject, reference));
    return this.variables.number(rows.expression(expression));
  }

  completions(text: string, frameId: number | undefined): Completions {
    const names = this.subject.isa.registers
      .slice(0, this.#architecture.abi.pc + 2)
      .map(({ name }) => name);
    return completionsOf(text, contextOf(this.subject, this.#frame(frameId)), names);
  }

  #frame(frameId: number | undefined): FrameReference {
    if (frameId !== undefined) return this.variables.frame(frameId);
    const [frame] = this.subject.frames(0);
    if (frame === undefined) throw new UserError("The dump has no registers to evaluate it with.");
    return { process: 0, depth: 0, frame };
  }
}

const scopeOf = (
  name: string,
  rows: () => readonly Row[],
  more: Partial<Pick<Scope, "hint" | "expensive">> = {},
): Scope => ({ name, hint: undefined, expensive: false, rows, ...more });

function registerRow({ name, value, meaning, fields }: CrashRegister): Row {
  if (value === null) return { name, value: "<not in the dump>" };
  const children = () =>
    fields.map(field => ({
      name: `${field.name} [${field.bits}]`,
      value: `${field.value} – ${field.text}`,
    }));
  return {
    name,
    value: meaning === "" ? hex8(value) : `${hex8(value)} ${meaning}`,
    memoryAddress: value,
    evaluateName: `$${name}`,
    ...(fields.length === 0 ? {} : { children }),
  };
}

const sizeText = (low: number, high: number): string =>
  `${hex8(low)}–${hex8(high)}, ${high - low} bytes`;

const processRows = ({ name, state, lastSyscall, segments }: CrashProcess): Row[] => [
  { name: "name", value: name },
  { name: "state", value: state },
  { name: "last system call", value: lastSyscall ?? "none" },
  ...segments.map(({ kind, low, high, text }) => ({
    name: kind,
    value: `${sizeText(low, high)} (${text})`,
    memoryAddress: low,
  })),
];

const grantRows = ({ grants }: CrashProcess): Row[] =>
  grants.map(({ driver, driverName, address, size }) => ({
    name: `${driverName} (0x${driver.toString(16)})`,
    value: size > 0 ? `${hex8(address)}, ${size} bytes` : hex8(address),
    memoryAddress: address,
  }));

const rangeRows = ({ ranges }: CrashProcess): Row[] =>
  ranges.map(({ region, low, high, read, write, execute }) => ({
    name: `region ${region}`,
    value: `${read ? "r" : "-"}${write ? "w" : "-"}${execute ? "x" : "-"} ${sizeText(low, high)}`,
    memoryAddress: low,
  }));
