// A panic of Rust: its message and place, from the parameters of the functions of `core` that panic (library/core/src/panicking.rs)
// and of the panic handler.
import { fetch } from "../bytes.js";
import { bare } from "../format.js";
import type { Frame } from "../symbols/model.js";
import { textOf } from "./call-arguments.js";
import { quoted } from "./culprit.js";
import { common } from "./data.js";
import { onlyByZeroDivisor } from "./division.js";
import { codeAround, type Facts, placeOf } from "./facts.js";
import type { Explanation, Scene, SourcePlace } from "./model.js";
import { readNumber } from "./origin.js";
import {
  argumentsText,
  dynamicText,
  type Fields,
  stringOf,
  wordAt,
  wordOf,
} from "./rust-format.js";

const PANICKING =
  /rust_begin_unwind|^core::panicking::|panic_handler|^core::(?:option|result)::\w+_failed|^core::cell::panic_already|handle_alloc_error|^core::slice::(?:index::)?slice_\w*fail|^core::str::slice_error_fail/;
const LIBRARY = /^<?(?:core|std|alloc|compiler_builtins)::|\bas (?:core|alloc)::/;
const LIBRARY_PATH = /\/rustc\/|\/library\/(?:core|alloc|std)\//;
const LONGEST_PATH = 512;

export function rustPanic(facts: Facts): Explanation | undefined {
  const { scene, name } = facts;
  const { frames } = scene;
  const last = frames.findLastIndex(frame => PANICKING.test(frame.name) || isHandler(scene, frame));
  if (last < 0) return undefined;
  const known = frames.slice(0, last + 1).filter((_, i) => isMeant(frames, i));
  const message = firstOf(known, frame => messageOf(scene, frame));
  const location = firstOf(known, frame => locationIn(scene, frame));
  const behind = frames.slice(last + 1);
  const own = behind.findIndex(frame => !isOfLibrary(frame));
  const caller = behind[Math.max(own, 0)];
  const library = behind.slice(0, Math.max(own, 0));
  const said =
    message ??
    reasonIn(library, callReasons) ??
    reasonIn(
      known.filter(frame => !DIVISION.test(frame.name)),
      reasons,
    ) ??
    (library.length === 0 ? divisionText(scene, last) : undefined);
  const called = said === undefined ? library.at(-1)?.name : undefined;
  const within = called === undefined ? "" : ` in ${quoted(called)}`;
  const place = (caller === undefined ? null : placeOf(caller)) ?? location ?? null;
  const at = place === null ? "" : ` at ${place.path.split("/").at(-1)}:${place.line}`;
  return {
    ...common(facts),
    instruction: null,
    access: null,
    kind: "rust-panic",
    verdict: `${caller?.name ?? name} panicked${at}${within}${said === undefined ? "." : `: ${onOneLine(said)}`}`,
    details: message === undefined ? ["The app does not keep the message of a panic."] : [],
    place: place === null ? null : { ...place, function: caller?.name ?? "" },
  };
}

/**
 * Of a division, by the code in front of the call: where all messages are dropped, one function panics over all that need
 * none, by whatever name. An app's own panic calls the function that takes a message.
 */
function divisionText(scene: Scene, last: number): string | undefined {
  const { frames } = scene;
  const core = frames.slice(0, last + 1);
  const caller = frames[last + 1];
  if (caller === undefined || MESSAGE.test(frames[last]?.name ?? "")) return undefined;
  const code = codeAround(scene, caller.lookupPc);
  const call = code?.endingAt(caller.pc);
  if (code !== undefined && call !== undefined && onlyByZeroDivisor(code, call.address))
    return "attempt to divide by zero";
  const isDivision = core.some(({ name }) => DIVISION.test(name));
  return isDivision ? "attempt to divide by zero, or with overflow" : undefined;
}

const reasonIn = (frames: readonly Frame[], table: typeof reasons): string | undefined =>
  firstOf(frames, ({ name }) => table.find(([of]) => of.test(name))?.[1]);

/**
 * Whether a function of `core` was called for what its name says. A linker or LLVM keeps one of several functions with the same
 * code, so what only `unwrap()` and `expect()` call may stand for another where the caller is none of theirs.
 */
