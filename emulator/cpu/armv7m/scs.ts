// The System Control Space (ARMv7-M manual B3.2 to B3.5): SCB, SysTick, NVIC and MPU registers as a bus region.
// Only word registers are declared; bytes and halfwords of them are read and written in place.
import type { Region } from "../../bus/bus.js";
import type { Core } from "./core.js";
import { clearPending, setPending } from "./exceptions.js";
import { activeExceptions, pendingException } from "./priority.js";
import * as S from "./state.js";
import {
  clearCurrentValue,
  currentValue,
  readControl,
  writeControl,
  writeReload,
} from "./systick.js";

const { NMI, PendSV, SysTick, SVCall, MemManage, BusFault, UsageFault, Interrupt0 } = S.Exception;

/** One word register; without `write` it is read-only. `value` has the old bytes where a narrow access writes others. */
interface Register {
  read(): number;
  write?(value: number): void;
  /** Zero bits of a narrow write change nothing (write 1 to set or clear). */
  writeOne?: true;
}

type Registers = Map<number, Register>;

const CPUID = {
  "cortex-m0plus": 0x410cc601,
  "cortex-m3": 0x412fc231,
  "cortex-m4": 0x410fc241,
} as const;
const LINES_WORDS = 8;
const PRIORITY_WORDS = 60;

export function systemControlSpace(cpu: Core): Region[] {
  const registers: Registers = new Map([
    ...identification(cpu),
    ...sysTickTimer(cpu),
    ...interruptController(cpu),
    ...systemControlBlock(cpu),
    ...faultStatus(cpu),
    ...memoryProtection(cpu),
  ]);
  return [
    {
      name: "scs",
      address: 0xe000e000,
      size: 0x1000,
      read: (offset, size) => {
        const word = registers.get(offset & ~3)?.read() ?? 0;
        return (word >>> ((offset & 3) * 8)) & (size === 4 ? -1 : size === 2 ? 0xffff : 0xff);
      },
      write: (offset, size, value) => {
        const register = registers.get(offset & ~3);
        if (register?.write !== undefined) {
          const shift = (offset & 3) * 8;
          const mask = (size === 4 ? -1 : size === 2 ? 0xffff : 0xff) << shift;
          const rest = register.writeOne || size === 4 ? 0 : register.read() & ~mask;
          register.write(rest | (value << shift));
          // The outer loop looks at priorities, windows and the timer again.
          if (cpu.words[S.EVENT] === S.Event.None) cpu.raise(S.Event.Reschedule);
        }
        return true;
      },
    },
  ];
}

/** A state word with writable bits. */
const plain = (cpu: Core, word: number, mask = -1): Register => ({
  read: () => cpu.words[word],
  write: value => {
    cpu.words[word] = value & mask;
  },
});

/** A state word whose bits are cleared by writing ones. */
const clearedByOne = (cpu: Core, word: number): Register => ({
  read: () => cpu.words[word],
  write: value => {
    cpu.words[word] &= ~value;
  },
  writeOne: true,
});

const identification = (cpu: Core): [number, Register][] => [
  [0x004, { read: () => (cpu.architecture === 7 ? LINES_WORDS - 1 : 0) }],
  [0x008, plain(cpu, S.ACTLR)],
  [0xd00, { read: () => CPUID[cpu.name] }],
];

const sysTickTimer = (cpu: Core): [number, Register][] => [
  [0x010, { read: () => readControl(cpu, cpu.now), write: v => writeControl(cpu, v, cpu.now) }],
  [0x014, { read: () => cpu.words[S.SYST_RVR], write: v => writeReload(cpu, v, cpu.now) }],
  [0x018, { read: () => currentValue(cpu, cpu.now), write: () => clearCurrentValue(cpu, cpu.now) }],
  // NOREF, and the reload value of 10 ms.
  [0x01c, { read: () => 0x80000000 | ((cpu.clock.frequency / 100 - 1) & 0xffffff) }],
];

/** The registers of one bit per interrupt, and the priorities. */
function interruptController(cpu: Core): [number, Register][] {
  const r = cpu.words;
  const registers: [number, Register][] = [];
  const bits = (offset: number, word: number, write?: (value: number) => void) =>
    registers.push([
      offset,
      { read: () => r[word], writeOne: true, ...(write === undefined ? {} : { write }) },
    ]);
  for (let i = 0; i < LINES_WORDS; i++) {
    const enabled = S.NVIC_ENABLED + i;
    const pending = S.NVIC_PENDING + i;
    bits(0x100 + i * 4, enabled, value => {
      r[enabled] |= value;
    });
    bits(0x180 + i * 4, enabled, value => {
      r[enabled] &= ~value;
    });
    bits(0x200 + i * 4, pending, value => {
      r[pending] |= value;
    });
    // A line that is still high pends again at once.
    bits(0x280 + i * 4, pending, value => {
      r[pending] = (r[pending] & ~value) | (value & r[S.NVIC_LEVEL + i]);
    });
    bits(0x300 + i * 4, S.NVIC_ACTIVE + i);
  }
  for (let i = 0; i < PRIORITY_WORDS; i++) {
    registers.push([0x400 + i * 4, plain(cpu, S.NVIC_PRIORITY + i, priorityMask(cpu))]);
  }
  // STIR pends the interrupt that is written.
  registers.push([
    0xf00,
    { read: () => 0, write: v => setPending(cpu, Interrupt0 + (v & 0xff)), writeOne: true },
  ]);
  return registers;
}

/** Implemented priority bits in each byte of a word. */
const priorityMask = (cpu: Core): number =>
  (cpu.architecture === 7 ? S.PRIORITY_MASK_V7 : S.PRIORITY_MASK_V6) * 0x01010101;

