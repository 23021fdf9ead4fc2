import assert from "node:assert/strict";
import fc from "fast-check";
import { initialisedTicKv, TicKv } from "../../../../emulator/kernel/capsules/tickv.js";
import { encodeObject } from "../../../../emulator/kernel/capsules/tickv-format.js";
import { flashBench } from "./storage-bench.js";

const REGION = 1024;

function board(regions = 3, pageSize = REGION) {
  const { bench, store, flash } = flashBench(regions + 1, pageSize);
  const tickv = new TicKv(flash, { firstPage: 1, count: regions });
  const done: [error: string | undefined, value: Uint8Array][] = [];
  tickv.setTicKvClient({ ticKvComplete: (error, value) => done.push([error, value]) });
  const run = (request: () => unknown): string | undefined => {
    assert.equal(request(), undefined);
    bench.settle();
    assert.equal(done.length, 1);
    return done.pop()?.[0];
  };
  const get = (hash: Uint8Array, room = 512) => {
    assert.equal(tickv.get(hash, room), undefined);
    bench.settle();
    const [error, value] = done.pop() ?? [];
    return error ?? [...(value ?? [])];
  };
  return { bench, store, flash, tickv, done, run, get };
}

function initialised(regions = 3, pageSize = REGION) {
  const made = board(regions, pageSize);
  made.tickv.initialise();
  made.bench.settle();
  return made;
}

/** A hash that names region `n` of 3 or more. */
const hash = (n: number, first = 1) => Uint8Array.of(first, 0, 0, 0, 0, 0, 0, n);
const filled = (length: number) => new Uint8Array(length).fill(0x23);

