import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { explainDump } from "../../../adapter/crash/dump-body.js";
import { crashedProcess, dumpScene } from "../../../adapter/crash/dump-scene.js";
import { misfit } from "../../../adapter/crash/elf-fit.js";
import { findElfs, flashOf } from "../../../adapter/crash/find-elf.js";
import { type ParsedDump, parseDump } from "../../../adapter/crash/parse.js";
import { nodeHost } from "../../../adapter/host.node.js";
import { DwarfSymbols } from "../../../adapter/symbols/table.js";
import { parseElf } from "../../../emulator/index.js";
import { boardConsole, HELLO, NULL_DEREFERENCE, STACK_OVERFLOW } from "./board-dump.js";

const transcript = (name: string): string =>
  readFileSync(`test/golden/transcripts/${name}.txt`, "utf8");
const read = (text: string): ParsedDump => {
  const dump = parseDump(text);
  assert.ok(dump);
  return dump;
};
const search = { elfs: [], folders: ["examples"], option: "--elf" };
const elfOf = (path: string) => parseElf(new Uint8Array(readFileSync(path)), path);

describe("the scene of a crash dump", () => {
  it("has what a Cortex-M dump tells of the process that the panic names", () => {
    const dump = read(transcript("nrf52840dk_x_f_null"));
    const { process, others, cause, registers, ranges, panic, frames } = dumpScene(dump, 0);
    assert.equal(crashedProcess(dump), 0);
    assert.equal(process.name, "x_f_null");
    assert.deepEqual(process.flash, { start: 0x40000, appStart: 0x40080, end: 0x41000 });
    assert.deepEqual(process.grants, [{ driver: 1, address: 0x20011af8, size: 76 }]);
    assert.deepEqual(
      others.map(({ name }) => name),
      ["x_idle"],
    );
    assert.equal(cause.isa === "cortex-m" && cause.status.cfsr, 0x82);
    assert.equal(registers.length, 17);
    assert.deepEqual(registers.slice(13, 16), [0x200107c8, 0x40115, 0x40148]);
    // The four enabled eighths of the RAM region, and flash, which alone may be executed.
    assert.deepEqual(ranges, [
      { region: 0, low: 0x20010000, high: 0x20010800, read: true, write: true, execute: false },
      { region: 2, low: 0x40000, high: 0x41000, read: true, write: false, execute: true },
    ]);
    assert.equal(panic?.message, "Process x_f_null had a fault");
    assert.deepEqual(frames, []);
  });

  it("has no address of a fault whose line is lost, whatever CFSR says of it", async () => {
    const whole = transcript("nrf52840dk_x_f_stack");
    const text = whole.replace(/^Faulting Memory Address:.*\r?\n/m, "");
    assert.notEqual(text, whole);
    const { body } = await explainDump(
      text,
      read(text),
      { ...search, folders: [] },
      nodeHost.files,
    );
    assert.equal(body.explanation.kind, "stack-overflow");
    const short = text.slice(0, text.indexOf("---| App Status |---"));
    const cut = await explainDump(short, read(short), { ...search, folders: [] }, nodeHost.files);
    assert.match(cut.body.explanation.verdict, /the address is not known\.$/);
    assert.deepEqual(cut.body.faultStatus.map(({ name, value }) => [name, value]).slice(2), [
      ["MMFAR", null],
      ["BFAR", null],
    ]);
    assert.equal(cut.body.faultStatus[2]?.meaning, "not in the dump");
  });

  it("says of a panic whose message is cut off that it is not known", async () => {
    const text = "boot\npanicked at kernel/src/process_standard.rs:753:17:\n";
    const { body } = await explainDump(
      text,
      read(text),
      { ...search, folders: [] },
      nodeHost.files,
    );
    assert.equal(body.explanation.verdict, "The kernel panicked: its message is not in the dump.");
    assert.ok(body.explanation.details.every(each => !/no app had a fault/.test(each)));
  });

  it("of a process that did not crash has no fault status", () => {
    const scene = dumpScene(read(transcript("nrf52840dk_x_f_null")), 1);
    assert.deepEqual(scene.cause, {
      isa: "cortex-m",
      status: { cfsr: 0, hfsr: 0, mmfar: 0, bfar: 0 },
    });
  });

  it("of RISC-V has the process's own cause, its registers and its PMP", () => {
    const { cause, registers, ranges } = dumpScene(read(transcript("rv32_x_f_null")), 0);
    assert.deepEqual(cause, { isa: "riscv", mcause: 5, mtval: 0 });
    assert.equal(registers.length, 33);
    assert.deepEqual(
      [registers[1], registers[2], registers[32]],
      [0x80100126, 0x803007c0, 0x80100164],
    );
    assert.deepEqual(ranges, [
      { region: 0, low: 0x80100000, high: 0x801010e8, read: true, write: false, execute: true },
      { region: 1, low: 0x80300000, high: 0x80300800, read: true, write: true, execute: false },
    ]);
  });

  const riscv = "test/fixtures/riscv/reading.elf";
  const riscvDump = (pc: string, ra: string) =>
    transcript("rv32_x_f_null")
      .replace("PC : 0x80100164", `PC : ${pc}`)
      .replace("R1 : 0x80100126", `R1 : ${ra}`);
  const stackOf = async (pc: string, ra: string) => {
    const text = riscvDump(pc, ra);
    const options = { ...search, elfs: [riscv], folders: [] };
    const { body } = await explainDump(text, read(text), options, nodeHost.files);
    return body;
  };

  it("of RISC-V has the functions and lines of pc and ra by the app's ELF", async () => {
    const { processes, explanation, notes } = await stackOf("0x801000A6", "0x801000EE");
    const source = readFileSync("test/fixtures/riscv/reading.c", "utf8").split("\n");
    const lineOf = (text: string) => source.findIndex(line => line.includes(text)) + 1;
    assert.deepEqual(
      processes[0]?.stack.map(({ name, place }) => [name, place?.path, place?.line]),
      [
        ["store_reading", "reading.c", lineOf("*sensor->last_reading =")],
        ["read_all", "reading.c", lineOf("store_reading(&sensors[i]")],
      ],
    );
    assert.equal(explanation.place?.function, "store_reading");
    const ra = processes[0]?.registers.find(({ name }) => name === "ra");
    assert.equal(ra?.meaning, `read_all+0x44 (reading.c:${lineOf("store_reading(&sensors[i]")})`);
    assert.deepEqual(notes, []);
  });

  it("of RISC-V has the caller also where call frame information is in .eh_frame", async () => {
    const elf = elfOf(riscv);
    assert.deepEqual(
      [elf.section(".debug_frame"), elf.section(".eh_frame")?.size !== 0],
      [undefined, true],
    );
    const rows = new DwarfSymbols(elf).dwarf.frames;
    const low = rows.descriptions.map(each => each.low);
    assert.ok(low.includes(elf.symbols.find(({ name }) => name === "read_all")?.value ?? 0));
    // Behind the prologue ra lies 4 bytes below the frame's top, and the saved registers below it.
    const rule = rows.rowAt(0x801000ce);
    assert.deepEqual(rule?.cfa, { kind: "register", register: 2, offset: 32 });
    assert.deepEqual(rule?.registers.get(1), { kind: "offset", offset: -4 });
    const { processes } = await stackOf("0x801000A6", "0x801000EE");
    assert.equal(processes[0]?.stack.length, 2);
  });

  it("of RISC-V has no caller once ra lies on the stack, which the dump does not hold", async () => {
    const { processes } = await stackOf("0x801000CE", "0x80100164");
    assert.deepEqual(
      processes[0]?.stack.map(({ name }) => name),
      ["read_all"],
    );
  });

  it("takes a region that no MPU has as cut out of a larger one, so as open as a whole", () => {
    const text = transcript("nrf52840dk_x_f_null")
      .replace("[0x00040000:0x00041000], length: 4096", "[0x00041000:0x00042800], length: 6144")
      .replace(/(Sub-region [67]: \[0x00040.*), Enabled/g, "$1, Disabled");
    const [, flash] = dumpScene(read(text), 0).ranges;
    assert.deepEqual([flash?.low, flash?.high], [0x41000, 0x42800]);
  });

  it("reads the rights of ARMv8-M, which have other numbers", () => {
    const text = transcript("nrf52840dk_x_f_null")
      .replace(/ {4}Sub-region.*\r\n/g, "")
      .replace("ReadWrite (0x3)", "ReadWrite (0x1)")
      .replace("UnprivilegedReadOnly (0x2)", "ReadOnly (0x3)");
    assert.deepEqual(
      dumpScene(read(text), 0).ranges.map(({ read, write, execute }) => [read, write, execute]),
      [
        [true, true, false],
        [true, false, true],
      ],
    );
  });

  it("does not know the registers of a frame that could not be stacked", () => {
    const scene = dumpScene(read(boardConsole(STACK_OVERFLOW)), 0);
    assert.equal(scene.registers[15], undefined);
    assert.equal(scene.registers[0], undefined);
    // The stack pointer is that of before the fault.
    const text = boardConsole(STACK_OVERFLOW);
    const printed = Number(/ SP : (0x\w{8})/.exec(text)?.[1]);
    assert.equal(scene.registers[13], printed + 32);
    assert.ok(printed < (scene.process.memory?.start ?? 0));
  });

  it("has names, lines and instructions by the app's ELF", async () => {
    const dump = read(boardConsole(HELLO, NULL_DEREFERENCE));
    const { placed, notes } = await findElfs(dump, 1, search, nodeHost.files);
    assert.deepEqual(notes, []);
    assert.deepEqual(
      placed.map(each => each?.path),
      [`examples/${HELLO}.elf`, `examples/${NULL_DEREFERENCE}.elf`],
    );
    const scene = dumpScene(dump, 1, placed[1]);
    const [frame] = scene.frames;
    assert.match(`${frame?.location?.path}`, /examples\/crash\/crashes\.c$/);
    const line = readFileSync("examples/crash/crashes.c", "utf8").split("\n")[
      (frame?.location?.line ?? 0) - 1
    ];
    assert.match(`${line}`, /last_reading = 42/);
    const pc = scene.registers[15] as number;
    assert.equal(scene.memory.read(pc, 2)?.length, 2);
    // RAM has changed since the ELF was made.
    assert.equal(scene.memory.read(scene.process.memory?.start ?? 0, 4), undefined);
  });
});

describe("the body of a crash dump", () => {
  const explain = async (text: string) => {
    const options = { ...search, folders: [] };
    return (await explainDump(text, read(text), options, nodeHost.files)).body;
  };

  it("begins with the process that crashed", async () => {
    const text = boardConsole(HELLO, NULL_DEREFERENCE);
    const { body } = await explainDump(text, read(text), search, nodeHost.files);
    assert.deepEqual(
      body.processes.map(({ name }) => name),
      ["null-dereference", "hello"],
    );
    assert.equal(body.explanation.kind, "null-dereference");
    assert.equal(body.kernelVersion, "2.3.0-dev1");
    assert.match(body.dump, /^panicked at/m);
  });

  it("is made of a dump that ends in its banner, too", async () => {
    const text = transcript("nrf52840dk_x_f_null");
    for (const mark of [
      "\tKernel",
      "---| Cortex",
      "Faulting",
      "---| App",
      "𝐀𝐩𝐩",
      " Events",
      "  R0",
    ]) {
      const body = await explain(text.slice(0, text.indexOf(mark)));
      assert.equal(body.processes.length, 1, mark);
      assert.notEqual(body.explanation.verdict, "", mark);
    }
  });

  it("names the kernel's addresses by the kernel's ELF", async () => {
    // No kernel is at hand, so an app's ELF stands in for it.
    const path = `examples/${HELLO}.elf`;
    const kernel = elfOf(path);
    const main = kernel.symbols.find(({ name }) => name === "main")?.value ?? 0;
    const address = `0x${(main & ~1).toString(16).toUpperCase().replace("-", "")}`;
    const hex = `0x${((main & ~1) >>> 0).toString(16).toUpperCase().padStart(8, "0")}`;
    assert.ok(address);
    const text = transcript("rv32_panic_cmd").replace(/mepc: {4}0x\w{8}/, `mepc:    ${hex}`);
    const options = { ...search, folders: [], kernel };
    const { body } = await explainDump(text, read(text), options, nodeHost.files);
    assert.ok(
      body.notes.some(note => note.startsWith(`mepc ${hex} lies in the kernel: main (`)),
      body.notes.join("\n"),
    );
  });
});

describe("the ELF of a crash dump", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "tock-elf-"));
  });
  after(() => rmSync(folder, { recursive: true }));
  const dump = () => read(boardConsole(NULL_DEREFERENCE));
  const place = (...parts: string[]) => {
    const path = join(folder, ...parts);
    mkdirSync(join(path, ".."), { recursive: true });
    copyFileSync(`examples/${NULL_DEREFERENCE}.elf`, path);
    return path;
  };
  const find = async (at: string, elfs: string[] = []) => {
    const { placed, notes } = await findElfs(
      dump(),
      0,
      { elfs, folders: [at], option: "--elf" },
      nodeHost.files,
    );
    return [placed[0]?.path, notes] as const;
  };

  for (const parts of [
    ["null-dereference", "build", "cortex-m4", "cortex-m4.elf"],
    ["examples", "null-dereference", "build", "cortex-m4", "cortex-m4.0x1.0x2.elf"],
    ["target", "nrf52840", "thumbv7em-none-eabi", "release", "examples", "null-dereference"],
    ["target", "thumbv7em-none-eabi", "release", "null-dereference"],
    ["anywhere", "null-dereference.elf"],
  ])
    it(`is found in ${parts.slice(0, -1).join("/")} by the app's name`, async () => {
      const root = join(folder, `in-${parts.join("-").length}-${parts[0]}`);
      const path = place(root.slice(folder.length + 1), ...parts);
      assert.deepEqual(await find(root), [path, []]);
    });

  it("is found beside the app's TAB, whatever the folder is called", async () => {
    const root = join(folder, "tab");
    const path = place("tab", "my-app", "build", "cortex-m4", "cortex-m4.elf");
    writeFileSync(join(root, "my-app", "build", "null-dereference.tab"), "");
    assert.deepEqual(await find(root), [path, []]);
  });

  it("is that of the processor that ran, where the builds for several fit", async () => {
    const root = join(folder, "several");
    const right = place("several", "null-dereference", "build", "cortex-m4", "cortex-m4.elf");
    const other = place("several", "null-dereference", "build", "cortex-m0", "cortex-m0.elf");
    const bytes = readFileSync(other);
    const attributes = parseElf(bytes, other).sections.find(
      ({ name }) => name === ".ARM.attributes",
    );
    assert.ok(attributes);
    // Tag_CPU_arch: v7E-M becomes v6S-M.
    const at = bytes.indexOf(Buffer.from([6, 13]), attributes.offset);
    assert.ok(at > 0 && at < attributes.offset + attributes.size);
    bytes[at + 1] = 12;
    writeFileSync(other, bytes);
    assert.deepEqual(await find(root), [right, []]);
  });

  it("is the one whose code agrees with the dump, where several fit", async () => {
    const root = join(folder, "changed");
    const right = place("changed", "null-dereference", "build", "cortex-m4", "cortex-m4.elf");
    const other = place("changed", "null-dereference", "build", "cortex-m3", "cortex-m3.elf");
    const bytes = readFileSync(other);
    const text = parseElf(bytes, other).sections.find(({ name }) => name === ".text");
    assert.ok(text);
    // Nothing calls and nothing makes system calls in there.
    bytes.fill(0xbf, text.offset, text.offset + text.size);
    writeFileSync(other, bytes);
    assert.deepEqual(await find(root), [right, []]);
  });

  it("of another name is not looked at, and one sentence says that none was found", async () => {
    const root = join(folder, "other");
    place("other", "blink", "build", "cortex-m4", "cortex-m4.elf");
    const [path, notes] = await find(root);
    assert.equal(path, undefined);
    assert.equal(notes.length, 1);
    assert.match(`${notes[0]}`, /^There is no ELF of "null-dereference" below .*--elf\.$/);
  });

  it("may have any name when the user gives it", async () => {
    const path = place("given", "x.elf");
    assert.deepEqual(await find(folder, [path]), [path, []]);
  });

  it("that does not fit is not used, and one sentence says why", async () => {
    const path = "examples/crash/crash.elf";
    const [found, notes] = await find(folder, [path]);
    assert.equal(found, undefined);
    assert.match(
      `${notes[0]}`,
      /^examples\/crash\/crash\.elf is not the build of "null-dereference" in the dump: its data ends at 0x\w+, the app's ended at 0x\w+\.$/,
    );
  });

  it("that is damaged or not there is one sentence", async () => {
    const path = join(folder, "bad.elf");
    writeFileSync(path, "\x7fELF");
    const [, notes] = await find(folder, [path, join(folder, "none.elf")]);
    assert.equal(notes.length, 3);
    assert.ok(notes.every(note => /^[^\n]+\.$/.test(note)));
    assert.ok(notes.some(note => /none\.elf: there is no such file\.$/.test(note)));
    assert.ok(notes.some(note => note.startsWith(path)));
  });

  it("fits by the sizes and addresses that the dump tells", () => {
    const [process] = dump().report.processes;
    assert.ok(process?.memory && process.flash && process.initFunction !== null);
    const elf = elfOf(`examples/${NULL_DEREFERENCE}.elf`);
    const { memory, flash, initFunction } = process;
    assert.equal(misfit(elf, process, "cortex-m"), undefined);
    const why = (changes: Partial<typeof process>, isa: "cortex-m" | "riscv" = "cortex-m") =>
      misfit(elf, { ...process, ...changes }, isa) ?? "";
    assert.match(why({}, "riscv"), /another processor/);
    assert.match(why({ flash: { ...flash, end: flash.appStart + 100 } }), /bytes of flash/);
    assert.match(why({ initFunction: initFunction + 4 }), /first function would be at/);
    assert.match(
      why({ stackTop: memory.start + 512 }),
      /its stack has 2048 bytes, the app's had 512/,
    );
    assert.match(why({ heapStart: memory.start + 0x900 }), /its data ends at/);
    assert.match(why({ fixedAddresses: { flash: 0x40080, ram: 0 } }), /position-independent/);
    // What the dump does not tell cannot speak against it.
    assert.equal(why({ flash: null, initFunction: null, stackTop: null, heapStart: null }), "");
  });

  it("is placed by the hint where the map of flash is lost", async () => {
    const all = boardConsole(NULL_DEREFERENCE);
    const text = all.replace(/ {13}\.{5}\r\n[\s\S]*?(?=\r\n {2}R0)/, "");
    const { placed } = await findElfs(
      read(text),
      0,
      { elfs: [`examples/${NULL_DEREFERENCE}.elf`], folders: [], option: "--elf" },
      nodeHost.files,
    );
    const pc = read(all).registers[0]?.[15] ?? 0;
    const place = placed[0]?.symbols.locationAt(pc);
    assert.match(`${place?.path}`, /crashes\.c$/);
  });

  it("tells the bytes of flash and nothing beyond", () => {
    const elf = elfOf(`examples/${HELLO}.elf`);
    const memory = flashOf(elf, { toRuntime: linked => linked - 0x80000000 });
    const text = elf.sections.find(({ name }) => name === ".text");
    assert.ok(text);
    const low = text.address - 0x80000000;
    assert.deepEqual(memory.read(low, 16), text.data().slice(0, 16));
    assert.equal(memory.read(low - 16, 32)?.length, 32);
    assert.equal(memory.read(low + text.size - 2, 4096), undefined);
    assert.equal(memory.read(0x20000000, 1), undefined);
  });
});
