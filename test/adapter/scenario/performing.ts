// Scenarios over the examples for tests, from their text to their outcome.
import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { nodeHost } from "../../../adapter/host.node.js";
import { failuresOf } from "../../../adapter/scenario/model.js";
import { type Performed, perform, type Watch } from "../../../adapter/scenario/perform.js";
import { readScenarios } from "../../../adapter/scenario/read.js";

/** Performs the only scenario of `text` as if it lay beside an example's app. */
export async function performed(example: string, text: string, watch?: Watch): Promise<Performed> {
  const file = `examples/${example}/${example.split("/").at(-1)}.tocktest.yaml`;
  const { scenarios, mistakes } = readScenarios(text, file);
  assert.deepEqual(mistakes, []);
  assert.equal(scenarios.length, 1);
  const performer = { files: nodeHost.files, pause: () => setImmediate() };
  return perform(file, scenarios[0]!, performer, watch);
}

/** `TEXT: message` of each check that failed. */
export async function failures(example: string, text: string): Promise<readonly string[]> {
  const { outcome } = await performed(example, text);
  const failed = failuresOf(outcome).map(check => `${check.text}: ${check.message}`);
  assert.equal(outcome.result, failed.length === 0 ? "passed" : "failed");
  return failed;
}
