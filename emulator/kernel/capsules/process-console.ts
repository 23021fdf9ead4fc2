// The process console: a prompt on the UART for whoever looks after the processes (capsules/core/src/process_console.rs).
//
//   help  status  list  kernel  reset  panic  console-start  console-stop
//   stop NAME  start NAME  fault NAME  boot NAME  terminate NAME  process NAME
//
// A command is recognized by its beginning, so `listx` lists.
import { hex8 } from "../../base/bits.js";
import type { Stateful } from "../../base/stateful.js";
import { ticksFromMs } from "../../base/ticks.js";
import type { Alarm, AlarmClient } from "../../hil/time.js";
import type { ReceiveClient, ReceiveError, TransmitClient, Uart } from "../../hil/uart.js";
import { type ProcessManagement, type ProcessView, shortIdText } from "../inspect.js";
import { CommandLine, type CommandLineState } from "./command-line.js";

/** Bytes of one transfer, and bytes that can wait for the next one; what an answer has beyond is lost. */
const WRITE_BUF_LEN = 500;
const QUEUE_BUF_LEN = 300;
/** Milliseconds from the start to the first prompt. */
const PROMPT_DELAY_MS = 100;
const PANIC_LOCATION = "capsules/core/src/process_console.rs:1007:29";
const ECHO_LOCATION = "capsules/core/src/process_console.rs:1050:17";

/** In the order in which `help` lists them. */
export const processConsoleCommands = [
  ...["help", "status", "list", "stop", "start", "fault", "boot", "terminate", "process"],
  ...["kernel", "reset", "panic", "console-start", "console-stop"],
];
/** Those that change nothing. */
const LOOKS = ["help", "list", "status", "process", "kernel"];
const VALID_COMMANDS = `${processConsoleCommands.join(" ")}\r\n`;

/** Where the linker put the kernel; every end is the address behind the region. */
export interface KernelAddresses {
  stackStart: number;
  stackEnd: number;
  textStart: number;
  textEnd: number;
  readOnlyDataStart: number;
  relocationsStart: number;
  relocationsEnd: number;
  bssStart: number;
  bssEnd: number;
}

export interface ProcessConsoleOptions {
  /** Prints the overview of a process. */
  printer: (process: ProcessView) => string;
  kernelAddresses: KernelAddresses;
  /** `2.3` */
  kernelVersion: string;
  /** Resets the board; `null` if it has no such function. */
  reset: (() => void) | null;
}

/** Long output is written piece by piece, each when the one before has been sent. */
type Writer =
  | { kind: "kernel"; pieces: string[] }
  /** Of the overview's bytes, those before `offset` have been written; each piece is printed anew. */
  | { kind: "process"; pid: number; offset: number }
  | { kind: "list"; index: number; total: number };

export interface ProcessConsoleState {
  mode: "Off" | "Active" | "Hibernating";
  transmitting: boolean;
  queue: number[];
  writer: Writer | null;
  /** A line has been ended; it is executed when its echo has been sent. */
  execute: boolean;
  /** The first read has been issued; from then on there always is one. */
  reading: boolean;
  line: CommandLineState;
}

