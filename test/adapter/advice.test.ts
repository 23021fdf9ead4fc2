// What the debugger remarks on a program that works, but not as its author means it.
import assert from "node:assert/strict";
import { Advice } from "../../adapter/advice.js";
import { SyscallClass, type TraceEvent } from "../../emulator/index.js";

const FREQUENCY = 8_388_608;

const command = (
  process: number,
  number: number,
  argument: number,
  returned: number[],
): TraceEvent => ({
  type: "syscall",
  cycle: 0,
  process,
  pid: process,
  syscallClass: SyscallClass.Command,
  arguments: [0, number, argument, 0],
  returned,
});

describe("advice", () => {
  /** The sentences for an app that sleeps so many milliseconds as libtock-rs does it. */
  function sleeping(...milliseconds: number[]): string[] {
    const advice = new Advice(process => `app ${process}`);
    return milliseconds.flatMap(ms => {
      const ticks = Math.ceil(Math.min(0xffffffff, ms * FREQUENCY) / 1000);
      advice.hear(command(0, 1, 0, [129, FREQUENCY]));
      return advice.hear(command(0, 5, ticks, [129, 0])) ?? [];
    });
  }

  it("tells once of a sleep that 32 bits cut short", () => {
    const [sentence, ...more] = sleeping(512, 2000, 3000);
    assert.match(sentence ?? "", /^app 0 sleeps 0\.512 s where it may mean more: libtock-rs/);
    assert.deepEqual(more, []);
  });

  it("says nothing of sleeps that fit", () => {
    assert.deepEqual(sleeping(1, 250, 511), []);
  });
});
