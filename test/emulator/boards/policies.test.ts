// What a board chooses beside its drivers: scheduler and filter of system calls; a user may choose the scheduler anew.
import assert from "node:assert/strict";
import { createLeds } from "../../../emulator/boards/components/led.js";
import { board } from "../../../emulator/boards/components/tock.js";
import { APP_FLASH, APP_RAM, MEMORY_MAP } from "../../../emulator/boards/nrf52840dk.js";
import { NRF52_NVMC } from "../../../emulator/devices/flash.js";
import { type BoardDescription, boards } from "../../../emulator/index.js";
import { stopFaultPolicy } from "../../../emulator/kernel/policies.js";
import { tbfHeaderFilterDefaultAllow } from "../../../emulator/kernel/syscall-filter.js";
import { Assembler, program, tbf } from "../guest.js";

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

  it("does with a faulting app what upstream's board does", () => {
    const panics = "1 fault, then a panic";
    const expected: Readonly<Record<string, string>> = {
      nrf52840dk: panics,
      microbit_v2: panics,
      hail: "6 faults, then a panic",
      nucleo_f446re: panics,
      raspberry_pi_pico: panics,
      everything: panics,
      "nrf52840dk-test-appid-tbf": panics,
      "nrf52840dk-test-dynamic-app-load": panics,
      "nrf52840dk-test-sha256": panics,
      "nrf52840dk-hotp-tutorial": panics,
      "nrf52840dk-root-of-trust-tutorial": panics,
      "nrf52840dk-thread-tutorial": panics,
      "nrf52840dk-dynamic-apps-and-policies": "1 fault: Process faulty faulted and was stopped.",
    };
    const found = boards.filter(({ name }) => name in expected);
    assert.deepEqual(
      Object.fromEntries(found.map(board => [board.name, endOfFaultyApp(board)])),
      expected,
    );
  });
});

/** What a board makes of an app that writes through a null pointer. */
function endOfFaultyApp(board: BoardDescription): string {
  const app = tbf(new Assembler().halfwords(0x2000, 0x6000), {
    name: "faulty",
    at: board.appFlash.address,
  });
  let [text, faults, panicked] = ["", 0, false];
  const { machine } = board.build({
    apps: [app],
    listen(event) {
      if (event.type === "uart") text += Buffer.from(event.bytes).toString("latin1");
      if (event.type === "processFaulted") faults++;
      if (event.type === "kernelPanic") panicked = true;
    },
  });
  machine.run(machine.clock.frequency);
  const count = `${faults} ${faults === 1 ? "fault" : "faults"}`;
  if (panicked) return `${count}, then a panic`;
  return `${count}: ${/Process .*/.exec(text)?.[0].trim()}`;
}
