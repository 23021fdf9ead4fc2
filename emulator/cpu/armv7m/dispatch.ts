// Generated from encodings.ts by test/emulator/cpu/armv7m/generate-dispatch.ts; do not edit.
// The inner loop: fetch from the decode cache and a flat switch over the operation number.
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
  sxth,
  ubfx,
  uxtb,
  uxth,
} from "./instructions/bits.js";
import {
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
  conditionPassed,
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

/** Executes at most `budget` instructions; the result is how many were not. An early end leaves its reason in EVENT. */
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
      case 3:
        r[LEFT] = left;
        r[PC] = pc;
        if (undefined_(cpu)) {
          pc = r[PC];
          continue;
        }
        pc = r[PC];
        break;
      case 4:
        movsRegister(r, f);
        continue;
      case 5:
        lslsImmediate(r, f);
        continue;
      case 6:
        lslImmediate(r, f);
        continue;
      case 7:
        lsrsImmediate(r, f);
        continue;
      case 8:
        lsrImmediate(r, f);
        continue;
      case 9:
        asrsImmediate(r, f);
        continue;
      case 10:
        asrImmediate(r, f);
        continue;
      case 11:
        addsRegister(r, f);
        continue;
      case 12:
        addRegister(r, f);
        continue;
      case 13:
        subsRegister(r, f);
        continue;
      case 14:
        subRegister(r, f);
        continue;
      case 15:
        addsImmediate(r, f, imm);
        continue;
      case 16:
        addImmediate(r, f, imm);
        continue;
      case 17:
        subsImmediate(r, f, imm);
        continue;
      case 18:
        subImmediate(r, f, imm);
        continue;
      case 19:
        movsImmediate(r, f, imm);
        continue;
      case 20:
        movImmediate(r, f, imm);
        continue;
      case 21:
        cmpImmediate(r, f, imm);
        continue;
      case 22:
        andsRegister(r, f);
        continue;
      case 23:
        andRegister(r, f);
        continue;
      case 24:
        eorsRegister(r, f);
        continue;
      case 25:
        eorRegister(r, f);
        continue;
      case 26:
        lslsRegister(r, f);
        continue;
      case 27:
        lslRegister(r, f);
        continue;
      case 28:
        lsrsRegister(r, f);
        continue;
      case 29:
        lsrRegister(r, f);
        continue;
      case 30:
        asrsRegister(r, f);
        continue;
      case 31:
        asrRegister(r, f);
        continue;
      case 32:
        adcsRegister(r, f);
        continue;
      case 33:
        adcRegister(r, f);
        continue;
      case 34:
        sbcsRegister(r, f);
        continue;
      case 35:
        sbcRegister(r, f);
        continue;
      case 36:
        rorsRegister(r, f);
        continue;
      case 37:
        rorRegister(r, f);
        continue;
      case 38:
        tstRegister(r, f);
        continue;
      case 39:
        rsbsImmediate(r, f, imm);
        continue;
      case 40:
        rsbImmediate(r, f, imm);
        continue;
      case 41:
        cmpRegister(r, f);
        continue;
      case 42:
        cmnRegister(r, f);
        continue;
      case 43:
        orrsRegister(r, f);
        continue;
      case 44:
        orrRegister(r, f);
        continue;
      case 45:
        muls(r, f);
        continue;
      case 46:
        mul(r, f);
        continue;
      case 47:
        bicsRegister(r, f);
        continue;
      case 48:
        bicRegister(r, f);
        continue;
      case 49:
        mvnsRegister(r, f);
        continue;
      case 50:
        mvnRegister(r, f);
        continue;
      case 51:
        addToSp(r, f);
        continue;
      case 52:
        r[LEFT] = left;
        r[PC] = pc;
        if (addToPc(cpu, f, imm)) {
          pc = r[PC];
          continue;
        }
        pc = r[PC];
        break;
      case 53:
        movRegister(r, f);
        continue;
      case 54:
        movToSp(r, f);
        continue;
      case 55:
        r[LEFT] = left;
        r[PC] = pc;
        if (movToPc(cpu, f)) {
          pc = r[PC];
          continue;
        }
        pc = r[PC];
        break;
      case 56:
        pc = imm;
        continue;
      case 57:
        r[LEFT] = left;
        r[PC] = pc;
        if (bx(cpu, f)) {
          pc = r[PC];
          continue;
        }
        pc = r[PC];
        break;
      case 58:
        r[LEFT] = left;
        r[PC] = pc;
        if (bxPc(cpu, f, imm)) {
          pc = r[PC];
          continue;
        }
        pc = r[PC];
        break;
      case 59:
        r[LEFT] = left;
        r[PC] = pc;
        if (branchLinkExchange(cpu, f)) {
          pc = r[PC];
          continue;
        }
        pc = r[PC];
        break;
      case 60:
        r[LEFT] = left;
        if (ldrLiteral(cpu, f, imm)) continue;
        break;
      case 61:
        r[LEFT] = left;
        if (strRegister(cpu, f) && r[EVENT] === 0) continue;
        break;
      case 62:
        r[LEFT] = left;
        if (strhRegister(cpu, f) && r[EVENT] === 0) continue;
        break;
      case 63:
        r[LEFT] = left;
        if (strbRegister(cpu, f) && r[EVENT] === 0) continue;
        break;
      case 64:
        r[LEFT] = left;
        if (ldrsbRegister(cpu, f)) continue;
        break;
      case 65:
        r[LEFT] = left;
        if (ldrRegister(cpu, f)) continue;
        break;
      case 66:
        r[LEFT] = left;
        if (ldrhRegister(cpu, f)) continue;
        break;
      case 67:
        r[LEFT] = left;
        if (ldrbRegister(cpu, f)) continue;
        break;
      case 68:
        r[LEFT] = left;
        if (ldrshRegister(cpu, f)) continue;
        break;
      case 69:
        r[LEFT] = left;
        if (strImmediate(cpu, f, imm) && r[EVENT] === 0) continue;
        break;
      case 70:
        r[LEFT] = left;
        if (ldrImmediate(cpu, f, imm)) continue;
        break;
      case 71:
        r[LEFT] = left;
        if (strbImmediate(cpu, f, imm) && r[EVENT] === 0) continue;
        break;
      case 72:
        r[LEFT] = left;
        if (ldrbImmediate(cpu, f, imm)) continue;
        break;
      case 73:
        r[LEFT] = left;
        if (strhImmediate(cpu, f, imm) && r[EVENT] === 0) continue;
        break;
      case 74:
        r[LEFT] = left;
        if (ldrhImmediate(cpu, f, imm)) continue;
        break;
      case 75:
        r[LEFT] = left;
        if (stmdbWriteback(cpu, f, imm) && r[EVENT] === 0) continue;
        break;
      case 76:
        r[LEFT] = left;
        if (ldmWriteback(cpu, f, imm)) continue;
        break;
      case 77:
        r[LEFT] = left;
        r[PC] = pc;
        if (popPc(cpu, f, imm)) {
          pc = r[PC];
          continue;
        }
        pc = r[PC];
        break;
      case 78:
        r[LEFT] = left;
        if (stmWriteback(cpu, f, imm) && r[EVENT] === 0) continue;
        break;
      case 79:
        if (compareBranchZero(r, f)) pc = imm;
        continue;
      case 80:
        if (compareBranchNonzero(r, f)) pc = imm;
        continue;
      case 81:
        sxth(r, f);
        continue;
      case 82:
        sxtb(r, f);
        continue;
      case 83:
        uxth(r, f);
        continue;
      case 84:
        uxtb(r, f);
        continue;
      case 85:
        r[LEFT] = left;
        r[PC] = pc;
        if (cps(cpu, f, imm)) {
          pc = r[PC];
          continue;
        }
        pc = r[PC];
        break;
      case 86:
        rev(r, f);
        continue;
      case 87:
        rev16(r, f);
        continue;
      case 88:
        revsh(r, f);
        continue;
      case 89:
        r[LEFT] = left;
        r[PC] = pc;
        if (bkpt(cpu, f, imm)) {
          pc = r[PC];
          continue;
        }
        pc = r[PC];
        break;
      case 90:
        r[LEFT] = left;
        r[PC] = pc;
        if (nop()) {
          pc = r[PC];
          continue;
        }
        pc = r[PC];
        break;
      case 91:
        r[LEFT] = left;
        r[PC] = pc;
        if (wfe(cpu)) {
          pc = r[PC];
          continue;
        }
        pc = r[PC];
        break;
      case 92:
        r[LEFT] = left;
        r[PC] = pc;
        if (wfi(cpu)) {
          pc = r[PC];
          continue;
        }
        pc = r[PC];
        break;
      case 93:
        r[LEFT] = left;
        r[PC] = pc;
        if (sev(cpu)) {
          pc = r[PC];
          continue;
        }
        pc = r[PC];
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
        r[LEFT] = left;
        r[PC] = pc;
        if (svc(cpu)) {
          pc = r[PC];
          continue;
        }
        pc = r[PC];
        break;
      case 109:
        r[LEFT] = left;
        if (stm(cpu, f, imm) && r[EVENT] === 0) continue;
        break;
      case 110:
        r[LEFT] = left;
        if (stmdb(cpu, f, imm) && r[EVENT] === 0) continue;
        break;
      case 111:
        r[LEFT] = left;
        if (ldm(cpu, f, imm)) continue;
        break;
      case 112:
        r[LEFT] = left;
        if (ldmdb(cpu, f, imm)) continue;
        break;
      case 113:
        r[LEFT] = left;
        if (ldmdbWriteback(cpu, f, imm)) continue;
        break;
      case 114:
        r[LEFT] = left;
        r[PC] = pc;
        if (ldmPc(cpu, f, imm)) {
          pc = r[PC];
          continue;
        }
        pc = r[PC];
        break;
      case 115:
        r[LEFT] = left;
        r[PC] = pc;
        if (ldmPcWriteback(cpu, f, imm)) {
          pc = r[PC];
          continue;
        }
        pc = r[PC];
        break;
      case 116:
        r[LEFT] = left;
        r[PC] = pc;
        if (ldmdbPc(cpu, f, imm)) {
          pc = r[PC];
          continue;
        }
        pc = r[PC];
        break;
      case 117:
        r[LEFT] = left;
        r[PC] = pc;
        if (ldmdbPcWriteback(cpu, f, imm)) {
          pc = r[PC];
          continue;
        }
        pc = r[PC];
        break;
      case 118:
        r[LEFT] = left;
        if (ldrdImmediate(cpu, f, imm)) continue;
        break;
      case 119:
        r[LEFT] = left;
        if (ldrdPreIndexed(cpu, f, imm)) continue;
        break;
      case 120:
        r[LEFT] = left;
        if (ldrdPostIndexed(cpu, f, imm)) continue;
        break;
      case 121:
        r[LEFT] = left;
        if (strdImmediate(cpu, f, imm) && r[EVENT] === 0) continue;
        break;
      case 122:
        r[LEFT] = left;
        if (strdPreIndexed(cpu, f, imm) && r[EVENT] === 0) continue;
        break;
      case 123:
        r[LEFT] = left;
        if (strdPostIndexed(cpu, f, imm) && r[EVENT] === 0) continue;
        break;
      case 124:
        r[LEFT] = left;
        if (ldrdLiteral(cpu, f, imm)) continue;
        break;
      case 125:
        r[LEFT] = left;
        if (strex(cpu, f, imm) && r[EVENT] === 0) continue;
        break;
      case 126:
        r[LEFT] = left;
        if (ldrex(cpu, f, imm)) continue;
        break;
      case 127:
        r[LEFT] = left;
        if (strexb(cpu, f) && r[EVENT] === 0) continue;
        break;
      case 128:
        r[LEFT] = left;
        if (strexh(cpu, f) && r[EVENT] === 0) continue;
        break;
      case 129:
        r[LEFT] = left;
        if (ldrexb(cpu, f)) continue;
        break;
      case 130:
        r[LEFT] = left;
        if (ldrexh(cpu, f)) continue;
        break;
      case 131:
        r[LEFT] = left;
        r[PC] = pc;
        if (tbb(cpu, f, imm)) {
          pc = r[PC];
          continue;
        }
        pc = r[PC];
        break;
      case 132:
        r[LEFT] = left;
        r[PC] = pc;
        if (tbh(cpu, f, imm)) {
          pc = r[PC];
          continue;
        }
        pc = r[PC];
        break;
      case 133:
        r[LEFT] = left;
        r[PC] = pc;
        if (tbbPc(cpu, f, imm)) {
          pc = r[PC];
          continue;
        }
        pc = r[PC];
        break;
      case 134:
        r[LEFT] = left;
        r[PC] = pc;
        if (tbhPc(cpu, f, imm)) {
          pc = r[PC];
          continue;
        }
        pc = r[PC];
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
        r[LEFT] = left;
        r[PC] = pc;
        if (branchLink(cpu, f, imm)) {
          pc = r[PC];
          continue;
        }
        pc = r[PC];
        break;
      case 202:
        r[LEFT] = left;
        r[PC] = pc;
        if (msr(cpu, f, imm)) {
          pc = r[PC];
          continue;
        }
        pc = r[PC];
        break;
      case 203:
        r[LEFT] = left;
        r[PC] = pc;
        if (mrs(cpu, f, imm)) {
          pc = r[PC];
          continue;
        }
        pc = r[PC];
        break;
      case 204:
        r[LEFT] = left;
        if (clrex(cpu)) continue;
        break;
      case 205:
        r[LEFT] = left;
        if (strbPreIndexed(cpu, f, imm) && r[EVENT] === 0) continue;
        break;
      case 206:
        r[LEFT] = left;
        if (strbPostIndexed(cpu, f, imm) && r[EVENT] === 0) continue;
        break;
      case 207:
        r[LEFT] = left;
        if (strbt(cpu, f, imm) && r[EVENT] === 0) continue;
        break;
      case 208:
        r[LEFT] = left;
        if (strhPreIndexed(cpu, f, imm) && r[EVENT] === 0) continue;
        break;
      case 209:
        r[LEFT] = left;
        if (strhPostIndexed(cpu, f, imm) && r[EVENT] === 0) continue;
        break;
      case 210:
        r[LEFT] = left;
        if (strht(cpu, f, imm) && r[EVENT] === 0) continue;
        break;
      case 211:
        r[LEFT] = left;
        if (strPreIndexed(cpu, f, imm) && r[EVENT] === 0) continue;
        break;
      case 212:
        r[LEFT] = left;
        if (strPostIndexed(cpu, f, imm) && r[EVENT] === 0) continue;
        break;
      case 213:
        r[LEFT] = left;
        if (strt(cpu, f, imm) && r[EVENT] === 0) continue;
        break;
      case 214:
        r[LEFT] = left;
        if (ldrbPreIndexed(cpu, f, imm)) continue;
        break;
      case 215:
        r[LEFT] = left;
        if (ldrbPostIndexed(cpu, f, imm)) continue;
        break;
      case 216:
        r[LEFT] = left;
        if (ldrbt(cpu, f, imm)) continue;
        break;
      case 217:
        r[LEFT] = left;
        if (ldrhPreIndexed(cpu, f, imm)) continue;
        break;
      case 218:
        r[LEFT] = left;
        if (ldrhPostIndexed(cpu, f, imm)) continue;
        break;
      case 219:
        r[LEFT] = left;
        if (ldrht(cpu, f, imm)) continue;
        break;
      case 220:
        r[LEFT] = left;
        if (ldrPreIndexed(cpu, f, imm)) continue;
        break;
      case 221:
        r[LEFT] = left;
        if (ldrPostIndexed(cpu, f, imm)) continue;
        break;
      case 222:
        r[LEFT] = left;
        if (ldrt(cpu, f, imm)) continue;
        break;
      case 223:
        r[LEFT] = left;
        if (ldrsbImmediate(cpu, f, imm)) continue;
        break;
      case 224:
        r[LEFT] = left;
        if (ldrsbPreIndexed(cpu, f, imm)) continue;
        break;
      case 225:
        r[LEFT] = left;
        if (ldrsbPostIndexed(cpu, f, imm)) continue;
        break;
      case 226:
        r[LEFT] = left;
        if (ldrsbt(cpu, f, imm)) continue;
        break;
      case 227:
        r[LEFT] = left;
        if (ldrshImmediate(cpu, f, imm)) continue;
        break;
      case 228:
        r[LEFT] = left;
        if (ldrshPreIndexed(cpu, f, imm)) continue;
        break;
      case 229:
        r[LEFT] = left;
        if (ldrshPostIndexed(cpu, f, imm)) continue;
        break;
      case 230:
        r[LEFT] = left;
        if (ldrsht(cpu, f, imm)) continue;
        break;
      case 231:
        r[LEFT] = left;
        if (ldrbLiteral(cpu, f, imm)) continue;
        break;
      case 232:
        r[LEFT] = left;
        if (ldrhLiteral(cpu, f, imm)) continue;
        break;
      case 233:
        r[LEFT] = left;
        if (ldrsbLiteral(cpu, f, imm)) continue;
        break;
      case 234:
        r[LEFT] = left;
        if (ldrshLiteral(cpu, f, imm)) continue;
        break;
      case 235:
        r[LEFT] = left;
        r[PC] = pc;
        if (loadPcImmediate(cpu, f, imm)) {
          pc = r[PC];
          continue;
        }
        pc = r[PC];
        break;
      case 236:
        r[LEFT] = left;
        r[PC] = pc;
        if (loadPcPreIndexed(cpu, f, imm)) {
          pc = r[PC];
          continue;
        }
        pc = r[PC];
        break;
      case 237:
        r[LEFT] = left;
        r[PC] = pc;
        if (loadPcPostIndexed(cpu, f, imm)) {
          pc = r[PC];
          continue;
        }
        pc = r[PC];
        break;
      case 238:
        r[LEFT] = left;
        r[PC] = pc;
        if (loadPcRegister(cpu, f)) {
          pc = r[PC];
          continue;
        }
        pc = r[PC];
        break;
      case 239:
        r[LEFT] = left;
        r[PC] = pc;
        if (loadPcLiteral(cpu, f, imm)) {
          pc = r[PC];
          continue;
        }
        pc = r[PC];
        break;
      case 240:
        rbit(r, f);
        continue;
      case 241:
        clz(r, f);
        continue;
      case 242:
        mla(r, f);
        continue;
      case 243:
        mls(r, f);
        continue;
      case 244:
        smull(r, f);
        continue;
      case 245:
        umull(r, f);
        continue;
      case 246:
        smlal(r, f);
        continue;
      case 247:
        umlal(r, f);
        continue;
      case 248:
        r[LEFT] = left;
        r[PC] = pc;
        if (sdiv(cpu, f)) {
          pc = r[PC];
          continue;
        }
        pc = r[PC];
        break;
      case 249:
        r[LEFT] = left;
        r[PC] = pc;
        if (udiv(cpu, f)) {
          pc = r[PC];
          continue;
        }
        pc = r[PC];
        break;
      case 250:
        r[LEFT] = left;
        r[PC] = pc;
        if (noCoprocessor(cpu)) {
          pc = r[PC];
          continue;
        }
        pc = r[PC];
        break;
      default:
        throw new Error(`operation ${operation} is not in the switch`);
    }
    r[AT] = at;
    r[AT_IT] = current;
    break;
  }
  r[PC] = pc;
  r[IT] = it & 0xff;
  return left;
}
