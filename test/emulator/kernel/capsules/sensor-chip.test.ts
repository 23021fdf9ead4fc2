import assert from "node:assert/strict";
import { RegisterBusDevice } from "../../../../emulator/devices/register-bus.js";
import { SensorDevice, type SensorOptions } from "../../../../emulator/devices/sensor.js";
import * as chips from "../../../../emulator/devices/sensor-chips.js";
import {
  L3GD20,
  LPS25HB,
  LSM6DSOX,
  SensorChip,
  type SensorChipProtocol,
  TSL2561,
} from "../../../../emulator/kernel/capsules/sensor-chip.js";
import { Bench } from "../../bench.js";
import { FakeGrant } from "./fake-grant.js";

const a = { index: 0, pid: 0 };
const b = { index: 1, pid: 1 };

function board(protocol: SensorChipProtocol, options: Record<string, SensorOptions> = {}) {
  const bench = new Bench();
  const bus = bench.add(new RegisterBusDevice(bench.clock, "registers"));
  const sensors = Object.fromEntries(
    Object.entries(options).map(([name, o]) => [name, bench.add(new SensorDevice(bench.clock, o))]),
  );
  const grant = new FakeGrant(protocol.grant);
  const driver = new SensorChip(protocol, bus, sensors, grant);
  const set = (name: string, value: string) => sensors[name]?.onInput(value);
  const upcalls = () => {
    bench.settle();
    return grant.takeUpcalls().map(u => [u.process, ...u.arguments.map(v => v | 0)]);
  };
  return { bench, grant, driver, set, upcalls };
}

const tsl2561 = () => board(TSL2561, { light: chips.TSL2561_LIGHT });
const l3gd20 = () =>
  board(L3GD20, { rotation: chips.L3GD20_ROTATION, temperature: chips.L3GD20_TEMPERATURE });

describe("drivers of single chips", () => {
  it("TSL2561 tells lux behind a status, LPS25HB microbar", () => {
    const light = tsl2561();
    assert.deepEqual(light.driver.command(0, 0, 0, a), [128]);
    assert.deepEqual(light.driver.command(2, 0, 0, a), [0, 10]);
    light.set("light", "1234");
    assert.deepEqual(light.driver.command(1, 0, 0, a), [128]);
    assert.deepEqual(light.upcalls(), [[0, 0, 1234, 0]]);
    const pressure = board(LPS25HB, { pressure: chips.LPS25HB_PRESSURE });
    pressure.set("pressure", "1000");
    pressure.driver.command(1, 0, 0, a);
    assert.deepEqual(pressure.upcalls(), [[0, 1_000_000, 0, 0]]);
    pressure.set("pressure", "1100");
    pressure.driver.command(1, 0, 0, a);
    assert.deepEqual(pressure.upcalls(), [[0, 1_100_000 - 2 ** 20, 0, 0]]);
  });

  it("a second request during a measurement succeeds and is the same one", () => {
    const { driver, upcalls } = tsl2561();
    driver.command(1, 0, 0, a);
    assert.deepEqual(driver.command(1, 0, 0, a), [128]);
    assert.equal(upcalls().length, 1);
  });

  it("belong to who called first, until that is gone", () => {
    for (const [make, error] of [
      [tsl2561, 9],
      [l3gd20, 5],
    ] as const) {
      const { driver, grant, upcalls } = make();
      driver.command(1, 0, 0, a);
      assert.deepEqual(driver.command(0, 0, 0, b), [128]);
      assert.deepEqual(driver.command(1, 0, 0, b), [0, error]);
      upcalls();
      grant.kill(a);
      assert.deepEqual(driver.command(1, 0, 0, b), [128]);
    }
  });

  it("L3GD20 answers every command, in words that depend on its scale", () => {
    const { driver, set, upcalls } = l3gd20();
    set("rotation", "70,-7,300");
    const answers = [
      [1, 0],
      [2, 0],
      [6, 0],
      [3, 1],
      [6, 0],
      [3, 2],
      [6, 0],
      [4, 0],
      [5, 1],
      [7, 0],
    ].map(([command, argument]) => {
      assert.deepEqual(driver.command(command as number, argument as number, 0, a), [128]);
      assert.deepEqual(driver.command(2, 0, 0, a), [0, 2]);
      return upcalls()[0]?.slice(1);
    });
    assert.deepEqual(answers, [
      [1, 1, 0],
      [0, 0, 0],
      [8000, -800, 32767],
      [0, 0, 0],
      [4000, -400, 17143],
      [0, 0, 0],
      [1000, -100, 4286],
      [0, 0, 0],
      [0, 0, 0],
      [0, 0, 0],
    ]);
  });

  it("an L3GD20 whose owner goes during an operation is busy for good", () => {
    const { driver, grant, upcalls } = l3gd20();
    driver.command(6, 0, 0, a);
    grant.kill(a);
    assert.deepEqual(upcalls(), []);
    assert.deepEqual(driver.command(6, 0, 0, b), [0, 2]);
  });

  it("LSM6DSOX serves everybody, one at a time, and knows eleven rates", () => {
    const { driver, grant, upcalls } = board(LSM6DSOX);
    assert.deepEqual(driver.command(2, 11, 0, a), [0, 6]);
    assert.deepEqual(driver.command(1, 0, 0, a), [128]);
    assert.deepEqual(driver.command(3, 10, 0, b), [0, 2]);
    assert.deepEqual(upcalls(), [[0, 0, 1, 0]]);
    assert.deepEqual(driver.command(3, 10, 0, b), [128]);
    assert.deepEqual(upcalls(), [[1, 0, 1, 0]]);
    driver.command(2, 0, 0, a);
    grant.kill(a);
    assert.deepEqual(upcalls(), []);
    assert.deepEqual(driver.command(2, 0, 0, b), [128]);
    assert.deepEqual(driver.command(4, 0, 0, b), [0, 10]);
  });

  it("saved during an operation and loaded elsewhere, it ends it", () => {
    const first = board(LSM6DSOX);
    first.driver.command(1, 0, 0, a);
    const second = board(LSM6DSOX);
    second.driver.load(structuredClone(first.driver.save()));
    second.grant.load(first.grant.save());
    second.bench.clock.load(first.bench.clock.save());
    assert.deepEqual(second.driver.command(1, 0, 0, b), [0, 2]);
    second.driver.allocateGrant(a);
    assert.deepEqual(second.upcalls(), [[0, 0, 1, 0]]);
  });
});
