// Where processes spend their instructions, as a CPU profile of Chrome and VS Code. The machine is cut into short runs and the
// stack is looked at between them; that changes nothing, and in virtual time the same run gives the same profile.
import type { Stop } from "../emulator/index.js";
import type { Debuggee } from "./debuggee.js";
import { isAbsolute, normalizePath } from "./files.js";
import type { Program } from "./program.js";
import type { Frame, SourceLocation } from "./symbols/model.js";
import { worldOf } from "./world.js";

interface CallFrame {
  functionName: string;
  scriptId: string;
  /** A `file:` URL, empty where the source is not on this computer. */
  url: string;
  /** Of the function's declaration, from 0; -1 if it is not known. */
  lineNumber: number;
  columnNumber: number;
}

/** The format of the Chrome DevTools Protocol, `Profiler.Profile`. */
export interface CpuProfile {
  nodes: {
    id: number;
    callFrame: CallFrame;
    /** Samples in which it was innermost. */
    hitCount: number;
    children: number[];
    positionTicks: { line: number; ticks: number }[];
  }[];
  /** Virtual microseconds. */
  startTime: number;
  endTime: number;
  /** Ids of the innermost nodes, one for each look. */
  samples: number[];
  /** Virtual microseconds between a look and the one before it. What a look sees lasts to the next. */
  timeDeltas: number[];
}

export interface ProcessProfile {
  process: string;
  profile: CpuProfile;
}

interface Node {
  id: number;
  name: string;
  declaration: SourceLocation | null;
  children: Map<string, Node>;
  hits: number;
  ticks: Map<number, number>;
}

/** Instructions between two looks at first. Apps sleep most of the time, so what little they do is looked at closely, */
const FIRST_PERIOD = 31;
/** and what works all the time, less and less: after so many looks the period doubles. */
const LOOKS_PER_PERIOD = 4096;
/** Deeper stacks are cut at their outer end. */
const DEEPEST = 64;

/** The looks at one process. */
class Looks {
  readonly nodes: Node[] = [];
  readonly root = this.#node("(root)", null);
  readonly idle = this.child(this.root, "(idle)", null);
  /** The kernel, or another process. */
  readonly elsewhere = this.child(this.root, "(kernel and others)", null);
  /** In order; the cycles that each lasted. */
  readonly samples: { node: Node; cycles: number }[] = [];
  program: Program | undefined;
  /** Of the process. */
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  child(parent: Node, name: string, declaration: SourceLocation | null): Node {
    const key = `${name} ${declaration?.path} ${declaration?.line}`;
    let node = parent.children.get(key);
    if (node === undefined) {
      node = this.#node(name, declaration);
      parent.children.set(key, node);
    }
    return node;
  }

  #node(name: string, declaration: SourceLocation | null): Node {
    const id = this.nodes.length + 1;
    const node = { id, name, declaration, children: new Map(), hits: 0, ticks: new Map() };
    this.nodes.push(node);
    return node;
  }

  /** What is not the process itself goes on without a sample of its own. */
  add(node: Node, cycles: number): void {
    if (cycles === 0) return;
    const last = this.samples.at(-1);
    if (last?.node === node && (node === this.idle || node === this.elsewhere)) {
      last.cycles += cycles;
      return;
    }
    node.hits++;
    this.samples.push({ node, cycles });
  }
}

export class Profiler {
  readonly #debuggee: Debuggee;
  readonly #start: number;
  /** By slot and name: the lives of an app are one process, and another app in its slot is not. */
  readonly #looks = new Map<string, Looks>();
  #period = FIRST_PERIOD;
  #looksLeft = LOOKS_PER_PERIOD;
  /** Instructions until the next look. */
  #left = FIRST_PERIOD;
  /** Cycles since the last look in which no instruction was executed. */
  #idle = 0;
  #kernel = 0;
  /** The process that was on the CPU last. */
  #process: number | undefined;

  constructor(debuggee: Debuggee) {
    this.#debuggee = debuggee;
    this.#start = debuggee.machine.clock.now;
  }

  /** As `Machine.run`. An instruction is a cycle, so the machine can be stopped when as many as wanted are executed. */
  run(until: number): Stop {
    const { machine } = this.#debuggee;
    const { clock } = machine;
    // An input may have ended a sleep, so the first piece is short.
    for (let asleep = false; ; asleep = machine.asleep) {
      // The event that ends a sleep is due at that cycle and served behind it.
      const target = asleep ? clock.next + 1 : clock.now + this.#left;
      const stop = this.#runPiece(Math.min(until, target));
      if (this.#left <= 0) this.#look();
      if (stop.reason !== "deadline" || clock.now >= until) return stop;
    }
  }

  #runPiece(until: number): Stop {
    const { machine, kernel } = this.#debuggee;
    const { clock, cpu } = machine;
    const [before, instructions] = [clock.now, cpu.instructions];
    const stop = machine.run(until);
    const executed = cpu.instructions - instructions;
    this.#left -= executed;
    const rest = clock.now - before - executed;
    if (machine.asleep && executed === 0) this.#idle += rest;
    else this.#kernel += rest;
    this.#process = kernel.current ?? this.#process;
    return stop;
  }

