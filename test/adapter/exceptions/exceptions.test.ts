// Exception filters over DAP: each stops exactly where it says, before the kernel acts, and Continue lets the kernel act.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { filters } from "../../../adapter/exceptions/filters.js";
import { SyscallClass } from "../../../emulator/index.js";
import { type Assembler, program, tbf } from "../../emulator/guest.js";
import { requireTool } from "../../tools.js";
import { built } from "../building.js";
import { Debugging, tabOf } from "../debugging.js";

const { Exit, Subscribe } = SyscallClass;
const folder = mkdtempSync(join(tmpdir(), "tock-debug-exceptions-"));
after(() => rmSync(folder, { recursive: true, force: true }));

type Wanted = string | { filterId: string; condition: string };

/** A session over a program in assembly called `app`, with filters on. */
async function session(
  app: Assembler | string,
  wanted: readonly Wanted[],
  launch: object = {},
): Promise<{ client: Debugging; set: DebugProtocol.Breakpoint[] }> {
  const file = join(folder, "app.tbf").replaceAll("\\", "/");
  if (typeof app !== "string") writeFileSync(file, tbf(app, { name: "app" }));
  const client = new Debugging();
  const apps = [typeof app === "string" ? app : file];
  const set = await client.start(
    { apps, board: "nrf52840dk", ...launch },
    {},
    {
      filters: wanted.filter(each => typeof each === "string"),
      filterOptions: wanted.filter(each => typeof each !== "string"),
    },
  );
  return { client, set };
}

/** Texts of all stops until the program ends, or until there are `most`. */
async function stops(client: Debugging, most = 20): Promise<string[]> {
  const texts: string[] = [];
  while (texts.length < most) {
    const event = await client.next(["stopped", "terminated"]);
    if (event.event === "terminated") break;
    const { text, threadId } = event.body as DebugProtocol.StoppedEvent["body"];
    texts.push(text ?? "");
    if (texts.length < most) await client.request("continue", { threadId });
  }
  return texts;
}

const register = (client: Debugging, name: string) => client.evaluate(`$${name}`);

/** A row of the Process scope of the thread's innermost frame. */
async function ofProcess(client: Debugging, row: string): Promise<string | undefined> {
  const [top] = await client.stack(1);
  return (await client.scope(top?.id ?? 0, "Process")).get(row)?.value;
}

/** The halfword at the pc of the innermost frame. */
async function instruction(client: Debugging): Promise<string> {
  const [top] = await client.stack(1);
  const body = await client.request<{ data?: string }>("readMemory", {
    memoryReference: top?.instructionPointerReference ?? "",
    count: 2,
  });
  return Buffer.from(body.data ?? "", "base64").toString("hex");
}

/** Two calls that fail and one that succeeds. */
const failing = () => program().command(0x77, 1, 5, 6).command(2, 0).command(1, 99).exit(0);

describe("exception filters", () => {
  it("are off but for faults and panics of the kernel", async () => {
    assert.deepEqual(
      filters.filter(filter => filter.default).map(({ id }) => id),
      ["fault", "kernelPanic"],
    );
    const { client } = await session(failing().exit(1), ["fault", "kernelPanic"]);
    assert.deepEqual(await stops(client), []);
  });

  it("with a mistake are not set, and say why in one sentence", async () => {
    const { client, set } = await session(failing(), [
      "nothing",
      "exitError",
      { filterId: "syscallError", condition: "returned == NOMEN" },
      { filterId: "syscall", condition: "driver ==" },
    ]);
    assert.deepEqual(
      set.map(({ verified }) => verified),
      [false, true, false, false],
    );
    assert.match(
      set[0]?.message ?? "",
      /^There is no exception filter "nothing"; there are fault, /,
    );
    assert.match(
      set[2]?.message ?? "",
      /^Condition: NOMEN is no error code that Tock knows; .*\.$/,
    );
    assert.equal(set[3]?.message, "Condition: expected a name or a number, found the end.");
    assert.deepEqual(await stops(client), []);
  });

  it("name nothing that no app has, where the symbols of all are known", async () => {
    const { client, set } = await session(tabOf("hello"), [
      { filterId: "syscallError", condition: "retruned == 1" },
      { filterId: "syscall", condition: "driver == LED && main > 3" },
      { filterId: "upcallDropped", condition: "arg0 == 1" },
    ]);
    assert.deepEqual(
      set.map(({ verified }) => verified),
      [false, true, true],
    );
    assert.match(
      set[0]?.message ?? "",
      /^Condition: no app has anything called retruned, and this filter knows app, [\w, ]+ and returned\.$/,
    );
    await client.request("disconnect");
  });

  it("stop once and tell the fields where a condition names nothing of the app", async () => {
    const condition = { filterId: "syscallError", condition: "retruned == 1" };
    const { client } = await session(failing(), [condition]);
    assert.equal((await stops(client)).length, 1);
    assert.match(
      client.output("console"),
      /^Condition "retruned == 1": there is no variable retruned here\. Beside variables of the app, this filter knows app, .* and returned\.$/m,
    );
  });

  it("are kept by the restart of the board", async () => {
    const { client } = await session(failing(), ["syscallError"]);
    const first = await client.stopped();
    await client.request("restart", {});
    assert.equal((await client.stopped()).text, first.text);
  });
});

