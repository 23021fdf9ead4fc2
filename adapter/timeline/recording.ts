// What processes asked of the kernel and what it told them, as rows in memory of a bounded size: the oldest give way.
// A row may keep registers and the top of the stack, from which its source line is found when somebody asks.
import { SyscallClass, type TraceEvent } from "../../emulator/index.js";
import { Causes } from "./causes.js";

export const RowKind = {
  Syscall: 0,
  /** Its function is called. */
  Upcall: 1,
  /** The process waited for it by yield-wait-for. */
  UpcallReturned: 2,
  /** Nobody has subscribed. */
  UpcallIgnored: 3,
  /** The queue of the process was full. */
  UpcallDropped: 4,
  Fault: 5,
  Start: 6,
  Exit: 7,
} as const;
export type RowKind = (typeof RowKind)[keyof typeof RowKind];

/** What the recording reads of the board when it hears of an event. */
export interface Recorded {
  memory: {
    contains(address: number, length: number): boolean;
    readBytes(address: number, length: number): Uint8Array;
  };
  /** Writes at most `length` words from a stack pointer on to `into` at `at`; the result is how many there are. */
  copyStack(sp: number, into: Uint32Array, at: number, length: number): number;
  /** r0 to pc of a process, `null` if its frame cannot be read or there is no such process any more. */
  registers(process: number, pid: number): readonly number[] | null;
}

export interface RecordedRow {
  /** Counts from 0 at power-on. */
  number: number;
  cycle: number;
  kind: RowKind;
  process: number;
  pid: number;
  /** Of the process. */
  name: string;
  syscallClass: number;
  /** r0 to r3 of a call; driver, upcall and its three values; whether there is a completion code, and that. */
  values: readonly number[];
  /** As in the event. */
  returned: readonly number[] | null;
  /** Command ↔ its upcall, yield → the upcall that ended it; `undefined` if there is none, or it is gone. */
  linked: number | undefined;
}

/** Where a process stood at a row. */
export interface RecordedPlace {
  pc: number;
  lr: number;
  sp: number;
  r7: number;
  /** The bytes from `sp` on. */
  stack: Uint8Array;
}

export const CAPACITY = 100_000;
const FIRST_ROWS = 1024;
const PREVIEW_BYTES = 32;
const STACK_WORDS = 64;
const NOTHING_RETURNED = 0xff;

/** Columns of a row in words; then come the preview's bytes. */
const Column = {
  pid: 0,
  /** kind | class << 8 | registers returned << 16 | preview's length << 24 */
  packed: 1,
  process: 2,
  name: 3,
  values: 4,
  returned: 9,
  preview: 13,
} as const;
const VALUES = 5;
const STRIDE = Column.preview + PREVIEW_BYTES / 4;

/** Columns of where a process stood; then come the words of its stack. A `pc` of 0: that is not known. */
const Place = { pc: 0, lr: 1, sp: 2, r7: 3, stackLength: 4, stack: 5 } as const;
const PLACE_STRIDE = Place.stack + STACK_WORDS;

const [SP, LR, PC, R7] = [13, 14, 15, 7];
const [CONSOLE, WRITE, WRITE_BUFFER] = [1, 1, 1];

type Event<T extends TraceEvent["type"]> = Extract<TraceEvent, { type: T }>;

interface Life {
  pid: number;
  name: number;
  /** The yield that the process waits in. */
  yielded: number | undefined;
  /** What it shares with the console to be written. */
  written: readonly [number, number];
}

export class Recording {
  readonly #board: Recorded;
  readonly #capacity: number;
  /** Where processes stood, if that is wanted. */
  #places: Uint32Array | undefined;
  #cycles = new Float64Array(FIRST_ROWS);
  #links = new Float64Array(FIRST_ROWS);
  #words: Uint32Array;
  #bytes: Uint8Array;
  #end = 0;
  readonly #names: string[] = [];
  readonly #lives = new Map<number, Life>();
  readonly #causes = new Causes();

  constructor(board: Recorded, capacity = CAPACITY) {
    this.#board = board;
    this.#capacity = capacity;
    this.#words = new Uint32Array(FIRST_ROWS * STRIDE);
    this.#bytes = new Uint8Array(this.#words.buffer);
  }

