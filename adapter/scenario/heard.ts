// What a run was heard to do so far: text by its sender, faults, exits, grant bytes, and system calls that are counted.
import type { OutputValue, TraceEvent } from "../../emulator/index.js";
import type { Sources } from "../sources.js";
import {
  ANYONE,
  type ExitCondition,
  type FaultCondition,
  type FaultResult,
  KERNEL,
  type ShownCondition,
  type SyscallPattern,
  type Wanted,
} from "./model.js";

/** What one sender has printed; what was found is not found again. */
class Stream {
  text = "";
  /** Where the last find ended. */
  place = 0;
  readonly #decoder = new TextDecoder();
  #searched: { wanted: Wanted | undefined; length: number } = { wanted: undefined, length: 0 };

  add(bytes: Uint8Array): void {
    this.text += this.#decoder.decode(bytes, { stream: true }).replaceAll("\r", "");
  }

  /** Where `wanted` ends behind `from`, -1 if it has not come. */
  find(wanted: Wanted, from: number): number {
    if ("text" in wanted) {
      const found = this.text.indexOf(wanted.text, from);
      return found < 0 ? -1 : found + wanted.text.length;
    }
    const match = wanted.regex.exec(this.text.slice(from));
    return match === null ? -1 : from + match.index + match[0].length;
  }

  /** Where `wanted` ends behind the last find; asked again and again, it looks at no text twice. */
  next(wanted: Wanted): number {
    if (!("text" in wanted)) return this.find(wanted, this.place);
    const known = this.#searched.wanted === wanted ? this.#searched.length : 0;
    this.#searched = { wanted, length: this.text.length };
    const end = this.find(wanted, Math.max(this.place, known - wanted.text.length + 1));
    if (end >= 0) this.#searched = { wanted: undefined, length: 0 };
    return end;
  }
}

/** A fault, whether a step has waited for it, and where the sources of the app are looked for. */
export type HeardFault = FaultResult & { claimed: boolean; sources: Sources | undefined };

type SyscallEvent = Extract<TraceEvent, { type: "syscall" }>;

export class Heard {
  /** A name for a process. */
  readonly #nameOf: (process: number) => string;
  readonly #streams = new Map<string, Stream>();
  readonly #exits = new Map<string, (number | null)[]>();
  readonly faults: HeardFault[] = [];
  readonly notices: string[] = [];
  readonly created: string[] = [];
  /** The kernel's last words. */
  panic: string | undefined;
  readonly #counters = new Map<SyscallPattern, number>();
  /** The most bytes of grants that an app had, as far as was looked. */
  readonly grantBytes = new Map<string, number>();

  constructor(nameOf: (process: number) => string, counted: readonly SyscallPattern[]) {
    this.#nameOf = nameOf;
    for (const pattern of counted) this.#counters.set(pattern, 0);
  }

  hear(event: TraceEvent): void {
    switch (event.type) {
      case "uart": {
        const { origin, bytes } = event;
        this.#stream(ANYONE).add(bytes);
        const sender = origin.from === "process" ? this.#nameOf(origin.process) : KERNEL;
        this.#stream(sender).add(bytes);
        break;
      }
      case "syscall":
        for (const [pattern, count] of this.#counters)
          if (this.matches(pattern, event)) this.#counters.set(pattern, count + 1);
        break;
      case "processExited": {
        const name = this.#nameOf(event.process);
        const code = event.completionCode === null ? null : event.completionCode | 0;
        this.#exits.set(name, [...(this.#exits.get(name) ?? []), code]);
        break;
      }
      case "processCreated":
        if (!event.restart) this.created.push(event.name);
        break;
      case "kernelPanic":
        this.panic = event.message;
        break;
      case "notice":
        this.notices.push(event.text);
        break;
      default:
        break;
    }
  }

  textFrom(from: string): string {
    return this.#stream(from).text;
  }

  /** What came from a sender since the last find. */
  restFrom(from: string): string {
    const { text, place } = this.#stream(from);
    return text.slice(place);
  }

  /** Whether `wanted` has come behind the last find; `take`: then it is found. */
  hasCome(wanted: Wanted, from: string, take: boolean): boolean {
    const stream = this.#stream(from);
    const end = stream.next(wanted);
    if (end >= 0 && take) stream.place = end;
    return end >= 0;
  }

  /** Those of `wanted` that did not come, from power-on and each behind the one before from its sender. */
  missing<W extends { wanted: Wanted; from: string }>(wanted: readonly W[]): readonly W[] {
    const places = new Map<string, number>();
    return wanted.filter(({ wanted: one, from }) => {
      const end = this.#stream(from).find(one, places.get(from) ?? 0);
      if (end >= 0) places.set(from, end);
      return end < 0;
    });
  }

  hasEverCome(wanted: Wanted, from: string): boolean {
    return this.#stream(from).find(wanted, 0) >= 0;
  }

  matches(pattern: SyscallPattern, event: SyscallEvent): boolean {
    const { app, syscallClass, driver, number, returned } = pattern;
    const [r0, r1] = event.arguments;
    if (syscallClass !== undefined && syscallClass !== event.syscallClass) return false;
    const ofDriver = DRIVER_CLASSES.includes(event.syscallClass);
    if (driver !== undefined && (!ofDriver || r0 !== driver)) return false;
    if (number !== undefined && (ofDriver ? r1 : r0) !== number) return false;
    if (app !== undefined && this.#nameOf(event.process) !== app) return false;
    return returned === undefined || hasReturned(event, returned);
  }

  countOf(pattern: SyscallPattern): number {
    return this.#counters.get(pattern) ?? 0;
  }

  /** Completion codes of an app in order; `null` for an end without one. */
  exitsOf(app: string): readonly (number | null)[] {
    return this.#exits.get(app) ?? [];
  }

  hasExited({ app, code }: ExitCondition): boolean {
    const codes = this.exitsOf(app);
    return code === undefined ? codes.length > 0 : codes.includes(code);
  }

  /** The first fault that was not claimed and fits; `take` claims it. */
  hasFaulted({ app, text }: FaultCondition, take: boolean): boolean {
    const fault = this.faults.find(
      f => !f.claimed && f.app === app && f.explanation.includes(text ?? ""),
    );
    if (fault !== undefined && take) fault.claimed = fault.expected = true;
    return fault !== undefined;
  }

  #stream(from: string): Stream {
    let stream = this.#streams.get(from);
    if (stream === undefined) {
      stream = new Stream();
      this.#streams.set(from, stream);
    }
    return stream;
  }
}

/** Classes whose first argument is a driver: subscribe, command and the allows. */
const DRIVER_CLASSES: readonly number[] = [1, 2, 3, 4, 7];
const FIRST_SUCCESS = 128;

function hasReturned({ returned }: SyscallEvent, wanted: boolean | number): boolean {
  const [variant, error] = returned ?? [];
  if (variant === undefined) return false;
  if (typeof wanted === "boolean") return variant >= FIRST_SUCCESS === wanted;
  return variant < FIRST_SUCCESS && error === wanted;
}

/** Whether a device shows what is wanted: the value, or the members of it that are named. */
export function shows(shown: OutputValue | undefined, wanted: ShownCondition["value"]): boolean {
  if (typeof wanted !== "object") {
    if (typeof wanted === "string" && typeof shown === "string") return shown.includes(wanted);
    return shown === wanted;
  }
  if (typeof shown !== "object" || shown instanceof Uint8Array) return false;
  return Object.entries(wanted).every(([name, value]) => shows(shown[name], value));
}
