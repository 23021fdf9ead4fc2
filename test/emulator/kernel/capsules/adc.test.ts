import assert from "node:assert/strict";
import {
  AdcDevice,
  type AdcOptions,
  EXACT_ADC,
  nrf52Adc,
} from "../../../../emulator/devices/adc.js";
import { AnalogInput } from "../../../../emulator/devices/analog-input.js";
import { ADC_GRANT, AdcDedicated } from "../../../../emulator/kernel/capsules/adc.js";
import { Bench } from "../../bench.js";
import { FakeGrant } from "./fake-grant.js";

const a = { index: 0, pid: 0 };
const b = { index: 1, pid: 1 };

const ADDRESS = 0x20000000;

function board(options: AdcOptions = EXACT_ADC) {
  const bench = new Bench();
  const inputs = [0, 1].map(i => bench.add(new AnalogInput(`adc${i}`, 3.3)));
  const adc = bench.add(new AdcDevice(bench.clock, inputs, options));
  const grant = new FakeGrant(ADC_GRANT);
  const driver = new AdcDedicated(adc, 2, grant);
  const allow = (n: number, samples: number) => {
    const bytes = new Uint8Array(samples * 2);
    grant.allow("readWrite", a, n, bytes);
    return bytes;
  };
  const upcalls = () => grant.takeUpcalls().map(u => [u.subscribe, ...u.arguments]);
  return {
    bench,
    inputs: inputs as [AnalogInput, AnalogInput],
    adc,
    grant,
    driver,
    allow,
    upcalls,
  };
}

const words = (bytes: Uint8Array) => [...new Uint16Array(bytes.buffer)];

