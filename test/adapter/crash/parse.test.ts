import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import type { DumpNode } from "../../../adapter/crash/model.js";
import { type ParsedDump, parseDumps } from "../../../adapter/crash/parse.js";
import { type CrashReport, type ProcessReport, printCrashReport } from "../../../emulator/index.js";
import { manglings } from "./manglings.js";
import { cortexReport, riscvReport } from "./reports.js";

const folder = "test/golden/transcripts";
const transcripts = readdirSync(folder).filter(name => name.endsWith(".txt"));
const transcript = (name: string): string => readFileSync(`${folder}/${name}.txt`, "utf8");
const dumpOf = (name: string): string => {
  const text = transcript(name);
  return text.slice(text.indexOf("\r\npanicked at"));
};

/** The dump of a text that has exactly one. */
function only(text: string): ParsedDump {
  const { dumps } = parseDumps(text);
  assert.equal(dumps.length, 1);
  return dumps[0] as ParsedDump;
}

/** Every line that is not blank lies in exactly one node, and nodes follow each other. */
function assertCovered(text: string, nodes: readonly DumpNode[]): void {
  let end = 0;
  for (const node of nodes) {
    assert.ok(node.start >= end && node.end > node.start && node.end <= text.length);
    assert.equal(
      text.slice(end, node.start).trim(),
      "",
      "between nodes there are blank lines only",
    );
    for (const value of node.values)
      assert.ok(value.start >= node.start && value.end > value.start && value.end <= node.end);
    end = node.end;
  }
  assert.equal(text.slice(end).trim(), "");
}

describe("the parser of crash dumps", () => {
  for (const file of transcripts)
    it(`puts every line of ${file} into exactly one node`, () => {
      const text = readFileSync(`${folder}/${file}`, "utf8");
      const { nodes } = parseDumps(text);
      assertCovered(text, nodes);
      const kinds = new Set(nodes.map(node => node.kind));
      assert.equal(kinds.has("registers"), text.includes("panicked at"));
    });

  for (const name of transcripts.map(file => file.slice(0, -4)))
    if (transcript(name).includes("\r\npanicked at") && !name.includes("2.2"))
      it(`reads all of ${name}: printed again, it is the same text`, () => {
        assert.equal(printCrashReport(only(dumpOf(name)).report), dumpOf(name));
      });

  for (const [isa, report] of [
    ["Cortex-M", cortexReport],
    ["RISC-V", riscvReport],
  ] as const)
    it(`reads what the kernel prints on ${isa}: printed again, it is the same text`, () => {
      fc.assert(
        fc.property(report, made => {
          const text = printCrashReport(made);
          const { dumps, nodes } = parseDumps(text);
          assert.equal(dumps.length, 1);
          assert.equal(printCrashReport((dumps[0] as ParsedDump).report), text);
          assertCovered(text, nodes);
        }),
        { numRuns: 300 },
      );
    });
});

describe("a crash dump in a log", () => {
  for (const name of ["nrf52840dk_x_f_stack", "rv32_x_f_null", "nrf52840dk-2.2_x_f_null"])
    for (const [what, mangle] of Object.entries(manglings))
      it(`${what} reads as the dump alone: ${name}`, () => {
        const clean = only(dumpOf(name));
        const text = mangle(dumpOf(name));
        const dump = only(text);
        const trim = (report: CrashReport) => ({
          ...report,
          message: report.message.replace(/\s/g, ""),
          fault: trimmed(report.fault, clean.report.fault),
        });
        assert.deepEqual(trim(dump.report), trim(clean.report));
        assert.deepEqual(dump.registers, clean.registers);
        assert.equal(dump.isa, clean.isa);
        assertCovered(text, parseDumps(text).nodes);
        for (const { start, end, value, kind } of dump.nodes.flatMap(node => node.values))
          if (kind === "address")
            assert.equal(Number(text.slice(start, end).replace("\n", "")), value);
      });
});

/** The chip's lines, which are kept as text, with as few spaces as can be, and without what was added behind them. */
const trimmed = (
  fault: CrashReport["fault"],
  clean: CrashReport["fault"],
): CrashReport["fault"] => {
  if (!fault || !("protection" in fault) || !clean || !("protection" in clean)) return fault;
  const plain = (line: string) => line.replace(/\s+/g, " ").trim();
  const expected = clean.protection.map(plain);
  const protection = fault.protection.map((line, i) =>
    plain(line).startsWith(expected[i] ?? "-") ? (expected[i] as string) : plain(line),
  );
  return { ...fault, protection };
};

