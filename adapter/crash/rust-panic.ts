// A panic of Rust: its message and place, from the arguments of the functions of `core::panicking` (library/core/src/panicking.rs).
import type { Frame, MemoryReader } from "../symbols/model.js";
import { argumentsOfCall, textOf } from "./call-arguments.js";
import { common } from "./data.js";
import { type Facts, placeOf } from "./facts.js";
import type { Explanation, Scene, SourcePlace } from "./model.js";
import { readNumber } from "./origin.js";

/** The handler, and what leads to it in the core library. */
const PANICKING =
  /rust_begin_unwind|^(?:core|std|alloc)::(?:panicking|option|result|slice::index|str|alloc)::|panic_handler|unwrap_failed|expect_failed|panic_bounds_check|panic_fmt|handle_alloc_error|__rust_start_panic/;
const SURELY =
  /rust_begin_unwind|core::panicking::|panic_handler::|panic_fmt|unwrap_failed|expect_failed|panic_bounds_check/;

const LONGEST_MESSAGE = 512;
const LONGEST_PATH = 512;
const ARGUMENTS = 4;

export function rustPanic(facts: Facts): Explanation | undefined {
  const { scene, name } = facts;
  const { frames } = scene;
  if (!frames.some(frame => SURELY.test(frame.name))) return undefined;
  const last = frames.findLastIndex(frame => PANICKING.test(frame.name));
  const caller = frames[last + 1];
  const known = frames
    .slice(0, last + 1)
    .filter(frame => frame.inlineDepth === 0)
    .reverse()
    .map(frame => panicArguments(scene, frame));
  const message = known.map(each => each.message).find(each => each !== undefined);
  const location = known.map(each => each.location).find(each => each !== undefined);
  const place = location ?? (caller === undefined ? null : placeOf(caller));
  const at = place === null ? "" : ` at ${place.path.split("/").at(-1)}:${place.line}`;
  const by = caller === undefined ? name : caller.name;
  return {
    ...common(facts),
    kind: "rust-panic",
    verdict: `${by} panicked${at}${message === undefined ? "." : `: ${message}`}`,
    details: message === undefined ? ["The binary does not hold the message."] : [],
    place: place === null ? null : { ...place, function: by },
  };
}

interface PanicArguments {
  message: string | undefined;
  location: SourcePlace | undefined;
}

/** Of one function of `core::panicking`: text by pointer and length, numbers, and the `Location` of the caller. */
function panicArguments(scene: Scene, frame: Frame): PanicArguments {
  const { memory } = scene;
  const values = argumentsOfCall(scene, frame, ARGUMENTS);
  const location = values.map(value => locationAt(memory, value)).find(each => each !== undefined);
  const [first, second] = values;
  if (/panic_bounds_check/.test(frame.name) && first !== undefined && second !== undefined) {
    return {
      message: `index out of bounds: the len is ${second} but the index is ${first}`,
      location,
    };
  }
  return { message: fixedMessage(frame, memory, first, second), location };
}

/** Functions whose name is the message. */
const messages: readonly (readonly [RegExp, string])[] = [
  [/panic_const_add_overflow/, "attempt to add with overflow"],
  [/panic_const_sub_overflow/, "attempt to subtract with overflow"],
  [/panic_const_mul_overflow/, "attempt to multiply with overflow"],
  [/panic_const_div_overflow/, "attempt to divide with overflow"],
  [/panic_const_rem_overflow/, "attempt to calculate the remainder with overflow"],
  [/panic_const_neg_overflow/, "attempt to negate with overflow"],
  [/panic_const_shl_overflow/, "attempt to shift left with overflow"],
  [/panic_const_shr_overflow/, "attempt to shift right with overflow"],
  [/panic_const_div_by_zero/, "attempt to divide by zero"],
  [/panic_const_rem_by_zero/, "attempt to calculate the remainder with a divisor of zero"],
  [/option::unwrap_failed/, "called `Option::unwrap()` on a `None` value"],
];

function fixedMessage(
  { name }: Frame,
  memory: MemoryReader,
  first: number | undefined,
  second: number | undefined,
): string | undefined {
  const known = messages.find(([pattern]) => pattern.test(name))?.[1];
  if (known !== undefined) return known;
  const takesText =
    /panicking::panic$|expect_failed|panic_display|panic_str|panic_explicit|result::unwrap_failed/;
  if (
    takesText.test(name) &&
    first !== undefined &&
    second !== undefined &&
    second <= LONGEST_MESSAGE
  )
    return textOf(memory, first, second);
  return /panic_fmt$|panic_nounwind/.test(name) ? firstPiece(memory, first) : undefined;
}

/** The first literal of `fmt::Arguments`, whose first field is a slice of strings. */
function firstPiece(memory: MemoryReader, address: number | undefined): string | undefined {
  if (address === undefined) return undefined;
  const pieces = readNumber(memory, address, 4);
  const count = readNumber(memory, address + 4, 4);
  if (pieces === undefined || count === undefined || count === 0 || count > 64) return undefined;
  const texts: string[] = [];
  for (let i = 0; i < count; i++) {
    const start = readNumber(memory, pieces + 8 * i, 4);
    const length = readNumber(memory, pieces + 8 * i + 4, 4);
    if (start === undefined || length === undefined || length > LONGEST_MESSAGE) return undefined;
    const text = length === 0 ? "" : textOf(memory, start, length);
    if (text === undefined) return undefined;
    texts.push(text);
  }
  return texts.join("…");
}

/** `core::panic::Location`: pointer and length of the file, line, column. */
function locationAt(memory: MemoryReader, address: number | undefined): SourcePlace | undefined {
  if (address === undefined) return undefined;
  const [file, length, line, column] = [0, 4, 8, 12].map(offset =>
    readNumber(memory, address + offset, 4),
  );
  if (file === undefined || length === undefined || length === 0 || length > LONGEST_PATH)
    return undefined;
  if (line === undefined || column === undefined || line > 1e6 || column > 1e4) return undefined;
  const path = textOf(memory, file, length)?.replace(/\0$/, "");
  return path?.endsWith(".rs") === true ? { path, line, column, function: "" } : undefined;
}
