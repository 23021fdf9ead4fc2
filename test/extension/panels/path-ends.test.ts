import assert from "node:assert/strict";
import { closest, namePattern } from "../../../extension/panels/path-ends.js";

describe("the file that debug information names", () => {
  it("is the one whose folders are called alike", () => {
    const files = ["/w/examples/blink/main.c", "/w/examples/crash/main.c", "/w/libtock/main.h"];
    assert.deepEqual(closest("/build/tock/examples/crash/main.c", files), [files[1]]);
    assert.deepEqual(closest("C:\\build\\crash\\main.c", files), [files[1]]);
  });

  it("may be one of several, or none", () => {
    const files = ["/w/b/main.c", "/w/a/main.c"];
    assert.deepEqual(closest("/x/main.c", files), ["/w/a/main.c", "/w/b/main.c"]);
    assert.deepEqual(closest("/x/other.c", files), []);
    assert.deepEqual(closest("main.c", ["/w/notmain.c"]), []);
  });

  it("is searched for by its name, in which nothing stands for a pattern", () => {
    assert.equal(namePattern("/x/{a}*[b].c"), "?a???b?.c");
    assert.equal(namePattern("/"), "");
  });
});
