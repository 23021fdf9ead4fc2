import assert from "node:assert/strict";
import type { TouchClient, TouchEvent, TouchScreen } from "../../../../emulator/hil/touch.js";
import { TOUCH_GRANT, TouchDriver } from "../../../../emulator/kernel/capsules/touch.js";
import { FakeGrant } from "./fake-grant.js";

const a = { index: 0, pid: 0 };
const b = { index: 1, pid: 1 };

const at = (
  x: number,
  y: number,
  status: TouchEvent["status"] = "Pressed",
  id = 0,
): TouchEvent => ({
  x,
  y,
  status,
  id,
  size: null,
  pressure: null,
});

function board(screen?: TouchScreen) {
  let client: TouchClient | undefined;
  const panel = {
    touches: 2,
    setTouchClient: (c: TouchClient) => {
      client = c;
    },
  };
  const grant = new FakeGrant(TOUCH_GRANT);
  const driver = new TouchDriver(panel, grant, screen);
  assert.equal(client, driver);
  driver.allocateGrant(a);
  const upcalls = () => grant.takeUpcalls().map(u => [u.process, u.subscribe, ...u.arguments]);
  return { grant, driver, upcalls };
}

describe("touch driver", () => {
  it("tells how many fingers, and succeeds at all it is told, even without a grant", () => {
    const { driver, grant } = board();
    assert.deepEqual(driver.command(100, 0, 0, a), [129, 2]);
    grant.kill(a);
    for (const command of [0, 1, 2, 10, 11, 12])
      assert.deepEqual(driver.command(command, 0, 0, a), [128]);
    assert.deepEqual(driver.command(3, 0, 0, a), [0, 10]);
  });

  it("every app with a grant hears of a touch, enabled or not, once for each change", () => {
    const { driver, upcalls } = board();
    driver.command(1, 0, 0, b);
    driver.touchEvent(at(10, 20));
    driver.touchEvent(at(10, 20));
    driver.touchEvent(at(11, 20, "Moved"));
    driver.touchEvent(at(11, 20, "Released"));
    const of = (process: number, status: number, x: number) => [
      process,
      0,
      status,
      (x << 16) | 20,
      0,
    ];
    assert.deepEqual(upcalls(), [
      of(0, 1, 10),
      of(1, 1, 10),
      of(0, 2, 11),
      of(1, 2, 11),
      of(0, 0, 11),
      of(1, 0, 11),
    ]);
  });

  it("a first release at 0, 0 is news, too", () => {
    const { driver, upcalls } = board();
    driver.touchEvent(at(0, 0, "Released"));
    assert.deepEqual(upcalls(), [[0, 0, 0, 0, 0]]);
  });

  it("pressure and size come as one word", () => {
    const { driver, upcalls } = board();
    driver.touchEvent({ ...at(1, 2), pressure: 3, size: 4 });
    assert.equal(upcalls()[0]?.[4], (3 << 16) | 4);
  });

  it("several touches are put into the app's buffer until it has not dealt with the last ones", () => {
    const { driver, grant, upcalls } = board();
    const buffer = new Uint8Array(17);
    grant.allow("readWrite", a, 2, buffer);
    driver.touchEvents([at(0x102, 3), at(4, 0x506, "Moved", 1), at(7, 8, "Moved", 2)]);
    assert.deepEqual(upcalls()[1], [0, 2, 2, 0, 1]);
    assert.deepEqual([...buffer.slice(0, 16)], [0, 1, 2, 1, 3, 0, 0, 0, 1, 2, 4, 0, 6, 5, 0, 0]);
    driver.touchEvents([at(9, 9)]);
    assert.deepEqual(
      upcalls().map(u => u[1]),
      [0],
    );
    driver.command(10, 0, 0, a);
    driver.touchEvents([at(10, 10)]);
    assert.deepEqual(upcalls()[1], [0, 2, 1, 0, 0]);
  });

  it("a buffer of exactly one event is told of, but not written", () => {
    const { driver, grant, upcalls } = board();
    const buffer = new Uint8Array(8);
    grant.allow("readWrite", a, 2, buffer);
    driver.touchEvents([at(1, 2)]);
    assert.deepEqual(upcalls()[1], [0, 2, 1, 0, 0]);
    assert.deepEqual([...buffer], Array(8).fill(0));
  });

  it("gestures have numbers", () => {
    const { driver, upcalls } = board();
    for (const gesture of [
      "SwipeUp",
      "SwipeDown",
      "SwipeLeft",
      "SwipeRight",
      "ZoomIn",
      "ZoomOut",
    ] as const)
      driver.gestureEvent(gesture);
    assert.deepEqual(
      upcalls().map(u => u.slice(1, 3)),
      [1, 2, 3, 4, 5, 6].map(n => [1, n]),
    );
  });

  it("positions turn with the screen", () => {
    const expected = [
      [10, 20],
      [20, 90],
      [90, 30],
      [30, 10],
    ] as const;
    for (const rotation of [0, 1, 2, 3] as const) {
      const { driver, upcalls } = board({
        getRotation: () => rotation,
        getResolution: () => [100, 50],
      });
      driver.touchEvent(at(10, 20));
      const [x, y] = expected[rotation];
      assert.equal(upcalls()[0]?.[3], (x << 16) | y);
    }
  });
});
