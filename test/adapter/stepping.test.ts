import assert from "node:assert/strict";
import { copyFileSync, cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Debugging, lineOf, sourceOf, tabOf } from "./debugging.js";

async function stoppedAt(example: string, text: string): Promise<Debugging> {
  const client = new Debugging();
  await client.start({ apps: [tabOf(example)] }, { [sourceOf(example)]: [lineOf(example, text)] });
  const stopped = await client.stopped();
  assert.equal(stopped.reason, "breakpoint");
  await client.setBreakpoints(sourceOf(example), []);
  return client;
}

const locals = (text: string) => lineOf("locals", text);

describe("stepping over", () => {
  it("goes from line to line, through a call at full speed", async () => {
    const client = await stoppedAt("locals", "*slot = measure(day);");
    await client.run("next", 1);
    assert.equal(await client.where(1), `main:${locals("station.latest  = slot;")}`);
    await client.run("next", 1);
    assert.equal(await client.where(1), `main:${locals("station.raining = slot->sky")}`);
  });

  it("a recursive call ends in the same frame", async () => {
    const client = await stoppedAt("locals", "int32_t left  = sum(tree->left);");
    const before = await client.stack(1);
    await client.run("next", 1);
    const after = await client.stack(1);
    assert.equal(after[0]?.line, locals("int32_t right = sum(tree->right);"));
    assert.equal(after.length, before.length);
    await client.run("next", 1);
    assert.equal((await client.stack(1)).length, before.length);
  });

  it("the end of a function goes back to the caller", async () => {
    const client = await stoppedAt("locals", "return left + tree->key + right;");
    const depth = (await client.stack(1)).length;
    await client.run("next", 1);
    await client.run("next", 1);
    const after = await client.stack(1);
    assert.equal(after.length, depth - 1);
  });

  it("a call that blocks on the kernel comes back when the kernel has answered", async () => {
    const client = await stoppedAt("locals", "sleep_ms(100);");
    await client.run("next", 1);
    assert.equal(await client.where(1), `main:${locals("for (uint32_t day = 1")}`);
  });
});

describe("stepping into", () => {
  it("stops behind the prologue of the called function", async () => {
    const client = await stoppedAt("locals", "tree   = insert(tree, slot");
    await client.run("stepIn", 1);
    assert.equal(await client.where(1), `insert:${locals("if (tree == NULL) {")}`);
  });

  it("a line without a call goes to the next line", async () => {
    const client = await stoppedAt("locals", "station.latest  = slot;");
    await client.run("stepIn", 1);
    assert.equal(await client.where(1), `main:${locals("station.raining = slot->sky")}`);
  });

  it("a yield that blocks runs the machine until its upcall", async () => {
    const client = await stoppedAt("grants", "yield();");
    const names: string[] = [];
    for (let i = 0; i < 12 && names.at(-1) !== "on_alarm"; i++) {
      await client.run("stepIn", 1);
      names.push((await client.stack(1))[0]?.name.replace(" (upcall)", "") ?? "");
    }
    assert.equal(names.at(-1), "on_alarm", names.join(" → "));
    const stack = await client.stack(1);
    assert.match(stack[0]?.name ?? "", /^on_alarm \(upcall\)$/);
    assert.ok(stack.some(frame => frame.name === "main"));
  });
});