function isMeant(frames: readonly Frame[], index: number): boolean {
  const caller = frames[index + 1];
  const isUnwrap = /^core::(?:option|result)::\w+_failed/.test(frames[index]?.name ?? "");
  return !isUnwrap || caller === undefined || caller.location === null || LIBRARY.test(caller.name);
}

const onOneLine = (text: string): string => text.trim().replace(/\s*\n\s*/g, "; ");

/** The panic handler has a name of its own in the debug information. */
const isHandler = ({ symbols }: Scene, { pc, inlineDepth }: Frame): boolean =>
  inlineDepth === 0 && /rust_begin_unwind/.test(symbols?.symbolAt(pc)?.name ?? "");

function firstOf<T>(frames: readonly Frame[], of: (frame: Frame) => T | undefined): T | undefined {
  for (const frame of frames) {
    const found = of(frame);
    if (found !== undefined) return found;
  }
  return undefined;
}

const isOfLibrary = ({ name, location }: Frame): boolean =>
  LIBRARY.test(name) || location === null || LIBRARY_PATH.test(location.path);

interface Parameters {
  names: readonly string[];
  read(name: string): Fields | undefined;
}

/** Parameters of a function by name, as far as they are known where it stands. */
function parametersOf(scene: Scene, frame: Frame): Parameters {
  const { symbols, memory, registers, architecture } = scene;
  const variables = (symbols?.variablesAt(frame.lookupPc, frame.inlineDepth) ?? []).filter(
    ({ kind }) => kind === "parameter",
  );
  const isHandlerEntry =
    frame === scene.frames[0] &&
    isHandler(scene, frame) &&
    symbols?.functionAt(frame.pc)?.entry === frame.pc;
  const read = (name: string): Fields | undefined => {
    const index = variables.findIndex(each => each.name === name);
    const found = variables[index];
    if (found === undefined) return undefined;
    const location = found.locate(frame, memory);
    const { size } = bare(found.type);
    // Its place on the stack is filled by the first instructions only.
    if (isHandlerEntry && location.kind === "memory") {
      const argument = registers[architecture.abi.arguments[index] ?? -1];
      if (index > 0 || argument === undefined) return undefined;
      return { type: found.type, bytes: new Uint8Array(new Uint32Array([argument]).buffer) };
    }
    const fetched = fetch(location, size, { memory, registers: frame.registers });
    return "bytes" in fetched ? { type: found.type, bytes: fetched.bytes } : undefined;
  };
  return { names: variables.map(({ name }) => name), read };
}

/** What an app's own panic calls. */
const MESSAGE =
  /^core::panicking::(?:panic|panic_fmt|panic_display|panic_explicit|panic_str\w*)\b|rust_begin_unwind|panic_handler/;

/** Where all messages are dropped, these are one function. */
const DIVISION = /panic_const_(?:div|rem)_(?:by_zero|overflow)/;

/** Functions whose name is the message, or what is left of it where an app takes no notice of messages. */
const messages: readonly (readonly [RegExp, string])[] = [
  [/panic_const_add_overflow/, "attempt to add with overflow"],
  [/panic_const_sub_overflow/, "attempt to subtract with overflow"],
  [/panic_const_mul_overflow/, "attempt to multiply with overflow"],
  [/panic_const_neg_overflow/, "attempt to negate with overflow"],
  [/panic_const_shl_overflow/, "attempt to shift left with overflow"],
  [/panic_const_shr_overflow/, "attempt to shift right with overflow"],
  [/option::unwrap_failed/, "called `Option::unwrap()` on a `None` value"],
  [/panic_already_borrowed/, "RefCell already borrowed"],
  [/panic_already_mutably_borrowed/, "RefCell already mutably borrowed"],
];

/** What a function panics over, for want of its values. */
const reasons: readonly (readonly [RegExp, string])[] = [
  [/panic_bounds_check/, "index out of bounds"],
  [/slice_(?:index_fail|\w+_index_(?:len_)?fail)/, "range out of bounds of a slice"],
  [/assert_failed/, "an assertion that compares two values failed"],
  [/option::expect_failed/, "`Option::expect()` on a `None` value"],
  [/result::unwrap_failed/, "`unwrap()` or `expect()` on an `Err` value"],
];

