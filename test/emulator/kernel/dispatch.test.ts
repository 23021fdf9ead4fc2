import assert from "node:assert/strict";
import { ErrorCode, SyscallClass } from "../../../emulator/index.js";
import { binaryStart, program } from "../guest.js";
import { eventsOf } from "../test-board.js";
import { boardWith, DRIVER, run } from "./harness.js";
import { variants } from "./test-driver.js";

const { Command, Subscribe, ReadWriteAllow, ReadOnlyAllow, UserspaceReadableAllow } = SyscallClass;
const RAM = 0x20004000;

/** r0 to r3 after a system call; the program spins behind it. */
const resultOf = (syscallClass: SyscallClass, ...values: (number | undefined)[]) =>
  run(
    program()
      .syscall(syscallClass, ...values)
      .spin(),
  ).registers.slice(0, 4);

describe("system calls", () => {
  it("write only the registers of their return variant", () => {
    variants.forEach((values, kind) => {
      const passed = [DRIVER, 5, kind, 0xabcd];
      assert.deepEqual(resultOf(Command, ...passed), [...values, ...passed.slice(values.length)]);
    });
  });

  it("preserve r4 to r12, lr and sp", () => {
    const start = program();
    for (const register of [4, 5, 7, 8, 9, 10, 11, 12, 14]) start.set(register, 0x1000 + register);
    const { registers } = run(start.command(DRIVER, 1).spin());
    for (const register of [4, 5, 7, 8, 9, 10, 11, 12, 14])
      assert.equal(registers[register], 0x1000 + register);
    assert.equal(registers[13], RAM + 1024);
  });

  it("to an unknown driver fail with NODEVICE in the shape of their class", () => {
    assert.deepEqual(resultOf(Command, 0x1234, 1, 2, 3), [0, ErrorCode.NODEVICE, 2, 3]);
    assert.deepEqual(resultOf(Subscribe, 0x1234, 1, 0, 3), [2, ErrorCode.NODEVICE, 0, 3]);
    for (const allow of [ReadWriteAllow, ReadOnlyAllow, UserspaceReadableAllow])
      assert.deepEqual(resultOf(allow, 0x1234, 1, RAM, 3), [2, ErrorCode.NODEVICE, RAM, 3]);
  });

  it("of a filtered class fail plainly, whatever their shape", () => {
    const filter = { filterSyscall: () => ErrorCode.NODEVICE };
    const { registers, driver } = run(program().syscall(Subscribe, DRIVER, 0, 0, 3).spin(), {
      resources: { filter },
    });
    assert.deepEqual(registers.slice(0, 4), [0, ErrorCode.NODEVICE, 0, 3]);
    assert.equal(driver.calls.length, 0);
  });

  it("memop, yield and exit pass a filter that refuses everything", () => {
    const filter = { filterSyscall: () => ErrorCode.NODEVICE };
    const { kernel } = run(program().memop(2, 0).exit(3), { resources: { filter } });
    assert.equal(kernel.process(0).completionCode, 3);
  });

  it("of an unknown class fault the process", () => {
    for (const number of [8, 0xbd, 0xff]) {
      const { stop, kernel } = run(program().halfwords(0xdf00 | number));
      assert.deepEqual(stop, { reason: "halted" });
      assert.equal(kernel.process(0).state, "Faulted");
    }
  });

  it("an unknown yield variant faults the process", () => {
    assert.equal(run(program().syscall(SyscallClass.Yield, 3)).kernel.process(0).state, "Faulted");
  });

  it("are told to whoever listens, with what they return", () => {
    const { events } = run(program().command(DRIVER, 1, 5, 6).spin());
    const call = eventsOf(events, "syscall").find(e => e.syscallClass === Command);
    assert.deepEqual(call?.arguments, [DRIVER, 1, 5, 6]);
    assert.deepEqual(call?.returned, [130, 5, 6]);
  });
});

