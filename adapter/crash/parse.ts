// Finds the crash dumps in a console log and reads them: reports as the live kernel makes them, and what every stretch
// of the text is. The top level goes line by line, so a part of a log can be read from any line between two dumps.
import type { CrashReport } from "../../emulator/index.js";
import {
  type DumpDraft,
  newDump,
  newProcess,
  type PartReader,
  type ProcessDraft,
} from "./draft.js";
import { Line, lineBounds, lineStart, withoutPrefix } from "./dump-text.js";
import { withPlainCharacters } from "./escaped.js";
import { kernelRegisters } from "./kernel-fault.js";
import { FEWEST_COLUMNS, isContinued, lostLineStarts } from "./lost-line-ends.js";
import type { DumpNode, DumpValue, NodeKind } from "./model.js";
import { readGrants } from "./parse-grants.js";
import { readHint } from "./parse-hint.js";
import { readMap, readOldTitle, readStatistics, readTitle } from "./parse-map.js";
import { readMpu } from "./parse-mpu.js";
import {
  isKernelLocation,
  isQuoteOpen,
  kernelVersion,
  panicStart,
  readPanic,
} from "./parse-panic.js";
import { readRegisters } from "./parse-registers.js";
import { isMachineState, readFaultStatus, readMachineState } from "./parse-state.js";
import { isRiscv, reportOf, sceneRegisters } from "./report.js";

export interface ParsedDump {
  /** UTF-16 offsets `[start, end)` in the text. */
  start: number;
  end: number;
  /** Something follows that shows that the dump is over. */
  closed: boolean;
  isa: "cortex-m" | "riscv" | "unknown";
  report: CrashReport;
  /** For each process of the report its registers in the order of a `Scene`, as far as the dump tells them. */
  registers: readonly (readonly (number | undefined)[])[];
  /** In the order of the text; `log` is what else was printed in between. */
  nodes: readonly DumpNode[];
}

export interface ParsedText {
  dumps: readonly ParsedDump[];
  /** Of the whole text, those of the dumps included. Every line that is not blank lies in exactly one. */
  nodes: readonly DumpNode[];
}