describe("TicKV", () => {
  it("lays out an object as upstream's own tests have it", () => {
    // libraries/tickv/src/tests.rs, check_region_one and check_region_two.
    const cases = [
      ["81137e959e93aa3d", "fd24f007"],
      ["9dd3714505c2f866", "1b53f954"],
    ] as const;
    for (const [hashText, checkSum] of cases) {
      const object = Buffer.from(encodeObject(Buffer.from(hashText, "hex"), filled(32)));
      assert.equal(object.toString("hex"), `01802f${hashText}${"23".repeat(32)}${checkSum}`);
    }
  });

  it("erases a flash without its main key and writes that key, once", () => {
    const { bench, store, tickv, flash } = board();
    store.writeBytes(0, new Uint8Array(2 * REGION).fill(7));
    tickv.initialise();
    bench.settle();
    // 0xf244 of the main key, by three regions.
    const at = REGION * (1 + (0xf244 % 3));
    assert.equal(Buffer.from(store.readBytes(at, 11)).toString("hex"), "01800f7bc9f7ff4f76f244");
    assert.deepEqual(store.readBytes(0, 1), Uint8Array.of(7));
    const { wear } = flash.save();
    tickv.initialise();
    bench.settle();
    assert.deepEqual(flash.save().wear, wear);
  });

  it("takes a flash that comes with a main key as it is", () => {
    const { bench, store, tickv, flash, run, get } = board();
    const [address, bytes] = initialisedTicKv({ firstPage: 1, count: 3 }, REGION);
    store.writeBytes(address, bytes);
    tickv.initialise();
    bench.settle();
    assert.deepEqual(flash.save().wear, []);
    run(() => tickv.append(hash(1), filled(3)));
    assert.deepEqual(get(hash(1)), [...filled(3)]);
  });

  it("one request waits for the end of the initialisation", () => {
    const { bench, tickv, done } = board();
    tickv.initialise();
    assert.equal(tickv.append(hash(1), filled(4)), undefined);
    bench.settle();
    assert.deepEqual(
      done.map(([error]) => error),
      [undefined],
    );
    assert.equal(tickv.garbageCollect(), undefined);
    assert.equal(tickv.get(hash(1), 4), "BUSY");
  });

  it("finds what was appended, and not what was invalidated", () => {
    const { tickv, run, get } = initialised();
    assert.equal(
      run(() => tickv.append(hash(1), filled(40))),
      undefined,
    );
    assert.deepEqual(get(hash(1)), [...filled(40)]);
    assert.equal(
      run(() => tickv.append(hash(1), filled(4))),
      "KeyAlreadyExists",
    );
    assert.equal(
      run(() => tickv.invalidate(hash(1))),
      undefined,
    );
    assert.equal(get(hash(1)), "KeyNotFound");
    assert.equal(
      run(() => tickv.invalidate(hash(1))),
      "KeyNotFound",
    );
    assert.equal(
      run(() => tickv.append(hash(1), filled(4))),
      undefined,
    );
    assert.deepEqual(get(hash(1)), [...filled(4)]);
  });

  it("gives the first bytes of a value that is longer than the room", () => {
    const { bench, tickv, run, done } = initialised();
    run(() => tickv.append(hash(1), Uint8Array.of(1, 2, 3, 4)));
    tickv.get(hash(1), 3);
    bench.settle();
    assert.deepEqual(done, [["BufferTooSmall", Uint8Array.of(1, 2, 3)]]);
  });

  it("a value whose checksum is wrong is not given", () => {
    const { store, tickv, run, get } = initialised();
    run(() => tickv.append(hash(2), filled(8)));
    store.writeBytes(REGION * 3 + 12, Uint8Array.of(0));
    assert.equal(get(hash(2)), "InvalidCheckSum");
  });

  it("a full region sends a key to the one behind it, then to the one before it", () => {
    const { tickv, store, run, get } = initialised();
    const at = [2, 3, 1].map(page => page * REGION);
    for (const [i, offset] of at.entries()) {
      run(() => tickv.append(hash(1, 0x40 + i), filled(900)));
      const there = store.readBytes(offset, REGION);
      assert.ok(there.includes(0x40 + i), `key ${i} lies in the page at ${offset}`);
      assert.equal(get(hash(1, 0x40 + i), 1000)?.length, 900);
    }
    assert.equal(
      run(() => tickv.append(hash(1, 0x50), filled(900))),
      "FlashFull",
    );
  });

  it("garbage collection erases pages in which nothing is valid", () => {
    const { tickv, store, run } = initialised();
    run(() => tickv.append(hash(2), filled(900)));
    run(() => tickv.append(hash(2, 2), filled(9)));
    run(() => tickv.invalidate(hash(2)));
    run(() => tickv.garbageCollect());
    assert.equal(store.readBytes(3 * REGION, 1)[0], 1);
    run(() => tickv.invalidate(hash(2, 2)));
    run(() => tickv.garbageCollect());
    assert.deepEqual(store.readBytes(3 * REGION, REGION), new Uint8Array(REGION).fill(0xff));
    // The main key is valid.
    assert.equal(store.readBytes(2 * REGION, 1)[0], 1);
  });

  it("objects of 4095 bytes and more are too large", () => {
    const { tickv } = initialised(3, 8192);
    assert.equal(tickv.append(hash(1), new Uint8Array(4095 - 15)), "SIZE");
    assert.equal(tickv.append(hash(1), new Uint8Array(4094 - 15)), undefined);
  });

  it("holds what a map would, while no page is full", () => {
    const step = fc.record({
      kind: fc.constantFrom("append", "invalidate", "get"),
      key: fc.nat(5),
      value: fc.uint8Array({ maxLength: 9 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), taken => {
        const { tickv, run, get } = initialised();
        const map = new Map<number, number[]>();
        for (const { kind, key, value } of taken) {
          const known = map.get(key);
          if (kind === "append") {
            const error = run(() => tickv.append(hash(key), value));
            assert.equal(error, known && "KeyAlreadyExists");
            if (!known) map.set(key, [...value]);
          } else if (kind === "invalidate") {
            assert.equal(
              run(() => tickv.invalidate(hash(key))),
              known ? undefined : "KeyNotFound",
            );
            map.delete(key);
          } else assert.deepEqual(get(hash(key)), known ?? "KeyNotFound");
        }
      }),
      { numRuns: 30 },
    );
  });

  it("saved in the middle of an initialisation and loaded elsewhere, it finishes what waits", () => {
    const first = board();
    first.tickv.initialise();
    first.tickv.append(hash(1), filled(5));
    first.bench.runMs(100);
    const second = board();
    second.store.load(first.store.save());
    second.flash.load(first.flash.save());
    second.tickv.load(structuredClone(first.tickv.save()));
    second.bench.clock.load(first.bench.clock.save());
    second.bench.settle();
    assert.equal(second.done.length, 1);
    second.done.pop();
    assert.deepEqual(second.get(hash(1)), [...filled(5)]);
  });
});
