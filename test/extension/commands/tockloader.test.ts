import assert from "node:assert/strict";
import { appsIn, argumentsOf, failureOf } from "../../../extension/commands/tockloader.js";

describe("tockloader's command line", () => {
  it("has the user's own words behind the command", () => {
    const more = ["--jlink"];
    assert.deepEqual(argumentsOf({ do: "install", path: "/a b.tab" }, more), [
      "install",
      "--jlink",
      "/a b.tab",
    ]);
    assert.deepEqual(argumentsOf({ do: "sticky", app: "blink" }, more), [
      "sticky-app",
      "--jlink",
      "blink",
    ]);
    assert.deepEqual(argumentsOf({ do: "list" }, []), ["list", "--output-format", "json"]);
    assert.deepEqual(argumentsOf({ do: "erase-apps" }, more), ["erase-apps", "--jlink"]);
  });
});

describe("tockloader's output", () => {
  it("gives the apps of a list in JSON, and none of anything else", () => {
    const app = { name: "blink", enabled: true, sticky: false, size: 2048, address: 0x40000 };
    const output = `\n${JSON.stringify({ apps: [{ ...app, header: {} }, { name: null }, 7] }, null, 2)}\n`;
    assert.deepEqual(appsIn(output), [app]);
    for (const other of ["", "no JSON", "{", '{"apps": 3}', "[]"])
      assert.deepEqual(appsIn(other), []);
  });

  const failed = (errors: string, code: number | undefined) =>
    failureOf({ code, output: "", errors }, { do: "install", path: "x.tab" });

  it("ends in one sentence with the last error of the log", () => {
    assert.equal(
      failed(
        "[INFO   ] Using settings\n[ERROR  ] No serial ports found. Is the board connected?\n",
        1,
      ),
      "tockloader install failed: No serial ports found. Is the board connected?",
    );
    assert.equal(
      failed("\u001b[31m[ERROR  ] ERROR: Cannot find device\u001b[0m\n[INFO   ] bye", 1),
      "tockloader install failed: Cannot find device.",
    );
  });

  it("ends in one sentence where tockloader is missing, asks, or breaks", () => {
    assert.match(failed("", undefined) ?? "", /^tockloader was not found on the PATH\. Install it/);
    assert.match(
      failed("Traceback …\nEOFError: EOF when reading a line", 1) ?? "",
      /--port or --board/,
    );
    assert.equal(
      failed("Traceback …\nKeyError: 'x'", 1),
      "tockloader install failed: KeyError: 'x'.",
    );
    assert.equal(failed("", 3), "tockloader install failed: exit code 3.");
  });

  it("is a failure where nothing was found to do, though the program ends well", () => {
    assert.match(
      failed("[INFO   ] No matching apps found. Nothing changed.", 0) ?? "",
      /No matching/,
    );
    assert.equal(failed("[STATUS ] Installing app on the board...", 0), undefined);
  });
});
