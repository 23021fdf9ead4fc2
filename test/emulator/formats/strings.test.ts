import assert from "node:assert/strict";
import { StringTable } from "../../../emulator/formats/strings.js";

const tableOf = (text: string, ...more: number[]) =>
  new StringTable(Uint8Array.from([...Buffer.from(text), ...more]));

describe("a table of strings", () => {
  it("has a string at every offset, also inside of another", () => {
    const table = tableOf("one\0two.c\0");
    assert.deepEqual(
      [table.at(0), table.at(4), table.at(6), table.at(3)],
      ["one", "two.c", "o.c", ""],
    );
  });

  it("decodes UTF-8 where a character has several bytes", () => {
    const table = tableOf("é\0two\0");
    assert.deepEqual([table.at(0), table.at(3)], ["é", "two"]);
  });

  it("keeps the offsets of other strings when one cannot be decoded", () => {
    const table = new StringTable(Uint8Array.of(0xff, 0, 0x61, 0));
    assert.deepEqual([table.at(0), table.at(2)], ["\ufffd", "a"]);
  });

  it("has none where no 0 follows", () => {
    const table = tableOf("one\0end");
    assert.deepEqual([table.at(4), table.at(7), table.at(100)], [undefined, undefined, undefined]);
  });
});