describe("the filter of failing system calls", () => {
  const texts = [
    "app: command 1 of driver 0x77 returned NODEVICE.",
    "app: command 99 of Console (0x1) returned NOSUPPORT.",
  ];

  it("stops at the svc with the app's registers; then the app has the error", async () => {
    const { client } = await session(failing(), ["syscallError"]);
    const stopped = await client.stopped();
    assert.equal(stopped.reason, "exception");
    assert.equal(stopped.description, "System call failed (app)");
    assert.equal(stopped.text, texts[0]);
    assert.equal(await instruction(client), "02df");
    assert.deepEqual(
      await Promise.all(["r0", "r1", "r2", "r3"].map(name => register(client, name))),
      ["119", "1", "5", "6"],
    );
    const after = await client.run("next", 1, { granularity: "instruction" });
    assert.equal(after.reason, "step");
    assert.deepEqual([await register(client, "r0"), await register(client, "r1")], ["0", "11"]);
    await client.request("continue", { threadId: 1 });
    assert.deepEqual(await stops(client), texts.slice(1));
  });

  it("tells what it is as exceptionInfo", async () => {
    const { client } = await session(failing(), ["syscallError"]);
    await client.stopped();
    assert.deepEqual(await client.request("exceptionInfo", { threadId: 1 }), {
      exceptionId: "syscallError",
      description: texts[0],
      breakMode: "always",
      details: {
        message: texts[0],
        typeName: "System calls that return an error",
        fullTypeName: "System call failed (app)",
      },
    });
  });

  for (const [condition, expected] of [
    ["returned == NOSUPPORT", texts.slice(1)],
    ["driver == Console && command == 99", texts.slice(1)],
    ["returned == NODEVICE || command == 99", texts],
    ["argument0 == 5 && argument1 == 6", texts.slice(0, 1)],
    ['app == "another"', []],
  ] as const)
    it(`stops only where ${condition}`, async () => {
      const { client } = await session(failing(), [{ filterId: "syscallError", condition }]);
      assert.deepEqual(await stops(client), expected);
    });

  it("sees variables of the app, too", async function () {
    requireTool(this, "arm-none-eabi-gcc");
    const text = `#include "tock.h"
volatile uint32_t tries;
int main(void) {
  volatile uint32_t of_main = 2;
  for (tries = 0; tries < 5; tries++) command(0x77, tries, of_main, 0);
  return 0;
}
`;
    const app = built("tries", text, ["-O1", "-gdwarf-5"]);
    const condition = "returned == NODEVICE && tries > of_main && command == tries";
    const { client } = await session(app.tab, [{ filterId: "syscallError", condition }]);
    const expected = [3, 4].map(n => `tries: command ${n} of driver 0x77 returned NODEVICE.`);
    assert.deepEqual(await stops(client), expected);
  });
});

describe("the filter of system calls", () => {
  const lit = () => program().command(2, 1, 0).command(2, 0).command(0, 1).exit(0);

  it("stops before the kernel sees the call", async () => {
    const { client } = await session(lit(), ["syscall"]);
    const stopped = await client.stopped();
    assert.equal(stopped.text, "app: calls command 1 of LED (0x2) with 0 and 0.");
    assert.equal(await instruction(client), "02df");
    const before = await ofProcess(client, "system calls");
    await client.run("next", 1, { granularity: "instruction" });
    assert.equal(await register(client, "r0"), "128");
    assert.equal(Number(await ofProcess(client, "system calls")), Number(before) + 1);
    await client.request("continue", { threadId: 1 });
    assert.equal((await stops(client)).length, 2);
  });

  it("with a condition stops at the calls of one driver", async () => {
    const condition = "driver == Alarm && class == command";
    const { client } = await session(lit(), [{ filterId: "syscall", condition }]);
    assert.deepEqual(await stops(client), ["app: calls command 1 of Alarm (0x0) with 0 and 0."]);
  });

  it("lets a changed register change the call", async () => {
    const { client } = await session(lit(), [
      { filterId: "syscall", condition: "driver == LED && command == 0" },
    ]);
    await client.stopped();
    await client.request("setExpression", { expression: "$r0", value: "0x77" });
    await client.run("next", 1, { granularity: "instruction" });
    assert.deepEqual([await register(client, "r0"), await register(client, "r1")], ["0", "11"]);
  });
});

