// How many random cases a run tries: FUZZ_SCALE makes it longer, FUZZ_SEED (test/seed.ts) another.
import { seed } from "../seed.js";

const scale = Number(process.env["FUZZ_SCALE"] ?? 1);

/** `count` cases of a run in CI, more or fewer by FUZZ_SCALE. */
export const scaled = (count: number): number => Math.max(1, Math.round(count * scale));

/** Tells what has been tried, so that it can be tried again. */
export function tell(what: string): void {
  console.log(`      ${what}, FUZZ_SEED=${seed}`);
}

/** Milliseconds of CPU time that this process has used: other processes beside it do not count. */
export function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
