// The loader outside of the board: what tockloader does to a board at rest, done to one that runs. Apps are written page by
// page in virtual time, in an order that keeps the list in flash whole (app-list.ts), and start at once.
import { alignUp, hex, nextPowerOfTwo } from "../base/bits.js";
import type { Clock } from "../base/clock.js";
import { UserError } from "../base/errors.js";
import type { InputValue, OutputValue, Trace } from "../base/trace.js";
import type { Memory } from "../bus/memory.js";
import type { Device } from "../devices/device.js";
import { sharesRam } from "../formats/tab.js";
import { parseTbf, type Tbf } from "../formats/tbf-file.js";
import type { PageProgrammer } from "../hil/flash.js";
import {
  type AppList,
  byPages,
  type FlashWrite,
  firstPlace,
  fitsAt,
  fixedStart,
  flagsWrite,
  type InstalledApp,
  installWrites,
  isAligned,
  isIntact,
  padding,
  type Room,
  readAppList,
} from "./app-list.js";
import type { Region } from "./boundary.js";
import type { ProcessManagement } from "./inspect.js";
import { type Command, type Flag, flags, readCommand, TAKES } from "./loader-command.js";
import type { OutsideLoader } from "./runtime-loader.js";

export interface LoaderParts {
  clock: Clock;
  trace: Trace;
  memory: Memory;
  flash: PageProgrammer;
  kernel: OutsideLoader;
  processes: ProcessManagement;
  /** An app is installing another one. */
  insideBusy: () => boolean;
  /** Resets the board, as its button does. */
  reset: () => void;
}

/** What is done in turn; time passes behind a write. */
type Step =
  | ({ do: "write" } & FlashWrite)
  | { do: "start"; flash: Region }
  | { do: "end" | "restart"; address: number }
  | { do: "say"; text: string };

interface Job {
  what: string;
  steps: Step[];
  next: number;
  /** The binary that is being installed, if any. */
  tbf: Uint8Array | null;
}

export interface LoaderState {
  waiting: Command[];
  job: Job | null;
}

/** Bytes that tockloader reads to see a header, or that there is none. */
const HEADER_READ = 200;
/** Bytes of padding without a body; what is smaller has no whole header. */
const LEAST_OBJECT = 16;
/** Looks again for an end of what the chip itself writes. */
const RETRY_MICROSECONDS = 1000;

export class LoaderDevice implements Device<LoaderState> {
  readonly name = "loader";
  readonly takes = TAKES;
  readonly external = true;
  readonly #parts: LoaderParts;
  #waiting: Command[] = [];
  #job: Job | null = null;

  constructor(parts: LoaderParts) {
    this.#parts = parts;
  }

  /** Flash is being changed, or about to be. */
  get busy(): boolean {
    return this.#job !== null || this.#waiting.length > 0;
  }

  get apps(): InstalledApp[] {
    return this.#list().apps;
  }

