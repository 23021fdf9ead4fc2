// Runs one guest program on a board with a test driver at number 0x99.
import type { Stop } from "../../../emulator/index.js";
import { type AppOptions, type Assembler, tbf } from "../guest.js";
import { type TestBoardOptions, testBoard } from "../test-board.js";
import { TestDriver } from "./test-driver.js";

export const DRIVER = 0x99;
const ENOUGH = 1_000_000;

export function boardWith(
  programs: readonly Assembler[],
  options: Partial<TestBoardOptions> & { app?: AppOptions } = {},
) {
  let driver: TestDriver | undefined;
  let at = 0x40000;
  const apps = programs.map((assembler, i) => {
    const made = tbf(assembler, { name: `app${i}`, ...options.app, at });
    at += made.length;
    return made;
  });
  const board = testBoard({
    apps,
    capsules: ({ kernel }) => {
      driver = new TestDriver(kernel, DRIVER);
      return { drivers: new Map([[DRIVER, driver]]) };
    },
    ...options,
  });
  return { ...board, driver: driver as TestDriver };
}

/** The board after the programs have nothing left to do, or for a million cycles. */
export function run(
  programs: Assembler | readonly Assembler[],
  options: Partial<TestBoardOptions> & { app?: AppOptions } = {},
) {
  const board = boardWith(Array.isArray(programs) ? programs : [programs as Assembler], options);
  const stop: Stop = board.machine.run(ENOUGH);
  return { ...board, stop, registers: board.kernel.registers(0) as number[] };
}
