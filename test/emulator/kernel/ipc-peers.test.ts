// Processes that talk to each other: peers that die or start anew, buffers that no region of the MPU covers, full queues.
import assert from "node:assert/strict";
import {
  KERNEL_ENTRY_CYCLES,
  nrf52840dk,
  type ProcessView,
  SyscallClass,
} from "../../../emulator/index.js";
import { createCapability } from "../../../emulator/kernel/capability.js";
import { Ipc, ipcGrant } from "../../../emulator/kernel/ipc.js";
import { type Assembler, program, tbf } from "../guest.js";
import { memoryAllocation, testBoard } from "../test-board.js";

const { Subscribe, ReadWriteAllow } = SyscallClass;
const IPC = 0x10000;
const ALARM = 0;
const SERVICE = 2;
/** Where programs below keep what they were called with, and the buffers that they share; from the start of RAM. */
const LOG = 1280;
const BUFFER = 1536;

/** r7 = where the next call is noted. */
const logger = (): Assembler => program().move(7, 6).set(2, LOG).halfwords(0x18bf); // adds r7, r7, r2

/** Subscribes `called`, which notes its three values and returns. */
const listen = (to: Assembler, driver: number, upcall: number): Assembler =>
  to.address(2, "called").syscall(Subscribe, driver, upcall, undefined, 0);

const sleepAndNote = (to: Assembler): Assembler =>
  to
    .label("sleep")
    .yieldWait()
    .branch("sleep")
    .label("called")
    .store(0, 7)
    .store(1, 7, 1)
    .store(2, 7, 2)
    .add(7, 16)
    .return();

const service = (index: number): Assembler => sleepAndNote(listen(logger(), IPC, index));

/** Shares `size` bytes at `offset` with a process. */
const share = (to: Assembler, index: number, offset: number, size: number): Assembler =>
  to
    .move(2, 6)
    .set(3, offset)
    .halfwords(0x18d2)
    .syscall(ReadWriteAllow, IPC, index, undefined, size); // adds r2, r2, r3

const client = (index: number, offset = BUFFER, size = 64): Assembler =>
  share(program(), index, offset, size).command(IPC, SERVICE, index);

const sleeping = (to: Assembler): Assembler => to.label("sleep").yieldWait().branch("sleep");

/** A board with IPC alone. */
function board(programs: readonly Assembler[]) {
  let at = 0x40000;
  const apps = programs.map((assembler, i) => {
    const made = tbf(assembler, { name: `app${i}`, at });
    at += made.length;
    return made;
  });
  let ipc: Ipc | undefined;
  const made = testBoard({
    apps,
    slots: 8,
    capsules({ kernel }) {
      const host = kernel.ipcHost(createCapability("processManagement"));
      ipc = new Ipc(host, kernel.createGrant(ipcGrant(8), memoryAllocation));
      return { drivers: new Map([[IPC, ipc]]) };
    },
    resources: { ipc: { scheduleUpcall: (...of) => ipc?.scheduleUpcall(...of) } },
  });
  const run = () => made.machine.run(made.clock.now + 1_000_000);
  return {
    ...made,
    run,
    calls: (index: number) => callsOf(made.memory, made.kernel.process(index)),
  };
}

/** What a logger was called with. */
function callsOf(
  memory: { read32(address: number): number },
  { memory: ram }: ProcessView,
): number[][] {
  const calls: number[][] = [];
  for (let at = ram.start + LOG; at < ram.start + BUFFER; at += 16) {
    const words = [0, 4, 8].map(offset => memory.read32(at + offset));
    if (words.some(word => word !== 0)) calls.push(words);
  }
  return calls;
}

const sharedRegions = ({ mpu }: ProcessView) =>
  mpu.flatMap(({ number, logical }) => (number > 2 && logical !== null ? [logical] : []));

