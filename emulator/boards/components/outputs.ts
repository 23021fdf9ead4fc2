// What a board puts out (boards/components/src/{pwm,buzzer,servo,dac}.rs).
import { DacDevice } from "../../devices/dac.js";
import { PwmDevice, type PwmOptions } from "../../devices/pwm.js";
import { ServoDevice } from "../../devices/servo.js";
import type { PwmPin } from "../../hil/outputs.js";
import { BUZZER_GRANT, BuzzerDriver } from "../../kernel/capsules/buzzer.js";
import { DAC_DRIVER, DacDriver } from "../../kernel/capsules/dac.js";
import { PWM_GRANT, PwmDriver } from "../../kernel/capsules/pwm.js";
import { PwmBuzzer } from "../../kernel/capsules/pwm-buzzer.js";
import { SERVO_DRIVER, ServoDriver } from "../../kernel/capsules/servo.js";
import { type AlarmMux, VirtualAlarm } from "../../kernel/capsules/virtual-alarm.js";
import { PwmMux } from "../../kernel/capsules/virtual-pwm.js";
import type { Workbench } from "./workbench.js";

/** A generator of pulses for several pins, one at a time. */
export const createPwmMux = (bench: Workbench): PwmMux => bench.part("pwmMux", new PwmMux());

/** A pin; with a multiplexer, a user of it. */
const pinOn = (bench: Workbench, pin: PwmDevice, mux?: PwmMux): PwmPin => {
  bench.device(pin);
  return mux === undefined ? pin : mux.user(pin);
};

export function createBuzzer(
  bench: Workbench,
  alarms: AlarmMux,
  options: PwmOptions,
  mux?: PwmMux,
): void {
  const pin = pinOn(bench, new PwmDevice("buzzer", bench.trace, options, true), mux);
  const buzzer = new PwmBuzzer(pin, new VirtualAlarm(alarms));
  bench.driver(BUZZER_GRANT.driver, new BuzzerDriver(buzzer, bench.grant(BUZZER_GRANT)));
}

/** Pins `pwm0` and so on. */
export function createPwm(
  bench: Workbench,
  count: number,
  options: PwmOptions,
  mux?: PwmMux,
): void {
  const pins = Array.from({ length: count }, (_, i) =>
    pinOn(bench, new PwmDevice(`pwm${i}`, bench.trace, options), mux),
  );
  bench.driver(PWM_GRANT.driver, new PwmDriver(pins, bench.grant(PWM_GRANT)));
}

export function createServos(bench: Workbench, count: number): void {
  const servos = Array.from({ length: count }, (_, i) =>
    bench.device(new ServoDevice(bench.trace, i)),
  );
  bench.driver(SERVO_DRIVER, new ServoDriver(servos));
}

export function createDac(bench: Workbench): void {
  bench.driver(DAC_DRIVER, new DacDriver(bench.device(new DacDevice(bench.trace))));
}
