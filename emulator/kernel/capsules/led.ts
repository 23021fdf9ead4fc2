// LEDs, driver 0x2 (capsules/core/src/led.rs). No grant.
//
//   command 0                number of LEDs
//   command 1  index         on
//   command 2  index         off
//   command 3  index         toggle
//   command 4  index         1 if lit, else 0
import type { Led } from "../../hil/led.js";
import type { SyscallDriver } from "../driver.js";
import { ErrorCode, Return, type SyscallReturn } from "../syscalls.js";

export const LED_DRIVER = 0x2;

export class LedDriver implements SyscallDriver {
  readonly #leds: readonly Led[];

  constructor(leds: readonly Led[]) {
    this.#leds = leds;
    for (const led of leds) led.off();
  }

  command(commandNum: number, index: number): SyscallReturn {
    if (commandNum === 0) return Return.successU32(this.#leds.length);
    if (commandNum > 4) return Return.failure(ErrorCode.NOSUPPORT);
    const led = this.#leds[index];
    if (!led) return Return.failure(ErrorCode.INVAL);
    switch (commandNum) {
      case 1:
        led.on();
        return Return.success();
      case 2:
        led.off();
        return Return.success();
      case 3:
        led.toggle();
        return Return.success();
      default:
        return Return.successU32(led.read() ? 1 : 0);
    }
  }

  allocateGrant(): undefined {
    return undefined;
  }
}
