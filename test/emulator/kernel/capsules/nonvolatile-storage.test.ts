import assert from "node:assert/strict";
import {
  NONVOLATILE_STORAGE_GRANT,
  NonvolatileStorageDriver,
} from "../../../../emulator/kernel/capsules/nonvolatile-storage.js";
import { NonvolatileToPages } from "../../../../emulator/kernel/capsules/nonvolatile-to-pages.js";
import { FakeGrant } from "./fake-grant.js";
import { a, b, flashBench } from "./storage-bench.js";

function board() {
  const { bench, store, flash } = flashBench(4);
  const grant = new FakeGrant(NONVOLATILE_STORAGE_GRANT);
  const pages = new NonvolatileToPages(flash);
  const driver = new NonvolatileStorageDriver(pages, grant, { start: 4096, length: 8192 });
  const upcalls = () => {
    bench.settle();
    return grant.takeUpcalls().map(u => [u.process, u.subscribe, ...u.arguments]);
  };
  return { bench, store, flash, grant, pages, driver, upcalls };
}

const READ = 2;
const WRITE = 3;

describe("nonvolatile storage driver", () => {
  it("tells that it exists and how much there is", () => {
    const { driver } = board();
    assert.deepEqual(driver.command(0, 0, 0, a), [128]);
    assert.deepEqual(driver.command(1, 0, 0, a), [129, 8192]);
    assert.deepEqual(driver.command(4, 0, 0, a), [0, 10]);
  });

  it("what one app wrote another reads", () => {
    const { driver, grant, store, upcalls } = board();
    grant.allow("readOnly", a, 0, Uint8Array.of(1, 2, 3, 4));
    assert.deepEqual(driver.command(WRITE, 4094, 4, a), [128]);
    assert.deepEqual(upcalls(), [[0, 1, 4, 0, 0]]);
    assert.deepEqual(store.readBytes(4096 + 4094, 4), Uint8Array.of(1, 2, 3, 4));
    const buffer = new Uint8Array(3);
    grant.allow("readWrite", b, 0, buffer);
    driver.command(READ, 4095, 10, b);
    assert.deepEqual(upcalls(), [[1, 0, 3, 0, 0]]);
    assert.deepEqual([...buffer], [2, 3, 4]);
  });

  it("one operation moves at most 512 bytes", () => {
    const { driver, grant, store, upcalls } = board();
    grant.allow("readOnly", a, 0, new Uint8Array(600));
    driver.command(WRITE, 0, 600, a);
    assert.deepEqual(upcalls(), [[0, 1, 512, 0, 0]]);
    assert.deepEqual(store.readBytes(4096 + 511, 2), Uint8Array.of(0, 0xff));
  });

  it("INVAL outside the region, RESERVE without a buffer", () => {
    const { driver, grant } = board();
    assert.deepEqual(driver.command(READ, 8192, 0, a), [0, 6]);
    assert.deepEqual(driver.command(READ, 8191, 2, a), [0, 6]);
    assert.deepEqual(driver.command(READ, 0, 8193, a), [0, 6]);
    assert.deepEqual(driver.command(READ, 0, 1, a), [0, 5]);
    assert.deepEqual(driver.command(WRITE, 0, 1, a), [0, 5]);
    grant.kill(a);
    assert.deepEqual(driver.command(READ, 0, 1, a), [0, 6]);
  });

  it("while the kernel's buffer is away an app gets RESERVE", () => {
    const { driver, grant, upcalls } = board();
    grant.allow("readOnly", a, 0, Uint8Array.of(1));
    grant.allow("readOnly", b, 0, Uint8Array.of(2));
    driver.command(WRITE, 0, 1, a);
    assert.deepEqual(driver.command(WRITE, 1, 1, b), [0, 5]);
    assert.equal(upcalls().length, 1);
    assert.deepEqual(driver.command(WRITE, 1, 1, b), [128]);
  });

  it("an app that ends during its operation takes the kernel's buffer with it", () => {
    const { driver, grant, upcalls } = board();
    grant.allow("readOnly", a, 0, Uint8Array.of(1));
    grant.allow("readOnly", b, 0, Uint8Array.of(2));
    driver.command(WRITE, 0, 1, a);
    grant.kill(a);
    assert.deepEqual(upcalls(), []);
    assert.deepEqual(driver.command(WRITE, 1, 1, b), [0, 5]);
  });

  it("saved during an operation and loaded elsewhere, it finishes it", () => {
    const first = board();
    const buffer = new Uint8Array(2);
    first.grant.allow("readWrite", a, 0, buffer);
    first.store.writeBytes(4096, Uint8Array.of(8, 9));
    first.driver.command(READ, 0, 2, a);
    const second = board();
    second.store.load(first.store.save());
    second.flash.load(first.flash.save());
    second.pages.load(first.pages.save());
    second.driver.load(structuredClone(first.driver.save()));
    second.grant.load(first.grant.save());
    second.bench.clock.load(first.bench.clock.save());
    assert.deepEqual(second.upcalls(), [[0, 0, 2, 0, 0]]);
    assert.deepEqual([...(second.grant.readWrite.get("0/0") ?? [])], [8, 9]);
  });
});
