// What it costs to install an app of 64 KiB on a running board, through driver 0x10001 in pieces of 512 bytes and of a page.
import { tbf } from "../test/emulator/guest.js";
import { installer, installing, sleeper } from "../test/emulator/installer.js";
import { upstream } from "../test/emulator/installing-boards.js";
import type { Measurement } from "./measurement.js";

const SIZE = 0x10000;

export const benchInstall = (): Measurement[] => [512, 4096].flatMap(measure);

function measure(chunk: number): Measurement[] {
  const guest = installer(installing(SIZE, false, chunk), sleeper("new", SIZE), "exit");
  let ended = 0;
  const { machine, kernel } = upstream.build({
    apps: [tbf(guest, { name: "installer", totalSize: 2 * SIZE })],
    listen: event => {
      if (event.type === "processExited") ended = event.cycle;
    },
  });
  const start = performance.now();
  machine.run(120 * machine.clock.frequency);
  const elapsed = performance.now() - start;
  if (kernel.processCount !== 2) throw new Error("the app was not installed");
  const what = `install of 64 KiB in pieces of ${chunk} bytes`;
  const seconds = (ended / machine.clock.frequency).toFixed(1);
  return [
    { what: `${what}, wall time`, value: `${elapsed.toFixed(0)} ms` },
    { what: `${what}, virtual time`, value: `${seconds} s` },
  ];
}
