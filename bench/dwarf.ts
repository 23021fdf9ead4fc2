// Reading the debug information of a large ELF, in turns with gdb-multiarch: until a first breakpoint can be set, and all of
// it (`-readnow`). Both are whole programs, their start included; ours is one file, as it ships.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildLargeElf, type LargeElf } from "./large-elf.js";
import { isInstalled, type Measurement, median } from "./measurement.js";

const PAIRS = 7;
const TOOLS = ["arm-none-eabi-gcc", "gdb-multiarch"];

function time(command: string, args: readonly string[], expected: RegExp): number {
  const start = performance.now();
  const output = execFileSync(command, args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  const taken = performance.now() - start;
  if (!expected.test(output)) throw new Error(`${command} did not answer:\n${output}`);
  return taken;
}

const gdb = ({ path, source, line }: LargeElf, ...options: string[]): number =>
  time(
    "gdb-multiarch",
    ["--batch", "-nx", ...options, "-ex", `break ${source}:${line}`, path],
    /^Breakpoint 1 at /m,
  );

const ours = (reader: string, { path, source, line }: LargeElf, ...all: string[]): number =>
  time(process.execPath, [reader, path, source, `${line}`, ...all], /^[\d.]+$/m);

/** Bundles `read-dwarf.js` into `folder` as the adapter is bundled. */
function bundleReader(folder: string): string {
  const options = ["--mode", "production", "--target", "node20", "--stats", "errors-only"];
  execFileSync(process.execPath, [
    "node_modules/webpack-cli/bin/cli.js",
    ...options,
    ...["--entry", "./out/bench/read-dwarf.js"],
    ...["--output-path", folder, "--output-filename", "read-dwarf.cjs"],
  ]);
  return join(folder, "read-dwarf.cjs");
}

export function benchDwarf(): Measurement[] {
  const missing = TOOLS.filter(tool => !isInstalled(tool));
  if (missing.length > 0) {
    return [{ what: "debug information", value: `skipped: no ${missing.join(", no ")}` }];
  }
  const folder = mkdtempSync(join(tmpdir(), "tock-debug-bench-"));
  try {
    return compare(buildLargeElf(folder), bundleReader(folder));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function compare(elf: LargeElf, reader: string): Measurement[] {
  const size = `${(statSync(elf.path).size / 1e6).toFixed(1)} MB`;
  const pairs = Array.from({ length: PAIRS }, () => ({
    first: [ours(reader, elf), gdb(elf)] as const,
    all: [ours(reader, elf, "all"), gdb(elf, "-readnow")] as const,
  }));
  const rows = (what: string, of: (pair: (typeof pairs)[number]) => readonly [number, number]) => {
    const [mine, theirs] = [0, 1].map(i => median(pairs.map(pair => of(pair)[i] as number)));
    const ratio = median(pairs.map(pair => of(pair)[0] / of(pair)[1]));
    const milliseconds = (value: number | undefined) => `${value?.toFixed(0)} ms`;
    return [
      { what: `${what}, ours`, value: milliseconds(mine) },
      { what: `${what}, gdb`, value: milliseconds(theirs) },
      { what: `${what} / gdb`, value: ratio.toFixed(2), target: "≤ 1.00", met: ratio <= 1 },
    ];
  };
  return [
    ...rows(`${size} ELF to the first breakpoint`, pair => pair.first),
    ...rows(`${size} ELF read whole (-readnow)`, pair => pair.all),
  ];
}
