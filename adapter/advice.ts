// What an app does that works as on the real board and yet not as its author means it: one sentence, once per process.
import { SyscallClass, type TraceEvent } from "../emulator/index.js";

const ALARM_DRIVER = 0x0;
const Command = { Frequency: 1, SetRelative: 5 } as const;
/** libtock-rs multiplies milliseconds by the frequency in 32 bits, saturating, and divides by 1000, rounding up. */
const SATURATED_TICKS = Math.ceil(0xffffffff / 1000);

type SyscallEvent = Extract<TraceEvent, { type: "syscall" }>;

/** Hears the events of one machine. */
export class Advice {
  readonly #nameOf: (process: number) => string;
  readonly #advised = new Set<number>();
  /** What the alarm driver said, ticks per second. */
  #frequency: number | undefined;

  constructor(nameOf: (process: number) => string) {
    this.#nameOf = nameOf;
  }

  hear(event: TraceEvent): string | undefined {
    return event.type === "syscall" ? this.#hearSyscall(event) : undefined;
  }

  #hearSyscall({ process, syscallClass, arguments: values, returned }: SyscallEvent) {
    const [driver, command, ticks] = values;
    if (syscallClass !== SyscallClass.Command || driver !== ALARM_DRIVER) return undefined;
    if (command === Command.Frequency) this.#frequency = returned?.[1];
    if (command !== Command.SetRelative || ticks !== SATURATED_TICKS) return undefined;
    if (this.#frequency === undefined || this.#advised.has(process)) return undefined;
    this.#advised.add(process);
    const seconds = (ticks / this.#frequency).toFixed(3);
    return (
      `${this.#nameOf(process)} sleeps ${seconds} s where it may mean more: libtock-rs computes ticks in 32 bits, which ` +
      `this board's alarm of ${this.#frequency.toLocaleString("en")} Hz exceeds there, on the real board too; sleep several times instead.`
    );
  }
}