  /** One for each process that was ever on the CPU. */
  async profiles(): Promise<readonly ProcessProfile[]> {
    this.#look();
    const profiles: ProcessProfile[] = [];
    for (const looks of this.#looks.values())
      profiles.push({ process: looks.name, profile: await this.#profileOf(looks) });
    return profiles;
  }

  /** What was executed since the last look is the process's where it stands now. */
  #look(): void {
    const { kernel } = this.#debuggee;
    const executed = this.#period - this.#left;
    const process = kernel.identifiers[this.#process ?? -1] == null ? undefined : this.#process;
    const running = process === undefined ? undefined : this.#looksAt(process, executed);
    for (const looks of this.#looks.values()) {
      looks.add(looks.idle, this.#idle);
      looks.add(looks.elsewhere, this.#kernel);
      if (looks !== running) looks.add(looks.elsewhere, executed);
    }
    if (running !== undefined && process !== undefined)
      running.add(this.#stackOf(process, running), executed);
    this.#idle = this.#kernel = 0;
    if (--this.#looksLeft === 0) {
      this.#looksLeft = LOOKS_PER_PERIOD;
      this.#period *= 2;
    }
    this.#left = this.#period;
  }

  #looksAt(process: number, executed: number): Looks {
    const name = this.#debuggee.nameOf(process);
    const key = `${process} ${name}`;
    let looks = this.#looks.get(key);
    if (looks === undefined) {
      looks = new Looks(name);
      const { now } = this.#debuggee.machine.clock;
      const before = now - this.#start - this.#idle - this.#kernel - executed;
      looks.add(looks.elsewhere, before);
      this.#looks.set(key, looks);
    }
    looks.program = this.#debuggee.program(process);
    return looks;
  }

  #stackOf(process: number, looks: Looks): Node {
    const frames = this.#debuggee.frames(process, DEEPEST);
    let node = looks.root;
    for (const frame of [...frames].reverse()) {
      const declaration = declarationOf(frame, looks.program);
      node = looks.child(node, frame.name.replace(/\+0x[0-9a-f]+$/, ""), declaration);
    }
    const line = frames[0]?.location?.line;
    if (line !== undefined) node.ticks.set(line, (node.ticks.get(line) ?? 0) + 1);
    return node;
  }

  async #profileOf({ nodes, samples, program }: Looks): Promise<CpuProfile> {
    const { clock } = this.#debuggee.machine;
    const microseconds = (cycle: number) => thousandths((cycle * 1e6) / clock.frequency);
    const urls = new Map<string, string>();
    for (const { declaration } of nodes) {
      if (declaration === null || urls.has(declaration.path)) continue;
      const path = await program?.app.sources.resolve(declaration.path);
      urls.set(declaration.path, path === undefined ? "" : urlOf(path));
    }
    // When each begins, so that the rounding of one is not added to that of the next.
    let cycle = this.#start;
    const times = samples.map(({ cycles }) => {
      cycle += cycles;
      return microseconds(cycle - cycles);
    });
    return {
      nodes: nodes.map(({ id, name, declaration, children, hits, ticks }) => ({
        id,
        callFrame: {
          functionName: name,
          scriptId: "0",
          url: (declaration && urls.get(declaration.path)) ?? "",
          lineNumber: declaration === null ? -1 : declaration.line - 1,
          columnNumber: declaration === null ? -1 : Math.max(0, declaration.column - 1),
        },
        hitCount: hits,
        children: [...children.values()].map(child => child.id),
        positionTicks: [...ticks].map(([line, count]) => ({ line, ticks: count })),
      })),
      startTime: microseconds(this.#start),
      endTime: microseconds(clock.now),
      samples: samples.map(({ node }) => node.id),
      timeDeltas: times.map((time, i) => thousandths(time - (times[i - 1] ?? time))),
    };
  }
}

const thousandths = (value: number): number => Math.round(value * 1e3) / 1e3;

function declarationOf(frame: Frame, program: Program | undefined): SourceLocation | null {
  const { symbols } = program ?? {};
  if (symbols === undefined) return null;
  const { lookupPc, inlineDepth } = frame;
  const found =
    inlineDepth === 0 ? symbols.functionAt(lookupPc) : symbols.inlinedAt(lookupPc)[inlineDepth - 1];
  return found?.declaration ?? null;
}

function urlOf(path: string): string {
  const normal = normalizePath(path);
  if (!isAbsolute(normal) || worldOf(normal) !== "") return normal;
  const slashed = normal.startsWith("/") ? normal : `/${normal}`;
  return `file://${slashed.split("/").map(encodeURIComponent).join("/")}`;
}
