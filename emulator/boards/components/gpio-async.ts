// Port expanders (boards/components/src/{gpio_async,mcp230xx}.rs): `port0` and so on.
import { PortExpander } from "../../devices/port-expander.js";
import { GPIO_ASYNC_GRANT, GpioAsyncDriver } from "../../kernel/capsules/gpio-async.js";
import type { Workbench } from "./workbench.js";

export function createGpioAsync(bench: Workbench, ports: number, pins: number): void {
  const expanders = Array.from({ length: ports }, (_, index) =>
    bench.device(new PortExpander(bench.clock, bench.trace, { index, pins })),
  );
  const driver = new GpioAsyncDriver(expanders, bench.grant(GPIO_ASYNC_GRANT));
  bench.driver(GPIO_ASYNC_GRANT.driver, driver);
}
