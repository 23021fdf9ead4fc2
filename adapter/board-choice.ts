// The board of a launch that leaves the choice to us: the nRF52840 DK, or the board with all drivers if an app needs one
// that the nRF52840 DK lacks. Both have the same memory map, so an app that fits one fits the other.
import {
  type BoardDescription,
  boards,
  type Elf,
  everything,
  nrf52840dk,
} from "../emulator/index.js";
import type { App } from "./apps.js";
import { driversUsed } from "./drivers-used.js";
import * as errors from "./errors.js";
import { AUTOMATIC } from "./launch.js";
import { driverText } from "./syscall-text.js";

/** The board by that name; for `auto` the one to read the apps for. @throws UserError for a name not among those known */
export function boardNamed(name: string, others: readonly string[] = []): BoardDescription {
  if (name === AUTOMATIC) return nrf52840dk;
  const board = boards.find(b => b.name === name);
  if (board !== undefined) return board;
  throw errors.unknownBoard(name, [...boards.map(b => b.name), ...others]);
}

const LOW_LEVEL_DEBUG = 0x8;

/** The panic handler of libtock-rs asks for low-level debug in every app, and does without where it is missing. */
export const canDoWithout = (driver: number, elf: Elf): boolean =>
  driver === LOW_LEVEL_DEBUG && elf.symbols.some(({ name }) => name.includes("rust_begin_unwind"));

/** Where the apps of an automatic launch run, and one sentence if it is not the nRF52840 DK. */
export function chooseBoard(apps: readonly App[]): { board: BoardDescription; notice?: string } {
  const { drivers, machine } = nrf52840dk.build();
  const all = everything.build().drivers;
  for (const { elf, tbf, name } of apps) {
    if (elf === undefined) continue;
    const lacking = [...driversUsed(elf, machine.cpu.isa)].find(
      driver => all.has(driver) && !drivers.has(driver) && !canDoWithout(driver, elf),
    );
    if (lacking === undefined) continue;
    const who = name ?? tbf.header.name ?? "The app";
    const notice = `${who} uses ${driverText(lacking)}, which ${nrf52840dk.name} lacks, so it runs on the board "${everything.name}"; name another in "board".`;
    return { board: everything, notice };
  }
  return { board: nrf52840dk };
}
