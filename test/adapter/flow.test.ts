import assert from "node:assert/strict";
import { exitsOf, instructionAt } from "../../adapter/flow.js";
import type { Isa } from "../../emulator/index.js";

/** An ISA of two-byte instructions whose texts are given. */
const isaOf = (...texts: string[]): Isa => ({
  name: "test",
  registers: [],
  disassemble: address => ({ size: 2, text: texts[address / 2] ?? "nop" }),
});

const flow = (text: string) => instructionAt(isaOf(text), 0, () => 0).flow;

describe("flow", () => {
  for (const text of [
    "bx lr",
    "bxeq lr",
    "pop {r4, pc}",
    "popne {r7, pc}",
    "ldmia.w sp!, {r4, r5, pc}",
    "ldr pc, [r3, r2, lsl #2]",
    "ldr.w pc, [sp], #4",
    "mov pc, lr",
    "add pc, r3",
    "tbb [pc, r3]",
    "tbh [pc, r3, lsl #1]",
  ]) {
    it(`${text} goes where only execution knows`, () => {
      assert.deepEqual(flow(text), { kind: "computed" });
    });
  }

  for (const text of ["bl 0x1234", "blx r3", "bleq 0x10"]) {
    it(`${text} is a call`, () => {
      assert.deepEqual(flow(text), { kind: "call" });
    });
  }

  for (const text of [
    "bic r0, r1, r2",
    "bfi r3, r1, #1, #7",
    "bkpt 0x00ab",
    "pop {r4, r5}",
    "ldr r3, [pc, #12]",
    "ldr r0, [r1, #4]",
    "mov r0, pc",
    "add r3, pc",
    "it eq",
    "stmia r0!, {r1, pc}",
  ]) {
    it(`${text} goes on to the next instruction`, () => {
      assert.deepEqual(flow(text), { kind: "next" });
    });
  }

  it("branches tell their target and whether they have a condition", () => {
    assert.deepEqual(flow("b 0x40"), { kind: "branch", target: 0x40, conditional: false });
    assert.deepEqual(flow("b.n 0x40"), { kind: "branch", target: 0x40, conditional: false });
    assert.deepEqual(flow("bne.w 0x4000a"), { kind: "branch", target: 0x4000a, conditional: true });
    assert.deepEqual(flow("bls 0x4"), { kind: "branch", target: 4, conditional: true });
    assert.deepEqual(flow("cbz r0, 0x16"), { kind: "branch", target: 0x16, conditional: true });
  });

  it("svc is a system call", () => {
    assert.deepEqual(flow("svc 0"), { kind: "syscall" });
  });

  it("the exits of a range are its end, its far branches, and what must be looked at singly", () => {
    const isa = isaOf("cmp r0, #0", "beq 0x20", "bl 0x100", "b 0x0", "bx lr", "nop");
    assert.deepEqual(
      exitsOf(isa, { low: 0, high: 10 }, () => 0),
      { outside: [0x20, 10], inside: [4, 8] },
    );
  });
});
