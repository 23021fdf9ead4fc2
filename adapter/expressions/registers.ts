// Names of Arm's core registers in expressions (AAPCS32 6.1.1).

/** Arm's core registers by number; sp, lr and pc have both names. */
export const REGISTERS = new Map<string, number>([
  ...Array.from({ length: 16 }, (_, i): [string, number] => [`r${i}`, i]),
  ["fp", 11],
  ["ip", 12],
  ["sp", 13],
  ["lr", 14],
  ["pc", 15],
  ["xpsr", 16],
]);
