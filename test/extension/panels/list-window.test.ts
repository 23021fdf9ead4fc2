import assert from "node:assert/strict";
import fc from "fast-check";
import {
  barOf,
  durationText,
  MOST_DRAWN,
  scrollTo,
  windowOf,
} from "../../../extension/panels/list-window.js";

const rowHeight = 22;

describe("the window of a long list", () => {
  it("holds every row that can be seen, and never more than 200", () => {
    fc.assert(
      fc.property(
        fc.nat(100_000),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 0, max: 4000 }),
        (total, part, height) => {
          const top = Math.floor(part * Math.max(0, total * rowHeight - height));
          const { start, count } = windowOf({ top, height, rowHeight }, total);
          assert.ok(start >= 0 && count >= 0 && count <= MOST_DRAWN && start + count <= total);
          const first = Math.floor(top / rowHeight);
          const last = Math.min(total, Math.ceil((top + height) / rowHeight));
          assert.ok(start <= first || total === 0);
          assert.ok(start + count >= last, `${start} + ${count} < ${last}`);
        },
      ),
    );
  });

  it("scrolls no further than a row needs", () => {
    const view = { top: 220, height: 220, rowHeight };
    assert.equal(scrollTo(12, view), 220);
    assert.equal(scrollTo(9, view), 198);
    assert.equal(scrollTo(20, view), 242);
  });

  it("draws a latency by its decades and tells it in three digits", () => {
    assert.equal(barOf(10), 1);
    assert.equal(barOf(100), 1);
    assert.equal(barOf(1e-9), 0.02);
    assert.ok(Math.abs(barOf(1e-3) - 3 / 7) < 1e-9);
    assert.deepEqual([1.5, 0.0145234, 1.25e-5, 8.5e-7].map(durationText), [
      "1.5 s",
      "14.5 ms",
      "12.5 µs",
      "850 ns",
    ]);
  });
});
