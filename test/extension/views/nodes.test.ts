import assert from "node:assert/strict";
import type {
  Gauge,
  GrantsBody,
  KernelBody,
  ProcessesBody,
  ProcessInfo,
} from "../../../adapter/protocol.js";
import { grantNodes } from "../../../extension/views/grants.js";
import { kernelNodes } from "../../../extension/views/kernel.js";
import { durationText, type Node } from "../../../extension/views/nodes.js";
import { processNodes } from "../../../extension/views/processes.js";

const gauge: Gauge = { used: 300, highest: 500, size: 2048 };
const process: ProcessInfo = {
  threadId: 1,
  name: "blink",
  pid: 0,
  shortId: "Unique",
  state: "Yielded",
  explained: "waits for an upcall",
  kind: "active",
  restarts: 2,
  syscalls: 12345,
  lastSyscall: "yield-wait",
  timeslices: 3,
  queuedUpcalls: 0,
  droppedUpcalls: 0,
  completionCode: null,
  address: 0x40000,
  memory: { start: 0x20008000, end: 0x2000a000 },
  stack: gauge,
  heap: null,
  grants: { used: 1000, highest: 1000, size: 4000 },
};
const processes = (...list: Partial<ProcessInfo>[]): ProcessesBody => ({
  schema: 1,
  view: "processes",
  processes: list.map((more, i) => ({ ...process, threadId: i + 1, ...more })),
});

const rows = (nodes: readonly Node[] | undefined): string[] =>
  (nodes ?? []).map(({ label, description = "" }) => `${label}: ${description}`);

const everyNode = (nodes: readonly Node[]): Node[] =>
  nodes.flatMap(node => [node, ...everyNode(node.children ?? [])]);

describe("the rows of the view Processes", () => {
  it("tell of each process how it is doing and how far its memory is filled", () => {
    const [node] = processNodes(processes({}));
    assert.equal(node?.label, "blink");
    assert.equal(node?.description, "waits for an upcall");
    assert.deepEqual(rows(node?.children), [
      "State: Yielded",
      "Stack: █▒░░░░ 300, most 500 of 2,048 bytes",
      "Heap: not known yet",
      "Grants: ██░░░░ 1,000, most 1,000 of 4,000 bytes",
      "PID: 0",
      "ShortId: Unique",
      "Restarts: 2",
      "System calls: 12,345",
      "Last system call: yield-wait",
      "Timeslices used up: 3",
      "Queued upcalls: 0",
    ]);
  });

  it("speak a gauge in words, and warn when it is full", () => {
    const full = { ...gauge, highest: 2048 };
    const [node] = processNodes(processes({ stack: full }));
    const stack = node?.children?.[1];
    assert.equal(stack?.spoken, "Stack: 300 of 2,048 bytes in use, at most 2,048 (100 %)");
    assert.equal(stack?.icon, "warning");
  });

  it("show an overflown stack as a full bar", () => {
    const [node] = processNodes(processes({ stack: { used: 3000, highest: 3000, size: 2048 } }));
    assert.match(node?.children?.[1]?.description ?? "", /^█{6} 3,000, most/);
  });

  it("offer what can be done in each state", () => {
    const nodes = processNodes(
      processes(
        {},
        { kind: "stopped", explained: "stopped" },
        { kind: "faulted", explained: "faulted" },
        { kind: "terminated", completionCode: "3" },
      ),
    );
    assert.deepEqual(
      nodes.map(({ kind, description }) => [kind, description]),
      [
        ["process-active", "waits for an upcall"],
        ["process-stopped", "stopped"],
        ["process-faulted", "faulted"],
        ["process-terminated", "terminated, completion code 3"],
      ],
    );
  });
});

const bytes = { address: 0x2000a000, length: 4, watched: false };
const grants: GrantsBody = {
  schema: 1,
  view: "grants",
  process: { threadId: 1, name: "blink" },
  grants: [
    {
      ...bytes,
      length: 300,
      number: 0,
      driver: 1,
      name: "Console (0x1)",
      upcalls: [{ subscribe: 1, calls: "written (0x40101)" }],
      allows: [{ ...bytes, access: "read-only", allow: 1, address: 0x20008100, length: 5 }],
      fields: [{ ...bytes, name: "pending", type: "u32", value: "5", watched: true }],
      rows: ["00 01 02 03"],
      more: 44,
    },
  ],
  unused: ["LED (0x2)"],
};

