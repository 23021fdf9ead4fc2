import assert from "node:assert/strict";
import { requireTool } from "../tools.js";
import { type Built, built } from "./building.js";
import { Debugging, lineOf, sourceOf, tabOf } from "./debugging.js";

/** Functions with arguments of every kind of passing; each keeps them all alive to its end. */
const PROGRAM = `#include "tock.h"
#define APART __attribute__((noinline, noclone))
struct pair { uint8_t a; uint32_t b; };
struct wide { uint32_t w[5]; };
volatile uint32_t sink;
volatile uint64_t result;
APART uint64_t plain(int8_t a, uint16_t b, bool c, const char* d, int32_t e) {
  sink = 1; // in plain
  sink = 2; // later in plain
  result = (uint64_t)(int64_t)a * 3 + b + c + (uint32_t)d[0] + (uint32_t)e;
  return result;
}
APART uint64_t doubles(int32_t a, uint64_t b, int32_t c, uint64_t d) {
  sink = 1; // in doubles
  sink = 2; // later in doubles
  result = (uint64_t)(int64_t)a + b * 2 + (uint32_t)c + d;
  return result;
}
APART uint64_t structs(uint32_t a, struct pair b, struct wide c, uint8_t d) {
  sink = 1; // in structs
  sink = 2; // later in structs
  result = a + b.a + b.b + c.w[0] + c.w[1] * 2u + c.w[4] + d;
  return result;
}
APART uint64_t many(uint32_t count, ...) {
  __builtin_va_list list;
  __builtin_va_start(list, count);
  uint64_t sum = 0;
  sink = 1; // in many
  for (uint32_t i = 0; i < count; i++) sum = sum * 10 + __builtin_va_arg(list, uint32_t);
  sink = 2; // later in many
  __builtin_va_end(list);
  result = sum;
  return sum;
}
APART struct wide made(uint32_t a) {
  struct wide it = { { a, a, a, a, a } };
  sink = 1; // in made
  return it;
}
static inline __attribute__((always_inline)) uint32_t inlined(uint32_t a) {
  sink = 3; // in inlined
  return a + sink;
}
static void called(uint32_t a, uint32_t b, uint32_t c, void* user) {
  sink = a + b + c; // in the upcall
  *(uint32_t*)user += 1;
}
static uint32_t calls;
int main(void) {
  struct pair two = { 7, 8000 };
  struct wide five = { { 1, 2, 3, 4, 5 } };
  uint64_t a = plain(-5, 65000, true, "x", -77);
  uint64_t b = doubles(-1, 0x1122334455667788u, -2, 0x8877665544332211u);
  uint64_t c = structs(1000, two, five, 250);
  uint64_t d = many(5, 1, 2, 3, 4, 5);
  five = made(6);
  uint32_t e = inlined(7);
  sink = (uint32_t)(a + b + c + d) + e + five.w[2]; // all done
  subscribe(0, 0, called, &calls);
  command(0, 5, 100, 0);
  yield();
  sink = calls; // after the upcall
  return 0;
}
`;

const restart = (client: Debugging, frameId: number | undefined) =>
  client.request("restartFrame", { frameId });

const FUNCTIONS = {
  plain: ["a", "b", "c", "d", "e"],
  doubles: ["a", "b", "c", "d"],
  structs: ["a", "b", "c", "d"],
  many: ["count"],
};

const argumentsOf = async (client: Debugging, names: readonly string[]) => {
  const [top] = await client.stack(1);
  return Promise.all(names.map(name => client.evaluate(name, top?.id)));
};

/** What each function returns when it runs from the line marked with `mark`, and how many could be started again there. */
async function results(app: Built, mark: string, again: boolean) {
  const client = new Debugging();
  const lines = Object.keys(FUNCTIONS).map(name => app.lineOf(`// ${mark} ${name}`));
  await client.start({ apps: [app.tab] }, { [app.source]: lines });
  let restarts = 0;
  const found: string[] = [];
  for (const _ of lines) {
    await client.stopped();
    if (again) {
      const { success, message } = await client.send("restartFrame", {
        frameId: (await client.stack(1))[0]?.id,
      });
      if (success) {
        restarts++;
        assert.match((await client.stopped()).reason, /^(restart|breakpoint)$/);
      } else assert.match(message ?? "", /its argument \w cannot be restored/);
    }
    await client.setBreakpoints(app.source, []);
    await client.run("stepOut", 1);
    found.push(await client.evaluate("result"));
    await client.setBreakpoints(app.source, lines);
    await client.request("continue", { threadId: 1 });
  }
  return { found, restarts };
}

