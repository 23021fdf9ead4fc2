// A buzzer made of a pin with pulses and an alarm (capsules/extra/src/buzzer_pwm.rs). Its state is theirs.
import type { Buzzer, BuzzerClient, OutputFailure, PwmPin } from "../../hil/outputs.js";
import type { Alarm, AlarmClient } from "../../hil/time.js";

const MAX_BUZZ_TIME_MS = 5000;

export class PwmBuzzer implements Buzzer, AlarmClient {
  readonly #pin: PwmPin;
  readonly #alarm: Alarm;
  #client: BuzzerClient | undefined;

  constructor(pin: PwmPin, alarm: Alarm) {
    this.#pin = pin;
    this.#alarm = alarm;
    alarm.setAlarmClient(this);
  }

  setBuzzerClient(client: BuzzerClient): void {
    this.#client = client;
  }

  buzz(frequencyHz: number, durationMs: number): OutputFailure | undefined {
    const failure = this.#pin.start(frequencyHz, Math.floor(this.#pin.maximumDutyCycle / 2));
    if (failure !== undefined) return failure;
    const { frequency } = this.#alarm;
    const duration = Math.min(durationMs, MAX_BUZZ_TIME_MS);
    // Upstream's product has 32 bits.
    const ticks = Math.floor((Math.imul(duration, frequency) >>> 0) / 1000);
    this.#alarm.setAlarm(this.#alarm.now(), ticks);
    return undefined;
  }

  stop(): OutputFailure | undefined {
    this.#alarm.disarm();
    this.#alarm.setAlarm(this.#alarm.now(), 0);
    return undefined;
  }

  alarm(): void {
    this.#client?.buzzerDone(this.#pin.stop());
  }
}
