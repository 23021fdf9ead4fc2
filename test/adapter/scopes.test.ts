import assert from "node:assert/strict";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { Debugging, lineOf, sourceOf, tabOf } from "./debugging.js";

async function stoppedAt(example: string, text: string): Promise<Debugging> {
  const client = new Debugging();
  const lines = { [sourceOf(example)]: [lineOf(example, text)] };
  await client.start({ apps: [tabOf("locals"), tabOf("grants")] }, lines);
  await client.stopped();
  return client;
}

describe("scopes", () => {
  it("are Local first and Registers last", async () => {
    const client = await stoppedAt("locals", "sleep_ms(100);");
    const [top] = await client.stack(1);
    const { scopes } = await client.request<{ scopes: DebugProtocol.Scope[] }>("scopes", {
      frameId: top?.id,
    });
    assert.deepEqual(
      scopes.map(scope => scope.name),
      ["Local", "Static", "Process", "Grants", "MPU", "Registers"],
    );
  });

  it("Local shows values with their types, children and names to watch", async () => {
    const client = await stoppedAt("locals", "sleep_ms(100);");
    const [top] = await client.stack(1);
    const local = await client.scope(top?.id ?? 0, "Local");
    const slot = local.get("slot");
    assert.equal(slot?.type, "struct reading *");
    assert.match(slot?.memoryReference ?? "", /^0x2/);
    const number = (await client.children(slot)).get("number");
    assert.equal(number?.value, "1");
    const watched = await client.request<{ result: string }>("evaluate", {
      expression: number?.evaluateName,
      frameId: top?.id,
      context: "watch",
    });
    assert.equal(watched.result, "1");
  });

  it("arrays tell their length, and give a part", async () => {
    const client = await stoppedAt("locals", "sleep_ms(100);");
    const [top] = await client.stack(1);
    const nodes = (await client.scope(top?.id ?? 0, "Static")).get("nodes");
    assert.equal(nodes?.indexedVariables, 8);
    const { variables } = await client.request<{ variables: { name: string }[] }>("variables", {
      variablesReference: nodes?.variablesReference,
      filter: "indexed",
      start: 2,
      count: 3,
    });
    assert.deepEqual(
      variables.map(v => v.name),
      ["[2]", "[3]", "[4]"],
    );
  });

  it("Registers of a caller are those it will have when the call returns", async () => {
    const client = await stoppedAt("locals", "if (tree == NULL) {");
    const [callee, caller] = await client.stack(1);
    const inner = await client.scope(callee?.id ?? 0, "Registers");
    const outer = await client.scope(caller?.id ?? 0, "Registers");
    const numberOf = (variables: typeof inner, name: string) =>
      Number.parseInt(variables.get(name)?.value ?? "", 16);
    assert.equal(numberOf(outer, "pc"), numberOf(inner, "lr") & ~1);
    assert.ok(numberOf(outer, "sp") > numberOf(inner, "sp"));
    assert.match(inner.get("xpsr")?.value ?? "", /\([Nn] [Zz] [Cc] [Vv] [Qq]\)/);
    assert.equal(outer.get("xpsr")?.value, "<not saved>");
  });

  it("of a process that waits come from its stored registers", async () => {
    const client = await stoppedAt("locals", "station.latest  = slot;");
    for (let i = 0; i < 2; i++) await client.run("continue", 1);
    const names = (await client.stack(2)).map(frame => frame.name);
    assert.ok(names.includes("main"), names.join(" "));
    const main = (await client.stack(2)).find(frame => frame.name === "main");
    const registers = await client.scope(main?.id ?? 0, "Registers");
    assert.match(registers.get("pc")?.value ?? "", /<main\+0x/);
  });

  it("Grants name drivers, upcalls and buffers", async () => {
    const client = await stoppedAt("grants", "uint32_t* count = user;");
    const [top] = await client.stack(2);
    const grants = await client.scope(top?.id ?? 0, "Grants");
    const console = await client.children(grants.get("Console (0x1)"));
    assert.match(console.get("upcall 2")?.value ?? "", /^on_byte \(0x/);
    assert.match(console.get("allow read-write 1")?.value ?? "", /, 1 byte$/);
    const bytes = await client.children(console.get("bytes"));
    assert.ok(bytes.size >= 2);
    const button = await client.children(grants.get("Button (0x3)"));
    assert.match(button.get("upcall 0")?.value ?? "", /^on_button/);
  });

  it("MPU gives each region its open ranges and the app's rights", async () => {
    const client = await stoppedAt("locals", "sleep_ms(100);");
    const [top] = await client.stack(1);
    const mpu = await client.scope(top?.id ?? 0, "MPU");
    assert.match(mpu.get("region 0")?.value ?? "", /^rw- 0x20/);
    assert.match(mpu.get("region 2")?.value ?? "", /^r-x 0x0004/);
    assert.equal(mpu.get("region 7")?.value, "disabled");
  });

  it("MPU shows a shared buffer to both processes, each with the other's name", async () => {
    const client = new Debugging();
    const names = ["ipc_client", "ipc_service"];
    const apps = names.map(name => sourceOf(`ipc/${name}`).replace("main.c", `${name}.tab`));
    const service = "ipc/ipc_service";
    const lines = { [sourceOf(service)]: [lineOf(service, "command(DRIVER_IPC, NOTIFY_CLIENT")] };
    await client.start({ apps }, lines);
    await client.stopped();
    const mpuOf = async (thread: number) =>
      client.scope((await client.stack(thread))[0]?.id ?? 0, "MPU");
    const [owner, guest] = [await mpuOf(1), await mpuOf(2)];
    const shared = owner.get("shared with ipc_service")?.value ?? "";
    assert.match(shared, /^rw- 0x2/);
    assert.equal(guest.get("region 3")?.value, `${shared}, shared by ipc_client`);
    assert.equal(owner.get("region 3")?.value, "disabled");
    assert.ok(![...guest.keys()].some(name => name.startsWith("shared with")));
  });

  it("Process tells the last system call in words", async () => {
    const client = await stoppedAt("grants", 'printf("Ready');
    const [top] = await client.stack(2);
    const process = await client.scope(top?.id ?? 0, "Process");
    assert.match(process.get("last system call")?.value ?? "", /Button \(0x3\)/);
    assert.match((await client.children(process.get("RAM"))).get("stack")?.value ?? "", /used/);
  });

  it("numbers of an earlier stop are refused", async () => {
    const client = await stoppedAt("locals", "sleep_ms(100);");
    const [top] = await client.stack(1);
    await client.run("next", 1);
    await assert.rejects(
      client.request("scopes", { frameId: top?.id }),
      /no frame .* at this stop/,
    );
    await assert.rejects(
      client.request("variables", { variablesReference: 1 }),
      /no variable 1 at this stop/,
    );
  });
});

describe("the stack of a process", () => {
  it("is used down to the present stack pointer at least", async () => {
    const client = await stoppedAt("locals", "sleep_ms(100);");
    const [top] = await client.stack(1);
    const registers = await client.scope(top?.id ?? 0, "Registers");
    const ram = (await client.scope(top?.id ?? 0, "Process")).get("RAM");
    const stack = (await client.children(ram)).get("stack")?.value ?? "";
    const [, end, used] = /–(0x[0-9A-F]+), .* at most (\d+) used/.exec(stack) ?? [];
    assert.ok(Number(used) >= Number(end) - Number(registers.get("sp")?.value), stack);
  });
});

describe("memory and code", () => {
  it("readMemory gives the bytes and counts those that are not there", async () => {
    const client = await stoppedAt("locals", "sleep_ms(100);");
    const read = (memoryReference: string, count: number, offset = 0) =>
      client.request<{ address: string; data?: string; unreadableBytes?: number }>("readMemory", {
        memoryReference,
        count,
        offset,
      });
    const flash = await read("0x40000", 4);
    assert.deepEqual([...Buffer.from(flash.data ?? "", "base64")].slice(0, 2), [2, 0]);
    const end = await read("0x2003fff0", 32);
    assert.equal(Buffer.from(end.data ?? "", "base64").length, 16);
    assert.equal(end.unreadableBytes, 16);
    const none = await read("0xf0000000", 8);
    assert.equal(none.data, undefined);
    assert.equal(none.unreadableBytes, 8);
    await assert.rejects(read("main", 4), /"main" is no address/);
  });

  it("disassemble gives as many instructions as asked, also before the address", async () => {
    const client = await stoppedAt("locals", "sleep_ms(100);");
    const [top] = await client.stack(1);
    const { instructions } = await client.request<{
      instructions: DebugProtocol.DisassembledInstruction[];
    }>("disassemble", {
      memoryReference: top?.instructionPointerReference,
      instructionOffset: -20,
      instructionCount: 60,
    });
    assert.equal(instructions.length, 60);
    assert.equal(instructions[20]?.address, top?.instructionPointerReference);
    const addresses = instructions.map(i => Number(i.address));
    assert.deepEqual(
      addresses,
      addresses.toSorted((a, b) => a - b),
    );
    assert.equal(instructions[20]?.line, top?.line);
    assert.equal(instructions[20]?.location?.path, sourceOf("locals"));
  });

  it("disassemble outside of memory answers with invalid lines", async () => {
    const client = await stoppedAt("locals", "sleep_ms(100);");
    const { instructions } = await client.request<{
      instructions: DebugProtocol.DisassembledInstruction[];
    }>("disassemble", {
      memoryReference: "0x10",
      instructionOffset: -50,
      instructionCount: 20,
    });
    assert.equal(instructions.length, 20);
    assert.equal(instructions[0]?.address, "-1");
    assert.equal(instructions[0]?.presentationHint, "invalid");
  });

  it("disassemble far from its address answers at once", async () => {
    const client = await stoppedAt("locals", "sleep_ms(100);");
    for (const instructionOffset of [2 ** 53 - 1, -(2 ** 53 - 1)]) {
      const { instructions } = await client.request<{
        instructions: DebugProtocol.DisassembledInstruction[];
      }>("disassemble", { memoryReference: "0x40000", instructionOffset, instructionCount: 20 });
      assert.equal(instructions.length, 20);
    }
  });

  it("disassemble shows data as data, names targets and covers every byte once", async () => {
    const client = await stoppedAt("locals", "sleep_ms(100);");
    const [top] = await client.stack(1);
    const memoryReference = top?.instructionPointerReference;
    const { instructions } = await client.request<{
      instructions: DebugProtocol.DisassembledInstruction[];
    }>("disassemble", {
      memoryReference,
      instructionOffset: -60,
      instructionCount: 700,
    });
    let at = Number(instructions[0]?.address);
    for (const { address, instructionBytes } of instructions) {
      assert.equal(Number(address), at, `gap or overlap before ${address}`);
      at += (instructionBytes as string).split(" ").length;
    }
    const texts = instructions.map(({ instruction }) => instruction);
    assert.ok(texts.some(text => /^bl\s+0x[0-9a-f]+ <insert>$/.test(text)));
    assert.ok(texts.some(text => /^\.word 0x[0-9a-f]{8}$/.test(text)));
  });
});

describe("locations", () => {
  it("of a variable and of the function that a pointer points to can be shown", async () => {
    const client = new Debugging();
    const line = lineOf("grants", "remember(ALARM,");
    await client.start({ apps: [tabOf("grants")] }, { [sourceOf("grants")]: [line] });
    await client.stopped();
    const [top] = await client.stack(1);
    const locals = await client.scope(top?.id ?? 0, "Local");
    const place = async (locationReference: number | undefined) => {
      const args = { locationReference };
      const at = await client.request<{ source: { path: string }; line: number }>(
        "locations",
        args,
      );
      assert.equal(at.source.path, sourceOf("grants"));
      return at.line;
    };
    const count = lineOf("grants", "uint32_t* count = user;");
    assert.equal(await place(locals.get("count")?.declarationLocationReference), count);
    const pointer = await client.request<{ valueLocationReference?: number }>("evaluate", {
      expression: "&on_alarm",
      frameId: top?.id,
    });
    const function_ = lineOf("grants", "static void on_alarm(");
    assert.equal(await place(pointer.valueLocationReference), function_);
    await assert.rejects(
      client.request("locations", { locationReference: 9999 }),
      /no location 9999/,
    );
  });
});