describe("a crash dump that was cut off", () => {
  for (const name of ["nrf52840dk_x_f_null", "rv32_x_f_null"]) {
    it(`behind any line tells no less than behind the line before: ${name}`, () => {
      const lines = dumpOf(name).split(/(?<=\n)/);
      let known = 0;
      for (let count = 1; count <= lines.length; count++) {
        const text = lines.slice(0, count).join("");
        const [dump] = parseDumps(text).dumps;
        assertCovered(text, parseDumps(text).nodes);
        const values = dump?.nodes.flatMap(node => node.values).length ?? 0;
        assert.ok(values >= known, `line ${count}`);
        known = values;
      }
      assert.ok(known > 100);
    });

    it(`in front of any line reads the rest: ${name}`, () => {
      const all = only(dumpOf(name));
      const lines = dumpOf(name).split(/(?<=\n)/);
      for (let from = 0; from < lines.length / 2; from++) {
        const [dump] = parseDumps(lines.slice(from).join("")).dumps;
        assert.ok(dump, `from line ${from}`);
        assert.deepEqual(dump.report.processes.at(-1), all.report.processes.at(-1));
      }
    });

    it(`between any two bytes is read without failing: ${name}`, () => {
      const bytes = new TextEncoder().encode(dumpOf(name));
      for (let end = 0; end < bytes.length; end += 7) {
        const text = new TextDecoder().decode(bytes.subarray(0, end));
        assertCovered(text, parseDumps(text).nodes);
      }
    });
  }

  it("after its program counter still tells the registers", () => {
    const dump = dumpOf("nrf52840dk_x_f_null");
    const { registers, report } = only(dump.slice(0, dump.indexOf(" YPC")));
    assert.equal(registers[0]?.[15], 0x40148);
    assert.equal(registers[0]?.[16], undefined);
    assert.equal(report.processes[0]?.stored, null);
  });

  it("in front of CFSR still tells its flags", () => {
    const dump = dumpOf("nrf52840dk_x_f_null");
    const { report } = only(dump.slice(0, dump.indexOf("Faulting Memory")));
    assert.deepEqual(report.fault, { cfsr: 2, hfsr: 0x40000000, mmfar: 0, bfar: 0 });
  });
});

describe("a log with several dumps", () => {
  const first = dumpOf("nrf52840dk_x_f_null");
  const second = dumpOf("nrf52840dk_x_f_stack");

  it("gives each with its processes", () => {
    const log = `boot\n${first}boot\r\nfrom the app\n${second}${first}`;
    const { dumps } = parseDumps(log);
    assert.deepEqual(
      dumps.map(dump => dump.report),
      [first, second, first].map(dump => only(dump).report),
    );
    assert.deepEqual(
      dumps.map(dump => dump.closed),
      [true, true, false],
    );
  });

  it("does not take what the process console prints after a boot for a part of it", () => {
    const console = transcript("nrf52840dk_three_apps");
    const { report } = only(first + console);
    assert.equal(report.processes.length, 2);
  });

  it("is no dump where an app says that it panicked", () => {
    for (const line of [
      "panicked at src/main.rs:12:5:\nindex out of bounds\n",
      "panicked at 'index out of bounds', src/main.rs:12:5\n",
      "[app] App: started - [ok]\n",
      "---| a rule |---\n",
    ]) {
      const text = `boot\n${line}${"tick\n".repeat(100)}`;
      assert.deepEqual(parseDumps(text).dumps, [], line);
      assertCovered(text, parseDumps(text).nodes);
    }
  });
});

const withoutSubregions = (mpu: ProcessReport["mpu"] | undefined) =>
  mpu && !("regions" in mpu) ? mpu.map(region => ({ ...region, subregionsDisabled: 0 })) : null;

