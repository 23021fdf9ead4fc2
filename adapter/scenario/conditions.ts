// Conditions as they are written: what a step waits for, and what is expected of a whole run.
import { ErrorCode, SyscallClass } from "../../emulator/index.js";
import { driverNamed } from "../syscall-text.js";
import {
  ANYONE,
  type Condition,
  type ExitCondition,
  type FaultCondition,
  type ShownCondition,
  type SyscallPattern,
  type Wanted,
} from "./model.js";
import type { Entry, Nodes, Value } from "./nodes.js";

/** Keys of conditions; `led0` and so on are some, too. */
export const CONDITION_KEYS = ["console", "led0", "shows", "syscall", "exit", "fault"] as const;
export const LED_KEY = /^led\d+$/;

/** The conditions under one key; none if there is a mistake. */
export function readConditions(nodes: Nodes, entry: Entry): readonly Condition[] {
  switch (entry.key) {
    case "console": {
      const output = readOutput(nodes, entry);
      return output === undefined ? [] : [{ kind: "console", ...output }];
    }
    case "shows":
      return readShows(nodes, entry);
    case "syscall": {
      const { pattern } = readPattern(nodes, entry, []);
      return pattern === undefined ? [] : [{ kind: "syscall", pattern }];
    }
    case "exit":
      return readExits(nodes, entry);
    case "fault": {
      const fault = readFault(nodes, entry);
      return fault === undefined ? [] : [fault];
    }
    default: {
      const value = nodes.light(entry);
      return value === undefined ? [] : [{ kind: "shown", device: entry.key, value }];
    }
  }
}

/** Text, or a mapping with `text` or `regex` and `from`. */
export function readOutput(
  nodes: Nodes,
  value: Value,
): { wanted: Wanted; from: string } | undefined {
  if (!nodes.isMap(value)) {
    const text = nodes.text(value);
    return text === undefined ? undefined : { wanted: { text }, from: ANYONE };
  }
  const entries = nodes.map(value, ["text", "regex", "from"]) ?? [];
  const of = (key: string) => entries.find(entry => entry.key === key);
  const [text, regex, from] = [of("text"), of("regex"), of("from")];
  const sender = from && nodes.text(from);
  if ((text === undefined) === (regex === undefined))
    return nodes.wrong(value.place, 'Expected either "text" or "regex".');
  const wanted = text ? textOf(nodes, text) : regex && regexOf(nodes, regex);
  return wanted && { wanted, from: sender ?? ANYONE };
}

function textOf(nodes: Nodes, value: Value): Wanted | undefined {
  const text = nodes.text(value);
  return text === undefined ? undefined : { text };
}

function regexOf(nodes: Nodes, value: Value): Wanted | undefined {
  const source = nodes.text(value, "a regular expression");
  if (source === undefined) return undefined;
  try {
    return { regex: new RegExp(source, "m") };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return nodes.wrong(value.place, `${error.message.replace(/\.$/, "")}.`);
  }
}

function readShows(nodes: Nodes, entry: Entry): readonly ShownCondition[] {
  const devices = nodes.entries(entry, "a mapping from devices to what they show") ?? [];
  return devices.flatMap((device): ShownCondition[] => {
    if (!nodes.isMap(device)) {
      const value = nodes.shown(device);
      return value === undefined ? [] : [{ kind: "shown", device: device.key, value }];
    }
    const members = nodes.entries(device, "a mapping") ?? [];
    const value: Record<string, boolean | number | string> = Object.create(null);
    for (const member of members) {
      const held = nodes.shown(member);
      if (held !== undefined) value[member.key] = held;
    }
    return [{ kind: "shown", device: device.key, value }];
  });
}

