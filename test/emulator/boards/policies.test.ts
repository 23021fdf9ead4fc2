// What a board chooses beside its drivers: scheduler and filter of system calls; a user may choose the scheduler anew.
import assert from "node:assert/strict";
import { createLeds } from "../../../emulator/boards/components/led.js";
import { board } from "../../../emulator/boards/components/tock.js";
import { APP_FLASH, APP_RAM, MEMORY_MAP } from "../../../emulator/boards/nrf52840dk.js";
import { NRF52_NVMC } from "../../../emulator/devices/flash.js";
import { stopFaultPolicy } from "../../../emulator/kernel/policies.js";
import { tbfHeaderFilterDefaultAllow } from "../../../emulator/kernel/syscall-filter.js";
import { program, tbf } from "../guest.js";

const LED = 0x2;
const FREQUENCY = 64_000_000;

const strict = board({
  name: "strict",
  description: "A board for tests",
  core: "cortex-m4",
  frequency: FREQUENCY,
  memory: MEMORY_MAP,
  appFlash: APP_FLASH,
  appRam: APP_RAM,
  flash: NRF52_NVMC,
  processSlots: 2,
  faultPolicy: stopFaultPolicy,
  scheduler: "cooperative",
  syscallFilter: tbfHeaderFilterDefaultAllow,
  create(bench) {
    createLeds(bench, 1);
    return { start() {} };
  },
});

describe("a board", () => {
  it("that filters by TBF header refuses what an app has no permission for", () => {
    const lights = () => program().command(LED, 1).command(LED, 2).spin();
    const permissions = [{ driver: LED, offset: 0, allowedCommands: 1n << 2n }];
    const { machine } = strict.build({ apps: [tbf(lights(), { permissions })] });
    const returned: unknown[] = [];
    machine.trace.listen(
      e => e.type === "syscall" && e.syscallClass === 2 && returned.push(e.returned),
    );
    machine.run(5000);
    assert.deepEqual(returned, [[0, 11], [128]]);
  });

  it("that schedules cooperatively does so unless the user wants otherwise, also after a reset", () => {
    const apps = [0x40000, 0x40200].map(at => tbf(program().spin(), { at, name: `app${at}` }));
    const started = (scheduler: object) => {
      const { machine, kernel } = strict.build({ apps, ...scheduler });
      const both = () => kernel.processes.map(({ syscallCount }) => syscallCount);
      machine.run(FREQUENCY / 10);
      const before = both();
      machine.requestReset();
      machine.run(FREQUENCY / 5);
      assert.deepEqual(both(), before);
      return before;
    };
    assert.deepEqual(started({}), [1, 0]);
    assert.deepEqual(started({ scheduler: "mlfq" }), [1, 1]);
  });
});
