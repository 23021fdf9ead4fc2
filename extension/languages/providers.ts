// Values beside the source while a program stands still, and what a hover evaluates: VS Code's part of expressions.ts.
import * as vscode from "vscode";
import { expressionAt, expressionsIn } from "./expressions.js";
import { functionStart } from "./function-start.js";
import type { Language } from "./tokens.js";

/** VS Code's names of languages. */
const languages: Readonly<Record<string, Language>> = { c: "c", cpp: "cpp", rust: "rust" };
/** Values that one stop asks for. */
const MOST_VALUES = 150;
/** Characters around a hover that are read. */
const NEAR = 4000;

const selector = Object.keys(languages);

const evaluatable: vscode.EvaluatableExpressionProvider = {
  provideEvaluatableExpression(document, position) {
    const found = expressionNear(document, position);
    if (found === undefined) return undefined;
    return new vscode.EvaluatableExpression(rangeOf(document, found.start, found.end), found.text);
  },
};

/** The expression at a position, and its offsets in the document. */
function expressionNear(document: vscode.TextDocument, position: vscode.Position) {
  const offset = document.offsetAt(position);
  const first = document.lineAt(document.positionAt(Math.max(0, offset - NEAR)).line).range.start;
  const last = document.positionAt(offset + NEAR);
  const base = document.offsetAt(first);
  const text = document.getText(new vscode.Range(first, last));
  const found = expressionAt(text, offset - base, languageOf(document));
  return found && { text: found.text, start: base + found.start, end: base + found.end };
}

/** What is selected in the source in front, else the expression under its cursor. */
export function expressionAtCursor(): string | undefined {
  const { document, selection } = vscode.window.activeTextEditor ?? {};
  if (document === undefined || selection === undefined) return undefined;
  if (!selector.includes(document.languageId)) return undefined;
  if (selection.isEmpty) {
    const { active } = selection;
    // The cursor may stand behind a name, too.
    const before = active.translate(0, active.character === 0 ? 0 : -1);
    return (expressionNear(document, active) ?? expressionNear(document, before))?.text;
  }
  return selection.isSingleLine ? document.getText(selection).trim() || undefined : undefined;
}

const inline: vscode.InlineValuesProvider = {
  provideInlineValues(document, _viewport, { stoppedLocation }) {
    const language = languageOf(document);
    const end = document.lineAt(stoppedLocation.end.line).range.end;
    const before = document.getText(new vscode.Range(new vscode.Position(0, 0), end));
    const base = functionStart(before, language);
    const values: vscode.InlineValue[] = [];
    const seen = new Set<string>();
    // From the stop upwards, so that what is near is not cut.
    for (const { text, start, end } of expressionsIn(before.slice(base), language).reverse()) {
      const range = rangeOf(document, base + start, base + end);
      const once = `${range.start.line} ${text}`;
      if (seen.has(once)) continue;
      seen.add(once);
      if (/^\w+$/.test(text)) values.push(new vscode.InlineValueVariableLookup(range, text));
      else values.push(new vscode.InlineValueEvaluatableExpression(range, text));
      if (values.length === MOST_VALUES) break;
    }
    return values;
  },
};

const languageOf = ({ languageId }: vscode.TextDocument): Language => languages[languageId] ?? "c";

const rangeOf = (document: vscode.TextDocument, start: number, end: number): vscode.Range =>
  new vscode.Range(document.positionAt(start), document.positionAt(end));

/** Providers, to be disposed with the extension. */
export const registerLanguages = (): vscode.Disposable[] => [
  vscode.languages.registerEvaluatableExpressionProvider(selector, evaluatable),
  vscode.languages.registerInlineValuesProvider(selector, inline),
];
