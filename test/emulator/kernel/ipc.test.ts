import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { nrf52840dk, readTab } from "../../../emulator/index.js";
import type { ProcessId } from "../../../emulator/kernel/driver.js";
import { Ipc, type IpcHost, ipcGrant } from "../../../emulator/kernel/ipc.js";
import { ErrorCode } from "../../../emulator/kernel/syscalls.js";
import { bytesOf } from "../bench.js";
import { FakeGrant } from "./capsules/fake-grant.js";

const [a, b, dead] = [
  { index: 0, pid: 5 },
  { index: 1, pid: 6 },
  { index: 3, pid: 2 },
] as const;

function setUp() {
  const queued: [ProcessId, ProcessId, string][] = [];
  const regions: [ProcessId, number, number][] = [];
  const host: IpcHost = {
    processes: () => [
      { id: a, name: "client" },
      { id: b, name: "sérvice" },
      { id: dead, name: "sérvice" },
    ],
    enqueue(target, from, role) {
      if (target === dead) return ErrorCode.NODEVICE;
      queued.push([target, from, role]);
      return undefined;
    },
    addMpuRegion: (process, start, size) => regions.push([process, start, size]),
  };
  const grant = new FakeGrant(ipcGrant(4));
  return { ipc: new Ipc(host, grant), grant, queued, regions };
}

const discover = ({ ipc, grant }: ReturnType<typeof setUp>, name: string) => {
  grant.allow("readOnly", a, 0, bytesOf(name));
  return ipc.command(1, 0, 0, a);
};

describe("inter-process communication", () => {
  it("exists, and knows no command beyond 3", () => {
    const { ipc } = setUp();
    assert.deepEqual(ipc.command(0, 0, 0, a), [128]);
    assert.deepEqual(ipc.command(4, 0, 0, a), [0, ErrorCode.NOSUPPORT]);
  });

  it("discovers the first process of that whole name by its index", () => {
    const parts = setUp();
    assert.deepEqual(discover(parts, "sérvice"), [129, 1]);
    assert.deepEqual(discover(parts, "client"), [129, 0]);
    assert.deepEqual(discover(parts, "clien"), [0, ErrorCode.NODEVICE]);
    assert.deepEqual(discover(parts, "client\0"), [0, ErrorCode.NODEVICE]);
    assert.deepEqual(discover(parts, ""), [0, ErrorCode.NODEVICE]);
  });

  it("queues a notification for a service and for a client, and tells why it cannot", () => {
    const { ipc, queued } = setUp();
    assert.deepEqual(ipc.command(2, 1, 0, a), [128]);
    assert.deepEqual(ipc.command(3, 0, 0, b), [128]);
    assert.deepEqual(queued, [
      [b, a, "Service"],
      [a, b, "Client"],
    ]);
    assert.deepEqual(ipc.command(2, 2, 0, a), [0, ErrorCode.INVAL]);
    assert.deepEqual(ipc.command(2, 3, 0, a), [0, ErrorCode.NODEVICE]);
  });

  it("calls a service by its own number and a client by the service's", () => {
    const { ipc, grant } = setUp();
    ipc.scheduleUpcall(b, a, "Service");
    ipc.scheduleUpcall(a, b, "Client");
    const called = grant
      .takeUpcalls()
      .map(u => [u.process, u.subscribe, ...u.arguments.slice(0, 2)]);
    assert.deepEqual(called, [
      [1, 1, 0, 0],
      [0, 1, 1, 0],
    ]);
  });

  it("lets the receiver touch the buffer that the sender shares under its index", () => {
    const { ipc, grant, regions } = setUp();
    grant.allow("readWrite", a, b.index, new Uint8Array(64));
    ipc.scheduleUpcall(b, a, "Service");
    const [upcall] = grant.takeUpcalls();
    const [, length, address] = upcall!.arguments;
    assert.equal(length, 64);
    assert.deepEqual(regions, [[b, address, 64]]);
  });

  it("drops a notification of itself and one of a process that has gone or started anew", () => {
    const { ipc, grant } = setUp();
    ipc.scheduleUpcall(a, a, "Service");
    ipc.scheduleUpcall(b, { index: 0, pid: 4 }, "Service");
    grant.kill(a);
    ipc.scheduleUpcall(b, a, "Service");
    assert.deepEqual(grant.takeUpcalls(), []);
  });
});

describe("two processes that share a buffer", () => {
  const tbf = (name: string) => {
    const file = `examples/ipc/${name}/${name}.tab`;
    return readTab(readFileSync(file), file).binaries[0]!.bytes;
  };

  for (const order of [
    ["ipc_client", "ipc_service"],
    ["ipc_service", "ipc_client"],
  ])
    it(`${order.join(" before ")}: the service writes into the client's memory, and its MPU shows the region`, () => {
      let text = "";
      const { machine, kernel } = nrf52840dk.build({
        apps: order.map(tbf),
        listen: event => {
          if (event.type === "uart" && event.origin.from === "process")
            text += new TextDecoder().decode(event.bytes);
        },
      });
      machine.run(2 * machine.clock.frequency);
      assert.ok(text.endsWith("\nkcoT ,olleH\nHello, Tock\n"), text);
      const [client, service] = ["ipc_client", "ipc_service"].map(name =>
        kernel.processes.find(p => p.name === name),
      );
      const shared = service!.mpu.filter(({ number, logical }) => number > 2 && logical !== null);
      assert.equal(shared.length, 1);
      const { address, size, accessPermission, executeNever } = shared[0]!;
      assert.deepEqual([size, accessPermission, executeNever], [64, 3, true]);
      assert.ok(address >= client!.memory.start && address + size <= client!.memory.end);
    });
});
