// `tock-debug console`: a terminal on the board's serial line, in real time.
import { setImmediate, setTimeout } from "node:timers/promises";
import { UserError } from "../emulator/index.js";
import { BoardRun, type RunOptions } from "./board-run.js";
import { bringsApps, installDue, readLoads, saveFlash } from "./loads.js";
import { loadApps, readOptions, verb as runVerb } from "./run.js";
import { complain } from "./text.js";
import type { Arguments, Verb } from "./verb.js";

const { board: _board, core: _core, json: _json, console: _console, ...options } = runVerb.options;

export const verb: Verb = {
  summary:
    "Opens a terminal on a board: what you type goes to its console, to apps and to Tock's own prompt.",
  usage: "[OPTION]… BOARD APP…",
  options: {
    ...options,
    speed: { value: "realtime|max", help: "max: as fast as this computer can" },
  },
  examples: [
    "tock-debug console nrf52840dk examples/hello/hello.tab examples/blink/blink.tab",
    "tock-debug console nrf52840dk --flash board.bin --load-at 2:examples/hello/hello.tab examples/blink/blink.tab",
    "echo list | tock-debug console nrf52840dk examples/blink/blink.tab --for 2",
    "BOARD is a name of tock-debug boards, or auto. At the prompt `tock$ ` type help.",
    "Ctrl-C or Ctrl-] leaves. Piped input is typed; at its end the terminal stays until the board has nothing left to do.",
  ],
  run,
};

async function run(args: Arguments): Promise<number> {
  const [name, ...paths] = args.positionals;
  if (name === undefined || (paths.length === 0 && !bringsApps(args)))
    throw new UserError("console: expected a board and its apps. See tock-debug console --help.");
  const speed = args.text("speed") ?? "realtime";
  if (speed !== "realtime" && speed !== "max")
    throw new UserError(`--speed ${speed}: expected realtime or max.`);
  const runOptions = { ...readOptions(args), ...(await readLoads(args)) };
  const { board, apps, wrong } = await loadApps(paths, name, runOptions.flash?.flash);
  const output = {
    console: (bytes: Uint8Array) => void process.stdout.write(bytes),
    say: complain,
  };
  const boardRun = new BoardRun(board, apps, runOptions, output);
  const install = () => installDue(boardRun, board);
  const left = await new Terminal(boardRun, { speed, install, ...runOptions }).toTheEnd();
  if (!left) for (const sentence of boardRun.unfinished) complain(sentence);
  saveFlash(boardRun);
  return wrong || boardRun.refused || boardRun.lacksApp ? 2 : 0;
}

/** Virtual seconds between two looks at the keyboard. */
const SLICE_SECONDS = 0.01;
/** Real time that is lost (a computer asleep) is not caught up beyond this, in milliseconds. */
const MAXIMUM_LAG = 250;
/** Ctrl-C and Ctrl-]. */
const LEAVE = [0x03, 0x1d];

interface TerminalOptions extends Pick<RunOptions, "limit"> {
  speed: "realtime" | "max";
  /** Installs an app that is due. */
  install: () => Promise<void>;
}

class Terminal {
  readonly #run: BoardRun;
  readonly #install: () => Promise<void>;
  readonly #realtime: boolean;
  readonly #limit: number;
  #typed: Uint8Array[] = [];
  #ended = false;
  #left = false;
  /** Ends the wait of an idle board. */
  #wake: () => void = () => {};
  #pace = { milliseconds: 0, cycle: 0 };

  constructor(run: BoardRun, { speed, limit, install }: TerminalOptions) {
    this.#run = run;
    this.#install = install;
    this.#realtime = speed === "realtime";
    this.#limit = limit * run.frequency;
  }

  /** Gives whether the user left before the end. */
  async toTheEnd(): Promise<boolean> {
    const { stdin } = process;
    const heard = (bytes: Uint8Array) => this.#hear(bytes);
    const ended = () => {
      this.#ended = true;
      this.#wake();
    };
    const interrupted = () => this.#leave();
    if (stdin.isTTY) stdin.setRawMode(true);
    stdin.on("data", heard).on("end", ended);
    process.on("SIGINT", interrupted).on("SIGTERM", interrupted);
    try {
      await this.#loop();
    } finally {
      process.off("SIGINT", interrupted).off("SIGTERM", interrupted);
      stdin.off("data", heard).off("end", ended).pause();
      if (stdin.isTTY) stdin.setRawMode(false);
    }
    return this.#left;
  }

  async #loop(): Promise<void> {
    const run = this.#run;
    this.#repace();
    while (!this.#left) {
      for (const bytes of this.#typed.splice(0)) run.input("console", bytes, this.#cycleNow());
      if (run.slice(SLICE_SECONDS * run.frequency)) {
        await this.#install();
        await this.#keepTime();
      } else if (!run.idle || this.#ended || !(await this.#nextInput())) return;
    }
  }

  #hear(bytes: Uint8Array): void {
    const leave = process.stdin.isTTY ? bytes.findIndex(byte => LEAVE.includes(byte)) : -1;
    if (leave !== 0) this.#typed.push(leave < 0 ? bytes : bytes.subarray(0, leave));
    if (leave >= 0) this.#leave();
    this.#wake();
  }

  #leave(): void {
    this.#left = true;
    this.#wake();
  }

  /** Waits for the keyboard; false when the time of the run is over before. */
  async #nextInput(): Promise<boolean> {
    const heard = new Promise<true>(resolve => {
      this.#wake = () => resolve(true);
      if (this.#typed.length > 0) resolve(true);
    });
    const seconds = (this.#limit - this.#cycleNow()) / this.#run.frequency;
    // What nobody waits for any more does not keep the program alive.
    const over = setTimeout(Math.min(seconds * 1000, 2 ** 31 - 1), false, { ref: false });
    const went = await Promise.race(seconds === Number.POSITIVE_INFINITY ? [heard] : [heard, over]);
    this.#wake = () => {};
    return went;
  }

  /** Lets bytes arrive, and the board not run ahead of real time. */
  async #keepTime(): Promise<void> {
    const ahead = this.#run.cycle - this.#cycleNow();
    const milliseconds = (ahead / this.#run.frequency) * 1000;
    if (milliseconds < -MAXIMUM_LAG) this.#repace();
    if (process.stdout.writableNeedDrain)
      await new Promise<void>(resolve => process.stdout.once("drain", resolve));
    await (this.#realtime && milliseconds >= 1 ? setTimeout(milliseconds) : setImmediate());
  }

  #repace(): void {
    this.#pace = { milliseconds: performance.now(), cycle: this.#run.cycle };
  }

  /** The cycle at which the board would stand if it had kept real time. */
  #cycleNow(): number {
    if (!this.#realtime) return this.#run.cycle;
    const milliseconds = performance.now() - this.#pace.milliseconds;
    return this.#pace.cycle + Math.floor((milliseconds * this.#run.frequency) / 1000);
  }
}
