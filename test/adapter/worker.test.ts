// A session whose files lie with its client, in the worker thread that stands for a web worker and in the bundle's process.
import assert from "node:assert/strict";
import { type ChildProcess, fork } from "node:child_process";
import { readdir, readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { FileAnswer, FileRequest } from "../../adapter/protocol.js";
import { type Channel, DapClient, portChannel } from "../../cli/dap-client.js";
import { sourceOf, tabOf } from "./debugging.js";

/** A file system of the editor alone, with a blank in its folder's name, and where it lies really. */
const world = "vscode-vfs://git+hub/tock apps";
const examples = resolve("examples");

/** Files that the editor's side reads for the worker; of the world no other one. */
async function serveFiles(root: string, asked: FileRequest): Promise<FileAnswer> {
  assert.ok(asked.path.startsWith(root), `${asked.path} is asked for`);
  const path = asked.path.replace(root, examples);
  switch (asked.do) {
    case "read":
      return { bytes: new Uint8Array(await readFile(path)) };
    case "exists":
      return { exists: (await stat(path)).isFile() };
    case "list": {
      const entries = await readdir(path, { withFileTypes: true });
      return { entries: entries.map(e => ({ name: e.name, isFolder: e.isDirectory() })) };
    }
    case "write":
      throw new Error("read-only");
  }
}

interface Stack {
  stackFrames: { name: string; source: { path: string } }[];
}

/** Debugs examples/locals to its breakpoint. */
async function stopAtBreakpoint(client: DapClient, tab: string, source: string): Promise<Stack> {
  await client.request("initialize", { adapterID: "tock" });
  await client.request("launch", { apps: [tab], speed: "max" });
  await client.event("initialized");
  const { breakpoints } = await client.request<{ breakpoints: { verified: boolean }[] }>(
    "setBreakpoints",
    { source: { path: source }, breakpoints: [{ line: 53 }] },
  );
  assert.deepEqual(
    breakpoints.map(b => b.verified),
    [true],
  );
  await client.request("configurationDone");
  const { threadId } = await client.stopped();
  const stack = await client.request<Stack>("stackTrace", { threadId });
  await client.request("disconnect");
  return stack;
}

const overProcess = (child: ChildProcess): Channel => ({
  send: message => void child.send(message),
  listen: receive => void child.on("message", receive),
});

describe("a session whose files lie with its client", () => {
  it("stops in a worker at a source breakpoint", async () => {
    const worker = new Worker(new URL("./worker-host.js", import.meta.url));
    try {
      const client = new DapClient(portChannel(worker));
      client.serve = (_, asked) =>
        serveFiles(examples, asked as FileRequest).catch(() => undefined);
      const { stackFrames } = await stopAtBreakpoint(client, tabOf("locals"), sourceOf("locals"));
      assert.equal(stackFrames[0]?.name, "insert");
    } finally {
      await worker.terminate();
    }
  });

  it("finds program and sources where the app lies, and names sources by URIs as VS Code does", async () => {
    const main = fileURLToPath(new URL("../../adapter/main.node.js", import.meta.url));
    const child = fork(main, ["--channel"], { serialization: "advanced" });
    const ended = new Promise(resolve => child.on("exit", resolve));
    const client = new DapClient(overProcess(child));
    client.serve = (command, asked) => {
      assert.equal(command, "tock/file");
      return serveFiles(world, asked as FileRequest).catch(() => undefined);
    };
    const source = "vscode-vfs://git%2Bhub/tock%20apps/locals/main.c";
    const stack = await stopAtBreakpoint(client, `${world}/locals/locals.tab`, source);
    assert.deepEqual(stack.stackFrames.map(frame => [frame.name, frame.source.path]).slice(0, 1), [
      ["insert", source],
    ]);
    child.disconnect();
    assert.equal(await ended, 0);
  });
});
