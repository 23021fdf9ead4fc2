import assert from "node:assert/strict";
import type { Picture } from "../../../emulator/devices/picture.js";
import { ScreenDevice } from "../../../emulator/devices/screen.js";
import { Ssd1306Device } from "../../../emulator/devices/ssd1306.js";
import type { ScreenPixelFormat, ScreenRotation } from "../../../emulator/hil/screen.js";
import { Bench } from "../bench.js";

const shownBy = (device: { shown(): unknown }) => device.shown() as Picture;

/** Pixels as digits, row by row: 0 dark, 1 lit. */
const art = ({ width, pixels }: Picture): string =>
  Array.from({ length: pixels.length / 3 }, (_, i) => (pixels[3 * i] ? "1" : "0"))
    .join("")
    .replace(new RegExp(`(.{${width}})(?!$)`, "g"), "$1/");

function screen(format: ScreenPixelFormat = 6, size: readonly [number, number] = [4, 8]) {
  const bench = new Bench();
  const device = bench.add(
    new ScreenDevice(bench.clock, bench.trace, {
      resolutions: [size, [2, 2]],
      formats: [format, 0, 2],
    }),
  );
  const done: unknown[] = [];
  device.setClient({
    commandComplete: failure => done.push(["command", failure]),
    writeComplete: (buffer, failure) => done.push(["write", [...buffer], failure]),
    screenIsReady: () => done.push(["ready"]),
  });
  const write = (bytes: number[], more = false) => {
    assert.equal(device.write(Uint8Array.from(bytes), bytes.length, more), undefined);
    bench.settle();
  };
  return { bench, device, done, write };
}

describe("screen device", () => {
  const cases: [string, ScreenPixelFormat, number[], number[]][] = [
    ["one bit a pixel", 0, [0b01010101], [0, 0, 0, 255, 255, 255]],
    ["RGB 332", 1, [0b11100000, 0b00011111], [255, 0, 0, 0, 255, 255]],
    ["RGB 565", 2, [0xf8, 0x00, 0x07, 0xff], [255, 0, 0, 0, 255, 255]],
    ["RGB 888", 3, [1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6]],
    ["BGRA 8888", 4, [3, 2, 1, 0, 6, 5, 4, 0], [1, 2, 3, 4, 5, 6]],
    ["blue, green, red, opaque", 5, [0b10010011], [0, 0, 255, 255, 0, 0]],
    ["eight pixels below one another", 6, [1, 0], [255, 255, 255, 0, 0, 0]],
  ];
  for (const [name, format, bytes, pixels] of cases)
    it(`understands ${name}`, () => {
      const { device, write } = screen(format, [2, 1]);
      write(bytes);
      assert.deepEqual([...shownBy(device).pixels], pixels);
    });

  it("leaves what is there where a pixel is transparent", () => {
    const { device, write } = screen(5, [2, 1]);
    write([0b11110000]);
    assert.deepEqual([...shownBy(device).pixels], [255, 255, 255, 0, 0, 0]);
  });

  it("writes fill the frame, go on behind the last one, and go round at its end", () => {
    const { bench, device, write } = screen(3, [3, 3]);
    device.setWriteFrame(1, 1, 2, 2);
    bench.settle();
    write([9, 9, 9, 9, 9]);
    write([9, 0, 0, 0, 9, 9, 9], true);
    assert.equal(art(shownBy(device)), "000/011/001");
    write([0, 0, 0], true);
    assert.equal(art(shownBy(device)), "000/001/001");
    write([7, 7, 7]);
    assert.equal(art(shownBy(device)), "000/011/001");
    assert.equal(device.setWriteFrame(2, 0, 2, 1), "INVAL");
  });

  const turns: [ScreenRotation, string][] = [
    [0, "100/000"],
    [1, "001/000"],
    [2, "000/001"],
    [3, "000/100"],
  ];
  for (const [rotation, picture] of turns)
    it(`turned ${rotation} quarters, its first pixel is elsewhere`, () => {
      const { bench, device, write } = screen(3, [3, 2]);
      device.setRotation(rotation);
      bench.settle();
      assert.deepEqual(device.getResolution(), rotation % 2 ? [2, 3] : [3, 2]);
      write([1, 1, 1]);
      assert.equal(art(shownBy(device)), picture);
    });

  it("is dark when it is off, and inverted when it is told so", () => {
    const { bench, device, done, write } = screen(0, [8, 1]);
    write([0x0f]);
    device.setInvert(true);
    bench.settle();
    assert.equal(art(shownBy(device)), "11110000");
    device.setPower(false);
    bench.settle();
    assert.equal(art(shownBy(device)), "00000000");
    device.setBrightness(500);
    bench.settle();
    assert.deepEqual([shownBy(device).on, shownBy(device).brightness], [false, 500]);
    assert.deepEqual(done.slice(1), [["command", undefined], ["ready"], ["command", undefined]]);
  });

  it("takes only sizes and formats that it has, and one request at a time", () => {
    const { bench, device } = screen();
    assert.equal(device.setResolution(3, 3), "NOSUPPORT");
    assert.equal(device.setPixelFormat(4), "NOSUPPORT");
    assert.equal(device.setResolution(2, 2), undefined);
    assert.equal(device.setBrightness(1), "BUSY");
    assert.equal(device.write(new Uint8Array(1), 1, false), "BUSY");
    bench.settle();
    assert.deepEqual(device.getResolution(), [2, 2]);
    assert.equal(shownBy(device).pixels.length, 12);
    device.setPixelFormat(2);
    assert.equal(device.getPixelFormat(), 2);
  });

  it("tells of several changes with one picture, which is what it shows", () => {
    const { bench, device } = screen(0, [8, 1]);
    for (const byte of [1, 2, 3]) {
      device.write(Uint8Array.of(byte), 1, false);
      bench.runMs(1);
    }
    bench.settle();
    const outputs = bench.events.flatMap(e => (e.type === "output" ? [e] : []));
    assert.equal(outputs.length, 1);
    assert.deepEqual(outputs[0]?.value, device.shown());
    assert.equal(bench.clock.next, Number.POSITIVE_INFINITY);
  });

  it("saved during a write and loaded elsewhere, it finishes it", () => {
    const first = screen(0, [8, 1]);
    first.device.write(Uint8Array.of(0xff), 1, false);
    const second = screen(0, [8, 1]);
    second.device.load(structuredClone(first.device.save()));
    second.bench.clock.load(first.bench.clock.save());
    second.bench.settle();
    assert.deepEqual(second.done, [["write", [255], undefined]]);
    assert.equal(art(shownBy(second.device)), "11111111");
  });
});