describe("subscribe", () => {
  it("returns the upcall before: first (0, 0), then what was set", () => {
    const twice = program()
      .address(2, "upcall")
      .syscall(Subscribe, DRIVER, 0, undefined, 77)
      .move(4, 1)
      .move(5, 2)
      .syscall(Subscribe, DRIVER, 0, 0, 0)
      .spin()
      .label("upcall")
      .return();
    const { registers } = run(twice);
    assert.deepEqual(registers.slice(4, 6), [0, 0]);
    assert.deepEqual(registers.slice(0, 3), [130, twice.addressOf("upcall", start) + 1, 77]);
  });
  const start = binaryStart({ name: "app0" });

  it("checks the function before it looks for the driver", () => {
    for (const pointer of [4, 0x40000, 0x20000000, 0xfffffffc])
      assert.deepEqual(resultOf(Subscribe, 0x1234, 0, pointer, 9), [
        2,
        ErrorCode.INVAL,
        pointer,
        9,
      ]);
  });

  it("refuses an upcall number that the driver does not have", () => {
    assert.deepEqual(resultOf(Subscribe, DRIVER, 4, 0, 9), [2, ErrorCode.NOSUPPORT, 0, 9]);
  });
});

describe("allow", () => {
  it("returns the buffer before and remembers the new one", () => {
    const { registers, kernel } = run(
      program()
        .syscall(ReadWriteAllow, DRIVER, 1, RAM + 16, 32)
        .syscall(ReadWriteAllow, DRIVER, 1, RAM + 64, 8)
        .spin(),
    );
    assert.deepEqual(registers.slice(0, 3), [130, RAM + 16, 32]);
    const [grant] = kernel.process(0).grants;
    assert.deepEqual(grant?.readWriteAllows[1], { allow: 1, address: RAM + 64, length: 8 });
  });

  it("takes exactly what the app owns: up to the break, not to the end of the enabled eighth", () => {
    const end = RAM + 2048;
    assert.equal(resultOf(ReadWriteAllow, DRIVER, 0, end - 8, 8)[0], 130);
    assert.deepEqual(resultOf(ReadWriteAllow, DRIVER, 0, end - 8, 9), [
      2,
      ErrorCode.INVAL,
      end - 8,
      9,
    ]);
    assert.equal(resultOf(ReadWriteAllow, DRIVER, 0, RAM - 1, 2)[0], 2);
    assert.equal(resultOf(ReadWriteAllow, DRIVER, 0, 0xfffffff0, 0x20)[0], 2);
  });

  it("lends flash read-only, but neither read-write nor from the protected header", () => {
    const code = binaryStart({ name: "app0" });
    assert.equal(resultOf(ReadOnlyAllow, DRIVER, 0, code, 16)[0], 130);
    assert.equal(resultOf(ReadWriteAllow, DRIVER, 0, code, 16)[0], 2);
    assert.equal(resultOf(ReadOnlyAllow, DRIVER, 0, code - 4, 16)[0], 2);
  });

  it("of no bytes takes any address", () => {
    assert.equal(resultOf(ReadWriteAllow, DRIVER, 0, 0, 0)[0], 130);
    assert.equal(resultOf(ReadOnlyAllow, DRIVER, 0, 0xdeadbeef, 0)[0], 130);
  });

  it("refuses a number that the driver does not have, after it has checked the buffer", () => {
    assert.deepEqual(resultOf(ReadOnlyAllow, DRIVER, 2, RAM, 4), [2, ErrorCode.NOSUPPORT, RAM, 4]);
    assert.deepEqual(resultOf(ReadOnlyAllow, DRIVER, 2, 4, 4), [2, ErrorCode.INVAL, 4, 4]);
  });

  it("keeps the break above every buffer that was ever lent", () => {
    const { registers } = run(
      program()
        .syscall(ReadWriteAllow, DRIVER, 0, RAM + 1000, 500)
        .syscall(ReadWriteAllow, DRIVER, 0, 0, 0)
        .memop(0, RAM + 1499)
        .spin(),
    );
    assert.deepEqual(registers.slice(0, 2), [0, ErrorCode.NOMEM]);
  });

  it("userspace-readable is NOSUPPORT where the driver has no such buffer", () => {
    assert.deepEqual(resultOf(UserspaceReadableAllow, DRIVER, 0, RAM, 4), [
      2,
      ErrorCode.NOSUPPORT,
      RAM,
      4,
    ]);
  });

  it("lets the driver write the buffer", () => {
    const { memory } = run(
      program()
        .syscall(ReadWriteAllow, DRIVER, 0, RAM + 100, 5)
        .command(DRIVER, 3, 0)
        .spin(),
    );
    assert.deepEqual([...memory.readBytes(RAM + 99, 7)], [0, 90, 90, 90, 90, 90, 0]);
  });
});

