// What instructions touch and change, by their texts as the disassembler writes them.
import assert from "node:assert/strict";
import { touched } from "../../../adapter/crash/architecture.js";
import { CORTEX_M, changedBy, transferOf } from "../../../adapter/crash/thumb.js";

describe("a load or store", () => {
  const registers = [0x100, 0x200, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x1000, 0, 0x80];
  const at = (text: string) => {
    const instruction = { address: 0x80, size: 2, text, flow: { kind: "next" } } as const;
    const { transfer } = CORTEX_M.effectsOf(instruction, () => undefined);
    assert.ok(transfer, text);
    return [transfer.kind, touched(transfer, registers)];
  };

  it("touches base and offset, or base and scaled index", () => {
    assert.deepEqual(at("ldr r3, [r0, #4]"), ["read", { address: 0x104, size: 4 }]);
    assert.deepEqual(at("strb.w r3, [r1, #-1]"), ["write", { address: 0x1ff, size: 1 }]);
    assert.deepEqual(at("ldrsh.w r3, [r1, r2, lsl #1]"), ["read", { address: 0x206, size: 2 }]);
    assert.deepEqual(at("str.w r3, [r1], #4"), ["write", { address: 0x200, size: 4 }]);
    assert.deepEqual(at("ldr r3, [pc, #8]"), ["read", { address: 0x8c, size: 4 }]);
    assert.deepEqual(at("ldrne r3, [r0, #0]"), ["read", { address: 0x100, size: 4 }]);
    assert.deepEqual(at("ldrhi r3, [r0, #0]"), ["read", { address: 0x100, size: 4 }]);
  });

  it("of several registers touches them all from the lowest on", () => {
    assert.deepEqual(at("ldrd r3, r4, [r0, #8]"), ["read", { address: 0x108, size: 8 }]);
    assert.deepEqual(at("push {r4, r5, lr}"), ["write", { address: 0xff4, size: 12 }]);
    assert.deepEqual(at("pop {r4, pc}"), ["read", { address: 0x1000, size: 8 }]);
    assert.deepEqual(at("stmia r1!, {r2, r3}"), ["write", { address: 0x200, size: 8 }]);
    assert.deepEqual(at("stmdb sp!, {r8, r9, sl, fp}"), ["write", { address: 0xff0, size: 16 }]);
    assert.deepEqual(at("strex r5, r3, [r0, #0]"), ["write", { address: 0x100, size: 4 }]);
    assert.deepEqual(at("tbh [r0, r2, lsl #1]"), ["read", { address: 0x106, size: 2 }]);
  });

  it("is none of what only computes", () => {
    for (const text of ["adds r0, #1", "mov r0, r1", "svc 5", "bl 0x1234", "nop", "<undefined>"])
      assert.equal(transferOf(text), undefined, text);
  });
});

describe("an instruction", () => {
  it("changes its first register, and a base that is written back", () => {
    assert.deepEqual(changedBy("adds r0, r1, #4"), [0]);
    assert.deepEqual(changedBy("ldr r3, [r4, #0]"), [3]);
    assert.deepEqual(changedBy("ldrb.w r3, [r4], #1"), [3, 4]);
    assert.deepEqual(changedBy("strb.w r3, [r4, #1]!"), [4]);
    assert.deepEqual(changedBy("pop {r4, pc}"), [4, 15, 13]);
    assert.deepEqual(changedBy("umull r0, r1, r2, r3"), [0, 1]);
    assert.deepEqual(changedBy("bic r3, r4"), [3]);
  });

  it("changes nothing where it stores, compares or branches, and a call what it may change", () => {
    for (const text of [
      "str r3, [r4, #0]",
      "cmp r0, #1",
      "beq.n 0x10",
      "ble.n 0x10",
      "bls.n 0x10",
      "cbz r0, 0x10",
    ])
      assert.deepEqual(changedBy(text), [], text);
    assert.deepEqual(changedBy("bl 0x1234"), [0, 1, 2, 3, 12, 14]);
    assert.deepEqual(changedBy("blx r3"), [0, 1, 2, 3, 12, 14]);
    assert.deepEqual(changedBy("svc 2"), [0, 1, 2, 3]);
  });
});