describe("a dump of an older release", () => {
  const today = dumpOf("nrf52840dk_x_f_null");
  const { report } = only(today);

  it("has its banner on one line", () => {
    const text = today.replace(
      /panicked at (.*):\r\n(.*)\r\n/,
      (_, location, message) => `panicked at '${message}', ${location}\r\n`,
    );
    assert.deepEqual(only(text).report, report);
  });

  it("of 1.x writes out on RISC-V whether the cause is an interrupt", () => {
    const riscv = dumpOf("rv32_x_f_null");
    const old = riscv
      .replace("Last cause (mcause)", "Cause (mcause)")
      .replace("interrupt=0", "interrupt=false");
    assert.notEqual(old, riscv);
    assert.deepEqual(only(old).report.fault, only(riscv).report.fault);
    const { fault } = only(riscv.replace("interrupt=0", "interrupt=true")).report;
    assert.equal(fault && "mcause" in fault && fault.mcause, 0x80000005);
  });

  it("of 1.x has a quoted message, other names for states and calls, and no sizes of the kernel's part", () => {
    const text = today
      .replace(
        /\r\npanicked at (.*):\d+:\r\n(.*)\r\n/,
        (_, location, message) => `\r\n\nKernel panic at ${location}:\r\n\t"${message}"\r\n`,
      )
      .replace("Cortex-M Fault Status", "Fault Status")
      .replaceAll("𝐀𝐩𝐩", "App")
      .replace("[Faulted]", "[Fault]")
      .replaceAll("Dropped Upcall", "Dropped Callback")
      .replace(
        /Last Syscall: Subscribe.*/,
        "Last Syscall: Some(ALLOW { driver_number: 1, subdriver_number: 2, allow_address: 0x20010010, allow_size: 3 })",
      )
      .replace(/ Completion Code: .*\r\n\r\n/g, "")
      .replace(/ +│ (Grant Ptrs|Upcalls|Process) .*\r\n/g, "")
      .replace(/ {2}0x20011B44 ┼.*\r\n/, "")
      .replace(/ Total number[\s\S]*?(?= Cortex-M MPU)/g, "")
      .replace(/ {4}Sub-region.*\r\n/g, "")
      .replace("[0x20010000:0x20011000], length", "base: 0x20010000, length")
      .replace("[0x00040000:0x00041000], length", "base:    0x40000, length")
      .replace(
        /To debug libtock-c apps, run `make lst` in the app's\r\nfolder.*\r\n/,
        "To debug, run `make debug RAM_START=0x20010000 FLASH_INIT=0x40081`\r\nin the app's folder and open the .lst file.\r\n",
      );
    const older = only(text).report;
    assert.equal(older.message, report.message);
    assert.equal(older.location, "kernel/src/process_standard.rs:753");
    assert.deepEqual(older.fault, report.fault);
    assert.equal(older.processes.length, 2);
    const [process] = older.processes;
    const [expected] = report.processes;
    assert.deepEqual(process, {
      ...expected,
      state: "Fault",
      lastSyscall: { class: 3, arguments: [1, 2, 0x20010010, 3] },
      sizes: null,
      grants: null,
      mpu: withoutSubregions(expected?.mpu),
      fixedAddresses: null,
      initFunction: 0x40081,
    });
  });

  it("of 1.0 has the last call beside the counters, and the exception's number", () => {
    const text = today
      .replace(
        /( {3}Dropped Upcall.*\r\n.*\r\n) Last Syscall: .*\r\n.*\r\n/,
        "   Last Syscall: Some(YIELD)\r\n",
      )
      .replace(" EPSR:", " IPSR: Exception Type - Thread Mode\r\n EPSR:");
    const { nodes, report: older } = only(text);
    assert.ok(nodes.every(node => node.kind !== "log"));
    assert.deepEqual(older.processes[0], {
      ...report.processes[0],
      droppedUpcalls: null,
      restartCount: null,
      lastSyscall: { class: 0, arguments: [1, 0, 0, 0] },
    });
  });

  it("of RISC-V tells the PMP by addresses and sizes", () => {
    const text = dumpOf("rv32_x_f_null").replace(
      / PMPUserMPUConfig \{[\s\S]*?\r\n \}\r\n/g,
      " PMP regions:\n  [0]: addr=0x20040000, size=0x00000200, cfg=0xD (r-x)\n  [1]: addr=0x80002800, size=0x00000100, cfg=0xB (rw-)\n  <unset>\n",
    );
    const [process] = only(text).report.processes;
    assert.deepEqual(process?.mpu, {
      id: 0,
      dirty: false,
      appMemoryRegion: null,
      regions: [
        { start: 0x20040000, end: 0x20040200, cfg: 0xd },
        { start: 0x80002800, end: 0x80002900, cfg: 0xb },
        { start: 0, end: 0, cfg: 0 },
      ],
    });
  });

  it("before 1.0 has the state below the name, the data below the stack, and more rows of flash", () => {
    const text = `---| App Status |---
App: sensors
[Fault]  -  Events Queued: 1  Syscall Count: 24

╔═══════════╤══════════════════════════════════════════╗
║  Address  │ Region Name    Used | Allocated (bytes)  ║
╚0x20006000═╪══════════════════════════════════════════╝
            │ ▼ Grant         512 |   1024
 0x20005E00 ┼───────────────────────────────────────────
            │ Unused
 0x20005000 ┼───────────────────────────────────────────
            │ ▲ Heap         1536 |   1024 EXCEEDED!     S
 0x20004A00 ┼─────────────────────────────────────────── R
            │ ▼ Stack         256 |   2048               A
 0x20004900 ┼─────────────────────────────────────────── M
            │ Unused
 0x20004200 ┼───────────────────────────────────────────
            │ Data            512 |    512
 0x20004000 ┴───────────────────────────────────────────
            .....
 0x00034000 ┬───────────────────────────────────────────
            │ Unused
 0x00033C00 ┼─────────────────────────────────────────── F
            │ Data            256                        L
 0x00033B00 ┼─────────────────────────────────────────── A
            │ Text          15000                        S
 0x00030080 ┼─────────────────────────────────────────── H
            │ Header          128
 0x00030000 ┴───────────────────────────────────────────

 LR : 0x00031667 [0x800015EA in lst file]
 PC : 0x0003036A [0x800002EE in lst file]
`;
    const { report: old, registers } = only(text);
    const [process] = old.processes;
    assert.deepEqual([process?.name, process?.state], ["sensors", "Fault"]);
    assert.deepEqual([process?.queuedUpcalls?.length, process?.syscallCount], [1, 24]);
    assert.deepEqual(process?.memory, {
      start: 0x20004000,
      appBreak: 0x20005000,
      kernelBreak: 0x20005e00,
      end: 0x20006000,
    });
    assert.deepEqual(process?.flash, { start: 0x30000, appStart: 0x30080, end: 0x34000 });
    assert.deepEqual(
      [process?.heapStart, process?.stackTop, process?.minimumStackPointer],
      [0x20004a00, 0x20004a00, 0x20004900],
    );
    assert.deepEqual(registers[0]?.slice(14, 16), [0x31667, 0x3036a]);
  });

  it("of 2018 has no colon behind the restart count", () => {
    const [process] = only(today.replaceAll("Restart Count: 0", "Restart Count0")).report.processes;
    assert.equal(process?.restartCount, 0);
  });

  const registerLines = [
    "r0  0x18b",
    "lr  0x15723",
    "pc  0x15710",
    "CFSR  0x82",
    "HSFR  0x40000000",
  ];
  const hardFault = ["Kernel HardFault.", "Kernel version 2.0", ...registerLines].join("\n\t");
  for (const [release, banner] of [
    ["1.x", `Kernel panic at /tock/arch/cortex-m4/src/lib.rs:297:\n\t"${hardFault}\n\t"\n`],
    ["2.0", `panicked at '${hardFault}\n', arch/cortex-m4/src/lib.rs:297:5\n`],
  ])
    it(`of ${release} tells the kernel's version in the message of its own HardFault, too`, () => {
      const { nodes, report: told } = only(
        `${banner}\tKernel version 2.0\n\n---| App Status |---\n`,
      );
      assert.deepEqual(
        nodes.map(({ kind }) => kind),
        ["panic", "app-status"],
      );
      assert.match(told.location ?? "", /arch\/cortex-m4\/src\/lib\.rs:297/);
      assert.equal(told.kernelVersion, "2.0");
      assert.deepEqual(
        nodes[0]?.values.map(({ name, value }) => [name, value]),
        [
          ["r0", 0x18b],
          ["lr", 0x15723],
          ["pc", 0x15710],
          ["CFSR", 0x82],
          ["HFSR", 0x40000000],
        ],
      );
    });

  it("of a chip that prints no heading has the cause of the trap behind its panic", () => {
    const { isa, report: told } = only(
      "panicked at ./chips/esp32-c6/src/chip.rs:72:51:\nno handler\nLast cause (mcause): Instruction access misaligned (interrupt=0, exception code=0x00000000)\n",
    );
    assert.deepEqual([isa, told.message], ["riscv", "no handler"]);
  });
});

