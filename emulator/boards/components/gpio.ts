// The GPIO pins of a board and the wires between them (boards/components/src/gpio.rs).
import type { Clock } from "../../base/clock.js";
import { UserError } from "../../base/errors.js";
import type { Trace } from "../../base/trace.js";
import { GpioDevice, type PinOptions } from "../../devices/gpio.js";

/** Pins by their numbers in the GPIO driver; `undefined` where a number has no pin. */
export function gpioPins(
  clock: Clock,
  trace: Trace,
  numbers: readonly number[],
  options: PinOptions,
): (GpioDevice | undefined)[] {
  return Array.from({ length: Math.max(...numbers) + 1 }, (_, index) =>
    numbers.includes(index) ? new GpioDevice(clock, trace, index, options) : undefined,
  );
}

/** Joins pins by wires; throws a `UserError` for a wire to a pin that the board does not have. */
export function connectWires(
  pins: readonly (GpioDevice | undefined)[],
  wires: readonly (readonly [number, number])[],
): void {
  for (const wire of wires) {
    const [from, to] = wire.map(number => {
      const pin = pins[number];
      if (pin !== undefined) return pin;
      const numbers = pins.flatMap(p => (p === undefined ? [] : [p.index]));
      throw new UserError(
        `Wire ${wire.join("-")}: the board has no GPIO pin ${number}; it has ${numbers.join(", ")}.`,
      );
    }) as [GpioDevice, GpioDevice];
    from.connect(to);
  }
}
