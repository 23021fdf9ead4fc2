// The Board view's page by itself in Chromium: what it draws of any board, and what it says to the host.
import assert from "node:assert/strict";
import type { BoardPart } from "../../adapter/protocol.js";
import { ViewPage } from "./view-page.js";

const width = 128;
const height = 64;

/** A frame with a cross in it. */
const pixels = Buffer.from(
  Uint8Array.from({ length: 3 * width * height }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)];
    return x === 0 || y === 0 || x === width - 1 || y === height - 1 || x === 2 * y ? 255 : 0;
  }),
).toString("base64");

const screen: BoardPart = {
  device: "screen",
  kind: "screen",
  width,
  height,
  on: true,
  brightness: 65_535,
  pixels,
};

const sensor = (device: string, unit: string, range: readonly [number, number], value: number) =>
  ({ device, kind: "quantity", unit, range, axes: [""], values: [value], settable: true }) as const;

const parts: readonly BoardPart[] = [
  ...[0, 1, 2, 3].map(
    i =>
      ({ device: `led${i}`, kind: "led", lit: i === 1, color: i === 1 ? "red" : "green" }) as const,
  ),
  ...[0, 1, 2, 3].map(i => ({ device: `button${i}`, kind: "button", down: i === 2 }) as const),
  screen,
  { device: "touch", kind: "touch", fingers: 1 },
  { device: "textScreen", kind: "text", text: "Hello            \nTock             ", lines: 2 },
  { device: "segments", kind: "text", text: "12.34", lines: 1 },
  { device: "keyboard", kind: "text", text: "the board types this" },
  sensor("temperature", "degrees Celsius", [-40, 105], 21.5),
  sensor("light", "lux", [0, 100_000], 300),
  { ...sensor("acceleration", "m/s²", [-20, 20], 0), axes: ["x", "y", "z"], values: [0, 0, 9.81] },
  { device: "buzzer", kind: "pulses", frequency: 440, duty: 50, sounds: true },
  { device: "pwm0", kind: "pulses", frequency: 0, duty: 0, sounds: false },
  { ...sensor("servo0", "degrees", [0, 180], 90), settable: false },
  { device: "console", kind: "terminal" },
  ...[0, 1, 2].map(
    i =>
      ({
        device: `gpio${i}`,
        kind: "pin",
        high: i === 0,
        output: i === 1,
        applied: i === 0 ? "1" : "open",
      }) as const,
  ),
  {
    device: "rtc",
    kind: "entry",
    takes: "a date such as 2026-11-25 12:30:00",
    shown: "1970-01-01 00:00:03",
  },
];

const message = (list: readonly BoardPart[]) => ({
  type: "board",
  board: { schema: 1, view: "board", name: "everything", parts: list },
});

/** The parts with one of them changed. */
const withPart = (device: string, change: object) =>
  message(
    parts.map(part => (part.device === device ? ({ ...part, ...change } as BoardPart) : part)),
  );

