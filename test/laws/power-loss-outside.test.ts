// Power fails behind every page that the loader outside of the board writes. A page is programmed in one go there, as by a
// programmer that holds the chip: so the list of apps can be walked at every instant, and no other app loses a byte.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { Clock } from "../../emulator/base/clock.js";
import { Trace } from "../../emulator/base/trace.js";
import { nrf52840dk } from "../../emulator/boards/nrf52840dk.js";
import { FlashDevice, NRF52_NVMC } from "../../emulator/devices/flash.js";
import {
  chooseTbf,
  type InputValue,
  Memory,
  readTab,
  type TraceEvent,
  UserError,
} from "../../emulator/index.js";
import { readAppList } from "../../emulator/kernel/app-list.js";
import { updateInput } from "../../emulator/kernel/loader-command.js";
import { LoaderDevice } from "../../emulator/kernel/loader-device.js";
import type { OutsideLoader } from "../../emulator/kernel/runtime-loader.js";
import { sleeper } from "../emulator/installer.js";

const SECOND = 64_000_000;
const example = (name: string): Uint8Array => {
  const file = `examples/${name}/${name}.tab`;
  return chooseTbf(readTab(readFileSync(file), file), "cortex-m4").bytes;
};

interface Scenario {
  name: string;
  apps: readonly Uint8Array[];
  /** Done before, in full. */
  before?: readonly InputValue[];
  input: InputValue;
  /** Apps that the input does not speak of. */
  others: readonly Uint8Array[];
}

const near = sleeper("near", 4096);
const far = sleeper("far", 0x10000);
const small = sleeper("small", 2048);
const blink = example("blink");
const crash = example("crash");

const scenarios: readonly Scenario[] = [
  { name: "install behind the last app", apps: [near], input: blink, others: [near] },
  {
    name: "install of 64 KiB behind padding",
    apps: [near],
    input: sleeper("big", 0x10000),
    others: [near],
  },
  { name: "install into a gap", apps: [near, far], input: sleeper("x", 8192), others: [near, far] },
  {
    name: "install at the front of a gap",
    apps: [near, far],
    input: sleeper("x", 4096),
    others: [near, far],
  },
  {
    name: "install over several apps that are gone",
    apps: [small, sleeper("a", 2048), sleeper("b", 4096), sleeper("c", 8192), far],
    before: ["uninstall a", "uninstall b", "uninstall c"],
    input: sleeper("x", 8192),
    others: [small, far],
  },
  {
    name: "install into a page of another app",
    apps: [small],
    input: sleeper("x", 2048),
    others: [small],
  },
  {
    name: "install where a larger one was last",
    apps: [near, sleeper("old", 0x8000)],
    before: ["uninstall old"],
    input: sleeper("x", 4096),
    others: [near],
  },
  {
    name: "update in place",
    apps: [near, sleeper("x", 0x4000), far],
    input: updateInput(sleeper("x", 0x4000)),
    others: [near, far],
  },
  {
    name: "update that outgrows its slot",
    apps: [small, sleeper("x", 2048), far],
    input: updateInput(sleeper("x", 0x8000)),
    others: [small, far],
  },
  {
    name: "update to a smaller one",
    apps: [near, sleeper("x", 0x8000), far],
    input: updateInput(sleeper("x", 4096)),
    others: [near, far],
  },
  { name: "uninstall", apps: [small, blink, far], input: "uninstall blink", others: [small, far] },
  { name: "uninstall of the last", apps: [near, crash], input: "uninstall crash", others: [near] },
  { name: "disable", apps: [small, blink, far], input: "disable blink", others: [small, far] },
];

/** The machine behind `writes` changed pages of the input; `undefined` if there are fewer. */
function cutOff({ apps, before = [], input }: Scenario, writes: number) {
  let programmed = 0;
  const hear = (event: TraceEvent) => {
    if (event.type === "output" && event.device === "flash") {
      const { step } = event.value as { step: string };
      if (step === "write") programmed++;
    }
  };
  const board = nrf52840dk.build({ apps, listen: hear });
  const { machine } = board;
  for (const value of before) {
    machine.input("loader", value);
    machine.run(machine.clock.now + SECOND);
  }
  programmed = 0;
  machine.run(machine.clock.now + SECOND / 100);
  machine.input("loader", input);
  const end = machine.clock.now + 10 * SECOND;
  while (programmed < writes && machine.clock.now < end)
    if (machine.run(machine.clock.now + SECOND / 100).reason === "idle") break;
  return programmed < writes ? undefined : board;
}

