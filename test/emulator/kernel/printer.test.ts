import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import {
  type CrashReport,
  type ProcessReport,
  printCrashReport,
  printFaultStatus,
  printOverview,
  printSyscall,
} from "../../../emulator/kernel/printer.js";
import { SyscallClass } from "../../../emulator/kernel/syscalls.js";
import { parseDump, parseOverviewOnly, type WholeProcess } from "./dump-parser.js";

const transcript = (name: string): string =>
  readFileSync(`test/golden/transcripts/${name}.txt`, "utf8");
const dumpOf = (name: string): string => {
  const text = transcript(name);
  return text.slice(text.indexOf("\r\npanicked at"));
};

describe("printer", () => {
  for (const name of ["nrf52840dk_x_f_null", "nrf52840dk_x_f_stack", "nrf52840dk_x_f_wflash"]) {
    it(`prints the dump of ${name} again, byte for byte`, () => {
      const dump = dumpOf(name);
      assert.equal(printCrashReport(parseDump(dump)), dump);
    });
  }

  it("differs from a 2.2 kernel's dump in the banner's line end and in the names of system calls only", () => {
    const dump = dumpOf("nrf52840dk-2.2_x_f_null");
    const ours = printCrashReport(parseDump(dump));
    const expected = dump
      .replace(/(panicked at [^\n\r]*)\n/, "$1\r\n")
      .replace(
        "appdata: CapabilityPtr { ptr: 0x0 } }",
        "appdata: MachineRegister { value: CapabilityPtr { ptr: 0x0 } } }",
      )
      .replace(/Yield \{ which: 1, param_a: \d+, param_b: \d+ \}/, "Yield { yield_type: Wait }");
    assert.equal(ours, expected);
    assert.notEqual(expected, dump);
  });

  for (const name of [
    "nrf52840dk_three_apps",
    "rv32_console_commands",
    "rv32_panic_cmd",
    "rv32_x_f_stack",
  ]) {
    it(`prints every memory map in ${name} again, byte for byte`, () => {
      const maps = transcript(name).match(/𝐀𝐩𝐩: [\s\S]*?─ H\r\n/g) ?? [];
      assert.ok(maps.length > 0);
      for (const map of maps) assert.equal(printOverview(parseOverviewOnly(map)), map);
    });
  }

  it("pending debug text comes before the banner", () => {
    const report: CrashReport = {
      ...parseDump(dumpOf("nrf52840dk_x_f_null")),
      debugText: "last words\r\n",
    };
    assert.ok(
      printCrashReport(report).startsWith(
        "\r\n---| Debug buffer not empty. Flushing. May repeat some of last message(s):\r\nlast words\r\n\r\npanicked at ",
      ),
    );
  });

  it("without a fault says so and prints no registers", () => {
    assert.equal(
      printFaultStatus({ cfsr: 0, hfsr: 0, mmfar: 4, bfar: 8 }),
      "\r\n---| Cortex-M Fault Status |---\r\nNo Cortex-M faults detected.\r\n",
    );
  });

  it("names every flag of the fault status", () => {
    const text = printFaultStatus({
      cfsr: 0x030fbfbb,
      hfsr: 0x40000002,
      mmfar: 0xe0000000,
      bfar: 1,
    });
    assert.equal(text.match(/ true\r\n/g)?.length, 19);
    assert.ok(text.includes("Faulting Memory Address:            0xE0000000\r\n"));
    assert.ok(text.includes("Bus Fault Address:                  0x00000001\r\n"));
    assert.ok(text.endsWith("Hard Fault Status Register (HFSR):  0x40000002\r\n"));
  });

  describe("for one process", () => {
    const base = parseDump(dumpOf("nrf52840dk_x_f_null"));
    const [fixed] = base.processes as [WholeProcess];
    const print = (changes: Partial<ProcessReport>) =>
      printCrashReport({ ...base, processes: [{ ...fixed, ...changes }] });

    it("question marks stand for what the app did not tell", () => {
      const text = print({ heapStart: null, stackTop: null });
      assert.ok(
        text.includes(
          "\r\n             │ ▲ Heap            ? |      ?               S\r\n  ?????????? ┼",
        ),
      );
      assert.ok(
        text.includes(
          "\r\n             │ Data              ? |      ?               A\r\n  ?????????? ┼",
        ),
      );
      assert.ok(text.includes("\r\n             │ ▼ Stack           ? |      ?\r\n"));
    });

    it("a stack below its RAM is EXCEEDED", () => {
      const text = print({ minimumStackPointer: fixed.memory.start - 0x100 });
      assert.ok(text.includes("│ ▼ Stack        2304 |   2048 EXCEEDED!\r\n"));
    });

    it("an unreadable frame prints as 0xBAD00BAD, flags and all", () => {
      const text = print({ stored: { ...fixed.stored, frame: null } });
      assert.ok(text.includes("  R0 : 0xBAD00BAD    R6 : 0x00000000\r\n"));
      assert.ok(text.includes("  PC : 0xBAD00BAD\r\n"));
      assert.ok(
        text.includes(" APSR: N 1 Z 0 C 1 V 1 Q 1\r\n       GE 0 0 0 0\r\n EPSR: ICI.IT 0x42\r\n"),
      );
      assert.ok(text.includes("       ThumbBit false !!ERROR - Cortex M Thumb only!\r\n"));
    });

    it("a cleared Thumb bit is an error", () => {
      const frame = [...(fixed.stored.frame ?? []).slice(0, 7), 0];
      const text = print({ stored: { ...fixed.stored, frame } });
      assert.ok(text.includes("       ThumbBit false !!ERROR - Cortex M Thumb only!\r\n"));
    });

    it("a position-independent app has the line for make debug", () => {
      const text = print({ fixedAddresses: null, initFunction: 0x40059 });
      assert.ok(
        text.endsWith(
          "\r\nTo debug libtock-c apps, run\r\n`make debug RAM_START=0x20010000 FLASH_INIT=0x40059`\r\nin the app's folder and open the .lst file.\r\n\r\n",
        ),
      );
    });

    it("completion codes are signed", () => {
      assert.ok(print({ completionCode: 0xffffffff }).includes(" Completion Code: -1\r\n"));
    });

    it("a process without a system call says None", () => {
      assert.ok(print({ lastSyscall: null }).includes(" Last Syscall: None\r\n"));
    });
  });

  it("prints system calls as Rust's Debug", () => {
    const {
      Yield,
      Subscribe,
      Command,
      ReadWriteAllow,
      ReadOnlyAllow,
      UserspaceReadableAllow,
      Memop,
      Exit,
    } = SyscallClass;
    const cases: [Parameters<typeof printSyscall>[0], string][] = [
      [
        { class: Yield, arguments: [0, 0x20004fff, 9, 9] },
        "Yield { yield_type: NoWait { ptr: 0x20004fff } }",
      ],
      [{ class: Yield, arguments: [1, 7, 7, 7] }, "Yield { yield_type: Wait }"],
      [
        { class: Yield, arguments: [2, 1, 3, 0] },
        "Yield { yield_type: WaitFor { driver_number: 1, subdriver_number: 3 } }",
      ],
      [
        { class: Subscribe, arguments: [0, 0, 0x40171, 0] },
        "Subscribe { driver_number: 0, subdriver_number: 0, upcall_ptr: CapabilityPtr { ptr: 0x40171 }, appdata: MachineRegister { value: CapabilityPtr { ptr: 0x0 } } }",
      ],
      [
        { class: Command, arguments: [1, 1, 14, 0] },
        "Command { driver_number: 1, subdriver_number: 1, arg0: 14, arg1: 0 }",
      ],
      [
        { class: ReadOnlyAllow, arguments: [1, 1, 0x2000485c, 14] },
        "ReadOnlyAllow { driver_number: 1, subdriver_number: 1, allow_address: 0x2000485c, allow_size: 14 }",
      ],
      [
        { class: ReadWriteAllow, arguments: [1, 1, 0, 0] },
        "ReadWriteAllow { driver_number: 1, subdriver_number: 1, allow_address: 0x0, allow_size: 0 }",
      ],
      [
        { class: UserspaceReadableAllow, arguments: [9, 0, 0x20000000, 8] },
        "UserspaceReadableAllow { driver_number: 9, subdriver_number: 0, allow_address: 0x20000000, allow_size: 8 }",
      ],
      [
        { class: Memop, arguments: [10, 536889344, 0, 0] },
        "Memop { operand: 10, arg0: 536889344 }",
      ],
      [
        { class: Exit, arguments: [0, 4294967295, 0, 0] },
        "Exit { which: 0, completion_code: 4294967295 }",
      ],
    ];
    for (const [syscall, text] of cases) assert.equal(printSyscall(syscall), text);
  });
});
