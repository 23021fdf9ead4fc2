import assert from "node:assert/strict";
import { KV_GRANT, KvDriver } from "../../../../emulator/kernel/capsules/kv-driver.js";
import { KvStorePermissions } from "../../../../emulator/kernel/capsules/kv-store-permissions.js";
import { TicKv } from "../../../../emulator/kernel/capsules/tickv.js";
import { TicKvStore } from "../../../../emulator/kernel/capsules/tickv-kv-store.js";
import { FakeGrant } from "./fake-grant.js";
import { a, b, flashBench, Processes } from "./storage-bench.js";

const Get = 1;
const SetKey = 2;
const Delete = 3;
const Add = 4;
const Update = 5;
const Collect = 6;

function board(ready = true) {
  const { bench, store, flash } = flashBench(3);
  const tickv = new TicKv(flash, { firstPage: 0, count: 3 });
  const kvStore = new TicKvStore(tickv);
  const permissions = new KvStorePermissions(kvStore);
  const grant = new FakeGrant(KV_GRANT);
  const processes = new Processes();
  processes.permissions.set(0, { kind: "SelfOnly", id: 0x1234 });
  processes.permissions.set(1, { kind: "SelfOnly", id: 5 });
  const driver = new KvDriver(permissions, grant, processes);
  const parts = { store, flash, tickv, kvStore, permissions, driver, grant };
  const text = (s: string) => new TextEncoder().encode(s);
  const share = (process: typeof a, key: string, value: string, room = 32) => {
    grant.allow("readOnly", process, 0, text(key));
    grant.allow("readOnly", process, 1, text(value));
    const buffer = new Uint8Array(room);
    grant.allow("readWrite", process, 0, buffer);
    return buffer;
  };
  const upcalls = () => {
    bench.settle();
    return grant.takeUpcalls().map(u => [u.process, u.subscribe, ...u.arguments]);
  };
  /** Status of a whole operation, or the failure of its command. */
  const run = (command: number, key: string, value = "", process = a) => {
    share(process, key, value);
    const returned = driver.command(command, 0, 0, process);
    return returned.length === 1 ? upcalls()[0]?.[2] : -(returned[1] as number);
  };
  const get = (key: string, process = a, room = 32) => {
    const buffer = share(process, key, "", room);
    driver.command(Get, 0, 0, process);
    const [, , status, length] = upcalls()[0] ?? [];
    return status === 0 ? new TextDecoder().decode(buffer.subarray(0, length)) : status;
  };
  tickv.initialise();
  if (ready) bench.settle();
  return { bench, processes, run, get, share, upcalls, ...parts, parts };
}

const NOSUPPORT = 10;