describe("stepping into code whose source is missing", () => {
  const folder = mkdtempSync(join(tmpdir(), "tock-debug-"));
  after(() => rmSync(folder, { recursive: true }));

  /** The example away from its runtime's sources, and from its own unless `withMain`. */
  async function apart(withMain: boolean): Promise<Debugging> {
    const place = join(folder, withMain ? "some" : "none", "examples", "locals");
    for (const name of ["locals.tab", "locals.elf", ...(withMain ? ["main.c"] : [])]) {
      cpSync(join("examples/locals", name), join(place, name));
    }
    const client = new Debugging();
    const main = join(place, "main.c").replaceAll("\\", "/");
    await client.start(
      { apps: [join(place, "locals.tab")] },
      { [main]: [locals("report(slot);")] },
    );
    await client.stopped();
    return client;
  }

  it("enters the functions that can be shown and steps over the others", async () => {
    const client = await apart(true);
    await client.run("stepIn", 1);
    assert.equal(await client.where(1), `report:${locals("const char* sky  =")}`);
    await client.setBreakpoints("examples/locals/main.c", []);
    await client.run("stepOut", 1);
    await client.run("stepIn", 1);
    assert.match(await client.where(1), /^main:/);
  });

  it("enters any function when no source is there", async () => {
    const client = await apart(false);
    await client.run("stepIn", 1);
    assert.match(await client.where(1), /^report:/);
  });
});

describe("stepping out", () => {
  it("returns to the caller, over all deeper calls", async () => {
    const client = await stoppedAt("locals", "if (tree == NULL) return 0;");
    await client.run("stepOut", 1);
    assert.match(await client.where(1), /^main:/);
  });

  it("of an upcall returns to the yield on whose frame it runs", async () => {
    const client = await stoppedAt("grants", "uint32_t* count = user;");
    await client.run("stepOut", 1);
    const names = (await client.stack(1)).map(frame => frame.name);
    assert.match(names[0] ?? "", /yield/);
  });

  it("without a caller is refused", async () => {
    const folder = mkdtempSync(join(tmpdir(), "tock-debug-"));
    const path = join(folder, "bare.tab");
    copyFileSync(tabOf("locals"), path);
    const client = new Debugging();
    await client.start({ apps: [path], stopOnEntry: true });
    assert.equal((await client.stopped()).reason, "entry");
    await assert.rejects(client.request("stepOut", { threadId: 1 }), /no caller/);
    rmSync(folder, { recursive: true });
  });
});

describe("an inlined call", () => {
  const line = (text: string) => lineOf("blink", text);
  const call = line("show(count);");
  const head = line("for (int led");
  const names = async (client: Debugging) =>
    (await client.stack(1)).slice(0, 2).map(frame => `${frame.name}:${frame.line}`);

  it("is not entered yet where it begins", async () => {
    const client = await stoppedAt("blink", "leds = led_count();");
    await client.run("next", 1);
    await client.run("next", 1);
    assert.equal(await client.where(1), `main:${call}`);
  });

  it("is stepped over, however often its code goes round", async () => {
    const client = await stoppedAt("blink", "show(count);");
    await client.run("next", 1);
    assert.equal(await client.where(1), `main:${line("sleep_ms(250);")}`);
  });

  it("is stepped into without an instruction being run", async () => {
    const client = await stoppedAt("blink", "show(count);");
    const before = await client.stack(1);
    await client.run("stepIn", 1);
    const after = await client.stack(1);
    assert.deepEqual(await names(client), [`show (inlined):${head}`, `main:${call}`]);
    assert.equal(after[0]?.instructionPointerReference, before[0]?.instructionPointerReference);
  });

  it("stays the same call when its loop comes back to its beginning", async () => {
    const client = await stoppedAt("blink", "led_set(led, on);");
    await client.run("next", 1);
    assert.deepEqual(await names(client), [`show (inlined):${head}`, `main:${call}`]);
  });

  it("is left by stepping out, with all its remaining rounds", async () => {
    const client = await stoppedAt("blink", "led_set(led, on);");
    await client.run("stepOut", 1);
    assert.equal(await client.where(1), `main:${line("sleep_ms(250);")}`);
  });

  it("has variables of its own", async () => {
    const client = await stoppedAt("blink", "led_set(led, on);");
    const [show, main] = await client.stack(1);
    const inShow = await client.scope(show?.id ?? 0, "Local");
    const inMain = await client.scope(main?.id ?? 0, "Local");
    assert.deepEqual([...inShow.keys()].sort(), ["count", "led", "on"]);
    assert.deepEqual([...inMain.keys()], ["count"]);
  });
});