describe("the rows of the view Grants", () => {
  it("tell of each driver what it keeps, and what it can use of the process's memory", () => {
    const nodes = grantNodes(grants);
    assert.deepEqual(rows(nodes), ["Console (0x1): 0x2000A000, 300 bytes", "Not used: 1"]);
    assert.deepEqual(rows(nodes[0]?.children), [
      "pending: = 5",
      "Upcall 1: → written (0x40101)",
      "Allowed read-only 1: 0x20008100, 5 bytes",
      "Bytes: 00 01 02 03",
    ]);
    assert.deepEqual(rows(nodes[0]?.children?.[3]?.children), [
      "0x2000A000: 00 01 02 03",
      "… 44 bytes more: ",
    ]);
  });

  it("mark bytes on which a data breakpoint is set, and those that the app can touch", () => {
    const [grant] = grantNodes(grants);
    const [field, , allow] = grant?.children ?? [];
    assert.deepEqual([grant?.kind, grant?.icon], ["bytes-kernel", undefined]);
    assert.deepEqual([field?.kind, field?.icon], ["watched-kernel", "debug-breakpoint-data"]);
    assert.deepEqual([allow?.kind, allow?.address, allow?.length], ["bytes-shared", 0x20008100, 5]);
  });
});

const kernel: KernelBody = {
  schema: 1,
  view: "kernel",
  board: "A board.",
  seconds: 1.25,
  panicked: false,
  scheduler: "round-robin",
  current: { threadId: 1, name: "blink", left: 9500 },
  next: [
    { threadId: 2, name: "hello" },
    { threadId: 3, name: "third" },
  ],
  alarms: [{ threadId: 1, name: "blink", seconds: 0.25 }],
  events: [{ device: "alarm", seconds: 0.0001 }],
  flash: [
    {
      kind: "app",
      name: "blink",
      address: 0x40000,
      size: 2048,
      version: 2,
      enabled: false,
      sticky: true,
    },
    {
      kind: "free",
      name: "",
      address: 0x40800,
      size: 2048,
      version: 0,
      enabled: false,
      sticky: false,
    },
  ],
  drivers: [{ driver: 0, name: "Alarm (0x0)" }],
  missing: [{ driver: 7, name: "Analog comparator (0x7)" }],
};

describe("the rows of the view Kernel", () => {
  it("tell who runs, who is next, what is due, what lies in flash and what the board has", () => {
    const nodes = kernelNodes(kernel);
    assert.deepEqual(rows(nodes), [
      "Board: A board.",
      "Time since start: 1.25 s",
      "Scheduler: round-robin, blink runs",
      "Alarms: 1",
      "Events of devices: next: alarm",
      "Flash: 1 app",
      "Drivers: 1",
      "Drivers not emulated: 1",
    ]);
    const childrenOf = (id: string) => rows(nodes.find(node => node.id === id)?.children);
    assert.deepEqual(childrenOf("scheduler"), [
      "blink: has its turn, 9.5 ms of its timeslice left",
      "hello: is next",
      "third: is number 2 to follow",
    ]);
    assert.deepEqual(childrenOf("alarms"), ["blink: in 250 ms"]);
    assert.deepEqual(childrenOf("events"), ["alarm: in 100 µs"]);
    assert.deepEqual(childrenOf("flash"), [
      "blink: 0x00040000, 2,048 bytes, version 2, disabled, sticky, not started",
      "Free: 0x00040800, 2,048 bytes",
    ]);
  });

  it("tell that nobody is ready, and that the kernel has panicked", () => {
    const nodes = kernelNodes({ ...kernel, current: null, next: [], alarms: [], panicked: true });
    assert.deepEqual(rows(nodes).slice(2, 4), [
      "Scheduler: round-robin, nobody is ready",
      "Alarms: none is set",
    ]);
    assert.equal(nodes[1]?.icon, "error");
  });
});

describe("the rows of every view", () => {
  it("have an identity that no other row has, so that what is open stays open", () => {
    for (const nodes of [
      processNodes(processes({}, {})),
      grantNodes(grants),
      kernelNodes(kernel),
    ]) {
      const ids = everyNode(nodes).map(({ id }) => id);
      assert.equal(new Set(ids).size, ids.length, ids.join("\n"));
    }
  });
});

describe("a duration", () => {
  it("is told in the unit that suits it", () => {
    assert.deepEqual([0, 0.00012, 0.0105, 1, 61.25].map(durationText), [
      "0 µs",
      "120 µs",
      "10.5 ms",
      "1 s",
      "61.25 s",
    ]);
  });
});
