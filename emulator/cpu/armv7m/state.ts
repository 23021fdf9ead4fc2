// The CPU state block: where each register lives, as word indexes into the start of the machine's one buffer.
//
//   0..15   r0..r15: r13 is the stack pointer in use, r15 the address of the next instruction
//   16..31  flags and special registers      32..55  scratch of the running interpreter and access windows
//   64..    System Control Space (ARMv7-M manual B3.2)     128..  MPU regions     192..  NVIC
// N holds any word with the flag's sign, Z any word that is zero when the flag is set, C 0 or 1, V like N.
// That way an instruction that sets flags only stores its result.

export const SP = 13;
export const LR = 14;
export const PC = 15;
export const N = 16;
export const Z = 17;
export const C = 18;
export const V = 19;
/** APSR.Q, 0 or 1. */
export const Q = 20;
/** APSR.GE, 4 bits. */
export const GE = 21;
/** EPSR.IT, 8 bits, of the next instruction. */
export const IT = 22;
/** EPSR.T, 0 or 1. */
export const T = 23;
/** Exception number; 0 in Thread mode. */
export const IPSR = 24;
/** CONTROL: bit 0 nPRIV, bit 1 SPSEL. */
export const CONTROL = 25;
export const PRIMASK = 26;
export const BASEPRI = 27;
export const FAULTMASK = 28;
/** The stack pointer that is not in use: PSP while r13 is MSP, MSP while r13 is PSP. */
export const OTHER_SP = 29;
/** 1 if r13 is PSP. */
export const SP_IS_PSP = 30;

/** Why the inner loop was left, an `Event`. */
export const EVENT = 32;
/** Address of the instruction that raised the event. */
export const AT = 33;
/** Instructions left of this slice when an instruction with side effects started. */
export const LEFT = 34;
/** What `fetch` found: operation number, fields, immediate. */
export const FETCHED_FIELDS = 35;
export const FETCHED_IMMEDIATE = 36;
/** Carry out of the last shift (Shift_C). */
export const SHIFT_CARRY = 37;
/** EPSR.IT of the instruction that raised the event. */
export const AT_IT = 38;
/** For `Event.Fault`: exception number, CFSR bits, address or 0. */
export const FAULT_EXCEPTION = 39;
export const FAULT_STATUS = 40;
export const FAULT_ADDRESS = 41;
/** Local exclusive monitor: 1 while an exclusive access is open. */
export const EXCLUSIVE = 42;
/** WFI or WFE has stopped the core; only used when exceptions vector into the guest. */
export const SLEEPING = 43;
/** The event register of WFE and SEV. */
export const EVENT_REGISTER = 44;
/** Exception number that `run` reports before it executes anything; 0 for none. */
export const REPORT = 45;
/** Exception whose frame was stacked last. */
export const TAKEN = 46;
/** The core has locked up. */
export const LOCKED = 47;

// Access windows: first guest address, bytes, offset in the buffer. An access inside needs no further check.
export const READ_BASE = 48;
export const READ_SIZE = 49;
export const READ_OFFSET = 50;
export const WRITE_BASE = 51;
export const WRITE_SIZE = 52;
export const WRITE_OFFSET = 53;
export const FLASH_BASE = 54;
export const FLASH_SIZE = 55;
export const FLASH_OFFSET = 56;
/** Code window; the offset is that of its first byte in flash. */
export const CODE_BASE = 57;
export const CODE_SIZE = 58;
export const CODE_OFFSET = 59;

/** Of the exception taken last: r14 and r13 before entry, and the CFSR bit if its frame could not be stacked, else 0. */
export const ENTRY_LR = 60;
export const ENTRY_SP = 61;
export const ENTRY_FAULT = 62;

