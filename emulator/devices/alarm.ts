// A counter with one compare register: the nRF52 RTC (chips/nrf5x/src/rtc.rs; product specification, RTC) and its like.
import type { Clock } from "../base/clock.js";
import { withinRange, wrappingAdd, wrappingSub } from "../base/ticks.js";
import type { Alarm, AlarmClient } from "../hil/time.js";
import type { Device } from "./device.js";

export interface AlarmOptions {
  name: string;
  /** Bits of the counter, up to 32. */
  width: number;
  /** Ticks per second; the counter stands at 0 at power-on and after a reset. */
  frequency: number;
  /** Ticks that a compare value must lie in the future to be noticed by the hardware. */
  syncTicks: number;
  /** Smallest useful `dt` in ticks. */
  minimumDt: number;
}

export interface AlarmState {
  compare: number;
  armed: boolean;
  /** Cycle at which the counter stood at 0. */
  start: number;
}

/** The RTC of the nRF52 family as Tock sets it up. */
export const NRF52_RTC: AlarmOptions = {
  name: "alarm",
  width: 24,
  frequency: 32768,
  syncTicks: 2,
  minimumDt: 10,
};

/** The timer of the RP2040 (chips/rp2040/src/timer.rs). */
export const RP2040_TIMER: AlarmOptions = {
  name: "alarm",
  width: 32,
  frequency: 1_000_000,
  syncTicks: 50,
  minimumDt: 50,
};

/** The AST of the SAM4L (chips/sam4l/src/ast.rs): 32 kHz halved. */
export const SAM4L_AST: AlarmOptions = {
  name: "alarm",
  width: 32,
  frequency: 16_000,
  syncTicks: 8,
  minimumDt: 8,
};

/** TIM2 of the STM32F4 (chips/stm32f4xx/src/tim2.rs). */
export const STM32F4_TIM2: AlarmOptions = {
  name: "alarm",
  width: 32,
  frequency: 16_000,
  syncTicks: 1,
  minimumDt: 1,
};

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

/** An event is scheduled only while the alarm is set. */
export class AlarmDevice implements Device<AlarmState>, Alarm {
  readonly name: string;
  readonly width: number;
  readonly frequency: number;
  readonly minimumDt: number;
  readonly #clock: Clock;
  readonly #syncTicks: number;
  /** `#ticks` ticks pass in exactly `#cycles` cycles. */
  readonly #ticks: number;
  readonly #cycles: number;
  #client: AlarmClient | undefined;
  #state: AlarmState = { compare: 0, armed: false, start: 0 };

  constructor(clock: Clock, options: AlarmOptions = NRF52_RTC) {
    this.name = options.name;
    this.width = options.width;
    this.frequency = options.frequency;
    this.minimumDt = options.minimumDt;
    this.#clock = clock;
    this.#syncTicks = options.syncTicks;
    const divisor = gcd(options.frequency, clock.frequency);
    this.#ticks = options.frequency / divisor;
    this.#cycles = clock.frequency / divisor;
  }

  now(): number {
    return this.#ticksSinceReset() % 2 ** this.width;
  }

  setAlarmClient(client: AlarmClient): void {
    this.#client = client;
  }

  setAlarm(reference: number, dt: number): void {
    const { width } = this;
    const now = this.now();
    let compare = wrappingAdd(reference, dt, width);
    const early = wrappingSub(compare, now, width) <= this.#syncTicks;
    if (early || !withinRange(now, reference, compare, width)) {
      compare = wrappingAdd(now, this.#syncTicks, width);
    }
    this.#state.compare = compare;
    this.#state.armed = true;
    const at = this.#ticksSinceReset() + wrappingSub(compare, now, width);
    this.#clock.cancel(this.name);
    this.#clock.schedule(this.name, 0, this.#cycleOf(at) - this.#clock.now);
  }

  getAlarm(): number {
    return this.#state.compare;
  }

  disarm(): void {
    this.#state.armed = false;
    this.#clock.cancel(this.name);
  }

  isArmed(): boolean {
    return this.#state.armed;
  }

  reset(): void {
    this.#state = { compare: 0, armed: false, start: this.#clock.now };
  }

  onEvent(): void {
    this.#state.armed = false;
    this.#client?.alarm();
  }

  save(): AlarmState {
    return { ...this.#state };
  }

  load(state: AlarmState): void {
    this.#state = { ...state };
  }

  // Whole periods and remainder are scaled apart, so that no product leaves the exact integers.
  #ticksSinceReset(): number {
    const passed = this.#clock.now - this.#state.start;
    const rest = passed % this.#cycles;
    const periods = (passed - rest) / this.#cycles;
    return periods * this.#ticks + Math.floor((rest * this.#ticks) / this.#cycles);
  }

  /** First cycle at which the counter has seen `ticks` ticks. */
  #cycleOf(ticks: number): number {
    const rest = ticks % this.#ticks;
    const periods = (ticks - rest) / this.#ticks;
    const passed = periods * this.#cycles + Math.ceil((rest * this.#cycles) / this.#ticks);
    return this.#state.start + passed;
  }
}
