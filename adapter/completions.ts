// What may stand behind a beginning of an expression: names, members, registers.
import { UserError } from "../emulator/index.js";
import { type EvaluationContext, evaluate } from "./evaluate.js";

export interface Completion {
  label: string;
  kind: "variable" | "field" | "function" | "value";
}

export interface Completions {
  /** Letters in front of the cursor that a completion replaces. */
  length: number;
  items: readonly Completion[];
}

const MOST = 200;
const MEMBER = /([\w$.[\]]+(?:->[\w$.[\]]+)*)(?:\.|->)$/;

export function completionsOf(
  text: string,
  context: EvaluationContext,
  registers: readonly string[],
): Completions {
  const word = /[$\w]*$/.exec(text)?.[0] ?? "";
  const before = text.slice(0, text.length - word.length);
  const all = /(?:\.|->)$/.test(before)
    ? membersOf(MEMBER.exec(before)?.[1], context)
    : namesOf(word, context, registers);
  const seen = new Set<string>();
  const items = all.filter(({ label }) => {
    const fits = label.toLowerCase().startsWith(word.toLowerCase()) && !seen.has(label);
    seen.add(label);
    return fits;
  });
  return { length: word.length, items: items.slice(0, MOST) };
}

function membersOf(object: string | undefined, context: EvaluationContext): Completion[] {
  const value = object === undefined ? undefined : evaluate(object, context);
  if (value === undefined || value instanceof UserError || value.indexedCount > 0) return [];
  return value.children().map(({ name }) => ({ label: name, kind: "field" as const }));
}

function namesOf(
  word: string,
  context: EvaluationContext,
  registers: readonly string[],
): Completion[] {
  if (word.startsWith("$")) {
    return registers.map(name => ({ label: `$${name}`, kind: "value" as const }));
  }
  const { symbols, frame } = context;
  const variables = [
    ...symbols.variablesAt(frame.lookupPc, frame.inlineDepth),
    ...symbols.staticsAt(frame.lookupPc),
  ];
  return variables.map(({ name }) => ({ label: name, kind: "variable" as const }));
}
