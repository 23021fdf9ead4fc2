// An app run to some of its lines, and what gdb says of each of these stops, from a core file (ELF for the Arm
// Architecture, and Linux's elf_prstatus): names, lines and variables of all frames.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { readApps, targetOf } from "../../../adapter/apps.js";
import { Debuggee } from "../../../adapter/debuggee.js";
import { valueContextOf, variableValue } from "../../../adapter/evaluate.js";
import { bare } from "../../../adapter/format.js";
import { nodeHost } from "../../../adapter/host.node.js";
import type { ScriptedInput } from "../../../adapter/inputs.js";
import type { Frame, MemoryReader, SymbolTable } from "../../../adapter/symbols/model.js";
import { createValue, type Value, type ValueContext } from "../../../adapter/values.js";
import { EM_ARM, parseElf, SHF_ALLOC } from "../../../emulator/formats/elf.js";
import { everything } from "../../../emulator/index.js";

/** A value without words: numbers, and what holds them. A string says why there is none. */
export type Plain = string | number | readonly Plain[] | { readonly [name: string]: Plain };

/** gdb does not find with what value the function was called, see `SCRIPT`. */
export const NO_ENTRY_VALUE = "no entry value";

export interface PlainFrame {
  name: string;
  line: number;
  variables: Readonly<Record<string, Plain>>;
}

export interface Stop {
  ours: readonly PlainFrame[];
  gdbs: readonly PlainFrame[];
}

export interface Run {
  /** The apps on the board, in the order of flash; the ELF of each lies beside its TAB. */
  tabs: readonly string[];
  /** Which of them is looked at. */
  which: number;
  /** The most stops. */
  stops: number;
  inputs: readonly ScriptedInput[];
}

const SECONDS = 20;
const MOST_ELEMENTS = 64;

