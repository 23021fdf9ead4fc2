import assert from "node:assert/strict";
import { AlarmDevice, NRF52_RTC } from "../../../../emulator/devices/alarm.js";
import { DacDevice } from "../../../../emulator/devices/dac.js";
import { NRF52_PWM, PwmDevice } from "../../../../emulator/devices/pwm.js";
import { ServoDevice } from "../../../../emulator/devices/servo.js";
import { BUZZER_GRANT, BuzzerDriver } from "../../../../emulator/kernel/capsules/buzzer.js";
import { DacDriver } from "../../../../emulator/kernel/capsules/dac.js";
import { Eui64 } from "../../../../emulator/kernel/capsules/eui64.js";
import { PWM_GRANT, PwmDriver } from "../../../../emulator/kernel/capsules/pwm.js";
import { PwmBuzzer } from "../../../../emulator/kernel/capsules/pwm-buzzer.js";
import { ServoDriver } from "../../../../emulator/kernel/capsules/servo.js";
import { AlarmMux, VirtualAlarm } from "../../../../emulator/kernel/capsules/virtual-alarm.js";
import { PwmMux } from "../../../../emulator/kernel/capsules/virtual-pwm.js";
import { Bench } from "../../bench.js";
import { FakeGrant } from "./fake-grant.js";

const a = { index: 0, pid: 0 };
const b = { index: 1, pid: 1 };

describe("PWM driver", () => {
  const board = (options = { maximumFrequencyHz: 1_000_000, maximumDutyCycle: 10_000 }) => {
    const bench = new Bench();
    const pins = [0, 1].map(i => new PwmDevice(`pwm${i}`, bench.trace, options));
    const grant = new FakeGrant(PWM_GRANT);
    return { pins, grant, driver: new PwmDriver(pins, grant) };
  };
  const at = (duty: number, pin: number) => ((duty << 16) | pin) >>> 0;

  it("tells its pins and their greatest frequency", () => {
    const { driver } = board();
    assert.deepEqual(driver.command(0, 0, 0, a), [128]);
    assert.deepEqual(driver.command(4, 0, 0, a), [129, 2]);
    assert.deepEqual(driver.command(3, 1, 0, a), [129, 1_000_000]);
    assert.deepEqual(driver.command(5, 0, 0, a), [0, 10]);
    for (const command of [1, 2, 3])
      assert.deepEqual(driver.command(command, at(1, 2), 1, a), [0, 6]);
  });

  it("a pin belongs to who started it until that stops it, dead or alive", () => {
    const { driver, pins, grant } = board();
    assert.deepEqual(driver.command(1, at(2500, 1), 50, a), [128]);
    assert.deepEqual(pins[1]?.shown(), { frequency: 50, duty: 25 });
    assert.deepEqual(driver.command(1, at(1, 1), 50, b), [0, 5]);
    assert.deepEqual(driver.command(2, 1, 0, b), [0, 5]);
    grant.kill(a);
    assert.deepEqual(driver.command(2, 1, 0, b), [0, 5]);
    assert.deepEqual(driver.command(2, 1, 0, a), [128]);
    assert.deepEqual(pins[1]?.shown(), { frequency: 0, duty: 0 });
    assert.deepEqual(driver.command(2, 1, 0, a), [0, 4]);
    assert.deepEqual(driver.command(1, at(1, 1), 50, b), [128]);
  });

  it("on the nRF52 half is not half: the product of 32 bits overflows", () => {
    const { driver, pins } = board(NRF52_PWM);
    driver.command(1, at(5000, 0), 1000, a);
    assert.equal(pins[0]?.shown().duty, 1.68);
  });

  it("saved and loaded elsewhere, it knows who has which pin", () => {
    const first = board();
    first.driver.command(1, at(1, 0), 50, a);
    const second = board();
    second.driver.load(structuredClone(first.driver.save()));
    assert.deepEqual(second.driver.command(2, 0, 0, b), [0, 5]);
    assert.deepEqual(second.driver.command(2, 0, 0, a), [128]);
  });
});

