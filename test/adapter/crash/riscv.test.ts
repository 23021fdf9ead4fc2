// RISC-V in the engine: what its instructions touch and change, and what a dump is to a listing, a session and a hostile ELF.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { touched } from "../../../adapter/crash/architecture.js";
import { explainDump } from "../../../adapter/crash/dump-body.js";
import { explain } from "../../../adapter/crash/explain.js";
import { placeElfAt } from "../../../adapter/crash/find-elf.js";
import { listing } from "../../../adapter/crash/listing.js";
import { parseDump } from "../../../adapter/crash/parse.js";
import { RISCV } from "../../../adapter/crash/riscv.js";
import { instructionAt } from "../../../adapter/flow.js";
import { nodeHost } from "../../../adapter/host.node.js";
import { DwarfSymbols } from "../../../adapter/symbols/table.js";
import { DwarfUnwinder } from "../../../adapter/symbols/unwind.js";
import { parseElf } from "../../../emulator/index.js";
import { requireTool } from "../../tools.js";
import { Debugging } from "../debugging.js";
import { crashDump, crashed, RISCV_CRASHES } from "./riscv-process.js";
import { codeAt, riscvScene } from "./scenes.js";

const AT = 0x80100100;

/** `crashes.c` writes it as data, of which the symbols say so. */
const FLW = "00052507";

/** Instructions of 16 or 32 bits one behind the other; the last one is looked at. */
function look(...codes: readonly number[]) {
  const halves = codes.map(code =>
    (code & 3) === 3 ? [code & 0xffff, code >>> 16] : [code & 0xffff],
  );
  const all = halves.flat();
  const read16 = (address: number) => all[(address - AT) / 2];
  const before = halves.slice(0, -1).flat().length;
  const instruction = instructionAt(RISCV.isa, AT + 2 * before, read16);
  return { ...instruction, ...RISCV.effectsOf(instruction, read16) };
}

describe("an instruction of RISC-V", () => {
  it("touches what its base and offset say", () => {
    const registers = Array.from({ length: 33 }, (_, i) => 0x1000 * i);
    const at = (code: number) => {
      const { transfer } = look(code);
      return transfer && [transfer.kind, touched(transfer, registers)];
    };
    assert.deepEqual(at(0x0005a503), ["read", { address: 0xb000, size: 4 }]); // lw a0,0(a1)
    assert.deepEqual(at(0xfff5c503), ["read", { address: 0xafff, size: 1 }]); // lbu a0,-1(a1)
    assert.deepEqual(at(0xfea12e23), ["write", { address: 0x1ffc, size: 4 }]); // sw a0,-4(sp)
    assert.deepEqual(at(0x43d8), ["read", { address: 0xf004, size: 4 }]); // c.lw a4,4(a5)
    assert.deepEqual(at(0xc606), ["write", { address: 0x200c, size: 4 }]); // c.swsp ra,12(sp)
    assert.deepEqual(at(0x1005252f), ["read", { address: 0xa000, size: 4 }]); // lr.w a0,(a0)
    assert.deepEqual(at(0x04b6252f), ["write", { address: 0xc000, size: 4 }]); // amoadd.w.aq a0,a1,(a2)
    assert.equal(at(0x952e), undefined); // c.add a0,a1
  });

  it("changes its destination, a call what it may change, and a store nothing", () => {
    assert.deepEqual(look(0x952e).changes, [10]); // c.add a0,a1
    assert.deepEqual(look(0x04b6252f).changes, [10]); // amoadd.w.aq a0,a1,(a2)
    assert.deepEqual(look(0x00058013).changes, []); // mv zero,a1
    for (const code of [0xfea12e23, 0xfe050ee3, 0x0ff0000f, 0x30200073, 0x8082, 0x9002])
      assert.deepEqual(look(code).changes, [], code.toString(16));
    const called = look(0x000500e7).changes; // jalr a0
    assert.deepEqual(
      [called.includes(1), called.includes(10), called.includes(8)],
      [true, true, false],
    );
    assert.deepEqual(look(0x00000073).changes, [10, 11, 12, 13]); // ecall
    assert.deepEqual(look(0x1f8002ef).changes, [5, 2]); // jal t0: saves registers for others
  });

  it("makes numbers of two parts, copies, sums and shifts", () => {
    assert.deepEqual(look(0x123452b7).result, { by: "constant", value: 0x12345000, part: true });
    assert.deepEqual(look(0x00000517).result, { by: "constant", value: AT, part: true }); // auipc
    assert.deepEqual(look(0x4515).result, { by: "constant", value: 5 }); // c.li a0,5
    assert.deepEqual(look(0x852e).result, { by: "copy", register: 11 }); // c.mv a0,a1
    assert.deepEqual(look(0x00858513).result, {
      ...{ by: "sum", left: 11, right: { constant: 8 }, shift: 0, minus: false }, // addi a0,a1,8
    });
    assert.deepEqual(look(0x050a).result, { by: "shift", register: 10, amount: 2 }); // c.slli
    assert.deepEqual(look(0x40b00533).result, {
      ...{ by: "sum", left: { constant: 0 }, right: { register: 11 }, shift: 0, minus: true }, // neg
    });
  });

  it("goes where it says, also by an address that the instruction before it has made", () => {
    const jal = look(0x008000ef);
    assert.deepEqual([jal.flow, jal.target], [{ kind: "call", target: AT + 8 }, AT + 8]);
    const call = look(0x00000097, 0x024080e7); // auipc ra,0; jalr 36(ra)
    assert.deepEqual([call.flow, call.target], [{ kind: "call", target: AT + 36 }, AT + 36]);
    const tail = look(0x00000317, 0xfa030067); // auipc t1,0; jr -96(t1)
    assert.deepEqual(tail.flow, { kind: "branch", target: AT - 96, conditional: false });
    const through = look(0x9782); // jalr a5
    assert.deepEqual([through.flow, through.through], [{ kind: "call" }, 15]);
    const back = look(0x8082); // ret
    assert.deepEqual([back.flow, back.ends], [{ kind: "computed" }, "return"]);
    assert.deepEqual(look(0xfe050ee3).flow, { kind: "branch", target: AT - 4, conditional: true });
    assert.deepEqual(look(0x00000073).flow, { kind: "syscall" });
  });
});

