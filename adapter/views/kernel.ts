// The view of the kernel: who runs and who is next, what is due, what lies in flash, which drivers the board has.
import { AlarmDriver } from "../../emulator/index.js";
import type { Control } from "../control.js";
import { threadOf } from "../stack.js";
import { driverText } from "../syscall-text.js";
import type { FlashPart, KernelBody } from "./model.js";

/** Events of devices that are shown. */
const MOST_EVENTS = 20;
const ALARM = 0;

export function kernelBody({ debuggee, loading, board }: Control): KernelBody {
  const { kernel, machine } = debuggee;
  const { clock } = machine;
  const { scheduler, current, timesliceLeftUs: left, next } = kernel.scheduling;
  const named = (index: number) => ({ threadId: threadOf(index), name: debuggee.nameOf(index) });
  const secondsTo = (cycle: number) => Math.max(0, cycle - clock.now) / clock.frequency;
  const { drivers, unbuiltDrivers } = board.built;
  const driverOf = (driver: number) => ({ driver, name: driverText(driver) });
  return {
    schema: 1,
    view: "kernel",
    board: board.description,
    seconds: clock.now / clock.frequency,
    panicked: kernel.halted,
    scheduler,
    current: current === null ? null : { ...named(current), left },
    next: next.map(named),
    alarms: alarmsOf(drivers.get(ALARM)).map(({ index, seconds }) => ({
      ...named(index),
      seconds,
    })),
    events: clock
      .save()
      .events.slice(0, MOST_EVENTS)
      .map(({ device, at }) => ({ device, seconds: secondsTo(at) })),
    flash: flashOf(loading.apps(), board.appFlash),
    drivers: [...drivers.keys()].sort((a, b) => a - b).map(driverOf),
    missing: unbuiltDrivers.map(driverOf),
  };
}

/** The soonest first. */
function alarmsOf(driver: unknown): { index: number; seconds: number }[] {
  if (!(driver instanceof AlarmDriver)) return [];
  return driver.pending
    .map(({ process: { index }, seconds }) => ({ index, seconds }))
    .sort((a, b) => a.seconds - b.seconds);
}

type App = ReturnType<Control["loading"]["apps"]>[number];

/** Apps and the room between them, in order. */
function flashOf(apps: readonly App[], flash: { address: number; size: number }): FlashPart[] {
  const parts: FlashPart[] = [];
  const room = (address: number, end: number): void => {
    const empty = { name: "", version: 0, enabled: false, sticky: false };
    if (end > address) parts.push({ kind: "free", address, size: end - address, ...empty });
  };
  let at = flash.address;
  for (const { state: _, ...app } of apps) {
    room(at, app.address);
    parts.push({ kind: "app", ...app });
    at = app.address + app.size;
  }
  room(at, flash.address + flash.size);
  return parts;
}
