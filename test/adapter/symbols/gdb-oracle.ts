// An app run to some of its lines, and what gdb says of each of these stops, from a core file (ELF for the Arm
// Architecture, and Linux's elf_prstatus): names, lines and variables of all frames.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readApps, targetOf } from "../../../adapter/apps.js";
import { Debuggee } from "../../../adapter/debuggee.js";
import { variableValue } from "../../../adapter/evaluate.js";
import { bare } from "../../../adapter/format.js";
import { nodeHost } from "../../../adapter/host.node.js";
import type { Frame, SymbolTable } from "../../../adapter/symbols/model.js";
import type { Value } from "../../../adapter/values.js";
import { parseElf, SHF_ALLOC } from "../../../emulator/formats/elf.js";
import { boards } from "../../../emulator/index.js";

/** A value without words: numbers, and what holds them. A string says why there is none. */
export type Plain = string | number | readonly Plain[] | { readonly [name: string]: Plain };

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
  tab: string;
  elf: string;
  stops: number;
  /** Pressed whenever the app waits for good. */
  button?: string;
  /** Every so many lines with code there is a breakpoint. */
  stride?: number;
  seconds?: number;
}

const MOST_ELEMENTS = 64;

/** Stops at lines that differ, in the order in which the app comes to them. */
export async function stopsOf(run: Run): Promise<Stop[]> {
  const { debuggee, symbols } = await boot(run);
  const folder = mkdtempSync(join(tmpdir(), "tock-gdb-"));
  try {
    const ours: (readonly PlainFrame[])[] = [];
    const cores: string[] = [];
    for (const process of runToLines(debuggee, symbols, run)) {
      // Calls that left the stack by a jump are ours alone to tell.
      const frames = debuggee.frames(process).filter(({ tailCall }) => !tailCall);
      ours.push(frames.map(frame => plainFrame(frame, symbols, debuggee)));
      const core = join(folder, `core${cores.length}`);
      writeFileSync(core, coreFile(debuggee, process));
      cores.push(core);
      if (cores.length === run.stops) break;
    }
    const gdbs = askGdb(folder, symbolFile(run.elf, symbols), cores);
    return ours.map((frames, i) => ({ ours: frames, gdbs: gdbs[i] ?? [] }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

type Symbols = SymbolTable & { image: { toRuntime(linked: number): number } };

async function boot({ tab, elf }: Run): Promise<{ debuggee: Debuggee; symbols: Symbols }> {
  const board = boards.find(({ name }) => name === "nrf52840dk");
  if (!board) throw new Error("no board");
  const option = { path: tab, elf, name: undefined, sourceMap: {}, installed: true };
  const { apps, wrong } = await readApps([option], targetOf(board), nodeHost.files);
  if (wrong.length > 0) throw new Error(wrong.join(" "));
  const { machine, kernel } = board.build({ apps: apps.map(({ tbf }) => tbf.bytes) });
  const debuggee = new Debuggee(machine, kernel, apps);
  machine.stopOnFault = true;
  const { symbols } = debuggee.program(0) ?? {};
  if (!symbols) throw new Error(`no symbols of ${tab}`);
  return { debuggee, symbols: symbols as unknown as Symbols };
}

function* runToLines(debuggee: Debuggee, symbols: Symbols, run: Run): Generator<number> {
  const { machine, kernel } = debuggee;
  const { cpu } = machine;
  const lines = linesOf(symbols);
  lines.forEach((addresses, i) => {
    if (i % (run.stride ?? 1) === 0) for (const address of addresses) cpu.addBreakpoint(address);
  });
  const end = machine.clock.now + (run.seconds ?? 20) * machine.clock.frequency;
  let idle = 0;
  while (machine.clock.now < end) {
    const stop = machine.run(end);
    if (stop.reason === "idle") {
      if (run.button === undefined || idle > 20) return;
      machine.sleepUntil(machine.clock.now + machine.clock.frequency / 10);
      machine.input(run.button, idle++ % 2 === 0 ? "down" : "up");
    } else if (stop.reason === "breakpoint") {
      const pc = stop.address;
      const here = lines.find(addresses => addresses.includes(pc)) ?? [pc];
      for (const address of here) cpu.removeBreakpoint(address);
      if (kernel.current !== null) yield kernel.current;
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

function plainFrame(frame: Frame, symbols: SymbolTable, debuggee: Debuggee): PlainFrame {
  const context = { symbols, frame, memory: debuggee.memory };
  const variables: Record<string, Plain> = {};
  for (const variable of symbols.variablesAt(frame.lookupPc, frame.inlineDepth)) {
    variables[variable.name] = plain(variableValue(variable, context));
  }
  const name = frame.name.replace(/\+0x[0-9a-f]+$/, "");
  return { name, line: frame.location?.line ?? 0, variables };
}

export function plain(value: Value, depth = 0): Plain {
  const type = bare(value.type);
  if (depth > 8) return "deep";
  const { location } = value;
  if (location.kind === "optimizedOut" && !location.pointee) return missing(location);
  if (type.kind === "array") {
    const elements = value.children(0, MOST_ELEMENTS).map(c => plain(c.value, depth + 1));
    const isGone = elements.length > 0 && elements.every(e => e === "optimized out");
    return isGone ? "optimized out" : elements;
  }
  if (type.kind === "struct" || type.kind === "union") {
    const fields = value.children().map(c => [c.name, plain(c.value, depth + 1)] as const);
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

/** `add-symbol-file` with the addresses at which the app's sections lie. */
function symbolFile(elf: string, symbols: Symbols): string {
  const sections = parseElf(readFileSync(elf), elf).sections.filter(
    ({ flags, size, name }) => flags & SHF_ALLOC && size > 0 && name !== ".text",
  );
  const at = (address: number) => `0x${(symbols.image.toRuntime(address) >>> 0).toString(16)}`;
  const text = parseElf(readFileSync(elf), elf).sections.find(({ name }) => name === ".text");
  const others = sections.map(({ name, address }) => `-s ${name} ${at(address)}`);
  return `add-symbol-file ${elf} ${at(text?.address ?? 0)} ${others.join(" ")}`;
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
  const parts = [
    { type: 4, address: 0, bytes: note },
    ...[flash, ram].map(({ address, size }) => ({
      type: 1,
      address,
      bytes: memory.readBytes(address, size),
    })),
  ];
  return elfCore(parts);
}

function elfCore(parts: readonly { type: number; address: number; bytes: Uint8Array }[]) {
  const headers = 52 + 32 * parts.length;
  const file = new Uint8Array(parts.reduce((sum, p) => sum + p.bytes.length, headers));
  const view = new DataView(file.buffer);
  file.set([0x7f, 0x45, 0x4c, 0x46, 1, 1, 1]);
  view.setUint16(16, 4, true);
  view.setUint16(18, 40, true);
  view.setUint32(20, 1, true);
  view.setUint32(28, 52, true);
  view.setUint32(36, 0x05000400, true);
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
import gdb, json, sys
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
        if t.code in (gdb.TYPE_CODE_REF, gdb.TYPE_CODE_RVALUE_REF): return plain(v.referenced_value(), depth + 1)
        if t.code == gdb.TYPE_CODE_FLT: return repr(float(v)).removesuffix(".0")
        return str(int(v) & ((1 << (8 * t.sizeof)) - 1))
    except gdb.MemoryError: return "no memory"
    except gdb.error as e: return "optimized out" if "optimized out" in str(e) else "no memory" if "memory" in str(e) else "error: " + str(e)
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
                    variables[s.name] = plain(s.value(f))
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

function askGdb(
  folder: string,
  symbols: string,
  cores: readonly string[],
): readonly (readonly PlainFrame[])[] {
  const script = join(folder, "stops.py");
  const output = join(folder, "stops.json");
  const head = `CORES = ${JSON.stringify(cores)}\nSYMBOLS = ${JSON.stringify(symbols)}\nOUTPUT = ${JSON.stringify(output)}\n`;
  writeFileSync(script, head + SCRIPT);
  execFileSync("gdb-multiarch", ["-nx", "-batch", "-x", script], { stdio: "pipe", cwd: folder });
  return JSON.parse(readFileSync(output, "utf8"));
}