  /** Bytes from the start of flash up to the last one that matters: tockloader reads its header a bit beyond the last app. */
  flashImage(): Uint8Array {
    const { memory, kernel } = this.#parts;
    const { address, size } = memory.map.flash;
    const bytes = memory.readBytes(address, size);
    const last = this.apps.at(-1);
    const listEnd = last === undefined ? kernel.flash.start : last.address + last.size;
    const used = bytes.findLastIndex(byte => byte !== 0xff) + 1;
    const end = Math.max(used, listEnd - address + HEADER_READ);
    return bytes.slice(0, Math.min(size, alignUp(end, this.#parts.flash.pageSize)));
  }

  /** The address at which a TBF would be installed now. @throws UserError why it cannot be */
  placeFor(tbf: Uint8Array): number {
    this.#refusePanicked();
    this.#refuseInside();
    return this.#install("install", tbf).start;
  }

  /** Whether the app would find room, beside those that are on their way; of the variants in a TAB one may. */
  suits(tbf: Uint8Array): boolean {
    try {
      this.placeFor(tbf);
      const coming = this.#waiting.flatMap(command => ("tbf" in command ? [command.tbf] : []));
      if (this.#job?.tbf) coming.push(this.#job.tbf);
      return !coming.some(other => clash(tbf, other));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return false;
    }
  }

  onInput(value: InputValue): void {
    if (value === "reset") {
      this.#parts.reset();
      return;
    }
    const command = readCommand(value);
    this.#refusePanicked();
    if (command.do === "restart" && !this.busy && this.#restartsFaulting(command.app)) return;
    // Behind others it is judged in its turn, and then a notice tells.
    if (!this.busy) this.#plan(command);
    this.#waiting.push(command);
    if (this.#waiting.length === 1 && this.#job === null) this.#schedule(0);
  }

  onEvent(): void {
    for (;;) {
      const job = this.#job ?? this.#nextJob();
      if (job === undefined) return;
      const step = job.steps[job.next];
      if (step === undefined) {
        this.#job = null;
        this.#show();
        continue;
      }
      const microseconds = this.#perform(step);
      if (microseconds === "busy") {
        this.#schedule(RETRY_MICROSECONDS);
        return;
      }
      job.next++;
      if (microseconds === 0) continue;
      this.#show();
      this.#schedule(microseconds);
      return;
    }
  }

  /** What is done, and how many steps of it are over; `idle` when nothing is. */
  shown(): OutputValue {
    const job = this.#job;
    return job === null ? "idle" : { doing: job.what, done: job.next, of: job.steps.length };
  }

  /** Power is gone: what was under way is not taken up again. */
  reset(): void {
    this.#job = null;
    this.#waiting = [];
  }

  save(): LoaderState {
    return structuredClone({ waiting: this.#waiting, job: this.#job });
  }

  load(state: LoaderState): void {
    const { waiting, job } = structuredClone(state);
    this.#waiting = waiting;
    this.#job = job;
  }

  #schedule(microseconds: number): void {
    const { clock } = this.#parts;
    clock.schedule(this.name, 0, Math.ceil((microseconds * clock.frequency) / 1e6));
  }

  #show(): void {
    this.#parts.trace.emit({ type: "output", device: this.name, value: this.shown() });
  }

  #say(text: string): void {
    this.#parts.trace.emit({ type: "notice", text });
  }

  #nextJob(): Job | undefined {
    for (;;) {
      const command = this.#waiting.shift();
      if (command === undefined) return undefined;
      try {
        this.#job = this.#plan(command);
        return this.#job;
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        this.#parts.trace.emit({ type: "notice", text: error.message, refused: true });
        this.#show();
      }
    }
  }

  /** Microseconds that it took; `busy`: it must wait. */
  #perform(step: Step): number | "busy" {
    const { flash, kernel, processes } = this.#parts;
    switch (step.do) {
      case "write":
        return flash.busy ? "busy" : flash.program(step.address, step.bytes);
      case "end":
        kernel.remove(step.address);
        return 0;
      case "start":
        kernel.start(step.flash);
        return 0;
      case "restart": {
        const data = kernel.processAt(step.address)?.data;
        if (data?.state.name === "Terminated") processes.boot(data.index);
        else if (data !== undefined) processes.tryRestart(data.index);
        return 0;
      }
      case "say":
        this.#say(step.text);
        return 0;
    }
  }

  // Plans. All that can be wrong is found here, and nothing is changed.

  #refusePanicked(): void {
    if (this.#parts.kernel.panicked)
      throw new UserError("loader: the kernel has panicked; reset the board first.");
  }

  #refuseInside(): void {
    if (this.#parts.insideBusy())
      throw new UserError(
        "loader: an app on the board is installing another one; wait for its end, or reset the board.",
      );
  }

  #plan(command: Command): Job {
    this.#refuseInside();
    const { what, steps } = this.#planOf(command);
    const { pageSize } = this.#parts.flash;
    const pieces = steps.flatMap((step): Step[] =>
      step.do === "write" ? writing(byPages(step, pageSize)) : [step],
    );
    return { what, steps: pieces, next: 0, tbf: "tbf" in command ? command.tbf : null };
  }

  #planOf(command: Command): Plan {
    switch (command.do) {
      case "install":
      case "update":
        return this.#install(command.do, command.tbf);
      case "erase-apps":
        return this.#eraseApps();
      case "uninstall":
        return this.#uninstall(command.app);
      case "restart":
        return this.#restart(command.app);
      default:
        return this.#setFlag(command.do, command.app);
    }
  }

  #list(freed: readonly number[] = []): AppList {
    return readAppList(this.#parts.memory, this.#parts.kernel.flash, freed);
  }

  /** The apps of a name, or the one at an address. */
  #named(name: string): InstalledApp[] {
    const { apps } = this.#list();
    const there = apps.filter(app => hex(app.address) === name.toLowerCase());
    // An app may call itself by the address of another one, which is meant then.
    const found = there.length > 0 ? there : apps.filter(app => app.name === name);
    if (found.length > 0) return found;
    const names = apps.map(app => app.name || hex(app.address)).join(", ");
    throw new UserError(
      `loader: no app "${name}" is installed; ${names === "" ? "there is none, install it first" : `name one of ${names}`}.`,
    );
  }