/** What functions of `core` panic over that an app calls; others have their code where messages are dropped. */
const callReasons: readonly (readonly [RegExp, string])[] = [
  [/::(?:copy|clone)_from_slice/, "the two slices have different lengths"],
  [
    /as core::slice::index::SliceIndex<str>>/,
    "range that is no range of whole characters of a `str`",
  ],
  [/as core::slice::index::SliceIndex<\[/, "range out of bounds of a slice"],
];

function messageOf(scene: Scene, frame: Frame): string | undefined {
  const { symbols, memory } = scene;
  if (symbols === undefined) return undefined;
  const known = messages.find(([pattern]) => pattern.test(frame.name))?.[1];
  if (known !== undefined) return known;
  const source = { symbols, memory };
  const parameters = parametersOf(scene, frame);
  const parameter = parameters.read;
  if (/panic_bounds_check/.test(frame.name)) return boundsText(parameters);
  if (/assert_failed/.test(frame.name)) {
    const [left, right, kind] = ["left", "right", "kind"].map(parameter);
    if (left?.bytes.length !== 8 || right?.bytes.length !== 8) return undefined;
    const sign = ["==", "!=", "matches"][kind?.bytes[0] ?? 0] ?? "==";
    return `assertion \`left ${sign} right\` failed: left is ${dynamicText(source, left.bytes)}, right is ${dynamicText(source, right.bytes)}`;
  }
  const text = ["expr", "msg", "s"].map(parameter).find(each => each?.bytes.length === 8);
  const said = text && stringOf(memory, text.bytes);
  const error = parameter("error");
  if (said !== undefined)
    return error?.bytes.length === 8 ? `${said}: ${dynamicText(source, error.bytes)}` : said;
  const fields = parameter("fmt") ?? handlerMessage(scene, parameters);
  return fields && argumentsText(source, fields);
}

function boundsText({ read }: Parameters): string | undefined {
  const [index, length] = ["index", "len"].map(name => {
    const bytes = read(name)?.bytes;
    return bytes && wordAt(bytes, 0);
  });
  if (index === undefined && length === undefined) return undefined;
  return `index out of bounds: the len is ${length ?? "unknown"} but the index is ${index ?? "unknown"}`;
}

/** What a reference refers to. */
function behind({ memory }: Scene, { type, bytes }: Fields): Fields | undefined {
  const pointer = bare(type);
  const address = wordAt(bytes, 0);
  if (pointer.kind !== "pointer" || address === undefined) return undefined;
  const target = pointer.target();
  const read = memory.read(address, bare(target).size);
  return read && { type: target, bytes: read };
}

/** The `PanicInfo` of the panic handler, whatever it calls it. */
function infoOf(scene: Scene, { names, read }: Parameters): Fields | undefined {
  for (const name of names) {
    const reference = read(name);
    const info = reference && behind(scene, reference);
    if (info && /\bPanicInfo\b/.test(bare(info.type).name)) return info;
  }
  return undefined;
}

/** `PanicInfo.message` of the panic handler. */
function handlerMessage(scene: Scene, parameters: Parameters): Fields | undefined {
  const info = infoOf(scene, parameters);
  const own = info && bare(info.type);
  if (info === undefined || own?.kind !== "struct") return undefined;
  const member = own.members().find(({ name }) => name === "message");
  const address = wordOf(info, "message");
  const type = member && bare(member.type);
  if (type?.kind !== "pointer" || address === undefined) return undefined;
  const read = scene.memory.read(address, bare(type.target()).size);
  return read && { type: type.target(), bytes: read };
}

/** `PanicInfo.location` of the panic handler. */
function locationIn(scene: Scene, frame: Frame): SourcePlace | undefined {
  const info = infoOf(scene, parametersOf(scene, frame));
  const address = info && wordOf(info, "location");
  if (address === undefined) return undefined;
  const [file, length, line, column] = [0, 4, 8, 12].map(offset =>
    readNumber(scene.memory, address + offset, 4),
  );
  if (file === undefined || length === undefined || length === 0 || length > LONGEST_PATH)
    return undefined;
  if (line === undefined || column === undefined || line > 1e6) return undefined;
  const path = textOf(scene.memory, file, length)?.replace(/\0$/, "");
  return path?.endsWith(".rs") === true ? { path, line, column, function: "" } : undefined;
}
