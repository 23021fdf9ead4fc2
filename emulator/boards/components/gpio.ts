// The GPIO pins of a board and the wires between them (boards/components/src/gpio.rs).
import { UserError } from "../../base/errors.js";
import { GpioDevice, type PinOptions } from "../../devices/gpio.js";
import { GPIO_GRANT, GpioDriver } from "../../kernel/capsules/gpio.js";
import type { Workbench } from "./workbench.js";

/** `numbers`: the pins' numbers in the driver, whose array has a hole where a number is missing. */
export function createGpio(
  bench: Workbench,
  numbers: readonly number[],
  options: PinOptions,
): void {
  const pins = Array.from({ length: Math.max(...numbers) + 1 }, (_, index) =>
    numbers.includes(index)
      ? bench.device(new GpioDevice(bench.clock, bench.trace, index, options))
      : undefined,
  );
  connectWires(pins, bench.wires);
  bench.driver(GPIO_GRANT.driver, new GpioDriver(pins, bench.grant(GPIO_GRANT)));
}

/** Joins pins by wires; throws a `UserError` for a wire to a pin that the board does not have. */
function connectWires(pins: readonly (GpioDevice | undefined)[], wires: Workbench["wires"]): void {
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