describe("stepping by instructions", () => {
  const instruction = { granularity: "instruction" };
  const pcOf = async (client: Debugging) =>
    Number((await client.stack(1))[0]?.instructionPointerReference);

  it("executes one instruction", async () => {
    const client = await stoppedAt("locals", "station.latest  = slot;");
    const before = await pcOf(client);
    await client.run("next", 1, instruction);
    const moved = (await pcOf(client)) - before;
    assert.ok(moved === 2 || moved === 4, `${moved}`);
  });

  it("into a call stands on the function's first instruction, over it behind the call", async () => {
    const client = await stoppedAt("locals", "*slot = measure(day);");
    const texts: string[] = [];
    while (!texts.at(-1)?.startsWith("bl ")) {
      await client.run("stepIn", 1, instruction);
      const { instructions } = await client.request<{ instructions: { instruction: string }[] }>(
        "disassemble",
        { memoryReference: `${await pcOf(client)}`, instructionCount: 1 },
      );
      texts.push(instructions[0]?.instruction ?? "");
    }
    const call = await pcOf(client);
    await client.run("next", 1, instruction);
    assert.equal(await pcOf(client), call + 4);
  });

  it("of a system call executes the whole call, the kernel's part too", async () => {
    const client = await stoppedAt("grants", "button_listen(on_button, NULL);");
    const calls = async () => {
      const [top] = await client.stack(1);
      return Number((await client.scope(top?.id ?? 0, "Process")).get("system calls")?.value);
    };
    const before = await calls();
    for (let i = 0; i < 200 && (await calls()) === before; i++) {
      await client.run("stepIn", 1, instruction);
    }
    assert.equal(await calls(), before + 1);
    const [top] = await client.stack(1);
    const { instructions } = await client.request<{ instructions: { instruction: string }[] }>(
      "disassemble",
      {
        memoryReference: top?.instructionPointerReference,
        instructionOffset: -1,
        instructionCount: 1,
      },
    );
    assert.match(instructions[0]?.instruction ?? "", /^svc/);
  });
});

describe("a step that another stop overtakes", () => {
  it("another process's breakpoint stops there, and the step is forgotten", async () => {
    const client = new Debugging();
    await client.start(
      { apps: [tabOf("locals"), tabOf("grants")], inputs: ["50ms:button0=down"] },
      { [sourceOf("locals")]: [locals("sleep_ms(100);")] },
    );
    await client.stopped();
    await client.setBreakpoints(sourceOf("locals"), []);
    await client.setBreakpoints(sourceOf("grants"), [lineOf("grants", "remember(BUTTON,")]);
    const stopped = await client.run("next", 1);
    assert.equal(stopped.reason, "breakpoint");
    assert.equal(stopped.threadId, 2);
  });

  it("pause ends a step into a yield that nobody wakes", async () => {
    const client = await stoppedAt("crash", "yield();");
    await client.request("next", { threadId: 1 });
    await client.request("pause", { threadId: 1 });
    const stopped = await client.stopped();
    assert.equal(stopped.reason, "pause");
    const names = (await client.stack(1)).map(frame => frame.name);
    assert.ok(names.includes("main"), names.join(" → "));
  });

  it("a process that ends during its step lets the machine run on to its end", async () => {
    const client = new Debugging();
    const last = locals("int32_t total = sum(tree);") + 3;
    await client.start({ apps: [tabOf("locals")] }, { [sourceOf("locals")]: [last] });
    await client.stopped();
    await client.request("stepOut", { threadId: 1 });
    await client.stopped();
    await client.request("next", { threadId: 1 });
    const exited = await client.event<{ exitCode: number }>("exited");
    assert.equal(exited.exitCode, 0);
    await client.event("terminated");
  });
});
