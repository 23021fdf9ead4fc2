// The Memory map view's page by itself in Chromium.
import assert from "node:assert/strict";
import type { MemoryMapBody } from "../../adapter/protocol.js";
import { ViewPage } from "./view-page.js";

type Row = MemoryMapBody["rows"][number];
const base = 0x20008000;
const may = (rights: string) => ({
  read: rights[0] === "r",
  write: rights[1] === "w",
  execute: rights[2] === "x",
});
const row = (kind: Row["kind"], low: number, high: number, rights: string): Row => ({
  kind,
  low,
  high,
  ...may(rights),
  shared: [],
  others: [],
});

const map: MemoryMapBody = {
  schema: 1,
  view: "memoryMap",
  process: { threadId: 1, name: "blink <b>" },
  areas: [
    {
      name: "Flash",
      low: 0,
      high: 0x100000,
      parts: [
        { kind: "kernel", name: "", low: 0, high: 0x40000, selected: false },
        { kind: "app", name: "blink <b>", low: 0x40000, high: 0x48000, selected: true },
        { kind: "app", name: "hello", low: 0x48000, high: 0x58000, selected: false },
        { kind: "free", name: "", low: 0x58000, high: 0x100000, selected: false },
      ],
    },
    {
      name: "RAM",
      low: 0x20000000,
      high: 0x20040000,
      parts: [
        { kind: "kernel", name: "", low: 0x20000000, high: base, selected: false },
        { kind: "app", name: "blink <b>", low: base, high: base + 0x2000, selected: true },
        { kind: "free", name: "", low: base + 0x2000, high: 0x20040000, selected: false },
      ],
    },
  ],
  rows: [
    row("protected-flash", 0x40000, 0x40080, "r-x"),
    row("app-flash", 0x40080, 0x48000, "r-x"),
    row("stack-free", base, base + 0x400, "rw-"),
    row("stack", base + 0x400, base + 0x800, "rw-"),
    { ...row("data", base + 0x800, base + 0x900, "rw-"), shared: ["Console (0x1), read-only 1"] },
    row("heap", base + 0x900, base + 0xc00, "rw-"),
    row("unused", base + 0xc00, base + 0x1800, "---"),
    row("grants", base + 0x1800, base + 0x1a00, "---"),
    row("kernel", base + 0x1a00, base + 0x2000, "---"),
    { ...row("other", 0x20010000, 0x20010100, "rw-"), others: ["hello rw-"] },
  ],
  regions: [
    {
      number: 0,
      low: base,
      high: base + 0x2000,
      ...may("rw-"),
      subregions: [true, true, true, false, false, false, false, false],
      ranges: [{ low: base, high: base + 0xc00 }],
    },
    {
      number: 2,
      low: 0x40000,
      high: 0x48000,
      ...may("r-x"),
      subregions: Array(8).fill(true),
      ranges: [{ low: 0x40000, high: 0x48000 }],
    },
    {
      number: 3,
      low: 0x20010000,
      high: 0x20010080,
      ...may("rw-"),
      subregions: [],
      ranges: [{ low: 0x20010000, high: 0x20010080 }],
    },
  ],
  kernelBytes: [
    { threadId: 1, name: "blink <b>", own: 1120, grants: 212 },
    { threadId: 2, name: "hello", own: 1120, grants: 88 },
  ],
};
const message = { type: "memoryMap", map };

describe("the Memory map view's page", function () {
  this.timeout(60_000);
  let view: ViewPage;

  before(async function () {
    view = await ViewPage.start(this, "memory-map-view.js");
  });
  after(() => view?.stop());
  afterEach(() => view.close());

  for (const theme of ["dark", "light", "high-contrast"] as const) {
    it(`shows areas, rows, regions and the kernel's bytes, ${theme}`, async () => {
      await view.open(message, theme);
      const { page } = view;
      await view.screenshot("memory-map-page");
      await page.getByText("Memory as a table").click();
      await page
        .getByRole("img", { name: /^Flash, 1 MiB: kernel 256 KiB, blink <b> 32 KiB/ })
        .waitFor();
      await page
        .getByRole("row", { name: /^Data .* read, write Console \(0x1\), read-only 1/ })
        .waitFor();
      await page.getByRole("row", { name: /^0 0x20008000 8 KiB rw- enabled: 0, 1, 2/ }).waitFor();
      await page.getByRole("row", { name: "blink <b> 1,120 212 1,332" }).waitFor();
      await page.getByRole("row", { name: /TOSThreads.*710 to 712/ }).waitFor();
      assert.equal(await page.locator("main b").count(), 0);
    });
  }

  it("draws flash and RAM to scale, and colours rows by what the process may do", async () => {
    await view.open(message);
    const { page } = view;
    const widths = await page
      .locator(".area")
      .first()
      .locator(".part")
      .evaluateAll(all => all.map(one => one.offsetWidth));
    const [kernel = 0, app = 0, second = 0, free = 0] = widths;
    const whole = kernel + app + second + free;
    assert.ok(
      Math.abs(kernel / whole - 1 / 4) < 0.02 && Math.abs(second / app - 2) < 0.3,
      `${widths}`,
    );
    const classOf = async (name: string) =>
      page.locator(".strip", { hasText: name }).first().getAttribute("class");
    assert.match((await classOf("App")) ?? "", /may-execute/);
    assert.match((await classOf("Heap")) ?? "", /may-write/);
    assert.match((await classOf("Grants")) ?? "", /may-nothing/);
    assert.match((await classOf("Data")) ?? "", /shared/);
  });

  it("keeps the table open and the place while memory changes", async () => {
    await view.open(message);
    await view.page.getByText("Memory as a table").click();
    await view.post({ ...message, map: { ...map, process: { threadId: 2, name: "hello" } } });
    await view.page.locator(".process", { hasText: "hello" }).waitFor();
    await view.page.getByRole("row", { name: /^Heap/ }).waitFor();
    await view.post({ type: "empty", text: "No board is running: start a Tock app first." });
    await view.page.getByText("No board is running").waitFor();
  });
});
