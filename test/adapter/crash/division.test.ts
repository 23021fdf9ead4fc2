// Divisions by zero, proved by the code in front of the call that gives up.
import assert from "node:assert/strict";
import type { Architecture } from "../../../adapter/crash/architecture.js";
import { FunctionCode } from "../../../adapter/crash/code.js";
import { onlyByZeroDivisor } from "../../../adapter/crash/division.js";
import { RISCV } from "../../../adapter/crash/riscv.js";
import { CORTEX_M } from "../../../adapter/crash/thumb.js";
import type { SymbolTable } from "../../../adapter/symbols/model.js";
import { codeAt } from "./scenes.js";

const START = 0x40100;

/** Whether the last instruction of a function, a call of 4 bytes, is for a divisor of 0 alone. */
function proves(architecture: Architecture, ...halfwords: number[]): boolean {
  const end = START + 2 * halfwords.length;
  const symbols = {
    functionAt: () => ({ name: "f", entry: START, ranges: [{ low: START, high: end }] }),
    isData: () => false,
  } as unknown as SymbolTable;
  const memory = codeAt(START, ...halfwords);
  return onlyByZeroDivisor(new FunctionCode(symbols, { architecture, memory }, START), end - 4);
}

const UDIV_R0_R1_R0 = [0xfbb1, 0xf0f0];
const CALL = [0xf000, 0xf80c];
const BX_LR = 0x4770;

describe("a call that gives up", () => {
  it("does so for a divisor of 0 where only the test of that leads to it", () => {
    // cbz r0, call; movs r1, #10; udiv r0, r1, r0; bx lr
    assert.ok(proves(CORTEX_M, 0xb118, 0x210a, ...UDIV_R0_R1_R0, BX_LR, ...CALL));
    // cmp r0, #0; bne division; call, and the division in front of both
    assert.ok(proves(CORTEX_M, 0x2800, 0xd002, ...UDIV_R0_R1_R0, BX_LR, ...CALL));
  });

  it("of RISC-V does so, too", () => {
    // divu a0, a1, a0; ret; jal ra, …
    const behind = [0xd533, 0x02a5, 0x8067, 0x0000, 0x00ef, 0x0100];
    // beqz a0, call
    assert.ok(proves(RISCV, 0x0663, 0x0005, ...behind));
    // beq a0, a1, call
    assert.ok(!proves(RISCV, 0x0663, 0x00b5, ...behind));
  });

  it("may do so for anything where another register is divided by, or another test leads to it", () => {
    // udiv r0, r0, r1
    assert.ok(!proves(CORTEX_M, 0xb118, 0x210a, 0xfbb0, 0xf0f1, BX_LR, ...CALL));
    // cbnz r0, call
    assert.ok(!proves(CORTEX_M, 0xb918, 0x210a, ...UDIV_R0_R1_R0, BX_LR, ...CALL));
    // movs r0, #1 on the way to the division
    assert.ok(!proves(CORTEX_M, 0xb118, 0x2001, ...UDIV_R0_R1_R0, BX_LR, ...CALL));
    // cbz r0, call; cmp r1, #1; beq call: a divisor of -1 is tested like this
    assert.ok(!proves(CORTEX_M, 0xb120, 0x2901, 0xd002, ...UDIV_R0_R1_R0, BX_LR, ...CALL));
    // Control comes from the start of the function.
    assert.ok(!proves(CORTEX_M, 0xbf00, ...CALL));
    assert.ok(!proves(CORTEX_M, ...CALL));
  });
});
