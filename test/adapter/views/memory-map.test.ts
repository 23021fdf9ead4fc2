import assert from "node:assert/strict";
import type { MemoryMapBody } from "../../../adapter/protocol.js";
import { Debugging, lineOf, sourceOf, tabOf } from "../debugging.js";

type Row = MemoryMapBody["rows"][number];

const rights = ({ read, write, execute }: Pick<Row, "read" | "write" | "execute">) =>
  `${read ? "r" : "-"}${write ? "w" : "-"}${execute ? "x" : "-"}`;

/** Where the grants example has handled the first second; blink is beside it. */
async function atFirstSecond(): Promise<Debugging> {
  const client = new Debugging();
  const line = lineOf("grants", "if (!handle(event))");
  const apps = [tabOf("grants"), tabOf("blink")];
  await client.start({ apps, board: "nrf52840dk" }, { [sourceOf("grants")]: [line] });
  await client.stopped();
  return client;
}

async function map(client: Debugging, threadId?: number): Promise<MemoryMapBody> {
  await client.request("tock/watch", { schema: 1, views: ["memoryMap"], threadId });
  return client.event<MemoryMapBody>("tock/view");
}

describe("the view of memory", () => {
  it("covers flash and RAM of the board without holes, with every app at its place", async () => {
    const { areas, process } = await map(await atFirstSecond());
    assert.equal(process?.name, "grants");
    const [flash, ram] = areas;
    assert.deepEqual([flash?.low, flash?.high], [0, 0x100000]);
    assert.deepEqual([ram?.low, ram?.high], [0x20000000, 0x20040000]);
    for (const { low, high, parts } of areas) {
      let at = low;
      for (const part of parts) {
        assert.equal(part.low, at);
        at = part.high;
      }
      assert.equal(at, high);
    }
    assert.deepEqual(
      flash?.parts.map(({ kind, name, low, selected }) => [kind, name, low, selected]),
      [
        ["kernel", "", 0, false],
        ["app", "grants", 0x40000, true],
        ["app", "blink", 0x41000, false],
        ["free", "", 0x41800, false],
      ],
    );
    assert.deepEqual(
      ram?.parts.filter(({ kind }) => kind === "app").map(({ name, selected }) => [name, selected]),
      [
        ["grants", true],
        ["blink", false],
      ],
    );
  });

  it("says of each row what the process may do there now, as its MPU decides", async () => {
    const client = await atFirstSecond();
    const { rows, regions } = await map(client);
    const of = (kind: Row["kind"]) => [...new Set(rows.filter(r => r.kind === kind).map(rights))];
    assert.deepEqual(of("app-flash"), ["r-x"]);
    assert.deepEqual(of("stack"), ["rw-"]);
    assert.deepEqual(of("grants"), ["---"]);
    assert.deepEqual(of("kernel"), ["---"]);
    for (const row of rows) {
      const open = regions.filter(({ ranges }) =>
        ranges.some(({ low, high }) => row.low >= low && row.high <= high),
      );
      const last = open.toSorted((a, b) => a.number - b.number).at(-1);
      assert.equal(rights(row), last === undefined ? "---" : rights(last));
    }
  });

  it("shows which bytes are shared with the kernel by an allow", async () => {
    const { rows } = await map(await atFirstSecond());
    const shared = rows.filter(row => row.shared.some(text => /^Console .*read-write/.test(text)));
    assert.equal(shared.length, 1);
    assert.equal(shared[0] && shared[0].high - shared[0].low, 1);
  });

  it("shows regions with their sub-regions, which add up to what they open", async () => {
    const { regions } = await map(await atFirstSecond());
    const parted = regions.filter(({ subregions }) => subregions.some(on => !on));
    assert.ok(parted.length > 0);
    for (const { low, high, subregions, ranges } of parted) {
      const opened = ranges.reduce((sum, range) => sum + range.high - range.low, 0);
      assert.equal(opened, ((high - low) / 8) * subregions.filter(Boolean).length);
    }
  });

  it("counts what the kernel keeps in each process, which the views of grants and processes confirm", async () => {
    const client = await atFirstSecond();
    const { kernelBytes } = await map(client);
    assert.deepEqual(
      kernelBytes.map(({ name }) => name),
      ["grants", "blink"],
    );
    await client.request("tock/watch", { views: ["processes"] });
    const { processes } = await client.event<{ processes: { grants: { used: number } }[] }>(
      "tock/view",
    );
    for (const [i, { own, grants }] of kernelBytes.entries())
      assert.equal(own + grants, processes[i]?.grants.used);
    await client.request("tock/watch", { views: ["grants"], threadId: 1 });
    const body = await client.event<{ grants: { length: number }[] }>("tock/view");
    assert.equal(
      kernelBytes[0]?.grants,
      body.grants.reduce((sum, { length }) => sum + length, 0),
    );
    assert.ok(kernelBytes[0] !== undefined && kernelBytes[0].own >= 772);
  });

  it("tells of memory that two processes may use", async () => {
    const client = new Debugging();
    const ipc = (name: string) => `${tabOf("ipc").replace("ipc.tab", "")}${name}/${name}.tab`;
    await client.start({ apps: [ipc("ipc_service"), ipc("ipc_client")], speed: "realtime" });
    await client.request("tock/watch", { schema: 1, views: ["memoryMap"], threadId: 1 });
    for (;;) {
      const { rows } = await client.event<MemoryMapBody>("tock/view");
      const shared = rows.filter(({ kind }) => kind === "other");
      if (shared.length === 0) continue;
      assert.ok(shared.every(({ others }) => others.includes("ipc_client rw-")));
      assert.ok(shared.every(row => rights(row) === "rw-"));
      return;
    }
  });
});
