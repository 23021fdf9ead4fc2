// One function per class of system call (kernel/src/kernel.rs `handle_syscall`); checks in upstream's order.
import type { SyscallDriver } from "./driver.js";
import { READ_ONLY, READ_WRITE, swapSlot, swapUpcall } from "./grants.js";
import { memop } from "./memop.js";
import type { Process } from "./process.js";
import { grantMissingText, removedText } from "./syscall-trace.js";
import { ErrorCode, Return, type Syscall, SyscallClass, type SyscallReturn } from "./syscalls.js";

/** What the calls need beside the process. */
export interface SyscallHost {
  withDriver(driverNum: number): SyscallDriver | undefined;
  exit(process: Process, completionCode: number, restart: boolean): void;
  /** One line of `trace_syscalls`, made only if somebody wants it. */
  traceSyscall(pid: number, text: () => string): void;
}

type Handler = (host: SyscallHost, process: Process, syscall: Syscall) => SyscallReturn | null;

const POINTER_SIZE = 4;

const allocatedGrants = (process: Process): number => {
  let count = 0;
  for (let grant = 0; grant < process.host.grantCount; grant++)
    if (process.grantEntry(grant).pointer !== 0) count++;
  return count;
};

/** Tries `swap` again after the driver has allocated its grant, should that have been missing. */
function withGrant(
  host: SyscallHost,
  [driver, driverNum]: readonly [SyscallDriver, number],
  process: Process,
  swap: () => readonly [number, number] | ErrorCode,
): readonly [number, number] | ErrorCode {
  const first = swap();
  if (first !== ErrorCode.NOMEM) return first;
  const before = allocatedGrants(process);
  const failed = driver.allocateGrant(process.id) !== undefined;
  if (!failed && allocatedGrants(process) !== before) return swap();
  host.traceSyscall(process.data.pid, () => grantMissingText(driverNum, failed));
  return ErrorCode.NOMEM;
}

const swapReturn = (
  result: readonly [number, number] | ErrorCode,
  passed: readonly [number, number],
): SyscallReturn =>
  typeof result === "number"
    ? Return.failureU32U32(result, ...passed)
    : Return.successU32U32(...result);

const isValidUpcallFunction = (process: Process, pointer: number): boolean =>
  process.inAppFlash(pointer, POINTER_SIZE) || process.inAppMemory(pointer, POINTER_SIZE);

/** The result `null` means that the app's registers stay as they are. */
const yieldCall: Handler = (_host, process, { arguments: [variant, address, subscribe] }) => {
  if (variant === 0) {
    const hasTasks = process.data.tasks.length > 0;
    if (process.inAppMemory(address, 1)) process.host.memory.write8(address, hasTasks ? 1 : 0);
    if (hasTasks) process.setYielded();
  } else if (variant === 1) process.setYielded();
  else process.setYieldedFor({ driver: address, subscribe });
  return null;
};

const subscribeCall: Handler = (host, process, { arguments: args }) => {
  const [driverNum, subscribe, pointer, userdata] = args;
  const passed = [pointer, userdata] as const;
  if (pointer !== 0 && !isValidUpcallFunction(process, pointer))
    return swapReturn(ErrorCode.INVAL, passed);
  const driver = host.withDriver(driverNum);
  if (driver === undefined) return swapReturn(ErrorCode.NODEVICE, passed);
  const result = withGrant(host, [driver, driverNum], process, () =>
    swapUpcall(process, driverNum, subscribe, passed),
  );
  if (typeof result !== "number") {
    const upcall = { driver: driverNum, subscribe };
    const removed = process.removePendingUpcalls(upcall);
    host.traceSyscall(process.data.pid, () => removedText(upcall, removed));
  }
  return swapReturn(result, passed);
};

const commandCall: Handler = (host, process, { arguments: [driverNum, command, a, b] }) =>
  host.withDriver(driverNum)?.command(command, a, b, process.id) ??
  Return.failure(ErrorCode.NODEVICE);

const allowCall =
  (readOnly: boolean): Handler =>
  (host, process, { arguments: [driverNum, n, address, size] }) => {
    const passed = [address, size] as const;
    const driver = host.withDriver(driverNum);
    if (driver === undefined) return swapReturn(ErrorCode.NODEVICE, passed);
    const refused = process.shareBuffer(address, size, readOnly);
    if (refused !== undefined) return swapReturn(refused, passed);
    const kind = readOnly ? READ_ONLY : READ_WRITE;
    return swapReturn(
      withGrant(host, [driver, driverNum], process, () =>
        swapSlot(process, driverNum, kind, n, passed),
      ),
      passed,
    );
  };

const userspaceReadableAllowCall: Handler = (host, process, { arguments: args }) => {
  const [driverNum, n, address, size] = args;
  const passed = [address, size] as const;
  const driver = host.withDriver(driverNum);
  if (driver === undefined) return swapReturn(ErrorCode.NODEVICE, passed);
  const refused = process.shareBuffer(address, size, false);
  if (refused !== undefined) return swapReturn(refused, passed);
  return swapReturn(
    driver.allowUserspaceReadable?.(process.id, n, address, size) ?? ErrorCode.NOSUPPORT,
    passed,
  );
};

const memopCall: Handler = (_host, process, { arguments: [operation, argument] }) =>
  memop(process, operation, argument);

const exitCall: Handler = (host, process, { arguments: [variant, completionCode] }) => {
  if (variant > 1) return Return.failure(ErrorCode.NOSUPPORT);
  host.exit(process, completionCode, variant === 1);
  return null;
};

export const syscallHandlers: Readonly<Record<SyscallClass, Handler>> = {
  [SyscallClass.Yield]: yieldCall,
  [SyscallClass.Subscribe]: subscribeCall,
  [SyscallClass.Command]: commandCall,
  [SyscallClass.ReadWriteAllow]: allowCall(false),
  [SyscallClass.ReadOnlyAllow]: allowCall(true),
  [SyscallClass.Memop]: memopCall,
  [SyscallClass.Exit]: exitCall,
  [SyscallClass.UserspaceReadableAllow]: userspaceReadableAllowCall,
};

/** Yield, memop and exit pass every filter. */
export const isFilterable = (syscall: Syscall): boolean =>
  syscall.class !== SyscallClass.Yield &&
  syscall.class !== SyscallClass.Memop &&
  syscall.class !== SyscallClass.Exit;

/** Class and arguments of a call as the guest made it; `undefined` where upstream faults the process. */
export function decodeSyscall(
  syscallClass: number,
  registers: readonly [number, number, number, number],
): Syscall | undefined {
  if (syscallClass > SyscallClass.UserspaceReadableAllow) return undefined;
  if (syscallClass === SyscallClass.Yield && registers[0] > 2) return undefined;
  return { class: syscallClass as SyscallClass, arguments: registers };
}
