// Reads the arguments of requests and of launch.json, which come from outside and may have any shape.
import { UserError } from "../emulator/index.js";

type Kind = "string" | "number" | "boolean";
type Of<K extends Kind> = K extends "string" ? string : K extends "number" ? number : boolean;

const articles: Record<Kind, string> = {
  string: "text",
  number: "a number",
  boolean: "true or false",
};

/** What a value is, in a user's words. */
export function describeValue(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (value !== null && typeof value === "object") return "an object";
  return JSON.stringify(value);
}

/** The fields of one object, each checked when it is read. `where` opens the sentence about a wrong one. */
export class Fields {
  readonly where: string;
  readonly #fields: Readonly<Record<string, unknown>>;

  constructor(where: string, value: unknown) {
    if (
      value !== undefined &&
      (value === null || typeof value !== "object" || Array.isArray(value))
    ) {
      throw new UserError(`${where}: expected an object, got ${describeValue(value)}.`);
    }
    this.where = where;
    this.#fields = (value ?? {}) as Record<string, unknown>;
  }

  get names(): string[] {
    return Object.keys(this.#fields);
  }

  get all(): Readonly<Record<string, unknown>> {
    return this.#fields;
  }

  raw(name: string): unknown {
    return this.#fields[name];
  }

  #typed<K extends Kind>(name: string, kind: K): Of<K> | undefined {
    const value = this.#fields[name];
    if (value === undefined || value === null) return undefined;
    if (typeof value !== kind || Number.isNaN(value)) this.wrong(name, articles[kind]);
    return value as Of<K>;
  }

  wrong(name: string, expected: string): never {
    throw new UserError(
      `${this.where}: "${name}" must be ${expected}, got ${describeValue(this.#fields[name])}.`,
    );
  }

  optionalString = (name: string): string | undefined => this.#typed(name, "string");
  optionalNumber = (name: string): number | undefined => this.#typed(name, "number");
  optionalBoolean = (name: string): boolean | undefined => this.#typed(name, "boolean");

  string(name: string): string {
    return this.#typed(name, "string") ?? this.wrong(name, articles.string);
  }

  number(name: string): number {
    return this.#typed(name, "number") ?? this.wrong(name, articles.number);
  }

  integer(name: string, minimum = Number.MIN_SAFE_INTEGER): number {
    const value = this.number(name);
    if (!Number.isSafeInteger(value) || value < minimum) this.#notWhole(name, minimum);
    return value;
  }

  optionalInteger(name: string, minimum = Number.MIN_SAFE_INTEGER): number | undefined {
    return this.optionalNumber(name) === undefined ? undefined : this.integer(name, minimum);
  }

  #notWhole(name: string, minimum: number): never {
    const bound = minimum === Number.MIN_SAFE_INTEGER ? "" : ` of at least ${minimum}`;
    this.wrong(name, `a whole number${bound}`);
  }

  /** One of `choices`, `undefined` if the field is absent. */
  choice<C extends string>(name: string, choices: readonly C[]): C | undefined {
    const value = this.#fields[name];
    if (value === undefined || value === null) return undefined;
    if (!choices.includes(value as C)) this.wrong(name, choices.map(c => `"${c}"`).join(" or "));
    return value as C;
  }

  list(name: string): readonly unknown[] {
    const value = this.#fields[name] ?? [];
    if (!Array.isArray(value)) this.wrong(name, "a list");
    return value;
  }

  object(name: string): Fields {
    return new Fields(`${this.where}: "${name}"`, this.#fields[name]);
  }
}
