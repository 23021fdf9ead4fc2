// A recorded row in words: driver and command by name, arguments and results decoded (TRD 104).
import { hex, SyscallClass } from "../../emulator/index.js";
import { errorName } from "../exceptions/vocabulary.js";
import { threadOf } from "../stack.js";
import { driverNames, memopName } from "../syscall-text.js";
import { commandOf } from "./command-names.js";
import type { TimelineKind, TimelineRow } from "./model.js";
import { FIRST_SUCCESS, type RecordedRow, type Recording, RowKind } from "./recording.js";

/** What a row says beside who, when and how long. */
type Words = Pick<TimelineRow, "call" | "driver" | "operation" | "arguments" | "result" | "failed">;

const kinds: Readonly<Record<RowKind, TimelineKind>> = {
  [RowKind.Syscall]: "syscall",
  [RowKind.Upcall]: "upcall",
  [RowKind.UpcallReturned]: "upcall",
  [RowKind.UpcallIgnored]: "upcall",
  [RowKind.UpcallDropped]: "upcall",
  [RowKind.Fault]: "fault",
  [RowKind.Start]: "start",
  [RowKind.Exit]: "exit",
};

export const kindOf = ({ kind }: RecordedRow): TimelineKind => kinds[kind];

/** The driver of a row that concerns one. */
export function driverOf({ kind, syscallClass, values }: RecordedRow): number | null {
  const [first = 0, second = 0] = values;
  if (kind === RowKind.Syscall) {
    if (syscallClass === SyscallClass.Yield) return first === 2 ? second : null;
    return syscallClass === SyscallClass.Memop || syscallClass === SyscallClass.Exit ? null : first;
  }
  return kinds[kind] === "upcall" ? first : null;
}

export const failedOf = ({ kind, returned, values }: RecordedRow): boolean => {
  if (kind === RowKind.Syscall) return isFailure(returned);
  if (kind === RowKind.Exit) return values[1] !== 0;
  return kind === RowKind.Fault || kind === RowKind.UpcallDropped;
};

const isFailure = (returned: readonly number[] | null): boolean =>
  returned !== null && (returned[0] ?? FIRST_SUCCESS) < FIRST_SUCCESS;

/** @param frequency of the clock, in Hz */
export function describeRow(recording: Recording, number: number, frequency: number): TimelineRow {
  const row = recording.row(number);
  const words = wordsOf(row, recording.preview(number));
  const { linked } = row;
  const apart = linked === undefined ? undefined : recording.cycleOf(linked) - row.cycle;
  return {
    number,
    seconds: row.cycle / frequency,
    kind: kindOf(row),
    threadId: threadOf(row.process),
    process: row.name,
    pid: row.pid,
    ...words,
    driverName: words.driver === null ? "" : driverName(words.driver),
    latency: apart === undefined ? null : Math.abs(apart) / frequency,
    linked: linked ?? null,
  };
}

export const driverName = (driver: number): string =>
  driverNames[driver] ?? `driver ${hex(driver)}`;

const plain = (call: string, text = "", result = "", failed = false): Words => ({
  call,
  driver: null,
  operation: "",
  arguments: text,
  result,
  failed,
});

function wordsOf(row: RecordedRow, preview: Uint8Array): Words {
  const { kind, values } = row;
  switch (kind) {
    case RowKind.Syscall:
      return { ...callWords(row, preview), result: resultText(row), failed: failedOf(row) };
    case RowKind.Fault:
      return plain("fault", "", "", true);
    case RowKind.Start:
      return plain("start");
    case RowKind.Exit: {
      const [known, code = 0] = values;
      return plain("exit", known === 1 ? codeText(code) : "", "", failedOf(row));
    }
    default:
      return upcallWords(row);
  }
}

const outcomes: Readonly<Partial<Record<RowKind, string>>> = {
  [RowKind.UpcallReturned]: "returned by yield-wait-for",
  [RowKind.UpcallIgnored]: "ignored: no subscription",
  [RowKind.UpcallDropped]: "dropped: the queue is full",
};

function upcallWords(row: RecordedRow): Words {
  const [driver = 0, subscribe = 0, ...values] = row.values;
  const dropped = row.kind === RowKind.UpcallDropped;
  return {
    call: "upcall",
    driver,
    operation: String(subscribe),
    arguments: dropped ? "" : values.map(numberText).join(", "),
    result: outcomes[row.kind] ?? "",
    failed: dropped,
  };
}

