// Routes of the loader: apps that are installed, removed, switched and listed while the board runs.
import { hex, UserError } from "../emulator/index.js";
import { readApps } from "./apps.js";
import type { Fields } from "./arguments.js";
import type { Control } from "./control.js";
import type { Files } from "./files.js";
import type { AppsBody, InstallAppBody } from "./protocol.js";

const schema = 1;

export async function installApp(
  args: Fields,
  control: Control,
  files: Files,
): Promise<InstallAppBody> {
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
  await control.installApp(app);
  for (const notice of notices) control.say(notice);
  return { schema, name: app.tbf.header.name, size: app.tbf.bytes.length };
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

export function eraseApps(control: Control): undefined {
  command(control, "erase-apps");
}

export const apps = (control: Control): AppsBody => ({
  schema,
  busy: control.loading.loader.busy,
  apps: control.loading.apps(),
});

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
