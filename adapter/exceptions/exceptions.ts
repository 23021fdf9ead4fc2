// The exception filters that the client has set, and whether one of them wants to see what is about to happen.
import { type Occurrence, type OccurrenceKind, UserError } from "../../emulator/index.js";
import { contextOf } from "../context.js";
import type { Debuggee } from "../debuggee.js";
import * as errors from "../errors.js";
import { evaluateParsed } from "../evaluate.js";
import type { Expression } from "../expressions/syntax.js";
import { isTrue } from "../hits.js";
import { Condition, type FieldValues } from "./conditions.js";
import { type Filter, type FilterId, filters } from "./filters.js";
import { mentions } from "./mentions.js";
import { type Raised, raisedBy } from "./raised.js";
import { type CodeKind, WatchedCode } from "./watched-code.js";

export interface WantedFilter {
  filter: string;
  condition: string | undefined;
}

/** What the client is told of a filter that it sets. */
export interface FilterState {
  verified: boolean;
  message?: string;
}

/** What stops, in words. */
export interface ExceptionStop {
  process: number;
  filter: FilterId;
  /** A few words with the app's name. */
  description: string;
  text: string;
}

interface SetFilter {
  filter: Filter;
  text: string;
  condition: Condition | undefined;
  /** The user knows already that the condition makes no sense where it is judged. */
  told: boolean;
}

/** So many frames are looked at for what a condition names. */
const MOST_FRAMES = 12;

/** As a client has them that says nothing. */
const byDefault: readonly WantedFilter[] = filters
  .filter(filter => filter.default)
  .map(({ id }) => ({ filter: id, condition: undefined }));

export class Exceptions {
  readonly #debuggee: Debuggee;
  readonly #say: (text: string) => void;
  readonly #code: WatchedCode;
  #wanted: readonly WantedFilter[] = [];
  #set: readonly SetFilter[] = [];
  /** The process whose fault was shown last, while nothing else was. */
  #shownFault: number | undefined;

  constructor(debuggee: Debuggee, say: (text: string) => void) {
    this.#debuggee = debuggee;
    this.#say = say;
    this.#code = new WatchedCode(debuggee);
    debuggee.breakpoints.watchCode(() => this.#code.addresses());
    this.set(byDefault);
  }

  /** Replaces all filters; one with a mistake in it is not set. */
  set(wanted: readonly WantedFilter[]): readonly FilterState[] {
    this.#wanted = wanted;
    const read = wanted.map(each => this.#withoutStrangers(readFilter(each)));
    this.#set = read.flatMap(each => ("why" in each ? [] : [each]));
    const kinds = new Set<OccurrenceKind>(this.#set.flatMap(({ filter }) => filter.kinds));
    this.#debuggee.machine.stopBefore = kinds;
    this.#code.watch(new Set<CodeKind>(this.#set.flatMap(({ filter }) => filter.code ?? [])));
    this.#debuggee.breakpoints.watchCode(() => this.#code.addresses());
    return read.map(each =>
      "why" in each ? { verified: false, message: each.why } : { verified: true },
    );
  }

  /** Refuses a name that is no field and that no app has, where the symbols of all apps are known. */
  #withoutStrangers(read: SetFilter | { why: string }): SetFilter | { why: string } {
    if ("why" in read || read.condition === undefined || read.condition.names.size === 0)
      return read;
    const elfs = this.#debuggee.programs.map(program => program?.symbols?.image.elf);
    if (elfs.length === 0) return read;
    for (const name of read.condition.names) {
      if (elfs.some(elf => elf === undefined || mentions(elf, lastPart(name)))) continue;
      return { why: errors.noSuchName(name, Object.keys(read.filter.fields)) };
    }
    return read;
  }

  /** Sets what was set for a board that is gone. */
  adopt(old: Exceptions): void {
    this.set(old.#wanted);
  }

  judgeFault(process: number): boolean {
    const { cfsr, hfsr, mmfar, bfar } = this.#debuggee.kernel.faultStatus;
    const stops = this.#stopping(["fault"], process, { cfsr, hfsr, mmfar, bfar }) !== undefined;
    this.#shownFault = stops ? process : undefined;
    return stops;
  }

  judge(occurrence: Exclude<Occurrence, { kind: "fault" }>): ExceptionStop | undefined {
    // Who has just seen the fault knows what the kernel is going to do.
    const known =
      occurrence.kind === "panic" &&
      occurrence.process === this.#shownFault &&
      occurrence.message.endsWith(" had a fault");
    return known ? undefined : this.#judge(raisedBy(occurrence));
  }

  /** Judges what `process` is about to do at watched code. */
  judgeCode(process: number, address: number): ExceptionStop | undefined {
    for (const raised of this.#code.at(process, address)) {
      const stop = this.#judge(raised);
      if (stop !== undefined) return stop;
    }
    return undefined;
  }

  #judge(raised: Raised): ExceptionStop | undefined {
    const { filters: ids, process, values, title, text } = raised;
    const filter = this.#stopping(ids, process, values);
    if (filter === undefined) return undefined;
    this.#shownFault = undefined;
    const name = this.#debuggee.nameOf(process);
    const ofApp = filter === "kernelPanic" ? text : `${name}: ${text}`;
    return { process, filter, description: `${title} (${name})`, text: `${ofApp}.` };
  }

  /** The first of `ids` that is set and whose condition is true. */
  #stopping(ids: readonly FilterId[], process: number, own: FieldValues): FilterId | undefined {
    const set = this.#set.filter(({ filter }) => ids.includes(filter.id));
    if (set.length === 0) return undefined;
    const app = this.#debuggee.nameOf(process);
    const restarts = this.#debuggee.process(process)?.restartCount;
    const values = { app, process: app, restarts, ...own };
    return set.find(each => this.#isTrue(each, process, values))?.filter.id;
  }

  #isTrue(each: SetFilter, process: number, values: FieldValues): boolean {
    const { condition, text } = each;
    if (condition === undefined) return true;
    try {
      return condition.isTrue(values, expression => this.#ofApp(expression, process, text));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      if (each.told) return false;
      each.told = true;
      this.#say(errors.conditionOfFilter(text, error.message, Object.keys(each.filter.fields)));
      return true;
    }
  }

  /** In the innermost frame where it has a meaning: a system call stands in a function of the library. */
  #ofApp(expression: Expression, process: number, text: string): boolean {
    let wrong: UserError | undefined;
    for (const [depth, frame] of this.#debuggee.frames(process, MOST_FRAMES).entries()) {
      const context = contextOf(this.#debuggee, { process, depth, frame });
      const value = evaluateParsed(expression, context, text);
      if (!(value instanceof UserError)) return isTrue(value);
      wrong ??= value;
    }
    throw wrong ?? new UserError("the process has no registers");
  }
}

/** `count` of `main::count`. */
const lastPart = (name: string): string => name.split("::").at(-1) ?? name;

function readFilter({
  filter: id,
  condition: text = "",
}: WantedFilter): SetFilter | { why: string } {
  const filter = filters.find(each => each.id === id);
  if (filter === undefined)
    return {
      why: errors.noSuchFilter(
        id,
        filters.map(each => each.id),
      ),
    };
  const name = text.trim();
  if (name === "") return { filter, text: name, condition: undefined, told: false };
  const condition = Condition.read(name, filter.fields);
  if (condition instanceof Condition) return { filter, text: name, condition, told: false };
  return { why: `Condition: ${condition.why}.` };
}