const systemControlBlock = (cpu: Core): [number, Register][] => [
  [0xd04, { read: () => readIcsr(cpu), write: v => writeIcsr(cpu, v), writeOne: true }],
  [0xd08, plain(cpu, S.VTOR, ~0x7f)],
  [
    0xd0c,
    {
      read: () => 0xfa050000 | (cpu.words[S.PRIGROUP] << 8),
      write: v => writeAircr(cpu, v),
    },
  ],
  [0xd10, plain(cpu, S.SCR, 0x16)],
  [0xd14, cpu.architecture === 7 ? plain(cpu, S.CCR, 0x31b) : { read: () => cpu.words[S.CCR] }],
  [0xd18, plain(cpu, S.SHPR1, priorityMask(cpu) & 0x00ffffff)],
  [0xd1c, plain(cpu, S.SHPR2, priorityMask(cpu) & 0xff000000)],
  [0xd20, plain(cpu, S.SHPR3, priorityMask(cpu) & 0xffff00ff)],
  [0xd24, { read: () => readShcsr(cpu), write: v => writeShcsr(cpu, v) }],
  [0xd88, { read: () => 0 }],
];

function readIcsr(cpu: Core): number {
  const r = cpu.words;
  const pending = pendingException(cpu);
  const bit = (exception: number, position: number) =>
    ((r[S.PENDING] >>> exception) & 1) << position;
  return (
    r[S.IPSR] |
    (activeExceptions(cpu).length <= 1 ? 1 << 11 : 0) |
    (pending << 12) |
    (pending >= Interrupt0 ? 1 << 22 : 0) |
    bit(SysTick, 26) |
    bit(PendSV, 28) |
    bit(NMI, 31)
  );
}

function writeIcsr(cpu: Core, value: number): void {
  if (value & (1 << 25)) clearPending(cpu, SysTick);
  if (value & (1 << 26)) setPending(cpu, SysTick);
  if (value & (1 << 27)) clearPending(cpu, PendSV);
  if (value & (1 << 28)) setPending(cpu, PendSV);
  if (value & (1 << 31)) setPending(cpu, NMI);
}

/** Without the key 0x05FA nothing is written. */
function writeAircr(cpu: Core, value: number): void {
  if (value >>> 16 !== 0x05fa) return;
  if (cpu.architecture === 7) cpu.words[S.PRIGROUP] = (value >>> 8) & 7;
  if (value & 4) cpu.words[S.RESET_REQUESTED] = 1;
}

/** SHCSR: position of the active and of the pended bit of each system exception. */
const SHCSR_ACTIVE: [number, number][] = [
  [MemManage, 0],
  [BusFault, 1],
  [UsageFault, 3],
  [SVCall, 7],
  [PendSV, 10],
  [SysTick, 11],
];
const SHCSR_PENDED: [number, number][] = [
  [UsageFault, 12],
  [MemManage, 13],
  [BusFault, 14],
  [SVCall, 15],
];
const SHCSR_ENABLES = 7 << 16;

function readShcsr(cpu: Core): number {
  const r = cpu.words;
  let value = cpu.architecture === 7 ? r[S.SHCSR] & SHCSR_ENABLES : 0;
  for (const [n, at] of SHCSR_ACTIVE) value |= ((r[S.ACTIVE] >>> n) & 1) << at;
  for (const [n, at] of SHCSR_PENDED) value |= ((r[S.PENDING] >>> n) & 1) << at;
  return value;
}

function writeShcsr(cpu: Core, value: number): void {
  const r = cpu.words;
  const assign = (word: number, bits: [number, number][]) => {
    for (const [n, at] of bits) r[word] = (r[word] & ~(1 << n)) | (((value >>> at) & 1) << n);
  };
  if (cpu.architecture === 7) {
    r[S.SHCSR] = value & SHCSR_ENABLES;
    assign(S.ACTIVE, SHCSR_ACTIVE);
  }
  assign(S.PENDING, SHCSR_PENDED);
}

const faultStatus = (cpu: Core): [number, Register][] =>
  cpu.architecture === 6
    ? []
    : [
        [0xd28, clearedByOne(cpu, S.CFSR)],
        [0xd2c, clearedByOne(cpu, S.HFSR)],
        [0xd30, clearedByOne(cpu, S.DFSR)],
        [0xd34, plain(cpu, S.MMFAR)],
        [0xd38, plain(cpu, S.BFAR)],
      ];

/** MPU_RBAR and MPU_RASR of the region in MPU_RNR, and their three aliases (B3.5.8). */
function memoryProtection(cpu: Core): [number, Register][] {
  const r = cpu.words;
  const { mpu } = cpu;
  const registers: [number, Register][] = [
    [0xd90, { read: () => mpu.regionCount << 8 }],
    [
      0xd94,
      {
        read: () => mpu.control,
        write: value => {
          mpu.control = value;
        },
      },
    ],
    [0xd98, plain(cpu, S.MPU_RNR, mpu.regionCount > 8 ? 15 : 7)],
  ];
  if (mpu.regionCount === 0) return registers.slice(0, 1);
  const number = () => r[S.MPU_RNR];
  for (let alias = 0; alias < 4; alias++) {
    registers.push([
      0xd9c + alias * 8,
      {
        read: () => r[S.MPU_RBAR + number()] | number(),
        write: value => {
          // VALID: the region number is in the same word.
          if (value & 16) r[S.MPU_RNR] = value & 15 & (mpu.regionCount - 1);
          mpu.setRegion(number(), value, r[S.MPU_RASR + number()]);
        },
      },
    ]);
    registers.push([
      0xda0 + alias * 8,
      {
        read: () => r[S.MPU_RASR + number()],
        write: value => mpu.setRegion(number(), r[S.MPU_RBAR + number()], value),
      },
    ]);
  }
  return registers;
}