export class ProcessConsole
  implements TransmitClient, ReceiveClient, AlarmClient, Stateful<ProcessConsoleState>
{
  readonly #uart: Uart;
  readonly #alarm: Alarm;
  readonly #processes: ProcessManagement;
  readonly #options: ProcessConsoleOptions;
  readonly #line = new CommandLine(bytes => this.#echo(bytes));
  #state: Omit<ProcessConsoleState, "line"> = {
    mode: "Off",
    transmitting: false,
    queue: [],
    writer: null,
    execute: false,
    reading: false,
  };

  constructor(
    uart: Uart,
    alarm: Alarm,
    processes: ProcessManagement,
    options: ProcessConsoleOptions,
  ) {
    this.#uart = uart;
    this.#alarm = alarm;
    this.#processes = processes;
    this.#options = options;
    uart.setTransmitClient(this);
    uart.setReceiveClient(this);
    alarm.setAlarmClient(this);
  }

  /** The prompt follows after 100 ms. `hibernated`: silent until somebody types `console-start`. */
  start(hibernated = false): void {
    if (this.#state.mode !== "Off") return;
    const { frequency, width } = this.#alarm;
    this.#alarm.setAlarm(this.#alarm.now(), ticksFromMs(PROMPT_DELAY_MS, frequency, width));
    this.#state.mode = hibernated ? "Hibernating" : "Active";
  }

  alarm(): void {
    this.#prompt();
    if (this.#state.reading) return;
    this.#state.reading = true;
    this.#uart.receiveBuffer(1);
  }

  transmittedBuffer(): void {
    const state = this.#state;
    state.transmitting = false;
    if (state.queue.length > 0) {
      this.#transmit(Uint8Array.from(state.queue.splice(0)));
    } else if (state.writer) {
      this.#continueWriter(state.writer);
    } else if (state.execute) {
      state.execute = false;
      this.#readCommand();
    }
  }

  receivedBuffer(bytes: Uint8Array, _failure: unknown, error: ReceiveError): void {
    const [byte] = bytes;
    if (error === "None" && byte !== undefined && this.#line.receive(byte)) {
      this.#state.execute = true;
    }
    this.#uart.receiveBuffer(1);
  }

  /** What it would answer to a line that only looks, with nothing sent or changed; `undefined` for any other line. */
  peek(line: string): string | undefined {
    const command = line.trim();
    if (!LOOKS.some(look => command.startsWith(look))) return undefined;
    const uart = new PeekUart();
    const reader = new ProcessConsole(uart, noAlarm, this.#processes, this.#options);
    reader.#execute(command);
    while (uart.takePending()) reader.transmittedBuffer();
    return uart.text;
  }

  save(): ProcessConsoleState {
    return { ...structuredClone(this.#state), line: this.#line.save() };
  }

  load(state: ProcessConsoleState): void {
    const { line, ...rest } = structuredClone(state);
    this.#state = rest;
    this.#line.load(line);
  }

  #readCommand(): void {
    const text = this.#line.take();
    if (text !== "" && this.#execute(text.trim()) === "reset") return;
    if (!this.#state.writer) this.#prompt();
  }

  #execute(command: string): "reset" | undefined {
    const [, argument] = command.split(/\s+/);
    const is = (name: string) => command.startsWith(name);
    if (is("console-start")) {
      this.#state.mode = "Active";
    } else if (this.#state.mode === "Hibernating") {
      return;
    } else if (is("help")) {
      this.#write("Welcome to the process console.\r\n");
      this.#validCommands();
    } else if (is("console-stop")) {
      this.#write("Disabling the process console.\r\n");
      this.#write("Run console-start to reactivate.\r\n");
      this.#state.mode = "Hibernating";
    } else if (this.#manage(command, argument)) {
      return;
    } else if (is("list")) {
      this.#list();
    } else if (is("status")) {
      this.#status();
    } else if (is("process")) {
      this.#process(argument);
    } else if (is("kernel")) {
      this.#kernel();
    } else if (is("reset")) {
      if (this.#options.reset) {
        this.#options.reset();
        return "reset";
      }
      this.#write("Reset function is not implemented");
    } else if (is("panic")) {
      this.#processes.panic("Process Console forced a kernel panic.", PANIC_LOCATION);
    } else {
      this.#validCommands();
    }
    return undefined;
  }

  /** The commands that act on every process of a name; false if `command` is none of them. */
  #manage(command: string, name: string | undefined): boolean {
    const processes = this.#processes;
    const act = (f: (process: ProcessView) => void) => {
      for (const process of processes.processes()) if (process.name === name) f(process);
      return true;
    };
    if (command.startsWith("start")) {
      return act(({ index }) => {
        processes.resume(index);
        this.#write(`Process ${name} resumed.\r\n`);
      });
    }
    if (command.startsWith("stop")) {
      return act(({ index }) => {
        processes.stop(index);
        this.#write(`Process ${name} stopped\r\n`);
      });
    }
    if (command.startsWith("fault")) {
      return act(({ index }) => {
        processes.setFault(index);
        this.#write(`Process ${name} now faulted\r\n`);
      });
    }
    if (command.startsWith("terminate")) {
      return act(({ index }) => {
        processes.terminate(index);
        this.#write(`Process ${name} terminated\r\n`);
      });
    }
    if (command.startsWith("boot")) {
      return act(({ index, state }) => {
        if (state === "Terminated") processes.boot(index);
      });
    }
    return false;
  }

  #validCommands(): void {
    this.#write("Valid commands are: ");
    this.#write(VALID_COMMANDS);
  }

  #list(): void {
    this.#write(" PID    ShortID    Name                Quanta  ");
    this.#write("Syscalls  Restarts  Grants  State\r\n");
    const total = this.#processes.loadedCount;
    if (total > 0) {
      this.#state.writer = { kind: "list", index: 0, total };
      this.#listRow(0);
    }
  }

  #listRow(index: number): void {
    const process = this.#processes.processes()[index];
    if (!process) return;
    const { shortId } = process;
    const id = shortIdText(shortId).padEnd(11);
    const used = process.grants.filter(grant => grant.size > 0).length;
    const counts = [
      String(process.timesliceExpirations).padStart(6),
      String(process.syscallCount).padStart(10),
      String(process.restartCount).padStart(10),
    ].join("");
    const grants = `${String(used).padStart(2)}/${String(process.grants.length).padStart(2)}`;
    this.#write(
      ` ${String(process.pid).padEnd(7)}${id}${process.name.padEnd(20)}${counts}  ${grants}   ${process.state}\r\n`,
    );
  }

  #status(): void {
    this.#write(`Total processes: ${this.#processes.loadedCount}\r\n`);
    this.#write(`Active processes: ${this.#processes.activeCount}\r\n`);
    this.#write(`Timeslice expirations: ${this.#processes.timesliceExpirations}\r\n`);
  }

  #process(name: string | undefined): void {
    const process = this.#processes.processes().find(p => p.name === name);
    if (process) this.#overview(process, 0);
  }

  /** Writes what fits of the overview from `offset` on; true when that was the last of it. */
  #overview(process: ProcessView, offset: number): boolean {
    const bytes = new TextEncoder().encode(this.#options.printer(process));
    this.#writeBytes(bytes.subarray(offset, offset + WRITE_BUF_LEN));
    const next = offset + WRITE_BUF_LEN;
    const done = next >= bytes.length;
    this.#state.writer = done ? null : { kind: "process", pid: process.pid, offset: next };
    return done;
  }

  #kernel(): void {
    this.#write(`Kernel version: ${this.#options.kernelVersion} (build unknown)\r\n`);
    this.#state.writer = { kind: "kernel", pieces: kernelMap(this.#options.kernelAddresses) };
  }

  #continueWriter(writer: Writer): void {
    if (writer.kind === "list") {
      writer.index++;
      if (writer.index < writer.total) this.#listRow(writer.index);
      else this.#endWriter();
    } else if (writer.kind === "kernel") {
      const piece = writer.pieces.shift();
      if (piece !== undefined) this.#write(piece);
      else this.#endWriter();
    } else {
      // Of a process that is gone nothing more is written, and no prompt either.
      const process = this.#processes.processes().find(({ pid }) => pid === writer.pid);
      if (process && this.#overview(process, writer.offset)) this.#prompt();
    }
  }

  #endWriter(): void {
    this.#state.writer = null;
    this.#prompt();
  }

  #prompt(): void {
    if (this.#state.mode === "Active") this.#write("tock$ ");
  }

  /** Upstream queues a single byte without a look at the room for it. */
  #echo(bytes: readonly number[]): void {
    const { transmitting, queue } = this.#state;
    if (bytes.length === 1 && transmitting && queue.length === QUEUE_BUF_LEN)
      this.#processes.panic(
        `index out of bounds: the len is ${QUEUE_BUF_LEN} but the index is ${QUEUE_BUF_LEN}`,
        ECHO_LOCATION,
      );
    this.#writeBytes(Uint8Array.from(bytes));
  }

  #write(text: string): void {
    this.#writeBytes(new TextEncoder().encode(text));
  }

  #writeBytes(bytes: Uint8Array): void {
    if (this.#state.transmitting) {
      const room = QUEUE_BUF_LEN - this.#state.queue.length;
      this.#state.queue.push(...bytes.subarray(0, room));
    } else {
      this.#transmit(bytes.subarray(0, WRITE_BUF_LEN));
    }
  }

  #transmit(bytes: Uint8Array): void {
    this.#state.transmitting = true;
    this.#uart.transmitBuffer(bytes, { from: "processConsole" });
  }
}

