import assert from "node:assert/strict";
import { joinPath, normalizePath } from "../../../adapter/dwarf/path.js";

describe("paths in debug information", () => {
  const joined: [string, string, string][] = [
    ["/home/a/examples/blink", "../../libtock/tock.c", "/home/a/libtock/tock.c"],
    ["/home/a", "main.c", "/home/a/main.c"],
    ["/home/a", "/usr/include/stdio.h", "/usr/include/stdio.h"],
    ["C:\\tock\\app", "..\\libtock\\tock.c", "C:/tock/libtock/tock.c"],
    ["C:\\tock\\app", "D:/x/./y.c", "D:/x/y.c"],
    ["", "main.c", "main.c"],
    ["", "../lib/a.c", "../lib/a.c"],
    ["/", "../../a.c", "/a.c"],
    ["/home/a", "", "/home/a"],
  ];
  for (const [directory, path, full] of joined) {
    it(`${path || "nothing"} in ${directory || "nowhere"} is ${full}`, () => {
      assert.equal(joinPath(directory, path), full);
    });
  }

  it("a backslash is a letter of a Unix name", () => {
    assert.equal(normalizePath("/home/a\\b.c"), "/home/a\\b.c");
  });
});
