// An app as libtock-rs lays it out (build_scripts/libtock_layout.ld), for tests without rustc: needs arm-none-eabi-gcc.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Takes its app break, which is in r3 at first, for its stack, and waits for an upcall that never comes. */
const source = `
  .syntax unified
  .cpu cortex-m4
  .thumb
  .section .start, "ax"
  .global start
  .type start, %function
  .thumb_func
start:
  mov sp, r3
wait:
  movs r0, #1
  svc 0
  b wait
`;

/** At the addresses of platform nrf52840, behind a header of 0x80 bytes. */
const layout = `
ENTRY(start)
MEMORY {
  FLASH (X) : ORIGIN = 0x40080, LENGTH = 0x1000
  RAM (W) : ORIGIN = 0x20010000, LENGTH = 0x1000
}
SECTIONS {
  tbf_protected_region_size = 0x80;
  .start : { KEEP(*(.start)) } > FLASH
  .stack (NOLOAD) : { . += 0x400; } > RAM
}
`;

/** Links it to a file. */
export function libtockRsElf(path: string): void {
  const folder = mkdtempSync(join(tmpdir(), "tock-debug-rs-"));
  writeFileSync(join(folder, "app.S"), source);
  writeFileSync(join(folder, "layout.ld"), layout);
  const words = [
    "-g",
    "-nostdlib",
    "-Wl,-n",
    "-mcpu=cortex-m4",
    "-mthumb",
    "-T",
    join(folder, "layout.ld"),
  ];
  execFileSync("arm-none-eabi-gcc", [...words, join(folder, "app.S"), "-o", path]);
  rmSync(folder, { recursive: true });
}
