// Tests whose tool is missing are skipped by name; with REQUIRE_ALL_TESTS=1, as in CI, they fail.
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/**
 * The path of a tool: a command on the PATH, or a file if `tool` has a slash in it.
 * Call it in a test or in `before`: without the tool the test, or every test of the suite, is skipped,
 * and its title says what is missing, by `name` if that is clearer.
 */
export function requireTool(context: Mocha.Context, tool: string, name = tool): string {
  const path = findTool(tool);
  if (path !== undefined) return path;
  return refuse(context, `${name} is not installed`);
}

/** Skips the running test or suite with its reason in the title; fails where every test must run. */
export function refuse(context: Mocha.Context, reason: string): never {
  if (process.env["REQUIRE_ALL_TESTS"] === "1") {
    throw new Error(`${reason}, and REQUIRE_ALL_TESTS=1 forbids to skip`);
  }
  const runnable = context.test as Mocha.Runnable;
  const isHook = "type" in runnable && runnable.type === "hook";
  const tests = isHook ? testsBelow(runnable.parent as Mocha.Suite) : [runnable];
  for (const test of tests) test.title += ` (skipped: ${reason})`;
  return context.skip();
}

function findTool(tool: string): string | undefined {
  if (tool.includes("/")) return existsSync(tool) ? tool : undefined;
  return (process.env["PATH"] ?? "")
    .split(delimiter)
    .flatMap(folder => [join(folder, tool), join(folder, `${tool}.exe`)])
    .find(path => existsSync(path));
}

const testsBelow = (suite: Mocha.Suite): Mocha.Runnable[] => [
  ...suite.tests,
  ...suite.suites.flatMap(testsBelow),
];
