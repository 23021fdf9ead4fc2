// Analog to digital conversion (boards/components/src/adc.rs): one input device per channel, `adc0` and so on.
import { AdcDevice, type AdcOptions } from "../../devices/adc.js";
import { AnalogInput } from "../../devices/analog-input.js";
import { ADC_GRANT, AdcDedicated } from "../../kernel/capsules/adc.js";
import { ADC_VIRTUALIZED_GRANT, AdcVirtualized } from "../../kernel/capsules/adc-virtualized.js";
import type { Workbench } from "./workbench.js";

function converterOn(bench: Workbench, channels: number, options: AdcOptions): AdcDevice {
  const inputs = Array.from({ length: channels }, (_, i) =>
    bench.device(new AnalogInput(`adc${i}`, options.fullScale)),
  );
  return bench.device(new AdcDevice(bench.clock, inputs, options));
}

/** For one process at a time, with buffers. */
export function createAdcDedicated(bench: Workbench, channels: number, options: AdcOptions): void {
  const adc = converterOn(bench, channels, options);
  bench.driver(ADC_GRANT.driver, new AdcDedicated(adc, channels, bench.grant(ADC_GRANT)));
}

/** For several processes, single samples only. */
export function createAdcVirtualized(
  bench: Workbench,
  channels: number,
  options: AdcOptions,
): void {
  const adc = converterOn(bench, channels, options);
  const driver = new AdcVirtualized(adc, channels, bench.grant(ADC_VIRTUALIZED_GRANT));
  bench.driver(ADC_VIRTUALIZED_GRANT.driver, driver);
}