describe("IPC peers", () => {
  it("that die before they are heard are not heard, and share nothing", () => {
    const { run, kernel, calls } = board([client(1).exit(0), service(1)]);
    run();
    assert.equal(kernel.process(0).state, "Terminated");
    assert.deepEqual(calls(1), []);
    assert.deepEqual(sharedRegions(kernel.process(1)), []);
    assert.deepEqual(kernel.process(1).queuedUpcalls, []);
  });

  it("that are dead cannot be notified, and are still discovered by their index", () => {
    const dead = program().exit(0);
    const { run, kernel } = board([
      dead,
      sleeping(program().command(IPC, SERVICE, 0).move(4, 0).move(5, 1)),
    ]);
    run();
    const NODEVICE = 11;
    assert.deepEqual(kernel.registers(1)?.slice(4, 6), [0, NODEVICE]);
  });

  it("that start anew are heard for what they do in their new life alone", () => {
    const { run, kernel, machine, clock, calls, management } = board([
      sleeping(client(1)),
      service(1),
    ]);
    const waiting = () => kernel.process(1).queuedUpcalls.some(({ driver }) => driver === IPC);
    while (!waiting() || kernel.running) machine.run(clock.now + 50);
    assert.deepEqual(calls(1), []);
    const { pid } = kernel.process(0);
    management.tryRestart(0);
    machine.run(clock.now + KERNEL_ENTRY_CYCLES);
    assert.notEqual(kernel.process(0).pid, pid);
    run();
    assert.equal(calls(1).length, 1);
  });

  it("keep the region of a peer that has gone, and forget their own when they start anew", () => {
    const { run, kernel, calls, management } = board([sleeping(client(1)), service(1)]);
    run();
    const { start } = kernel.process(0).memory;
    const region = { address: start + BUFFER, size: 64 };
    assert.deepEqual(sharedRegions(kernel.process(1)), [region]);
    management.terminate(0);
    run();
    assert.deepEqual(sharedRegions(kernel.process(1)), [region]);
    management.boot(0);
    run();
    assert.deepEqual(sharedRegions(kernel.process(1)), [region]);
    assert.equal(calls(1).length, 2);
    management.tryRestart(1);
    run();
    assert.deepEqual(sharedRegions(kernel.process(1)), []);
  });

  const shapes: readonly [string, number, number, [number, number] | undefined][] = [
    ["a power of two, aligned to it", BUFFER, 64, [BUFFER, 64]],
    ["eighths of a larger power of two", BUFFER + 32, 96, [BUFFER + 32, 96]],
    ["whole eighths or nothing", BUFFER + 64, 48, undefined],
    ["nothing that is not aligned", BUFFER + 4, 64, undefined],
    ["nothing below 32 bytes", BUFFER, 16, undefined],
    ["nothing where nothing is shared", BUFFER, 0, undefined],
  ];
  for (const [what, offset, size, region] of shapes)
    it(`get ${what}: ${size} bytes at ${offset - BUFFER}`, () => {
      const { run, kernel, calls } = board([sleeping(client(1, offset, size)), service(1)]);
      run();
      const { start } = kernel.process(0).memory;
      // An empty buffer lies at null, and the log does not tell three zeros from silence.
      assert.deepEqual(calls(1), size === 0 ? [] : [[0, size, start + offset]]);
      assert.deepEqual(
        sharedRegions(kernel.process(1)),
        region === undefined ? [] : [{ address: start + region[0], size: region[1] }],
      );
      assert.equal(kernel.process(1).state, "Yielded");
    });

  it("are heard in the order in which they called, and share as many buffers as the MPU has regions left", () => {
    const clients = Array.from({ length: 6 }, () => sleeping(client(6)));
    const { run, kernel, calls } = board([...clients, service(6)]);
    run();
    const owners = [0, 1, 2, 3, 4, 5].map(index => kernel.process(index).memory.start + BUFFER);
    assert.deepEqual(
      calls(6),
      owners.map((address, index) => [index, 64, address]),
    );
    assert.deepEqual(
      sharedRegions(kernel.process(6)).map(({ address }) => address),
      owners.slice(0, 5),
    );
  });

  it("of index 0 without a buffer call with zeros", () => {
    const caller = sleeping(program().command(IPC, SERVICE, 1));
    const { run, kernel } = board([caller, service(1)]);
    run();
    const { start } = kernel.process(1).memory;
    assert.equal((kernel.registers(1)?.[7] as number) - start - LOG, 16);
  });
});

describe("a queue", () => {
  const build = (programs: readonly Assembler[]) => {
    let at = 0x40000;
    const apps = programs.map((assembler, i) => {
      const made = tbf(assembler, { name: `app${i}`, at });
      at += made.length;
      return made;
    });
    const { machine, kernel } = nrf52840dk.build({ apps });
    machine.run(machine.clock.frequency);
    return { machine, kernel };
  };

  it("full of notifications loses the upcall that its process waits for", () => {
    const waiter = listen(logger(), ALARM, 0).command(ALARM, 5, 1000).yieldWaitFor(ALARM, 0);
    const flooder = program();
    for (let i = 0; i < 10; i++) flooder.command(IPC, SERVICE, 0);
    const { kernel } = build([sleepAndNote(waiter), sleeping(flooder.move(4, 0).move(5, 1))]);
    const NOMEM = 9;
    assert.deepEqual(kernel.registers(1)?.slice(4, 6), [0, NOMEM]);
    const { state, queuedUpcalls, droppedUpcalls } = kernel.process(0);
    assert.match(state, /^YieldedFor/);
    assert.deepEqual([queuedUpcalls.length, droppedUpcalls], [9, 2]);
  });

  it("has a notification's upcall behind what came after the notification", () => {
    const TICKS_OF_12_MS = 393;
    const LOOPS_OF_20_MS = 640_000;
    const busy = listen(listen(logger(), IPC, 0), ALARM, 0)
      .command(ALARM, 5, TICKS_OF_12_MS)
      .set(3, LOOPS_OF_20_MS)
      .halfwords(0x3b01, 0xd1fd); // subs r3, #1; bne back to it
    const { machine, kernel } = build([sleepAndNote(busy), sleeping(client(0))]);
    const [first, second] = callsOf(machine.memory, kernel.process(0));
    const sender = kernel.process(1);
    assert.deepEqual(second, [1, 64, sender.memory.start + BUFFER]);
    const [, due = 0] = first ?? [];
    assert.ok(due >= TICKS_OF_12_MS, `the alarm, due at ${due}`);
  });
});
