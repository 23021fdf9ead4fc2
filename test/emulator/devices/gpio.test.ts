import assert from "node:assert/strict";
import fc from "fast-check";
import {
  GpioDevice,
  NRF52_PIN,
  type PinOptions,
  RP2040_PIN,
} from "../../../emulator/devices/gpio.js";
import { Bench } from "../bench.js";

function header(count: number, options: PinOptions = NRF52_PIN) {
  const bench = new Bench();
  const fired: [number, boolean][] = [];
  const pins = Array.from({ length: count }, (_, i) => {
    const pin = bench.add(new GpioDevice(bench.clock, bench.trace, i, options));
    pin.setInterruptClient({ fired: value => fired.push([value, pin.read()]) }, i);
    return pin;
  });
  return { bench, fired, pins, pin: pins[0] as GpioDevice, other: pins[1] as GpioDevice };
}

describe("gpio device", () => {
  it("an input reads what the user applies, else its resistor, else low", () => {
    const { pin } = header(1);
    pin.makeInput();
    assert.equal(pin.read(), false);
    pin.setFloatingState("PullUp");
    assert.equal(pin.read(), true);
    pin.onInput(0);
    assert.equal(pin.read(), false);
    pin.onInput("high");
    pin.setFloatingState("PullDown");
    assert.equal(pin.read(), true);
    pin.onInput("open");
    assert.equal(pin.read(), false);
  });

  it("a wire carries an output's level to an input and fires its edges", () => {
    const { bench, fired, pin, other } = header(2);
    pin.connect(other);
    other.makeInput();
    other.enableInterrupts("EitherEdge");
    pin.makeOutput();
    for (const act of [() => pin.set(), () => pin.set(), () => pin.clear(), () => pin.toggle()]) {
      act();
      bench.settle();
    }
    assert.deepEqual(fired, [
      [1, true],
      [1, false],
      [1, true],
    ]);
  });

  it("wires join into one line, and an output on it beats what the user applies", () => {
    const { pins } = header(3);
    const [a, b, c] = pins as [GpioDevice, GpioDevice, GpioDevice];
    a.connect(b);
    b.connect(c);
    for (const pin of [b, c]) pin.makeInput();
    c.onInput(1);
    assert.deepEqual([b.read(), c.read()], [true, true]);
    a.makeOutput();
    assert.deepEqual([b.read(), c.read()], [false, false]);
  });

  it("only the wanted edges interrupt, and two before the handler runs are one", () => {
    const { bench, fired, pin } = header(1);
    pin.makeInput();
    pin.enableInterrupts("FallingEdge");
    pin.onInput(1);
    assert.equal(bench.clock.next, Number.POSITIVE_INFINITY);
    pin.onInput(0);
    pin.onInput(1);
    pin.onInput(0);
    bench.settle();
    assert.deepEqual(fired, [[0, false]]);
    pin.onInput(1);
    pin.onInput(0);
    pin.disableInterrupts();
    bench.settle();
    assert.equal(fired.length, 1);
  });

  it("an nRF52 pin reads low without its input buffer: as an output, and deactivated", () => {
    const { pin } = header(1);
    pin.makeOutput();
    pin.set();
    assert.equal(pin.read(), false);
    pin.makeInput();
    pin.makeOutput();
    assert.equal(pin.read(), true);
    pin.deactivateToLowPower();
    assert.equal(pin.read(), false);
  });

  it("an nRF52 pin keeps a level that is set before it becomes an output", () => {
    const { pin, bench } = header(1);
    pin.set();
    assert.deepEqual(bench.events, []);
    pin.makeOutput();
    assert.deepEqual(bench.events, [{ cycle: 0, type: "gpio", index: 0, high: true }]);
  });

  it("an RP2040 pin always reads its line, and its latch changes only as an output", () => {
    const { pin } = header(1, RP2040_PIN);
    pin.set();
    pin.makeOutput();
    assert.equal(pin.read(), false);
    pin.toggle();
    assert.equal(pin.read(), true);
    pin.setFloatingState("PullUp");
    pin.deactivateToLowPower();
    assert.equal(pin.read(), true);
  });

  it("another edge replaces the first on an nRF52 and adds to it on an RP2040", () => {
    const edges = (options: PinOptions) => {
      const { bench, fired, pin } = header(1, options);
      pin.makeInput();
      pin.enableInterrupts("RisingEdge");
      pin.enableInterrupts("FallingEdge");
      for (const level of [1, 0]) {
        pin.onInput(level);
        bench.settle();
      }
      return fired.map(([, level]) => level);
    };
    assert.deepEqual(edges(NRF52_PIN), [false]);
    assert.deepEqual(edges(RP2040_PIN), [true, false]);
  });

  it("anything but a level is refused with a sentence", () => {
    const { pin } = header(1);
    assert.throws(() => pin.onInput("on"), {
      name: "UserError",
      message: 'Input for gpio0 must be 1, 0 or "open" (nothing connected), not "on".',
    });
  });

  it("saved at any time and loaded into pins wired alike, it goes on as the first", () => {
    const acts: ((pin: GpioDevice) => void)[] = [
      pin => pin.makeInput(),
      pin => pin.makeOutput(),
      pin => pin.set(),
      pin => pin.clear(),
      pin => pin.toggle(),
      pin => pin.setFloatingState("PullUp"),
      pin => pin.deactivateToLowPower(),
      pin => pin.enableInterrupts("EitherEdge"),
      pin => pin.onInput(1),
      pin => pin.onInput("open"),
    ];
    const step = fc.record({ act: fc.nat(acts.length - 1), pin: fc.nat(1), settle: fc.boolean() });
    const wired = (options: PinOptions) => {
      const board = header(2, options);
      board.pin.connect(board.other);
      return board;
    };
    fc.assert(
      fc.property(fc.array(step), fc.array(step), fc.boolean(), (before, after, nordic) => {
        const options = nordic ? NRF52_PIN : RP2040_PIN;
        const run = (board: ReturnType<typeof wired>, steps: typeof before) => {
          for (const { act, pin, settle } of steps) {
            acts[act]?.(board.pins[pin] as GpioDevice);
            if (settle) board.bench.settle();
          }
        };
        const [first, second] = [wired(options), wired(options)];
        run(first, before);
        second.bench.clock.load(first.bench.clock.save());
        second.pins.forEach((pin, i) => {
          pin.load(structuredClone((first.pins[i] as GpioDevice).save()));
        });
        const [fired, seen] = [first.fired.length, first.bench.events.length];
        for (const board of [first, second]) {
          run(board, after);
          board.bench.settle();
        }
        assert.deepEqual(second.fired, first.fired.slice(fired));
        assert.deepEqual(second.bench.events, first.bench.events.slice(seen));
        assert.deepEqual(
          second.pins.map(pin => pin.save()),
          first.pins.map(pin => pin.save()),
        );
      }),
    );
  });

  it("lets go of its line in a reset: nothing driven, no interrupt, but what the user applies stays", () => {
    const { bench, fired, pin, other } = header(2);
    pin.makeOutput();
    pin.set();
    other.makeInput();
    other.enableInterrupts("EitherEdge");
    other.onInput(1);
    for (const each of [pin, other]) each.reset();
    bench.settle();
    assert.deepEqual(fired, []);
    assert.deepEqual([pin.read(), other.read()], [false, false]);
    other.makeInput();
    assert.equal(other.read(), true);
    assert.deepEqual(
      bench.events.map(e => e.type === "gpio" && [e.index, e.high]),
      [
        [0, true],
        [1, true],
        [0, false],
      ],
    );
  });
});
