// The inliner of the dispatch generator: rewrites the body of a small instruction function into statements of the inner loop.
// It works on the emitted JavaScript and gives up on anything it does not know; such an operation is called instead.
import * as access from "../../../../emulator/cpu/armv7m/access.js";
import * as control from "../../../../emulator/cpu/armv7m/instructions/control.js";
import * as loadStore from "../../../../emulator/cpu/armv7m/instructions/load-store.js";
import * as operands from "../../../../emulator/cpu/armv7m/instructions/operands.js";
import * as state from "../../../../emulator/cpu/armv7m/state.js";

type AnyFunction = (...args: never[]) => unknown;

/** Helpers that are one expression of the operand word. */
const EXPRESSIONS = ["rd", "rn", "rm", "ra", "shiftAmount", "shiftType"] as const;
/** Helpers that set flags and may give a value in their last statement. */
const STATEMENTS: Record<string, unknown> = operands;
/** Helpers that answer true when all is done, and anything else where the slow way must be taken. */
const ATTEMPTS: Record<string, unknown> = {
  ...access,
  ...loadStore,
  branchExchange: control.branchExchange,
};
/** State words that the loop keeps in variables. */
const LOCALS: Record<string, string> = {
  READ_BASE: "readBase",
  READ_SIZE: "readSize",
  READ_OFFSET: "readOffset",
  WRITE_BASE: "writeBase",
  WRITE_SIZE: "writeSize",
  WRITE_OFFSET: "writeOffset",
  FLASH_BASE: "flashBase",
  FLASH_SIZE: "flashSize",
  FLASH_OFFSET: "flashOffset",
  PC: "pc",
};
const CALL = /\b(?!if\b|while\b|for\b|switch\b|return\b)([A-Za-z_$][\w$]*)\(/;

interface Source {
  parameters: string[];
  body: string;
}

function sourceOf(fn: unknown): Source {
  const text = String(fn);
  const match = /^function \w+\(([^)]*)\) \{\n([\s\S]*)\n\}$/.exec(text);
  if (match === null) throw new Error(`cannot read ${text}`);
  const body = (match[2] as string).replace(/\/\/.*$/gm, "").replace(/const r = cpu\.words;/g, "");
  return { parameters: (match[1] as string).split(", "), body };
}

/** Replaces `rd(f)` and its kin by the expression they stand for. */
function expandExpressions(body: string): string {
  return EXPRESSIONS.reduce((text, name) => {
    const expression = /=> (.*)$/.exec(String(STATEMENTS[name]))?.[1] ?? "";
    return text.replaceAll(`${name}(f)`, `(${expression})`);
  }, body);
}

function splitArguments(text: string): string[] {
  const parts = [""];
  let depth = 0;
  for (const c of text) {
    if (c === "(" || c === "[") depth++;
    if (c === ")" || c === "]") depth--;
    if (c === "," && depth === 0) parts.push("");
    else parts[parts.length - 1] += c;
  }
  return parts.map(p => p.trim());
}

let serial = 0;

/** The body of a helper with its parameters bound and its names made unique. */
function bind(fn: unknown, argumentText: string): string {
  const { parameters, body } = sourceOf(fn);
  const values = splitArguments(expandExpressions(argumentText));
  const suffix = `_${++serial}`;
  let text = body;
  for (const name of [...body.matchAll(/\b(?:const|let) (\w+)/g)].map(m => m[1] as string)) {
    text = text.replace(new RegExp(`\\b${name}\\b`, "g"), name + suffix);
  }
  let bindings = "";
  parameters.forEach((name, i) => {
    const value = values[i] as string;
    if (value === name) return;
    text = text.replace(new RegExp(`\\b${name}\\b`, "g"), name + suffix);
    bindings += `const ${name}${suffix} = ${value};\n`;
  });
  return bindings + text;
}

/** A helper for flags; `target` gets its value. */
function inlineStatement(name: string, argumentText: string, target: string): string {
  const text = bind(STATEMENTS[name], argumentText);
  const value = target === "" ? "" : `${expandExpressions(target)} = $1;`;
  return `{\n${text.replace(/return (.*);\s*$/, value)}\n}`;
}

/** A helper that may have to give up: then the operation is executed by call. */
function inlineAttempt(name: string, argumentText: string): string {
  const text = expand(bind(ATTEMPTS[name], argumentText));
  const label = `done_${++serial}`;
  const done = text
    .replace(/return true;/g, `break ${label};`)
    .replace(/return [^;]*;/g, "break fast;");
  return `${label}: {\n${done}\n}`;
}

/** Inlines all known helpers of a body. */
function expand(body: string): string {
  return expandExpressions(body)
    .replace(/^\s*if \(!(\w+)\((.*)\)\)\s*return false;/gm, (all, name: string, args: string) =>
      name in ATTEMPTS ? inlineAttempt(name, args) : all,
    )
    .replace(/^\s*return (\w+)\((.*)\);/gm, (all, name: string, args: string) =>
      name in ATTEMPTS && !name.endsWith("Slow")
        ? `${inlineAttempt(name, args)}\nreturn true;`
        : all,
    )
    .replace(/^(\s*)(?:(r\[.*?\]|const \w+) = )?(\w+)\((.*)\);/gm, (all, _, target, name, args) =>
      name in STATEMENTS && !/^shift/.test(name) ? inlineStatement(name, args, target ?? "") : all,
    );
}

/** Names of state words become numbers, those that the loop holds become its variables. */
function resolveNames(text: string): string {
  const numbers: Record<string, unknown> = state;
  return text
    .replace(/cpu\.(words|memoryWords)\b/g, "r")
    .replace(/\bS\.([A-Z][A-Z0-9_]*)\b/g, "$1")
    .replace(/\br\[([A-Z][A-Z0-9_]*)\]/g, (all, name: string) => {
      if (LOCALS[name] !== undefined) return LOCALS[name];
      return typeof numbers[name] === "number" ? `r[${numbers[name]}]` : all;
    })
    .replace(/cpu\.(halfwords|bytes)/g, "$1");
}

/**
 * Statements for the inner loop, which ends a case with \`continue fast\` and leaves it with \`break fast\`
 * before anything has changed. \`undefined\` if the operation must be called.
 */
export function inlineOperation(
  fn: AnyFunction,
  kind: "plain" | "branch" | "other",
): string | undefined {
  serial = 0;
  const { body } = sourceOf(fn);
  let text = expand(body);
  if (kind === "branch") {
    text = text.replace(/return (.*);/, "if ($1) pc = imm;\ncontinue fast;");
  } else if (kind === "plain") {
    text += "\ncontinue fast;";
  } else {
    text = text.replace(/return true;/g, "continue fast;");
  }
  text = resolveNames(text);
  if (
    CALL.test(text.replace(/Math\.(imul|clz32)\(/g, "")) ||
    /\breturn\b|\bfor\b|\bPC\b/.test(text)
  )
    return undefined;
  return text
    .split("\n")
    .map(line => line.trim())
    .filter(line => line !== "")
    .join("\n");
}
