// The memop system calls (kernel/src/memop.rs).
import type { Process } from "./process.js";
import { ErrorCode, Return, type SyscallReturn } from "./syscalls.js";

const breakReturn = (old: number | undefined, success: (old: number) => SyscallReturn) =>
  old === undefined ? Return.failure(ErrorCode.NOMEM) : success(old);

/** Start or end of a writeable flash region; FAIL if there is no such region. */
function writeableFlash(process: Process, n: number, end: boolean): SyscallReturn {
  const region = process.data.binary.writeableFlashRegions[n];
  if (region === undefined || region.size === 0) return Return.failure(ErrorCode.FAIL);
  const start = process.data.binary.flash.start + region.offset;
  return Return.successU32(end ? start + region.size : start);
}

export function memop(process: Process, operation: number, argument: number): SyscallReturn {
  const { memory, binary, kernelBreak, appBreak } = process.data;
  switch (operation) {
    case 0:
      return breakReturn(process.brk(argument), () => Return.success());
    case 1:
      return breakReturn(process.brk((appBreak + argument) >>> 0), Return.successU32);
    case 2:
      return Return.successU32(memory.start);
    case 3:
      return Return.successU32(memory.end);
    case 4:
      return Return.successU32(binary.flash.start);
    case 5:
      return Return.successU32(binary.flash.end);
    case 6:
      return Return.successU32(kernelBreak);
    case 7:
      return Return.successU32(binary.writeableFlashRegions.length);
    case 8:
      return writeableFlash(process, argument, false);
    case 9:
      return writeableFlash(process, argument, true);
    case 10:
      process.setStackTop(argument);
      return Return.success();
    case 11:
      process.setHeapStart(argument);
      return Return.success();
    default:
      return Return.failure(ErrorCode.NOSUPPORT);
  }
}
