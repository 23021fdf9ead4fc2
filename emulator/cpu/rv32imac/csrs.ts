// Names of control and status registers by number (RISC-V privileged ISA, chapter 2; debug, AIA and Sstc extensions).

/** One number after the other; `-`: a number without a register. */
const runs: readonly (readonly [first: number, names: string])[] = [
  [0x001, "fflags frm fcsr - - - - vstart vxsat vxrm - - - - vcsr - - - - - seed"],
  [0x100, "sstatus - - - sie stvec scounteren - - - senvcfg"],
  [0x10c, "sstateen0 sstateen1 sstateen2 sstateen3 - - - - sieh"],
  [0x140, "sscratch sepc scause stval sip - - - - - - - - stimecmp"],
  [0x150, "siselect sireg - - siph - - - - - - - stopei stimecmph"],
  [0x180, "satp"],
  [0x200, "vsstatus - - - vsie vstvec - - - - - - - - - - - - - - vsieh"],
  [0x240, "vsscratch vsepc vscause vstval vsip - - - - - - - - vstimecmp"],
  [0x250, "vsiselect vsireg - - vsiph - - - - - - - vstopei vstimecmph"],
  [0x280, "vsatp"],
  [0x300, "mstatus misa medeleg mideleg mie mtvec mcounteren - mvien mvip menvcfg"],
  [0x30c, "mstateen0 mstateen1 mstateen2 mstateen3 mstatush - - midelegh mieh - - - mvienh mviph"],
  [0x31a, "menvcfgh - mstateen0h mstateen1h mstateen2h mstateen3h mcountinhibit"],
  [0x340, "mscratch mepc mcause mtval mip - - - - - mtinst mtval2"],
  [0x350, "miselect mireg - - miph - - - - - - - mtopei"],
  [0x5a8, "scontext"],
  [0x600, "hstatus - hedeleg hideleg hie htimedelta hcounteren hgeie hvien hvictl henvcfg"],
  [0x60c, "hstateen0 hstateen1 hstateen2 hstateen3 - - - hidelegh - htimedeltah - - hvienh"],
  [0x61a, "henvcfgh - hstateen0h hstateen1h hstateen2h hstateen3h"],
  [0x643, "htval hip hvip hviprio1 hviprio2 - - htinst"],
  [0x655, "hviph hviprio1h hviprio2h"],
  [0x680, "hgatp"],
  [0x6a8, "hcontext"],
  [0x747, "mseccfg"],
  [0x757, "mseccfgh"],
  [0x7a0, "tselect tdata1 tdata2 tdata3 tinfo tcontrol - - mcontext - mscontext"],
  [0x7b0, "dcsr dpc dscratch0 dscratch1"],
  [0xb00, "mcycle - minstret"],
  [0xb80, "mcycleh - minstreth"],
  [0xc00, "cycle time instret"],
  [0xc20, "vl vtype vlenb"],
  [0xc80, "cycleh timeh instreth"],
  [0xda0, "scountovf"],
  [0xdb0, "stopi"],
  [0xe12, "hgeip"],
  [0xeb0, "vstopi"],
  [0xf11, "mvendorid marchid mimpid mhartid mconfigptr"],
  [0xfb0, "mtopi"],
];

/** Registers that are counted through: the number of the first, how many there are, and their name. */
const numbered: readonly (readonly [first: number, from: number, to: number, name: string])[] = [
  [0x323, 3, 31, "mhpmevent#"],
  [0x723, 3, 31, "mhpmevent#h"],
  [0x3a0, 0, 15, "pmpcfg#"],
  [0x3b0, 0, 63, "pmpaddr#"],
  [0xb03, 3, 31, "mhpmcounter#"],
  [0xb83, 3, 31, "mhpmcounter#h"],
  [0xc03, 3, 31, "hpmcounter#"],
  [0xc83, 3, 31, "hpmcounter#h"],
];

const names = new Map<number, string>([
  ...runs.flatMap(([first, text]) =>
    text.split(" ").flatMap((name, i) => (name === "-" ? [] : [[first + i, name] as const])),
  ),
  ...numbered.flatMap(([first, from, to, name]) =>
    Array.from(
      { length: to - from + 1 },
      (_, i) => [first + i, name.replace("#", `${from + i}`)] as const,
    ),
  ),
]);

/** `mepc`; a number where there is no register. */
export const csrName = (number: number): string => names.get(number) ?? `0x${number.toString(16)}`;
