import assert from "node:assert/strict";
import { I2CBus, type I2COptions, nrf52I2c } from "../../../emulator/devices/i2c.js";
import { at24c256, I2CMemory, registerFile } from "../../../emulator/devices/i2c-memory.js";
import { Bench } from "../bench.js";

function bus(options: Partial<I2COptions> = {}) {
  const bench = new Bench();
  const i2c = bench.add(new I2CBus(bench.clock, bench.trace, { ...nrf52I2c("i2c0"), ...options }));
  const registers = new I2CMemory(registerFile("registers"));
  i2c.attach(0x20, registers);
  const done: unknown[] = [];
  i2c.setMasterClient({
    commandComplete: (buffer, error) => done.push([Buffer.from(buffer).toString("hex"), error]),
  });
  i2c.setSlaveClient({
    slaveCommandComplete: (buffer, length, type) =>
      done.push([type, Buffer.from(buffer.subarray(0, length)).toString("hex")]),
    readExpected: () => done.push("read expected"),
    writeExpected: () => done.push("write expected"),
  });
  i2c.enableMaster();
  const outputs = () => bench.events.flatMap(e => (e.type === "output" ? [e.value] : []));
  return { bench, i2c, registers, done, outputs };
}

describe("two-wire bus", () => {
  it("a write and a read reach the peripheral at the address, nine bits a byte", () => {
    const { bench, i2c, done, outputs } = bus();
    i2c.write(0x20, Uint8Array.of(5, 0xaa, 0xbb), 3);
    assert.equal(bench.clock.next, ((4 * 9 + 2) * 64e6) / 400_000);
    bench.settle();
    i2c.writeRead(0x20, Uint8Array.of(5, 0, 0), 1, 2);
    bench.settle();
    assert.deepEqual(done, [
      ["05aabb", undefined],
      ["aabb00", undefined],
    ]);
    assert.deepEqual(outputs(), ["write 0x20: 05 aa bb", "write 0x20: 05", "read 0x20: aa bb"]);
    assert.equal(i2c.shown(), "read 0x20: aa bb");
  });

  it("where nobody is, the address is not acknowledged and the buffer stays as it was", () => {
    const { bench, i2c, done } = bus();
    i2c.read(0x21, Uint8Array.of(7, 8), 2);
    bench.settle();
    assert.deepEqual(done, [["0708", "AddressNak"]]);
  });

  it("a peripheral that does not acknowledge data ends the transfer", () => {
    const { bench, i2c, done } = bus();
    i2c.attach(0x30, { i2cWrite: () => false, i2cRead: () => new Uint8Array(9) });
    i2c.writeRead(0x30, Uint8Array.of(1), 1, 1);
    bench.settle();
    assert.deepEqual(done, [["01", "DataNak"]]);
  });

  it("another master's bytes come into the buffer of a slave that listens, those beyond it are lost", () => {
    const { bench, i2c, done } = bus();
    i2c.enableSlave();
    i2c.setAddress(0x41);
    i2c.writeReceive(new Uint8Array(3), 255);
    i2c.onInput("write 0x41 01 02 03 04");
    bench.settle();
    assert.deepEqual(done, [["Write", "010203"]]);
  });

  it("another master waits until there is something to read, and reads 0 behind the end", () => {
    const { bench, i2c, done, outputs } = bus();
    i2c.enableSlave();
    i2c.setAddress(0x41);
    i2c.onInput("read 0x41 4");
    bench.settle();
    assert.deepEqual(done, ["read expected"]);
    i2c.readSend(Uint8Array.of(9, 8, 7), 2);
    bench.settle();
    assert.deepEqual(done, ["read expected", ["Read", "0908"]]);
    assert.deepEqual(outputs(), ["asked 0x41: 09 08 00 00"]);
  });

  it("a chip that is off, or listens elsewhere, does not answer another master", () => {
    const { bench, i2c, done, outputs } = bus();
    i2c.onInput("write 0x41 01");
    i2c.enableSlave();
    i2c.setAddress(0x41);
    i2c.onInput("read 0x42 1");
    bench.settle();
    assert.deepEqual(done, []);
    assert.deepEqual(outputs(), ["written 0x41: nobody answers", "asked 0x42: nobody answers"]);
  });

  for (const sharedBuffer of [true, false])
    it(`a transfer as master ${sharedBuffer ? "loses" : "keeps"} the buffer to receive into where drivers ${sharedBuffer ? "share" : "do not share"} it`, () => {
      const { bench, i2c, done } = bus({ sharedBuffer });
      i2c.setAddress(0x41);
      i2c.writeReceive(new Uint8Array(1), 255);
      i2c.enableMaster();
      i2c.write(0x20, Uint8Array.of(1), 1);
      bench.settle();
      i2c.enableSlave();
      i2c.onInput("write 0x41 05");
      bench.settle();
      assert.deepEqual(done.slice(1), [sharedBuffer ? "write expected" : ["Write", "05"]]);
    });

  it("a bus that is switched off forgets its transfer", () => {
    const { bench, i2c, done } = bus();
    i2c.write(0x20, Uint8Array.of(1), 1);
    i2c.disableMaster();
    assert.equal(bench.clock.next, Number.POSITIVE_INFINITY);
    assert.deepEqual(done, []);
  });

  it("anything but a write or a read is refused with a sentence", () => {
    const { i2c } = bus();
    for (const value of [
      "",
      "write",
      "write 41 00",
      "write 0x80 00",
      "read 0x41",
      "write 0x41 0",
      5,
    ])
      assert.throws(() => i2c.onInput(value), {
        name: "UserError",
        message: `Input for i2c0 must be what another master does, bytes in hexadecimal: "write 0x41 48 65" or "read 0x41 4", not "${value}".`,
      });
  });

  it("saved during a transfer and loaded elsewhere, it finishes it", () => {
    const first = bus();
    first.registers.onInput("0x05=77");
    first.i2c.writeRead(0x20, Uint8Array.of(5), 1, 1);
    const second = bus();
    second.i2c.load(structuredClone(first.i2c.save()));
    second.registers.load(structuredClone(first.registers.save()));
    second.bench.clock.load(first.bench.clock.save());
    second.bench.settle();
    assert.deepEqual(second.done, [["77", undefined]]);
  });
});

describe("memory on a two-wire bus", () => {
  it("a memory chip's writes go round in their page, its reads in the whole chip", () => {
    const chip = new I2CMemory(at24c256("memory"));
    assert.equal(chip.i2cWrite(Uint8Array.of(0x7f, 0xff, 1, 2)), true);
    chip.i2cWrite(Uint8Array.of(0x7f, 0xff));
    assert.deepEqual([...chip.i2cRead(2)], [1, 0]);
    assert.equal(
      chip.shown(),
      "0x7fc0: 02 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n0x7ff0: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 01",
    );
  });

  it("the user sets bytes within it and keeps them at a reset", () => {
    const file = new I2CMemory(registerFile("registers"));
    file.onInput("0xfe=01 02");
    for (const value of ["0xff=01 02", "fe=01", "0x1=0", true])
      assert.throws(() => file.onInput(value), { name: "UserError" });
    file.i2cWrite(Uint8Array.of(0xff));
    file.reset();
    assert.deepEqual([...file.i2cRead(1)], [0]);
    file.i2cWrite(Uint8Array.of(0xfe));
    assert.deepEqual([...file.i2cRead(3)], [1, 2, 0]);
  });
});