describe("a trap of RISC-V", () => {
  const judge = (mcause: number, mtval: number, set = {}, ...code: number[]) =>
    explain({ ...riscvScene(mcause, mtval, set), memory: codeAt(0x40100, ...code) });

  it("is explained by the instruction where the processor leaves mtval 0", () => {
    const { access, kind } = judge(7, 0, { 15: 0x40000000 }, 0xc3d8); // c.sw a4,4(a5)
    assert.deepEqual(access, { kind: "write", address: 0x40000004, size: 4 });
    // Where peripherals are, every chip decides.
    assert.equal(kind, "no-memory");
  });

  it("is the store that the instruction is, where the processor reports a load", () => {
    const { access, verdict } = judge(5, 0, { 15: 0 }, 0xc398); // c.sw a4,0(a5)
    assert.deepEqual(access, { kind: "write", address: 0, size: 4 });
    assert.match(verdict, /tried to write 4 bytes to 0x00000000/);
  });

  it("of a jump to an address that is no multiple of 4 stands at the jump", () => {
    const { kind, verdict, instruction } = judge(0, 0x40202, { 15: 0x40202 }, 0x9782);
    assert.equal(kind, "unaligned");
    assert.match(verdict, /jumped to 0x00040202.* not a multiple of 4/);
    assert.equal(instruction?.text, "jalr a5");
  });

  it("tells traps of gcc and LLVM, instructions of the kernel, and of a floating-point unit", () => {
    assert.equal(judge(3, 0, {}, 0x9002).kind, "division-trap");
    assert.equal(judge(2, 0, {}, 0x0000).kind, "abort");
    assert.match(judge(2, 0, {}, 0x2573, 0x3420).verdict, /`csrr a0,mcause`.*only the kernel/);
    assert.equal(judge(2, 0, {}, 0x7053, 0x0015).kind, "floating-point");
    assert.equal(judge(2, 0, {}, 0xffff, 0xffff).kind, "undefined-instruction");
  });

  it("is none after a system call or an interrupt: somebody asked for the fault", () => {
    assert.equal(judge(8, 0, { 14: 2 }).kind, "requested");
    assert.equal(judge(0x80000007, 0).kind, "requested");
    const { kind, instruction } = judge(8, 0, { 14: 12 });
    assert.equal(kind, "unknown-syscall");
    // The kernel has moved the pc on.
    assert.deepEqual(instruction, { address: 0x400fc, text: "ecall" });
  });

  it("is judged by the lowest PMP entry that covers the address", () => {
    const [flash] = riscvScene(7, 0x40200).ranges.slice(1);
    assert.ok(flash);
    const all = { ...flash, region: 5, low: 0, high: 0xffffffff, write: true };
    const scene = { ...riscvScene(7, 0x40200, { 15: 0x40200 }), ranges: [all, flash] };
    const { details } = explain({ ...scene, memory: codeAt(0x40100, 0xc398) }); // c.sw a4,0(a5)
    assert.match(details.join(" "), /PMP entry 2 of app, 0x00040000–0x00041000, is r-x/);
  });

  it("by a stack pointer outside of the RAM of the process is told as that", () => {
    const { kind } = judge(7, 0x10, { 2: 4 }, 0xc606); // c.swsp ra,12(sp)
    assert.equal(kind, "bad-stack-pointer");
  });
});