  #install(verb: "install" | "update", bytes: Uint8Array): Plan & { start: number } {
    const tbf = parseTbf(bytes, "loader");
    const { name } = tbf.header;
    const old = this.#list().apps.filter(app => name !== "" && app.name === name);
    if (verb === "update" && old.length === 0) this.#named(name);
    const ending = addressesOf(old);
    const { room, start, inPlace, notices } = this.#place(tbf, old);
    this.#checkRam(tbf, start, ending);
    const { kernel } = this.#parts;
    const refusal = kernel.refusal(tbf.bytes, start) ?? kernel.hindrance(tbf.bytes, start, ending);
    if (refusal !== undefined)
      throw new UserError(`${titleOf(tbf)} was not installed: ${refusal.replaceAll("\n", ": ")}.`);
    const { memory, flash } = this.#parts;
    const body = writing(installWrites(memory, room, start, tbf.bytes, flash.pageSize));
    const retired = old.map(({ address }) => ({ do: "end" as const, address }));
    // The old one stays until the new one is there, unless that takes its place.
    const gone = old.filter(app => !inPlace || app.address < room.start || app.address >= room.end);
    const padded = writing(gone.map(app => padding(app.address, app.address + app.size)));
    const steps = inPlace ? [...retired, ...body, ...padded] : [...body, ...retired, ...padded];
    const size = tbf.bytes.length;
    return {
      start,
      what: `${old.length > 0 ? "update" : "install"} ${name || hex(start)}`,
      steps: [
        ...steps,
        ...notices.map(text => ({ do: "say" as const, text })),
        tbf.header.enabled
          ? { do: "start", flash: { start, size } }
          : {
              do: "say",
              text: `${titleOf(tbf)} is marked not enabled: it is installed and does not start; enable it and reset the board.`,
            },
      ],
    };
  }

  /** Where an app goes: to the place of its old version, else beside that, else over it and what is free around it. */
  #place(tbf: Tbf, old: readonly InstalledApp[]): Place {
    const { header, bytes } = tbf;
    const size = bytes.length;
    const freed = this.#list(addressesOf(old)).rooms;
    const [first] = old;
    if (first !== undefined) {
      const start = first.address;
      const room = freed.find(room => room.start <= start && start < room.end);
      const suits = (fixedStart(header) ?? start) === start && isAligned(start, size);
      if (suits && room && fitsAt(room, start, size))
        return { room, start, inPlace: true, notices: [] };
    }
    const beside = firstPlace(this.#list().rooms, header, size);
    const place = beside ?? firstPlace(freed, header, size);
    if (place === undefined) throw this.#noRoom(tbf, addressesOf(old));
    const notices = first === undefined ? [] : [movedText(tbf, first.address, place.start)];
    return { ...place, inPlace: beside === undefined && first !== undefined, notices };
  }

  #noRoom(tbf: Tbf, ending: readonly number[]): UserError {
    const size = tbf.bytes.length;
    const room = this.#list().rooms.find(room =>
      fitsAt(room, alignUp(room.start, nextPowerOfTwo(size)), size),
    );
    if (fixedStart(tbf.header) !== undefined && room !== undefined)
      return this.#buildFor(tbf, alignUp(room.start, nextPowerOfTwo(size)), ending);
    const largest = Math.max(0, ...this.#list().rooms.map(({ start, end }) => end - start));
    return new UserError(
      `${titleOf(tbf)} was not installed: it needs ${size} bytes of flash at a multiple of that, and the largest free piece has ${largest} bytes; uninstall an app first.`,
    );
  }

  /** RAM at a fixed address must be free, or that of the version which is replaced. */
  #checkRam(tbf: Tbf, start: number, ending: readonly number[]): void {
    const { fixedAddressRam, minimumRamSize } = tbf.header;
    if (fixedAddressRam === undefined) return;
    const { kernel } = this.#parts;
    if (kernel.ramStart({ fixedAddressRam, minimumRamSize }, ending) === undefined)
      throw this.#buildFor(tbf, start, ending);
  }

  /** An app that cannot lie where it was linked. */
  #buildFor(tbf: Tbf, start: number, ending: readonly number[]): UserError {
    const { fixedAddressFlash, fixedAddressRam, minimumRamSize, protectedSize } = tbf.header;
    const needs = { fixedAddressRam: null, minimumRamSize };
    const ram = this.#parts.kernel.ramStart(needs, ending);
    const linked = [
      fixedAddressFlash === undefined ? [] : [`flash ${hex(fixedAddressFlash)}`],
      fixedAddressRam === undefined ? [] : [`RAM ${hex(fixedAddressRam)}`],
    ].flat();
    const help =
      ram === undefined
        ? "no RAM is free that it could be built for: uninstall an app first"
        : `build it for flash ${hex(start + protectedSize)} (TBF at ${hex(start)}) and RAM ${hex(ram)}`;
    return new UserError(
      `${titleOf(tbf)} was not installed: it is linked for ${linked.join(" and ")}, which is not free; ${help}.`,
    );
  }

  #eraseApps(): Plan {
    const { apps } = this.#list();
    const { flash, kernel } = this.#parts;
    const sticks = apps.some(({ sticky }) => sticky);
    const gone = apps.filter(({ sticky, size }) => !sticks || (!sticky && size >= LEAST_OBJECT));
    const ends = gone.map(({ address }) => ({ do: "end" as const, address }));
    const { start } = kernel.flash;
    const blank = new Uint8Array(flash.pageSize - (start % flash.pageSize)).fill(0xff);
    const writes = !sticks
      ? [{ address: start, bytes: blank }]
      : gone.map(({ address, size }) => padding(address, address + size));
    const kept = apps.filter(({ sticky }) => sticky).length;
    const say = `${kept} sticky ${kept === 1 ? "app stays" : "apps stay"}.`;
    const steps: Step[] = [...ends, ...writing(writes)];
    return { what: "erase-apps", steps: kept === 0 ? steps : [...steps, { do: "say", text: say }] };
  }

  #uninstall(name: string): Plan {
    const apps = this.#named(name);
    if (apps.some(({ sticky }) => sticky))
      throw new UserError(`loader: "${name}" is sticky; unsticky it before it is uninstalled.`);
    if (apps.some(({ size }) => size < LEAST_OBJECT))
      throw new UserError(`loader: ${name} is too small for padding; use erase-apps.`);
    return {
      what: `uninstall ${name}`,
      steps: apps.flatMap(({ address, size }) => [
        { do: "end", address },
        ...writing([padding(address, address + size)]),
      ]),
    };
  }

  #restart(name: string): Plan {
    const apps = this.#named(name).filter(({ address }) => this.#parts.kernel.processAt(address));
    if (apps.length === 0)
      throw new UserError(
        `loader: "${name}" has no process; it is installed and was not started; reset the board.`,
      );
    const steps = apps.map(({ address }) => ({ do: "restart" as const, address }));
    return { what: `restart ${name}`, steps };
  }

  /** At its next entry the kernel would act on a fault first, so a process with one that waits for that starts anew now. */
  #restartsFaulting(name: string): boolean {
    const { kernel, processes } = this.#parts;
    const waiting = this.#named(name)
      .map(({ address }) => kernel.processAt(address)?.data)
      .filter(data => data?.fault && data.state.name !== "Faulted");
    for (const data of waiting) if (data !== undefined) processes.tryRestart(data.index);
    return waiting.length > 0;
  }

  #setFlag(flag: Flag, name: string): Plan {
    const { memory } = this.#parts;
    const apps = this.#named(name).map(app => ({ ...app, ...flags[flag] }));
    if (apps.some(({ address }) => !isIntact(memory, address)))
      throw new UserError(`loader: the header at ${name} is damaged; uninstall the app.`);
    const writes = apps.map(app => flagsWrite(memory, app));
    const steps = writing(writes);
    if (apps.some((app, i) => this.#isRefused(app, writes[i] as FlashWrite)))
      steps.push({
        do: "say",
        text: `"${name}" does not run after the next reset: its credentials cover the header, which is another one now.`,
      });
    const text = `"${name}" is ${flag}d in flash, which takes effect at reset.`;
    const says = flag === "enable" || flag === "disable";
    return { what: `${flag} ${name}`, steps: says ? [...steps, { do: "say", text }] : steps };
  }

  /** Whether the board would not start an enabled app after a change of it. */
  #isRefused({ address, size, enabled }: InstalledApp, change: FlashWrite): boolean {
    const { memory, kernel } = this.#parts;
    const bytes = memory.readBytes(address, size);
    bytes.set(change.bytes, change.address - address);
    return enabled && kernel.refusal(bytes, address) !== undefined;
  }
}

