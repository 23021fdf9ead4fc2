import assert from "node:assert/strict";
import type { Node } from "../../../extension/views/nodes.js";
import { updateNodes } from "../../../extension/views/update-nodes.js";

const tree = (label: string, parts: Node[]): Node[] => [
  { id: "a", label, children: parts },
  { id: "b", label: "b" },
];
const part = (id: string, label: string, more: Partial<Node> = {}): Node => ({
  id,
  label,
  ...more,
});

describe("rows that are brought up to date", () => {
  it("are left alone where nothing has changed", () => {
    const rows = tree("a", [part("x", "1")]);
    assert.deepEqual(updateNodes(rows, tree("a", [part("x", "1")])), []);
  });

  it("stay the same objects and are drawn anew one by one", () => {
    const rows = tree("a", [part("x", "1"), part("y", "2", { icon: "bug" })]);
    const [x, y] = rows[0]?.children ?? [];
    const changed = updateNodes(rows, tree("a", [part("x", "1"), part("y", "3")]));
    assert.deepEqual(changed, [{ id: "y", label: "3" }]);
    assert.equal(changed?.[0], y);
    assert.deepEqual([rows[0]?.children?.[0], rows[0]?.children?.[1]], [x, y]);
    assert.ok(y !== undefined && !("icon" in y));
  });

  it("are drawn anew with their children where they change themselves, the children staying the same objects", () => {
    const rows = tree("a", [part("x", "1")]);
    const x = rows[0]?.children?.[0];
    const changed = updateNodes(rows, tree("A", [part("x", "2")]));
    assert.deepEqual(changed, [rows[0]]);
    assert.equal(rows[0]?.label, "A");
    assert.equal(rows[0]?.children?.[0], x);
    assert.equal(x?.label, "2");
  });

  it("are drawn anew where other rows come or go below them", () => {
    for (const parts of [[], [part("z", "1")], [part("x", "1"), part("z", "1")]]) {
      const rows = tree("a", [part("x", "1")]);
      assert.deepEqual(updateNodes(rows, tree("a", parts)), [rows[0]]);
      assert.deepEqual(rows, tree("a", parts));
    }
    const bare = [part("a", "a")];
    assert.deepEqual(updateNodes(bare, [part("a", "a", { children: [] })]), bare);
    assert.deepEqual(bare[0]?.children, []);
    assert.deepEqual(updateNodes(bare, [part("a", "a")]), bare);
    assert.ok(bare[0] && !("children" in bare[0]));
  });

  it("are all drawn anew where others come or go at the top", () => {
    assert.equal(updateNodes([part("a", "1")], [part("b", "1")]), undefined);
    assert.equal(updateNodes([], [part("b", "1")]), undefined);
    assert.deepEqual(updateNodes([], []), []);
  });
});