/** `APP`, or `{APP: CODE, …}`. */
export function readExits(nodes: Nodes, entry: Entry): readonly ExitCondition[] {
  if (!nodes.isMap(entry)) {
    const app = nodes.text(entry, "an app, or a mapping from apps to completion codes");
    return app === undefined ? [] : [{ kind: "exit", app, code: undefined }];
  }
  return (nodes.entries(entry, "a mapping") ?? []).flatMap(app => {
    const code = nodes.number(app, 0xffffffff, -0x80000000);
    return code === undefined ? [] : [{ kind: "exit" as const, app: app.key, code: code | 0 }];
  });
}

/** `APP`, or `{app, text}`. */
function readFault(nodes: Nodes, entry: Entry): FaultCondition | undefined {
  if (!nodes.isMap(entry)) {
    const app = nodes.text(entry, "an app, or a mapping with app and text");
    return app === undefined ? undefined : { kind: "fault", app, text: undefined };
  }
  const entries = nodes.map(entry, ["app", "text"]) ?? [];
  const text = (key: string) => {
    const found = entries.find(e => e.key === key);
    return found && nodes.text(found);
  };
  const app = text("app");
  if (app === undefined) return nodes.wrong(entry.place, 'A fault needs an "app".');
  return { kind: "fault", app, text: text("text") };
}

const classes: Readonly<Record<string, number>> = {
  yield: SyscallClass.Yield,
  subscribe: SyscallClass.Subscribe,
  command: SyscallClass.Command,
  "allow-read-write": SyscallClass.ReadWriteAllow,
  "allow-read-only": SyscallClass.ReadOnlyAllow,
  memop: SyscallClass.Memop,
  exit: SyscallClass.Exit,
  "allow-userspace-readable": SyscallClass.UserspaceReadableAllow,
};

const PATTERN_KEYS = ["app", "class", "driver", "number", "command", "returns"] as const;

/** A mapping that says which system calls are meant, with entries of other keys beside. */
export function readPattern(
  nodes: Nodes,
  value: Value,
  others: readonly string[],
): { pattern: SyscallPattern | undefined; entries: readonly Entry[] } {
  const entries = nodes.map(value, [...PATTERN_KEYS, ...others]);
  if (entries === undefined) return { pattern: undefined, entries: [] };
  const read = <T>(key: (typeof PATTERN_KEYS)[number], how: (entry: Entry) => T): T | undefined => {
    const entry = entries.find(e => e.key === key);
    return entry && how(entry);
  };
  const command = read("command", entry => nodes.number(entry));
  const named = read("class", entry => nodes.choice(entry, Object.keys(classes)));
  const pattern: SyscallPattern = {
    app: read("app", entry => nodes.text(entry)),
    syscallClass: command === undefined ? classes[named ?? ""] : (SyscallClass.Command as number),
    driver: read("driver", entry => readDriver(nodes, entry)),
    number: command ?? read("number", entry => nodes.number(entry)),
    returned: read("returns", entry => readReturned(nodes, entry)),
  };
  if (command !== undefined && entries.some(({ key }) => key === "class" || key === "number"))
    nodes.wrong(value.place, '"command" says class and number already.');
  if (!PATTERN_KEYS.some(key => entries.some(entry => entry.key === key)))
    nodes.wrong(value.place, `Expected at least one of ${PATTERN_KEYS.join(", ")}.`);
  return { pattern, entries };
}

function readDriver(nodes: Nodes, entry: Entry): number | undefined {
  const held = nodes.scalar(entry);
  if (typeof held === "number") return nodes.number(entry);
  const name = nodes.text(entry, "the number or the name of a driver");
  if (name === undefined) return undefined;
  return (
    driverNamed(name) ??
    nodes.wrong(entry.place, `Tock has no driver "${name}"; its number, such as 0x2, will do.`)
  );
}

function readReturned(nodes: Nodes, entry: Entry): boolean | number | undefined {
  const name = nodes.choice(entry, ["success", "failure", ...Object.keys(ErrorCode)]);
  if (name === "success" || name === "failure") return name === "success";
  return name === undefined ? undefined : ErrorCode[name as keyof typeof ErrorCode];
}
