// Ends that are no faults of the processor: exit with a code, abort and assert of C, panic of Rust, the kernel's own panic.
import { hex8, SyscallClass } from "../../emulator/index.js";
import type { Frame } from "../symbols/model.js";
import { syscallText } from "../syscall-text.js";
import { argumentsOfCall, textAt } from "./call-arguments.js";
import { quoted } from "./culprit.js";
import { common } from "./data.js";
import { type Facts, isOfLibrary, placeOf } from "./facts.js";
import { syscallBefore } from "./instruction-faults.js";
import { kernelFault } from "./kernel-fault.js";
import type { Explanation, SourcePlace } from "./model.js";
import { rustPanic } from "./rust-panic.js";

const EXIT_TERMINATE = 0;
/** Functions of libraries through which an app leaves. */
const LEAVING =
  /^(?:_*exit|_Exit|tock_(?:exit|restart)|_?start_?c?|_c_start\w*)$|::exit_(?:terminate|restart)|syscall/;

/** `undefined`: the process did not end itself. */
export function ending(facts: Facts): Explanation | undefined {
  return assertion(facts) ?? rustPanic(facts) ?? abortion(facts) ?? exit(facts);
}

/** The first frame of the app's own outside of the functions that end it, and the last of those. */
export function callerOf(
  frames: readonly Frame[],
  isEnding: (frame: Frame) => boolean,
): { ending: Frame; caller: Frame | undefined } | undefined {
  const last = frames.findLastIndex(isEnding);
  const ending = frames[last];
  const callers = frames.slice(last + 1);
  return ending && { ending, caller: callers.find(each => !isOfLibrary(each)) ?? callers[0] };
}

const at = (place: SourcePlace | null): string =>
  place === null ? "" : ` at ${place.path.split("/").at(-1)}:${place.line}`;

/** `__assert_func(file, line, function, expression)` of newlib. */
function assertion(facts: Facts): Explanation | undefined {
  const found = callerOf(facts.scene.frames, ({ name }) => /^__assert(_func)?\b/.test(name));
  if (found === undefined) return undefined;
  const { caller } = found;
  const [file, line, , expression] = argumentsOfCall(facts.scene, found.ending, 4);
  const text = textAt(facts.scene.memory, expression);
  const path = textAt(facts.scene.memory, file);
  const place = caller === undefined ? null : placeOf(caller);
  const where =
    place === null && path !== undefined && line !== undefined
      ? ` at ${path.split("/").at(-1)}:${line}`
      : at(place);
  const what = text === undefined ? "An assertion" : `The assertion ${quoted(text)}`;
  const who = caller === undefined ? facts.name : caller.name;
  return {
    ...common(facts),
    instruction: null,
    access: null,
    kind: "assert",
    verdict: `${what} of ${who} failed${where}.`,
    details: text === undefined ? ["What was asserted is not in memory any more."] : [],
    place,
    culprit: text === undefined ? null : { expression: text, value: "false" },
  };
}

function abortion(facts: Facts): Explanation | undefined {
  const { frames } = facts.scene;
  const found = callerOf(frames, ({ name }) =>
    /^(?:abort|std::terminate|__cxa_pure_virtual|__stack_chk_fail|__chk_fail)\b/.test(name),
  );
  if (found === undefined) return undefined;
  const { ending, caller } = found;
  const place = caller === undefined ? null : placeOf(caller);
  const by = caller === undefined ? facts.name : caller.name;
  const why: Readonly<Record<string, string>> = {
    __stack_chk_fail: "The stack protector found that a local array was written past its end.",
    __chk_fail:
      "A checked function of the C library, such as memcpy, would have written past the end of its destination.",
    __cxa_pure_virtual:
      "A pure virtual function was called, often from a constructor or destructor.",
    "std::terminate": "A C++ exception was thrown that nothing caught.",
  };
  const reason = why[ending.name.split("+")[0] ?? ""];
  return {
    ...common(facts),
    instruction: null,
    access: null,
    kind: "abort",
    verdict: `${by} called ${quoted(ending.name.split("+")[0] ?? ending.name)}${at(place)}.`,
    details: [...(reason === undefined ? [] : [reason]), ...historyText(facts)],
    place,
  };
}

