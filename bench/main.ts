// `npm run bench`: measures and prints one table. Ratios to peers are measured in the same run; nothing is stored.
import { benchCondition } from "./condition.js";
import { benchCpu } from "./cpu.js";
import { benchDwarf } from "./dwarf.js";
import { benchInstall } from "./install.js";
import { benchKernel } from "./kernel.js";
import { benchKernelMemory } from "./kernel-memory.js";
import { benchLanguage } from "./language.js";
import { benchLaunch } from "./launch.js";
import type { Measurement } from "./measurement.js";
import { benchSession } from "./session.js";

const BENCHES: readonly (() => Measurement[] | Promise<Measurement[]>)[] = [
  benchCpu,
  benchLaunch,
  benchCondition,
  benchKernel,
  benchKernelMemory,
  benchSession,
  benchInstall,
  benchDwarf,
  benchLanguage,
];

const rows: Measurement[] = [];
for (const bench of BENCHES) rows.push(...(await bench()));
const width = Math.max(...rows.map(r => r.what.length));
for (const { what, value, target, met } of rows) {
  const goal = target === undefined ? "" : `  target ${target}${met ? "" : "  MISSED"}`;
  console.log(`${what.padEnd(width)}  ${value.padStart(10)}${goal}`);
}
if (rows.some(r => r.met === false)) process.exitCode = 1;
