import assert from "node:assert/strict";
import { RegisterBusDevice } from "../../../../emulator/devices/register-bus.js";
import { SensorDevice } from "../../../../emulator/devices/sensor.js";
import {
  LSM303AGR_ACCELERATION,
  LSM303AGR_MAGNETIC_FIELD,
} from "../../../../emulator/devices/sensor-chips.js";
import { LSM303AGR_GRANT, Lsm303agr } from "../../../../emulator/kernel/capsules/lsm303agr.js";
import { NINEDOF_GRANT, NineDof } from "../../../../emulator/kernel/capsules/ninedof.js";
import { Bench } from "../../bench.js";
import { FakeGrant } from "./fake-grant.js";

const a = { index: 0, pid: 0 };
const b = { index: 1, pid: 1 };

const ACCELERATION = 1;
const MAGNETIC_FIELD = 100;

function board(range = 2) {
  const bench = new Bench();
  const bus = bench.add(new RegisterBusDevice(bench.clock, "lsm303agr"));
  const accelerometer = bench.add(new SensorDevice(bench.clock, LSM303AGR_ACCELERATION));
  const magnetometer = bench.add(new SensorDevice(bench.clock, LSM303AGR_MAGNETIC_FIELD));
  const grant = new FakeGrant(LSM303AGR_GRANT);
  const configuration = { scale: 0, highResolution: false, lowPower: false, range };
  const driver = new Lsm303agr(bus, { accelerometer, magnetometer }, grant, configuration);
  const nineDofGrant = new FakeGrant(NINEDOF_GRANT);
  const nineDof = new NineDof(driver.nineDof, nineDofGrant);
  const signed = (values: readonly number[]) => values.map(value => value | 0);
  const upcalls = () => {
    bench.settle();
    return grant.takeUpcalls().map(u => signed(u.arguments));
  };
  const measure = (command: number) => {
    nineDof.command(command, 0, 0, b);
    bench.settle();
    return signed(nineDofGrant.takeUpcalls().at(-1)?.arguments ?? []);
  };
  return {
    bench,
    accelerometer,
    magnetometer,
    grant,
    driver,
    nineDof,
    nineDofGrant,
    upcalls,
    measure,
  };
}

describe("LSM303AGR driver", () => {
  it("exists, but is always too busy to say whether the chip is there", () => {
    const { driver } = board();
    assert.deepEqual(driver.command(0, 0, 0, a), [128]);
    assert.deepEqual(driver.command(1, 0, 0, a), [0, 2]);
    assert.deepEqual(driver.command(6, 0, 0, a), [0, 10]);
  });

  it("a setting ends with an upcall and keeps the chip busy until then", () => {
    for (const command of [2, 3, 4, 5]) {
      const { driver, nineDof, upcalls } = board();
      assert.deepEqual(driver.command(command, 1, 0, a), [128]);
      assert.deepEqual(driver.command(command, 1, 0, a), [0, 2]);
      assert.deepEqual(nineDof.command(ACCELERATION, 0, 0, b), [0, 2]);
      assert.deepEqual(upcalls(), [[1, 0, 0]]);
      assert.deepEqual(nineDof.command(ACCELERATION, 0, 0, b), [128]);
    }
  });

  it("settings that the chip does not have are INVAL", () => {
    const { driver } = board();
    for (const [command, argument] of [
      [2, 10],
      [3, 4],
      [4, 8],
      [5, 6],
      [5, 9],
    ] as const)
      assert.deepEqual(driver.command(command, argument, 0, a), [0, 6]);
  });

  it("acceleration is told in milli-g, as finely as scale and mode allow", () => {
    const { accelerometer, driver, measure, bench } = board();
    accelerometer.onInput("-9.80665,0,4.9");
    assert.deepEqual(measure(ACCELERATION), [-976, 0, 488]);
    driver.command(3, 0, 1, a);
    bench.settle();
    assert.deepEqual(measure(ACCELERATION), [-976, 0, 488]);
    accelerometer.onInput("30,0.02,0");
    assert.deepEqual(measure(ACCELERATION), [1999, 1, 0]);
    driver.command(3, 1, 0, a);
    bench.settle();
    assert.deepEqual(measure(ACCELERATION), [2984, 0, 0]);
  });

  it("the magnetic field is told as upstream misreads it", () => {
    const { magnetometer, measure } = board();
    // 256 digits are 0x0100, read as 0x0001; -1 is -1 either way.
    magnetometer.onInput("38.4,-0.15,0");
    assert.deepEqual(measure(MAGNETIC_FIELD), [0, 0, 0]);
    magnetometer.onInput("1.5,0,-1.5");
    assert.deepEqual(measure(MAGNETIC_FIELD), [
      Math.trunc((0x0a00 * 100) / 855),
      Math.trunc((((0xf6ff << 16) >> 16) * 100) / 760),
      0,
    ]);
  });

  it("the widest range makes the next reading panic", () => {
    const { driver, nineDof, bench } = board();
    driver.command(5, 8, 0, a);
    bench.settle();
    nineDof.command(MAGNETIC_FIELD, 0, 0, b);
    assert.throws(() => bench.settle(), {
      name: "KernelPanic",
      message: "index out of bounds: the len is 8 but the index is 8",
    });
  });

  it("the owner hears the raw words of every reading", () => {
    const { driver, grant, measure, upcalls } = board();
    measure(ACCELERATION);
    assert.deepEqual(upcalls(), []);
    driver.command(1, 0, 0, a);
    measure(ACCELERATION);
    assert.deepEqual(upcalls(), [[0, 0, 16000]]);
    assert.deepEqual(driver.command(1, 0, 0, b), [0, 5]);
    grant.kill(a);
    assert.deepEqual(driver.command(1, 0, 0, b), [0, 2]);
  });

  it("a request of another process that was kept finds the chip busy and blocks the driver for nine axes", () => {
    const { nineDof, nineDofGrant, bench } = board();
    nineDof.command(ACCELERATION, 0, 0, a);
    nineDof.command(MAGNETIC_FIELD, 0, 0, b);
    bench.settle();
    assert.equal(nineDofGrant.takeUpcalls().length, 1);
    assert.deepEqual(nineDof.command(ACCELERATION, 0, 0, a), [128]);
    bench.settle();
    assert.deepEqual(nineDofGrant.takeUpcalls(), []);
  });

  it("saved during a setting and loaded elsewhere, it ends it", () => {
    const first = board();
    first.driver.command(3, 1, 0, a);
    const second = board();
    second.driver.load(structuredClone(first.driver.save()));
    second.grant.load(first.grant.save());
    second.bench.clock.load(first.bench.clock.save());
    assert.deepEqual(second.upcalls(), [[1, 0, 0]]);
    assert.deepEqual(second.driver.save().scale, 1);
  });
});
