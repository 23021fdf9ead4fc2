import assert from "node:assert/strict";
import {
  ISOLATED_NONVOLATILE_STORAGE_GRANT,
  IsolatedNonvolatileStorage,
} from "../../../../emulator/kernel/capsules/isolated-nonvolatile-storage.js";
import { NonvolatileToPages } from "../../../../emulator/kernel/capsules/nonvolatile-to-pages.js";
import { FakeGrant } from "./fake-grant.js";
import { a, b, flashBench, Processes } from "./storage-bench.js";

const START = 0x1000;
const SIZE = 600;
const Command = { Size: 1, Read: 2, Write: 3 };

function board(length = 0x2000) {
  const { bench, store, flash } = flashBench(4);
  const grant = new FakeGrant(ISOLATED_NONVOLATILE_STORAGE_GRANT);
  const pages = new NonvolatileToPages(flash);
  const processes = new Processes();
  processes.permissions.set(0, { kind: "SelfOnly", id: 0x11223344 });
  processes.permissions.set(1, { kind: "SelfOnly", id: 5 });
  const options = { start: START, length, appRegionSize: SIZE };
  const driver = new IsolatedNonvolatileStorage(pages, grant, processes, options);
  const upcalls = () => {
    bench.settle();
    return grant.takeUpcalls().map(u => [u.process, u.subscribe, ...u.arguments]);
  };
  return { bench, store, flash, grant, pages, processes, driver, upcalls };
}

/** Version 1, 600 bytes, ShortId, and their exclusive-or. */
const header = [0x58, 2, 0, 1, 0x44, 0x33, 0x22, 0x11, 0x1c, 0x31, 0x22, 0x10];

