import assert from "node:assert/strict";
import type { KernelBody, ViewBody, ViewName } from "../../../adapter/protocol.js";
import { Debugging, lineOf, sourceOf, tabOf } from "../debugging.js";

type Of<N extends ViewName> = Extract<ViewBody, { view: N }>;

/** The next message about a view. */
async function shown<N extends ViewName>(client: Debugging, name: N): Promise<Of<N>> {
  for (;;) {
    const body = await client.event<ViewBody>("tock/view");
    if (body.view === name) return body as Of<N>;
  }
}

const watch = (client: Debugging, views: readonly ViewName[], threadId?: number) =>
  client.request("tock/watch", { schema: 1, views, threadId });

const sent = (client: Debugging): ViewBody[] =>
  client.events.filter(({ event }) => event === "tock/view").map(({ body }) => body as ViewBody);

/** Where the grants example handles the first second: its alarm, console and buttons are in use. */
async function atFirstSecond(launch: object = {}): Promise<Debugging> {
  const client = new Debugging({ supportsInvalidatedEvent: true });
  const line = lineOf("grants", "if (!handle(event))");
  const apps = [tabOf("grants"), tabOf("blink")];
  await client.start({ apps, ...launch }, { [sourceOf("grants")]: [line] });
  await client.stopped();
  return client;
}

describe("the view of processes", () => {
  it("shows each with its state, counts and how far its memory is filled", async () => {
    const client = await atFirstSecond();
    await watch(client, ["processes"]);
    const { processes, schema } = await shown(client, "processes");
    assert.equal(schema, 1);
    const [grants, blink] = processes;
    assert.equal(processes.length, 2);
    assert.deepEqual(
      [grants?.threadId, grants?.name, grants?.pid, grants?.shortId, grants?.restarts],
      [1, "grants", 0, "Unique", 0],
    );
    assert.deepEqual([grants?.state, grants?.kind], ["Running", "active"]);
    assert.deepEqual([blink?.name, blink?.state], ["blink", "Yielded"]);
    assert.ok((grants?.syscalls ?? 0) > 10);
    assert.match(grants?.lastSyscall ?? "", /^command Alarm \(0x0\) 5 /);
    const { stack, heap } = grants ?? {};
    assert.ok(stack && stack.used > 0 && stack.used <= stack.highest && stack.highest < stack.size);
    assert.ok(heap && heap.used <= heap.highest && heap.highest < heap.size);
    assert.ok(grants && grants.grants.used > 772 && grants.grants.used < grants.grants.size);
  });

  it("measures the stack by the deepest that the kernel or a stop has seen", async () => {
    const client = await atFirstSecond();
    await watch(client, ["processes"]);
    const before = (await shown(client, "processes")).processes[0]?.stack;
    const top = (await client.stack(1))[0];
    const sp = Number(await client.evaluate("(unsigned)$sp", top?.id));
    const registers = await client.scope(top?.id ?? 0, "Registers");
    assert.equal(Number(registers.get("sp")?.value), sp);
    const process = await client.scope(top?.id ?? 0, "Process");
    const ram = await client.children(process.get("RAM"));
    const [, end = ""] = /–(0x[0-9a-f]+)/.exec(ram.get("stack")?.value ?? "") ?? [];
    assert.equal(before?.used, Number(end) - sp);
    assert.match(ram.get("stack")?.value ?? "", new RegExp(`at most ${before?.highest} used`));
  });

  it("stops, starts, ends and boots a process by the words of the process console", async () => {
    const client = await atFirstSecond({ speed: "realtime" });
    await client.setBreakpoints(sourceOf("grants"), []);
    await client.request("continue", { threadId: 1 });
    await watch(client, ["processes"]);
    const until = async (state: RegExp) => {
      for (;;) {
        const { processes } = await shown(client, "processes");
        const blink = processes.find(({ name }) => name === "blink");
        if (state.test(blink?.state ?? "")) return blink;
      }
    };
    const act = (action: string) => client.request("tock/process", { threadId: 2, action });
    await act("stop");
    assert.equal((await until(/^Stopped\(Yielded\)$/))?.kind, "stopped");
    await act("start");
    await until(/^Yielded$/);
    await act("terminate");
    assert.equal((await until(/^Terminated$/))?.kind, "terminated");
    await act("boot");
    const again = await until(/^Yielded$/);
    assert.deepEqual([again?.restarts, again?.pid], [1, 2]);
    const { success, message } = await client.send("tock/process", { threadId: 9, action: "stop" });
    assert.equal(success, false);
    assert.match(message ?? "", /no thread 9/);
  });
});

