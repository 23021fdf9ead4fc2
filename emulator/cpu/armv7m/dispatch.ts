// Generated from encodings.ts by test/emulator/cpu/armv7m/generate-dispatch.ts; do not edit.
// The inner loop executes simple operations in place, with the bodies of their functions in instructions/: without a call
// in the loop the compiler keeps what it knows of the arrays. All others, and slow ways, leave it and are called.
// biome-ignore-all lint: generated
// biome-ignore-all assist: generated
// biome-ignore-all format: generated
import type { DecodeCache } from "./cache.js";
import type { Core } from "./core.js";
import { IN_IT_BLOCK } from "./decode.js";
import {
  bfc,
  bfi,
  clz,
  rbit,
  rev,
  rev16,
  revsh,
  sbfx,
  sxtb,
  sxtbRotated,
  sxth,
  sxthRotated,
  ubfx,
  uxtb,
  uxtbRotated,
  uxth,
  uxthRotated,
} from "./instructions/bits.js";
import {
  PASSED,
  branchCc,
  branchCs,
  branchEq,
  branchGe,
  branchGt,
  branchHi,
  branchLe,
  branchLs,
  branchLt,
  branchMi,
  branchNe,
  branchPl,
  branchVc,
  branchVs,
  compareBranchNonzero,
  compareBranchZero,
} from "./instructions/branch.js";
import {
  addToPc,
  branchLink,
  branchLinkExchange,
  bx,
  bxPc,
  ldmPc,
  ldmPcWriteback,
  ldmdbPc,
  ldmdbPcWriteback,
  loadPcImmediate,
  loadPcLiteral,
  loadPcPostIndexed,
  loadPcPreIndexed,
  loadPcRegister,
  movToPc,
  popPc,
  tbb,
  tbbPc,
  tbh,
  tbhPc,
} from "./instructions/control.js";
import {
  adcImmediate,
  adcRegister,
  adcShifted,
  adcsImmediate,
  adcsRegister,
  adcsShifted,
  addImmediate,
  addRegister,
  addShifted,
  addToSp,
  addToSpImmediate,
  addToSpShifted,
  addsImmediate,
  addsRegister,
  addsShifted,
  addsToSpImmediate,
  andImmediate,
  andRegister,
  andShifted,
  andsImmediate,
  andsRegister,
  andsShifted,
  bicImmediate,
  bicRegister,
  bicShifted,
  bicsImmediate,
  bicsRegister,
  bicsShifted,
  cmnImmediate,
  cmnRegister,
  cmnShifted,
  cmpImmediate,
  cmpRegister,
  cmpShifted,
  eorImmediate,
  eorRegister,
  eorShifted,
  eorsImmediate,
  eorsRegister,
  eorsShifted,
  movImmediate,
  movRegister,
  movToSp,
  movsImmediate,
  movsRegister,
  movt,
  mvnImmediate,
  mvnRegister,
  mvnShifted,
  mvnsImmediate,
  mvnsRegister,
  mvnsShifted,
  ornImmediate,
  ornRegister,
  ornShifted,
  ornsImmediate,
  ornsRegister,
  ornsShifted,
  orrImmediate,
  orrRegister,
  orrShifted,
  orrsImmediate,
  orrsRegister,
  orrsShifted,
  rsbImmediate,
  rsbRegister,
  rsbShifted,
  rsbsImmediate,
  rsbsRegister,
  rsbsShifted,
  sbcImmediate,
  sbcRegister,
  sbcShifted,
  sbcsImmediate,
  sbcsRegister,
  sbcsShifted,
  subImmediate,
  subRegister,
  subShifted,
  subToSpImmediate,
  subToSpShifted,
  subsImmediate,
  subsRegister,
  subsShifted,
  subsToSpImmediate,
  teqImmediate,
  teqShifted,
  tstImmediate,
  tstRegister,
  tstShifted,
} from "./instructions/data-processing.js";
import {
  pkhbt,
  pkhtb,
  qadd,
  qdadd,
  qdsub,
  qsub,
  sel,
  smlabb,
  smlabt,
  smlad,
  smladx,
  smlalbb,
  smlalbt,
  smlald,
  smlaldx,
  smlaltb,
  smlaltt,
  smlatb,
  smlatt,
  smlawb,
  smlawt,
  smlsd,
  smlsdx,
  smlsld,
  smlsldx,
  smmla,
  smmlar,
  smmls,
  smmlsr,
  smmul,
  smmulr,
  smuad,
  smuadx,
  smulbb,
  smulbt,
  smultb,
  smultt,
  smulwb,
  smulwt,
  smusd,
  smusdx,
  ssat16,
  sxtab,
  sxtab16,
  sxtah,
  sxtb16,
  umaal,
  usad8,
  usada8,
  usat16,
  uxtab,
  uxtab16,
  uxtah,
  uxtb16,
} from "./instructions/dsp.js";
import {
  ldrImmediate,
  ldrLiteral,
  ldrPostIndexed,
  ldrPreIndexed,
  ldrRegister,
  ldrbImmediate,
  ldrbLiteral,
  ldrbPostIndexed,
  ldrbPreIndexed,
  ldrbRegister,
  ldrhImmediate,
  ldrhLiteral,
  ldrhPostIndexed,
  ldrhPreIndexed,
  ldrhRegister,
  ldrsbImmediate,
  ldrsbLiteral,
  ldrsbPostIndexed,
  ldrsbPreIndexed,
  ldrsbRegister,
  ldrshImmediate,
  ldrshLiteral,
  ldrshPostIndexed,
  ldrshPreIndexed,
  ldrshRegister,
  strImmediate,
  strPostIndexed,
  strPreIndexed,
  strRegister,
  strbImmediate,
  strbPostIndexed,
  strbPreIndexed,
  strbRegister,
  strhImmediate,
  strhPostIndexed,
  strhPreIndexed,
  strhRegister,
} from "./instructions/load-store.js";
import {
  clrex,
  ldm,
  ldmWriteback,
  ldmdb,
  ldmdbWriteback,
  ldrbt,
  ldrdImmediate,
  ldrdLiteral,
  ldrdPostIndexed,
  ldrdPreIndexed,
  ldrex,
  ldrexb,
  ldrexh,
  ldrht,
  ldrsbt,
  ldrsht,
  ldrt,
  stm,
  stmWriteback,
  stmdb,
  stmdbWriteback,
  strbt,
  strdImmediate,
  strdPostIndexed,
  strdPreIndexed,
  strex,
  strexb,
  strexh,
  strht,
  strt,
} from "./instructions/load-store-multiple.js";
import {
  mla,
  mls,
  mul,
  muls,
  smlal,
  smull,
  umlal,
  umull,
} from "./instructions/multiply.js";
import {
  qadd16,
  qadd8,
  qasx,
  qsax,
  qsub16,
  qsub8,
  sadd16,
  sadd8,
  sasx,
  shadd16,
  shadd8,
  shasx,
  shsax,
  shsub16,
  shsub8,
  ssax,
  ssub16,
  ssub8,
  uadd16,
  uadd8,
  uasx,
  uhadd16,
  uhadd8,
  uhasx,
  uhsax,
  uhsub16,
  uhsub8,
  uqadd16,
  uqadd8,
  uqasx,
  uqsax,
  uqsub16,
  uqsub8,
  usax,
  usub16,
  usub8,
} from "./instructions/parallel.js";
import {
  ssat,
  usat,
} from "./instructions/saturating.js";
import {
  asrImmediate,
  asrRegister,
  asrsImmediate,
  asrsRegister,
  lslImmediate,
  lslRegister,
  lslsImmediate,
  lslsRegister,
  lsrImmediate,
  lsrRegister,
  lsrsImmediate,
  lsrsRegister,
  rorImmediate,
  rorRegister,
  rorsImmediate,
  rorsRegister,
  rrxImmediate,
  rrxsImmediate,
} from "./instructions/shifts.js";
import {
  bkpt,
  cps,
  mrs,
  msr,
  noCoprocessor,
  nop,
  sdiv,
  sev,
  svc,
  udiv,
  undefined_,
  wfe,
  wfi,
} from "./instructions/system.js";

/** Stands for an IT block whose last instruction has been executed. */
const BLOCK_END = 256;

