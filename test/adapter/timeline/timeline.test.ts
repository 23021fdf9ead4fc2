import assert from "node:assert/strict";
import type {
  ExportTimelineBody,
  TimelineBody,
  TimelineFilter,
  TimelineRow,
  TimelineSourceBody,
  TimelineState,
} from "../../../adapter/protocol.js";
import type { ChromeTrace } from "../../../adapter/timeline/chrome-trace.js";
import { Debugging, lineOf, sourceOf, tabOf } from "../debugging.js";

const page = (client: Debugging, filter: TimelineFilter = {}, start = 0, count = 1000) =>
  client.request<TimelineBody>("tock/timeline", { schema: 1, start, count, filter });

const see = (client: Debugging, visible: boolean) =>
  client.request("tock/watchTimeline", { schema: 1, visible });

const changes = (client: Debugging): TimelineState[] =>
  client.events
    .filter(({ event }) => event === "tock/timelineChanged")
    .map(({ body }) => body as TimelineState);

const changed = (client: Debugging) => client.event<TimelineState>("tock/timelineChanged");

const isWrite = ({ call, driverName, operation }: TimelineRow) =>
  call === "command" && driverName === "Console" && operation === "write";

/** Where the grants example handles the first second. */
async function atFirstSecond(launch: object = {}): Promise<Debugging> {
  const client = new Debugging();
  const line = lineOf("grants", "if (!handle(event))");
  const apps = [tabOf("grants"), tabOf("blink")];
  await client.start({ apps, ...launch }, { [sourceOf("grants")]: [line] });
  await client.stopped();
  return client;
}