describe("power loss during a change from outside", () => {
  let points = 0;
  after(() => console.log(`      ${points} points of power loss`));

  for (const scenario of scenarios)
    it(`leaves all other apps whole and running: ${scenario.name}`, () => {
      let writes = 0;
      for (; ; writes++) {
        const board = cutOff(scenario, writes);
        if (board === undefined) break;
        const { machine, kernel } = board;
        machine.requestReset();
        machine.run(machine.clock.now + SECOND / 10);
        for (const other of scenario.others) {
          const process = kernel.processes.find(({ flash }) =>
            other.every((byte, i) => machine.memory.read8(flash.start + i) === byte),
          );
          assert.ok(process, `an app is gone behind write ${writes}`);
          assert.equal(process.state, "Yielded");
        }
      }
      assert.ok(writes > 1, "nothing was written");
      points += writes;
    });

  it("whatever was installed, updated and uninstalled before", () => {
    const size = fc.constantFrom(512, 1024, 2048, 4096, 8192, 3072);
    const command = fc.record({
      verb: fc.constantFrom("install", "update", "uninstall", "disable", "erase-apps"),
      name: fc.constantFrom("a", "b", "c", "d", "e"),
      size,
      fill: fc.integer({ min: 0, max: 255 }),
    });
    fc.assert(
      fc.property(fc.array(command, { maxLength: 25 }), commands => {
        const flash = new FlashOutside();
        for (const { verb, name, size, fill } of commands) {
          const app = sleeper(name, size).map((byte, i) => (i > size / 2 ? fill : byte));
          flash.act(
            verb === "install"
              ? app
              : verb === "update"
                ? updateInput(app)
                : verb === "erase-apps"
                  ? verb
                  : `${verb} ${name}`,
            verb === "erase-apps" ? undefined : name,
          );
        }
        points += flash.points;
      }),
      { numRuns: 300 },
    );
  });
});

/** A loader over flash of 32 KiB, without a board. */
class FlashOutside {
  points = 0;
  readonly #clock = new Clock(SECOND);
  readonly #memory = new Memory({
    flash: { address: 0, size: 0x9000 },
    ram: { address: 0x20000000, size: 0x1000 },
  });
  readonly #region = { start: 0x1000, size: 0x8000 };
  readonly #loader: LoaderDevice;

  constructor() {
    const trace = new Trace(this.#clock);
    const options = { ...NRF52_NVMC, pageSize: 1024, name: "flash", firstPage: 0, endPage: 36 };
    const kernel: OutsideLoader = {
      flash: this.#region,
      ramStart: () => undefined,
      panicked: false,
      refusal: () => undefined,
      hindrance: () => undefined,
      processAt: () => undefined,
      start() {},
      remove() {},
    };
    const device = new FlashDevice(this.#clock, trace, options, this.#memory);
    trace.listen(event => {
      if (event.type === "output" && event.device === "flash") this.#check(event.value);
    });
    this.#loader = new LoaderDevice({
      clock: this.#clock,
      trace,
      memory: this.#memory,
      flash: device,
      kernel,
      processes: undefined as never,
      insideBusy: () => false,
      reset: () => {},
    });
  }

  #expected: { address: number; bytes: Uint8Array }[] = [];

  get #apps() {
    return readAppList(this.#memory, this.#region).apps;
  }

  /** `name`: the app that may change. */
  act(value: InputValue, name: string | undefined): void {
    this.#expected = this.#apps
      .filter(app => name !== undefined && app.name !== name)
      .map(({ address, size }) => ({ address, bytes: this.#memory.readBytes(address, size) }));
    try {
      this.#loader.onInput(value);
    } catch (error) {
      assert.ok(error instanceof UserError, String(error));
      return;
    }
    while (this.#loader.busy) {
      this.#clock.now = this.#clock.next;
      this.#clock.takeDue();
      this.#loader.onEvent();
    }
    if (!(value instanceof Uint8Array)) return;
    const app = value[0] === 2 ? value : value.slice("update ".length);
    const now = this.#apps.filter(found => found.name === name);
    assert.equal(now.length, 1);
    assert.deepEqual(this.#memory.readBytes(now[0]!.address, now[0]!.size), app);
    assert.equal(now[0]!.address % app.length === 0 || app.length === 3072, true);
  }

  #check(change: unknown): void {
    if ((change as { step: string }).step !== "write") return;
    this.points++;
    const list = this.#apps;
    for (const { address, bytes } of this.#expected) {
      assert.ok(
        list.some(app => app.address === address),
        "an app cannot be found any more",
      );
      assert.deepEqual(this.#memory.readBytes(address, bytes.length), bytes);
    }
    const names = list.map(app => app.name);
    assert.ok(
      names.every(name => /^[a-e]$/.test(name)),
      `a forged app: ${names.join(" ")}`,
    );
  }
}
