import assert from "node:assert/strict";
import type { BoardBody, BoardPart, ViewBody } from "../../../adapter/protocol.js";
import { everything } from "../../../emulator/index.js";
import { Debugging, tabOf } from "../debugging.js";

type Of<K extends BoardPart["kind"]> = Extract<BoardPart, { kind: K }>;

async function running(board: string, app = "lights"): Promise<Debugging> {
  const client = new Debugging();
  await client.start({ apps: [tabOf(app)], board, speed: "realtime" });
  await client.request("tock/watch", { schema: 1, views: ["board"] });
  return client;
}

/** The next message in which a device looks as `wanted`. */
async function until<K extends BoardPart["kind"]>(
  client: Debugging,
  device: string,
  kind: K,
  wanted: (part: Of<K>) => boolean = () => true,
): Promise<Of<K>> {
  for (;;) {
    const { parts } = await client.event<BoardBody>("tock/view");
    const part = parts.find(each => each.device === device);
    assert.equal(part?.kind, kind, device);
    if (wanted(part as Of<K>)) return part as Of<K>;
  }
}

const input = (client: Debugging, device: string, value: unknown) =>
  client.request("tock/input", { schema: 1, device, value });

const sent = (client: Debugging) =>
  client.events.filter(({ event }) => event === "tock/view").map(({ body }) => body as ViewBody);

describe("the view of the board", () => {
  it("shows a button that is held, and the LED that the app lights for it", async () => {
    const client = await running("nrf52840dk");
    await until(client, "led1", "led", ({ lit, color }) => !lit && color === "green");
    while (!(await client.event<{ output: string }>("output")).output.includes("Press a button"));
    await input(client, "button1", "down");
    await until(client, "button1", "button", ({ down }) => down);
    await until(client, "led1", "led", ({ lit }) => lit);
    await input(client, "button1", "up");
    await until(client, "led1", "led", ({ lit }) => !lit);
  });

  it("has every device that takes an input, and none of our own making", async () => {
    const client = await running("everything");
    const { parts, name } = await client.event<BoardBody>("tock/view");
    assert.equal(name, "everything");
    const { machine } = everything.build();
    const taking = [...machine.devices.values()].filter(each => each.onInput !== undefined);
    const drawn = parts.map(({ device }) => device);
    assert.deepEqual(
      taking.map(each => each.name).filter(each => !drawn.includes(each)),
      ["processes", "loader"],
    );
    assert.equal(new Set(drawn).size, drawn.length);
  });

  it("gives sensors their unit, range and axes, and takes what is set", async () => {
    const client = await running("everything");
    const acceleration = await until(client, "acceleration", "quantity");
    assert.deepEqual(
      [acceleration.axes, acceleration.values, acceleration.settable],
      [["x", "y", "z"], [0, 0, 9.81], true],
    );
    await input(client, "temperature", "-7.5");
    const temperature = await until(
      client,
      "temperature",
      "quantity",
      ({ values }) => values[0] === -7.5,
    );
    assert.deepEqual(
      [temperature.unit, temperature.range, temperature.axes],
      ["degrees Celsius", [-40, 105], [""]],
    );
    const { success, message } = await client.send("tock/input", {
      device: "temperature",
      value: "1000",
    });
    assert.equal(success, false);
    assert.match(message ?? "", /must be degrees Celsius from -40 to 105/);
  });

  it("shows pins with what is applied to them", async () => {
    const client = await running("everything");
    const open = await until(client, "gpio3", "pin");
    assert.deepEqual([open.high, open.output, open.applied], [false, false, "open"]);
    await input(client, "gpio3", "1");
    await until(client, "gpio3", "pin", ({ high, applied }) => high && applied === "1");
  });

  it("knows the looks of LEDs: colours of a board, and a matrix", async () => {
    const hail = await running("hail", "blink");
    const { parts } = await hail.event<BoardBody>("tock/view");
    const leds = parts.filter(part => part.kind === "led");
    assert.deepEqual(
      leds.map(({ color }) => color),
      ["red", "green", "blue"],
    );
    const microbit = await running("microbit_v2", "blink");
    const led24 = await until(microbit, "led24", "led");
    assert.equal(led24.columns, 5);
  });

  it("gives a screen its pixels", async () => {
    const client = await running("everything");
    const screen = await until(client, "screen", "screen");
    const { width, height, pixels, on } = screen;
    assert.deepEqual([width, height, on], [128, 64, true]);
    assert.equal(Buffer.from(pixels, "base64").length, 3 * width * height);
  });

  it("is told at most ten times a second, at stops at once, and when it is hidden not at all", async () => {
    const client = await running("nrf52840dk", "blink");
    await until(client, "led0", "led");
    const before = sent(client).length;
    const start = Date.now();
    await new Promise(resolve => setTimeout(resolve, 2000));
    const count = sent(client).length - before;
    assert.ok(count >= 4 && count <= (10 * (Date.now() - start)) / 1000 + 1, `${count}`);
    await client.request("tock/watch", { schema: 1, views: [] });
    const hidden = sent(client).length;
    await input(client, "button0", "down");
    await new Promise(resolve => setTimeout(resolve, 1000));
    assert.equal(sent(client).length, hidden);
  });

  it("follows an input while the board stands still", async () => {
    const client = await running("nrf52840dk");
    await client.request("pause", { threadId: 1 });
    await client.stopped();
    await input(client, "button2", "down");
    await until(client, "button2", "button", ({ down }) => down);
  });
});
