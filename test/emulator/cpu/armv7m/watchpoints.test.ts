// Watchpoints stop before the instruction that would touch a watched byte, and change nothing else.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { Memory } from "../../../../emulator/bus/memory.js";
import { Exit, type Watchpoint } from "../../../../emulator/cpu/cpu.js";
import { type Bench, bench, CODE, loadElf, RAM, STACK, wide } from "./harness.js";

const watch = (
  address: number,
  length: number,
  access: Watchpoint["access"] = "readWrite",
): Watchpoint => ({ address, length, access });

const registers = (b: Bench): number[] => Array.from({ length: 20 }, (_, i) => b.get(i));

/** Base registers of the cases below: r0 is word aligned, r1 holds data or an offset. */
const BASE = RAM + 0x1000;

interface Case {
  name: string;
  code: number[];
  /** Touched bytes relative to BASE. */
  at: number;
  length: number;
  access: "read" | "write";
}

const cases: Case[] = [
  { name: "ldr", code: [0x6802], at: 0, length: 4, access: "read" },
  { name: "ldrh", code: [0x8842], at: 2, length: 2, access: "read" },
  { name: "ldrsb", code: wide(0xf9902003), at: 3, length: 1, access: "read" },
  { name: "str", code: [0x6042], at: 4, length: 4, access: "write" },
  { name: "strb with post-index", code: wide(0xf8002b05), at: 0, length: 1, access: "write" },
  { name: "an unaligned ldr", code: wide(0xf8d02003), at: 3, length: 4, access: "read" },
  { name: "an unaligned strh", code: wide(0xf8a02003), at: 3, length: 2, access: "write" },
  { name: "ldmia with writeback", code: [0xc8fe], at: 0, length: 28, access: "read" },
  { name: "stmdb with writeback", code: wide(0xe92001fe), at: -32, length: 32, access: "write" },
  { name: "ldrd", code: wide(0xe9d02302), at: 8, length: 8, access: "read" },
  { name: "strd with pre-index", code: wide(0xe9602304), at: -16, length: 8, access: "write" },
  { name: "ldrex", code: wide(0xe8502f01), at: 4, length: 4, access: "read" },
  { name: "ldrt", code: wide(0xf8502e08), at: 8, length: 4, access: "read" },
  { name: "strt", code: wide(0xf8402e08), at: 8, length: 4, access: "write" },
  { name: "tbb", code: wide(0xe8d0f003), at: 3, length: 1, access: "read" },
  { name: "ldr pc", code: wide(0xf8d0f010), at: 16, length: 4, access: "read" },
];

function prepared({ code }: Case): Bench {
  const b = bench();
  b.code([...code, 0xbf00, 0xe7fe]);
  for (let i = 0; i < 64; i++) b.memory.write8(BASE - 32 + i, i + 1);
  b.memory.write32(BASE + 16, CODE + 1);
  for (let i = 1; i < 13; i++) b.set(i, 0x11111100 * i);
  b.set(0, BASE);
  b.set(3, 3);
  return b;
}

