// Counters and memory map of a process (capsules/system/src/process_printer.rs; kernel/src/process.rs of older releases).
// Each address of the map is known by the row above it, so a lost row costs one address.
import { type Syscall, SyscallClass } from "../../emulator/index.js";
import type { MapAddress, PartReader, ProcessDraft } from "./draft.js";

const counters = [
  ["Events Queued", "queuedUpcalls"],
  ["Syscall Count", "syscallCount"],
  ["Dropped Upcall Count", "droppedUpcalls"],
  ["Dropped Callback Count", "droppedUpcalls"],
  ["Restart Count", "restartCount"],
] as const;

/** The bold letters of a title, plain ones of older releases, or what a terminal's encoding made of them. */
const titleStart = /𝐀𝐩𝐩: |\bApp: |^[^ -~]{1,16}: /;
/** Nothing is left of them, or question marks. */
const bareTitle = /^\s*\?{0,12}: (?=.{0,512} {3}- {3}\[\w{1,20}(?:\(.{0,99}\))?\]\s*$)/;
/** Letters in an encoding that is not to be told from text, where the state is one that a kernel prints. */
const unreadableTitle =
  /[^ ]{4,64}: (?=.{0,512} {3}- {3}\[(?:Running|Yielded|Fault|Stopped|Terminated|Unstarted)\w{0,16}(?:\(.{0,99}?\)+)?\])/;
const SEPARATOR = "   -   [";
/** The same in which spaces were lost, or became tabs. */
const separator = /\s-\s{1,9}\[/g;

/** Name and state of `App: NAME   -   [STATE]`; `undefined` where the line is no such title. */
export function readTitle(text: string): { name: string; state: string; at: number } | undefined {
  const start = titleStart.exec(text) ?? bareTitle.exec(text) ?? unreadableTitle.exec(text);
  if (!start) return undefined;
  const rest = text.slice(start.index + start[0].length).trimEnd();
  // A name may hold anything, also this separator; a state does not.
  const exact = rest.lastIndexOf(SEPARATOR);
  const at = exact >= 0 ? exact : ([...rest.matchAll(separator)].at(-1)?.index ?? -1);
  if (at < 0) return undefined;
  const name = rest.slice(0, at);
  const state = rest.slice(rest.indexOf("[", at) + 1);
  return {
    name: exact >= 0 ? name : name.trimEnd(),
    // A logger may add text behind it.
    state: /^(\w{1,20}(?:\(.{0,99}?\)+)?)\]/.exec(state)?.[1] ?? state.replace(/\]$/, ""),
    at: start.index,
  };
}

/** Name of a title before release 1.0, whose state stands on the next line; only where a title is due. */
export const readOldTitle = (text: string): string | undefined =>
  /^\s*App: (\S{1,64})\s*$/.exec(text)?.[1];

export const readStatistics: PartReader<ProcessDraft> = (line, process) => {
  const { text } = line;
  let known = false;
  const state = /^\s*\[(\w{1,20})\]\s{1,9}-\s{1,9}Events Queued/.exec(text);
  if (state?.[1] !== undefined && process.state === "") process.state = state[1];
  for (const [label, key] of counters) {
    const at = text.indexOf(label);
    if (at < 0) continue;
    // A release of 2018 printed no colon behind the last one.
    const value = /^(?::\s(\d{0,15})|(\d{1,15}))/.exec(
      text.slice(at + label.length, at + label.length + 18),
    );
    if (!value) continue;
    known = true;
    const digits = value[1] ?? value[2];
    if (digits) process[key] = Number(digits);
  }
  const call = text.indexOf("Last Syscall: ");
  if (call >= 0) {
    process.lastSyscall = readSyscall(text.slice(call + 14));
    return [...text.matchAll(pointerPattern)].map(match =>
      line.tail("address", match[1] ?? "", match),
    );
  }
  const code = text.indexOf("Completion Code: ");
  if (code >= 0) {
    process.completionCode = readCompletion(text.slice(code + 17).trim());
    return [];
  }
  return known ? [] : undefined;
};

