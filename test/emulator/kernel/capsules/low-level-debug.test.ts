import assert from "node:assert/strict";
import { ConsoleDevice } from "../../../../emulator/devices/console.js";
import {
  LOW_LEVEL_DEBUG_GRANT,
  LowLevelDebug,
} from "../../../../emulator/kernel/capsules/low-level-debug.js";
import { UartDevice, UartMux } from "../../../../emulator/kernel/capsules/virtual-uart.js";
import { Bench } from "../../bench.js";
import { FakeGrant } from "./fake-grant.js";

const a = { index: 0, pid: 0 };
const b = { index: 1, pid: 26 };

function board() {
  const bench = new Bench();
  const { clock, trace } = bench;
  const uart = bench.add(new ConsoleDevice(clock, trace, { name: "console", baud: 115200 }));
  const mux = bench.add(new UartMux(clock, uart));
  const grant = new FakeGrant(LOW_LEVEL_DEBUG_GRANT);
  const driver = new LowLevelDebug(new UartDevice(mux, false), grant);
  const lines = () => {
    bench.settle();
    return bench.text;
  };
  return { bench, uart, mux, grant, driver, lines };
}

describe("low-level debug driver", () => {
  it("command 0 tells that it exists and prints nothing, 4 is NOSUPPORT", () => {
    const { driver, lines } = board();
    assert.deepEqual(driver.command(0, 1, 2, a), [128]);
    assert.deepEqual(driver.command(4, 1, 2, a), [0, 10]);
    assert.equal(lines(), "");
  });

  it("prints alert codes and numbers in hexadecimal, each line ended by LF alone", () => {
    const { driver, lines } = board();
    assert.deepEqual(driver.command(1, 1, 9, a), [128]);
    assert.deepEqual(driver.command(2, 0xdeadbeef, 9, a), [128]);
    assert.deepEqual(driver.command(3, 0, 0x10, a), [128]);
    assert.equal(
      lines(),
      "LowLevelDebug: App 0x0 alert code 0x1\n" +
        "LowLevelDebug: App 0x0 prints 0xdeadbeef\n" +
        "LowLevelDebug: App 0x0 prints 0x0 0x10\n",
    );
  });

  it("queues four entries per process; the last one becomes a count of what is dropped", () => {
    const { driver, lines } = board();
    for (let i = 0; i < 8; i++) driver.command(2, i, 0, b);
    driver.command(2, 0xa, 0, a);
    assert.equal(
      lines(),
      "LowLevelDebug: App 0x1a prints 0x0\n" +
        "LowLevelDebug: App 0x0 prints 0xa\n" +
        "LowLevelDebug: App 0x1a prints 0x1\n" +
        "LowLevelDebug: App 0x1a prints 0x2\n" +
        "LowLevelDebug: App 0x1a prints 0x3\n" +
        "LowLevelDebug: Dropped 0x4 entries for app 0x1a\n",
    );
  });

  it("tells once when an entry is lost for want of a grant, before anything that waits", () => {
    const { driver, grant, lines } = board();
    driver.command(2, 1, 0, a);
    driver.command(2, 2, 0, a);
    grant.kill(b);
    driver.command(2, 3, 0, b);
    driver.command(2, 4, 0, b);
    assert.equal(
      lines(),
      "LowLevelDebug: App 0x0 prints 0x1\n" +
        "LowLevelDebug: grant init failed\n" +
        "LowLevelDebug: App 0x0 prints 0x2\n",
    );
    assert.equal(driver.allocateGrant(b), "NoSuchApp");
  });

  it("saved with entries waiting and loaded elsewhere, it prints them as the first does", () => {
    const [first, second] = [board(), board()];
    for (let i = 0; i < 7; i++) first.driver.command(3, i, i, a);
    first.bench.runMs(5);
    const seen = first.bench.text.length;
    assert.ok(seen > 0);
    for (const part of ["uart", "mux", "grant", "driver"] as const)
      second[part].load(structuredClone(first[part].save()) as never);
    second.bench.clock.load(first.bench.clock.save());
    assert.equal(second.lines(), first.lines().slice(seen));
  });
});
