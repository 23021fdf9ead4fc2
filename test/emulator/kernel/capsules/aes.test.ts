import assert from "node:assert/strict";
import { createCipheriv, createDecipheriv } from "node:crypto";
import { AesDevice } from "../../../../emulator/devices/aes.js";
import { AES_GRANT, AesDriver } from "../../../../emulator/kernel/capsules/aes.js";
import { Bench } from "../../bench.js";
import { FakeGrant } from "./fake-grant.js";
import { a, b } from "./storage-bench.js";

const Command = { Mode: 1, SetUp: 2, Crypt: 3, Finish: 4, TagLength: 7, Confidential: 8 };
const Mode = { Ctr: 0, Cbc: 1, Ecb: 2, Ccm: 3, Gcm: 4 };
const key = Uint8Array.from({ length: 16 }, (_, i) => i);
const iv = Uint8Array.from({ length: 16 }, (_, i) => 0xf0 + i);
const data = Uint8Array.from({ length: 96 }, (_, i) => 3 * i);

function board() {
  const bench = new Bench();
  const device = bench.add(new AesDevice(bench.clock, 16));
  const grant = new FakeGrant(AES_GRANT);
  const driver = new AesDriver(device, grant);
  const upcalls = () => {
    bench.settle();
    return grant.takeUpcalls().map(u => [u.process, u.subscribe, ...u.arguments]);
  };
  const share = (process: typeof a, source: Uint8Array, room = source.length) => {
    const destination = new Uint8Array(room);
    grant.allow("readOnly", process, 0, key);
    grant.allow("readOnly", process, 1, iv);
    grant.allow("readOnly", process, 2, source);
    grant.allow("readWrite", process, 0, destination);
    return destination;
  };
  return { bench, device, grant, driver, upcalls, share };
}