describe("the filter of exits with an error", () => {
  it("stops before the process ends, and not where it exits with 0", async () => {
    const { client } = await session(program().exit(7), ["exitError"]);
    const stopped = await client.stopped();
    assert.equal(stopped.text, "app: exits with code 7.");
    assert.equal(await ofProcess(client, "state"), "Running");
    assert.equal(await instruction(client), "06df");
    assert.deepEqual(
      client.events.filter(({ event }) => event === "exited"),
      [],
    );
    await client.request("continue", { threadId: 1 });
    assert.deepEqual(await stops(client), []);
    const fine = await session(program().exit(0), ["exitError"]);
    assert.deepEqual(await stops(fine.client), []);
  });

  it("knows the code, C's negative ones included", async () => {
    const exit = () => program().set(1, 0xffffffff).syscall(Exit, 0, undefined);
    const minus = { filterId: "exitError", condition: "code == -1" };
    const { client } = await session(exit(), [minus]);
    assert.deepEqual(await stops(client), ["app: exits with code 4294967295 (-1)."]);
    const other = await session(program().exit(7), [minus]);
    assert.deepEqual(await stops(other.client), []);
  });
});

describe("the filter of restarts", () => {
  const again = () => program().syscall(Exit, 1, 0);
  const faulty = () => program().set(0, 0).store(0, 0);

  it("stops before an app that asks for it is restarted", async () => {
    const { client } = await session(again(), ["restart"]);
    assert.equal((await client.stopped()).text, "app: exits with code 0 and asks to be restarted.");
    assert.equal(await ofProcess(client, "restarts"), "0");
    await client.run("continue", 1);
    assert.equal(await ofProcess(client, "restarts"), "1");
  });

  it("stops before the fault policy restarts an app, behind the stop at the fault", async () => {
    const { client } = await session(faulty(), ["fault", "restart"], { faultPolicy: "restart" });
    assert.equal((await client.stopped()).description, "app faulted");
    const stopped = await client.run("continue", 1);
    assert.equal(stopped.text, "app: is about to be restarted by its fault policy.");
    assert.equal(await ofProcess(client, "restarts"), "0");
  });

  it("with a condition stops at the third restart", async () => {
    const condition = 'reason == "fault" && restarts == 2';
    const { client } = await session(faulty(), [{ filterId: "restart", condition }], {
      faultPolicy: "restart",
    });
    await client.stopped();
    assert.equal(await ofProcess(client, "restarts"), "2");
  });

  it("stops before a restart on request", async () => {
    const { client } = await session(program().yieldWait(), ["restart"]);
    await client.event("thread");
    await client.request("tock/restartProcess", { app: "app" });
    assert.equal((await client.stopped()).text, "app: is about to be restarted on request.");
  });
});

describe("the filter of dropped upcalls", () => {
  /** Listens to a button and never yields. */
  const deaf = () =>
    program()
      .address(2, "pressed")
      .syscall(Subscribe, 3, 0, undefined, 0)
      .command(3, 1, 0)
      .spin()
      .label("pressed")
      .return();
  const inputs = Array.from(
    { length: 12 },
    (_, i) => `${i + 1}ms:button0=${i % 2 ? "up" : "down"}`,
  );

  it("stops at the tenth of ten that nobody takes, before it is dropped", async () => {
    const { client } = await session(deaf(), ["upcallDropped"], { inputs });
    const stopped = await client.stopped();
    assert.equal(
      stopped.text,
      "app: upcall 0 of Button (0x3) with 0, 0, 0 is about to be dropped, because the queue of upcalls is full; only a yield of the app empties it.",
    );
    assert.equal(await ofProcess(client, "queued upcalls"), "9");
    await client.run("continue", 1);
    assert.equal(await ofProcess(client, "queued upcalls"), "9, 1 dropped");
  });

  it("knows the values of the upcall", async () => {
    const condition = "driver == Button && argument1 == 1";
    const { client } = await session(deaf(), [{ filterId: "upcallDropped", condition }], {
      inputs,
    });
    assert.match((await client.stopped()).text ?? "", / with 0, 1, 0 /);
  });
});

