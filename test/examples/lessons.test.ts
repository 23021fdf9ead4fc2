// The lessons show in a debug session what their READMEs say is to be seen, with the apps and boards of "Run Example".
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type {
  CrashBody,
  TimelineBody,
  TimelineRow,
  ViewBody,
  ViewName,
} from "../../adapter/protocol.js";
import { examples } from "../../extension/commands/examples.js";
import { Debugging, root } from "../adapter/debugging.js";

const pathOf = (file: string) => `${root}/examples/${file}`;

/** The launch of "Run Example", without its stops in main. */
function launchOf(name: string) {
  const example = examples.find(each => each.name === name);
  assert.ok(example);
  const apps = example.apps.map(({ tab, elf }) => ({
    path: pathOf(tab),
    ...(elf !== undefined && { elf: pathOf(elf) }),
  }));
  return { apps, board: example.board };
}

/** Breakpoint on the only line of an app's source that has `text`. */
function breakpointAt(source: string, text: string): Record<string, number[]> {
  const path = pathOf(`lessons/${source}/main.c`);
  const lines = readFileSync(path, "utf8").split("\n");
  const found = lines.flatMap((line, i) => (line.includes(text) ? [i + 1] : []));
  assert.equal(found.length, 1, text);
  return { [path]: found };
}

const rowsOf = async (client: Debugging, filter: object = {}): Promise<readonly TimelineRow[]> =>
  (await client.request<TimelineBody>("tock/timeline", { start: 0, count: 1000, filter })).rows;

async function view<N extends ViewName>(client: Debugging, name: N, threadId: number) {
  const sent = client.events.length;
  await client.request("tock/watch", { views: [] });
  await client.request("tock/watch", { views: [name], threadId });
  const isThis = ({ event, body }: (typeof client.events)[number]) =>
    event === "tock/view" && (body as ViewBody).view === name;
  while (!client.events.slice(sent).some(isThis)) await client.event("tock/view");
  return client.events.findLast(isThis)?.body as Extract<ViewBody, { view: N }>;
}

/** What a process may do at an address, as the Memory Map colours it. */
async function rightsAt(client: Debugging, threadId: number, address: number): Promise<string> {
  const { rows } = await view(client, "memoryMap", threadId);
  const row = rows.find(({ low, high }) => low <= address && address < high);
  return [row?.read && "read", row?.write && "write"].filter(Boolean).join(" ");
}

const numberOf = async (client: Debugging, expression: string, threadId: number) =>
  Number(await client.evaluate(`(unsigned)${expression}`, (await client.stack(threadId))[0]?.id));

const CODE = [2, 0, 3, 1].flatMap((button, i) => [
  `${1 + i / 5}s:button${button}=down`,
  `${1.1 + i / 5}s:button${button}=up`,
]);

const kindsOf = async (client: Debugging) =>
  (await view(client, "memoryMap", 1)).rows.map(({ kind }) => kind);

describe("the lesson sensor-board", () => {
  it("can be stopped at its first instruction, where the kernel knows neither stack nor heap", async () => {
    const client = new Debugging();
    await client.request("initialize", { adapterID: "tock" });
    await client.request("launch", { ...launchOf("sensor-board"), stopOnEntry: true });
    await client.event("initialized");
    await client.request("setFunctionBreakpoints", { breakpoints: [{ name: "_start" }] });
    await client.request("configurationDone");
    await client.stopped();
    assert.deepEqual(
      (await rowsOf(client)).map(({ kind }) => kind),
      ["start"],
    );
    assert.ok(!(await kindsOf(client)).includes("stack"));
    assert.equal((await client.run("continue", 1)).reason, "entry");
    assert.ok((await kindsOf(client)).includes("stack"));
  });

  it("stands in main behind three memops of the start-up code, with nothing printed yet", async () => {
    const client = new Debugging();
    await client.start({ ...launchOf("sensor-board"), stopOnEntry: true });
    await client.stopped();
    const calls = (await rowsOf(client)).filter(({ kind }) => kind === "syscall");
    assert.deepEqual(
      calls.map(({ call, operation }) => `${call} ${operation}`),
      ["memop brk", "memop tell stack top", "memop tell heap start"],
    );
    assert.ok(!client.events.some(({ event }) => event === "output"));
    const { scheduler, flash, drivers } = await view(client, "kernel", 1);
    assert.notEqual(scheduler, "");
    assert.deepEqual(
      flash.filter(({ kind }) => kind === "app").map(({ name }) => name),
      ["sensor-board"],
    );
    assert.ok(drivers.some(({ name }) => name === "Temperature (0x60000)"));
  });

  it("reads the temperature that the board was given, and asks in vain for the pressure", async () => {
    const client = new Debugging();
    await client.start(
      { ...launchOf("sensor-board"), inputs: ["1s:temperature=30"] },
      breakpointAt("sensor-board", "  return OK;"),
    );
    await client.stopped();
    const [top] = await client.stack(1);
    assert.match(await client.evaluate("sensor->value", top?.id), /^2500/);
    for (let i = 0; i < 3; i++) await client.run("continue", 1);
    assert.match(await client.evaluate("sensor->value", (await client.stack(1))[0]?.id), /^3000/);
    const refused = await rowsOf(client, { failed: true });
    assert.deepEqual(
      refused.map(({ driver, result }) => [driver, result]),
      [[0x60008, "NODEVICE"]],
    );
  });

  it("stops at the pressure sensor where system calls that fail are to be seen", async () => {
    const client = new Debugging();
    await client.start(launchOf("sensor-board"), {}, { filters: ["syscallError"] });
    await client.stopped();
    const frames = await client.stack(1);
    assert.deepEqual(
      frames.map(({ name }) => name).filter(name => name === "discover" || name === "main"),
      ["discover", "main"],
    );
    const own = frames.find(({ name }) => name === "discover");
    assert.match(await client.evaluate("sensors[i].name", own?.id), /"pressure"/);
  });
});

