// All commands of the palette by their ids. The rule: one line per command, and what fails ends in one sentence.
import * as vscode from "vscode";
import { BinaryEditor, inspectTab } from "../editors/binary-editor.js";
import { debugWithoutOptimization } from "../tasks/build-first.js";
import { useRunner } from "../tasks/cargo-project.js";
import { BuildTasks, registerProblemFolder } from "../tasks/provider.js";
import { AppCommands } from "./app-commands.js";
import type { Board } from "./board.js";
import { openConsole } from "./console.js";
import { emulatedBoard } from "./emulated-board.js";
import { listenToBoard, type ShowDump } from "./listen.js";
import { newApp } from "./new-app.js";
import { RealBoard, type Run } from "./real-board.js";
import { Reports } from "./reports.js";
import { runExample } from "./run-example.js";
import { Sentence, said } from "./said.js";
import { selectBoard } from "./select-board.js";

/** What commands need of the host. */
export interface CommandHost {
  /** Starts programs, where the host can: tockloader needs it. */
  run?: Run;
  showDump: ShowDump;
}

export function registerCommands(
  { extension }: vscode.ExtensionContext,
  { run, showDump }: CommandHost,
): vscode.Disposable[] {
  useRunner(run);
  const reports = new Reports();
  const apps = new AppCommands(() => boardInUse(run), reports);
  const listen = () => (run ? listenToBoard(showDump) : noBoard());
  const command = (name: string, work: (...words: unknown[]) => Promise<unknown>) =>
    vscode.commands.registerCommand(name, (...words: unknown[]) => said(called(work, words)));
  return [
    reports.register(),
    command("tock.installApp", file => apps.install(file)),
    command("tock.updateApp", file => apps.install(file, true)),
    command("tock.uninstallApp", row => apps.change("uninstall", "uninstall", row)),
    command("tock.enableApp", () => apps.change("enable", "enable")),
    command("tock.disableApp", () => apps.change("disable", "disable")),
    command("tock.makeAppSticky", () => apps.change("sticky", "make sticky")),
    command("tock.makeAppUnsticky", () => apps.change("unsticky", "make unsticky")),
    command("tock.eraseApps", () => apps.erase()),
    command("tock.listApps", () => apps.list()),
    command("tock.info", () => apps.info()),
    command("tock.restartBoard", () => apps.restart()),
    command("tock.openConsole", () => (isReal() ? listen() : openConsole())),
    command("tock.listenToBoard", listen),
    command("tock.selectBoard", () => selectBoard(extension)),
    command("tock.runExample", name => runExample(extension.extensionUri, name)),
    command("tock.newApp", newApp),
    command("tock.inspectTab", inspectTab),
    command("tock.debugWithoutOptimization", run ? debugWithoutOptimization : noMake),
    ...(run
      ? [vscode.tasks.registerTaskProvider("tock", new BuildTasks()), registerProblemFolder()]
      : []),
    new BinaryEditor(extension.extensionUri).register(),
  ];
}

/** A command that throws at once fails like one that throws later. */
async function called(
  work: (...words: unknown[]) => Promise<unknown>,
  words: readonly unknown[],
): Promise<void> {
  await work(...words);
}

const isReal = (): boolean =>
  vscode.workspace.getConfiguration("tock").get("target") === "real board";

function noBoard(): never {
  throw new Sentence(
    'A real board needs VS Code on a computer: set "Tock: Target" to the emulated board.',
  );
}

async function noMake(): Promise<never> {
  throw new Sentence(
    "An app is built by make, which needs VS Code on a computer: build it there, and bring its .tab and its ELF here.",
  );
}

function boardInUse(run: Run | undefined): Board {
  if (!isReal()) return emulatedBoard();
  if (run === undefined) return noBoard();
  if (!vscode.workspace.isTrusted)
    throw new Sentence("tockloader runs only in a workspace that you trust.", {
      title: "Manage Trust",
      command: "workbench.trust.manage",
    });
  return new RealBoard(run);
}
