import assert from "node:assert/strict";
import {
  allApps,
  appFolder,
  findApp,
  foldersAbove,
  type Surroundings,
} from "../../extension/find-app.js";

const root = "/home/me/libtock-c";
const example = (name: string) => `${root}/examples/${name}`;

/** libtock-c's root with three built examples, one of them with two apps, and one that is not built. */
const libtock: Surroundings = {
  folders: [root],
  apps: [
    `${example("blink")}/build/blink.tab`,
    `${example("blink")}/build/cortex-m4/cortex-m4.tbf`,
    `${example("tests/alarms")}/build/alarms.tab`,
    `${example("tutorials/05_ipc/led")}/build/org.tockos.tutorials.ipc.led.tab`,
  ],
  appMakefiles: [example("blink"), example("c_hello"), example("tests/alarms")],
};

const rust: Surroundings = {
  folders: ["/r"],
  apps: [
    "/r/target/nrf52840/tab/console.tab",
    "/r/target/nrf52840/tab/blink.tab",
    "/r/target/hail/tab/blink.tab",
  ],
  appMakefiles: [],
};

describe("findApp", () => {
  it("takes the only app of a folder without asking", () => {
    const seen = { folders: ["/x"], apps: ["/x/hello.tab"], appMakefiles: [] };
    assert.deepEqual(findApp(seen), { kind: "app", path: "/x/hello.tab" });
  });

  it("takes the only app of a folder that lies on no disk", () => {
    const folder = "vscode-vfs://github/tock/blink";
    const app = `${folder}/build/blink.tab`;
    const seen = { folders: [folder], apps: [app], appMakefiles: [folder] };
    assert.deepEqual(findApp({ ...seen, activeFile: `${folder}/main.c` }), {
      kind: "app",
      path: app,
    });
  });

  it("says what to do where no folder is open", () => {
    const found = findApp({ folders: [], apps: [], appMakefiles: [] });
    assert.equal(found.kind, "nothing");
    assert.match("message" in found ? found.message : "", /^No folder is open: .*Run Example/);
  });

  it("takes a libtock-c example by its build folder, whatever file is open", () => {
    const seen = {
      folders: [example("blink")],
      apps: libtock.apps.slice(0, 2),
      appMakefiles: [example("blink")],
    };
    for (const activeFile of [undefined, `${example("blink")}/main.c`, `${root}/libtock/tock.c`]) {
      assert.deepEqual(findApp({ ...seen, activeFile }), {
        kind: "app",
        path: `${example("blink")}/build/blink.tab`,
      });
    }
  });

  it("lets the active file decide in libtock-c's root", () => {
    for (const [file, tab] of [
      ["blink/main.c", "blink/build/blink.tab"],
      ["blink/Makefile", "blink/build/blink.tab"],
      ["tests/alarms/src/deep/x.c", "tests/alarms/build/alarms.tab"],
      [
        "tutorials/05_ipc/led/main.c",
        "tutorials/05_ipc/led/build/org.tockos.tutorials.ipc.led.tab",
      ],
    ] as const) {
      assert.deepEqual(findApp({ ...libtock, activeFile: example(file) }), {
        kind: "app",
        path: example(tab),
      });
    }
  });

  it("says to run make when the active file's app is not built, though other apps are", () => {
    const found = findApp({ ...libtock, activeFile: `${example("c_hello")}/main.c` });
    assert.equal(found.kind, "unbuilt");
    assert.equal(found.kind === "unbuilt" && found.folder, example("c_hello"));
    assert.match(
      found.kind === "unbuilt" ? found.message : "",
      /c_hello is not built yet.*Run make/,
    );
  });

  it("offers every app of libtock-c's root when the active file belongs to none", () => {
    for (const activeFile of [undefined, `${root}/libtock/tock.c`, `${root}/README.md`]) {
      assert.deepEqual(findApp({ ...libtock, activeFile }), {
        kind: "choose",
        paths: [libtock.apps[0], libtock.apps[2], libtock.apps[3]],
      });
    }
  });

  it("prefers among several apps of a folder the one named like the active file, then like the folder", () => {
    const apps = ["/e/grants/grants.tab", "/e/grants/crash.tab", "/e/grants/hello.tab"];
    const seen = { folders: ["/e"], apps, appMakefiles: [] };
    assert.deepEqual(findApp({ ...seen, activeFile: "/e/grants/crash.c" }), {
      kind: "app",
      path: "/e/grants/crash.tab",
    });
    assert.deepEqual(findApp({ ...seen, activeFile: "/e/grants/util.c" }), {
      kind: "app",
      path: "/e/grants/grants.tab",
    });
    assert.equal(findApp({ ...seen, folders: ["/e/grants"] }).kind, "choose");
  });

  it("finds a libtock-rs example by its name in target/, and asks when two boards have it", () => {
    assert.deepEqual(findApp({ ...rust, activeFile: "/r/examples/console.rs" }), {
      kind: "app",
      path: "/r/target/nrf52840/tab/console.tab",
    });
    assert.deepEqual(findApp({ ...rust, activeFile: "/r/examples/blink.rs" }), {
      kind: "choose",
      paths: ["/r/target/hail/tab/blink.tab", "/r/target/nrf52840/tab/blink.tab"],
    });
  });

  it("takes an app file that is itself open", () => {
    assert.deepEqual(findApp({ ...libtock, activeFile: "/else/where.tab" }), {
      kind: "app",
      path: "/else/where.tab",
    });
  });

  it("takes a .tbf only where no .tab is", () => {
    const seen = { folders: ["/x"], appMakefiles: [] };
    assert.deepEqual(findApp({ ...seen, apps: ["/x/a.tbf"] }), { kind: "app", path: "/x/a.tbf" });
    assert.deepEqual(findApp({ ...seen, apps: ["/x/a.tbf", "/x/b.tab"] }), {
      kind: "app",
      path: "/x/b.tab",
    });
  });

  it("works for a single file without a workspace, on Windows paths too", () => {
    const seen = { folders: [], apps: ["c:/w/app/build/app.tab"], appMakefiles: [] };
    assert.deepEqual(findApp({ ...seen, activeFile: "c:/w/app/src/main.c" }), {
      kind: "app",
      path: "c:/w/app/build/app.tab",
    });
  });

  it("says what to do when there is nothing at all, and names the folder", () => {
    const found = findApp({ folders: ["/empty"], apps: [], appMakefiles: [] });
    assert.equal(found.kind, "nothing");
    assert.match(found.kind === "nothing" ? found.message : "", /\/empty holds no .tab file.*make/);
    assert.equal(findApp({ folders: [], apps: [], appMakefiles: [] }).kind, "nothing");
    const unbuilt = findApp({ folders: ["/w/app"], apps: [], appMakefiles: ["/w/app"] });
    assert.equal(unbuilt.kind, "unbuilt");
  });

  it("does not take a folder for the beginning of its neighbour's name", () => {
    const found = findApp({ folders: ["/w/app"], apps: ["/w/app2/a.tab"], appMakefiles: [] });
    assert.equal(found.kind, "nothing");
  });
});

describe("the folders of an app", () => {
  it("its own, or the one above build/ and build/ARCH/", () => {
    assert.equal(appFolder("/a/b/x.tab"), "/a/b");
    assert.equal(appFolder("/a/b/build/x.tab"), "/a/b");
    assert.equal(appFolder("/a/b/build/cortex-m4/cortex-m4.tbf"), "/a/b");
  });

  it("above a file end at its workspace folder, or at the root without one", () => {
    assert.deepEqual(foldersAbove("/a/b/c/f.c", ["/a/b"]), ["/a/b/c", "/a/b"]);
    assert.deepEqual(foldersAbove("/a/f.c", []), ["/a", "/"]);
    assert.deepEqual(foldersAbove("c:/f.c", []), ["c:"]);
    assert.deepEqual(foldersAbove("vfs://a/b/f.c", []), ["vfs://a/b", "vfs://a/"]);
    assert.deepEqual(foldersAbove("memfs:/b/f.c", []), ["memfs:/b", "memfs:/"]);
  });

  it("all together hold each app once, and no .tbf beside its .tab", () => {
    assert.deepEqual(allApps(libtock), [libtock.apps[0], libtock.apps[2], libtock.apps[3]]);
  });
});