describe("key-value driver", () => {
  it("tells that it exists, and knows commands up to 6", () => {
    const { driver } = board();
    assert.deepEqual(driver.command(0, 0, 0, a), [128]);
    assert.deepEqual(driver.command(7, 0, 0, a), [0, 10]);
  });

  it("set writes whether or not the key exists, add and update only if not or if so", () => {
    const { run, get } = board();
    assert.equal(get("k"), NOSUPPORT);
    assert.equal(run(Update, "k", "one"), NOSUPPORT);
    assert.equal(run(SetKey, "k", "two"), 0);
    assert.equal(get("k"), "two");
    assert.equal(run(Add, "k", "three"), NOSUPPORT);
    assert.equal(run(SetKey, "k", "four"), 0);
    assert.equal(run(Update, "k", "five"), 0);
    assert.equal(get("k"), "five");
    assert.equal(run(Delete, "k"), 0);
    assert.equal(run(Delete, "k"), NOSUPPORT);
    assert.equal(run(Add, "k", ""), 0);
    assert.equal(get("k"), "");
  });

  it("a value lies in flash behind its version, its length and the id of who wrote it", () => {
    const { run, store } = board();
    run(SetKey, "k", "abc");
    const flash = Buffer.from(store.readBytes(0, 3 * 4096));
    assert.ok(flash.includes(Buffer.from([0, 3, 0, 0, 0, 0x34, 0x12, 0, 0, 0x61, 0x62, 0x63])));
  });

  it("what another app wrote is as if it did not exist, and cannot be changed", () => {
    const { run, get } = board();
    run(SetKey, "k", "mine");
    assert.equal(get("k", b), NOSUPPORT);
    for (const command of [SetKey, Add, Update, Delete])
      assert.equal(run(command, "k", "theirs", b), NOSUPPORT);
    assert.equal(get("k"), "mine");
  });

  it("lists of ids open values to others, each for what it lists", () => {
    const { run, get, processes } = board();
    run(SetKey, "k", "mine");
    const reader = { kind: "FixedSize", id: 5, write: true, readModifySelf: false } as const;
    processes.permissions.set(1, { ...reader, readIds: [0x1234], modifyIds: [] });
    assert.equal(get("k", b), "mine");
    assert.equal(run(SetKey, "k", "theirs", b), NOSUPPORT);
    processes.permissions.set(1, { ...reader, readIds: [], modifyIds: [0x1234] });
    assert.equal(run(SetKey, "k", "theirs", b), 0);
    // It belongs to the writer now.
    assert.equal(get("k"), NOSUPPORT);
  });

  it("without permission to write the command fails, and reading finds nothing", () => {
    const { run, get, processes } = board();
    processes.permissions.set(0, { kind: "Null" });
    for (const command of [SetKey, Add, Update]) assert.equal(run(command, "k", "v"), -6);
    assert.equal(get("k"), NOSUPPORT);
    assert.equal(run(Delete, "k"), NOSUPPORT);
  });

  it("keys have up to 64 bytes, values up to 503", () => {
    const { run, get } = board();
    assert.equal(run(SetKey, "k".repeat(65), "v"), -7);
    assert.equal(run(SetKey, "k", "v".repeat(504)), -7);
    assert.equal(run(SetKey, "k".repeat(64), "v".repeat(503)), 0);
    assert.equal(get("k".repeat(64), a, 600), "v".repeat(503));
  });

  it("a value that does not fit is cut, and the upcall has SIZE and its whole length", () => {
    const { run, share, driver, upcalls } = board();
    run(SetKey, "k", "abcdef");
    const buffer = share(a, "k", "", 4);
    driver.command(Get, 0, 0, a);
    assert.deepEqual(upcalls(), [[0, 0, 7, 6, 0]]);
    assert.equal(new TextDecoder().decode(buffer), "abcd");
  });

  it("operations wait for one another, one deep for each app", () => {
    const { share, driver, upcalls } = board();
    share(a, "k", "1");
    share(b, "l", "2");
    assert.deepEqual(driver.command(SetKey, 0, 0, a), [128]);
    assert.deepEqual(driver.command(SetKey, 0, 0, b), [128]);
    assert.deepEqual(driver.command(SetKey, 0, 0, b), [0, 9]);
    assert.deepEqual(driver.command(SetKey, 0, 0, a), [0, 9]);
    assert.deepEqual(upcalls(), [
      [0, 0, 0, 0, 0],
      [1, 0, 0, 0, 0],
    ]);
  });

  it("the first operation waits until the flash is initialised", () => {
    const { run } = board(false);
    assert.equal(run(SetKey, "k", "v"), 0);
  });

  it("a command that failed is tried again when somebody else's ends", () => {
    const { run, grant, share, driver, upcalls, get } = board();
    assert.equal(run(SetKey, "k".repeat(65), "late"), -7);
    grant.allow("readOnly", a, 0, new TextEncoder().encode("k"));
    share(b, "l", "v");
    driver.command(SetKey, 0, 0, b);
    assert.deepEqual(upcalls(), [
      [1, 0, 0, 0, 0],
      [0, 0, 0, 0, 0],
    ]);
    assert.equal(get("k"), "late");
  });

  it("garbage collection ends with an upcall", () => {
    const { run } = board();
    assert.equal(run(Collect, ""), 0);
  });

  it("an app that ends while it writes leaves the store to others", () => {
    const { run, share, grant, driver, upcalls, get } = board();
    share(a, "k", "v");
    driver.command(SetKey, 0, 0, a);
    grant.kill(a);
    assert.deepEqual(upcalls(), []);
    assert.equal(run(SetKey, "l", "w", b), 0);
    assert.equal(get("l", b), "w");
    assert.deepEqual(driver.command(Get, 0, 0, a), [0, 6]);
    assert.equal(driver.allocateGrant(a), "NoSuchApp");
  });

  it("an app that ends while it reads takes the kernel's buffer with it, and nobody reads any more", () => {
    const { run, share, grant, driver, upcalls } = board();
    share(a, "k", "");
    driver.command(Get, 0, 0, a);
    grant.kill(a);
    upcalls();
    assert.equal(run(SetKey, "l", "w", b), -9);
    assert.deepEqual(driver.command(Get, 0, 0, b), [128]);
    assert.deepEqual(upcalls(), []);
  });

  it("saved during an operation and loaded elsewhere, it finishes it", () => {
    const first = board();
    first.share(a, "k", "v");
    first.driver.command(SetKey, 0, 0, a);
    first.bench.runMs(1);
    const second = board();
    for (const [name, part] of Object.entries(second.parts)) {
      const from = first.parts[name as keyof typeof first.parts];
      (part as { load(s: unknown): void }).load(structuredClone(from.save()));
    }
    second.bench.clock.load(first.bench.clock.save());
    assert.deepEqual(second.upcalls(), [[0, 0, 0, 0, 0]]);
    assert.equal(second.get("k"), "v");
  });
});
