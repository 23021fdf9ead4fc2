// Code of apps at which exception filters stop: the `svc` of a system call (TRD 104; ARMv7-M ARM A7.7.178), and the functions
// by which C and Rust give up. An app without their symbols is known by libtock-rs's panic handler, which tells the
// low-level debug driver (libraries/panic_handlers, capsules/core/src/low_level_debug.rs).
import { SyscallClass } from "../../emulator/index.js";
import type { Debuggee } from "../debuggee.js";
import type { Frame } from "../symbols/model.js";
import { namesDriver, type Raised, raisedCall } from "./raised.js";

/** Functions that do not return, the outer ones first: newlib, picolibc, gcc. */
const PANICS = [
  "__assert_func",
  "__assert_fail",
  "__assert_no_args",
  "__assert",
  "abort",
  "__stack_chk_fail",
  "__chk_fail",
  "std::terminate",
];

/** The symbol of Rust's panic handler: every panic comes here, and here alone its message is always at hand. */
const PANIC_HANDLER = "rust_begin_unwind";

/** Where an app panics whose handler became a part of another function. */
const PANICS_OF_CORE = [
  "core::panicking::panic",
  "core::panicking::panic_fmt",
  "core::panicking::panic_nounwind",
  "core::panicking::panic_bounds_check",
  "core::panicking::panic_display",
  "core::panicking::assert_failed_inner",
  "core::option::unwrap_failed",
  "core::option::expect_failed",
  "core::result::unwrap_failed",
  "core::cell::panic_already_borrowed",
  "core::cell::panic_already_mutably_borrowed",
];

/** High byte of the 16-bit encoding of `svc`; the low one is the class. */
const SVC = 0xdf;
const LOW_LEVEL_DEBUG = 8;
const ALERT_CODE = 1;
const ALERT_PANIC = 1;
const SP = 13;

export type CodeKind = "calls" | "panics";

/** Where the last panic of a process was seen: what it calls from there belongs to it. */
interface Seen {
  pid: number;
  sp: number;
}

export class WatchedCode {
  readonly #debuggee: Debuggee;
  #kinds: ReadonlySet<CodeKind> = new Set();
  #panics = new Map<number, string>();
  readonly #seen = new Map<number, Seen>();

  constructor(debuggee: Debuggee) {
    this.#debuggee = debuggee;
  }

  watch(kinds: ReadonlySet<CodeKind>): void {
    this.#kinds = kinds;
  }

