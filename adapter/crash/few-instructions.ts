// ARMv6-M keeps no fault status (ARMv6-M ARM B1.5.6): the rule that the instruction at the pc breaks is worked out from its operands.
import { halfwords } from "./code.js";
import { dataFault } from "./data.js";
import type { Facts } from "./facts.js";
import { unaligned, undefinedInstruction } from "./instruction-faults.js";
import { evenBranch, executeFault } from "./jumps.js";
import type { Explanation } from "./model.js";
import { isAllowed, regionAt } from "./regions.js";
import { THUMB_SMALL } from "./thumb.js";

const XPSR = 16;
const THUMB_BIT = 1 << 24;

export function fewInstructions(facts: Facts): Explanation | undefined {
  const { scene, pc, access, transfer } = facts;
  if (pc === undefined || scene.cause.isa === "unknown") return undefined;
  const xpsr = scene.registers[XPSR];
  // A dump may be cut off among the regions; that of the app's code is always there.
  const isOwnCode = regionAt(scene, pc).kind === "app-flash";
  if (scene.ranges.length > 0 && !isOwnCode && !isAllowed(scene, pc, "execute"))
    return executeFault(facts);
  if (xpsr !== undefined && (xpsr & THUMB_BIT) === 0) return evenBranch(facts);
  const read16 = halfwords(scene.memory);
  if (read16(pc) === undefined) return undefined;
  const { text } = THUMB_SMALL.disassemble(pc, read16);
  if (text.startsWith("udf") || text === "<undefined>") return undefinedInstruction(facts);
  if (access === null || transfer === undefined) return undefined;
  if (access.address % transfer.size !== 0) return unaligned(facts);
  const last = access.address + (access.size ?? 1) - 1;
  const refused = [access.address, last].find(each => !isAllowed(scene, each, access.kind));
  if (scene.ranges.length === 0 || refused === undefined) return undefined;
  return dataFault({ ...facts, access: { ...access, address: refused } });
}
