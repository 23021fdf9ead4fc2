// Completes a launch of type `tock`: F5 without launch.json, settings as defaults, paths made absolute.
import * as vscode from "vscode";
import { said } from "./commands/said.js";
import { allApps, appFolder, findApp, type Surroundings, stem } from "./find-app.js";
import { plain } from "./panels/text.js";
import { isVirtual, named, placedIn, shownFolder, toPath } from "./paths.js";
import { lookAround } from "./surroundings.js";
import { buildAndDebug, buildFirst, builtByCargo } from "./tasks/build-first.js";
import { buildOf } from "./tasks/builds.js";
import { type CargoApp, elfOf } from "./tasks/cargo.js";
import { appsOfCargo } from "./tasks/cargo-project.js";
import { currentBuild } from "./tasks/provider.js";

/** VS Code's own variable in launch.json. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: VS Code substitutes it, not JavaScript
const workspaceFolder = "${workspaceFolder}";

const notCrash =
  'Tock apps run on an emulated board: "request" must be "launch", or "attach" with "mode": "crash" to open a crash dump.';

/** Completes every launch, and offers the first contents of a new launch.json. */
export class ConfigurationProvider implements vscode.DebugConfigurationProvider {
  readonly #canBuild: boolean;

  /** @param canBuild make can be run */
  constructor(canBuild: boolean) {
    this.#canBuild = canBuild;
  }

  async provideDebugConfigurations(
    folder: vscode.WorkspaceFolder | undefined,
  ): Promise<vscode.DebugConfiguration[]> {
    const seen = await lookAround();
    const [app] = await cargoOf(seen);
    if (app !== undefined) return [launchOfCargo(app, folder)];
    const found = findApp(seen);
    const path = found.kind === "app" ? found.path : `${workspaceFolder}/build/app.tab`;
    return [launchOf([path], folder)];
  }

  /** An empty configuration means F5 without launch.json. `undefined` ends the launch; the user was told why. */
  async resolveDebugConfiguration(
    _folder: vscode.WorkspaceFolder | undefined,
    config: vscode.DebugConfiguration,
  ): Promise<vscode.DebugConfiguration | undefined> {
    if (config.request === "attach") return config["mode"] === "crash" ? config : tell(notCrash);
    if (config["scenario"] !== undefined) return config;
    const apps = config["apps"];
    const isEmpty = Array.isArray(apps) && apps.length === 0;
    // With a file of flash an empty list means the apps that lie in it, and no more.
    if (apps !== undefined && !(isEmpty && config["flash"] === undefined)) return config;
    let chosen: string[] = [];
    await said(
      chooseApps(this.#canBuild).then(paths => {
        chosen = paths;
      }),
    );
    if (chosen.length === 0) return undefined;
    const launch = launchOf(chosen);
    return { ...launch, ...config, name: config.name || launch.name, apps: chosen };
  }

  /** The adapter sees absolute paths and the settings' defaults only. */
  resolveDebugConfigurationWithSubstitutedVariables(
    folder: vscode.WorkspaceFolder | undefined,
    config: vscode.DebugConfiguration,
  ): vscode.DebugConfiguration {
    if (config.request === "attach") return attachOf(config, folder);
    if (config["scenario"] !== undefined)
      return { ...config, scenario: placed(config["scenario"], folder) };
    const settings = vscode.workspace.getConfiguration("tock", folder);
    const apps: unknown = config["apps"];
    return {
      board: settings.get<string>("board"),
      stopOnEntry: settings.get<boolean>("stopOnEntry"),
      ...config,
      ...(config["flash"] !== undefined && { flash: placed(config["flash"], folder) }),
      apps: (Array.isArray(apps) ? apps : [apps]).map(app => absolute(app, folder)),
    };
  }
}

/** One ready launch per app in a workspace folder, for "Select and Start Debugging". */
export class DynamicConfigurationProvider implements vscode.DebugConfigurationProvider {
  async provideDebugConfigurations(
    folder: vscode.WorkspaceFolder | undefined,
  ): Promise<vscode.DebugConfiguration[]> {
    // VS Code asks once per folder and once for the user's settings, where no app lies.
    if (folder === undefined) return [];
    const seen = await lookAround();
    const inside = allApps(seen).filter(app => app.startsWith(prefix(folder)));
    const all = await cargoOf(seen).catch(() => []);
    const cargo = all.filter(({ definition }) =>
      `${definition.folder}/`.startsWith(prefix(folder)),
    );
    return [
      ...cargo.map(app => launchOfCargo(app, folder)),
      ...inside.map(path => launchOf([path], folder)),
    ];
  }
}

