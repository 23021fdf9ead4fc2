// Whether code gave up because a divisor is 0: rustc tests each divisor in front of the instruction that divides by it.
import type { FunctionCode } from "./code.js";

/** So many instructions lie between a test and what it leads to. */
const FARTHEST = 24;

/**
 * Whether the call at an address is reached in no other way than by tests that found the divisor of a division to be 0.
 * `false`: code does not prove it.
 */
export function onlyByZeroDivisor(code: FunctionCode, call: number): boolean {
  const tests = testsBefore(code, call);
  return tests.length > 0 && tests.every(test => isOfDivisor(code, test));
}

/** A conditional branch, and where control goes on from it. */
interface Test {
  branch: number;
  taken: boolean;
}

/** The branches by which control comes to an address; none if there is any other way. */
function testsBefore(code: FunctionCode, address: number): readonly Test[] {
  const found: Test[] = [];
  const seen = new Set<number>();
  const waiting = [address];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const before = code.before(at);
    if (at === code.entry || before.length === 0 || seen.size > FARTHEST) return [];
    for (const each of before) {
      const flow = code.at(each)?.flow;
      if (flow?.kind === "branch" && flow.conditional)
        found.push({ branch: each, taken: flow.target === at });
      else if (!seen.has(each)) waiting.push(each);
      seen.add(each);
    }
  }
  return found;
}

/** The register was 0, and where it is not, it is divided by. */
function isOfDivisor(code: FunctionCode, { branch, taken }: Test): boolean {
  const test = code.zeroTest(branch);
  const instruction = code.at(branch);
  if (test === undefined || instruction === undefined || test.equal !== taken) return false;
  const { flow, address, size } = instruction;
  const next = address + size;
  const other = taken || flow.kind !== "branch" ? next : flow.target;
  return divides(code, other, test.register);
}

function divides(code: FunctionCode, from: number, register: number): boolean {
  for (let at = from, count = 0; count < FARTHEST; count++) {
    const instruction = code.at(at);
    if (instruction === undefined) return false;
    if (code.effectsOf(instruction).divisor === register) return true;
    const { flow, size } = instruction;
    const leaves = flow.kind !== "next" && !(flow.kind === "branch" && flow.conditional);
    if (leaves || code.effectsOf(instruction).changes.includes(register)) return false;
    at += size;
  }
  return false;
}