/** An exit that is under way, or one that a dump reports. */
function exit(facts: Facts): Explanation | undefined {
  const { scene, name } = facts;
  const { completionCode, state } = scene.process;
  const leaving = syscallBefore(facts) === SyscallClass.Exit;
  const [first = 0] = scene.architecture.abi.arguments;
  const which = leaving ? scene.registers[first] : EXIT_TERMINATE;
  const code = leaving ? scene.registers[first + 1] : completionCode;
  if (typeof code !== "number" || (!leaving && !state.startsWith("Terminated"))) return undefined;
  const caller = scene.frames.find(
    ({ location, name: each }) => location !== null && !LEAVING.test(each),
  );
  const place = caller === undefined ? null : placeOf(caller);
  const again = which === EXIT_TERMINATE ? "" : " and asked to be started again";
  const number = code | 0;
  return {
    ...common(facts),
    instruction: null,
    access: null,
    kind: "exit-code",
    verdict: `${name} exited with code ${number}${again}${at(place)}.`,
    details: [
      number === 0
        ? "Code 0 means success."
        : `A code that is not 0 means an error; small ones are often Tock's error codes${errorText(number)}.`,
      ...historyText(facts),
    ],
    place,
  };
}

/** Live: the last system call that failed may be why an app gives up. */
function historyText({ scene: { history } }: Facts): string[] {
  const failed = history.findLast(call => call.includes(", which returned "));
  return failed === undefined ? [] : [`The last system call that failed was ${failed}.`];
}

const ERRORS = [
  "",
  "FAIL",
  "BUSY",
  "ALREADY",
  "OFF",
  "RESERVE",
  "INVAL",
  "SIZE",
  "CANCEL",
  "NOMEM",
  "NOSUPPORT",
  "NODEVICE",
  "UNINSTALLED",
  "NOACK",
];

const errorText = (code: number): string => {
  const name = ERRORS[Math.abs(code)];
  return name === undefined || name === "" ? "" : `, of which ${Math.abs(code)} is ${name}`;
};

export function requestedFault(facts: Facts): Explanation {
  const { name, scene } = facts;
  const last = scene.process.lastSyscall;
  return {
    ...common(facts),
    kind: "requested",
    verdict: `Somebody asked the kernel to fault ${name}, as "fault ${name}" on the process console does.`,
    details: [
      `${name} itself did nothing wrong.`,
      ...(last === null ? [] : [`Its last system call was ${syscallText(last)}.`]),
    ],
    access: null,
    instruction: null,
  };
}

export function kernelPanic(
  facts: Facts,
  panic: { location: string; message: string },
): Explanation {
  // The lines behind the place may be cut off.
  const said = panic.message === "" ? "its message is not in the dump." : panic.message;
  const [verdict, ...details] = kernelFault(panic.message) ?? [
    `The kernel panicked: ${said.replace(/\.?$/, ".")}`,
  ];
  return {
    ...common(facts),
    kind: "kernel-panic",
    verdict: verdict ?? "",
    details: [
      ...details,
      `The panic is at ${panic.location} of the kernel${panic.message === "" ? "" : "; no app had a fault"}.`,
    ],
    access: null,
    place: null,
    instruction: null,
  };
}

/** Nothing of the above: what little is known. */
export function unknownFault(facts: Facts): Explanation {
  const { name, pc, scene } = facts;
  const at = pc === undefined ? "" : ` at ${hex8(pc)}`;
  const { process } = scene;
  const last = process.lastSyscall;
  return {
    ...common(facts),
    instruction: null,
    access: null,
    kind: "unknown",
    verdict: `${name} faulted${at}; what is known does not tell why.`,
    details: last === null ? [] : [`Its last system call was ${syscallText(last)}.`],
  };
}