describe("memop", () => {
  const memop = (operation: number, argument = 0) =>
    run(program().memop(operation, argument).spin()).registers.slice(0, 2);
  const { kernel } = boardWith([program()]);
  const { memory, flash } = kernel.process(0);

  it("tells where the process lies", () => {
    assert.deepEqual(memop(2), [129, memory.start]);
    assert.deepEqual(memop(3), [129, memory.end]);
    assert.deepEqual(memop(4), [129, flash.start]);
    assert.deepEqual(memop(5), [129, flash.end]);
    assert.deepEqual(memop(6), [129, memory.kernelBreak]);
  });

  it("sbrk returns the old break and moves by a signed amount", () => {
    assert.deepEqual(memop(1, 16), [129, RAM + 2048]);
    const { kernel, registers } = run(program().memop(1, -48).spin());
    assert.deepEqual(registers.slice(0, 2), [129, RAM + 2048]);
    assert.equal(kernel.process(0).memory.appBreak, RAM + 2000);
  });

  it("keeps the highest break of the process's life", () => {
    const { kernel } = run(program().memop(1, 64).memop(1, -128).memop(1, 32).spin());
    const { memory: now, highestAppBreak } = kernel.process(0);
    assert.deepEqual([now.appBreak, highestAppBreak], [RAM + 2016, RAM + 2112]);
  });

  it("refuses a break in the kernel's part or beyond the block", () => {
    for (const address of [memory.kernelBreak, memory.end, 0, RAM - 1, 0xffffffff])
      assert.deepEqual(memop(0, address), [0, ErrorCode.NOMEM]);
  });

  it("zeroes what a growing break exposes, also where the app has written before", () => {
    const { memory: ram } = run(
      program()
        .set(0, RAM + 1900)
        .store(0, 0)
        .memop(0, RAM + 1024)
        .memop(0, RAM + 2048)
        .spin(),
    );
    assert.equal(ram.read32(RAM + 1900), 0);
  });

  it("records stack top and heap start where they lie in the block, and succeeds in any case", () => {
    const view = run(
      program()
        .memop(10, RAM + 512)
        .memop(11, RAM + 600)
        .spin(),
    ).kernel.process(0);
    assert.deepEqual([view.stackTop, view.heapStart], [RAM + 512, RAM + 600]);
    assert.deepEqual(memop(10, 4), [128, 4]);
    assert.equal(run(program().memop(10, 4).spin()).kernel.process(0).stackTop, null);
  });

  it("counts writeable flash regions and fails for one that is not there", () => {
    const app = { writeableFlashRegions: [{ offset: 128, size: 64 }] };
    const call = (operation: number, argument: number) =>
      run(program().memop(operation, argument).spin(), { app }).registers.slice(0, 2);
    assert.deepEqual(call(7, 0), [129, 1]);
    assert.deepEqual(call(8, 0), [129, 0x40000 + 128]);
    assert.deepEqual(call(9, 0), [129, 0x40000 + 192]);
    assert.deepEqual(call(8, 1), [0, ErrorCode.FAIL]);
  });

  it("is NOSUPPORT for any other operation", () => {
    assert.deepEqual(memop(12), [0, ErrorCode.NOSUPPORT]);
  });
});

describe("exit", () => {
  it("terminates with a completion code", () => {
    const view = run(program().exit(42)).kernel.process(0);
    assert.deepEqual([view.state, view.completionCode], ["Terminated", 42]);
  });

  it("restarts with a new identifier, the completion code kept", () => {
    const { kernel } = boardWith([program().syscall(SyscallClass.Exit, 1, 7)]);
    const board = boardWith([program().syscall(SyscallClass.Exit, 1, 7)]);
    // The kernel acts once its entry is over.
    board.machine.run(250);
    assert.equal(kernel.process(0).pid, 0);
    const view = board.kernel.process(0);
    assert.deepEqual([view.pid, view.restartCount, view.completionCode], [1, 1, 7]);
  });

  it("of an unknown variant fails with NOSUPPORT", () => {
    assert.deepEqual(resultOf(SyscallClass.Exit, 2, 0).slice(0, 2), [0, ErrorCode.NOSUPPORT]);
  });
});
