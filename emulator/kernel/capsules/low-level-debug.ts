// Low-level debug, driver 0x8 (capsules/core/src/low_level_debug/{mod,fmt}.rs). Grant [0, 0, 0].
//
//   command 0                existence check
//   command 1  code          prints an alert code
//   command 2  x             prints a number
//   command 3  x y           prints two numbers
//
// Lines end in LF alone and name the process by its identifier. While one is on its way, up to four entries of each
// process wait in its grant; after that the last one becomes a count of dropped entries.
import type { Stateful } from "../../base/stateful.js";
import type { Transmit, TransmitClient } from "../../hil/uart.js";
import type { ProcessError, ProcessId, SyscallDriver } from "../driver.js";
import type { Grant, GrantShape, GrantView } from "../grant.js";
import { ErrorCode, Return, type SyscallReturn } from "../syscalls.js";

const QUEUE_SIZE = 4;
/** Words of an entry: its kind and two numbers, as `Option<DebugEntry>` has them. */
const ENTRY_WORDS = 3;

const Kind = { None: 0, AlertCode: 1, Print1: 2, Print2: 3, Dropped: 4 } as const;
type Entry = readonly [kind: number, first: number, second: number];

const layout = { queue: ["u32", QUEUE_SIZE * ENTRY_WORDS] } as const;
type Queue = GrantView<typeof layout>["data"]["queue"];

export const LOW_LEVEL_DEBUG_GRANT: GrantShape<typeof layout> = {
  driver: 0x8,
  upcalls: 0,
  readOnlyAllows: 0,
  readWriteAllows: 0,
  data: layout,
};

export interface LowLevelDebugState {
  transmitting: boolean;
  /** A process could not have its grant: this is told when the line is free. */
  grantFailed: boolean;
}

export class LowLevelDebug implements SyscallDriver, TransmitClient, Stateful<LowLevelDebugState> {
  readonly #uart: Transmit;
  readonly #grant: Grant<typeof layout>;
  #state: LowLevelDebugState = { transmitting: false, grantFailed: false };

  constructor(uart: Transmit, grant: Grant<typeof layout>) {
    this.#uart = uart;
    this.#grant = grant;
    uart.setTransmitClient(this);
  }

  command(commandNum: number, first: number, second: number, process: ProcessId): SyscallReturn {
    if (commandNum > Kind.Print2) return Return.failure(ErrorCode.NOSUPPORT);
    if (commandNum !== 0) {
      // The commands are numbered as the kinds.
      this.#push([commandNum, first, commandNum === Kind.Print2 ? second : 0], process);
    }
    return Return.success();
  }

  allocateGrant(process: ProcessId): ProcessError | undefined {
    return this.#grant.allocate(process);
  }

  transmittedBuffer(): void {
    const state = this.#state;
    state.transmitting = false;
    if (state.grantFailed) {
      state.grantFailed = false;
      this.#transmit("LowLevelDebug: grant init failed\n");
      return;
    }
    let next: string | undefined;
    this.#grant.each((view, process) => {
      if (next !== undefined) return;
      const entry = takeFirst(view.data.queue);
      if (entry[0] !== Kind.None) next = format(process, entry);
    });
    if (next !== undefined) this.#transmit(next);
  }

  save(): LowLevelDebugState {
    return { ...this.#state };
  }

  load(state: LowLevelDebugState): void {
    this.#state = { ...state };
  }

  #push(entry: Entry, process: ProcessId): void {
    if (!this.#state.transmitting) {
      this.#transmit(format(process, entry));
      return;
    }
    const entered = this.#grant.enter(process, view => append(view.data.queue, entry));
    if (!entered.ok) this.#state.grantFailed = true;
  }

  #transmit(line: string): void {
    const bytes = new TextEncoder().encode(line);
    this.#state.transmitting = this.#uart.transmitBuffer(bytes, { from: "kernel" }) === undefined;
  }
}

function read(queue: Queue, slot: number): Entry {
  const at = slot * ENTRY_WORDS;
  return [queue.get(at), queue.get(at + 1), queue.get(at + 2)];
}

function write(queue: Queue, slot: number, entry: Entry): void {
  entry.forEach((word, i) => {
    queue.set(slot * ENTRY_WORDS + i, word);
  });
}

function append(queue: Queue, entry: Entry): void {
  for (let slot = 0; slot < QUEUE_SIZE; slot++) {
    if (read(queue, slot)[0] !== Kind.None) continue;
    write(queue, slot, entry);
    return;
  }
  // The first count is two: the entry it takes the place of, and this one.
  const [kind, count] = read(queue, QUEUE_SIZE - 1);
  const dropped = kind === Kind.Dropped ? count + 1 : 2;
  write(queue, QUEUE_SIZE - 1, [Kind.Dropped, dropped, 0]);
}

function takeFirst(queue: Queue): Entry {
  const first = read(queue, 0);
  for (let slot = 1; slot < QUEUE_SIZE; slot++) write(queue, slot - 1, read(queue, slot));
  write(queue, QUEUE_SIZE - 1, [Kind.None, 0, 0]);
  return first;
}

function format({ pid }: ProcessId, [kind, first, second]: Entry): string {
  const hex = (value: number) => `0x${(value >>> 0).toString(16)}`;
  const app = `App ${hex(pid)}`;
  switch (kind) {
    case Kind.Dropped:
      return `LowLevelDebug: Dropped ${hex(first)} entries for app ${hex(pid)}\n`;
    case Kind.AlertCode:
      return `LowLevelDebug: ${app} alert code ${hex(first)}\n`;
    case Kind.Print1:
      return `LowLevelDebug: ${app} prints ${hex(first)}\n`;
    default:
      return `LowLevelDebug: ${app} prints ${hex(first)} ${hex(second)}\n`;
  }
}
