// Why a process faulted, told without fault status registers: programs on the Cortex-M0+ of the Raspberry Pi Pico.
import assert from "node:assert/strict";
import { explainProcess } from "../../adapter/crash/live-scene.js";
import { Debuggee } from "../../adapter/debuggee.js";
import { boards } from "../../emulator/index.js";
import { Assembler, tbf } from "../emulator/guest.js";

/** The sentence about the fault of a Thumb-1 program. */
function explain(...halfwords: number[]): string {
  const board = boards.find(({ name }) => name === "raspberry_pi_pico");
  assert.ok(board);
  const app = tbf(new Assembler().halfwords(...halfwords), { name: "app", at: 0x10040000 });
  const { machine, kernel } = board.build({ apps: [app] });
  machine.stopOnFault = true;
  assert.deepEqual(machine.run(1_000_000), { reason: "fault", process: 0 });
  return explainProcess(new Debuggee(machine, kernel, []), 0).verdict;
}

describe("a fault without fault status", () => {
  it("of a load or store is told by its address and the rule that forbids it", () => {
    // movs r0, #0; str r0, [r0]
    assert.equal(
      explain(0x2000, 0x6000),
      "app tried to write 4 bytes to 0x00000000: a null pointer.",
    );
    // movs r0, #16; ldrb r0, [r0, #1]
    assert.equal(
      explain(0x2010, 0x7840),
      "app tried to read 1 byte at 0x00000011: no memory is there, and an address so near to 0 mostly is a null pointer and an offset.",
    );
    // movs r0, #16; movs r1, #4; ldr r0, [r0, r1]
    assert.equal(
      explain(0x2010, 0x2104, 0x5840),
      "app tried to read 4 bytes at 0x00000014: no memory is there, and an address so near to 0 mostly is a null pointer and an offset.",
    );
    // movs r0, #0; ldmia r0!, {r1, r2}
    assert.equal(
      explain(0x2000, 0xc806),
      "app tried to read 8 bytes at 0x00000000: a null pointer.",
    );
    // str r0, [r0], at the start of the app in flash
    assert.equal(
      explain(0x6000),
      "app tried to write 4 bytes to 0x10040048: that is flash of app, which holds its code and constants, and flash cannot be stored to.",
    );
  });

  it("of an unaligned access says so", () => {
    // adds r0, r1, #1; ldr r0, [r0]
    assert.equal(
      explain(0x1c48, 0x6800),
      "app tried to access 0x20012001, which is not a multiple of 4, as `ldr` needs.",
    );
  });

  it("of a jump is told by where it led", () => {
    // movs r0, #1; bx r0
    assert.equal(explain(0x2001, 0x4700), "app jumped to 0x00000000: no code is there.");
  });

  it("of an instruction that the core does not have says so", () => {
    // movw r0, #0
    assert.equal(
      explain(0xf240, 0x0000),
      "app ran into an instruction `movw r0, #0` at 0x10040048 that this processor does not have.",
    );
    assert.equal(
      explain(0xde00),
      "app executed `udf #0` at 0x10040048, which is undefined on every processor.",
    );
  });

  it("of the stack says that it overflowed", () => {
    // push {r0-r7}; branch to it
    assert.match(explain(0xb4ff, 0xe7fd), /^app overflowed its stack by at least 32 bytes\.$/);
    // sub sp, #48; svc 0
    assert.equal(explain(0xb08c, 0xdf00), "app overflowed its stack by at least 48 bytes.");
  });

  it("of an unknown system call names it", () => {
    assert.equal(
      explain(0xdf09),
      "app made a system call of class 9 (`svc 9`), and Tock has none: they go from 0 to 7.",
    );
  });
});
