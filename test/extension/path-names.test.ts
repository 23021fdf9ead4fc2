import assert from "node:assert/strict";
import { withNames } from "../../extension/path-names.js";

const tock = { path: "vscode-vfs://github/tock/libtock-c", name: "libtock-c" };
const x = { path: "memfs:/x y", name: "x y" };

describe("a path of a virtual workspace in a sentence", () => {
  it("begins in the workspace folder, of several with its name", () => {
    const text = `${tock.path}/build/a.tab: there is no such file; look into ${x.path}/b.`;
    assert.equal(
      withNames(text, [tock]),
      "build/a.tab: there is no such file; look into memfs:/x y/b.",
    );
    assert.equal(
      withNames(text, [tock, x]),
      "libtock-c/build/a.tab: there is no such file; look into x y/b.",
    );
    assert.equal(
      withNames("memfs:/a/b.tab is empty.", [{ path: "memfs:/", name: "" }]),
      "a/b.tab is empty.",
    );
  });

  it("is the name of the folder where that is meant, and not where it begins another one's", () => {
    const text = `No app in ${tock.path}, ${tock.path}-old/a.tab or ${tock.path}.`;
    assert.equal(
      withNames(text, [tock]),
      `No app in libtock-c, ${tock.path}-old/a.tab or libtock-c.`,
    );
  });

  it("that holds another folder of the workspace gives way to that one's", () => {
    const outer = { path: "memfs:/$&", name: "$&" };
    const inner = { path: "memfs:/$&/in", name: "in" };
    assert.equal(withNames("memfs:/$&/in/a memfs:/$&/b", [outer, inner]), "in/a $&/b");
  });
});