describe("AES driver", () => {
  it("tells that it exists, knows five modes and commands up to 8", () => {
    const { driver } = board();
    assert.deepEqual(driver.command(0, 0, 0, a), [128]);
    for (let mode = 0; mode < 5; mode++)
      assert.deepEqual(driver.command(Command.Mode, mode, 1, a), [128]);
    assert.deepEqual(driver.command(Command.Mode, 5, 1, a), [0, 10]);
    for (let command = 5; command < 9; command++)
      assert.deepEqual(driver.command(command, 1, 0, a), [128]);
    assert.deepEqual(driver.command(9, 0, 0, a), [0, 10]);
  });

  it("a set-up without a mode is INVAL, going on or finishing without one OFF", () => {
    const { driver } = board();
    assert.deepEqual(driver.command(Command.SetUp, 0, 0, a), [0, 6]);
    assert.deepEqual(driver.command(Command.Crypt, 0, 0, a), [0, 4]);
    assert.deepEqual(driver.command(Command.Finish, 0, 0, a), [0, 4]);
  });

  it("a message in two sources is crypted as one", () => {
    for (const [mode, name] of [
      [Mode.Ctr, "aes-128-ctr"],
      [Mode.Cbc, "aes-128-cbc"],
    ] as const) {
      for (const encrypting of [true, false]) {
        const { driver, share, upcalls } = board();
        driver.command(Command.Mode, mode, encrypting ? 1 : 0, a);
        const first = share(a, data.subarray(0, 64));
        assert.deepEqual(driver.command(Command.SetUp, 0, 0, a), [128]);
        assert.deepEqual(upcalls(), [[0, 0, 0, 64, 0]]);
        const second = share(a, data.subarray(64));
        assert.deepEqual(driver.command(Command.Crypt, 0, 0, a), [128]);
        assert.deepEqual(upcalls(), [[0, 0, 0, 32, 0]]);
        const node = (encrypting ? createCipheriv : createDecipheriv)(name, key, iv);
        const expected = node.setAutoPadding(false).update(data);
        assert.deepEqual(Buffer.concat([first, second]), expected);
        assert.deepEqual(driver.command(Command.Finish, 0, 0, a), [128]);
      }
    }
  });

  it("a last piece of less than a block counts as one, and does not reach the destination", () => {
    const { driver, share, upcalls } = board();
    driver.command(Command.Mode, Mode.Ecb, 1, a);
    const destination = share(a, data.subarray(0, 20));
    driver.command(Command.SetUp, 0, 0, a);
    assert.deepEqual(upcalls(), [[0, 0, 0, 32, 0]]);
    const whole = createCipheriv("aes-128-ecb", key, null).update(data.subarray(0, 16));
    assert.deepEqual(destination, Uint8Array.from([...whole, 0, 0, 0, 0]));
  });

  it("CCM has a message of no bytes, as no command sets its length", () => {
    const { driver, share, upcalls } = board();
    driver.command(Command.Mode, Mode.Ccm, 1, a);
    driver.command(Command.TagLength, 8, 0, a);
    driver.command(Command.Confidential, 1, 0, a);
    const destination = share(a, data);
    assert.deepEqual(driver.command(Command.SetUp, 0, 0, a), [128]);
    assert.deepEqual(upcalls(), [[0, 0, 0, 96, 1]]);
    const node = createCipheriv("aes-128-ccm", key, iv.subarray(0, 13), { authTagLength: 8 });
    node.update(new Uint8Array());
    node.final();
    const tagged = Uint8Array.from([...node.getAuthTag(), ...data.subarray(8)]);
    assert.deepEqual(destination, tagged);
    driver.command(Command.Mode, Mode.Ccm, 0, a);
    share(a, tagged);
    driver.command(Command.SetUp, 0, 0, a);
    assert.deepEqual(upcalls(), [[0, 0, 0, 96, 1]]);
    share(a, data);
    driver.command(Command.SetUp, 0, 0, a);
    assert.deepEqual(upcalls(), [[0, 0, 0, 96, 0]]);
  });

  it("a tag that does not fit is INVAL", () => {
    const { driver, share } = board();
    driver.command(Command.Mode, Mode.Gcm, 1, a);
    driver.command(Command.TagLength, 17, 0, a);
    share(a, data);
    assert.deepEqual(driver.command(Command.SetUp, 0, 0, a), [0, 6]);
  });

  it("another app's set-up waits, one deep, and its turn enters its grant twice", () => {
    const { driver, share, upcalls } = board();
    for (const process of [a, b]) {
      driver.command(Command.Mode, Mode.Ecb, 1, process);
      share(process, data);
    }
    driver.command(Command.SetUp, 0, 0, a);
    assert.deepEqual(driver.command(Command.SetUp, 0, 0, b), [128]);
    assert.deepEqual(driver.command(Command.SetUp, 0, 0, b), [0, 9]);
    upcalls();
    assert.throws(() => driver.command(Command.Finish, 0, 0, a), /re-enter a grant region/);
  });

  it("the unit of an app that is gone is anybody's", () => {
    const { driver, share, grant, upcalls } = board();
    for (const process of [a, b]) {
      driver.command(Command.Mode, Mode.Ecb, 1, process);
      share(process, data);
    }
    driver.command(Command.SetUp, 0, 0, a);
    grant.kill(a);
    assert.deepEqual(upcalls(), []);
    assert.deepEqual(driver.command(Command.SetUp, 0, 0, b), [128]);
    assert.equal(upcalls().length, 1);
    assert.deepEqual(driver.command(Command.SetUp, 0, 0, a), [0, 6]);
  });

  it("saved in the middle and loaded elsewhere, it goes on", () => {
    const first = board();
    first.driver.command(Command.Mode, Mode.Ctr, 1, a);
    first.share(a, data);
    first.driver.command(Command.SetUp, 0, 0, a);
    const second = board();
    second.device.load(first.device.save());
    second.driver.load(structuredClone(first.driver.save()));
    second.grant.load(first.grant.save());
    second.bench.clock.load(first.bench.clock.save());
    assert.deepEqual(second.upcalls(), [[0, 0, 0, 96, 0]]);
    const node = createCipheriv("aes-128-ctr", key, iv).update(data);
    assert.deepEqual(Buffer.from(second.grant.readWrite.get("0/0") ?? []), node);
  });
});
