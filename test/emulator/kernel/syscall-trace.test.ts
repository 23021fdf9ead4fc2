import assert from "node:assert/strict";
import { ErrorCode } from "../../../emulator/index.js";
import { SyscallClass } from "../../../emulator/kernel/syscalls.js";
import { type Assembler, binaryStart, program } from "../guest.js";
import { DRIVER, run } from "./harness.js";

const RAM = 0x20004000;
const CODE = binaryStart({ name: "app0" });
const config = { trace_syscalls: true };
/** Lines of a program after its first function call and its memop 0. */
const trace = (assembler: Assembler, options: Parameters<typeof run>[1] = {}) =>
  run(assembler, { config, ...options }).debug.slice(2);

describe("trace_syscalls", () => {
  it("prints nothing unless it is on", () => {
    assert.deepEqual(run(program().memop(2, 0).spin()).debug, []);
  });

  it("begins with the call of the entry point and the first memop", () => {
    const { debug, kernel } = run(program().spin(), { config });
    const { memory } = kernel.process(0);
    const size = `0x${(memory.end - RAM).toString(16)}`;
    assert.deepEqual(debug, [
      `[0] function_call @0x${(CODE | 1).toString(16)}(0x${CODE.toString(16)}, 0x20004000, ${size}, 0x20004020)`,
      "[0] memop(0, 0x20004800) = Success",
    ]);
  });

  it("prints the results of memops as pointers, addresses and numbers", () => {
    const lines = trace(program().memop(1, 0).memop(2, 0).memop(7, 9).memop(99, 0).spin());
    assert.deepEqual(lines, [
      "[0] memop(1, 0x0) = SuccessPtr(CapabilityPtr { ptr: 0x20004800 })",
      "[0] memop(2, 0x0) = SuccessPtr(CapabilityPtr { ptr: 0x20004000 })",
      "[0] memop(7, 0x9) = SuccessU32(0)",
      "[0] memop(99, 0x0) = Failure(NOSUPPORT)",
    ]);
    assert.match(trace(program().memop(6, 0).spin())[0] ?? "", /= SuccessAddr\(\d+\)$/);
  });

  it("prints every variant that a command can return", () => {
    const calls = program();
    for (let variant = 0; variant < 10; variant++) calls.command(DRIVER, 5, variant);
    const returned = trace(calls.command(0x77, 1, 2, 3).spin()).map(line => line.split(" = ")[1]);
    assert.deepEqual(returned, [
      "Failure(OFF)",
      "FailureU32(OFF, 7)",
      "FailureU32U32(OFF, 7, 8)",
      "FailureU64(OFF, 38654705672)",
      "Success",
      "SuccessU32(7)",
      "SuccessU32U32(7, 8)",
      "SuccessU64(38654705672)",
      "SuccessU32U32U32(7, 8, 9)",
      "SuccessU32U64(7, 38654705672)",
      "Failure(NODEVICE)",
    ]);
    assert.equal(
      trace(program().command(0x77, 1, 2, 3).spin())[0],
      "[0] cmd(0x77, 1, 0x2, 0x3) = Failure(NODEVICE)",
    );
  });

  it("prints subscribe and allow with the words that come back", () => {
    const { Subscribe, ReadWriteAllow, ReadOnlyAllow, UserspaceReadableAllow } = SyscallClass;
    const lines = trace(
      program()
        .syscall(Subscribe, DRIVER, 1, CODE, 7)
        .syscall(ReadWriteAllow, DRIVER, 0, RAM, 16)
        .syscall(ReadOnlyAllow, DRIVER, 9, RAM, 16)
        .syscall(UserspaceReadableAllow, 0x77, 0, RAM, 16)
        .spin(),
    );
    const code = `0x${CODE.toString(16)}`;
    assert.deepEqual(lines, [
      "[0] remove_pending_upcalls[0x99:1] = 0 upcall(s) removed",
      `[0] subscribe(0x99, 1, @${code}, 0x7) = SubscribeSuccess(0x0, 0)`,
      "[0] read-write allow(0x99, 0, @0x20004000, 16) = AllowReadWriteSuccess(0x0, 0)",
      "[0] read-only allow(0x99, 9, @0x20004000, 16) = AllowReadOnlyFailure(NOSUPPORT, 0x20004000, 16)",
      "[0] userspace readable allow(0x77, 0, @0x20004000, 16) = UserspaceReadableAllowFailure(NODEVICE, 0x20004000, 16)",
    ]);
  });

  it("prints how an upcall is scheduled, replaced and made", () => {
    const lines = trace(
      program()
        .command(DRIVER, 2, 9, 5)
        .command(DRIVER, 2, 0, 5)
        .yieldWaitFor(DRIVER, 0)
        .yieldWait()
        .spin(),
    );
    assert.deepEqual(lines, [
      "[0] schedule[0x99:9] invalid subscribe_num",
      "[0] cmd(0x99, 2, 0x9, 0x5) = Failure(BUSY)",
      "[0] schedule[0x99:0] @0x0(0x5, 0x1, 0x2, 0x0) = Ok(())",
      "[0] cmd(0x99, 2, 0x0, 0x5) = Success",
      "[0] yield. which: WaitFor",
      "[0] Yield-WaitFor: [NU] (0x5, 0x1, 0x2)",
      "[0] yield. which: Wait",
    ]);
    const made = trace(
      program()
        .address(2, "upcall")
        .syscall(SyscallClass.Subscribe, DRIVER, 0, undefined, 7)
        .command(DRIVER, 2, 0, 5)
        .yieldWaitFor(DRIVER, 0)
        .command(DRIVER, 2, 0, 6)
        .yieldWait()
        .spin()
        .label("upcall")
        .return(),
    ).filter(line => /unction_call/.test(line));
    assert.match(
      made[0] ?? "",
      /^\[0\] Yield-WaitFor \[Suppressed function_call @0x[0-9a-f]+\] \(0x5, 0x1, 0x2, 0x7\)$/,
    );
    assert.match(made[1] ?? "", /^\[0\] function_call @0x[0-9a-f]+\(0x6, 0x1, 0x2, 0x7\)$/);
  });

  it("prints an upcall that finds the queue full", () => {
    const calls = program();
    for (let i = 0; i < 10; i++) calls.command(DRIVER, 2, 0, i);
    const schedules = trace(calls.spin()).filter(line => line.includes("schedule"));
    assert.equal(schedules[8], "[0] schedule[0x99:0] @0x0(0x8, 0x1, 0x2, 0x0) = Ok(())");
    assert.equal(schedules[9], "[0] schedule[0x99:0] @0x0(0x9, 0x1, 0x2, 0x0) = Err(QueueFull)");
  });

  it("prints exits by the identifier that the process had", () => {
    const { Exit } = SyscallClass;
    assert.deepEqual(trace(program().syscall(Exit, 7, 5).exit(5)), [
      "[0] exit(which: 7, completion_code: 5) = Some(Failure(NOSUPPORT))",
      "[0] exit(which: 0, completion_code: 5) = None",
    ]);
    assert.equal(
      trace(program().syscall(Exit, 1, 5))[0],
      "[0] exit(which: 1, completion_code: 5) = None",
    );
  });

  it("prints a call that the filter refuses", () => {
    const filter = { filterSyscall: () => ErrorCode.NODEVICE };
    assert.deepEqual(trace(program().command(DRIVER, 1).spin(), { resources: { filter } }), [
      "[0] Filtered: Command { driver_number: 153, subdriver_number: 1, arg0: 0, arg1: 0 } was rejected with NODEVICE",
    ]);
  });

  it("warns of a driver that does not allocate its grant", () => {
    const driver = { command: () => [128], allocateGrant: () => "OutOfMemory" as const };
    const lazy = { command: () => [128], allocateGrant: () => undefined };
    const resources = {
      withDriver: (number: number) => (number === 1 ? driver : number === 2 ? lazy : undefined),
    };
    const lines = trace(
      program()
        .syscall(SyscallClass.Subscribe, 1, 0, 0, 0)
        .syscall(SyscallClass.ReadOnlyAllow, 2, 0, 0, 0)
        .spin(),
      { resources },
    );
    assert.deepEqual(lines, [
      "[0] WARN driver #1 did not allocate grant",
      "[0] subscribe(0x1, 0, @0x0, 0x0) = SubscribeFailure(NOMEM, 0x0, 0)",
      "[0] ERROR driver #2 allocated wrong grant counts",
      "[0] read-only allow(0x2, 0, @0x0, 0) = AllowReadOnlyFailure(NOMEM, 0x0, 0)",
    ]);
  });
});
