// Tasks of type `tock`: the builds of the app that is being edited, for "Run Task…", tasks.json and `preLaunchTask`.
import * as vscode from "vscode";
import { treeOf } from "../commands/templates.js";
import { readFolder } from "../files.js";
import { toPath } from "../paths.js";
import { lookAround } from "../surroundings.js";
import {
  type BuildDefinition,
  buildFor,
  buildOf,
  matchers,
  problemFolderOf,
  readDefinition,
} from "./builds.js";
import type { CargoApp } from "./cargo.js";
import { appsOfCargo } from "./cargo-project.js";

const type = "tock";

/**
 * Where paths begin in what the build prints that was offered or started last. VS Code asks by a command when it starts a task:
 * its own variables know nothing of a task's folder.
 */
let problemFolder = "";
export const registerProblemFolder = (): vscode.Disposable =>
  vscode.commands.registerCommand("tock.problemFolder", () => problemFolder);

export class BuildTasks implements vscode.TaskProvider {
  async provideTasks(): Promise<vscode.Task[]> {
    const definition = await currentBuild();
    const found =
      definition === undefined ? (await cargoOfEditor()).map(app => app.definition) : [definition];
    return found.flatMap(each => [taskOf(each), taskOf({ ...each, debug: true })]);
  }

  resolveTask(task: vscode.Task): vscode.Task | undefined {
    const definition = readDefinition(task.definition);
    // VS Code takes a resolved task only with the definition that it has asked about.
    return definition && taskOf(definition, task.definition, task.scope);
  }
}

/** Tasks are asked for in the background: what cargo does not tell is no error of anybody. */
async function cargoOfEditor(): Promise<readonly CargoApp[]> {
  const { activeFile } = await lookAround();
  return appsOfCargo(activeFile).catch(() => []);
}

/** The build by make of the app whose source is being edited, else that of a workspace folder. */
export async function currentBuild(): Promise<BuildDefinition | undefined> {
  const { activeFile, appMakefiles, folders } = await lookAround();
  const roots = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri);
  const trees = await Promise.all(
    roots.map(async uri => ((await isRust(uri)) ? [toPath(uri)] : [])),
  );
  const board = vscode.workspace.getConfiguration("tock").get<string>("board", "auto");
  const found = buildFor(activeFile, { appMakefiles, rustTrees: trees.flat(), board });
  if (found !== undefined) return found;
  const folder = folders.find(folder => appMakefiles.includes(folder));
  return folder === undefined ? undefined : { folder };
}

async function isRust(uri: vscode.Uri): Promise<boolean> {
  return treeOf((await readFolder(uri)).map(({ name }) => name)) === "Rust";
}

export function taskOf(
  definition: BuildDefinition,
  given: vscode.TaskDefinition = { type, ...definition },
  scope: vscode.Task["scope"] = undefined,
): vscode.Task {
  const { label, program, words, environment, folder } = buildOf(definition);
  problemFolder = problemFolderOf(definition);
  const options = { cwd: folder, env: { ...environment } };
  const place = scope ?? vscode.workspace.getWorkspaceFolder(vscode.Uri.file(folder));
  const task = new vscode.Task(
    given,
    place ?? vscode.TaskScope.Workspace,
    label,
    type,
    new vscode.ProcessExecution(program, [...words], options),
    matchers,
  );
  task.group = vscode.TaskGroup.Build;
  return task;
}

/** Runs a build to its end; true if it has succeeded. */
export async function runBuild(definition: BuildDefinition): Promise<boolean> {
  const execution = await vscode.tasks.executeTask(taskOf(definition));
  return new Promise(resolve => {
    const ends = vscode.Disposable.from(
      vscode.tasks.onDidEndTaskProcess(({ execution: ended, exitCode }) => {
        if (ended === execution) end(exitCode === 0);
      }),
      // A program that cannot be started has no process that ends.
      vscode.tasks.onDidEndTask(({ execution: ended }) => {
        if (ended === execution) setTimeout(() => end(false), 500);
      }),
    );
    const end = (success: boolean) => {
      ends.dispose();
      resolve(success);
    };
  });
}