  /** Number of the oldest row that is kept: so many were dropped. */
  get first(): number {
    return Math.max(0, this.#end - this.#capacity);
  }

  /** Number of the row that comes next. */
  get end(): number {
    return this.#end;
  }

  /** Names of the processes that ever ran. */
  get names(): readonly string[] {
    return this.#names;
  }

  /** From now on rows keep where their process stood. */
  keepPlaces(): void {
    // Of all rows at once: what is not used yet takes no memory, and copying costs more than all else.
    this.#places ??= new Uint32Array(this.#capacity * PLACE_STRIDE);
  }

  hear(event: TraceEvent): void {
    switch (event.type) {
      case "syscall":
        this.#syscall(event);
        break;
      case "upcallScheduled":
        this.#scheduled(event);
        break;
      case "upcallDelivered":
        this.#delivered(event);
        break;
      case "processCreated":
        this.#created(event);
        break;
      case "processFaulted":
        this.#add(event, RowKind.Fault, []);
        this.#place(event.process, event.pid);
        this.#gone(event.process);
        break;
      case "processExited":
        this.#add(event, RowKind.Exit, exitValues(event.completionCode));
        this.#gone(event.process);
        break;
      default:
    }
  }

  /** @throws RangeError for a row that is not kept */
  row(number: number): RecordedRow {
    const at = this.#at(number);
    const word = (column: number) => this.#words[at * STRIDE + column] as number;
    const packed = word(Column.packed);
    const count = (packed >>> 16) & 0xff;
    const list = (column: number, length: number) =>
      Array.from({ length }, (_, i) => word(column + i));
    const link = this.#links[at] as number;
    return {
      number,
      cycle: this.#cycles[at] as number,
      kind: (packed & 0xff) as RowKind,
      process: word(Column.process),
      pid: word(Column.pid),
      name: this.#names[word(Column.name)] ?? "",
      syscallClass: (packed >>> 8) & 0xff,
      values: list(Column.values, VALUES),
      returned: count === NOTHING_RETURNED ? null : list(Column.returned, count),
      linked: link < this.first ? undefined : link,
    };
  }

  cycleOf(number: number): number {
    return this.#cycles[this.#at(number)] as number;
  }

  /** The first bytes of what a read-only allow shares, or of what a command writes to the console. */
  preview(number: number): Uint8Array {
    const at = this.#at(number) * STRIDE;
    const length = (this.#words[at + Column.packed] as number) >>> 24;
    const start = 4 * (at + Column.preview);
    return this.#bytes.slice(start, start + length);
  }

  /** `undefined` where that was not kept, or could not be known. */
  place(number: number): RecordedPlace | undefined {
    const start = this.#at(number) * PLACE_STRIDE;
    const [pc = 0, lr = 0, sp = 0, r7 = 0, length = 0] =
      this.#places?.subarray(start, start + Place.stack) ?? [];
    if (pc === 0 || this.#places === undefined) return undefined;
    const stack = new Uint8Array(this.#places.buffer, 4 * (start + Place.stack), 4 * length);
    return { pc, lr, sp, r7, stack: stack.slice() };
  }

  #at(number: number): number {
    if (!(number >= this.first && number < this.#end)) throw new RangeError(`no row ${number}`);
    return number % this.#capacity;
  }

  // Events

  #created({ cycle, process, pid, name }: Event<"processCreated">): void {
    let known = this.#names.indexOf(name);
    if (known < 0) known = this.#names.push(name) - 1;
    this.#gone(process);
    this.#lives.set(process, { pid, name: known, yielded: undefined, written: [0, 0] });
    this.#add({ cycle, process }, RowKind.Start, []);
  }

  #gone(process: number): void {
    this.#causes.forget(process);
    const life = this.#lives.get(process);
    if (life !== undefined) life.yielded = undefined;
  }

  #syscall(event: Event<"syscall">): void {
    const { process, pid, syscallClass, arguments: values, returned } = event;
    const number = this.#add(event, RowKind.Syscall, values);
    const count = returned === null ? NOTHING_RETURNED : returned.length;
    this.#or(syscallClass << 8);
    this.#or(count << 16);
    if (returned !== null)
      for (let i = 0; i < count; i++) this.#set(Column.returned + i, returned[i] as number);
    this.#place(process, pid);
    const life = this.#lives.get(process);
    if (life !== undefined) life.yielded = syscallClass === SyscallClass.Yield ? number : undefined;
    const failed = returned !== null && (returned[0] ?? FIRST_SUCCESS) < FIRST_SUCCESS;
    if (!failed) this.#succeeded(event, number, life);
  }

  #succeeded(event: Event<"syscall">, number: number, life: Life | undefined): void {
    const { process, syscallClass, arguments: values, cycle } = event;
    const [driver, second, address, length] = values;
    if (syscallClass === SyscallClass.Command) {
      this.#causes.commanded(process, values, number, cycle);
      if (driver === CONSOLE && second === WRITE && life !== undefined)
        this.#preview(life.written[0], Math.min(address, life.written[1]));
    } else if (syscallClass === SyscallClass.Subscribe)
      this.#causes.subscribed(process, driver, second);
    else if (syscallClass === SyscallClass.ReadOnlyAllow) {
      this.#preview(address, length);
      if (driver === CONSOLE && second === WRITE_BUFFER && life !== undefined)
        life.written = [address, length];
    }
  }

  #scheduled(event: Event<"upcallScheduled">): void {
    if (!event.dropped) {
      this.#causes.scheduled(event);
      return;
    }
    const { driver, subscribe } = event;
    this.#add(event, RowKind.UpcallDropped, [driver, subscribe]);
  }

