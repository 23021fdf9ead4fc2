// Reads the numbers of a Cortex-M crash dump back into a report, so that tests can print it again.
// Only primary numbers are taken (addresses, counters, registers); what the printer derives is not looked at.
import type { CrashReport, ProcessReport } from "../../../emulator/kernel/printer.js";
import { type Syscall, SyscallClass } from "../../../emulator/kernel/syscalls.js";

/** The text from `mark` on, up to the end of the line. */
function after(text: string, mark: string): string {
  const at = text.indexOf(mark);
  if (at < 0) throw new Error(`no "${mark}" in the dump`);
  return text.slice(at + mark.length, text.indexOf("\r\n", at));
}

const numberAfter = (text: string, mark: string): number => Number.parseInt(after(text, mark), 10);
const hexAfter = (text: string, mark: string): number =>
  Number.parseInt(after(text, mark).trim().slice(2, 10), 16);

function parseSyscall(text: string): Syscall | null {
  if (text === "None") return null;
  const [, name = "", rest = ""] = /^(\w+) (.*)$/.exec(text) ?? [];
  const numbers = [...rest.matchAll(/: (0x[0-9a-f]+|\d+)/g)].map(m => Number(m[1]));
  const argument = (n: number) => numbers[n] ?? 0;
  if (name === "Yield") {
    const which = rest.includes("NoWait") ? 0 : rest.includes("WaitFor") ? 2 : 1;
    return { class: SyscallClass.Yield, arguments: [which, argument(0), argument(1), 0] };
  }
  return {
    class: SyscallClass[name as keyof typeof SyscallClass],
    arguments: [argument(0), argument(1), argument(2), argument(3)],
  };
}

function parseCompletion(text: string): ProcessReport["completionCode"] {
  if (text === "None") return null;
  return text === "Faulted" ? "faulted" : Number(text);
}

/** Addresses left of a table's lines, from top to bottom; `null` for unknown ones. */
const tableAddresses = (text: string): (number | null)[] =>
  [...text.matchAll(/^ (?: |╚)(0x[0-9A-F]{8}|\?{10})[═ ]/gm)].map(m =>
    m[1]?.startsWith("0x") ? Number(m[1]) : null,
  );

function parseOverview(
  text: string,
): Omit<ProcessReport, "stored" | "grants" | "mpu" | "fixedAddresses" | "initFunction"> {
  const [end, , kernelBreak, appBreak, heapStart, stackTop, minimumStackPointer, start, ...flash] =
    tableAddresses(text) as number[];
  const title = /^𝐀𝐩𝐩: (.*) {3}- {3}\[(.*)\]/.exec(text);
  return {
    name: title?.[1] ?? "",
    state: title?.[2] ?? "",
    queuedUpcalls: { length: numberAfter(text, "Events Queued: ") },
    syscallCount: numberAfter(text, "Syscall Count: "),
    droppedUpcalls: numberAfter(text, "Dropped Upcall Count: "),
    restartCount: numberAfter(text, "Restart Count: "),
    lastSyscall: parseSyscall(after(text, "Last Syscall: ")),
    completionCode: parseCompletion(after(text, "Completion Code: ")),
    memory: {
      start: start as number,
      appBreak: appBreak as number,
      kernelBreak: kernelBreak as number,
      end: end as number,
    },
    flash: { end: flash[0] as number, appStart: flash[1] as number, start: flash[2] as number },
    heapStart: heapStart as number | null,
    stackTop: stackTop as number | null,
    minimumStackPointer: minimumStackPointer as number | null,
    sizes: {
      grantPointers: numberAfter(text, "│ Grant Ptrs "),
      upcallList: numberAfter(text, "│ Upcalls "),
      processControlBlock: numberAfter(text, "│ Process "),
    },
  };
}

