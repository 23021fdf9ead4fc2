// A HardFault of the kernel itself, whose registers stand in the message of its panic (arch/cortex-v7m/src/lib.rs and
// arch/cortex-m0/src/lib.rs `hard_fault_handler_kernel`).
import { hex8 } from "../../emulator/index.js";
import type { Line } from "./dump-text.js";
import type { DumpValue } from "./model.js";

const START = "Kernel HardFault";
const registerPattern =
  /^\s*(r\d{1,2}|sp|lr|pc|x?psr|prs|SHCSR|CFSR|HS?FS?R)\s{1,3}(0x[0-9a-fA-F]{1,8})\b/;
/** As the message has it, and as it is called. */
const names: ReadonlyMap<string, string> = new Map([
  ["prs", "xPSR"],
  ["psr", "xPSR"],
  ["xpsr", "xPSR"],
  ["HSFR", "HFSR"],
]);

/** The registers in the lines of a panic's banner. */
export function kernelRegisters(lines: readonly Line[]): DumpValue[] {
  if (!lines.slice(0, 2).some(({ text }) => text.includes(START))) return [];
  return lines.flatMap(line => {
    const [all, name = "", digits = ""] = registerPattern.exec(line.text) ?? [];
    if (all === undefined) return [];
    const at = all.length - digits.length;
    const called = names.get(name) ?? name;
    return [line.value("register", called, Number(digits), [at, digits.length])];
  });
}

/** Sentences about a HardFault of the kernel, the first of which is the verdict; `undefined` for another message. */
export function kernelFault(message: string): string[] | undefined {
  if (!message.startsWith(START)) return undefined;
  const register = (name: string): number | undefined => {
    const [, digits] =
      new RegExp(`^\\s*${name}\\s{1,3}(0x[0-9a-fA-F]{1,8})\\b`, "m").exec(message) ?? [];
    return digits === undefined ? undefined : Number(digits);
  };
  const [pc, lr] = [register("pc"), register("lr")];
  const [, address] =
    /Address:\s{1,9}\(valid: true\)\s{1,9}(0x[0-9a-fA-F]{1,8})/.exec(message) ?? [];
  const flags = [...message.matchAll(/^\s*([A-Z][\w ]{4,40}):\s{1,40}true\s*$/gm)].map(
    ([, name]) => name,
  );
  const at = pc === undefined ? "" : ` at ${hex8(pc)}`;
  const over = address === undefined ? "" : `, over the address ${hex8(Number(address))}`;
  return [
    `The kernel itself had a HardFault${at}${over}.`,
    ...(flags.length === 0 ? [] : [`The processor reported: ${flags.join(", ")}.`]),
    ...(lr === undefined ? [] : [`The function would have returned to ${hex8(lr)}.`]),
  ];
}
