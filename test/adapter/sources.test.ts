import assert from "node:assert/strict";
import type { Files } from "../../adapter/files.js";
import { folderOf, joinPath, normalizePath } from "../../adapter/files.js";
import { mapPath, Sources } from "../../adapter/sources.js";

const disk = (...paths: string[]): Files & { looked: number } => {
  const files = {
    looked: 0,
    read: async () => undefined,
    exists: async (path: string) => {
      files.looked++;
      return paths.includes(path);
    },
  };
  return files;
};

describe("paths", () => {
  it("are written with slashes and without dots", () => {
    assert.equal(normalizePath("/a/./b//c/../d"), "/a/b/d");
    assert.equal(normalizePath("C:\\Users\\me\\main.c"), "c:/Users/me/main.c");
    assert.equal(normalizePath("../x/../y"), "../y");
    assert.equal(normalizePath("/../x"), "/x");
    assert.equal(joinPath("/a/b", "../c"), "/a/c");
    assert.equal(joinPath("/a/b", "/c"), "/c");
    assert.equal(normalizePath("memfs:/a//b/../c"), "memfs:/a/c");
    assert.equal(normalizePath("vscode-vfs://github/../a"), "vscode-vfs://github/a");
    assert.equal(folderOf("vscode-vfs://github/a"), "vscode-vfs://github/");
    assert.equal(folderOf("vscode-vfs://github/a/b"), "vscode-vfs://github/a");
    assert.equal(joinPath("vscode-vfs://github/a", "/c"), "vscode-vfs://github/c");
    assert.equal(joinPath("vscode-vfs://github/a", "../c"), "vscode-vfs://github/c");
    assert.equal(joinPath("vscode-vfs://github/a", "C:\\c"), "vscode-vfs://github/c:/c");
    assert.equal(joinPath("/a", "vscode-vfs://github/c"), "vscode-vfs://github/c");
    assert.equal(normalizePath("C:\\..\\..\\x"), "c:/x");
    assert.equal(normalizePath("\\\\server\\share\\main.c"), "//server/share/main.c");
  });
});

describe("source map", () => {
  it("replaces the longest prefix that ends at a component", () => {
    const map = { "/build": "/x", "/build/libtock-c": "/home/me/tock" };
    assert.equal(mapPath("/build/libtock-c/main.c", map), "/home/me/tock/main.c");
    assert.equal(mapPath("/build/other.c", map), "/x/other.c");
    assert.equal(mapPath("/builder/other.c", map), undefined);
  });

  it("takes Windows paths", () => {
    assert.equal(mapPath("c:/ci/tock/main.c", { "C:\\ci\\tock": "/home/me" }), "/home/me/main.c");
    assert.equal(mapPath("c:/CI/Tock/main.c", { "C:/ci/tock/": "/home/me" }), "/home/me/main.c");
    assert.equal(mapPath("/CI/main.c", { "/ci": "/home/me" }), undefined);
  });
});

