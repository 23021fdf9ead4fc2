// Advertising over Bluetooth Low Energy (boards/components/src/ble.rs).
import { BleRadioDevice } from "../../devices/ble-radio.js";
import {
  BLE_ADVERTISING_GRANT,
  BleAdvertisingDriver,
} from "../../kernel/capsules/ble-advertising.js";
import type { DebugWriter } from "../../kernel/capsules/debug-writer.js";
import { type AlarmMux, VirtualAlarm } from "../../kernel/capsules/virtual-alarm.js";
import type { Workbench } from "./workbench.js";

export function createBle(bench: Workbench, alarms: AlarmMux, debugWriter: DebugWriter): void {
  const radio = bench.device(new BleRadioDevice(bench.clock, bench.trace));
  const grant = bench.grant(BLE_ADVERTISING_GRANT);
  const options = {
    radio,
    alarm: new VirtualAlarm(alarms),
    debug: (line: string) => debugWriter.debug(line),
  };
  bench.driver(BLE_ADVERTISING_GRANT.driver, new BleAdvertisingDriver(options, grant));
}
