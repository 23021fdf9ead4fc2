import assert from "node:assert/strict";
import type { PanicReport } from "../../../emulator/kernel/panic.js";
import {
  faultPolicy,
  restartFaultPolicy,
  restartWithDebugFaultPolicy,
  stopFaultPolicy,
  stopWithDebugFaultPolicy,
  thresholdRestartFaultPolicy,
  thresholdRestartThenPanicFaultPolicy,
} from "../../../emulator/kernel/policies.js";
import { program } from "../guest.js";
import { eventsOf } from "../test-board.js";
import { boardWith, DRIVER, run } from "./harness.js";

const RAM = 0x20004000;

/** Stores r1 to 0. */
const nullStore = () => program().set(7, 0x77).set(0, 0).set(1, 0x1234).store(1, 0).spin();

describe("a fault", () => {
  it("panics the kernel with the fault status and every process", () => {
    const board = boardWith([nullStore(), program().spin()]);
    let report: PanicReport | undefined;
    board.kernel.panicWriter = {
      write: written => {
        report = written;
      },
    };
    assert.deepEqual(board.machine.run(100_000), { reason: "halted" });
    assert.equal(report?.message, "Process app0 had a fault");
    assert.equal(report?.location, "kernel/src/process_standard.rs:753:17");
    assert.deepEqual(report?.fault, { cfsr: 0x82, hfsr: 0x40000000, mmfar: 0, bfar: 0 });
    assert.deepEqual(
      report?.processes.map(p => [p.name, p.state]),
      [
        ["app0", "Faulted"],
        ["app1", "Yielded"],
      ],
    );
    assert.deepEqual(board.machine.run(200_000), { reason: "halted" });
  });

  it("stops the machine before its policy acts, with the registers of the faulting instruction", () => {
    const board = boardWith([nullStore()]);
    board.machine.stopOnFault = true;
    assert.deepEqual(board.machine.run(100_000), { reason: "fault", process: 0 });
    const view = board.kernel.process(0);
    assert.equal(view.state, "Running");
    assert.deepEqual(view.fault, { cfsr: 0x82, hfsr: 0x40000000, mmfar: 0, bfar: 0 });
    const registers = view.registers as number[];
    assert.deepEqual([registers[0], registers[1], registers[7]], [0, 0x1234, 0x77]);
    assert.equal(registers[13], RAM + 1024);
    assert.equal(board.memory.read16(registers[15] as number), 0x6001);
    assert.equal(board.kernel.halted, false);
    assert.deepEqual(board.machine.run(100_000), { reason: "halted" });
  });

  it("leads to the same state whether the machine stops before the policy or not", () => {
    for (const faultPolicy of [stopFaultPolicy, thresholdRestartFaultPolicy(2)]) {
      const [plain, stopping] = [0, 1].map(() =>
        boardWith([nullStore(), program().spin()], { faultPolicy }),
      );
      if (plain === undefined || stopping === undefined) return;
      stopping.machine.stopOnFault = true;
      plain.machine.run(500_000);
      let stops = 0;
      while (stopping.machine.run(500_000).reason === "fault") stops++;
      assert.ok(stops > 0);
      assert.deepEqual(stopping.machine.save(), plain.machine.save());
      assert.deepEqual(stopping.events, plain.events);
    }
  });

  it("that the board's hook deals with does not reach the policy", () => {
    const seen: number[] = [];
    const processFault = {
      processFaultHook: ({ index }: { index: number }) => seen.push(index) < 3,
    };
    const { kernel } = run(nullStore(), { resources: { processFault } });
    assert.equal(seen.length, 3);
    assert.ok(kernel.halted);
  });

  it("under the stop policy ends the process and leaves the others running", () => {
    const { kernel, stop } = run([nullStore(), program().spin()], {
      faultPolicy: stopFaultPolicy,
    });
    assert.deepEqual(stop, { reason: "deadline" });
    assert.deepEqual(
      kernel.processes.map(p => [p.state, p.completionCode]),
      [
        ["Faulted", "faulted"],
        ["Running", null],
      ],
    );
  });

  it("under the policies with debug texts is told in one line and then acted on", () => {
    const stopped = run(nullStore(), { faultPolicy: stopWithDebugFaultPolicy });
    assert.deepEqual(stopped.debug, ["Process app0 faulted and was stopped."]);
    assert.equal(stopped.kernel.process(0).state, "Faulted");
    const restarted = run(nullStore(), { faultPolicy: restartWithDebugFaultPolicy });
    const { restartCount } = restarted.kernel.process(0);
    assert.ok(restartCount > 1);
    assert.deepEqual(
      restarted.debug,
      new Array(restartCount).fill("Process app0 faulted and will be restarted."),
    );
  });

  it("under the restart policy starts the process anew, its RAM as it was", () => {
    const board = boardWith(
      [
        program()
          .set(0, RAM + 1500)
          .set(1, 99)
          .store(1, 0)
          .set(0, 0)
          .store(1, 0),
      ],
      {
        faultPolicy: restartFaultPolicy,
      },
    );
    board.machine.run(150);
    const before = board.kernel.process(0).memory.kernelBreak;
    board.machine.stopOnDispatch = 0;
    while (board.machine.run(10_000).reason !== "dispatched" || board.kernel.process(0).pid === 0);
    const view = board.kernel.process(0);
    assert.deepEqual([view.pid, view.restartCount, view.completionCode], [1, 1, "faulted"]);
    assert.equal(view.syscallCount, 0);
    assert.equal(view.memory.appBreak, RAM + 32);
    // Upstream does not use the allowance for alignment at creation, but takes it off at a restart.
    assert.equal(view.memory.kernelBreak, before - 12);
    assert.equal(board.memory.read32(RAM + 1500), 99);
  });

  it("restarts up to a threshold, then stops or panics", () => {
    const stopped = run(nullStore(), { faultPolicy: thresholdRestartFaultPolicy(2) });
    assert.deepEqual(
      [stopped.kernel.process(0).restartCount, stopped.kernel.process(0).state],
      [3, "Faulted"],
    );
    const panicked = run(nullStore(), { faultPolicy: thresholdRestartThenPanicFaultPolicy(2) });
    assert.deepEqual([panicked.kernel.process(0).restartCount, panicked.kernel.halted], [3, true]);
  });

  it("has its policy chosen by name, thresholds included", () => {
    const action = (name: string, restartCount: number) =>
      faultPolicy(name)?.action({ name: "app", restartCount }, () => {});
    assert.deepEqual(
      ["panic", "stop", "stop-silently", "restart", "restart-silently"].map(n => action(n, 0)),
      ["Panic", "Stop", "Stop", "Restart", "Restart"],
    );
    for (const [name, otherwise] of [
      ["threshold-restart", "Stop"],
      ["threshold-restart-then-panic", "Panic"],
    ] as const) {
      assert.equal(action(`${name}:3`, 3), "Restart");
      assert.equal(action(`${name}:3`, 4), otherwise);
    }
    for (const none of [
      "ignore",
      "threshold-restart",
      "threshold-restart:x",
      "panic:3",
      "toString",
    ])
      assert.equal(faultPolicy(none), undefined);
  });

  it("that restarts for ever does not stop virtual time", () => {
    const { clock, kernel } = run(nullStore(), { faultPolicy: restartFaultPolicy });
    assert.equal(clock.now, 1_000_000);
    assert.ok(kernel.process(0).restartCount > 100);
  });

  it("of the stack shows the registers although the frame could not be stacked", () => {
    // Pushes until the stack has left the bottom of RAM; r4 counts.
    const overflow = program().set(4, 0).label("push").halfwords(0xb401).add(4, 1).branch("push");
    const board = boardWith([overflow]);
    board.machine.stopOnFault = true;
    assert.deepEqual(board.machine.run(100_000), { reason: "fault", process: 0 });
    const view = board.kernel.process(0);
    assert.equal((view.fault?.cfsr ?? 0) & 0x10, 0x10);
    assert.equal(view.registers?.[4], 256);
    assert.equal(view.registers?.[13], RAM);
    assert.equal(board.memory.read16(view.registers?.[15] as number), 0xb401);
    assert.equal(view.stored.frame, null);
  });

  it("is raised for a stack that leaves no room for the return of a system call", () => {
    const { kernel } = run(
      program()
        .set(2, RAM + 0x10)
        .move(13, 2)
        .command(DRIVER, 0),
    );
    assert.equal(kernel.process(0).state, "Faulted");
  });

  it("leaves the grants of a panicking process to be seen", () => {
    const { kernel } = run(program().command(DRIVER, 2, 0, 1).set(0, 0).store(0, 0));
    const view = kernel.process(0);
    assert.equal(view.grants[0]?.address, view.memory.kernelBreak);
  });

  it("keeps the causes of earlier faults in the status registers", () => {
    const first = boardWith([nullStore(), program().halfwords(0xde00)], {
      faultPolicy: stopFaultPolicy,
    });
    first.machine.run(2_000_000);
    assert.equal(first.kernel.faultStatus.cfsr, 0x00010082);
  });

  it("is announced once per occurrence", () => {
    const { events } = run(nullStore(), { faultPolicy: stopFaultPolicy });
    assert.equal(eventsOf(events, "processFaulted").length, 1);
    assert.equal(eventsOf(events, "processExited").length, 1);
  });
});

