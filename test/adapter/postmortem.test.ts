import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CrashBody } from "../../adapter/protocol.js";
import { RequestFailed } from "../../cli/dap-client.js";
import { Debugging, root, sourceOf, tabOf } from "./debugging.js";

const elf = `${root}/examples/crash/crash.elf`;

/** A live session that stands at the null store of the example. */
async function faulted(): Promise<Debugging> {
  const live = new Debugging();
  await live.start({ apps: [tabOf("crash")], inputs: ["0.1:console=n"] });
  assert.equal((await live.stopped()).reason, "exception");
  return live;
}

async function attach(client: Debugging, args: object): Promise<void> {
  await client.request("initialize", { adapterID: "tock" });
  await client.request("attach", { mode: "crash", ...args });
  await client.event("initialized");
}

const refused = (pattern: RegExp) => (error: unknown) => {
  assert.ok(error instanceof RequestFailed, String(error));
  assert.match(error.message, pattern);
  return true;
};

describe("a session over a crash dump", () => {
  let folder = "";
  let path = "";
  let live: Debugging;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "dump-"));
    path = join(folder, "serial.log");
    live = await faulted();
    const { dump } = await live.request<CrashBody>("tock/crash");
    writeFileSync(path, `boot\r\n[hello] tick\r\n${dump}`);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("stands where the process stood, with its registers and the reason of the stop", async () => {
    const dead = new Debugging();
    await attach(dead, { dump: path, elf });
    await dead.request("configurationDone");
    const stopped = await dead.stopped();
    assert.equal(stopped.reason, "exception");
    const info = await dead.request<{ description: string }>("exceptionInfo", { threadId: 1 });
    assert.match(info.description, /null/);
    assert.equal(await dead.where(1), await live.where(1));
    assert.match(await dead.where(1), /^store_through_null:\d+$/);
    const frames = [await live.stack(1), await dead.stack(1)].map(([frame]) => frame?.id ?? 0);
    assert.equal((await dead.stack(1))[0]?.source?.path, `${root}/examples/crash/crashes.c`);
    for (const name of ["$r0", "$r3", "$sp", "$lr", "$pc"]) {
      const values = [
        await live.evaluate(name, frames[0]),
        await dead.evaluate(name, frames[1]),
      ].map(value => value.replace(/ .*/, ""));
      assert.equal(values[1], values[0], name);
    }
  });

  it("reads the flash of the ELF, and says of RAM that it is not in the dump", async () => {
    const dead = new Debugging();
    await attach(dead, { dump: path, elf });
    await dead.request("configurationDone");
    await dead.stopped();
    const [frame] = await dead.stack(1);
    const memoryReference = frame?.instructionPointerReference;
    const read = (client: Debugging) =>
      client.request<{ data: string }>("readMemory", { memoryReference, count: 16 });
    assert.equal((await read(dead)).data, (await read(live)).data);
    assert.match(await dead.evaluate("last_reading", frame?.id), /^<not in the dump: 0x20/);
    const code = { memoryReference, instructionCount: 1 };
    const { instructions } = await dead.request<{ instructions: { instruction: string }[] }>(
      "disassemble",
      code,
    );
    assert.match(instructions[0]?.instruction ?? "", /^str/);
  });

  it("shows what the dump tells as scopes", async () => {
    const dead = new Debugging();
    await attach(dead, { dump: path, elf });
    await dead.request("configurationDone");
    await dead.stopped();
    const id = (await dead.stack(1))[0]?.id ?? 0;
    const process = await dead.scope(id, "Process");
    assert.equal(process.get("state")?.value, "Faulted");
    const status = await dead.scope(id, "Fault Status");
    assert.match(status.get("CFSR")?.value ?? "", /^0x00000082/);
    assert.match([...(await dead.scope(id, "MPU")).values()][0]?.value ?? "", /^rw- 0x20/);
    assert.ok((await dead.scope(id, "Grants")).size >= 1);
    assert.match((await dead.scope(id, "Registers")).get("pc")?.value ?? "", /crashes\.c:\d+/);
  });

  it("refuses in one sentence what would need a board", async () => {
    const dead = new Debugging();
    await attach(dead, { dump: path, elf });
    const [breakpoint] = await dead.setBreakpoints(sourceOf("crash"), [1]);
    assert.equal(breakpoint?.verified, false);
    await dead.request("configurationDone");
    await dead.stopped();
    for (const command of ["continue", "next", "stepIn", "pause", "tock/apps", "restart"]) {
      await assert.rejects(
        dead.request(command, { threadId: 1 }),
        refused(/in which nothing runs/),
      );
    }
    await assert.rejects(
      dead.request("evaluate", { expression: "last_reading = 0", context: "repl" }),
      refused(/nothing runs/),
    );
  });

  it("without an ELF shows addresses and tells how to name it", async () => {
    const dead = new Debugging();
    await attach(dead, { dump: path });
    await dead.request("configurationDone");
    await dead.stopped();
    assert.match(await dead.where(1), /^0x[0-9a-f]{8}:0$/);
    const notes = dead.events.filter(({ event }) => event === "output");
    assert.match(JSON.stringify(notes), /There is no ELF of \\"crash\\"/);
  });

  it("is refused in one sentence without a dump", async () => {
    const empty = join(folder, "empty.log");
    writeFileSync(empty, "nothing happened\n");
    const client = new Debugging();
    await client.request("initialize", { adapterID: "tock" });
    const open = (args: object) => client.request("attach", args);
    await assert.rejects(open({ mode: "crash", dump: empty }), refused(/no crash dump in it/));
    await assert.rejects(open({ mode: "crash", dump: "/nowhere" }), refused(/no such file/));
    await assert.rejects(open({ mode: "crash" }), refused(/"dump" must be/));
    await assert.rejects(open({}), refused(/"mode" must be "crash"/));
    await assert.rejects(
      open({ mode: "crash", dump: path, number: 7 }),
      refused(/"number" is 7, and .* holds 1 crash dump\./),
    );
  });

  it("takes the last of several dumps, or the one that is asked for", async () => {
    const { dump } = await live.request<CrashBody>("tock/crash");
    writeFileSync(path, `${dump.replaceAll("crash", "first")}\r\nboot\r\n${dump}`);
    const names = async (args: object) => {
      const dead = new Debugging();
      await attach(dead, { dump: path, ...args });
      return dead.request<{ threads: { name: string }[] }>("threads");
    };
    assert.match((await names({})).threads[0]?.name ?? "", /^crash /);
    assert.match((await names({ number: 1 })).threads[0]?.name ?? "", /^first /);
  });
});
