// Crash reports for fast-check: whatever the kernel may have to print, of Cortex-M and of RISC-V.
import fc from "fast-check";
import type { CrashReport, ProcessReport, Syscall } from "../../../emulator/index.js";

const word = fc.nat(0xffffffff);
const count = fc.nat(99_999_999);
/** Printable, also beyond ASCII; control characters and line ends are noise on a serial line. */
const text = (maxLength: number) =>
  fc
    .string({ unit: "grapheme", maxLength })
    .map(s =>
      s.replace(/[\p{C}\p{Z}\ufffd]/gu, "_").replace(/---\||panicked at |Kernel panic/g, "_"),
    );
const name = fc.oneof(
  fc.constantFrom("blink", "c hello", "App: x", "a   -   [b]", "<b>&amp;</b>", "-", ""),
  text(30),
);

const state = fc.constantFrom(
  "Running",
  "Yielded",
  "YieldedFor(UpcallId { driver_num: 1, subscribe_num: 2 })",
  "Stopped(Running)",
  "Stopped(YieldedFor(UpcallId { driver_num: 196608, subscribe_num: 0 }))",
  "Faulted",
  "Terminated",
);

const syscall: fc.Arbitrary<Syscall> = fc.record({
  class: fc.constantFrom(0, 1, 2, 3, 4, 5, 6, 7),
  arguments: fc.tuple(word, word, word, word),
});

const memory = fc.record({ start: word, appBreak: word, kernelBreak: word, end: word });
const flash = fc.record({ start: word, appStart: word, end: word });
const sizes = fc.record({ grantPointers: count, upcallList: count, processControlBlock: count });
const optional = fc.option(word);

const stored = fc.record({
  regs: fc.array(word, { minLength: 8, maxLength: 8 }),
  yieldPc: word,
  psr: word,
  psp: word,
  frame: fc.option(fc.array(word, { minLength: 8, maxLength: 8 })),
});
const riscvStored = fc.record({
  registers: fc.array(word, { minLength: 32, maxLength: 32 }),
  pc: word,
  mcause: word,
  mtval: word,
});

const grants = fc.array(fc.record({ driver: word, address: word, size: fc.constantFrom(0, 8) }), {
  maxLength: 20,
});
const logical = fc.option(fc.record({ address: word, size: fc.nat(0x10000000) }));
const mpuV7 = fc.array(
  fc.record({
    logical,
    accessPermission: fc.nat(7),
    subregionsDisabled: fc.nat(255),
  }),
  { maxLength: 8 },
);
/** Names of ARMv8-M that ARMv7-M has for another number: all but number 2 and 3 do. */
const mpuV8 = fc.array(
  fc.record({
    logical,
    accessPermission: fc.nat(3),
    subregionsDisabled: fc.constant(null),
  }),
  { maxLength: 8 },
);
const pmp = fc.record({
  id: count,
  dirty: fc.boolean(),
  appMemoryRegion: fc.option(fc.nat(9)),
  regions: fc.array(fc.record({ start: word, end: word, cfg: fc.nat(255) }), { maxLength: 8 }),
});

const place = fc.oneof(
  fc.record({
    fixedAddresses: fc.record({ flash: word, ram: word }),
    initFunction: word,
  }),
  fc.record({ fixedAddresses: fc.constant(null), initFunction: word }),
);

const processOf = (riscv: boolean): fc.Arbitrary<ProcessReport> =>
  fc
    .record({
      name,
      state,
      queuedUpcalls: fc.record({ length: count }),
      syscallCount: count,
      droppedUpcalls: count,
      restartCount: count,
      lastSyscall: fc.option(syscall),
      completionCode: fc.oneof(fc.constantFrom(null, "faulted" as const), word),
      memory,
      flash,
      sizes,
      stackTop: optional,
      heapStart: optional,
      minimumStackPointer: optional,
      stored: riscv ? riscvStored : stored,
      grants,
      mpu: riscv ? pmp : fc.oneof(mpuV7, mpuV8),
    })
    .chain(process => place.map(where => ({ ...process, ...where })));

const message = fc.oneof(
  name,
  fc.array(name, { maxLength: 4 }).map(lines => lines.join("\n")),
  fc.array(name, { maxLength: 4 }).map(lines => lines.join("\r\n")),
);

const head = {
  location: fc.constantFrom("kernel/src/process_standard.rs:753:17", "boards/imix/src/main.rs:1:2"),
  message,
  kernelVersion: fc.constantFrom("2.3.0-dev1", "2.2", "unknown", "release-2.2-1041-g1a2b3c"),
  debugText: fc.oneof(
    fc.constant(""),
    message.map(text => `${text}\r\n`),
  ),
};

export const cortexReport: fc.Arbitrary<CrashReport> = fc.record({
  ...head,
  fault: fc.record({ cfsr: word, hfsr: word, mmfar: word, bfar: word }),
  processes: fc.array(processOf(false), { maxLength: 4 }),
});

export const riscvReport: fc.Arbitrary<CrashReport> = fc.record({
  ...head,
  fault: fc.record({
    mcause: word,
    mtval: word,
    mepc: word,
    mstatus: word,
    mcycle: word,
    minstret: word,
    mtvec: word,
    mie: word,
    mip: word,
    protection: fc.constantFrom(
      [],
      [
        " ePMP configuration:",
        "  mseccfg: 0x000003, user-mode PMP active: false, entries:",
        "  [00]: pmpaddr=0x20000000, end=0x0, cfg=0x80 (OFF  ) (l---)",
        "  Shadow PMP entries for user-mode:",
        "  [03]:   start=0x80100000, end=0x801010EB, cfg=0x0D (TOR  ) (-r-x)",
      ],
    ),
  }),
  processes: fc.array(processOf(true), { maxLength: 4 }),
});