describe("the stack of a process on RISC-V", () => {
  const framesOf = (which: number) => {
    const { process, fault, elf } = crashed(which);
    const symbols = new DwarfSymbols(elf);
    const registers = [...fault.registers, fault.pc];
    return new DwarfUnwinder(symbols).frames(registers, process.memory);
  };

  // start_c ends with a jump to app, of which nothing tells.
  it("is unwound by call frame information down to the first function", () => {
    assert.deepEqual(
      framesOf(1).map(({ name }) => name),
      ["null_dereference", "app", "_start"],
    );
  });

  it("ends at a function that has called another one and has its return address nowhere", () => {
    const { process, fault, elf } = crashed(1);
    const symbols = new DwarfSymbols(elf);
    // Between its first instruction, which moves sp, and the one that stores ra.
    const ra = (symbols.functionsNamed("stack_overflow")[0]?.entry ?? 0) + 8;
    const registers = [...fault.registers.with(1, ra), fault.pc];
    const frames = new DwarfUnwinder(symbols).frames(registers, process.memory);
    assert.deepEqual(
      frames.map(({ name }) => name),
      ["null_dereference", "stack_overflow"],
    );
  });

  it("goes through an upcall into the system call that it came from", () => {
    const frames = framesOf(11);
    assert.deepEqual(
      frames.map(
        ({ name, upcall, tailCall }) =>
          `${name}${upcall ? " upcall" : ""}${tailCall ? " tail" : ""}`,
      ),
      ["on_alarm upcall", "syscall4", "wait_for_alarm tail", "app", "_start"],
    );
  });

  it("has every level of a recursion, with the registers that each has saved", () => {
    const frames = framesOf(2).filter(({ name }) => name === "stack_overflow");
    assert.ok(frames.length > 25);
    const sizes = frames.slice(1).map(({ cfa = 0 }, i) => cfa - (frames[i]?.cfa ?? 0));
    assert.ok(sizes.every(size => size === 64));
  });
});

