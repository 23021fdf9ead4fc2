import assert from "node:assert/strict";
import fc from "fast-check";
import { CortexMMpu } from "../../../emulator/arch/armv7m-mpu.js";

const registers = { control: 0, setRegion() {} };
const PROCESS_STRUCT = 772;
const MIN_APP = 32;

const kernelSize = (grants: number) => 8 * grants + 4 + 320 + 4 + PROCESS_STRUCT + 4;

/** RAM for a process that asks for `minRam` bytes, from `start` on. */
function allocate(minRam: number, grants: number, start: number, size = 0x40000) {
  const mpu = new CortexMMpu(registers);
  const config = mpu.newConfig();
  const initialKernelMemorySize = kernelSize(grants);
  const block = mpu.allocateAppMemoryRegion(
    {
      unallocated: { start, size },
      minMemorySize: Math.max(minRam, MIN_APP) + initialKernelMemorySize,
      initialAppMemorySize: MIN_APP,
      initialKernelMemorySize,
    },
    config,
  );
  return { mpu, config, block };
}

const enabledSubregions = (disabled: number) =>
  8 - [...disabled.toString(2)].filter(b => b === "1").length;

describe("MPU regions of a Cortex-M process", () => {
  // minimum RAM, grants, first free byte → block, its size, enabled eighths of a half, first kernel break.
  const table: [number, number, number, number, number, number, number][] = [
    [4608, 18, 0x20006400, 0x20007000, 8192, 1, 0x20008b2c],
    [4096, 15, 0x20010000, 0x20010000, 8192, 1, 0x20011b44],
    [2048, 15, 0x20018000, 0x20018000, 4096, 1, 0x20018b44],
    [4096, 15, 0x200086d0, 0x20009000, 8192, 1, 0x2000ab44],
    [0, 0, 0x20000000, 0x20000000, 2048, 1, 0x200003bc],
    [16384, 15, 0x20004000, 0x20004000, 32768, 1, 0x2000bb44],
  ];
  for (const [minRam, grants, start, blockStart, size, subregions, kernelBreak] of table) {
    it(`gives ${minRam} bytes with ${grants} grants a block of ${size} at 0x${blockStart.toString(16)}`, () => {
      const { mpu, config, block } = allocate(minRam, grants, start);
      assert.deepEqual(block, { start: blockStart, size });
      const [region0, region1] = mpu.view(config);
      assert.equal(enabledSubregions(region0?.subregionsDisabled ?? 0), subregions);
      assert.equal(region0?.size, size / 2);
      assert.equal(region1?.enabled, false);
      // The creation of a process does not use the allowance for alignment.
      assert.equal(blockStart + size - (kernelSize(grants) - 12), kernelBreak);
    });
  }

  it("makes RAM writeable and never executable, flash readable and executable", () => {
    const { mpu, config } = allocate(4096, 15, 0x20010000);
    mpu.allocateRegion({ start: 0x40000, size: 4096 }, "ReadExecuteOnly", config);
    const [ram, , flash] = mpu.view(config);
    assert.deepEqual([ram?.accessPermission, ram?.executeNever], [3, true]);
    assert.deepEqual([flash?.accessPermission, flash?.executeNever], [2, false]);
    assert.deepEqual(flash?.logical, { address: 0x40000, size: 4096 });
  });

  it("refuses a block that does not fit behind its alignment", () => {
    assert.equal(allocate(4096, 15, 0x20006400, 0x2400).block, null);
    assert.notEqual(allocate(4096, 15, 0x20006400, 0x2c00).block, null);
  });

  it("doubles the block when the first eighth would reach into the kernel's part", () => {
    const mpu = new CortexMMpu(registers);
    const request = {
      unallocated: { start: 0x20000000, size: 0x10000 },
      minMemorySize: 512,
      initialAppMemorySize: 32,
      initialKernelMemorySize: 480,
    };
    assert.equal(mpu.allocateAppMemoryRegion(request, mpu.newConfig())?.size, 1024);
  });

  it("enables RAM in eighths of a half and refuses a break whose eighth reaches the kernel", () => {
    const { mpu, config } = allocate(4608, 18, 0x20006400);
    assert.equal(mpu.updateAppMemoryRegion(0x20007000 + 2608, 0x20008b2c, config), true);
    assert.equal(enabledSubregions(mpu.view(config)[0]?.subregionsDisabled ?? 0), 6);
    assert.equal(mpu.updateAppMemoryRegion(0x20008a01, 0x20008b2c, config), false);
    assert.equal(mpu.updateAppMemoryRegion(0x20008a00, 0x20008b2c, config), true);
    const [, region1] = mpu.view(config);
    assert.equal(enabledSubregions(region1?.subregionsDisabled ?? 0), 5);
  });

  it("cuts a shared buffer out of a larger region by sub-regions", () => {
    const { mpu, config } = allocate(4096, 15, 0x20010000);
    const buffer = { start: 0x20020020, size: 96 };
    assert.deepEqual(mpu.allocateRegion(buffer, "ReadWriteOnly", config), buffer);
    const region = mpu.view(config)[2];
    assert.deepEqual([region?.address, region?.size], [0x20020000, 256]);
    assert.equal(region?.subregionsDisabled, 0b11110001);
  });

  it("refuses a flash size that no region covers", () => {
    const { mpu, config } = allocate(4096, 15, 0x20010000);
    assert.equal(
      mpu.allocateRegion({ start: 0x40000, size: 3000 }, "ReadExecuteOnly", config),
      null,
    );
    assert.equal(
      mpu.allocateRegion({ start: 0x40200, size: 4096 }, "ReadExecuteOnly", config),
      null,
    );
  });

  it("refuses a region that overlaps another", () => {
    const { mpu, config } = allocate(4096, 15, 0x20010000);
    const overlap = { start: 0x20010800, size: 256 };
    assert.equal(mpu.allocateRegion(overlap, "ReadWriteOnly", config), null);
  });

  it("never lets the app's part of a block reach the kernel's", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 60000 }),
        fc.integer({ min: 0, max: 40 }),
        fc.integer({ min: 0x20000000, max: 0x20010000 }),
        (minRam, grants, start) => {
          const { mpu, config, block } = allocate(minRam, grants, start);
          if (block === null) return;
          assert.ok(block.start >= start);
          assert.equal(block.start % (block.size / 2), 0);
          const region = mpu.view(config)[0];
          const reach =
            block.start +
            ((region?.size ?? 0) / 8) * enabledSubregions(region?.subregionsDisabled ?? 0);
          assert.ok(reach <= block.start + block.size - kernelSize(grants));
          assert.ok(reach >= block.start + MIN_APP);
        },
      ),
    );
  });
});
