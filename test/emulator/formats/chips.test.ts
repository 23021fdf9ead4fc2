import assert from "node:assert/strict";
import {
  chipsFileOf,
  readChips,
  UserError,
  writeChips,
  writeTar,
} from "../../../emulator/index.js";

describe("the file of a board's memory chips", () => {
  const images = new Map([
    ["externalFlash", Uint8Array.of(1, 2, 3)],
    ["uicr", new Uint8Array()],
  ]);

  it("gives back every chip, and lies beside the flash file", () => {
    assert.deepEqual(readChips(writeChips(images), "a"), images);
    assert.equal(chipsFileOf("board.bin"), "board.bin.chips.tar");
  });

  it("takes an archive that a tool made, with members in a folder", () => {
    const bytes = writeTar([{ name: "./uicr.bin", bytes: Uint8Array.of(9) }]);
    assert.deepEqual(readChips(bytes, "a"), new Map([["uicr", Uint8Array.of(9)]]));
  });

  it("is refused in a sentence when it is something else", () => {
    assert.throws(
      () => readChips(new Uint8Array(600), "a.tar"),
      /^UserError: a\.tar: it is no tar/,
    );
    const bytes = writeTar([{ name: "uicr", bytes: new Uint8Array() }]);
    assert.throws(() => readChips(bytes, "a.tar"), UserError);
  });
});
