// What only the board with all drivers can show.
import assert from "node:assert/strict";
import { boards } from "../../../emulator/index.js";
import { program, tbf } from "../guest.js";

describe("everything", () => {
  it("a capsule that upstream lets run over the end of a buffer panics the kernel, with its dump", () => {
    const text: string[] = [];
    const panics: string[] = [];
    const everything = boards.find(board => board.name === "everything");
    const { machine } = (everything as (typeof boards)[number]).build({
      apps: [tbf(program().command(0x90003, 8, 5).yieldWait(), { name: "printer" })],
      listen: e => {
        if (e.type === "uart") text.push(new TextDecoder().decode(e.bytes));
        if (e.type === "kernelPanic") panics.push(e.message);
      },
    });
    machine.run(machine.clock.frequency / 10);
    assert.deepEqual(panics, ["index out of bounds: the len is 0 but the index is 0"]);
    assert.match(text.join(""), /panicked at kernel\/src\/processbuffer\.rs:971:10/);
  });
});
