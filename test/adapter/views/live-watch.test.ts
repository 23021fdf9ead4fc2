import assert from "node:assert/strict";
import type {
  LiveExpression,
  LiveExpressionRow,
  LiveWatchBody,
  ViewBody,
} from "../../../adapter/protocol.js";
import { Debugging, lineOf, sourceOf, tabOf } from "../debugging.js";

/** The grants example counts its seconds, beside blink. */
async function running(launch: object = {}): Promise<Debugging> {
  const client = new Debugging({ supportsInvalidatedEvent: true });
  const apps = [tabOf("grants"), tabOf("blink")];
  await client.start({ apps, speed: "realtime", ...launch });
  return client;
}

const look = (client: Debugging, expressions: readonly LiveExpression[], threadId = 1) =>
  client.request("tock/watch", { schema: 1, views: ["liveWatch"], threadId, expressions });

const live = (text: string, more: Partial<LiveExpression> = {}): LiveExpression => ({
  expression: text,
  ...more,
});

async function rows(client: Debugging): Promise<readonly LiveExpressionRow[]> {
  for (;;) {
    const body = await client.event<ViewBody>("tock/view");
    if (body.view === "liveWatch") return body.rows;
  }
}

/** The first message in which the first row satisfies something. */
async function until(client: Debugging, is: (row: LiveExpressionRow) => boolean) {
  for (;;) {
    const [row] = await rows(client);
    if (row !== undefined && is(row)) return row;
  }
}

const bodies = (client: Debugging): LiveWatchBody[] =>
  client.events
    .filter(({ event }) => event === "tock/view")
    .map(({ body }) => body as ViewBody)
    .filter(body => body.view === "liveWatch");

