import assert from "node:assert/strict";
import type { I2CError, I2CMasterClient } from "../../../../emulator/hil/i2c.js";
import {
  I2C_MASTER_GRANT,
  I2CMasterDriver,
} from "../../../../emulator/kernel/capsules/i2c-master.js";
import { FakeGrant } from "./fake-grant.js";

const a = { index: 0, pid: 0 };
const b = { index: 1, pid: 1 };

class Bus {
  client: I2CMasterClient | undefined;
  calls: unknown[] = [];
  buffer: Uint8Array = new Uint8Array();
  refusal: I2CError | undefined;
  setMasterClient(client: I2CMasterClient) {
    this.client = client;
  }
  enableMaster() {}
  disableMaster() {}
  write(address: number, buffer: Uint8Array, length: number) {
    return this.#note(buffer, ["write", address, ...buffer.subarray(0, length)]);
  }
  read(address: number, buffer: Uint8Array, length: number) {
    return this.#note(buffer, ["read", address, length]);
  }
  writeRead(address: number, buffer: Uint8Array, write: number, read: number) {
    return this.#note(buffer, ["writeRead", address, ...buffer.subarray(0, write), read]);
  }
  complete(error?: I2CError, ...bytes: number[]) {
    this.buffer.set(bytes);
    this.client?.commandComplete(this.buffer, error);
  }
  #note(buffer: Uint8Array, call: unknown[]) {
    this.buffer = buffer;
    this.calls.push(call);
    return this.refusal;
  }
}

function board() {
  const bus = new Bus();
  const grant = new FakeGrant(I2C_MASTER_GRANT);
  const driver = new I2CMasterDriver(bus, grant);
  const bytes = Uint8Array.of(1, 2, 3, 4);
  grant.allow("readWrite", a, 1, bytes);
  const upcalls = () => grant.takeUpcalls().map(u => [u.process, u.subscribe, ...u.arguments]);
  return { bus, grant, driver, bytes, upcalls };
}

describe("I2C master driver", () => {
  it("writes, reads, and writes then reads, with the status in the upcall", () => {
    const { bus, driver, bytes, upcalls } = board();
    assert.deepEqual(driver.command(0, 0, 0, a), [128]);
    assert.deepEqual(driver.command(1, 0x150, 2, a), [128]);
    bus.complete();
    assert.deepEqual(driver.command(2, 0x50, 3, a), [128]);
    bus.complete(undefined, 9, 8, 7);
    assert.deepEqual([...bytes], [9, 8, 7, 4]);
    assert.deepEqual(driver.command(3, 0x50 | (1 << 8), 2, a), [128]);
    bus.complete(undefined, 5, 6);
    assert.deepEqual([...bytes], [5, 6, 7, 4]);
    assert.deepEqual(bus.calls, [
      ["write", 0x50, 1, 2],
      ["read", 0x50, 3],
      ["writeRead", 0x50, 9, 2],
    ]);
    assert.deepEqual(upcalls(), [
      [0, 0, 0, 0, 0],
      [0, 0, 0, 0, 0],
      [0, 0, 0, 0, 0],
    ]);
    assert.deepEqual(driver.command(4, 0, 0, a), [0, 10]);
  });

  it("a failed read still copies what is in the kernel's buffer", () => {
    const { bus, driver, bytes, upcalls } = board();
    driver.command(2, 0x50, 4, a);
    bus.complete("AddressNak");
    assert.deepEqual([...bytes], [0, 0, 0, 0]);
    assert.deepEqual(upcalls(), [[0, 0, 13, 0, 0]]);
  });

  it("is NOMEM for everybody while a transfer is under way, also when its process is gone", () => {
    const { bus, grant, driver, upcalls } = board();
    driver.command(1, 0x50, 1, a);
    assert.deepEqual(driver.command(1, 0x50, 0, b), [0, 9]);
    grant.kill(a);
    bus.complete();
    assert.deepEqual(upcalls(), []);
    assert.deepEqual(driver.command(2, 0x50, 0, b), [128]);
  });

  it("a refused request gives its error and the buffer back", () => {
    const { bus, driver } = board();
    bus.refusal = "Busy";
    assert.deepEqual(driver.command(1, 0x50, 1, a), [0, 2]);
    assert.deepEqual(driver.command(1, 0x50, 1, a), [0, 2]);
  });

  it("more bytes than the app's buffer or the kernel's 32 has panic the kernel", () => {
    const { bus, grant, driver } = board();
    assert.throws(() => driver.command(1, 0x50, 5, a), {
      name: "KernelPanic",
      message: "range end index 5 out of range for slice of length 4",
    });
    const other = board();
    other.grant.allow("readWrite", b, 1, new Uint8Array(64));
    assert.throws(() => other.driver.command(1, 0x50, 33, b), /33 out of range .* length 32/);
    const third = board();
    third.driver.command(2, 0x50, 5, a);
    assert.throws(() => third.bus.complete(), /5 out of range .* length 4/);
    assert.ok(grant && bus);
  });

  it("saved during a transfer and loaded elsewhere, it knows whose it is", () => {
    const first = board();
    first.driver.command(2, 0x50, 1, a);
    const second = board();
    second.driver.load(structuredClone(first.driver.save()));
    second.bus.client?.commandComplete(Uint8Array.of(42), undefined);
    assert.equal(second.bytes[0], 42);
    assert.equal(second.upcalls().length, 1);
  });
});
