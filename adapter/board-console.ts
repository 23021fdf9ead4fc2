// What the user types for the board in the debug console: a line after `>` goes to its UART, where apps and Tock's
// process console read it. Unlike an expression it may be typed while the board runs.
import { processConsoleCommands, UserError } from "../emulator/index.js";
import type { Fields } from "./arguments.js";
import type { Client } from "./client.js";
import type { Control } from "./control.js";

const MARK = ">";
const DEVICE = "console";

/** Types the line of an `evaluate` request; `undefined` if the request is about an expression. */
export function typeLine(args: Fields, control: Control) {
  const text = args.string("expression");
  if (args.optionalString("context") !== "repl" || !text.startsWith(MARK)) return undefined;
  const line = text.slice(MARK.length).trimStart();
  // A board that stands still is asked what it would say: it need not run on to be looked at.
  const answer = control.running ? undefined : control.loading.consolePeek(line);
  if (answer !== undefined)
    return { result: answer.replaceAll("\r", "").trimEnd(), variablesReference: 0 };
  control.input(DEVICE, `${line}\n`);
  const result = control.running ? "" : "The board reads this line when it runs on.";
  return { result, variablesReference: 0 };
}

/** Does `evaluate`; where that fails on a command of the process console, tells how to type one. */
export function hintAtPrompt<T>(args: Fields, evaluate: () => T): T {
  try {
    return evaluate();
  } catch (error) {
    const text = args.string("expression").trim();
    const [command = ""] = text.split(/\s+/);
    const meant = args.optionalString("context") === "repl" && commands.includes(command);
    if (!(error instanceof UserError) || !meant) throw error;
    throw new UserError(`${error.message} To type it at Tock's prompt, write: ${MARK} ${text}`);
  }
}

const commands: readonly string[] = processConsoleCommands;

/** Commands, and behind one the names of processes; `undefined` if the text is no line for the board. */
export function lineCompletions(args: Fields, control: Control, client: Client) {
  const text = args.string("text").slice(0, Math.max(0, args.integer("column") - client.column(1)));
  const line = /^>\s*(\S+\s+)?(\S*)$/.exec(text);
  if (line === null) return undefined;
  const [, command, word = ""] = line;
  const labels =
    command === undefined ? commands : control.debuggee.processes.map(({ name }) => name);
  const start = client.column(1) + text.length - word.length;
  return {
    targets: [...new Set(labels)]
      .filter(label => label.startsWith(word))
      .map(label => ({ label, type: "keyword" as const, start, length: word.length })),
  };
}