type Plan = Pick<Job, "what" | "steps">;

interface Place {
  room: Room;
  start: number;
  /** Over the old version, which is gone from the first write on. */
  inPlace: boolean;
  notices: string[];
}

const addressesOf = (apps: readonly InstalledApp[]): number[] => apps.map(({ address }) => address);

const movedText = (tbf: Tbf, from: number, to: number): string =>
  `${titleOf(tbf)} no longer fits its place at ${hex(from)} and lies at ${hex(to)} now, which a board could not do before its next reset.`;

const writing = (writes: readonly FlashWrite[]): Step[] =>
  writes.map(write => ({ do: "write", ...write }));

/** Whether two apps cannot lie side by side for their fixed addresses. A newer one of the same name takes the other's place. */
function clash(one: Uint8Array, other: Uint8Array): boolean {
  const [a, b] = [parseTbf(one, "loader").header, parseTbf(other, "loader").header];
  const [x, y] = [fixedStart(a), fixedStart(b)];
  const shareFlash =
    x !== undefined && y !== undefined && x < y + b.totalSize && y < x + a.totalSize;
  return (a.name !== b.name || a.name === "") && (shareFlash || sharesRam(a, b));
}

const titleOf = ({ header: { name } }: Tbf): string => (name === "" ? "The app" : `App "${name}"`);
