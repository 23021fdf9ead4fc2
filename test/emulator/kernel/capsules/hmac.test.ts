import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { DigestDevice } from "../../../../emulator/devices/digest.js";
import { HMAC_GRANT, HmacDriver } from "../../../../emulator/kernel/capsules/hmac.js";
import { Bench, bytesOf } from "../../bench.js";
import { FakeGrant } from "./fake-grant.js";
import { a, b } from "./storage-bench.js";

const Command = { Algorithm: 0, Run: 1, Update: 2, Finish: 3, Verify: 4, VerifyFinish: 5 };

function board() {
  const bench = new Bench();
  const device = bench.add(new DigestDevice(bench.clock, "hmac"));
  const grant = new FakeGrant(HMAC_GRANT);
  const driver = new HmacDriver(device, grant);
  const upcalls = () => {
    bench.settle();
    return grant.takeUpcalls().map(u => [u.process, u.subscribe, ...u.arguments]);
  };
  const share = (process: typeof a, key: string, data: string, room = 32) => {
    const code = new Uint8Array(room);
    grant.allow("readOnly", process, 0, bytesOf(key));
    grant.allow("readOnly", process, 1, bytesOf(data));
    grant.allow("readWrite", process, 2, code);
    driver.command(Command.Algorithm, 0, 0, process);
    return code;
  };
  return { bench, device, grant, driver, upcalls, share };
}

const codeOf = (key: string, data: string) =>
  Uint8Array.from(createHmac("sha256", key).update(data).digest());

describe("HMAC driver", () => {
  it("knows six algorithms, of which the unit has one", () => {
    const { driver, share } = board();
    share(a, "key", "data");
    for (let algorithm = 0; algorithm < 6; algorithm++) {
      assert.deepEqual(driver.command(Command.Algorithm, algorithm, 0, a), [128]);
      if (algorithm > 0) assert.deepEqual(driver.command(Command.Run, 0, 0, a), [0, 10]);
    }
    assert.deepEqual(driver.command(Command.Algorithm, 6, 0, a), [0, 10]);
    assert.deepEqual(driver.command(6, 0, 0, a), [0, 10]);
  });

  it("run without an algorithm is INVAL", () => {
    const { driver } = board();
    assert.deepEqual(driver.command(Command.Run, 0, 0, a), [0, 6]);
  });

  it("run makes the code of data of any length; the upcall has its first byte", () => {
    const { driver, share, upcalls } = board();
    for (const data of ["", "short", "x".repeat(64), "y".repeat(300)]) {
      const code = share(a, "key", data);
      assert.deepEqual(driver.command(Command.Run, 0, 0, a), [128]);
      assert.deepEqual(upcalls(), [[0, 0, 0, codeOf("key", data)[0], 0]]);
      assert.deepEqual(code, codeOf("key", data));
    }
  });

  it("a key counts up to a block, and a short buffer gets the start of the code", () => {
    const { driver, share, upcalls } = board();
    const code = share(a, "k".repeat(70), "data", 5);
    driver.command(Command.Run, 0, 0, a);
    upcalls();
    assert.deepEqual(code, codeOf("k".repeat(64), "data").subarray(0, 5));
  });

  it("update takes the data, finish makes the code", () => {
    const { driver, share, upcalls } = board();
    const code = share(a, "key", "data");
    assert.deepEqual(driver.command(Command.Finish, 0, 0, a), [0, 4]);
    assert.deepEqual(driver.command(Command.Update, 0, 0, a), [128]);
    assert.deepEqual(upcalls(), [[0, 0, 0, 0, 0]]);
    assert.deepEqual(driver.command(Command.Finish, 0, 0, b), [0, 4]);
    assert.deepEqual(driver.command(Command.Finish, 0, 0, a), [128]);
    assert.deepEqual(upcalls(), [[0, 0, 0, code[0], 0]]);
    assert.deepEqual(code, codeOf("key", "data"));
  });

  it("verify makes no upcall, as there is none of that number, and gives the unit back", () => {
    const { driver, share, upcalls } = board();
    share(a, "key", "data");
    assert.deepEqual(driver.command(Command.Verify, 0, 0, a), [128]);
    assert.deepEqual(upcalls(), []);
    assert.deepEqual(driver.command(Command.VerifyFinish, 0, 0, a), [0, 4]);
    const code = share(b, "key", "data");
    driver.command(Command.Run, 0, 0, b);
    upcalls();
    assert.deepEqual(code, codeOf("key", "data"));
  });

  it("a second run of the same app breaks off both, and the driver", () => {
    const { driver, share, upcalls } = board();
    share(a, "key", "data");
    driver.command(Command.Run, 0, 0, a);
    assert.deepEqual(driver.command(Command.Run, 0, 0, a), [0, 5]);
    assert.deepEqual(upcalls(), []);
    assert.deepEqual(driver.command(Command.Run, 0, 0, a), [0, 5]);
  });

  it("another app's run waits, one deep, and its turn enters its grant twice", () => {
    const { bench, driver, share } = board();
    share(a, "key", "data");
    share(b, "key", "data");
    driver.command(Command.Run, 0, 0, a);
    assert.deepEqual(driver.command(Command.Run, 0, 0, b), [128]);
    assert.deepEqual(driver.command(Command.Run, 0, 0, b), [0, 9]);
    assert.throws(() => bench.settle(), /Attempted to re-enter a grant region/);
  });

  it("the unit of an app that is gone is anybody's, once its data is through", () => {
    const { driver, share, grant, upcalls } = board();
    share(a, "key", "data");
    driver.command(Command.Update, 0, 0, a);
    upcalls();
    grant.kill(a);
    const code = share(b, "key", "other");
    assert.deepEqual(driver.command(Command.Run, 0, 0, b), [128]);
    assert.equal(upcalls().length, 1);
    // What the first app gave stands in front of it: upstream does not clear it.
    assert.notDeepEqual(code, codeOf("key", "other"));
    assert.deepEqual(driver.command(Command.Run, 0, 0, a), [0, 6]);
  });

  it("saved in the middle and loaded elsewhere, it goes on", () => {
    const first = board();
    first.share(a, "key", "y".repeat(300));
    first.driver.command(Command.Run, 0, 0, a);
    const second = board();
    second.device.load(first.device.save());
    second.driver.load(structuredClone(first.driver.save()));
    second.grant.load(first.grant.save());
    second.bench.clock.load(first.bench.clock.save());
    assert.equal(second.upcalls().length, 1);
    assert.deepEqual(second.grant.readWrite.get("0/2"), codeOf("key", "y".repeat(300)));
  });
});
