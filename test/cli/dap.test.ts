import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { connect } from "node:net";
import { DapClient, streamChannel } from "../../cli/dap-client.js";
import { lineOf, sourceOf, tabOf } from "../adapter/debugging.js";

const started: ChildProcess[] = [];

function start(...args: string[]) {
  const child = spawn(process.execPath, ["out/cli/main.js", "dap", ...args], {
    stdio: ["pipe", "pipe", "pipe"],
  });
  started.push(child);
  const code = new Promise<number | null>(resolve => child.on("exit", resolve));
  return { child, code };
}

/** Runs locals to its last line in real time, with a pause on the way. */
async function debug(client: DapClient): Promise<void> {
  await client.request("initialize", { adapterID: "tock" });
  await client.request("launch", { apps: [tabOf("locals")] });
  await client.event("initialized");
  await client.request("configurationDone");
  await new Promise(resolve => setTimeout(resolve, 150));
  await client.request("pause", { threadId: 1 });
  assert.equal((await client.stopped()).reason, "pause");
  await client.request("setBreakpoints", {
    source: { path: sourceOf("locals") },
    breakpoints: [{ line: lineOf("locals", "int32_t total = sum(tree);") }],
  });
  await client.request("continue", { threadId: 1 });
  assert.equal((await client.stopped()).reason, "breakpoint");
  await client.request("disconnect");
}

describe("tock-debug dap", () => {
  afterEach(() => {
    for (const child of started.splice(0)) child.kill();
  });

  it("debugs in real time over stdio, and ends with its client", async () => {
    const { child, code } = start();
    const begin = performance.now();
    await debug(new DapClient(streamChannel(child.stdout, child.stdin)));
    assert.equal(await code, 0);
    const taken = performance.now() - begin;
    assert.ok(taken > 550, `six times 100 ms of virtual time took ${taken} ms`);
  });

  it("serves sessions one after another on a port of this computer only", async () => {
    const { child } = start("--port", "0");
    const line = await new Promise<string>(resolve =>
      child.stderr.once("data", (chunk: Buffer) => resolve(String(chunk))),
    );
    const port = Number(/^Listening on 127\.0\.0\.1:(\d+)\n$/.exec(line)?.[1]);
    for (let round = 0; round < 2; round++) {
      const socket = connect(port, "127.0.0.1");
      const closed = new Promise(resolve => socket.on("close", resolve));
      await debug(new DapClient(streamChannel(socket, socket)));
      await closed;
    }
  });

  it("a client that vanishes in the middle of a run ends its session only", async () => {
    const { child } = start("--port", "0");
    const line = await new Promise<string>(resolve =>
      child.stderr.once("data", (chunk: Buffer) => resolve(String(chunk))),
    );
    const port = Number(/(\d+)\n$/.exec(line)?.[1]);
    const lost = connect(port, "127.0.0.1");
    const client = new DapClient(streamChannel(lost, lost));
    await client.request("initialize", {});
    await client.request("launch", { apps: [tabOf("grants")], speed: "max" });
    await client.request("configurationDone");
    lost.destroy();
    const socket = connect(port, "127.0.0.1");
    await debug(new DapClient(streamChannel(socket, socket)));
  });

  for (const [args, sentence] of [
    [["--port", "x"], /--port x: expected a whole number/],
    [["--port", "70000"], /--port 70000: expected a whole number/],
    [["blink.tab"], /apps are named in the launch request/],
  ] as const) {
    it(`${args.join(" ")} is refused with one line and exit code 2`, () => {
      const result = spawnSync(process.execPath, ["out/cli/main.js", "dap", ...args], {
        encoding: "utf8",
      });
      assert.equal(result.status, 2);
      assert.match(result.stderr, sentence);
      assert.equal(result.stderr.trim().split("\n").length, 1);
    });
  }
});
