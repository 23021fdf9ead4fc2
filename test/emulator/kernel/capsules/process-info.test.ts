// On a real kernel: what the driver tells and does is the state of processes.
import assert from "node:assert/strict";
import { SyscallClass } from "../../../../emulator/index.js";
import { createCapability } from "../../../../emulator/kernel/capability.js";
import {
  PROCESS_INFO_GRANT,
  ProcessInfo,
} from "../../../../emulator/kernel/capsules/process-info.js";
import { stopFaultPolicy } from "../../../../emulator/kernel/policies.js";
import { program, tbf } from "../../guest.js";
import { memoryAllocation, testBoard } from "../../test-board.js";

const SUCCESS = [128];
const INVAL = [0, 6];

/** Process 0 shares `length` bytes and waits, process 1 waits for another upcall, process 2 spins. */
function board(length = 64) {
  const caller = program()
    .move(1, 6)
    .add(1, 200)
    .move(2, 1)
    .syscall(SyscallClass.ReadWriteAllow, 0x10002, 0, undefined, length)
    .yieldWait();
  const programs = [caller, program().yieldWaitFor(0, 0), program().spin()];
  let at = 0x40000;
  const apps = programs.map((assembler, i) => {
    const app = tbf(assembler, { name: `näme${i}`, at });
    at += app.length;
    return app;
  });
  let driver: ProcessInfo | undefined;
  const parts = testBoard({
    apps,
    faultPolicy: stopFaultPolicy,
    capsules: ({ kernel }) => {
      driver = new ProcessInfo(
        kernel.createGrant(PROCESS_INFO_GRANT, memoryAllocation),
        kernel.management(createCapability("processManagement")),
      );
      return { drivers: new Map([[PROCESS_INFO_GRANT.driver, driver]]) };
    },
  });
  const { kernel, machine } = parts;
  machine.run(machine.clock.frequency / 10);
  const command = (commandNum: number, pid = 0, action = 0) =>
    driver?.command(commandNum, pid, action, { index: 0, pid: kernel.process(0).pid });
  const shared = (size: number) => {
    const [allow] = kernel.process(0).grants[0]?.readWriteAllows ?? [];
    return machine.memory.readBytes(allow?.address ?? 0, size);
  };
  const words = (count: number) => {
    const bytes = shared(4 * count);
    return Array.from({ length: count }, (_, i) =>
      new DataView(bytes.buffer, bytes.byteOffset).getUint32(4 * i, true),
    );
  };
  const state = (index: number) => kernel.process(index).state;
  return { ...parts, command, shared, words, state, driver: driver as ProcessInfo };
}

describe("process info driver", () => {
  it("command 0 tells that it exists, 1 how many processes there are, 7 is NOSUPPORT", () => {
    const { command } = board();
    assert.deepEqual(command(0), SUCCESS);
    assert.deepEqual(command(1), [129, 3]);
    assert.deepEqual(command(7), [0, 10]);
  });

  it("lists identifiers and short ids, as many whole words as fit, and returns how many there are", () => {
    const { command, words } = board(11);
    assert.deepEqual(command(2), [129, 3]);
    assert.deepEqual(words(3), [0, 1, 0]);
    assert.deepEqual(command(3), [129, 3]);
    assert.deepEqual(words(2), [0, 0]);
  });

  it("tells a name, cut to the buffer, and its whole length; INVAL for no such process", () => {
    const { command, shared } = board(3);
    assert.deepEqual(command(4, 2), [129, 6]);
    assert.deepEqual(shared(6), new Uint8Array([...Buffer.from("nä"), 0, 0, 0]));
    assert.deepEqual(command(4, 9), INVAL);
  });

  it("tells timeslice expirations, system calls, restarts and the state", () => {
    const { command, words, kernel } = board();
    assert.deepEqual(command(5, 2), SUCCESS);
    const { timesliceExpirations, syscallCount } = kernel.process(2);
    assert.ok(timesliceExpirations > 0);
    assert.deepEqual(words(4), [timesliceExpirations, syscallCount, 0, 0]);
    command(5, 0);
    assert.equal(words(4)[3], 1);
    command(5, 1);
    assert.equal(words(4)[3], 2);
    const before = words(4);
    assert.deepEqual(command(5, 9), SUCCESS);
    assert.deepEqual(words(4), before);
  });

  it("resumes, stops, faults, terminates and boots processes", () => {
    const { command, words, state } = board();
    const told = (pid: number) => {
      command(5, pid);
      return words(4)[3];
    };
    assert.deepEqual(command(6, 1, 2), SUCCESS);
    assert.equal(told(1), 3);
    assert.deepEqual(command(6, 1, 1), SUCCESS);
    assert.equal(told(1), 2);
    assert.deepEqual(command(6, 1, 3), SUCCESS);
    assert.equal(told(1), 4);
    assert.deepEqual(command(6, 2, 4), SUCCESS);
    assert.equal(told(2), 5);
    assert.deepEqual(command(6, 2, 5), SUCCESS);
    assert.equal(state(2), "Yielded");
    assert.deepEqual(command(6, 2, 4), INVAL);
  });

  it("boots only what is terminated, and knows no other action", () => {
    const { command, kernel } = board();
    assert.deepEqual(command(6, 1, 5), SUCCESS);
    assert.deepEqual(command(6, 1, 9), SUCCESS);
    assert.equal(kernel.process(1).restartCount, 0);
    assert.deepEqual(command(6, 9, 2), INVAL);
  });

  it("a process that is gone lists nothing", () => {
    const { driver } = board();
    const gone = { index: 0, pid: 77 };
    assert.deepEqual(driver.command(2, 0, 0, gone), [129, 0]);
    assert.deepEqual(driver.command(4, 0, 0, gone), INVAL);
    assert.equal(driver.allocateGrant(gone), "NoSuchApp");
  });
});