  /** Addresses at which `at` is to be asked, as processes lie now. */
  addresses(): ReadonlySet<number> {
    this.#panics = new Map();
    const found = new Set<number>();
    if (this.#kinds.size === 0) return found;
    for (const { index } of this.#debuggee.processes) {
      const named = this.#kinds.has("panics") ? this.#addPanics(index) : true;
      if (this.#kinds.has("calls"))
        for (const address of this.#calls(index, namesDriver)) found.add(address);
      else if (!named) for (const address of this.#calls(index, isCommand)) found.add(address);
    }
    for (const address of this.#panics.keys()) found.add(address);
    return found;
  }

  /** False when the app has no symbol of a function that gives up. */
  #addPanics(index: number): boolean {
    const symbols = this.#debuggee.program(index)?.symbols;
    if (symbols === undefined) return false;
    const add = (name: string): boolean => {
      const functions = symbols.functionsNamed(name);
      for (const { entry } of functions)
        if (!this.#panics.has(entry)) this.#panics.set(entry, name);
      return functions.length > 0;
    };
    const ofC = PANICS.filter(add);
    const ofRust = add(PANIC_HANDLER) || PANICS_OF_CORE.filter(add).length > 0;
    return ofC.length > 0 || ofRust;
  }

  #calls(index: number, wanted: (syscallClass: number) => boolean): number[] {
    const { flash } = this.#debuggee.process(index) ?? {};
    if (flash === undefined) return [];
    const start = flash.appStart + (flash.appStart & 1);
    const bytes = this.#debuggee.memory.read(start, flash.end - start) ?? new Uint8Array();
    const found: number[] = [];
    for (let i = 0; i + 1 < bytes.length; i += 2)
      if (bytes[i + 1] === SVC && wanted(bytes[i] as number)) found.push(start + i);
    return found;
  }

  /** What `process` is about to do at `address`; there may be two things to say of a call. */
  at(process: number, address: number): readonly Raised[] {
    const panic = this.#panics.get(address);
    if (panic !== undefined)
      return this.#firstPanic(process) ? [this.#panicOf(process, panic)] : [];
    const instruction = this.#debuggee.read16(address);
    const registers = this.#debuggee.kernel.registers(process);
    if (instruction === undefined || instruction >> 8 !== SVC || registers === null) return [];
    const [r0 = 0, r1 = 0, r2 = 0, r3 = 0] = registers;
    const syscallClass = instruction & 0xff;
    const raised: Raised[] = [];
    const alert =
      isCommand(syscallClass) && r0 === LOW_LEVEL_DEBUG && r1 === ALERT_CODE && r2 === ALERT_PANIC;
    if (alert && this.#kinds.has("panics") && this.#firstPanic(process))
      raised.push(panicked(process, "", "tells the low-level debug driver that it panics"));
    if (namesDriver(syscallClass)) raised.push(raisedCall(process, syscallClass, [r0, r1, r2, r3]));
    return raised;
  }

  /** A function that gives up calls others that do; only the first is told. */
  #firstPanic(index: number): boolean {
    const pid = this.#debuggee.process(index)?.pid ?? -1;
    const sp = this.#debuggee.kernel.registers(index)?.[SP] ?? 0;
    const seen = this.#seen.get(index);
    if (seen?.pid === pid && sp <= seen.sp) return false;
    this.#seen.set(index, { pid, sp });
    return true;
  }

  #panicOf(process: number, name: string): Raised {
    const [file, line, inside, expression] = this.#debuggee.kernel.registers(process) ?? [];
    if (name === "__assert_func") {
      const where = `${this.#textAt(inside) || "a function"} (${this.#textAt(file)}:${line})`;
      return panicked(process, name, `assertion failed in ${where}: ${this.#textAt(expression)}`);
    }
    const place = placeText(this.#debuggee.frames(process, MOST_FRAMES));
    const does = name.startsWith("core::") || name === PANIC_HANDLER ? "panics" : `calls ${name}`;
    return panicked(process, name, `${does}${place}`);
  }

  /** A C string of the guest, as far as it can be shown in a sentence. */
  #textAt(pointer = 0): string {
    let text = "";
    for (let at = pointer; text.length < LONGEST_TEXT; at++) {
      const byte = this.#debuggee.memory.read(at, 1)?.[0] ?? 0;
      if (byte === 0) break;
      text += byte < 0x20 || byte > 0x7e ? "?" : String.fromCharCode(byte);
    }
    return text;
  }
}

const MOST_FRAMES = 16;
const LONGEST_TEXT = 200;

const isCommand = (syscallClass: number): boolean => syscallClass === SyscallClass.Command;

const panicked = (process: number, name: string, text: string): Raised => ({
  filters: ["appPanic"],
  process,
  values: { function: name === "" ? undefined : name },
  title: "App panic",
  text,
});

const isOfLibrary = ({ name, location }: Frame): boolean =>
  /^<?(?:core|std|alloc)::|\brust_begin_unwind$/.test(name) ||
  location === null ||
  /\/rustc\/|\/library\/(?:core|alloc|std)\//.test(location.path);

/** Where the app's own code gave up. */
function placeText(frames: readonly Frame[]): string {
  const frame = frames.slice(1).find(each => !isOfLibrary(each));
  if (frame?.location == null) return "";
  const { path, line } = frame.location;
  return ` in ${frame.name} (${path.split("/").at(-1)}:${line})`;
}
