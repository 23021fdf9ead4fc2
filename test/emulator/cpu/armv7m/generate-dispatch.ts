// Generates emulator/cpu/armv7m/dispatch.ts from the encoding table; the folder of an operation's function decides its kind.
import { OPERATIONS } from "../../../../emulator/cpu/armv7m/encodings.js";
import * as bits from "../../../../emulator/cpu/armv7m/instructions/bits.js";
import * as branch from "../../../../emulator/cpu/armv7m/instructions/branch.js";
import * as control from "../../../../emulator/cpu/armv7m/instructions/control.js";
import * as dataProcessing from "../../../../emulator/cpu/armv7m/instructions/data-processing.js";
import * as loadStore from "../../../../emulator/cpu/armv7m/instructions/load-store.js";
import * as loadStoreMultiple from "../../../../emulator/cpu/armv7m/instructions/load-store-multiple.js";
import * as multiply from "../../../../emulator/cpu/armv7m/instructions/multiply.js";
import * as saturating from "../../../../emulator/cpu/armv7m/instructions/saturating.js";
import * as shifts from "../../../../emulator/cpu/armv7m/instructions/shifts.js";
import * as system from "../../../../emulator/cpu/armv7m/instructions/system.js";

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
  { file: "load-store", kind: "memory", functions: loadStore },
  { file: "load-store-multiple", kind: "memory", functions: loadStoreMultiple },
  { file: "multiply", kind: "plain", functions: multiply },
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
    memory: `r[LEFT] = left;\nif (${text}${stores ? " && r[EVENT] === 0" : ""}) continue;\nbreak;`,
    control: [
      "r[LEFT] = left;",
      "r[PC] = pc;",
      `if (${text}) {\n  pc = r[PC];\n  continue;\n}`,
      "pc = r[PC];\nbreak;",
    ].join("\n"),
  };
  return `case ${number}:\n${body[module.kind].replace(/^/gm, "  ")}`;
}

function imports(): string {
  const names = OPERATIONS.filter(name => !BUILT_IN.has(name) && name !== "branch");
  return MODULES.map(module => {
    const own = names.filter(name => moduleOf(name) === module);
    if (module.file === "branch") own.push("conditionPassed");
    return `import {\n  ${own.sort().join(",\n  ")},\n} from "./instructions/${module.file}.js";`;
  }).join("\n");
}

/** The whole text of dispatch.ts, as the formatter leaves it. */
export function generateDispatch(): string {
  const cases = OPERATIONS.flatMap((name, n) => (BUILT_IN.has(name) ? [] : [caseOf(name, n)]));
  return `// Generated from encodings.ts by test/emulator/cpu/armv7m/generate-dispatch.ts; do not edit.
// The inner loop: fetch from the decode cache and a flat switch over the operation number.
// biome-ignore-all lint: generated
// biome-ignore-all assist: generated
// biome-ignore-all format: generated
import type { DecodeCache } from "./cache.js";
import type { Core } from "./core.js";
import { IN_IT_BLOCK } from "./decode.js";
${imports()}
import {
  AT,
  AT_IT,
  CODE_BASE,
  CODE_OFFSET,
  CODE_SIZE,
  EVENT,
  Event,
  FETCHED_FIELDS,
  FETCHED_IMMEDIATE,
  IT,
  LEFT,
  PC,
} from "./state.js";

/** Stands for an IT block whose last instruction has been executed. */
const BLOCK_END = 256;

/** Executes at most \`budget\` instructions; the result is how many were not. An early end leaves its reason in EVENT. */
export function dispatch(cpu: Core, cache: DecodeCache, budget: number): number {
  const r = cpu.words;
  const operations = cache.operations;
  const fields = cache.fields;
  const immediates = cache.immediates;
  const inItBlock = IN_IT_BLOCK;
  const codeBase = r[CODE_BASE];
  const codeSize = r[CODE_SIZE];
  const codeOffset = r[CODE_OFFSET];
  let left = budget;
  let pc = r[PC];
  let it = r[IT];
  let current = 0;
  while (left > 0) {
    const at = pc;
    const offset = (at - codeBase) | 0;
    let operation: number;
    let f: number;
    let imm: number;
    if (offset >>> 0 < codeSize) {
      const i = (offset + codeOffset) >> 1;
      operation = operations[i];
      f = fields[i];
      imm = immediates[i];
    } else {
      operation = cache.fetch(at >>> 0);
      f = r[FETCHED_FIELDS];
      imm = r[FETCHED_IMMEDIATE];
    }
    pc = (at + (f >>> 29)) | 0;
    left--;
    if (it !== 0 && operation > 1) {
      if (it === BLOCK_END) {
        it = 0;
        current = 0;
      } else {
        current = it;
        it = (it & 7) === 0 ? BLOCK_END : (it & 0xe0) | ((it << 1) & 0x1f);
        if (!conditionPassed(r, current >>> 4)) continue;
        operation = inItBlock[operation];
      }
    }
    switch (operation) {
      case 0:
        if (offset >>> 0 < codeSize) {
          cache.fill(at >>> 0);
          left++;
          pc = at;
          continue;
        }
        break;
      case 1:
        left++;
        pc = at;
        r[EVENT] = Event.Breakpoint;
        break;
      case 2:
        it = imm;
        continue;
${cases.map(text => text.replace(/^/gm, "      ")).join("\n")}
      default:
        throw new Error(\`operation \${operation} is not in the switch\`);
    }
    r[AT] = at;
    r[AT_IT] = current;
    break;
  }
  r[PC] = pc;
  r[IT] = it & 0xff;
  return left;
}
`;
}
