// What `tock/crash` answers: the parts of memory, registers, frames, and a report that hostile names cannot turn into markup.
import assert from "node:assert/strict";
import { crashBody } from "../../../adapter/crash/body.js";
import type { CrashBody } from "../../../adapter/protocol.js";
import { Debugging, tabOf } from "../debugging.js";
import { cortexScene, process, scene } from "./scenes.js";

const context = { kernelVersion: null, notes: [], dump: "" };

async function crashed(inputs: readonly string[] = ["100ms:console=n"]): Promise<Debugging> {
  const client = new Debugging();
  await client.start({ apps: [tabOf("blink"), tabOf("crash")], inputs });
  await client.stopped();
  return client;
}

describe("tock/crash", () => {
  it("explains the process that faulted last, and lists it first", async () => {
    const client = await crashed();
    const body = await client.request<CrashBody>("tock/crash", {});
    assert.deepEqual(
      body.processes.map(({ name, threadId }) => [name, threadId]),
      [
        ["crash", 2],
        ["blink", 1],
      ],
    );
    assert.equal(body.explanation.kind, "null-dereference");
    assert.equal(body.explanation.culprit?.expression, "last_reading");
    assert.equal(body.explanation.place?.function, "store_through_null");
    assert.match(body.dump, /^\r\npanicked at .*Process crash had a fault/s);
    assert.equal(body.kernelVersion, "2.3.0-dev1");
    assert.match(body.markdown, /^# crash: null-dereference\n/);
  });

  it("cuts the memory of each process into parts that touch and do not overlap", async () => {
    const body = await (await crashed()).request<CrashBody>("tock/crash", {});
    for (const { segments } of body.processes) {
      const ram = segments.filter(({ kind }) => !kind.endsWith("flash"));
      assert.ok(ram.length >= 5);
      for (const [i, { low, high }] of ram.entries()) {
        assert.ok(low < high);
        assert.equal(ram[i + 1]?.low ?? high, high);
      }
      assert.deepEqual(ram[0]?.kind, "stack-free");
      assert.match(
        segments.find(({ kind }) => kind === "stack")?.text ?? "",
        /^Stack: at most \d+ bytes of 2,048 bytes used$/,
      );
    }
  });

  it("says what registers hold and which flags are set", async () => {
    const body = await (await crashed()).request<CrashBody>("tock/crash", {});
    const [first] = body.processes;
    const meaning = (name: string) =>
      first?.registers.find(each => each.name === name)?.meaning ?? "";
    assert.match(meaning("pc"), /^store_through_null\+0x\w+ \(crashes\.c:\d+\)$/);
    assert.equal(meaning("sp"), "the stack of crash");
    const [cfsr, , mmfar, bfar] = body.faultStatus;
    assert.deepEqual(
      cfsr?.fields.map(({ name }) => name),
      ["MMARVALID", "DACCVIOL"],
    );
    assert.equal(mmfar?.value, 0);
    assert.equal(bfar?.value, null);
    assert.match(first?.lastSyscall ?? "", /Console/);
    assert.deepEqual(first?.grants.map(({ driverName }) => driverName).sort(), [
      "Button",
      "Console",
    ]);
  });

  it("of a process that has not faulted is answered by its thread", async () => {
    const body = await (await crashed()).request<CrashBody>("tock/crash", { threadId: 1 });
    assert.equal(body.processes[0]?.name, "blink");
  });

  it("without a fault, or of no thread, is refused in a sentence", async () => {
    const client = new Debugging();
    await client.start({ apps: [tabOf("blink")], stopOnEntry: true });
    await client.stopped();
    await assert.rejects(client.request("tock/crash", {}), /^Error: No process has faulted/);
    await assert.rejects(client.request("tock/crash", { threadId: 7 }), /There is no thread 7/);
  });
});

describe("a crash body of a dump", () => {
  it("says unknown where the dump does not tell", () => {
    const body = crashBody(
      [scene({ process: { ...process, memory: null, flash: null } })],
      context,
    );
    assert.deepEqual(body.processes[0]?.segments, []);
    assert.deepEqual(body.processes[0]?.registers, []);
    assert.deepEqual(body.faultStatus, []);
    assert.equal(body.explanation.kind, "unknown");
  });

  it("keeps its parts apart whatever the breaks of a damaged dump are", () => {
    const memory = {
      start: 0x20009000,
      appBreak: 0x20008000,
      kernelBreak: 0x2000f000,
      end: 0x2000b000,
    };
    const [first] = crashBody([scene({ process: { ...process, memory } })], context).processes;
    for (const { low, high } of first?.segments ?? []) assert.ok(low < high);
  });

  it("quotes names in its report, so that they are no markup", () => {
    const name = "<img src=x onerror=alert(1)> | [a](javascript:1) `b` # c\n# d \u001b[31m";
    const given = cortexScene({ cfsr: 0x82, mmfar: 0 }, {}, { process: { ...process, name } });
    const { markdown } = crashBody([given], {
      ...context,
      dump: "``` </details> ```",
      notes: [name],
    });
    const outside = markdown
      .replace(/(`{3,})text\n[\s\S]*?\n\1/g, "")
      .replace(/(`+)[^\n]*?[^`]\1(?!`)/g, "");
    assert.doesNotMatch(outside, /(?<!\\)(?:<img|\[a\])|^# d/m);
    assert.ok(!markdown.includes("\u001b"));
    assert.ok(!markdown.includes("\\\\|"));
    assert.match(markdown, /\n````text\n``` <\/details> ```\n````\n/);
  });

  it("makes no link, mention or formula of a name, and turns the direction of none", () => {
    const name = "@all https://a.b www.a.b $x$ a\u202ecba\u2066";
    const given = cortexScene({ cfsr: 0x82, mmfar: 0 }, {}, { process: { ...process, name } });
    const { markdown } = crashBody([given], { ...context, dump: name });
    assert.match(markdown, /^# \\@all https\\:\/\/a\.b www\\\.a\.b \\\$x\\\$ a\ufffdcba\ufffd: /);
    assert.doesNotMatch(markdown, /[\u202a-\u202e\u2066-\u2069]/);
  });
});
