// What a board is on a USB cable (boards/components/src/{usb,keyboard_hid}.rs).
import { KeyboardDevice } from "../../devices/keyboard.js";
import { UsbDevice } from "../../devices/usb.js";
import { KEYBOARD_HID_GRANT, UsbHidDriver } from "../../kernel/capsules/usb-hid.js";
import { USB_USER_GRANT, UsbUserDriver } from "../../kernel/capsules/usb-user.js";
import type { Workbench } from "./workbench.js";

/** A keyboard; the board has attached it to a computer. */
export function createKeyboardHid(bench: Workbench): void {
  const device = bench.device(new KeyboardDevice(bench.clock, bench.trace));
  const driver = new UsbHidDriver(device, bench.grant(KEYBOARD_HID_GRANT));
  bench.driver(KEYBOARD_HID_GRANT.driver, driver);
}

/** A controller that apps can attach. */
export function createUsbUser(bench: Workbench): void {
  const device = bench.device(new UsbDevice(bench.trace));
  bench.driver(USB_USER_GRANT.driver, new UsbUserDriver(device, bench.grant(USB_USER_GRANT)));
}
