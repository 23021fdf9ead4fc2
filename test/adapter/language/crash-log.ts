// What the console of a board prints when an example crashes.
import { readFileSync } from "node:fs";
import { nrf52840dk, readTab } from "../../../emulator/index.js";

const FREQUENCY = 64_000_000;

/** Types `letter` to examples/crash; the kernel panics. */
export function crashLog(letter: string): string {
  const file = "examples/crash/crash.tab";
  const app = readTab(readFileSync(file), file).binaries.find(
    ({ architecture }) => architecture === "cortex-m4",
  );
  if (!app) throw new Error(`${file} is not built for cortex-m4`);
  const chunks: Uint8Array[] = [];
  const { machine } = nrf52840dk.build({
    apps: [app.bytes],
    listen: event => {
      if (event.type === "uart") chunks.push(event.bytes);
    },
  });
  machine.run(FREQUENCY);
  machine.input("console", letter);
  machine.run(3 * FREQUENCY);
  return new TextDecoder().decode(Buffer.concat(chunks));
}