describe("a watchpoint", () => {
  for (const c of cases) {
    it(`on any byte that ${c.name} touches stops before it, on other bytes never`, () => {
      const plain = prepared(c);
      plain.step(1);
      for (let offset = -36; offset < 36; offset++) {
        const b = prepared(c);
        const before = [registers(b), b.memory.save().ram];
        const w = watch(BASE + offset, 1);
        b.cpu.setWatchpoints([w]);
        if (offset < c.at || offset >= c.at + c.length) {
          assert.equal(b.step(1), Exit.Deadline, `byte ${offset}`);
        } else {
          assert.equal(b.step(1), Exit.Watchpoint, `byte ${offset}`);
          assert.deepEqual([registers(b), b.memory.save().ram], before);
          assert.deepEqual([b.clock.now, b.cpu.instructions], [0, 0]);
          const { address, access, watchpoints } = b.cpu.watchpointHit ?? {};
          assert.deepEqual([address, access], [BASE + offset, c.access]);
          assert.equal(watchpoints?.[0], w);
          b.cpu.resumeAddress = CODE;
          assert.equal(b.step(1), Exit.Deadline);
        }
        assert.deepEqual(b.cpu.save(), plain.cpu.save());
        assert.deepEqual(b.memory.save(), plain.memory.save());
      }
    });

    it(`for the other kind of access lets ${c.name} pass`, () => {
      const b = prepared(c);
      b.cpu.setWatchpoints([watch(BASE - 32, 64, c.access === "read" ? "write" : "read")]);
      assert.equal(b.step(1), Exit.Deadline);
    });
  }

  it("on the stack stops before push and pop", () => {
    const b = bench();
    b.code([0xb510, 0xbd10]);
    b.set(14, CODE + 1);
    b.cpu.setWatchpoints([watch(STACK - 4, 1)]);
    assert.equal(b.step(10), Exit.Watchpoint);
    assert.deepEqual([b.get(15), b.get(13), b.memory.read32(STACK - 8)], [CODE, STACK, 0]);
    b.cpu.resumeAddress = CODE;
    assert.equal(b.step(10), Exit.Watchpoint);
    assert.deepEqual([b.get(15), b.get(13)], [CODE + 2, STACK - 8]);
    b.cpu.resumeAddress = CODE + 2;
    assert.equal(b.step(10), Exit.Watchpoint, "the loop has come round");
    assert.equal(b.get(15), CODE);
  });

  it("is not hit by a strex whose monitor is closed", () => {
    const b = bench();
    b.code([...wide(0xe8402100), ...wide(0xe8502f00), ...wide(0xe8402100)]);
    b.set(0, BASE);
    b.cpu.setWatchpoints([watch(BASE, 4, "write")]);
    assert.equal(b.step(10), Exit.Watchpoint);
    assert.equal(b.get(15), CODE + 8);
    assert.equal(b.get(1), 1);
    b.cpu.resumeAddress = CODE + 8;
    b.step(1);
    assert.equal(b.get(1), 0, "the stop has not closed the monitor");
  });

  it("is not hit by an access that faults", () => {
    const b = bench();
    b.code([...wide(0xe9d02300)]);
    b.set(0, BASE + 2);
    b.cpu.setWatchpoints([watch(BASE, 16)]);
    assert.equal(b.step(10), Exit.Exception);
  });

  it("is not hit by the frame of an exception", () => {
    const b = bench();
    b.code([0xdf00]);
    b.cpu.setWatchpoints([watch(STACK - 64, 64)]);
    assert.equal(b.step(10), Exit.Exception);
    assert.equal(b.cpu.exceptionReturn(0xfffffff9), true);
    assert.equal(b.get(15), CODE + 2);
  });

  it("in flash is hit by a load of a constant", () => {
    const b = bench();
    b.code([0x4801, 0xbf00]);
    b.cpu.setWatchpoints([watch(CODE + 8, 4, "read")]);
    assert.equal(b.step(10), Exit.Watchpoint);
    assert.equal(b.get(15), CODE);
  });

  it("is hit in an IT block, and the block goes on when resumed", () => {
    const b = bench();
    b.code([0xbf04, 0x6002, 0x2105, 0xe7fe]);
    b.cpu.writeRegister(16, 0x41000000);
    b.set(0, BASE);
    b.cpu.setWatchpoints([watch(BASE, 1)]);
    assert.equal(b.step(10), Exit.Watchpoint);
    assert.equal(b.get(15), CODE + 2);
    b.cpu.resumeAddress = CODE + 2;
    assert.equal(b.step(10), Exit.Deadline);
    assert.equal(b.get(1), 5);
  });

  it("is reported after a breakpoint at the same instruction, each once", () => {
    const b = bench();
    b.code([0x6002, 0xe7fd]);
    b.set(0, BASE);
    b.cpu.addBreakpoint(CODE);
    b.cpu.setWatchpoints([watch(BASE, 1)]);
    for (let round = 0; round < 3; round++) {
      assert.equal(b.step(10), Exit.Breakpoint);
      b.cpu.resumeAddress = CODE;
      assert.equal(b.step(10), Exit.Watchpoint);
      b.cpu.resumeAddress = CODE;
    }
    assert.equal(b.clock.now, 4);
  });

  it("names all watchpoints that an access touches, in the order they were set", () => {
    const b = bench();
    b.code([0x6002, 0xe7fe]);
    b.set(0, BASE);
    const list = [
      watch(BASE + 3, 1),
      watch(BASE + 4, 9),
      watch(BASE - 4, 6),
      watch(BASE, 4, "read"),
    ];
    b.cpu.setWatchpoints(list);
    assert.equal(b.step(10), Exit.Watchpoint);
    assert.deepEqual(b.cpu.watchpointHit?.watchpoints, [list[0], list[2]]);
    assert.equal(b.cpu.watchpointHit?.address, BASE);
    b.cpu.setWatchpoints([]);
    assert.equal(b.step(10), Exit.Deadline);
  });
});