describe("the view of grants", () => {
  it("shows what drivers keep for the selected process, decoded", async () => {
    const client = await atFirstSecond();
    await watch(client, ["grants"], 1);
    const { process, grants, unused } = await shown(client, "grants");
    assert.deepEqual(process, { threadId: 1, name: "grants" });
    const named = (name: string) => grants.find(grant => grant.name.startsWith(name));
    const alarm = named("Alarm");
    assert.deepEqual(
      alarm?.fields.map(({ name, type, length }) => [name, type, length]),
      [
        ["set", "u32", 4],
        ["reference", "u32", 4],
        ["dt", "u32", 4],
      ],
    );
    assert.match(alarm?.upcalls[0]?.calls ?? "", /^\w+ \(0x[0-9a-f]+\)$/);
    const [typed] = named("Console")?.allows ?? [];
    assert.deepEqual([typed?.access, typed?.length], ["read-write", 1]);
    assert.ok(unused.some(name => name.startsWith("GPIO")));
    assert.match(alarm?.rows[0] ?? "", /^([0-9a-f]{2} ){15}[0-9a-f]{2}$/);
  });

  it("follows the selection, and without one the thread that stopped", async () => {
    const client = await atFirstSecond();
    await watch(client, ["grants"]);
    assert.equal((await shown(client, "grants")).process?.name, "grants");
    await watch(client, ["grants"], 2);
    const blink = await shown(client, "grants");
    assert.equal(blink.process?.name, "blink");
    assert.ok(!blink.grants.some(({ name }) => name.startsWith("Button")));
  });

  it("stops when the kernel changes a grant on which a data breakpoint is set", async () => {
    const client = await atFirstSecond();
    await client.setBreakpoints(sourceOf("grants"), []);
    await watch(client, ["grants"], 1);
    const flag = async () => {
      const { grants } = await shown(client, "grants");
      return grants.find(({ name }) => name.startsWith("Alarm"))?.fields[0];
    };
    const set = await flag();
    assert.ok(set !== undefined && !set.watched);
    const { address, length } = set;
    await client.request("tock/watchBytes", { address, length, access: "write" });
    assert.equal((await flag())?.watched, true);
    const stopped = await client.run("continue", 1);
    assert.equal(stopped.reason, "data breakpoint");
    assert.match(stopped.text ?? "", /was written by the kernel/);
    assert.equal((await flag())?.value, "0");
    await client.request("tock/watchBytes", { address, length, access: null });
    assert.equal((await flag())?.watched, false);
    const wrong = await client.send("tock/watchBytes", {
      address: 4096,
      length: 4e6,
      access: "read",
    });
    assert.match(wrong.message ?? "", /There is no memory at 0x00001000/);
  });

  it("lets the variables view break on a grant, a field and a shared buffer", async () => {
    const client = await atFirstSecond();
    const [top] = await client.stack(1);
    const grants = await client.scope(top?.id ?? 0, "Grants");
    const { scopes } = await client.request<{
      scopes: { name: string; variablesReference: number }[];
    }>("scopes", { frameId: top?.id });
    const scope = scopes.find(({ name }) => name === "Grants")?.variablesReference;
    const name = [...grants.keys()].find(key => key.startsWith("Alarm")) ?? "";
    const info = (variablesReference: number | undefined, of: string) =>
      client.request<{ dataId: string }>("dataBreakpointInfo", { name: of, variablesReference });
    assert.match((await info(scope, name)).dataId, /^0x2000[0-9A-F]{4}:24$/);
    const dt = await info(grants.get(name)?.variablesReference, "dt");
    assert.match(dt.dataId, /^0x2000[0-9A-F]{4}:4$/);
  });
});

