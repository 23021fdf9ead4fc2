// Checks of values that come from outside: messages of a webview, the state it kept, answers of adapter and language server.

/** Tells whether a value has the type; needs no more than the value itself. */
export type Check<T> = (value: unknown) => value is T;

export const text: Check<string> = value => typeof value === "string";
export const number: Check<number> = (value): value is number => Number.isFinite(value);
export const truth: Check<boolean> = value => typeof value === "boolean";

export const oneOf = <const T extends string | number>(...values: readonly T[]): Check<T> =>
  ((value: unknown) => values.includes(value as T)) as Check<T>;

export const nullable = <T>(check: Check<T>): Check<T | null> =>
  ((value: unknown) => value === null || check(value)) as Check<T | null>;

/** For a property that may be absent. */
export const optional = <T>(check: Check<T>): Check<T> =>
  ((value: unknown) => value === undefined || check(value)) as Check<T>;

export const list = <T>(check: Check<T>): Check<readonly T[]> =>
  ((value: unknown) => Array.isArray(value) && value.every(check)) as Check<readonly T[]>;

/** Properties beyond those of `T` do no harm: a newer adapter may know more. */
export const object = <T extends object>(
  fields: {
    readonly [K in keyof T]-?: Check<T[K]>;
  },
): Check<T> =>
  ((value: unknown) =>
    typeof value === "object" &&
    value !== null &&
    Object.entries<Check<unknown>>(fields).every(([name, check]) =>
      check((value as Record<string, unknown>)[name]),
    )) as Check<T>;

export const either = <A, B>(a: Check<A>, b: Check<B>): Check<A | B> =>
  ((value: unknown) => a(value) || b(value)) as Check<A | B>;
