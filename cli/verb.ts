// What a verb of `tock-debug` is, how its arguments are read, and how its help looks.
import { parseArgs } from "node:util";
import { UserError } from "../emulator/index.js";
import { columns } from "./text.js";

/** One option of a verb; `value` is what its argument is called in the help (none: a switch). */
export interface Option {
  short?: string;
  value?: string;
  /** May be given several times. */
  multiple?: boolean;
  help: string;
}

export interface Verb {
  /** One line for the list of verbs. */
  summary: string;
  /** What follows `tock-debug VERB`. */
  usage: string;
  options: Readonly<Record<string, Option>>;
  /** Lines that follow the options: what no single option tells. */
  notes?: readonly string[];
  /** Ends the help: an example or two, one a line. */
  examples?: readonly string[];
  /** Returns the exit code; a mistake of the user is thrown as `UserError`. */
  run(args: Arguments): number | Promise<number>;
}

/** The arguments of one call, checked against the verb's options. */
export class Arguments {
  readonly positionals: readonly string[];
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(values: Readonly<Record<string, unknown>>, positionals: readonly string[]) {
    this.#values = values;
    this.positionals = positionals;
  }

  flag(name: string): boolean {
    return this.#values[name] === true;
  }

  text(name: string): string | undefined {
    const value = this.#values[name];
    return typeof value === "string" ? value : undefined;
  }

  /** All values of an option that may be repeated. */
  texts(name: string): readonly string[] {
    const value = this.#values[name];
    return Array.isArray(value) ? (value as string[]) : [];
  }

  /** A whole number, decimal or 0x…, from 0 to `maximum`. */
  number(name: string, maximum = 0xffffffff): number | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : parseNumber(text, `--${name}`, maximum);
  }
}

/** @throws UserError that names `what` unless `text` is a whole number up to `maximum` */
export function parseNumber(text: string, what: string, maximum = 0xffffffff): number {
  const value = /^(0x[0-9a-f]+|\d+)$/i.test(text) ? Number(text) : Number.NaN;
  if (!(value <= maximum))
    throw new UserError(`${what} ${text}: expected a whole number from 0 to ${maximum}.`);
  return value;
}

/** @throws UserError for an option that the verb does not have or that lacks its value */
export function readArguments(name: string, verb: Verb, args: readonly string[]): Arguments {
  const options = Object.fromEntries(
    Object.entries(verb.options).map(([key, { short, value, multiple }]) => [
      key,
      {
        type: value === undefined ? ("boolean" as const) : ("string" as const),
        ...(short && { short }),
        ...(multiple && { multiple }),
      },
    ]),
  );
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options,
      allowPositionals: true,
    });
    return new Arguments(values, positionals);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (!code?.startsWith("ERR_PARSE_ARGS")) throw error;
    const [first] = message.split(/\.\s|\.?\n/);
    throw new UserError(`${first}. See tock-debug ${name} --help.`);
  }
}

/** The text of `tock-debug VERB --help`. */
export function helpOf(name: string, verb: Verb): string {
  const rows = Object.entries(verb.options).map(([key, { short, value, help }]) => [
    `${short ? `-${short}, ` : "    "}--${key}${value ? ` ${value}` : ""}`,
    help,
  ]);
  const parts = [`${verb.summary}\n\nUsage: tock-debug ${name} ${verb.usage}`.trimEnd()];
  if (rows.length > 0) parts.push(`Options:\n${columns(rows)}`);
  if (verb.notes) parts.push(verb.notes.join("\n"));
  if (verb.examples) parts.push(`Examples:\n${verb.examples.map(line => `  ${line}`).join("\n")}`);
  return parts.join("\n\n");
}
