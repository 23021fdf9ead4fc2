import assert from "node:assert/strict";
import { pathOf, uriOf, worldOf } from "../../../adapter/language/client-files.js";

describe("a file that the client names by a URI", () => {
  it("lies in the world of its scheme, with an authority and without one", () => {
    assert.equal(worldOf("file:///a/b.log"), "file://");
    assert.equal(worldOf("vscode-vfs://github/tock/b.log"), "vscode-vfs://github");
    assert.equal(worldOf("memfs:/x/b.log"), "memfs:");
    assert.equal(worldOf("memfs:/x/100%25.log"), "memfs:");
    assert.equal(worldOf("file:/a/b.log"), "file://");
  });

  it("lies nowhere if it is a text without a place, or an old version of a file", () => {
    const texts = [
      "untitled:Untitled-1",
      "untitled:/x/new.log",
      "output:tock-debug",
      "git:/x/b.log?a",
    ];
    for (const uri of texts) {
      assert.equal(worldOf(uri), undefined, uri);
      assert.equal(uriOf("/x/app.elf", uri), "file:///x/app.elf", uri);
    }
  });

  it("has a path from which its URI comes back", () => {
    for (const uri of ["file:///a%20b/c.elf", "memfs:/x/%C3%BC.elf", "vscode-vfs://github/t/c.elf"])
      assert.equal(uriOf(pathOf(uri), uri), uri);
  });
});
