import assert from "node:assert/strict";
import { I2CBus, nrf52I2c } from "../../../../emulator/devices/i2c.js";
import { I2CMemory, registerFile } from "../../../../emulator/devices/i2c-memory.js";
import { MuxI2C } from "../../../../emulator/kernel/capsules/virtual-i2c.js";
import { Bench } from "../../bench.js";

function board() {
  const bench = new Bench();
  const bus = bench.add(new I2CBus(bench.clock, bench.trace, nrf52I2c("i2c0")));
  const memory = new I2CMemory(registerFile("registers"));
  memory.onInput("0x00=01 02 03");
  bus.attach(0x20, memory);
  const mux = new MuxI2C(bus);
  const devices = [mux.device(0x20), mux.device(0x21), mux.device(0x20)] as const;
  const done: unknown[] = [];
  devices.forEach((device, i) => {
    device.setClient({ commandComplete: (buffer, error) => done.push([i, buffer[0], error]) });
  });
  return { bench, bus, mux, memory, devices, done };
}

describe("virtual I2C", () => {
  it("requests wait for one another, the device made last first", () => {
    const { bench, devices, done } = board();
    for (const device of devices) device.enable();
    devices[0].writeRead(Uint8Array.of(2), 1, 1);
    devices[1].write(Uint8Array.of(9), 1);
    devices[2].writeRead(Uint8Array.of(1), 1, 1);
    assert.equal(devices[2].read(Uint8Array.of(0), 1), "ArbitrationLost");
    bench.settle();
    assert.deepEqual(done, [
      [0, 3, undefined],
      [2, 2, undefined],
      [1, 9, "AddressNak"],
    ]);
  });

  it("the bus is on while any device is", () => {
    const { bus, devices } = board();
    const roles = [];
    for (const step of ["enable", "disable"] as const)
      for (const device of devices) {
        device[step]();
        device[step]();
        roles.push(bus.save().role);
      }
    assert.deepEqual(roles, ["master", "master", "master", "master", "master", "off"]);
  });

  it("saved while requests wait and loaded elsewhere, all are served", () => {
    const first = board();
    first.devices[0].enable();
    first.devices[0].writeRead(Uint8Array.of(2), 1, 1);
    first.devices[1].read(Uint8Array.of(7), 1);
    const second = board();
    for (const part of ["bus", "mux", "memory"] as const)
      second[part].load(structuredClone(first[part].save()) as never);
    second.bench.clock.load(first.bench.clock.save());
    second.bench.settle();
    assert.deepEqual(second.done, [
      [0, 3, undefined],
      [1, 7, "AddressNak"],
    ]);
  });
});
