import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import {
  buildFor,
  buildOf,
  matchers,
  readDefinition,
  tabPlaceOf,
} from "../../../extension/tasks/builds.js";

describe("the build of an app", () => {
  const seen = { appMakefiles: ["/c", "/c/examples/blink"], rustTrees: ["/r"], board: "hail" };

  it("is make in the innermost folder of libtock-c that holds the file", () => {
    assert.deepEqual(buildFor("/c/examples/blink/src/main.c", seen), {
      folder: "/c/examples/blink",
    });
    assert.deepEqual(buildFor("/c/x.c", seen), { folder: "/c" });
    assert.equal(buildFor("/other/x.c", seen), undefined);
    assert.equal(buildFor(undefined, seen), undefined);
    const { label, words } = buildOf({ folder: "/c/examples/blink" });
    const { output } = tabPlaceOf({ folder: "/c/examples/blink" });
    assert.deepEqual([label, words, output], ["make blink", [], "/c/examples/blink/build"]);
  });

  it("is make for the board's platform of an example of libtock-rs", () => {
    const definition = buildFor("/r/examples/console.rs", seen);
    assert.deepEqual(definition, { folder: "/r", example: "console", platform: "hail" });
    const { words } = buildOf({ folder: "/r", example: "console", platform: "hail" });
    const { output, tab } = tabPlaceOf({ folder: "/r", example: "console", platform: "hail" });
    assert.deepEqual(words, ["hail", "EXAMPLE=console"]);
    assert.equal(`${output}/${tab}`, "/r/target/tbf/hail/console.tab");
    assert.equal(buildFor("/elsewhere/examples/console.rs", seen), undefined);
    assert.equal(
      buildFor("/r/examples/console.rs", { ...seen, board: "auto" })?.platform,
      "nrf52840",
    );
  });

  it("optimises little into a folder of its own, by flags behind those of libtock-c", () => {
    const { words, label } = buildOf({ folder: "/c/blink", debug: true });
    const { output } = tabPlaceOf({ folder: "/c/blink", debug: true });
    assert.ok(words.includes("CPPFLAGS_cortex-m4=-Og"));
    assert.ok(words.includes("BUILDDIR=build-debug"));
    assert.equal(output, "/c/blink/build-debug");
    assert.equal(label, "make blink (-Og)");
    const rust = buildOf({ folder: "/r", example: "console", debug: true });
    assert.deepEqual(rust.environment, { CARGO_PROFILE_RELEASE_OPT_LEVEL: "1" });
  });

  it("is cargo for a program of a package, with the platform that build scripts of libtock-rs ask for", () => {
    const bin = {
      folder: "/p",
      package: "sensor",
      bin: "sensor",
      target: "thumbv7em-none-eabi",
      platform: "hail",
    };
    assert.deepEqual(buildOf(bin), {
      label: "cargo build sensor",
      program: "cargo",
      words: [
        "build",
        "--release",
        "--package=sensor",
        "--bin=sensor",
        "--target=thumbv7em-none-eabi",
      ],
      environment: { LIBTOCK_PLATFORM: "hail" },
      folder: "/p",
    });
    const { label, words, environment } = buildOf({
      folder: "/p",
      package: "sensor",
      example: "two",
      debug: true,
    });
    assert.deepEqual(
      [label, words, environment],
      ["cargo build two (dev)", ["build", "--package=sensor", "--example=two"], {}],
    );
    assert.deepEqual(readDefinition({ type: "tock", ...bin, bin: 3 }), {
      folder: "/p",
      package: "sensor",
      target: "thumbv7em-none-eabi",
      platform: "hail",
    });
  });

  it("is read from tasks.json, Windows paths too, and from nothing else", () => {
    assert.deepEqual(readDefinition({ type: "tock", folder: "c:\\a", debug: true, x: 1 }), {
      folder: "c:/a",
      debug: true,
    });
    assert.equal(readDefinition({ type: "tock", folder: 3 }), undefined);
  });
});

describe("the problem matchers", () => {
  const { problemMatchers } = JSON.parse(readFileSync("package.json", "utf8")).contributes;
  const patternsOf = (name: string) => {
    const { pattern } = problemMatchers.find((matcher: { name: string }) => matcher.name === name);
    return [pattern].flat().map(({ regexp }: { regexp: string }) => new RegExp(regexp));
  };

  it("are those that the tasks name", () => {
    const names = problemMatchers.map(({ name }: { name: string }) => `$${name}`);
    assert.deepEqual(names.slice(-matchers.length), matchers);
    for (const name of matchers) assert.ok(names.includes(name.replace("-build", "")), name);
  });

  it("read what gcc prints", () => {
    const [line] = patternsOf("tock-gcc");
    const found = line?.exec("main.c:12:3: error: expected ';' before '}' token")?.slice(1);
    assert.deepEqual(found, ["main.c", "12", "3", "error", "expected ';' before '}' token"]);
    assert.equal(line?.exec("main.c:1: fatal error: tock.h: No such file")?.[4], "error");
    assert.equal(line?.exec("main.c: In function 'main':"), null);
  });

  it("read what the linker prints, behind its own name too", () => {
    const [line] = patternsOf("tock-ld");
    const ld = "/usr/lib/gcc/arm-none-eabi/12.2.1/../../../arm-none-eabi/bin/ld";
    for (const before of ["", `${ld}: `, "C:\\Arm\\bin\\ld.exe: "]) {
      const found = line?.exec(`${before}/apps/my app/main.c:3: undefined reference to \`foo'`);
      assert.deepEqual(
        found?.slice(1),
        ["/apps/my app/main.c", "3", "undefined reference to `foo'"],
        before,
      );
    }
    const twice =
      "b.c:1: multiple definition of `x'; build/cortex-m4/a.o:a.c:2: first defined here";
    assert.deepEqual(line?.exec(twice)?.slice(1, 3), ["b.c", "1"]);
    for (const other of [`${ld}: build/main.o: in function \`main':`, "main.c:3:5: error: x"])
      assert.equal(line?.exec(other), null);
  });

  it("read what rustc prints over two lines", () => {
    const [first, second] = patternsOf("tock-rustc");
    const message = first?.exec("error[E0425]: cannot find value `x` in this scope");
    assert.deepEqual(message?.slice(1), ["error", "E0425", "cannot find value `x` in this scope"]);
    assert.deepEqual(second?.exec("  --> examples/a.rs:9:13")?.slice(1), [
      "examples/a.rs",
      "9",
      "13",
    ]);
  });
});