describe("the view of the kernel", () => {
  const atStop = async (launch: object): Promise<KernelBody> => {
    const client = await atFirstSecond(launch);
    await watch(client, ["kernel"]);
    return shown(client, "kernel");
  };

  it("shows the scheduler, alarms, what is due, flash and drivers", async () => {
    const body = await atStop({});
    assert.match(body.board, /nRF52840 DK/);
    assert.equal(body.scheduler, "round-robin");
    assert.equal(body.current?.name, "grants");
    assert.ok((body.current?.left ?? 0) > 9000 && (body.current?.left ?? 0) <= 10_000);
    assert.deepEqual(
      body.alarms.map(({ name }) => name),
      ["blink", "grants"],
    );
    const [blink, grants] = body.alarms.map(({ seconds }) => seconds);
    assert.ok((blink ?? 1) < 0.25, `${blink}`);
    assert.ok(Math.abs((grants ?? 0) - 1) < 0.01, `${grants}`);
    assert.equal(body.events[0]?.device, "alarm");
    assert.deepEqual(
      body.flash.map(({ kind, name, address }) => [kind, name, address]),
      [
        ["app", "grants", 0x40000],
        ["app", "blink", 0x41000],
        ["free", "", 0x41800],
      ],
    );
    const end = body.flash.at(-1);
    assert.equal((end?.address ?? 0) + (end?.size ?? 0), 0x100000);
    assert.ok(body.drivers.some(({ name }) => name.startsWith("LED")));
    assert.ok(body.missing.every(({ driver }) => body.drivers.every(d => d.driver !== driver)));
  });

  it("names another scheduler without a timeslice", async () => {
    const body = await atStop({ scheduler: "cooperative" });
    assert.equal(body.scheduler, "cooperative");
    assert.equal(body.current?.left, null);
  });
});

describe("messages about views", () => {
  it("are sent for visible views only: a hidden one gets none", async () => {
    const client = await atFirstSecond({ speed: "realtime" });
    await client.setBreakpoints(sourceOf("grants"), []);
    const pass = async () => {
      await client.request("continue", { threadId: 1 });
      await new Promise(resolve => setTimeout(resolve, 1200));
      await client.request("pause", { threadId: 1 });
      await client.stopped();
    };
    await pass();
    assert.equal(sent(client).length, 0);
    await watch(client, ["kernel"]);
    await pass();
    assert.ok(sent(client).length > 2);
    assert.deepEqual([...new Set(sent(client).map(({ view }) => view))], ["kernel"]);
    const before = sent(client).length;
    await watch(client, []);
    await pass();
    assert.equal(sent(client).length, before);
  });

  it("come at most four times a second while the board runs, and not when nothing has changed", async () => {
    const client = await atFirstSecond({ speed: "realtime" });
    await client.setBreakpoints(sourceOf("grants"), []);
    await watch(client, ["processes", "grants"], 2);
    await shown(client, "grants");
    const before = sent(client).length;
    const start = Date.now();
    await client.request("continue", { threadId: 1 });
    await new Promise(resolve => setTimeout(resolve, 2000));
    const seconds = (Date.now() - start) / 1000;
    const counts = new Map<string, number>();
    for (const { view } of sent(client).slice(before))
      counts.set(view, (counts.get(view) ?? 0) + 1);
    assert.ok((counts.get("processes") ?? 0) >= 3, JSON.stringify([...counts]));
    assert.ok((counts.get("processes") ?? 0) <= 4 * seconds + 1, JSON.stringify([...counts]));
    await client.request("pause", { threadId: 1 });
    await client.stopped();
    const still = sent(client).length;
    await watch(client, ["processes", "grants"], 2);
    await client.request("threads");
    assert.equal(sent(client).length, still);
  });

  it("name an unknown view in one sentence", async () => {
    const client = await atFirstSecond();
    const { success, message } = await client.send("tock/watch", { views: ["radio"] });
    assert.equal(success, false);
    assert.match(
      message ?? "",
      /"views" must be a list of processes, grants, kernel, board, memoryMap, liveWatch/,
    );
  });
});

describe("the hexadecimal format", () => {
  it("shows integers in hexadecimal until it is taken back, and tells the client", async () => {
    const client = await atFirstSecond();
    const value = async () => {
      const [top] = await client.stack(1);
      return client.evaluate("queue.written", top?.id);
    };
    assert.equal(await value(), "1");
    await client.request("tock/format", { hex: true });
    assert.deepEqual(await client.event("invalidated"), { areas: ["variables"] });
    assert.equal(await value(), "0x1");
    await client.request("restart");
    await client.stopped();
    assert.equal(await value(), "0x1");
    await client.request("tock/format", { hex: false });
    assert.equal(await value(), "1");
  });
});
