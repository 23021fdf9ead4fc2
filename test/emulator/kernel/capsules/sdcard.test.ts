import assert from "node:assert/strict";
import { SdCardDevice } from "../../../../emulator/devices/sdcard.js";
import { SDCARD_GRANT, SdCardDriver } from "../../../../emulator/kernel/capsules/sdcard.js";
import { Bench } from "../../bench.js";
import { FakeGrant } from "./fake-grant.js";
import { a, b } from "./storage-bench.js";

const Command = { Installed: 1, Initialize: 2, Read: 3, Write: 4 };
const SIZE = 1024 * 1024;

function board() {
  const bench = new Bench();
  const device = bench.add(new SdCardDevice(bench.clock, { size: SIZE }));
  const grant = new FakeGrant(SDCARD_GRANT);
  const driver = new SdCardDriver(device, grant);
  const upcalls = () => {
    bench.settle();
    return grant.takeUpcalls().map(u => [u.process, u.subscribe, ...u.arguments]);
  };
  return { bench, device, grant, driver, upcalls };
}

function initialized() {
  const made = board();
  made.driver.command(Command.Initialize, 0, 0, a);
  made.upcalls();
  return made;
}

const error = (code: number) => [0, 0, 4, code, 0];

describe("SD card driver", () => {
  it("tells that it exists, whether a card is there, and knows commands up to 4", () => {
    const { driver, device } = board();
    assert.deepEqual(driver.command(0, 0, 0, a), [128]);
    assert.deepEqual(driver.command(Command.Installed, 0, 0, a), [129, 1]);
    device.onInput("remove");
    assert.deepEqual(driver.command(Command.Installed, 0, 0, a), [129, 0]);
    assert.deepEqual(driver.command(Command.Initialize, 0, 0, a), [0, 12]);
    assert.deepEqual(driver.command(5, 0, 0, a), [0, 10]);
  });

  it("initializes, writes and reads blocks", () => {
    const { driver, grant, upcalls } = board();
    assert.deepEqual(driver.command(Command.Initialize, 0, 0, a), [128]);
    assert.deepEqual(driver.command(Command.Initialize, 0, 0, a), [0, 9]);
    assert.deepEqual(upcalls(), [[0, 0, 1, 512, 1024]]);
    grant.allow("readOnly", a, 0, new Uint8Array(512).fill(7));
    assert.deepEqual(driver.command(Command.Write, 3, 0, a), [128]);
    assert.deepEqual(driver.command(Command.Read, 3, 0, a), [0, 2]);
    assert.deepEqual(upcalls(), [[0, 0, 3, 0, 0]]);
    const buffer = new Uint8Array(600);
    grant.allow("readWrite", a, 0, buffer);
    driver.command(Command.Read, 3, 0, a);
    assert.deepEqual(upcalls(), [[0, 0, 2, 512, 0]]);
    assert.deepEqual([buffer[511], buffer[512]], [7, 0]);
  });

  it("a short buffer is filled, a short write goes on with what the kernel's buffer holds", () => {
    const { driver, grant, upcalls } = initialized();
    grant.allow("readOnly", a, 0, new Uint8Array(512).fill(7));
    driver.command(Command.Write, 0, 0, a);
    upcalls();
    grant.allow("readOnly", a, 0, Uint8Array.of(1, 2));
    driver.command(Command.Write, 0, 0, a);
    upcalls();
    const buffer = new Uint8Array(3);
    grant.allow("readWrite", a, 0, buffer);
    driver.command(Command.Read, 0, 0, a);
    assert.deepEqual(upcalls(), [[0, 0, 2, 3, 0]]);
    assert.deepEqual([...buffer], [1, 2, 7]);
  });

  it("a block that is refused or fails takes the kernel's buffer with it", () => {
    const early = board();
    assert.deepEqual(early.driver.command(Command.Read, 0, 0, a), [0, 5]);
    assert.deepEqual(early.driver.command(Command.Read, 0, 0, a), [0, 2]);
    const { driver, upcalls } = initialized();
    driver.command(Command.Read, SIZE / 512, 0, a);
    assert.deepEqual(upcalls(), [error(-10003)]);
    assert.deepEqual(driver.command(Command.Write, 0, 0, a), [0, 2]);
  });

  it("tells when a card goes, and what that breaks off", () => {
    const { driver, device, upcalls } = initialized();
    driver.command(Command.Read, 0, 0, a);
    device.onInput("remove");
    assert.deepEqual(upcalls(), [error(-10001), [0, 0, 0, 0, 0]]);
    device.onInput("insert");
    assert.deepEqual(upcalls(), [[0, 0, 0, 1, 0]]);
  });

  it("a second app gets NOMEM while the first lives", () => {
    const { driver, grant, upcalls } = initialized();
    assert.deepEqual(driver.command(Command.Installed, 0, 0, b), [0, 9]);
    driver.command(Command.Read, 0, 0, a);
    grant.kill(a);
    assert.deepEqual(upcalls(), []);
    assert.deepEqual(driver.command(Command.Installed, 0, 0, b), [129, 1]);
    grant.allow("readWrite", b, 0, new Uint8Array(4));
    driver.command(Command.Read, 0, 0, b);
    assert.deepEqual(upcalls(), [[1, 0, 2, 4, 0]]);
    assert.equal(driver.allocateGrant(a), "NoSuchApp");
  });

  it("saved during a read and loaded elsewhere, it finishes it", () => {
    const first = initialized();
    first.grant.allow("readWrite", a, 0, new Uint8Array(4));
    first.driver.command(Command.Read, 0, 0, a);
    const second = board();
    second.device.load(first.device.save());
    second.driver.load(structuredClone(first.driver.save()));
    second.grant.load(first.grant.save());
    second.bench.clock.load(first.bench.clock.save());
    assert.deepEqual(second.upcalls(), [[0, 0, 2, 4, 0]]);
    assert.deepEqual([...(second.grant.readWrite.get("0/0") ?? [])], [255, 255, 255, 255]);
  });
});
