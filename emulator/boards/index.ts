// The boards by name, so that a front end can list and build them.

import { bare } from "./bare.js";
import type { BoardOptions, TockBoard } from "./board.js";
import { microbit_v2 } from "./microbit_v2.js";
import { nrf52840dk } from "./nrf52840dk.js";
import { raspberry_pi_pico } from "./raspberry_pi_pico.js";

export interface BoardDescription {
  name: string;
  /** One line for a list of boards. */
  description: string;
  /** As in the name of a TBF in a TAB, such as `cortex-m4`. */
  architecture: string;
  /** Where app flash lies: an app with a fixed flash address must fit. */
  appFlash: { address: number; size: number };
  /** Names of what can be given as an input. */
  inputs: readonly string[];
  leds: number;
  build(options?: BoardOptions): TockBoard;
}

const numbered = (device: string, numbers: readonly number[]): string[] =>
  numbers.map(number => `${device}${number}`);

/** Boards that run Tock apps under our kernel. */
export const boards: readonly BoardDescription[] = [
  {
    name: "nrf52840dk",
    description:
      "Nordic nRF52840 DK: Cortex-M4 64 MHz, 1 MiB flash, 256 KiB RAM, 4 LEDs, 4 buttons",
    architecture: "cortex-m4",
    appFlash: { address: 0x40000, size: 0xc0000 },
    inputs: [
      "console",
      ...numbered("button", [0, 1, 2, 3]),
      ...numbered("gpio", [0, 1, 2, 3, 4, 5, 6, 7, 10, 11, 12, 13]),
      "temperature",
      "processes",
    ],
    leds: 4,
    build: nrf52840dk,
  },
  {
    name: "microbit_v2",
    description:
      "BBC micro:bit v2: Cortex-M4 64 MHz, 512 KiB flash, 128 KiB RAM, 5x5 LEDs, 3 buttons",
    architecture: "cortex-m4",
    appFlash: { address: 0x40000, size: 0x40000 },
    inputs: [
      "console",
      ...numbered("button", [0, 1, 2]),
      ...numbered("gpio", [9, 16]),
      "temperature",
      "processes",
    ],
    leds: 25,
    build: microbit_v2,
  },
  {
    name: "raspberry_pi_pico",
    description: "Raspberry Pi Pico: Cortex-M0+ 125 MHz, 2 MiB flash, 264 KiB RAM, 1 LED",
    architecture: "cortex-m0",
    appFlash: { address: 0x10040000, size: 0x40000 },
    inputs: [
      "console",
      ...numbered("gpio", [2, 3, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 20, 21, 22, 23, 24]),
      "temperature",
      "processes",
    ],
    leds: 1,
    build: raspberry_pi_pico,
  },
];

/** The board without a kernel: it takes one image instead of apps. */
export const bareBoard = {
  name: "bare",
  description: "No kernel: one Cortex-M0+, M3 or M4 image that ends itself by semihosting",
  build: bare,
} as const;
