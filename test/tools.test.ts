// Proves that a missing tool cannot pass for a test that ran: each case runs an inner mocha of its own.
import assert from "node:assert/strict";
import Mocha from "mocha";
import { requireTool } from "./tools.js";

interface Outcome {
  title: string;
  state: string;
  message?: string | undefined;
}

/** Runs one inner suite and tells how each of its tests ended. */
async function outcomes(define: (suite: Mocha.Suite) => void): Promise<Outcome[]> {
  const mocha = new Mocha({ reporter: class {} as unknown as Mocha.ReporterConstructor });
  define(Mocha.Suite.create(mocha.suite, "inner"));
  const result: Outcome[] = [];
  await new Promise<void>(resolve => {
    mocha
      .run(() => resolve())
      .on("pass", test => result.push({ title: test.title, state: "passed" }))
      .on("pending", test => result.push({ title: test.title, state: "skipped" }))
      .on("fail", (test, error: Error) =>
        result.push({ title: test.title, state: "failed", message: error.message }),
      );
  });
  return result;
}

const oneTest = (tool: string, name?: string) => (suite: Mocha.Suite) => {
  suite.addTest(
    new Mocha.Test("uses a tool", function (this: Mocha.Context) {
      requireTool(this, tool, name);
    }),
  );
};

const suiteWithHook = (tool: string) => (suite: Mocha.Suite) => {
  suite.beforeAll(function () {
    requireTool(this, tool);
  });
  suite.addTest(new Mocha.Test("first", () => {}));
  suite.addTest(new Mocha.Test("second", () => {}));
};

describe("requireTool", () => {
  const before = process.env["REQUIRE_ALL_TESTS"];
  const set = (value: string | undefined) => {
    if (value === undefined) delete process.env["REQUIRE_ALL_TESTS"];
    else process.env["REQUIRE_ALL_TESTS"] = value;
  };
  afterEach(() => set(before));

  it("lets a test with its tool run, whatever is required", async () => {
    for (const value of [undefined, "1"]) {
      set(value);
      assert.deepEqual(await outcomes(oneTest("node")), [
        { title: "uses a tool", state: "passed" },
      ]);
    }
  });

  it("skips a test without its tool and names the tool", async () => {
    set(undefined);
    assert.deepEqual(await outcomes(oneTest("no-such-tool")), [
      { title: "uses a tool (skipped: no-such-tool is not installed)", state: "skipped" },
    ]);
    assert.deepEqual(await outcomes(oneTest("./no/such/file", "Emacs")), [
      { title: "uses a tool (skipped: Emacs is not installed)", state: "skipped" },
    ]);
  });

  it("fails a test without its tool when REQUIRE_ALL_TESTS is 1", async () => {
    set("1");
    assert.deepEqual(await outcomes(oneTest("no-such-tool")), [
      {
        title: "uses a tool",
        state: "failed",
        message: "no-such-tool is not installed, and REQUIRE_ALL_TESTS=1 forbids to skip",
      },
    ]);
  });

  it("skips every test of a suite whose hook misses its tool, each with the reason", async () => {
    set(undefined);
    assert.deepEqual(await outcomes(suiteWithHook("./no/such/file")), [
      { title: "first (skipped: ./no/such/file is not installed)", state: "skipped" },
      { title: "second (skipped: ./no/such/file is not installed)", state: "skipped" },
    ]);
  });

  it("fails a suite whose hook misses its tool when REQUIRE_ALL_TESTS is 1", async () => {
    set("1");
    const [only, ...others] = await outcomes(suiteWithHook("./no/such/file"));
    assert.equal(only?.state, "failed");
    assert.match(only?.message ?? "", /no\/such\/file is not installed/);
    assert.deepEqual(others, []);
  });
});