describe("a value that was cut off", () => {
  const dump = dumpOf("nrf52840dk_x_f_null");
  const until = (text: string, digits: number) =>
    only(dump.slice(0, dump.indexOf(text) + text.length + digits));

  it("is not taken for a shorter one", () => {
    assert.equal(until(" PC : ", 8).registers[0]?.[15], undefined);
    assert.equal(until(" PC : ", 10).registers[0]?.[15], 0x40148);
    const status = until("Fault Status Register (CFSR):       ", 6).report.fault;
    assert.deepEqual(status, { cfsr: 0x82, hfsr: 0x40000000, mmfar: 0, bfar: 0 }, "by its flags");
  });
});

describe("a line of a log that runs several lines of a dump together", () => {
  it("ends a dump where its text ends, and may hold another one", () => {
    const flat = (name: string) => dumpOf(name).replace(/\s+/g, " ");
    const [first, second] = [flat("nrf52840dk_x_f_null"), flat("nrf52840dk_x_f_stack")];
    const text = `See ${first} and ${second} there.`;
    const { dumps, nodes } = parseDumps(text);
    assertCovered(text, nodes);
    assert.deepEqual(
      dumps.map(({ report }) => report.processes.map(({ name }) => name)),
      [
        ["x_f_null", "x_idle"],
        ["x_f_stack", "x_idle"],
      ],
    );
  });

  it("is one line where a name only looks like a part of a dump", () => {
    const text = dumpOf("nrf52840dk_x_f_null").replace(/𝐀𝐩𝐩: x_f_null/, "𝐀𝐩𝐩: App: Cortex-M MPU");
    assert.equal(only(text).report.processes[0]?.name, "App: Cortex-M MPU");
  });
});
