import assert from "node:assert/strict";
import { APP_FLASH_GRANT, AppFlashDriver } from "../../../../emulator/kernel/capsules/app-flash.js";
import { NonvolatileToPages } from "../../../../emulator/kernel/capsules/nonvolatile-to-pages.js";
import { FakeGrant } from "./fake-grant.js";
import { a, b, flashBench, Processes } from "./storage-bench.js";

function board(bufferSize = 512) {
  const { bench, store, flash } = flashBench(4);
  const grant = new FakeGrant(APP_FLASH_GRANT);
  const pages = new NonvolatileToPages(flash);
  const driver = new AppFlashDriver(pages, grant, new Processes(), { bufferSize });
  const upcalls = () => {
    bench.settle();
    return grant.takeUpcalls().map(u => [u.process, u.subscribe, ...u.arguments]);
  };
  return { bench, store, flash, grant, pages, driver, upcalls };
}

describe("app flash driver", () => {
  it("tells that it exists, and knows one command", () => {
    const { driver } = board();
    assert.deepEqual(driver.command(0, 0, 0, a), [128]);
    assert.deepEqual(driver.command(2, 0, 0, a), [0, 10]);
  });

  it("writes the shared bytes into the app's own flash", () => {
    const { driver, grant, store, upcalls } = board();
    grant.allow("readOnly", b, 0, Uint8Array.of(1, 2, 3));
    assert.deepEqual(driver.command(1, 0x2ffc, 0, b), [128]);
    assert.deepEqual(upcalls(), [[1, 0, 0, 0, 0]]);
    assert.deepEqual(store.readBytes(0x2ffb, 5), Uint8Array.of(0xff, 1, 2, 3, 0xff));
  });

  it("INVAL where a byte would lie outside, the last byte of the app's flash included", () => {
    const { driver, grant } = board();
    grant.allow("readOnly", a, 0, Uint8Array.of(1, 2, 3));
    for (const address of [0xfff, 0x2000, 0x1ffd])
      assert.deepEqual(driver.command(1, address, 0, a), [0, 6]);
    assert.deepEqual(driver.command(1, 0x1ffc, 0, a), [128]);
  });

  it("cuts a write to the kernel's buffer", () => {
    const { driver, grant, store, upcalls } = board(4);
    grant.allow("readOnly", a, 0, new Uint8Array(6));
    driver.command(1, 0x1000, 0, a);
    upcalls();
    assert.deepEqual(store.readBytes(0x1003, 2), Uint8Array.of(0, 0xff));
  });

  it("a second app waits for its turn, one operation deep", () => {
    const { driver, grant, store, upcalls } = board();
    grant.allow("readOnly", a, 0, Uint8Array.of(1));
    grant.allow("readOnly", b, 0, new Uint8Array(512).fill(2));
    driver.command(1, 0x1000, 0, a);
    assert.deepEqual(driver.command(1, 0x2000, 0, b), [128]);
    assert.deepEqual(driver.command(1, 0x2000, 0, b), [0, 9]);
    assert.deepEqual(upcalls(), [
      [0, 0, 0, 0, 0],
      [1, 0, 0, 0, 0],
    ]);
    assert.deepEqual(store.readBytes(0x2000, 1), Uint8Array.of(2));
  });

  it("a write that waited is lost unless 512 bytes are shared then, and nobody writes any more", () => {
    const { driver, grant, upcalls } = board();
    grant.allow("readOnly", a, 0, Uint8Array.of(1));
    grant.allow("readOnly", b, 0, Uint8Array.of(2));
    driver.command(1, 0x1000, 0, a);
    driver.command(1, 0x2000, 0, b);
    assert.deepEqual(upcalls(), [[0, 0, 0, 0, 0]]);
    assert.deepEqual(driver.command(1, 0x1000, 0, a), [128]);
    assert.deepEqual(upcalls(), []);
  });

  it("the flash is free again when the app of an operation is gone", () => {
    const { driver, grant, upcalls } = board();
    grant.allow("readOnly", a, 0, Uint8Array.of(1));
    grant.allow("readOnly", b, 0, Uint8Array.of(2));
    driver.command(1, 0x1000, 0, a);
    grant.kill(a);
    assert.deepEqual(upcalls(), []);
    driver.command(1, 0x2000, 0, b);
    assert.deepEqual(upcalls(), [[1, 0, 0, 0, 0]]);
    assert.deepEqual(driver.command(1, 0x1000, 0, a), [0, 6]);
  });

  it("saved during a write and loaded elsewhere, it finishes it", () => {
    const first = board();
    first.grant.allow("readOnly", a, 0, Uint8Array.of(1));
    first.driver.command(1, 0x1000, 0, a);
    const second = board();
    second.flash.load(first.flash.save());
    second.pages.load(first.pages.save());
    second.driver.load(structuredClone(first.driver.save()));
    second.grant.load(first.grant.save());
    second.bench.clock.load(first.bench.clock.save());
    assert.deepEqual(second.upcalls(), [[0, 0, 0, 0, 0]]);
  });
});