  #delivered(event: Event<"upcallDelivered">): void {
    const { process, driver, subscribe, how, pc, arguments: values } = event;
    const number = this.#add(event, delivered[how], [driver, subscribe, ...values.slice(0, 3)]);
    if (how === "called" && this.#places !== undefined)
      this.#places[this.#lastPlace + Place.pc] = pc;
    const command = this.#causes.delivered(process, driver, subscribe);
    if (command !== undefined) this.#link(command, number);
    const life = this.#lives.get(process);
    if (how === "ignored" || life?.yielded === undefined) return;
    this.#oneWay(life.yielded, number);
    life.yielded = undefined;
  }

  // Rows

  #add(
    { cycle, process }: { cycle: number; process: number },
    kind: RowKind,
    values: readonly number[],
  ): number {
    const number = this.#end;
    const at = number % this.#capacity;
    if (at >= this.#cycles.length) this.#grow();
    this.#end = number + 1;
    this.#cycles[at] = cycle;
    this.#links[at] = -1;
    const start = at * STRIDE;
    this.#words.fill(0, start, start + Column.preview);
    if (this.#places !== undefined) this.#places[at * PLACE_STRIDE + Place.pc] = 0;
    const life = this.#lives.get(process);
    this.#words[start + Column.pid] = life?.pid ?? 0;
    this.#words[start + Column.packed] = kind;
    this.#words[start + Column.process] = process;
    this.#words[start + Column.name] = life?.name ?? 0xffffffff;
    for (let i = 0; i < values.length; i++)
      this.#words[start + Column.values + i] = values[i] as number;
    return number;
  }

  #grow(): void {
    const rows = 2 * this.#cycles.length;
    this.#cycles = copied(this.#cycles, new Float64Array(rows));
    this.#links = copied(this.#links, new Float64Array(rows));
    this.#words = copied(this.#words, new Uint32Array(rows * STRIDE));
    this.#bytes = new Uint8Array(this.#words.buffer);
  }

  /** The start of the youngest row. */
  get #last(): number {
    return ((this.#end - 1) % this.#capacity) * STRIDE;
  }

  #set(column: number, value: number): void {
    this.#words[this.#last + column] = value;
  }

  #or(bits: number): void {
    const at = this.#last + Column.packed;
    this.#words[at] = (this.#words[at] as number) | bits;
  }

  #link(command: number, upcall: number): void {
    this.#oneWay(command, upcall);
    this.#oneWay(upcall, command);
  }

  #oneWay(from: number, to: number): void {
    if (from >= this.first) this.#links[from % this.#capacity] = to;
  }

  #preview(address: number, length: number): void {
    const count = Math.min(length, PREVIEW_BYTES);
    if (count === 0 || !this.#board.memory.contains(address, count)) return;
    const bytes = this.#board.memory.readBytes(address, count);
    this.#bytes.set(bytes, 4 * (this.#last + Column.preview));
    this.#or(count << 24);
  }

  #place(process: number, pid: number): void {
    const places = this.#places;
    if (places === undefined) return;
    const registers = this.#board.registers(process, pid);
    if (registers === null) return;
    const start = this.#lastPlace;
    const sp = registers[SP] as number;
    places[start + Place.pc] = registers[PC] as number;
    places[start + Place.lr] = registers[LR] as number;
    places[start + Place.sp] = sp;
    places[start + Place.r7] = registers[R7] as number;
    const at = start + Place.stack;
    places[start + Place.stackLength] = this.#board.copyStack(sp, places, at, STACK_WORDS);
  }

  /** Where the place of the youngest row begins. */
  get #lastPlace(): number {
    return ((this.#end - 1) % this.#capacity) * PLACE_STRIDE;
  }
}

/** The lowest variant of a return that is no failure (TRD 104, section 3.2). */
export const FIRST_SUCCESS = 128;

const exitValues = (code: number | null): readonly number[] => (code === null ? [] : [1, code]);

const delivered = {
  called: RowKind.Upcall,
  returned: RowKind.UpcallReturned,
  ignored: RowKind.UpcallIgnored,
} as const;

function copied<A extends Float64Array | Uint32Array>(from: A, to: A): A {
  to.set(from);
  return to;
}
