// The engine on scenes of which little is known, as dumps give them, and on any scene at all.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { explain } from "../../../adapter/crash/explain.js";
import { flashOf } from "../../../adapter/crash/find-elf.js";
import type { FaultKind, Scene } from "../../../adapter/crash/model.js";
import { DwarfSymbols } from "../../../adapter/symbols/table.js";
import { DwarfUnwinder } from "../../../adapter/symbols/unwind.js";
import { parseElf } from "../../../emulator/index.js";
import {
  codeAt,
  cortexRegisters,
  cortexScene,
  process,
  ranges,
  riscvScene,
  scene,
} from "./scenes.js";

const told = (given: Scene, kind: FaultKind, verdict: string | RegExp): void => {
  const explanation = explain(given);
  assert.equal(explanation.kind, kind, explanation.verdict);
  if (typeof verdict === "string") assert.equal(explanation.verdict, verdict);
  else assert.match(explanation.verdict, verdict);
};

const DACCVIOL = 0x82;

describe("a Cortex-M dump without an ELF", () => {
  it("tells whose memory the address is", () => {
    const at = (mmfar: number) => cortexScene({ cfsr: DACCVIOL, mmfar });
    told(
      at(8),
      "null-dereference",
      "app tried to access 0x00000008: a null pointer and an offset of 8 bytes.",
    );
    told(
      at(0x2000a810),
      "grant-memory",
      /the grant of Console \(0x1\) of app, which only the kernel may touch/,
    );
    told(at(0x20009b00), "past-app-break", /513 bytes past the end of the memory of app/);
    told(at(0x20001000), "kernel-memory", /RAM of the kernel/);
    told(at(0x40002000), "peripheral", /a peripheral's register/);
    told(at(0xe000ed00), "peripheral", /a register of the processor itself/);
    told(at(0xdeadbee0), "no-memory", /belongs to no app/);
  });

  it("knows a write by a region that allows all else", () => {
    const at = (mmfar: number) => cortexScene({ cfsr: DACCVIOL, mmfar });
    told(at(0x40101), "store-to-flash", /^app tried to write to 0x00040101: .* cannot be stored/);
    told(at(0x41001), "no-memory", /^app tried to access/);
  });

  it("names the process that a stray pointer met", () => {
    const memory = {
      start: 0x2000b000,
      appBreak: 0x2000b800,
      kernelBreak: 0x2000c800,
      end: 0x2000d000,
    };
    const flash = { start: 0x42000, appStart: 0x4204c, end: 0x43000 };
    const others = [{ ...process, name: "other", memory, flash }];
    const at = (mmfar: number) => cortexScene({ cfsr: DACCVIOL, mmfar }, {}, { others });
    told(at(0x2000b010), "other-process", /RAM of the process other\./);
    told(at(0x42100), "other-process", /flash of the app other\./);
  });

  it("tells an overflow of the stack by the stack pointer", () => {
    const given = cortexScene({ cfsr: 0x92, mmfar: 0x20008fe0 }, { 13: 0x20008fe0 });
    told(given, "stack-overflow", "app overflowed its stack of 2,048 bytes by at least 32 bytes.");
    assert.equal(explain(given).fix?.variable, "STACK_SIZE");
    assert.match(explain(given).fix?.text ?? "", /from 2048 to at least 3072\. Build it with/);
  });

  it("takes a store far below the stack for a stray pointer, not for an overflow", () => {
    told(cortexScene({ cfsr: DACCVIOL, mmfar: 0x20008c00 }), "kernel-memory", /0x20008C00/);
  });

  it("tells a stack pointer that lies nowhere", () => {
    told(
      cortexScene({}, { 13: 0x30000000 }),
      "bad-stack-pointer",
      /0x30000000 lies above its app break/,
    );
  });

  it("tells jumps by where they led", () => {
    told(
      cortexScene({ cfsr: 1 }, { 15: 0x20009820 }),
      "execute-from-ram",
      /code cannot run from RAM/,
    );
    told(
      cortexScene({ cfsr: 1 }, { 15: 0 }),
      "jump-to-nowhere",
      "app jumped to 0x00000000: no code is there.",
    );
    told(cortexScene({ cfsr: 1 << 17 }, { 15: 0x40100 }), "even-branch", /even address 0x00040100/);
    told(cortexScene({ cfsr: 1 << 17 }, { 15: 0x80000000 }), "jump-to-nowhere", /0x80000000/);
  });

  it("tells what an instruction does where flash is known", () => {
    const memory = codeAt(0x40100, 0xde00);
    told(
      cortexScene({ cfsr: 1 << 16 }, {}, { memory }),
      "undefined-instruction",
      /executed `udf #0`/,
    );
    told(
      cortexScene({ cfsr: 1 << 16 }, {}, { memory: codeAt(0x40100, 0xdeff) }),
      "division-trap",
      /trap of the compiler/,
    );
    told(
      cortexScene({ cfsr: 1 << 16 }, {}, { memory: codeAt(0x40100, 0xdefe) }),
      "abort",
      /trap of the compiler/,
    );
    // ldrd r0, r1, [r2]
    const pair = { memory: codeAt(0x40100, 0xe9d2, 0x0100) };
    told(
      cortexScene({ cfsr: 1 << 24 }, { 2: 0x20009802 }, pair),
      "unaligned",
      /0x20009802, which is not a multiple of 4, as `ldrd` needs/,
    );
    // strh r0, [r1, #2]
    const store = { memory: codeAt(0x40100, 0x8048) };
    told(
      cortexScene({ cfsr: DACCVIOL, mmfar: 0x40202 }, { 1: 0x40200 }, store),
      "store-to-flash",
      /tried to write 2 bytes to 0x00040202/,
    );
  });

  it("tells a breakpoint that nobody handles", () => {
    const memory = codeAt(0x40100, 0xbe00);
    told(cortexScene({ hfsr: 1 << 31 }, {}, { memory }), "abort", /ran into a breakpoint/);
    const semihosting = codeAt(0x40100, 0xbeab);
    told(cortexScene({}, {}, { memory: semihosting }), "abort", /by semihosting/);
  });

  it("does not take the app's own code for a jump where a dump ends among the regions", () => {
    const explanation = explain(
      cortexScene(
        {},
        { 15: 0x40100 },
        { ranges: ranges.slice(0, 1), memory: codeAt(0x40100, 0x46c0) },
      ),
    );
    assert.equal(explanation.kind, "unknown", explanation.verdict);
  });

  it("takes nothing beyond a border of the memory map for the kernel's RAM", () => {
    told(cortexScene({ cfsr: DACCVIOL, mmfar: 0x1fff11e4 }), "no-memory", /belongs to no app/);
    told(cortexScene({ cfsr: DACCVIOL, mmfar: 0x20000010 }), "kernel-memory", /RAM of the kernel/);
  });

  it("tells floating-point, a late bus error, and an unknown system call", () => {
    told(cortexScene({ cfsr: 1 << 19 }), "floating-point", /no floating-point unit/);
    assert.equal(explain(cortexScene({ cfsr: 1 << 19 })).fix?.variable, "-mfloat-abi");
    told(cortexScene({ cfsr: 1 << 10 }), "no-memory", /shortly before this instruction/);
    told(
      cortexScene({}, { 15: 0x40102 }, { memory: codeAt(0x40100, 0xdf2a) }),
      "unknown-syscall",
      /class 42 \(`svc 42`\)/,
    );
  });

  it("tells a fault that somebody asked for: nothing is wrong, and the process waits in a system call", () => {
    told(
      cortexScene({}, { 15: 0x40102 }, { memory: codeAt(0x40100, 0xdf00, 0xbf00) }),
      "requested",
      /asked the kernel to fault app/,
    );
  });

  it("tells an exit by its code, and a panic of the kernel by its words", () => {
    const ended = { ...process, state: "Terminated", completionCode: -9 >>> 0 };
    told(scene({ process: ended }), "exit-code", "app exited with code -9.");
    const panic = {
      location: "kernel/src/grant.rs:1:1",
      message: "Attempted to re-enter a grant region",
    };
    told(
      scene({ panic }),
      "kernel-panic",
      "The kernel panicked: Attempted to re-enter a grant region.",
    );
  });

  it("tells where the kernel had a HardFault of its own, and over what", () => {
    const message = [
      "Kernel HardFault.",
      "\tr0  0x18b",
      "\tlr  0x15701",
      "\tpc  0x15710",
      "\tCFSR  0x82",
      "\tInstruction Access Violation:       false",
      "\tData Access Violation:              true",
      "\tFaulting Memory Address: (valid: true) 0x00031600",
      "\tBus Fault Address:       (valid: false) 0x00031600",
    ].join("\r\n");
    const location = "arch/cortex-v7m/src/lib.rs:438:9";
    const { kind, verdict, details } = explain(scene({ panic: { location, message } }));
    assert.deepEqual(
      [kind, verdict],
      [
        "kernel-panic",
        "The kernel itself had a HardFault at 0x00015710, over the address 0x00031600.",
      ],
    );
    assert.deepEqual(details.slice(0, 2), [
      "The processor reported: Data Access Violation.",
      "The function would have returned to 0x00015701.",
    ]);
  });

  it("tells a null pointer from an address near to 0 that was made of another number", () => {
    // ldrb.w r3, [r0], #1
    const memory = codeAt(0x40100, 0xf810, 0x3b01);
    const at = (pointer: number) =>
      cortexScene({ cfsr: DACCVIOL, mmfar: pointer }, { 0: pointer }, { memory });
    told(at(0), "null-dereference", "app tried to read 1 byte at 0x00000000: a null pointer.");
    told(at(5), "null-dereference", /0x00000005: no memory is there, and an address so near to 0 /);
  });

  it("tells to align an object that lies at an odd address, and not one that an offset has left", () => {
    const path = "examples/crash/crash.elf";
    const symbols = new DwarfSymbols(parseElf(new Uint8Array(readFileSync(path)), path));
    // ldrd r0, r1, [r0]
    const memory = codeAt(0x40100, 0xe9d0, 0x0100);
    const at = (offset: number) => {
      symbols.symbolAt = () => ({ name: "packet", offset });
      const given = { memory, symbols };
      return explain(cortexScene({ cfsr: 1 << 24 }, { 0: 0x20009901 }, given)).fix?.text ?? "";
    };
    assert.match(
      at(0),
      /^Align `packet` to 4 bytes \(`__attribute__\(\(aligned\(4\)\)\)`\), or copy/,
    );
    assert.match(at(3), /^Copy with `memcpy` .* 3 bytes into `packet`, .* does not help\.$/);
  });

  it("tells where a stack is made larger by what the app has of its language's library", () => {
    const path = "examples/crash/crash.elf";
    const symbols = new DwarfSymbols(parseElf(new Uint8Array(readFileSync(path)), path));
    const overflow = () =>
      explain(cortexScene({ cfsr: 0x92, mmfar: 0x20008ff0 }, { 13: 0x20008ff0 }, { symbols }));
    assert.equal(overflow().fix?.variable, "STACK_SIZE");
    symbols.symbolNamed = name =>
      name === "STACK_MEMORY" ? { address: 0x20009000, size: 2048 } : undefined;
    assert.equal(overflow().fix?.variable, "stack_size!");
  });

  it("blames the stack pointer for a push that it leads astray", () => {
    // push {r0}
    const push = { memory: codeAt(0x40100, 0xb401) };
    told(
      cortexScene({ cfsr: DACCVIOL, mmfar: 0xfffffffc }, { 13: 0 }, push),
      "bad-stack-pointer",
      "app used a bad stack pointer: 0x00000000 lies below its RAM, which begins at 0x20009000.",
    );
    told(
      cortexScene({}, { 13: 0x20008fe0 }, push),
      "stack-overflow",
      /overflowed its stack of 2,048 bytes/,
    );
  });

  it("says that it does not know where nothing is known", () => {
    told(
      scene({ process: { ...process, memory: null, flash: null }, ranges: [] }),
      "unknown",
      "app faulted; what is known does not tell why.",
    );
    told(cortexScene({ cfsr: 2 }, {}, { registers: [] }), "unknown", /the address is not known/);
  });
});

describe("flags of earlier faults, which Tock leaves set,", () => {
  const STALE_NULL = 0x82;
  const at = (cfsr: number, ...code: number[]) =>
    cortexScene(
      { cfsr: cfsr | STALE_NULL },
      { 3: 0x20009001 },
      { memory: codeAt(0x40100, ...code) },
    );

  it("do not hide an undefined instruction", () => {
    told(at(1 << 16, 0xde2a), "undefined-instruction", /udf #42/);
    assert.equal(explain(at(1 << 16, 0xde2a)).access, null);
  });

  it("do not hide an unaligned access elsewhere", () => {
    const given = at(1 << 24, 0xe9d3, 0x2300); // ldrd r2, r3, [r3]
    told(given, "unaligned", /0x20009001/);
  });

  it("do not hide a branch to an even address", () => {
    const given = cortexScene(
      { cfsr: STALE_NULL | (1 << 17) },
      { 16: 0 },
      { memory: codeAt(0x40100, 0xbf00) },
    );
    told(given, "even-branch", /.*/);
  });

  it("stay when nothing else is set, or when nothing speaks against them", () => {
    told(at(0, 0xbf00), "null-dereference", /0x00000000/);
    const store = cortexScene(
      { cfsr: STALE_NULL | (1 << 16) },
      { 3: 0 },
      { memory: codeAt(0x40100, 0x601a) }, // str r2, [r3]
    );
    told(store, "null-dereference", /0x00000000/);
    assert.ok(
      explain(store).details.includes(
        "The processor reports DACCVIOL; the instruction is `str r2, [r3, #0]`.",
      ),
    );
  });
});

describe("a RISC-V dump", () => {
  it("is told by mcause and mtval", () => {
    told(
      riscvScene(7, 4),
      "null-dereference",
      "app tried to write to 0x00000004: a null pointer and an offset of 4 bytes.",
    );
    told(riscvScene(5, 0x2000a810), "grant-memory", /the grant of Console/);
    told(riscvScene(7, 0x20008ff8, { 2: 0x20008ff0 }), "stack-overflow", /overflowed its stack/);
    told(riscvScene(1, 0, { 32: 0 }), "jump-to-nowhere", /0x00000000: no code is there/);
    told(riscvScene(2, 0), "undefined-instruction", /that this processor does not have/);
    told(riscvScene(8, 0, { 14: 42 }), "unknown-syscall", /class 42 \(`ecall`\)/);
    told(riscvScene(4, 0x20009801), "unaligned", /0x20009801/);
    assert.match(
      explain(riscvScene(7, 4)).details.join(" "),
      /No PMP entry of app covers .* mcause 7/,
    );
  });
});

describe("any scene", () => {
  const bytes = readFileSync("examples/crash/crash.elf");
  const elf = parseElf(bytes, "crash.elf");
  const symbols = new DwarfSymbols(elf, { appStart: 0x4004c, memStart: 0x20009000 });
  const memory = flashOf(elf, symbols.image);
  const unwinder = new DwarfUnwinder(symbols);
  const address = fc.oneof(
    fc.integer({ min: 0x4004c, max: 0x40c00 }),
    fc.integer({ min: 0x20008f00, max: 0x2000b000 }),
    fc.constantFrom(0, 4, 0xffffffff, 0x20009000, 0x20009800, 0xdeadbeef),
    fc.nat(0xffffffff),
  );

  it("is explained by a verdict that ends as a sentence, and by details without empty ones", () => {
    fc.assert(
      fc.property(
        fc.array(address, { minLength: 16, maxLength: 16 }),
        fc.oneof(fc.nat(0x3ffffff), fc.constantFrom(0, 0x82, 0x92, 1, 1 << 16, 1 << 17, 1 << 24)),
        address,
        (values, cfsr, mmfar) => {
          const registers = cortexRegisters(Object.fromEntries(values.entries()));
          const frames = unwinder.frames(registers.slice(0, 16), memory, 20);
          const status = { cfsr, hfsr: 0, mmfar, bfar: mmfar };
          const given = scene({
            cause: { isa: "cortex-m", status },
            registers,
            frames,
            symbols,
            memory,
            ranges,
          });
          const { verdict, details, fix } = explain(given);
          for (const sentence of [verdict, ...details, ...(fix === null ? [] : [fix.text])])
            assert.match(sentence, /^[\w`(0].*\S[.]$/s);
        },
      ),
      { numRuns: 400 },
    );
  });
});
