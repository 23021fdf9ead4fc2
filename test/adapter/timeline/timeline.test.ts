import assert from "node:assert/strict";
import type {
  ExportTimelineBody,
  TimelineBody,
  TimelineFilter,
  TimelineSourceBody,
  TimelineState,
} from "../../../adapter/protocol.js";
import { Debugging, lineOf, sourceOf, tabOf } from "../debugging.js";

const page = (client: Debugging, filter: TimelineFilter = {}, start = 0, count = 1000) =>
  client.request<TimelineBody>("tock/timeline", { schema: 1, start, count, filter });

const place = (client: Debugging, number: number) =>
  client.request<TimelineSourceBody>("tock/timelineSource", { schema: 1, number });

const changes = (client: Debugging): TimelineState[] =>
  client.events
    .filter(({ event }) => event === "tock/timelineChanged")
    .map(({ body }) => body as TimelineState);

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
  it("xx", async () => {
    const client = await atFirstSecond();
    const body = await page(client);
    for (const r of body.rows)
      console.log(
        r.number,
        r.seconds.toFixed(6),
        r.process,
        r.kind,
        r.call,
        r.driverName,
        r.operation,
        "|",
        r.arguments,
        "|",
        r.result,
        r.failed,
        r.latency,
        r.linked,
      );
    console.log(JSON.stringify(await place(client, 20)), body.processes, body.drivers);
    console.log(changes(client), ({} as ExportTimelineBody).rows);
  });
});