describe("PWM multiplexer", () => {
  const board = () => {
    const bench = new Bench();
    const mux = new PwmMux();
    const pins = [0, 1, 2].map(i => new PwmDevice(`pwm${i}`, bench.trace, NRF52_PWM));
    const users = pins.map(pin => mux.user(pin));
    const running = () => pins.map(pin => pin.shown().frequency);
    return { mux, users, running };
  };

  it("one pin runs at a time; the others wait until it stops, last registered first", () => {
    const { users, running } = board();
    for (const [i, user] of users.entries()) user.start(100 + i, 1);
    assert.deepEqual(running(), [100, 0, 0]);
    users[0]?.start(200, 1);
    assert.deepEqual(running(), [200, 0, 0]);
    users[0]?.stop();
    assert.deepEqual(running(), [0, 0, 102]);
    users[2]?.stop();
    assert.deepEqual(running(), [0, 101, 0]);
  });

  it("a stop takes back a start that waits, and is nothing where nothing runs", () => {
    const { users, running } = board();
    users[1]?.stop();
    users[0]?.start(100, 1);
    users[1]?.start(101, 1);
    users[1]?.stop();
    users[0]?.stop();
    assert.deepEqual(running(), [0, 0, 0]);
    users[2]?.start(102, 1);
    assert.deepEqual(running(), [0, 0, 102]);
  });

  it("saved and loaded elsewhere, who waits is started", () => {
    const first = board();
    first.users[0]?.start(100, 1);
    first.users[1]?.start(101, 1);
    const second = board();
    second.mux.load(structuredClone(first.mux.save()));
    second.users[0]?.stop();
    assert.deepEqual(second.running(), [0, 101, 0]);
  });
});

describe("buzzer driver", () => {
  const board = () => {
    const bench = new Bench();
    const alarm = bench.add(new AlarmDevice(bench.clock, NRF52_RTC));
    const pin = new PwmDevice("buzzer", bench.trace, NRF52_PWM);
    const mux = new AlarmMux(alarm);
    const grant = new FakeGrant(BUZZER_GRANT);
    const driver = new BuzzerDriver(new PwmBuzzer(pin, new VirtualAlarm(mux)), grant);
    const tone = () => pin.shown().frequency;
    const ended = () => grant.takeUpcalls().map(u => [u.process, u.arguments[0]]);
    return { bench, alarm, pin, mux, grant, driver, tone, ended };
  };

  it("sounds for as long as it is told, half the time on", () => {
    const { bench, driver, pin, tone, ended } = board();
    assert.deepEqual(driver.command(0, 0, 0, a), [128]);
    assert.deepEqual(driver.command(4, 0, 0, a), [0, 10]);
    assert.deepEqual(driver.command(1, 440, 100, a), [128]);
    assert.deepEqual(pin.shown(), { frequency: 440, duty: 50 });
    bench.runMs(99);
    assert.equal(tone(), 440);
    bench.runMs(2);
    assert.equal(tone(), 0);
    assert.deepEqual(ended(), [[0, 0]]);
  });

  it("no tone lasts longer than 5 s", () => {
    const { bench, driver, tone } = board();
    for (const command of [1, 2]) {
      driver.command(command, 440, 60_000, a);
      bench.runMs(4999);
      assert.equal(tone(), 440);
      bench.runMs(2);
      assert.equal(tone(), 0);
    }
  });

  it("keeps one request per process for the end of a tone", () => {
    const { bench, driver, tone, ended } = board();
    driver.command(1, 100, 10, a);
    assert.deepEqual(driver.command(1, 200, 10, b), [128]);
    assert.deepEqual(driver.command(1, 300, 10, b), [0, 9]);
    assert.deepEqual(driver.command(1, 400, 10, a), [128]);
    const heard: number[] = [];
    for (let i = 0; i < 4; i++) {
      heard.push(tone());
      bench.runMs(11);
    }
    assert.deepEqual(heard, [100, 400, 200, 0]);
    assert.deepEqual(ended(), [
      [0, 0],
      [0, 0],
      [1, 0],
    ]);
  });

  it("a tone of the app's own can be replaced and stopped, one of another not", () => {
    const { bench, driver, tone, ended } = board();
    assert.deepEqual(driver.command(3, 0, 0, a), [0, 4]);
    driver.command(2, 100, 1000, a);
    assert.deepEqual(driver.command(2, 200, 1000, b), [0, 5]);
    assert.deepEqual(driver.command(3, 0, 0, b), [0, 5]);
    assert.deepEqual(driver.command(2, 300, 1000, a), [128]);
    assert.equal(tone(), 300);
    assert.deepEqual(driver.command(3, 0, 0, a), [128]);
    bench.runMs(1);
    assert.equal(tone(), 0);
    assert.deepEqual(ended(), [[0, 0]]);
  });

  it("a tone of a process that is gone ends, and the next one sounds", () => {
    const { bench, driver, grant, tone, ended } = board();
    driver.command(1, 100, 10, a);
    driver.command(1, 200, 10, b);
    grant.kill(a);
    bench.runMs(11);
    assert.equal(tone(), 200);
    assert.deepEqual(ended(), []);
  });

  it("saved during a tone and loaded elsewhere, it ends it", () => {
    const first = board();
    first.driver.command(1, 440, 100, a);
    const second = board();
    second.driver.load(structuredClone(first.driver.save()));
    second.pin.load(first.pin.save());
    second.mux.load(structuredClone(first.mux.save()));
    second.alarm.load(first.alarm.save());
    second.grant.load(first.grant.save());
    second.bench.clock.load(first.bench.clock.save());
    second.bench.runMs(101);
    assert.equal(second.tone(), 0);
    assert.deepEqual(second.grant.takeUpcalls().length, 1);
  });
});

