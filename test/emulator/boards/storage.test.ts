// Storage on whole boards: who an app is, what it may store, and what outlives a reset.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { crc32Posix } from "../../../emulator/base/crc.js";
import { everything } from "../../../emulator/boards/everything.js";
import { nrf52840dk } from "../../../emulator/boards/nrf52840dk.js";
import {
  type BoardDescription,
  readTab,
  type TockBoard,
  type TraceEvent,
} from "../../../emulator/index.js";
import { bytesOf } from "../bench.js";

const SECOND = 64_000_000;

const example = (name: string): Uint8Array => {
  const file = `examples/tests/${name}/${name}.tab`;
  return readTab(readFileSync(file), file).binaries[0]?.bytes as Uint8Array;
};

function boot(
  description: BoardDescription,
  app: string,
  hear?: (e: TraceEvent, b: TockBoard) => void,
) {
  const text: string[] = [];
  let board: TockBoard | undefined;
  const listen = (event: TraceEvent) => {
    if (event.type === "uart" && event.origin.from === "process")
      text.push(new TextDecoder().decode(event.bytes));
    if (board !== undefined) hear?.(event, board);
  };
  board = description.build({ apps: [example(app)], listen });
  return { ...board, lines: () => text.join("").split("\n") };
}

describe("storage on a board", () => {
  it("an app's ShortId is the checksum of its name where the board assigns that, and none elsewhere", () => {
    const id = crc32Posix(bytesOf("kv"));
    assert.equal(boot(everything, "kv").kernel.process(0).shortId, id);
    assert.equal(boot(nrf52840dk, "kv").kernel.process(0).shortId, null);
  });

  it("without a ShortId the nrf52840dk stores nothing for an app, as upstream's", () => {
    const { machine, lines } = boot(nrf52840dk, "kv");
    machine.run(SECOND);
    assert.deepEqual(lines().slice(0, 5), [
      "exists: 0",
      "fruit: none",
      "update: -6",
      "set: -6",
      "fruit: none",
    ]);
  });

  it("what an app stored is there when the board has been reset", () => {
    const { machine, lines } = boot(everything, "isolated_nonvolatile_storage");
    machine.run(10 * SECOND);
    machine.input("console", "reset\n");
    machine.run(20 * SECOND);
    const first = lines().filter(line => line.startsWith("at first:"));
    assert.deepEqual(first, ["at first: ff ff", "at first: 6d ff"]);
  });

  it("wherever the power fails while a value is written, the store works after it", () => {
    for (let cut = 1; cut <= 6; cut++) {
      let changes = 0;
      const { machine, lines } = boot(everything, "kv", (event, board) => {
        if (event.type === "output" && event.device === "externalFlash" && ++changes === cut)
          board.machine.requestReset();
      });
      machine.run(20 * SECOND);
      const text = lines();
      assert.equal(text.filter(line => line === "exists: 0").length, 2, `cut ${cut}`);
      assert.equal(text.at(-2), "unknown command: 10");
      assert.ok(text.lastIndexOf("fruit: cherry") > text.lastIndexOf("exists: 0"));
    }
  });

  it("saved while flash is written and loaded into a fresh board goes on as the first", () => {
    const [first, second] = [boot(everything, "kv"), boot(everything, "kv")];
    first.machine.run(SECOND / 5);
    second.machine.load(structuredClone(first.machine.save()));
    const before = first.lines().length;
    for (const { machine } of [first, second]) machine.run(10 * SECOND);
    assert.deepEqual(second.lines().slice(1), first.lines().slice(before));
    assert.deepEqual(second.machine.save(), first.machine.save());
  });
});
