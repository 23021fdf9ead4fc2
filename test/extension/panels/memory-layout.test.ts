import assert from "node:assert/strict";
import fc from "fast-check";
import {
  columns,
  type Extent,
  layOut,
  lowestStrip,
  place,
  spread,
} from "../../../extension/panels/memory-layout.js";

const address = fc.integer({ min: 0, max: 0xffff_ffff });

/** Ascending extents without overlaps. */
const parts = fc
  .uniqueArray(address, { maxLength: 24 })
  .map(list => list.sort((a, b) => a - b))
  .map(list =>
    list.flatMap((low, i) => (i % 2 === 0 && list[i + 1] ? [{ low, high: list[i + 1]! }] : [])),
  );

/** Parts that touch each other, as those of a process's RAM. */
const touching = fc
  .tuple(
    fc.integer({ min: 0, max: 0x8000_0000 }),
    fc.array(fc.integer({ min: 1, max: 1 << 20 }), { minLength: 1, maxLength: 9 }),
  )
  .map(([start, sizes]) =>
    sizes.map((size, i) => {
      const low = start + sizes.slice(0, i).reduce((a, b) => a + b, 0);
      return { low, high: low + size };
    }),
  );

const extents = fc.array(
  fc
    .tuple(address, fc.integer({ min: 1, max: 1 << 16 }))
    .map(([low, size]): Extent => ({ low, high: low + size })),
  { maxLength: 8 },
);

const near = (a: number, b: number) => Math.abs(a - b) < 1e-6;

describe("the picture of memory", () => {
  it("has every part once, strips that follow each other without holes, the highest address on top", () => {
    fc.assert(
      fc.property(
        fc.oneof(parts, touching),
        extents,
        fc.array(address, { maxLength: 4 }),
        (parts, others, marks) => {
          const { strips, height } = layOut(parts, others, marks);
          const shown = strips.flatMap(({ part }) => (part === null ? [] : [part]));
          assert.deepEqual(shown, parts.map((_, i) => i).reverse());
          let top = 0;
          for (const [index, strip] of strips.entries()) {
            assert.ok(near(strip.top, top));
            assert.ok(strip.height >= lowestStrip - 1e-6);
            const before = strips[index - 1];
            if (before !== undefined) assert.equal(strip.high, before.low);
            top += strip.height;
          }
          assert.ok(near(top, height));
        },
      ),
    );
  });

  it("is true to scale inside of a block wherever it says so", () => {
    fc.assert(
      fc.property(touching, parts => {
        const { strips } = layOut(parts, [], []);
        const scales = strips
          .filter(({ scale }) => scale === "true")
          .map(({ low, high, height }) => height / (high - low));
        const [first = 0] = scales;
        for (const scale of scales) assert.ok(Math.abs(scale / first - 1) < 1e-6);
        // What is raised would be lower at that scale.
        for (const { scale, low, high } of strips)
          if (scale === "raised" && scales.length > 0)
            assert.ok((high - low) * first < lowestStrip + 1e-6);
      }),
    );
  });

  it("places addresses from the bottom up in their order, and each mark inside", () => {
    fc.assert(
      fc.property(
        fc.oneof(parts, touching),
        fc.array(address, { minLength: 2, maxLength: 6 }),
        (parts, marks) => {
          const layout = layOut(parts, [], marks);
          const sorted = marks.toSorted((a, b) => a - b).map(mark => place(layout, mark));
          for (const [index, y] of sorted.entries()) {
            assert.ok(y >= 0 && y <= layout.height + 1e-6);
            assert.ok(index === 0 || y <= (sorted[index - 1] as number) + 1e-6);
          }
        },
      ),
    );
  });

  it("collapses what lies between flash and RAM, and shows a null pointer below both", () => {
    const flash = { low: 0x30000, high: 0x31000 };
    const ram = { low: 0x2000_4000, high: 0x2000_6000 };
    const layout = layOut([flash, ram], [], [0]);
    assert.deepEqual(
      layout.strips.map(({ low, high, scale }) => [low, high, scale]),
      [
        [ram.low, ram.high, "true"],
        [flash.high, ram.low, "gap"],
        [flash.low, flash.high, "true"],
        [0, flash.low, "gap"],
      ],
    );
    assert.equal(layout.blocks.length, 2);
    assert.equal(place(layout, 0), layout.height);
  });

  it("of nothing is empty", () => {
    assert.deepEqual(layOut([], [], [0x1000]), { height: 0, strips: [], blocks: [] });
  });
});

describe("labels", () => {
  const wanted = fc
    .array(fc.double({ min: 0, max: 500, noNaN: true }), { maxLength: 12 })
    .map(list => list.sort((a, b) => a - b));

  it("keep their order, do not lie on each other and stay inside as long as there is room", () => {
    fc.assert(
      fc.property(wanted, fc.integer({ min: 1, max: 40 }), (wanted, size) => {
        const middles = spread(wanted, size, 500);
        assert.equal(middles.length, wanted.length);
        for (const [index, middle] of middles.entries()) {
          const before = middles[index - 1];
          if (before !== undefined) assert.ok(middle - before >= size - 1e-6);
        }
        assert.ok((middles[0] ?? size) >= size / 2 - 1e-6);
        if (wanted.length * size <= 500) assert.ok((middles.at(-1) ?? 0) <= 500 - size / 2 + 1e-6);
      }),
    );
  });

  it("stay where they are wanted when nothing is in their way", () => {
    assert.deepEqual(spread([20, 60, 200], 30, 300), [20, 60, 200]);
  });

  it("that want the same place stand around it", () => {
    assert.deepEqual(spread([100, 100, 100], 20, 300), [80, 100, 120]);
    assert.deepEqual(spread([290, 300], 20, 300), [270, 290]);
    assert.deepEqual(spread([0, 0, 30], 20, 300), [10, 30, 50]);
  });
});

describe("columns of regions", () => {
  it("hold regions that do not overlap, and are as few as overlap at one address", () => {
    fc.assert(
      fc.property(extents, extents => {
        const columnOf = columns(extents);
        for (const [i, a] of extents.entries())
          for (const [j, b] of extents.entries())
            if (i < j && a.low < b.high && b.low < a.high)
              assert.notEqual(columnOf[i], columnOf[j]);
      }),
    );
    assert.deepEqual(
      columns([
        { low: 0, high: 4 },
        { low: 4, high: 8 },
        { low: 2, high: 6 },
      ]),
      [0, 0, 1],
    );
  });
});
