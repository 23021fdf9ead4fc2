// Call sites: who called whom, with a jump in place of the last call too. DWARF 5 sections 3.4 and 3.4.1, and the
// GNU forms that older versions have.
import * as C from "../dwarf/constants.js";
import type { Die } from "../dwarf/unit.js";
import type { Functions, LinkFunction } from "./functions.js";

/** A jump at the end of `function` that took the place of a call and a return. */
export interface TailCall {
  function: LinkFunction;
  /** Link address behind the jump. */
  returnAddress: number;
}

const MOST_FUNCTIONS = 100;

export class CallSites {
  readonly #functions: Functions;

  constructor(functions: Functions) {
    this.#functions = functions;
  }

  /** The call in the code around link address `address` that returns to `returnAddress`. */
  returningTo(returnAddress: number, address: number): Die | undefined {
    const calling = this.#functions.at(address);
    return calling && sitesOf(calling.die).find(site => returnAddressOf(site) === returnAddress);
  }

  /** The function that a site calls by its name; `undefined` where only registers tell, or it is not there. */
  targetOf(site: Die): LinkFunction | undefined {
    const origin = originOf(site);
    return origin && this.#functions.definitionOf(origin);
  }

  /**
   * The tail calls, outermost first, by which `called` has ended in `running`. `undefined` unless there is exactly
   * one way.
   */
  between(called: LinkFunction, running: LinkFunction): readonly TailCall[] | undefined {
    const ways: TailCall[][] = [];
    const waiting: { at: LinkFunction; way: TailCall[] }[] = [{ at: called, way: [] }];
    for (let next = waiting.pop(), steps = 0; next; next = waiting.pop()) {
      if (++steps > MOST_FUNCTIONS) return undefined;
      const { at, way } = next;
      if (at.die === running.die) {
        if (ways.push(way) > 1) return undefined;
        continue;
      }
      for (const site of tailCallsOf(at.die)) {
        const target = this.targetOf(site);
        const returnAddress = returnAddressOf(site);
        if (!target || returnAddress === undefined) return undefined;
        // Back to a function on the way: that way goes round in a circle.
        if (target.die === at.die || way.some(w => w.function.die === target.die)) continue;
        waiting.push({ at: target, way: [...way, { function: at, returnAddress }] });
      }
    }
    return ways[0];
  }
}

/** The entry of the function that a site calls, if it calls one by its name. */
export const originOf = (site: Die): Die | undefined =>
  site.reference(C.DW_AT_call_origin) ?? site.reference(C.DW_AT_abstract_origin);

function sitesOf(die: Die): Die[] {
  return [...die.subtree()].filter(
    child => child.tag === C.DW_TAG_call_site || child.tag === C.DW_TAG_GNU_call_site,
  );
}

const tailCallsOf = (die: Die): Die[] =>
  sitesOf(die).filter(
    site => site.flag(C.DW_AT_call_tail_call) || site.flag(C.DW_AT_GNU_tail_call),
  );

/** gcc's older extension keeps the return address in DW_AT_low_pc. */
const returnAddressOf = (die: Die): number | undefined =>
  die.address(C.DW_AT_call_return_pc) ?? die.address(C.DW_AT_low_pc);
