// What a user of the language server waits for in a log of 5 MB: opening it, and a hover right behind a keystroke.
// The server runs as an editor runs it, in a process of its own, and every figure is taken at the client's end of the wire.
import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import {
  createProtocolConnection,
  type Diagnostic,
  type ProtocolConnection,
  PublishDiagnosticsNotification,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver/node";
import {
  FILE_EXISTS,
  type FileParams,
  READ_FILE,
  READ_FOLDER,
} from "../adapter/language/protocol.js";
import { type Measurement, median } from "./measurement.js";

const SIZE = 5_000_000;
const EDITS = 200;
/** Lines of an app between two dumps of a log. */
const BETWEEN = 5000;
const folder = resolve("examples/crash");

function server(): ProtocolConnection {
  const main = fileURLToPath(new URL("../adapter/language/main.node.js", import.meta.url));
  const { stdin, stdout } = spawn(process.execPath, [main, "--stdio"], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const connection = createProtocolConnection(
    new StreamMessageReader(stdout),
    new StreamMessageWriter(stdin),
  );
  connection.onRequest(READ_FILE, ({ path }: FileParams) =>
    existsSync(path) ? { base64: readFileSync(path).toString("base64") } : null,
  );
  connection.onRequest(FILE_EXISTS, ({ path }: FileParams) => existsSync(path));
  connection.onRequest(READ_FOLDER, ({ path }: FileParams) =>
    existsSync(path)
      ? readdirSync(path, { withFileTypes: true }).map(e => ({
          name: e.name,
          isFolder: e.isDirectory(),
        }))
      : [],
  );
  connection.listen();
  return connection;
}

const dump = readFileSync("test/golden/transcripts/nrf52840dk_x_f_null.txt", "utf8").replaceAll(
  "x_f_null",
  "crash",
);

/** Dumps with so many lines of an app's output between them. */
function logOf(lines: number): string {
  const parts: string[] = [];
  const line = (n: number) => `[sensor] reading ${n}: ${20 + (n % 10)}.${n % 7} degrees\r\n`;
  const between = Array.from({ length: lines }, (_, n) => line(n)).join("");
  for (let size = 0; size < SIZE; size += between.length + dump.length) parts.push(between, dump);
  return parts.join("");
}

interface Figures {
  open: number;
  verdicts: number;
  first: number;
  edit: number;
  slowest: number;
  again: number;
  dumps: number;
}

async function measure(text: string): Promise<Figures> {
  const connection = server();
  await connection.sendRequest("initialize", {
    processId: null,
    rootUri: null,
    capabilities: {},
    workspaceFolders: [{ uri: `file://${folder}`, name: "crash" }],
  });
  const uri = `file://${join(folder, "serial.tockdump")}`;
  const textDocument = { uri, languageId: "tock-crash", version: 1, text };
  const verdictsOf = (version: number) =>
    new Promise<Diagnostic[]>(done => {
      const listening = connection.onNotification(PublishDiagnosticsNotification.type, params => {
        if (params.version !== version) return;
        listening.dispose();
        done(params.diagnostics);
      });
    });
  const lines = text.split(/\r\n|\r|\n/);
  const registers = lines.flatMap((line, n) => (line.includes("(CFSR)") ? [n] : []));
  const hover = (line: number) =>
    connection.sendRequest("textDocument/hover", {
      textDocument: { uri },
      position: { line, character: 40 },
    });

  const began = performance.now();
  const since = (start: number) => performance.now() - start;
  const opened = verdictsOf(1);
  await connection.sendNotification("textDocument/didOpen", { textDocument });
  await connection.sendRequest("textDocument/documentSymbol", { textDocument: { uri } });
  const open = since(began);
  const first = performance.now();
  await hover(registers[0] ?? 0);
  const firstHover = since(first);
  const diagnostics = await opened;
  const verdicts = since(began);

  const times: number[] = [];
  for (let n = 0; n < EDITS; n++) {
    // Everywhere in the log, in dumps and between them.
    const line = Math.floor((lines.length * n) / EDITS);
    const at = { line, character: 1 };
    const start = performance.now();
    await connection.sendNotification("textDocument/didChange", {
      textDocument: { uri, version: n + 2 },
      contentChanges: [{ range: { start: at, end: at }, text: "x" }],
    });
    const register = registers[n % registers.length] ?? 0;
    if (!(await hover(register))) throw new Error(`no hover at line ${register}`);
    times.push(since(start));
  }
  const last = performance.now();
  await verdictsOf(EDITS + 1);
  const again = since(last);
  connection.sendNotification("exit");
  connection.dispose();
  return {
    open,
    verdicts,
    first: firstHover,
    edit: median(times),
    slowest: Math.max(...times),
    again,
    dumps: diagnostics.filter(({ severity }) => severity === 1).length,
  };
}

export async function benchLanguage(): Promise<Measurement[]> {
  const rows: Measurement[] = [];
  for (const [name, lines] of [
    ["log", BETWEEN],
    ["of dumps", 3],
  ] as const) {
    const figures = await measure(logOf(lines));
    const ms = (value: number) => `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
    const what = `5 MB ${name}, ${figures.dumps} dumps`;
    rows.push(
      { what: `${what}: open to outline`, value: ms(figures.open) },
      { what: `${what}: open to all verdicts`, value: ms(figures.verdicts) },
      { what: `${what}: keystroke and hover, median`, value: ms(figures.edit) },
      { what: `${what}: keystroke and hover, slowest of ${EDITS}`, value: ms(figures.slowest) },
      { what: `${what}: last keystroke to all verdicts`, value: ms(figures.again) },
    );
  }
  return rows;
}
