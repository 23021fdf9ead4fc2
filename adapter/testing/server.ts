// The server that reads and runs scenarios for the Testing view of an editor: routes from JSON-RPC to calls. It asks its
// client for every file, so that it runs in a web worker as it does in Node.
import type { CancellationToken, MessageConnection } from "vscode-languageserver";
import { UserError } from "../../emulator/index.js";
import { ClientFiles, pathOf } from "../language/client-files.js";
import type { Mistake, Scenario } from "../scenario/model.js";
import { type Performer, perform } from "../scenario/perform.js";
import { readScenarios } from "../scenario/read.js";
import type { ScenarioRun } from "../scenario/run.js";
import {
  CONSOLE,
  type ConsoleParams,
  READ_SCENARIOS,
  type ReadParams,
  type ReadResult,
  RUN_SCENARIO,
  type RunParams,
  type RunResult,
} from "./protocol.js";
import { reportOf } from "./report.js";

/** Real time between two looks at the client's messages, in milliseconds. */
const WORKS = 20;

/** Serves one client until it goes away. */
export function serve(connection: MessageConnection): void {
  connection.onRequest(READ_SCENARIOS, read);
  connection.onRequest<RunResult, unknown>(
    RUN_SCENARIO,
    (params: RunParams, token: CancellationToken) => run(params, token, connection),
  );
  connection.listen();
}

function read({ uri, text }: ReadParams): ReadResult {
  const { scenarios, mistakes } = readScenarios(text, pathOf(uri));
  return {
    scenarios: scenarios.map(({ name, number, place, end }) => ({ name, number, place, end })),
    mistakes,
  };
}

async function run(
  { run: id, uri, text, number, coverage, profile }: RunParams,
  token: CancellationToken,
  connection: MessageConnection,
): Promise<RunResult> {
  const path = pathOf(uri);
  const { scenarios, mistakes } = readScenarios(text, path);
  const scenario = scenarios.find(each => each.number === number);
  if (scenario === undefined) return { kind: "wrong", mistake: mistakes[0] ?? gone };
  const console = new ConsoleTail(delta => {
    const said: ConsoleParams = { run: id, text: delta };
    void connection.sendNotification(CONSOLE, said);
  });
  const performer: Performer = {
    files: new ClientFiles(connection, uri),
    pause: breather(token, console),
  };
  try {
    const performed = await perform(path, scenario, performer, { coverage, profile });
    console.tell(performed.outcome.console);
    return { kind: performed.outcome.result, ...reportOf(performed, uri) };
  } catch (error) {
    if (error instanceof Cancelled) return { kind: "cancelled" };
    if (error instanceof UserError) return { kind: "wrong", mistake: placed(error, scenario) };
    throw error;
  }
}

/** The file has changed since it was looked at. */
const gone: Mistake = { line: 1, column: 1, message: "This scenario is not in the file any more." };

class Cancelled extends Error {}

/** What is new of a text that grows. */
class ConsoleTail {
  readonly #say: (text: string) => void;
  #length = 0;

  constructor(say: (text: string) => void) {
    this.#say = say;
  }

  tell(text: string): void {
    if (text.length > this.#length) this.#say(text.slice(this.#length));
    this.#length = text.length;
  }
}

/** Lets the client's messages in now and then, and tells it what the board has printed. */
function breather(token: CancellationToken, console: ConsoleTail): Performer["pause"] {
  let since = performance.now();
  return async (run: ScenarioRun) => {
    if (performance.now() - since < WORKS) return;
    console.tell(run.console);
    await new Promise<void>(resolve => setTimeout(resolve, 0));
    if (token.isCancellationRequested) throw new Cancelled();
    since = performance.now();
  };
}

/** A mistake that is told with its place, as `FILE:LINE:COLUMN: sentence`; without one it is the scenario's. */
function placed({ message }: UserError, { place }: Scenario): Mistake {
  const [, line, column, sentence] = /^.*?:(\d+):(\d+): (.*)$/s.exec(message) ?? [];
  if (sentence === undefined) return { ...place, message };
  return { line: Number(line), column: Number(column), message: sentence };
}
