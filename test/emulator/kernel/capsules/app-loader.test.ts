// The driver over each store of binaries: apps that lie in flash are real, what the kernel does with a binary is the test's.
import assert from "node:assert/strict";
import { Memory } from "../../../../emulator/bus/memory.js";
import { FlashDevice, MX25R6435F, NRF52_NVMC } from "../../../../emulator/devices/flash.js";
import { parseTbfHeaderLengths } from "../../../../emulator/formats/tbf.js";
import { writePaddingHeader } from "../../../../emulator/formats/tbf-write.js";
import { APP_LOADER_GRANT, AppLoader } from "../../../../emulator/kernel/capsules/app-loader.js";
import { NonvolatileToPages } from "../../../../emulator/kernel/capsules/nonvolatile-to-pages.js";
import type { ProcessLoadError } from "../../../../emulator/kernel/dynamic-loading.js";
import { findPlace, padsOver, withinFlash } from "../../../../emulator/kernel/flash-layout.js";
import type { RuntimeLoader } from "../../../../emulator/kernel/runtime-loader.js";
import { SequentialBinaryStorage } from "../../../../emulator/kernel/sequential-binary-storage.js";
import { StagedBinaryStorage } from "../../../../emulator/kernel/staged-binary-storage.js";
import { Bench } from "../../bench.js";
import { sleeper } from "../../installer.js";
import { FakeGrant } from "./fake-grant.js";
import { a, b } from "./storage-bench.js";

const FLASH = { start: 0x40000, size: 0x20000 };
/** Where a new app of a page comes to lie. */
const PLACE = FLASH.start + 0x1000;
const SIZE = 0x1000;
const CHUNK = 512;
const SHORT_ID = 7;
const OK = [128];
const failure = (code: number) => [0, code];
const FAIL = failure(1);
const BUSY = failure(2);
const RESERVE = failure(5);
const INVAL = failure(6);

type Kind = "flash that runs apps" | "flash beside the processor";

function board(kind: Kind, apps: readonly Uint8Array[] = [sleeper("first", 0x1000)]) {
  const bench = new Bench();
  const memory = new Memory({
    flash: { address: 0, size: FLASH.start + FLASH.size },
    ram: { address: 0x20000000, size: 64 },
  });
  let at = FLASH.start;
  for (const app of apps) {
    memory.writeBytes(at, app);
    at += app.length;
  }
  const endPage = (FLASH.start + FLASH.size) / NRF52_NVMC.pageSize;
  const flash = bench.add(
    new FlashDevice(
      bench.clock,
      bench.trace,
      { ...NRF52_NVMC, name: "flash", firstPage: 0, endPage },
      memory,
    ),
  );
  const loaded: { start: number; size: number }[] = [];
  /** What lay there then. */
  const images: Uint8Array[] = [];
  const reports: (ProcessLoadError | undefined)[] = [];
  /** Addresses of padding of which a notice would tell. */
  const refused: number[] = [];
  const loader: RuntimeLoader = {
    findPlace: size => findPlace(memory, FLASH, size, () => {}),
    withinFlash: (address, length) => withinFlash(FLASH, address, length),
    mayPad(address) {
      const may = !padsOver(memory, FLASH, address);
      if (!may) refused.push(address);
      return may;
    },
    isBinary: address => parseTbfHeaderLengths(memory.readBytes(address, 8)).error === undefined,
    load(region, report) {
      loaded.push(region);
      images.push(memory.readBytes(region.start, region.size));
      reports.forEach(report);
    },
    debug() {},
    remove: shortId => (shortId === SHORT_ID ? PLACE : undefined),
  };
  const pages = new NonvolatileToPages(flash);
  const sequential = bench.add(new SequentialBinaryStorage(bench.clock, pages, loader));
  const options = { ...MX25R6435F, name: "externalFlash", firstPage: 0, endPage: 16 };
  const external = bench.add(new FlashDevice(bench.clock, bench.trace, options));
  const stagingPages = new NonvolatileToPages(external);
  const region = { start: 0x2000, size: 0x8000 };
  const staged =
    kind === "flash that runs apps"
      ? undefined
      : new StagedBinaryStorage(stagingPages, region, sequential);
  const grant = new FakeGrant(APP_LOADER_GRANT);
  const driver = new AppLoader(staged ?? sequential, grant);
  const upcalls = () => {
    bench.settle();
    return grant.takeUpcalls().map(u => [u.process, u.subscribe, ...u.arguments]);
  };
  const stateful = [bench.clock, memory, flash, external, pages, stagingPages, sequential, driver];
  const parts = staged === undefined ? stateful : [...stateful, staged];
  return { bench, memory, driver, grant, upcalls, loaded, images, reports, refused, parts };
}