describe("servo driver", () => {
  it("turns its servos, which cannot tell their angle", () => {
    const bench = new Bench();
    const servos = [0, 1].map(i => new ServoDevice(bench.trace, i));
    const driver = new ServoDriver(servos);
    assert.deepEqual(driver.command(0, 0, 0), [128]);
    assert.deepEqual(driver.command(1, 0, 0), [129, 2]);
    assert.deepEqual(driver.command(2, 1, 90), [128]);
    assert.equal(servos[1]?.shown(), 90);
    assert.deepEqual(driver.command(2, 1, 181), [0, 1]);
    assert.deepEqual(driver.command(2, 1, 65_536), [0, 6]);
    assert.deepEqual(driver.command(3, 1, 0), [0, 10]);
    for (const command of [2, 3]) assert.deepEqual(driver.command(command, 2, 0), [0, 11]);
    assert.deepEqual(driver.command(4, 0, 0), [0, 10]);
    assert.equal(driver.allocateGrant(), undefined);
  });
});

describe("DAC driver", () => {
  it("puts out a number", () => {
    const dac = new DacDevice(new Bench().trace);
    const driver = new DacDriver(dac);
    assert.deepEqual(driver.command(0, 0), [128]);
    assert.deepEqual(driver.command(1, 0), [128]);
    assert.deepEqual(driver.command(2, 100), [128]);
    assert.equal(dac.shown(), 100);
    assert.deepEqual(driver.command(3, 0), [0, 10]);
    assert.equal(driver.allocateGrant(), undefined);
  });
});

describe("EUI-64 driver", () => {
  it("tells the identifier in two words, low one first", () => {
    const driver = new Eui64(0x0011_2233_4455_6677n);
    assert.deepEqual(driver.command(0), [128]);
    assert.deepEqual(driver.command(1), [131, 0x44556677, 0x00112233]);
    assert.deepEqual(driver.command(2), [0, 10]);
    assert.equal(driver.allocateGrant(), undefined);
  });
});
