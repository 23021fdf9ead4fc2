// The bus finds the region of an address.
import assert from "node:assert/strict";
import { Bus, type Region } from "../../../emulator/bus/bus.js";

const region = (name: string, address: number, size: number): Region => ({
  name,
  address,
  size,
  read: offset => offset,
  write: () => true,
});

describe("Bus", () => {
  it("passes the offset to the region, also across pages", () => {
    const bus = new Bus([region("a", 0x40000000, 0x3000)]);
    assert.equal(bus.read(0x40002ffc, 4), 0x2ffc);
    assert.equal(bus.write(0x40000000, 4, 1), true);
  });

  it("answers with an error where nothing is", () => {
    const bus = new Bus([region("a", 0x40000100, 0x100)]);
    assert.equal(bus.read(0x40000000, 4), undefined);
    assert.equal(bus.write(0x40000200, 4, 0), false);
    assert.equal(bus.find(0xfffffffc), undefined);
  });

  it("keeps two regions in one page apart and refuses an overlap", () => {
    const bus = new Bus([region("a", 0x40000000, 0x100), region("b", 0x40000100, 0x100)]);
    assert.equal(bus.find(0x40000100)?.name, "b");
    assert.throws(() => bus.map(region("c", 0x400000ff, 2)), /a and c overlap/);
  });
});
