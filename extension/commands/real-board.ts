// A real board behind tockloader, which the user has installed. Host: `run` starts a program, as only Node can.
import * as vscode from "vscode";
import { isApp } from "../find-app.js";
import { isVirtual } from "../paths.js";
import type { AppChange, AppOnBoard, Board } from "./board.js";
import { Sentence } from "./said.js";
import { appsIn, argumentsOf, type Ended, failureOf, type Wanted } from "./tockloader.js";

/** Runs a program to its end, without input. Rejects with a sentence if it cannot be started. */
export type Run = (
  program: string,
  words: readonly string[],
  more?: {
    folder?: string;
    /** Is given what ends the program before its time. */
    onStop?: (stop: () => void) => void;
  },
) => Promise<Ended>;

export class RealBoard implements Board {
  readonly #run: Run;

  constructor(run: Run) {
    this.#run = run;
  }

  /** tockloader looks at the board and the app only when it installs. */
  async plan(): Promise<undefined> {}

  async install(path: string, update: boolean): Promise<string> {
    const name = path.split("/").at(-1);
    if (isVirtual(path))
      throw new Sentence(`tockloader cannot read ${name}: it is no file of this computer.`);
    if (!isApp(path))
      throw new Sentence(
        `${name} is an ELF, which tockloader does not take: choose the .tab that is made of it.`,
      );
    await this.#tell({ do: update ? "update" : "install", path });
    return `${name} is ${update ? "updated" : "installed"} on the board.`;
  }

  async apps(): Promise<readonly AppOnBoard[]> {
    return appsIn(await this.#tell({ do: "list" }));
  }

  async change(verb: AppChange, { name }: AppOnBoard): Promise<string> {
    await this.#tell({ do: verb, app: name });
    return `tockloader: ${verb} ${name} is done.`;
  }

  async erase(): Promise<string> {
    await this.#tell({ do: "erase-apps" });
    return "The apps on the board are erased.";
  }

  async restart(): Promise<never> {
    throw new Sentence(
      'tockloader cannot restart a board: press its reset button, or type "reset" in its console.',
    );
  }

  info(): Promise<string> {
    return this.#tell({ do: "info" });
  }

  /** What tockloader prints. @throws Sentence why it failed */
  async #tell(wanted: Wanted): Promise<string> {
    const words = argumentsOf(wanted, ownArguments());
    const title = `tockloader ${words[0]}`;
    const location = vscode.ProgressLocation.Notification;
    const options = { location, title, cancellable: true };
    const ended = await vscode.window.withProgress(options, async (_, token) => {
      const onStop = (stop: () => void) => void token.onCancellationRequested(stop);
      const ended = await this.#run("tockloader", words, { onStop });
      if (token.isCancellationRequested) throw new Sentence(`${title} was stopped.`);
      return ended;
    });
    const failure = failureOf(ended, wanted);
    if (failure !== undefined) throw new Sentence(failure);
    return ended.output;
  }
}

/** Words that the user wants in each call of tockloader. */
export function ownArguments(): string[] {
  const words: unknown = vscode.workspace.getConfiguration("tock").get("tockloader.arguments");
  return Array.isArray(words) ? words.filter(word => typeof word === "string") : [];
}