describe("SSD1306", () => {
  function display() {
    const bench = new Bench();
    const device = bench.add(new Ssd1306Device(bench.clock, bench.trace));
    const commands = (...bytes: number[]) => device.i2cWrite(Uint8Array.of(0, ...bytes));
    const data = (...bytes: number[]) => device.i2cWrite(Uint8Array.of(0x40, ...bytes));
    /** Whether a pixel is lit. */
    const lit = (x: number, y: number) => shownBy(device).pixels[3 * (128 * y + x)] === 255;
    return { bench, device, commands, data, lit };
  }

  it("is dark until it is switched on", () => {
    const { commands, data, lit, device } = display();
    commands(0xa1, 0xc8);
    data(0b101);
    assert.equal(lit(0, 0), false);
    assert.deepEqual([...device.i2cRead(1)], [0x40]);
    commands(0xaf);
    assert.deepEqual([lit(0, 0), lit(0, 1), lit(0, 2)], [true, false, true]);
    commands(0xa7);
    assert.deepEqual([lit(0, 0), lit(0, 1)], [false, true]);
    commands(0xa5);
    assert.equal(lit(0, 0), true);
  });

  it("fills a window of columns and pages, and goes round in it", () => {
    const { commands, data, lit } = display();
    commands(0xaf, 0xa1, 0xc8, 0x20, 0, 0x21, 10, 11, 0x22, 2, 3);
    data(1, 2, 4, 8, 0x80);
    assert.deepEqual([lit(11, 17), lit(10, 26), lit(11, 27)], [true, true, true]);
    assert.deepEqual([lit(10, 16), lit(10, 23)], [false, true]);
  });

  it("counts pages first in the vertical mode, and columns alone in the page mode", () => {
    const { commands, data, lit } = display();
    commands(0xaf, 0xa1, 0xc8, 0x20, 1, 0x21, 0, 1, 0x22, 0, 1);
    data(1, 1, 0, 1);
    assert.deepEqual([lit(0, 0), lit(0, 8), lit(1, 0), lit(1, 8)], [true, true, false, true]);
    commands(0x20, 2, 0xb5, 0x0f, 0x17);
    data(1, 1);
    assert.deepEqual([lit(127, 40), lit(0, 40)], [true, true]);
  });

  it("mirrors both ways unless it is told how it is mounted, and starts at the line set", () => {
    const { commands, data, lit } = display();
    data(1);
    commands(0xaf);
    assert.equal(lit(127, 63), true);
    commands(0xa1, 0xc8, 0x41, 0x81, 0x10);
    assert.deepEqual([lit(0, 0), lit(0, 63)], [false, true]);
  });

  it("tells of several changes with one picture", () => {
    const { bench, commands, data, device } = display();
    commands(0xaf);
    data(1, 2, 3);
    bench.settle();
    const outputs = bench.events.flatMap(e => (e.type === "output" ? [e.value] : []));
    assert.deepEqual(outputs, [device.shown()]);
  });

  it("saved and loaded elsewhere, it shows the same", () => {
    const first = display();
    first.commands(0xaf);
    first.data(1, 2, 3);
    const second = display();
    second.device.load(structuredClone(first.device.save()));
    assert.deepEqual(second.device.shown(), first.device.shown());
  });
});