describe("the Board view's page", function () {
  this.timeout(60_000);
  let view: ViewPage;

  before(async function () {
    view = await ViewPage.start(this, "board-view.js");
  });
  after(() => view?.stop());
  afterEach(() => view.close());

  const pressed = async () => (await view.sent()).map(({ device, value }) => `${device} ${value}`);

  for (const theme of ["dark", "light", "high-contrast"] as const) {
    it(`draws every kind of part, ${theme}`, async () => {
      await view.open(message(parts), theme);
      const { page } = view;
      for (const details of await page.locator("summary").all()) await details.click();
      await view.screenshot("board-page");
      const led = page.getByRole("img", { name: "led1 is on" });
      await led.waitFor();
      await page.getByRole("button", { name: "button2", pressed: true }).waitFor();
      await page.getByRole("slider", { name: "temperature in degrees Celsius" }).waitFor();
      await page.getByRole("img", { name: "gpio0 is high" }).waitFor();
      await page.getByRole("img", { name: /^screen, \d+ of 8192 pixels are lit/ }).waitFor();
      const wide = await page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth",
      );
      assert.equal(wide, false);
    });
  }

  it("presses a button while pointer or key is down, and holds it with Shift", async () => {
    await view.open(message(parts));
    const button = view.page.getByRole("button", { name: "button0" });
    await button.hover();
    await view.page.mouse.down();
    assert.deepEqual(await pressed(), ["button0 down"]);
    await view.page.mouse.move(300, 890);
    await view.page.mouse.up();
    await button.focus();
    await view.page.keyboard.down("Space");
    await view.page.keyboard.down("Space");
    await view.page.keyboard.up("Space");
    await view.page.keyboard.press("Enter");
    await button.click({ modifiers: ["Shift"] });
    const six = ["down", "up", "down", "up", "down", "up", "down"].map(level => `button0 ${level}`);
    assert.deepEqual(await pressed(), six);
    await button.click({ modifiers: ["Shift"] });
    assert.equal((await pressed()).at(-1), "button0 up");
  });

  it("sets a sensor by slider and by number, ten times a second at most, and keeps the other axes", async () => {
    await view.open(message(parts));
    const slider = view.page.getByRole("slider", { name: "temperature in degrees Celsius" });
    await slider.focus();
    await view.page.keyboard.press("ArrowRight");
    // At once: keys come as slowly as the machine is slow.
    await view.page.evaluate(`{
      const slider = document.activeElement;
      for (let i = 1; i < 30; i++) {
        slider.stepUp();
        slider.dispatchEvent(new Event("input"));
      }
    }`);
    for (let tries = 300; tries > 0 && (await pressed()).at(-1) !== "temperature 36.5"; tries--)
      await view.page.waitForTimeout(100);
    assert.equal((await pressed()).at(-1), "temperature 36.5");
    assert.ok((await view.sent()).length <= 3);
    const z = view.page.getByRole("spinbutton", { name: "acceleration z" });
    await z.fill("-9.81");
    await z.press("Enter");
    assert.equal((await pressed()).at(-1), "acceleration 0,0,-9.81");
  });

  it("keeps the focus and what is being typed while the board goes on", async () => {
    await view.open(message(parts));
    const exact = view.page.getByRole("spinbutton", { name: "temperature" });
    await exact.fill("30");
    await view.post(withPart("temperature", { values: [22] }));
    await view.post(withPart("led0", { lit: true }));
    await view.page.getByRole("img", { name: "led0 is on" }).waitFor();
    assert.equal(await exact.inputValue(), "30");
    assert.equal(await view.page.evaluate("document.activeElement.value"), "30");
  });

  it("loses no step of a slider that keys move when the board tells a value from before", async () => {
    await view.open(message(parts));
    const { page } = view;
    const slider = page.getByRole("slider", { name: "temperature in degrees Celsius" });
    await slider.focus();
    // In one turn, so that it does not matter how fast the machine is.
    const after = await page.evaluate(`{
      const slider = document.activeElement;
      slider.stepUp();
      slider.dispatchEvent(new Event("input"));
      const data = ${JSON.stringify(withPart("temperature", { values: [21.5] }))};
      window.dispatchEvent(new MessageEvent("message", { data }));
      slider.value;
    }`);
    assert.equal(after, "22");
    for (let tries = 300; tries > 0 && (await slider.inputValue()) !== "30"; tries--) {
      await view.post(withPart("temperature", { values: [30] }));
      await page.waitForTimeout(100);
    }
    assert.equal(await slider.inputValue(), "30");
  });

  it("touches the screen where the pointer is, applies levels to pins, and types a line", async () => {
    await view.open(message(parts));
    const { page } = view;
    const box = await page.locator("canvas").boundingBox();
    assert.ok(box !== null);
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 4);
    await page.mouse.down();
    await page.mouse.up();
    const [press = "", release] = await pressed();
    const [, x, y] = /^touch press (\d+) (\d+)$/.exec(press) ?? [];
    assert.ok(Math.abs(Number(x) - 64) <= 1 && Math.abs(Number(y) - 16) <= 1, press);
    assert.equal(release, "touch release");
    await page.getByText("Pins (3)").click();
    await page.getByRole("combobox", { name: "gpio1" }).selectOption("high");
    await page.getByRole("textbox", { name: "console" }).fill("help");
    await page.keyboard.press("Enter");
    assert.deepEqual((await pressed()).slice(2), ["gpio1 1", "console help\n"]);
  });

  it("draws other parts when the board becomes another one, and says why there is none", async () => {
    await view.open(message(parts));
    const matrix = Array.from({ length: 25 }, (_, i) => ({
      device: `led${i}`,
      kind: "led" as const,
      lit: i % 3 === 0,
      color: "red" as const,
      columns: 5,
    }));
    await view.post(message(matrix));
    await view.page.getByRole("img", { name: "led24 is on" }).waitFor();
    await view.screenshot("board-page-matrix");
    assert.equal(await view.page.locator("canvas").count(), 0);
    const tops = await view.page
      .locator(".led")
      .evaluateAll(all => new Set(all.map(one => one.offsetTop)).size);
    assert.equal(tops, 5);
    await view.post({ type: "empty", text: "No board is running: start a Tock app first." });
    await view.page.getByText("No board is running").waitFor();
  });

  it("takes no message of another shape, and shows names of devices as text", async () => {
    await view.open(message([{ device: `<img src=x onerror="alert(1)">`, kind: "terminal" }]));
    await view.post({ type: "board", board: { schema: 1, view: "board", name: "x", parts: [{}] } });
    await view.post({ type: "say", text: "Input for button0 must be up or down." });
    await view.page.getByRole("status").getByText("Input for button0").waitFor();
    assert.equal(await view.page.locator("img").count(), 0);
    await view.page.getByText("<img src=x").waitFor();
  });
});
