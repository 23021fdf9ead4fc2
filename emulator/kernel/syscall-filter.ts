// Which system calls a process may make (capsules/system/src/syscall_filter/tbf_header_filter.rs).
import type { SyscallFilter } from "./resources.js";
import { ErrorCode, SyscallClass } from "./syscalls.js";

const COMMANDS_PER_MASK = 64;

/**
 * Permissions of the TBF header; a process without them may do everything. Subscribe and allow need an entry of the
 * driver, whatever commands it allows.
 */
export const tbfHeaderFilterDefaultAllow: SyscallFilter = {
  filterSyscall(process, { class: syscallClass, arguments: [driver, number] }) {
    const isCommand = syscallClass === SyscallClass.Command;
    const offset = isCommand ? Math.floor(number / COMMANDS_PER_MASK) : 0;
    const permissions = process.commandPermissions(driver, offset);
    if (permissions.kind === "NoPermsAtAll") return undefined;
    if (permissions.kind === "NoPermsThisDriver") return ErrorCode.NODEVICE;
    if (!isCommand) return undefined;
    const allowed = (permissions.mask >> BigInt(number % COMMANDS_PER_MASK)) & 1n;
    return allowed === 1n ? undefined : ErrorCode.NODEVICE;
  },
};