/** Of the lines that the app comes to, so many, evenly spread over its life; each where it comes there first. */
export async function stopsOf(run: Run): Promise<Stop[]> {
  const reached = [...runToLines(await boot(run), run)].length;
  const chosen = spread(reached, run.stops);
  const booted = await boot(run);
  const { debuggee, symbols, process } = booted;
  const folder = mkdtempSync(join(tmpdir(), "tock-gdb-"));
  try {
    const ours: (readonly PlainFrame[])[] = [];
    const cores: string[] = [];
    for (const line of runToLines(booted, run)) {
      if (!chosen.has(line)) continue;
      ours.push(debuggee.frames(process).map(frame => plainFrame(frame, symbols, debuggee.memory)));
      const core = join(folder, `core${cores.length}`);
      writeFileSync(core, coreFile(debuggee, process));
      cores.push(core);
      if (cores.length === chosen.size) break;
    }
    const elf = join(folder, "app.elf");
    writeFileSync(elf, elfForGdb(elfBeside(run.tabs[run.which] ?? "")));
    const gdbs = askGdb(folder, placed(elf, symbols), cores);
    return ours.map((frames, i) => ({ ours: frames, gdbs: gdbs[i] ?? [] }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** `count` of the numbers below `of`, the first and the last among them. */
const spread = (of: number, count: number): Set<number> =>
  new Set(Array.from({ length: count }, (_, i) => Math.round((i * (of - 1)) / (count - 1))));

type Symbols = SymbolTable & { image: { toRuntime(linked: number): number } };

interface Booted {
  debuggee: Debuggee;
  symbols: Symbols;
  process: number;
}

const elfBeside = (tab: string): string => resolve(tab.replace(/tab$/, "elf"));

async function boot({ tabs, which }: Run): Promise<Booted> {
  const options = tabs.map(tab => ({
    path: resolve(tab),
    elf: elfBeside(tab),
    name: undefined,
    sourceMap: {},
    installed: true,
  }));
  const { apps, wrong } = await readApps(options, targetOf(everything), nodeHost.files);
  if (wrong.length > 0) throw new Error(wrong.join(" "));
  const { machine, kernel } = everything.build({ apps: apps.map(({ tbf }) => tbf.bytes) });
  const debuggee = new Debuggee(machine, kernel, apps);
  machine.stopOnFault = true;
  const { symbols } = debuggee.program(which) ?? {};
  if (!symbols) throw new Error(`no symbols of ${tabs[which]}`);
  return { debuggee, symbols: symbols as unknown as Symbols, process: which };
}

/** Stops where the app comes to a line for the first time; gives how many lines it came to before. */
function* runToLines({ debuggee, symbols }: Booted, { inputs }: Run): Generator<number> {
  const { machine } = debuggee;
  const { cpu, clock } = machine;
  const lines = linesOf(symbols);
  for (const address of lines.flat()) cpu.addBreakpoint(address);
  const after = (seconds: number) => Math.round(seconds * clock.frequency);
  const waiting = [...inputs].sort((a, b) => a.seconds - b.seconds);
  for (let reached = 0; clock.now < after(SECONDS); ) {
    const next = waiting[0];
    if (next && after(next.seconds) <= clock.now) {
      machine.input(next.device, next.value);
      waiting.shift();
      continue;
    }
    const stop = machine.run(after(next?.seconds ?? SECONDS));
    if (stop.reason === "idle") {
      if (!next) return;
      machine.sleepUntil(after(next.seconds));
    } else if (stop.reason === "breakpoint") {
      const pc = stop.address;
      for (const address of lines.find(addresses => addresses.includes(pc)) ?? [pc])
        cpu.removeBreakpoint(address);
      yield reached++;
    } else if (stop.reason === "halted" || stop.reason === "exited") return;
  }
}

/** Addresses of all lines with code, file by file. */
function linesOf(symbols: SymbolTable): (readonly number[])[] {
  return symbols.files.flatMap(path => {
    const lines: (readonly number[])[] = [];
    for (let line = 1, found = symbols.addressesOf(path, line); found; ) {
      lines.push(found.addresses);
      line = Math.max(line, found.line) + 1;
      found = symbols.addressesOf(path, line);
    }
    return lines;
  });
}

export function plainFrame(frame: Frame, symbols: SymbolTable, memory: MemoryReader): PlainFrame {
  const context = { symbols, frame, memory };
  const variables: Record<string, Plain> = {};
  for (const variable of symbols.variablesAt(frame.lookupPc, frame.inlineDepth)) {
    variables[variable.name] = plain(variableValue(variable, context), valueContextOf(context));
  }
  const name = frame.name.replace(/\+0x[0-9a-f]+$/, "");
  return { name, line: frame.location?.line ?? 0, variables };
}

function plain(value: Value, context: ValueContext, depth = 0): Plain {
  const type = bare(value.type);
  if (depth > 8) return "deep";
  const { location } = value;
  if (location.kind === "optimizedOut") {
    if (!location.pointee) return missing(location);
    if (type.kind !== "pointer") return "optimized out";
    const pointee = createValue(type.target(), location.pointee(), context);
    return { "no address": plain(pointee, context, depth + 1) };
  }
  if (type.kind === "array") {
    const elements = value.children(0, MOST_ELEMENTS).map(c => plain(c.value, context, depth + 1));
    const isGone = elements.length > 0 && elements.every(e => e === "optimized out");
    return isGone ? "optimized out" : elements;
  }
  if (type.kind === "struct" || type.kind === "union") {
    const fields = value.children().map(c => [c.name, plain(c.value, context, depth + 1)] as const);
    const isGone = fields.length > 0 && fields.every(([, field]) => field === "optimized out");
    return isGone ? "optimized out" : Object.fromEntries(fields);
  }
  const fetched = value.bytes();
  if ("why" in fetched) return fetched.optimizedOut ? missing(fetched) : "no memory";
  const { bytes } = fetched;
  if (type.kind === "base" && type.encoding === "float") {
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    return String(bytes.length === 4 ? view.getFloat32(0, true) : view.getFloat64(0, true));
  }
  return bytes.reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n).toString();
}

/** gdb takes registers that a caller's frame has lost for unchanged, and shows what it finds there. */
const missing = ({ why }: { why: string }): string =>
  /in this frame is lost/.test(why) ? "lost" : "optimized out";

/**
 * The ELF with the call frame information of removed functions, which the linker leaves at 0, behind all other. Where an
 * app runs below its link addresses, gdb 13 finds none at all as long as that is first: it asks whether a pc lies below
 * the first function, and 0 moved down is the top of its 64 bits (`dwarf2_frame_find_fde`).
 */
function elfForGdb(file: string): Buffer {
  const bytes = readFileSync(file);
  const frames = parseElf(bytes, file).sections.find(({ name }) => name === ".debug_frame");
  if (frames === undefined) return bytes;
  const end = frames.offset + frames.size;
  for (let at = frames.offset; at < end; at += 4 + bytes.readUInt32LE(at)) {
    const describesFunction = bytes.readUInt32LE(at + 4) !== 0xffffffff;
    if (describesFunction && bytes.readUInt32LE(at + 8) === 0) bytes.writeUInt32LE(NOWHERE, at + 8);
  }
  return bytes;
}

const NOWHERE = 0xffff0000;

/** What gdb is told of where the app lies. */
export interface Placed {
  /** `add-symbol-file` with the addresses at which the app's sections lie. */
  symbols: string;
  /**
   * gdb 13 moves an address in a location expression as it moves .text, if it is one in RAM too
   * (`dwarf_expr_context::execute_stack_op`): pointers from `low` to `high` point `by` bytes beside.
   */
  misplaced: { low: number; high: number; by: number };
}

function placed(elf: string, { image }: Symbols): Placed {
  const sections = parseElf(readFileSync(elf), elf).sections.filter(
    ({ flags, size }) => flags & SHF_ALLOC && size > 0,
  );
  const slide = (address: number) => image.toRuntime(address) - address;
  const text = sections.find(({ name }) => name === ".text")?.address ?? 0;
  const inRam = sections.filter(({ address }) => slide(address) !== slide(text));
  const hex = (address: number) => `0x${(address >>> 0).toString(16)}`;
  const others = sections
    .filter(({ address }) => address !== text)
    .map(({ name, address }) => `-s ${name} ${hex(image.toRuntime(address))}`);
  return {
    symbols: `add-symbol-file ${elf} ${hex(image.toRuntime(text))} ${others.join(" ")}`,
    misplaced: {
      low: (Math.min(...inRam.map(({ address }) => address)) + slide(text)) >>> 0,
      high: (Math.max(...inRam.map(({ address, size }) => address + size)) + slide(text)) >>> 0,
      by: slide(text) - slide(inRam[0]?.address ?? text),
    },
  };
}

/** RAM, flash and the registers of a process. */
function coreFile(debuggee: Debuggee, process: number): Uint8Array {
  const { memory } = debuggee.machine;
  const { ram, flash } = memory.map;
  const registers = debuggee.kernel.registers(process) ?? [];
  const status = new DataView(new ArrayBuffer(148));
  status.setUint16(12, 5, true);
  status.setUint32(24, 1, true);
  for (let i = 0; i < 16; i++) status.setUint32(72 + 4 * i, (registers[i] ?? 0) >>> 0, true);
  // The Thumb bit of a CPSR.
  status.setUint32(72 + 4 * 16, 0x20, true);
  const note = new Uint8Array(12 + 8 + 148);
  note.set([5, 0, 0, 0, 148, 0, 0, 0, 1, 0, 0, 0, ...new TextEncoder().encode("CORE")]);
  note.set(new Uint8Array(status.buffer), 20);
  const parts: CorePart[] = [
    { type: 4, address: 0, bytes: note },
    ...[flash, ram].map(
      ({ address, size }): CorePart => ({
        type: 1,
        address,
        bytes: memory.readBytes(address, size),
      }),
    ),
  ];
  return elfCore(parts, EM_ARM);
}

/** A part of a core file: registers as notes (4), or memory (1). */
export interface CorePart {
  type: 1 | 4;
  address: number;
  bytes: Uint8Array;
}

export function elfCore(parts: readonly CorePart[], machine: number): Uint8Array {
  const headers = 52 + 32 * parts.length;
  const file = new Uint8Array(parts.reduce((sum, p) => sum + p.bytes.length, headers));
  const view = new DataView(file.buffer);
  file.set([0x7f, 0x45, 0x4c, 0x46, 1, 1, 1]);
  view.setUint16(16, 4, true);
  view.setUint16(18, machine, true);
  view.setUint32(20, 1, true);
  view.setUint32(28, 52, true);
  view.setUint32(36, machine === EM_ARM ? 0x05000400 : 0, true);
  for (const [i, value] of [52, 32, parts.length].entries())
    view.setUint16(40 + 2 * i, value, true);
  let offset = headers;
  parts.forEach(({ type, address, bytes }, i) => {
    const fields = [type, offset, address, 0, bytes.length, bytes.length, 6, 1];
    for (const [at, value] of fields.entries()) view.setUint32(52 + 32 * i + 4 * at, value, true);
    file.set(bytes, offset);
    offset += bytes.length;
  });
  return file;
}

const SCRIPT = `
import gdb, json, re
def plain(v, depth=0):
    if depth > 8: return "deep"
    t = v.type.strip_typedefs()
    try:
        if t.code == gdb.TYPE_CODE_ARRAY:
            low, high = t.range()
            found = [plain(v[i], depth + 1) for i in range(low, min(high + 1, low + 64))]
            return "optimized out" if found and all(x == "optimized out" for x in found) else found
        if t.code in (gdb.TYPE_CODE_STRUCT, gdb.TYPE_CODE_UNION):
            found = {}
            for f in t.fields():
                if not hasattr(f, "bitpos"): continue
                inner = plain(v[f], depth + 1)
                if f.name is None or f.name == "":
                    if isinstance(inner, dict): found.update(inner)
                else: found[f.name] = inner
            if found and all(x == "optimized out" for x in found.values()): return "optimized out"
            return found
        if v.is_optimized_out: return "optimized out"
        if t.code == gdb.TYPE_CODE_PTR and "synthetic pointer" in v.format_string():
            return {"no address": plain(v.dereference(), depth + 1)}
        if t.code in (gdb.TYPE_CODE_REF, gdb.TYPE_CODE_RVALUE_REF): return plain(v.referenced_value(), depth + 1)
        if t.code == gdb.TYPE_CODE_FLT: return repr(float(v)).removesuffix(".0")
        number = int(v) & ((1 << (8 * t.sizeof)) - 1)
        if t.code == gdb.TYPE_CODE_PTR and v.address is None and MISPLACED["low"] < number < MISPLACED["high"]:
            number = (number - MISPLACED["by"]) & 0xffffffff
        return str(number)
    except gdb.MemoryError: return "no memory"
    except gdb.error as e: return "optimized out" if "optimized out" in str(e) else "no memory" if "memory" in str(e) else "error: " + str(e)
# gdb does not know whom a call site calls that names a function by an entry without code ("DW_AT_call_target is not
# specified"), as gcc writes where only a part of the function is inlined.
def needs_entry_value(symbol, pc):
    try: about = gdb.execute("info address " + symbol.name, to_string=True)
    except gdb.error: return True # gdb 13 cannot print some of the operations that it evaluates ("Corrupted DWARF2 expression")
    place = re.search("multi-location:.*", about, re.S)
    for low, high, what in re.findall("Range 0x([0-9a-f]+)-0x([0-9a-f]+): (.*?)(?=Range|$)", place[0] if place else "", re.S):
        if int(low, 16) <= pc < int(high, 16): return "entry_value" in what
    return False
def variable(symbol, frame):
    found = plain(symbol.value(frame))
    if found != "optimized out" or not symbol.is_argument: return found
    frame.select()
    # Not of the innermost frame: behind the call.
    pc = frame.pc() - (1 if frame.newer() is not None and frame.newer().type() != gdb.INLINE_FRAME else 0)
    return "${NO_ENTRY_VALUE}" if needs_entry_value(symbol, pc) else found
def frames():
    found = []
    f = gdb.newest_frame()
    while f is not None and len(found) < 40:
        variables = {}
        try: b = f.block()
        except RuntimeError: b = None
        while b is not None:
            for s in b:
                if (s.is_argument or s.is_variable or s.is_constant) and s.name not in variables:
                    variables[s.name] = variable(s, f)
            if b.function is not None: break
            b = b.superblock
        found.append({"name": f.name() or "", "line": f.find_sal().line, "variables": variables})
        try: f = f.older()
        except gdb.error: f = None
    return found
gdb.execute("set osabi GNU/Linux")
gdb.execute("set confirm off")
gdb.execute("set backtrace past-main on")
gdb.execute("set print finish off")
stops = []
for core in CORES:
    gdb.execute("symbol-file")
    gdb.execute(SYMBOLS, to_string=True)
    gdb.execute("core-file " + core, to_string=True)
    stops.append(frames())
open(OUTPUT, "w").write(json.dumps(stops))
`;

export function askGdb(
  folder: string,
  { symbols, misplaced }: Placed,
  cores: readonly string[],
): readonly (readonly PlainFrame[])[] {
  const script = join(folder, "stops.py");
  const output = join(folder, "stops.json");
  const constants = { CORES: cores, SYMBOLS: symbols, MISPLACED: misplaced, OUTPUT: output };
  const head = Object.entries(constants).map(([name, v]) => `${name} = ${JSON.stringify(v)}\n`);
  writeFileSync(script, head.join("") + SCRIPT);
  execFileSync("gdb-multiarch", ["-nx", "-batch", "-x", script], { stdio: "pipe", cwd: folder });
  return JSON.parse(readFileSync(output, "utf8"));
}
