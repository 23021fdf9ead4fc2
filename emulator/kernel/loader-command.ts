// What the loader outside of the board is told, as bytes of a TBF or as text; in tockloader's words.
import { UserError } from "../base/errors.js";
import type { InputValue } from "../base/trace.js";

export type Command =
  | { do: "install" | "update"; tbf: Uint8Array }
  | { do: "uninstall" | "restart" | Flag; app: string }
  | { do: "erase-apps" };

export const flags = {
  enable: { enabled: true },
  disable: { enabled: false },
  sticky: { sticky: true },
  unsticky: { sticky: false },
} as const;
export type Flag = keyof typeof flags;

export const TAKES =
  "bytes of a TBF to install or update; uninstall, restart, enable, disable, sticky or unsticky with the name of an app or its address 0x…; erase-apps; reset";

/** What `machine.input("loader", …)` takes so that an app is only installed where one of its name is: `update` before the TBF. */
export function updateInput(tbf: Uint8Array): Uint8Array {
  return Uint8Array.from([...new TextEncoder().encode(UPDATE), ...tbf]);
}
const UPDATE = "update ";

const pattern = /^(uninstall|restart|enable|disable|sticky|unsticky) (.+)$/s;

export function readCommand(value: InputValue): Command {
  if (value instanceof Uint8Array) {
    const update = new TextEncoder().encode(UPDATE);
    return update.every((byte, i) => byte === value[i])
      ? { do: "update", tbf: value.slice(update.length) }
      : { do: "install", tbf: value.slice() };
  }
  if (value === "erase-apps") return { do: value };
  const [, verb, app] = pattern.exec(String(value)) ?? [];
  if (verb === undefined || app === undefined)
    throw new UserError(`loader: expected ${TAKES}; got ${JSON.stringify(value)}.`);
  return { do: verb as Flag | "uninstall" | "restart", app };
}
