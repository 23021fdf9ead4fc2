// A guest that installs apps through driver 0x10001, step by step, and the apps it installs and lives beside.
import { SyscallClass } from "../../emulator/index.js";
import { type AppOptions, type Assembler, binaryStart, program, tbf } from "./guest.js";

export const APP_LOADER = 0x10001;

/** A command of the driver; `write` shares the payload from `offset` on first. */
export type Step =
  | { setup: number }
  | { write: number; length: number }
  | { unload: number }
  | "finalize"
  | "load"
  | "abort";

/** The steps that install `size` bytes; the header comes last, as it should, or first, as upstream's app does it. */
export function installing(size: number, headerFirst = false, chunk = 512): Step[] {
  const writes = Array.from({ length: size / chunk }, (_, i) => ({
    write: i * chunk,
    length: chunk,
  }));
  const [header, ...rest] = writes as [Step, ...Step[]];
  const ordered = headerFirst ? writes : [...rest, header];
  return [{ setup: size }, ...ordered, "finalize", "load"];
}

/**
 * Takes the steps one after the other, each with its upcall, and then sleeps, or exits with the status of the last upcall.
 * What it installs is `payload`.
 */
export function installer(
  steps: readonly Step[],
  payload: Uint8Array,
  then: "sleep" | "exit" = "sleep",
): Assembler {
  const code = program();
  for (const step of steps) takeStep(code, step);
  if (then === "exit") code.move(1, 0).syscall(SyscallClass.Exit, 0);
  code.label("end").yieldWait().branch("end").label("payload");
  for (let i = 0; i < payload.length; i += 2)
    code.halfwords((payload[i] as number) | ((payload[i + 1] as number) << 8));
  return code;
}

function takeStep(code: Assembler, step: Step): void {
  if (typeof step === "string") {
    const number = { finalize: 3, load: 4, abort: 5 }[step];
    code.command(APP_LOADER, number).yieldWaitFor(APP_LOADER, number - 1);
  } else if ("setup" in step) code.command(APP_LOADER, 1, step.setup).yieldWaitFor(APP_LOADER, 0);
  else if ("unload" in step) code.command(APP_LOADER, 6, step.unload).yieldWaitFor(APP_LOADER, 5);
  else
    code
      .address(2, "payload", false)
      .set(3, step.write)
      .halfwords(0x18d2) // adds r2, r2, r3
      .syscall(SyscallClass.ReadOnlyAllow, APP_LOADER, 0, undefined, step.length)
      .command(APP_LOADER, 2, step.write, step.length)
      .yieldWaitFor(APP_LOADER, 1);
}

/** An app of `totalSize` bytes that sleeps for ever. */
export const sleeper = (name: string, totalSize: number, options: AppOptions = {}): Uint8Array =>
  tbf(program().label("again").yieldWait().branch("again"), { name, totalSize, ...options });

/** A sleeper that must lie at `flash`, header and all, and run in RAM at `ram`. */
export function fixed(
  name: string,
  ram: number,
  flash: number,
  options: AppOptions = {},
): Uint8Array {
  const header = { name, fixedAddressRam: 0, fixedAddressFlash: 0, ...options };
  const length = binaryStart({ ...header, at: 0 });
  const fixedAddressFlash = flash + length;
  return sleeper(name, 2048, { ...options, fixedAddressRam: ram, fixedAddressFlash, at: flash });
}
