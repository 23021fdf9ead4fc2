import assert from "node:assert/strict";
import type { LiveRow, LiveWatchBody } from "../../../adapter/protocol.js";
import { LiveList } from "../../../extension/views/live-list.js";
import { changedRows, liveNodes } from "../../../extension/views/live-nodes.js";

const row = (name: string, value: string, more: Partial<LiveRow> = {}): LiveRow => ({
  name,
  value,
  failed: false,
  changeable: true,
  ...more,
});
const body = (...rows: LiveRow[]): LiveWatchBody => ({ schema: 1, view: "liveWatch", rows });
const none = new Set<string>();

describe("the expressions of Live Watch", () => {
  it("are kept as plain data, with the rows that are open", () => {
    const list = new LiveList();
    list.add("queue", "grants");
    list.add("seconds");
    list.add("seconds");
    const [queue] = list.items;
    list.setOpen(queue?.id ?? 0, [], true);
    list.setOpen(queue?.id ?? 0, ["events"], true);
    const saved = JSON.parse(JSON.stringify(list.saved));
    assert.deepEqual(saved, [
      { expression: "queue", app: "grants", open: [[], ["events"]] },
      { expression: "seconds", open: [] },
    ]);
    assert.deepEqual(new LiveList(saved).saved, saved);
  });

  it("are none where what was kept is something else", () => {
    for (const saved of [
      undefined,
      4,
      [{ expression: 4 }],
      [{ expression: "a", open: ["x"] }],
      [null],
    ])
      assert.deepEqual(new LiveList(saved).items, [], JSON.stringify(saved));
  });

  it("close what lies below a row that is closed, and open nothing of another expression", () => {
    const list = new LiveList([{ expression: "a", open: [[], ["b"], ["b", "c"], ["d"]] }]);
    const id = list.items[0]?.id ?? 0;
    list.setOpen(id, ["b"], false);
    assert.deepEqual(list.item(id)?.open, [[], ["d"]]);
    list.edit(id, "z");
    assert.deepEqual(list.saved, [{ expression: "z", open: [] }]);
    list.remove(id);
    assert.deepEqual(list.items, []);
  });
});

describe("the rows of Live Watch", () => {
  const list = new LiveList([{ expression: "queue", app: "grants" }, { expression: "gone" }]);
  const grants = (value: string, events: string): LiveWatchBody =>
    body(
      {
        ...row("queue", value, {
          type: "struct",
          children: [row("events", events, { evaluateName: "queue.events", children: null })],
          more: 150,
        }),
        app: "grants",
      } as LiveRow,
      row("gone", "gone is no global or static variable", { failed: true, changeable: false }),
    );

  it("show values, and why there is none", () => {
    const [queue, gone] = liveNodes(list.items, grants("{1}", "{2}"), none);
    assert.equal(queue?.label, "queue = {1}");
    assert.equal(queue?.description, "grants");
    assert.equal(queue?.spoken, "queue = {1}, struct");
    assert.equal(queue?.kind, "live-expression-changeable");
    const [events, more] = queue?.children ?? [];
    assert.equal(events?.label, "events = {2}");
    assert.deepEqual(events?.children, []);
    assert.equal(events?.live?.expression, "queue.events");
    assert.equal(more?.label, "… 150 more");
    assert.deepEqual(
      [gone?.label, gone?.description, gone?.kind],
      ["gone", "gone is no global or static variable", "live-expression"],
    );
  });

  it("stand there without a board, so that they can be changed", () => {
    const nodes = liveNodes(list.items, undefined, none);
    assert.deepEqual(
      nodes.map(({ label, live }) => [label, live?.expression]),
      [
        ["queue", "queue"],
        ["gone", "gone"],
      ],
    );
  });

  it("stand out when their values have changed, and only then", () => {
    const [before, after] = [grants("{1}", "{2}"), grants("{3}", "{2}")];
    const changed = changedRows(list.items, before, after);
    assert.equal(changed.size, 1);
    const [queue] = liveNodes(list.items, after, changed);
    assert.deepEqual(queue?.highlights, [[8, 11]]);
    assert.equal(queue?.spoken, "queue = {3}, struct, changed");
    assert.equal(queue?.children?.[0]?.highlights, undefined);
    assert.equal(changedRows(list.items, undefined, after).size, 0);
    assert.equal(changedRows(list.items, after, after).size, 0);
  });

  it("have ids that values do not change", () => {
    const ids = (of: LiveWatchBody) =>
      liveNodes(list.items, of, none).flatMap(({ id, children = [] }) => [
        id,
        ...children.map(child => child.id),
      ]);
    assert.deepEqual(ids(grants("{1}", "{2}")), ids(grants("{3}", "{4}")));
  });
});
