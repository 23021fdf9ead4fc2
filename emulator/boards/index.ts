// The boards by name, so that a front end can list and build them.
import { bare } from "./bare.js";
import type { BoardDescription } from "./board.js";
import { everything } from "./everything.js";
import { hail } from "./hail.js";
import { imix } from "./imix.js";
import { microbit_v2 } from "./microbit_v2.js";
import { nrf52840dk } from "./nrf52840dk.js";
import { nrf52840dkTests } from "./nrf52840dk-tests.js";
import { nrf52840dkTutorials } from "./nrf52840dk-tutorials.js";
import { nucleo_f446re } from "./nucleo_f446re.js";
import { raspberry_pi_pico } from "./raspberry_pi_pico.js";

/** Boards that run Tock apps under our kernel. */
export const boards: readonly BoardDescription[] = [
  nrf52840dk,
  microbit_v2,
  hail,
  imix,
  nucleo_f446re,
  raspberry_pi_pico,
  everything,
  ...nrf52840dkTests,
  ...nrf52840dkTutorials,
];

/** The board without a kernel: it takes one image instead of apps. */
export const bareBoard = {
  name: "bare",
  description: "No kernel: one Cortex-M0+, M3 or M4 image that ends itself by semihosting",
  build: bare,
} as const;
