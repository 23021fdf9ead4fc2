// Regions, sub-regions and rights of the MPU; the windows agree with the rule for single addresses.
import assert from "node:assert/strict";
import fc from "fast-check";
import { Access, Mpu } from "../../../../emulator/cpu/armv7m/mpu.js";
import { STATE_WORDS } from "../../../../emulator/cpu/armv7m/state.js";

const make = (regions = 8, minimum = 32) => new Mpu(new Int32Array(STATE_WORDS), regions, minimum);
const rasr = (log2: number, ap: number, srd = 0, xn = 0) =>
  1 | ((log2 - 1) << 1) | (srd << 8) | (ap << 24) | (xn << 28);

describe("Mpu", () => {
  it("allows what the access permission field says", () => {
    // Privileged read, write, unprivileged read, write (table B3-15).
    const table = ["----", "rw--", "rwr-", "rwrw", "----", "r---", "r-r-", "r-r-"];
    table.forEach((rights, ap) => {
      const mpu = make();
      mpu.control = 1;
      mpu.setRegion(0, 0x20000000, rasr(8, ap));
      const allowed = [true, false].flatMap(privileged => [
        mpu.allows(0x20000010, Access.Read, privileged) ? "r" : "-",
        mpu.allows(0x20000010, Access.Write, privileged) ? "w" : "-",
      ]);
      assert.equal(allowed.join(""), rights);
    });
  });

  it("gives the default map to privileged code only with PRIVDEFENA, and to none otherwise", () => {
    const mpu = make();
    mpu.control = 1;
    assert.equal(mpu.allows(0x20000000, Access.Read, true), false);
    mpu.control = 5;
    assert.equal(mpu.allows(0x20000000, Access.Read, true), true);
    assert.equal(mpu.allows(0x20000000, Access.Read, false), false);
    mpu.control = 0;
    assert.equal(mpu.allows(0x20000000, Access.Read, false), true);
    assert.equal(mpu.allows(0x40000000, Access.Execute, true), false);
  });

  it("is off at negative priority unless HFNMIENA is set", () => {
    const mpu = make();
    mpu.control = 1;
    assert.equal(mpu.allows(0x20000000, Access.Write, true, true), true);
    mpu.control = 3;
    assert.equal(mpu.allows(0x20000000, Access.Write, true, true), false);
  });

  it("has no region smaller than 256 bytes on Cortex-M0+", () => {
    const mpu = make(8, 256);
    mpu.setRegion(0, 0x20000020, rasr(5, 3));
    assert.deepEqual([mpu.regions[0]?.address, mpu.regions[0]?.size], [0x20000000, 256]);
  });

  it("windows hold exactly addresses that are allowed, and end where they are not", () => {
    const region = fc.record({
      number: fc.integer({ min: 0, max: 7 }),
      base: fc.integer({ min: 0, max: 127 }),
      log2: fc.integer({ min: 5, max: 12 }),
      ap: fc.integer({ min: 0, max: 7 }),
      srd: fc.integer({ min: 0, max: 255 }),
      xn: fc.integer({ min: 0, max: 1 }),
    });
    const range = { address: 0x20000000, size: 0x1000 };
    fc.assert(
      fc.property(
        fc.array(region),
        fc.boolean(),
        fc.constantFrom(0, 1, 2),
        (regions, privileged, access) => {
          const mpu = make();
          mpu.control = 5;
          for (const r of regions)
            mpu.setRegion(r.number, 0x20000000 + r.base * 32, rasr(r.log2, r.ap, r.srd, r.xn));
          const kind = access as Access;
          const { address, size } = mpu.window(range, kind, privileged, false);
          const allows = (at: number) => mpu.allows(at, kind, privileged);
          for (let at = address; at < address + size; at += 16) assert.ok(allows(at));
          const outside = [address - 1, address + size].filter(
            at => at >= range.address && at < range.address + range.size,
          );
          if (size > 0) for (const at of outside) assert.equal(allows(at), false);
          else
            for (let at = 0; at < range.size; at += 16)
              assert.equal(allows(range.address + at), false);
        },
      ),
    );
  });
});