type Board = ReturnType<typeof board>;

const binary = sleeper("new", SIZE);

/** Shares and writes a piece of the new app. */
function write({ driver, grant }: Board, offset: number, length = CHUNK, process = a) {
  grant.allow("readOnly", process, 0, binary.slice(offset, offset + length));
  return driver.command(2, offset, length, process);
}

/** Writes all of it. */
function writeAll(at: Board): void {
  for (let offset = 0; offset < SIZE; offset += CHUNK) {
    assert.deepEqual(write(at, offset), OK);
    assert.deepEqual(at.upcalls(), [[0, 1, 0, CHUNK, 0]]);
  }
}

function setup(at: Board, size = SIZE): void {
  assert.deepEqual(at.driver.command(1, size, 0, a), OK);
  assert.deepEqual(at.upcalls(), [[0, 0, 0, 0, 0]]);
}

const isPadding = ({ memory }: Board, start: number, length: number): void =>
  assert.deepEqual(memory.readBytes(start, 16), writePaddingHeader(length));

const kinds: readonly Kind[] = ["flash that runs apps", "flash beside the processor"];

for (const kind of kinds)
  describe(`app loader over ${kind}`, () => {
    it("tells that it exists", () => {
      const { driver } = board(kind);
      assert.deepEqual(driver.command(0, 0, 0, a), OK);
      assert.deepEqual(driver.command(0, 0, 0, b), OK);
    });

    it("installs an app, each step with its upcall, and has the kernel start it", () => {
      const at = board(kind);
      setup(at);
      isPadding(at, PLACE, SIZE);
      writeAll(at);
      isPadding(at, PLACE, SIZE);
      assert.deepEqual(at.driver.command(3, 0, 0, a), OK);
      assert.deepEqual(at.upcalls(), [[0, 2, 0, 0, 0]]);
      assert.deepEqual(at.memory.readBytes(PLACE, SIZE), binary);
      assert.deepEqual(at.driver.command(4, 0, 0, a), OK);
      assert.deepEqual(at.loaded, []);
      assert.deepEqual(at.upcalls(), [[0, 3, 0, 0, 0]]);
      assert.deepEqual(at.loaded, [{ start: PLACE, size: SIZE }]);
    });

    it("the pieces may come in any order, and more than once", () => {
      const at = board(kind);
      setup(at);
      for (const offset of [0xe00, 0x200, 0x200, 0x400, 0xa00, 0x600, 0x800, 0xc00, 0, 0]) {
        assert.deepEqual(write(at, offset), OK);
        at.upcalls();
      }
      at.driver.command(3, 0, 0, a);
      at.upcalls();
      assert.deepEqual(at.memory.readBytes(PLACE, SIZE), binary);
    });

    it("closes the gaps before and behind the new app with padding", () => {
      const gap = new Uint8Array(0xf000).fill(0xff);
      gap.set(writePaddingHeader(0xf000));
      const at = board(kind, [sleeper("first", 0x1000), gap, sleeper("last", 0x1000)]);
      setup(at, 0x2000);
      isPadding(at, 0x42000, 0x2000);
      isPadding(at, 0x44000, 0xc000);
      isPadding(at, PLACE, 0xf000);
      assert.deepEqual(at.driver.command(3, 0, 0, a), OK);
      assert.deepEqual(at.upcalls(), [[0, 2, 0, 0, 0]]);
      isPadding(at, PLACE, 0x1000);
    });

    it("FAIL where there is no room, after which the driver is free", () => {
      const { driver } = board(kind);
      assert.deepEqual(driver.command(1, 0x40000, 0, a), FAIL);
      assert.deepEqual(driver.command(1, 0x20000, 0, b), FAIL);
    });

    it("every step out of turn is INVAL and ends the ownership", () => {
      const { driver } = board(kind);
      for (const command of [3, 4, 5]) assert.deepEqual(driver.command(command, 0, 0, a), INVAL);
      assert.deepEqual(driver.command(0, 0, 0, b), OK);
    });

    it("a write beyond the reserved room is INVAL, and only giving up helps", () => {
      const at = board(kind);
      setup(at);
      assert.deepEqual(write(at, SIZE - 4, 8), INVAL);
      assert.deepEqual(at.driver.command(2, 0xffffffff, 8, a), INVAL);
      assert.deepEqual(write(at, 8), INVAL);
      assert.deepEqual(at.driver.command(1, SIZE, 0, a), INVAL);
    });

    it("after such a write the app can give up and begin anew", () => {
      const at = board(kind);
      setup(at);
      assert.deepEqual(write(at, SIZE, 8), INVAL);
      assert.deepEqual(at.driver.command(5, 0, 0, a), OK);
      assert.deepEqual(at.upcalls(), [[0, 4, 0, 0, 0]]);
      setup(at);
      writeAll(at);
    });

    it("without a buffer writes what the write before has left, as upstream does", () => {
      const at = board(kind);
      setup(at);
      assert.deepEqual(write(at, CHUNK), OK);
      at.upcalls();
      at.grant.allow("readOnly", a, 0, new Uint8Array());
      assert.deepEqual(at.driver.command(2, 2 * CHUNK, CHUNK, a), OK);
      assert.deepEqual(at.upcalls(), [[0, 1, 0, CHUNK, 0]]);
      at.driver.command(3, 0, 0, a);
      at.upcalls();
      const piece = binary.slice(CHUNK, 2 * CHUNK);
      assert.deepEqual(at.memory.readBytes(PLACE + 2 * CHUNK, CHUNK), piece);
    });

    it("without a buffer has no header at first: RESERVE, and the owner stays", () => {
      const at = board(kind);
      setup(at);
      assert.deepEqual(at.driver.command(2, 0, CHUNK, a), RESERVE);
      assert.deepEqual(at.driver.command(0, 0, 0, b), BUSY);
    });

    const refused: [string, (at: Board) => unknown][] = [
      ["part of the first 8 bytes", at => write(at, 0, 4)],
      ["something from within the first 8 bytes on", at => write(at, 4, 8)],
      [
        "a header with another length than was reserved",
        at => {
          at.grant.allow("readOnly", a, 0, sleeper("new", 2 * SIZE).slice(0, CHUNK));
          return at.driver.command(2, 0, CHUNK, a);
        },
      ],
      [
        "no TBF header",
        at => {
          at.grant.allow("readOnly", a, 0, new Uint8Array(CHUNK));
          return at.driver.command(2, 0, CHUNK, a);
        },
      ],
    ];
    for (const [what, act] of refused)
      it(`${what}: RESERVE, for the buffer is lost, and nobody writes any more`, () => {
        const at = board(kind);
        setup(at);
        assert.deepEqual(act(at), RESERVE);
        isPadding(at, PLACE, SIZE);
        assert.deepEqual(write(at, 8), RESERVE);
        assert.deepEqual(at.driver.command(5, 0, 0, a), INVAL);
        assert.deepEqual(at.driver.command(1, SIZE, 0, a), INVAL);
      });

    it("what a write does not fill is what the one before has left in the buffer of 4096 bytes", () => {
      const at = board(kind, [sleeper("first", 0x4000)]);
      setup(at, 0x4000);
      const long = new Uint8Array(5000).fill(0x11);
      at.grant.allow("readOnly", a, 0, long);
      assert.deepEqual(at.driver.command(2, 0x1000, 5000, a), OK);
      assert.deepEqual(at.upcalls(), [[0, 1, 0, 4096, 0]]);
      at.grant.allow("readOnly", a, 0, Uint8Array.of(0x22));
      at.driver.command(2, 0x2000, 3, a);
      at.upcalls();
      at.driver.command(3, 0, 0, a);
      at.upcalls();
      const start = FLASH.start + 0x4000;
      assert.deepEqual(
        at.memory.readBytes(start + 0x1fff, 5),
        Uint8Array.of(0x11, 0x22, 0x11, 0x11, 0xff),
      );
    });

    it("BUSY for another app until the binary is finalized, and an unknown command makes an owner", () => {
      const at = board(kind);
      const { driver, upcalls } = at;
      assert.deepEqual(driver.command(99, 0, 0, b), failure(10));
      assert.deepEqual(driver.command(0, 0, 0, a), BUSY);
      assert.deepEqual(driver.command(0, 0, 0, b), OK);
      setup(at);
      assert.deepEqual(driver.command(1, SIZE, 0, b), BUSY);
      assert.deepEqual(driver.command(0, 0, 0, b), BUSY);
      driver.command(3, 0, 0, a);
      upcalls();
      assert.deepEqual(driver.command(4, 0, 0, b), OK);
      assert.deepEqual(upcalls(), [[1, 3, 0, 0, 0]]);
    });

    it("gives up for an owner that is gone, which the first to call finds out", () => {
      const at = board(kind);
      setup(at);
      at.grant.kill(a);
      assert.deepEqual(at.driver.command(1, SIZE, 0, b), BUSY);
      assert.deepEqual(at.upcalls(), []);
      isPadding(at, PLACE, SIZE);
      assert.deepEqual(at.driver.command(1, SIZE, 0, b), OK);
      assert.deepEqual(at.upcalls(), [[1, 0, 0, 0, 0]]);
    });

    const statuses: [ProcessLoadError, number][] = [
      ["NotEnoughMemory", 9],
      ["MpuInvalidFlashLength", 6],
      ["MemoryAddressMismatch", 1],
      ["NoProcessSlot", 1],
      ["BinaryError", 1],
      ["CheckError", 1],
      ["InternalError", 4],
    ];
    for (const [error, status] of statuses)
      it(`${error} is status ${status} of the one upcall for loading`, () => {
        const at = board(kind);
        at.reports.push(error);
        setup(at);
        writeAll(at);
        at.driver.command(3, 0, 0, a);
        at.upcalls();
        at.driver.command(4, 0, 0, a);
        assert.deepEqual(at.upcalls(), [[0, 3, status, 0, 0]]);
        assert.deepEqual(at.driver.command(0, 0, 0, b), OK);
        setup(at);
      });

    it("unloads by ShortId; 0 is nobody's", () => {
      const { driver, upcalls } = board(kind);
      assert.deepEqual(driver.command(6, 0, 0, a), INVAL);
      assert.deepEqual(driver.command(6, SHORT_ID, 0, a), OK);
      assert.deepEqual(upcalls(), [[0, 5, 0, PLACE, 0]]);
      assert.deepEqual(driver.command(6, SHORT_ID, 0, a), OK);
    });

    it("after a ShortId that no process has nothing works until the board is reset", () => {
      const { driver } = board(kind);
      assert.deepEqual(driver.command(6, 99, 0, a), INVAL);
      assert.deepEqual(driver.command(6, SHORT_ID, 0, a), BUSY);
      assert.deepEqual(driver.command(1, SIZE, 0, a), INVAL);
    });

    it("goes on from a saved state at any event of an install", () => {
      const at = board(kind);
      at.driver.command(1, SIZE, 0, a);
      let events = replayEach(at);
      for (let offset = 0; offset < SIZE; offset += CHUNK) {
        write(at, offset);
        events += replayEach(at);
      }
      at.driver.command(3, 0, 0, a);
      events += replayEach(at);
      at.driver.command(4, 0, 0, a);
      events += replayEach(at);
      assert.ok(events >= 10);
      assert.deepEqual(at.memory.readBytes(PLACE, SIZE), binary);
      assert.deepEqual(at.loaded.at(-1), { start: PLACE, size: SIZE });
    });
  });

