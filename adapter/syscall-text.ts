// System calls, drivers and errors in words: TRD 104 and capsules/core/src/driver.rs of Tock.
import { hex, type Syscall, SyscallClass } from "../emulator/index.js";

/** Drivers by number. */
export const driverNames: Readonly<Record<number, string>> = {
  0: "Alarm",
  1: "Console",
  2: "LED",
  3: "Button",
  4: "GPIO",
  5: "ADC",
  6: "DAC",
  7: "Analog comparator",
  8: "Low-level debug",
  9: "Read-only state",
  16: "PWM",
  65536: "IPC",
  65537: "App loader",
  65538: "Process info",
  131073: "SPI controller",
  131074: "SPI peripheral",
  131075: "I2C master",
  131077: "USB user",
  131078: "I2C master/slave",
  131079: "CAN",
  196608: "BLE advertising",
  196609: "IEEE 802.15.4",
  196610: "UDP",
  196611: "LoRa PHY SPI",
  196612: "LoRa PHY GPIO",
  196613: "Thread",
  196614: "EUI-64",
  196615: "Ethernet TAP",
  196616: "Wi-Fi",
  262145: "RNG",
  262146: "CRC",
  262147: "HMAC",
  262148: "CTAP HID",
  262149: "SHA",
  262150: "AES",
  327680: "App flash",
  327681: "Nonvolatile storage",
  327682: "SD card",
  327683: "Key-value",
  327684: "Isolated nonvolatile storage",
  393216: "Temperature",
  393217: "Humidity",
  393218: "Ambient light",
  393220: "Nine degrees of freedom",
  393221: "Proximity",
  393222: "Sound pressure",
  393223: "Air quality",
  393224: "Pressure",
  393225: "Distance",
  393226: "Moisture",
  393227: "Rainfall",
  458752: "TSL2561",
  458753: "TMP006",
  458756: "LPS25HB",
  458757: "L3GD20",
  458758: "LSM303DLHC",
  458759: "MLX90614",
  458760: "LSM6DSOXTR",
  524288: "LTC294X",
  524289: "MAX17205",
  524290: "PCA9544A",
  524291: "GPIO async",
  524292: "nRF51822 serialization",
  589824: "Buzzer",
  589825: "Screen",
  589826: "Touch",
  589827: "Text screen",
  589828: "Seven segment",
  589829: "Keyboard HID",
  589831: "Date and time",
  589832: "Cycle count",
  589833: "Servo",
  629145: "Encryption oracle",
};

/** `Console (0x1)`, or the bare number of a driver that Tock does not know. */
export const driverText = (driver: number): string => {
  const name = driverNames[driver];
  return name === undefined ? `driver ${hex(driver)}` : `${name} (${hex(driver)})`;
};

const folded = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");

/** The number of a driver that Tock knows by this name, whatever its case, spaces and hyphens. */
export function driverNamed(name: string): number | undefined {
  const found = Object.entries(driverNames).find(([, known]) => folded(known) === folded(name));
  return found && Number(found[0]);
}

const memops = [
  "brk",
  "sbrk",
  "start of RAM",
  "end of RAM",
  "start of flash",
  "end of flash",
  "start of grants",
  "number of writeable flash regions",
  "start of writeable flash region",
  "end of writeable flash region",
  "tell stack top",
  "tell heap start",
];

/** What a memop is for, or its bare number. */
export const memopName = (operation: number): string => memops[operation] ?? String(operation);

/** One line about a system call, e.g. `command Console (0x1) 1 (14, 0)`. */
export function syscallText({ class: kind, arguments: [r0, r1, r2, r3] }: Syscall): string {
  const slot = `${driverText(r0)} ${r1}`;
  switch (kind) {
    case SyscallClass.Yield:
      return yieldText(r0, r1, r2);
    case SyscallClass.Subscribe:
      return `subscribe ${slot} to ${hex(r2)}, userdata ${hex(r3)}`;
    case SyscallClass.Command:
      return `command ${slot} (${r2}, ${r3})`;
    case SyscallClass.ReadWriteAllow:
      return `allow read-write ${slot}: ${hex(r2)}, ${r3} bytes`;
    case SyscallClass.ReadOnlyAllow:
      return `allow read-only ${slot}: ${hex(r2)}, ${r3} bytes`;
    case SyscallClass.UserspaceReadableAllow:
      return `allow userspace-readable ${slot}: ${hex(r2)}, ${r3} bytes`;
    case SyscallClass.Memop:
      return `memop ${r0} (${memops[r0] ?? "unknown"}), ${hex(r1)}`;
    case SyscallClass.Exit:
      return `${["exit-terminate", "exit-restart"][r0] ?? `exit ${r0}`}, completion code ${r1}`;
    default:
      return `class ${kind} (${[r0, r1, r2, r3].map(r => hex(r)).join(", ")})`;
  }
}

function yieldText(variant: number, r1: number, r2: number): string {
  if (variant === 2) return `yield-wait-for ${driverText(r1)} ${r2}`;
  return ["yield-no-wait", "yield-wait"][variant] ?? `yield ${variant}`;
}
