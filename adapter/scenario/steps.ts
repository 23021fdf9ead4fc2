// Steps as they are written: one mapping each, with one thing to do or to wait for.
import { parseInput } from "../inputs.js";
import { readApp } from "./app-entry.js";
import { CONDITION_KEYS, LED_KEY, readConditions } from "./conditions.js";
import type { Action, Condition, Step } from "./model.js";
import type { Entry, Nodes, Value } from "./nodes.js";

const TIME_KEYS = ["at", "within"];
const ACTION_KEYS = ["wait", "input", "load"];

/** Several inputs, devices or exits in one step are steps of their own, one after the other. */
export function readStep(nodes: Nodes, value: Value): readonly Step[] {
  const known = [...TIME_KEYS, ...ACTION_KEYS, ...CONDITION_KEYS];
  const entries = nodes.map(value, known, LED_KEY);
  if (entries === undefined) return [];
  const { place } = value;
  const [does, second] = entries.filter(({ key }) => !TIME_KEYS.includes(key));
  if (does === undefined) {
    nodes.wrong(place, `A step needs one of ${[...ACTION_KEYS, ...CONDITION_KEYS].join(", ")}.`);
    return [];
  }
  if (second !== undefined) {
    nodes.wrong(
      second.place,
      `A step does one thing, and this one has "${does.key}" already; begin "${second.key}" with a dash of its own.`,
    );
    return [];
  }
  const at = entries.find(({ key }) => key === "at");
  const within = entries.find(({ key }) => key === "within");
  if (within !== undefined && ACTION_KEYS.includes(does.key))
    nodes.wrong(within.place, `"within" goes with what is waited for, not with "${does.key}".`);
  const times = {
    at: at && nodes.seconds(at),
    within: within && nodes.seconds(within),
  };
  const text = `${does.key}: ${nodes.sourceOf(does)}`;
  return readDone(nodes, does).map(done => ({ place, text, ...times, does: done }));
}

function readDone(nodes: Nodes, entry: Entry): readonly (Action | Condition)[] {
  switch (entry.key) {
    case "wait": {
      const seconds = nodes.seconds(entry);
      return seconds === undefined ? [] : [{ kind: "wait", seconds }];
    }
    case "input":
      return nodes.list(entry).flatMap(item => readInput(nodes, item));
    case "load": {
      const app = readApp(nodes, entry);
      return app === undefined ? [] : [{ kind: "load", app }];
    }
    default:
      return readConditions(nodes, entry);
  }
}

function readInput(nodes: Nodes, item: Value): readonly Action[] {
  const input = nodes.attempt(item, parseInput);
  if (input === undefined) return [];
  const { device, value } = input;
  if (input.seconds > 0) {
    nodes.wrong(
      item.place,
      'A step has its time in "at" or by a "wait" before it; "inputs" beside "steps" take times.',
    );
    return [];
  }
  return [{ kind: "input", device, value }];
}
