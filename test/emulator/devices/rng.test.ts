import assert from "node:assert/strict";
import { RngDevice } from "../../../emulator/devices/rng.js";
import { Bench } from "../bench.js";

function generator(seed: number, wanted: number) {
  const bench = new Bench();
  const device = bench.add(new RngDevice(bench.clock, seed));
  const words: number[] = [];
  device.setRngClient({
    randomnessAvailable(next) {
      const word = next();
      assert.equal(next(), undefined);
      if (word !== undefined) words.push(word);
      return words.length < wanted ? "More" : "Done";
    },
  });
  return { bench, device, words };
}

const wordsOf = (seed: number, count: number): number[] => {
  const { bench, device, words } = generator(seed, count);
  device.get();
  bench.settle();
  return words;
};

describe("rng device", () => {
  it("gives a word every 150 µs until its client is done, then nothing is pending", () => {
    const { bench, device, words } = generator(1, 3);
    assert.equal(bench.clock.next, Number.POSITIVE_INFINITY);
    device.get();
    device.get();
    bench.settle();
    assert.equal(words.length, 3);
    assert.equal(bench.clock.now, 3 * 150 * 64);
  });

  it("the same seed gives the same words, another seed others", () => {
    assert.deepEqual(wordsOf(7, 8), wordsOf(7, 8));
    assert.notDeepEqual(wordsOf(7, 8), wordsOf(8, 8));
  });

  it("its words are spread over all bits, whatever the seed", () => {
    for (const seed of [0, 1, 0xffffffff]) {
      const words = wordsOf(seed, 512);
      assert.ok(new Set(words).size > 510);
      for (let bit = 0; bit < 32; bit++) {
        const ones = words.filter(word => (word >>> bit) & 1).length;
        assert.ok(ones > 190 && ones < 322, `bit ${bit}: ${ones} of 512`);
      }
    }
  });

  it("a word that nobody takes is given next time, after one byte's time", () => {
    const bench = new Bench();
    const device = bench.add(new RngDevice(bench.clock, 5));
    device.setRngClient({ randomnessAvailable: () => "Done" });
    device.get();
    bench.settle();
    const { word } = device.save();
    const taken: unknown[] = [];
    device.setRngClient({
      randomnessAvailable(next) {
        taken.push(next());
        return "Done";
      },
    });
    const start = bench.clock.now;
    device.get();
    bench.settle();
    assert.deepEqual(taken, [word]);
    assert.equal(bench.clock.now - start, 30 * 64);
  });

  it("saved between two words and loaded elsewhere, it goes on as the first", () => {
    const first = generator(3, 4);
    first.device.get();
    first.bench.runTo(400 * 64);
    const second = generator(99, 2);
    second.device.load(structuredClone(first.device.save()));
    second.bench.clock.load(first.bench.clock.save());
    first.bench.settle();
    second.bench.settle();
    assert.deepEqual(second.words, first.words.slice(2));
  });

  it("does not repeat its words after a reset", () => {
    const { bench, device, words } = generator(7, 4);
    device.get();
    bench.runTo(2 * 150 * 64);
    bench.clock.clear();
    device.reset();
    device.get();
    bench.settle();
    assert.deepEqual(words, wordsOf(7, 4));
  });
});
