// What holds for every board in the list.
import assert from "node:assert/strict";
import { boards, compatibleArchitectures } from "../../../emulator/index.js";

describe("every board", () => {
  for (const description of boards) {
    const { name } = description;

    it(`${name} has its app flash where its description says, and no input pending after boot`, () => {
      assert.ok(compatibleArchitectures(description.architecture).includes("cortex-m0"));
      const { machine } = description.build();
      const { address, size } = description.appFlash;
      assert.ok(machine.memory.contains(address, size));
      const second = machine.clock.frequency;
      assert.deepEqual(machine.run(second), { reason: "idle" });
      assert.deepEqual(machine.save().parts["clock"], { now: machine.clock.now, events: [] });
    });

    it(`${name} boots again when its process console is told to reset`, () => {
      const text: string[] = [];
      const { machine } = description.build({
        listen: e => {
          if (e.type === "uart") text.push(new TextDecoder().decode(e.bytes));
        },
      });
      machine.run(machine.clock.frequency);
      const boot = text.join("");
      // Without a process console nobody answers.
      if (!boot.endsWith("tock$ ")) return;
      machine.input("console", "reset\n");
      machine.run(2 * machine.clock.frequency);
      assert.equal(text.join("").lastIndexOf(boot), text.join("").length - boot.length);
      assert.ok(text.join("").length > 2 * boot.length);
    });

    it(`${name} saved and loaded into a fresh board goes on as the first`, () => {
      const [first, second] = [description.build({ seed: 5 }), description.build()];
      first.machine.run(first.machine.clock.frequency / 20);
      second.machine.load(structuredClone(first.machine.save()));
      for (const { machine } of [first, second]) {
        machine.input("console", "help\n");
        if (machine.devices.has("temperature")) machine.input("temperature", 30);
        machine.run(machine.clock.frequency);
      }
      assert.deepEqual(second.machine.save(), first.machine.save());
    });
  }
});