/** Executes at most `budget` instructions; the result is how many were not. An early end leaves its reason in EVENT. */
export function dispatch(cpu: Core, cache: DecodeCache, budget: number): number {
  const r = cpu.memoryWords;
  const halfwords = cpu.halfwords;
  const bytes = cpu.bytes;
  const entries = cache.entries;
  const inItBlock = IN_IT_BLOCK;
  const passed = PASSED;
  const readBase = r[48];
  const readSize = r[49];
  const readOffset = r[50];
  const writeBase = r[51];
  const writeSize = r[52];
  const writeOffset = r[53];
  const flashBase = r[54];
  const flashSize = r[55];
  const flashOffset = r[56];
  const codeBase = r[57];
  const codeSize = r[58];
  const codeOffset = r[59];
  let left = budget | 0;
  let pc = r[15];
  let it = r[22];
  let current = 0;
  for (;;) {
    let at = pc;
    let operation = 0;
    let f = 0;
    let imm = 0;
    let cached = true;
    fast: for (;;) {
      if (left <= 0) {
        r[15] = pc;
        r[22] = it & 0xff;
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
      pc = (at + (f >>> 29)) | 0;
      left = (left - 1) | 0;
      if (it !== 0 && operation > 1) {
        if (it === BLOCK_END) {
          it = 0;
          current = 0;
        } else {
          current = it;
          it = (it & 7) === 0 ? BLOCK_END : (it & 0xe0) | ((it << 1) & 0x1f);
          const flags =
            ((r[16] >>> 28) & 8) | (r[17] === 0 ? 4 : 0) | (r[18] << 1) | (r[19] >>> 31);
          if (((passed[current >>> 4] >>> flags) & 1) === 0) continue fast;
          // Only 16-bit instructions leave the flags alone in a block.
          if (f >>> 30 === 1) operation = inItBlock[operation];
        }
      }
      switch (operation) {
        case 2:
          it = imm;
          continue;
        case 4: {
        // movsRegister
        const x = r[((f >>> 8) & 15)];
        {
        r[16] = x;
        r[17] = x;
        }
        r[(f & 15)] = x;
        continue fast;
        }
        case 5: {
        // movRegister
        r[(f & 15)] = r[((f >>> 8) & 15)];
        continue fast;
        }
        case 6: {
        // lslsImmediate
        const value = r[((f >>> 8) & 15)];
        const amount = ((f >>> 16) & 63);
        const x = value << amount;
        {
        r[16] = x;
        r[17] = x;
        }
        r[18] = (value >>> (32 - amount)) & 1;
        r[(f & 15)] = x;
        continue fast;
        }
        case 7: {
        // lslImmediate
        r[(f & 15)] = r[((f >>> 8) & 15)] << ((f >>> 16) & 63);
        continue fast;
        }
        case 8: {
        // lsrsImmediate
        const value = r[((f >>> 8) & 15)];
        const amount = ((f >>> 16) & 63);
        const x = amount === 32 ? 0 : value >>> amount;
        {
        r[16] = x;
        r[17] = x;
        }
        r[18] = (value >>> (amount - 1)) & 1;
        r[(f & 15)] = x;
        continue fast;
        }
        case 9: {
        // lsrImmediate
        const amount = ((f >>> 16) & 63);
        r[(f & 15)] = amount === 32 ? 0 : r[((f >>> 8) & 15)] >>> amount;
        continue fast;
        }
        case 10: {
        // asrsImmediate
        const value = r[((f >>> 8) & 15)];
        const amount = ((f >>> 16) & 63);
        const x = value >> (amount === 32 ? 31 : amount);
        {
        r[16] = x;
        r[17] = x;
        }
        r[18] = (value >>> (amount - 1)) & 1;
        r[(f & 15)] = x;
        continue fast;
        }
        case 11: {
        // asrImmediate
        const amount = ((f >>> 16) & 63);
        r[(f & 15)] = r[((f >>> 8) & 15)] >> (amount === 32 ? 31 : amount);
        continue fast;
        }
        case 12: {
        // addsRegister
        {
        const a_1 = r[((f >>> 4) & 15)];
        const b_1 = r[((f >>> 8) & 15)];
        const carry_1 = 0;
        const x_1 = (a_1 + b_1 + carry_1) | 0;
        r[16] = x_1;
        r[17] = x_1;
        r[18] = ((a_1 & b_1) | ((a_1 | b_1) & ~x_1)) >>> 31;
        r[19] = (a_1 ^ x_1) & (b_1 ^ x_1);
        r[(f & 15)] = x_1;
        }
        continue fast;
        }
        case 13: {
        // addRegister
        r[(f & 15)] = r[((f >>> 4) & 15)] + r[((f >>> 8) & 15)];
        continue fast;
        }
        case 14: {
        // subsRegister
        {
        const a_1 = r[((f >>> 4) & 15)];
        const b_1 = ~r[((f >>> 8) & 15)];
        const carry_1 = 1;
        const x_1 = (a_1 + b_1 + carry_1) | 0;
        r[16] = x_1;
        r[17] = x_1;
        r[18] = ((a_1 & b_1) | ((a_1 | b_1) & ~x_1)) >>> 31;
        r[19] = (a_1 ^ x_1) & (b_1 ^ x_1);
        r[(f & 15)] = x_1;
        }
        continue fast;
        }
        case 15: {
        // subRegister
        r[(f & 15)] = r[((f >>> 4) & 15)] - r[((f >>> 8) & 15)];
        continue fast;
        }
        case 16: {
        // addsImmediate
        {
        const a_1 = r[((f >>> 4) & 15)];
        const b_1 = imm;
        const carry_1 = 0;
        const x_1 = (a_1 + b_1 + carry_1) | 0;
        r[16] = x_1;
        r[17] = x_1;
        r[18] = ((a_1 & b_1) | ((a_1 | b_1) & ~x_1)) >>> 31;
        r[19] = (a_1 ^ x_1) & (b_1 ^ x_1);
        r[(f & 15)] = x_1;
        }
        continue fast;
        }
        case 17: {
        // addImmediate
        r[(f & 15)] = r[((f >>> 4) & 15)] + imm;
        continue fast;
        }
        case 18: {
        // subsImmediate
        {
        const a_1 = r[((f >>> 4) & 15)];
        const b_1 = ~imm;
        const carry_1 = 1;
        const x_1 = (a_1 + b_1 + carry_1) | 0;
        r[16] = x_1;
        r[17] = x_1;
        r[18] = ((a_1 & b_1) | ((a_1 | b_1) & ~x_1)) >>> 31;
        r[19] = (a_1 ^ x_1) & (b_1 ^ x_1);
        r[(f & 15)] = x_1;
        }
        continue fast;
        }
        case 19: {
        // subImmediate
        r[(f & 15)] = r[((f >>> 4) & 15)] - imm;
        continue fast;
        }
        case 20: {
        // movsImmediate
        const x = imm;
        {
        r[16] = x;
        r[17] = x;
        }
        {
        if ((f & (1 << 26)) !== 0)
        r[18] = (f >>> 25) & 1;
        }
        r[(f & 15)] = x;
        continue fast;
        }
        case 21: {
        // movImmediate
        r[(f & 15)] = imm;
        continue fast;
        }
        case 22: {
        // cmpImmediate
        {
        const a_1 = r[((f >>> 4) & 15)];
        const b_1 = ~imm;
        const carry_1 = 1;
        const x_1 = (a_1 + b_1 + carry_1) | 0;
        r[16] = x_1;
        r[17] = x_1;
        r[18] = ((a_1 & b_1) | ((a_1 | b_1) & ~x_1)) >>> 31;
        r[19] = (a_1 ^ x_1) & (b_1 ^ x_1);
        }
        continue fast;
        }
        case 23: {
        // andsRegister
        const x = r[((f >>> 4) & 15)] & r[((f >>> 8) & 15)];
        {
        r[16] = x;
        r[17] = x;
        }
        r[(f & 15)] = x;
        continue fast;
        }
        case 24: {
        // andRegister
        r[(f & 15)] = r[((f >>> 4) & 15)] & r[((f >>> 8) & 15)];
        continue fast;
        }
        case 25: {
        // eorsRegister
        const x = r[((f >>> 4) & 15)] ^ r[((f >>> 8) & 15)];
        {
        r[16] = x;
        r[17] = x;
        }
        r[(f & 15)] = x;
        continue fast;
        }
        case 26: {
        // eorRegister
        r[(f & 15)] = r[((f >>> 4) & 15)] ^ r[((f >>> 8) & 15)];
        continue fast;
        }
        case 33: {
        // adcsRegister
        {
        const a_1 = r[((f >>> 4) & 15)];
        const b_1 = r[((f >>> 8) & 15)];
        const carry_1 = r[18];
        const x_1 = (a_1 + b_1 + carry_1) | 0;
        r[16] = x_1;
        r[17] = x_1;
        r[18] = ((a_1 & b_1) | ((a_1 | b_1) & ~x_1)) >>> 31;
        r[19] = (a_1 ^ x_1) & (b_1 ^ x_1);
        r[(f & 15)] = x_1;
        }
        continue fast;
        }
        case 34: {
        // adcRegister
        r[(f & 15)] = r[((f >>> 4) & 15)] + r[((f >>> 8) & 15)] + r[18];
        continue fast;
        }
        case 35: {
        // sbcsRegister
        {
        const a_1 = r[((f >>> 4) & 15)];
        const b_1 = ~r[((f >>> 8) & 15)];
        const carry_1 = r[18];
        const x_1 = (a_1 + b_1 + carry_1) | 0;
        r[16] = x_1;
        r[17] = x_1;
        r[18] = ((a_1 & b_1) | ((a_1 | b_1) & ~x_1)) >>> 31;
        r[19] = (a_1 ^ x_1) & (b_1 ^ x_1);
        r[(f & 15)] = x_1;
        }
        continue fast;
        }
        case 36: {
        // sbcRegister
        r[(f & 15)] = r[((f >>> 4) & 15)] + ~r[((f >>> 8) & 15)] + r[18];
        continue fast;
        }
        case 39: {
        // tstRegister
        {
        const x_1 = r[((f >>> 4) & 15)] & r[((f >>> 8) & 15)];
        r[16] = x_1;
        r[17] = x_1;
        }
        continue fast;
        }
        case 40: {
        // rsbsImmediate
        {
        const a_1 = ~r[((f >>> 4) & 15)];
        const b_1 = imm;
        const carry_1 = 1;
        const x_1 = (a_1 + b_1 + carry_1) | 0;
        r[16] = x_1;
        r[17] = x_1;
        r[18] = ((a_1 & b_1) | ((a_1 | b_1) & ~x_1)) >>> 31;
        r[19] = (a_1 ^ x_1) & (b_1 ^ x_1);
        r[(f & 15)] = x_1;
        }
        continue fast;
        }
        case 41: {
        // rsbImmediate
        r[(f & 15)] = imm - r[((f >>> 4) & 15)];
        continue fast;
        }
        case 42: {
        // cmpRegister
        {
        const a_1 = r[((f >>> 4) & 15)];
        const b_1 = ~r[((f >>> 8) & 15)];
        const carry_1 = 1;
        const x_1 = (a_1 + b_1 + carry_1) | 0;
        r[16] = x_1;
        r[17] = x_1;
        r[18] = ((a_1 & b_1) | ((a_1 | b_1) & ~x_1)) >>> 31;
        r[19] = (a_1 ^ x_1) & (b_1 ^ x_1);
        }
        continue fast;
        }
        case 43: {
        // cmnRegister
        {
        const a_1 = r[((f >>> 4) & 15)];
        const b_1 = r[((f >>> 8) & 15)];
        const carry_1 = 0;
        const x_1 = (a_1 + b_1 + carry_1) | 0;
        r[16] = x_1;
        r[17] = x_1;
        r[18] = ((a_1 & b_1) | ((a_1 | b_1) & ~x_1)) >>> 31;
        r[19] = (a_1 ^ x_1) & (b_1 ^ x_1);
        }
        continue fast;
        }
        case 44: {
        // orrsRegister
        const x = r[((f >>> 4) & 15)] | r[((f >>> 8) & 15)];
        {
        r[16] = x;
        r[17] = x;
        }
        r[(f & 15)] = x;
        continue fast;
        }
        case 45: {
        // orrRegister
        r[(f & 15)] = r[((f >>> 4) & 15)] | r[((f >>> 8) & 15)];
        continue fast;
        }
        case 46: {
        // muls
        const x = Math.imul(r[((f >>> 4) & 15)], r[((f >>> 8) & 15)]);
        r[16] = x;
        r[17] = x;
        r[(f & 15)] = x;
        continue fast;
        }
        case 47: {
        // mul
        r[(f & 15)] = Math.imul(r[((f >>> 4) & 15)], r[((f >>> 8) & 15)]);
        continue fast;
        }
        case 48: {
        // bicsRegister
        const x = r[((f >>> 4) & 15)] & ~r[((f >>> 8) & 15)];
        {
        r[16] = x;
        r[17] = x;
        }
        r[(f & 15)] = x;
        continue fast;
        }
        case 49: {
        // bicRegister
        r[(f & 15)] = r[((f >>> 4) & 15)] & ~r[((f >>> 8) & 15)];
        continue fast;
        }
        case 50: {
        // mvnsRegister
        const x = ~r[((f >>> 8) & 15)];
        {
        r[16] = x;
        r[17] = x;
        }
        r[(f & 15)] = x;
        continue fast;
        }
        case 51: {
        // mvnRegister
        r[(f & 15)] = ~r[((f >>> 8) & 15)];
        continue fast;
        }
        case 52: {
        // addToSp
        r[13] = (r[13] + r[((f >>> 8) & 15)]) & ~3;
        continue fast;
        }
        case 53: {
        // addToPc
        pc = (imm + r[((f >>> 8) & 15)]) & ~1;
        continue fast;
        }
        case 54: {
        // nop
        continue fast;
        }
        case 55: {
        // movToSp
        r[13] = r[((f >>> 8) & 15)] & ~3;
        continue fast;
        }
        case 56: {
        // movToPc
        pc = r[((f >>> 8) & 15)] & ~1;
        continue fast;
        }
        case 57: {
        // branch
        if (true) pc = imm;
        continue fast;
        }
        case 58: {
        // bx
        done_2: {
        const target_1 = r[((f >>> 8) & 15)];
        if ((target_1 & 1) !== 0 && (r[24] === 0 || target_1 >>> 28 !== 15)) {
        pc = target_1 & ~1;
        break done_2;
        }
        break fast;
        }
        continue fast;
        }
        case 59: {
        // bxPc
        done_2: {
        const target_1 = imm;
        if ((target_1 & 1) !== 0 && (r[24] === 0 || target_1 >>> 28 !== 15)) {
        pc = target_1 & ~1;
        break done_2;
        }
        break fast;
        }
        continue fast;
        }
        case 61: {
        // ldrLiteral
        done_2: {
        const address_1 = imm;
        const t_1 = (f & 15);
        if ((address_1 & 3) === 0) {
        let o_1 = (address_1 - readBase) | 0;
        if (o_1 >>> 0 < readSize) {
        r[t_1] = r[(o_1 + readOffset) >> 2];
        break done_2;
        }
        o_1 = (address_1 - flashBase) | 0;
        if (o_1 >>> 0 < flashSize) {
        r[t_1] = r[(o_1 + flashOffset) >> 2];
        break done_2;
        }
        }
        break fast;
        }
        continue fast;
        }
        case 62: {
        // strRegister
        done_2: {
        const address_1 = (r[((f >>> 4) & 15)] + (r[((f >>> 8) & 15)] << ((f >>> 16) & 63))) | 0;
        const value_1 = r[(f & 15)];
        const o_1 = (address_1 - writeBase) | 0;
        if ((address_1 & 3) === 0 && o_1 >>> 0 < writeSize) {
        r[(o_1 + writeOffset) >> 2] = value_1;
        break done_2;
        }
        break fast;
        }
        continue fast;
        }
        case 63: {
        // strhRegister
        done_2: {
        const address_1 = (r[((f >>> 4) & 15)] + (r[((f >>> 8) & 15)] << ((f >>> 16) & 63))) | 0;
        const value_1 = r[(f & 15)];
        const o_1 = (address_1 - writeBase) | 0;
        if ((address_1 & 1) === 0 && o_1 >>> 0 < writeSize) {
        halfwords[(o_1 + writeOffset) >> 1] = value_1;
        break done_2;
        }
        break fast;
        }
        continue fast;
        }
        case 64: {
        // strbRegister
        done_2: {
        const address_1 = (r[((f >>> 4) & 15)] + (r[((f >>> 8) & 15)] << ((f >>> 16) & 63))) | 0;
        const value_1 = r[(f & 15)];
        const o_1 = (address_1 - writeBase) | 0;
        if (o_1 >>> 0 < writeSize) {
        bytes[o_1 + writeOffset] = value_1;
        break done_2;
        }
        break fast;
        }
        continue fast;
        }
        case 66: {
        // ldrRegister
        done_2: {
        const address_1 = (r[((f >>> 4) & 15)] + (r[((f >>> 8) & 15)] << ((f >>> 16) & 63))) | 0;
        const t_1 = (f & 15);
        if ((address_1 & 3) === 0) {
        let o_1 = (address_1 - readBase) | 0;
        if (o_1 >>> 0 < readSize) {
        r[t_1] = r[(o_1 + readOffset) >> 2];
        break done_2;
        }
        o_1 = (address_1 - flashBase) | 0;
        if (o_1 >>> 0 < flashSize) {
        r[t_1] = r[(o_1 + flashOffset) >> 2];
        break done_2;
        }
        }
        break fast;
        }
        continue fast;
        }
        case 67: {
        // ldrhRegister
        done_2: {
        const address_1 = (r[((f >>> 4) & 15)] + (r[((f >>> 8) & 15)] << ((f >>> 16) & 63))) | 0;
        const t_1 = (f & 15);
        if ((address_1 & 1) === 0) {
        let o_1 = (address_1 - readBase) | 0;
        if (o_1 >>> 0 < readSize) {
        r[t_1] = halfwords[(o_1 + readOffset) >> 1];
        break done_2;
        }
        o_1 = (address_1 - flashBase) | 0;
        if (o_1 >>> 0 < flashSize) {
        r[t_1] = halfwords[(o_1 + flashOffset) >> 1];
        break done_2;
        }
        }
        break fast;
        }
        continue fast;
        }
        case 68: {
        // ldrbRegister
        done_2: {
        const address_1 = (r[((f >>> 4) & 15)] + (r[((f >>> 8) & 15)] << ((f >>> 16) & 63))) | 0;
        const t_1 = (f & 15);
        let o_1 = (address_1 - readBase) | 0;
        if (o_1 >>> 0 < readSize) {
        r[t_1] = bytes[o_1 + readOffset];
        break done_2;
        }
        o_1 = (address_1 - flashBase) | 0;
        if (o_1 >>> 0 < flashSize) {
        r[t_1] = bytes[o_1 + flashOffset];
        break done_2;
        }
        break fast;
        }
        continue fast;
        }
        case 70: {
        // strImmediate
        done_2: {
        const address_1 = (r[((f >>> 4) & 15)] + imm) | 0;
        const value_1 = r[(f & 15)];
        const o_1 = (address_1 - writeBase) | 0;
        if ((address_1 & 3) === 0 && o_1 >>> 0 < writeSize) {
        r[(o_1 + writeOffset) >> 2] = value_1;
        break done_2;
        }
        break fast;
        }
        continue fast;
        }
        case 71: {
        // ldrImmediate
        done_2: {
        const address_1 = (r[((f >>> 4) & 15)] + imm) | 0;
        const t_1 = (f & 15);
        if ((address_1 & 3) === 0) {
        let o_1 = (address_1 - readBase) | 0;
        if (o_1 >>> 0 < readSize) {
        r[t_1] = r[(o_1 + readOffset) >> 2];
        break done_2;
        }
        o_1 = (address_1 - flashBase) | 0;
        if (o_1 >>> 0 < flashSize) {
        r[t_1] = r[(o_1 + flashOffset) >> 2];
        break done_2;
        }
        }
        break fast;
        }
        continue fast;
        }
        case 72: {
        // strbImmediate
        done_2: {
        const address_1 = (r[((f >>> 4) & 15)] + imm) | 0;
        const value_1 = r[(f & 15)];
        const o_1 = (address_1 - writeBase) | 0;
        if (o_1 >>> 0 < writeSize) {
        bytes[o_1 + writeOffset] = value_1;
        break done_2;
        }
        break fast;
        }
        continue fast;
        }
        case 73: {
        // ldrbImmediate
        done_2: {
        const address_1 = (r[((f >>> 4) & 15)] + imm) | 0;
        const t_1 = (f & 15);
        let o_1 = (address_1 - readBase) | 0;
        if (o_1 >>> 0 < readSize) {
        r[t_1] = bytes[o_1 + readOffset];
        break done_2;
        }
        o_1 = (address_1 - flashBase) | 0;
        if (o_1 >>> 0 < flashSize) {
        r[t_1] = bytes[o_1 + flashOffset];
        break done_2;
        }
        break fast;
        }
        continue fast;
        }
        case 74: {
        // strhImmediate
        done_2: {
        const address_1 = (r[((f >>> 4) & 15)] + imm) | 0;
        const value_1 = r[(f & 15)];
        const o_1 = (address_1 - writeBase) | 0;
        if ((address_1 & 1) === 0 && o_1 >>> 0 < writeSize) {
        halfwords[(o_1 + writeOffset) >> 1] = value_1;
        break done_2;
        }
        break fast;
        }
        continue fast;
        }
        case 75: {
        // ldrhImmediate
        done_2: {
        const address_1 = (r[((f >>> 4) & 15)] + imm) | 0;
        const t_1 = (f & 15);
        if ((address_1 & 1) === 0) {
        let o_1 = (address_1 - readBase) | 0;
        if (o_1 >>> 0 < readSize) {
        r[t_1] = halfwords[(o_1 + readOffset) >> 1];
        break done_2;
        }
        o_1 = (address_1 - flashBase) | 0;
        if (o_1 >>> 0 < flashSize) {
        r[t_1] = halfwords[(o_1 + flashOffset) >> 1];
        break done_2;
        }
        }
        break fast;
        }
        continue fast;
        }
        case 80: {
        // compareBranchZero
        if (r[((f >>> 4) & 15)] === 0) pc = imm;
        continue fast;
        }
        case 81: {
        // compareBranchNonzero
        if (r[((f >>> 4) & 15)] !== 0) pc = imm;
        continue fast;
        }
        case 82: {
        // sxth
        r[(f & 15)] = (r[((f >>> 8) & 15)] << 16) >> 16;
        continue fast;
        }
        case 83: {
        // sxtb
        r[(f & 15)] = (r[((f >>> 8) & 15)] << 24) >> 24;
        continue fast;
        }
        case 84: {
        // uxth
        r[(f & 15)] = r[((f >>> 8) & 15)] & 0xffff;
        continue fast;
        }
        case 85: {
        // uxtb
        r[(f & 15)] = r[((f >>> 8) & 15)] & 0xff;
        continue fast;
        }
        case 88: {
        // rev16
        const x = r[((f >>> 8) & 15)];
        r[(f & 15)] = ((x >>> 8) & 0x00ff00ff) | ((x & 0x00ff00ff) << 8);
        continue fast;
        }
        case 89: {
        // revsh
        const x = r[((f >>> 8) & 15)];
        r[(f & 15)] = ((x << 24) >> 16) | ((x >>> 8) & 0xff);
        continue fast;
        }
        case 93: {
        // sev
        r[44] = 1;
        continue fast;
        }
        case 94: {
        // branchEq
        if (r[17] === 0) pc = imm;
        continue fast;
        }
        case 95: {
        // branchNe
        if (r[17] !== 0) pc = imm;
        continue fast;
        }
        case 96: {
        // branchCs
        if (r[18] !== 0) pc = imm;
        continue fast;
        }
        case 97: {
        // branchCc
        if (r[18] === 0) pc = imm;
        continue fast;
        }
        case 98: {
        // branchMi
        if (r[16] < 0) pc = imm;
        continue fast;
        }
        case 99: {
        // branchPl
        if (r[16] >= 0) pc = imm;
        continue fast;
        }
        case 100: {
        // branchVs
        if (r[19] < 0) pc = imm;
        continue fast;
        }
        case 101: {
        // branchVc
        if (r[19] >= 0) pc = imm;
        continue fast;
        }
        case 102: {
        // branchHi
        if (r[18] !== 0 && r[17] !== 0) pc = imm;
        continue fast;
        }
        case 103: {
        // branchLs
        if (r[18] === 0 || r[17] === 0) pc = imm;
        continue fast;
        }
        case 104: {
        // branchGe
        if ((r[16] ^ r[19]) >= 0) pc = imm;
        continue fast;
        }
        case 105: {
        // branchLt
        if ((r[16] ^ r[19]) < 0) pc = imm;
        continue fast;
        }
        case 106: {
        // branchGt
        if (r[17] !== 0 && (r[16] ^ r[19]) >= 0) pc = imm;
        continue fast;
        }
        case 107: {
        // branchLe
        if (r[17] === 0 || (r[16] ^ r[19]) < 0) pc = imm;
        continue fast;
        }
        case 126: {
        // ldrex
        done_4: {
        const address_1 = (r[((f >>> 4) & 15)] + imm) | 0;
        const t_1 = (f & 15);
        if ((address_1 & 3) !== 0)
        break fast;
        done_3: {
        const address_2 = address_1;
        const t_2 = t_1;
        if ((address_2 & 3) === 0) {
        let o_2 = (address_2 - readBase) | 0;
        if (o_2 >>> 0 < readSize) {
        r[t_2] = r[(o_2 + readOffset) >> 2];
        break done_3;
        }
        o_2 = (address_2 - flashBase) | 0;
        if (o_2 >>> 0 < flashSize) {
        r[t_2] = r[(o_2 + flashOffset) >> 2];
        break done_3;
        }
        }
        break fast;
        }
        break done_4;
        }
        r[42] = 1;
        continue fast;
        }
        case 129: {
        // ldrexb
        done_2: {
        const address_1 = r[((f >>> 4) & 15)];
        const t_1 = (f & 15);
        let o_1 = (address_1 - readBase) | 0;
        if (o_1 >>> 0 < readSize) {
        r[t_1] = bytes[o_1 + readOffset];
        break done_2;
        }
        o_1 = (address_1 - flashBase) | 0;
        if (o_1 >>> 0 < flashSize) {
        r[t_1] = bytes[o_1 + flashOffset];
        break done_2;
        }
        break fast;
        }
        r[42] = 1;
        continue fast;
        }
        case 135: {
        // andImmediate
        r[(f & 15)] = r[((f >>> 4) & 15)] & imm;
        continue fast;
        }
        case 137: {
        // andsImmediate
        const x = r[((f >>> 4) & 15)] & imm;
        {
        r[16] = x;
        r[17] = x;
        }
        {
        if ((f & (1 << 26)) !== 0)
        r[18] = (f >>> 25) & 1;
        }
        r[(f & 15)] = x;
        continue fast;
        }
        case 139: {
        // bicImmediate
        r[(f & 15)] = r[((f >>> 4) & 15)] & ~imm;
        continue fast;
        }
        case 141: {
        // bicsImmediate
        const x = r[((f >>> 4) & 15)] & ~imm;
        {
        r[16] = x;
        r[17] = x;
        }
        {
        if ((f & (1 << 26)) !== 0)
        r[18] = (f >>> 25) & 1;
        }
        r[(f & 15)] = x;
        continue fast;
        }
        case 143: {
        // orrImmediate
        r[(f & 15)] = r[((f >>> 4) & 15)] | imm;
        continue fast;
        }
        case 145: {
        // orrsImmediate
        const x = r[((f >>> 4) & 15)] | imm;
        {
        r[16] = x;
        r[17] = x;
        }
        {
        if ((f & (1 << 26)) !== 0)
        r[18] = (f >>> 25) & 1;
        }
        r[(f & 15)] = x;
        continue fast;
        }
        case 147: {
        // ornImmediate
        r[(f & 15)] = r[((f >>> 4) & 15)] | ~imm;
        continue fast;
        }
        case 149: {
        // ornRegister
        r[(f & 15)] = r[((f >>> 4) & 15)] | ~r[((f >>> 8) & 15)];
        continue fast;
        }
        case 150: {
        // ornsImmediate
        const x = r[((f >>> 4) & 15)] | ~imm;
        {
        r[16] = x;
        r[17] = x;
        }
        {
        if ((f & (1 << 26)) !== 0)
        r[18] = (f >>> 25) & 1;
        }
        r[(f & 15)] = x;
        continue fast;
        }
        case 152: {
        // ornsRegister
        const x = r[((f >>> 4) & 15)] | ~r[((f >>> 8) & 15)];
        {
        r[16] = x;
        r[17] = x;
        }
        r[(f & 15)] = x;
        continue fast;
        }
        case 153: {
        // eorImmediate
        r[(f & 15)] = r[((f >>> 4) & 15)] ^ imm;
        continue fast;
        }
        case 155: {
        // eorsImmediate
        const x = r[((f >>> 4) & 15)] ^ imm;
        {
        r[16] = x;
        r[17] = x;
        }
        {
        if ((f & (1 << 26)) !== 0)
        r[18] = (f >>> 25) & 1;
        }
        r[(f & 15)] = x;
        continue fast;
        }
        case 159: {
        // adcImmediate
        r[(f & 15)] = r[((f >>> 4) & 15)] + imm + r[18];
        continue fast;
        }
        case 161: {
        // adcsImmediate
        {
        const a_1 = r[((f >>> 4) & 15)];
        const b_1 = imm;
        const carry_1 = r[18];
        const x_1 = (a_1 + b_1 + carry_1) | 0;
        r[16] = x_1;
        r[17] = x_1;
        r[18] = ((a_1 & b_1) | ((a_1 | b_1) & ~x_1)) >>> 31;
        r[19] = (a_1 ^ x_1) & (b_1 ^ x_1);
        r[(f & 15)] = x_1;
        }
        continue fast;
        }
        case 163: {
        // sbcImmediate
        r[(f & 15)] = r[((f >>> 4) & 15)] + ~imm + r[18];
        continue fast;
        }
        case 165: {
        // sbcsImmediate
        {
        const a_1 = r[((f >>> 4) & 15)];
        const b_1 = ~imm;
        const carry_1 = r[18];
        const x_1 = (a_1 + b_1 + carry_1) | 0;
        r[16] = x_1;
        r[17] = x_1;
        r[18] = ((a_1 & b_1) | ((a_1 | b_1) & ~x_1)) >>> 31;
        r[19] = (a_1 ^ x_1) & (b_1 ^ x_1);
        r[(f & 15)] = x_1;
        }
        continue fast;
        }
        case 170: {
        // rsbRegister
        r[(f & 15)] = r[((f >>> 8) & 15)] - r[((f >>> 4) & 15)];
        continue fast;
        }
        case 172: {
        // rsbsRegister
        {
        const a_1 = ~r[((f >>> 4) & 15)];
        const b_1 = r[((f >>> 8) & 15)];
        const carry_1 = 1;
        const x_1 = (a_1 + b_1 + carry_1) | 0;
        r[16] = x_1;
        r[17] = x_1;
        r[18] = ((a_1 & b_1) | ((a_1 | b_1) & ~x_1)) >>> 31;
        r[19] = (a_1 ^ x_1) & (b_1 ^ x_1);
        r[(f & 15)] = x_1;
        }
        continue fast;
        }
        case 173: {
        // tstImmediate
        {
        const x_1 = r[((f >>> 4) & 15)] & imm;
        r[16] = x_1;
        r[17] = x_1;
        }
        {
        if ((f & (1 << 26)) !== 0)
        r[18] = (f >>> 25) & 1;
        }
        continue fast;
        }
        case 175: {
        // teqImmediate
        {
        const x_1 = r[((f >>> 4) & 15)] ^ imm;
        r[16] = x_1;
        r[17] = x_1;
        }
        {
        if ((f & (1 << 26)) !== 0)
        r[18] = (f >>> 25) & 1;
        }
        continue fast;
        }
        case 177: {
        // cmnImmediate
        {
        const a_1 = r[((f >>> 4) & 15)];
        const b_1 = imm;
        const carry_1 = 0;
        const x_1 = (a_1 + b_1 + carry_1) | 0;
        r[16] = x_1;
        r[17] = x_1;
        r[18] = ((a_1 & b_1) | ((a_1 | b_1) & ~x_1)) >>> 31;
        r[19] = (a_1 ^ x_1) & (b_1 ^ x_1);
        }
        continue fast;
        }
        case 180: {
        // mvnImmediate
        r[(f & 15)] = ~imm;
        continue fast;
        }
        case 182: {
        // mvnsImmediate
        const x = ~imm;
        {
        r[16] = x;
        r[17] = x;
        }
        {
        if ((f & (1 << 26)) !== 0)
        r[18] = (f >>> 25) & 1;
        }
        r[(f & 15)] = x;
        continue fast;
        }
        case 188: {
        // addToSpImmediate
        r[13] = (r[((f >>> 4) & 15)] + imm) & ~3;
        continue fast;
        }
        case 189: {
        // subToSpImmediate
        r[13] = (r[((f >>> 4) & 15)] - imm) & ~3;
        continue fast;
        }
        case 194: {
        // movt
        r[(f & 15)] = (r[(f & 15)] & 0xffff) | (imm << 16);
        continue fast;
        }
        case 197: {
        // sbfx
        const width = imm >>> 8;
        r[(f & 15)] = (r[((f >>> 4) & 15)] << (32 - width - (imm & 31))) >> (32 - width);
        continue fast;
        }
        case 201: {
        // branchLink
        r[14] = pc | 1;
        pc = imm;
        continue fast;
        }
        case 203: {
        // mrs
        const v7 = cpu.architecture === 7;
        let value = 0;
        if (imm < 8) {
        if (imm & 1)
        value |= cpu.privileged ? r[24] : 0;
        if ((imm & 4) === 0)
        value |= cpu.apsr;
        }
        else if (imm === 20) {
        value = r[25];
        }
        else if (cpu.privileged) {
        if (imm === 8)
        value = cpu.msp;
        if (imm === 9)
        value = cpu.psp;
        if (imm === 16)
        value = r[26];
        if (v7 && (imm === 17 || imm === 18))
        value = r[27];
        if (v7 && imm === 19)
        value = r[28];
        }
        r[(f & 15)] = value;
        continue fast;
        }
        case 204: {
        // clrex
        r[42] = 0;
        continue fast;
        }
        case 205: {
        // strbPreIndexed
        const address = (r[((f >>> 4) & 15)] + imm) | 0;
        done_2: {
        const value_1 = r[(f & 15)];
        const o_1 = (address - writeBase) | 0;
        if (o_1 >>> 0 < writeSize) {
        bytes[o_1 + writeOffset] = value_1;
        break done_2;
        }
        break fast;
        }
        r[((f >>> 4) & 15)] = address;
        continue fast;
        }
        case 206: {
        // strbPostIndexed
        const address = r[((f >>> 4) & 15)];
        done_2: {
        const value_1 = r[(f & 15)];
        const o_1 = (address - writeBase) | 0;
        if (o_1 >>> 0 < writeSize) {
        bytes[o_1 + writeOffset] = value_1;
        break done_2;
        }
        break fast;
        }
        r[((f >>> 4) & 15)] = address + imm;
        continue fast;
        }
        case 207: {
        // strbt
        done_2: {
        const address_1 = r[((f >>> 4) & 15)] + imm;
        const size_1 = 1;
        const value_1 = r[(f & 15)];
        break fast;
        }
        continue fast;
        }
        case 208: {
        // strhPreIndexed
        const address = (r[((f >>> 4) & 15)] + imm) | 0;
        done_2: {
        const value_1 = r[(f & 15)];
        const o_1 = (address - writeBase) | 0;
        if ((address & 1) === 0 && o_1 >>> 0 < writeSize) {
        halfwords[(o_1 + writeOffset) >> 1] = value_1;
        break done_2;
        }
        break fast;
        }
        r[((f >>> 4) & 15)] = address;
        continue fast;
        }
        case 209: {
        // strhPostIndexed
        const address = r[((f >>> 4) & 15)];
        done_2: {
        const value_1 = r[(f & 15)];
        const o_1 = (address - writeBase) | 0;
        if ((address & 1) === 0 && o_1 >>> 0 < writeSize) {
        halfwords[(o_1 + writeOffset) >> 1] = value_1;
        break done_2;
        }
        break fast;
        }
        r[((f >>> 4) & 15)] = address + imm;
        continue fast;
        }
        case 210: {
        // strht
        done_2: {
        const address_1 = r[((f >>> 4) & 15)] + imm;
        const size_1 = 2;
        const value_1 = r[(f & 15)];
        break fast;
        }
        continue fast;
        }
        case 211: {
        // strPreIndexed
        const address = (r[((f >>> 4) & 15)] + imm) | 0;
        done_2: {
        const value_1 = r[(f & 15)];
        const o_1 = (address - writeBase) | 0;
        if ((address & 3) === 0 && o_1 >>> 0 < writeSize) {
        r[(o_1 + writeOffset) >> 2] = value_1;
        break done_2;
        }
        break fast;
        }
        r[((f >>> 4) & 15)] = address;
        continue fast;
        }
        case 212: {
        // strPostIndexed
        const address = r[((f >>> 4) & 15)];
        done_2: {
        const value_1 = r[(f & 15)];
        const o_1 = (address - writeBase) | 0;
        if ((address & 3) === 0 && o_1 >>> 0 < writeSize) {
        r[(o_1 + writeOffset) >> 2] = value_1;
        break done_2;
        }
        break fast;
        }
        r[((f >>> 4) & 15)] = address + imm;
        continue fast;
        }
        case 213: {
        // strt
        done_2: {
        const address_1 = r[((f >>> 4) & 15)] + imm;
        const size_1 = 4;
        const value_1 = r[(f & 15)];
        break fast;
        }
        continue fast;
        }
        case 214: {
        // ldrbPreIndexed
        const address = (r[((f >>> 4) & 15)] + imm) | 0;
        done_2: {
        const t_1 = (f & 15);
        let o_1 = (address - readBase) | 0;
        if (o_1 >>> 0 < readSize) {
        r[t_1] = bytes[o_1 + readOffset];
        break done_2;
        }
        o_1 = (address - flashBase) | 0;
        if (o_1 >>> 0 < flashSize) {
        r[t_1] = bytes[o_1 + flashOffset];
        break done_2;
        }
        break fast;
        }
        r[((f >>> 4) & 15)] = address;
        continue fast;
        }
        case 215: {
        // ldrbPostIndexed
        const address = r[((f >>> 4) & 15)];
        done_2: {
        const t_1 = (f & 15);
        let o_1 = (address - readBase) | 0;
        if (o_1 >>> 0 < readSize) {
        r[t_1] = bytes[o_1 + readOffset];
        break done_2;
        }
        o_1 = (address - flashBase) | 0;
        if (o_1 >>> 0 < flashSize) {
        r[t_1] = bytes[o_1 + flashOffset];
        break done_2;
        }
        break fast;
        }
        r[((f >>> 4) & 15)] = address + imm;
        continue fast;
        }
        case 216: {
        // ldrbt
        done_2: {
        const address_1 = r[((f >>> 4) & 15)] + imm;
        const size_1 = 1;
        const t_1 = (f & 15);
        break fast;
        }
        continue fast;
        }
        case 217: {
        // ldrhPreIndexed
        const address = (r[((f >>> 4) & 15)] + imm) | 0;
        done_2: {
        const t_1 = (f & 15);
        if ((address & 1) === 0) {
        let o_1 = (address - readBase) | 0;
        if (o_1 >>> 0 < readSize) {
        r[t_1] = halfwords[(o_1 + readOffset) >> 1];
        break done_2;
        }
        o_1 = (address - flashBase) | 0;
        if (o_1 >>> 0 < flashSize) {
        r[t_1] = halfwords[(o_1 + flashOffset) >> 1];
        break done_2;
        }
        }
        break fast;
        }
        r[((f >>> 4) & 15)] = address;
        continue fast;
        }
        case 218: {
        // ldrhPostIndexed
        const address = r[((f >>> 4) & 15)];
        done_2: {
        const t_1 = (f & 15);
        if ((address & 1) === 0) {
        let o_1 = (address - readBase) | 0;
        if (o_1 >>> 0 < readSize) {
        r[t_1] = halfwords[(o_1 + readOffset) >> 1];
        break done_2;
        }
        o_1 = (address - flashBase) | 0;
        if (o_1 >>> 0 < flashSize) {
        r[t_1] = halfwords[(o_1 + flashOffset) >> 1];
        break done_2;
        }
        }
        break fast;
        }
        r[((f >>> 4) & 15)] = address + imm;
        continue fast;
        }
        case 219: {
        // ldrht
        done_2: {
        const address_1 = r[((f >>> 4) & 15)] + imm;
        const size_1 = 2;
        const t_1 = (f & 15);
        break fast;
        }
        continue fast;
        }
        case 220: {
        // ldrPreIndexed
        const address = (r[((f >>> 4) & 15)] + imm) | 0;
        done_2: {
        const t_1 = (f & 15);
        if ((address & 3) === 0) {
        let o_1 = (address - readBase) | 0;
        if (o_1 >>> 0 < readSize) {
        r[t_1] = r[(o_1 + readOffset) >> 2];
        break done_2;
        }
        o_1 = (address - flashBase) | 0;
        if (o_1 >>> 0 < flashSize) {
        r[t_1] = r[(o_1 + flashOffset) >> 2];
        break done_2;
        }
        }
        break fast;
        }
        r[((f >>> 4) & 15)] = address;
        continue fast;
        }
        case 221: {
        // ldrPostIndexed
        const address = r[((f >>> 4) & 15)];
        done_2: {
        const t_1 = (f & 15);
        if ((address & 3) === 0) {
        let o_1 = (address - readBase) | 0;
        if (o_1 >>> 0 < readSize) {
        r[t_1] = r[(o_1 + readOffset) >> 2];
        break done_2;
        }
        o_1 = (address - flashBase) | 0;
        if (o_1 >>> 0 < flashSize) {
        r[t_1] = r[(o_1 + flashOffset) >> 2];
        break done_2;
        }
        }
        break fast;
        }
        r[((f >>> 4) & 15)] = address + imm;
        continue fast;
        }
        case 222: {
        // ldrt
        done_2: {
        const address_1 = r[((f >>> 4) & 15)] + imm;
        const size_1 = 4;
        const t_1 = (f & 15);
        break fast;
        }
        continue fast;
        }
        case 231: {
        // ldrbLiteral
        done_2: {
        const address_1 = imm;
        const t_1 = (f & 15);
        let o_1 = (address_1 - readBase) | 0;
        if (o_1 >>> 0 < readSize) {
        r[t_1] = bytes[o_1 + readOffset];
        break done_2;
        }
        o_1 = (address_1 - flashBase) | 0;
        if (o_1 >>> 0 < flashSize) {
        r[t_1] = bytes[o_1 + flashOffset];
        break done_2;
        }
        break fast;
        }
        continue fast;
        }
        case 232: {
        // ldrhLiteral
        done_2: {
        const address_1 = imm;
        const t_1 = (f & 15);
        if ((address_1 & 1) === 0) {
        let o_1 = (address_1 - readBase) | 0;
        if (o_1 >>> 0 < readSize) {
        r[t_1] = halfwords[(o_1 + readOffset) >> 1];
        break done_2;
        }
        o_1 = (address_1 - flashBase) | 0;
        if (o_1 >>> 0 < flashSize) {
        r[t_1] = halfwords[(o_1 + flashOffset) >> 1];
        break done_2;
        }
        }
        break fast;
        }
        continue fast;
        }
        case 245: {
        // clz
        r[(f & 15)] = Math.clz32(r[((f >>> 8) & 15)]);
        continue fast;
        }
        case 246: {
        // mla
        r[(f & 15)] = Math.imul(r[((f >>> 4) & 15)], r[((f >>> 8) & 15)]) + r[((f >>> 12) & 15)];
        continue fast;
        }
        case 247: {
        // mls
        r[(f & 15)] = r[((f >>> 12) & 15)] - Math.imul(r[((f >>> 4) & 15)], r[((f >>> 8) & 15)]);
        continue fast;
        }
        case 303: {
        // pkhbt
        r[(f & 15)] = (r[((f >>> 4) & 15)] & 0xffff) | ((r[((f >>> 8) & 15)] << ((f >>> 16) & 63)) & 0xffff0000);
        continue fast;
        }
        default:
          break fast;
      }
    }
    if (!cached) {
      operation = cache.fetch(at >>> 0);
      f = r[35];
      imm = r[36];
      pc = (at + (f >>> 29)) | 0;
      left = (left - 1) | 0;
      if (it !== 0 && operation > 1) {
        if (it === BLOCK_END) {
          it = 0;
          current = 0;
        } else {
          current = it;
          it = (it & 7) === 0 ? BLOCK_END : (it & 0xe0) | ((it << 1) & 0x1f);
          const flags =
            ((r[16] >>> 28) & 8) | (r[17] === 0 ? 4 : 0) | (r[18] << 1) | (r[19] >>> 31);
          if (((passed[current >>> 4] >>> flags) & 1) === 0) continue;
          // Only 16-bit instructions leave the flags alone in a block.
          if (f >>> 30 === 1) operation = inItBlock[operation];
        }
      }
    }
    switch (operation) {
      case 0:
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
        r[32] = 3;
        break;
      case 2:
        it = imm;
        continue;
      case 3:
        r[34] = left;
        r[15] = pc;
        if (undefined_(cpu)) {
          pc = r[15];
          continue;
        }
        pc = r[15];
        break;
      case 4:
        movsRegister(r, f);
        continue;
      case 5:
        movRegister(r, f);
        continue;
      case 6:
        lslsImmediate(r, f);
        continue;
      case 7:
        lslImmediate(r, f);
        continue;
      case 8:
        lsrsImmediate(r, f);
        continue;
      case 9:
        lsrImmediate(r, f);
        continue;
      case 10:
        asrsImmediate(r, f);
        continue;
      case 11:
        asrImmediate(r, f);
        continue;
      case 12:
        addsRegister(r, f);
        continue;
      case 13:
        addRegister(r, f);
        continue;
      case 14:
        subsRegister(r, f);
        continue;
      case 15:
        subRegister(r, f);
        continue;
      case 16:
        addsImmediate(r, f, imm);
        continue;
      case 17:
        addImmediate(r, f, imm);
        continue;
      case 18:
        subsImmediate(r, f, imm);
        continue;
      case 19:
        subImmediate(r, f, imm);
        continue;
      case 20:
        movsImmediate(r, f, imm);
        continue;
      case 21:
        movImmediate(r, f, imm);
        continue;
      case 22:
        cmpImmediate(r, f, imm);
        continue;
      case 23:
        andsRegister(r, f);
        continue;
      case 24:
        andRegister(r, f);
        continue;
      case 25:
        eorsRegister(r, f);
        continue;
      case 26:
        eorRegister(r, f);
        continue;
      case 27:
        lslsRegister(r, f);
        continue;
      case 28:
        lslRegister(r, f);
        continue;
      case 29:
        lsrsRegister(r, f);
        continue;
      case 30:
        lsrRegister(r, f);
        continue;
      case 31:
        asrsRegister(r, f);
        continue;
      case 32:
        asrRegister(r, f);
        continue;
      case 33:
        adcsRegister(r, f);
        continue;
      case 34:
        adcRegister(r, f);
        continue;
      case 35:
        sbcsRegister(r, f);
        continue;
      case 36:
        sbcRegister(r, f);
        continue;
      case 37:
        rorsRegister(r, f);
        continue;
      case 38:
        rorRegister(r, f);
        continue;
      case 39:
        tstRegister(r, f);
        continue;
      case 40:
        rsbsImmediate(r, f, imm);
        continue;
      case 41:
        rsbImmediate(r, f, imm);
        continue;
      case 42:
        cmpRegister(r, f);
        continue;
      case 43:
        cmnRegister(r, f);
        continue;
      case 44:
        orrsRegister(r, f);
        continue;
      case 45:
        orrRegister(r, f);
        continue;
      case 46:
        muls(r, f);
        continue;
      case 47:
        mul(r, f);
        continue;
      case 48:
        bicsRegister(r, f);
        continue;
      case 49:
        bicRegister(r, f);
        continue;
      case 50:
        mvnsRegister(r, f);
        continue;
      case 51:
        mvnRegister(r, f);
        continue;
      case 52:
        addToSp(r, f);
        continue;
      case 53:
        r[34] = left;
        r[15] = pc;
        if (addToPc(cpu, f, imm)) {
          pc = r[15];
          continue;
        }
        pc = r[15];
        break;
      case 54:
        r[34] = left;
        r[15] = pc;
        if (nop()) {
          pc = r[15];
          continue;
        }
        pc = r[15];
        break;
      case 55:
        movToSp(r, f);
        continue;
      case 56:
        r[34] = left;
        r[15] = pc;
        if (movToPc(cpu, f)) {
          pc = r[15];
          continue;
        }
        pc = r[15];
        break;
      case 57:
        pc = imm;
        continue;
      case 58:
        r[34] = left;
        r[15] = pc;
        if (bx(cpu, f)) {
          pc = r[15];
          continue;
        }
        pc = r[15];
        break;
      case 59:
        r[34] = left;
        r[15] = pc;
        if (bxPc(cpu, f, imm)) {
          pc = r[15];
          continue;
        }
        pc = r[15];
        break;
      case 60:
        r[34] = left;
        r[15] = pc;
        if (branchLinkExchange(cpu, f)) {
          pc = r[15];
          continue;
        }
        pc = r[15];
        break;
      case 61:
        r[34] = left;
        if (ldrLiteral(cpu, f, imm)) continue;
        break;
      case 62:
        r[34] = left;
        if (strRegister(cpu, f) && r[32] === 0) continue;
        break;
      case 63:
        r[34] = left;
        if (strhRegister(cpu, f) && r[32] === 0) continue;
        break;
      case 64:
        r[34] = left;
        if (strbRegister(cpu, f) && r[32] === 0) continue;
        break;
      case 65:
        r[34] = left;
        if (ldrsbRegister(cpu, f)) continue;
        break;
      case 66:
        r[34] = left;
        if (ldrRegister(cpu, f)) continue;
        break;
      case 67:
        r[34] = left;
        if (ldrhRegister(cpu, f)) continue;
        break;
      case 68:
        r[34] = left;
        if (ldrbRegister(cpu, f)) continue;
        break;
      case 69:
        r[34] = left;
        if (ldrshRegister(cpu, f)) continue;
        break;
      case 70:
        r[34] = left;
        if (strImmediate(cpu, f, imm) && r[32] === 0) continue;
        break;
      case 71:
        r[34] = left;
        if (ldrImmediate(cpu, f, imm)) continue;
        break;
      case 72:
        r[34] = left;
        if (strbImmediate(cpu, f, imm) && r[32] === 0) continue;
        break;
      case 73:
        r[34] = left;
        if (ldrbImmediate(cpu, f, imm)) continue;
        break;
      case 74:
        r[34] = left;
        if (strhImmediate(cpu, f, imm) && r[32] === 0) continue;
        break;
      case 75:
        r[34] = left;
        if (ldrhImmediate(cpu, f, imm)) continue;
        break;
      case 76:
        r[34] = left;
        if (stmdbWriteback(cpu, f, imm) && r[32] === 0) continue;
        break;
      case 77:
        r[34] = left;
        if (ldmWriteback(cpu, f, imm)) continue;
        break;
      case 78:
        r[34] = left;
        r[15] = pc;
        if (popPc(cpu, f, imm)) {
          pc = r[15];
          continue;
        }
        pc = r[15];
        break;
      case 79:
        r[34] = left;
        if (stmWriteback(cpu, f, imm) && r[32] === 0) continue;
        break;
      case 80:
        if (compareBranchZero(r, f)) pc = imm;
        continue;
      case 81:
        if (compareBranchNonzero(r, f)) pc = imm;
        continue;
      case 82:
        sxth(r, f);
        continue;
      case 83:
        sxtb(r, f);
        continue;
      case 84:
        uxth(r, f);
        continue;
      case 85:
        uxtb(r, f);
        continue;
      case 86:
        r[34] = left;
        r[15] = pc;
        if (cps(cpu, f, imm)) {
          pc = r[15];
          continue;
        }
        pc = r[15];
        break;
      case 87:
        rev(r, f);
        continue;
      case 88:
        rev16(r, f);
        continue;
      case 89:
        revsh(r, f);
        continue;
      case 90:
        r[34] = left;
        r[15] = pc;
        if (bkpt(cpu, f, imm)) {
          pc = r[15];
          continue;
        }
        pc = r[15];
        break;
      case 91:
        r[34] = left;
        r[15] = pc;
        if (wfe(cpu)) {
          pc = r[15];
          continue;
        }
        pc = r[15];
        break;
      case 92:
        r[34] = left;
        r[15] = pc;
        if (wfi(cpu)) {
          pc = r[15];
          continue;
        }
        pc = r[15];
        break;
      case 93:
        r[34] = left;
        r[15] = pc;
        if (sev(cpu)) {
          pc = r[15];
          continue;
        }
        pc = r[15];
        break;
      case 94:
        if (branchEq(r)) pc = imm;
        continue;
      case 95:
        if (branchNe(r)) pc = imm;
        continue;
      case 96:
        if (branchCs(r)) pc = imm;
        continue;
      case 97:
        if (branchCc(r)) pc = imm;
        continue;
      case 98:
        if (branchMi(r)) pc = imm;
        continue;
      case 99:
        if (branchPl(r)) pc = imm;
        continue;
      case 100:
        if (branchVs(r)) pc = imm;
        continue;
      case 101:
        if (branchVc(r)) pc = imm;
        continue;
      case 102:
        if (branchHi(r)) pc = imm;
        continue;
      case 103:
        if (branchLs(r)) pc = imm;
        continue;
      case 104:
        if (branchGe(r)) pc = imm;
        continue;
      case 105:
        if (branchLt(r)) pc = imm;
        continue;
      case 106:
        if (branchGt(r)) pc = imm;
        continue;
      case 107:
        if (branchLe(r)) pc = imm;
        continue;
      case 108:
        r[34] = left;
        r[15] = pc;
        if (svc(cpu)) {
          pc = r[15];
          continue;
        }
        pc = r[15];
        break;
      case 109:
        r[34] = left;
        if (stm(cpu, f, imm) && r[32] === 0) continue;
        break;
      case 110:
        r[34] = left;
        if (stmdb(cpu, f, imm) && r[32] === 0) continue;
        break;
      case 111:
        r[34] = left;
        if (ldm(cpu, f, imm)) continue;
        break;
      case 112:
        r[34] = left;
        if (ldmdb(cpu, f, imm)) continue;
        break;
      case 113:
        r[34] = left;
        if (ldmdbWriteback(cpu, f, imm)) continue;
        break;
      case 114:
        r[34] = left;
        r[15] = pc;
        if (ldmPc(cpu, f, imm)) {
          pc = r[15];
          continue;
        }
        pc = r[15];
        break;
      case 115:
        r[34] = left;
        r[15] = pc;
        if (ldmPcWriteback(cpu, f, imm)) {
          pc = r[15];
          continue;
        }
        pc = r[15];
        break;
      case 116:
        r[34] = left;
        r[15] = pc;
        if (ldmdbPc(cpu, f, imm)) {
          pc = r[15];
          continue;
        }
        pc = r[15];
        break;
      case 117:
        r[34] = left;
        r[15] = pc;
        if (ldmdbPcWriteback(cpu, f, imm)) {
          pc = r[15];
          continue;
        }
        pc = r[15];
        break;
      case 118:
        r[34] = left;
        if (ldrdImmediate(cpu, f, imm)) continue;
        break;
      case 119:
        r[34] = left;
        if (ldrdPreIndexed(cpu, f, imm)) continue;
        break;
      case 120:
        r[34] = left;
        if (ldrdPostIndexed(cpu, f, imm)) continue;
        break;
      case 121:
        r[34] = left;
        if (strdImmediate(cpu, f, imm) && r[32] === 0) continue;
        break;
      case 122:
        r[34] = left;
        if (strdPreIndexed(cpu, f, imm) && r[32] === 0) continue;
        break;
      case 123:
        r[34] = left;
        if (strdPostIndexed(cpu, f, imm) && r[32] === 0) continue;
        break;
      case 124:
        r[34] = left;
        if (ldrdLiteral(cpu, f, imm)) continue;
        break;
      case 125:
        r[34] = left;
        if (strex(cpu, f, imm) && r[32] === 0) continue;
        break;
      case 126:
        r[34] = left;
        if (ldrex(cpu, f, imm)) continue;
        break;
      case 127:
        r[34] = left;
        if (strexb(cpu, f) && r[32] === 0) continue;
        break;
      case 128:
        r[34] = left;
        if (strexh(cpu, f) && r[32] === 0) continue;
        break;
      case 129:
        r[34] = left;
        if (ldrexb(cpu, f)) continue;
        break;
      case 130:
        r[34] = left;
        if (ldrexh(cpu, f)) continue;
        break;
      case 131:
        r[34] = left;
        r[15] = pc;
        if (tbb(cpu, f, imm)) {
          pc = r[15];
          continue;
        }
        pc = r[15];
        break;
      case 132:
        r[34] = left;
        r[15] = pc;
        if (tbh(cpu, f, imm)) {
          pc = r[15];
          continue;
        }
        pc = r[15];
        break;
      case 133:
        r[34] = left;
        r[15] = pc;
        if (tbbPc(cpu, f, imm)) {
          pc = r[15];
          continue;
        }
        pc = r[15];
        break;
      case 134:
        r[34] = left;
        r[15] = pc;
        if (tbhPc(cpu, f, imm)) {
          pc = r[15];
          continue;
        }
        pc = r[15];
        break;
      case 135:
        andImmediate(r, f, imm);
        continue;
      case 136:
        andShifted(r, f);
        continue;
      case 137:
        andsImmediate(r, f, imm);
        continue;
      case 138:
        andsShifted(r, f);
        continue;
      case 139:
        bicImmediate(r, f, imm);
        continue;
      case 140:
        bicShifted(r, f);
        continue;
      case 141:
        bicsImmediate(r, f, imm);
        continue;
      case 142:
        bicsShifted(r, f);
        continue;
      case 143:
        orrImmediate(r, f, imm);
        continue;
      case 144:
        orrShifted(r, f);
        continue;
      case 145:
        orrsImmediate(r, f, imm);
        continue;
      case 146:
        orrsShifted(r, f);
        continue;
      case 147:
        ornImmediate(r, f, imm);
        continue;
      case 148:
        ornShifted(r, f);
        continue;
      case 149:
        ornRegister(r, f);
        continue;
      case 150:
        ornsImmediate(r, f, imm);
        continue;
      case 151:
        ornsShifted(r, f);
        continue;
      case 152:
        ornsRegister(r, f);
        continue;
      case 153:
        eorImmediate(r, f, imm);
        continue;
      case 154:
        eorShifted(r, f);
        continue;
      case 155:
        eorsImmediate(r, f, imm);
        continue;
      case 156:
        eorsShifted(r, f);
        continue;
      case 157:
        addShifted(r, f);
        continue;
      case 158:
        addsShifted(r, f);
        continue;
      case 159:
        adcImmediate(r, f, imm);
        continue;
      case 160:
        adcShifted(r, f);
        continue;
      case 161:
        adcsImmediate(r, f, imm);
        continue;
      case 162:
        adcsShifted(r, f);
        continue;
      case 163:
        sbcImmediate(r, f, imm);
        continue;
      case 164:
        sbcShifted(r, f);
        continue;
      case 165:
        sbcsImmediate(r, f, imm);
        continue;
      case 166:
        sbcsShifted(r, f);
        continue;
      case 167:
        subShifted(r, f);
        continue;
      case 168:
        subsShifted(r, f);
        continue;
      case 169:
        rsbShifted(r, f);
        continue;
      case 170:
        rsbRegister(r, f);
        continue;
      case 171:
        rsbsShifted(r, f);
        continue;
      case 172:
        rsbsRegister(r, f);
        continue;
      case 173:
        tstImmediate(r, f, imm);
        continue;
      case 174:
        tstShifted(r, f);
        continue;
      case 175:
        teqImmediate(r, f, imm);
        continue;
      case 176:
        teqShifted(r, f);
        continue;
      case 177:
        cmnImmediate(r, f, imm);
        continue;
      case 178:
        cmnShifted(r, f);
        continue;
      case 179:
        cmpShifted(r, f);
        continue;
      case 180:
        mvnImmediate(r, f, imm);
        continue;
      case 181:
        mvnShifted(r, f);
        continue;
      case 182:
        mvnsImmediate(r, f, imm);
        continue;
      case 183:
        mvnsShifted(r, f);
        continue;
      case 184:
        rorImmediate(r, f);
        continue;
      case 185:
        rorsImmediate(r, f);
        continue;
      case 186:
        rrxImmediate(r, f);
        continue;
      case 187:
        rrxsImmediate(r, f);
        continue;
      case 188:
        addToSpImmediate(r, f, imm);
        continue;
      case 189:
        subToSpImmediate(r, f, imm);
        continue;
      case 190:
        addsToSpImmediate(r, f, imm);
        continue;
      case 191:
        subsToSpImmediate(r, f, imm);
        continue;
      case 192:
        addToSpShifted(r, f);
        continue;
      case 193:
        subToSpShifted(r, f);
        continue;
      case 194:
        movt(r, f, imm);
        continue;
      case 195:
        ssat(r, f, imm);
        continue;
      case 196:
        usat(r, f, imm);
        continue;
      case 197:
        sbfx(r, f, imm);
        continue;
      case 198:
        ubfx(r, f, imm);
        continue;
      case 199:
        bfi(r, f, imm);
        continue;
      case 200:
        bfc(r, f, imm);
        continue;
      case 201:
        r[34] = left;
        r[15] = pc;
        if (branchLink(cpu, f, imm)) {
          pc = r[15];
          continue;
        }
        pc = r[15];
        break;
      case 202:
        r[34] = left;
        r[15] = pc;
        if (msr(cpu, f, imm)) {
          pc = r[15];
          continue;
        }
        pc = r[15];
        break;
      case 203:
        r[34] = left;
        r[15] = pc;
        if (mrs(cpu, f, imm)) {
          pc = r[15];
          continue;
        }
        pc = r[15];
        break;
      case 204:
        r[34] = left;
        if (clrex(cpu)) continue;
        break;
      case 205:
        r[34] = left;
        if (strbPreIndexed(cpu, f, imm) && r[32] === 0) continue;
        break;
      case 206:
        r[34] = left;
        if (strbPostIndexed(cpu, f, imm) && r[32] === 0) continue;
        break;
      case 207:
        r[34] = left;
        if (strbt(cpu, f, imm) && r[32] === 0) continue;
        break;
      case 208:
        r[34] = left;
        if (strhPreIndexed(cpu, f, imm) && r[32] === 0) continue;
        break;
      case 209:
        r[34] = left;
        if (strhPostIndexed(cpu, f, imm) && r[32] === 0) continue;
        break;
      case 210:
        r[34] = left;
        if (strht(cpu, f, imm) && r[32] === 0) continue;
        break;
      case 211:
        r[34] = left;
        if (strPreIndexed(cpu, f, imm) && r[32] === 0) continue;
        break;
      case 212:
        r[34] = left;
        if (strPostIndexed(cpu, f, imm) && r[32] === 0) continue;
        break;
      case 213:
        r[34] = left;
        if (strt(cpu, f, imm) && r[32] === 0) continue;
        break;
      case 214:
        r[34] = left;
        if (ldrbPreIndexed(cpu, f, imm)) continue;
        break;
      case 215:
        r[34] = left;
        if (ldrbPostIndexed(cpu, f, imm)) continue;
        break;
      case 216:
        r[34] = left;
        if (ldrbt(cpu, f, imm)) continue;
        break;
      case 217:
        r[34] = left;
        if (ldrhPreIndexed(cpu, f, imm)) continue;
        break;
      case 218:
        r[34] = left;
        if (ldrhPostIndexed(cpu, f, imm)) continue;
        break;
      case 219:
        r[34] = left;
        if (ldrht(cpu, f, imm)) continue;
        break;
      case 220:
        r[34] = left;
        if (ldrPreIndexed(cpu, f, imm)) continue;
        break;
      case 221:
        r[34] = left;
        if (ldrPostIndexed(cpu, f, imm)) continue;
        break;
      case 222:
        r[34] = left;
        if (ldrt(cpu, f, imm)) continue;
        break;
      case 223:
        r[34] = left;
        if (ldrsbImmediate(cpu, f, imm)) continue;
        break;
      case 224:
        r[34] = left;
        if (ldrsbPreIndexed(cpu, f, imm)) continue;
        break;
      case 225:
        r[34] = left;
        if (ldrsbPostIndexed(cpu, f, imm)) continue;
        break;
      case 226:
        r[34] = left;
        if (ldrsbt(cpu, f, imm)) continue;
        break;
      case 227:
        r[34] = left;
        if (ldrshImmediate(cpu, f, imm)) continue;
        break;
      case 228:
        r[34] = left;
        if (ldrshPreIndexed(cpu, f, imm)) continue;
        break;
      case 229:
        r[34] = left;
        if (ldrshPostIndexed(cpu, f, imm)) continue;
        break;
      case 230:
        r[34] = left;
        if (ldrsht(cpu, f, imm)) continue;
        break;
      case 231:
        r[34] = left;
        if (ldrbLiteral(cpu, f, imm)) continue;
        break;
      case 232:
        r[34] = left;
        if (ldrhLiteral(cpu, f, imm)) continue;
        break;
      case 233:
        r[34] = left;
        if (ldrsbLiteral(cpu, f, imm)) continue;
        break;
      case 234:
        r[34] = left;
        if (ldrshLiteral(cpu, f, imm)) continue;
        break;
      case 235:
        r[34] = left;
        r[15] = pc;
        if (loadPcImmediate(cpu, f, imm)) {
          pc = r[15];
          continue;
        }
        pc = r[15];
        break;
      case 236:
        r[34] = left;
        r[15] = pc;
        if (loadPcPreIndexed(cpu, f, imm)) {
          pc = r[15];
          continue;
        }
        pc = r[15];
        break;
      case 237:
        r[34] = left;
        r[15] = pc;
        if (loadPcPostIndexed(cpu, f, imm)) {
          pc = r[15];
          continue;
        }
        pc = r[15];
        break;
      case 238:
        r[34] = left;
        r[15] = pc;
        if (loadPcRegister(cpu, f)) {
          pc = r[15];
          continue;
        }
        pc = r[15];
        break;
      case 239:
        r[34] = left;
        r[15] = pc;
        if (loadPcLiteral(cpu, f, imm)) {
          pc = r[15];
          continue;
        }
        pc = r[15];
        break;
      case 240:
        sxthRotated(r, f);
        continue;
      case 241:
        uxthRotated(r, f);
        continue;
      case 242:
        sxtbRotated(r, f);
        continue;
      case 243:
        uxtbRotated(r, f);
        continue;
      case 244:
        rbit(r, f);
        continue;
      case 245:
        clz(r, f);
        continue;
      case 246:
        mla(r, f);
        continue;
      case 247:
        mls(r, f);
        continue;
      case 248:
        smull(r, f);
        continue;
      case 249:
        umull(r, f);
        continue;
      case 250:
        smlal(r, f);
        continue;
      case 251:
        umlal(r, f);
        continue;
      case 252:
        r[34] = left;
        r[15] = pc;
        if (sdiv(cpu, f)) {
          pc = r[15];
          continue;
        }
        pc = r[15];
        break;
      case 253:
        r[34] = left;
        r[15] = pc;
        if (udiv(cpu, f)) {
          pc = r[15];
          continue;
        }
        pc = r[15];
        break;
      case 254:
        sadd8(r, f);
        continue;
      case 255:
        qadd8(r, f);
        continue;
      case 256:
        shadd8(r, f);
        continue;
      case 257:
        uadd8(r, f);
        continue;
      case 258:
        uqadd8(r, f);
        continue;
      case 259:
        uhadd8(r, f);
        continue;
      case 260:
        sadd16(r, f);
        continue;
      case 261:
        qadd16(r, f);
        continue;
      case 262:
        shadd16(r, f);
        continue;
      case 263:
        uadd16(r, f);
        continue;
      case 264:
        uqadd16(r, f);
        continue;
      case 265:
        uhadd16(r, f);
        continue;
      case 266:
        sasx(r, f);
        continue;
      case 267:
        qasx(r, f);
        continue;
      case 268:
        shasx(r, f);
        continue;
      case 269:
        uasx(r, f);
        continue;
      case 270:
        uqasx(r, f);
        continue;
      case 271:
        uhasx(r, f);
        continue;
      case 272:
        ssub8(r, f);
        continue;
      case 273:
        qsub8(r, f);
        continue;
      case 274:
        shsub8(r, f);
        continue;
      case 275:
        usub8(r, f);
        continue;
      case 276:
        uqsub8(r, f);
        continue;
      case 277:
        uhsub8(r, f);
        continue;
      case 278:
        ssub16(r, f);
        continue;
      case 279:
        qsub16(r, f);
        continue;
      case 280:
        shsub16(r, f);
        continue;
      case 281:
        usub16(r, f);
        continue;
      case 282:
        uqsub16(r, f);
        continue;
      case 283:
        uhsub16(r, f);
        continue;
      case 284:
        ssax(r, f);
        continue;
      case 285:
        qsax(r, f);
        continue;
      case 286:
        shsax(r, f);
        continue;
      case 287:
        usax(r, f);
        continue;
      case 288:
        uqsax(r, f);
        continue;
      case 289:
        uhsax(r, f);
        continue;
      case 290:
        sxtah(r, f);
        continue;
      case 291:
        uxtah(r, f);
        continue;
      case 292:
        sxtab16(r, f);
        continue;
      case 293:
        uxtab16(r, f);
        continue;
      case 294:
        sxtab(r, f);
        continue;
      case 295:
        uxtab(r, f);
        continue;
      case 296:
        sxtb16(r, f);
        continue;
      case 297:
        uxtb16(r, f);
        continue;
      case 298:
        qadd(r, f);
        continue;
      case 299:
        qdadd(r, f);
        continue;
      case 300:
        qsub(r, f);
        continue;
      case 301:
        qdsub(r, f);
        continue;
      case 302:
        sel(r, f);
        continue;
      case 303:
        pkhbt(r, f);
        continue;
      case 304:
        pkhtb(r, f);
        continue;
      case 305:
        ssat16(r, f, imm);
        continue;
      case 306:
        usat16(r, f, imm);
        continue;
      case 307:
        smulbb(r, f);
        continue;
      case 308:
        smulbt(r, f);
        continue;
      case 309:
        smultb(r, f);
        continue;
      case 310:
        smultt(r, f);
        continue;
      case 311:
        smlabb(r, f);
        continue;
      case 312:
        smlabt(r, f);
        continue;
      case 313:
        smlatb(r, f);
        continue;
      case 314:
        smlatt(r, f);
        continue;
      case 315:
        smulwb(r, f);
        continue;
      case 316:
        smlawb(r, f);
        continue;
      case 317:
        smulwt(r, f);
        continue;
      case 318:
        smlawt(r, f);
        continue;
      case 319:
        smuad(r, f);
        continue;
      case 320:
        smuadx(r, f);
        continue;
      case 321:
        smlad(r, f);
        continue;
      case 322:
        smladx(r, f);
        continue;
      case 323:
        smusd(r, f);
        continue;
      case 324:
        smusdx(r, f);
        continue;
      case 325:
        smlsd(r, f);
        continue;
      case 326:
        smlsdx(r, f);
        continue;
      case 327:
        smmul(r, f);
        continue;
      case 328:
        smmla(r, f);
        continue;
      case 329:
        smmls(r, f);
        continue;
      case 330:
        smmulr(r, f);
        continue;
      case 331:
        smmlar(r, f);
        continue;
      case 332:
        smmlsr(r, f);
        continue;
      case 333:
        usad8(r, f);
        continue;
      case 334:
        usada8(r, f);
        continue;
      case 335:
        smlalbb(r, f);
        continue;
      case 336:
        smlalbt(r, f);
        continue;
      case 337:
        smlaltb(r, f);
        continue;
      case 338:
        smlaltt(r, f);
        continue;
      case 339:
        smlald(r, f);
        continue;
      case 340:
        smlaldx(r, f);
        continue;
      case 341:
        smlsld(r, f);
        continue;
      case 342:
        smlsldx(r, f);
        continue;
      case 343:
        umaal(r, f);
        continue;
      case 344:
        r[34] = left;
        r[15] = pc;
        if (noCoprocessor(cpu)) {
          pc = r[15];
          continue;
        }
        pc = r[15];
        break;
      default:
        throw new Error(`operation ${operation} is not in the switch`);
    }
    r[33] = at;
    r[38] = current;
    r[15] = pc;
    r[22] = it & 0xff;
    return left;
  }
}