const pointerPattern =
  /\b(allow_address|callback_ptr|upcall_ptr|ptr|address): (?:CapabilityPtr \{ ptr: )?(0x[0-9a-fA-F]{1,16})/g;

function readCompletion(text: string): ProcessDraft["completionCode"] {
  if (text === "Faulted") return "faulted";
  return /^-?\d{1,15}$/.test(text) ? Number(text) : null;
}

const classNames: Readonly<Record<string, SyscallClass>> = {
  ...SyscallClass,
  // Releases 1.x.
  YIELD: SyscallClass.Yield,
  SUBSCRIBE: SyscallClass.Subscribe,
  COMMAND: SyscallClass.Command,
  ALLOW: SyscallClass.ReadWriteAllow,
  MEMOP: SyscallClass.Memop,
};

/** Rust's `{:?}` of a system call, also of an `Option` of one as older releases print it. */
function readSyscall(text: string): Syscall | null {
  const [, name = ""] = /^(?:Some\()?(\w{1,30})/.exec(text) ?? [];
  const syscallClass = Object.hasOwn(classNames, name) ? classNames[name] : undefined;
  if (syscallClass === undefined) return null;
  const numbers = [...text.matchAll(/: (0x[0-9a-fA-F]{1,16}|\d{1,20})/g)].map(match =>
    Number(match[1]),
  );
  const [a = 0, b = 0, c = 0, d = 0] = numbers;
  if (syscallClass !== SyscallClass.Yield) return { class: syscallClass, arguments: [a, b, c, d] };
  if (text.includes("which: ")) return { class: syscallClass, arguments: [a, b, c, 0] };
  const which = text.includes("NoWait") ? 0 : text.includes("WaitFor") ? 2 : 1;
  return { class: syscallClass, arguments: [which, a, b, 0] };
}

type SizeName = "grantPointers" | "upcallList" | "processControlBlock";

/** By the label of a row: the address below it, or the size in it that is no difference of addresses. */
const rows: Readonly<Record<string, { below?: MapAddress; size?: SizeName }>> = {
  "Grant Ptrs": { size: "grantPointers" },
  Upcalls: { size: "upcallList" },
  Process: { size: "processControlBlock", below: "processStruct" },
  Grant: { below: "kernelBreak" },
  // The other row of this name, below the stack, is told apart by what came before.
  Unused: { below: "appBreak" },
  Heap: { below: "heapStart" },
  Data: { below: "stackTop" },
  Stack: { below: "minimumStackPointer" },
  "App Flash": { below: "appStart" },
  Protected: { below: "flashStart" },
};
/** Of releases before 1.0, which told more of flash, and had the data below the stack. */
const olderRows: typeof rows = { Text: { below: "appStart" }, Header: { below: "flashStart" } };
const labels = Object.keys({ ...rows, ...olderRows }).join("|");

const drawing = /[─═│┼┴┬╔╗╚╝╤╪║]/;
const rowPattern = new RegExp(
  `[│\\s](${labels})(?=\\s)|[│\\s](Unused)$|│\\s{0,9}(Unused)(?![A-Za-z])`,
);
/** The line begins behind it. */
const addressPattern = /(?:^|[\s╚])(0x[0-9A-Fa-f]{8,16}|\?{10})(?=\s{0,3}[^\0-\x7f])/;
/** The same where the line drawing was lost in a terminal's encoding. */
const damagedRow = new RegExp(`^[^0-9A-Za-z]{8,32}(${labels})(?:\\s|$)`);
const damagedAddress = /^[^0-9A-Za-z]{0,8}(0x[0-9A-Fa-f]{8,16}|\?{10})[^0-9A-Za-z]{0,250}[A-Z]?$/;

export const readMap: PartReader<ProcessDraft> = (line, process) => {
  const text = line.text.trimEnd();
  const inRam = process.map.size > 0 && !process.inFlash;
  if (/(?:^|\s)\.{5}$/.test(text) || (inRam && /(?:^|\s)\.{5}(?![\w.])/.test(text))) {
    process.nextAddress = "flashEnd";
    process.inFlash = true;
    return [];
  }
  if (text.includes("Region Name")) {
    process.nextAddress = "end";
    process.inFlash = false;
    return [];
  }
  const drawn = drawing.test(text);
  const address = (drawn ? addressPattern : damagedAddress).exec(text);
  const next = process.nextAddress;
  if (address) {
    if (!drawn && next === undefined) return undefined;
    process.nextAddress = undefined;
    if (address[1]?.startsWith("?") || next === undefined) return [];
    const at = address.index + address[0].indexOf(address[1] ?? "");
    const value = Number(address[1]);
    process.map.set(next, value);
    return [line.value("address", next, value, [at, address[1]?.length ?? 0])];
  }
  const row = (drawn ? rowPattern : damagedRow).exec(text);
  if (row)
    readRow(row[1] ?? row[2] ?? row[3] ?? "", text.slice(row.index + row[0].length), process);
  return row || drawn ? [] : undefined;
};

function readRow(label: string, rest: string, process: ProcessDraft): void {
  const { below, size } = rows[label] ?? olderRows[label] ?? {};
  const number = /\d{1,10}/.exec(rest);
  if (process.inFlash) {
    process.nextAddress = below === "appStart" || below === "flashStart" ? below : undefined;
    return;
  }
  const last =
    (label === "Unused" && isBelowStack(process)) ||
    (label === "Data" && process.map.has("minimumStackPointer"));
  process.nextAddress = last ? "start" : below;
  const bottom = process.map.get("heapStart");
  if (label === "Data" && last && bottom !== undefined) process.map.set("stackTop", bottom);
  if (label === "Stack") process.stackUnknown = /^\s{0,99}\?/.test(rest);
  if (label === "Data" && !last && number) process.dataSize = Number(number[0]);
  if (size && number) process.sizes.set(size, Number(number[0]));
}

const isBelowStack = ({ map }: ProcessDraft): boolean =>
  map.has("minimumStackPointer") || map.has("heapStart") || map.has("stackTop");