describe("the lesson button-snooping", () => {
  it("shows each press as an upcall of both processes", async () => {
    const client = new Debugging();
    await client.start(
      { ...launchOf("button-snooping"), inputs: CODE },
      breakpointAt("button-snooping/code_lock", "bool right = "),
    );
    await client.stopped();
    const upcalls = await rowsOf(client, { drivers: [3], kinds: ["upcall"] });
    const of = (process: string) => upcalls.filter(row => row.process === process).length;
    assert.deepEqual([of("code_lock"), of("thermometer")], [7, 6]);
    const lock = await numberOf(client, "&pressed", 1);
    assert.match(await rightsAt(client, 1, lock), /read write/);
    assert.equal(await rightsAt(client, 2, lock), "");
    const { grants } = await view(client, "grants", 2);
    const button = grants.find(({ name }) => name === "Button (0x3)");
    assert.match(button?.upcalls[0]?.calls ?? "", /on_button/);
  });

  it("stops where the thermometer subscribes", async () => {
    const client = new Debugging();
    const condition = 'app == "thermometer" && driver == Button';
    await client.start(
      launchOf("button-snooping"),
      {},
      { filters: [], filterOptions: [{ filterId: "syscall", condition }] },
    );
    assert.equal((await client.stopped()).threadId, 2);
    const names = (await client.stack(2)).map(({ name }) => name);
    assert.ok(names.includes("button_listen") && names.includes("main"), names.join());
  });

  it("is over where a board obeys the header, with the symbols of the same program", async () => {
    const client = new Debugging();
    await client.start(
      { ...launchOf("button-snooping-filtered"), inputs: CODE },
      breakpointAt("button-snooping/code_lock", "bool right = "),
    );
    await client.stopped();
    const rows = (await rowsOf(client, { drivers: [3] })).filter(
      ({ process }) => process === "thermometer_confined",
    );
    assert.deepEqual(
      rows.map(({ call, result }) => [call, result]),
      [["subscribe", "NODEVICE"]],
    );
    const own = (await client.stack(2)).find(({ name }) => name === "main");
    assert.match(await client.evaluate("error", own?.id), /NODEVICE/);
  });
});

describe("the lesson root-of-trust", () => {
  const inputs = ["1s:console=my secret\\n", "2s:button1=down"];

  it("keeps the secret in the app's memory, and lends buffers to the oracle", async () => {
    const client = new Debugging();
    await client.start(
      { ...launchOf("root-of-trust"), speed: "realtime" },
      breakpointAt("root-of-trust/encryption_service", 'show("ciphertext"'),
    );
    const asked = ({ body }: { body?: { output?: string } }) => body?.output?.includes("button 0");
    while (!client.events.some(asked)) await client.event("output");
    await client.evaluate("> my secret", undefined, "repl");
    await client.stopped();
    const [top] = await client.stack(1);
    const statics = await client.scope(top?.id ?? 0, "Static");
    assert.match(statics.get("secret")?.value ?? "", /my secret/);
    assert.ok(statics.has("iv") && statics.has("ciphertext"));
    const calls = await rowsOf(client, { drivers: [0x99999] });
    assert.deepEqual(
      calls.map(({ call }) => call),
      [
        "command",
        "allow read-only",
        "allow read-only",
        "allow read-write",
        "command",
        "yield-wait-for",
        "upcall",
      ],
    );
    const { grants } = await view(client, "grants", 1);
    const oracle = grants.find(({ driver }) => driver === 0x99999);
    assert.equal(oracle?.allows.length, 3);
  });

  it("stops before the kernel acts, says whose memory it is, and the map shows who may use it", async () => {
    const client = new Debugging();
    await client.start({ ...launchOf("root-of-trust"), inputs });
    assert.equal((await client.stopped()).reason, "exception");
    const address = await numberOf(client, "&secret", 1);
    assert.equal(await numberOf(client, "victim", 2), address);
    const { explanation } = await client.request<CrashBody>("tock/crash", { threadId: 2 });
    assert.equal(explanation.kind, "other-process");
    assert.match(explanation.verdict, /RAM of the process encryption_service/);
    assert.match(await rightsAt(client, 1, address), /read write/);
    assert.equal(await rightsAt(client, 2, address), "");
    const { regions } = await view(client, "memoryMap", 2);
    assert.ok(regions.length > 0);
    assert.ok(
      !regions.some(({ ranges }) => ranges.some(r => r.low <= address && address < r.high)),
    );
  });

  it("goes on to encrypt where the board only stops the attacker", async () => {
    const client = new Debugging();
    await client.start({
      ...launchOf("root-of-trust"),
      inputs: [...inputs, "3s:console=another\\n"],
      faultPolicy: "stop",
    });
    await client.stopped();
    await client.setBreakpoints(
      ...(Object.entries(
        breakpointAt("root-of-trust/encryption_service", 'show("ciphertext"'),
      )[0] as [string, number[]]),
    );
    assert.equal((await client.run("continue", 2)).threadId, 1);
    assert.match(await client.evaluate("secret", (await client.stack(1))[0]?.id), /another/);
  });
});
