import assert from "node:assert/strict";
import { nrf52Spi, SpiBus } from "../../../emulator/devices/spi.js";
import { SpiMemory } from "../../../emulator/devices/spi-memory.js";
import { Bench } from "../bench.js";

function bus() {
  const bench = new Bench();
  const spi = bench.add(new SpiBus(bench.clock, bench.trace, nrf52Spi("spi0")));
  const memory = new SpiMemory("memory");
  const chips = [spi.chip(), spi.chip(memory)] as const;
  const done: unknown[] = [];
  chips.forEach((chip, i) => {
    chip.setClient({
      readWriteDone: (write, read, length) => done.push([i, [...write], read && [...read], length]),
    });
  });
  const exchange = (...bytes: number[]) => {
    chips[1].readWriteBytes(Uint8Array.from(bytes), new Uint8Array(bytes.length));
    bench.settle();
    return (done.pop() as [number, number[], number[]])[2];
  };
  return { bench, spi, memory, chips, done, exchange };
}

describe("four-wire bus", () => {
  it("without a chip, what is sent comes back, at the rate set", () => {
    const { bench, spi, chips, done } = bus();
    chips[0].setRate(1_000_000);
    chips[0].readWriteBytes(Uint8Array.of(1, 2), new Uint8Array(3));
    assert.equal(bench.clock.next, 3 * 8 * 64);
    bench.settle();
    assert.deepEqual(done, [[0, [1, 2], [1, 2, 0], 2]]);
    assert.equal(spi.shown(), "sent 01 02 00, received 01 02 00");
    assert.deepEqual(bench.events.at(-1), {
      type: "output",
      cycle: 3 * 8 * 64,
      device: "spi0",
      value: spi.shown(),
    });
  });

  it("each chip has its settings, which cannot change during its transfer", () => {
    const { bench, chips } = bus();
    chips[1].setPolarity("IdleHigh");
    chips[1].setPhase("SampleTrailing");
    assert.deepEqual(
      chips.map(c => [c.getPolarity(), c.getPhase(), c.getRate()]),
      [
        ["IdleLow", "SampleLeading", 100_000],
        ["IdleHigh", "SampleTrailing", 100_000],
      ],
    );
    chips[0].readWriteBytes(Uint8Array.of(1), null);
    assert.equal(chips[0].setRate(1), "BUSY");
    assert.equal(chips[0].readWriteBytes(Uint8Array.of(1), null), "BUSY");
    assert.equal(chips[1].setRate(1), undefined);
    bench.settle();
    assert.equal(chips[0].setRate(1), undefined);
  });

  it("transfers of several chips follow one another, the chip made last first", () => {
    const { bench, chips, done } = bus();
    chips[0].readWriteBytes(Uint8Array.of(1), null);
    chips[0].setClient({ readWriteDone: () => done.push("first") });
    chips[1].readWriteBytes(Uint8Array.of(6), null);
    bench.settle();
    assert.deepEqual(done, ["first", [1, [6], null, 1]]);
  });

  it("saved during a transfer and loaded elsewhere, it finishes it", () => {
    const first = bus();
    first.chips[0].readWriteBytes(Uint8Array.of(7), new Uint8Array(1));
    const second = bus();
    second.spi.load(structuredClone(first.spi.save()));
    second.bench.clock.load(first.bench.clock.save());
    second.bench.settle();
    assert.deepEqual(second.done, [[0, [7], [7], 1]]);
  });
});

describe("memory on a four-wire bus", () => {
  it("takes one write after it is enabled, and reads from any address on", () => {
    const { exchange, memory } = bus();
    exchange(0x02, 0, 5, 9);
    assert.deepEqual(exchange(0x03, 0, 5, 0), [255, 255, 255, 0]);
    exchange(0x06);
    assert.deepEqual(exchange(0x05, 0), [255, 2]);
    exchange(0x02, 0, 5, 9, 8);
    assert.deepEqual(exchange(0x05, 0), [255, 0]);
    assert.deepEqual(exchange(0x03, 0, 5, 0, 0, 0).slice(3), [9, 8, 0]);
    memory.onInput("0x1fff=01");
    assert.deepEqual(exchange(0x03, 0x1f, 0xff, 0).slice(3), [1]);
    assert.throws(() => memory.onInput("0x1fff=01 02"), { name: "UserError" });
  });
});
