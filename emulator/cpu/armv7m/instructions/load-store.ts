// Loads and stores (ARMv7-M manual A5.3.5 to A5.3.10). Names end in the addressing mode: Immediate (Rn + constant),
// Register (Rn + shifted Rm), Literal (the address is the immediate), PreIndexed, PostIndexed, Unprivileged.
// A faulting instruction leaves all registers as they were.
import {
  loadByte,
  loadHalfword,
  loadWord,
  storeByte,
  storeHalfword,
  storeWord,
} from "../access.js";
import type { Core } from "../core.js";
import { rd, rm, rn, shiftAmount } from "./operands.js";

function loadSignedByte(cpu: Core, address: number, t: number): boolean {
  const r = cpu.words;
  if (!loadByte(cpu, address, t)) return false;
  r[t] = (r[t] << 24) >> 24;
  return true;
}

function loadSignedHalfword(cpu: Core, address: number, t: number): boolean {
  const r = cpu.words;
  if (!loadHalfword(cpu, address, t)) return false;
  r[t] = (r[t] << 16) >> 16;
  return true;
}

export function ldrImmediate(cpu: Core, f: number, imm: number): boolean {
  return loadWord(cpu, (cpu.words[rn(f)] + imm) | 0, rd(f));
}

export function ldrRegister(cpu: Core, f: number): boolean {
  const r = cpu.words;
  return loadWord(cpu, (r[rn(f)] + (r[rm(f)] << shiftAmount(f))) | 0, rd(f));
}

export function ldrLiteral(cpu: Core, f: number, imm: number): boolean {
  return loadWord(cpu, imm, rd(f));
}

export function ldrPreIndexed(cpu: Core, f: number, imm: number): boolean {
  const r = cpu.words;
  const address = (r[rn(f)] + imm) | 0;
  if (!loadWord(cpu, address, rd(f))) return false;
  r[rn(f)] = address;
  return true;
}

export function ldrPostIndexed(cpu: Core, f: number, imm: number): boolean {
  const r = cpu.words;
  const address = r[rn(f)];
  if (!loadWord(cpu, address, rd(f))) return false;
  r[rn(f)] = address + imm;
  return true;
}

export function ldrhImmediate(cpu: Core, f: number, imm: number): boolean {
  return loadHalfword(cpu, (cpu.words[rn(f)] + imm) | 0, rd(f));
}

export function ldrhRegister(cpu: Core, f: number): boolean {
  const r = cpu.words;
  return loadHalfword(cpu, (r[rn(f)] + (r[rm(f)] << shiftAmount(f))) | 0, rd(f));
}

export function ldrhLiteral(cpu: Core, f: number, imm: number): boolean {
  return loadHalfword(cpu, imm, rd(f));
}

export function ldrhPreIndexed(cpu: Core, f: number, imm: number): boolean {
  const r = cpu.words;
  const address = (r[rn(f)] + imm) | 0;
  if (!loadHalfword(cpu, address, rd(f))) return false;
  r[rn(f)] = address;
  return true;
}

export function ldrhPostIndexed(cpu: Core, f: number, imm: number): boolean {
  const r = cpu.words;
  const address = r[rn(f)];
  if (!loadHalfword(cpu, address, rd(f))) return false;
  r[rn(f)] = address + imm;
  return true;
}

export function ldrbImmediate(cpu: Core, f: number, imm: number): boolean {
  return loadByte(cpu, (cpu.words[rn(f)] + imm) | 0, rd(f));
}

export function ldrbRegister(cpu: Core, f: number): boolean {
  const r = cpu.words;
  return loadByte(cpu, (r[rn(f)] + (r[rm(f)] << shiftAmount(f))) | 0, rd(f));
}

export function ldrbLiteral(cpu: Core, f: number, imm: number): boolean {
  return loadByte(cpu, imm, rd(f));
}

export function ldrbPreIndexed(cpu: Core, f: number, imm: number): boolean {
  const r = cpu.words;
  const address = (r[rn(f)] + imm) | 0;
  if (!loadByte(cpu, address, rd(f))) return false;
  r[rn(f)] = address;
  return true;
}

export function ldrbPostIndexed(cpu: Core, f: number, imm: number): boolean {
  const r = cpu.words;
  const address = r[rn(f)];
  if (!loadByte(cpu, address, rd(f))) return false;
  r[rn(f)] = address + imm;
  return true;
}

export function ldrshImmediate(cpu: Core, f: number, imm: number): boolean {
  return loadSignedHalfword(cpu, (cpu.words[rn(f)] + imm) | 0, rd(f));
}

export function ldrshRegister(cpu: Core, f: number): boolean {
  const r = cpu.words;
  return loadSignedHalfword(cpu, (r[rn(f)] + (r[rm(f)] << shiftAmount(f))) | 0, rd(f));
}

