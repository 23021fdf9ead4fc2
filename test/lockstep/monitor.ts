// monitor.s as assembled for ARMv6-M (a test compares them), and what it reads: vectors, inputs, results.

/** Where it lies in flash. */
export const MONITOR = 0x100;
export const HANDLER = MONITOR + 0x40;
/** The two instructions that get at BASEPRI where there is one; assembled for PRIMASK. */
const BASEPRI = { read: 0x10a, write: 0x16c };
const SYSM_BASEPRI = 0x11;

export const SCRATCH = 0x20003000;
export const MAIN_STACK = 0x20002800;
/** Sequences end with this supervisor call. */
export const END = 0xff;
/** Supervisor calls that sequences must not make: the monitor's own. */
export const RESERVED_CALLS = [0xfe, END];

/** Words of a result: the frame of the last call, r4 to r11, then the rest. */
export const RESULT = [
  ...["r0", "r1", "r2", "r3", "r12", "lr", "pc", "xpsr"],
  ...["r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11"],
  ...["sp", "control", "primask", "basepri", "faults", "memory", "number of faults", "-"],
] as const;

export const CODE = `
  4c77 2540 6828 6020 2000 43c0 60a0 4875 60e0 4875 62e0 202c
  1900 6220 2004 6260 2003 62a0 2120 1909 2001 beab 6220 486f
  f380 8809 2002 f380 8814 f3bf 8f6f dffe b5f0 4c67 f3ef 8509
  69ae f3ef 8705 2f0b d10a 3e02 7830 28fe d004 28ff d041 f000
  f8aa bdf0 b004 e066 0038 f000 f8a4 69e8 f000 f8a1 6820 6800
  1a30 f000 f89c 4b5c 681f 601f 0038 f000 f896 2180 420f d002
  68d8 f000 f890 0209 420f d002 6918 f000 f88a 6858 6058 2f00
  d001 f000 f884 6960 3001 6160 2840 d214 69e8 01c1 d404 2101
  0609 4308 61e8 bdf0 494a 4008 61e8 0cb0 d107 8830 0ac0 3602
  281d d300 3602 61ae bdf0 68e6 cd0f c60f cd0f 6827 683f 1bd2
  c60f bc0f c60f 4640 4649 4652 465b c60f 4628 f3ef 8114 f3ef
  8210 f3ef 8310 c60f 2100 4f39 4b35 cf04 0148 1a41 1889 429f
  d1f9 6920 6962 2300 c60f 60e6 4833 4286 d101 f000 f847 68a0
  3001 2540 68a9 6822 4288 d102 2000 3208 6022 60a0 6869 428a
  d104 f000 f837 492a 2018 beab 6857 0180 183f 2000 f380 8814
  f380 8810 f380 8810 6120 6160 4e20 4b1d 4922 4348 1980 c601
  429e d1fa 69fe f386 8809 cf0f c60f 6838 6879 6822 6812 68bb
  c60f 3710 6938 4680 6978 4681 69b8 4682 69f8 4683 683c 687d
  68be 68ff bd00 6921 014a 1a51 1809 6121 2180 4770 b500 4807
  6260 1a31 68e6 1a31 62a1 60e0 2120 1909 2005 beab bd00 0000
  2000 2000 0000 2000 743a 0074 3400 2000 ed28 e000 03ff f9ff
  3000 2000 1800 2000 0026 0002 660d 0019`
  .trim()
  .split(/\s+/)
  .map(halfword => Number.parseInt(halfword, 16));

/** The halfwords for an architecture. */
export function monitorFor(architecture: 6 | 7): number[] {
  const code = [...CODE];
  if (architecture === 7) {
    for (const at of [BASEPRI.read, BASEPRI.write]) {
      const operand = at / 2 + 1;
      code[operand] = ((code[operand] as number) & 0xff00) | SYSM_BASEPRI;
    }
  }
  return code;
}