describe("isolated nonvolatile storage driver", () => {
  it("tells that it exists, and knows commands up to 3", () => {
    const { driver } = board();
    assert.deepEqual(driver.command(0, 0, 0, a), [128]);
    assert.deepEqual(driver.command(4, 0, 0, a), [0, 10]);
  });

  it("gives an app a region behind a header at its first command, filled with ones", () => {
    const { driver, store, upcalls } = board();
    store.writeBytes(START + 12, new Uint8Array(SIZE));
    assert.deepEqual(driver.command(Command.Size, 0, 0, a), [128]);
    assert.deepEqual(upcalls(), [[0, 0, 0, SIZE, 0]]);
    assert.deepEqual([...store.readBytes(START, 12)], header);
    assert.deepEqual(store.readBytes(START + 12, SIZE), new Uint8Array(SIZE).fill(0xff));
  });

  it("two apps have regions of their own, one behind the other", () => {
    const { driver, grant, store, upcalls } = board();
    const back = new Uint8Array(2);
    grant.allow("readOnly", a, 0, Uint8Array.of(1, 2));
    grant.allow("readOnly", b, 0, Uint8Array.of(3));
    grant.allow("readWrite", a, 0, back);
    driver.command(Command.Write, 10, 0, a);
    driver.command(Command.Write, SIZE - 1, 0, b);
    assert.deepEqual(upcalls(), [
      [0, 2, 0, 2, 0],
      [1, 2, 0, 1, 0],
    ]);
    assert.deepEqual(store.readBytes(START + 12 + 10, 2), Uint8Array.of(1, 2));
    assert.deepEqual(store.readBytes(START + 2 * (12 + SIZE) - 1, 2), Uint8Array.of(3, 0xff));
    driver.command(Command.Read, 10, 0, a);
    assert.deepEqual(upcalls(), [[0, 1, 0, 2, 0]]);
    assert.deepEqual([...back], [1, 2]);
  });

  it("finds the region again after a reset of the board, behind regions of others", () => {
    const first = board();
    first.driver.command(Command.Size, 0, 0, b);
    first.upcalls();
    first.grant.allow("readOnly", a, 0, Uint8Array.of(9));
    first.driver.command(Command.Write, 0, 0, a);
    first.upcalls();
    const second = board();
    second.store.load(first.store.save());
    const back = new Uint8Array(1);
    second.grant.allow("readWrite", a, 0, back);
    second.driver.command(Command.Read, 0, 0, a);
    assert.deepEqual(second.upcalls(), [[0, 1, 0, 1, 0]]);
    assert.deepEqual([...back], [9]);
    assert.deepEqual(second.flash.save().wear, []);
  });

  it("one operation moves at most 512 bytes", () => {
    const { driver, grant, upcalls } = board();
    grant.allow("readOnly", a, 0, new Uint8Array(SIZE));
    driver.command(Command.Write, 0, 0, a);
    assert.deepEqual(upcalls(), [[0, 2, 0, 512, 0]]);
  });

  it("what does not fit into the region is told by the upcall, as is a missing buffer", () => {
    const { driver, grant, upcalls } = board();
    for (const [command, upcall] of [
      [Command.Read, 1],
      [Command.Write, 2],
    ] as const) {
      assert.deepEqual(driver.command(command, 0, 0, a), [128]);
      assert.deepEqual(upcalls(), [[0, upcall, 5, 0, 0]]);
    }
    grant.allow("readWrite", a, 0, new Uint8Array(2));
    for (const offset of [SIZE - 1, SIZE, 0xffffffff]) {
      driver.command(Command.Read, offset, 0, a);
      assert.deepEqual(upcalls(), [[0, 1, 6, 0, 0]]);
    }
  });

  it("NOSUPPORT without an id to write with, and without the permission for it", () => {
    const { driver, processes } = board();
    const none = { readIds: [], modifyIds: [], readModifySelf: false } as const;
    processes.permissions.set(0, { kind: "FixedSize", id: 1, write: true, ...none });
    assert.deepEqual(driver.command(Command.Read, 0, 0, a), [0, 10]);
    assert.deepEqual(driver.command(Command.Write, 0, 0, a), [0, 10]);
    assert.deepEqual(driver.command(Command.Size, 0, 0, a), [128]);
    processes.permissions.set(1, { kind: "Null" });
    assert.deepEqual(driver.command(Command.Size, 0, 0, b), [0, 10]);
    processes.permissions.delete(1);
    assert.deepEqual(driver.command(Command.Size, 0, 0, b), [0, 10]);
  });

  it("asks for the permission to read when it reads, to modify when it writes", () => {
    const { driver, processes, grant } = board();
    const mayRead = { readIds: [1], modifyIds: [], readModifySelf: false } as const;
    grant.allow("readWrite", a, 0, new Uint8Array(2));
    processes.permissions.set(0, { kind: "FixedSize", id: 1, write: true, ...mayRead });
    assert.deepEqual(driver.command(Command.Write, 0, 0, a), [0, 10]);
    assert.deepEqual(driver.command(Command.Read, 0, 0, a), [128]);
  });

  it("BUSY while the own operation is under way", () => {
    const { driver } = board();
    driver.command(Command.Size, 0, 0, a);
    assert.deepEqual(driver.command(Command.Size, 0, 0, a), [0, 2]);
  });

  it("an app for which there is no room waits for ever", () => {
    const { driver, upcalls } = board(SIZE + 12 + 20);
    driver.command(Command.Size, 0, 0, a);
    driver.command(Command.Size, 0, 0, b);
    assert.deepEqual(upcalls(), [[0, 0, 0, SIZE, 0]]);
    assert.deepEqual(driver.command(Command.Size, 0, 0, b), [0, 2]);
  });

  it("saved while a region is made and loaded elsewhere, it makes it", () => {
    const first = board();
    first.driver.command(Command.Size, 0, 0, a);
    first.bench.runMs(200);
    const second = board();
    second.store.load(first.store.save());
    second.flash.load(first.flash.save());
    second.pages.load(first.pages.save());
    second.driver.load(structuredClone(first.driver.save()));
    second.grant.load(first.grant.save());
    second.bench.clock.load(first.bench.clock.save());
    assert.deepEqual(second.upcalls(), [[0, 0, 0, SIZE, 0]]);
  });

  it("an app that is gone gets the error of its grant, and leaves the storage to others", () => {
    const { driver, grant, upcalls } = board();
    driver.command(Command.Size, 0, 0, a);
    grant.kill(a);
    driver.command(Command.Size, 0, 0, b);
    assert.deepEqual(upcalls(), [[1, 0, 0, SIZE, 0]]);
    assert.deepEqual(driver.command(Command.Size, 0, 0, a), [0, 6]);
    assert.equal(driver.allocateGrant(a), "NoSuchApp");
  });
});