function parseStored(text: string): ProcessReport["stored"] {
  const register = (name: string) => hexAfter(text, ` ${name}: `);
  const flags = [..."NZCVQ"].map(flag =>
    numberAfter(after(text, " APSR:").concat("\r\n"), `${flag} `),
  );
  const ge = after(text, "       GE ").split(" ").map(Number);
  const ici = Number(after(text, "ICI.IT "));
  const thumb = after(text, "ThumbBit ").startsWith("true") ? 1 : 0;
  let psr = (thumb << 24) | ((ici >> 6) << 25) | ((ici & 0x3f) << 10);
  flags.forEach((bit, i) => {
    psr |= bit << (31 - i);
  });
  ge.forEach((bit, i) => {
    psr |= bit << (19 - i);
  });
  const frame = [...["R0 ", "R1 ", "R2 ", "R3 ", "R12", "LR ", "PC "].map(register), psr >>> 0];
  return {
    regs: ["R4 ", "R5 ", "R6 ", "R7 ", "R8 ", "R9 ", "R10", "R11"].map(register),
    psp: register("SP "),
    yieldPc: register("YPC "),
    psr: psr >>> 0,
    frame: frame.slice(0, 7).every(value => value === 0xbad00bad) ? null : frame,
  };
}

function parseGrants(text: string): ProcessReport["grants"] {
  const count = numberAfter(text, "grant regions defined: ");
  return Array.from({ length: count }, (_, i) => {
    const used = new RegExp(`Grant +${i} (0x[0-9a-f]+): (0x[0-9a-f]+)`).exec(text);
    return used
      ? { driver: Number(used[1]), address: Number(used[2]), size: 1 }
      : { driver: 0, address: 0, size: 0 };
  });
}

function parseMpu(text: string): ProcessReport["mpu"] {
  return text
    .slice(text.indexOf(" Cortex-M MPU"))
    .split(/\r\n {2}Region \d: /)
    .slice(1)
    .map(region => {
      const used = /^\[(0x\w+):0x\w+\], length: (\d+) bytes; \w+ \((0x\d)\)/.exec(region);
      const states = [...region.matchAll(/(Enabled|Disabled)/g)];
      return {
        logical: used && { address: Number(used[1]), size: Number(used[2]) },
        accessPermission: Number(used?.[3] ?? 0),
        subregionsDisabled: states.reduce(
          (srd, m, i) => srd | (Number(m[1] === "Disabled") << i),
          0,
        ),
      };
    });
}

function parseProcess(text: string): ProcessReport {
  const fixed = /arch\.(0x[0-9a-f]+)\.(0x[0-9a-f]+)\.lst/.exec(text);
  const init = /FLASH_INIT=(0x[0-9a-f]+)/.exec(text);
  return {
    ...parseOverview(text),
    stored: parseStored(text),
    grants: parseGrants(text),
    mpu: parseMpu(text),
    fixedAddresses: fixed && { flash: Number(fixed[1]), ram: Number(fixed[2]) },
    initFunction: Number(init?.[1] ?? 0),
  };
}

/** `text` begins at the banner's blank line and ends with the dump. */
export function parseDump(text: string): CrashReport {
  const [, head = "", ...processes] = ["", ...text.split(/(?=𝐀𝐩𝐩: )/)];
  const optional = (mark: string) => (head.includes(mark) ? hexAfter(head, mark) : 0);
  const lines = head.split(/\r?\n/);
  return {
    location: after(head.replace(/([^\r])\n/, "$1\r\n"), "panicked at ").slice(0, -1),
    message: lines[2] ?? "",
    kernelVersion: after(head, "Kernel version "),
    debugText: "",
    fault: {
      cfsr: optional("Fault Status Register (CFSR):"),
      hfsr: optional("Hard Fault Status Register (HFSR):"),
      mmfar: optional("Faulting Memory Address:"),
      bfar: optional("Bus Fault Address:"),
    },
    processes: processes.map(parseProcess),
  };
}

/** The overview alone, as the process console prints it. */
export const parseOverviewOnly = (text: string): ProcessReport => ({
  ...parseOverview(text),
  stored: { regs: [], psp: 0, yieldPc: 0, psr: 0, frame: null },
  grants: [],
  mpu: [],
  fixedAddresses: null,
  initFunction: 0,
});
