import assert from "node:assert/strict";
import fc from "fast-check";
import {
  halfMax,
  leftJustified,
  ticksFromMs,
  withinRange,
  wrappingAdd,
  wrappingSub,
} from "../../../emulator/base/ticks.js";

const width = fc.integer({ min: 1, max: 32 });
const tick = fc.nat({ max: 0xffffffff });

describe("ticks", () => {
  it("addition and subtraction wrap at the counter's width, as big integers do", () => {
    fc.assert(
      fc.property(width, tick, tick, (w, x, y) => {
        const modulus = 2n ** BigInt(w);
        const [a, b] = [x % 2 ** w, y % 2 ** w];
        assert.equal(wrappingAdd(a, b, w), Number((BigInt(a) + BigInt(b)) % modulus));
        assert.equal(wrappingSub(a, b, w), Number((BigInt(a) - BigInt(b) + modulus) % modulus));
      }),
    );
  });

  it("a range that goes round the end of the counter holds its start but not its end", () => {
    assert.equal(withinRange(0xfffffe, 0xfffffe, 4, 24), true);
    assert.equal(withinRange(3, 0xfffffe, 4, 24), true);
    assert.equal(withinRange(4, 0xfffffe, 4, 24), false);
    assert.equal(withinRange(7, 7, 7, 24), false);
  });

  it("left-justified ticks fill 32 bits", () => {
    assert.equal(leftJustified(0xffffff, 24), 0xffffff00);
    assert.equal(leftJustified(32768, 24), 8388608);
    assert.equal(leftJustified(0xffffffff, 32), 0xffffffff);
    assert.equal(halfMax(24), 0x800000);
  });

  it("milliseconds are rounded down to ticks and end at the counter's greatest value", () => {
    assert.equal(ticksFromMs(100, 32768, 24), 3276);
    assert.equal(ticksFromMs(10_000_000, 32768, 24), 0xffffff);
  });
});
