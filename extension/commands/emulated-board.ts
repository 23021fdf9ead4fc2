// The board of a debug session as commands see it: each asks the adapter by a custom request of docs/dap.md.
import * as vscode from "vscode";
import type {
  AppsBody,
  BoardInfoBody,
  InstallAppBody,
  InstalledAppInfo,
  InstallPlanBody,
} from "../../adapter/protocol.js";
import { hex } from "../panels/text.js";
import { boardSession, isDumpInFront } from "../views/session.js";
import { boardReport, titleOf } from "./app-text.js";
import type { AppChange, Board } from "./board.js";
import { nameOf } from "./plan-text.js";
import { Sentence, Shown } from "./said.js";

const schema = 1;
/** After that a board that is still at work is left to itself. */
const PATIENCE_MILLISECONDS = 60_000;

/** The board that runs; where there is none, a sentence says what to do. */
export function emulatedBoard(): EmulatedBoard {
  const session = boardSession();
  if (session !== undefined) return new EmulatedBoard(session);
  const why = isDumpInFront() ? "No board runs in a crash dump." : "No Tock board is running.";
  throw new Sentence(`${why} Start one with F5, or run an example.`, {
    title: "Run Example…",
    command: "tock.runExample",
  });
}

export class EmulatedBoard implements Board {
  readonly session: vscode.DebugSession;

  constructor(session: vscode.DebugSession) {
    this.session = session;
  }

  plan(path: string): Promise<InstallPlanBody> {
    return this.ask("tock/planInstall", { path });
  }

  async install(path: string, update: boolean): Promise<string> {
    let name = "";
    const waits = await this.#change(`Installing ${path.split("/").at(-1)}`, async () => {
      const body: InstallAppBody = await this.act("tock/installApp", { path, update });
      name = body.name;
    });
    const title = nameOf(name);
    if (waits) return `${title} is installed as soon as the board runs on.`;
    const app = (await this.apps()).find(app => app.name === name);
    return app === undefined
      ? `${title} was not installed: the Debug Console says why.`
      : `${title} is installed at ${hex(app.address)}.`;
  }

  async apps(): Promise<readonly InstalledAppInfo[]> {
    const { apps } = await this.ask<AppsBody>("tock/apps");
    return apps;
  }

  async change(verb: AppChange, app: InstalledAppInfo): Promise<string> {
    const { request, args, done } = changes[verb];
    const { address } = app;
    const title = titleOf(app);
    const waits = await this.#change(`${verb} ${title}`, () =>
      this.act(request, { ...args, address }),
    );
    return waits ? `The board does it as soon as it runs on.` : `${title} ${done}.`;
  }

  async erase(): Promise<string> {
    const waits = await this.#change("Erasing apps", () => this.act("tock/eraseApps"));
    if (waits) return "The board erases its apps as soon as it runs on.";
    const left = (await this.apps()).length;
    return left === 0 ? "All apps are erased." : `All apps but ${left} sticky ones are erased.`;
  }

  async restart(): Promise<string> {
    await this.act("tock/resetBoard");
    return (await this.#stands())
      ? "The board restarts as soon as it runs on."
      : "The board restarts.";
  }

  async info(): Promise<string> {
    const board = await this.ask<BoardInfoBody>("tock/board");
    return boardReport(board, await this.apps());
  }

  /** Asks something that changes nothing. */
  async ask<T>(command: string, args: object = {}): Promise<T> {
    return (await this.session.customRequest(command, { schema, ...args })) as T;
  }

  /** Asks for a change. The adapter marks its refusals of these to be shown, so VS Code has done that. */
  async act<T>(command: string, args: object = {}): Promise<T> {
    try {
      return await this.ask<T>(command, args);
    } catch (error) {
      throw new Shown(String(error));
    }
  }

  async #stands(): Promise<boolean> {
    return !(await this.ask<BoardInfoBody>("tock/board")).running;
  }

  /** Starts a change of flash and waits for its end; true if the board stands still and does it later. */
  async #change(title: string, start: () => Promise<unknown>): Promise<boolean> {
    const listening: vscode.Disposable[] = [];
    const settled = new Promise<void>(resolve => {
      const end = () => resolve();
      const timer = setTimeout(end, PATIENCE_MILLISECONDS);
      listening.push(
        new vscode.Disposable(() => clearTimeout(timer)),
        vscode.debug.onDidReceiveDebugSessionCustomEvent(({ session, event, body }) => {
          const over = event === "tock/appsChanged" && !(body as AppsBody).busy;
          if (session.id === this.session.id && over) end();
        }),
        vscode.debug.onDidTerminateDebugSession(session => {
          if (session.id === this.session.id) end();
        }),
      );
    });
    try {
      await start();
      if (await this.#stands()) return true;
      const location = vscode.ProgressLocation.Window;
      await vscode.window.withProgress({ location, title }, () => settled);
      return false;
    } finally {
      vscode.Disposable.from(...listening).dispose();
    }
  }
}

interface Change {
  request: string;
  args: object;
  done: string;
}

const changes: Readonly<Record<AppChange, Change>> = {
  uninstall: { request: "tock/uninstallApp", args: {}, done: "is uninstalled" },
  enable: {
    request: "tock/setAppEnabled",
    args: { enabled: true },
    done: "is enabled and starts when the board restarts",
  },
  disable: {
    request: "tock/setAppEnabled",
    args: { enabled: false },
    done: "is disabled from the next restart of the board on",
  },
  sticky: {
    request: "tock/setAppSticky",
    args: { sticky: true },
    done: "is sticky and stays when apps are erased",
  },
  unsticky: { request: "tock/setAppSticky", args: { sticky: false }, done: "is no longer sticky" },
};
