import assert from "node:assert/strict";
import { GpioDevice, NRF52_PIN } from "../../../../emulator/devices/gpio.js";
import { GPIO_GRANT, GpioDriver } from "../../../../emulator/kernel/capsules/gpio.js";
import { Bench } from "../../bench.js";
import { FakeGrant } from "./fake-grant.js";

const a = { index: 0, pid: 0 };
const b = { index: 1, pid: 1 };

/** Pins 0 and 1 with a wire between them, a hole, pin 3. */
function board() {
  const bench = new Bench();
  const pin = (i: number) => bench.add(new GpioDevice(bench.clock, bench.trace, i, NRF52_PIN));
  const pins = [pin(0), pin(1), pin(3)] as const;
  pins[0].connect(pins[1]);
  const grant = new FakeGrant(GPIO_GRANT);
  const driver = new GpioDriver([pins[0], pins[1], undefined, pins[2]], grant);
  const act = (command: number, index: number, argument = 0, process = a) =>
    driver.command(command, index, argument, process);
  const upcalls = () => {
    bench.settle();
    return grant.takeUpcalls().map(u => [u.process, u.subscribe, ...u.arguments]);
  };
  return { bench, pins, grant, driver, act, upcalls };
}

const SUCCESS = [128];
const level = (high: 0 | 1) => [129, high];

describe("gpio driver", () => {
  it("command 0 tells that it exists, command 10 counts pins and holes, 11 is NOSUPPORT", () => {
    const { act } = board();
    assert.deepEqual(act(0, 99), SUCCESS);
    assert.deepEqual(act(10, 99), [129, 4]);
    assert.deepEqual(act(11, 0), [0, 10]);
  });

  it("a number beyond the last pin is INVAL, a hole NODEVICE, for every command on a pin", () => {
    const { act } = board();
    for (const command of [1, 2, 3, 4, 5, 6, 7, 8, 9]) {
      assert.deepEqual(act(command, 4), [0, 6]);
      assert.deepEqual(act(command, 0xffffffff), [0, 6]);
      assert.deepEqual(act(command, 2), [0, 11]);
    }
  });

  it("set, clear and toggle drive an output, and a pin wired to it reads the level", () => {
    const { act } = board();
    assert.deepEqual(act(1, 0), SUCCESS);
    assert.deepEqual(act(5, 1, 0), SUCCESS);
    assert.deepEqual(act(2, 0), SUCCESS);
    assert.deepEqual(act(6, 1), level(1));
    assert.deepEqual(act(3, 0), SUCCESS);
    assert.deepEqual(act(6, 1), level(0));
    assert.deepEqual(act(4, 0), SUCCESS);
    assert.deepEqual(act(6, 1), level(1));
    assert.deepEqual(act(9, 0), SUCCESS);
    assert.deepEqual(act(6, 1), level(0));
  });

  it("an input has no resistor, one up or one down; any other is NOSUPPORT but leaves an input", () => {
    const { act, pins } = board();
    act(5, 3, 1);
    assert.deepEqual(act(6, 3), level(1));
    act(5, 3, 2);
    assert.deepEqual(act(6, 3), level(0));
    act(5, 3, 0);
    assert.deepEqual(act(6, 3), level(0));
    act(1, 3);
    assert.deepEqual(act(5, 3, 3), [0, 10]);
    assert.equal(pins[2].save().output, false);
  });

  it("an interrupt is told to every process that ever used the driver", () => {
    const { act, pins, upcalls } = board();
    act(0, 0, 0, b);
    act(5, 3, 0);
    assert.deepEqual(act(7, 3, 0), SUCCESS);
    pins[2].onInput(1);
    assert.deepEqual(upcalls(), [
      [0, 0, 3, 1, 0],
      [1, 0, 3, 1, 0],
    ]);
    pins[2].onInput(0);
    assert.deepEqual(upcalls(), [
      [0, 0, 3, 0, 0],
      [1, 0, 3, 0, 0],
    ]);
  });

  it("edge 1 is rising, 2 falling, any other than 0 to 2 is NOSUPPORT", () => {
    const { act, pins, upcalls } = board();
    act(5, 3, 0);
    act(7, 3, 1);
    pins[2].onInput(1);
    assert.deepEqual(upcalls(), [[0, 0, 3, 1, 0]]);
    pins[2].onInput(0);
    assert.deepEqual(upcalls(), []);
    act(7, 3, 2);
    pins[2].onInput(1);
    assert.deepEqual(upcalls(), []);
    pins[2].onInput(0);
    assert.deepEqual(upcalls(), [[0, 0, 3, 0, 0]]);
    assert.deepEqual(act(7, 3, 3), [0, 10]);
  });

  it("command 8 disables interrupts and the pin", () => {
    const { act, pins, upcalls } = board();
    act(5, 3, 0);
    act(7, 3, 0);
    assert.deepEqual(act(8, 3), SUCCESS);
    pins[2].onInput(1);
    assert.deepEqual(upcalls(), []);
    assert.deepEqual(act(6, 3), level(0));
  });

  it("without a grant interrupts are refused with NOMEM, everything else works", () => {
    const { act, grant, driver } = board();
    grant.kill(a);
    assert.deepEqual(act(7, 0), [0, 9]);
    assert.deepEqual(act(8, 99), [0, 9]);
    assert.deepEqual(act(1, 0), SUCCESS);
    assert.equal(driver.allocateGrant(a), "NoSuchApp");
  });
});