describe("the timeline of a session", () => {
  it("tells what each process asked for since power-on, in order, with names and latencies", async () => {
    const client = await atFirstSecond();
    const { rows, total, first, start, processes, drivers } = await page(client);
    assert.deepEqual([first, start, total], [0, 0, rows.length]);
    assert.deepEqual(processes, ["grants", "blink"]);
    assert.deepEqual(
      drivers.map(({ name }) => name),
      ["Alarm", "Console", "LED", "Button"],
    );
    assert.deepEqual(
      rows.map(({ number }) => number),
      [...rows.keys()],
    );
    assert.ok(rows.every(({ seconds }, i) => i === 0 || seconds >= (rows[i - 1]?.seconds ?? 0)));
    const write = rows.find(isWrite);
    assert.equal(write?.arguments, '40, 0 "Ready: press a button or a key, "');
    const upcall = rows[write?.linked ?? 0];
    assert.deepEqual(
      [upcall?.kind, upcall?.driverName, upcall?.operation],
      ["upcall", "Console", "1"],
    );
    assert.equal(upcall?.linked, write?.number);
    assert.equal(write?.latency, (upcall?.seconds ?? 0) - (write?.seconds ?? 0));
    assert.ok((write?.latency ?? 0) > 0.001);
  });

  it("comes in pages, from the front or the end, and also while the board runs", async () => {
    const client = await atFirstSecond({ speed: "realtime" });
    const { rows, total } = await page(client);
    const middle = await page(client, {}, 10, 5);
    assert.deepEqual([middle.start, middle.rows], [10, rows.slice(10, 15)]);
    const end = await page(client, {}, -7, 7);
    assert.deepEqual([end.start, end.rows], [total - 7, rows.slice(-7)]);
    assert.deepEqual((await page(client, {}, 5000, 5)).rows, []);
    await client.setBreakpoints(sourceOf("grants"), []);
    await client.request("continue", { threadId: 1 });
    assert.deepEqual((await page(client, {}, 0, 5)).rows, rows.slice(0, 5));
  });

  it("is filtered and searched", async () => {
    const client = await atFirstSecond();
    const { rows } = await page(client);
    const numbers = async (filter: TimelineFilter) =>
      (await page(client, filter)).rows.map(({ number }) => number);
    const those = (fits: (row: TimelineRow) => boolean) =>
      rows.filter(fits).map(({ number }) => number);
    assert.deepEqual(
      await numbers({ processes: ["blink"] }),
      those(r => r.process === "blink"),
    );
    assert.deepEqual(
      await numbers({ drivers: [2, 3] }),
      those(r => [2, 3].includes(r.driver ?? -1)),
    );
    assert.deepEqual(
      await numbers({ kinds: ["upcall"] }),
      those(r => r.kind === "upcall"),
    );
    assert.deepEqual(await numbers({ search: "READY write" }), those(isWrite));
  });

  it("refuses what is no filter in a sentence", async () => {
    const client = await atFirstSecond();
    for (const filter of [{ kinds: ["sysclal"] }, { drivers: "all" }, { search: 7 }, 5])
      await assert.rejects(page(client, filter as object), /tock\/timeline: filter/);
    await assert.rejects(
      client.request("tock/timelineSource", { schema: 1, number: 1e6 }),
      /Row 1000000 of the timeline is not kept any more\./,
    );
  });

  it("knows the app's own line of a row, and the calls of the library inside of it", async () => {
    const client = await atFirstSecond();
    const source = (number: number) =>
      client.request<TimelineSourceBody>("tock/timelineSource", { schema: 1, number });
    assert.deepEqual(await source(5), { schema: 1, frames: [], own: -1 });
    await see(client, true);
    const { end } = await changed(client);
    const { frames } = await source(end - 1);
    assert.deepEqual(frames, [], "what was before the timeline was seen has no source");
    await client.setBreakpoints(sourceOf("grants"), []);
    await client.request("continue", { threadId: 1 });
    for (;;) if ((await changed(client)).end > end + 40) break;
    const later = await page(client, { processes: ["blink"], drivers: [2] }, -1, 1);
    const toggled = await source(later.rows[0]?.number ?? -1);
    const own = toggled.frames[toggled.own];
    assert.equal(own?.path, sourceOf("blink"));
    assert.ok(toggled.own > 0 && (own?.line ?? 0) > 1, JSON.stringify(toggled));
    assert.equal(toggled.frames[0]?.name, "command");
    const upcall = await page(client, { processes: ["blink"], kinds: ["upcall"] }, -1, 1);
    const handler = await source(upcall.rows[0]?.number ?? -1);
    assert.equal(handler.frames.length, 1);
    assert.match(handler.frames[0]?.name ?? "", /^[a-z_]+$/);
  });

  it("knows the line of a row from before anybody looked, where the board runs in real time", async () => {
    const client = await atFirstSecond({ speed: "realtime" });
    const { rows } = await page(client);
    const number = rows.find(isWrite)?.number;
    const source = await client.request<TimelineSourceBody>("tock/timelineSource", { number });
    assert.equal(source.frames[source.own]?.path, sourceOf("grants"));
    assert.equal(source.frames[source.own]?.line, lineOf("grants", "Ready: press"));
  });

  it("sends no message while it is not seen, and no more than four a second while it is", async () => {
    const client = await atFirstSecond({ speed: "realtime" });
    await page(client);
    await client.setBreakpoints(sourceOf("grants"), []);
    await client.request("continue", { threadId: 1 });
    const wait = (ms: number) => new Promise(resolve => setTimeout(resolve, ms));
    await wait(700);
    assert.equal(changes(client).length, 0);
    await see(client, true);
    await wait(1200);
    const told = changes(client).length;
    assert.ok(told >= 2 && told <= 7, `${told} messages`);
    await see(client, false);
    await wait(50);
    const last = changes(client).length;
    await wait(700);
    assert.equal(changes(client).length, last);
  });

  it("begins anew with the board, of which a client is told", async () => {
    const client = await atFirstSecond();
    await see(client, true);
    const before = await changed(client);
    await client.request("restart");
    await client.stopped();
    const after = await page(client);
    assert.equal(after.run, before.run + 1);
    assert.deepEqual(
      after.rows.slice(0, 2).map(({ call }) => call),
      ["start", "start"],
    );
    assert.equal(after.end, before.end);
    const number = after.rows.find(isWrite)?.number;
    const source = await client.request<TimelineSourceBody>("tock/timelineSource", { number });
    assert.equal(source.frames[source.own]?.path, sourceOf("grants"));
    assert.equal(source.frames[source.own]?.line, lineOf("grants", "Ready: press"));
  });

  it("is exported as a trace of the Trace Event Format", async () => {
    const client = await atFirstSecond();
    const body = await client.request<ExportTimelineBody>("tock/exportTimeline");
    const { total } = await page(client);
    assert.deepEqual([body.rows, body.dropped], [total, 0]);
    const { traceEvents } = JSON.parse(body.trace) as ChromeTrace;
    const names = traceEvents.filter(({ name }) => name === "process_name");
    assert.deepEqual(
      names.map(({ args }) => args?.["name"]),
      ["grants", "blink"],
    );
  });
});
