// Inputs that come while a session runs in real time.
import assert from "node:assert/strict";
import { Debugging, tabOf } from "./debugging.js";

describe("an input from outside in real time", () => {
  /** A session whose app has printed its greeting and waits. */
  async function waiting(): Promise<Debugging> {
    const client = new Debugging();
    await client.start({ apps: [tabOf("crash")], speed: "realtime" });
    for (let text = ""; !text.includes("q: quit"); ) {
      text += (await client.next(["output"])).body.output;
    }
    await new Promise(resolve => setTimeout(resolve, 300));
    return client;
  }

  it("reaches an app that has waited for a while", async () => {
    const client = await waiting();
    await client.request("tock/input", { schema: 1, device: "console", value: "n" });
    const stop = await client.stopped();
    assert.equal(stop.reason, "exception");
    await client.request("disconnect");
  });

  it("wakes the machine each time, also twice in a row", async () => {
    const client = await waiting();
    await client.request("tock/input", { schema: 1, device: "button2", value: "down" });
    await client.request("tock/input", { schema: 1, device: "button2", value: "up" });
    await client.request("tock/input", { schema: 1, device: "button0", value: "down" });
    assert.equal((await client.stopped()).reason, "exception");
    await client.request("disconnect");
  });
});
