// The seed of all random cases of a run: always the same, so that a commit passes or fails whoever tries it.
// FUZZ_SEED repeats a run, FUZZ_SEED=random draws a seed and prints it. Mocha loads this file before any test.
import { configureGlobal } from "fast-check";

if (process.env["FUZZ_SEED"] === "random") {
  // Workers of a parallel run inherit it.
  process.env["FUZZ_SEED"] = String(Date.now() & 0x7fffffff);
  console.log(`FUZZ_SEED=${process.env["FUZZ_SEED"]}`);
}

export const seed = Number(process.env["FUZZ_SEED"] ?? 20261126);
configureGlobal({ seed });