describe("dedicated ADC driver", () => {
  it("tells channels, resolution and reference", () => {
    const { driver } = board();
    assert.deepEqual(driver.command(0, 0, 0, a), [129, 2]);
    assert.deepEqual(driver.command(101, 0, 0, a), [129, 12]);
    assert.deepEqual(driver.command(102, 0, 0, a), [129, 3300]);
    assert.deepEqual(driver.command(6, 0, 0, a), [0, 10]);
    assert.deepEqual(driver.command(5, 0, 0, a), [128]);
  });

  it("belongs to the process that called it first, until that is gone and nothing is sampled for it", () => {
    const { driver, grant, bench } = board();
    driver.command(1, 0, 0, a);
    assert.deepEqual(driver.command(0, 0, 0, b), [0, 9]);
    grant.kill(a);
    assert.deepEqual(driver.command(0, 0, 0, b), [0, 9]);
    bench.settle();
    assert.deepEqual(driver.command(0, 0, 0, b), [129, 2]);
    assert.deepEqual(grant.takeUpcalls(), []);
  });

  it("a single sample is told twice, under both numbers", () => {
    const { driver, inputs, bench, upcalls } = board();
    inputs[1].onInput(1.65);
    assert.deepEqual(driver.command(1, 2, 0, a), [0, 6]);
    assert.deepEqual(driver.command(1, 1, 0, a), [128]);
    assert.deepEqual(driver.command(1, 0, 0, a), [0, 2]);
    bench.settle();
    assert.deepEqual(upcalls(), [
      [0, 0, 1, 0x8000],
      [1, 0, 1, 0x8000],
    ]);
    assert.deepEqual(driver.command(1, 0, 0, a), [128]);
  });

  it("continuous samples go on until stopped", () => {
    const { driver, bench, upcalls } = board();
    assert.deepEqual(driver.command(2, 0, 100, a), [128]);
    bench.runMs(25);
    assert.deepEqual(
      upcalls().filter(u => u[0] === 1),
      [
        [1, 1, 0, 0],
        [1, 1, 0, 0],
      ],
    );
    assert.deepEqual(driver.command(5, 0, 0, a), [128]);
    bench.settle();
    assert.deepEqual(upcalls(), []);
  });

  it("what the converter refuses fails, and leaves the driver idle", () => {
    const { driver } = board(nrf52Adc(3));
    assert.deepEqual(driver.command(2, 0, 10, a), [0, 1]);
    assert.deepEqual(driver.command(1, 0, 0, a), [128]);
  });

  it("continuous samples end with their process", () => {
    const { driver, grant, bench } = board();
    driver.command(2, 0, 100, a);
    grant.kill(a);
    bench.settle();
    assert.deepEqual(driver.command(1, 0, 0, b), [128]);
  });

  it("a buffer of any size is filled once, with the samples of its time", () => {
    for (const size of [1, 16, 128, 129, 256, 300, 1000]) {
      const { driver, inputs, bench, allow, upcalls } = board();
      const bytes = allow(0, size);
      assert.deepEqual(driver.command(3, 0, 1000, a), [128]);
      assert.deepEqual(driver.command(3, 0, 1000, a), [0, 2]);
      bench.runMs(size / 2);
      inputs[0].onInput(1.65);
      bench.settle();
      assert.deepEqual(upcalls(), [
        [0, 2, size << 8, ADDRESS],
        [1, 2, size << 8, 0],
      ]);
      const expected = Array.from({ length: size }, (_, i) => (i < size / 2 ? 0 : 0x8000));
      assert.deepEqual(words(bytes), expected, `size ${size}`);
      assert.deepEqual(driver.command(3, 0, 1000, a), [128]);
    }
  });

  it("without a buffer there is nothing to sample into", () => {
    const { driver, allow } = board();
    assert.deepEqual(driver.command(3, 0, 1000, a), [0, 9]);
    allow(0, 4);
    assert.deepEqual(driver.command(4, 0, 1000, a), [0, 9]);
    assert.deepEqual(driver.command(3, 5, 1000, a), [0, 6]);
  });

  it("two buffers of any size are filled in turn", () => {
    for (const sizes of [
      [4, 4],
      [200, 128],
      [129, 1],
      [500, 300],
    ] as const) {
      const { driver, bench, allow, upcalls } = board();
      sizes.forEach((size, n) => {
        allow(n, size);
      });
      const [first, second] = sizes;
      assert.deepEqual(driver.command(4, 1, 1000, a), [128]);
      bench.runMs(2 * (first + second) + 0.5);
      const told = (n: 0 | 1) => [1, 3, (sizes[n] << 8) | 1, n];
      assert.deepEqual(
        upcalls().filter(u => u[0] === 1),
        [told(0), told(1), told(0), told(1)],
        `sizes ${sizes}`,
      );
      assert.deepEqual(driver.command(5, 0, 0, a), [128]);
      bench.settle();
      assert.deepEqual(driver.command(4, 0, 1000, a), [128]);
    }
  });

  it("upstream loses count when a short first buffer has another size than the second, and tells of two only", () => {
    const { driver, bench, allow, upcalls } = board();
    allow(0, 1);
    allow(1, 3);
    driver.command(4, 0, 1000, a);
    bench.runMs(100);
    assert.deepEqual(
      upcalls().filter(u => u[0] === 1),
      [
        [1, 3, 1 << 8, 0],
        [1, 3, 3 << 8, 1],
      ],
    );
  });

  it("no sample is lost between two buffers", () => {
    const { driver, inputs, bench, allow } = board();
    const buffers = [allow(0, 150), allow(1, 150)] as const;
    driver.command(4, 0, 1000, a);
    bench.runMs(155);
    inputs[0].onInput(3.3);
    bench.runMs(146);
    assert.ok(words(buffers[0]).every(w => w === 0));
    assert.deepEqual(words(buffers[1]).indexOf(0xfff0), 5);
    assert.equal(words(buffers[1]).lastIndexOf(0), 4);
  });

  it("a buffer swapped for a shorter one takes what fits, to half a sample", () => {
    const { driver, inputs, bench, grant, allow } = board();
    allow(0, 4);
    inputs[0].onInput(3.3);
    driver.command(3, 0, 1000, a);
    const bytes = new Uint8Array(3);
    grant.allow("readWrite", a, 0, bytes);
    bench.settle();
    assert.deepEqual([...bytes], [0xf0, 0xff, 0xf0]);
  });

  it("a buffered operation ends with its process", () => {
    const { driver, grant, bench, allow } = board();
    allow(0, 300);
    allow(1, 300);
    driver.command(4, 0, 1000, a);
    bench.runMs(10);
    grant.kill(a);
    bench.settle();
    assert.deepEqual(grant.takeUpcalls(), []);
    grant.allow("readWrite", b, 0, new Uint8Array(8));
    assert.deepEqual(driver.command(3, 0, 1000, b), [128]);
  });

  it("saved while a buffer is filled and loaded elsewhere, it fills it", () => {
    const first = board();
    first.allow(0, 300);
    first.driver.command(3, 0, 1000, a);
    first.bench.runMs(150);
    const second = board();
    second.driver.load(structuredClone(first.driver.save()));
    second.grant.load(first.grant.save());
    second.adc.load(structuredClone(first.adc.save()));
    second.bench.clock.load(first.bench.clock.save());
    second.bench.settle();
    assert.equal(second.upcalls().length, 2);
    assert.deepEqual(second.driver.command(1, 0, 0, a), [128]);
  });
});