const IMAGE = "examples/bare/bare-cortex-m4.elf";
const SIZE = 0x10000;
const END = 20_000;

function bare(): Bench {
  const memory = new Memory({
    flash: { address: 0, size: SIZE },
    ram: { address: RAM, size: SIZE },
  });
  loadElf(memory, readFileSync(IMAGE));
  const b = bench({ memory, semihosting: true });
  b.cpu.reset();
  return b;
}

/** Runs on from each stop; the result is where and when it stopped. */
function play(b: Bench, sizes: readonly number[] = [END]): string[] {
  const stops: string[] = [];
  for (let i = 0; b.clock.now < END; i++) {
    const exit = b.cpu.run(Math.min(b.clock.now + (sizes[i % sizes.length] as number), END));
    if (exit !== Exit.Watchpoint) continue;
    const hit = b.cpu.watchpointHit;
    stops.push(`${b.clock.now} ${b.get(15)} ${hit?.address} ${hit?.access}`);
    b.cpu.resumeAddress = b.get(15);
  }
  return stops;
}

const watchpoints = fc.array(
  fc.record({
    address: fc.oneof(
      fc.integer({ min: RAM, max: RAM + 0x200 }),
      fc.integer({ min: RAM + SIZE - 0x200, max: RAM + SIZE - 1 }),
      fc.integer({ min: 0, max: 0x400 }),
    ),
    length: fc.integer({ min: 0, max: 40 }),
    access: fc.constantFrom("read" as const, "write" as const, "readWrite" as const),
  }),
  { maxLength: 6 },
);

describe("a program with watchpoints", () => {
  it("comes to the same state as without, in slices of any size, and stops at the same places", () => {
    const plain = bare();
    play(plain);
    let stops = 0;
    fc.assert(
      fc.property(
        watchpoints,
        fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1 }),
        (list, sizes) => {
          const [once, sliced] = [bare(), bare()];
          once.cpu.setWatchpoints(list);
          sliced.cpu.setWatchpoints(list);
          const expected = play(once);
          stops += expected.length;
          assert.deepEqual(play(sliced, sizes), expected);
          for (const b of [once, sliced]) {
            assert.deepEqual(b.cpu.save(), plain.cpu.save());
            assert.deepEqual(b.memory.save(), plain.memory.save());
          }
        },
      ),
      { numRuns: 25, seed: 5 },
    );
    assert.ok(stops > 100, `${stops} stops`);
  });

  it("stops before each instruction that changes a watched byte", () => {
    const [address, length] = [RAM, 0x200];
    const changes: number[] = [];
    const stepped = bare();
    let old = stepped.memory.readBytes(address, length);
    while (stepped.clock.now < END) {
      stepped.step(1);
      const now = stepped.memory.readBytes(address, length);
      if (now.some((byte, i) => byte !== old[i])) changes.push(stepped.clock.now - 1);
      old = now;
    }
    assert.ok(changes.length > 10);
    const watched = bare();
    watched.cpu.setWatchpoints([watch(address, length, "write")]);
    const stops = new Set(play(watched).map(stop => Number(stop.split(" ")[0])));
    for (const cycle of changes) assert.ok(stops.has(cycle), `cycle ${cycle}`);
  });
});
