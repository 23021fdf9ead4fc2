// Watched bytes stop the machine, whether a process is about to touch them or the kernel has written them.
import assert from "node:assert/strict";
import { nrf52840dk } from "../../../emulator/boards/nrf52840dk.js";
import { SyscallClass, type TraceEvent } from "../../../emulator/index.js";
import { program, tbf } from "../guest.js";
import { eventsOf } from "../test-board.js";

const END = 2_000_000;

/** Stores a word where it then reads two bytes from the console, 64 bytes above the start of its memory. */
const app = () =>
  tbf(
    program()
      .move(1, 6)
      .add(1, 64)
      .store(1, 1)
      .move(2, 1)
      .syscall(SyscallClass.ReadWriteAllow, 1, 1, undefined, 2)
      .command(1, 2, 2)
      .yieldWaitFor(1, 2)
      .spin(),
  );

/** Runs until the kernel has cleared the memory that the app's first call asks for. */
const board = () => {
  const events: TraceEvent[] = [];
  const { machine } = nrf52840dk.build({ apps: [app()], listen: event => events.push(event) });
  machine.run(110);
  return { machine, events };
};

/** Address of the buffer, from a run of its own. */
const buffer = (): number => {
  const { machine, events } = board();
  machine.run(END);
  const allow = eventsOf(events, "syscall").find(
    e => e.syscallClass === SyscallClass.ReadWriteAllow,
  );
  return allow?.arguments[2] as number;
};

describe("a watchpoint on the machine", () => {
  it("stops a process before its store, and the kernel after its write", () => {
    const address = buffer();
    const { machine } = board();
    const watchpoint = { address: address + 1, length: 1, access: "write" as const };
    machine.cpu.setWatchpoints([watchpoint]);
    const expected = { reason: "watchpoint", address: address + 1, access: "write" };
    const stop = machine.run(END);
    assert.deepEqual(stop, { ...expected, by: "instruction", watchpoints: [watchpoint] });
    assert.equal(machine.memory.read32(address), 0, "it has not been executed");
    machine.cpu.resumeAddress = machine.cpu.readRegister(15);
    assert.deepEqual(machine.run(END), { reason: "deadline" });
    machine.input("console", "xy");
    const written = machine.run(2 * END);
    assert.deepEqual(written, { ...expected, by: "kernel", watchpoints: [watchpoint] });
    assert.deepEqual([...machine.memory.readBytes(address, 2)], [0x78, 0x79]);
    machine.cpu.setWatchpoints([]);
    assert.deepEqual(machine.run(2 * END), { reason: "deadline" });
  });

  it("changes nothing else: the machine comes to the same state", () => {
    const address = buffer();
    const [plain, watched] = [board().machine, board().machine];
    watched.cpu.setWatchpoints([{ address, length: 4, access: "readWrite" }]);
    let stops = 0;
    for (const machine of [plain, watched]) {
      for (const until of [END, 2 * END]) {
        while (machine.run(until).reason === "watchpoint") {
          stops++;
          machine.cpu.resumeAddress = machine.cpu.readRegister(15);
        }
        if (until === END) machine.input("console", "xy");
      }
    }
    assert.ok(stops === 2, `${stops} stops`);
    assert.deepEqual(watched.save(), plain.save());
  });

  it("does not report what a debugger writes", () => {
    const address = buffer();
    const { machine } = board();
    machine.cpu.setWatchpoints([{ address, length: 4, access: "write" }]);
    machine.run(END);
    machine.cpu.resumeAddress = machine.cpu.readRegister(15);
    machine.run(END);
    machine.memory.write32(address, 0x1234);
    assert.deepEqual(machine.run(END + 1000), { reason: "deadline" });
  });
});