describe("a dump of RISC-V", () => {
  const elfBytes = new Uint8Array(readFileSync(RISCV_CRASHES));
  const linesOf = async (bytes: Uint8Array): Promise<string[]> => {
    const elf = parseElf(bytes, RISCV_CRASHES);
    const lines: string[] = [];
    for await (const line of listing(
      placeElfAt(RISCV_CRASHES, elf, undefined),
      async () => undefined,
    ))
      lines.push(line);
    return lines;
  };

  it("has a listing divided into instructions as objdump does, and constants as data", async function () {
    const objdump = requireTool(this, "riscv64-unknown-elf-objdump");
    const text = execFileSync(objdump, ["-d", "-z", RISCV_CRASHES], { encoding: "utf8" });
    const theirs = [...text.matchAll(/^([0-9a-f]{8}):\t([0-9a-f]+) /gm)].map(
      ([, at, code]) => `${at} ${code}`,
    );
    const lines = await linesOf(elfBytes);
    const code = lines.slice(0, lines.indexOf("Section .data:"));
    const ours = code.flatMap(line => {
      const [, at, bytes, mnemonic] =
        /^ {2}([0-9a-f]{8}): {2}([0-9a-f]+)(?: [0-9a-f]+)? +(\S+)/.exec(line) ?? [];
      return mnemonic === undefined || mnemonic.startsWith(".word") ? [] : [`${at} ${bytes}`];
    });
    assert.ok(ours.length > 150);
    const end = ours.at(-1)?.slice(0, 8) ?? "";
    assert.deepEqual(
      ours,
      theirs.filter(each => each.slice(0, 8) <= end && !each.endsWith(FLW)),
    );
    assert.match(lines.join("\n"), /^ {2}\w{8}: {2}0004 0000 {2}\.word {3}0x00000004$/m);
  });

  it("has names of functions in the listing, and none of the labels that the assembler made", async () => {
    const elf = parseElf(elfBytes, RISCV_CRASHES);
    assert.ok(elf.symbols.some(({ name }) => name.startsWith(".L")));
    const text = (await linesOf(elfBytes)).join("\n");
    assert.match(text, /^801000\w\w <stack_overflow>:$/m);
    assert.doesNotMatch(text, /<\.L/);
  });

  it("names in the listing where calls and jumps through two instructions go", async () => {
    const lines = await linesOf(elfBytes);
    assert.match(lines.join("\n"), /: {2}\w{8} {3}jalr {4}\S+\(ra\) <null_dereference>$/m);
  });

  it("opens as a session with registers by their names, disassembly and the PMP", async () => {
    const folder = mkdtempSync(join(tmpdir(), "riscv-"));
    try {
      const dump = join(folder, "serial.log");
      writeFileSync(dump, crashDump(1));
      const client = new Debugging();
      await client.request("initialize", { adapterID: "tock" });
      await client.request("attach", {
        mode: "crash",
        dump,
        elf: join(process.cwd(), RISCV_CRASHES),
      });
      await client.event("initialized");
      await client.request("configurationDone");
      await client.stopped();
      const [frame, caller] = await client.stack(1);
      assert.deepEqual([frame?.name, caller?.name], ["null_dereference", "app"]);
      const id = frame?.id ?? 0;
      assert.match(await client.evaluate("$sp", id), /^0x803007[ef]0/);
      assert.equal(await client.evaluate("$x2 == $sp && $a5 == $x15", id), "1");
      assert.equal(await client.evaluate("total", id), "0");
      await assert.rejects(client.evaluate("$r1", id), /there is no register \$r1; there are \$x0/);
      assert.match(
        [...(await client.scope(id, "PMP")).values()][0]?.value ?? "",
        /^r-x 0x80100000/,
      );
      assert.ok((await client.scope(id, "Registers")).has("s11"));
      const { instructions } = await client.request<{ instructions: { instruction: string }[] }>(
        "disassemble",
        { memoryReference: frame?.instructionPointerReference, instructionCount: 1 },
      );
      assert.equal(instructions[0]?.instruction, "lw a4,4(a4)");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("places the app in gdb where it was linked", async () => {
    const folder = mkdtempSync(join(tmpdir(), "riscv-"));
    try {
      const dump = join(folder, "serial.log");
      writeFileSync(dump, crashDump(1));
      const { stdout } = spawnSync(
        process.execPath,
        ["out/cli/main.js", "gdb-script", "--dump", dump, "--elf", RISCV_CRASHES],
        { encoding: "utf8" },
      );
      assert.match(stdout, /^add-symbol-file ".*crashes\.elf" 0x80100080 .*-s \.bss 0x803008/m);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("is explained without a crash of ours by an ELF of which any byte is another", async () => {
    const folder = mkdtempSync(join(tmpdir(), "riscv-"));
    try {
      const path = join(folder, "crashes.elf");
      const text = crashDump(1);
      for (let round = 0; round < 60; round++) {
        const bytes = Uint8Array.from(elfBytes);
        // A prime apart, so that code, symbols and debug information all get their turn.
        for (let at = round * 7; at < bytes.length; at += 977)
          bytes[at] = (bytes[at] ?? 0) ^ (round + 1);
        writeFileSync(path, bytes);
        const dump = parseDump(text);
        assert.ok(dump);
        const options = { elfs: [path], folders: [], option: "--elf", kernel: undefined };
        const { body } = await explainDump(text, dump, options, nodeHost.files);
        assert.ok(body.explanation.verdict.length > 0);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
