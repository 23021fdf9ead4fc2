// What a session needs of the program it lives in; Node and a web worker give it as an argument.
import type { Files } from "./files.js";

export interface Host {
  files: Files;
  /** Milliseconds of the host's clock, from any start. Used to pace real time, never by the machine. */
  now(): number;
  /** Lets messages of the client arrive; continues after at least `milliseconds` (0: as soon as possible). */
  wait(milliseconds: number): Promise<void>;
  /** A line for the developers' log. */
  log(line: string): void;
}
