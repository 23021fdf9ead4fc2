// Analog comparators (boards/components/src/analog_comparator.rs).
import { ComparatorDevice, type ComparatorOptions } from "../../devices/analog-comparator.js";
import {
  ANALOG_COMPARATOR_GRANT,
  AnalogComparatorDriver,
} from "../../kernel/capsules/analog-comparator.js";
import type { Workbench } from "./workbench.js";

/** `channels`: the number of the comparator behind each channel of the driver. */
export function createAnalogComparator(
  bench: Workbench,
  channels: readonly number[],
  options: ComparatorOptions,
): void {
  const comparators = new Map(
    [...new Set(channels)].map(index => [
      index,
      bench.device(new ComparatorDevice(bench.clock, index, options)),
    ]),
  );
  const driver = new AnalogComparatorDriver(
    channels.map(index => comparators.get(index) as ComparatorDevice),
    bench.grant(ANALOG_COMPARATOR_GRANT),
  );
  bench.driver(ANALOG_COMPARATOR_GRANT.driver, driver);
}