const yields = ["yield-no-wait", "yield-wait", "yield-wait-for"];
const exits = ["exit-terminate", "exit-restart"];
const allows: Readonly<Partial<Record<number, string>>> = {
  [SyscallClass.ReadWriteAllow]: "allow read-write",
  [SyscallClass.ReadOnlyAllow]: "allow read-only",
  [SyscallClass.UserspaceReadableAllow]: "allow userspace-readable",
};

function callWords(
  { syscallClass, values: [r0 = 0, r1 = 0, r2 = 0, r3 = 0] }: RecordedRow,
  preview: Uint8Array,
): Omit<Words, "result" | "failed"> {
  switch (syscallClass) {
    case SyscallClass.Yield: {
      const call = yields[r0] ?? `yield ${r0}`;
      return r0 === 2
        ? { call, driver: r1, operation: String(r2), arguments: "" }
        : plain(call, "");
    }
    case SyscallClass.Subscribe: {
      const text = r2 === 0 ? "none" : `${hex(r2)}, userdata ${hex(r3)}`;
      return { call: "subscribe", driver: r0, operation: String(r1), arguments: text };
    }
    case SyscallClass.Command: {
      const operation = commandOf(r0, r1)?.name ?? String(r1);
      const text = `${numberText(r2)}, ${numberText(r3)}${previewText(preview)}`;
      return { call: "command", driver: r0, operation, arguments: text };
    }
    case SyscallClass.Memop:
      return { ...plain("memop", hex(r1)), operation: memopName(r0) };
    case SyscallClass.Exit:
      return plain(exits[r0] ?? `exit ${r0}`, codeText(r1));
    default: {
      const call = allows[syscallClass] ?? `class ${syscallClass}`;
      const text = `${hex(r2)}, ${lengthText(r3)}${previewText(preview)}`;
      return { call, driver: r0, operation: String(r1), arguments: text };
    }
  }
}

const lengthText = (bytes: number): string => `${bytes} ${bytes === 1 ? "byte" : "bytes"}`;

const codeText = (code: number): string => `completion code ${code | 0}`;

/** Small numbers as they are counted, large ones as addresses and bits are read. */
const numberText = (value: number): string => (value < 0x10000 ? String(value) : hex(value));

/** Bytes as a C string, or in hexadecimal if most of them are no text. */
export function previewText(bytes: Uint8Array): string {
  if (bytes.length === 0) return "";
  const isText = (byte: number) => (byte >= 0x20 && byte < 0x7f) || byte === 10 || byte === 13;
  const texts = bytes.filter(isText).length;
  if (texts < 0.75 * bytes.length)
    return ` [${[...bytes.slice(0, 16)].map(b => b.toString(16).padStart(2, "0")).join(" ")}]`;
  return ` ${JSON.stringify(String.fromCharCode(...bytes))}`;
}

const POINTER_MEMOPS = [1, 2, 3, 4, 5, 6, 8, 9];

function resultText({ syscallClass, values: [r0 = 0], returned }: RecordedRow): string {
  if (returned === null || returned.length === 0) return "";
  const [variant = 0, a = 0, b = 0, c = 0] = returned;
  if (variant < FIRST_SUCCESS) return errorName(a);
  switch (syscallClass) {
    case SyscallClass.Subscribe:
      return a === 0 ? "" : `was ${hex(a)}`;
    case SyscallClass.ReadWriteAllow:
    case SyscallClass.ReadOnlyAllow:
    case SyscallClass.UserspaceReadableAllow:
      return a === 0 && b === 0 ? "" : `was ${hex(a)}, ${lengthText(b)}`;
    case SyscallClass.Memop:
      return variant === FIRST_SUCCESS ? "" : POINTER_MEMOPS.includes(r0) ? hex(a) : String(a);
    default:
      return successText(variant, [a, b, c]);
  }
}

/** Values of Success, SuccessU32, …U32U32, …U64, …U32U32U32, …U32U64. */
function successText(variant: number, [a, b, c]: readonly [number, number, number]): string {
  const wide = (low: number, high: number) => String((BigInt(high) << 32n) | BigInt(low));
  const texts = [
    "",
    numberText(a),
    `${numberText(a)}, ${numberText(b)}`,
    wide(a, b),
    [a, b, c].map(numberText).join(", "),
    `${numberText(a)}, ${wide(b, c)}`,
  ];
  return texts[variant - FIRST_SUCCESS] ?? "";
}
