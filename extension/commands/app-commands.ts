// Install, update, remove and switch apps on the board that commands act on: the emulated one, or a real one by tockloader.
import * as vscode from "vscode";
import { looksLikeElf } from "../../emulator/formats/libtock-rs.js";
import { allApps, appFolder, isApp, stem } from "../find-app.js";
import { plain, readable } from "../panels/text.js";
import { named, shownFolder, toPath } from "../paths.js";
import { lookAround } from "../surroundings.js";
import { builtElfs } from "../tasks/cargo-project.js";
import { addressOfRow } from "../views/nodes.js";
import { describe, titleOf } from "./app-text.js";
import type { AppChange, AppOnBoard, Board } from "./board.js";
import { nameOf, planText } from "./plan-text.js";
import type { Reports } from "./reports.js";
import { Sentence } from "./said.js";

export type FindBoard = () => Board;

export class AppCommands {
  readonly #board: FindBoard;
  readonly #reports: Reports;

  constructor(board: FindBoard, reports: Reports) {
    this.#board = board;
    this.#reports = reports;
  }

  /** @param given a file of the explorer or of an editor */
  async install(given?: unknown, update = false): Promise<void> {
    const board = this.#board();
    const path = given instanceof vscode.Uri ? toPath(given) : await chooseFile(update);
    if (path === undefined) return;
    const plan = await board.plan(path);
    if (plan !== undefined) {
      if (update && plan.replaces === undefined && plan.refusal === undefined)
        throw new Sentence(
          `${nameOf(plan.name)} is not on the board, so nothing is updated. Use "Tock: Install App…".`,
        );
      const text = planText(plan);
      const { action } = text;
      const [message, detail] = [named(text.message), named(text.detail)];
      if (action === undefined) {
        void vscode.window.showErrorMessage(message, { modal: true, detail });
        return;
      }
      const options = { modal: true, detail };
      const answer = await vscode.window.showInformationMessage(message, options, action);
      if (answer !== action) return;
    }
    tell(await board.install(path, update));
  }

  /** @param given a row of a view */
  async change(verb: AppChange, verbForPrompt: string, given?: unknown): Promise<void> {
    const board = this.#board();
    const apps = await board.apps();
    const address = addressOfRow(given);
    const row = address === undefined ? undefined : apps.find(app => app.address === address);
    const app = row ?? (await chooseApp(apps, verb, verbForPrompt));
    if (app === undefined) return;
    if (verb === "uninstall" && !(await sure(`Uninstall ${titleOf(app)}?`, "Uninstall"))) return;
    tell(await board.change(verb, app));
  }

  async erase(): Promise<void> {
    const board = this.#board();
    if (await sure("Erase all apps of the board that are not sticky?", "Erase"))
      tell(await board.erase());
  }

