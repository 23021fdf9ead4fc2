import assert from "node:assert/strict";
import { readFile, stat } from "node:fs/promises";
import { Worker } from "node:worker_threads";
import { DapClient, portChannel } from "../../cli/dap-client.js";
import { sourceOf, tabOf } from "./debugging.js";

/** Files that the editor's side would read for the worker. */
async function serveFiles(command: string, args: unknown): Promise<unknown> {
  const { path } = args as { path: string };
  if (command === "tock/fileExists") {
    return {
      exists: await stat(path).then(
        () => true,
        () => false,
      ),
    };
  }
  const bytes = await readFile(path).catch(() => undefined);
  return bytes === undefined ? undefined : { bytes: new Uint8Array(bytes) };
}

describe("session in a worker", () => {
  it("stops at a source breakpoint with its files served over the port", async () => {
    const worker = new Worker(new URL("./worker-host.js", import.meta.url));
    try {
      const client = new DapClient(portChannel(worker));
      client.serve = serveFiles;
      await client.request("initialize", { adapterID: "tock" });
      await client.request("launch", { apps: [tabOf("locals")], speed: "max" });
      await client.event("initialized");
      const { breakpoints } = await client.request<{ breakpoints: { verified: boolean }[] }>(
        "setBreakpoints",
        { source: { path: sourceOf("locals") }, breakpoints: [{ line: 53 }] },
      );
      assert.deepEqual(
        breakpoints.map(b => b.verified),
        [true],
      );
      await client.request("configurationDone");
      const { threadId } = await client.stopped();
      const { stackFrames } = await client.request<{ stackFrames: { name: string }[] }>(
        "stackTrace",
        { threadId },
      );
      assert.equal(stackFrames[0]?.name, "insert");
      await client.request("disconnect");
    } finally {
      await worker.terminate();
    }
  });
});
