// Words for numbers in conditions: drivers, error codes and classes of system calls by name (TRD 104).
import { ErrorCode, SyscallClass } from "../../emulator/index.js";
import { driverNames } from "../syscall-text.js";

const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, "");

const byPlainName = (entries: Iterable<readonly [string, number]>): ReadonlyMap<string, number> =>
  new Map([...entries].map(([name, number]) => [plain(name), number]));

const drivers = byPlainName(
  Object.entries(driverNames).map(([number, name]) => [name, Number(number)] as const),
);
const classes = byPlainName(Object.entries(SyscallClass));
const errors = new Map<string, number>([["success", 0], ...Object.entries(ErrorCode)]);

/** `Low-level debug`, `low_level_debug` and `LowLevelDebug` are the same driver. */
export const driverNumber = (name: string): number | undefined => drivers.get(plain(name));

const plainErrors = byPlainName(errors);

/** Tock's names, and `success`, also as libtock-c (`RETURNCODE_ENOMEM`) and libtock-rs (`NoMem`) write them. */
export function errorNumber(name: string): number | undefined {
  const word = plain(name).replace(/^returncode/, "");
  return (
    plainErrors.get(word) ?? (word.startsWith("e") ? plainErrors.get(word.slice(1)) : undefined)
  );
}

export const classNumber = (name: string): number | undefined => classes.get(plain(name));

export const errorName = (code: number): string =>
  [...errors].find(([, value]) => value === code)?.[0] ?? `error ${code}`;
