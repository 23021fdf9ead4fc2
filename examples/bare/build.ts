// Builds the bare program for a Cortex-M0+ and a Cortex-M4 with arm-none-eabi-gcc.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** Where the code of each core's image starts: what rp2040 and mps2-an386 have there. */
const CORES: Record<string, string> = { "cortex-m0plus": "0x10000000", "cortex-m4": "0x00000000" };

const gcc = (...options: string[]): string =>
  execFileSync("arm-none-eabi-gcc", options, { cwd: "examples/bare", encoding: "utf8" }).trim();

/** Compiles into `folder`/bare-CORE.elf. No path of the building machine enters the file. */
export function buildBare(core: string, folder: string): string {
  const output = resolve(folder, `bare-${core}.elf`);
  const target = [`-mcpu=${core}`, "-mthumb"];
  const temporary = mkdtempSync(join(tmpdir(), "bare-"));
  try {
    // The compiler's own library carries debug information with its builder's paths.
    const library = gcc(...target, "-print-libgcc-file-name");
    const stripped = join(temporary, "libgcc.a");
    execFileSync("arm-none-eabi-objcopy", ["--strip-debug", library, stripped]);
    gcc(
      ...target,
      ..."-Os -g -std=c11 -Wall -Wextra -ffreestanding -fno-builtin -nostdlib".split(" "),
      "-fno-tree-loop-distribute-patterns",
      `-ffile-prefix-map=${resolve("examples/bare")}=.`,
      `-ffile-prefix-map=${gcc("-print-file-name=include")}=include`,
      `-Wl,--defsym,flash_origin=${CORES[core]},--build-id=none`,
      ...["-T", "bare.ld", "bare.c", stripped, "-o", output],
    );
  } finally {
    rmSync(temporary, { recursive: true });
  }
  return output;
}

export const BARE_CORES = Object.keys(CORES);