  async restart(): Promise<void> {
    tell(await this.#board().restart());
  }

  async info(): Promise<void> {
    await this.#reports.show("Tock Board", await this.#board().info());
  }

  /** The apps, each with what can be done about it. */
  async list(): Promise<void> {
    const board = this.#board();
    const apps = await board.apps();
    if (apps.length === 0) {
      tell("No app is installed on the board.");
      return;
    }
    const picked = await listWithButtons(apps);
    if (picked === undefined) return;
    const { app, verb } = picked;
    if (verb === "uninstall" && !(await sure(`Uninstall ${titleOf(app)}?`, "Uninstall"))) return;
    tell(await board.change(verb, app));
  }
}

const tell = (text: string): void => void vscode.window.showInformationMessage(plain(text));

async function sure(question: string, action: string): Promise<boolean> {
  const options = { modal: true };
  return (await vscode.window.showWarningMessage(question, options, action)) === action;
}

/** The path of an app's file: of the workspace, or from anywhere. */
export async function chooseFile(update = false): Promise<string | undefined> {
  const seen = await lookAround();
  const apps = [...allApps(seen), ...(await builtElfs(seen.activeFile))];
  const elsewhere = { label: "$(folder-opened) Another File…", description: "", path: "" };
  if (apps.length === 0) return fromDialog();
  const items = apps.map(path => ({
    label: plain(stem(path)),
    description: shownFolder(appFolder(path)),
    path,
  }));
  const placeHolder = update ? "Which app is the new version?" : "Which app?";
  const options = { placeHolder, matchOnDescription: true };
  const picked = await vscode.window.showQuickPick([...items, elsewhere], options);
  return picked?.path === "" ? fromDialog() : picked?.path;
}

async function fromDialog(): Promise<string | undefined> {
  const filters = { "Tock apps": ["tab", "tbf"], "All files": ["*"] };
  const files = await vscode.window.showOpenDialog({ filters, openLabel: "Choose" });
  const [file] = files ?? [];
  if (file === undefined) return undefined;
  if (isApp(file.path) || looksLikeElf(await vscode.workspace.fs.readFile(file)))
    return toPath(file);
  throw new Sentence(
    `${readable(file.path.split("/").at(-1) ?? "").text} is no Tock app: choose a .tab or a .tbf file, or an ELF of libtock-rs.`,
  );
}

async function chooseApp(
  apps: readonly AppOnBoard[],
  verb: AppChange,
  action: string,
): Promise<AppOnBoard | undefined> {
  const fitting = apps.filter(app => suits[verb](app));
  if (fitting.length === 0)
    throw new Sentence(apps.length === 0 ? suitsNone.uninstall : suitsNone[verb]);
  const items = fitting.map(app => ({
    label: plain(titleOf(app)),
    description: describe(app),
    app,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    placeHolder: `Which app? (${action})`,
  });
  return picked?.app;
}

/** Which apps a change is about, as far as the board tells. */
const suits: Readonly<Record<AppChange, (app: AppOnBoard) => boolean>> = {
  uninstall: () => true,
  enable: ({ enabled }) => enabled !== true,
  disable: ({ enabled }) => enabled !== false,
  sticky: ({ sticky }) => sticky !== true,
  unsticky: ({ sticky }) => sticky !== false,
};

const suitsNone: Readonly<Record<AppChange, string>> = {
  uninstall: "No app is installed on the board.",
  enable: "No app on the board is disabled.",
  disable: "Every app on the board is disabled already.",
  sticky: "Every app on the board is sticky already.",
  unsticky: "No app on the board is sticky.",
};

interface Button extends vscode.QuickInputButton {
  verb: AppChange;
}

const buttons: Readonly<Record<AppChange, Button>> = {
  uninstall: { verb: "uninstall", iconPath: new vscode.ThemeIcon("trash"), tooltip: "Uninstall" },
  enable: { verb: "enable", iconPath: new vscode.ThemeIcon("circle-outline"), tooltip: "Enable" },
  disable: { verb: "disable", iconPath: new vscode.ThemeIcon("circle-slash"), tooltip: "Disable" },
  sticky: { verb: "sticky", iconPath: new vscode.ThemeIcon("pin"), tooltip: "Make Sticky" },
  unsticky: {
    verb: "unsticky",
    iconPath: new vscode.ThemeIcon("pinned"),
    tooltip: "Make Unsticky",
  },
};
const order: readonly AppChange[] = ["enable", "disable", "sticky", "unsticky", "uninstall"];

interface Item extends vscode.QuickPickItem {
  app: AppOnBoard;
}

function listWithButtons(
  apps: readonly AppOnBoard[],
): Promise<{ app: AppOnBoard; verb: AppChange } | undefined> {
  const list = vscode.window.createQuickPick<Item>();
  list.title = "Apps on the board";
  list.placeholder = `${apps.length} ${apps.length === 1 ? "app" : "apps"}`;
  list.items = apps.map(app => ({
    label: plain(titleOf(app)),
    description: describe(app),
    buttons: order.filter(verb => suits[verb](app)).map(verb => buttons[verb]),
    app,
  }));
  return new Promise(resolve => {
    list.onDidTriggerItemButton(({ item, button }) => {
      resolve({ app: item.app, verb: (button as Button).verb });
      list.hide();
    });
    list.onDidAccept(() => list.hide());
    list.onDidHide(() => {
      resolve(undefined);
      list.dispose();
    });
    list.show();
  });
}
