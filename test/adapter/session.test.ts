import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { connect } from "node:net";
import { nodeHost } from "../../adapter/host.node.js";
import { servePort } from "../../adapter/serve.node.js";
import { Session } from "../../adapter/session.js";
import { DapClient, inlineChannel, RequestFailed, streamChannel } from "../../cli/dap-client.js";

const inlineClient = () => new DapClient(inlineChannel(new Session(nodeHost)));

const refused = (part: RegExp) => (error: unknown) => {
  assert.ok(error instanceof RequestFailed, String(error));
  assert.match(error.message, part);
  assert.doesNotMatch(error.message, /\n|fault of its own/);
  return true;
};

describe("session", () => {
  it("requests before initialize are refused in one sentence", async () => {
    const client = inlineClient();
    await assert.rejects(client.request("threads"), refused(/before initialize/));
    await assert.rejects(client.request("launch", {}), refused(/initialize/));
  });

  it("requests that need a program are refused before launch", async () => {
    const client = inlineClient();
    await client.request("initialize", { adapterID: "tock" });
    for (const command of ["configurationDone"]) {
      await assert.rejects(client.request(command, {}), refused(/needs a launched program/));
    }
  });

  it("only what a user does pops up when it is refused, not each hover", async () => {
    const client = inlineClient();
    for (const [command, popsUp] of [
      ["launch", true],
      ["next", true],
      ["evaluate", false],
    ]) {
      const response = await client.send(command as string, {});
      assert.equal(response.body.error.showUser, popsUp, command as string);
    }
  });

  it("a second initialize is refused", async () => {
    const client = inlineClient();
    await client.request("initialize", { adapterID: "tock" });
    await assert.rejects(client.request("initialize", {}), refused(/once/));
  });

  it("unknown commands are refused, also those that every object has", async () => {
    const client = inlineClient();
    for (const command of ["fly", "toString", "__proto__", "constructor"]) {
      await assert.rejects(client.request(command, {}), refused(/does not know the request/));
    }
  });

  it("messages that are no requests are answered and change nothing", async () => {
    const client = inlineClient();
    for (const message of [
      null,
      3,
      "text",
      [],
      {},
      { type: "request" },
      { type: "request", seq: 7, command: 5 },
      { type: "event", event: "stopped" },
    ]) {
      client.sendRaw(message);
    }
    assert.ok(await client.request("initialize", { adapterID: "tock" }));
    const answers = client.messages.filter(m => m.type === "response") as { success?: boolean }[];
    assert.equal(answers.filter(m => m.success === false).length, 8);
  });

  it("arguments of the wrong shape are refused in one sentence", async () => {
    const client = inlineClient();
    for (const args of [7, "x", [], null]) {
      await assert.rejects(client.request("initialize", args), refused(/expected an object/));
    }
  });

  for (const [mistake, args, sentence] of [
    ["no apps", {}, /"apps" names no app/],
    ["an empty list", { apps: [] }, /"apps" names no app/],
    ["apps that are no list", { apps: "x.tab" }, /"apps" must be a list, got "x.tab"/],
    ["an app that is a number", { apps: [3] }, /"apps\[0\]" must be a path or an object/],
    ["an app without a path", { apps: [{ elf: "a" }] }, /"path" must be text, got nothing/],
    ["a speed that is none", { apps: ["a"], speed: "warp" }, /"speed" must be "realtime" or "max"/],
    ["a seed that is no number", { apps: ["a"], seed: "1" }, /"seed" must be a number/],
    ["a source map of numbers", { apps: ["a"], sourceMap: { "/x": 1 } }, /"\/x" must be text/],
    ["inputs that are no text", { apps: ["a"], inputs: [1] }, /"inputs\[0\]" must be text/],
  ] as const) {
    it(`a launch with ${mistake} is refused and can be repeated`, async () => {
      const client = inlineClient();
      await client.request("initialize", { adapterID: "tock" });
      await assert.rejects(client.request("launch", args), refused(sentence));
      await assert.rejects(client.request("launch", args), refused(sentence));
    });
  }
});

describe("session over a program's stdio", () => {
  const start = () => {
    const child = spawn(process.execPath, ["out/adapter/main.node.js"], {
      stdio: ["pipe", "pipe", "pipe"],
    });
    const code = new Promise<number | null>(resolve => child.on("exit", resolve));
    return { child, code, client: new DapClient(streamChannel(child.stdout, child.stdin)) };
  };

  it("answers, and ends after disconnect", async () => {
    const { code, client } = start();
    assert.ok(await client.request("initialize", { adapterID: "tock" }));
    await client.request("disconnect");
    assert.equal(await code, 0);
  });

  it("ends when its client closes the stream", async () => {
    const { child, code, client } = start();
    await client.request("initialize", { adapterID: "tock" });
    child.stdin.end();
    assert.equal(await code, 0);
  });

  it("answers unreadable JSON and stays alive", async () => {
    const { child, code, client } = start();
    child.stdin.write("Content-Length: 5\r\n\r\n{nope");
    child.stdin.write("Content-Length: 4\r\n\r\nnull");
    child.stdin.write("Nonsense: 1\r\n\r\n");
    await client.request("initialize", { adapterID: "tock" });
    assert.equal(client.messages.filter(m => m.type === "response").length, 3);
    await client.request("disconnect");
    assert.equal(await code, 0);
  });
});

describe("session over a port", () => {
  it("serves one client after another, each with a session of its own", async () => {
    const port = await new Promise<number>(resolve => {
      const server = servePort(0, resolve);
      after(() => void server.close());
    });
    for (let round = 0; round < 2; round++) {
      const socket = connect(port, "127.0.0.1");
      const closed = new Promise(resolve => socket.on("close", resolve));
      const client = new DapClient(streamChannel(socket, socket));
      assert.ok(await client.request("initialize", { adapterID: "tock" }));
      await client.request("disconnect");
      await closed;
    }
  });
});
