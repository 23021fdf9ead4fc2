// The dump of a kernel that panics while its processes are in every state that there is.
import assert from "node:assert/strict";
import { stopFaultPolicy } from "../../../emulator/kernel/policies.js";
import { printCrashReport } from "../../../emulator/kernel/printer.js";
import { program } from "../guest.js";
import { boardWith, DRIVER } from "./harness.js";

const MS = 64_000;

function dump(): string {
  const waits = () => program().yieldWaitFor(DRIVER, 2).spin();
  const board = boardWith(
    [
      program().yieldWait().spin(),
      waits(),
      program().exit(3),
      program().set(0, 0).store(1, 0),
      program().yieldWait().spin(),
      waits(),
      program().spin(),
      program().spin(),
      program().spin(),
    ],
    { slots: 9, faultPolicy: stopFaultPolicy },
  );
  const { machine, kernel, management } = board;
  let text = "";
  kernel.panicWriter = {
    write: report =>
      void (text = printCrashReport({ ...report, kernelVersion: "2.3.0-dev1", debugText: "" })),
  };
  // The last process does not get its turn within this time.
  machine.run(15 * MS);
  for (const index of [4, 5, 6]) management.stop(index);
  management.terminate(1);
  management.boot(1);
  kernel.guard(() => management.panic("that is all", "here.rs:1:2"));
  assert.deepEqual(machine.run(20 * MS), { reason: "halted" });
  return text;
}

describe("the dump of a panic", () => {
  const text = dump();

  it("names every state as upstream's Debug does", () => {
    const states = [...text.matchAll(/𝐀𝐩𝐩: (\S+) {3}- {3}\[(.*)\]\r\n/g)].map(m => m[2]);
    assert.deepEqual(states, [
      "Yielded",
      "Yielded",
      "Terminated",
      "Faulted",
      "Stopped(Yielded)",
      "Stopped(YieldedFor(UpcallId { driver_num: 0x99, subscribe_num: 2 }))",
      "Stopped(Running)",
      "Running",
      "Yielded",
    ]);
  });

  it("tells how each process ended, if it did", () => {
    const codes = [...text.matchAll(/ Completion Code: (.*)\r\n/g)].map(m => m[1]);
    const none = "None";
    assert.deepEqual(codes, [none, "Faulted", "3", "Faulted", none, none, none, none, none]);
    const restarts = [...text.matchAll(/ Restart Count: (\d+)\r\n/g)].map(m => Number(m[1]));
    assert.deepEqual(restarts, [0, 1, 0, 0, 0, 0, 0, 0, 0]);
  });

  it("has registers, grants, MPU and a hint for every process", () => {
    for (const part of [/ YPC : /g, / Total number of grant regions defined: 1\r\n/g])
      assert.equal(text.match(part)?.length, 9);
    assert.equal(text.match(/ Cortex-M MPU\r\n/g)?.length, 9);
    assert.equal(text.match(/To debug libtock-c apps, run/g)?.length, 9);
  });

  it("shows of a process that has never run the frame that is not there yet", () => {
    const last = text.slice(text.lastIndexOf("𝐀𝐩𝐩"));
    assert.match(last, / Events Queued: 1 {3}Syscall Count: 0 /);
    assert.match(last, / Last Syscall: None\r\n/);
    assert.match(last, / PC : 0x00000000\r\n YPC : 0x00000000\r\n/);
    assert.match(last, /ThumbBit false !!ERROR - Cortex M Thumb only!\r\n/);
  });
});
