// What the emulated board prints when examples crash on it: dumps whose ELF files are at hand.
import { readFileSync } from "node:fs";
import { chooseTbf, nrf52840dk, readTab, type TraceEvent } from "../../../emulator/index.js";

const tbf = (path: string): Uint8Array =>
  chooseTbf(readTab(new Uint8Array(readFileSync(path)), path), "cortex-m4").bytes;

/** The console of a board that runs these TABs of `examples/` for two virtual seconds. */
export const boardConsole = (...names: string[]): string =>
  consoleOf(names.map(name => `examples/${name}.tab`));

/** The same for TABs anywhere. */
export function consoleOf(paths: readonly string[]): string {
  const bytes: number[] = [];
  const listen = (event: TraceEvent) => {
    if (event.type === "uart") for (const byte of event.bytes) bytes.push(byte);
  };
  const apps = paths.map(tbf);
  const { machine } = nrf52840dk.build({ apps, listen });
  machine.run(2 * machine.clock.frequency);
  return new TextDecoder().decode(Uint8Array.from(bytes));
}

export const NULL_DEREFERENCE = "crash/null-dereference/null-dereference";
export const STACK_OVERFLOW = "crash/stack-overflow/stack-overflow";
export const HELLO = "hello/hello";