/** What may begin a dump, or what is left of one whose beginning is lost. NUL bytes may follow a space that was escaped. */
const anchors =
  /panicked \0*at |Kernel \0*panic|---\| |App: | \0*- \0* \0* \0*\[|Events \0*Queued: |Allocated \0*\(bytes\)|R0 \0*: \0*0x|Fault \0*Status \0*Register \0*\(CFSR\)/g;

/** A banner with a longer message is none. */
const LONGEST_BANNER = 64;
/** So many lines of other text end a dump; after the hint that closes a process's part, a second. */
const LOG_LINES = 12;
const LOG_LINES_AFTER_HINT = 2;

/** No board has more; what repeats a title for ever is no dump. */
const MAXIMUM_PROCESSES = 256;

const processParts: readonly (readonly [NodeKind, PartReader<ProcessDraft>])[] = [
  ["statistics", readStatistics],
  ["map", readMap],
  ["registers", readRegisters],
  ["grants", readGrants],
  ["mpu", readMpu],
  ["hint", readHint],
];

/** Reads all dumps of a text. Never fails: what is no dump is `log`. Takes time linear in the text's length. */
export function parseDumps(text: string): ParsedText {
  return new Reader(text).read();
}

/** The first dump of a text; `undefined` if it has none. */
export const parseDump = (text: string): ParsedDump | undefined => parseDumps(text).dumps[0];

type Section = "debug-buffer" | "fault-status" | "machine-state" | "processes" | undefined;

/** A dump that is being read. */
class OpenDump {
  readonly draft: DumpDraft = newDump();
  readonly start: number;
  /** Index of its first node. */
  readonly firstNode: number;
  section: Section;
  /** What a logger puts in front of lines. */
  prefix = "";
  /** Where the debug buffer's text begins. */
  debugStart: number | undefined;
  /** An overview alone is what the process console's `process` prints: no dump. */
  isCrash = false;
  hasBanner = false;
  hasAppStatus = false;
  logLines = 0;
  /** Something else prints in between, so a line of it does not end the dump. */
  isMixed = false;
  /** Index of the part of a process that was read last. */
  part = 0;

  constructor(start: number, firstNode: number) {
    this.start = start;
    this.firstNode = firstNode;
  }

  get process(): ProcessDraft | undefined {
    return this.draft.processes.at(-1);
  }
}

class Reader {
  readonly #text: string;
  readonly #nodes: DumpNode[] = [];
  readonly #dumps: ParsedDump[] = [];
  #open: OpenDump | undefined;
  /** Lines of a banner whose last line has not come yet. */
  #banner: Line[] = [];

  /** The line of the text that is being read, and where lines began that it is made of. */
  #physical = { contentEnd: 0, end: 0 };
  #starts: readonly number[] = [];
  #nextStart = 0;

  constructor(text: string) {
    this.#text = withPlainCharacters(text);
  }

  read(): ParsedText {
    const text = this.#text;
    for (let at = 0; at < text.length; ) {
      if (!this.#open && this.#banner.length === 0) {
        anchors.lastIndex = at;
        const found = anchors.exec(text);
        const start = found ? lineStart(text, found.index, at) : text.length;
        this.#log(at, start);
        if (!found) break;
        at = start;
      }
      const line = this.#lineAt(at);
      if (this.#banner.length > 0 || !line.isBlank) this.#line(line);
      else if (line.hasNoise) this.#noise(line);
      at = line.end;
    }
    this.#endBanner();
    this.#close(false);
    return { dumps: this.#dumps, nodes: this.#nodes };
  }

  #lineAt(at: number): Line {
    if (at >= this.#physical.end) {
      this.#physical = this.#boundsAt(at);
      this.#starts = lostLineStarts(this.#text, at, this.#physical.contentEnd);
      this.#nextStart = 0;
    }
    while ((this.#starts[this.#nextStart] ?? Number.POSITIVE_INFINITY) <= at) this.#nextStart++;
    const next = this.#starts[this.#nextStart];
    const { contentEnd, end } = this.#physical;
    return next === undefined
      ? new Line(this.#text, at, contentEnd, end)
      : new Line(this.#text, at, withoutEscapes(this.#text, at, next), next);
  }

  /** Bounds of the line at `at`, and of what a terminal made a second line of. */
  #boundsAt(at: number): { contentEnd: number; end: number } {
    const text = this.#text;
    const bounds = lineBounds(text, at);
    const isShort = bounds.contentEnd - at < FEWEST_COLUMNS;
    if (isShort || !this.#open || this.#open.section === "debug-buffer") return bounds;
    const next = lineBounds(text, bounds.end);
    const [line, rest] = [
      text.slice(at, bounds.contentEnd),
      text.slice(bounds.end, next.contentEnd),
    ];
    return isContinued(line, rest) ? next : bounds;
  }

  #line(line: Line): void {
    if (this.#section(line) || this.#panic(line) || this.#bannerLine(line)) return;
    if (this.#title(line) || this.#part(line)) return;
    this.#other(line);
  }

  /** `---| Cortex-M Fault Status |---` and the like. */
  #section(line: Line): boolean {
    const at = line.text.indexOf("---|");
    if (at < 0) return false;
    const title = line.text.slice(at + 4).trim();
    const kind = sectionKind(title, this.#open !== undefined);
    if (!kind) return false;
    this.#endBanner(true);
    const open = this.#open;
    if (open && this.#repeats(open, kind)) this.#close(true);
    const dump = this.#dump(line, line.text.slice(0, at));
    dump.isCrash ||= kind !== "debug-buffer";
    this.#endDebugText(dump, line);
    dump.section = sectionAfter(kind, title);
    if (kind === "app-status") dump.hasAppStatus = true;
    if (title.startsWith("Debug buffer")) dump.debugStart = line.end;
    if (kind === "machine-state" && title.includes("configuration"))
      (dump.draft.machine ??= { protection: [] }).protection.push(line.text.slice(at));
    this.#node(kind, line, []);
    return true;
  }

  /** A part that comes but once: the next one is of another dump. */
  #repeats({ draft, hasAppStatus }: OpenDump, kind: NodeKind): boolean {
    if (draft.processes.length > 0) return true;
    return kind === "app-status" ? hasAppStatus : kind === "fault-status" && draft.fault !== null;
  }

  #panic(line: Line): boolean {
    if (panicStart(line.text) < 0) return false;
    this.#endBanner();
    this.#banner = [line];
    return true;
  }

  /** Lines between the banner's first and last. */
  #bannerLine(line: Line): boolean {
    if (this.#banner.length === 0) return false;
    const version = isQuoteOpen(this.#banner) ? undefined : kernelVersion(line.text);
    if (version === undefined) {
      if (isMachineState(line.text)) return this.#bareMachineState(line);
      if (readTitle(line.text)) this.#endBanner();
      if (this.#banner.length >= LONGEST_BANNER) this.#endBanner();
      if (this.#banner.length === 0) return false;
      this.#banner.push(line);
      return true;
    }
    this.#endBanner(true, line);
    if (this.#open) this.#open.draft.kernelVersion = version;
    return true;
  }

  /** Some chips print the cause of a trap without a heading, behind a panic of their own. */
  #bareMachineState(line: Line): boolean {
    this.#endBanner(true);
    this.#dump(line, "").section = "machine-state";
    return false;
  }

  /** `certain`: what follows is only printed by a kernel. Otherwise an app may have said so of itself. */
  #endBanner(certain = false, version?: Line): void {
    const lines = this.#banner;
    const [first] = lines;
    if (!first) return;
    this.#banner = [];
    while (lines.length > 1 && version === undefined && isEmpty(lines.at(-1))) lines.pop();
    const { location, message } = readPanic(lines, version, this.#text);
    const last = version ?? lines.at(-1) ?? first;
    if (!certain && !isKernelLocation(location)) {
      for (const line of lines) if (!line.isBlank || line.hasNoise) this.#other(line);
      return;
    }
    if (this.#open && (this.#open.hasBanner || this.#open.isCrash || this.#open.process))
      this.#close(true);
    const dump = this.#dump(first, first.text.slice(0, panicStart(first.text)));
    this.#endDebugText(dump, first);
    dump.isCrash = true;
    dump.hasBanner = true;
    dump.draft.location = location;
    dump.draft.message = message;
    dump.section = undefined;
    this.#add("panic", first.start, last.end, kernelRegisters(lines));
  }

  #title(line: Line): boolean {
    const older = this.#open?.section === "processes" ? readOldTitle(line.text) : undefined;
    const title =
      readTitle(line.text) ?? (older === undefined ? undefined : { name: older, state: "", at: 0 });
    if (!title || (this.#open?.draft.processes.length ?? 0) >= MAXIMUM_PROCESSES) return false;
    const dump = this.#dump(line, line.text.slice(0, title.at));
    this.#endDebugText(dump, line);
    dump.section = "processes";
    dump.part = 0;
    dump.draft.processes.push(newProcess(title.name, title.state));
    this.#node("statistics", line, []);
    return true;
  }

  /** A line of the part that is being read, or of another one of the same process. */
  #part(line: Line): boolean {
    const dump = this.#open;
    if (!dump) return this.#headless(line);
    if (dump.section === "debug-buffer") {
      this.#node("debug-buffer", line, []);
      return true;
    }
    if (dump.section === "fault-status" || dump.section === "machine-state") {
      const read = dump.section === "fault-status" ? readFaultStatus : readMachineState;
      const values = read(withoutLogger(line, dump), dump.draft);
      if (values) this.#node(dump.section, line, values);
      if (values) return true;
    }
    return this.#processPart(line, dump);
  }

  #processPart(line: Line, dump: OpenDump): boolean {
    let { process } = dump;
    // A title may be lost.
    const lost = process && process.queuedUpcalls !== null && line.text.includes("Events Queued: ");
    if (!process || (lost && dump.draft.processes.length < MAXIMUM_PROCESSES))
      process = newProcess("", "");
    // Most lines are of the same part as the one before.
    for (let i = 0; i < processParts.length; i++) {
      const index = (dump.part + i) % processParts.length;
      const [kind, read] = processParts[index] as (typeof processParts)[number];
      const values = read(line, process);
      if (!values) continue;
      dump.part = index;
      if (process !== dump.process) dump.draft.processes.push(process);
      dump.section = "processes";
      dump.isCrash ||= kind !== "statistics" && kind !== "map";
      this.#node(kind, line, values);
      return true;
    }
    return false;
  }

  /** A dump whose beginning is lost. */
  #headless(line: Line): boolean {
    const dump = this.#dump(line, "");
    const values = readFaultStatus(line, dump.draft);
    if (values) {
      dump.section = "fault-status";
      dump.isCrash = true;
      this.#node("fault-status", line, values);
      return true;
    }
    if (this.#processPart(line, dump)) return true;
    this.#open = undefined;
    return false;
  }

  /** Text that belongs to no part. */
  #other(line: Line): void {
    const open = this.#open;
    if (open?.section === "debug-buffer") this.#node("debug-buffer", line, []);
    else this.#log(line.start, line.end);
    if (!open) return;
    open.logLines++;
    const { process } = open;
    const ended =
      process !== undefined && (process.fixedAddresses ?? process.initFunction) !== null;
    const limit = ended && !open.isMixed ? LOG_LINES_AFTER_HINT : LOG_LINES;
    if (open.logLines >= limit || line.text.startsWith("tock$ ")) this.#close(true);
  }

  #dump(line: Line, prefix: string): OpenDump {
    this.#open ??= new OpenDump(line.start, this.#nodes.length);
    if (prefix.length > this.#open.prefix.length) this.#open.prefix = prefix;
    return this.#open;
  }

  /** The debug buffer ends one line end in front of what the kernel prints next. */
  #endDebugText(dump: OpenDump, line: Line): void {
    if (dump.debugStart === undefined) return;
    const text = this.#text.slice(dump.debugStart, line.start);
    dump.draft.debugText = text.replace(/(?:\r+\n|\n|\r)$/, "");
    dump.debugStart = undefined;
  }

  #close(closed: boolean): void {
    const open = this.#open;
    this.#open = undefined;
    if (!open) return;
    const nodes = this.#nodes.slice(open.firstNode);
    while (nodes.at(-1)?.kind === "log") nodes.pop();
    const last = nodes.at(-1);
    if (!open.isCrash || !last) {
      // The index of a process has a meaning in a dump only.
      for (const node of nodes) node.process = null;
      return;
    }
    if (open.debugStart !== undefined)
      open.draft.debugText = this.#text.slice(open.debugStart, last.end);
    const { processes, machine, fault } = open.draft;
    const riscv = machine?.mcause !== undefined || processes.some(isRiscv);
    const cortex = fault !== null || processes.some(process => process.registers.size > 0);
    this.#dumps.push({
      start: open.start,
      end: last.end,
      closed,
      isa: riscv ? "riscv" : cortex ? "cortex-m" : "unknown",
      report: reportOf(open.draft),
      registers: processes.map(sceneRegisters),
      nodes,
    });
  }

  #node(kind: NodeKind, line: Line, values: readonly DumpValue[]): void {
    if (this.#open) {
      this.#open.isMixed ||= this.#open.logLines > 0;
      this.#open.logLines = 0;
    }
    this.#add(kind, line.start, line.end, values);
  }

  /** Noise alone on a line belongs to what stands in front. */
  #noise(line: Line): void {
    const last = this.#open && this.#nodes.at(-1);
    if (last) last.end = line.end;
    else this.#log(line.start, line.end);
  }

  #log(start: number, end: number): void {
    if (/\S/.test(this.#text.slice(start, end))) this.#add("log", start, end, []);
  }

  /** Lines of one kind that follow each other make one node. */
  #add(kind: NodeKind, start: number, end: number, values: readonly DumpValue[]): void {
    const open = this.#open;
    const process =
      kind !== "log" && open?.section === "processes" && open.process
        ? open.draft.processes.length - 1
        : null;
    const last = this.#nodes.at(-1);
    const inDump = open !== undefined && this.#nodes.length > open.firstNode;
    if (last && last.kind === kind && last.process === process && (inDump || kind === "log")) {
      last.end = end;
      (last.values as DumpValue[]).push(...values);
    } else this.#nodes.push({ kind, start, end, process, values: [...values] });
  }
}

/** Line ends as JSON writes them are no part of a line. */
function withoutEscapes(text: string, start: number, end: number): number {
  let at = end;
  for (;;) {
    if (at - 2 >= start && /^\\[rnt]$/.test(text.slice(at - 2, at))) at -= 2;
    else if (at - 1 > start && text[at - 1] === " ") at--;
    else return at;
  }
}

const isEmpty = (line: Line | undefined): boolean => line?.isBlank === true && !line.hasNoise;

function sectionKind(title: string, inDump: boolean): NodeKind | undefined {
  if (title.startsWith("App Status")) return "app-status";
  if (title.includes("Fault Status")) return "fault-status";
  if (
    /^(?:Debug buffer not empty|Flushing debug queue|No debug queue|Global debug writer)/.test(
      title,
    )
  )
    return "debug-buffer";
  if (title.includes("Machine State") || title.includes("PC State")) return "machine-state";
  return inDump ? "machine-state" : undefined;
}

function sectionAfter(kind: NodeKind, title: string): Section {
  if (kind === "app-status") return "processes";
  if (kind === "debug-buffer") return /^(?:Debug|Flushing)/.test(title) ? kind : undefined;
  return kind === "fault-status" ? kind : "machine-state";
}

/** What a chip adds is kept as text, so without what a logger puts in front. */
function withoutLogger(line: Line, { prefix }: OpenDump): Line {
  const { text } = line;
  return prefix === "" ? line : line.from(text.length - withoutPrefix(text, prefix).length);
}