/** Lets every event happen twice, the second time from the state before it; how many there were. */
function replayEach({ bench, parts }: Board): number {
  const save = () => parts.map(part => structuredClone(part.save()));
  for (let events = 0; ; events++) {
    if (bench.clock.next === Number.POSITIVE_INFINITY) return events;
    const before = save();
    bench.runTo(bench.clock.next);
    const after = save();
    parts.forEach((part, n) => {
      part.load(before[n] as never);
    });
    bench.runTo(bench.clock.next);
    assert.deepEqual(save(), after);
  }
}

describe("app loader over flash that runs apps, where upstream loses its way", () => {
  const kind = "flash that runs apps";

  it("giving up while a piece is written is BUSY; the room is free, but the buffer is gone", () => {
    const at = board(kind);
    setup(at);
    write(at, 0);
    assert.deepEqual(at.driver.command(5, 0, 0, a), BUSY);
    assert.deepEqual(at.upcalls(), []);
    setup(at);
    assert.deepEqual(write(at, 8), RESERVE);
  });

  it("a second write before the first is done is RESERVE and does no harm", () => {
    const at = board(kind);
    setup(at);
    assert.deepEqual(write(at, 0), OK);
    assert.deepEqual(write(at, 512), RESERVE);
    assert.deepEqual(at.upcalls(), [[0, 1, 0, CHUNK, 0]]);
    assert.deepEqual(write(at, 512), OK);
  });

  it("a write before setup is done loses the buffer", () => {
    const at = board(kind);
    at.driver.command(1, SIZE, 0, a);
    assert.deepEqual(write(at, 0), RESERVE);
    assert.deepEqual(at.upcalls(), [[0, 0, 0, 0, 0]]);
    assert.deepEqual(write(at, 0), RESERVE);
  });

  it("setup in the middle of an install is INVAL; the padding at address 0 that upstream then tries to write is no header", () => {
    const at = board(kind);
    setup(at);
    const before = at.memory.readBytes(0, 16);
    assert.deepEqual(at.driver.command(1, SIZE, 0, a), INVAL);
    assert.deepEqual(at.driver.command(5, 0, 0, a), BUSY);
    at.upcalls();
    assert.deepEqual(at.memory.readBytes(0, 16), before);
    assert.deepEqual(at.refused, [], "no notice says that a board would overwrite its kernel");
  });

  it("finalizing while a piece is written is done, without a word of the piece", () => {
    const at = board(kind);
    setup(at);
    write(at, 0);
    assert.deepEqual(at.driver.command(3, 0, 0, a), OK);
    assert.deepEqual(at.upcalls(), [[0, 2, 0, 0, 0]]);
  });

  it("finalizing while the last piece is written keeps the first, so that the app can be started", () => {
    const at = board(kind);
    setup(at);
    for (let offset = 0; offset < SIZE - CHUNK; offset += CHUNK) {
      write(at, offset);
      at.upcalls();
    }
    write(at, SIZE - CHUNK);
    assert.deepEqual(at.driver.command(3, 0, 0, a), OK);
    assert.deepEqual(at.upcalls(), [[0, 2, 0, 0, 0]]);
    assert.deepEqual(at.memory.readBytes(PLACE, SIZE), binary);
  });

  const start = PLACE;
  for (const [where, size] of [
    ["behind the last app", 0x1000],
    ["with a gap before it", 0x800],
  ] as const)
    it(`starts an app ${where} that is loaded before finalizing is done, whole`, () => {
      const at = board(kind, [sleeper("first", size)]);
      setup(at);
      writeAll(at);
      at.driver.command(3, 0, 0, a);
      assert.deepEqual(at.driver.command(4, 0, 0, a), OK);
      assert.deepEqual(at.upcalls(), [[0, 3, 0, 0, 0]]);
      assert.deepEqual(at.loaded, [{ start, size: SIZE }]);
      assert.deepEqual(at.images, [binary]);
    });
});
