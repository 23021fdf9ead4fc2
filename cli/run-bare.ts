// `tock-debug run --board bare`: one image that owns the whole CPU and ends itself by semihosting.
import { setImmediate } from "node:timers/promises";
import { parseSeconds } from "../adapter/inputs.js";
import { bareBoard, type CoreName, cores, UserError } from "../emulator/index.js";
import { readBytes } from "./files.js";
import type { Arguments } from "./verb.js";

const SLICE = 4_000_000;

/** The exit code is the image's: 0, or 1 for any other code. */
export async function runBare(args: Arguments): Promise<number> {
  const [file, ...others] = args.positionals;
  if (file === undefined || others.length > 0)
    throw new UserError("run --board bare: expected one image, an ELF or the bytes of flash.");
  const machine = bareBoard.build({
    image: readBytes(file),
    file,
    core: readCore(args.text("core") ?? "cortex-m4"),
    listen: event => {
      if (event.type === "uart") process.stdout.write(event.bytes);
    },
  });
  const limit = parseSeconds(args.text("for") ?? "") ?? Number.POSITIVE_INFINITY;
  const { clock } = machine;
  while (clock.now < limit * clock.frequency) {
    const stop = machine.run(Math.min(clock.now + SLICE, limit * clock.frequency));
    if (stop.reason === "exited") return stop.code === 0 ? 0 : 1;
    if (stop.reason === "halted") throw new UserError(`${file}: the core locked up.`);
    if (stop.reason === "idle") return 0;
    await setImmediate();
  }
  return 0;
}

function readCore(name: string): CoreName {
  const core = cores.find(known => known === name);
  if (core === undefined) throw new UserError(`--core ${name}: expected ${cores.join(", ")}.`);
  return core;
}
