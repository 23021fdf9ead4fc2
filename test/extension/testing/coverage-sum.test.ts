import assert from "node:assert/strict";
import { CoverageSum } from "../../../extension/testing/coverage-sum.js";

const file = (uri: string, lines: [number, number][], count: number) => ({
  uri,
  lines,
  functions: [{ name: "main", line: 1, count }],
});

describe("coverage of several scenarios", () => {
  it("is the sum of their counts, line by line and function by function", () => {
    const sum = new CoverageSum();
    sum.add("a", [
      file(
        "x",
        [
          [1, 2],
          [2, 0],
        ],
        1,
      ),
    ]);
    sum.add("b", [
      file(
        "x",
        [
          [2, 0],
          [3, 4],
        ],
        0,
      ),
      file("y", [[1, 1]], 1),
    ]);
    const [x, y] = sum.files;
    assert.deepEqual(
      [...(x?.lines ?? [])],
      [
        [1, 2],
        [2, 0],
        [3, 4],
      ],
    );
    assert.deepEqual([...(x?.functions.values() ?? [])], [{ name: "main", line: 1, count: 1 }]);
    assert.equal(y?.uri, "y");
  });

  it("keeps what each of them covered", () => {
    const sum = new CoverageSum();
    sum.add("a", [file("x", [[1, 2]], 1)]);
    sum.add("b", [file("x", [[1, 3]], 1)]);
    const parts = sum.files[0]?.parts;
    assert.deepEqual([parts?.get("a")?.lines, parts?.get("b")?.lines], [[[1, 2]], [[1, 3]]]);
  });
});