describe("the view of live values", () => {
  it("shows statics of a process while it runs, at most four times a second", async () => {
    const client = await running();
    await look(client, [live("seconds"), live("queue.written * 2")]);
    const start = Date.now();
    await until(client, ({ value }) => value === "2");
    const spent = (Date.now() - start) / 1000;
    const [seconds, twice] = bodies(client).at(-1)?.rows ?? [];
    assert.deepEqual(
      [seconds?.name, seconds?.type, seconds?.failed],
      ["seconds", "uint32_t", false],
    );
    assert.deepEqual([twice?.value, twice?.changeable], ["4", false]);
    assert.ok(bodies(client).length <= 4 * spent + 2, `${bodies(client).length} in ${spent} s`);
    // Only what differs was sent.
    const texts = bodies(client).map(body => JSON.stringify(body));
    assert.equal(new Set(texts).size, texts.length);
  });

  it("opens structs and arrays as far as they are asked for", async () => {
    const client = await running();
    await look(client, [live("queue")]);
    const [closed] = await rows(client);
    assert.equal(closed?.children, null);
    await look(client, [live("queue", { open: [[], ["events"], ["events", "[0]"]] })]);
    const row = await until(client, ({ children }) => children !== null);
    const names = row.children?.map(({ name }) => name);
    assert.deepEqual(names, ["events", "written", "read"]);
    const events = row.children?.[0];
    assert.equal(events?.children?.length, 8);
    const [first, second] = events?.children ?? [];
    assert.deepEqual(
      first?.children?.map(({ name, evaluateName }) => [name, evaluateName]),
      [
        ["source", "queue.events[0].source"],
        ["a", "queue.events[0].a"],
        ["b", "queue.events[0].b"],
      ],
    );
    assert.equal(second?.children, null);
  });

  it("leaves out elements behind the hundredth, and says how many", async () => {
    const client = await running();
    await look(client, [live("(&seconds)[0]@250", { open: [[]] })]);
    const [row] = await rows(client);
    assert.deepEqual([row?.children?.length, row?.more], [100, 150]);
  });

  it("says why a local, a register or an unknown app has no live value", async () => {
    const client = await running();
    await look(
      client,
      [
        live("event"),
        live("$sp"),
        live("seconds", { app: "radio" }),
        live("seconds +"),
        live("seconds", { app: "grants" }),
      ],
      2,
    );
    const found = await rows(client);
    assert.deepEqual(
      found.map(({ value, failed }) => [failed, value]),
      [
        [
          true,
          "event is no global or static variable; locals are shown at stops, in Variables and Watch",
        ],
        [true, "$sp is shown at stops, in Variables and Watch"],
        [true, "radio is not on the board."],
        [true, "expected a name or a number, found the end"],
        [false, "0"],
      ],
    );
    assert.equal(found[2]?.app, "radio");
  });

  it("finds statics inside of functions by their own names and by the function's", async () => {
    const client = new Debugging();
    await client.start({ apps: [tabOf("locals")], speed: "realtime" });
    await look(client, [live("state"), live("next_random::state"), live("main::state")]);
    const found = await rows(client);
    assert.deepEqual(
      found.map(({ failed, type }) => [failed, type]),
      [
        [false, "uint32_t"],
        [false, "uint32_t"],
        [true, undefined],
      ],
    );
  });

  it("means the selected process where no app is named", async () => {
    const client = await running();
    await look(client, [live("seconds")], 2);
    assert.match((await rows(client))[0]?.value ?? "", /^seconds is no global or static variable/);
    await look(client, [live("seconds")], 1);
    assert.equal((await rows(client))[0]?.failed, false);
  });

  it("sets a value while the board runs, which the app goes on with", async () => {
    const client = await running();
    await look(client, [live("seconds")]);
    // Before its first second the app clears what it keeps.
    await until(client, ({ value }) => value === "1");
    const set = (more: object) => client.send("tock/setLiveValue", { threadId: 1, ...more });
    assert.equal((await set({ expression: "seconds", value: "40 + 1" })).success, true);
    await until(client, ({ value }) => value === "41" || value === "42");
    await until(client, ({ value }) => value === "42");
    assert.equal((await set({ expression: "queue.events[1].b", value: "7" })).success, true);
    for (const [wrong, why] of [
      [{ expression: "seconds + 1", value: "1" }, /^seconds \+ 1 cannot be changed/],
      [{ expression: "event", value: "1" }, /is no global or static variable/],
      [{ expression: "seconds", value: "$sp" }, /\$sp is no value of type uint32_t/],
    ] as const) {
      const { success, message } = await set(wrong);
      assert.equal(success, false);
      assert.match(message ?? "", why);
    }
  });

  it("shows integers in hexadecimal as soon as that is wanted, and the number of an expression at any time", async () => {
    const client = await running();
    await look(client, [live("seconds + 10"), live("seconds + 10,x")]);
    const [plain, asked] = await rows(client);
    assert.match(`${plain?.value} ${asked?.value}`, /^1\d 0x[a-f]$/);
    await client.request("tock/format", { hex: true });
    await until(client, ({ value }) => /^0x[a-f]$/.test(value));
  });

  it("changes nothing in the run: the console says the same at the same cycles", async () => {
    const traceOf = async (watched: boolean) => {
      const client = new Debugging();
      const line = lineOf("grants", 'printf("Second');
      await client.start(
        { apps: [tabOf("grants"), tabOf("blink")] },
        { [sourceOf("grants")]: [{ line, hitCondition: "4" }] },
      );
      if (watched) await look(client, [live("queue", { open: [[], ["events"]] }), live("seconds")]);
      await client.stopped();
      await client.request("tock/watch", { views: ["kernel"] });
      const body = await client.event<ViewBody>("tock/view");
      for (let kernel = body; ; kernel = await client.event<ViewBody>("tock/view"))
        if (kernel.view === "kernel") return kernel.seconds;
    };
    assert.equal(await traceOf(true), await traceOf(false));
  });

  it("costs no message once nobody sees it, and refuses what is no list of expressions", async () => {
    const client = await running();
    await look(client, [live("seconds")]);
    await rows(client);
    await client.request("tock/watch", { views: [] });
    const before = bodies(client).length;
    await new Promise(resolve => setTimeout(resolve, 1200));
    assert.equal(bodies(client).length, before);
    for (const expressions of [[{}], ["seconds"], [{ expression: "x", open: ["a"] }], 4]) {
      const { success, message } = await client.send("tock/watch", { views: [], expressions });
      assert.equal(success, false, JSON.stringify(expressions));
      assert.match(message ?? "", /tock\/watch/);
    }
  });
});
