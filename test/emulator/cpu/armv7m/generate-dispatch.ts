// Generates emulator/cpu/armv7m/dispatch.ts from the encoding table; the folder of an operation's function decides its kind.
import { OPERATIONS } from "../../../../emulator/cpu/armv7m/encodings.js";
import * as bits from "../../../../emulator/cpu/armv7m/instructions/bits.js";
import * as branch from "../../../../emulator/cpu/armv7m/instructions/branch.js";
import * as control from "../../../../emulator/cpu/armv7m/instructions/control.js";
import * as dataProcessing from "../../../../emulator/cpu/armv7m/instructions/data-processing.js";
import * as dsp from "../../../../emulator/cpu/armv7m/instructions/dsp.js";
import * as loadStore from "../../../../emulator/cpu/armv7m/instructions/load-store.js";
import * as loadStoreMultiple from "../../../../emulator/cpu/armv7m/instructions/load-store-multiple.js";
import * as multiply from "../../../../emulator/cpu/armv7m/instructions/multiply.js";
import * as parallel from "../../../../emulator/cpu/armv7m/instructions/parallel.js";
import * as saturating from "../../../../emulator/cpu/armv7m/instructions/saturating.js";
import * as shifts from "../../../../emulator/cpu/armv7m/instructions/shifts.js";
import * as system from "../../../../emulator/cpu/armv7m/instructions/system.js";
import * as S from "../../../../emulator/cpu/armv7m/state.js";
import { inlineOperation } from "./inline.js";

type Instruction = (...operands: never[]) => unknown;
type Kind = "plain" | "branch" | "memory" | "control";

interface Module {
  file: string;
  kind: Kind;
  functions: Record<string, unknown>;
}

const MODULES: Module[] = [
  { file: "bits", kind: "plain", functions: bits },
  { file: "branch", kind: "branch", functions: branch },
  { file: "control", kind: "control", functions: control },
  { file: "data-processing", kind: "plain", functions: dataProcessing },
  { file: "dsp", kind: "plain", functions: dsp },
  { file: "load-store", kind: "memory", functions: loadStore },
  { file: "load-store-multiple", kind: "memory", functions: loadStoreMultiple },
  { file: "multiply", kind: "plain", functions: multiply },
  { file: "parallel", kind: "plain", functions: parallel },
  { file: "saturating", kind: "plain", functions: saturating },
  { file: "shifts", kind: "plain", functions: shifts },
  { file: "system", kind: "control", functions: system },
];

/** Operations that the loop itself executes. */
const BUILT_IN = new Set(["undecoded", "breakpoint", "ifThen"]);

function moduleOf(operation: string): Module {
  const found = MODULES.find(m => typeof m.functions[operation] === "function");
  if (found === undefined) throw new Error(`no function ${operation} in instructions/`);
  return found;
}

/** The call with as many operands as the function declares. */
function call(operation: string, module: Module): string {
  const { length } = module.functions[operation] as Instruction;
  const self = module.kind === "plain" || module.kind === "branch" ? "r" : "cpu";
  return `${operation}(${[self, "f", "imm"].slice(0, length).join(", ")})`;
}

function caseOf(operation: string, number: number): string {
  const module = moduleOf(operation);
  const text = call(operation, module);
  const stores = /^(st|push)/.test(operation);
  const body: Record<Kind, string> = {
    plain: `${text};\ncontinue;`,
    branch: text === "branch()" ? "pc = imm;\ncontinue;" : `if (${text}) pc = imm;\ncontinue;`,
    memory: `r[${S.LEFT}] = left;\nif (${text}${stores ? ` && r[${S.EVENT}] === 0` : ""}) continue;\nbreak;`,
    control: [
      `r[${S.LEFT}] = left;`,
      `r[${S.PC}] = pc;`,
      `if (${text}) {\n  pc = r[${S.PC}];\n  continue;\n}`,
      `pc = r[${S.PC}];\nbreak;`,
    ].join("\n"),
  };
  return `case ${number}:\n${body[module.kind].replace(/^/gm, "  ")}`;
}

/** The case of the inner loop, if the operation is simple enough to have no call in it. */
function fastCase(operation: string, number: number): string[] {
  const { kind, functions } = moduleOf(operation);
  const fn = functions[operation] as Instruction;
  const text = inlineOperation(fn, kind === "plain" || kind === "branch" ? kind : "other");
  if (text === undefined) return [];
  return [`case ${number}: {\n// ${operation}\n${text}\n}`];
}

function imports(): string {
  const names = OPERATIONS.filter(name => !BUILT_IN.has(name) && name !== "branch");
  return MODULES.map(module => {
    const own = names.filter(name => moduleOf(name) === module);
    if (module.file === "branch") own.push("PASSED");
    return `import {\n  ${own.sort().join(",\n  ")},\n} from "./instructions/${module.file}.js";`;
  }).join("\n");
}

