// System calls with any class, driver and arguments: no exception of ours, and no byte changed outside the caller's block.
import assert from "node:assert/strict";
import fc from "fast-check";
import { nrf52840dk, type ProcessView, stopFaultPolicy } from "../../emulator/index.js";
import { Assembler, tbf } from "../emulator/guest.js";
import { scaled, tell } from "./cases.js";

const CALLS = 24;
const RUNS = scaled(1500);
/** Virtual time for all calls of a case, in cycles; a case may well end in a wait. */
const LIMIT = 640_000;

interface Call {
  syscallClass: number;
  values: number[];
}

/** A program of one size, whatever it does, so that both apps always lie at the same places. */
function program(calls: readonly Call[]): Assembler {
  const code = new Assembler().memop(0, 0x20009800);
  for (const { syscallClass, values } of calls) {
    for (const [register, value] of values.entries()) code.set(register, value);
    code.halfwords(0xdf00 | syscallClass);
  }
  return code.label("end").yieldWait().branch("end");
}

/** Waits, once its IPC grant is there: notifying a process allocates that grant (kernel/src/ipc.rs, schedule_upcall). */
const idle: Call[] = Array.from({ length: CALLS }, (_, i) =>
  i === 0
    ? { syscallClass: 1, values: [0x10000, 0, 0, 0] }
    : { syscallClass: 0, values: [1, 0, 0, 0] },
);

const build = (calls: readonly Call[]) =>
  nrf52840dk.build({
    apps: [tbf(program(calls), { name: "caller" }), tbf(program(idle), { name: "victim" })],
    faultPolicy: stopFaultPolicy,
  });

/** Addresses where something begins or ends, and their neighbours. */
function edges(views: readonly ProcessView[]): number[] {
  const places = views.flatMap(({ memory, flash }) => [
    ...[memory.start, memory.appBreak, memory.kernelBreak, memory.end],
    ...[flash.start, flash.appStart, flash.end],
  ]);
  return [...places, 0, 0x20000000, 0x200086d0, 0x20040000, 0x80000000, 0xe000ed00].flatMap(a => [
    (a - 4) >>> 0,
    (a - 1) >>> 0,
    a,
    (a + 1) >>> 0,
    (a + 32) >>> 0,
  ]);
}

describe("random system calls", () => {
  it("change no byte outside the caller's block, and end in no exception of ours", function () {
    this.timeout(600_000);
    const first = build(idle);
    first.machine.run(LIMIT);
    const [caller, victim] = first.kernel.processes as [ProcessView, ProcessView];
    const before = first.machine.memory.save();
    const value = fc.oneof(
      fc.integer({ min: 0, max: 6 }),
      fc.constantFrom(...edges([caller, victim])),
      fc.constantFrom(0x7f, 0xff, 0x1000, 0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff),
      fc.nat(0xffffffff),
    );
    // The common ones often, and every number that upstream gives away (doc/syscalls/README.md), on the board or not.
    const driver = fc.oneof(
      fc.constantFrom(0, 1, 2, 3, 4, 5, 8, 0x10000, 0x40001, 0x60000, 0x90000),
      fc.tuple(fc.nat(9), fc.nat(8)).map(([group, number]) => (group << 16) | number),
    );
    const call = fc.record({
      syscallClass: fc.oneof(
        { weight: 30, arbitrary: fc.constantFrom(1, 2, 3, 4, 5, 7) },
        { weight: 2, arbitrary: fc.constantFrom(0, 6) },
        { weight: 1, arbitrary: fc.nat(255) },
      ),
      values: fc
        .tuple(fc.oneof(driver, value), fc.oneof(fc.nat(6), value), value, value)
        .map(values => [...values]),
    });
    let made = 0;
    fc.assert(
      fc.property(fc.array(call, { minLength: CALLS, maxLength: CALLS }), calls => {
        const { machine, kernel } = build(calls);
        machine.run(LIMIT);
        made += kernel.process(caller.index).syscallCount;
        const after = machine.memory.save();
        const base = machine.memory.map.ram.address;
        const { start, end } = caller.memory;
        const outside = (ram: Uint8Array) => [
          ram.subarray(0, start - base),
          ram.subarray(end - base),
        ];
        outside(after.ram).forEach((part, i) => {
          assert.ok(Buffer.compare(part, outside(before.ram)[i] as Uint8Array) === 0, `part ${i}`);
        });
        const { address } = machine.memory.map.flash;
        const code = caller.flash;
        for (const part of [[0, code.start - address], [code.end - address]]) {
          const [now, then] = [after.flash, before.flash].map(flash => flash.subarray(...part));
          assert.ok(Buffer.compare(now as Uint8Array, then as Uint8Array) === 0, "flash");
        }
        assert.deepEqual(code, kernel.process(caller.index).flash);
        assert.equal(kernel.process(victim.index).state, "Yielded");
      }),
      { numRuns: RUNS },
    );
    tell(`${RUNS} programs, ${made} system calls`);
    assert.ok(made > RUNS);
  });
});
