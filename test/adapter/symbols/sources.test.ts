import assert from "node:assert/strict";
import { SourceFinder } from "../../../adapter/symbols/sources.js";

const files = (...paths: string[]) => {
  const set = new Set(paths);
  return (path: string) => set.has(path);
};

describe("the source finder", () => {
  it("takes a path that exists as it is", () => {
    const finder = new SourceFinder(files("/src/main.c"), { folders: [] });
    assert.equal(finder.find("/src/main.c"), "/src/main.c");
    assert.equal(finder.find("/src/other.c"), undefined);
  });

  it("finds libtock's sources when another app's directory was compiled in", () => {
    const exists = files("/home/me/libtock-c/libtock/tock.c");
    const finder = new SourceFinder(exists, { folders: ["/home/me/libtock-c/examples/blink"] });
    const compiled = "/build/ci/libtock-c/examples/c_hello/../../libtock/tock.c";
    assert.equal(finder.find(compiled), "/home/me/libtock-c/libtock/tock.c");
  });

  it("never takes another app's main.c", () => {
    const exists = files("/me/examples/blink/main.c");
    const finder = new SourceFinder(exists, { folders: ["/me/examples/blink"] });
    assert.equal(finder.find("/ci/examples/buttons/main.c"), undefined);
    assert.equal(finder.find("/ci/examples/blink/main.c"), "/me/examples/blink/main.c");
  });

  it("prefers the longest prefix of the source map", () => {
    const finder = new SourceFinder(files("/new/a.c", "/special/a.c"), {
      folders: [],
      sourceMap: { "/old": "/new", "/old/lib": "/special" },
    });
    assert.equal(finder.find("/old/a.c"), "/new/a.c");
    assert.equal(finder.find("/old/lib/a.c"), "/special/a.c");
    assert.equal(finder.find("/older/a.c"), undefined);
  });

  it("maps Windows paths whatever the case of the drive letter and the kind of slash", () => {
    const finder = new SourceFinder(files("/home/me/tock/main.c"), {
      folders: [],
      sourceMap: { "c:\\work\\tock": "/home/me/tock" },
    });
    assert.equal(finder.find("C:\\work\\tock\\main.c"), "/home/me/tock/main.c");
    assert.equal(finder.find("C:/work/tock/main.c"), "/home/me/tock/main.c");
  });

  it("finds relative paths below a workspace folder and its parents", () => {
    const exists = files("/me/repo/examples/locals/main.c");
    for (const folder of ["/me/repo", "/me/repo/examples/locals"]) {
      const finder = new SourceFinder(exists, { folders: [folder] });
      assert.equal(finder.find("examples/locals/main.c"), "/me/repo/examples/locals/main.c");
    }
  });

  it("leads from an editor's file back to the compiled paths", () => {
    const exists = files("/me/libtock-c/libtock/tock.c", "/me/libtock-c/examples/blink/main.c");
    const finder = new SourceFinder(exists, { folders: ["/me/libtock-c"] });
    const compiled = ["/ci/libtock-c/libtock/tock.c", "/ci/libtock-c/examples/blink/main.c"];
    assert.deepEqual(finder.pathsOf("/me/libtock-c/libtock/tock.c", compiled), [compiled[0]]);
    assert.deepEqual(finder.pathsOf("/me/libtock-c/examples/other/main.c", compiled), []);
    const copied = ["/gone/app/sensor.c", "/gone/other/sensor.c"];
    assert.deepEqual(finder.pathsOf("/elsewhere/app/sensor.c", copied), ["/gone/app/sensor.c"]);
  });

  it("compares an editor's Windows path without regard to case", () => {
    const finder = new SourceFinder(files("C:/Tock/main.c"), { folders: [] });
    assert.deepEqual(finder.pathsOf("c:\\tock\\main.c", ["C:/Tock/main.c"]), ["C:/Tock/main.c"]);
  });
});
