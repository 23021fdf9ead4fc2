import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { PassThrough } from "node:stream";
import { fileURLToPath, pathToFileURL } from "node:url";
import {
  CancellationTokenSource,
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver/node";
import {
  FILE_EXISTS,
  type FileParams,
  READ_FILE,
  READ_FOLDER,
} from "../../../adapter/language/protocol.js";
import {
  CONSOLE,
  type ConsoleParams,
  READ_SCENARIOS,
  type ReadResult,
  RUN_SCENARIO,
  type RunParams,
  type RunResult,
} from "../../../adapter/testing/protocol.js";
import { serve } from "../../../adapter/testing/server.js";

const uriOf = (path: string): string => pathToFileURL(path).href;
const beside = (example: string) => uriOf(`examples/${example}/${example}.tocktest.yaml`);
const pathOf = ({ path }: FileParams) => fileURLToPath(`file://${path}`);

describe("the server for scenarios", () => {
  let client: MessageConnection;
  let server: MessageConnection;
  let said: ConsoleParams[];

  beforeEach(() => {
    const [up, down] = [new PassThrough(), new PassThrough()];
    server = createMessageConnection(new StreamMessageReader(up), new StreamMessageWriter(down));
    client = createMessageConnection(new StreamMessageReader(down), new StreamMessageWriter(up));
    serve(server);
    client.onRequest(READ_FILE, (params: FileParams) => {
      const path = pathOf(params);
      return existsSync(path) ? { base64: readFileSync(path).toString("base64") } : null;
    });
    client.onRequest(FILE_EXISTS, (params: FileParams) => existsSync(pathOf(params)));
    client.onRequest(READ_FOLDER, () => []);
    said = [];
    client.onNotification(CONSOLE, (params: ConsoleParams) => void said.push(params));
    client.listen();
  });
  afterEach(() => {
    client.dispose();
    server.dispose();
  });

  const run = (example: string, text: string, more: Partial<RunParams> = {}) => {
    const params = { run: 7, uri: beside(example), text, number: 1 };
    const all: RunParams = { ...params, coverage: false, profile: false, ...more };
    return client.sendRequest<RunResult>(RUN_SCENARIO, all);
  };

  it("tells scenarios with their lines, and mistakes with their places", async () => {
    const text = "name: A\nsteps:\n- wait: 1s\n---\nnames: B\n---\nname: C\n";
    const { scenarios, mistakes } = await client.sendRequest<ReadResult>(READ_SCENARIOS, {
      uri: beside("blink"),
      text,
    });
    const told = scenarios.map(({ name, number, place, end }) => [
      name,
      number,
      place.line,
      end.line,
    ]);
    assert.deepEqual(told, [
      ["A", 1, 1, 3],
      ["C", 3, 7, 7],
    ]);
    assert.deepEqual(
      mistakes.map(({ line }) => line),
      [5],
    );
  });

  it("runs a scenario, and tells the console meanwhile", async () => {
    const result = await run("hello", "steps:\n- console: Hello\n- exit: {hello: 0}\n");
    assert.equal(result.kind, "passed");
    assert.match(said.map(({ text }) => text).join(""), /Hello, Tock!\n/);
    assert.ok(said.every(({ run: id }) => id === 7));
  });

  it("tells what failed with its place, what was expected, and the stack of a fault by URIs", async () => {
    const text = 'steps:\n- console: "q: quit"\n- input: button0=down\n- console: Never\n';
    const result = await run("crash", text);
    assert.ok(result.kind === "failed");
    const [step, whole] = result.failures;
    assert.deepEqual(
      [step?.line, step?.text, step?.difference?.expected],
      [4, "console: Never", "Never"],
    );
    assert.equal(whole?.text, "no-fault: true");
    assert.equal(whole?.stack?.[0]?.place?.uri, uriOf("examples/crash/crashes.c"));
    assert.match(whole?.stack?.map(({ name }) => name).join() ?? "", /\bmain\b/);
  });

  it("counts lines and writes profiles when it is asked to", async () => {
    const text = "steps:\n- console: Hello\n";
    const plain = await run("hello", text);
    assert.ok(plain.kind === "passed" && plain.coverage.length + plain.profiles.length === 0);
    const watched = await run("hello", text, { coverage: true, profile: true });
    assert.ok(watched.kind === "passed");
    const main = watched.coverage.find(({ uri }) => uri === uriOf("examples/hello/main.c"));
    assert.ok(main?.lines.some(([, count]) => count === 1));
    assert.ok(main?.functions.some(({ name, count }) => name === "main" && count === 1));
    assert.deepEqual(
      watched.profiles.map(({ name, text: json }) => [name, typeof JSON.parse(json).nodes]),
      [["hello.hello", "object"]],
    );
  });

  it("says with its place what keeps a scenario from being run", async () => {
    const board = await run("hello", "board: hello\n");
    assert.ok(board.kind === "wrong" && /hello.*nrf52840dk/s.test(board.mistake.message));
    const missing = await run("hello", "name: A\napps: [gone.tab]\n");
    assert.ok(missing.kind === "wrong");
    assert.equal(missing.mistake.line, 2);
    assert.match(missing.mistake.message, /^.*gone\.tab/);
    const other = await run("hello", "name: A\n", { number: 2 });
    assert.ok(other.kind === "wrong" && /not in the file any more/.test(other.mistake.message));
  });

  it("ends a run that is cancelled", async () => {
    const source = new CancellationTokenSource();
    const text = "time-limit: 1000000s\nsteps:\n- console: Never\n";
    const params = { run: 1, uri: beside("blink"), text, number: 1 };
    const all = { ...params, coverage: false, profile: false };
    const running = client.sendRequest<RunResult>(RUN_SCENARIO, all, source.token);
    setTimeout(() => source.cancel(), 200);
    assert.deepEqual(await running, { kind: "cancelled" });
  });
});