/** A launch of these apps, with paths below `folder` written so that launch.json can be shared. */
function launchOf(paths: string[], folder?: vscode.WorkspaceFolder): vscode.DebugConfiguration {
  const start = folder === undefined ? undefined : prefix(folder);
  const apps = paths.map(path =>
    start !== undefined && path.startsWith(start)
      ? `${workspaceFolder}/${path.slice(start.length)}`
      : path,
  );
  return { type: "tock", request: "launch", name: `Tock: ${nameOf(paths)}`, apps };
}

/** The same of a Cargo package's app, which is built first. */
const launchOfCargo = (
  app: CargoApp,
  folder: vscode.WorkspaceFolder | undefined,
): vscode.DebugConfiguration => ({
  ...launchOf([elfOf(app)], folder),
  preLaunchTask: `tock: ${buildOf(app.definition).label}`,
});

/** Apps that cargo builds, if the file in front is of one, or nothing else is known. */
async function cargoOf(seen: Surroundings): Promise<readonly CargoApp[]> {
  const { activeFile = "" } = seen;
  const isOther = !/\.(rs|toml)$/.test(activeFile) && findApp(seen).kind !== "nothing";
  if (isOther || (await currentBuild())?.example !== undefined) return [];
  return appsOfCargo(activeFile);
}

const nameOf = (paths: string[]): string => paths.map(stem).join(" and ");

const prefix = (folder: vscode.WorkspaceFolder): string => `${toPath(folder.uri)}/`;

/** The app, or with the user's help one or several apps; none if there is none or the user gave up. */
async function chooseApps(canBuild: boolean): Promise<string[]> {
  const seen = await lookAround();
  const cargo = await cargoOf(seen);
  if (cargo.length > 0) {
    const app = await builtByCargo(cargo);
    return app === undefined ? [] : [elfOf(app)];
  }
  const found = findApp(seen);
  switch (found.kind) {
    case "app": {
      const builds = canBuild && !isVirtual(found.path);
      return !builds || (await buildFirst(found.path)) ? [found.path] : [];
    }
    case "choose":
      return pick(found.paths);
    case "unbuilt":
      if (canBuild && !isVirtual(found.folder)) offerMake(found.message, found.folder);
      else tell(found.message);
      return [];
    case "nothing":
      tell(found.message);
      return [];
  }
}

async function pick(paths: string[]): Promise<string[]> {
  const items = paths.map(path => ({
    label: plain(stem(path)),
    description: shownFolder(appFolder(path)),
    paths: [path],
  }));
  const together = { label: "All of them on one board", description: "", paths };
  const few = paths.length <= 4 && new Set(paths.map(stem)).size === paths.length;
  const picked = await vscode.window.showQuickPick(few ? [...items, together] : items, {
    placeHolder: "Which Tock app?",
    matchOnDescription: true,
  });
  return picked?.paths ?? [];
}

/** Says it without holding up the launch, which has ended. */
function tell(message: string): undefined {
  const open = "Open launch.json";
  void vscode.window.showErrorMessage(named(message), open).then(answer => {
    if (answer === open) void vscode.commands.executeCommand("debug.addConfiguration");
  });
}

function offerMake(message: string, folder: string): void {
  const buttons = vscode.workspace.isTrusted ? ["Run make"] : [];
  void vscode.window.showErrorMessage(message, ...buttons).then(answer => {
    if (answer !== undefined) void said(buildAndDebug(folder));
  });
}

/** A crash dump, whose ELF files may lie in any workspace folder. */
function attachOf(
  config: vscode.DebugConfiguration,
  folder: vscode.WorkspaceFolder | undefined,
): vscode.DebugConfiguration {
  const { dump, elf, kernel, folders } = config as Record<string, unknown>;
  const roots = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => toPath(uri));
  const place = (path: unknown) => placed(path, folder);
  return {
    ...config,
    dump: place(dump),
    ...(elf === undefined ? {} : { elf: Array.isArray(elf) ? elf.map(place) : place(elf) }),
    ...(kernel === undefined ? {} : { kernel: place(kernel) }),
    folders: Array.isArray(folders) ? folders.map(place) : roots,
  };
}

/** A path made absolute in the workspace folder; anything else as it is. */
const placed = (path: unknown, folder: vscode.WorkspaceFolder | undefined): unknown =>
  typeof path === "string" ? placedIn(folder, path) : path;

/** An app as the adapter takes it, with its paths made absolute in the workspace folder. */
function absolute(app: unknown, folder: vscode.WorkspaceFolder | undefined): unknown {
  if (typeof app !== "object" || app === null) return placed(app, folder);
  const { path, elf } = app as { path?: unknown; elf?: unknown };
  const more = elf === undefined ? {} : { elf: placed(elf, folder) };
  return { ...app, path: placed(path, folder), ...more };
}