export const VTOR = 64;
export const CCR = 65;
export const SHCSR = 66;
export const SHPR1 = 67;
export const SHPR2 = 68;
export const SHPR3 = 69;
export const CFSR = 70;
export const HFSR = 71;
export const MMFAR = 72;
export const BFAR = 73;
export const DFSR = 74;
export const SCR = 75;
export const PRIGROUP = 76;
export const SYST_CSR = 78;
export const SYST_RVR = 79;
export const SYST_COUNTFLAG = 80;
export const MPU_CTRL = 81;
export const MPU_RNR = 82;
/** Pending system exceptions (2..15), a bit each. */
export const PENDING = 83;
/** Active exceptions 2..15, a bit each. */
export const ACTIVE = 84;
export const ACTLR = 85;
/** AIRCR.SYSRESETREQ has been written. */
export const RESET_REQUESTED = 87;
/** SYST_CVR while the timer is off. */
export const SYST_HELD = 86;

export const MPU_RBAR = 128;
export const MPU_RASR = 144;
export const NVIC_ENABLED = 192;
export const NVIC_PENDING = 200;
export const NVIC_ACTIVE = 208;
/** Level of each interrupt line. */
export const NVIC_LEVEL = 216;
/** One byte per interrupt. */
export const NVIC_PRIORITY = 224;

/** Indexes of 64-bit floats in the same block: cycles are integers beyond 32 bits. */
export const INSTRUCTIONS_F64 = 256;
/** Cycle at which SysTick last stood at its reload value. */
export const SYST_START_F64 = 257;

export const STATE_WORDS = 1024;

/** What can end the inner loop besides its budget. */
export const Event = {
  None: 0,
  /** A fault of the instruction at AT: FAULT_EXCEPTION, FAULT_STATUS, FAULT_ADDRESS say which. */
  Fault: 1,
  SupervisorCall: 2,
  Breakpoint: 3,
  /** WFI or WFE has been executed. */
  Sleep: 4,
  Semihosting: 5,
  /** Something changed that the outer loop must look at: privilege, MPU, a pending exception, EPSR.T. */
  Reschedule: 6,
  /** A branch to an EXC_RETURN value in Handler mode; the value is in r15. */
  ExceptionReturn: 7,
  /** The instruction at AT would touch a watched byte; nothing is changed yet. */
  Watchpoint: 8,
} as const;

/** Exception numbers (B1.5.2). */
export const Exception = {
  Reset: 1,
  NMI: 2,
  HardFault: 3,
  MemManage: 4,
  BusFault: 5,
  UsageFault: 6,
  SVCall: 11,
  DebugMonitor: 12,
  PendSV: 14,
  SysTick: 15,
  Interrupt0: 16,
} as const;

/** Bits of CFSR (B3.2.15). */
export const Cfsr = {
  IACCVIOL: 1 << 0,
  DACCVIOL: 1 << 1,
  MUNSTKERR: 1 << 3,
  MSTKERR: 1 << 4,
  MMARVALID: 1 << 7,
  IBUSERR: 1 << 8,
  PRECISERR: 1 << 9,
  UNSTKERR: 1 << 11,
  STKERR: 1 << 12,
  BFARVALID: 1 << 15,
  UNDEFINSTR: 1 << 16,
  INVSTATE: 1 << 17,
  INVPC: 1 << 18,
  NOCP: 1 << 19,
  UNALIGNED: 1 << 24,
  DIVBYZERO: 1 << 25,
} as const;

/** Bits of HFSR (B3.2.16). */
export const Hfsr = { VECTTBL: 1 << 1, FORCED: 1 << 30, DEBUGEVT: 1 << 31 } as const;

/** Bits of CCR (B3.2.8). */
export const Ccr = {
  UNALIGN_TRP: 1 << 3,
  DIV_0_TRP: 1 << 4,
  BFHFNMIGN: 1 << 8,
  STKALIGN: 1 << 9,
} as const;

/** Implemented bits of a priority: three on ARMv7-M parts here, two on ARMv6-M. */
export const PRIORITY_MASK_V7 = 0xe0;
export const PRIORITY_MASK_V6 = 0xc0;