describe("process management", () => {
  const spinning = () => {
    const board = boardWith([program().spin(), program().yieldWait().spin()]);
    board.machine.run(50_000);
    return board;
  };

  it("stops and resumes a process where it was", () => {
    const { management, kernel, machine } = spinning();
    management.stop(0);
    management.stop(1);
    assert.deepEqual(
      kernel.processes.map(p => p.state),
      ["Stopped(Running)", "Stopped(Yielded)"],
    );
    const syscalls = kernel.process(0).syscallCount;
    machine.run(100_000);
    management.resume(0);
    management.resume(1);
    assert.deepEqual(
      kernel.processes.map(p => p.state),
      ["Running", "Yielded"],
    );
    assert.equal(kernel.process(0).syscallCount, syscalls);
  });

  it("terminates, and boots only what is terminated", () => {
    const { management, kernel } = spinning();
    management.boot(1);
    assert.equal(kernel.process(1).restartCount, 0);
    management.terminate(1);
    assert.deepEqual(
      [kernel.process(1).state, kernel.process(1).completionCode],
      ["Terminated", "faulted"],
    );
    management.boot(1);
    assert.deepEqual([kernel.process(1).state, kernel.process(1).restartCount], ["Yielded", 1]);
  });

  it("counts processes, the active ones and their timeslices", () => {
    const { management, machine } = spinning();
    assert.deepEqual([management.loadedCount, management.activeCount], [2, 2]);
    machine.run(2_000_000);
    assert.ok(management.timesliceExpirations > 1);
  });

  it("faults a process on request: announced as such, without fault registers, and the policy acts", () => {
    const board = boardWith([program().spin()], { faultPolicy: stopFaultPolicy });
    board.machine.run(50_000);
    board.management.setFault(0);
    const { state, fault } = board.kernel.process(0);
    assert.deepEqual([state, fault], ["Faulted", null]);
    assert.deepEqual(
      eventsOf(board.events, "processFaulted").map(e => [e.process, e.requested]),
      [[0, true]],
    );
  });
});
