// An exception of a filter: what is about to happen, in words and as the fields of conditions.
import { hex, hex8, type Occurrence, SyscallClass } from "../../emulator/index.js";
import { driverText } from "../syscall-text.js";
import type { FieldValues } from "./conditions.js";
import type { FilterId } from "./filters.js";
import { errorName } from "./vocabulary.js";

/** Told to the client if one of `filters` is on and its condition true. */
export interface Raised {
  filters: readonly FilterId[];
  process: number;
  values: FieldValues;
  /** A few words. */
  title: string;
  /** One sentence, without the name of the app in front. */
  text: string;
}

type Arguments = readonly [number, number, number, number];

/** A system call in words, e.g. `command 1 of Alarm (0x0)`. */
export function callText(syscallClass: number, [r0, r1]: Arguments): string {
  switch (syscallClass) {
    case SyscallClass.Subscribe:
      return `subscribe ${r1} of ${driverText(r0)}`;
    case SyscallClass.Command:
      return `command ${r1} of ${driverText(r0)}`;
    case SyscallClass.ReadWriteAllow:
      return `read-write allow ${r1} of ${driverText(r0)}`;
    case SyscallClass.ReadOnlyAllow:
      return `read-only allow ${r1} of ${driverText(r0)}`;
    case SyscallClass.UserspaceReadableAllow:
      return `userspace-readable allow ${r1} of ${driverText(r0)}`;
    case SyscallClass.Memop:
      return `memop ${r0}`;
    case SyscallClass.Exit:
      return `exit ${r0}`;
    default:
      return `yield ${r0}`;
  }
}

const ALLOWS: readonly number[] = [
  SyscallClass.ReadWriteAllow,
  SyscallClass.ReadOnlyAllow,
  SyscallClass.UserspaceReadableAllow,
];

/** Calls that name a driver. */
export const namesDriver = (syscallClass: number): boolean =>
  syscallClass === SyscallClass.Subscribe ||
  syscallClass === SyscallClass.Command ||
  ALLOWS.includes(syscallClass);

export function callFields(syscallClass: number, [r0, r1, r2, r3]: Arguments): FieldValues {
  if (!namesDriver(syscallClass)) return { class: syscallClass, argument0: r0, argument1: r1 };
  const slot =
    syscallClass === SyscallClass.Command
      ? "command"
      : syscallClass === SyscallClass.Subscribe
        ? "subscribe"
        : "allow";
  return { class: syscallClass, driver: r0, [slot]: r1, argument0: r2, argument1: r3 };
}

/** A call that the app is about to make. */
export const raisedCall = (process: number, syscallClass: number, args: Arguments): Raised => ({
  filters: ["syscall"],
  process,
  values: callFields(syscallClass, args),
  title: "System call",
  text: `calls ${callText(syscallClass, args)} with ${argumentsText(syscallClass, args)}`,
});

function argumentsText(syscallClass: number, [, , r2, r3]: Arguments): string {
  if (syscallClass === SyscallClass.Command) return `${r2} and ${r3}`;
  if (syscallClass === SyscallClass.Subscribe)
    return `function ${hex8(r2)} and userdata ${hex(r3)}`;
  return `${r3} bytes at ${hex8(r2)}`;
}

const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? "" : "s"}`;

/** What the kernel is about to do; a fault is told in words of its own. */
export function raisedBy(occurrence: Exclude<Occurrence, { kind: "fault" }>): Raised {
  const process = occurrence.process ?? 0;
  switch (occurrence.kind) {
    case "syscallError": {
      const { syscallClass, arguments: args, returned } = occurrence;
      const error = returned[1] ?? 0;
      return {
        filters: ["syscallError"],
        process,
        values: { ...callFields(syscallClass, args), returned: error },
        title: "System call failed",
        text: `${callText(syscallClass, args)} returned ${errorName(error)}`,
      };
    }
    case "exit":
      return exiting(process, occurrence.completionCode, occurrence.restart);
    case "restart":
      return {
        filters: ["restart"],
        process,
        values: { reason: occurrence.reason },
        title: "Restart",
        text:
          occurrence.reason === "fault"
            ? "is about to be restarted by its fault policy"
            : "is about to be restarted on request",
      };
    case "upcallDropped": {
      const { driver, subscribe, arguments: values } = occurrence;
      const [argument0, argument1, argument2] = values ?? [];
      const given = values === null ? "" : ` with ${values.join(", ")}`;
      return {
        filters: ["upcallDropped"],
        process,
        values: { driver, subscribe, argument0, argument1, argument2 },
        title: "Upcall dropped",
        text: `upcall ${subscribe} of ${driverText(driver)}${given} is about to be dropped, because the queue of upcalls is full; only a yield of the app empties it`,
      };
    }
    case "grantFailed": {
      const { driver, size, free } = occurrence;
      return {
        filters: ["grantFailed"],
        process,
        values: { driver, size, free },
        title: "Grant allocation failed",
        text: `the grant of ${driverText(driver)} needs ${count(size, "byte")}, and ${free} are free between app break and grants`,
      };
    }
    case "panic":
      return {
        filters: ["kernelPanic"],
        process,
        values: { message: occurrence.message },
        title: "The kernel panics",
        text: `${occurrence.message}, at ${occurrence.location}`,
      };
  }
}

function exiting(process: number, code: number, restart: boolean): Raised {
  const failed = code !== 0;
  const filters: FilterId[] = [];
  if (failed) filters.push("exitError");
  if (restart) filters.push("restart");
  return {
    filters,
    process,
    values: { code, ...(restart ? { reason: "exit" } : {}) },
    title: failed ? "Exit with an error" : "Restart",
    text: `exits with code ${codeText(code)}${restart ? " and asks to be restarted" : ""}`,
  };
}

/** C's negative codes are shown as such, too. */
const codeText = (code: number): string =>
  code > 0x7fffffff ? `${code} (${code | 0})` : `${code}`;
