// What the manual calls UNPREDICTABLE (ARMv7-M manual A7.7), for sampled instructions whose decoding does not tell.
import type { Sample } from "../emulator/cpu/armv7m/random.js";

const countBits = (list: number): number => list.toString(2).replaceAll("0", "").length;

export function predictable(made: Sample, architecture: 6 | 7): boolean {
  const { operation, pattern, fixed } = made.encoding;
  if (/^(ldm|stm|popPc)/.test(operation)) return listed(made, fixed !== undefined);
  if (/^tb[bh]$/.test(operation)) return made.fields["n"] !== made.fields["m"];
  if (pattern.startsWith("010001") && architecture === 6) return made.fields["m"] !== 13;
  return registers(made) && fieldsFit(made);
}

/** Register lists. */
function listed({ encoding: { operation, pattern }, fields }: Sample, onStack: boolean): boolean {
  const list = fields["r"] as number;
  const n = fields["n"];
  if (operation === "popPc") return true;
  if (list === 0) return onStack && pattern[7] === "1";
  if ((list & 0x2000) !== 0) return false;
  if (pattern.length === 32) {
    if (countBits(list) < 2 || (operation.startsWith("st") && (list & 0x8000) !== 0)) return false;
    if ((list & 0xc000) === 0xc000) return false;
    if (operation.includes("Pc") !== ((list & 0x8000) !== 0)) return false;
  }
  return n === undefined || ((list >>> n) & 1) === 0 || !operation.includes("Writeback");
}

function registers({ encoding: { operation, pattern }, fields: f }: Sample): boolean {
  const [d, n, m, a] = [f["d"] ?? f["t"] ?? f["l"], f["n"], f["m"], f["u"] ?? f["h"] ?? f["a"]];
  if (/^strex/.test(operation)) return f["e"] !== f["t"] && f["e"] !== n;
  if (/^(ldrd|strd)/.test(operation))
    return (
      (d !== a || operation.startsWith("strd")) &&
      (!/Indexed/.test(operation) || (n !== d && n !== a))
    );
  // Legal, but the sum would leave the scratch memory.
  if (/^(ldr|str|loadPc)\w*Register/.test(operation)) return n !== m;
  if (/Indexed/.test(operation)) return n !== d;
  if (/^[us]m(ull|lal|aal|lald|lsld)/.test(operation)) return d !== a;
  if (/^(rev|rbit|clz|revsh|rev16)/.test(operation) && pattern.length === 32) return n === m;
  if (operation === "cmpRegister" && pattern.startsWith("01000101"))
    return (n as number) > 7 || (m as number) > 7;
  return true;
}

function fieldsFit({ encoding: { operation, immediate }, fields: f }: Sample): boolean {
  if (immediate === "fieldTo") return (f["i"] as number) >= (f["j"] as number);
  if (immediate === "field") return (f["i"] as number) + (f["j"] as number) < 32;
  if (/^[us]sat$/.test(operation) && f["y"] === 1) return (f["s"] as number) !== 0;
  return true;
}