/** Keeps what would be sent, each transfer over as soon as it is asked about. */
class PeekUart implements Uart {
  readonly #bytes: number[] = [];
  #pending = false;

  transmitBuffer(bytes: Uint8Array): undefined {
    this.#bytes.push(...bytes);
    this.#pending = true;
  }

  get text(): string {
    return new TextDecoder().decode(Uint8Array.from(this.#bytes));
  }

  takePending(): boolean {
    const was = this.#pending;
    this.#pending = false;
    return was;
  }

  setTransmitClient(): void {}
  setReceiveClient(): void {}
  receiveBuffer(): undefined {}
  receiveAbort(): undefined {}
}

/** For a console that never starts. */
const noAlarm: Alarm = {
  width: 32,
  frequency: 1,
  minimumDt: 1,
  now: () => 0,
  getAlarm: () => 0,
  isArmed: () => false,
  setAlarm() {},
  setAlarmClient() {},
  disarm() {},
};

/** The kernel's memory map, in the five pieces in which it is sent. */
function kernelMap(a: KernelAddresses): string[] {
  const rule = "─".repeat(31);
  const size = (start: number, end: number) => String(end - start).padStart(6);
  const gap = " ".repeat(12);
  return [
    `\r\n ╔═══════════╤${"═".repeat(30)}╗` +
      "\r\n ║  Address  │ Region Name    Used (bytes)  ║" +
      `\r\n ╚${hex8(a.bssEnd)}═╪${"═".repeat(30)}╝` +
      `\r\n             │   BSS        ${size(a.bssStart, a.bssEnd)}`,
    `\r\n  ${hex8(a.relocationsEnd)} ┼${rule} S` +
      `\r\n             │   Relocate   ${size(a.relocationsStart, a.relocationsEnd)}${gap}R`,
    `\r\n  ${hex8(a.stackEnd)} ┼${rule} A` +
      `\r\n             │ ▼ Stack      ${size(a.stackStart, a.stackEnd)}${gap}M` +
      `\r\n  ${hex8(a.stackStart)} ┼${rule}`,
    "\r\n             ....." +
      `\r\n  ${hex8(a.textEnd)} ┼${rule} F` +
      `\r\n             │   RoData     ${size(a.readOnlyDataStart, a.textEnd)}${gap}L`,
    `\r\n  ${hex8(a.readOnlyDataStart)} ┼${rule} A` +
      `\r\n             │   Code       ${size(a.textStart, a.readOnlyDataStart)}${gap}S` +
      `\r\n  ${hex8(a.textStart)} ┼${rule} H\r\n`,
  ];
}
