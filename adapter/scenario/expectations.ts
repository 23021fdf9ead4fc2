// What is expected of a whole run, as it is written under `expect`.
import { LED_KEY, readConditions, readOutput, readPattern } from "./conditions.js";
import type { Expectation } from "./model.js";
import type { Entry, Nodes } from "./nodes.js";

const KEYS = [
  "no-fault",
  "console",
  "no-console",
  "led0",
  "shows",
  "exit",
  "syscalls",
  "grant-bytes",
];
const COUNT_KEYS = ["count", "at-least", "at-most"];

export function readExpectations(
  nodes: Nodes,
  value: Entry,
): { noFault: boolean | undefined; expectations: readonly Expectation[] } {
  const entries = nodes.map(value, KEYS, LED_KEY) ?? [];
  const noFault = entries.find(({ key }) => key === "no-fault");
  return {
    noFault: noFault && nodes.boolean(noFault),
    expectations: entries.flatMap(entry => readExpectation(nodes, entry)),
  };
}

function readExpectation(nodes: Nodes, entry: Entry): readonly Expectation[] {
  const { place } = entry;
  switch (entry.key) {
    case "no-fault":
      return [];
    case "console":
    case "no-console":
      return nodes.list(entry).flatMap(item => {
        const output = readOutput(nodes, item);
        const kind = entry.key === "console" ? "console" : "noConsole";
        const text = `${entry.key}: ${nodes.sourceOf(item)}`;
        return output === undefined ? [] : [{ place: item.place, text, kind, ...output }];
      });
    case "syscalls":
      return nodes.list(entry).flatMap(item => readSyscalls(nodes, { ...item, key: entry.key }));
    case "grant-bytes":
      return (nodes.entries(entry, "a mapping from apps to bytes") ?? []).flatMap(app => {
        const most = nodes.number(app);
        const text = `grant-bytes: ${app.key}: ${nodes.sourceOf(app)}`;
        if (most === undefined) return [];
        return [{ place: app.place, text, kind: "grantBytes" as const, app: app.key, most }];
      });
    default:
      return readConditions(nodes, entry).flatMap((condition): Expectation[] =>
        condition.kind === "shown" || condition.kind === "exit"
          ? [{ place, text: `${entry.key}: ${nodes.sourceOf(entry)}`, ...condition }]
          : [],
      );
  }
}

/** Which system calls, and how often; without a count at least once. */
function readSyscalls(nodes: Nodes, item: Entry): readonly Expectation[] {
  const { pattern, entries } = readPattern(nodes, item, COUNT_KEYS);
  if (pattern === undefined) return [];
  const number = (key: string) => {
    const entry = entries.find(e => e.key === key);
    return entry && nodes.number(entry);
  };
  const [count, least, most] = COUNT_KEYS.map(number);
  if (count !== undefined && (least !== undefined || most !== undefined))
    nodes.wrong(item.place, '"count" says already how often.');
  const atLeast = count ?? least ?? (most === undefined ? 1 : 0);
  return [
    {
      place: item.place,
      text: `syscalls: ${nodes.sourceOf(item)}`,
      kind: "syscalls",
      pattern,
      least: atLeast,
      most: count ?? most ?? Number.POSITIVE_INFINITY,
    },
  ];
}