export function ldrshLiteral(cpu: Core, f: number, imm: number): boolean {
  return loadSignedHalfword(cpu, imm, rd(f));
}

export function ldrshPreIndexed(cpu: Core, f: number, imm: number): boolean {
  const r = cpu.words;
  const address = (r[rn(f)] + imm) | 0;
  if (!loadSignedHalfword(cpu, address, rd(f))) return false;
  r[rn(f)] = address;
  return true;
}

export function ldrshPostIndexed(cpu: Core, f: number, imm: number): boolean {
  const r = cpu.words;
  const address = r[rn(f)];
  if (!loadSignedHalfword(cpu, address, rd(f))) return false;
  r[rn(f)] = address + imm;
  return true;
}

export function ldrsbImmediate(cpu: Core, f: number, imm: number): boolean {
  return loadSignedByte(cpu, (cpu.words[rn(f)] + imm) | 0, rd(f));
}

export function ldrsbRegister(cpu: Core, f: number): boolean {
  const r = cpu.words;
  return loadSignedByte(cpu, (r[rn(f)] + (r[rm(f)] << shiftAmount(f))) | 0, rd(f));
}

export function ldrsbLiteral(cpu: Core, f: number, imm: number): boolean {
  return loadSignedByte(cpu, imm, rd(f));
}

export function ldrsbPreIndexed(cpu: Core, f: number, imm: number): boolean {
  const r = cpu.words;
  const address = (r[rn(f)] + imm) | 0;
  if (!loadSignedByte(cpu, address, rd(f))) return false;
  r[rn(f)] = address;
  return true;
}

export function ldrsbPostIndexed(cpu: Core, f: number, imm: number): boolean {
  const r = cpu.words;
  const address = r[rn(f)];
  if (!loadSignedByte(cpu, address, rd(f))) return false;
  r[rn(f)] = address + imm;
  return true;
}

export function strImmediate(cpu: Core, f: number, imm: number): boolean {
  const r = cpu.words;
  return storeWord(cpu, (r[rn(f)] + imm) | 0, r[rd(f)]);
}

export function strRegister(cpu: Core, f: number): boolean {
  const r = cpu.words;
  return storeWord(cpu, (r[rn(f)] + (r[rm(f)] << shiftAmount(f))) | 0, r[rd(f)]);
}

export function strPreIndexed(cpu: Core, f: number, imm: number): boolean {
  const r = cpu.words;
  const address = (r[rn(f)] + imm) | 0;
  if (!storeWord(cpu, address, r[rd(f)])) return false;
  r[rn(f)] = address;
  return true;
}

export function strPostIndexed(cpu: Core, f: number, imm: number): boolean {
  const r = cpu.words;
  const address = r[rn(f)];
  if (!storeWord(cpu, address, r[rd(f)])) return false;
  r[rn(f)] = address + imm;
  return true;
}

export function strhImmediate(cpu: Core, f: number, imm: number): boolean {
  const r = cpu.words;
  return storeHalfword(cpu, (r[rn(f)] + imm) | 0, r[rd(f)]);
}

export function strhRegister(cpu: Core, f: number): boolean {
  const r = cpu.words;
  return storeHalfword(cpu, (r[rn(f)] + (r[rm(f)] << shiftAmount(f))) | 0, r[rd(f)]);
}

export function strhPreIndexed(cpu: Core, f: number, imm: number): boolean {
  const r = cpu.words;
  const address = (r[rn(f)] + imm) | 0;
  if (!storeHalfword(cpu, address, r[rd(f)])) return false;
  r[rn(f)] = address;
  return true;
}

export function strhPostIndexed(cpu: Core, f: number, imm: number): boolean {
  const r = cpu.words;
  const address = r[rn(f)];
  if (!storeHalfword(cpu, address, r[rd(f)])) return false;
  r[rn(f)] = address + imm;
  return true;
}

export function strbImmediate(cpu: Core, f: number, imm: number): boolean {
  const r = cpu.words;
  return storeByte(cpu, (r[rn(f)] + imm) | 0, r[rd(f)]);
}

export function strbRegister(cpu: Core, f: number): boolean {
  const r = cpu.words;
  return storeByte(cpu, (r[rn(f)] + (r[rm(f)] << shiftAmount(f))) | 0, r[rd(f)]);
}

export function strbPreIndexed(cpu: Core, f: number, imm: number): boolean {
  const r = cpu.words;
  const address = (r[rn(f)] + imm) | 0;
  if (!storeByte(cpu, address, r[rd(f)])) return false;
  r[rn(f)] = address;
  return true;
}

export function strbPostIndexed(cpu: Core, f: number, imm: number): boolean {
  const r = cpu.words;
  const address = r[rn(f)];
  if (!storeByte(cpu, address, r[rd(f)])) return false;
  r[rn(f)] = address + imm;
  return true;
}
