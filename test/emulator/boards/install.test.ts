import assert from "node:assert/strict";
import { installApps } from "../../../emulator/boards/install.js";
import { Memory } from "../../../emulator/index.js";
import { program, tbf } from "../guest.js";

const FLASH = { address: 0x40000, size: 0x4000 };

const install = (...apps: Uint8Array[]) => installOver(undefined, ...apps);

function installOver(image: Uint8Array | undefined, ...apps: Uint8Array[]) {
  const memory = new Memory({
    flash: { address: 0, size: 0x44000 },
    ram: { address: 0x20000000, size: 0x1000 },
  });
  const notices: string[] = [];
  const kept = image === undefined ? {} : { flash: image };
  installApps(memory, FLASH, { apps, ...kept }, text => notices.push(text));
  /** Version and header size, then total size, of the object at an address. */
  const object = (address: number) => [memory.read32(address), memory.read32(address + 4)];
  return { memory, notices, object };
}

const app = (name: string, fields: Parameters<typeof tbf>[1] = {}) =>
  tbf(program().spin(), { name, ...fields });
const PADDING = 2 | (16 << 16);

describe("installing apps", () => {
  it("aligns each to its size and fills the gap with one padding object", () => {
    const { object, memory } = install(app("a"), app("b", { totalSize: 2048 }), app("c"));
    assert.equal(object(0x40000)[1], 512);
    assert.deepEqual(object(0x40200), [PADDING, 0x600]);
    assert.equal(object(0x40800)[1], 2048);
    assert.equal(object(0x41000)[1], 512);
    assert.equal(memory.read32(0x41200), 0xffffffff);
  });

  it("puts an app with a fixed address where its binary belongs", () => {
    const header = app("fixed", { fixedAddressFlash: 0 });
    const size = new DataView(header.buffer).getUint16(2, true);
    const fixed = app("fixed", { fixedAddressFlash: 0x42000 + size });
    const { object, notices } = install(app("a"), fixed);
    assert.deepEqual(notices, []);
    assert.deepEqual(object(0x40200), [PADDING, 0x1e00]);
    assert.equal(object(0x42000)[1], 512);
  });

  it("says which app has no place, and goes on with the next", () => {
    const { object, notices } = install(
      app("a"),
      app("huge", { totalSize: 0x8000 }),
      app("late", { fixedAddressFlash: 0x40100 }),
      app("low", { fixedAddressFlash: 0x20080 }),
      app("b"),
    );
    assert.equal(object(0x40200)[1], 512);
    assert.equal(notices.length, 3);
    assert.match(
      notices[2] ?? "",
      /^App "low" .* must lie at 0x20\w+, and flash for apps starts at/,
    );
    assert.match(
      notices[0] ?? "",
      /^App "huge" was not installed: it needs 32768 bytes of flash at 0x48000, and flash for apps ends at 0x44000; install fewer apps\.$/,
    );
    assert.match(notices[1] ?? "", /^App "late" was not installed: it must lie at 0x400/);
  });

  it("says what to build an app for whose address is taken", () => {
    const fixed = app("late", { fixedAddressFlash: 0x40100 });
    const build = /; build it for flash 0x402\w\w \(TBF at 0x40200\)/;
    const { memory, notices } = install(app("a"), fixed);
    assert.match(notices[0] ?? "", build);
    const over = installOver(
      memory.readBytes(0, 0x40200),
      fixed,
      app("huge", { totalSize: 0x8000 }),
    );
    assert.match(over.notices[0] ?? "", build);
    assert.match(over.notices[1] ?? "", /"huge" .* in the flash file; uninstall one of them\.$/);
  });

  it("takes an object that the kernel will refuse, so that the kernel can say why", () => {
    const broken = app("broken");
    broken[12] = 0;
    const { object, notices } = install(broken, app("b"));
    assert.deepEqual(notices, []);
    assert.equal(object(0x40200)[1], 512);
  });
});
