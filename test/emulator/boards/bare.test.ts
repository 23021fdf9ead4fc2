import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bare } from "../../../emulator/boards/bare.js";
import type { TraceEvent } from "../../../emulator/index.js";
import { requireTool } from "../../tools.js";
import { Assembler } from "../guest.js";
import { eventsOf } from "../test-board.js";

const BKPT = 0xbeab;

/** A flash image: stack pointer, reset vector, then the program at 8. */
const image = (program: Assembler): Uint8Array => {
  const code = program.bytes(8);
  const bytes = new Uint8Array(8 + code.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x20001000, true);
  view.setUint32(4, 9, true);
  bytes.set(code, 8);
  return bytes;
};

const exitWith = (program: Assembler, code: number) =>
  program
    .set(2, 0x20000100)
    .set(0, 0x20026)
    .store(0, 2)
    .set(0, code)
    .store(0, 2, 1)
    .move(1, 2)
    .set(0, 0x20)
    .halfwords(BKPT);

const text = (events: readonly TraceEvent[]) =>
  Buffer.concat(eventsOf(events, "uart").map(e => e.bytes)).toString();

describe("bare", () => {
  it("runs an image until it ends itself, and gives its code", () => {
    const machine = bare({ image: image(exitWith(new Assembler(), 42)) });
    assert.deepEqual(machine.run(1000), { reason: "exited", code: 42 });
    assert.deepEqual(machine.run(2000), { reason: "exited", code: 42 });
  });

  it("prints what the image writes", () => {
    const events: TraceEvent[] = [];
    const program = new Assembler().address(1, "text", false).set(0, 4).halfwords(BKPT);
    const machine = bare({
      image: image(exitWith(program, 0).text("text", "hello bare")),
      listen: event => events.push(event),
    });
    assert.deepEqual(machine.run(1000), { reason: "exited", code: 0 });
    assert.equal(text(events), "hello bare");
  });

  it("locks up where a fault handler faults", () => {
    // The vector of HardFault is an undefined instruction's bytes.
    const machine = bare({
      image: image(new Assembler().halfwords(0xde00, 0xde00, 0xde00, 0xde00)),
    });
    assert.deepEqual(machine.run(10_000), { reason: "halted" });
  });

  it("stops exactly at its deadline and goes on from a saved state", () => {
    const machine = bare({ image: image(exitWith(new Assembler(), 3)) });
    assert.deepEqual(machine.run(5), { reason: "deadline" });
    assert.equal(machine.clock.now, 5);
    const other = bare({ image: image(exitWith(new Assembler(), 3)) });
    other.load(machine.save());
    assert.deepEqual(other.run(1000), { reason: "exited", code: 3 });
    machine.run(1000);
    assert.deepEqual(other.save(), machine.save());
  });

  it("refuses an ELF that loads where there is no memory, in one sentence", () => {
    const elf = readFileSync("examples/hello/hello.elf");
    assert.throws(() => bare({ image: elf, file: "hello.elf" }), {
      name: "UserError",
      message:
        /^hello\.elf: the segment at file offset 0x[0-9a-f]+ loads \d+ bytes to 0x80000000, where the board has no memory\.$/,
    });
  });

  it("runs an ELF of gcc with a stack, data and a loop on each core", function () {
    const gcc = requireTool(this, "arm-none-eabi-gcc");
    const folder = mkdtempSync(join(tmpdir(), "bare-"));
    writeFileSync(
      join(folder, "main.c"),
      `static volatile unsigned table[16] = {1, 2, 3};
       extern unsigned long _data[], _edata[], _load[], _stack[];
       int main(void) { unsigned sum = 0; for (int i = 0; i < 16; i++) { table[i] += i; sum += table[i]; } return sum; }
       void reset(void) {
         for (unsigned long *to = _data, *from = _load; to < _edata;) *to++ = *from++;
         unsigned block[2] = {0x20026, main()};
         register unsigned r0 asm("r0") = 0x20, r1 asm("r1") = (unsigned)block;
         asm volatile("bkpt 0xab" : : "r"(r0), "r"(r1) : "memory");
       }
       __attribute__((section(".vectors"), used)) static void *const vectors[] = {_stack, reset};`,
    );
    writeFileSync(
      join(folder, "bare.ld"),
      `SECTIONS { . = 0; .text : { *(.vectors) *(.text*) *(.rodata*) } _load = .;
       .data 0x20000000 : AT(_load) { _data = .; *(.data*) *(.bss*) . = ALIGN(4); _edata = .; } _stack = 0x20010000; }`,
    );
    for (const core of ["cortex-m0plus", "cortex-m3", "cortex-m4"] as const) {
      const out = join(folder, `${core}.elf`);
      execFileSync(gcc, [
        ...["-O1", "-mthumb", `-mcpu=${core}`, "-nostdlib", "-nostartfiles", "-T"],
        ...[join(folder, "bare.ld"), join(folder, "main.c"), "-o", out],
      ]);
      const machine = bare({ image: readFileSync(out), core, file: out });
      assert.deepEqual(machine.run(100_000), { reason: "exited", code: 126 });
    }
  });
});