/** Advances the pc over the fetched instruction; in an IT block decides whether it is executed. */
const advance = (next: string): string => `pc = (at + (f >>> 29)) | 0;
left = (left - 1) | 0;
if (it !== 0 && operation > 1) {
  if (it === BLOCK_END) {
    it = 0;
    current = 0;
  } else {
    current = it;
    it = (it & 7) === 0 ? BLOCK_END : (it & 0xe0) | ((it << 1) & 0x1f);
    const flags =
      ((r[${S.N}] >>> 28) & 8) | (r[${S.Z}] === 0 ? 4 : 0) | (r[${S.C}] << 1) | (r[${S.V}] >>> 31);
    if (((passed[current >>> 4] >>> flags) & 1) === 0) continue ${next};
    // Only 16-bit instructions leave the flags alone in a block.
    if (f >>> 30 === 1) operation = inItBlock[operation];
  }
}`;

const WINDOW_VARIABLES = ["read", "write", "flash", "code"].flatMap((name, i) =>
  ["Base", "Size", "Offset"].map(
    (part, j) => `const ${name}${part} = r[${S.READ_BASE + i * 3 + j}];`,
  ),
);

const HEADER = `// Generated from encodings.ts by test/emulator/cpu/armv7m/generate-dispatch.ts; do not edit.
// The inner loop executes simple operations in place, with the bodies of their functions in instructions/: without a call
// in the loop the compiler keeps what it knows of the arrays. All others, and slow ways, leave it and are called.
// biome-ignore-all lint: generated
// biome-ignore-all assist: generated
// biome-ignore-all format: generated
import type { DecodeCache } from "./cache.js";
import type { Core } from "./core.js";
import { IN_IT_BLOCK } from "./decode.js";
`;

/** What the loop does itself, by call. */
const BUILT_IN_CASES = `case 0:
  if (cached) {
    cache.fill(at >>> 0);
    left++;
    pc = at;
    continue;
  }
  break;
case 1:
  left++;
  pc = at;
  r[${S.EVENT}] = ${S.Event.Breakpoint};
  break;
case 2:
  it = imm;
  continue;`;

/** The whole text of dispatch.ts. */
export function generateDispatch(): string {
  const own = OPERATIONS.map((name, number) => ({ name, number })).filter(
    o => !BUILT_IN.has(o.name),
  );
  const fast = own.flatMap(({ name, number }) => fastCase(name, number));
  const slow = own.map(({ name, number }) => caseOf(name, number));
  return `${HEADER}${imports()}

/** Stands for an IT block whose last instruction has been executed. */
const BLOCK_END = 256;

/** Executes at most \`budget\` instructions; the result is how many were not. An early end leaves its reason in EVENT. */
export function dispatch(cpu: Core, cache: DecodeCache, budget: number): number {
  const r = cpu.memoryWords;
  const halfwords = cpu.halfwords;
  const bytes = cpu.bytes;
  const entries = cache.entries;
  const inItBlock = IN_IT_BLOCK;
  const passed = PASSED;
  ${WINDOW_VARIABLES.join("\n  ")}
  let left = budget | 0;
  let pc = r[${S.PC}];
  let it = r[${S.IT}];
  let current = 0;
  for (;;) {
    let at = pc;
    let operation = 0;
    let f = 0;
    let imm = 0;
    let cached = true;
    fast: for (;;) {
      if (left <= 0) {
        r[${S.PC}] = pc;
        r[${S.IT}] = it & 0xff;
        return 0;
      }
      at = pc;
      const offset = (at - codeBase) | 0;
      if (offset >>> 0 >= codeSize) {
        cached = false;
        break;
      }
      const entry = ((offset + codeOffset) >> 1) << 2;
      operation = entries[entry];
      f = entries[entry + 1];
      imm = entries[entry + 2];
${indent(advance("fast"), 6)}
      switch (operation) {
        case 2:
          it = imm;
          continue;
${indent(fast.join("\n"), 8)}
        default:
          break fast;
      }
    }
    if (!cached) {
      operation = cache.fetch(at >>> 0);
      f = r[${S.FETCHED_FIELDS}];
      imm = r[${S.FETCHED_IMMEDIATE}];
${indent(advance("").replace("continue ;", "continue;"), 6)}
    }
    switch (operation) {
${indent(BUILT_IN_CASES, 6)}
${indent(slow.join("\n"), 6)}
      default:
        throw new Error(\`operation \${operation} is not in the switch\`);
    }
    r[${S.AT}] = at;
    r[${S.AT_IT}] = current;
    r[${S.PC}] = pc;
    r[${S.IT}] = it & 0xff;
    return left;
  }
}
`;
}

function indent(text: string, by: number): string {
  return text.replace(/^/gm, " ".repeat(by));
}
