// The `debug!` lines of the kernel configuration `trace_syscalls`, without the process's identifier in front
// (kernel/src/{kernel,upcall,grant,process_standard}.rs).
import { hex } from "../base/bits.js";
import type { FunctionCall } from "./boundary.js";
import { printSyscall } from "./printer.js";
import type { UpcallId } from "./process.js";
import { ErrorCode, type Syscall, SyscallClass, type SyscallReturn } from "./syscalls.js";

const errorName = (code: number): string =>
  Object.entries(ErrorCode).find(([, value]) => value === code)?.[0] ?? String(code);

const hexList = (values: readonly number[]): string => values.map(value => hex(value)).join(", ");

const wide = (low = 0, high = 0): string => String((BigInt(high) << 32n) | BigInt(low));

/** Rust's names of variants 0, 1, … and 128, 129, … with what stands between their brackets. */
const failures: readonly ((error: string, a: number, b: number) => string)[] = [
  error => `Failure(${error})`,
  (error, a) => `FailureU32(${error}, ${a})`,
  (error, a, b) => `FailureU32U32(${error}, ${a}, ${b})`,
  (error, a, b) => `FailureU64(${error}, ${wide(a, b)})`,
];
const successes: readonly ((a: number, b: number, c: number) => string)[] = [
  () => "Success",
  a => `SuccessU32(${a})`,
  (a, b) => `SuccessU32U32(${a}, ${b})`,
  (a, b) => `SuccessU64(${wide(a, b)})`,
  (a, b, c) => `SuccessU32U32U32(${a}, ${b}, ${c})`,
  (a, b, c) => `SuccessU32U64(${a}, ${wide(b, c)})`,
];
const FIRST_SUCCESS = 128;

/** Calls whose two words come back in variants of their own. */
const swaps: Readonly<Partial<Record<SyscallClass, string>>> = {
  [SyscallClass.Subscribe]: "Subscribe",
  [SyscallClass.ReadWriteAllow]: "AllowReadWrite",
  [SyscallClass.ReadOnlyAllow]: "AllowReadOnly",
  [SyscallClass.UserspaceReadableAllow]: "UserspaceReadableAllow",
};

/** Memop numbers of which the result is a pointer, and the one of which it is a mere address. */
const POINTER_MEMOPS = [1, 2, 3, 4, 5, 8, 9];
const ADDRESS_MEMOP = 6;

/** `Debug` of upstream's `SyscallReturn`. */
function returnText(syscall: Syscall, values: SyscallReturn): string {
  const [variant = 0, a = 0, b = 0, c = 0] = values;
  const swap = swaps[syscall.class];
  if (swap !== undefined && variant >= FIRST_SUCCESS) return `${swap}Success(${hex(a)}, ${b})`;
  if (swap !== undefined) return `${swap}Failure(${errorName(a)}, ${hex(b)}, ${c})`;
  if (syscall.class === SyscallClass.Memop && variant >= FIRST_SUCCESS) {
    const [operation] = syscall.arguments;
    if (POINTER_MEMOPS.includes(operation)) return `SuccessPtr(CapabilityPtr { ptr: ${hex(a)} })`;
    if (operation === ADDRESS_MEMOP) return `SuccessAddr(${a})`;
  }
  if (variant >= FIRST_SUCCESS) return successes[variant - FIRST_SUCCESS]?.(a, b, c) ?? "";
  return failures[variant]?.(errorName(a), b, c) ?? "";
}

const yieldNames = ["NoWait", "Wait", "WaitFor"];

/** A system call and what it returned; `null` where it returns nothing. */
export function syscallText(syscall: Syscall, returned: SyscallReturn | null): string {
  const [r0, r1, r2, r3] = syscall.arguments;
  const result = returned === null ? "" : returnText(syscall, returned);
  const allow = `(${hex(r0)}, ${r1}, @${hex(r2)}, ${r3}) = ${result}`;
  switch (syscall.class) {
    case SyscallClass.Yield:
      return `yield. which: ${yieldNames[r0]}`;
    case SyscallClass.Subscribe:
      return `subscribe(${hex(r0)}, ${r1}, @${hex(r2)}, ${hex(r3)}) = ${result}`;
    case SyscallClass.Command:
      return `cmd(${hex(r0)}, ${r1}, ${hex(r2)}, ${hex(r3)}) = ${result}`;
    case SyscallClass.ReadWriteAllow:
      return `read-write allow${allow}`;
    case SyscallClass.UserspaceReadableAllow:
      return `userspace readable allow${allow}`;
    case SyscallClass.ReadOnlyAllow:
      return `read-only allow${allow}`;
    case SyscallClass.Memop:
      return `memop(${r0}, ${hex(r1)}) = ${result}`;
    case SyscallClass.Exit: {
      const value = returned === null ? "None" : `Some(${result})`;
      return `exit(which: ${r0}, completion_code: ${r1}) = ${value}`;
    }
  }
}

export const filteredText = (syscall: Syscall, error: ErrorCode): string =>
  `Filtered: ${printSyscall(syscall)} was rejected with ${errorName(error)}`;

/** A call into the process that starts now. */
export const functionCallText = ({ pc, arguments: values }: FunctionCall): string =>
  `function_call @${hex(pc)}(${hexList(values)})`;

/** The values that end a yield-wait-for; `call` is the upcall that is not made. */
export const waitForText = (values: readonly number[], call: FunctionCall | null): string =>
  call === null
    ? `Yield-WaitFor: [NU] (${hexList(values)})`
    : `Yield-WaitFor [Suppressed function_call @${hex(call.pc)}] (${hexList(call.arguments)})`;

const upcallText = ({ driver, subscribe }: UpcallId): string => `[${hex(driver)}:${subscribe}]`;

/** An upcall that a driver schedules; `error` is upstream's `UpcallError`. */
export function scheduledText(
  upcall: UpcallId,
  saved: { functionPointer: number; userdata: number },
  values: readonly number[],
  error: string | undefined,
): string {
  const call = `@${hex(saved.functionPointer)}(${hexList([...values, saved.userdata])})`;
  const result = error === undefined ? "Ok(())" : `Err(${error})`;
  return `schedule${upcallText(upcall)} ${call} = ${result}`;
}

export const removedText = (upcall: UpcallId, count: number): string =>
  `remove_pending_upcalls${upcallText(upcall)} = ${count} upcall(s) removed`;

/** A driver whose grant is missing could not or did not allocate it. */
export const grantMissingText = (driverNum: number, failed: boolean): string =>
  failed
    ? `WARN driver #${driverNum.toString(16)} did not allocate grant`
    : `ERROR driver #${driverNum.toString(16)} allocated wrong grant counts`;
