// Routes of the loader: apps that are installed, removed, switched and listed while the board runs.
import { hex, KERNEL_VERSION, UserError } from "../emulator/index.js";
import { type App, readApps } from "./apps.js";
import type { Fields } from "./arguments.js";
import { canDoWithout } from "./board-choice.js";
import type { Control } from "./control.js";
import { driversUsed } from "./drivers-used.js";
import * as errors from "./errors.js";
import type { Files } from "./files.js";
import type { AppsBody, BoardInfoBody, InstallAppBody, InstallPlanBody } from "./protocol.js";
import { driverNames, driverText } from "./syscall-text.js";

const schema = 1;

export async function installApp(
  args: Fields,
  control: Control,
  files: Files,
): Promise<InstallAppBody> {
  const update = args.optionalBoolean("update") ?? false;
  const { app, notices } = await readGiven(args, control, files);
  await control.installApp(app, update ? "update" : "install");
  for (const notice of notices) control.say(notice);
  return { schema, name: app.tbf.header.name, size: app.tbf.bytes.length };
}

/** What `installApp` would do, and whether it can. */
export async function planInstall(
  args: Fields,
  control: Control,
  files: Files,
): Promise<InstallPlanBody> {
  const { app, notices } = await readGiven(args, control, files);
  const { header, bytes } = app.tbf;
  const { name, kernelVersion: kernel, fixedAddressFlash, fixedAddressRam } = header;
  const { variant } = app.tbf as { variant?: string };
  const old = control.loading.apps().find(installed => name !== "" && installed.name === name);
  return {
    schema,
    name,
    version: header.binaryVersion,
    ...(variant !== undefined && { variant }),
    flash: bytes.length,
    ram: header.minimumRamSize,
    ...(kernel && { kernelVersion: `${kernel.major}.${kernel.minor}` }),
    ...(fixedAddressFlash !== undefined && { fixedFlash: fixedAddressFlash }),
    ...(fixedAddressRam !== undefined && { fixedRam: fixedAddressRam }),
    ...(old && { replaces: old }),
    ...placeOf(bytes, control),
    warnings: [...lacking(app, control), ...notices],
  };
}

function placeOf(tbf: Uint8Array, control: Control): { address: number } | { refusal: string } {
  try {
    if (control.ended) throw errors.boardGone();
    return { address: control.loading.loader.placeFor(tbf) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { refusal: error.message };
  }
}

/** A sentence for each driver that the app asks for and the board lacks; none can be told without its ELF. */
function lacking({ elf, tbf, name }: App, { debuggee, loading }: Control): string[] {
  if (elf === undefined) return [];
  const used = driversUsed(elf, debuggee.machine.cpu.isa);
  return [...used]
    .filter(driver => !loading.drivers.has(driver) && !canDoWithout(driver, elf))
    .map(
      driver =>
        `${name ?? (tbf.header.name || "The app")} uses ${driverText(driver)}, which ${loading.board.name} lacks: its calls to it fail with NODEVICE.`,
    );
}

async function readGiven(
  args: Fields,
  control: Control,
  files: Files,
): Promise<{ app: App; notices: string[] }> {
  const bytes = args.optionalString("bytes");
  const path = args.optionalString("path") ?? (bytes === undefined ? undefined : "app.tbf");
  if (path === undefined)
    args.wrong("path", 'the path of a .tab or .tbf, unless there are "bytes"');
  const given = bytes === undefined ? undefined : decode(bytes, args);
  const read = (wanted: string): Promise<Uint8Array | undefined> =>
    given !== undefined && wanted === path ? Promise.resolve(given) : files.read(wanted);
  const option = {
    path,
    elf: args.optionalString("elf"),
    name: args.optionalString("name"),
    sourceMap: control.loading.sourceMap,
    installed: true,
  };
  const { target } = control.loading;
  const { apps, notices } = await readApps([option], target, { ...files, read });
  const [app] = apps;
  if (app === undefined) throw new Error("an app was neither read nor refused");
  return { app, notices };
}

function decode(text: string, args: Fields): Uint8Array {
  try {
    return Uint8Array.from(atob(text), c => c.charCodeAt(0));
  } catch {
    // What `atob` throws says no more.
    args.wrong("bytes", "Base64");
  }
}

export function uninstallApp(args: Fields, control: Control): undefined {
  command(control, `uninstall ${appOf(args)}`);
}

/** @returns whether the board is to run on if it stands still */
export function restartProcess(args: Fields, control: Control): boolean {
  const resume = args.optionalBoolean("resume") ?? false;
  control.input("loader", `restart ${appOf(args)}`);
  if (!resume) control.sayIfStill(`restart ${appOf(args)}`);
  return resume && !control.running;
}

export function setAppEnabled(args: Fields, control: Control): undefined {
  const enabled = args.optionalBoolean("enabled") ?? args.wrong("enabled", "true or false");
  command(control, `${enabled ? "enable" : "disable"} ${appOf(args)}`);
}

export function setAppSticky(args: Fields, control: Control): undefined {
  const sticky = args.optionalBoolean("sticky") ?? args.wrong("sticky", "true or false");
  command(control, `${sticky ? "sticky" : "unsticky"} ${appOf(args)}`);
}

export function eraseApps(control: Control): undefined {
  command(control, "erase-apps");
}

/** The board starts anew with what its flash holds, as by its reset button. */
export function resetBoard(control: Control): undefined {
  command(control, "reset");
}

export const apps = (control: Control): AppsBody => ({
  schema,
  busy: control.loading.loader.busy,
  apps: control.loading.apps(),
});

export function board({ loading, running, debuggee }: Control): BoardInfoBody {
  const { name, description, architecture, appFlash } = loading.board;
  const drivers = [...loading.drivers].sort((a, b) => a - b);
  return {
    schema,
    name,
    description,
    architecture,
    kernelVersion: KERNEL_VERSION,
    running,
    appFlash,
    drivers: drivers.map(number => ({ number, name: driverNames[number] ?? "" })),
    inputs: [...debuggee.machine.devices.values()]
      .filter(({ onInput }) => onInput !== undefined)
      .map(device => device.name),
  };
}

/** An app by its name, or by the address of its header where names are not enough. */
function appOf(args: Fields): string {
  const address = args.optionalInteger("address", 0);
  const app = address === undefined ? args.string("app") : hex(address);
  if (app === "") throw new UserError(`${args.where}: "app" must be the name of an app.`);
  return app;
}

function command(control: Control, text: string): void {
  control.input("loader", text);
  control.sayIfStill(text);
}