describe("sources", () => {
  const app = "/home/me/libtock-c/examples/blink/build/blink.tab";

  it("are taken as they are when they exist", async () => {
    const files = disk("/ci/main.c");
    assert.equal(await new Sources(files, app, {}).resolve("/ci/main.c"), "/ci/main.c");
  });

  it("of another computer are found below the folders that hold the app", async () => {
    const main = "/home/me/libtock-c/examples/blink/main.c";
    const tock = "/home/me/libtock-c/libtock/tock.c";
    const sources = new Sources(disk(main, tock), app, {});
    assert.equal(await sources.resolve("/ci/w/libtock-c/examples/blink/main.c"), main);
    assert.equal(await sources.resolve("/ci/w/libtock-c/libtock/tock.c"), tock);
    assert.equal(await sources.resolve("/ci/w/newlib/libc/string/memcpy.c"), undefined);
  });

  it("with a relative path are found from the app's folders", async () => {
    const main = "/home/me/libtock-c/examples/blink/main.c";
    const sources = new Sources(disk(main), app, {});
    assert.equal(await sources.resolve("main.c"), main);
    assert.equal(await sources.resolve("../../examples/blink/main.c"), main);
  });

  it("a bare name is not taken from a folder further out", async () => {
    const sources = new Sources(disk("/home/me/main.c"), app, {});
    assert.equal(await sources.resolve("/ci/elsewhere/main.c"), undefined);
  });

  it("the source map comes first", async () => {
    const sources = new Sources(disk("/ci/main.c", "/mine/main.c"), app, { "/ci": "/mine" });
    assert.equal(await sources.resolve("/ci/main.c"), "/mine/main.c");
  });

  it("a file that is missing does not hide the others of its folder", async () => {
    const main = "/home/me/libtock-c/examples/blink/main.c";
    const sources = new Sources(disk(main), app, {});
    assert.equal(await sources.resolve("/ci/libtock-c/examples/blink/generated.h"), undefined);
    assert.equal(await sources.resolve("/ci/libtock-c/examples/blink/main.c"), main);
  });

  it("a found folder serves its other files without a search, an absent one is given up", async () => {
    const folder = "/home/me/libtock-c/libtock";
    const files = disk(`${folder}/a.c`, `${folder}/b.c`);
    const sources = new Sources(files, app, {});
    await sources.resolve("/ci/w/libtock-c/libtock/a.c");
    files.looked = 0;
    assert.equal(await sources.resolve("/ci/w/libtock-c/libtock/b.c"), `${folder}/b.c`);
    assert.ok(files.looked <= 2, `${files.looked} looks`);
    for (const name of ["u.c", "v.c", "w.c"]) await sources.resolve(`/ci/newlib/${name}`);
    files.looked = 0;
    await sources.resolve("/ci/newlib/y.c");
    assert.ok(files.looked <= 2, `${files.looked} looks`);
  });

  it("the client's file is matched to the app's own unit, not to a namesake", async () => {
    const main = "/home/me/libtock-c/examples/blink/main.c";
    const other = "/home/me/libtock-c/examples/hello/main.c";
    const sources = new Sources(disk(main, other), app, {});
    const units = ["/ci/libtock-c/examples/blink/main.c", "/ci/libtock-c/libtock/tock.c"];
    assert.deepEqual(await sources.matching(main, units), [units[0]]);
    assert.deepEqual(await sources.matching(other, units), []);
  });

  it("a source that is not here is matched by its name and folder", async () => {
    const sources = new Sources(disk(), app, {});
    const units = ["/ci/blink/main.c"];
    assert.deepEqual(await sources.matching("/somewhere/blink/main.c", units), units);
    assert.deepEqual(await sources.matching("/somewhere/else/main.c", units), []);
  });

  it("of the copies elsewhere the one with the longest common end is the client's file", async () => {
    const sources = new Sources(disk(), app, {});
    const units = ["/gone/one/src/sensor.c", "/gone/two/src/sensor.c"];
    assert.deepEqual(await sources.matching("/elsewhere/two/src/sensor.c", units), [units[1]]);
  });

  it("Windows paths are the same whatever their case and slashes", async () => {
    const sources = new Sources(disk(), "C:\\tock\\build\\blink.tab", {});
    const units = ["C:/Tock/main.c", "C:/Tock/other.c"];
    assert.deepEqual(await sources.matching("c:\\tock\\MAIN.c", units), [units[0]]);
  });

  it("an app of Windows finds the sources of another computer beside it", async () => {
    const main = "c:/src/libtock-c/examples/blink/main.c";
    const files = disk(main);
    const sources = new Sources(files, "C:\\src\\libtock-c\\examples\\blink\\build\\blink.tab", {});
    assert.equal(await sources.resolve("/ci/libtock-c/examples/blink/main.c"), main);
  });

  it("a copy of the file is matched though the original is here as well", async () => {
    const original = "/home/me/libtock-c/examples/blink/main.c";
    const sources = new Sources(disk(original), "/copies/blink/blink.tab", {});
    assert.deepEqual(await sources.matching("/copies/blink/main.c", [original]), [original]);
  });

  it("a file beside the app is matched by its name alone if no other unit has it", async () => {
    const sources = new Sources(disk("/src/a/main.c"), "/my app/build/x.tab", {});
    const units = ["/src/a/main.c", "/src/b/main.c"];
    assert.deepEqual(await sources.matching("/my app/main.c", units.slice(0, 1)), [
      "/src/a/main.c",
    ]);
    assert.deepEqual(await sources.matching("/my app/main.c", units), []);
    assert.deepEqual(await sources.matching("/other/main.c", units.slice(0, 1)), []);
  });
});
