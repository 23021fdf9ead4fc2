import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { parseAllDocuments } from "yaml";
import { readScenarios, SCENARIO_ENDING } from "../../../adapter/scenario/read.js";

const schema = JSON.parse(readFileSync("schemas/tocktest.schema.json", "utf8"));
const validate = new Ajv({ allErrors: true, allowUnionTypes: true, strict: false }).compile(schema);

const values = (text: string): unknown[] =>
  [...(parseAllDocuments(text) as Iterable<{ toJS(): unknown }>)].map(document => document.toJS());
const suits = (text: string): boolean => values(text).every(value => validate(value));

/** The keys that the reader names when it meets another one. */
function known(text: string): string[] {
  const [mistake] = readScenarios(text, "a").mistakes;
  const [, list = ""] = /expected (?!a )(.*)\.$/.exec(mistake?.message ?? "") ?? [];
  return list.split(", ").sort();
}

describe("the JSON schema of scenario files", () => {
  const examples = readdirSync("examples", { recursive: true, encoding: "utf8" }).filter(path =>
    path.endsWith(SCENARIO_ENDING),
  );
  for (const path of examples)
    it(`suits ${path}`, () => {
      const text = readFileSync(join("examples", path), "utf8");
      for (const value of values(text)) {
        validate(value);
        assert.deepEqual(validate.errors, null);
      }
    });

  it("has the keys that the reader knows", () => {
    const { definitions: d, properties } = schema;
    const keys = (object: object) => Object.keys(object).sort();
    assert.deepEqual(known("zzz: 1"), keys(properties));
    assert.deepEqual(known("apps: {zzz: 1, path: a}"), keys(d.app.anyOf[1].properties));
    assert.deepEqual(known("steps: {zzz: 1, wait: 1}"), keys({ ...d.step.properties, led0: 0 }));
    assert.deepEqual(known("expect: {zzz: 1}"), keys({ ...properties.expect.properties, led0: 0 }));
    assert.deepEqual(
      known("expect: {syscalls: {zzz: 1, driver: 1}}"),
      keys(properties.expect.properties.syscalls.anyOf[0].properties),
    );
    assert.deepEqual(
      known("steps: {console: {zzz: 1, text: a}}"),
      keys(d.output.anyOf[1].properties),
    );
  });

  it("refuses what the reader refuses", () => {
    for (const text of [
      "borad: x",
      "steps:\n- wait: 1x",
      "steps:\n- {}",
      "steps:\n- led0: maybe",
      "steps:\n- console: {text: a, regex: b}",
      "steps:\n- wait: 1s\n  console: a",
      "expect: {no-fault: maybe}",
      "expect: {grant-bytes: 5}",
      "wires: [0]",
      "kernel-config: trace",
      "scheduler: fair",
      "fault-policy: explode",
    ]) {
      assert.equal(suits(text), false, text);
      assert.notEqual(readScenarios(text, "a").mistakes.length, 0, text);
    }
  });

  it("names the boards of the launch configuration", () => {
    const manifest = JSON.parse(readFileSync("package.json", "utf8"));
    const boards = manifest.contributes.configuration.properties["tock.board"].enum;
    assert.deepEqual(schema.properties.board.enum, boards);
  });

  it("suits what docs/scenarios.md shows, and so does the reader", () => {
    const blocks = [...readFileSync("docs/scenarios.md", "utf8").matchAll(/```yaml\n(.*?)```/gs)];
    assert.ok(blocks.length > 0);
    for (const [, text = ""] of blocks) {
      assert.equal(suits(text), true, text);
      assert.deepEqual(readScenarios(text, "grants.tocktest.yaml").mistakes, []);
    }
  });

  it("stands beside a workflow in docs/ci.md that is YAML", () => {
    const [, text = ""] = /```yaml\n(.*?)```/s.exec(readFileSync("docs/ci.md", "utf8")) ?? [];
    const [{ jobs }] = values(text) as [{ jobs: { scenarios: { steps: { run?: string }[] } } }];
    assert.ok(jobs.scenarios.steps.some(({ run }) => run?.includes("main.js test")));
  });

  it("describes every key that docs/scenarios.md lists", () => {
    const listed = [...readFileSync("docs/scenarios.md", "utf8").matchAll(/^\| (`.*?) \|/gm)]
      .flatMap(([, cell = ""]) => [...cell.matchAll(/`([a-z-]+)[`:]/g)])
      .map(([, key]) => key);
    const { properties, definitions } = schema;
    const keys = [
      ...Object.keys(properties),
      ...Object.keys(properties.expect.properties),
      ...Object.keys(definitions.step.properties).filter(key => key !== "at" && key !== "within"),
    ];
    assert.deepEqual([...new Set(listed)].sort(), [...new Set(keys)].sort());
  });
});