describe("the filter of failed grants", () => {
  /** Takes all memory that there is, and then needs grants of many drivers. */
  const greedy = (): Assembler => {
    const app = program().memop(1, 16).halfwords(0x2800, 0xd1f4); // cmp r0, #0; bne to the memop
    for (const driver of [0, 1, 3, 4, 5, 0x10000, 0x40001, 0x60000])
      app.syscall(Subscribe, driver, 0, 0, 0);
    return app.exit(0);
  };

  it("stops before the failure is returned, and tells how much is missing", async () => {
    const { client } = await session(greedy(), ["grantFailed"]);
    const { text = "" } = await client.stopped();
    const [, size, free] =
      /^app: the grant of .* needs (\d+) bytes, and (\d+) are free between app break and grants\.$/.exec(
        text,
      ) ?? assert.fail(text);
    assert.ok(Number(size) > 0 && Number(free) >= 0);
    assert.equal(await instruction(client), "01df");
    await client.run("next", 1, { granularity: "instruction" });
    assert.deepEqual([await register(client, "r0"), await register(client, "r1")], ["2", "9"]);
  });

  it("with a condition stops at the grant of one driver", async () => {
    const option = { filterId: "grantFailed", condition: "driver == Temperature && free == 0" };
    const { client } = await session(greedy(), [option]);
    const [text = ""] = await stops(client);
    assert.match(text, /^app: the grant of Temperature \(0x60000\) needs/);
  });
});

describe("the filter of kernel panics", () => {
  const inputs = ["100ms:console=panic\n"];

  it("stops before the kernel prints; then it prints and halts", async () => {
    const { client } = await session(program().yieldWait(), ["kernelPanic"], { inputs });
    const stopped = await client.stopped();
    assert.match(
      stopped.text ?? "",
      /^Process Console forced a kernel panic\., at .*\.rs:\d+:\d+\.$/,
    );
    assert.doesNotMatch(client.output("stdout"), /panicked/);
    const halted = await client.run("continue", 1);
    assert.equal(halted.description, "The kernel panicked");
    assert.match(client.output("stdout"), /panicked at /);
  });

  it("stops at a panic over a fault, unless the fault itself has stopped", async () => {
    const { client } = await session(tabOf("crash"), ["kernelPanic"], {
      inputs: ["100ms:button0=down"],
    });
    assert.match((await client.stopped()).text ?? "", /^Process crash had a fault, at /);
    const both = await session(tabOf("crash"), ["fault", "kernelPanic"], {
      inputs: ["100ms:button0=down"],
    });
    await both.client.stopped();
    const halted = await both.client.run("continue", 1);
    assert.equal(halted.description, "The kernel panicked");
  });
});

describe("the filter of app panics", () => {
  const TEXT = `#include "tock.h"
void __assert_func(const char* file, int line, const char* function, const char* expression);
__attribute__((noreturn, noinline)) void abort(void) { exit(134); }
__attribute__((noinline)) void __assert_func(const char* file, int line, const char* function, const char* expression) {
  printf("%s:%d: %s: %s\\n", file, line, function, expression);
  abort();
}
__attribute__((noinline)) static void check(uint32_t n) {
  if (n > 1) __assert_func("main.c", 42, "check", "n <= 1");
}
int main(void) {
  printf("begins\\n");
  check((uint32_t)led_count());
  abort(); // in main
}
`;

  it("stops once at a failed assertion, with the stack of whoever failed it", async function () {
    requireTool(this, "arm-none-eabi-gcc");
    const app = built("asserts", TEXT, ["-O1", "-gdwarf-5"]);
    const { client } = await session(app.tab, ["appPanic"]);
    const stopped = await client.stopped();
    assert.equal(stopped.text, "asserts: assertion failed in check (main.c:42): n <= 1.");
    assert.deepEqual((await client.stack(1)).map(({ name }) => name).slice(0, 3), [
      "__assert_func",
      "check",
      "main",
    ]);
    await client.request("continue", { threadId: 1 });
    assert.deepEqual(await stops(client), []);
    assert.match(client.output("stdout"), /main\.c:42: check: n <= 1/);
  });

  it("stops at abort, and a condition tells it from assertions", async function () {
    requireTool(this, "arm-none-eabi-gcc");
    const app = built("aborts", TEXT.replace("n > 1", "n > 100"), ["-O1", "-gdwarf-5"]);
    const option = { filterId: "appPanic", condition: 'function == "abort"' };
    const { client } = await session(app.tab, [option]);
    assert.deepEqual(await stops(client), [
      `aborts: calls abort in main (main.c:${app.lineOf("// in main")}).`,
    ]);
  });

  it("knows libtock-rs's panic handler without symbols", async () => {
    const app = program().command(8, 1, 1).exit(1);
    const { client } = await session(app, ["appPanic"]);
    assert.deepEqual(await stops(client), [
      "app: tells the low-level debug driver that it panics.",
    ]);
  });
});