for (const level of ["-O0", "-Og", "-O2", "-Os"]) {
  describe(`restartFrame at ${level}`, () => {
    let app: Built;
    before(function () {
      requireTool(this, "arm-none-eabi-gcc");
      app = built("again", PROGRAM, [level, "-gdwarf-5"]);
    });

    const stoppedAt = async (text: string) => {
      const client = new Debugging();
      await client.start({ apps: [app.tab] }, { [app.source]: [app.lineOf(text)] });
      await client.stopped();
      return client;
    };

    it("gives every result as without it, or says which argument is lost", async () => {
      const plain = await results(app, "in", false);
      assert.deepEqual(plain.found.length, 4);
      for (const mark of ["in", "later in"]) {
        const { found, restarts } = await results(app, mark, true);
        assert.deepEqual(found, plain.found);
        assert.ok(restarts >= (level === "-O0" ? 4 : 2), `${restarts} restarts`);
      }
    });

    it("starts an upcall's function again, as the kernel called it", async () => {
      const client = await stoppedAt("// in the upcall");
      const names = ["a", "b", "c", "user"];
      const before = await argumentsOf(client, names);
      await restart(client, (await client.stack(1))[0]?.id);
      await client.stopped();
      assert.deepEqual(await argumentsOf(client, names), before);
      await client.setBreakpoints(app.source, [app.lineOf("// after the upcall")]);
      await client.run("continue", 1);
      assert.equal(await client.evaluate("calls"), "1");
    });

    if (level !== "-O0") return;

    for (const [name, names] of Object.entries(FUNCTIONS)) {
      it(`calls ${name} again with the arguments that it has`, async () => {
        const client = await stoppedAt(`// in ${name}`);
        const [, caller] = await client.stack(1);
        const before = await argumentsOf(client, names);
        await client.run("next", 1);
        await restart(client, (await client.stack(1))[0]?.id);
        await client.stopped();
        const [top, next] = await client.stack(1);
        assert.equal(top?.name, name);
        assert.ok((top?.line ?? 0) <= app.lineOf(`// in ${name}`), "it stands at its beginning");
        assert.deepEqual([next?.name, next?.line], [caller?.name, caller?.line]);
        assert.deepEqual(await argumentsOf(client, names), before);
      });
    }

    it("of an inlined call, or of one that returns a struct, is refused", async () => {
      const client = await stoppedAt("// in inlined");
      const top = (await client.stack(1))[0] as { id: number; canRestart?: boolean };
      assert.equal(top.canRestart, false);
      await assert.rejects(
        restart(client, top.id),
        /inlined cannot be started again: the compiler/,
      );
      const other = await stoppedAt("// in made");
      const [made] = await other.stack(1);
      await assert.rejects(restart(other, made?.id), /wants the struct wide that it returns/);
      assert.match(await other.where(1), /^made:/);
    });
  });
}

describe("restartFrame", () => {
  it("says which argument is lost, and changes nothing", async function () {
    requireTool(this, "arm-none-eabi-gcc");
    const app = built("again", PROGRAM, ["-O2", "-gdwarf-5"]);
    const client = new Debugging();
    await client.start({ apps: [app.tab] }, { [app.source]: [app.lineOf("later in doubles")] });
    await client.stopped();
    const [top] = await client.stack(1);
    assert.match(await client.evaluate("b", top?.id), /optimized out/);
    const before = await client.scope(top?.id ?? 0, "Registers");
    await assert.rejects(
      restart(client, top?.id),
      /doubles cannot be started again: its argument b cannot be restored/,
    );
    const values = (registers: typeof before) => [...registers.values()].map(r => r.value);
    assert.deepEqual(values(await client.scope(top?.id ?? 0, "Registers")), values(before));
  });

  it("of a caller leaves the functions that it called", async () => {
    const client = new Debugging();
    const line = lineOf("locals", "fresh->key = key;");
    await client.start({ apps: [tabOf("locals")] }, { [sourceOf("locals")]: [line] });
    await client.stopped();
    await client.run("continue", 1);
    await client.run("continue", 1);
    const stack = await client.stack(1);
    const depth = stack.findIndex(frame => frame.name === "main") - 1;
    assert.ok(depth > 0);
    await restart(client, stack[depth]?.id);
    const stop = await client.stopped();
    assert.equal(stop.reason, "restart");
    assert.deepEqual(
      (await client.stack(1)).map(frame => frame.name),
      stack.slice(depth).map(frame => frame.name),
    );
    assert.equal((await client.run("continue", 1)).reason, "breakpoint");
    assert.deepEqual(
      (await client.stack(1)).map(({ name, line }) => [name, line]),
      stack.map(({ name, line }) => [name, line]),
    );
  });

  it("of a process that waits in the kernel is refused", async () => {
    const client = new Debugging();
    await client.start({ apps: [tabOf("blink")] });
    await client.run("pause", 1);
    const [top] = await client.stack(1);
    await assert.rejects(restart(client, top?.id), /does not run now/);
  });
});
