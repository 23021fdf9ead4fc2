import assert from "node:assert/strict";
import { ButtonDevice } from "../../../../emulator/devices/button.js";
import { BUTTON_GRANT, ButtonDriver } from "../../../../emulator/kernel/capsules/button.js";
import { Bench } from "../../bench.js";
import { FakeGrant } from "./fake-grant.js";

const a = { index: 0, pid: 0 };
const b = { index: 1, pid: 1 };

function board() {
  const bench = new Bench();
  const buttons = [0, 1].map(i => bench.add(new ButtonDevice(bench.clock, i)));
  const grant = new FakeGrant(BUTTON_GRANT);
  const driver = new ButtonDriver(buttons, grant);
  const set = (index: number, level: string) => {
    buttons[index]?.onInput(level);
    bench.settle();
  };
  return { grant, driver, set };
}

describe("button driver", () => {
  it("command 0 tells how many buttons there are", () => {
    assert.deepEqual(board().driver.command(0, 0, 0, a), [129, 2]);
  });

  it("every process that enabled a button hears of its presses and releases", () => {
    const { grant, driver, set } = board();
    driver.command(1, 1, 0, a);
    driver.command(1, 1, 0, b);
    driver.command(1, 0, 0, b);
    set(1, "down");
    set(1, "up");
    set(0, "down");
    assert.deepEqual(
      grant.takeUpcalls().map(u => [u.process, ...u.arguments]),
      [
        [0, 1, 1, 0],
        [1, 1, 1, 0],
        [0, 1, 0, 0],
        [1, 1, 0, 0],
        [1, 0, 1, 0],
      ],
    );
  });

  it("a button stays enabled while one process still listens", () => {
    const { grant, driver, set } = board();
    driver.command(1, 0, 0, a);
    driver.command(1, 0, 0, b);
    assert.deepEqual(driver.command(2, 0, 0, a), [128]);
    set(0, "down");
    assert.deepEqual(
      grant.takeUpcalls().map(u => u.process),
      [1],
    );
    driver.command(2, 0, 0, b);
    set(0, "up");
    assert.deepEqual(grant.takeUpcalls(), []);
  });

  it("which buttons an app listens to is in its grant only", () => {
    const { grant, driver, set } = board();
    driver.command(1, 0, 0, a);
    grant.enter(a, view => {
      assert.equal(view.data.subscribeMap, 0b01);
      view.data.subscribeMap = 0;
    });
    set(0, "down");
    assert.deepEqual(grant.takeUpcalls(), []);
  });

  it("a read gives the level", () => {
    const { driver, set } = board();
    assert.deepEqual(driver.command(3, 1, 0, a), [129, 0]);
    set(1, "down");
    assert.deepEqual(driver.command(3, 1, 0, a), [129, 1]);
  });

  it("an index beyond the last button is INVAL, an unknown command NOSUPPORT", () => {
    const { driver } = board();
    for (const command of [1, 2, 3]) assert.deepEqual(driver.command(command, 2, 0, a), [0, 6]);
    assert.deepEqual(driver.command(4, 0, 0, a), [0, 10]);
  });
});
